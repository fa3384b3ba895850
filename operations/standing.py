"""What is recorded so that a handover can neither be faked nor stand still (Art. 11, 21 to 24).

A stand-in for a leader, a leader who did not come or was gone, a hold during a major fault, and a higher leader's
override of a single blocker: each with its reason, who recorded it and when, on the audit chain and on the paper.
"""

from __future__ import annotations

import models
from locales import _
from operations.boundary import Session, may, writes
from operations.duties import duties_of_log, leaders, named
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.findings import keep_finding
from operations.handover_records import (
    blockers_of,
    clock_text,
    following_log,
    handover_by_id,
    handover_of,
    log_by_id,
    may_lead,
    open_hold,
    side_subject,
)
from operations.passages import arrivals_for, occupancy_at
from operations.people import person_by_number
from operations.permissions import Action
from operations.situation import require_way
from regulation.findings import Blocker
from regulation.handover import LogState, Side
from regulation.handover_ways import WayKind
from regulation.ledger import instant_text
from regulation.marking import N_
from regulation.records import PersonStatus
from regulation.roles import LEADER_ROLES

NOT_ROSTERED = "not_rostered"
LONGEST_TEXT = 200
_KINDS = {Side.INCOMING: WayKind.NO_SHOW_INCOMING, Side.OUTGOING: WayKind.NO_SHOW_OUTGOING}
_CODES = {Side.INCOMING: "relief_no_show", Side.OUTGOING: "outgoing_no_show"}
_SIGNING = {
    Side.OUTGOING: N_("The rostered leader signs the outgoing side"),
    Side.INCOMING: N_("The rostered leader signs the incoming side"),
}


@writes(Action.HAND_OVER)
def record_stand_in(
    session: Session, log_id: int, work_number: str, reason: str, instead_of: str = ""
) -> int:
    """Record that a leader stands in for a shift's rostered one (work number ``instead_of``); returns its id.

    Somebody else records it. Who stands in signs for that shift, taking over and handing over.
    """
    log, person = log_by_id(log_id), person_by_number(work_number)
    _require_reason(reason)
    if log.state == LogState.SEALED:
        raise Conflict(_("The log is sealed."), article=21)
    if person.role not in LEADER_ROLES or person.status != PersonStatus.ACTIVE:
        raise Invalid(_("Only a leader stands in for a leader."), article=21)
    if person.id == session.actor.person_id:
        raise NotPermitted(
            _("Somebody else records a stand-in."), article=21, next_step=_("Ask another leader.")
        )
    if may_lead(log, person.id):
        raise Conflict(_("{name} leads this shift already.").format(name=person.name), article=21)
    rostered = leaders(duties_of_log(log))
    absent = person_by_number(instead_of) if instead_of else next(iter(rostered), None)
    stand_in = models.StandIn.create(
        log=log,
        person=person,
        instead_of=absent,
        reason=reason.strip(),
        recorded_by=session.actor.person_id,
        at=session.now,
    )
    session.about(f"log:{log_id}", work_number=work_number, instead_of=named(absent), reason=reason.strip())
    return int(stand_in.id)


@writes(Action.HAND_OVER)
def record_no_show(session: Session, log_id: int, side: Side, reason: str) -> None:
    """Record for the handover of a log that a side's leader has not come, or is gone (Art. 21, 24).

    The other side's leader or a higher one records it, from ``no_show_after_minutes`` after the change of shifts; of
    the outgoing leader also as soon as the door saw them go. Who is inside cannot be recorded as absent.
    """
    log = log_by_id(log_id)
    _require_reason(reason)
    require_way(log, _KINDS[side], session.now)
    following = following_log(log, handover_of(log))
    absent_from = log if side is Side.OUTGOING else following
    other = following if side is Side.OUTGOING else log
    _require_leader_of(session, other)
    duty = _absent_duty(session, absent_from)
    no_show = models.NoShow.create(
        log=log,
        side=side,
        person=duty.person_id if duty is not None else None,
        reason=reason.strip(),
        recorded_by=session.actor.person_id,
        at=session.now,
    )
    keep_finding(
        session,
        f"no_show:{no_show.id}",
        _CODES[side],
        [f"log:{log_id}"],
        person_id=no_show.person_id,
        duty_id=duty.id if duty is not None else None,
        reason=reason.strip(),
    )
    session.about(f"log:{log_id}", side=side.value, reason=reason.strip())


