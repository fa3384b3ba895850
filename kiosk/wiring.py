"""The door's hardware put together by the settings: readers, strike, contact and exit button.

Each port is opened once. What shares one (readers on a bus, switches on the strike's modem lines) shares its thread.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from hardware.inputs import LineInputs, LineSwitch
from hardware.kept_port import KeptPort
from hardware.port import PortError
from hardware.strike import Strike
from hardware.strike_kinds import strike_from_settings
from kiosk.bus import SIGNALS, BusAtDoor, OnInput, OsdpReaderAtDoor
from kiosk.inputs import ContactChanged, ExitPressed, Input
from kiosk.readers import DoorReader, Put, ReaderAtDoor
from kiosk.wiring_check import OSDP, check_wiring, real_port
from settings import SETTINGS_FILE, DoorInput, Home, Kiosk

LOOK_SECONDS: Final = 0.002


class Inlet:
    """Takes what the hardware says from its first moment, and hands it on once the door is there."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._early: list[Input] = []
        self._put: Put | None = None

    def connect(self, put: Put) -> None:
        """Hand on what waits, and from now on everything."""
        with self._guard:
            for event in self._early:
                put(event)
            self._early.clear()
            self._put = put

    def put(self, event: Input) -> None:
        """Take what happened."""
        put = self._put
        if put is None:
            with self._guard:
                put = self._put
                if put is None:
                    self._early.append(event)
                    return
        put(
            event
        )  # without the guard: one reader's badge may wait for the disk, and the others must not wait for it


