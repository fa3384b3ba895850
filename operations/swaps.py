"""Swaps and stand-ins (Art. 38): ask, agree, consent, refuse, withdraw; what nobody settles in time lapses.

With the consent, in its one transaction, the duties go over: the old ones are ``swapped``, their pieces are new duties
that point back to them. Post, seat and team stay with the duty, so whoever takes it signs the handover, escorts and
is expected at the door. A withdrawal brings back the very duties that stood before.

A draft that plans on one of these days would undo the swap when it is published: its rows for the people and days
concerned are taken out with the consent (and with a withdrawal), and whoever planned them is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import models
from locales import _
from operations import notices
from operations.boundary import Session, may, writes
from operations.drafts import raise_versions
from operations.duties import DUE, active_duties, named
from operations.errors import Blocked, Conflict, Invalid, NotFound, NotPermitted
from operations.people import answerable, person_by_number
from operations.permissions import Action
from operations.swap_duties import clear_the_draft, hand_on, take_back
from operations.swap_records import (
    Given,
    given_duties,
    leg_of,
    legs_of,
    obstacles,
    open_swap_of,
    parties_of,
    record_of_swap,
    swap_by_id,
)
from regulation.findings import Blocker
from regulation.ledger import instant_text
from regulation.swaps import (
    ARTICLE,
    OPEN_STATES,
    Leg,
    SwapState,
    begins_at,
    may_act_for,
    may_agree,
    may_consent,
    may_refuse,
    may_withdraw,
)

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class LegAsked:
    """A duty to go to ``taker`` (a work number): the whole of it, or its hours from ``from_at`` to ``until_at``."""

    duty_id: int
    taker: str
    from_at: datetime | None = None
    until_at: datetime | None = None


@writes(Action.ASK_SWAP)
def ask_swap(session: Session, asked: Sequence[LegAsked], reason: str = "", on_behalf_of: str = "") -> int:
    """Ask for a swap or a stand-in; returns its id. Everyone else in it agrees, then a leader consents.

    A leader who is not part of it may ask for someone absent (their work number, and a reason). Raises
    :class:`Blocked` when the swap could not be carried out, :class:`Conflict` when a duty is asked for already.
    """
    reason, legs = _reason(reason), asked_legs(asked)
    asker = _party_of(session, parties_of(legs), on_behalf_of, reason)
    for leg in legs:
        if open_swap_of(leg.duty_id) is not None:
            raise Conflict(
                _("A swap of this duty is asked for already."),
                article=ARTICLE,
                next_step=_("Withdraw that request first."),
            )
    _require_possible(legs, session.now)
    swap = models.Swap.create(
        reason=reason,
        asked_by=session.actor.person_id,
        asked_at=session.now,
        begins_at=begins_at(legs),
    )
    for position, leg in enumerate(legs):
        models.SwapLeg.create(
            swap=swap,
            position=position,
            duty=leg.duty_id,
            giver=leg.giver_id,
            taker=leg.taker_id,
            from_at=leg.from_at,
            until_at=leg.until_at,
        )
    for person_id in parties_of(legs):
        models.SwapParty.create(swap=swap, person=person_id)
    _note_agreement(session, swap, asker, reason)
    _tell(session, swap, notices.SWAP_ASKED, parties_of(legs))
    session.about(f"swap:{swap.id}", reason=reason, on_behalf_of=on_behalf_of, legs=_plain(legs))
    return int(swap.id)


@writes(Action.ASK_SWAP)
def agree_swap(session: Session, swap_id: int, on_behalf_of: str = "", reason: str = "") -> SwapState:
    """Agree to a swap one is part of; with the last agreement it goes to the leaders. Returns its state.

    A leader who is not part of it may agree for someone absent, with the reason.
    """
    swap, reason = swap_by_id(swap_id), _reason(reason)
    record = record_of_swap(swap)
    _unless(may_agree(record, _speaks_for(session, record.parties, on_behalf_of, reason), session.now))
    person_id = person_by_number(on_behalf_of).id if on_behalf_of else session.actor.person_id
    _require_possible(legs_of(swap), session.now)
    agreed = _note_agreement(session, swap, person_id, reason)
    session.about(f"swap:{swap_id}", on_behalf_of=on_behalf_of, reason=reason, state=agreed.value)
    return agreed


@writes(Action.CONSENT_SWAP)
def consent_swap(session: Session, swap_id: int, note: str = "") -> None:
    """Consent, as a leader who is not part of it: from this transaction on the duties are the takers'."""
    swap, note = swap_by_id(swap_id), _reason(note)
    legs = legs_of(swap)
    _unless(may_consent(record_of_swap(swap, legs), answerable(session), session.now))
    _require_possible(legs, session.now)
    given = given_duties(legs)
    versions = raise_versions({one.duty.date for one in given})
    for one in given:
        hand_on(one, versions[f"{one.duty.date:%Y-%m}"])
    dropped = _clear_the_draft(session, swap, given)
    _settle(
        session,
        swap,
        state=SwapState.CONSENTED,
        decided_by=session.actor.person_id,
        decided_at=session.now,
        decision_reason=note,
    )
    _tell(session, swap, notices.SWAP_CONSENTED, parties_of(legs))
    session.about(f"swap:{swap_id}", note=note, legs=_plain(legs), dropped_from_draft=dropped)


