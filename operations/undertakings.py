"""Confidentiality undertakings (Art. 26): how everybody stands, who is asked anew, and who is in breach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import models
from operations import notices
from operations.boundary import Session, reads
from operations.centre import civil_date, limits_at, the_centre, zone
from operations.deeds import Deed, FindingDue, NewsDue, not_kept, not_told
from operations.permissions import Action
from regulation.ledger import instant_text
from regulation.limits import Limits
from regulation.records import PersonStatus
from regulation.register_training import UNDERTAKING
from regulation.roles import CENTRE_ROLES
from regulation.undertakings import UndertakingState, last_day, owed_from, undertaking_state

IN_FORCE = "in_force"
ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands: ``until`` is the last day of what they signed last, ``owed_from`` the first one in breach.

    ``asked`` says that one waits for their signature.
    """

    person_id: int
    work_number: str
    name: str
    state: UndertakingState
    signed_on: date | None
    until: date | None
    owed_from: date
    asked: bool


@reads(Action.READ_REGISTERS)
def undertakings_to_see_to(session: Session) -> tuple[Standing, ...]:
    """Return those whose undertaking is missing, has run out or soon will; for others than leaders their own alone."""
    wanted = [one for one in standings(session.now) if one.state is not UndertakingState.IN_FORCE]
    if session.actor.role in UNDERTAKING.readers or not session.actor.person_id:
        return tuple(wanted)
    return tuple(one for one in wanted if one.person_id == session.actor.person_id)


def standings(now: datetime) -> list[Standing]:
    """Return how everybody who works in the centre stands today, by work number (inside a transaction)."""
    person, record = models.Person, models.RegisterRecord
    signed: dict[int, list[date]] = defaultdict(list)
    in_force = record.select(record.about, record.values).where(
        record.register == UNDERTAKING.key, record.state == IN_FORCE, record.about.is_null(False)
    )
    for about, values in in_force.tuples():
        if isinstance(values.get("signed_on"), str):
            signed[about].append(date.fromisoformat(values["signed_on"]))
    waiting = record.select(record.about).where(record.register == UNDERTAKING.key, record.state == ASKED)
    asked = {about for (about,) in waiting.tuples()}
    people = person.select().where(
        person.status == PersonStatus.ACTIVE, person.role.in_([role.value for role in CENTRE_ROLES])
    )
    today, limits, since = civil_date(now), limits_at(now), _judged_from()
    return [
        _standing(p, signed[p.id], today, limits, since, asked=p.id in asked)
        for p in people.order_by(person.work_number)
    ]


def undertakings_due(now: datetime) -> Sequence[Deed]:
    """Art. 26: everybody without an undertaking in force, once in a civil year; news for those whose runs out soon."""
    everybody = standings(now)
    return [*not_kept(_owed(everybody, now)), *not_told(_expiring(everybody))]


def _owed(everybody: Sequence[Standing], now: datetime) -> list[FindingDue]:
    today, version = civil_date(now), limits_at(now).version
    due = []
    for one in everybody:
        if today < one.owed_from:
            continue
        fields = {
            "code": "undertaking_missing",
            "article": 26,
            "at": instant_text(_midnight(max(one.owed_from, date(today.year, 1, 1)))),
            "person_id": one.person_id,
            "duty_id": None,
            "evidence": [f"person:{one.person_id}"],
            "details": {},
        }
        due.append(FindingDue(f"undertaking:{one.person_id}:{today.year}", fields, version))
    return due


def _expiring(everybody: Sequence[Standing]) -> list[NewsDue]:
    """News for each undertaking that somebody signed and that soon runs out, once."""
    return [
        NewsDue(
            f"undertaking_expires:{one.person_id}:{one.until.isoformat()}",
            one.person_id,
            notices.UNDERTAKING_EXPIRES,
            f"person:{one.person_id}",
            {"until": one.until.isoformat()},
        )
        for one in everybody
        if one.state is UndertakingState.EXPIRING and one.until is not None
    ]


def _standing(
    person: models.Person,
    signed: Sequence[date],
    today: date,
    limits: Limits,
    since: datetime,
    *,
    asked: bool,
) -> Standing:
    state = undertaking_state(signed, today, limits)
    latest = max(signed, default=None)
    asked_since = civil_date(max(since, person.entered_at or since))
    return Standing(
        person.id,
        person.work_number,
        person.name,
        state,
        latest,
        last_day(latest, limits) if latest else None,
        owed_from(signed, asked_since, limits),
        asked,
    )


def _judged_from() -> datetime:
    centre = the_centre()
    began: datetime = centre.watched_from or centre.created_at
    return max(began, centre.registers_from or began)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone()).astimezone(UTC)
