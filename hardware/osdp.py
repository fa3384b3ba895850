"""Contact with libosdp: a control panel and a peripheral, each to be refreshed by one thread of its owner's.

The bindings' own wrapper is left aside on purpose: its thread is no daemon, looks at the line every 20 ms only, and
keeps every event of a panel's life in a queue that nobody empties.
"""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from locales import _
from settings import ZhibanError

KEY_BYTES: Final = 16
INSTALL_KEY: Final = bytes(range(0x30, 0x40))
"""SCBK-D: the key that every reader in install mode knows, and everybody else too."""

TIMER_STEPS_PER_SECOND: Final = 10
TIMER_LONGEST_SECONDS: Final = 25.5
"""The bindings cut an output's timer to eight bits of 100 ms: 300 would become 44."""

LONGEST_ADDRESS: Final = 0x7E  # 0x7F speaks to all
LOG_EMERGENCIES_ONLY: Final = 0  # libosdp writes to stderr, where the screen is

_OUTPUT_OFF: Final = 1  # permanent state off, abort a timed one
_OUTPUT_ON_FOR: Final = 5  # temporary state on, then back to the permanent one
_LED_CANCEL: Final = 1
_LED_FOR: Final = 2
_LED_SET: Final = 1
_TONE: Final = 2

Order = dict[str, Any]
"""A command as the bindings take it."""


class Line(Protocol):
    """The bytes of a bus, as libosdp asks for them. Nothing here may raise or wait: libosdp cannot cope."""

    def read(self, max_bytes: int) -> bytes:
        """Return what has come, at most ``max_bytes``."""
        ...

    def write(self, data: bytes) -> int:
        """Send all of ``data`` and return its length."""
        ...

    def flush(self) -> None:
        """Drop what came and was not asked for."""
        ...


@dataclass(frozen=True, slots=True)
class PanelReader:
    """One reader as the panel sees it; the key stays out of ``repr``."""

    name: str
    address: int
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A card at the reader ``index``: ``length`` bits, or text when ``text`` is set."""

    index: int
    data: bytes = field(repr=False)
    length: int = 0
    text: bool = False


@dataclass(frozen=True, slots=True)
class InputsSeen:
    """The states of all inputs of a reader."""

    index: int
    active: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class ReaderOffline:
    """libosdp gave the reader up, for five minutes if nobody asks it to try again."""

    index: int


@dataclass(frozen=True, slots=True)
class OrderDone:
    """The reader's oldest order has ended."""

    index: int
    done: bool


PanelEvent = CardSeen | InputsSeen | ReaderOffline | OrderDone


def bindings() -> tuple[Any, Any]:
    """Return libosdp's constants and its extension module. Raises ``ZhibanError`` when they are not installed."""
    try:
        return importlib.import_module("osdp"), importlib.import_module("osdp_sys")
    except ImportError as error:
        raise ZhibanError(
            _("Readers on an OSDP bus need a part of zhiban that is not installed."),
            next_step=_("Install it with: pip install 'zhiban[osdp]'"),
        ) from error


