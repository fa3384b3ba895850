"""The journal: durable on return, chained, recovered after a kill, honest when the disk fails."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import journal as kept
from kiosk import journal_log
from kiosk.journal import CHECKPOINT_EVERY_EVENTS, Journal
from kiosk.journal_check import journal_end
from kiosk.journal_file import JOURNAL_FOLDER, JournalError, JournalReader, WriterLock, load_marks
from kiosk.journal_log import frame_at, frame_bytes
from kiosk.writing import Entry, Writing, canonical_body
from regulation.access import DoorVerdict
from regulation.doorlog import DoorEventRecord, Read, event_fields, event_values, record_event
from regulation.findings import Finding
from regulation.ledger import GENESIS, Break, Head, canonical
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


def head_of(home: Path) -> Head | Break | None:
    return journal_end(home, "door", ())


def submit(
    journal: Journal, one: Entry, on_end: Callable[[Writing], None] = lambda _writing: None
) -> Writing:
    writing = Writing((one,), 7, on_end)
    journal.submit(writing)
    return writing


def events_of(home: Path, after: int = 0) -> tuple[DoorEventRecord, ...]:
    return JournalReader(home / JOURNAL_FOLDER).since(after, 1_000_000)


def first_segment(home: Path) -> Path:
    return min((home / JOURNAL_FOLDER).glob("*.log"))


def changed(file: Path, old: bytes, new: bytes, occurrence: int) -> None:
    """Put ``new`` in the place of the ``occurrence``-th ``old``, of the same length."""
    data, at = file.read_bytes(), -1
    for _time in range(occurrence):
        at = data.index(old, at + 1)
    file.write_bytes(data[:at] + new + data[at + len(new) :])


@contextmanager
def hanging_disk() -> Iterator[None]:
    """The disk answers no write of the journal until the end; then all of them succeed."""
    answers, real = threading.Event(), os.pwritev

    def hang(handle: int, buffers: Sequence[memoryview], at: int) -> int:
        answers.wait()
        return real(handle, buffers, at)

    os.pwritev = hang  # type: ignore[assignment]
    try:
        yield
    finally:
        os.pwritev = real
        answers.set()


@contextmanager
def disk_full() -> Iterator[None]:
    """No file of this process may be written: what the journal writes is refused by the kernel."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_append_returned_is_read_back_and_the_chain_holds(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        events = [journal.append([entry(n)], 7)[0] for n in range(20)]
        reader = JournalReader(journal.folder)
        assert reader.since(0, 100) == tuple(events)
        assert reader.since(18, 100) == tuple(events[18:])
        assert [event.sequence for event in reader.since(3, 2)] == [4, 5]
        assert reader.since(5, 100) == tuple(events[5:]), "it goes on where it was"
        assert reader.since(20, 100) == ()
        events.append(journal.append([entry(20)], 7)[0])
        assert reader.since(20, 100) == (events[-1],)
        assert head_of(tmp_path) == Head("journal:door", 21, events[-1].hash)


