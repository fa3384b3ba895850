"""Whether the submitted months of attendance are still what was submitted (Art. 33, 34), inside a transaction."""

from __future__ import annotations

import msgspec

import models
from operations.attendance_sheet import frozen_sheet
from regulation.daily_log import content_digest
from regulation.ledger import Break
from regulation.marking import N_

SUBMITTING = "submit_month"


def month_breaks(wanted: str, *, audited: bool) -> tuple[list[Break], str]:
    """Return what does not hold of the submitted months, and which one has the ``wanted`` digest.

    With ``audited`` the audit chain is the witness: it tells of every month, and of no other.
    """
    told = _audited_digests() if audited else None
    breaks, met = [], ""
    row = models.AttendanceMonth
    for month in row.select(row, models.Team).join(models.Team).order_by(row.id):
        name = f"attendance:{month.month} {month.team.code} {month.version}"
        known = told is None or told.pop(month.digest, "")
        if _digest_of(month) != month.digest or not known:
            breaks.append(Break(name, month.id, N_("the submitted month was changed")))
        elif wanted and month.digest.startswith(wanted):
            met = name
    gone = (told or {}).values()
    return [*breaks, *(Break(subject, 0, N_("the submitted month was changed")) for subject in gone)], met


def _digest_of(row: models.AttendanceMonth) -> str:
    try:
        return content_digest(frozen_sheet(row))
    except msgspec.DecodeError:
        return ""


def _audited_digests() -> dict[str, str]:
    record = models.AuditRecord
    query = record.select(record.subject, record.detail).where(record.action == SUBMITTING)
    return {row.detail.get("digest", ""): row.subject for row in query}
