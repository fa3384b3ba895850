"""The door: last byte written to the reader until the strike's byte is seen at the relay, beside the disk's own floor.

The floor is a bare ``write`` + ``fdatasync`` of records of the same size, in the same run, on the same disk, in Python.
"""

from __future__ import annotations

import os
import select
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hardware.decoders import encoder
from hardware.virtual import RelayCommandDecoder, VirtualPort
from kiosk.journal import Journal
from kiosk.journal_file import JOURNAL_FILE
from kiosk.process import Kiosk
from kiosk.snapshot import save_snapshot
from regulation.limits import DEFAULT_LIMITS
from regulation.records import BadgeRecord, DutyRecord, PersonRecord, Snapshot
from regulation.roles import Role
from settings import open_home

SWIPES = 300
WARM_UP = 20
BADGES = (100, 100_000)
FORMATS = ("line", "rdm6300")
SETTLED_SECONDS = 1.5  # the journal's housekeeping after a start, and the first try to reach a centre
SEEN_WITHIN_SECONDS = 5.0

SETTINGS = """
[kiosk]
name = "bench"
[[kiosk.readers]]
name = "in"
port = "{folder}/in"
format = "{format}"
[kiosk.strike]
kind = "relay"
port = "{folder}/relay"
open_seconds = 0.05
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured line, in milliseconds."""

    what: str
    p50: float
    p99: float


def main() -> None:
    """Measure and print a small table."""
    floor, bytes_each = None, 0
    rows: list[Row] = []
    for format_name in FORMATS:
        for badges in BADGES:
            with tempfile.TemporaryDirectory() as name:
                times, bytes_each = door_times(Path(name), format_name, badges)
                floor = floor or _row(
                    f"write + fdatasync, {bytes_each} bytes", sync_times(Path(name), bytes_each)
                )
            rows.append(_row(f"door, {format_name}, {badges:,} badges", times))
    assert floor is not None
    print(f"{'door latency (last byte → strike byte)':<44}{'p50 ms':>9}{'p99 ms':>9}{'p50 / floor':>13}")
    for row in (floor, *rows):
        print(f"{row.what:<44}{row.p50:>9.3f}{row.p99:>9.3f}{row.p50 / floor.p50:>12.2f}×")


def door_times(folder: Path, format_name: str, badges: int) -> tuple[list[float], int]:
    """Return the seconds of each swipe, and how many bytes an event's record has."""
    (folder / "settings.toml").write_text(SETTINGS.format(folder=folder, format=format_name))
    home = open_home(folder)
    save_snapshot(home.kiosk_folder, _snapshot(badges))
    frame = encoder(format_name)
    with VirtualPort(folder / "in") as reader, VirtualPort(folder / "relay") as relay:
        with Kiosk(home, can_ask=False, clock=lambda: datetime.now(UTC)):
            frames = [frame(_badge(number)) for number in range(SWIPES + WARM_UP)]
            time.sleep(SETTLED_SECONDS)
            times = [_swipe(reader, relay, data) for data in frames]
        size = _record_bytes(home.kiosk_folder)
    return times[WARM_UP:], size


def sync_times(folder: Path, size: int) -> list[float]:
    """Return the seconds of each bare write and sync of ``size`` bytes."""
    record, times = b"x" * size, []
    handle = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for _number in range(SWIPES):
        before = time.perf_counter()
        os.write(handle, record)
        os.fdatasync(handle)
        times.append(time.perf_counter() - before)
    os.close(handle)
    return times


def _swipe(reader: VirtualPort, relay: VirtualPort, frame: bytes) -> float:
    """Write one frame and wait for the ON order; the next follows at once, as in the floor's loop."""
    _drain(relay)
    decoder = RelayCommandDecoder()
    before = time.perf_counter()
    os.write(reader.master, frame)
    while time.perf_counter() - before < SEEN_WITHIN_SECONDS:
        select.select([relay.master], [], [], SEEN_WITHIN_SECONDS)
        seen = time.perf_counter()
        if any(on for _channel, on in decoder.feed(os.read(relay.master, 4096))):
            return seen - before
    raise TimeoutError("the strike was not released")


def _drain(relay: VirtualPort) -> None:
    while select.select([relay.master], [], [], 0)[0]:
        os.read(relay.master, 4096)


def _record_bytes(folder: Path) -> int:
    journal = Journal(folder, "bench")
    journal.start()
    journal.stop()
    import sqlite3

    database = sqlite3.connect(folder / JOURNAL_FILE)
    size = database.execute(
        "SELECT avg(length(body) + length(hash) + length(previous)) FROM event"
    ).fetchone()
    database.close()
    return int(size[0])


def _badge(number: int) -> str:
    return f"{number:010X}"


def _snapshot(badges: int) -> Snapshot:
    now = datetime.now(UTC)
    starts, ends = now + timedelta(minutes=30), now + timedelta(hours=8)
    return Snapshot(
        "bench", "UTC", now, 1,
        people=tuple(PersonRecord(n, str(n), f"person {n}", Role.OPERATOR) for n in range(1, badges + SWIPES)),
        badges=tuple(BadgeRecord(_badge(n), n + 1) for n in range(max(badges, SWIPES + WARM_UP))),
        duties=tuple(DutyRecord(n, n, now.date(), "day", starts, ends) for n in range(1, SWIPES + WARM_UP + 1)),
        limits=dict(DEFAULT_LIMITS.values),
    )  # fmt: skip


def _row(what: str, times: Sequence[float]) -> Row:
    cuts = statistics.quantiles(times, n=100)
    return Row(what, statistics.median(times) * 1000, cuts[98] * 1000)


if __name__ == "__main__":
    main()
