"""The draft of the roster: a patch of days that are to be different from what is published.

Hand, rotation, planner and import all write it through :func:`paint_cells`. Nobody is due because of a draft;
:mod:`operations.publishing` makes it count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

import peewee

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import ShiftClock
from operations.duties import active_duties
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES

MANUAL, SWAP = "manual", "swap"
# ``Paint.seen`` of whoever paints without having looked at the cell.
UNSEEN = "*"
BATCH_ROWS = 200
FEW_PEOPLE = 50
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Paint:
    """One person's one day to be planned: a shift's code, or ``None`` for a free day.

    ``seen`` is what the planner saw there (draft over published); when something else stands there by now, nothing
    is painted.
    """

    person_id: int
    day: date
    shift_code: str | None
    seen: str | None = UNSEEN


@dataclass(frozen=True, slots=True)
class CellChange:
    """What painting did to a cell; painting ``before`` again takes it back."""

    person_id: int
    day: date
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Painted:
    """The changes of one painting, and the version of each month (``2026-11``) that it touched."""

    changes: tuple[CellChange, ...]
    versions: dict[str, int]


@dataclass(frozen=True, slots=True)
class DraftCell:
    """A day that differs from the published roster. ``published`` and ``planned`` are shift codes or ``None``."""

    person_id: int
    day: date
    published: str | None
    planned: str | None
    origin: str
    planned_by: str
    planned_at: datetime


@reads(Action.READ_DESK)
def draft_cells(_session: Session, first: date, last: date) -> tuple[DraftCell, ...]:
    """Return what the draft changes from ``first`` to ``last``, by day and person."""
    rows = list(draft_rows(first, last))
    standing = published_duties({row.person_id for row in rows}, first, last)
    return tuple(
        DraftCell(
            row.person_id,
            row.date,
            _code_of(standing.get((row.person_id, row.date), ())),
            planned_code(row),
            row.origin,
            row.planned_by,
            row.planned_at,
        )
        for row in rows
    )


@writes(Action.EDIT_ROSTER)
def paint_draft(session: Session, cells: Sequence[Paint], origin: str = MANUAL) -> Painted:
    """Plan many days at once, all or none; days that have begun, leave and swapped duties stay as they are.

    Raises :class:`Conflict` when somebody else changed one of the cells, when a duty in it has begun, is on leave
    or was swapped, or when two duties of a person would overlap.
    """
    changes = paint_cells(session, cells, origin)
    versions = raise_versions({cell.day for cell in cells})
    session.about(
        "roster:draft",
        origin=origin,
        cells=[[c.person_id, c.day.isoformat(), c.before, c.after] for c in changes],
    )
    return Painted(changes, versions)


@writes(Action.EDIT_ROSTER)
def discard_draft(
    session: Session, first: date, last: date, person_ids: Sequence[int] | None = None
) -> Painted:
    """Take the draft back to what is published, from ``first`` to ``last``, for some people or for everyone."""
    rows = list(draft_rows(first, last, person_ids))
    standing = published_duties({row.person_id for row in rows}, first, last)
    changes = tuple(
        CellChange(
            row.person_id,
            row.date,
            planned_code(row),
            _code_of(standing.get((row.person_id, row.date), ())),
        )
        for row in rows
    )
    drop_draft_rows([row.id for row in rows])
    versions = raise_versions({change.day for change in changes})
    session.about("roster:draft", first=first.isoformat(), last=last.isoformat(), discarded=len(changes))
    return Painted(changes, versions)


def paint_cells(session: Session, cells: Sequence[Paint], origin: str) -> tuple[CellChange, ...]:
    """Write cells into the draft (inside an operation); see :func:`paint_draft`, which does only this.

    The caller raises the months' versions with :func:`raise_versions`.
    """
    if not cells:
        return ()
    ground = _Ground.under(cells)
    changes = tuple(ground.painted(session, cell, origin) for cell in cells)
    ground.require_apart({change.person_id for change in changes if change.after != change.before})
    ground.write()
    return changes


def draft_rows(
    first: date, last: date, person_ids: Iterable[int] | None = None
) -> Iterable[models.DraftDuty]:
    """Return the draft's rows from ``first`` to ``last``, by day and person (inside a transaction)."""
    row = models.DraftDuty
    query = (
        row.select(row, models.ShiftType)
        .join(models.ShiftType, peewee.JOIN.LEFT_OUTER)
        .where(row.date >= first, row.date <= last)
        .order_by(row.date, row.person)
    )
    if person_ids is None:
        return list(query)
    wanted = set(person_ids)
    return [found for found in _of_few(query, row.person, wanted) if found.person_id in wanted]


