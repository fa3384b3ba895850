"""RDM6300 and ID-12 readers (125 kHz, 9600 baud 8N1).

Frame, as in the modules' data sheets::

    RDM6300  STX  10 hex digits  2 hex digits of checksum  ETX           14 bytes
    ID-12    STX  10 hex digits  2 hex digits of checksum  CR LF  ETX    16 bytes

The checksum is the XOR of the five data bytes. It catches every altered digit that stands alone, and lets through
one in 256 of frames whose digits are wrong at random (measured by ``benchmarks/false_accept.py``). An RDM6300 repeats
its frame while the badge lies on it, an ID-12 or ID-20 sends it once: that is why they have names of their own.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import xor
from typing import Final

from hardware.events import (
    CHARSET,
    CHECKSUM,
    FRAMING,
    NOISE_BYTES,
    TRUNCATED,
    BadgeFormatError,
    BadgeRead,
    DecoderEvent,
    Noise,
)
from locales import _

STX: Final = 0x02
ETX: Final = 0x03
CR: Final = 0x0D
LF: Final = 0x0A

BADGE_DIGITS: Final = 10
CHECKSUM_DIGITS: Final = 2

# Places in a frame, STX being place 0.
_LAST_DIGIT: Final = BADGE_DIGITS + CHECKSUM_DIGITS
_CR_PLACE: Final = _LAST_DIGIT + 1
_LF_PLACE: Final = _LAST_DIGIT + 2
_ETX_PLACE: Final = _LAST_DIGIT + 1
_ID12_ETX_PLACE: Final = _LAST_DIGIT + 3

# The modules send upper case only; taking lower case too would let a flipped bit 5 of a letter pass unseen.
_DIGITS: Final = frozenset(b"0123456789ABCDEF")
_BADGE = re.compile(rf"[0-9A-Fa-f]{{{BADGE_DIGITS}}}")


class Rdm6300Decoder:
    """Take bytes, yield a badge per frame whose checksum agrees; any STX starts a new frame.

    Both lengths are read; ``id12`` asks for the one with CR LF alone.
    """

    def __init__(self, *, id12: bool = False) -> None:
        self._etx_places = frozenset({_ID12_ETX_PLACE} if id12 else {_ETX_PLACE, _ID12_ETX_PLACE})
        self._frame = bytearray()  # from STX on; empty outside a frame
        self._garbage = bytearray()  # at most NOISE_BYTES
        self._why = FRAMING

    def feed(self, data: bytes) -> list[DecoderEvent]:
        """Return the events that ``data`` completes."""
        events: list[DecoderEvent] = []
        for byte in data:
            self._take(byte, events)
        return events

    def close(self) -> list[DecoderEvent]:
        """Return what is left when the stream ends: half a frame is noise."""
        events: list[DecoderEvent] = []
        if self._frame:
            self._break_frame(TRUNCATED, events)
        self._report_garbage(events)
        return events

    def _take(self, byte: int, events: list[DecoderEvent]) -> None:
        place = len(self._frame)
        if byte == STX:
            if place:
                self._break_frame(FRAMING, events)
            self._report_garbage(events)
            self._frame.append(byte)
        elif place == 0:
            # Some modules end their frames with another CR LF after ETX: that is no fault of the line.
            if self._garbage or byte not in (CR, LF):
                self._spoil(byte, events)
        elif self._belongs(place, byte):
            self._frame.append(byte)
        elif byte == ETX:
            self._frame.append(byte)
            self._end_frame(place, events)
        else:
            self._break_frame(CHARSET if place <= _LAST_DIGIT else FRAMING, events)
            self._spoil(byte, events)

    @staticmethod
    def _belongs(place: int, byte: int) -> bool:
        if place <= _LAST_DIGIT:
            return byte in _DIGITS
        return (place == _CR_PLACE and byte == CR) or (place == _LF_PLACE and byte == LF)

    def _end_frame(self, place: int, events: list[DecoderEvent]) -> None:
        frame = bytes(self._frame)
        self._frame.clear()
        digits = frame[1 : 1 + _LAST_DIGIT]
        if place not in self._etx_places:
            events.append(Noise(frame, FRAMING))
        elif reduce(xor, bytes.fromhex(digits.decode("ascii"))):
            # Data and checksum XORed together leave nothing when they agree.
            events.append(Noise(frame, CHECKSUM))
        else:
            events.append(BadgeRead(digits[:BADGE_DIGITS].decode("ascii")))

    def _break_frame(self, why: str, events: list[DecoderEvent]) -> None:
        """Give up the frame at hand; what follows up to the next STX joins it as one noise."""
        self._report_garbage(events)
        self._garbage += self._frame
        self._why = why
        self._frame.clear()

    def _spoil(self, byte: int, events: list[DecoderEvent]) -> None:
        self._garbage.append(byte)
        # ETX closes a broken frame too, so that it is heard of now and not with the next badge.
        if byte == ETX or len(self._garbage) >= NOISE_BYTES:
            self._report_garbage(events)

    def _report_garbage(self, events: list[DecoderEvent]) -> None:
        if self._garbage:
            events.append(Noise(bytes(self._garbage), self._why))
            self._garbage.clear()
        self._why = FRAMING


def encode_rdm6300(badge: str, *, id12: bool = False) -> bytes:
    """Return the frame of ``badge`` (10 hex digits), as an ID-12 sends it on request.

    Raises :class:`BadgeFormatError`.
    """
    if not _BADGE.fullmatch(badge):
        raise BadgeFormatError(
            _("An RDM6300 reader cannot send this badge."),
            next_step=_("Use exactly {count} hex digits (0-9, A-F).").format(count=BADGE_DIGITS),
        )
    checksum = reduce(xor, bytes.fromhex(badge))
    body = f"{badge.upper()}{checksum:02X}".encode("ascii")
    return bytes([STX]) + body + (b"\r\n" if id12 else b"") + bytes([ETX])
