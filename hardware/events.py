"""What a decoder yields: a badge that was read whole, or bytes that made no sense."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from regulation.values import value
from settings import ZhibanError

NOISE_BYTES: Final = 64
"""Most bytes one :class:`Noise` carries; a longer run is reported in pieces or cut, so a flood stays small."""

CHECKSUM: Final = "checksum"  # a whole frame whose check digits do not agree with its data
PARITY: Final = "parity"  # a whole frame whose parity bits do not agree with its data
FRAMING: Final = "framing"  # bytes outside a frame, or a frame of the wrong shape
CHARSET: Final = "charset"  # a byte that this format never sends
OVERLONG: Final = "overlong"  # more bytes than a frame can have
TRUNCATED: Final = "truncated"  # the stream ended inside a frame


@value
class BadgeRead:
    """A whole frame with its checks passed.

    ``badge`` is fixed-width upper-case hex for binary formats (leading zeros kept) and the text itself for line
    readers. ``facility`` and ``card`` are set by Wiegand alone. A badge id opens doors, so it stays out of
    ``repr`` and with it out of logs.
    """

    badge: str = field(repr=False)
    facility: int | None = field(default=None, repr=False)
    card: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Noise:
    """At most :data:`NOISE_BYTES` bytes that are no frame; ``why`` is one of the codes above.

    The bytes may hold most of a badge id, so they stay out of ``repr`` too.
    """

    data: bytes = field(repr=False)
    why: str


DecoderEvent = BadgeRead | Noise


@dataclass(frozen=True, slots=True)
class InputChanged:
    """The input ``number`` of the reader ``name`` is active or not; the time is ``time.monotonic()`` seconds.

    ``first`` marks the state found after the reader came online: it says how things stand, not that they changed.
    """

    name: str
    number: int
    active: bool
    at_monotonic: float
    first: bool = False


class BadgeFormatError(ZhibanError):
    """A badge id that the reader's format cannot carry."""


def event_json(event: DecoderEvent) -> dict[str, str | int]:
    """Return ``event`` in the documented shape of ``zhiban decode``: one object, stable keys."""
    if isinstance(event, Noise):
        return {"event": "noise", "bytes": event.data.hex().upper(), "why": event.why}
    shape: dict[str, str | int] = {"event": "badge_read", "badge": event.badge}
    if event.facility is not None:
        shape["facility"] = event.facility
    if event.card is not None:
        shape["card"] = event.card
    return shape