class Wiring:
    """All hardware of one door. Ports of strike and inputs are opened at once, readers and buses at :meth:`start`."""

    def __init__(self, home: Home) -> None:
        """Raises ``ZhibanError`` in words, naming file and key, for what cannot be wired so."""
        kiosk = home.settings.kiosk
        check_wiring(kiosk, home.folder / SETTINGS_FILE)
        self._inlet = Inlet()
        self._words: dict[str, Callable[[], str]] = {}
        self._line_inputs: list[LineInputs] = []
        self._buses = self._join_buses(home)
        self._own_ports: list[ReaderAtDoor] = []
        self.readers: list[DoorReader] = [self._reader(kiosk, number) for number in range(len(kiosk.readers))]
        self.strike = self._wire(kiosk)

    def connect(self, put: Put) -> None:
        """Hand the door all that happens, from the beginning."""
        self._inlet.connect(put)

    def start(self, patience_seconds: float) -> None:
        """Begin to read. Raises :class:`PortError` when another program has one of the ports."""
        parts: list[ReaderAtDoor | BusAtDoor] = [*self._own_ports, *self._buses.values()]
        for part in parts:
            part.start()
        deadline = time.monotonic() + patience_seconds
        for part in parts:
            part.raise_if_busy(deadline)
        for kept in (self.strike, *self._line_inputs):
            if isinstance(kept, KeptPort):
                _raise_if_busy(kept, deadline)

    def stop_reading(self) -> None:
        """Let the readers go; on a bus hangs the strike, perhaps, so buses stay until :meth:`close`."""
        for reader in self._own_ports:
            reader.stop()

    def close(self) -> None:
        """Lock and let everything go."""
        self.stop_reading()
        self.strike.close()
        for inputs in self._line_inputs:
            inputs.close()
        for bus in self._buses.values():
            bus.stop()

    def signal(self, kind: str) -> None:
        """Let the readers that can show and sound what the door answers: ``yes``, ``wait`` or ``no``."""
        for bus in self._buses.values():
            bus.signal(SIGNALS[kind])

    def parts(self) -> dict[str, str]:
        """Return each reader, the strike and the inputs with ``ok`` or what ails it."""
        parts = {f"reader {reader.reader.name}": reader.word for reader in self.readers}
        parts["strike"] = self.strike_word
        return parts | {name: word() for name, word in self._words.items()}

    @property
    def strike_word(self) -> str:
        """``ok``, or in one word what ails the strike."""
        health = self.strike.health
        return "ok" if health.state in ("online", "none") else str(health.last_error or health.state)

    # --- putting it together ----------------------------------------------------------------------------------

    def _join_buses(self, home: Home) -> dict[str, BusAtDoor]:
        readers = [reader for reader in home.settings.kiosk.readers if reader.format == OSDP]
        if not readers:
            return {}
        from hardware.osdp_keys import load_keys

        keys: Mapping[str, bytes] = load_keys(home.osdp_key_file, [reader.name for reader in readers])
        by_port = defaultdict(list)
        for reader in readers:
            by_port[real_port(reader.port)].append(reader)
        return {port: BusAtDoor(sharing, keys, self._inlet.put) for port, sharing in by_port.items()}

    def _reader(self, kiosk: Kiosk, number: int) -> DoorReader:
        reader = kiosk.readers[number]
        if reader.format == OSDP:
            return OsdpReaderAtDoor(reader, self._buses[real_port(reader.port)])
        own = ReaderAtDoor(reader, self._inlet.put)
        self._own_ports.append(own)
        return own

    def _wire(self, kiosk: Kiosk) -> Strike:
        """Wire contact and button, those on the strike's port together with it; return the strike."""
        by_port: dict[str, list[tuple[str, LineSwitch]]] = defaultdict(list)
        for name, given, changed in (
            ("contact", kiosk.contact, self._contact_changed()),
            ("exit button", kiosk.exit_button, self._button_changed),
        ):
            if given.kind == OSDP:
                self._wire_to_bus(kiosk, name, given, changed)
            elif given.kind != "none":
                by_port[real_port(given.port)].append((name, LineSwitch(given.kind, given.active, changed)))
        on_strike = by_port.pop(real_port(kiosk.strike.port), [])
        bus = self._bus_of(kiosk, kiosk.strike.reader) if kiosk.strike.kind == OSDP else None
        strike = strike_from_settings(
            kiosk.strike, switches=[switch for _name, switch in on_strike], bus=bus.bus if bus else None
        )
        self._note_words(on_strike, strike)
        for port, switches in by_port.items():
            inputs = LineInputs(port, [switch for _name, switch in switches])
            self._line_inputs.append(inputs)
            self._note_words(switches, inputs)
        return strike

    def _wire_to_bus(self, kiosk: Kiosk, name: str, given: DoorInput, changed: OnInput) -> None:
        bus = self._bus_of(kiosk, given.reader)
        high = given.active == "high"
        bus.on_input(given.reader, given.number, lambda on, at, first: changed(on is high, at, first))
        self._words[name] = lambda: bus.input_word(given.reader, given.number)

    def _bus_of(self, kiosk: Kiosk, name: str) -> BusAtDoor:
        return next(self._buses[real_port(reader.port)] for reader in kiosk.readers if reader.name == name)

    def _note_words(self, switches: list[tuple[str, LineSwitch]], kept: Strike | LineInputs) -> None:
        for name, switch in switches:
            self._words[name] = partial(_line_word, switch, kept)

    def _contact_changed(self) -> OnInput:
        told: bool | None = None

        def changed(is_open: bool, _at: float, _first: bool) -> None:
            nonlocal told
            if is_open is not told:
                told = is_open
                self._inlet.put(ContactChanged(is_open))

        return changed

    def _button_changed(self, pressed: bool, _at: float, first: bool) -> None:
        """A button found pressed was not pressed now: it is stuck, or its wire is cut. Its twin in hardware opens."""
        if pressed and not first:
            self._inlet.put(ExitPressed())


def _line_word(switch: LineSwitch, kept: object) -> str:
    """``ok``, or in one word what ails the switch: one whose state is not known yet is not well."""
    word = kept.port_word if isinstance(kept, KeptPort) else "ok"
    return "opening" if word == "ok" and switch.active is None else word


def _raise_if_busy(kept: KeptPort, deadline: float) -> None:
    while kept.port_word == "opening" and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    if kept.port_word == "busy":
        raise PortError("busy", kept.port_url)
