"""The two signatures of a handover (Art. 21 to 24), and the sealing.

Each side signs with its own credential, never one person both. The incoming signature seals the log: its section is
stored as it was signed, with its digest. Where no shift follows, the outgoing leader closes the log alone, and the
next shift's leader counter-signs it later.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

import models
from locales import _
from operations import signin
from operations.boundary import Session, require, signed_write, write_audit, writes
from operations.daily_sections import section_of
from operations.duties import named
from operations.errors import Blocked, Conflict, Invalid
from operations.findings import keep_finding
from operations.handover_records import (
    blockers_of,
    clock_text,
    following_log,
    handover_by_id,
    record_of,
    require_seen,
    unsealed,
)
from operations.permissions import Action
from operations.reliefs import settle_reliefs
from operations.search_index import keep_item_found
from operations.shiftlog import items_of
from operations.situation import log_to_counter_sign_in, require_way
from operations.visits import visits_inside
from regulation.daily_log import content_digest
from regulation.handover import ItemState, LogState, Side, who_may_sign
from regulation.handover_ways import WayKind
from regulation.ledger import instant_text


def sign_out(work_number: str, pin: str, now: datetime, handover_id: int, seen: str = "") -> None:
    """Sign the outgoing side with one's own credential.

    ``seen`` is the version of the handover that was looked at. Raises :class:`Blocked` with everything that still
    stands open, or when this person may not sign.
    """
    actor = signin.confirm(work_number, pin, now)
    signed_write(actor, now, lambda session: _sign_out(session, handover_id, seen), "sign_out")


def sign_in_take_over(work_number: str, pin: str, now: datetime, handover_id: int, seen: str = "") -> str:
    """Sign the incoming side with one's own credential: seals the log and returns its digest (64 hex digits).

    Carried items move to the incoming log, every outgoing duty is relieved, and the escort duty for visitors
    inside moves to the incoming leader.
    """
    actor = signin.confirm(work_number, pin, now)
    return signed_write(
        actor, now, lambda session: _take_over(session, handover_id, seen), "sign_in_take_over"
    )


def close_alone(
    work_number: str, pin: str, now: datetime, handover_id: int, reason: str, seen: str = ""
) -> str:
    """Seal a log that no shift follows with the outgoing signature alone; returns its digest.

    The next shift's leader counter-signs when that shift begins (:func:`counter_sign`).
    """
    actor = signin.confirm(work_number, pin, now)
    return signed_write(
        actor, now, lambda session: _close_alone(session, handover_id, reason.strip(), seen), "close_alone"
    )


def counter_sign(work_number: str, pin: str, now: datetime, handover_id: int) -> None:
    """Take over, as leader of the shift that now begins, what was closed alone: its carried items arrive."""
    actor = signin.confirm(work_number, pin, now)
    signed_write(actor, now, lambda session: _counter_sign(session, handover_id), "counter_sign")


@writes(Action.HAND_OVER)
def withdraw_sign_out(session: Session, handover_id: int) -> None:
    """Take one's own outgoing signature back, so that a mistake in the check can be mended.

    Only until the incoming side signs.
    """
    handover = unsealed(handover_id)
    if handover.signed_out_by_id is None:
        raise Conflict(_("The outgoing side has not signed."), article=21)
    if handover.signed_out_by_id != session.actor.person_id:
        raise Conflict(
            _("Only {name} can withdraw this signature.").format(name=named(handover.signed_out_by)),
            article=21,
        )
    was = instant_text(handover.signed_out_at)
    _update(handover, signed_out_by=None, signed_out_at=None)
    session.about(f"handover:{handover_id}", signed_out_at=was)


def _sign_out(session: Session, handover_id: int, seen: str) -> None:
    require(session.actor, Action.HAND_OVER)
    handover = unsealed(handover_id)
    _refuse_signed_out(handover)
    _check_outgoing(session, handover, seen)
    _update(handover, signed_out_by=session.actor.person_id, signed_out_at=session.now)
    session.about(f"handover:{handover_id}")
    write_audit(session, "sign_out")


def _take_over(session: Session, handover_id: int, seen: str) -> str:
    require(session.actor, Action.HAND_OVER)
    handover = unsealed(handover_id)
    following = following_log(handover.outgoing, handover)
    if refusal := who_may_sign(record_of(handover, following), Side.INCOMING, session.actor.person_id):
        raise Blocked([refusal])
    require_seen(handover, seen)
    _update(handover, incoming=following, signed_in_by=session.actor.person_id, signed_in_at=session.now)
    settle_reliefs(session, handover, following)
    _receive(session, handover, following)
    digest = _seal(handover_by_id(handover_id), session.now)
    session.about(f"handover:{handover_id}", digest=digest)
    write_audit(session, "sign_in_take_over")
    return digest


def _close_alone(session: Session, handover_id: int, reason: str, seen: str) -> str:
    require(session.actor, Action.HAND_OVER)
    if not reason:
        raise Invalid(_("Say why the shift is closed by one leader alone."), article=21)
    handover = unsealed(handover_id)
    require_way(handover.outgoing, WayKind.CLOSE_ALONE, session.now)
    if handover.signed_out_by_id not in (None, session.actor.person_id):
        _refuse_signed_out(handover)
    if handover.signed_out_by_id is None:
        _check_outgoing(session, handover, seen)
        _update(handover, signed_out_by=session.actor.person_id, signed_out_at=session.now)
    _update(handover, alone_reason=reason, incoming=None)
    settle_reliefs(session, handover, None)
    keep_finding(
        session,
        f"alone:{handover_id}",
        "closed_alone",
        [f"handover:{handover_id}"],
        person_id=session.actor.person_id,
        reason=reason,
    )
    digest = _seal(handover_by_id(handover_id), session.now)
    session.about(f"handover:{handover_id}", digest=digest, reason=reason)
    write_audit(session, "close_alone")
    return digest


def _counter_sign(session: Session, handover_id: int) -> None:
    require(session.actor, Action.HAND_OVER)
    handover = handover_by_id(handover_id)
    require_way(handover.outgoing, WayKind.COUNTER_SIGN, session.now)
    log = log_to_counter_sign_in(handover, session.now)
    if refusal := who_may_sign(record_of(handover, log), Side.INCOMING, session.actor.person_id):
        raise Blocked([refusal])
    _update(handover, incoming=log, signed_in_by=session.actor.person_id, signed_in_at=session.now)
    _receive(session, handover, log)
    session.about(f"handover:{handover_id}", digest=handover.outgoing.digest)
    write_audit(session, "counter_sign")


def _refuse_signed_out(handover: models.Handover) -> None:
    if handover.signed_out_by_id is not None:
        raise Conflict(
            _("The outgoing side has signed already: {name} at {time}.").format(
                name=named(handover.signed_out_by), time=clock_text(handover.signed_out_at)
            ),
            article=21,
        )


def _check_outgoing(session: Session, handover: models.Handover, seen: str) -> None:
    record = record_of(handover, following_log(handover.outgoing, handover))
    if refusal := who_may_sign(record, Side.OUTGOING, session.actor.person_id):
        raise Blocked([refusal])
    require_seen(handover, seen)
    if blockers := blockers_of(handover, session.now):
        raise Blocked(blockers)


def _update(handover: models.Handover, **values: object) -> None:
    models.Handover.update(**values).where(models.Handover.id == handover.id).execute()


def _seal(handover: models.Handover, now: datetime) -> str:
    log = models.ShiftLog
    log.update(state=LogState.SEALED, sealed_at=now).where(log.id == handover.outgoing_id).execute()
    section = section_of(log.get_by_id(handover.outgoing_id), now)
    digest = content_digest(section)
    log.update(sealed_content=msgspec.json.encode(section).decode(), digest=digest).where(
        log.id == handover.outgoing_id
    ).execute()
    return digest


def _receive(session: Session, handover: models.Handover, log: models.ShiftLog | None) -> None:
    """Let the incoming log and its leader have what is handed over: what is unfinished, and the visitors inside."""
    # Art. 22: what is not finished is handed over; the next log holds it as an open item that points back.
    for item in items_of(handover.outgoing):
        if item.state != ItemState.RESOLVED:
            carried = models.OpenItem.create(
                log=log,
                entry=item.entry_id,
                carried_from=item,
                # Of what is confidential the title stays sealed where it was opened: handing over needs no key.
                title=item.title,
                owner=session.actor.person_id,
                vip=item.vip,
                opened_at=item.opened_at,
                due_at=item.due_at,
                state=ItemState.OPEN,
            )
            keep_item_found(carried.id)
    models.Visit.update(escort=session.actor.person_id).where(
        models.Visit.id.in_([visit.id for visit in visits_inside()])
    ).execute()
