"""Simulators: an RS-485 line on a pseudo-terminal with OSDP readers on it, played by libosdp's own peripheral.

The line can be cut and mended while the readers keep their power, as a cable in a wall can; a reader can die.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from hardware import osdp
from hardware.events import BadgeFormatError
from hardware.osdp_line import Bell
from hardware.virtual import KEPT_SWITCHES, READ_BYTES, VirtualPort
from hardware.wiegand import LAYOUTS, bits_of_badge
from locales import _

STEP_SECONDS: Final = 0.005
"""How often the readers look at their clocks when nobody talks to them."""

TEMPORARILY_ON: Final = 5
"""Control code of an output that the reader itself switches off again; a reader's own, not the panel's, constant."""

HEX_DIGIT_BITS: Final = 4
_FORMAT_OF_DIGITS: Final = {layout.badge_digits: name for name, layout in LAYOUTS.items()}
_HEX = re.compile(r"[0-9A-Fa-f]{1,64}")


@dataclass(frozen=True, slots=True)
class OutputSwitch:
    """An output changed; ``by_timer`` when the reader's own timer did it. The time is ``time.monotonic()``."""

    at_monotonic: float
    output: int
    on: bool
    by_timer: bool = False


class VirtualOsdpBus(VirtualPort):
    """The line. Its readers live as long as it does, whether the port is plugged in or not."""

    def __init__(self, link: Path | None = None) -> None:
        self._readers: list[VirtualOsdpReader] = []
        self._whole = True
        self.alter: Callable[[bytes], bytes] = bytes  # what somebody on the line does to the readers' words
        self._closing = threading.Event()
        self._bell = Bell()
        super().__init__(link)
        self._thread = threading.Thread(target=self._run, name="virtual osdp bus", daemon=True)
        self._thread.start()

    def add(
        self, address: int, key: bytes | None, *, outputs: int = 2, inputs: int = 2, secure: bool = True
    ) -> VirtualOsdpReader:
        """Hang a reader on the line. Without a key it is in install mode; not ``secure`` it knows plain text only."""
        reader = VirtualOsdpReader(self, address, key, outputs=outputs, inputs=inputs, secure=secure)
        with self._lock:
            self._readers.append(reader)
        return reader

    def cut(self) -> None:
        """Cut the cable: no byte gets through, and nobody is told."""
        with self._lock:
            self._whole = False

    def mend(self) -> None:
        """Join the cable again."""
        with self._lock:
            self._whole = True

    def close(self) -> None:
        """Remove line and readers for good."""
        self._closing.set()
        self._bell.ring()
        self._thread.join()
        super().close()
        for reader in self._readers:
            reader.kill()
        self._bell.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            master = self.master
            with contextlib.suppress(OSError, ValueError):  # unplugged since the line above
                self._bell.wait(STEP_SECONDS, [master] if master >= 0 else [])
            with self._lock:
                self._step()

    def _step(self) -> None:
        heard = self._take()
        for reader in self._readers:
            said = reader.step(heard)
            if said and self._whole and self.plugged:
                with contextlib.suppress(BlockingIOError):  # nobody reads: the bytes are gone, as on a wire
                    os.write(self._master, self.alter(said))

    def _take(self) -> bytes:
        if not self.plugged or not select.select([self._master], [], [], 0)[0]:
            return b""
        data = os.read(self._master, READ_BYTES)
        return data if self._whole else b""


