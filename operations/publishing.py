"""Publishing the draft: from one transaction on, the duties are what was planned, and everyone concerned is told.

What is past, running, on leave or swapped stays; whatever stands against it is listed before anything is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import peewee

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import ShiftClock
from operations.drafts import (
    BATCH_ROWS,
    CellChange,
    draft_rows,
    drop_draft_rows,
    overlaps,
    planned_code,
    published_duties,
    raise_versions,
    require_changeable,
    require_rosterable,
)
from operations.duties import CLEARED, DUE, LEADER_POST, OPERATOR_POST, drop_unused_log
from operations.errors import Conflict
from operations.leave_duties import leave_follows_roster
from operations.notices import ROSTER_PUBLISHED, tell_person
from operations.permissions import Action
from regulation.handover import LogState
from regulation.roles import LEADER_ROLES
from settings import ZhibanError

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one planned day cannot be published, in words; ``article`` where the regulation says so."""

    person_id: int
    day: date
    text: str
    article: int | None


@dataclass(frozen=True, slots=True)
class PublishPreview:
    """What publishing would change, from the published roster to the draft, and what stands against it."""

    first: date
    last: date
    changes: tuple[CellChange, ...]
    obstacles: tuple[Obstacle, ...]
    told: int


@reads(Action.READ_DESK)
def publish_preview(
    session: Session, first: date, last: date, person_ids: Sequence[int] | None = None
) -> PublishPreview:
    """Return what publishing the draft from ``first`` to ``last`` would change, and everything against it."""
    plan = _Plan.of(draft_rows(first, last, person_ids), first, last)
    obstacles = plan.obstacles(session.now)
    return PublishPreview(first, last, plan.changes(), obstacles, len(plan.people))


@writes(Action.EDIT_ROSTER)
def publish_draft(
    session: Session, first: date, last: date, person_ids: Sequence[int] | None = None
) -> tuple[CellChange, ...]:
    """Make the draft from ``first`` to ``last`` the roster, for some people or for everyone; returns the changes.

    Raises :class:`Conflict` when one of its days has begun, is on leave, was swapped, would overlap another duty or
    belongs to a shift that is being handed over: then nothing is published.
    """
    plan = _Plan.of(draft_rows(first, last, person_ids), first, last)
    if not plan.rows:
        raise Conflict(
            _("The draft is what is published already."),
            next_step=_("Plan the change first, then publish it."),
        )
    against = plan.obstacles(session.now)
    if against:
        raise Conflict(
            against[0].text,
            article=against[0].article,
            next_step=_("Change this day in the draft, or discard it; {count} in all.").format(
                count=len(against)
            ),
        )
    changes = plan.changes()
    versions = raise_versions({change.day for change in changes})
    plan.apply(versions)
    leave_follows_roster(session.now, min(c.day for c in changes), max(c.day for c in changes))
    _keep(session, plan, changes)
    return changes


