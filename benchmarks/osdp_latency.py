"""OSDP: card shown to the reader until its output is on, for libosdp alone, for our bus, and for the whole kiosk.

Each panel is a process of its own and talks over a pseudo-terminal to the same kind of reader, libosdp's peripheral in
this process. Bare is libosdp's own library in a loop that does nothing but look after it and answer a card with an
order; beside it its Python wrapper as its manual shows it. Cards come at random moments between two polls, the same moments for all.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.door_latency import KIOSK, SETTLED_SECONDS, badge_of
from hardware.osdp_device import VirtualOsdpBus, VirtualOsdpReader
from hardware.osdp_keys import make_key
from kiosk.snapshot import save_snapshot
from regulation.limits import DEFAULT_LIMITS
from regulation.records import BadgeRecord, DutyRecord, PersonRecord, Snapshot
from regulation.roles import Role
from settings import open_home

SWIPES = 100
WARM_UP = 10
POLL_SECONDS = 0.06
SEEN_WITHIN_SECONDS = 5.0
LIMIT_MS = 10.0

LINE = """
import os, sys, time, osdp, osdp_sys, serial
port = serial.Serial(sys.argv[1], 9600, timeout=0)
class Line(osdp.Channel):
    def read(self, most): return port.read(most)
    def write(self, data): return port.write(data)
    def flush(self): pass
reader = osdp.PDInfo(1, Line(), bytes.fromhex(sys.argv[2]), flags=[osdp.LibFlag.EnforceSecure])
"""
BARE = """
osdp_sys.set_loglevel(0)
panel, cards = osdp_sys.ControlPanel([reader.get()]), []
panel.set_event_callback(lambda index, event: cards.append(event) or 0)
while True:
    panel.refresh()
    while cards:
        if cards.pop()["event"] == osdp.Event.CardRead:
            order = {"command": osdp.Command.Output, "output_no": 0, "control_code": 5, "timer_count": 1}
            panel.submit_command(0, order)
    time.sleep(0.0005)
"""
WRAPPER = """
panel = osdp.ControlPanel([reader], osdp.LogLevel.Emergency)
panel.start()
while True:
    event = panel.get_event(1)
    if event and event["event"] == osdp.Event.CardRead:
        order = {"command": osdp.Command.Output, "output_no": 0, "control_code": 5, "timer_count": 1}
        panel.submit_command(1, order)
"""
OURS = """
import queue, sys
from hardware.osdp_bus import OsdpBus
from hardware.osdp_post import OsdpReaderSettings
from hardware.osdp_strike import OsdpStrike
from hardware.port import FrameDecoded
events = queue.SimpleQueue()
bus = OsdpBus(sys.argv[1], [OsdpReaderSettings("in", 1)], {"in": bytes.fromhex(sys.argv[2])}, events.put)
strike = OsdpStrike(bus, "in", 0)
bus.start()
while True:
    if isinstance(events.get(), FrameDecoded):
        strike.pulse(0.1)
"""
SETTINGS = """
[kiosk]
name = "bench"
[[kiosk.readers]]
name = "in"
port = "{folder}/bus"
format = "osdp"
address = 1
[kiosk.strike]
kind = "osdp"
reader = "in"
channel = 0
open_seconds = 0.1
"""


def main() -> None:
    """Measure and print a small table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "settings.toml").write_text(SETTINGS.format(folder=folder))
        home = open_home(folder)
        key = make_key(home.osdp_key_file, "in")
        save_snapshot(home.kiosk_folder, _snapshot())
        panels = {
            "libosdp bare, looked after every 0.5 ms": [LINE + BARE, f"{folder}/bus", key.hex()],
            "libosdp's own Python wrapper": [LINE + WRAPPER, f"{folder}/bus", key.hex()],
            "our bus and strike": [OURS, f"{folder}/bus", key.hex()],
            "the whole kiosk, event on disk": [KIOSK, str(folder)],
        }
        rows = {what: measured(folder, key, arguments) for what, arguments in panels.items()}
    print(
        f"{'OSDP (card shown → output on)':<44}{'p50 ms':>9}{'p99 ms':>9}{'p50 - bare':>12}  limit +{LIMIT_MS:.0f} ms"
    )
    bare = statistics.median(next(iter(rows.values())))
    for what, times in rows.items():
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        print(f"{what:<44}{p50:>9.1f}{p99:>9.1f}{p50 - bare:>+12.1f}")


def measured(folder: Path, key: bytes, arguments: Sequence[str]) -> list[float]:
    """Return the milliseconds of each swipe at a reader whose panel is the program ``arguments``."""
    with VirtualOsdpBus(folder / "bus") as line:
        reader = line.add(1, key, inputs=0)
        panel = subprocess.Popen(
            [sys.executable, "-c", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[1],
        )
        try:
            if not reader.wait_for(lambda r: r.is_secure, 20.0):
                raise RuntimeError("the panel did not come online")
            time.sleep(SETTLED_SECONDS)
            moments = random.Random(7)
            times = [_swipe(reader, number, moments.random()) for number in range(SWIPES + WARM_UP)]
        finally:
            panel.kill()
            panel.wait(10)
    return times[WARM_UP:]


def _swipe(reader: VirtualOsdpReader, number: int, moment: float) -> float:
    threading.Event().wait(POLL_SECONDS * (1 + moment))
    before = time.monotonic()
    reader.swipe(badge_of(number))
    if not reader.wait_for(lambda r: r.is_on(0), SEEN_WITHIN_SECONDS):
        raise TimeoutError("the output did not come on")
    seen = reader.switches[-1].at_monotonic
    if not reader.wait_for(lambda r: not r.is_on(0), SEEN_WITHIN_SECONDS):
        raise TimeoutError("the output stayed on")
    return (seen - before) * 1000


def _snapshot() -> Snapshot:
    now, numbers = datetime.now(UTC), range(SWIPES + WARM_UP)
    starts, ends = now + timedelta(minutes=30), now + timedelta(hours=8)
    return Snapshot(
        "bench", "UTC", now, 1,
        people=tuple(PersonRecord(n + 1, str(n), f"person {n}", Role.OPERATOR) for n in numbers),
        badges=tuple(BadgeRecord(badge_of(n), n + 1) for n in numbers),
        duties=tuple(DutyRecord(n + 1, n + 1, now.date(), "day", starts, ends) for n in numbers),
        limits={**DEFAULT_LIMITS.values, "most_people_inside": 5000},
    )  # fmt: skip


if __name__ == "__main__":
    main()
