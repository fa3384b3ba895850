"""Who did what to what, and who read it (Art. 31, 33): the audit records, looked up page by page.

Millions of records are read a page at a time from where the last page ended, never counted. An administrator sees
what concerns people, badges, sign-ins and refusals; what the centre's business records say is not theirs to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

import models
from operations.boundary import REFUSED, Session, may, reads
from operations.permissions import Action
from operations.readings import READING_ACTIONS

PAGE_ROWS = 100
MOST_ROWS = 1000

REFUSALS = (REFUSED, "sign_in_refused")
# A reading that was asked for and not given is kept by the reading's own record.
_NOT_GIVEN = '"refused":true'
# The administrator's own field: who works here, with which badge and PIN, keys, backups, and who tried what.
SECURITY_ACTIONS = frozenset(
    {
        *REFUSALS,
        "add_people",
        "add_person",
        "begin_rotation",
        "change_person",
        "change_pin",
        "collect_badge",
        "end_rotation",
        "export_keys",
        "forget_visitors",
        "give_first_pin",
        "import_keys",
        "issue_badge",
        "lend_temporary_badge",
        "note_backup",
        "note_restore",
        "recovery_sheet",
        "report_badge_lost",
        "reseal_some",
        "retire_door",
        "set_badge_state",
        "set_duress_pin",
        "set_person_status",
        "set_team",
        "set_up_centre",
        "sign_in",
        "write_imported_people",
    }
)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to show: whose records, of which action, about which subject, in which span of time, refusals alone.

    ``subject`` is a whole subject (``entry:12``) or a kind with its colon (``entry:``); ``until`` is exclusive.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    refused: bool = False
    readings: bool = False


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One audit record. ``name`` is who the work number belongs to now; ``detail`` is empty where it is not to be read."""

    sequence: int
    at: datetime
    actor: str
    name: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    refused: bool


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Records, newest first; ``more_before`` is where the next page begins, ``None`` at the end."""

    rows: tuple[AuditRow, ...]
    more_before: tuple[datetime, int] | None


@reads(Action.READ_AUDIT)
def audit_records(
    session: Session,
    wanted: AuditFilter,
    before: tuple[datetime, int] | None = None,
    limit: int = PAGE_ROWS,
) -> AuditPage:
    """Return a page of what is ``wanted``, newest first, from before the record ``(at, sequence)``."""
    record, size = models.AuditRecord, min(max(limit, 1), MOST_ROWS)
    # All records are of one chain; a word about it would send the planner along the key instead of the time.
    query = record.select()
    for clause in _clauses(wanted, reads_all=_reads_all(session)):
        query = query.where(clause)
    if before is not None:
        at, sequence = before
        query = query.where((record.at < at) | ((record.at == at) & (record.sequence < sequence)))
        # Beside the exact bound, the plain one that an index can begin at.
        query = query.where(record.at <= at)
    rows = list(query.order_by(record.at.desc(), record.sequence.desc()).limit(size + 1))
    page = rows[:size]
    names = _names([row.actor for row in page])
    more = (page[-1].at, page[-1].sequence) if len(rows) > size else None
    return AuditPage(tuple(_row(row, names) for row in page), more)


def _reads_all(session: Session) -> bool:
    """Whether the reader may see what the centre's own records are about."""
    return may(session.actor, Action.READ_DESK)


def _clauses(wanted: AuditFilter, *, reads_all: bool) -> list[Any]:
    record = models.AuditRecord
    clauses = [] if reads_all else [record.action.in_(sorted(SECURITY_ACTIONS))]
    if wanted.actor:
        clauses.append(record.actor == wanted.actor.strip())
    if wanted.action:
        clauses.append(record.action == wanted.action.strip())
    if wanted.refused:
        not_given = record.action.in_(READING_ACTIONS) & peewee.fn.LOWER(record.detail).contains(_NOT_GIVEN)
        clauses.append(record.action.in_(REFUSALS) | not_given)
    if wanted.readings:
        clauses.append(record.action.in_(READING_ACTIONS))
    if subject := wanted.subject.strip():
        whole = not subject.endswith(":")
        clauses.append(record.subject == subject if whole else record.subject.startswith(subject))
    if wanted.since is not None:
        clauses.append(record.at >= wanted.since)
    if wanted.until is not None:
        clauses.append(record.at < wanted.until)
    return clauses


def _names(numbers: Sequence[str]) -> dict[str, str]:
    person = models.Person
    rows = person.select(person.work_number, person.name).where(
        person.work_number.in_(sorted(set(numbers)) or [""])
    )
    return {row.work_number: row.name for row in rows}


def _row(row: models.AuditRecord, names: Mapping[str, str]) -> AuditRow:
    return AuditRow(
        row.sequence,
        row.at,
        row.actor,
        names.get(row.actor, ""),
        row.action,
        row.subject,
        row.detail,
        row.action in REFUSALS or row.detail.get("refused") is True,
    )