class VirtualOsdpReader:
    """A reader on a virtual line: shows cards, has outputs with timers, inputs, a light and a buzzer."""

    def __init__(
        self, bus: VirtualOsdpBus, address: int, key: bytes | None, *, outputs: int, inputs: int, secure: bool
    ) -> None:
        self.bus = bus
        self.address = address
        self.key = key
        self.reports_inputs = True
        self._secure = secure
        self._heard = bytearray()
        self._said = bytearray()
        self._changed = threading.Condition(bus._lock)
        self._on_until: dict[int, float] = {}
        self._outputs = outputs
        self._inputs = bytearray(inputs)
        self._switches: deque[OutputSwitch] = deque(maxlen=KEPT_SWITCHES)
        self._signals: deque[tuple[str, osdp.Order]] = deque(maxlen=KEPT_SWITCHES)
        self._device: osdp.Peripheral | None = None
        self.revive()

    # What a person does to it

    def swipe(self, badge: str) -> None:
        """Show a card: 6 hex digits as Wiegand-26, 8 as Wiegand-34, others as bare bits. It waits for the next poll."""
        format_name = _FORMAT_OF_DIGITS.get(len(badge), "")
        if not _HEX.fullmatch(badge):
            raise BadgeFormatError(
                _("An OSDP reader cannot send this badge."), next_step=_("Use 1 to 64 hex digits (0-9, A-F).")
            )
        if format_name:
            bits, length = bits_of_badge(format_name, badge), LAYOUTS[format_name].bits
        else:
            bits, length = int(badge, 16), len(badge) * HEX_DIGIT_BITS
        with self._changed:
            if self._device is not None:
                self._device.show_card(bits, length)

    def set_input(self, number: int, *, active: bool) -> None:
        """Close or open a switch at an input."""
        with self._changed:
            self._inputs[number] = active
            self._report_inputs()

    def kill(self) -> None:
        """Take the reader's power away: its outputs fall off and it forgets what it had to report."""
        with self._changed:
            if self._device is not None:
                self._device.close()
                self._device = None
            for output in list(self._on_until):
                self._switch(output, 0.0)

    def revive(self) -> None:
        """Give the reader its power back."""
        with self._changed:
            self._heard.clear()
            if self._device is None:
                self._device = osdp.Peripheral(
                    _Ends(self._heard, self._said), self.address, self.key, self._obey,
                    outputs=self._outputs, inputs=len(self._inputs), secure=self._secure,
                )  # fmt: skip

    # As a virtual device that another program swipes at

    @property
    def path(self) -> str:
        """The path of the line."""
        return self.bus.path

    def send(self, data: bytes) -> None:
        """Disturb the line with ``data``."""
        self.bus.send(data)

    def unplug(self) -> None:
        """Unplug the line's adapter."""
        self.bus.unplug()

    def replug(self) -> None:
        """Plug the line's adapter in again."""
        self.bus.replug()

    def close(self) -> None:
        """Remove the whole line."""
        self.bus.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What can be seen of it

    @property
    def is_secure(self) -> bool:
        """Whether a panel that proved the key talks to it."""
        with self._changed:
            return self._device is not None and self._device.is_secure

    @property
    def switches(self) -> tuple[OutputSwitch, ...]:
        """What the outputs did, oldest first."""
        with self._changed:
            return tuple(self._switches)

    @property
    def signals(self) -> tuple[tuple[str, osdp.Order], ...]:
        """The orders for ``led`` and ``buzzer``, oldest first."""
        with self._changed:
            return tuple(self._signals)

    def is_on(self, output: int = 0) -> bool:
        """Whether the output is on."""
        with self._changed:
            return output in self._on_until

    def wait_for(self, condition: Callable[[VirtualOsdpReader], bool], seconds: float) -> bool:
        """Wait until ``condition(self)`` holds; return whether it did within ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), seconds)

    def step(self, heard: bytes) -> bytes:
        """Hear what was said on the line, look at the clock, and return the answer. The line's thread alone."""
        now = time.monotonic()
        for output, until in list(self._on_until.items()):
            if now >= until:
                self._switch(output, 0.0, by_timer=True)
        if self._device is None:
            return b""
        was_secure = self._device.is_secure
        self._heard += heard
        self._device.refresh()
        if self._device.is_secure and not was_secure:
            self._report_inputs()
        if self._device.is_secure != was_secure:
            self._changed.notify_all()
        said = bytes(self._said)
        self._said.clear()
        return said

    def _report_inputs(self) -> None:
        if self._device is not None and self._inputs and self.reports_inputs:
            self._device.show_inputs(bytes(self._inputs))

    def _obey(self, kind: str, order: osdp.Order) -> None:
        match kind:
            case "output":
                steps, code = order["timer_count"], order["control_code"]
                timed = code == TEMPORARILY_ON
                seconds = steps / osdp.TIMER_STEPS_PER_SECOND if timed else 0.0
                self._switch(order["output_no"], seconds)
            case "key":
                self.key = bytes(order["data"])
            case "led" | "buzzer":
                self._signals.append((kind, order))
        self._changed.notify_all()

    def _switch(self, output: int, seconds: float, *, by_timer: bool = False) -> None:
        now = time.monotonic()
        if seconds:
            self._on_until[output] = now + seconds
        else:
            self._on_until.pop(output, None)
        self._switches.append(OutputSwitch(now, output, bool(seconds), by_timer))
        self._changed.notify_all()


class _Ends:
    """The reader's ends of the wires."""

    def __init__(self, heard: bytearray, said: bytearray) -> None:
        self._heard, self._said = heard, said

    def read(self, max_bytes: int) -> bytes:
        data = bytes(self._heard[:max_bytes])
        del self._heard[:max_bytes]
        return data

    def write(self, data: bytes) -> int:
        self._said += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits here that was not asked for."""


def virtual_osdp_reader(link: Path | None, address: int, key: bytes | None) -> VirtualOsdpReader:
    """Make a line with one reader on it; closing the reader removes the line. Without a key: in install mode."""
    return VirtualOsdpBus(link).add(address, key)
