"""Taking over a file of punches (Art. 33): looked at first, then whole or not at all; twice is as good as once.

A punch is the same when the same source saw the same person at the same instant going the same way. What was taken
over is never changed or removed: what is wrong about it is said by a correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import peewee

import models
from locales import N_, _
from operations.boundary import Actor, Session, reads, writes
from operations.errors import FileRefused
from operations.figures_file import Problem
from operations.permissions import Action
from operations.punch_file import FilePunch, PunchFile
from operations.punches import punch_digest
from regulation.records import Direction
from regulation.roles import CENTRE_ROLES

ARTICLE = 33
BATCH_ROWS = 150
Key = tuple[int, datetime, str]


@dataclass(frozen=True, slots=True)
class NewPunch:
    """A punch that a file brings: the line it stands in, whose it is, when, and which way."""

    line: int
    person_id: int
    work_number: str
    name: str
    at: datetime
    direction: Direction


@dataclass(frozen=True, slots=True)
class PunchImportPlan:
    """What importing a file does, and what stands against it. ``undirected`` of the new ones say no way."""

    source: str
    punches: tuple[NewPunch, ...]
    unchanged: int
    problems: tuple[Problem, ...]

    @property
    def first(self) -> datetime | None:
        """When the first new punch was."""
        return min((punch.at for punch in self.punches), default=None)

    @property
    def last(self) -> datetime | None:
        """When the last new punch was."""
        return max((punch.at for punch in self.punches), default=None)

    @property
    def undirected(self) -> int:
        """How many of the new punches do not say which way."""
        return sum(punch.direction is Direction.NONE for punch in self.punches)


class PunchFileRefused(FileRefused):
    """A file of punches with something wrong in it."""

    ARTICLE = ARTICLE
    NEXT_STEP = N_("Correct these lines and import it again, or leave them out (--skip-errors).")


@reads(Action.IMPORT_PUNCHES)
def punch_import_plan(session: Session, read: PunchFile) -> PunchImportPlan:
    """Return what importing a file would do now; changes nothing."""
    return _plan(session.now, read)


def import_punches(
    actor: Actor, now: datetime, read: PunchFile, name: str, *, skip_errors: bool = False
) -> PunchImportPlan:
    """Take over the punches of a file called ``name``; one that brings nothing new writes nothing.

    ``skip_errors`` leaves out what is wrong. Raises :class:`PunchFileRefused`.
    """
    plan = punch_import_plan(actor, now, read)
    if plan.problems and not skip_errors:
        raise PunchFileRefused(plan.problems)
    return write_imported_punches(actor, now, read, name, skip_errors) if plan.punches else plan


@writes(Action.IMPORT_PUNCHES)
def write_imported_punches(
    session: Session, read: PunchFile, name: str, skip_errors: bool
) -> PunchImportPlan:
    """Write every punch of a file that is new, in one transaction; :func:`import_punches` looked at it before."""
    plan = _plan(session.now, read)
    if plan.problems and not skip_errors:
        raise PunchFileRefused(plan.problems)
    digest = punch_digest(_key(punch) for punch in plan.punches)
    brought = models.PunchImport.create(
        source=plan.source,
        file=name[:96],
        digest=digest,
        imported_by=session.actor.work_number,
        imported_at=session.now,
    )
    rows = [
        {
            "source": plan.source,
            "person": punch.person_id,
            "at": punch.at,
            "direction": punch.direction.value,
            "brought_by": brought.id,
        }
        for punch in plan.punches
    ]
    for batch in peewee.chunked(rows, BATCH_ROWS):
        models.Punch.insert_many(batch).execute()
    session.about(
        f"punches:{brought.id}",
        file=name[:96],
        source=plan.source,
        count=len(plan.punches),
        left_out=len(plan.problems),
        digest=digest,
    )
    return plan


def _key(punch: NewPunch) -> Key:
    return punch.person_id, punch.at, punch.direction.value


def _plan(now: datetime, read: PunchFile) -> PunchImportPlan:
    people = _Numbers(models.Person.select())
    problems = list(read.problems)
    found: dict[Key, NewPunch] = {}
    twice = 0
    for punch in read.punches:
        person = people.whose(punch, now)
        if isinstance(person, Problem):
            problems.append(person)
            continue
        new = NewPunch(punch.line, person.id, person.work_number, person.name, punch.at, punch.direction)
        twice += found.setdefault(_key(new), new) is not new
    known = _known(read.source, found)
    fresh = tuple(punch for key, punch in found.items() if key not in known)
    unchanged = twice + len(found) - len(fresh)
    return PunchImportPlan(read.source, fresh, unchanged, tuple(sorted(problems, key=lambda p: p.line)))


def _known(source: str, found: Iterable[Key]) -> set[Key]:
    """Which of these punches were taken over before."""
    instants = [at for _person, at, _direction in found]
    if not instants:
        return set()
    punch = models.Punch
    query = punch.select(punch.person, punch.at, punch.direction).where(
        punch.source == source, punch.at >= min(instants), punch.at <= max(instants)
    )
    return {(row.person_id, row.at, row.direction) for row in query}


class _Numbers:
    """Who is meant by a number in a file: machines drop the zeros in front of one."""

    def __init__(self, people: Iterable[models.Person]) -> None:
        self._exact: dict[str, models.Person] = {}
        self._bare: dict[str, list[models.Person]] = defaultdict(list)
        for person in people:
            self._exact[person.work_number] = person
            self._bare[person.work_number.lstrip("0")].append(person)

    def whose(self, punch: FilePunch, now: datetime) -> models.Person | Problem:
        """Return whose punch it is, or why it is a mistake."""
        number = punch.number
        named = [self._exact[number]] if number in self._exact else self._bare[number.lstrip("0")]
        if not named:
            sentence = _("Nobody has the work number {number}.").format(number=number[:40])
        elif len(named) > 1:
            sentence = _("The number {number} fits several people: {numbers}.").format(
                number=number[:40], numbers="、".join(person.work_number for person in named)
            )
        elif named[0].role not in CENTRE_ROLES:
            sentence = _("{name} does not belong to the centre.").format(name=named[0].name)
        elif punch.at > now:
            sentence = _("The time lies ahead: the machine's clock is wrong, or its zone.")
        else:
            return named[0]
        return Problem(punch.line, "", sentence)
