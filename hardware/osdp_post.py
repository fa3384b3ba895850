"""One reader on an OSDP bus: its state, its waiting orders, its health. Written by the bus's thread, read by all."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from hardware import osdp
from hardware.port import PortErrorKind, PortHealth, PortState

Signal = Literal["idle", "yes", "wait", "no"]
OrderKind = Literal["output", "LED", "buzzer", "inputs"]

ORDER_SECONDS: Final = 0.9
"""An output order is done within this or never: libosdp repeats an unanswered one about a second after it was sent."""

INPUTS_SECONDS: Final = 1.0
"""A reader with inputs that has not told their states for so long after it came online is asked."""

RETRY_FIRST_SECONDS: Final = 0.25
RETRY_LONGEST_SECONDS: Final = 4.0
"""A reader that answers and is refused is tried again after the first time, then after twice as long each time."""


@dataclass(frozen=True, slots=True)
class OsdpReaderSettings:
    """A reader on a bus: the kiosk's name for it and its address, 0 to 126."""

    name: str
    address: int


@dataclass(slots=True)
class PostedOrder:
    """An order on its way to a reader. ``ended`` is set exactly once, after ``trouble`` is known."""

    kind: OrderKind
    command: osdp.Order
    number: int = 0
    deadline: float = float("inf")
    trouble: PortErrorKind | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def end(self, trouble: PortErrorKind | None) -> None:
        """Tell whoever waits how it went."""
        if not self.ended.is_set():
            self.trouble = trouble
            self.ended.set()


