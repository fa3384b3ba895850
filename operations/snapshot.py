"""What a door needs to decide alone: everything a kiosk may know of the centre, in one consistent view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import peewee

import models
from operations import store
from operations.boundary import Actor, Session, reads
from operations.centre import civil_date, limits_at, the_centre
from operations.duties import active_duties, duty_record, is_continued, logs_between, needs_relief
from operations.permissions import PERMISSIONS, Action
from operations.reasons import reasons_on
from operations.slips import unused_slips
from regulation.records import (
    BadgeKind,
    BadgeRecord,
    BadgeState,
    CredentialRecord,
    DutyRecord,
    OccupancyReset,
    PermitRecord,
    PersonRecord,
    PersonStatus,
    Snapshot,
    VisitRecord,
    VisitState,
)
from regulation.roles import Role

# The door must know who is on duty, and who was marked as gone, for as long as staff may enter while it is cut off.
DUTIES_AHEAD = timedelta(days=8)
DUTIES_BEHIND = timedelta(hours=36)
RESETS_BEHIND = timedelta(days=8)

# Whose PIN a door may ask for: who decides about visitors, and who keeps the machine.
_PIN_ROLES = tuple(
    role
    for role in Role
    if Action.DECIDE_VISIT in PERMISSIONS[role] or Action.KEEP_PEOPLE in PERMISSIONS[role]
)
_STATES = {state.value: state for state in BadgeState}
_KINDS = {kind.value: kind for kind in BadgeKind}


@reads(Action.READ_DOOR)
def door_snapshot(session: Session) -> Snapshot:
    """Return what a door needs to decide alone.

    Slips and PIN hashes are a door's alone: anyone else who looks gets none.
    """
    now, kiosk = session.now, _kiosk(session.actor)
    centre = the_centre()
    return Snapshot(
        centre=centre.name,
        time_zone=centre.time_zone,
        taken_at=now,
        version=store.change_version(),
        people=tuple(
            PersonRecord(p.id, p.work_number, p.name, Role(p.role), PersonStatus(p.status))
            for p in models.Person.select().order_by(models.Person.id)
        ),
        badges=_badges(),
        duties=_duties(now),
        visits=_visits(now),
        permits=_permits(now),
        limits=dict(limits_at(now).values),
        credentials=_credentials() if kiosk else (),
        slips=unused_slips(kiosk) if kiosk else (),
        visit_reasons=reasons_on(civil_date(now)),
        resets=_resets(now),
    )


def _kiosk(actor: Actor) -> str:
    return actor.work_number.removeprefix("kiosk:") if actor.work_number.startswith("kiosk:") else ""


def _badges() -> tuple[BadgeRecord, ...]:
    """Return every badge; the same tuple as the last time when none has changed.

    A centre may hold 100,000 badges and a door asks after every change. What is read is compared as the database
    gave it, whichever database that was; only a difference makes records anew.
    """
    badge = models.Badge
    query = badge.select(
        badge.badge, badge.person, badge.label, badge.state, badge.valid_from, badge.valid_until, badge.kind
    ).order_by(badge.id)
    rows = models.database.execute(query).fetchall()
    before, records = _last_badges.get("read", ((), ()))
    if rows != before:
        records = tuple(_badge(*row) for row in rows)
        _last_badges["read"] = rows, records
    return records


# What was read last and what was made of it, put here in one step: threads share it.
_last_badges: dict[str, tuple[Sequence[tuple[Any, ...]], tuple[BadgeRecord, ...]]] = {}


def _badge(
    badge: str, person_id: int | None, label: str, state: str, begin: Any, end: Any, kind: str
) -> BadgeRecord:
    return BadgeRecord(badge, person_id, label, _STATES[state], _instant(begin), _instant(end), _KINDS[kind])


def _instant(stored: Any) -> datetime | None:
    """Return an instant as the database gave it; few badges have any."""
    instant: datetime | None = models.Badge.valid_from.python_value(stored)
    return instant


def _credentials() -> tuple[CredentialRecord, ...]:
    credential, person = models.Credential, models.Person
    query = (
        credential.select()
        .join(person)
        .where(
            person.role.in_(_PIN_ROLES),
            person.status == PersonStatus.ACTIVE,
            ~credential.must_change,  # a PIN that someone else has set is nobody's own yet
        )
        .order_by(credential.person)
    )
    return tuple(CredentialRecord(c.person_id, c.pin_hash, c.duress_hash) for c in query)


def _duties(now: datetime) -> tuple[DutyRecord, ...]:
    duty = models.Duty
    logs = logs_between(now - DUTIES_BEHIND, now + DUTIES_AHEAD)
    query = active_duties().where(duty.starts_at < now + DUTIES_AHEAD, duty.ends_at > now - DUTIES_BEHIND)
    duties = list(query)
    cut = [d for d in duties if d.replaces_id is not None]
    return tuple(
        duty_record(d, needs_relief=needs_relief(d, logs) and not is_continued(d, cut)) for d in duties
    )


def _visits(now: datetime) -> tuple[VisitRecord, ...]:
    visit = models.Visit
    query = (
        visit.select(visit, models.Badge)
        .join(models.Badge, peewee.JOIN.LEFT_OUTER)
        .where(
            visit.state.in_((VisitState.APPROVED, VisitState.INSIDE)),
            (visit.ends_at > now - timedelta(days=1)) | (visit.state == VisitState.INSIDE),
        )
    )
    return tuple(
        VisitRecord(
            v.id,
            VisitState(v.state),
            v.starts_at,
            v.ends_at,
            v.reason,
            v.visitor,
            v.unit,
            v.sponsor_id,
            v.badge.badge if v.badge_id else None,
            v.badge.label if v.badge_id else "",
            v.escort_id,
        )
        for v in query
    )


def _permits(now: datetime) -> tuple[PermitRecord, ...]:
    permit = models.SeatLeave
    query = permit.select().where(permit.returned_at.is_null(), permit.from_at > now - DUTIES_BEHIND)
    return tuple(
        PermitRecord(p.id, p.person_id, p.duty_id, p.from_at, p.back_by, p.returned_at) for p in query
    )


def _resets(now: datetime) -> tuple[OccupancyReset, ...]:
    reset = models.OccupancyReset
    query = reset.select().where(reset.at > now - RESETS_BEHIND).order_by(reset.at, reset.id)
    return tuple(OccupancyReset(r.id, r.at, r.person_id, r.visit_id) for r in query)
