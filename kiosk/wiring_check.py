"""What cannot be wired the way the settings say is refused before anything is opened, naming file and key."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from locales import _
from settings import DoorInput, Kiosk, Reader, SettingsError

OSDP: Final = "osdp"
CHANNELS: Final = {"relay": (1, 255), "modbus": (1, 255), "osdp": (0, 254)}
ADDRESSES: Final = (1, 247)
"""What a Modbus device on a serial line can be called."""

SHORTEST_OPEN_SECONDS: Final = 0.05
LONGEST_OPEN_SECONDS: Final = 300.0
"""Longer than any door needs, and within the timer of every relay board."""

LONGEST_OSDP_SECONDS: Final = 25.5
"""What the timer of an OSDP output can be told."""


class WiringCheck:
    """The checks of one kiosk's settings; ``file`` is only named in errors."""

    def __init__(self, kiosk: Kiosk, file: Path) -> None:
        self._kiosk, self._file = kiosk, file
        self._users: dict[str, str] = {}  # real port → the key that uses it

    def run(self) -> None:
        """Raise :class:`SettingsError` for the first muddle found."""
        if not self._kiosk.readers:
            raise self._error(
                _("This kiosk has no reader."),
                _("Add a [[kiosk.readers]] table with name and port to settings.toml."),
            )
        self._check_readers()
        self._check_strike()
        self._check_input("kiosk.contact", self._kiosk.contact)
        self._check_input("kiosk.exit_button", self._kiosk.exit_button)
        self._check_lines_apart(self._kiosk.contact, self._kiosk.exit_button)

    def _check_readers(self) -> None:
        names: set[str] = set()
        buses: dict[str, tuple[int, set[int]]] = {}
        for number, reader in enumerate(self._kiosk.readers):
            key = f"kiosk.readers[{number}]"
            if reader.name in names:
                raise self._at(
                    f"{key}.name", _("two readers are called {name}").format(name=repr(reader.name))
                )
            names.add(reader.name)
            if reader.format == OSDP:
                self._check_on_bus(key, reader, buses)
            else:
                self._take(f"{key}.port", reader.port, lambda _user: False)

    def _check_on_bus(self, key: str, reader: Reader, buses: dict[str, tuple[int, set[int]]]) -> None:
        """Readers on one bus share its port and speed, and each has an address of its own."""
        real = real_port(reader.port)
        if real not in buses:
            self._take(f"{key}.port", reader.port, lambda _user: False)
        baudrate, addresses = buses.setdefault(real, (reader.baudrate, set()))
        if reader.address in addresses:
            raise self._at(f"{key}.address", _("another reader on this bus has it already"))
        if reader.baudrate != baudrate:
            raise self._at(f"{key}.baudrate", _("all readers on one bus speak at one speed"))
        addresses.add(reader.address)

    def _check_strike(self) -> None:
        strike = self._kiosk.strike
        longest = LONGEST_OSDP_SECONDS if strike.kind == OSDP else LONGEST_OPEN_SECONDS
        if not SHORTEST_OPEN_SECONDS <= strike.open_seconds <= longest:
            raise self._range("kiosk.strike.open_seconds", SHORTEST_OPEN_SECONDS, longest)
        if strike.kind == OSDP:
            self._check_names_osdp("kiosk.strike.reader", strike.reader)
        elif strike.kind != "none":
            self._take("kiosk.strike.port", strike.port, lambda _user: False)
        low, high = CHANNELS.get(strike.kind, (strike.channel, strike.channel))
        if not low <= strike.channel <= high:
            raise self._range("kiosk.strike.channel", low, high)
        if strike.kind == "modbus" and not ADDRESSES[0] <= strike.address <= ADDRESSES[1]:
            raise self._range("kiosk.strike.address", *ADDRESSES)

    def _check_input(self, key: str, given: DoorInput) -> None:
        if given.kind == OSDP:
            self._check_names_osdp(f"{key}.reader", given.reader)
        elif given.kind != "none":
            shared = ("kiosk.strike.port", "kiosk.contact.port")
            self._take(f"{key}.port", given.port, shared.__contains__)

    def _check_lines_apart(self, contact: DoorInput, button: DoorInput) -> None:
        if contact.kind == "none" or contact.kind != button.kind:
            return
        if contact.kind == OSDP:
            same = (contact.reader, contact.number) == (button.reader, button.number)
            key = "kiosk.exit_button.number"
        else:
            same = real_port(contact.port) == real_port(button.port)
            key = "kiosk.exit_button.kind"
        if same:
            raise self._at(key, _("the contact is wired there already"))

    def _check_names_osdp(self, key: str, name: str) -> None:
        if name not in {reader.name for reader in self._kiosk.readers if reader.format == OSDP}:
            raise self._at(key, _("there is no OSDP reader called {name}").format(name=repr(name)))

    def _take(self, key: str, port: str, may_share: Callable[[str], bool]) -> None:
        """Note that ``key`` uses ``port``: a port serves one opening."""
        if not port:
            raise self._error(_("{file}: the setting {key} is missing.").format(file=self._file, key=key))
        user = self._users.setdefault(real_port(port), key)
        if user != key and not may_share(user):
            raise self._at(key, _("the port {port} is used by {user} already").format(port=port, user=user))

    def _range(self, key: str, low: float, high: float) -> SettingsError:
        return self._at(key, _("choose from {low} to {high}").format(low=low, high=high))

    def _at(self, key: str, why: str) -> SettingsError:
        text = _("{file}: {key} has a value that cannot be used ({why}).")
        return self._error(text.format(file=self._file, key=key, why=why))

    def _error(self, message: str, next_step: str = "") -> SettingsError:
        usual = _("Correct the key and try again; nothing was changed.")
        return SettingsError(message, next_step=next_step or usual)


def check_wiring(kiosk: Kiosk, file: Path) -> None:
    """Raise :class:`SettingsError` for settings that no door can be wired by."""
    WiringCheck(kiosk, file).run()


def real_port(port: str) -> str:
    """Return the port behind its stable names: two links to one device are one port."""
    return os.path.realpath(port) if port.startswith("/") else port
