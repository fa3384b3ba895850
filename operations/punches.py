"""Punches of attendance machines as evidence beside the door's passes (Art. 33), inside a transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime

import models
from operations.duties import many_rows
from regulation.attendance_evidence import Pass
from regulation.ledger import instant_text
from regulation.records import Direction

# Up to so many people are looked up one by one; beyond, all that happened in the time is read in its own order.
FEW_PEOPLE = 100


def punches_of(people: Collection[int], since: datetime, until: datetime) -> dict[int, list[Pass]]:
    """Return each person's punches in ``[since, until]`` as passes ``punch:<id>``, in order of time.

    A machine that does not say which way someone went gives passes of the direction ``none``.
    """
    punch, wanted = models.Punch, sorted(set(people))
    conditions = [punch.at >= since, punch.at <= until]
    if len(wanted) <= FEW_PEOPLE:
        conditions.append(punch.person.in_(wanted))
    found: dict[int, list[Pass]] = {person_id: [] for person_id in wanted}
    columns = (punch.id, punch.person, punch.at, punch.direction)
    for key, person_id, at, direction in many_rows(columns, *conditions):
        if person_id in found:
            found[person_id].append(Pass(f"punch:{key}", at, Direction(direction)))
    return {person_id: sorted(own, key=_by_time) for person_id, own in found.items() if own}


def punch_digest(punches: Iterable[tuple[int, datetime, str]]) -> str:
    """Return the SHA-256 over punches ``(person, at, direction)``, in whatever order they come."""
    lines = sorted(f"{person_id} {instant_text(at)} {direction}\n" for person_id, at, direction in punches)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def imported_digests() -> dict[int, str]:
    """Return the digest of every import's punches as they stand now, by the import's id."""
    punch = models.Punch
    columns = (punch.brought_by, punch.person, punch.at, punch.direction)
    found: dict[int, list[tuple[int, datetime, str]]] = {}
    for brought_by, *one in many_rows(columns, punch.id > 0):
        found.setdefault(brought_by, []).append((one[0], one[1], one[2]))
    return {brought_by: punch_digest(punches) for brought_by, punches in found.items()}


def _by_time(seen: Pass) -> tuple[datetime, int, str]:
    return seen.at, len(seen.id), seen.id
