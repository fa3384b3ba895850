"""Twenty-four hours around a duty in one bar: when it was due, and when the person was in the room (Art. 33)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from textual.content import Content

from regulation.attendance_evidence import Evidence, Pass
from regulation.records import Direction, DutyRecord

HOURS = 24
CELLS_AN_HOUR = 2
MARK_EVERY_HOURS = 3
_CELL = timedelta(hours=1) / CELLS_AN_HOUR


def bar_lines(duty: DutyRecord, evidence: Evidence, zone: tzinfo) -> list[Content]:
    """Return three lines of 48 columns: the hours, the duty, and the time inside.

    Where an exit or an entry was not seen the time inside is open on that side.
    """
    begin = _begin(duty, zone)
    marks = "".join(
        f"{(begin + timedelta(hours=hour)).astimezone(zone):%H}".ljust(CELLS_AN_HOUR * MARK_EVERY_HOURS)
        for hour in range(0, HOURS, MARK_EVERY_HOURS)
    )
    due = _cells(begin, [(duty.starts_at, duty.ends_at)], "━", "─")
    out = [(o.from_at, o.until_at or begin + timedelta(hours=HOURS)) for o in evidence.outages]
    inside = _cells(begin, spans_inside(evidence.passes), "█", "·")
    shut = _cells(begin, out, "▒", " ")
    room = "".join(o if o != " " else i for i, o in zip(inside, shut, strict=True))
    return [Content.styled(marks, "$faint"), Content.styled(due, "$accent"), Content.styled(room, "$ok")]


def spans_inside(passes: Iterable[Pass]) -> list[tuple[datetime, datetime]]:
    """Return when the door shows someone inside; a pass without its counterpart is an instant of its own."""
    spans: list[tuple[datetime, datetime]] = []
    entered: datetime | None = None
    for seen in sorted(passes, key=lambda p: (p.at, p.id)):
        if seen.direction is Direction.IN:
            entered = entered or seen.at
        elif seen.direction is Direction.OUT:
            spans.append((entered or seen.at, seen.at))
            entered = None
    return [*spans, (entered, entered)] if entered is not None else spans


def _begin(duty: DutyRecord, zone: tzinfo) -> datetime:
    """The hour at which the bar begins: the duty lies in its middle."""
    middle = duty.starts_at + (duty.ends_at - duty.starts_at) / 2
    local = (middle - timedelta(hours=HOURS / 2)).astimezone(zone)
    return local.replace(minute=0, second=0, microsecond=0)


def _cells(begin: datetime, spans: Sequence[tuple[datetime, datetime]], full: str, empty: str) -> str:
    cells = []
    for place in range(HOURS * CELLS_AN_HOUR):
        at = begin + place * _CELL
        touched = any(first < at + _CELL and last >= at for first, last in spans)
        cells.append(full if touched else empty)
    return "".join(cells)
