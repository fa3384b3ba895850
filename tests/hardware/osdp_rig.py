"""A bus with virtual OSDP readers and our panel on it, and what the panel reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hardware.events import BadgeRead, InputChanged
from hardware.osdp_bus import OsdpBus
from hardware.osdp_device import VirtualOsdpBus, VirtualOsdpReader
from hardware.osdp_post import OsdpReaderSettings
from hardware.port import FrameDecoded, PortEvent
from tests.hardware.heard import Heard, wait_until

KEY_IN = bytes(range(1, 17))
KEY_OUT = bytes(range(101, 117))
BADGE, OTHER_BADGE, LATE_BADGE = "00ABCD", "00BEEF", "00D00F"


class HeardOsdp(Heard):
    """The bus's events; inputs apart."""

    def __init__(self) -> None:
        super().__init__()
        self.inputs: list[InputChanged] = []

    def take(self, event: PortEvent | InputChanged) -> None:
        if isinstance(event, InputChanged):
            with self._changed:
                self.inputs.append(event)
                self._changed.notify_all()
        else:
            self(event)

    def badges_of(self, name: str) -> list[str]:
        return [
            event.event.badge
            for event in list(self.events)
            if isinstance(event, FrameDecoded) and isinstance(event.event, BadgeRead) and event.name == name
        ]


class Rig:
    """Two readers, ``in`` at address 1 and ``out`` at address 2, or those given."""

    def __init__(
        self,
        line: VirtualOsdpBus,
        readers: Sequence[VirtualOsdpReader],
        keys: dict[str, bytes],
        url: str = "",
    ) -> None:
        self.line = line
        self.readers = readers
        self.heard = HeardOsdp()
        names = list(keys)
        settings = [
            OsdpReaderSettings(name, reader.address) for name, reader in zip(names, readers, strict=True)
        ]
        self.bus = OsdpBus(url or line.path, settings, keys, self.heard.take)

    def is_online(self, name: str = "in") -> bool:
        return self.bus.health(name).state == "online"

    def comes_online(self, name: str = "in", seconds: float = 10.0) -> bool:
        return wait_until(lambda: self.is_online(name), seconds)

    def fresh(self, name: str, reader: VirtualOsdpReader, badge: str) -> bool:
        """Swipe ``badge`` until a read of it is reported, as a person does whose first swipe came too early."""
        before = len(self.heard.badges_of(name))

        def swiped() -> bool:
            reader.swipe(badge)
            return self.heard.wait_for(lambda h: len(self.heard.badges_of(name)) > before, 0.4)

        return any(swiped() for _attempt in range(25))


@contextmanager
def rig(
    folder: Path,
    *,
    keys: dict[str, bytes] | None = None,
    make: Callable[[VirtualOsdpBus], Sequence[VirtualOsdpReader]] | None = None,
) -> Iterator[Rig]:
    with VirtualOsdpBus(folder / "bus") as line:
        readers = make(line) if make is not None else [line.add(1, KEY_IN), line.add(2, KEY_OUT)]
        it = Rig(line, readers, keys or {"in": KEY_IN, "out": KEY_OUT})
        it.bus.start()
        try:
            yield it
        finally:
            it.bus.stop()
