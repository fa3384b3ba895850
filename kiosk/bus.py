"""An OSDP bus at the door: its readers' badges, their inputs, and the lights and sounds that answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from hardware.events import BadgeRead, InputChanged
from hardware.port import FrameDecoded, PortEvent, PortLost
from kiosk.readers import FirstAnswer, Put, Swipes, health_word
from settings import Reader

if TYPE_CHECKING:
    from hardware.osdp_bus import OsdpBus

Signal = Literal["yes", "wait", "no"]
SIGNALS: Final[Mapping[str, Signal]] = MappingProxyType({"yes": "yes", "wait": "wait", "no": "no"})
"""What a reader shows and sounds for the door's sounds."""

OnInput = Callable[[bool, float, bool], None]
"""Called with whether the input is active, when (monotonic seconds), and whether that is how it was found."""


class BusAtDoor:
    """The readers that share one OSDP port, and whatever is wired to them."""

    def __init__(self, readers: Sequence[Reader], keys: Mapping[str, bytes], put: Put) -> None:
        from hardware.osdp_bus import OsdpBus
        from hardware.osdp_post import OsdpReaderSettings

        self.port = readers[0].port
        self._swipes = {reader.name: Swipes(reader, put) for reader in readers}
        self._inputs: dict[tuple[str, int], OnInput] = {}
        self._known: set[tuple[str, int]] = set()
        self._first = FirstAnswer()
        self.bus: OsdpBus = OsdpBus(
            self.port,
            [OsdpReaderSettings(reader.name, reader.address) for reader in readers],
            {reader.name: keys[reader.name] for reader in readers},
            self._happened,
            baudrate=readers[0].baudrate,
        )

    def on_input(self, reader: str, number: int, changed: OnInput) -> None:
        """Tell what the input ``number`` of ``reader`` does. Before :meth:`start`."""
        self._inputs[reader, number] = changed

    def start(self) -> None:
        """Begin to talk to the readers."""
        self.bus.start()

    def stop(self) -> None:
        """Let the bus go."""
        self.bus.stop()

    def raise_if_busy(self, deadline: float) -> None:
        """Wait until the port was tried once. Raises ``PortError`` when another program has it."""
        self._first.raise_if_busy(self.port, deadline)

    def signal(self, kind: Signal) -> None:
        """Let every reader of the bus show and sound ``kind``."""
        for name in self._swipes:
            self.bus.signal(name, kind)

    def word(self, reader: str) -> str:
        """``ok``, or in one word what ails the reader."""
        return health_word(self.bus.health(reader))

    def input_word(self, reader: str, number: int) -> str:
        """``ok``, or in one word what ails the input: one whose state is not known yet is not well."""
        word = self.word(reader)
        return "opening" if word == "ok" and (reader, number) not in self._known else word

    def _happened(self, event: PortEvent | InputChanged) -> None:
        if isinstance(event, InputChanged):
            self._known.add((event.name, event.number))
            changed = self._inputs.get((event.name, event.number))
            if changed is not None:
                changed(event.active, event.at_monotonic, event.first)
        elif isinstance(event, FrameDecoded):
            if isinstance(event.event, BadgeRead):
                self._swipes[event.name].read(event.event.badge, event.received_monotonic)
        else:
            self._known = {place for place in self._known if place[0] != event.name}
            self._first.note(event.why if isinstance(event, PortLost) else "")


class OsdpReaderAtDoor:
    """One reader of a bus."""

    def __init__(self, reader: Reader, bus: BusAtDoor) -> None:
        self.reader = reader
        self._bus = bus

    @property
    def word(self) -> str:
        """``ok``, or in one word what ails the reader."""
        return self._bus.word(self.reader.name)
