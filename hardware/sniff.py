"""Which format does this reader speak? Every decoder runs side by side on the same bytes.

This is for commissioning alone: a reader at a door has its format in the settings, because bytes that fit two formats
would name two badges.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from hardware.decoders import FORMATS, decoder_factory
from hardware.events import BadgeRead, DecoderEvent
from hardware.port import BAUD, PORT_ERRORS, READ_BYTES, PortError, open_port
from locales import _

AUTO: Final = "auto"
SURE_READS: Final = 3
"""Whole badges after which, without noise, a format is called certain."""

MISFIT_BYTES: Final = 64
"""Bytes without a whole badge after which no format is said to fit: more than three frames of any."""

TELLING_BADGES: Final = 5
"""Different badges that must pass Wiegand's parity before a line is called Wiegand.

One line of hex digits in four has the right parity by chance, so five in a row are chance once in a thousand; the
same badge again and again proves nothing.
"""

MOST: Final = 0.75
"""Share of the lines that must pass for the stricter format to stay in question: noise spoils a few, chance passes 1/4."""

_NARROWER: Final = (
    ("id12", "rdm6300", 1),
    ("wiegand26", "line", TELLING_BADGES),
    ("wiegand34", "line", TELLING_BADGES),
)
"""(format, wider format that reads all its frames too, different badges that settle it for the narrower one)."""

LOOK_SECONDS: Final = 0.2
"""How often a quiet port is left to see whether the person has had enough."""


@dataclass(slots=True)
class _Score:
    reads: int = 0
    noise_bytes: int = 0
    badges: set[str] = field(default_factory=set)  # at most TELLING_BADGES


class Recogniser:
    """Feed it raw bytes; it says which format fits and how sure it is."""

    def __init__(self) -> None:
        self._decoders = {name: make() for name, make in FORMATS.items()}
        self._scores = {name: _Score() for name in FORMATS}
        self.bytes_seen = 0

    def feed(self, data: bytes) -> list[tuple[str, DecoderEvent]]:
        """Return what each format makes of ``data``, with the format's name."""
        self.bytes_seen += len(data)
        return [self._score(name, event) for name, dec in self._decoders.items() for event in dec.feed(data)]

    def close(self) -> list[tuple[str, DecoderEvent]]:
        """Return what is left in each decoder when the bytes end."""
        return [self._score(name, event) for name, dec in self._decoders.items() for event in dec.close()]

    def fitting(self) -> list[str]:
        """Return the formats that fit what came so far, none of them told from the others yet."""
        ranked = sorted(self._scores.items(), key=lambda item: (-item[1].reads, item[1].noise_bytes))
        best = ranked[0][1]
        if not best.reads:
            return []
        names = [name for name, s in ranked if (s.reads, s.noise_bytes) == (best.reads, best.noise_bytes)]
        for narrow, wide, telling in _NARROWER:
            score = self._scores[narrow]
            if wide not in names or score.reads < MOST * best.reads:
                continue
            if len(score.badges) >= telling:
                return [narrow]
            names = [*names, narrow] if narrow not in names else names
        return names

    def verdict(self) -> str | None:
        """Return the one format that fits, the strictest if it is proven; None when it is open."""
        names = self.fitting()
        return names[0] if len(names) == 1 else None

    def confidence(self) -> str:
        """Say in a sentence what the verdict is worth and what to do next."""
        names = self.fitting()
        if not names:
            return self._silence()
        if len(names) > 1:
            return _(
                "Several formats fit: {names}. Swipe {count} different badges to tell them apart."
            ).format(names=", ".join(names), count=TELLING_BADGES)
        score = self._scores[names[0]]
        if score.noise_bytes:
            return _(
                "Format {name}, with noise on the line. Check the cable, the ground and the supply."
            ).format(name=names[0])
        if score.reads < SURE_READS:
            return _("Probably format {name}. Swipe again to be sure.").format(name=names[0])
        return _("Format {name}, certain.").format(name=names[0])

    def _silence(self) -> str:
        if not self.bytes_seen:
            return _("Nothing received yet. Swipe a badge; if nothing comes, check power, wiring and RX/TX.")
        if self.bytes_seen < MISFIT_BYTES:
            return _("Bytes arrive. Swipe a badge a few times.")
        return _(
            "Bytes arrive, but no format fits them. Check the speed (baud rate), the ground and the wiring."
        )

    def _score(self, name: str, event: DecoderEvent) -> tuple[str, DecoderEvent]:
        score = self._scores[name]
        if isinstance(event, BadgeRead):
            score.reads += 1
            if len(score.badges) < TELLING_BADGES:
                score.badges.add(event.badge)
        else:
            score.noise_bytes += len(event.data)
        return name, event


