"""The door: last byte written to the reader until the strike's byte is seen at the relay, beside the disk's own floor.

The kiosk is a process of its own, as it is at a door. The floor is a bare ``write`` + ``fdatasync`` in Python of a
record of the same size into a file made long before, as the journal's is, on the same disk. It is taken after every
swipe, in the same loop: what the machine does at that moment, it does to both.

The bare line is the same loop around a process that has nothing of ours: it waits at the reader's pty, writes a record
and calls ``fdatasync``, writes to the relay's pty. What it takes beyond the floor is the machine's (two pty hops, a
process that wakes up); what a door takes beyond the bare line is ours.

One swipe follows the other at once, as they never do at a door: what a swipe leaves to be done after it may then stand
before the next one. A pause between them is not kinder: floor and door both grow, for a processor that has slept runs
from cold caches, and the door has more to run.

The line below it adds to that process what no door of ours can do without, and nothing else: the decision on the badge,
the event's canonical body, its place in the chain, and the journal's own way of writing. No threads, no machine, no
confirmation, no screen. It is what is left to gain.

The other lines are what a door that kept its events in SQLite would wait for that alone.
"""

from __future__ import annotations

import os
import select
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import peewee

from hardware.decoders import encoder
from hardware.strike import relay_command
from hardware.virtual import RelayCommandDecoder, VirtualPort
from kiosk.journal_log import ROOM_BYTES, frame_bytes
from kiosk.snapshot import save_snapshot
from kiosk.writing import canonical_body
from regulation.access import DoorVerdict
from regulation.doorlog import Read, event_values
from regulation.ledger import GENESIS, hash_after
from regulation.limits import DEFAULT_LIMITS
from regulation.records import BadgeRecord, Direction, DutyRecord, PersonRecord, Snapshot
from regulation.roles import Role
from settings import open_home

SWIPES = 500
WARM_UP = 20
BADGES = (100, 100_000)
FORMATS = ("line", "rdm6300")
SETTLED_SECONDS = 2.0  # the journal's housekeeping after a start, and the first try to reach a centre
SEEN_WITHIN_SECONDS = 5.0

SETTINGS = """
[kiosk]
name = "bench"
[database]
url = "{url}"
[[kiosk.readers]]
name = "in"
port = "{folder}/in"
format = "{format}"
[[kiosk.readers]]
name = "out"
port = "{folder}/out"
format = "{format}"
direction = "out"
[kiosk.strike]
kind = "relay"
port = "{folder}/relay"
open_seconds = 0.05
"""
KIOSK = """
import sys
from pathlib import Path
from kiosk.process import run_kiosk
from settings import open_home
sys.exit(run_kiosk(open_home(Path(sys.argv[1])), headless=True, json_lines=True))
"""
BARE = """
import os, select, sys, serial
folder, record, order, room = sys.argv[1], bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3]), int(sys.argv[4])
ports = [serial.Serial(f"{folder}/{name}", 9600, exclusive=True) for name in ("in", "relay")]
reader, relay = (port.fd for port in ports)
file = os.open(f"{folder}/bare", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
os.write(file, bytes(room))
os.fsync(file)
print("ready", flush=True)
at, line = 0, b""
while True:
    select.select([reader], [], [])
    line += os.read(reader, 4096)
    if line.endswith(b"\\n"):
        os.pwrite(file, record, at)
        os.fdatasync(file)
        os.write(relay, order)
        at, line = at + len(record), b""
"""

RULE = """
import os, select, sys
from datetime import UTC, datetime
from pathlib import Path
import serial
from benchmarks.door_latency import BADGES, snapshot_of
from kiosk.journal_disk import SyncedFile, in_sectors
from kiosk.journal_log import frame_bytes
from kiosk.writing import canonical_body
from regulation.access import DoorKnowledge, decide_entry
from regulation.doorlog import Read, event_values
from regulation.ledger import GENESIS, hash_after
from regulation.occupancy import Occupancy
from regulation.records import Direction
folder, order, room = sys.argv[1], bytes.fromhex(sys.argv[2]), int(sys.argv[3])
ports = [serial.Serial(f"{folder}/{name}", 9600, exclusive=True) for name in ("in", "relay")]
reader, relay = (port.fd for port in ports)
Path(f"{folder}/rule").write_bytes(bytes(room))
file = SyncedFile(Path(f"{folder}/rule"))
knowledge, inside = DoorKnowledge.of(snapshot_of(BADGES[0])), Occupancy()
print("ready", flush=True)
at, number, previous, line = 0, 1, GENESIS, b""
while True:
    select.select([reader], [], [])
    line += os.read(reader, 4096)
    if line.endswith(b"\\n"):
        badge, now = line.strip().decode(), datetime.now(UTC)
        verdict = decide_entry(knowledge, inside, badge, now)
        read = Read("bench", "in", Direction.IN, badge, badge in knowledge.badges, now, (), 86_400_000)
        body = canonical_body(event_values(read, verdict, number, 1))
        own = hash_after(previous, body)
        frame = frame_bytes(number, [(own, body)])
        file.write(frame, at)
        os.write(relay, order)
        at, number, previous, line = at + in_sectors(len(frame)), number + 1, own, b""
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured line, in milliseconds, with the floor of the same loop."""

    what: str
    p50: float
    p99: float
    floor: float