def drop_draft_rows(ids: Sequence[int]) -> None:
    """Take rows out of the draft (inside a transaction)."""
    for part in peewee.chunked(ids, BATCH_ROWS):
        models.DraftDuty.delete().where(models.DraftDuty.id.in_(part)).execute()


def clear_draft(days: Iterable[tuple[date, Iterable[int]]]) -> list[list[object]]:
    """Take out of the draft what is planned for people on days it must leave alone (inside a transaction).

    Returns ``[person id, date, shift code, planner's work number]`` of each row.
    """
    dropped: list[list[object]] = []
    for day, person_ids in days:
        rows = list(draft_rows(day, day, person_ids))
        drop_draft_rows([row.id for row in rows])
        dropped += [[row.person_id, day.isoformat(), planned_code(row), row.planned_by] for row in rows]
    return dropped


def published_duties(
    person_ids: Iterable[int], first: date, last: date
) -> dict[tuple[int, date], list[models.Duty]]:
    """Return the duties that stand, by person and date, in order of time (inside a transaction)."""
    duty, wanted = models.Duty, set(person_ids)
    found: dict[tuple[int, date], list[models.Duty]] = defaultdict(list)
    query = active_duties().where(duty.date >= first, duty.date <= last).order_by(duty.starts_at)
    for row in _of_few(query, duty.person, wanted):
        if row.person_id in wanted:
            found[row.person_id, row.date].append(row)
    return found


def _of_few(query: peewee.ModelSelect, column: peewee.Field, wanted: Collection[int]) -> peewee.ModelSelect:
    """Narrow a query down to a few people: a key's one cell must not read the days of hundreds."""
    return query.where(column.in_(list(wanted))) if len(wanted) <= FEW_PEOPLE else query


def raise_versions(days: Iterable[date]) -> dict[str, int]:
    """Raise the versions of the months that ``days`` lie in; returns them (inside a transaction)."""
    versions = {}
    for month in sorted({f"{day:%Y-%m}" for day in days}):
        row, _made = models.RosterMonth.get_or_create(month=month, defaults={"version": 0})
        versions[month] = row.version + 1
        models.RosterMonth.update(version=row.version + 1).where(models.RosterMonth.month == month).execute()
    return versions


@dataclass(slots=True)
class _Ground:
    """What cells are painted on: the published duties and the draft around them, read once and written once."""

    shifts: Mapping[str, models.ShiftType]
    people: Mapping[int, models.Person]
    standing: Mapping[tuple[int, date], list[models.Duty]]
    draft: dict[tuple[int, date], models.DraftDuty]
    times: ShiftClock = field(default_factory=ShiftClock)
    dropped: list[int] = field(default_factory=list)

    @classmethod
    def under(cls, cells: Sequence[Paint]) -> _Ground:
        people = {cell.person_id for cell in cells}
        first = min(cell.day for cell in cells) - _ONE_DAY
        last = max(cell.day for cell in cells) + _ONE_DAY
        return cls(
            {shift.code: shift for shift in models.ShiftType.select()},
            {
                person.id: person
                for person in _of_few(models.Person.select(), models.Person.id, people)
                if person.id in people
            },
            published_duties(people, first, last),
            {(row.person_id, row.date): row for row in draft_rows(first, last, people)},
        )

    def painted(self, session: Session, cell: Paint, origin: str) -> CellChange:
        """Plan one cell and return what it was before."""
        duties = self.standing.get((cell.person_id, cell.day), [])
        row = self.draft.get((cell.person_id, cell.day))
        before = _code_of(duties) if row is None else planned_code(row)
        if cell.seen not in (UNSEEN, before):
            raise Conflict(
                _("Someone else has changed {date} of {name} in the meantime.").format(
                    date=cell.day.isoformat(), name=self._person(cell.person_id).name
                ),
                next_step=_("Look again, then repeat the change."),
            )
        if cell.shift_code != before:
            self._require_free_hand(session.now, cell, duties)
            self._plan(session, cell, _code_of(duties), origin)
        return CellChange(cell.person_id, cell.day, before, cell.shift_code)

    def require_apart(self, person_ids: set[int]) -> None:
        """Refuse a plan in which two duties of a person overlap."""
        for person_id, day in overlaps(self.draft.values(), self.standing, self.times):
            if person_id in person_ids:
                raise Conflict(
                    _("{name} would have two duties at once on {date}.").format(
                        name=self._person(person_id).name, date=day.isoformat()
                    ),
                    next_step=_("Clear that duty first."),
                )

    def write(self) -> None:
        """Write what was planned."""
        drop_draft_rows(self.dropped)
        fresh = [row.__data__ for row in self.draft.values() if row.id is None]
        for part in peewee.chunked(fresh, BATCH_ROWS):
            models.DraftDuty.insert_many(part).execute()

    def _person(self, person_id: int) -> models.Person:
        person = self.people.get(person_id)
        if person is None:
            raise NotFound(_("There is no such person or shift."))
        return person

    def _require_free_hand(self, now: datetime, cell: Paint, duties: Sequence[models.Duty]) -> None:
        person = self._person(cell.person_id)
        require_changeable(now, duties)
        if cell.shift_code is None:
            return
        shift = self.shifts.get(cell.shift_code)
        if shift is None:
            raise NotFound(_("There is no such person or shift."))
        require_rosterable(person)
        if self.times.of(shift, cell.day)[1] <= now:
            raise Conflict(_("A duty that is over cannot be rostered."), article=33)

    def _plan(self, session: Session, cell: Paint, published: str | None, origin: str) -> None:
        row = self.draft.pop((cell.person_id, cell.day), None)
        if row is not None and row.id is not None:
            self.dropped.append(row.id)
        if cell.shift_code != published:
            self.draft[cell.person_id, cell.day] = models.DraftDuty(
                person=cell.person_id,
                date=cell.day,
                shift_type=self.shifts[cell.shift_code] if cell.shift_code else None,
                origin=origin,
                planned_by=session.actor.work_number,
                planned_at=session.now,
            )


