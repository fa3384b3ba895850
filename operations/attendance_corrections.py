"""Corrections of attendance (Art. 33): asked with reason and proof, decided by someone else, both visible for ever."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import models
from locales import _
from operations import notices
from operations.boundary import Session, may, writes
from operations.centre import limits_at
from operations.duties import DUE, duty_record, named
from operations.errors import Blocked, Conflict, Invalid, NotFound, NotPermitted
from operations.people import answerable, team_leaders
from operations.permissions import Action
from regulation.corrections import (
    Correction,
    CorrectionState,
    approval_refusal,
    request_refusal,
)
from regulation.duty_verdicts import DutyVerdict
from regulation.findings import Blocker, Refusal
from regulation.ledger import instant_text

ARTICLE = 33
LONGEST_REASON = 300
MOST_PROOFS = 10


@dataclass(frozen=True, slots=True)
class CorrectionAsked:
    """What is to be corrected on one duty: when they came, when they left, or the verdict; why, and what shows it."""

    duty_id: int
    reason: str
    proofs: tuple[str, ...]
    came_at: datetime | None = None
    left_at: datetime | None = None
    verdict: DutyVerdict | None = None


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction as it is shown; ``may_decide`` and ``may_withdraw`` say what the reader may do with it."""

    id: int
    duty_id: int
    date: date
    shift: str
    shift_en: str
    person: str
    team: str
    asked_by: str
    asked_at: datetime
    reason: str
    proofs: tuple[str, ...]
    came_at: datetime | None
    left_at: datetime | None
    verdict: DutyVerdict | None
    state: CorrectionState
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    may_decide: bool = field(default=False)
    may_withdraw: bool = field(default=False)


@writes(Action.ASK_CORRECTION)
def ask_correction(session: Session, asked: CorrectionAsked) -> int:
    """Ask for a correction of one's own duty, or as a leader of anybody's; returns its id.

    Raises :class:`Blocked` when the request says nothing, proves nothing, or speaks of another time.
    """
    duty, asker = _duty(asked.duty_id), answerable(session)
    if duty.person_id != asker and not may(session.actor, Action.DECIDE_CORRECTION):
        raise NotPermitted(
            _("Only leaders ask for corrections of somebody else's attendance."),
            article=ARTICLE,
            next_step=_("Ask the shift leader."),
        )
    reason, proofs = asked.reason.strip(), tuple(p.strip() for p in asked.proofs if p.strip())
    if len(reason) > LONGEST_REASON or len(proofs) > MOST_PROOFS:
        raise Invalid(_("This is too long."), article=ARTICLE)
    wanted = Correction(
        0, duty.id, duty.person_id, asker, session.now, reason, proofs,
        asked.came_at, asked.left_at, asked.verdict,
    )  # fmt: skip
    _unless(request_refusal(wanted, duty_record(duty, needs_relief=True), limits_at(duty.starts_at)))
    _refuse_second(duty.id)
    row = models.AttendanceCorrection.create(
        duty=duty.id,
        asked_by=asker,
        asked_at=session.now,
        reason=reason,
        proofs=list(proofs),
        came_at=asked.came_at,
        left_at=asked.left_at,
        verdict=asked.verdict.value if asked.verdict else "",
    )
    subject = f"correction:{row.id}"
    _tell_deciders(session, duty, subject)
    session.about(subject, duty=duty.id, reason=reason, proofs=list(proofs), **_said(wanted))
    return int(row.id)


@writes(Action.DECIDE_CORRECTION)
def approve_correction(session: Session, correction_id: int) -> None:
    """Approve a correction that somebody else asked for somebody else's duty: from now on it counts."""
    _decide(session, correction_id, CorrectionState.APPROVED, "")


@writes(Action.DECIDE_CORRECTION)
def refuse_correction(session: Session, correction_id: int, reason: str) -> None:
    """Refuse a correction, with the reason; the evidence counts as it is."""
    if not reason.strip():
        raise Invalid(_("Say why it is refused."), article=ARTICLE)
    _decide(session, correction_id, CorrectionState.REFUSED, reason.strip()[:LONGEST_REASON])


@writes(Action.ASK_CORRECTION)
def withdraw_correction(session: Session, correction_id: int) -> None:
    """Take one's own request back while nobody has decided it."""
    row = _correction(correction_id)
    if row.asked_by_id != answerable(session):
        raise NotPermitted(_("Only whoever asked may withdraw it."), article=ARTICLE)
    if row.state != CorrectionState.REQUESTED:
        raise Conflict(_("This correction was decided before."), article=ARTICLE)
    _settle(session, row, CorrectionState.WITHDRAWN, "")
    session.about(f"correction:{row.id}")


def corrections_waiting_for(session: Session) -> tuple[CorrectionRow, ...]:
    """Return the corrections that the reader may decide, oldest first (inside a transaction)."""
    if not may(session.actor, Action.DECIDE_CORRECTION):
        return ()
    asked = models.AttendanceCorrection.state == CorrectionState.REQUESTED
    return tuple(row for row in correction_rows(session, asked) if row.may_decide)


def corrections_between(first: date, last: date) -> dict[int, list[Correction]]:
    """Return the corrections of duties on days from ``first`` to ``last``, by duty (inside a transaction)."""
    row, duty = models.AttendanceCorrection, models.Duty
    query = row.select(row, duty).join(duty).where(duty.date >= first, duty.date <= last)
    found: dict[int, list[Correction]] = defaultdict(list)
    for one in query:
        found[one.duty_id].append(_record(one))
    return found


