"""What the registers say when time has passed or somebody was seen (Art. 4, 12-19, 26-29, 40, 42): each finding once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import models
from operations import notices
from operations.centre import civil_date, limits_at
from operations.deeds import Deed, FindingDue, NewsDue, higher_leaders, not_kept, watched_from
from operations.line_permits import permits_of
from operations.register_definitions import RegisterBooks, own_keys
from regulation.findings import FINDING_CODES, FOLLOWED_UP
from regulation.follow_up import lapse_of
from regulation.ledger import instant_text
from regulation.limits import Limits
from regulation.line_locks import lock_is_overrun, lock_is_permitted
from regulation.register_table import BREACH, LINE_LOCK, PATROL
from regulation.register_values import choice_of
from regulation.registers import Register

SEEN_LOCKED = "line_locked"
FOUNDED = "closed"


def evidence_of(record: models.RegisterRecord) -> str:
    """Return the evidence id of a register's record."""
    return f"register:{record.register}:{record.number}"


def seen_on_patrol(now: datetime) -> Sequence[Deed]:
    """Art. 15-19, 27, 29: what a patrol saw is a finding about whom it saw, by the article of what was seen.

    A locked line is none while a permit for it ran (Art. 18).
    """
    limits, due = limits_at(now), list[FindingDue]()
    for record in _records(PATROL.key, now):
        code = f"seen_{record.article}"
        if code not in FINDING_CODES or record.values.get("kind") not in _breaching_kinds():
            continue
        at = _instant(record, "at")
        if record.values["kind"] == SEEN_LOCKED and _had_permit(record, at):
            continue
        due.append(_found(record, f"patrol:{record.id}", code, at, limits, what=_kind_label(record)))
    return not_kept(due)


def reports_found_true(now: datetime) -> Sequence[Deed]:
    """Art. 4: a report that was closed as true is a finding about whom it is about, by its own article.

    It says no more than that: the report itself is for those who need to know.
    """
    limits = limits_at(now)
    row = models.RegisterRecord
    closed = row.select().where(
        row.register == BREACH.key, row.state == FOUNDED, row.closed_at >= watched_from(now)
    )
    return not_kept(
        [
            _found(
                record,
                f"breach:{record.id}",
                f"breach_{record.article}",
                record.closed_at,
                limits,
                number=str(record.number),
            )
            for record in closed.order_by(row.id)
            if f"breach_{record.article}" in FINDING_CODES
        ]
    )


def lines_overrun(now: datetime) -> Sequence[Deed]:
    """Art. 18: lines that stayed locked after their permit had ended, as of that instant."""
    limits, due = limits_at(now), list[FindingDue]()
    for record, permit in permits_of(watched_from(now)):
        if lock_is_overrun(permit, now):
            line = str(record.values.get("line", ""))
            source = f"line_lock:{record.id}"
            due.append(_found(record, source, "line_lock_overrun", permit.until, limits, line=line))
    return not_kept(due)


def records_waiting(now: datetime) -> Sequence[Deed]:
    """Art. 4, 12, 13, 15, 16, 19, 40, 42, and a centre's own registers: what waited too long goes to the higher leaders.

    A record that waits too long in two of its states is found twice, in each of them once.
    """
    limits, row, books = limits_at(now), models.RegisterRecord, RegisterBooks()
    watched = sorted({*FOLLOWED_UP, *own_keys()})
    late = row.select().where(row.register.in_(watched), row.due_at >= watched_from(now), row.due_at < now)
    due: dict[str, tuple[models.RegisterRecord, Register]] = {}
    findings = []
    for record in late.order_by(row.due_at, row.id):
        register = books.of(record)
        lapse = lapse_of(register, record.due_at, now)
        if lapse is None:
            continue
        source = f"register_waits:{record.id}:{record.state}"
        due[source] = record, register
        details = {"register": register.title, "number": str(record.number)}
        # It is not the one it is about who let it wait.
        findings.append(
            _found(
                record,
                source,
                lapse.code,
                record.due_at,
                limits,
                article=lapse.article,
                blamed=False,
                **details,
            )
        )
    fresh = not_kept(findings)
    return [*fresh, *_told(due[deed.source] for deed in fresh)]


def _told(late: Iterable[tuple[models.RegisterRecord, Register]]) -> list[NewsDue]:
    """News for the higher leaders; whoever is reported does not hear of the report (Art. 4)."""
    people = higher_leaders()
    return [
        NewsDue(
            f"register_waits:{record.id}:{record.state}:{person.id}",
            person.id,
            notices.REGISTER_WAITS,
            f"register:{record.register}:{record.number}",
            {"register": register.title, "number": str(record.number)},
        )
        for record, register in late
        for person in people
        if person.id != record.about_id
    ]


def _records(register: str, now: datetime) -> Iterable[models.RegisterRecord]:
    row = models.RegisterRecord
    since = watched_from(now)
    query = row.select().where(row.register == register, row.day >= civil_date(since), row.opened_at >= since)
    return list(query.order_by(row.id))


def _found(
    record: models.RegisterRecord,
    source: str,
    code: str,
    at: datetime,
    limits: Limits,
    *,
    article: int | None = None,
    blamed: bool = True,
    **details: str,
) -> FindingDue:
    fields: dict[str, Any] = {
        "code": code,
        "article": FINDING_CODES[code].article if article is None else article,
        "at": instant_text(at),
        "person_id": record.about_id if blamed else None,
        "duty_id": None,
        "evidence": [evidence_of(record)],
        "details": details,
    }
    return FindingDue(source, fields, limits.version)


def _breaching_kinds() -> set[str]:
    known = PATROL.field_named("kind")
    return {choice.key for choice in known.choices if choice.article} if known else set()


def _kind_label(record: models.RegisterRecord) -> str:
    known = PATROL.field_named("kind")
    choice = choice_of(known, record.values["kind"]) if known else None
    return choice.label if choice else str(record.values["kind"])


def _instant(record: models.RegisterRecord, field: str) -> datetime:
    said = record.values.get(field)
    at: datetime = datetime.fromisoformat(said) if isinstance(said, str) else record.opened_at
    return at


def _had_permit(record: models.RegisterRecord, at: datetime) -> bool:
    """Whether whoever was seen had a permit then; of a line nobody sat at, nothing is known."""
    permits = [
        permit for lock, permit in permits_of(at, by=record.about_id) if lock.register == LINE_LOCK.key
    ]
    return record.about_id is not None and lock_is_permitted(at, permits)