def overlaps(
    rows: Iterable[models.DraftDuty],
    standing: Mapping[tuple[int, date], Sequence[models.Duty]],
    times: ShiftClock,
) -> list[tuple[int, date]]:
    """Return the person and day of each duty that begins before one of theirs has ended, once ``rows`` count."""
    spans: dict[int, list[tuple[datetime, datetime, date]]] = defaultdict(list)
    planned = set()
    for row in rows:
        planned.add((row.person_id, row.date))
        if row.shift_type_id:
            spans[row.person_id].append((*times.of(row.shift_type, row.date), row.date))
    for (person_id, day), duties in standing.items():
        if (person_id, day) not in planned:
            spans[person_id] += [(duty.starts_at, duty.ends_at, day) for duty in duties]
    return [
        (person_id, day)
        for person_id in sorted(spans)
        for (_start, ends_at, _day), (starts_at, _end, day) in pairwise(sorted(spans[person_id]))
        if starts_at < ends_at
    ]


def require_rosterable(person: models.Person) -> None:
    """Refuse to roster someone who is not of the centre, or not active (Art. 2)."""
    if person.role not in CENTRE_ROLES or person.status != PersonStatus.ACTIVE:
        raise Invalid(_("{name} cannot be rostered.").format(name=person.name), article=2)


def require_changeable(now: datetime, duties: Sequence[models.Duty]) -> None:
    """Refuse to plan over duties that have begun (Art. 33), are on leave (Art. 35), or were swapped (Art. 38)."""
    for duty in duties:
        if duty.starts_at <= now:
            raise Conflict(
                _("A duty that has begun is not changed in the roster."),
                article=33,
                next_step=_("Use a correction in attendance."),
            )
        if duty.leave_kind:
            raise Conflict(
                _("{name} is on approved leave on {date}.").format(
                    name=duty.person.name, date=duty.date.isoformat()
                ),
                article=35,
                next_step=_("Withdraw the leave first."),
            )
        if duty.origin == SWAP:
            raise Conflict(
                _("The duty of {name} on {date} comes from a swap.").format(
                    name=duty.person.name, date=duty.date.isoformat()
                ),
                article=38,
                next_step=_("Withdraw the swap first."),
            )


def planned_code(row: models.DraftDuty) -> str | None:
    """The shift that a row of the draft plans, ``None`` for a free day."""
    return str(row.shift_type.code) if row.shift_type_id else None


def _code_of(duties: Sequence[models.Duty]) -> str | None:
    """The shift of a published day: that of its first duty (a swap in part leaves several)."""
    return str(duties[0].shift_type.code) if duties else None
