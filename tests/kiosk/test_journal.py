"""The journal: durable on return, chained, recovered after a kill, honest when the disk fails."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.journal import CHECKPOINT_EVERY_EVENTS, Entry, Journal
from kiosk.journal_file import JournalError, JournalReader, WriterLock, open_journal
from regulation.access import DoorVerdict
from regulation.doorlog import Read
from regulation.ledger import Break, Head, check_chain
from regulation.occupancy import Occupancy
from regulation.records import Direction
from tests.kiosk.scene import NOW, ON_DUTY, VISITOR, seconds

WITHIN_SECONDS = 10.0


def entry(count: int = 0, code: str = "granted", person_id: int | None = 17) -> Entry:
    return (
        Read("main", "in", Direction.IN, ON_DUTY, True, NOW + seconds(count)),
        DoorVerdict(code, person_id, limits_version="v", evidence=("duty:17",)),
    )


def leaving(count: int = 0) -> Entry:
    read, _verdict = entry(count)
    return replace(read, reader="out", direction=Direction.OUT), DoorVerdict("released", 17)


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread brings about."""
    deadline = time.monotonic() + WITHIN_SECONDS
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.005)


@contextmanager
def running(folder: Path) -> Iterator[Journal]:
    journal = Journal(folder, "main")
    journal.start()
    try:
        yield journal
    finally:
        journal.stop()


def head_of(journal: Journal | Path) -> Head | Break:
    file = journal.file if isinstance(journal, Journal) else journal
    reader = JournalReader(file)
    try:
        return check_chain("door", reader.links())
    finally:
        reader.close()


@contextmanager
def disk_full() -> Iterator[None]:
    """No file of this process may be written: what SQLite writes to its log is refused by the kernel."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_append_returned_is_read_back_and_the_chain_holds(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        events = [journal.append([entry(n)], 7)[0] for n in range(20)]
        reader = JournalReader(journal.file)
        assert reader.since(0, 100) == tuple(events)
        assert reader.since(18, 100) == tuple(events[18:])
        reader.close()
        assert head_of(journal) == Head("door", 20, events[-1].hash)


def test_several_entries_are_one_transaction(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        first, second = journal.append(
            [entry(0, "granted.escort"), (entry()[0], DoorVerdict("granted.visitor", None, 1))], 7
        )
        assert (first.sequence, second.sequence) == (1, 2)
        assert second.previous == first.hash


@pytest.mark.parametrize("statement", ["UPDATE event SET body = '{}'", "DELETE FROM event"])
def test_events_are_append_only_by_the_database_itself(tmp_path: Path, statement: str) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
    database = open_journal(tmp_path / "journal.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute(statement)
    database.close()


def test_a_changed_byte_breaks_the_chain_at_its_place(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        for count in range(5):
            journal.append([entry(count)], 7)
    database = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    database.execute("DROP TRIGGER event_is_not_changed")
    database.execute("UPDATE event SET body = replace(body, '\"granted\"', '\"refused\"') WHERE sequence = 3")
    database.close()
    found = head_of(tmp_path / "journal.db")
    assert isinstance(found, Break)
    assert found.sequence == 3


def test_who_is_inside_is_known_again_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        journal.append([(entry()[0], DoorVerdict("granted.visitor", None, 1, escort_id=17))], 7)
        journal.append([entry(1, "refused.unknown_badge", None)], 7)
    again = Journal(tmp_path, "main")
    occupancy = again.start()
    assert set(occupancy.people) == {17}
    assert occupancy.visits[1].escort_id == 17
    assert again.sequence == 3
    again.stop()


def test_a_start_replays_only_what_came_after_the_checkpoint(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        for count in range(CHECKPOINT_EVERY_EVENTS + 1):
            journal.append([entry(count) if count % 2 == 0 else leaving(count)], 7)
    marks = sqlite3.connect(tmp_path / "journal.db")
    kept = marks.execute("SELECT sequence FROM mark WHERE name = 'occupancy'").fetchone()
    marks.close()
    assert kept == (CHECKPOINT_EVERY_EVENTS + 1,)
    again = Journal(tmp_path, "main")
    assert set(again.start().people) == {17}
    assert again.append([leaving(999)], 7)[0].sequence == CHECKPOINT_EVERY_EVENTS + 2
    again.stop()
    assert isinstance(head_of(tmp_path / "journal.db"), Head)


def test_the_cursor_of_the_centre_survives_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        journal.acknowledge(1)
    with running(tmp_path) as again:
        assert again.acknowledged == 1


WRITER = """
import sys
from pathlib import Path
from kiosk.journal import Journal
from tests.kiosk.test_journal import entry
journal = Journal(Path(sys.argv[1]), "main")
journal.start()
for count in range(100000):
    print(journal.append([entry(count)], 7)[0].sequence, flush=True)
