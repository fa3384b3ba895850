"""Who answers for a problem found after a handover (Art. 25): asked, contested, decided, all on the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.duties import duties_of_log, named
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.evidence import evidence_for, split_words
from operations.handover_records import handover_of, log_by_id, stand_ins_of
from operations.permissions import Action
from regulation.handover import LogState, Side
from regulation.ledger import instant_text
from regulation.responsibility import Evidence, Verdict, who_answers

LONGEST_WORDS = 120


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """A side's word against the answer."""

    side: Side
    person: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A question of responsibility with its answer, evidence, objections, and what was decided in the end.

    ``verdict`` is what the record says, ``decision`` what a leader above both sides decided (``None``: not decided);
    ``digest`` is the sealed log's at the time of the question. ``final`` is what counts.
    """

    id: int
    log_id: int
    date: date
    shift: str
    shift_name: str
    problem: str
    words: str
    asked_by: str
    asked_at: datetime
    cutoff_at: datetime | None
    digest: str
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    objections: tuple[ObjectionRow, ...]
    decision: Verdict | None
    decision_reason: str
    decided_by: str
    decided_at: datetime | None

    @property
    def final(self) -> Verdict:
        """What counts: the decision, else the answer of the record."""
        return self.decision or self.verdict


@reads(Action.READ_DESK)
def responsibility_cases(_session: Session) -> tuple[CaseRow, ...]:
    """Return every question asked, newest first."""
    case = models.ResponsibilityCase
    return tuple(_row(row) for row in case.select().order_by(case.asked_at.desc(), case.id.desc()))


@reads(Action.READ_DESK)
def responsibility_case(_session: Session, case_id: int) -> CaseRow:
    """Return one question with everything about it."""
    return _row(_case(case_id))


@reads(Action.READ_DESK)
def shift_log_id(_session: Session, day: date, shift_code: str) -> int:
    """Return the id of a shift's log by its civil day and the code of its shift type."""
    log = (
        models.ShiftLog.select()
        .join(models.ShiftType)
        .where(models.ShiftLog.date == day, models.ShiftType.code == shift_code)
        .first()
    )
    if log is None:
        raise NotFound(
            _("There is no log of {date} {shift}.").format(date=day.isoformat(), shift=shift_code), article=25
        )
    return int(log.id)


@writes(Action.ASK_RESPONSIBILITY)
def ask_responsibility(
    session: Session, log_id: int, problem: str, words: str = "", evidence: tuple[str, ...] = ()
) -> int:
    """Ask who answers for a problem that a sealed shift's handover should have named; returns the case's id.

    ``words`` are looked for in the sealed section and in the logs around it; ``evidence`` are ids that people point
    at. Raises :class:`Conflict` for a log that is not sealed: nothing was signed yet.
    """
    log = log_by_id(log_id)
    if not problem.strip():
        raise Invalid(_("Say what the problem is."), article=25)
    if not (split_words(words) or evidence):
        raise Invalid(_("Give words to look for, or evidence to look at."), article=25)
    if len(words) > LONGEST_WORDS:
        raise Invalid(_("Too many words to look for."), article=25)
    if log.state != LogState.SEALED:
        raise Conflict(_("This shift's log is not sealed; nothing was signed yet."), article=25)
    answer = who_answers(evidence_for(log, words, evidence), log.frozen_at)
    case = models.ResponsibilityCase.create(
        log=log,
        problem=problem.strip(),
        words=words.strip(),
        asked_by=session.actor.person_id,
        asked_at=session.now,
        digest=log.digest,
        verdict=answer.verdict,
        evidence=[
            {"id": e.id, "known_at": instant_text(e.known_at), "listed": e.listed, "text": e.text}
            for e in answer.evidence
        ],
    )
    session.about(f"case:{case.id}", log=log_id, verdict=answer.verdict.value, digest=log.digest)
    return int(case.id)