@writes(Action.HAND_OVER)
def hold_handover(session: Session, log_id: int, reason: str) -> None:
    """Let no handover of a log take place, such as during a major fault, until the hold is lifted."""
    log = log_by_id(log_id)
    _require_reason(reason)
    require_way(log, WayKind.HOLD, session.now)
    _require_leader_of(session, log, following_log(log, handover_of(log)))
    models.HandoverHold.create(
        log=log, reason=reason.strip(), held_by=session.actor.person_id, held_at=session.now
    )
    session.about(f"log:{log_id}", reason=reason.strip())


@writes(Action.HAND_OVER)
def lift_hold(session: Session, log_id: int, outcome: str = "") -> None:
    """Lift the hold on a log's handover, with what came of it."""
    log = log_by_id(log_id)
    hold = open_hold(log)
    if hold is None:
        raise Conflict(_("Nothing is held."), article=11)
    _require_leader_of(session, log, following_log(log, handover_of(log)))
    models.HandoverHold.update(
        lifted_by=session.actor.person_id, lifted_at=session.now, outcome=outcome.strip()
    ).where(models.HandoverHold.id == hold.id).execute()
    session.about(f"log:{log_id}", held_at=instant_text(hold.held_at), outcome=outcome.strip())


@writes(Action.OVERRIDE_HANDOVER)
def override(session: Session, handover_id: int, code: str, subject: str, reason: str) -> None:
    """Let one blocker block no more, as a higher leader; the finding stays (Art. 23).

    ``code`` and ``subject`` are those of the blocker. ``not_rostered`` with ``side:outgoing`` or ``side:incoming``
    lets the overriding leader sign that side, with their own credential like anyone.
    """
    handover = handover_by_id(handover_id)
    _require_reason(reason)
    require_way(handover.outgoing, WayKind.OVERRIDE, session.now)
    blocker = _overridable(session, handover, code, subject)
    what = _(blocker.text).format(**{k: _(v) if k == "label" else v for k, v in blocker.details.items()})
    row = models.HandoverOverride
    before = row.get_or_none(row.handover == handover_id, row.code == code, row.subject == subject)
    if before is not None:
        raise Conflict(
            _("{name} overrode this already at {time}.").format(
                name=named(before.overridden_by), time=clock_text(before.at)
            ),
            article=23,
        )
    made = row.create(
        handover=handover,
        article=blocker.article,
        code=code,
        subject=subject,
        text=what[:LONGEST_TEXT],
        reason=reason.strip(),
        overridden_by=session.actor.person_id,
        at=session.now,
    )
    keep_finding(
        session,
        f"override:{made.id}",
        "handover_overridden",
        [f"handover:{handover_id}", subject],
        person_id=session.actor.person_id,
        what=f"{what} ({reason.strip()})",
    )
    session.about(f"handover:{handover_id}", code=code, blocker=subject, reason=reason.strip())


def _overridable(session: Session, handover: models.Handover, code: str, subject: str) -> Blocker:
    for side in Side:
        if (code, subject) == (NOT_ROSTERED, side_subject(side)):
            signer = handover.signed_out_by_id if side is Side.OUTGOING else handover.signed_in_by_id
            if signer is not None:
                raise Conflict(_("This side has signed already."), article=21)
            return Blocker(21, code, subject, _SIGNING[side])
    if handover.signed_out_by_id is None:
        for blocker in blockers_of(handover, session.now):
            if (blocker.code, blocker.subject) == (code, subject):
                return blocker
    raise NotFound(_("This does not block the handover any more."), article=23)


def _absent_duty(session: Session, log: models.ShiftLog | None) -> models.Duty | None:
    """Return the duty of the rostered leader who is not there; one whom the door saw come in is there."""
    duties = duties_of_log(log) if log is not None else []
    led = [duty for duty in duties if leaders([duty])]
    came, inside = arrivals_for(led, session.now), occupancy_at(session.now).people
    for duty in led:
        if duty.id in came and duty.person_id in inside:
            raise Conflict(
                _("{name} came in at {time} and is inside.").format(
                    name=named(duty.person), time=clock_text(came[duty.id])
                ),
                article=21,
                next_step=_("If that is wrong, correct who is inside first."),
            )
    return next(iter(led), None)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("This needs a reason."), article=21)


def _require_leader_of(session: Session, *logs: models.ShiftLog | None) -> None:
    """A leader of one of the shifts, rostered or standing in, or a leader above them."""
    if may(session.actor, Action.OVERRIDE_HANDOVER):
        return
    if not any(log is not None and may_lead(log, session.actor.person_id) for log in logs):
        raise NotPermitted(
            _("Only a leader of the two shifts, or a higher one, records this."),
            article=21,
            next_step=_("Ask the senior shift leader or the deputy manager."),
        )
