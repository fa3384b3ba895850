"""The power fails: with every write thrown away that was not synced, no release of the strike lacks its event.

A real kiosk is traced while people badge. At the begin of every order that releases the strike, the disk a cut would
have left at that moment is rebuilt from the synced writes alone and opened as a journal.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.strike import relay_command
from hardware.virtual import VirtualReader, VirtualRelay
from kiosk.journal import Journal
from kiosk.journal_file import JOURNAL_FOLDER, JournalReader
from kiosk.snapshot import save_snapshot
from regulation.access import Outcome
from regulation.ledger import Head, check_chain
from settings import open_home
from tests.conftest import must_skip
from tests.kiosk.power_cut import Call, Disk, calls, strace_works, traced
from tests.kiosk.rig import write_settings
from tests.kiosk.scene import ALSO_ON_DUTY, OFF_DUTY, ON_DUTY, with_limits
from tests.kiosk.test_kill import KIOSK, ROOT

ON = relay_command(1, on=True)
ROUNDS = 12

# The order that must never be: written and said to be durable, but not synced.
UNSYNCED = "import os\nos.O_DSYNC = 0\n" + KIOSK


@pytest.fixture(scope="module", autouse=True)
def strace() -> None:
    if not strace_works():
        must_skip("strace is not installed, or may not trace here")


def play(folder: Path, program: str) -> list[Call]:
    """Let people badge at a traced kiosk; return its calls."""
    write_settings(folder, open_seconds=0.05)
    known = replace(with_limits(repeat_window_seconds=0), taken_at=datetime.now(UTC))
    save_snapshot(open_home(folder).kiosk_folder, known)
    log = folder / "calls"
    with (
        VirtualReader("line", folder / "in") as entry,
        VirtualReader("line", folder / "out") as exit_,
        VirtualRelay(folder / "relay") as relay,
    ):
        command = traced([sys.executable, "-c", program, str(folder)], log)
        kiosk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert kiosk.stdout is not None
        assert kiosk.stdout.readline(), "the kiosk did not start"
        for number in range(ROUNDS):
            for reader, badge in ((entry, (ON_DUTY, ALSO_ON_DUTY)[number % 2]), (exit_, OFF_DUTY)):
                before = sum(switch.on for switch in relay.switches)
                reader.swipe(badge)
                assert relay.wait_for(lambda r, n=before: sum(s.on for s in r.switches) > n, 20)  # type: ignore[misc]
        kiosk.terminate()
        kiosk.communicate(timeout=30)
    return list(calls(log))


def releases_without_their_event(folder: Path, trace: list[Call]) -> list[str]:
    """Cut the power at the begin of each release; return what would then be missing, in words."""
    relay = os.path.realpath(folder / "relay") if (folder / "relay").exists() else ""
    disk, released, missing = Disk(folder / "kiosk"), 0, []
    for call in trace:
        orders_on = call.name == "write" and call.result is None and call.texts and call.texts[0] == ON
        if orders_on and call.handle[1].startswith(("/dev/pts/", relay or "/dev/pts/")):
            released += 1
            left = folder / f"left {released}"
            disk.leave(left)
            opened = events_left(left)
            if opened < released:
                missing.append(f"release {released}: {opened} opening events would be left")
        disk.follow(call)
    assert released >= 2 * ROUNDS, "the door was released"
    return missing


def events_left(left: Path) -> int:
    """How many events that open the door a reader finds after the cut, on a chain that holds."""
    reader = JournalReader(left / JOURNAL_FOLDER)
    assert isinstance(check_chain("door", reader.links()), Head)
    return sum(Outcome(event.outcome).opens for event in reader.since(0, 10_000))


@pytest.mark.timeout(300)
def test_no_release_lacks_its_event_whenever_the_power_fails(tmp_path: Path) -> None:
    trace = play(tmp_path, KIOSK)
    assert releases_without_their_event(tmp_path, trace) == []
    with_all = max(tmp_path.glob("left *"), key=lambda path: int(path.name.split()[1]))
    journal = Journal(with_all, "main")
    journal.start()
    assert journal.fault == "", "a kiosk starts on what the cut left"
    assert journal.sequence >= 2 * ROUNDS
    journal.stop()


@pytest.mark.timeout(300)
def test_the_proof_fails_for_a_door_that_does_not_sync(tmp_path: Path) -> None:
    trace = play(tmp_path, UNSYNCED)
    assert releases_without_their_event(tmp_path, trace)
