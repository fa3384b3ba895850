"""No way out of the door's screen but an administrator's PIN: the machine, and a real kiosk on a real terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.virtual import VirtualReader, VirtualRelay
from kiosk.actions import Action, CheckPin, EndKiosk, Record
from kiosk.inputs import EntryRead, Key, NotRecorded, PinChecked, PinGiven, Tick
from kiosk.journal_file import JournalReader
from kiosk.machine import view_of
from kiosk.phases import Closing, Idle, Maintenance
from kiosk.snapshot import save_snapshot
from kiosk.states import State
from kiosk.views import ViewKind
from regulation.records import PersonStatus
from settings import open_home
from tests.kiosk.rig import WITHIN_SECONDS, write_settings
from tests.kiosk.scene import NOW, ON_DUTY, codes, seconds, unlocks
from tests.kiosk.test_app import screen, seen
from tests.kiosk.test_approval import ADMIN, APPROVING, DURESS_PIN, LEADER, PIN, fed

ROOT = Path(__file__).parents[2]


def asked(number: str = ADMIN, pin: str = PIN) -> tuple[State, CheckPin]:
    state, actions = fed(State(), Key("maintenance"), PinGiven(pin, number))
    (check,) = [act for act in actions if isinstance(act, CheckPin)]
    return state, check


def answered(state: State, check: CheckPin, result: str) -> tuple[State, tuple[Action, ...]]:
    return fed(state, PinChecked(check.asked_at, check.read, check.person_id, result))  # type: ignore[arg-type]


def test_the_right_pin_of_an_administrator_is_recorded_and_then_ends_the_kiosk() -> None:
    state, check = asked()
    assert check.person_id == 301
    state, actions = answered(state, check, "right")
    assert codes(actions) == ["note.maintenance"]
    kinds = [type(action) for action in actions]
    assert kinds.index(Record) < kinds.index(EndKiosk)
    assert isinstance(state.phase, Closing)
    assert isinstance(fed(state, Tick(), now=NOW + seconds(5))[0].phase, Idle), (
        "a screen that stays is a door"
    )


@pytest.mark.parametrize("number", [LEADER, ON_DUTY, "9999", ""])
def test_nobody_elses_pin_is_even_looked_at(number: str) -> None:
    state, check = asked(number)
    assert check.person_id is None
    state, actions = answered(state, check, "wrong")
    assert codes(actions) == ["refused.wrong_pin"]
    assert view_of(state).tone == "red"


def test_a_suspended_administrator_closes_nothing() -> None:
    people = tuple(
        replace(p, status=PersonStatus.SUSPENDED) if p.work_number == ADMIN else p for p in APPROVING.people
    )
    _state, actions = fed(
        State(), Key("maintenance"), PinGiven(PIN, ADMIN), snapshot=replace(APPROVING, people=people)
    )
    assert [act.person_id for act in actions if isinstance(act, CheckPin)] == [None]


def test_an_administrators_badge_stands_for_the_work_number_and_anyone_elses_is_an_entry() -> None:
    state, _actions = fed(State(), Key("maintenance"))
    entered, actions = fed(state, EntryRead("in", ON_DUTY))
    assert unlocks(actions)
    assert isinstance(entered.phase, Maintenance)
    state, actions = fed(state, EntryRead("in", ADMIN))
    assert not unlocks(actions)
    assert not codes(actions)
    _state, actions = fed(state, PinGiven(PIN))
    assert [act.person_id for act in actions if isinstance(act, CheckPin)] == [301]


def test_wrong_pins_add_up_with_those_of_leaders_and_the_door_rests() -> None:
    state = State()
    for _try in range(3):
        state, actions = fed(state, Key("maintenance"), PinGiven("0", ADMIN))
        (check,) = [act for act in actions if isinstance(act, CheckPin)]
        state, actions = answered(state, check, "wrong")
    assert codes(actions) == ["refused.wrong_pin", "alarm.locked_out"]
    state, _actions = fed(state, Key("maintenance"), now=NOW + seconds(59))
    assert isinstance(state.phase, Idle)
    state, _actions = fed(state, Key("maintenance"), now=NOW + seconds(61))
    assert isinstance(state.phase, Maintenance)


def test_a_kiosk_that_cannot_record_its_end_stays() -> None:
    state, actions = answered(*asked(), "right")
    (record,) = [act for act in actions if isinstance(act, Record)]
    state, actions = fed(state, NotRecorded(tuple(read for read, _verdict in record.entries)))
    assert isinstance(state.phase, Idle)
    assert view_of(state).code == "refused.cannot_be_recorded"


def test_under_threat_the_kiosk_ends_as_ever_and_calls_for_help() -> None:
    state, check = asked(pin=DURESS_PIN)
    right, forced = answered(state, check, "right"), answered(state, check, "duress")
    assert view_of(right[0]) == view_of(forced[0])
    assert codes(forced[1]) == ["note.maintenance", "alarm.duress"]


async def test_the_screen_asks_for_number_and_pin_masked_and_ends_with_0(tmp_path: Path) -> None:
    async with screen(tmp_path, APPROVING) as (rig, app, pilot):
        await pilot.press("ctrl+q")
        await seen(pilot, lambda: app.focused is not None and app.focused.id == "field-number")
        await pilot.press(*ADMIN, "enter", *"0000")
        assert "0000" not in app.export_screenshot()
        await pilot.press("enter")
        await seen(pilot, lambda: app.screen.has_class("tone-red"))
        rig.clock.advance(6)
        await seen(pilot, lambda: app.screen.has_class("kind-idle"))
        await pilot.press("ctrl+q")
        await seen(pilot, lambda: app.focused is not None and app.focused.id == "field-number")
        await pilot.press(*ADMIN, "enter", *PIN, "enter")
        await seen(pilot, lambda: app.return_code == 0)
        assert rig.codes == ["refused.wrong_pin", "note.maintenance"]
        assert view_of(rig.kiosk.door.state).kind is ViewKind.VERDICT


# --- a real kiosk on a real terminal ------------------------------------------------------------------------

RUN = (
    "import sys; from pathlib import Path; from kiosk.process import run_kiosk; from settings import open_home;"
    "from datetime import datetime; from tests.kiosk.rig import Clock;"
    "sys.exit(run_kiosk(open_home(Path(sys.argv[1])), headless=False, clock=Clock()))"
)

# What ends, stops, opens, copies or photographs something in other terminal programs.
TRICKS = {
    "interrupt": b"\x03", "suspend": b"\x1a", "quit": b"\x1c", "end of file": b"\x04", "stop output": b"\x13",
    "palette": b"\x10", "paste": b"\x16", "cut": b"\x18", "open": b"\x0f", "escape": b"\x1b",
    "F1": b"\x1bOP", "F12": b"\x1b[24~", "alt+x": b"\x1bx", "ctrl+alt+del": b"\x1b[3;7~",
    "mouse drag": b"\x1b[<0;5;5M\x1b[<32;30;9M\x1b[<0;30;9m", "right click": b"\x1b[<2;9;9M\x1b[<2;9;9m",
    "bracketed paste": b"\x1b[200~:q!\nexit\n\x03\x1b[201~", "noise": bytes(range(0x80, 0x100)),
    "unfinished sequence": b"\x1b[1;",
}  # fmt: skip


class Terminal:
    """A kiosk on a terminal of its own."""

    def __init__(self, folder: Path, columns: int = 100, rows: int = 30, stderr: Path | None = None) -> None:
        self.child, self._master = pty.fork()
        if self.child == 0:
            os.chdir(ROOT)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            if stderr is not None:
                os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT, 0o600), 2)
            environment = {**os.environ, "TERM": "xterm-256color", "LANG": "en_US.UTF-8"}
            os.execve(sys.executable, [sys.executable, "-c", RUN, str(folder)], environment)
        self.resize(columns, rows)
        self.painted = b""

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def see(self, words: str) -> None:
        """Wait until ``words`` have been painted since the last look."""
        deadline = time.monotonic() + WITHIN_SECONDS
        while words.encode() not in self.painted:
            assert time.monotonic() < deadline, f"{words!r} was not painted: {self.painted[-400:]!r}"
            self._read(0.1)
        self.painted = b""

    def ended(self) -> int:
        """Wait for the process and return its exit code."""
        deadline = time.monotonic() + WITHIN_SECONDS
        while time.monotonic() < deadline:
            self._read(0.05)
            pid, status = os.waitpid(self.child, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"it did not end: {self.painted[-400:]!r}")

    def _read(self, seconds: float) -> None:
        if select.select([self._master], [], [], seconds)[0]:
            try:
                self.painted += os.read(self._master, 65536)
            except OSError:  # the other end is gone
                return

    def close(self) -> None:
        """End the kiosk if it still runs."""
        try:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        except (ProcessLookupError, ChildProcessError):
            os.close(self._master)
            return
        os.close(self._master)


@contextmanager
def kiosk_on_a_terminal(
    folder: Path, stderr: Path | None = None
) -> Iterator[tuple[Terminal, VirtualReader, VirtualRelay]]:
    write_settings(folder)
    save_snapshot(open_home(folder).kiosk_folder, APPROVING)
    with (
        VirtualReader("line", folder / "in") as entry,
        VirtualReader("line", folder / "out"),
        VirtualRelay(folder / "relay") as relay,
    ):
        terminal = Terminal(folder, stderr=stderr)
        try:
            terminal.see("Please badge")
            yield terminal, entry, relay
        finally:
            terminal.close()


def test_no_key_leaves_the_screen_and_the_door_goes_on(tmp_path: Path) -> None:
    with kiosk_on_a_terminal(tmp_path) as (terminal, entry, relay):
        for keys in TRICKS.values():
            terminal.type(keys)
            terminal.type(b"\x1b")
        for size in ((1, 1), (3, 2), (20, 5), (200, 60), (80, 24)):
            terminal.resize(*size)
        assert os.waitpid(terminal.child, os.WNOHANG) == (0, 0), "it runs, and was not stopped"
        stopped = os.waitpid(terminal.child, os.WNOHANG | os.WUNTRACED)
        assert stopped == (0, 0)
        entry.swipe(ON_DUTY)
        assert relay.wait_for(lambda r: any(s.on for s in r.switches), WITHIN_SECONDS), "the door opens"
        terminal.see("Please enter")


def test_an_administrator_leaves_the_screen_the_strike_is_locked_and_it_is_recorded(tmp_path: Path) -> None:
    with kiosk_on_a_terminal(tmp_path) as (terminal, entry, relay):
        entry.swipe(ON_DUTY)
        assert relay.wait_for(lambda r: any(s.on for s in r.switches), WITHIN_SECONDS)
        terminal.see("Please badge")  # the verdict is over
        terminal.type(b"\x11")
        terminal.see("Work number")
        entry.swipe(ADMIN)
        terminal.see("give your PIN")
        terminal.type(PIN.encode())
        terminal.see("•" * len(PIN))
        terminal.type(b"\r")
        assert terminal.ended() == 0
        assert PIN.encode() not in terminal.painted
        assert not relay.is_on()
    reader = JournalReader(tmp_path / "kiosk" / "journal")
    assert [event.code for event in reader.since(0, 10)][-1] == "note.maintenance"
    reader.close()


def test_the_screen_is_drawn_on_the_terminal_also_where_errors_go_to_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with kiosk_on_a_terminal(tmp_path, log) as (terminal, entry, _relay):
        entry.swipe(ON_DUTY)
        terminal.see("Please enter")
    assert b"\x1b" not in log.read_bytes()