def main() -> None:
    """Measure and print a small table."""
    with tempfile.TemporaryDirectory() as name, running_bare(Path(name)) as bare:
        times, floors = bare.swipes("in")
    rows = [_row("bare: pty, write + fdatasync, pty", times, floors)]
    with tempfile.TemporaryDirectory() as name, running_rule(Path(name)) as rule:
        times, floor = rule.swipes("in")
        floors += floor
    rows.append(_row("bare, with decision and chained record", times, floor))
    for format_name in FORMATS:
        for badges in BADGES:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                with running_kiosk(folder, format_name, snapshot_of(badges)) as door:
                    for side in ("in", "out") if badges == BADGES[0] else ("in",):
                        times, floor = door.swipes(side)
                        floors += floor
                        rows.append(_row(f"door, {format_name}, {side}, {badges:,} badges", times, floor))
    with tempfile.TemporaryDirectory() as name:
        for what, insert in (("SQLite insert, raw, chained hash", _raw), ("SQLite insert, ORM", _orm)):
            times, floor = _beside_floor(Path(name), insert(Path(name)))
            rows.append(_row(what, times, floor))
    size = len(_record(1, GENESIS)[2])
    _print([_row(f"floor: write + fdatasync, {size} bytes", floors, floors), *rows])


@dataclass(slots=True)
class BenchDoor:
    """A process that runs, its readers and its relay."""

    folder: Path
    readers: dict[str, VirtualPort]
    relay: VirtualPort
    encode: Callable[[str], bytes]
    repeats: bool

    def swipes(self, side: str, count: int = SWIPES) -> tuple[list[float], list[float]]:
        """Return the seconds of each swipe and of the floor after it."""
        reader = self.readers[side]
        return _beside_floor(
            self.folder, lambda number: self._swipe(reader, self.encode(badge_of(number))), count
        )

    def _swipe(self, reader: VirtualPort, frame: bytes) -> float:
        """Write one frame and wait for the ON order. A format that is confirmed is read twice; the second counts."""
        while select.select([self.relay.master], [], [], 0)[0]:
            os.read(self.relay.master, 4096)
        decoder = RelayCommandDecoder()
        if self.repeats and reader is self.readers["in"]:
            os.write(reader.master, frame)
            time.sleep(0.002)
        before = time.perf_counter()
        os.write(reader.master, frame)
        while time.perf_counter() - before < SEEN_WITHIN_SECONDS:
            select.select([self.relay.master], [], [], SEEN_WITHIN_SECONDS)
            seen = time.perf_counter()
            if any(on for _channel, on in decoder.feed(os.read(self.relay.master, 4096))):
                return seen - before
        raise TimeoutError("the strike was not released")


@contextmanager
def running_kiosk(folder: Path, format_name: str, snapshot: Snapshot, url: str = "") -> Iterator[BenchDoor]:
    """Start a kiosk in a process of its own; without ``url`` its centre is not there."""
    url = url or f"sqlite:///{folder}/nowhere.db"
    (folder / "settings.toml").write_text(SETTINGS.format(folder=folder, format=format_name, url=url))
    save_snapshot(open_home(folder).kiosk_folder, snapshot)
    with _running(folder, format_name, [sys.executable, "-c", KIOSK, str(folder)]) as door:
        yield door


@contextmanager
def running_bare(folder: Path) -> Iterator[BenchDoor]:
    """Start what has nothing of ours between the reader's pty, the disk and the relay's pty."""
    record = _record(1, GENESIS)[2]
    given = [str(folder), record.hex(), relay_command(1, on=True).hex(), str(ROOM_BYTES)]
    with _running(folder, "line", [sys.executable, "-c", BARE, *given]) as door:
        yield door


@contextmanager
def running_rule(folder: Path) -> Iterator[BenchDoor]:
    """Start what has our decision and our record between the ptys, and no door around them."""
    given = [str(folder), relay_command(1, on=True).hex(), str(ROOM_BYTES)]
    with _running(folder, "line", [sys.executable, "-c", RULE, *given]) as door:
        yield door


@contextmanager
def _running(folder: Path, format_name: str, command: Sequence[str]) -> Iterator[BenchDoor]:
    """Start ``command`` between ptys; its first line says that it is ready."""
    with (
        VirtualPort(folder / "in") as entry,
        VirtualPort(folder / "out") as exit_,
        VirtualPort(folder / "relay") as relay,
    ):
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[1]
        )
        assert process.stdout is not None
        if not process.stdout.readline():
            raise RuntimeError("it did not start")
        # Nobody reads its lines from here on; they go to a file that nobody looks at.
        drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
        time.sleep(SETTLED_SECONDS)
        try:
            repeats = format_name == "rdm6300"
            yield BenchDoor(folder, {"in": entry, "out": exit_}, relay, encoder(format_name), repeats)
        finally:
            process.terminate()
            process.wait(10)
            process.stdout.close()
            drain.wait(10)


