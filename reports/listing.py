"""Lists for a terminal and for programs: aligned columns, or plain JSON with the records' own field names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from regulation.ledger import instant_text
from reports.columns import padded, side_by_side, width_of

GAP: Final = 2
NARROWEST_LAST: Final = 16
"""The last column wraps to what the others leave, but never to less than this."""


def table_text(
    headings: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, right: Collection[int] = ()
) -> str:
    """Return ``rows`` under ``headings`` in columns for a terminal of ``width``; ``right`` columns hold numbers.

    Only the last column wraps: what stands before it is short, and a name is never cut.
    """
    columns = [list(column) for column in zip(headings, *rows, strict=True)]
    widths = [max(width_of(cell) for cell in column) for column in columns]
    left = width - sum(widths[:-1]) - GAP * (len(widths) - 1)
    widths[-1] = min(widths[-1], max(left, NARROWEST_LAST))
    lines = side_by_side(headings, widths, GAP)
    lines.append("─" * min(width, sum(widths) + GAP * (len(widths) - 1)))
    for row in rows:
        cells = [padded(cell, widths[at], right=at in right) for at, cell in enumerate(row)]
        lines += side_by_side(cells, widths, GAP)
    return "\n".join(lines)


def plain(value: Any) -> Any:
    """Return a record as plain JSON values: keys are its fields, instants are ISO 8601 in UTC, dates ISO 8601.

    An exact decimal is text: a reader's floats would not keep it.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(held) for held in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(held) for held in value)
    return value
