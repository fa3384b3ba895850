"""Findings as they are kept: what a rule found, once, with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

import models
from operations.boundary import REFUSED, Session, reads
from operations.centre import limits_at
from operations.permissions import Action
from regulation.findings import FINDING_CODES
from regulation.ledger import instant_text


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A kept finding; ``text`` is the message of its code, to be translated and filled with ``details``."""

    id: int
    at: datetime
    article: int
    code: str
    text: str
    details: Mapping[str, str]
    person: str
    work_number: str
    evidence: tuple[str, ...]


@reads(Action.READ_DESK)
def findings(
    _session: Session, since: datetime, until: datetime, article: int | None = None
) -> tuple[FindingRow, ...]:
    """Return the findings of ``[since, until)``, newest first."""
    return findings_between(since, until, article)


@reads(Action.READ_REGULATION)
def findings_by_article(_session: Session, since: datetime, until: datetime) -> dict[int, int]:
    """Return how many findings each article has in ``[since, until)``."""
    kept = models.Finding
    query = (
        kept.select(kept.article, peewee.fn.COUNT(kept.id).alias("count"))
        .where(kept.at >= since, kept.at < until)
        .group_by(kept.article)
    )
    return {row.article: row.count for row in query}


@reads(Action.READ_REGULATION)
def refusals_by_article(_session: Session, since: datetime, until: datetime) -> dict[int, int]:
    """Return how often each article had something refused to somebody in ``[since, until)``."""
    return refusals_between(since, until)


def refusals_between(since: datetime, until: datetime) -> dict[int, int]:
    """Return what :func:`refusals_by_article` returns (inside a transaction)."""
    record = models.AuditRecord
    query = record.select(record.detail).where(
        record.action == REFUSED, record.at >= since, record.at < until
    )
    articles = Counter(int(row.detail.get("article", 0)) for row in query)
    return {article: count for article, count in articles.items() if article}


def findings_between(since: datetime, until: datetime, article: int | None = None) -> tuple[FindingRow, ...]:
    """Return the findings of ``[since, until)``, newest first (inside a transaction)."""
    kept = models.Finding
    query = kept.select(kept, models.Person).join(models.Person, peewee.JOIN.LEFT_OUTER)
    query = query.where(kept.at >= since, kept.at < until)
    if article is not None:
        query = query.where(kept.article == article)
    return tuple(_row(row) for row in query.order_by(kept.at.desc(), kept.id.desc()))


def keep_findings(source: str, found: Sequence[Mapping[str, Any]], limits_version: str) -> None:
    """Keep findings given as plain fields (as door events carry them); each counts once for its ``source``.

    A person or duty that is gone (a database restored from before they were entered) leaves the finding without
    them: a door's event must never be refused for good over it. The event itself still names them.
    """
    people = _existing(models.Person, [fields["person_id"] for fields in found])
    duties = _existing(models.Duty, [fields["duty_id"] for fields in found])
    rows = [
        {
            "source": f"{source}#{place}",
            "code": fields["code"],
            "article": fields["article"],
            "at": datetime.fromisoformat(fields["at"]),
            "person": fields["person_id"] if fields["person_id"] in people else None,
            "duty": fields["duty_id"] if fields["duty_id"] in duties else None,
            "evidence": list(fields["evidence"]),
            "details": dict(fields["details"]),
            "limits_version": limits_version,
        }
        for place, fields in enumerate(found)
    ]
    if rows:
        models.Finding.insert_many(rows).on_conflict_ignore().execute()


def keep_finding(
    session: Session,
    source: str,
    code: str,
    evidence: Sequence[str],
    *,
    person_id: int | None = None,
    duty_id: int | None = None,
    **details: str,
) -> None:
    """Keep one finding that an operation made now; it counts once for its ``source`` (inside a transaction)."""
    fields = {
        "code": code,
        "article": FINDING_CODES[code].article,
        "at": instant_text(session.now),
        "person_id": person_id,
        "duty_id": duty_id,
        "evidence": list(evidence),
        "details": details,
    }
    keep_findings(source, [fields], limits_at(session.now).version)


def _existing(table: type[models.Table], ids: Sequence[int | None]) -> set[int]:
    wanted = [key for key in ids if key is not None]
    return {row.id for row in table.select(table.id).where(table.id.in_(wanted))} if wanted else set()


def _row(kept: models.Finding) -> FindingRow:
    person = kept.person if kept.person_id else None
    return FindingRow(
        kept.id,
        kept.at,
        kept.article,
        kept.code,
        FINDING_CODES[kept.code].text,
        kept.details,
        person.name if person else "",
        person.work_number if person else "",
        tuple(kept.evidence),
    )
