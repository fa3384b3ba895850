"""The door of the demo's day: a real kiosk process on virtual devices, first with its screen, later without."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final, Self, TypeVar

from kiosk.clock import Stage
from kiosk.demo.devices import KIOSK_NAME, MACHINE_FOLDER, OPEN_SECONDS, DemoDevices
from kiosk.demo.screen import DoorScreen, without_controls
from kiosk.journal_file import JOURNAL_FOLDER, JournalReader
from kiosk.slips import Slip, SlipStore
from kiosk.snapshot import NEVER, SNAPSHOT_FILE, load_snapshot, same_but_for_time
from locales import _
from operations.boundary import SYSTEM
from operations.demo_shift import News
from operations.door import DoorFilter, door_events, door_snapshot, kiosks
from operations.kiosks import KioskRow
from operations.signin import kiosk_actor
from regulation.doorlog import DoorEventRecord, hashed_badge
from regulation.limits import DEFAULT_LIMITS
from regulation.records import Direction, Snapshot
from settings import Home, ZhibanError

Result = TypeVar("Result")

LOG_FILE: Final = "kiosk.log"

PATIENCE_SECONDS: Final = 60.0
"""How long the player waits for the kiosk, which shares a busy machine, before it gives up in words."""

KEY_PATIENCE_SECONDS: Final = 10.0
"""How long a key may take until the screen shows it; then it is pressed again."""

LOOK_SECONDS: Final = 0.004
LOOK_AGAIN_SECONDS: Final = 0.5
STOP_SECONDS: Final = 8.0
READ_EVENTS: Final = 100

ANSWERED: Final = ("granted.visitor", "refused.no_escort")
"""What ends a visitor's wait for an escort."""


class DemoError(ZhibanError):
    """The demo cannot be played."""


