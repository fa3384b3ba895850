"""ASCII line readers: one badge a line, ended by CR, LF or both."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from hardware.events import (
    CHARSET,
    NOISE_BYTES,
    OVERLONG,
    TRUNCATED,
    BadgeFormatError,
    BadgeRead,
    DecoderEvent,
    Noise,
)
from locales import _

LINE_CHARACTERS: Final = 64
"""Longest line taken for a badge, in characters, blanks included."""

_LINE_END = re.compile(rb"[\r\n]")
_PRINTABLE = re.compile(rb"[\x20-\x7e]+")
_BLANKS: Final = b" \t"


def read_line(text: bytes) -> DecoderEvent:
    """Return the badge that a line without its blanks and its end is: any printable text."""
    if _PRINTABLE.fullmatch(text):
        return BadgeRead(text.decode("ascii"))
    return Noise(text, CHARSET)


class LineDecoder:
    """Take bytes, yield what ``read`` makes of each line: by default a badge per printable line.

    Only a line end starts a new frame: text after a bad byte may be the tail of a badge, and a tail must never
    be read as a badge of its own.
    """

    def __init__(self, read: Callable[[bytes], DecoderEvent] = read_line) -> None:
        self._read = read
        self._line = bytearray()
        self._skipping = False  # inside an overlong line that has been reported already

    def feed(self, data: bytes) -> list[DecoderEvent]:
        """Return the events that ``data`` completes."""
        events: list[DecoderEvent] = []
        *ended, rest = _LINE_END.split(data)
        for piece in ended:
            self._extend(piece, events)
            self._finish(events)
        self._extend(rest, events)
        return events

    def close(self) -> list[DecoderEvent]:
        """Return what is left when the stream ends: a line without its end is noise."""
        rest = bytes(self._line).strip(_BLANKS)
        self._line.clear()
        self._skipping = False
        return [Noise(rest, TRUNCATED)] if rest else []

    def _extend(self, piece: bytes, events: list[DecoderEvent]) -> None:
        if self._skipping or not piece:
            return
        self._line += piece[: LINE_CHARACTERS + 1 - len(self._line)]
        if len(self._line) > LINE_CHARACTERS:
            # Reported now, not at the line end: a reader stuck without line ends would never be heard of.
            events.append(Noise(bytes(self._line[:NOISE_BYTES]), OVERLONG))
            self._line.clear()
            self._skipping = True

    def _finish(self, events: list[DecoderEvent]) -> None:
        if self._skipping:
            self._skipping = False
            return
        if not self._line:  # between CR and LF
            return
        text = bytes(self._line).strip(_BLANKS)
        self._line.clear()
        if text:
            events.append(self._read(text))


def encode_line(badge: str) -> bytes:
    """Return the frame a line reader sends for ``badge``. Raises :class:`BadgeFormatError`."""
    raw = badge.encode("utf-8")
    if len(raw) > LINE_CHARACTERS or not _PRINTABLE.fullmatch(raw) or raw != raw.strip(_BLANKS):
        raise BadgeFormatError(
            _("A line reader cannot send this badge."),
            next_step=_("Use 1 to {count} printable ASCII characters without blanks at the ends.").format(
                count=LINE_CHARACTERS
            ),
        )
    return raw + b"\r\n"