@writes(Action.ASK_SWAP)
def refuse_swap(session: Session, swap_id: int, reason: str = "") -> None:
    """Refuse a request: as one of those in it, or, with a reason, as a leader who decides."""
    swap, reason = swap_by_id(swap_id), _reason(reason)
    record = record_of_swap(swap)
    _unless(may_refuse(record, answerable(session), session.now))
    if session.actor.person_id not in record.parties and not reason:
        raise Invalid(_("This needs a reason."), article=ARTICLE)
    _settle(
        session,
        swap,
        state=SwapState.REFUSED,
        decided_by=session.actor.person_id,
        decided_at=session.now,
        decision_reason=reason,
    )
    _tell(session, swap, notices.SWAP_REFUSED, record.parties | record.acted)
    session.about(f"swap:{swap_id}", reason=reason)


@writes(Action.ASK_SWAP)
def withdraw_swap(session: Session, swap_id: int, reason: str = "") -> None:
    """Withdraw a request, or a swap that was consented to, until the first duty in it begins.

    The duties that stood before the consent stand again. A leader who is not part of it gives a reason. Raises
    :class:`Conflict` when something else has been built on it since.
    """
    swap, reason = swap_by_id(swap_id), _reason(reason)
    record = record_of_swap(swap)
    _unless(may_withdraw(record, answerable(session), session.now))
    if session.actor.person_id not in record.parties and not reason:
        raise Invalid(_("This needs a reason."), article=ARTICLE)
    if record.state is SwapState.CONSENTED:
        given = given_duties(legs_of(swap))
        take_back(given)
        raise_versions({one.duty.date for one in given})
        session.about(f"swap:{swap_id}", dropped_from_draft=_clear_the_draft(session, swap, given))
    _settle(
        session,
        swap,
        state=SwapState.WITHDRAWN,
        closed_by=session.actor.person_id,
        closed_at=session.now,
        closing_reason=reason,
    )
    _tell(session, swap, notices.SWAP_WITHDRAWN, record.parties | record.acted)
    session.about(f"swap:{swap_id}", reason=reason, was=record.state.value)


@dataclass(frozen=True, slots=True)
class LapseDue:
    """A request that nobody settled before its first duty began, or whose duty does not stand any more."""

    swap_id: int

    @property
    def source(self) -> str:
        """Name it for ever."""
        return f"swap_lapsed:{self.swap_id}"

    def keep(self, session: Session) -> None:
        """Let it lapse, and tell everyone in it."""
        swap = swap_by_id(self.swap_id)
        record = record_of_swap(swap)
        _settle(session, swap, state=SwapState.LAPSED, closed_at=session.now)
        _tell(session, swap, notices.SWAP_LAPSED, record.parties | record.acted)


def swaps_lapsing(now: datetime) -> Sequence[LapseDue]:
    """Art. 38: a swap is settled beforehand; one that is still open when its first duty begins is settled no more."""
    swap, leg, duty = models.Swap, models.SwapLeg, models.Duty
    is_open = swap.state.in_(sorted(OPEN_STATES))
    late = swap.select(swap.id).where(is_open, swap.begins_at <= now)
    gone = (
        swap.select(swap.id)
        .join(leg, on=(leg.swap == swap.id))
        .join(duty, on=(leg.duty == duty.id))
        .where(is_open, duty.state != DUE)
    )
    return [LapseDue(swap_id) for swap_id in sorted({row.id for row in late} | {row.id for row in gone})]


def asked_legs(asked: Sequence[LegAsked]) -> tuple[Leg, ...]:
    """Return the legs that somebody asks for (inside a transaction). Raises for what makes no swap at all."""
    if not asked:
        raise Invalid(_("Choose a duty and who takes it."), article=ARTICLE)
    legs = []
    for one in asked:
        duty: models.Duty | None = active_duties().where(models.Duty.id == one.duty_id).first()
        if duty is None:
            raise NotFound(_("There is no such duty."), article=ARTICLE)
        taker = person_by_number(one.taker)
        if taker.id == duty.person_id:
            raise Invalid(_("{name} has this duty already.").format(name=named(taker)), article=ARTICLE)
        legs.append(leg_of(duty, taker.id, one.from_at, one.until_at))
    return tuple(legs)


