"""What hangs on the demo's door: readers of four makes, a relay board, a contact and a button, all virtual.

The door is a machine of its own, as in a real centre: its settings say where the centre's database is, and the cable
there can be pulled while the desk works on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final, Self

from hardware.ports import control_path
from hardware.swipe import Swipeable, serve
from hardware.virtual import VirtualReader
from hardware.virtual_modbus import VirtualModbusRelay
from hardware.virtual_modem import VirtualModem
from kiosk.clock import DEMO_MARK
from regulation.records import Direction
from settings import SETTINGS_FILE, Home

KIOSK_NAME: Final = "机房"
OPEN_SECONDS: Final = 3.0
OSDP_ADDRESS: Final = 1
CARD_DIGITS: Final = 6
"""A badge id of so many digits is a Wiegand card: it has readers of its own beside the others."""

TAKEN_AWAY_SECONDS: Final = 0.4
"""Longer than a repeating reader's next frame of one swipe may take to come."""

MACHINE_FOLDER: Final = "door"
CENTRE_FILE: Final = "centre.db"


@dataclass(frozen=True, slots=True)
class ReaderMake:
    """A reader of the demo's door: what it speaks, and which way it leads."""

    format: str
    direction: Direction


READERS: Final[Mapping[str, ReaderMake]] = MappingProxyType(
    {
        "in": ReaderMake("rdm6300", Direction.IN),
        "out": ReaderMake("line", Direction.OUT),
        "card-in": ReaderMake("wiegand26", Direction.IN),
        "card-out": ReaderMake("osdp", Direction.OUT),
    }
)


class DemoDevices:
    """The devices, plugged in while the context is open. Without libosdp its reader is left out."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stack = ExitStack()
        self._readers: dict[str, Swipeable] = {}
        self._held: dict[str, tuple[str, float]] = {}
        self.board: VirtualModbusRelay
        self.modem: VirtualModem

    def __enter__(self) -> Self:
        """Plug everything in and write the settings, the home's and those of the door's own machine."""
        run = self._home.run_folder
        self.board = self._stack.enter_context(VirtualModbusRelay(run / "relay.tty"))
        self.modem = self._stack.enter_context(VirtualModem())
        for name, make in READERS.items():
            if make.format == "osdp" and find_spec("osdp") is None:
                continue
            self._readers[name] = device = self._plug_in(name, make.format)
            self._stack.enter_context(serve(device, control_path(run, name)))
        (self._home.folder / SETTINGS_FILE).write_text(self._settings(), encoding="utf-8")
        self._set_up_machine()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    @property
    def formats(self) -> dict[str, str]:
        """The readers that are there, by name, with what each speaks."""
        return {name: READERS[name].format for name in self._readers}

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts whose health the kiosk reports because of these devices."""
        return (*(f"reader {name}" for name in self._readers), "strike", "contact", "exit button")

    def reader_for(self, badge: str, direction: Direction) -> str:
        """Return the reader a badge is held to."""
        reads_cards = len(badge) == CARD_DIGITS
        fit = [name for name in self._readers if READERS[name].direction is direction]
        return next(
            (name for name in fit if (READERS[name].format in ("wiegand26", "osdp")) is reads_cards), fit[0]
        )

    def swipe(self, reader: str, badge: str) -> None:
        """Hold a badge to a reader; one that was there just now is first taken away, so that it counts again."""
        before, at = self._held.get(reader, ("", 0.0))
        if before == badge:
            time.sleep(max(0.0, at + TAKEN_AWAY_SECONDS - time.monotonic()))
        self._readers[reader].swipe(badge)
        self._held[reader] = (badge, time.monotonic())

    def unplug(self, reader: str) -> None:
        """Pull a reader's plug."""
        self._readers[reader].unplug()

    def replug(self, reader: str) -> None:
        """Plug a reader in again."""
        self._readers[reader].replug()

    def cut_cable(self) -> None:
        """Pull the door's cable to the centre; whoever sits at the desk notices nothing."""
        (self._home.folder / MACHINE_FOLDER / CENTRE_FILE).unlink()

    def join_cable(self) -> None:
        """Plug the door's cable to the centre in again."""
        (self._home.folder / MACHINE_FOLDER / CENTRE_FILE).symlink_to(self._home.folder / CENTRE_FILE)

    def _plug_in(self, name: str, format_name: str) -> Swipeable:
        link = self._home.run_folder / f"{name}.tty"
        if format_name != "osdp":
            return self._stack.enter_context(VirtualReader(format_name, link))
        from hardware.osdp_device import VirtualOsdpBus
        from hardware.osdp_keys import make_key

        bus = self._stack.enter_context(VirtualOsdpBus(link))
        return bus.add(OSDP_ADDRESS, make_key(self._home.osdp_key_file, name))

    def _set_up_machine(self) -> None:
        """Make the door's own folder: the same devices, and the centre's database at the end of a cable."""
        machine = self._home.folder / MACHINE_FOLDER
        machine.mkdir(mode=0o700)
        for shared in (DEMO_MARK, "kiosk", "run"):
            (machine / shared).symlink_to(self._home.folder / shared)
        database = json.dumps(f"sqlite:///{machine / CENTRE_FILE}", ensure_ascii=False)
        text = f"[database]\nurl = {database}\n\n{self._settings()}"
        (machine / SETTINGS_FILE).write_text(text, encoding="utf-8")
        self.join_cable()

    def _settings(self) -> str:
        run = self._home.run_folder
        lines = ["[kiosk]", f'name = "{KIOSK_NAME}"']
        for name, format_name in self.formats.items():
            lines += ["", "[[kiosk.readers]]", f'name = "{name}"', f"port = {_quoted(run / f'{name}.tty')}"]
            lines += [f'format = "{format_name}"', f'direction = "{READERS[name].direction}"']
            lines += [f"address = {OSDP_ADDRESS}"] if format_name == "osdp" else []
        lines += ["", "[kiosk.strike]", 'kind = "modbus"', f"port = {_quoted(run / 'relay.tty')}"]
        lines += [f"open_seconds = {OPEN_SECONDS}"]
        for name, line in (("contact", "cts"), ("exit_button", "dsr")):
            lines += ["", f"[kiosk.{name}]", f'kind = "{line}"', f"port = {_quoted(self.modem.url)}"]
        return "\n".join(lines) + "\n"


def _quoted(port: object) -> str:
    return json.dumps(str(port), ensure_ascii=False)
