"""What stands on each person's day once the draft counts: the draft where it says something, else what is published."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from operations.drafts import draft_rows, planned_code, published_duties


def published_codes(person_ids: Collection[int], first: date, last: date) -> dict[tuple[int, date], str]:
    """Return the published shift of each person's day, free days left out (inside a transaction)."""
    duties = published_duties(person_ids, first, last)
    return {cell: str(found[0].shift_type.code) for cell, found in duties.items()}


def planned_codes(person_ids: Collection[int], first: date, last: date) -> dict[tuple[int, date], str]:
    """Return the shift of each person's day with the draft over it, free days left out (inside a transaction)."""
    cells = published_codes(person_ids, first, last)
    for row in draft_rows(first, last, person_ids):
        code = planned_code(row)
        if code is None:
            cells.pop((row.person_id, row.date), None)
        else:
            cells[row.person_id, row.date] = code
    return cells
