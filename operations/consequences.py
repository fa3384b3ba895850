"""What a door's event changes at the centre: visits, escorts and permits follow it, and leaders hear of alarms."""

from __future__ import annotations

from datetime import datetime

import models
from operations.alarms import raise_alarm
from operations.boundary import Session
from operations.door_reports import take_report
from operations.slips import bind_slip
from regulation.access import Outcome
from regulation.door_reports import REPORTED
from regulation.doorlog import DoorEventRecord, passage_of
from regulation.occupancy import Passage
from regulation.records import Direction, VisitState

APPROVED_AT_DOOR = "note.approved"
ESCORT_CHANGE = "hand_over_escort"
_OPENING = tuple(outcome.value for outcome in Outcome if outcome.opens)


def follow(session: Session, event: DoorEventRecord) -> None:
    """Let the centre follow one event that arrived for the first time."""
    raise_alarm(session, event)
    if event.code == REPORTED:
        take_report(session, event)
    passage = passage_of(event)
    if passage is not None and passage.moves:
        _move_escorts(passage)
    if event.code == APPROVED_AT_DOOR:
        _approved(session, event)
    elif event.visit_id is not None and passage is not None and passage.withdraws:
        models.Visit.update(state=VisitState.APPROVED, escort=None, entered_at=None).where(
            models.Visit.id == event.visit_id,
            models.Visit.state == VisitState.INSIDE,
            models.Visit.entered_at == event.at,
        ).execute()
    elif event.outcome not in _OPENING:
        return
    elif event.visit_id is not None:
        _visitor_passed(session, event)
    elif event.person_id is not None and event.direction == Direction.IN:
        models.SeatLeave.update(returned_at=event.at).where(
            models.SeatLeave.person == event.person_id,
            models.SeatLeave.returned_at.is_null(),
            models.SeatLeave.from_at <= event.at,
        ).execute()


def visit_left(visit_id: int, at: datetime) -> None:
    """Let a visitor who is inside be gone since ``at``.

    A company employee keeps the own badge and may come back inside the window; a lent badge goes to its tray.
    """
    visit = models.Visit
    inside = (visit.id == visit_id) & (visit.state == VisitState.INSIDE)
    visit.update(state=VisitState.APPROVED, left_at=at).where(
        inside, visit.person.is_null(False), visit.ends_at > at
    ).execute()
    visit.update(state=VisitState.ENDED, left_at=at).where(inside).execute()


def _visitor_passed(session: Session, event: DoorEventRecord) -> None:
    if event.direction != Direction.IN:
        visit_left(event.visit_id or 0, event.at)
        return
    bind_slip(session, event)
    escort = models.Person.get_or_none(models.Person.id == event.escort_id)
    models.Visit.update(state=VisitState.INSIDE, escort=escort, entered_at=event.at).where(
        models.Visit.id == event.visit_id, models.Visit.state == VisitState.APPROVED
    ).execute()


def _approved(session: Session, event: DoorEventRecord) -> None:
    bind_slip(session, event)
    approver = models.Person.get_or_none(models.Person.id == event.person_id)
    models.Visit.update(decided_at=event.at, decided_by=approver).where(
        models.Visit.id == event.visit_id, models.Visit.decided_at.is_null()
    ).execute()


def _move_escorts(passage: Passage) -> None:
    """Let the escort duty follow what the door saw: passed on, taken over, or nobody's (Art. 20).

    The centre's word goes first where it came later: an event that arrives late undoes no handover.
    """
    escort = models.Person.get_or_none(models.Person.id == passage.escort_id)
    handover, audit = models.Handover, models.AuditRecord
    if handover.select().where(handover.signed_in_at > passage.at).exists():
        return
    by_hand = audit.select(audit.subject).where(
        audit.subject.in_([f"visit:{visit_id}" for visit_id in passage.moves]),
        audit.action == ESCORT_CHANGE,
        audit.at > passage.at,
    )
    decided = {row.subject for row in by_hand}
    visits = [visit_id for visit_id in passage.moves if f"visit:{visit_id}" not in decided]
    models.Visit.update(escort=escort).where(
        models.Visit.id.in_(visits or [0]), models.Visit.state == VisitState.INSIDE
    ).execute()
