"""Alarms that wait for a leader: raised once, on every leader's list until someone says what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import models
from locales import N_, _
from operations import notices
from operations.boundary import Session, reads, writes
from operations.errors import Invalid, NotFound
from operations.lost_rows import who_passed
from operations.permissions import Action
from operations.slips import SLIP_DOUBTED
from operations.visitor_badges import BADGE_MISSING, BADGE_MOVED
from regulation.access import DOOR_CODES, Outcome
from regulation.doorlog import DURESS, DoorEventRecord, event_id
from regulation.findings import FINDING_CODES

DOOR_ALARM = "door_alarm"
DURESS_CODE = "alarm.duress"
BADGE_UNCOLLECTED = "badge_uncollected"
MOST_SHOWN = 200

# What is no event of a door: the words of each kind of news, filled from its details.
_WORDS: Mapping[str, str] = {
    BADGE_MOVED: N_("The door has lent badge {taken}; {visitor} gets badge {badge} instead"),
    BADGE_MISSING: N_("The door has lent badge {taken}; no other is free for {visitor}"),
    SLIP_DOUBTED: N_("{visitor} was approved at the door by {approver}, who may not approve it"),
    BADGE_UNCOLLECTED: FINDING_CODES["badge_uncollected"].text,
}
ALARM_KINDS = (DOOR_ALARM, DURESS, *_WORDS)
ARTICLE = 20


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """Something a leader must see to. ``text`` is a message, to be translated and filled with ``details``.

    ``code`` is a door code (``alarm.forced``), or names news that came from elsewhere (``badge_uncollected``).
    """

    subject: str
    at: datetime
    code: str
    text: str
    article: int
    door: str
    who: str
    details: Mapping[str, str]


def raise_alarm(session: Session, event: DoorEventRecord) -> None:
    """Tell the leaders of an event that is an alarm, or that carries the silent one; each event tells once."""
    silent = event.code == DURESS_CODE or DURESS in event.marks
    if event.outcome != Outcome.ALARM and not silent:
        return
    known = {key: str(value) for found in event.findings for key, value in found["details"].items()}
    notices.tell_leaders(
        session,
        DURESS if silent else DOOR_ALARM,
        event_id(event.kiosk, event.sequence),
        **{**known, "door": event.kiosk, "code": DURESS_CODE if silent else event.code},
    )


@reads(Action.ACKNOWLEDGE_ALARM)
def alarms_waiting(_session: Session) -> tuple[AlarmRow, ...]:
    """Return what waits to be seen to, newest first."""
    return waiting_alarms()


@writes(Action.ACKNOWLEDGE_ALARM)
def acknowledge_alarm(session: Session, subject: str, note: str) -> None:
    """Take an alarm off everyone's list; the note says what was found or done, for the record (Art. 11, 20)."""
    if not note.strip():
        raise Invalid(_("Say what was done; the record needs it."), article=ARTICLE)
    waiting = _waiting().where(models.Notification.subject == subject)
    if not waiting.exists():
        raise NotFound(_("This alarm waits no longer."), article=ARTICLE)
    notices.answered(session, subject)
    session.about(subject, note=note.strip())


def waiting_alarms() -> tuple[AlarmRow, ...]:
    """Return what waits to be seen to, newest first (inside a transaction)."""
    note = models.Notification
    # One for each leader's role: one of them speaks for all.
    news = {row.subject: row for row in _waiting().order_by(note.id.desc()).limit(3 * MOST_SHOWN)}
    rows = [_row(row) for row in news.values()]
    return tuple(sorted(rows, key=lambda row: row.at, reverse=True)[:MOST_SHOWN])


def _waiting() -> Any:
    note = models.Notification
    return note.select().where(note.answered_at.is_null(), note.kind.in_(ALARM_KINDS))


def _row(note: models.Notification) -> AlarmRow:
    details = dict(note.details)
    if note.kind not in (DOOR_ALARM, DURESS):
        who = details.get("visitor", "") or details.get("name", "")
        return AlarmRow(note.subject, note.at, note.kind, _WORDS[note.kind], ARTICLE, "", who, details)
    code, door = details.pop("code"), details.pop("door")
    kiosk, _dash, sequence = note.subject.removeprefix("door:").rpartition("-")
    event = models.DoorEvent.get_or_none(
        models.DoorEvent.kiosk == kiosk, models.DoorEvent.sequence == int(sequence)
    )
    known = DOOR_CODES.get(code)
    return AlarmRow(
        note.subject,
        event.at if event is not None else note.at,
        code,
        known.text if known is not None else code,
        known.article if known is not None else ARTICLE,
        door,
        _who(event),
        details,
    )


def _who(event: models.DoorEvent | None) -> str:
    if event is None:
        return ""
    visit = models.Visit.get_or_none(models.Visit.id == event.visit_id) if event.visit_id else None
    person = models.Person.get_or_none(models.Person.id == event.person_id) if event.person_id else None
    return who_passed(event, person, visit)
