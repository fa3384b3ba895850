"""The supervisor of an OSDP bus: one thread that keeps libosdp going and its readers honest.

Left alone libosdp gives a reader up for 300 s after a cut of more than 8 s, keeps unanswered orders and carries them
out when the reader returns, and reports the cards that were swiped meanwhile. None of that is fit for a door.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from hardware import osdp
from hardware.events import BadgeRead, DecoderEvent, InputChanged
from hardware.line import LineDecoder
from hardware.osdp_line import Bell, PortLine, opened
from hardware.osdp_post import ORDER_SECONDS, OsdpReaderSettings, Post, PostedOrder, Signal
from hardware.osdp_wire import HANDSHAKE, NAK, Talks
from hardware.port import (
    RETRY_FIRST_SECONDS,
    RETRY_LONGEST_SECONDS,
    FrameDecoded,
    PortError,
    PortErrorKind,
    PortEvent,
    PortHealth,
    PortLost,
    PortOpened,
)
from hardware.wiegand import badge_from_bits
from locales import _
from settings import ZhibanError

SILENCE_SECONDS: Final = 1.5
"""A reader that has said nothing for so long is away; libosdp repeats a question after about a second."""

SHARE_SECONDS: Final = 0.3
"""And so much longer for each reader on the bus, for a dead one holds up the others 0.2 s at every question."""

STEPS: Final = 3
"""libosdp needs a call each to take an answer, to choose what comes next, and to send it."""

HANG_SECONDS: Final = 3.0
"""A thread that has not come round for so long is stuck."""

PART_SECONDS: Final = 0.5
"""How long a stopping bus stays to hand out the last order to lock."""

_CAPABILITIES: Final = {
    "output": "OutputControl", "LED": "LEDControl", "buzzer": "AudibleControl", "inputs": "ContactStatusMonitoring",
}  # fmt: skip

STALE: Final = "stale"
"""How reads that may be from before the line was whole are counted in the health."""


class OsdpBus:
    """The readers of one RS-485 line. Secure Channel with each reader's own key, or nothing.

    ``on_event`` is called from the bus's thread, and must not wait for an order in there. A read is reported only
    while the talk with its reader is unbroken (:class:`hardware.osdp_wire.Talks`).
    """

    def __init__(
        self,
        port_url: str,
        readers: Sequence[OsdpReaderSettings],
        keys: Mapping[str, bytes],
        on_event: Callable[[PortEvent | InputChanged], None],
        *,
        baudrate: int = 9600,
    ) -> None:
        """Check readers and keys. Raises ``ZhibanError`` for what cannot work, also when libosdp is missing."""
        osdp.bindings()
        _check(readers, keys)
        self.port_url = port_url
        self._baudrate = baudrate
        self._on_event = on_event
        self._panel_readers = [osdp.PanelReader(r.name, r.address, keys[r.name]) for r in readers]
        self._posts = {reader.name: Post(index, reader) for index, reader in enumerate(readers)}
        self._by_index = list(self._posts.values())
        self._silence_seconds = SILENCE_SECONDS + SHARE_SECONDS * len(readers)
        self._connected_at = self._beat = self._part_by = time.monotonic()
        self._stopping = threading.Event()
        self._bell = Bell()
        self._thread = threading.Thread(target=self._run, name=f"osdp {port_url}", daemon=True)

    def start(self) -> None:
        """Begin to talk; the first event of each reader says whether it is there."""
        self._thread.start()

    def stop(self, join_seconds: float = 2.0) -> None:
        """Hand out the last orders, take libosdp down and close the port. Safe to call twice, from any thread."""
        self._stopping.set()
        self._bell.ring()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(join_seconds)

    def health(self, name: str) -> PortHealth:
        """How the reader is doing now, as far as the thread can know: one that ended or is stuck knows nothing."""
        started, alive = self._thread.ident is not None, self._thread.is_alive()
        hangs = alive and time.monotonic() - self._beat > HANG_SECONDS
        return self._posts[name].health(ended=started and not alive, hangs=hangs)

    def pulse_output(self, name: str, output: int, seconds: float) -> None:
        """Switch ``output`` on for ``seconds`` by the reader's own timer, at most 25.5 s; return when it has done so.

        Raises :class:`PortError` within about a second when it does not, and then it will not do so later either.
        """
        order = PostedOrder("output", osdp.output_on(output, seconds), output)
        order.deadline = time.monotonic() + ORDER_SECONDS
        trouble = self._posts[name].post(order)
        self._bell.ring()
        if trouble is None:
            if not order.ended.wait(ORDER_SECONDS + SHARE_SECONDS):
                order.end("io")
            trouble = order.trouble
        if trouble is not None:
            raise PortError(trouble, f"{self.port_url} ({name})")

    def release_output(self, name: str, output: int) -> None:
        """Switch ``output`` off now. Never waits, never raises: an unreachable reader's own timer does it."""
        self._posts[name].post(PostedOrder("output", osdp.output_off(output), output))
        self._bell.ring()

    def hold_off(self, name: str, output: int) -> None:
        """From now on switch ``output`` off whenever the reader comes online."""
        self._posts[name].hold_off(output)

    def signal(self, name: str, kind: Signal) -> None:
        """Show and sound the signal at the reader; never waits."""
        self._posts[name].show(kind)
        self._bell.ring()

    # The thread

    def _run(self) -> None:
        retry_seconds = RETRY_FIRST_SECONDS
        talks = Talks([post.address for post in self._by_index], self._silence_seconds)
        while not self._stopping.is_set():
            try:
                line = opened(self.port_url, self._baudrate, talks)
                retry_seconds = RETRY_FIRST_SECONDS
                try:
                    self._serve(line, talks)
                finally:
                    line.close()
            except PortError as error:
                for post in self._by_index:
                    self._away(post, error.kind)
            self._stopping.wait(retry_seconds)
            retry_seconds = min(retry_seconds * 2, RETRY_LONGEST_SECONDS)
        for post in self._by_index:
            post.stopped()
        self._bell.close()

    def _serve(self, line: PortLine, talks: Talks) -> None:
        """Talk over ``line`` until told to stop. Raises :class:`PortError` when the port is lost."""
        while self._talk(osdp.Panel(line, self._panel_readers), line, talks):
            continue  # only a new panel forgets the order that must not come late

    def _talk(self, panel: osdp.Panel, line: PortLine, talks: Talks) -> bool:
        """Talk until told to stop, or return True when an order has to be stopped on its way."""
        self._connected_at = time.monotonic()
        for post in self._by_index:
            talks.connected(post.address)
            post.renew()
        try:
            while not self._is_over():
                now = self._beat = time.monotonic()
                for post in self._by_index:
                    if post.overdue(now):
                        return True
                    self._hand_out(panel, post, talks, now)
                for _step in range(STEPS):
                    for event in panel.refresh():
                        self._happened(panel, talks, event)
                if line.fault:
                    raise PortError("missing", self.port_url)
                for post in self._by_index:
                    self._look_after(panel, post, talks, time.monotonic())
                line.wait(self._bell)
        finally:
            panel.close()
        return False

    def _is_over(self) -> bool:
        if not self._stopping.is_set():
            self._part_by = time.monotonic() + PART_SECONDS
            return False
        return time.monotonic() >= self._part_by or not any(post.owes for post in self._by_index)

    def _hand_out(self, panel: osdp.Panel, post: Post, talks: Talks, now: float) -> None:
        """Give libosdp the reader's next order; one at a time, so that an output never waits for lights."""
        if post.in_flight is not None or post.state != "online":
            return
        order = post.next_order() or self._question(post, talks, now)
        if order is None:
            return
        items = 0 if order.kind in post.refuses else panel.items(post.index, _CAPABILITIES[order.kind])
        if order.number < items and panel.submit(post.index, order.command):
            post.in_flight = order
        else:
            order.end("io")

    def _question(self, post: Post, talks: Talks, now: float) -> PostedOrder | None:
        if post.inputs is not None or talks[post.address].stale or now < post.inputs_due_at:
            return None
        post.inputs_due_at = float("inf")  # asked once: a reader that declines is not worth dropping twice
        return PostedOrder("inputs", osdp.inputs_wanted())

    def _happened(self, panel: osdp.Panel, talks: Talks, event: osdp.PanelEvent) -> None:
        post, now = self._by_index[event.index], time.monotonic()
        talk = talks[post.address]
        match event:
            case osdp.CardSeen():
                if talk.stale or not panel.is_secure(post.index):
                    post.note(STALE)
                else:
                    self._card(post, event, now)
            case osdp.InputsSeen():
                post.inputs_said = event.active
            case osdp.OrderDone():
                order, post.in_flight = post.in_flight, None
                if order is not None:
                    if not event.done and talk.answer == NAK:
                        post.refuses.add(order.kind)
                    order.end(None if event.done else "io")
            case osdp.ReaderOffline():
                panel.forget_orders(post.index)
                talks.connected(post.address)
                refused = talk.asked_at is None and talk.asked in HANDSHAKE
                post.retry_later(now, refused=refused)
                self._away(post, "key" if refused else "missing")

    def _look_after(self, panel: osdp.Panel, post: Post, talks: Talks, now: float) -> None:
        """Compare what libosdp says with what is heard on the line, and have a lost reader tried again."""
        talk = talks[post.address]
        heard = talk.answered_at is not None and now - talk.answered_at <= self._silence_seconds
        if heard and panel.is_secure(post.index):
            if post.state != "online" and not talk.stale:  # from now on a swipe is reported
                post.came()
                self._on_event(PortOpened(post.name, now))
        elif post.state == "online" or (
            post.state == "opening" and now - self._connected_at > self._silence_seconds
        ):
            self._away(post, "missing")
        if post.inputs_said is not None and post.state == "online" and not talk.stale:
            self._inputs(post, post.inputs_said, now)
        if post.try_again_at is not None and now >= post.try_again_at and panel.try_again(post.index):
            post.try_again_at = None

    def _away(self, post: Post, why: PortErrorKind) -> None:
        if post.went(why):
            self._on_event(PortLost(post.name, why, time.monotonic()))

    def _card(self, post: Post, card: osdp.CardSeen, now: float) -> None:
        for event in _read(card):
            if isinstance(event, BadgeRead):
                post.read(now)
            else:
                post.note(event.why)
            self._on_event(FrameDecoded(post.name, event, now))

    def _inputs(self, post: Post, active: tuple[bool, ...], now: float) -> None:
        known, post.inputs, post.inputs_said = post.inputs, active, None
        for number, state in enumerate(active):
            if known is None or number >= len(known) or known[number] != state:
                self._on_event(InputChanged(post.name, number, state, now, first=known is None))


def _read(card: osdp.CardSeen) -> Sequence[DecoderEvent]:
    """Return what a card says: text as from a line reader, bits as from a Wiegand reader."""
    if card.text:
        return LineDecoder().feed(card.data.rstrip(b"\0\r\n") + b"\r\n")
    spare = len(card.data) * 8 - card.length
    return [badge_from_bits(int.from_bytes(card.data, "big") >> spare, card.length)]


def _check(readers: Sequence[OsdpReaderSettings], keys: Mapping[str, bytes]) -> None:
    addresses = [reader.address for reader in readers]
    for reader in readers:
        if not 0 <= reader.address <= osdp.LONGEST_ADDRESS or addresses.count(reader.address) > 1:
            raise ZhibanError(
                _("The OSDP address {address} of reader {name} cannot be used.").format(
                    address=reader.address, name=reader.name
                ),
                next_step=_("Give each reader of a bus an address of its own, from 0 to 126."),
            )
        if len(keys.get(reader.name, b"")) != osdp.KEY_BYTES:
            raise ZhibanError(
                _("Reader {name} has no OSDP key.").format(name=reader.name),
                next_step=_("Set it up with: zhiban osdp-key {name}").format(name=reader.name),
            )