def _beside_floor(
    folder: Path, measure: Callable[[int], float], count: int = SWIPES
) -> tuple[list[float], list[float]]:
    """Return what ``measure`` says ``count`` times, and the floor taken after each."""
    record, times, floor = _record(1, GENESIS)[2], [], []
    handle = os.open(folder / "floor", os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(handle, b"\0" * ROOM_BYTES)
    os.fsync(handle)
    for number in range(count + WARM_UP):
        times.append(measure(number))
        before = time.perf_counter()
        os.pwrite(handle, record, number * len(record))
        os.fdatasync(handle)
        floor.append(time.perf_counter() - before)
    os.close(handle)
    return times[WARM_UP:], floor[WARM_UP:]


def _raw(folder: Path) -> Callable[[int], float]:
    """One prepared INSERT of a canonical body with its chained hash; WAL, FULL."""
    database = sqlite3.connect(folder / "raw.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}").fetchall()
    database.execute("CREATE TABLE event (sequence INTEGER PRIMARY KEY, previous TEXT, hash TEXT, body TEXT)")
    previous = GENESIS

    def insert(number: int) -> float:
        nonlocal previous
        before = time.perf_counter()
        body, own, _frame = _record(number + 1, previous)
        database.execute("INSERT INTO event VALUES (?, ?, ?, ?)", (number + 1, previous, own, body.decode()))
        previous = own
        return time.perf_counter() - before

    return insert


def _orm(folder: Path) -> Callable[[int], float]:
    """The same through peewee, the centre's own ORM."""
    database = peewee.SqliteDatabase(
        folder / "orm.db", pragmas={"journal_mode": "wal", "synchronous": "full"}
    )

    class Event(peewee.Model):  # type: ignore[misc]
        sequence = peewee.IntegerField(primary_key=True)
        previous = peewee.TextField()
        hash = peewee.TextField()
        body = peewee.TextField()

        class Meta:
            database = database_proxy

    database_proxy.initialize(database)
    database.connect()
    database.create_tables([Event])
    previous = GENESIS

    def insert(number: int) -> float:
        nonlocal previous
        before = time.perf_counter()
        body, own, _frame = _record(number + 1, previous)
        Event.create(sequence=number + 1, previous=previous, hash=own, body=body.decode())
        previous = own
        return time.perf_counter() - before

    return insert


database_proxy = peewee.DatabaseProxy()


def _record(number: int, previous: str) -> tuple[bytes, str, bytes]:
    """Return an event's body, its hash, and the frame the journal would write for it."""
    read = Read("bench", "in", Direction.IN, badge_of(number), True, datetime.now(UTC), (), 86_400_000)
    verdict = DoorVerdict(
        "granted", number, None, number, evidence=(f"duty:{number}",), limits_version="12345678"
    )
    body = canonical_body(event_values(read, verdict, number, 1))
    own = hash_after(previous, body)
    return body, own, frame_bytes(number, [(own, body)])


def badge_of(number: int) -> str:
    """Return the badge of person ``number`` of the benchmark."""
    return f"{number:010X}"


def snapshot_of(badges: int) -> Snapshot:
    """Return a centre of so many badges, all of whose first holders are due soon."""
    now = datetime.now(UTC)
    starts, ends = now + timedelta(minutes=30), now + timedelta(hours=8)
    swipes = SWIPES + WARM_UP
    return Snapshot(
        "bench", "UTC", now, 1,
        people=tuple(PersonRecord(n, str(n), f"person {n}", Role.OPERATOR) for n in range(1, badges + swipes)),
        badges=tuple(BadgeRecord(badge_of(n), n + 1) for n in range(max(badges, swipes))),
        duties=tuple(DutyRecord(n, n, now.date(), "day", starts, ends) for n in range(1, swipes + 1)),
        limits={**DEFAULT_LIMITS.values, "most_people_inside": 5000},
    )  # fmt: skip


def _row(what: str, times: Sequence[float], floor: Sequence[float]) -> Row:
    cuts = statistics.quantiles(times, n=100)
    return Row(what, statistics.median(times) * 1000, cuts[98] * 1000, statistics.median(floor) * 1000)


def _print(rows: Sequence[Row]) -> None:
    print(
        f"{'door latency (last byte → strike byte)':<44}{'p50 ms':>9}{'p99 ms':>9}{'floor ms':>10}{'p50 / floor':>13}"
    )
    for row in rows:
        ratio = row.p50 / row.floor
        print(f"{row.what:<44}{row.p50:>9.3f}{row.p99:>9.3f}{row.floor:>10.3f}{ratio:>12.2f}×")


if __name__ == "__main__":
    main()