def test_several_entries_are_one_transaction(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        first, second = journal.append(
            [entry(0, "granted.escort"), (entry()[0], DoorVerdict("granted.visitor", None, 1))], 7
        )
        assert (first.sequence, second.sequence) == (1, 2)
        assert second.previous == first.hash


def test_what_was_written_is_never_written_again(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        for count in range(3):
            journal.append([entry(count)], 7)
        before = first_segment(tmp_path).read_bytes().rstrip(b"\0")
        for count in range(50):
            journal.append([entry(count)], 7)
    assert first_segment(tmp_path).read_bytes().startswith(before)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_changed_byte_breaks_the_chain_at_its_place(tmp_path: Path, restarted: bool) -> None:
    with running(tmp_path) as journal:
        for count in range(5):
            journal.append([entry(count)], 7)
    changed(first_segment(tmp_path), b'"granted"', b'"refused"', 5)  # code and outcome of an event: two each
    found = head_of(tmp_path)
    assert isinstance(found, Break)
    assert found.sequence == 3
    if restarted:
        before = first_segment(tmp_path).read_bytes()
        with running(tmp_path) as again, pytest.raises(JournalError, match="damaged"):
            again.append([entry(9)], 7)
        assert first_segment(tmp_path).read_bytes() == before, "evidence is not written over"


def test_a_changed_last_event_is_not_taken_for_a_torn_one(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        for count in range(5):
            journal.append([entry(count)], 7)
    changed(first_segment(tmp_path), b'"granted"', b'"refused"', 9)
    found = head_of(tmp_path)
    assert isinstance(found, Break)
    assert found.sequence == 5
    with running(tmp_path) as again:
        assert "damaged" in again.fault


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
    assert load_marks(tmp_path / JOURNAL_FOLDER).checkpoint == CHECKPOINT_EVERY_EVENTS + 1
    again = Journal(tmp_path, "main")
    assert set(again.start().people) == {17}
    assert again.append([leaving(999)], 7)[0].sequence == CHECKPOINT_EVERY_EVENTS + 2
    again.stop()
    assert isinstance(head_of(tmp_path), Head)


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
        found = head_of(tmp_path)
        assert isinstance(found, Head)
        assert found.sequence >= reported


@pytest.mark.parametrize("kept_sectors", [0, 1, 2])
def test_a_torn_write_is_cut_off_and_the_chain_goes_on(tmp_path: Path, kept_sectors: int) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        journal.append([entry(1), entry(2), entry(3)], 7)
        file = first_segment(tmp_path)
        whole = file.read_bytes().rstrip(b"\0")
    second = whole.index(b"+0003 ")
    torn = whole[: second + kept_sectors * 512]
    file.write_bytes(torn + b"\0" * 4096)
    head = head_of(tmp_path)
    assert isinstance(head, Head)
    assert head.sequence == 1, "a transaction counts as a whole or not at all"
    with running(tmp_path) as again:
        assert again.fault == ""
        assert again.append([entry(1)], 7)[0].sequence == 2
    assert isinstance(head_of(tmp_path), Head)


def test_noise_behind_the_end_is_cut_off(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
    file = first_segment(tmp_path)
    file.write_bytes(file.read_bytes().rstrip(b"\0").ljust(1024, b"\0") + b"\x37" * 100)
    with running(tmp_path) as again:
        assert again.append([entry(1)], 7)[0].sequence == 2
    assert isinstance(head_of(tmp_path), Head)


@pytest.mark.parametrize("at", range(0, 500, 7))
def test_a_frame_with_any_byte_changed_is_not_whole(at: int) -> None:
    data = frame_bytes(1, [("a" * 64, b'{"kiosk":"main","note":"' + b"x" * 500 + b'"}')])
    broken = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    frame = frame_at(broken, 0)
    assert frame is None or not frame.whole
    whole = frame_at(data, 0)
    assert whole is not None
    assert whole.whole


@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3),
)
def test_the_stored_form_is_the_canonical_form(reason: str, badge: str, details: dict[str, str]) -> None:
    read = Read("main", "in", Direction.IN, badge, True, NOW + seconds(0.25), ("clock_suspect",), 77)
    found = Finding("entry_refused", NOW, 17, None, ("duty:1",), "v", details)
    verdict = DoorVerdict(
        "granted", 17, reason=reason, findings=(found,), evidence=("duty:17",), limits_version="v"
    )
    event = record_event(read, verdict, 5, GENESIS, 7)
    assert canonical_body(event_values(read, verdict, 5, 7)) == canonical(event_fields(event))


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
    assert isinstance(head_of(tmp_path), Head)
    stored = [(event.direction, event.at) for event in events_of(tmp_path)]
    assert ("out", NOW + seconds(2)) in stored, "an exit that was released is recorded when space returns"
    assert ("in", NOW + seconds(1)) not in stored, "an entry that was refused is not"


def test_an_entry_given_up_before_it_was_written_leaves_no_trace(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        ended: list[str] = []
        with hanging_disk():
            first = submit(journal, entry(1), lambda writing: ended.append(writing.state))
            second = submit(journal, entry(2), lambda writing: ended.append(writing.state))
            assert journal.abandon(second)
        until(lambda: first.state == "done")
        assert journal.append([entry(3)], 7)[0].sequence == 3
        assert ended == ["done"]


def test_an_entry_given_up_while_it_is_written_is_withdrawn_by_a_record_of_its_own(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        journal.append([leaving(1)], 7)
        with hanging_disk():
            writing = submit(journal, entry(2))
            until(lambda: writing.state == "writing")
            assert journal.abandon(writing)
        until(lambda: journal.sequence == 4)
        late, withdrawal = events_of(tmp_path, after=2)
        assert (late.code, withdrawal.code) == ("granted", "refused.cannot_be_recorded")
        assert withdrawal.evidence == ("door:main-3",)
    again = Journal(tmp_path, "main")
    assert again.start() == Occupancy(), "nobody is inside, nobody has arrived"
    again.stop()


def test_two_threads_write_one_chain(tmp_path: Path) -> None:
    with running(tmp_path) as journal:

        def write_here(first: int) -> None:
            for count in range(first, first + 100):
                journal.write(Writing((entry(count),), 7, lambda _writing: None))

        here = [threading.Thread(target=write_here, args=(first,)) for first in (0, 1000)]
        for thread in here:
            thread.start()
        for count in range(100):
            journal.append([leaving(count)], 7)
        for thread in here:
            thread.join()
    head = head_of(tmp_path)
    assert isinstance(head, Head)
    assert head.sequence == 300


def test_a_write_the_disk_refused_is_cut_off_even_if_its_bytes_are_there(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        journal.append([entry()], 7)
        real = os.pwritev

        def written_but_not_durable(handle: int, buffers: Sequence[memoryview], at: int) -> int:
            os.pwritev = real
            real(handle, buffers, at)
            raise OSError(5, "Input/output error")

        os.pwritev = written_but_not_durable  # type: ignore[assignment]
        with pytest.raises(JournalError, match="disk reports an error"):
            journal.append([entry(1)], 7)
        assert journal.append([entry(2)], 7)[0].sequence == 2
    assert [event.at for event in events_of(tmp_path)] == [NOW, NOW + seconds(2)]
    assert isinstance(head_of(tmp_path), Head)


def test_a_damaged_file_is_a_fault_in_words(tmp_path: Path) -> None:
    (tmp_path / JOURNAL_FOLDER).mkdir()
    log = tmp_path / JOURNAL_FOLDER / f"{1:012d}.log"
    log.write_bytes(b"this is not a journal, whatever its name says" * 100)
    journal = Journal(tmp_path, "main")
    journal.start()
    assert journal.fault
    with pytest.raises(JournalError, match="damaged"):
        journal.append([(entry()[0], DoorVerdict("granted.visitor", None, 1))], 7)
    journal.stop()
    assert log.read_bytes().startswith(b"this is not")


def test_a_segment_that_is_missing_is_noticed(small_segments: None, tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        for count in range(60):
            journal.append([entry(count)], 7)
    files = sorted((tmp_path / JOURNAL_FOLDER).glob("*.log"))
    assert len(files) > 3
    files[1].unlink()
    found = head_of(tmp_path)
    assert isinstance(found, Break)
    with running(tmp_path) as again:
        assert "damaged" in again.fault


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_log, "SEGMENT_BYTES", 8 * 1024)


def test_a_long_journal_is_many_segments_and_one_chain(small_segments: None, tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        events = [journal.append([entry(count)], 7)[0] for count in range(100)]
    assert len(list((tmp_path / JOURNAL_FOLDER).glob("*.log"))) > 5
    reader = JournalReader(tmp_path / JOURNAL_FOLDER)
    assert reader.since(0, 1000) == tuple(events)
    assert reader.since(50, 10) == tuple(events[50:60])
    assert reader.since(60, 1000) == tuple(events[60:])
    with running(tmp_path) as again:
        assert again.append([entry(100)], 7)[0].previous == events[-1].hash
    assert isinstance(head_of(tmp_path), Head)


def test_what_the_centre_has_had_for_long_is_dropped_and_the_chain_keeps_its_anchor(
    small_segments: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT_EVENTS", 30)
    half_a_year = 181 * 86_400
    with running(tmp_path) as journal:
        early = [journal.append([entry(count)], 7)[0] for count in range(300)]
        journal.append([entry(half_a_year)], 7)
        journal.acknowledge(200)
        until(
            lambda: JournalReader(journal.folder).anchor().sequence > 200 - 15
        )  # a segment holds 15 such events
        anchor = JournalReader(journal.folder).anchor()
        assert anchor.sequence <= 200, "nothing the centre does not have"
        assert anchor.hash == early[anchor.sequence - 1].hash
        assert JournalReader(journal.folder).since(0, 1)[0].sequence == anchor.sequence + 1
    head = head_of(tmp_path)
    assert isinstance(head, Head)
    assert head.sequence == 301
    assert isinstance(journal_end(tmp_path, "door", (Head("door:door", 250, early[249].hash),)), Head)
    assert isinstance(journal_end(tmp_path, "door", (Head("door:door", 250, "0" * 64),)), Break)
    with running(tmp_path) as again:
        assert again.append([entry(half_a_year + 1)], 7)[0].sequence == 302


def test_young_events_stay_though_the_centre_has_them(
    small_segments: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "KEPT_EVENTS", 30)
    with running(tmp_path) as journal:
        for count in range(300):
            journal.append([entry(count)], 7)
        journal.acknowledge(300)
        until(lambda: load_marks(journal.folder).acknowledged == 300)
    assert JournalReader(tmp_path / JOURNAL_FOLDER).anchor().sequence == 0


def test_a_journal_at_its_bound_refuses_in_words_and_works_again_when_the_centre_took_its_events(
    small_segments: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_log, "JOURNAL_BYTES", 10 * 8 * 1024)
    monkeypatch.setattr(kept, "JOURNAL_BYTES", 10 * 8 * 1024)
    monkeypatch.setattr(kept, "KEPT_EVENTS", 20)
    monkeypatch.setattr(kept, "CHECKPOINT_EVERY_EVENTS", 1)
    with running(tmp_path) as journal:
        while journal.word == "ok":
            journal.append([entry(1)], 7)
        assert journal.fullness >= kept.NEARLY_FULL
        assert journal.warns
        assert "full" in journal.word
        room = range(100)
        with pytest.raises(JournalError, match="the journal is full"):
            deque((journal.append([entry(count)], 7) for count in room), maxlen=0)
        last = journal.sequence
        assert last >= 100
        journal.acknowledge(last)
        until(lambda: journal.fullness < kept.NEARLY_FULL)
        assert journal.append([entry(3)], 7)[0].sequence == last + 1
        assert journal.word == "ok"
    assert isinstance(head_of(tmp_path), Head)


def test_a_journal_from_before_the_log_is_moved_into_it_once(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "journal.db")) as old:
        old.executescript(OLD_TABLES)
        previous, events = GENESIS, []
        for count in range(10):
            read, verdict = entry(count)
            event = record_event(read, verdict, count + 1, previous, 7)
            events.append(event)
            old.execute(
                "INSERT INTO event VALUES (?, ?, ?, ?)",
                (event.sequence, previous, event.hash, canonical(event_fields(event)).decode()),
            )
            previous = event.hash
        old.execute("INSERT INTO mark VALUES ('acknowledged', 7, NULL)")
        old.commit()
    with running(tmp_path) as journal:
        assert journal.sequence == 10
        assert journal.acknowledged == 7
        journal.append([entry(10)], 7)
    assert events_of(tmp_path)[:10] == tuple(events)
    assert isinstance(head_of(tmp_path), Head)
    assert not (tmp_path / "journal.db").exists()
    assert (tmp_path / "moved-journal.db").exists()
    with running(tmp_path) as again:
        assert again.sequence == 11


OLD_TABLES = """
CREATE TABLE event (sequence INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE mark (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL, body BLOB) WITHOUT ROWID;
"""


def test_badges_nobody_knows_are_kept_hashed(tmp_path: Path) -> None:
    with running(tmp_path) as journal:
        read = Read("main", "in", Direction.IN, "SECRET77", False, NOW)
        journal.append([(read, DoorVerdict("refused.unknown_badge"))], 7)
        journal.append([(replace(read, badge=VISITOR, known=True), DoorVerdict("refused.no_visit"))], 7)
    assert b"SECRET77" not in first_segment(tmp_path).read_bytes()
