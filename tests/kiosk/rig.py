"""A whole kiosk in this process: real journal, real door, virtual readers and relay on pseudo-terminals."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hardware.virtual import VirtualReader, VirtualRelay
from kiosk.process import Kiosk
from kiosk.snapshot import save_snapshot
from kiosk.views import View
from regulation.doorlog import DoorEventRecord
from regulation.records import Snapshot
from settings import Home, open_home
from tests.kiosk.scene import NOW, SNAPSHOT

WITHIN_SECONDS = 10.0

SETTINGS = """
[kiosk]
name = "main"

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
open_seconds = {open_seconds}
"""


class Clock:
    """The time of the test: it passes as fast as real time, from where it was set."""

    def __init__(self, at: datetime = NOW) -> None:
        self._offset = at - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> None:
        self._offset += timedelta(seconds=seconds)


@dataclass
class Rig:
    """The devices, the running kiosk, and all it said."""

    home: Home
    entry: VirtualReader
    exit: VirtualReader
    relay: VirtualRelay
    kiosk: Kiosk
    clock: Clock
    views: list[View] = field(default_factory=list)
    events: list[DoorEventRecord] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def saw(self, view: View) -> None:
        with self.changed:
            self.views.append(view)
            self.changed.notify_all()

    def heard(self, events: Sequence[DoorEventRecord]) -> None:
        with self.changed:
            self.events.extend(events)
            self.changed.notify_all()

    def wait(self, condition: Callable[[Rig], bool], what: str = "it") -> None:
        """Wait for what the kiosk brings about."""
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self), WITHIN_SECONDS), (
                f"{what} did not happen in time; codes: {self.codes}, views: {self.views[-2:]}"
            )

    def wait_for_codes(self, *codes: str) -> None:
        self.wait(lambda rig: tuple(rig.codes[-len(codes) :]) == codes, f"{codes}")

    def wait_for_view(self, code: str) -> None:
        self.wait(lambda rig: any(view.code == code for view in rig.views), code)

    @property
    def codes(self) -> list[str]:
        return [event.code for event in self.events]

    @property
    def pulses(self) -> int:
        return sum(switch.on for switch in self.relay.switches)

    def wait_for_pulses(self, count: int, seconds: float = WITHIN_SECONDS) -> None:
        on = self.relay.wait_for(lambda relay: sum(s.on for s in relay.switches) >= count, seconds)
        assert on, f"{count} pulses did not come; {self.pulses} did"


def until(condition: Callable[[], bool], what: str = "it") -> None:
    """Wait for what another thread or process brings about."""
    deadline = time.monotonic() + WITHIN_SECONDS
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in time"
        pause.wait(0.005)


def write_settings(
    folder: Path, format_name: str = "line", open_seconds: float = 0.2, database_url: str = ""
) -> None:
    text = SETTINGS.format(folder=folder, format=format_name, open_seconds=open_seconds)
    if database_url:
        text += f'\n[database]\nurl = "{database_url}"\n'
    (folder / "settings.toml").write_text(text)


@contextmanager
def running_rig(
    folder: Path,
    snapshot: Snapshot | None = SNAPSHOT,
    *,
    can_ask: bool = True,
    format_name: str = "line",
    prepare: Callable[[Kiosk], None] = lambda _kiosk: None,
    database_url: str = "",
) -> Iterator[Rig]:
    """Start a kiosk in ``folder`` with ``snapshot`` on its disk (``None``: leave what is there)."""
    write_settings(folder, format_name, database_url=database_url)
    home = open_home(folder)
    if snapshot is not None:
        save_snapshot(home.kiosk_folder, snapshot)
    clock = Clock()
    with (
        VirtualReader(format_name, folder / "in") as entry,
        VirtualReader(format_name, folder / "out") as exit_,
        VirtualRelay(folder / "relay") as relay,
    ):
        kiosk = Kiosk(home, can_ask=can_ask, clock=clock)
        rig = Rig(home, entry, exit_, relay, kiosk, clock)
        kiosk.door.on_shown(rig.saw)
        kiosk.journal.on_recorded(rig.heard)
        prepare(kiosk)
        with kiosk:
            yield rig