class Panel:
    """A control panel for the readers of one bus. Not for several threads at once.

    With ``enforce_secure`` (always, except while a key is set up) a reader that does not prove its key stays
    offline, and so does one that speaks plain text or is still in install mode.
    """

    def __init__(self, line: Line, readers: Sequence[PanelReader], *, enforce_secure: bool = True) -> None:
        self._names, extension = bindings()
        flags = [self._names.LibFlag.EnableNotification]
        if enforce_secure:
            flags.append(self._names.LibFlag.EnforceSecure)
        infos = [
            self._names.PDInfo(reader.address, line, reader.key, f"reader {number}", flags).get()
            for number, reader in enumerate(readers)
        ]
        extension.set_loglevel(LOG_EMERGENCIES_ONLY)
        self._events: deque[PanelEvent] = deque()
        self._context: Any = extension.ControlPanel(infos)
        self._context.set_event_callback(self._happened)
        self._context.set_command_completion_callback(self._completed)

    def refresh(self) -> list[PanelEvent]:
        """Take one step: read, decide, write. To be called every few milliseconds; returns what happened."""
        self._context.refresh()
        events = list(self._events)
        self._events.clear()
        return events

    def is_secure(self, index: int) -> bool:
        """Whether the reader is online with its own key proven."""
        return bool(self._context.status() & self._context.sc_status() & (1 << index))

    def items(self, index: int, capability: str) -> int:
        """Return how many of a thing the reader says it has: ``OutputControl``, ``LEDControl``, …

        An order for what a reader does not have makes libosdp drop the reader, so ask first.
        """
        level, items = self._context.check_capability(index, getattr(self._names.Capability, capability))
        return int(items) if level else 0

    def submit(self, index: int, order: Order) -> bool:
        """Give the reader an order; whether it was taken. Its end is told by :class:`OrderDone`."""
        return bool(self._context.submit_command(index, order))

    def forget_orders(self, index: int) -> None:
        """Drop the orders that were not sent yet: they must not be carried out when the reader returns."""
        self._context.flush_commands(index)

    def try_again(self, index: int) -> bool:
        """Make libosdp talk to a reader it gave up, in two steps; call until it returns True."""
        if self._context.is_pd_enabled(index):
            self._context.disable_pd(index)
            return False
        return bool(self._context.enable_pd(index))

    def close(self) -> None:
        """Wipe the keys and let libosdp go."""
        self._context = None

    def _happened(self, index: int, event: Mapping[str, Any]) -> int:
        """Called by libosdp in the middle of ``refresh``: only takes a note, for an exception here is lost."""
        kinds = self._names.Event
        if event["event"] == kinds.CardRead:
            text = event["format"] == self._names.CardFormat.ASCII
            self._events.append(CardSeen(index, event["data"], event.get("length", 0), text))
        elif event["event"] == kinds.Status and event["type"] == self._names.StatusReportType.Input:
            self._events.append(InputsSeen(index, tuple(map(bool, event["report"]))))
        elif event["event"] == kinds.Notification and self._tells_of_offline(event):
            self._events.append(ReaderOffline(index))
        return 0

    def _tells_of_offline(self, event: Mapping[str, Any]) -> bool:
        return event["type"] == self._names.EventNotification.PeripheralDeviceStatus and not event["arg0"]

    def _completed(self, index: int, _order: Order, status: int) -> None:
        self._events.append(OrderDone(index, status == self._names.CompletionStatus.Ok))


class Peripheral:
    """A reader as libosdp plays it, for simulators. ``key`` None is a reader fresh from its maker.

    ``on_order`` is called from within ``refresh``. A question for its states is declined, for the bindings cannot
    carry the answer; show the inputs unasked.
    """

    def __init__(
        self,
        line: Line,
        address: int,
        key: bytes | None,
        on_order: Callable[[str, Order], None],
        *,
        outputs: int,
        inputs: int,
        secure: bool = True,
    ) -> None:
        self._names, extension = bindings()
        self._on_order = on_order
        names = self._names
        # Each of the lists is (what, compliance level, how many).
        has = [(names.Capability.CardDataFormat, 1, 1), (names.Capability.LEDControl, 1, 1)]
        has += [(names.Capability.AudibleControl, 1, 1), (names.Capability.OutputControl, 1, outputs)]
        has += [(names.Capability.ContactStatusMonitoring, 1, inputs)]
        if not secure:
            has.append((names.Capability.CommunicationSecurity, 0, 0))
        flags = [names.LibFlag.InstallMode] if key is None and secure else []
        if key is not None and secure:
            flags = [names.LibFlag.EnforceSecure]
        info = names.PDInfo(address, line, key if secure else None, f"device {address}", flags)
        extension.set_loglevel(LOG_EMERGENCIES_ONLY)
        self._context: Any = extension.PeripheralDevice(
            info.get(), capabilities=names.PDCapabilities(has).get()
        )
        self._context.set_command_callback(self._ordered)

    def refresh(self) -> None:
        """Read what the panel asks and answer."""
        self._context.refresh()

    @property
    def is_secure(self) -> bool:
        """Whether a panel that proved the key talks to this reader."""
        return bool(self._context.is_sc_active())

    def show_card(self, bits: int, length: int) -> None:
        """Keep a card of ``length`` bits for the panel's next question, however long that takes."""
        size = (length + 7) // 8
        data = (bits << (size * 8 - length)).to_bytes(size, "big")
        self._tell({"event": self._names.Event.CardRead, "reader_no": 0, "direction": 0}
                   | {"format": self._names.CardFormat.Wiegand, "length": length, "data": data})  # fmt: skip

    def show_inputs(self, states: bytes) -> None:
        """Keep the states of all inputs for the panel's next question."""
        report = self._names.StatusReportType.Input
        self._tell({"event": self._names.Event.Status, "type": report, "report": states})

    def close(self) -> None:
        """Let libosdp go."""
        self._context = None

    def _tell(self, event: Order) -> None:
        self._context.submit_event(event)

    def _ordered(self, order: Order) -> tuple[int, None]:
        commands = self._names.Command
        kinds = {commands.Output: "output", commands.LED: "led", commands.Buzzer: "buzzer"}
        kinds |= {commands.Keyset: "key"}
        kind = kinds.get(order["command"])
        if kind is None:
            return -1, None
        self._on_order(kind, order)
        return 0, None


