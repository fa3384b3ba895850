"""What was heard on a port, as a line for a person and as an object for a program."""

from __future__ import annotations

from hardware.events import BadgeRead, event_json
from hardware.sniff import Sniffed, SniffedChunk, SniffedEvent
from locales import _


def sniffed_json(heard: Sniffed) -> dict[str, object]:
    """Return ``heard`` in the documented shape of ``zhiban sniff --json``."""
    at: dict[str, object] = {"seconds": round(heard.seconds, 3)}
    if isinstance(heard, SniffedChunk):
        return {"event": "bytes", **at, "bytes": heard.data.hex().upper()}
    if isinstance(heard, SniffedEvent):
        return {**event_json(heard.event), **at, "format": heard.format_name}
    return {"event": "verdict", **at, "format": heard.format_name, "text": heard.words}


def sniffed_line(heard: Sniffed) -> str:
    """Return ``heard`` as one line: raw bytes in hex, a badge, noise, or what to make of it all."""
    at = f"{heard.seconds:8.3f}  "
    if isinstance(heard, SniffedChunk):
        return f"{at}{heard.data.hex(' ').upper()}"
    if not isinstance(heard, SniffedEvent):
        return f"{at}→ {heard.words}"
    if isinstance(heard.event, BadgeRead):
        return f"{at}✓ {heard.format_name}: {heard.event.badge}{_printed_as(heard.event)}"
    return f"{at}! {heard.format_name}: {_('noise')} ({heard.event.why})"


def _printed_as(read: BadgeRead) -> str:
    """Facility and card as they stand on the card, so that it can be told from its neighbours."""
    return "" if read.facility is None else f" ({read.facility},{read.card})"
