"""Wiegand-26 (H10301) and Wiegand-34, read through a bridge that sends each card as one line of text.

The bits in the order they are sent, P being parity, F the facility and C the card number::

    26    P FFFFFFFF CCCCCCCCCCCCCCCC P              first half: bits 1-13, second half: 14-26
    34    P FFFFFFFFFFFFFFFF CCCCCCCCCCCCCCCC P      first half: bits 1-17, second half: 18-34

The first bit makes the number of ones in the first half even, the last bit makes it odd in the second half. Lines
end with CR, LF or both and hold all bits, parity included, in one of these forms:

* one character ``0`` or ``1`` a bit: 26 or 34 characters;
* the bits as one hex number with its leading zeros, in capitals or small letters: 7 or 8 digits for 26 bits, 9 or 10
  for 34. Digits beyond the bits must be zero.

Nothing shorter is taken: a bridge that drops leading zeros cannot be told from a line that lost its first bytes. A bridge
that checks parity itself and sends the data bits alone as 6 or 8 hex digits is a line reader (format ``line``) and yields
the same badge ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from hardware.events import (
    CHARSET,
    FRAMING,
    NOISE_BYTES,
    PARITY,
    BadgeFormatError,
    BadgeRead,
    DecoderEvent,
    Noise,
)
from hardware.line import LineDecoder
from locales import _

CARD_BITS: Final = 16
LONGEST_BITS: Final = 256
"""Longest credential taken as raw bits: 64 hex digits, as long as the longest badge of a line reader."""

_BINARY = re.compile(rb"[01]+")
_HEX = re.compile(rb"[0-9A-F]+|[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a Wiegand credential lie; ``bits`` counts both parity bits."""

    bits: int
    facility_bits: int

    @property
    def badge_digits(self) -> int:
        """Hex digits of the data bits."""
        return (self.bits - 2) // 4

    @property
    def line_digits(self) -> range:
        """How many hex digits a line may have: as few as hold all bits, or whole bytes."""
        fewest = -(-self.bits // 4)
        return range(fewest, fewest + 2)

    def parity_agrees(self, bits: int) -> bool:
        """Whether the ones of the first half are even in number and those of the second odd."""
        half = self.bits // 2
        first, second = bits >> half, bits & ((1 << half) - 1)
        return first.bit_count() % 2 == 0 and second.bit_count() % 2 == 1

    def with_parity(self, data: int) -> int:
        """Return ``data`` with its parity bits around it."""
        half = (self.bits - 2) // 2
        first, second = data >> half, data & ((1 << half) - 1)
        even, odd = first.bit_count() % 2, 1 - second.bit_count() % 2
        return even << (self.bits - 1) | data << 1 | odd


LAYOUTS: Final[Mapping[str, Layout]] = MappingProxyType(
    {"wiegand26": Layout(bits=26, facility_bits=8), "wiegand34": Layout(bits=34, facility_bits=16)}
)
_BY_LENGTH: Final = {layout.bits: layout for layout in LAYOUTS.values()}


def badge_from_bits(bits: int, length: int) -> BadgeRead | Noise:
    """Return the badge of a credential of ``length`` bits, first sent most significant, parity included.

    26 and 34 bits are checked and split. Any other length is its raw bits in upper hex, as many digits as hold
    ``length`` bits, without facility and card: its check, if it has one, is not known here.
    """
    if not 0 < length <= LONGEST_BITS or bits < 0 or bits >> length:
        return Noise(b"", FRAMING)
    layout = _BY_LENGTH.get(length)
    if layout is None:
        return BadgeRead(f"{bits:0{-(-length // 4)}X}")
    if not layout.parity_agrees(bits):
        return Noise(bits.to_bytes(-(-length // 8))[:NOISE_BYTES], PARITY)
    data = bits >> 1 & ((1 << (length - 2)) - 1)
    return BadgeRead(
        f"{data:0{layout.badge_digits}X}", facility=data >> CARD_BITS, card=data & ((1 << CARD_BITS) - 1)
    )


def bits_of_badge(format_name: str, badge: str) -> int:
    """Return all bits a reader of ``format_name`` sends for ``badge``. Raises :class:`BadgeFormatError`."""
    layout = _layout(format_name)
    if not re.fullmatch(rf"[0-9A-Fa-f]{{{layout.badge_digits}}}", badge):
        raise BadgeFormatError(
            _("A Wiegand-{bits} reader cannot send this badge.").format(bits=layout.bits),
            next_step=_("Use exactly {count} hex digits (0-9, A-F).").format(count=layout.badge_digits),
        )
    return layout.with_parity(int(badge, 16))


def badge_of_card(format_name: str, facility: int, card: int) -> str:
    """Return the badge id of the card printed as ``facility`` and ``card``. Raises :class:`BadgeFormatError`."""
    layout = _layout(format_name)
    if not (0 <= facility < 1 << layout.facility_bits and 0 <= card < 1 << CARD_BITS):
        raise BadgeFormatError(
            _("Facility {facility} and card {card} do not fit into Wiegand-{bits}.").format(
                facility=facility, card=card, bits=layout.bits
            ),
            next_step=_("Give a facility of 0 to {facility} and a card number of 0 to {card}.").format(
                facility=(1 << layout.facility_bits) - 1, card=(1 << CARD_BITS) - 1
            ),
        )
    return f"{facility << CARD_BITS | card:0{layout.badge_digits}X}"


def wiegand26_decoder() -> LineDecoder:
    """Return a decoder of Wiegand-26 lines."""
    return LineDecoder(partial(_read, "wiegand26"))


def wiegand34_decoder() -> LineDecoder:
    """Return a decoder of Wiegand-34 lines."""
    return LineDecoder(partial(_read, "wiegand34"))


def encode_wiegand26(badge: str) -> bytes:
    """Return the hex line (whole bytes) for ``badge``, 6 hex digits. Raises :class:`BadgeFormatError`."""
    return b"%08X\r\n" % bits_of_badge("wiegand26", badge)


def encode_wiegand34(badge: str) -> bytes:
    """Return the hex line (whole bytes) for ``badge``, 8 hex digits. Raises :class:`BadgeFormatError`."""
    return b"%010X\r\n" % bits_of_badge("wiegand34", badge)


def _read(format_name: str, text: bytes) -> DecoderEvent:
    layout = LAYOUTS[format_name]
    if len(text) == layout.bits and _BINARY.fullmatch(text):
        bits = int(text, 2)
    elif not _HEX.fullmatch(text):
        return Noise(text, CHARSET)
    elif len(text) in layout.line_digits:
        bits = int(text, 16)
    else:
        return Noise(text, FRAMING)
    event = badge_from_bits(bits, layout.bits)
    # The line itself is what to look at when it made no sense, not the bits it was taken for.
    return event if isinstance(event, BadgeRead) else Noise(text, event.why)


def _layout(format_name: str) -> Layout:
    if format_name not in LAYOUTS:
        raise BadgeFormatError(
            _("Format {name} has no facility and no card number.").format(name=format_name),
            next_step=_("Choose one of: {names}.").format(names=", ".join(LAYOUTS)),
        )
    return LAYOUTS[format_name]