@writes(Action.CONTEST_RESPONSIBILITY)
def contest_responsibility(session: Session, case_id: int, reason: str) -> Side:
    """Contest an answer, as someone of one of the two shifts; each side once. Returns the side."""
    case = _case(case_id)
    if not reason.strip():
        raise Invalid(_("Say why the answer is wrong."), article=25)
    _refuse_decided(case)
    side = next((side for side, people in _sides(case).items() if session.actor.person_id in people), None)
    if side is None:
        raise NotPermitted(_("Only someone of the two shifts contests this."), article=25)
    objection = models.Objection
    before = objection.get_or_none(objection.case == case_id, objection.side == side)
    if before is not None:
        raise Conflict(_("{name} has contested for this side.").format(name=named(before.person)), article=25)
    objection.create(
        case=case, side=side, person=session.actor.person_id, reason=reason.strip(), at=session.now
    )
    session.about(f"case:{case_id}", side=side.value, reason=reason.strip())
    return side


@writes(Action.DECIDE_RESPONSIBILITY)
def decide_responsibility(session: Session, case_id: int, verdict: Verdict, reason: str) -> None:
    """Decide a case with reasons, as a senior shift leader or the deputy manager who is no party to it."""
    case = _case(case_id)
    if not reason.strip():
        raise Invalid(_("A decision needs its reasons."), article=25)
    _refuse_decided(case)
    if any(session.actor.person_id in people for people in _sides(case).values()):
        raise NotPermitted(
            _("Nobody decides a case they are a party to."),
            article=25,
            next_step=_("Ask the senior shift leader or the deputy manager."),
        )
    models.ResponsibilityCase.update(
        decision=Verdict(verdict),
        decision_reason=reason.strip(),
        decided_by=session.actor.person_id,
        decided_at=session.now,
    ).where(models.ResponsibilityCase.id == case_id).execute()
    session.about(f"case:{case_id}", decision=Verdict(verdict).value, reason=reason.strip())


def _case(case_id: int) -> models.ResponsibilityCase:
    case: models.ResponsibilityCase | None = models.ResponsibilityCase.get_or_none(
        models.ResponsibilityCase.id == case_id
    )
    if case is None:
        raise NotFound(_("There is no such case."), article=25)
    return case


def _refuse_decided(case: models.ResponsibilityCase) -> None:
    if case.decided_by_id is not None:
        raise Conflict(_("This case is decided: {name}.").format(name=named(case.decided_by)), article=25)


def _sides(case: models.ResponsibilityCase) -> dict[Side, set[int]]:
    """Return who belongs to either side: rostered, standing in, or signing."""
    handover = handover_of(case.log)
    logs = {Side.OUTGOING: case.log, Side.INCOMING: handover.incoming if handover else None}
    signers = {
        Side.OUTGOING: handover.signed_out_by_id if handover else None,
        Side.INCOMING: handover.signed_in_by_id if handover else None,
    }
    sides = {}
    for side, log in logs.items():
        rostered = duties_of_log(log) if log is not None else []
        people = [duty.person_id for duty in rostered] + [row.person_id for row in stand_ins_of(log)]
        sides[side] = {person for person in [*people, signers[side]] if person is not None}
    return sides


def _row(case: models.ResponsibilityCase) -> CaseRow:
    objection, log = models.Objection, case.log
    return CaseRow(
        case.id,
        log.id,
        log.date,
        log.shift_type.code,
        log.shift_type.name,
        case.problem,
        case.words,
        named(case.asked_by),
        case.asked_at,
        log.frozen_at,
        case.digest,
        Verdict(case.verdict),
        tuple(
            Evidence(e["id"], datetime.fromisoformat(e["known_at"]), e["listed"], e["text"])
            for e in case.evidence
        ),
        tuple(
            ObjectionRow(Side(o.side), named(o.person), o.reason, o.at)
            for o in objection.select().where(objection.case == case.id).order_by(objection.id)
        ),
        Verdict(case.decision) if case.decision else None,
        case.decision_reason,
        named(case.decided_by),
        case.decided_at,
    )
