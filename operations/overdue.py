"""What the passing of time makes of the log (Art. 7, 11): events told to nobody, items overdue too long.

A watch calls these again and again; each does nothing, and leaves no audit record, while there is nothing new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import models
from operations import store
from operations.boundary import Actor, Session, refusals_kept, require, write_audit
from operations.centre import limits_at
from operations.findings import keep_findings
from operations.log_rows import item_record
from operations.notices import tell_role
from operations.permissions import Action
from operations.sealing import item_is_secret
from operations.shiftlog import first_of_chain, judge_abnormal
from regulation.handover import ItemState, LogState
from regulation.ledger import instant_text
from regulation.logbook import ABNORMAL, REDACTED, abnormal_is_told, item_must_escalate
from regulation.relief import whole_minutes
from regulation.roles import Role

ITEM_OVERDUE = "item_overdue"
# Older events were judged when their log was frozen; a desk that was off for days still catches up.
LOOKBACK = timedelta(days=7)


@refusals_kept
def escalate_overdue_items(actor: Actor, now: datetime) -> int:
    """Tell the senior shift leaders of each item that is overdue past the limit, once (Art. 7); returns how many."""
    return _judge_each(actor, now, _overdue_items, _escalate, "escalate_overdue_items")


@refusals_kept
def judge_untold(actor: Actor, now: datetime) -> int:
    """Judge the abnormal events whose time to tell someone has run out, in a frozen or sealed log too (Art. 11).

    Returns how many were found wanting; each is found once.
    """
    return _judge_each(actor, now, _untold_entries, judge_abnormal, "judge_untold")


def _judge_each(
    actor: Actor,
    now: datetime,
    waiting: Callable[[datetime], Sequence[models.Table]],
    judge: Callable[[Session, Any], None],
    action: str,
) -> int:
    def look() -> bool:
        require(actor, Action.WRITE_LOG)
        return bool(waiting(now))

    def act() -> int:
        require(actor, Action.WRITE_LOG)
        session = Session(actor, now)
        rows = waiting(now)
        for row in rows:
            judge(session, row)
        session.about(f"log:{action}", ids=[row.id for row in rows])
        write_audit(session, action)
        return len(rows)

    return store.write(act) if store.read(look) else 0


def _overdue_items(now: datetime) -> list[models.OpenItem]:
    item, log, limits = models.OpenItem, models.ShiftLog, limits_at(now)
    query = (
        item.select(item, log)
        .join(log)
        .where(item.escalated_at.is_null(), item.due_at <= now, item.state != ItemState.RESOLVED)
        # What a sealed log carried on stands in the next log as an item of its own.
        .where((log.state != LogState.SEALED) | (item.state == ItemState.OPEN))
        .order_by(item.id)
    )
    return [row for row in query if item_must_escalate(item_record(row), now, limits)]


def _escalate(session: Session, item: models.OpenItem) -> None:
    # Art. 7: inform those concerned, no overrun.
    models.OpenItem.update(escalated_at=session.now).where(models.OpenItem.id == item.id).execute()
    subject = f"item:{first_of_chain(item)}"
    if models.Finding.select().where(models.Finding.source == f"{subject}#0").exists():
        return  # a shift before this one was told already
    title = REDACTED if item_is_secret(item) else item.title
    minutes = str(whole_minutes(session.now - item.due_at))
    finding = {
        "code": ITEM_OVERDUE,
        "article": 7,
        "at": instant_text(session.now),
        "person_id": item.owner_id,
        "duty_id": None,
        "evidence": [f"item:{item.id}"],
        "details": {"minutes": minutes, "title": title},
    }
    keep_findings(subject, [finding], limits_at(session.now).version)
    tell_role(session, Role.SENIOR_SHIFT_LEADER, ITEM_OVERDUE, subject, title=title, minutes=minutes)


def _untold_entries(now: datetime) -> list[models.LogEntry]:
    entry, finding, limits = models.LogEntry, models.Finding, limits_at(now)
    query = entry.select().where(
        entry.kind == ABNORMAL,
        entry.told_at.is_null(),
        entry.happened_at >= now - LOOKBACK,
        entry.happened_at < now - limits.minutes("notify_within_minutes"),
    )
    late = [row for row in query if not abnormal_is_told(row.happened_at, row.told_at, now, limits)]
    sources = {row.id: f"entry:{row.id}#0" for row in late}
    known = {f.source for f in finding.select(finding.source).where(finding.source.in_([*sources.values()]))}
    return [row for row in late if sources[row.id] not in known]