class DemoKiosk:
    """The running door. Implements ``operations.demo_shift.DemoDoor``; leaving its context stops the process."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stage = Stage(home.folder)
        self._actor = kiosk_actor(KIOSK_NAME)
        self._journal = JournalReader(home.kiosk_folder / JOURNAL_FOLDER)
        self.devices = DemoDevices(home)
        self.events: list[DoorEventRecord] = []
        self.kept_while_cut = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._screen: DoorScreen | None = None
        self._at = NEVER
        self._last = 0
        self._cut_at: int | None = None
        self._answer_due: datetime | None = None
        self._known: tuple[int, Snapshot] | None = None

    def __enter__(self) -> Self:
        """Plug the devices in."""
        self.devices.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._end(signal.SIGTERM)
        self._stage.release()
        self._journal.close()
        self.devices.__exit__(*error)

    def start(self, at: datetime, last_sequence: int) -> None:
        """Start the kiosk with its screen at the demo's time, and wait until it knows the centre."""
        self._last = last_sequence
        self._stand_at(at)
        (self._home.run_folder / LOG_FILE).write_bytes(b"")
        self._screen = DoorScreen(self._command(), self._home.run_folder / LOG_FILE)
        self._process = self._screen.process
        self._becomes_well(at)

    # --- what happens at the door ---------------------------------------------------------------------------

    def swipe(self, at: datetime, badge: str, direction: Direction) -> str:
        """Hold the badge to its reader; return the verdict's code once the event is durable."""
        self._stand_at(at)
        reader, seen = self.devices.reader_for(badge, direction), len(self.events)
        self.devices.swipe(reader, badge)
        names = (badge, hashed_badge(badge))
        return self._event(lambda event: event.reader == reader and event.badge in names, seen).code

    def show_badge(self, badge: str) -> None:
        """Hold a badge to the entry reader to say who one is; nothing is recorded for that."""
        self.devices.swipe(self.devices.reader_for(badge, Direction.IN), badge)

    def wait(self, at: datetime) -> None:
        """Let the door's time pass until ``at``; a visitor whose time is over is answered meanwhile."""
        self._stand_at(at)
        if self._answer_due is not None and at > self._answer_due:
            seen = len(self.events)
            self._event(lambda event: event.code in ANSWERED, seen)

    def expect(self, at: datetime, code: str) -> DoorEventRecord:
        """Let the door's time be ``at`` and return the event of ``code`` it records then, or has just recorded."""
        self._stand_at(at)
        return self._event(lambda event: event.code == code and event.at >= at, 0)

    def force_leaf(self, at: datetime) -> None:
        """Open the door without a release; return when that is recorded."""
        self._stand_at(at)
        self.devices.modem.set(cts=True)
        self.expect(at, "alarm.forced")

    def open_leaf(self, at: datetime) -> None:
        """Open the door that was just released; return when the relay board is locked again, which opening makes it."""
        self._stand_at(at)
        self.devices.modem.set(cts=True)
        self.devices.board.wait_for(lambda board: not board.is_on(), OPEN_SECONDS)

    def close_leaf(self, at: datetime) -> None:
        """Let the door fall shut."""
        self._stand_at(at)
        self.devices.modem.set(cts=False)

    def press_exit(self, at: datetime) -> None:
        """Press the button beside the door, inside."""
        self._stand_at(at)
        seen = len(self.events)
        self.devices.modem.set(dsr=True)
        self._event(lambda event: event.code == "released.button", seen)
        self.devices.modem.set(dsr=False)

    def unplug(self, reader: str) -> None:
        """Pull a reader's plug and wait until the centre has heard of it."""
        self.devices.unplug(reader)
        self._until(lambda: self._part(f"reader {reader}") != "ok")

    def replug(self, reader: str) -> None:
        """Plug the reader in again and wait until the centre has heard of it."""
        self.devices.replug(reader)
        self._until(lambda: self._part(f"reader {reader}") == "ok")

    # --- the door's screen ----------------------------------------------------------------------------------

    def press(self, keys: str, words: str) -> None:
        """Press keys at the screen until it shows ``words``; a key that came too early is pressed again."""
        screen = self._the_screen()
        for _time in range(3):
            screen.press(keys)
            with suppress(DemoError):
                self._until(lambda: screen.shows(words), KEY_PATIENCE_SECONDS)
                break
        else:
            raise self._failed()
        self._until(screen.is_quiet)

    def go_on(self, keys: str = "\r") -> None:
        """Press keys that change what has the cursor, and wait until the screen has drawn it."""
        screen = self._the_screen()
        screen.press(keys)
        self._until(screen.is_quiet)

    def shows(self, words: str) -> None:
        """Wait until the screen shows ``words``."""
        screen = self._the_screen()
        self._until(lambda: screen.shows(words))

    def approved_here(self) -> Slip:
        """Return the visit that was approved at the door last, from the door's own store."""
        slips = SlipStore(self._home.kiosk_folder).unsent()
        if not slips:
            raise self._failed()
        return slips[-1]

    # --- the door and the centre ----------------------------------------------------------------------------

    def hear(self, at: datetime, news: News) -> None:  # noqa: ARG002  it learns the news from the centre itself
        """Return when the kiosk's snapshot says what the centre says."""
        self.learn(at)

    def learn(self, at: datetime) -> None:
        """Return when the centre knows what the door knows, and the door what the centre says."""
        self.settle(at)
        self._follow(at)

    def settle(self, at: datetime) -> None:
        """Return when the centre holds every event the kiosk has recorded; at once while the door is cut off."""
        if self._cut_at is None:
            self._until(lambda: door_events(SYSTEM, at, DoorFilter(), 0, 1).total >= self._last)

    def cut_off(self, at: datetime) -> None:
        """Pull the door's cable to the centre."""
        self.learn(at)
        self.devices.cut_cable()
        self._cut_at = self._last

    def joined_again(self, at: datetime) -> None:
        """Plug the cable in again; return when both sides know everything."""
        self._look()
        self.kept_while_cut += self._last - (self._cut_at or self._last)
        self._cut_at = None
        self.devices.join_cable()
        self.learn(at)

    def killed_and_started(self, at: datetime) -> None:
        """Kill the process as a power cut would, and start it again without its screen."""
        self._end(signal.SIGKILL)
        self._stand_at(at)
        with (self._home.run_folder / LOG_FILE).open("wb") as log:
            self._process = subprocess.Popen(
                [*self._command(), "--headless"], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._becomes_well(at)

    def reported(self, at: datetime) -> None:
        """Return when the centre has heard at ``at`` that every part of the door is well."""
        self._stand_at(at)
        self.settle(at)
        self._until(lambda: self._is_well(at))

    def go_live(self) -> None:
        """Give the time back to the system: from here on the door lives in the real now."""
        self._stage.release()

    # --- looking --------------------------------------------------------------------------------------------

    def _stand_at(self, at: datetime) -> None:
        self._at = at
        self._stage.stand_at(at)

    def _becomes_well(self, at: datetime) -> None:
        """Wait until every part has been reported well after ``at``, and the door knows the centre."""
        self._until(lambda: self._is_well(at))
        self._follow(at)

    def _is_well(self, at: datetime) -> bool:
        """Whether the last report since ``at`` found every part well; on a busy machine a part may answer late once."""
        row = self._row()
        parts = row.parts if row is not None and row.seen_at >= at else {}
        return all(parts.get(name) == "ok" for name in self.devices.parts)

    def _row(self) -> KioskRow | None:
        return next((row for row in kiosks(SYSTEM, self._at) if row.kiosk == KIOSK_NAME), None)

    def _part(self, name: str) -> str:
        row = self._row()
        return row.parts.get(name, "") if row is not None else ""

    def _look(self) -> None:
        """Read what the kiosk has recorded since the last look."""
        while fresh := self._journal.since(self._last, READ_EVENTS):
            self._last = fresh[-1].sequence
            self.events += fresh
            for event in fresh:
                if event.code == "pending.escort":
                    self._answer_due = event.at + DEFAULT_LIMITS.seconds("escort_window_seconds")
                elif event.code in ANSWERED:
                    self._answer_due = None

    def _event(self, wanted: Callable[[DoorEventRecord], bool], seen: int) -> DoorEventRecord:
        """Return the first event after the ``seen`` ones that is ``wanted``, once it is there."""

        def found() -> DoorEventRecord | None:
            self._look()
            return next((event for event in self.events[seen:] if wanted(event)), None)

        event = self._until(found)
        assert event is not None
        return event

    def _follow(self, at: datetime) -> None:
        expected = door_snapshot(self._actor, at)
        asked_at = time.monotonic()

        def knows() -> bool:
            nonlocal expected, asked_at
            if time.monotonic() - asked_at > LOOK_AGAIN_SECONDS:
                expected, asked_at = door_snapshot(self._actor, at), time.monotonic()
            return same_but_for_time(self._kiosks_snapshot(), expected)

        self._until(knows)

    def _kiosks_snapshot(self) -> Snapshot:
        """Return what the kiosk last saved; read again only when the file is another one."""
        file = self._home.kiosk_folder / SNAPSHOT_FILE
        written = file.stat().st_mtime_ns if file.exists() else 0
        if self._known is None or self._known[0] != written:
            self._known = (written, load_snapshot(self._home.kiosk_folder))
        return self._known[1]

    def _until(self, look: Callable[[], Result], patience: float = PATIENCE_SECONDS) -> Result:
        """Look until there is something to see. Raises :class:`DemoError` with the kiosk's last words."""
        deadline = time.monotonic() + patience
        while not (seen := look()):
            if time.monotonic() > deadline or (
                self._process is not None and self._process.poll() is not None
            ):
                raise self._failed()
            time.sleep(LOOK_SECONDS)
        return seen

    def _failed(self) -> DemoError:
        log = self._home.run_folder / LOG_FILE
        text = log.read_text("utf-8", errors="replace")[-4000:] if log.exists() else ""
        lines = [line.strip() for line in without_controls(text).splitlines() if line.strip()]
        return DemoError(
            _("The demo's door does not answer: {words}").format(words=" / ".join(lines[-3:]) or "—"),
            next_step=_("Its words are in {file}. Start the demo again.").format(file=log),
        )

    # --- the process ----------------------------------------------------------------------------------------

    def _command(self) -> list[str]:
        # -P: a file called cli.py in the current folder must not be taken for ours.
        machine = self._home.folder / MACHINE_FOLDER
        return [sys.executable, "-P", "-m", "cli", "--home", str(machine), "kiosk"]

    def _the_screen(self) -> DoorScreen:
        if self._screen is None:
            raise self._failed()
        return self._screen

    def _end(self, how: signal.Signals) -> None:
        process, screen = self._process, self._screen
        self._process = self._screen = None
        if process is not None:
            process.send_signal(how)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if screen is not None:
            screen.close()