# --- who speaks ---------------------------------------------------------------------------------------------


def _party_of(session: Session, parties: Sequence[int], on_behalf_of: str, reason: str) -> int:
    """Return whose wish it is: the actor's own, or that of someone a leader acts for."""
    person_id = _speaks_for(session, parties, on_behalf_of, reason)
    if person_id not in parties:
        raise NotPermitted(
            _("One asks for a swap of one's own duties."),
            article=ARTICLE,
            next_step=_("A leader may ask for someone absent, and says for whom."),
        )
    return person_id


def _speaks_for(
    session: Session, parties: Sequence[int] | frozenset[int], on_behalf_of: str, reason: str
) -> int:
    """Return who speaks: the actor, or whoever a leader speaks for, with the reason on record."""
    actor_id = answerable(session)
    if not on_behalf_of:
        return actor_id
    if not may(session.actor, Action.CONSENT_SWAP):
        raise NotPermitted(
            _("Only a leader acts for someone absent."),
            article=ARTICLE,
            next_step=_("Ask the leader of the team or the shift."),
        )
    _unless(may_act_for(parties, actor_id))
    if not reason:
        raise Invalid(_("Say why you act for somebody else."), article=ARTICLE)
    return int(person_by_number(on_behalf_of).id)


def _unless(blocker: Blocker | None) -> None:
    if blocker is not None:
        raise Blocked([blocker])


def _require_possible(legs: Sequence[Leg], now: datetime) -> None:
    if against := obstacles(legs, now):
        raise Blocked(against)


def _reason(text: str) -> str:
    if len(text.strip()) > LONGEST_REASON:
        raise Invalid(
            _("A reason has at most {most} characters.").format(most=LONGEST_REASON), article=ARTICLE
        )
    return text.strip()


# --- writing it down ----------------------------------------------------------------------------------------


def _note_agreement(session: Session, swap: models.Swap, person_id: int, reason: str) -> SwapState:
    """Write one side's agreement down; with the last one the request goes to the leaders."""
    party, actor_id = models.SwapParty, session.actor.person_id
    values = {
        "agreed_at": session.now,
        "agreed_by": actor_id,
        "reason": reason if person_id != actor_id else "",
    }
    party.update(values).where(party.swap == swap.id, party.person == person_id).execute()
    if party.select().where(party.swap == swap.id, party.agreed_at.is_null()).exists():
        return SwapState.ASKED
    models.Swap.update(state=SwapState.AGREED, agreed_at=session.now).where(
        models.Swap.id == swap.id
    ).execute()
    notices.answered(session, f"swap:{swap.id}")
    _tell(session, swap, notices.SWAP_AGREED, record_of_swap(swap_by_id(swap.id)).deciders)
    return SwapState.AGREED


def _settle(session: Session, swap: models.Swap, **values: object) -> None:
    models.Swap.update(values).where(models.Swap.id == swap.id).execute()
    notices.answered(session, f"swap:{swap.id}")


def _tell(session: Session, swap: models.Swap, kind: str, person_ids: Sequence[int] | frozenset[int]) -> None:
    """Tell everyone concerned but the one who did it."""
    first = legs_of(swap)[0]
    duty = models.Duty.get_by_id(first.duty_id)
    people = {p.id: p for p in models.Person.select().where(models.Person.id.in_(parties_of([first])))}
    for person_id in sorted(set(person_ids) - {session.actor.person_id}):
        notices.tell_person(
            session,
            person_id,
            kind,
            f"swap:{swap.id}",
            f"swap:{swap.id}:{kind}:{person_id}:{instant_text(session.now)}",
            giver=named(people[first.giver_id]),
            taker=named(people[first.taker_id]),
            date=duty.date.isoformat(),
            shift=duty.shift_type.name,
            shift_en=duty.shift_type.name_en,
        )


def _plain(legs: Sequence[Leg]) -> list[list[object]]:
    return [
        [leg.duty_id, leg.giver_id, leg.taker_id, instant_text(leg.from_at), instant_text(leg.until_at)]
        for leg in legs
    ]


def _clear_the_draft(session: Session, swap: models.Swap, given: Sequence[Given]) -> list[list[object]]:
    """Take out of the draft what is planned for the people and days of a swap, and tell whoever planned it."""
    dropped = clear_the_draft(given)
    planners = models.Person.select().where(
        models.Person.work_number.in_([row[-1] for row in dropped] or [""])
    )
    _tell(session, swap, notices.SWAP_OVER_DRAFT, frozenset(person.id for person in planners))
    return dropped
