"""A reader of iCalendar files that follows RFC 5545 and nothing of ours: unfolds, splits, unescapes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

_ESCAPED = re.compile(r"\\([\\;,nN])")
_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION"})
_TIMES = frozenset({"DTSTART", "DTEND", "DTSTAMP"})


def events_of(data: bytes) -> list[dict[str, Any]]:
    """The events of a calendar, each with the properties that every event must have (3.6.1)."""
    # 3.1: a fold is CR LF and one blank, taken out before the octets are read as text.
    lines = data.replace(b"\r\n ", b"").decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert {"VERSION:2.0", "METHOD:PUBLISH"} <= set(lines)
    assert any(line.startswith("PRODID:") for line in lines)
    events: list[dict[str, Any]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and ":" in line and not line.startswith(("BEGIN", "END")):
            name, value = line.split(":", 1)
            key = name.split(";")[0]
            assert key not in events[-1], f"{key} twice"
            events[-1][key] = _value(key, value)
    assert all({"UID", "DTSTAMP", "DTSTART", "SEQUENCE"} <= set(event) for event in events)
    return events


def _value(name: str, text: str) -> str | datetime | date:
    if name in _TEXTS:
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
    if name not in _TIMES:
        return text
    if len(text) == 8:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
