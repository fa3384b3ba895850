"""Whether the assessments that were sent are still what was sent (Art. 33, 44), inside a transaction."""

from __future__ import annotations

import hashlib

import models
from regulation.ledger import Break
from regulation.marking import N_

SENDING = "send_assessment"


def assessment_breaks(wanted: str, *, audited: bool) -> tuple[list[Break], str]:
    """Return what does not hold of the sent assessments, and which one has the ``wanted`` digest.

    With ``audited`` the audit chain is the witness: it tells of every one, and of no other.
    """
    told = _audited_digests() if audited else None
    breaks, met = [], ""
    row = models.AssessmentSent
    for sent in row.select().order_by(row.month, row.version):
        name = f"assessment:{sent.month}"
        known = told is None or told.pop(sent.digest, "")
        if hashlib.sha256(sent.content.encode()).hexdigest() != sent.digest or not known:
            breaks.append(Break(name, sent.version, N_("the sent assessment was changed")))
        elif wanted and sent.digest.startswith(wanted):
            met = f"{name} {sent.version}"
    gone = (told or {}).values()
    return [*breaks, *(Break(subject, 0, N_("the sent assessment was changed")) for subject in gone)], met


def _audited_digests() -> dict[str, str]:
    record = models.AuditRecord
    query = record.select(record.subject, record.detail).where(record.action == SENDING)
    return {row.detail.get("digest", ""): row.subject for row in query}