def waiting_duties(first: date, last: date) -> set[int]:
    """Return the duties of days from ``first`` to ``last`` whose correction waits for a decision."""
    row, duty = models.AttendanceCorrection, models.Duty
    query = (
        row.select(row.duty)
        .join(duty)
        .where(row.state == CorrectionState.REQUESTED, duty.date >= first, duty.date <= last)
    )
    return {one.duty_id for one in query}


def _record(row: models.AttendanceCorrection) -> Correction:
    return Correction(
        row.id,
        row.duty_id,
        row.duty.person_id,
        row.asked_by_id,
        row.asked_at,
        row.reason,
        tuple(row.proofs),
        row.came_at,
        row.left_at,
        DutyVerdict(row.verdict) if row.verdict else None,
        CorrectionState(row.state),
        row.decided_by_id,
        row.decided_at,
    )


def _decide(session: Session, correction_id: int, state: CorrectionState, reason: str) -> None:
    row = _correction(correction_id)
    _unless(approval_refusal(_record(row), answerable(session)))
    _settle(session, row, state, reason)
    session.about(f"correction:{row.id}", state=state.value, reason=reason, duty=row.duty_id)
    for person_id in {row.asked_by_id, row.duty.person_id} - {session.actor.person_id}:
        source = f"correction_decided:{row.id}:{person_id}"
        details = {**_words(row.duty), "state": state.value, "reason": reason}
        notices.tell_person(
            session, person_id, notices.CORRECTION_DECIDED, f"correction:{row.id}", source, **details
        )


def _tell_deciders(session: Session, duty: models.Duty, subject: str) -> None:
    """Tell the leaders of the duty's team, or where it is about them the senior ones, that it waits."""
    concerned = {session.actor.person_id, duty.person_id}
    for team_id in (duty.team_id, None):
        leaders = [leader for leader in team_leaders(team_id) if leader.id not in concerned]
        for leader in leaders:
            source = f"{subject}:{leader.id}"
            notices.tell_person(session, leader.id, notices.CORRECTION_ASKED, subject, source, **_words(duty))
        if leaders:
            return


def _settle(session: Session, row: models.AttendanceCorrection, state: CorrectionState, reason: str) -> None:
    models.AttendanceCorrection.update(
        state=state,
        decided_by=session.actor.person_id,
        decided_at=session.now,
        decision_reason=reason,
    ).where(models.AttendanceCorrection.id == row.id).execute()


def _duty(duty_id: int) -> models.Duty:
    duty: models.Duty | None = models.Duty.get_or_none(models.Duty.id == duty_id, models.Duty.state == DUE)
    if duty is None:
        raise NotFound(_("There is no such duty."), article=ARTICLE)
    return duty


def _correction(correction_id: int) -> models.AttendanceCorrection:
    row: models.AttendanceCorrection | None = models.AttendanceCorrection.get_or_none(
        models.AttendanceCorrection.id == correction_id
    )
    if row is None:
        raise NotFound(_("There is no such correction."), article=ARTICLE)
    return row


def _refuse_second(duty_id: int) -> None:
    row = models.AttendanceCorrection
    if row.select().where(row.duty == duty_id, row.state == CorrectionState.REQUESTED).exists():
        raise Conflict(
            _("A correction of this duty waits for a decision already."),
            article=ARTICLE,
            next_step=_("Have it decided or withdrawn first."),
        )


def _unless(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Blocked([Blocker(refusal.article, refusal.code, "", refusal.text)])


def _words(duty: models.Duty) -> dict[str, str]:
    return {"date": duty.date.isoformat(), "who": named(duty.person)}


def _said(wanted: Correction) -> dict[str, str]:
    times = {"came_at": wanted.came_at, "left_at": wanted.left_at}
    said = {name: instant_text(at) for name, at in times.items() if at is not None}
    return said | ({"verdict": wanted.verdict.value} if wanted.verdict else {})


def correction_rows(session: Session, wanted: object) -> tuple[CorrectionRow, ...]:
    """Return the corrections that ``wanted`` selects and the reader may see, oldest first (inside a transaction)."""
    row, duty = models.AttendanceCorrection, models.Duty
    query = row.select(row, duty).join(duty).where(wanted).order_by(row.asked_at, row.id)
    here, leads = session.actor.person_id, may(session.actor, Action.DECIDE_CORRECTION)
    mine: Sequence[models.AttendanceCorrection] = [
        one for one in query if leads or here in (one.asked_by_id, one.duty.person_id)
    ]
    return tuple(_row(one, here, leads=leads) for one in mine)


def _row(row: models.AttendanceCorrection, here: int, *, leads: bool) -> CorrectionRow:
    duty, record = row.duty, _record(row)
    return CorrectionRow(
        row.id,
        duty.id,
        duty.date,
        duty.shift_type.name,
        duty.shift_type.name_en,
        named(duty.person),
        duty.team.code if duty.team_id else "",
        named(row.asked_by),
        row.asked_at,
        row.reason,
        tuple(row.proofs),
        row.came_at,
        row.left_at,
        record.verdict,
        record.state,
        named(row.decided_by),
        row.decided_at,
        row.decision_reason,
        may_decide=leads and approval_refusal(record, here) is None,
        may_withdraw=record.state is CorrectionState.REQUESTED and row.asked_by_id == here,
    )
