"""Taking over a roster from a file: looked at first, then into the draft, whole or not at all; twice is as good as once.

A file plans exactly the cells it holds. What it cannot plan (a duty that has begun, leave, a swap) must stand in the
file as it stands in the roster, and is a mistake otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import models
from locales import _
from operations.boundary import Actor, Session, reads, writes
from operations.centre import ShiftClock, shift_types
from operations.drafts import (
    CellChange,
    Paint,
    draft_rows,
    overlaps,
    paint_cells,
    planned_code,
    published_duties,
    raise_versions,
    require_changeable,
    require_rosterable,
)
from operations.errors import Conflict, FileRefused, Invalid
from operations.permissions import Action
from operations.publishing import publish_draft, publish_preview
from operations.roster_file import LEAVE, FileCell, FileRow, Problem, RosterFile, read_roster, shift_words
from operations.roster_table import Table
from regulation.roster_sheet import SheetShift
from settings import ZhibanError

IMPORT = "import"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ImportChange:
    """A day that a file plans otherwise than it stands (the draft over what is published); ``None`` is a free day."""

    cell: str
    person_id: int
    work_number: str
    name: str
    date: date
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What importing a file does, and what stands against it. ``first`` and ``last`` are ``None`` for an empty file."""

    layout: str
    first: date | None
    last: date | None
    person_ids: tuple[int, ...]
    changes: tuple[ImportChange, ...]
    unchanged: int
    problems: tuple[Problem, ...]


@reads(Action.READ_DESK)
def roster_file(_session: Session, table: Table, month: date | None = None) -> RosterFile:
    """Read a table with the words of this centre's shifts; ``month`` is a day of the month it is about."""
    shifts = [
        SheetShift(s.code, s.name, s.name_en, s.short, s.start_minute, s.duration_minutes)
        for s in shift_types()
    ]
    return read_roster(table, shift_words(shifts), month)


@reads(Action.READ_DESK)
def roster_import_plan(session: Session, read: RosterFile) -> RosterImport:
    """Return what importing a file would do now; changes nothing."""
    return _plan(session, read)


def import_roster(
    actor: Actor, now: datetime, read: RosterFile, name: str, *, skip_errors: bool = False
) -> RosterImport:
    """Plan what a file called ``name`` says; one that says nothing new writes nothing.

    ``skip_errors`` leaves out what is wrong. Raises :class:`FileRefused`.
    """
    plan = roster_import_plan(actor, now, read)
    if plan.problems and not skip_errors:
        raise FileRefused(plan.problems)
    return write_imported_roster(actor, now, read, name, skip_errors) if plan.changes else plan


@writes(Action.EDIT_ROSTER)
def write_imported_roster(session: Session, read: RosterFile, name: str, skip_errors: bool) -> RosterImport:
    """Paint every change of a file into the draft, in one transaction; :func:`import_roster` looked at it before."""
    plan = _plan(session, read)
    if plan.problems and not skip_errors:
        raise FileRefused(plan.problems)
    cells = [Paint(change.person_id, change.date, change.after, change.before) for change in plan.changes]
    changed = paint_cells(session, cells, IMPORT)
    raise_versions({change.day for change in changed})
    session.about(
        f"roster_file:{name}"[:96],
        left_out=len(plan.problems),
        cells=[[c.work_number, c.date.isoformat(), c.before, c.after] for c in plan.changes],
    )
    return plan


def publish_import(actor: Actor, now: datetime, plan: RosterImport) -> tuple[CellChange, ...]:
    """Publish the draft of the people and the days of a file, whoever planned it; nothing where nothing is planned.

    Raises :class:`Conflict` as publishing does; the draft then stays.
    """
    if plan.first is None or plan.last is None:
        return ()
    waiting = publish_preview(actor, now, plan.first, plan.last).changes
    if not {change.person_id for change in waiting} & set(plan.person_ids):
        return ()
    return publish_draft(actor, now, plan.first, plan.last, plan.person_ids)


def _plan(session: Session, read: RosterFile) -> RosterImport:
    looked = _Look(session.now, list(read.problems))
    rows = looked.people(read.rows)
    days = [cell.day for _person, row in rows for cell in row.cells]
    if not days:
        return RosterImport(read.layout, None, None, (), (), 0, tuple(looked.problems))
    first, last = min(days), max(days)
    looked.read_ground({person.id for person, _row in rows}, first, last)
    for person, row in rows:
        for cell in row.cells:
            looked.take(person, cell)
    looked.keep_apart()
    return RosterImport(
        read.layout,
        first,
        last,
        tuple(sorted({person.id for person, _row in rows})),
        tuple(looked.changes.values()),
        looked.unchanged,
        tuple(looked.problems),
    )