@dataclass(slots=True)
class _Plan:
    """The rows of a draft beside the duties that they replace or stand next to."""

    rows: Sequence[models.DraftDuty]
    people: Mapping[int, models.Person]
    standing: Mapping[tuple[int, date], list[models.Duty]]
    logs: Mapping[tuple[date, int], models.ShiftLog]
    times: ShiftClock = field(default_factory=ShiftClock)

    @classmethod
    def of(cls, rows: Iterable[models.DraftDuty], first: date, last: date) -> _Plan:
        rows = list(rows)
        concerned = {row.person_id for row in rows}
        log = models.ShiftLog
        return cls(
            rows,
            {person.id: person for person in models.Person.select() if person.id in concerned},
            published_duties(concerned, first - _ONE_DAY, last + _ONE_DAY),
            {(e.date, e.shift_type_id): e for e in log.select().where(log.date >= first, log.date <= last)},
        )

    def changes(self) -> tuple[CellChange, ...]:
        """What the rows change, published before and planned after."""
        return tuple(
            CellChange(row.person_id, row.date, self._published(row), planned_code(row)) for row in self.rows
        )

    def obstacles(self, now: datetime) -> tuple[Obstacle, ...]:
        """Everything that stands against the rows, by day and person."""
        found = []
        for row in self.rows:
            try:
                self._require_publishable(now, row)
            except ZhibanError as error:
                found.append(Obstacle(row.person_id, row.date, error.message, error.article))
        text = _("{name} would have two duties at once on {date}.")
        for person_id, day in overlaps(self.rows, self.standing, self.times):
            name = self.people[person_id].name
            found.append(Obstacle(person_id, day, text.format(name=name, date=day.isoformat()), None))
        return tuple(found)

    def apply(self, versions: Mapping[str, int]) -> None:
        """Clear what the rows replace and place what they plan, with the shifts' logs; the rows are done."""
        replaced = [duty for row in self.rows for duty in self._replaced(row)]
        for part in peewee.chunked([duty.id for duty in replaced], BATCH_ROWS):
            models.Duty.update(state=CLEARED).where(models.Duty.id.in_(part)).execute()
        planned = [row for row in self.rows if row.shift_type_id]
        self._make_logs(planned)
        for part in peewee.chunked([self._duty_row(row, versions) for row in planned], BATCH_ROWS):
            models.Duty.insert_many(part).execute()
        for duty in {(duty.date, duty.shift_type_id): duty for duty in replaced}.values():
            drop_unused_log(duty)
        drop_draft_rows([row.id for row in self.rows])

    def _published(self, row: models.DraftDuty) -> str | None:
        duties = self._replaced(row)
        return str(duties[0].shift_type.code) if duties else None

    def _replaced(self, row: models.DraftDuty) -> list[models.Duty]:
        return self.standing.get((row.person_id, row.date), [])

    def _require_publishable(self, now: datetime, row: models.DraftDuty) -> None:
        replaced = self._replaced(row)
        require_changeable(now, replaced)
        shifts = {duty.shift_type_id for duty in replaced}
        if row.shift_type_id:
            require_rosterable(self.people[row.person_id])
            if self.times.of(row.shift_type, row.date)[1] <= now:
                raise Conflict(_("A duty that is over cannot be rostered."), article=33)
            shifts.add(row.shift_type_id)
        for shift in shifts:
            log = self.logs.get((row.date, shift))
            if log is not None and log.state != LogState.OPEN:
                raise Conflict(_("This shift is being handed over or is sealed."), article=21)

    def _make_logs(self, planned: Sequence[models.DraftDuty]) -> None:
        fresh = {}
        for row in planned:
            key = row.date, row.shift_type_id
            if row.shift_type.hands_over and key not in self.logs and key not in fresh:
                starts_at, ends_at = self.times.of(row.shift_type, row.date)
                team = self.people[row.person_id].team_id
                fresh[key] = {
                    "date": row.date,
                    "shift_type": row.shift_type_id,
                    "starts_at": starts_at,
                    "ends_at": ends_at,
                    "team": team,
                }
        for part in peewee.chunked(fresh.values(), BATCH_ROWS):
            models.ShiftLog.insert_many(part).execute()

    def _duty_row(self, row: models.DraftDuty, versions: Mapping[str, int]) -> dict[str, object]:
        person = self.people[row.person_id]
        starts_at, ends_at = self.times.of(row.shift_type, row.date)
        return {
            "person": person.id,
            "shift_type": row.shift_type_id,
            "team": person.team_id,
            "seat": person.seat_id,
            "date": row.date,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "post": LEADER_POST if person.role in LEADER_ROLES else OPERATOR_POST,
            "origin": row.origin,
            "roster_version": versions[f"{row.date:%Y-%m}"],
            "state": DUE,
        }


def _keep(session: Session, plan: _Plan, changes: Sequence[CellChange]) -> None:
    """Write the publication down and tell each person once."""
    record = [[plan.people[c.person_id].work_number, c.day.isoformat(), c.before, c.after] for c in changes]
    days = [change.day for change in changes]
    publishing = models.RosterPublishing.create(
        first_day=min(days),
        last_day=max(days),
        published_by=session.actor.work_number,
        published_at=session.now,
        changes=record,
    )
    theirs: dict[int, list[date]] = defaultdict(list)
    for change in changes:
        theirs[change.person_id].append(change.day)
    for person_id, own in theirs.items():
        if person_id != session.actor.person_id:
            tell_person(
                session,
                person_id,
                ROSTER_PUBLISHED,
                f"roster:{publishing.id}",
                f"roster:{publishing.id}:{person_id}",
                count=str(len(own)),
                first=min(own).isoformat(),
                last=max(own).isoformat(),
            )
    session.about(f"roster:{publishing.id}", changes=record)
