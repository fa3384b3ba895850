"""Taking on people from a list (Art. 2, 9): looked at first, then whole or not at all; twice is as good as once.

A list adds those whose work number is new. What it says otherwise of somebody who is here is shown, and changed only
when that is asked for. It never changes a PIN, and it takes nobody off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import models
from locales import _
from operations import signin
from operations.boundary import Actor, Session, reads, writes
from operations.errors import FileRefused, Invalid, NotPermitted
from operations.people import NewPerson, PersonRow, people_rows, take_on
from operations.people_file import BADGE, NAME, PIN, ROLE, SEAT, TEAM, FilePerson, PeopleFile
from operations.permissions import Action
from operations.roster_file import Problem

ARTICLE = 9


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What a list says otherwise of somebody who is here: the cell, whose it is, what, and both values as stored."""

    cell: str
    person_id: int
    work_number: str
    name: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PeopleImport:
    """What importing a list does, and what stands against it; ``changes`` are made only when that is asked for."""

    newcomers: tuple[FilePerson, ...]
    changes: tuple[PersonChange, ...]
    unchanged: int
    problems: tuple[Problem, ...]


class PeopleFileRefused(FileRefused):
    """A list with something wrong in it; nobody of it was taken on."""

    ARTICLE = ARTICLE


@reads(Action.KEEP_PEOPLE)
def people_import_plan(_session: Session, read: PeopleFile) -> PeopleImport:
    """Return what importing a list would do now; changes nothing."""
    return _plan(read)


def import_people(
    actor: Actor,
    now: datetime,
    read: PeopleFile,
    name: str,
    *,
    skip_errors: bool = False,
    update: bool = False,
) -> PeopleImport:
    """Take on everyone new in a list called ``name``; with ``update`` change those who are here as it says.

    ``skip_errors`` leaves out what is wrong. A first PIN has to be changed at the first sign-in. Raises
    :class:`PeopleFileRefused`.
    """
    plan = people_import_plan(actor, now, read)
    if plan.problems and not skip_errors:
        raise PeopleFileRefused(plan.problems)
    if not plan.newcomers and not (update and plan.changes):
        return plan
    # Hashing takes its time on purpose: never while others wait for the database.
    hashes = {new.number: signin.hash_pin(new.first_pin) for new in plan.newcomers if new.first_pin}
    return write_imported_people(actor, now, read, name, hashes, skip_errors, update)


@writes(Action.KEEP_PEOPLE)
def write_imported_people(
    session: Session,
    read: PeopleFile,
    name: str,
    pin_hashes: Mapping[str, str],
    skip_errors: bool,
    update: bool,
) -> PeopleImport:
    """Write a list in one transaction; :func:`import_people` looked at it before and hashed the first PINs."""
    plan = _plan(read)
    if plan.problems and not skip_errors:
        raise PeopleFileRefused(plan.problems)
    for new in plan.newcomers:
        take_on(session.now, _newcomer(new), pin_hashes.get(new.number, ""))
    changes = plan.changes if update else ()
    if any(change.column == ROLE and change.person_id == session.actor.person_id for change in changes):
        raise NotPermitted(
            _("Nobody changes their own role."), article=2, next_step=_("Ask another administrator.")
        )
    for change in changes:
        _change(change)
    session.about(
        f"people_file:{name}"[:96],
        added=[new.number for new in plan.newcomers],
        changed=[[change.work_number, change.column, change.before, change.after] for change in changes],
        left_out=len(plan.problems),
    )
    return plan


def _newcomer(new: FilePerson) -> NewPerson:
    return NewPerson(new.number, new.name, new.role, _team_code(new.team), new.seat, new.badge)


def _change(change: PersonChange) -> None:
    if change.column == BADGE:
        models.Badge.create(badge=change.after, person=change.person_id)
        return
    value: object = change.after
    if change.column == TEAM:
        value = models.Team.get(models.Team.code == change.after)
    elif change.column == SEAT:
        value = models.Seat.get_or_create(number=change.after)[0]
    models.Person.update(**{change.column: value}).where(models.Person.id == change.person_id).execute()


def _plan(read: PeopleFile) -> PeopleImport:
    looked = _Look(list(read.problems))
    for said in read.people:
        looked.take(said)
    return PeopleImport(
        tuple(looked.newcomers), tuple(looked.changes), looked.unchanged, tuple(looked.problems)
    )


def _team_code(team: str) -> str:
    """The code of a team by its code or its name; empty where there is none."""
    row = models.Team.get_or_none((models.Team.code == team) | (models.Team.name == team)) if team else None
    return row.code if row is not None else ""


@dataclass(slots=True)
class _Look:
    """A list held against the people who are here, line by line."""

    problems: list[Problem]
    newcomers: list[FilePerson] = field(default_factory=list)
    changes: list[PersonChange] = field(default_factory=list)
    unchanged: int = 0
    here: dict[str, PersonRow] = field(default_factory=dict)
    holders: dict[str, int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read who is here, and who holds which badge."""
        self.here = {row.work_number: row for row in people_rows()}
        self.holders = {badge.badge: badge.person_id for badge in models.Badge.select()}

    def take(self, said: FilePerson) -> None:
        """Look at one line: somebody new, somebody who is here, or a mistake."""
        known = self.here.get(said.number)
        if found := self._mistake(said, known):
            self.problems.append(found)
        elif known is None:
            self.newcomers.append(said)
        elif changes := self._differences(said, known):
            self.changes += changes
        else:
            self.unchanged += 1

    def _mistake(self, said: FilePerson, known: PersonRow | None) -> Problem | None:
        if said.team and not _team_code(said.team):
            text = _("There is no team called {team}.").format(team=said.team)
            return Problem(said.cell(TEAM), text)
        if said.badge in self.holders and self.holders[said.badge] != (known.id if known else 0):
            return Problem(said.cell(BADGE), _("This badge is registered already."))
        if known is not None and said.badge and known.badge and known.badge != said.badge:
            text = _("{name} holds another badge; it is changed where badges are kept.")
            return Problem(said.cell(BADGE), text.format(name=known.name))
        if known is None and said.first_pin:
            try:
                signin.check_new_pin(said.number, "", said.first_pin)
            except Invalid as error:
                return Problem(said.cell(PIN), error.message)
        return None

    def _differences(self, said: FilePerson, known: PersonRow) -> list[PersonChange]:
        both = {
            NAME: (known.name, said.name),
            ROLE: (known.role.value, said.role.value),
            TEAM: (known.team, _team_code(said.team)),
            SEAT: (known.seat, said.seat),
            BADGE: (known.badge, said.badge if said.badge not in self.holders else ""),
        }
        return [
            PersonChange(said.cell(column), known.id, known.work_number, known.name, column, before, after)
            for column, (before, after) in both.items()
            # An empty cell says nothing.
            if after and after != before
        ]
