"""What a search over the log asks for, and what its days say of the keys of what is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from operations.centre import day_bounds
from operations.search_index import first_id


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What is looked for: ``words`` all of which must be there, and what it is narrowed to.

    ``kind`` of the entry, ``state`` of the open item, work number of the ``person`` (who wrote it, or who sees to the
    item), the first and the last civil day.
    """

    words: str = ""
    kind: str = ""
    state: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None


def bounds_of(query: LogQuery, before: int | None) -> list[tuple[str, int]]:
    """Return what the days of a query and the page before say of a key, as comparisons."""
    bounds = []
    if query.since is not None:
        bounds.append((">=", first_id(day_bounds(query.since)[0])))
    if query.until is not None:
        bounds.append(("<", first_id(day_bounds(query.until)[1])))
    if before is not None:
        bounds.append(("<", before))
    return bounds
