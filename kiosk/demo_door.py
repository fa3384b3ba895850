"""The door of the demo's day: a real kiosk process on virtual readers and a virtual relay board."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import Final, Self, TypeVar

from hardware.ports import control_path
from hardware.swipe import serve
from hardware.virtual import VirtualReader, VirtualRelay
from kiosk.clock import Stage
from kiosk.demo_past import READER_IN, READER_OUT
from kiosk.journal_file import JOURNAL_FILE, JournalReader
from kiosk.snapshot import NEVER, SNAPSHOT_FILE, load_snapshot, same_but_for_time
from locales import _
from operations.boundary import SYSTEM
from operations.demo_shift import News
from operations.door import DoorFilter, door_events, door_snapshot, kiosks
from operations.signin import kiosk_actor
from regulation.limits import DEFAULT_LIMITS
from regulation.records import Direction, Snapshot
from settings import SETTINGS_FILE, Home, ZhibanError

Result = TypeVar("Result")

KIOSK_NAME: Final = "door"
LOG_FILE: Final = "kiosk.log"
FORMATS: Final = {READER_IN: "rdm6300", READER_OUT: "line"}

PATIENCE_SECONDS: Final = 20.0
"""How long the player waits for the kiosk, which shares a busy machine, before it gives up in words."""

LOOK_SECONDS: Final = 0.004
LOOK_AGAIN_SECONDS: Final = 0.5
STOP_SECONDS: Final = 8.0


class DemoError(ZhibanError):
    """The demo cannot be played."""


def write_settings(home: Home) -> None:
    """Write the demo home's settings: two readers and a relay board that this machine only pretends to have."""
    lines = ["[kiosk]", f'name = "{KIOSK_NAME}"']
    for reader, format_name in FORMATS.items():
        port = json.dumps(str(home.run_folder / f"{reader}.tty"), ensure_ascii=False)
        lines += ["", "[[kiosk.readers]]", f'name = "{reader}"', f"port = {port}"]
        lines += [f'format = "{format_name}"', f'direction = "{reader}"']
    relay = json.dumps(str(home.run_folder / "relay.tty"), ensure_ascii=False)
    lines += ["", "[kiosk.strike]", 'kind = "relay"', f"port = {relay}", "open_seconds = 1.0", ""]
    (home.folder / SETTINGS_FILE).write_text("\n".join(lines), encoding="utf-8")


class DemoKiosk:
    """The running door. Implements ``operations.demo_shift.DemoDoor``; leaving its context stops the process."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stage = Stage(home.folder)
        self._actor = kiosk_actor(KIOSK_NAME)
        self._journal = JournalReader(home.kiosk_folder / JOURNAL_FILE)
        self._stack = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._readers: dict[str, VirtualReader] = {}
        self._at = NEVER
        self._last = 0
        self._answer_due: datetime | None = None
        self._known: tuple[int, Snapshot] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stage.release()
        self._journal.close()
        self._stack.close()

    def start(self, at: datetime, last_sequence: int) -> None:
        """Plug the devices in, start the kiosk at the demo's time, and wait until it knows the centre."""
        run = self._home.run_folder
        self._last = last_sequence
        self._stand_at(at)
        for reader, format_name in FORMATS.items():
            device = self._stack.enter_context(VirtualReader(format_name, run / f"{reader}.tty"))
            self._readers[reader] = device
            self._stack.enter_context(serve(device, control_path(run, reader)))
        self._stack.enter_context(VirtualRelay(run / "relay.tty"))
        with (run / LOG_FILE).open("wb") as log:
            # -P: a file called cli.py in the current folder must not be taken for ours.
            command = [sys.executable, "-P", "-m", "cli", "--home", str(self._home.folder)]
            command += ["kiosk", "--headless"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        self._stack.callback(self._stop)
        self._follow(at)

    def swipe(self, at: datetime, badge: str, direction: Direction) -> str:
        """Send the badge's bytes to the reader; return the verdict's code once the event is durable."""
        self._stand_at(at)
        self._readers[READER_IN if direction is Direction.IN else READER_OUT].swipe(badge)
        return self._next_verdict(at)

    def wait(self, at: datetime) -> None:
        """Let the door's time pass until ``at``; a visitor whose time is over is answered meanwhile."""
        self._stand_at(at)
        if self._answer_due is not None and at > self._answer_due:
            self._next_verdict(at)

    def hear(self, at: datetime, news: News) -> None:  # noqa: ARG002  it learns the news from the centre itself
        """Return when the kiosk's snapshot says what the centre says."""
        self.settle(at)
        self._follow(at)

    def settle(self, at: datetime) -> None:
        """Return when the centre holds every event the kiosk has recorded."""
        self._until(lambda: door_events(SYSTEM, at, DoorFilter(), 0, 1).total >= self._last)

    def unplug(self, reader: str) -> None:
        """Pull a reader's plug and wait until the centre has heard of it."""
        self._readers[reader].unplug()
        self._until(lambda: self._part(f"reader {reader}") != "ok")

    def replug(self, reader: str) -> None:
        """Plug the reader in again and wait until the centre has heard of it."""
        self._readers[reader].replug()
        self._until(lambda: self._part(f"reader {reader}") == "ok")

    def go_live(self) -> None:
        """Give the time back to the system: from here on the door lives in the real now."""
        self._stage.release()

    def _stand_at(self, at: datetime) -> None:
        self._at = at
        self._stage.stand_at(at)

    def _part(self, name: str) -> str:
        return next((row.parts.get(name, "") for row in kiosks(SYSTEM, self._at)), "")

    def _next_verdict(self, at: datetime) -> str:
        events = self._until(lambda: self._journal.since(self._last, 50))
        self._last = events[-1].sequence
        code = events[-1].code
        if code == "pending.escort":
            self._answer_due = at + DEFAULT_LIMITS.seconds("escort_window_seconds")
        elif code in ("granted.visitor", "refused.no_escort"):
            self._answer_due = None
        return code

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

    def _until(self, look: Callable[[], Result]) -> Result:
        """Look until there is something to see. Raises :class:`DemoError` with the kiosk's last words."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (seen := look()):
            if time.monotonic() > deadline or (
                self._process is not None and self._process.poll() is not None
            ):
                raise self._failed()
            time.sleep(LOOK_SECONDS)
        return seen

    def _failed(self) -> DemoError:
        log = self._home.run_folder / LOG_FILE
        lines = log.read_text("utf-8", errors="replace").strip().splitlines() if log.exists() else []
        return DemoError(
            _("The demo's door does not answer: {words}").format(words=" / ".join(lines[-3:]) or "—"),
            next_step=_("Its words are in {file}. Start the demo again.").format(file=log),
        )

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