class Post:
    """A reader's place on the bus. The lock guards the orders and the health, the rest is the bus's thread's own."""

    def __init__(self, index: int, settings: OsdpReaderSettings) -> None:
        self.index = index
        self.name = settings.name
        self.address = settings.address
        self.in_flight: PostedOrder | None = None
        self.refuses: set[OrderKind] = set()  # what the reader says it has and yet declines
        self.inputs: tuple[bool, ...] | None = None
        self.inputs_said: tuple[bool, ...] | None = (
            None  # said before the talk was whole: only the last one counts
        )
        self.inputs_due_at = float("inf")
        self.try_again_at: float | None = None
        self._retry_seconds = RETRY_FIRST_SECONDS
        self._lock = threading.Lock()
        self._urgent: deque[PostedOrder] = deque()
        self._signals: list[PostedOrder] = []
        self._held_off: set[int] = set()
        self._state: PortState = "opening"
        self._since = time.monotonic()
        self._last_error: PortErrorKind | None = None
        self._frames = 0
        self._last_frame: float | None = None
        self._noise: Counter[str] = Counter()

    # Orders

    def post(self, order: PostedOrder) -> PortErrorKind | None:
        """Queue an output order; return why not, if the reader is not there to take it."""
        with self._lock:
            if self._state != "online":
                return self._last_error or "missing"
            self._urgent.append(order)
            return None

    def show(self, signal: Signal) -> None:
        """Queue a signal in the place of an older one that was not shown yet."""
        with self._lock:
            self._signals = [PostedOrder(kind, command) for kind, command in _looks(signal)]

    def hold_off(self, output: int) -> None:
        """Switch ``output`` off whenever the reader comes online."""
        with self._lock:
            self._held_off.add(output)

    def next_order(self) -> PostedOrder | None:
        """Return what is to be sent now: outputs before lights."""
        with self._lock:
            while self._urgent:
                order = self._urgent.popleft()
                if not order.ended.is_set():
                    return order
            return self._signals.pop(0) if self._signals else None

    @property
    def owes(self) -> bool:
        """Whether output orders are on their way."""
        with self._lock:
            return bool(self._urgent) or (self.in_flight is not None and self.in_flight.kind == "output")

    def overdue(self, now: float) -> bool:
        """End the orders whose time is over; whether one of them was sent already and must be stopped."""
        with self._lock:
            late = [order for order in self._urgent if now >= order.deadline]
        for order in late:
            order.end("missing")
        flying = self.in_flight
        if flying is None or now < flying.deadline:
            return False
        flying.end("missing")
        return True

    def drop_orders(self, why: PortErrorKind) -> None:
        """End all orders: what was meant for this moment must not happen at another."""
        with self._lock:
            orders = [*self._urgent, *([self.in_flight] if self.in_flight is not None else [])]
            self._urgent.clear()
            self._signals.clear()
        for order in orders:  # the one in flight keeps its place until libosdp says that it has ended
            order.end(why)

    def renew(self) -> None:
        """Start with a new panel, which knows nothing of the old one's orders."""
        self.drop_orders("missing")
        self.in_flight = None
        self.try_again_at = None

    # Coming and going

    @property
    def state(self) -> PortState:
        """The state that was told last."""
        with self._lock:
            return self._state

    def came(self) -> None:
        """The reader is online: lock what is held off, and show that it is at rest."""
        with self._lock:
            self._state, self._since = "online", time.monotonic()
            self._last_error = None
            self._urgent.extend(PostedOrder("output", osdp.output_off(n), n) for n in sorted(self._held_off))
        self.show("idle")
        self.inputs_due_at = time.monotonic() + INPUTS_SECONDS
        self.try_again_at, self._retry_seconds = None, RETRY_FIRST_SECONDS

    def went(self, why: PortErrorKind) -> bool:
        """The reader is not there; return whether that, or the reason, is new."""
        self.inputs = self.inputs_said = None
        with self._lock:
            new = self._state != "waiting" or self._last_error != why
            if self._state != "waiting":
                self._since = time.monotonic()
            self._state, self._last_error = "waiting", why
        if new:
            self.drop_orders(why)
        return new

    def retry_later(self, now: float, *, refused: bool) -> None:
        """Have the reader tried again soon; one that is refused less and less often."""
        if self.try_again_at is None:
            self.try_again_at = now + self._retry_seconds
            if refused:
                self._retry_seconds = min(self._retry_seconds * 2, RETRY_LONGEST_SECONDS)

    def stopped(self) -> None:
        """Nobody looks after the reader any more."""
        with self._lock:
            if self._state != "stopped":
                self._state, self._since = "stopped", time.monotonic()
        self.drop_orders("missing")

    # Counting

    def read(self, now: float) -> None:
        """Count a badge."""
        with self._lock:
            self._frames += 1
            self._last_frame = now

    def note(self, why: str, times: int = 1) -> None:
        """Count what was not used."""
        with self._lock:
            self._noise[why] += times

    def health(self, *, ended: bool, hangs: bool) -> PortHealth:
        """How the reader is doing; ``ended`` and ``hangs`` tell of the thread that should know."""
        with self._lock:
            state, error = self._state, self._last_error
            if ended:
                state = "stopped"
            elif hangs and state == "online":
                state, error = "waiting", "io"
            return PortHealth(
                name=self.name,
                state=state,
                since_monotonic=self._since,
                frames=self._frames,
                noise=MappingProxyType(dict(self._noise)),
                last_error=error,
                last_frame_monotonic=self._last_frame,
            )


def _looks(signal: Signal) -> list[tuple[OrderKind, osdp.Order]]:
    """Return what a signal looks and sounds like. All but rest ends by the reader's own timer."""
    match signal:
        case "idle":
            return [("LED", osdp.light_cancel()), ("LED", osdp.light_at_rest("Red"))]
        case "yes":
            return [("LED", osdp.light_for("Green", 3, on_steps=1)), ("buzzer", osdp.tone(1, on_steps=2))]
        case "wait":
            return [("LED", osdp.light_for("Amber", 25, on_steps=5, off_steps=5))]
        case "no":
            return [
                ("LED", osdp.light_for("Red", 2, on_steps=2, off_steps=2)),
                ("buzzer", osdp.tone(3, on_steps=1)),
            ]
