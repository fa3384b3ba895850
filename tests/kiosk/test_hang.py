"""A kiosk that hangs in mid-pulse: the strike locks by its own timer, the watchdog starts the door again, all is kept."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hardware.virtual import VirtualReader, VirtualRelay
from hardware.virtual_modbus import VirtualModbusRelay
from tests.kiosk.manager import Supervisor
from tests.kiosk.rig import SETTINGS, until
from tests.kiosk.test_kill import KIOSK, ROOT

# Long enough that the test finds itself still in it, however late it hears of the unlocking.
PULSE_SECONDS = 1.5
# The kiosk gives a sign of life in each third of it, so that a hang is killed two thirds after it at the earliest.
LIMIT_SECONDS = 4.5
TOLERANCE_SECONDS = LIMIT_SECONDS * 2 / 3 - PULSE_SECONDS


@contextmanager
def supervised(folder: Path, strike: str) -> Iterator[Supervisor]:
    text = SETTINGS.format(folder=folder, format="line", open_seconds=PULSE_SECONDS)
    (folder / "settings.toml").write_text(text.replace('kind = "relay"', f'kind = "{strike}"'))
    supervisor = Supervisor(folder, [sys.executable, "-c", KIOSK, str(folder)], LIMIT_SECONDS, ROOT)
    try:
        assert supervisor.notify.wait_for("READY=1", 30)
        yield supervisor
    finally:
        supervisor.stop()


def events(supervisor: Supervisor) -> list[tuple[str, int]]:
    """What the kiosk printed: the last durable event at each start, and each event."""
    lines = [json.loads(line) for line in supervisor.said.read_text().splitlines()]
    return [(line["event"], line["sequence"]) for line in lines]


def has_its_parts(supervisor: Supervisor) -> bool:
    """Whether the kiosk's last word of its parts finds fault with neither readers nor strike: a swipe is heard then."""
    said = [line for line in supervisor.notify.lines if line.startswith("STATUS=")]
    return bool(said) and not any(part in said[-1] for part in ("reader", "strike"))


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def hang_in_mid_pulse(supervisor: Supervisor, way_out: VirtualReader, board: VirtualRelay) -> int:
    until(lambda: any(event[0] == "ready" for event in events(supervisor)), "the first line")
    until(lambda: has_its_parts(supervisor), "the opening of its ports")
    way_out.swipe("1017")
    assert board.wait_for(lambda b: b.is_on(), 10)
    os.kill(supervisor.pid, signal.SIGSTOP)
    until(lambda: is_stopped(supervisor.pid), "the hang")
    return supervisor.pid


def test_a_kiosk_hung_in_mid_pulse_leaves_the_door_locked_and_is_started_again_with_nothing_lost(
    tmp_path: Path,
) -> None:
    with (
        VirtualReader("line", tmp_path / "in"),
        VirtualReader("line", tmp_path / "out") as way_out,
        VirtualModbusRelay(tmp_path / "relay") as board,
        supervised(tmp_path, "modbus") as supervisor,
    ):
        hung = hang_in_mid_pulse(supervisor, way_out, board)
        on = board.switches[-1]
        assert board.wait_for(lambda b: not b.is_on(), 10)
        assert is_stopped(hung), "nobody told the board to lock: the kiosk still hangs"
        off = board.switches[-1]
        assert PULSE_SECONDS <= off.at_monotonic - on.at_monotonic < PULSE_SECONDS + TOLERANCE_SECONDS

        until(lambda: supervisor.starts == 2, "the start after the kill")
        assert supervisor.kills[0] > off.at_monotonic
        assert supervisor.notify.wait_for("READY=1", 30)
        until(lambda: has_its_parts(supervisor), "the opening of its ports")
        way_out.swipe("1021")
        assert board.wait_for(lambda b: b.is_on(), 10)
        assert supervisor.notify.wait_for("WATCHDOG=1")
        until(lambda: ("door", 2) in events(supervisor), "the second event")
        assert supervisor.starts == 2, "a door that answers is left alone"
    starts = [event for event in events(supervisor) if event[0] == "ready"]
    assert starts == [("ready", 0), ("ready", 1)], "the first event was kept, whether or not it was printed"


def test_a_board_without_a_timer_stays_unlocked_while_the_kiosk_hangs_and_is_locked_by_its_next_start(
    tmp_path: Path,
) -> None:
    """What ``docs/hardware.md`` says of LCUS boards: there the watchdog, not the strike, bounds the time."""
    with (
        VirtualReader("line", tmp_path / "in"),
        VirtualReader("line", tmp_path / "out") as way_out,
        VirtualRelay(tmp_path / "relay") as board,
        supervised(tmp_path, "relay") as supervisor,
    ):
        hang_in_mid_pulse(supervisor, way_out, board)
        assert not board.wait_for(lambda b: not b.is_on(), PULSE_SECONDS + TOLERANCE_SECONDS)
        assert board.wait_for(lambda b: not b.is_on(), 30)
        assert supervisor.starts == 2