@dataclass(frozen=True, slots=True)
class SniffedChunk:
    """Raw bytes as they came, ``seconds`` after the port was opened."""

    seconds: float
    data: bytes


@dataclass(frozen=True, slots=True)
class SniffedEvent:
    """What ``format_name`` made of the bytes."""

    seconds: float
    format_name: str
    event: DecoderEvent


@dataclass(frozen=True, slots=True)
class SniffedVerdict:
    """The recognised format changed; ``words`` say how sure it is."""

    seconds: float
    format_name: str | None
    words: str


Sniffed = SniffedChunk | SniffedEvent | SniffedVerdict


def sniff(
    port_url: str, format_name: str = AUTO, *, stop: threading.Event | None = None, baudrate: int = BAUD
) -> Iterator[Sniffed]:
    """Yield raw chunks and decoded events from ``port_url`` until ``stop`` is set or the port is lost.

    With ``auto``, badges of every format are shown, noise only of the format recognised, and each change of the
    verdict; otherwise the one format's events. Raises ``PortError``, and ``ZhibanError`` for an unknown format.
    """
    listener: _Auto | _Single = _Auto() if format_name == AUTO else _Single(format_name)
    port = open_port(port_url, baudrate=baudrate, read_seconds=LOOK_SECONDS)
    opened = time.monotonic()
    try:
        while stop is None or not stop.is_set():
            try:
                data = port.read(1)
                data += port.read(min(port.in_waiting, READ_BYTES)) if data else b""
            except PORT_ERRORS as error:
                raise PortError("missing", port_url) from error
            if data:
                seconds = time.monotonic() - opened
                yield SniffedChunk(seconds, data)
                yield from listener.hear(seconds, data)
        yield from listener.end(time.monotonic() - opened)
    finally:
        port.close()


class _Single:
    def __init__(self, format_name: str) -> None:
        self._name = format_name
        self._decoder = decoder_factory(format_name)()

    def hear(self, seconds: float, data: bytes) -> list[Sniffed]:
        return [SniffedEvent(seconds, self._name, event) for event in self._decoder.feed(data)]

    def end(self, seconds: float) -> list[Sniffed]:
        return [SniffedEvent(seconds, self._name, event) for event in self._decoder.close()]


class _Auto:
    def __init__(self) -> None:
        self._recogniser = Recogniser()
        self._said = self._recogniser.confidence()

    def hear(self, seconds: float, data: bytes) -> list[Sniffed]:
        return self._shown(seconds, self._recogniser.feed(data))

    def end(self, seconds: float) -> list[Sniffed]:
        shown = self._shown(seconds, self._recogniser.close())
        return [*shown, SniffedVerdict(seconds, self._recogniser.verdict(), self._recogniser.confidence())]

    def _shown(self, seconds: float, events: list[tuple[str, DecoderEvent]]) -> list[Sniffed]:
        best = self._recogniser.verdict()
        shown: list[Sniffed] = [
            SniffedEvent(seconds, name, event)
            for name, event in events
            if isinstance(event, BadgeRead) or name == best
        ]
        words = self._recogniser.confidence()
        if words != self._said:
            self._said = words
            shown.append(SniffedVerdict(seconds, best, words))
        return shown