"""


def test_a_writer_killed_in_mid_write_loses_nothing_it_had_returned(tmp_path: Path) -> None:
    reported = 0
    for more in (1, 40, 7):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _number in range(more):
            reported = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest = [line for line in process.stdout.read().split("\n")[:-1] if line]
        process.wait()
        reported = int(rest[-1]) if rest else reported
        found = head_of(tmp_path / "journal.db")
        assert isinstance(found, Head)
        assert found.sequence >= reported


def test_torn_bytes_at_the_end_of_the_log_are_ignored(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        log = journal.file.with_name("journal.db-wal")
        torn = {name: (tmp_path / name).read_bytes() for name in ("journal.db", "journal.db-wal")}
        assert log.exists()
    other = tmp_path / "after the cut"
    other.mkdir()
    for name, data in torn.items():
        (other / name).write_bytes(data + b"\x37" * 100 if name.endswith("wal") else data)
    with running(other) as again:
        assert again.fault == ""
        assert again.append([entry(1)], 7)[0].sequence == 2
    assert isinstance(head_of(other / "journal.db"), Head)


def test_a_second_kiosk_in_the_same_home_is_refused_in_words(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path)
    with pytest.raises(JournalError, match="already running"):
        WriterLock(tmp_path)
    lock.release()
    WriterLock(tmp_path).release()


def test_a_full_disk_refuses_in_words_corrupts_nothing_and_recovers_by_itself(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        with disk_full():
            with pytest.raises(JournalError, match="disk"):
                journal.append([entry(1)], 7)
            with pytest.raises(JournalError):
                journal.append([leaving(2)], 7)
            assert journal.fault
        until(lambda: journal.owed == 0)
        assert journal.append([entry(3)], 7)
        assert journal.fault == ""
    assert isinstance(head_of(tmp_path / "journal.db"), Head)
    reader = JournalReader(tmp_path / "journal.db")
    stored = [(event.direction, event.at) for event in reader.since(0, 10)]
    reader.close()
    assert ("out", NOW + seconds(2)) in stored, "an exit that was released is recorded when space returns"
    assert ("in", NOW + seconds(1)) not in stored, "an entry that was refused is not"


def test_an_entry_given_up_before_it_was_written_leaves_no_trace(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        other = sqlite3.connect(journal.file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")  # another program holds the file: the journal waits behind it
        ended: list[str] = []
        first = journal.submit([entry(1)], 7, lambda writing: ended.append(writing.state))
        second = journal.submit([entry(2)], 7, lambda writing: ended.append(writing.state))
        assert journal.abandon(second)
        other.execute("COMMIT")
        other.close()
        until(lambda: first.state == "done")
        assert journal.append([entry(3)], 7)[0].sequence == 3
        assert ended == ["done"]


def test_an_entry_given_up_while_it_is_written_is_withdrawn_by_a_record_of_its_own(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        journal.append([leaving(1)], 7)
        other = sqlite3.connect(journal.file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        writing = journal.submit([entry(2)], 7, lambda _writing: None)
        until(lambda: writing.state == "writing")
        assert journal.abandon(writing)
        other.execute("COMMIT")
        other.close()
        until(lambda: journal.sequence == 4)
        reader = JournalReader(journal.file)
        late, withdrawal = reader.since(2, 10)
        reader.close()
        assert (late.code, withdrawal.code) == ("granted", "refused.cannot_be_recorded")
        assert withdrawal.evidence == ("door:main-3",)
    again = Journal(tmp_path, "main")
    assert again.start() == Occupancy(), "nobody is inside, nobody has arrived"
    again.stop()


def test_a_damaged_file_is_a_fault_in_words(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"this is not a database, whatever its name says" * 100)
    journal = Journal(tmp_path, "main")
    journal.start()
    assert journal.fault
    with pytest.raises(JournalError, match="damaged"):
        journal.append([(entry()[0], DoorVerdict("granted.visitor", None, 1))], 7)
    journal.stop()
    assert (tmp_path / "journal.db").read_bytes().startswith(b"this is not")


def test_badges_nobody_knows_are_kept_hashed(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        read = Read("main", "in", Direction.IN, "SECRET77", False, NOW)
        journal.append([(read, DoorVerdict("refused.unknown_badge"))], 7)
        journal.append([(replace(read, badge=VISITOR, known=True), DoorVerdict("refused.no_visit"))], 7)
    assert b"SECRET77" not in (tmp_path / "journal.db").read_bytes()