@dataclass(slots=True)
class _Look:
    """A file held against the roster as it stands, cell by cell."""

    now: datetime
    problems: list[Problem]
    changes: dict[tuple[int, date], ImportChange] = field(default_factory=dict)
    unchanged: int = 0
    standing: Mapping[tuple[int, date], list[models.Duty]] = field(default_factory=dict)
    draft: dict[tuple[int, date], models.DraftDuty] = field(default_factory=dict)
    shifts: dict[str, models.ShiftType] = field(default_factory=dict)
    times: ShiftClock = field(default_factory=ShiftClock)

    def people(self, rows: Iterable[FileRow]) -> list[tuple[models.Person, FileRow]]:
        """Find whom each line is about; a line about nobody we know is a mistake."""
        everyone = list(models.Person.select())
        found: dict[int, tuple[models.Person, FileRow]] = {}
        for row in rows:
            person = self._person(everyone, row)
            if person is not None and person.id in found:
                text = _("The same person stands in {cell} already.").format(cell=found[person.id][1].cell)
                self.problems.append(Problem(row.cell, text))
            elif person is not None:
                found[person.id] = person, row
        return list(found.values())

    def read_ground(self, person_ids: set[int], first: date, last: date) -> None:
        """Read what stands around the file's days."""
        self.standing = published_duties(person_ids, first - _ONE_DAY, last + _ONE_DAY)
        rows = draft_rows(first - _ONE_DAY, last + _ONE_DAY, person_ids)
        self.draft = {(row.person_id, row.date): row for row in rows}
        self.shifts = {shift.code: shift for shift in models.ShiftType.select()}

    def take(self, person: models.Person, cell: FileCell) -> None:
        """Look at one cell: as it stands, a change, or a mistake."""
        duties = self.standing.get((person.id, cell.day), [])
        row = self.draft.get((person.id, cell.day))
        stands = [duty.shift_type.code for duty in duties]
        if row is not None:
            stands = [code for code in [planned_code(row)] if code]
        as_leave = [LEAVE if duty.leave_kind else duty.shift_type.code for duty in duties]
        if list(cell.codes) in (stands, as_leave):
            self.unchanged += 1
            return
        try:
            after = self._planned(person, cell, duties)
        except ZhibanError as error:
            self.problems.append(Problem(cell.cell, str(error)))
            return
        before = stands[0] if stands else None
        self.changes[person.id, cell.day] = ImportChange(
            cell.cell, person.id, person.work_number, person.name, cell.day, before, after
        )

    def keep_apart(self) -> None:
        """Drop changes by which someone would have two duties at once, until nobody has."""
        # One of each person at a time: without it, the next may be in order.
        while clashes := {c.person_id: c for found in self._overlaps() for c in self._changes_at(*found)[:1]}:
            for change in clashes.values():
                text = _("{name} would have two duties at once on {date}.")
                words = text.format(name=change.name, date=change.date.isoformat())
                self.problems.append(Problem(change.cell, words))
                del self.changes[change.person_id, change.date]

    def _person(self, everyone: Sequence[models.Person], row: FileRow) -> models.Person | None:
        if row.number:
            # Excel drops the zeros in front of a number.
            named = [p for p in everyone if p.work_number == row.number] or [
                p for p in everyone if p.work_number.lstrip("0") == row.number.lstrip("0")
            ]
        else:
            named = [p for p in everyone if _bare(p.name) == _bare(row.name)]
        who = row.number or row.name
        if not named:
            self.problems.append(Problem(row.cell, _("Nobody is called {who} here.").format(who=who[:40])))
        elif len(named) > 1:
            text = _("Several people are called {who}; the file needs their work numbers.")
            self.problems.append(Problem(row.cell, text.format(who=who[:40])))
        elif row.name and _bare(row.name) != _bare(named[0].name):
            text = _("{number} is {name}, and the file says {said}.")
            said = text.format(number=named[0].work_number, name=named[0].name, said=row.name[:40])
            self.problems.append(Problem(row.cell, said))
        else:
            return named[0]
        return None

    def _planned(self, person: models.Person, cell: FileCell, duties: Sequence[models.Duty]) -> str | None:
        """The shift that a cell plans, once it may be planned."""
        if LEAVE in cell.codes:
            raise Conflict(
                _("{name} has no approved leave on {date}; leave is not planned in the roster.").format(
                    name=person.name, date=cell.day.isoformat()
                ),
                article=35,
            )
        if len(cell.codes) > 1:
            raise Invalid(_("A day is planned with one shift; parts of two come from a swap."), article=38)
        require_changeable(self.now, duties)
        if not cell.codes:
            return None
        require_rosterable(person)
        if self.times.of(self.shifts[cell.codes[0]], cell.day)[1] <= self.now:
            raise Conflict(_("A duty that is over cannot be rostered."), article=33)
        return cell.codes[0]

    def _overlaps(self) -> list[tuple[int, date]]:
        rows = {key: row for key, row in self.draft.items() if key not in self.changes}
        for key, change in self.changes.items():
            shift = self.shifts[change.after] if change.after else None
            rows[key] = models.DraftDuty(person=key[0], date=key[1], shift_type=shift)
        return overlaps(rows.values(), self.standing, self.times)

    def _changes_at(self, person_id: int, day: date) -> list[ImportChange]:
        """The change behind an overlap: that of the later duty, else that of the one before it."""
        near = (self.changes.get((person_id, day - step)) for step in (timedelta(0), _ONE_DAY))
        return [change for change in near if change is not None]


def _bare(name: str) -> str:
    """A name without blanks: sheets put some between two characters to make names line up."""
    return "".join(name.split())