def output_on(output: int, seconds: float) -> Order:
    """Switch ``output`` on for a while by the reader's own timer: 0.1 to :data:`TIMER_LONGEST_SECONDS`."""
    steps = round(min(max(seconds, 0.1), TIMER_LONGEST_SECONDS) * TIMER_STEPS_PER_SECOND)
    return _order("Output", output_no=output, control_code=_OUTPUT_ON_FOR, timer_count=steps)


def output_off(output: int) -> Order:
    """Switch ``output`` off for good and forget a running timer."""
    return _order("Output", output_no=output, control_code=_OUTPUT_OFF, timer_count=0)


def inputs_wanted() -> Order:
    """Ask for the states of all inputs."""
    names, _extension = bindings()
    return _order("Status", type=names.StatusReportType.Input)


def light_for(colour: str, seconds: float, *, on_steps: int, off_steps: int = 0) -> Order:
    """Show ``colour`` for a while (steps of 100 ms on and off), then what is shown at rest."""
    timer = round(min(seconds, TIMER_LONGEST_SECONDS) * TIMER_STEPS_PER_SECOND)
    return _light(colour, on_steps, off_steps, temporary=True, control_code=_LED_FOR, timer_count=timer)


def light_at_rest(colour: str) -> Order:
    """Show ``colour`` whenever nothing else is shown."""
    return _light(colour, 1, 0, temporary=False, control_code=_LED_SET)


def light_cancel() -> Order:
    """End what is shown for a while."""
    return _light("Black", 1, 0, temporary=True, control_code=_LED_CANCEL, timer_count=0)


def tone(times: int, *, on_steps: int, off_steps: int = 1) -> Order:
    """Sound the buzzer ``times`` times (steps of 100 ms)."""
    return _order(
        "Buzzer", reader=0, control_code=_TONE, on_count=on_steps, off_count=off_steps, rep_count=times
    )


def key_set(key: bytes) -> Order:
    """Give the reader a new key; only over a secure channel."""
    return _order("Keyset", type=1, data=key)


def _light(colour: str, on_steps: int, off_steps: int, **rest: Any) -> Order:
    names, _extension = bindings()
    shown, dark = getattr(names.CommandLEDColor, colour), names.CommandLEDColor.Black
    times = {"on_count": on_steps, "off_count": off_steps, "on_color": shown, "off_color": dark}
    return _order("LED", reader=0, led_number=0, **times, **rest)


def _order(command: str, **fields: Any) -> Order:
    names, _extension = bindings()
    return {"command": getattr(names.Command, command), **fields}
