"""Registers as they are read: their books with what is open, pages of records, one record's story, what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import and_, or_
from typing import Any

import peewee

import models
from operations import store
from operations.boundary import Session, reads
from operations.permissions import Action
from operations.register_definitions import RegisterBooks, register_named, registers_now
from operations.register_records import facts_of, reads_as_system, record_of
from regulation.registers import (
    FieldKind,
    Register,
    RegisterStep,
    Values,
    may_add,
    may_amend,
    open_steps,
)
from regulation.search_text import words_of

PAGE = 200

_NEVER = peewee.SQL("1 = 0")


@dataclass(frozen=True, slots=True)
class RegisterBook:
    """A register as it lies on the shelf: ``waiting`` records are open, ``overdue`` of them too long."""

    register: Register
    waiting: int
    overdue: int
    may_add: bool
    reads_all: bool


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What narrows a register: states, a person it is about, an article, civil days (both included), and words."""

    states: tuple[str, ...] = ()
    waiting: bool = False
    overdue: bool = False
    person_id: int | None = None
    article: int | None = None
    first: date | None = None
    last: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record. People are named by work number and name, empty for nobody (or nobody known)."""

    id: int
    register: str
    number: int
    state: str
    article: int
    day: date
    about: str
    about_name: str
    reporter: str
    reporter_name: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    version: int
    values: Values


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Records, the newest day first, and where the next page goes on; ``None`` behind the last. ``names`` are people's."""

    rows: tuple[RecordRow, ...]
    after: tuple[date, int] | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a record's story; ``by`` is empty for an anonymous one."""

    step: str
    state: str
    at: datetime
    by: str
    by_name: str
    note: str
    values: Values


@dataclass(frozen=True, slots=True)
class RecordStory:
    """A record with everything that was done to it, and what the reader may do next."""

    record: RecordRow
    register: Register
    steps: tuple[StepRow, ...]
    may_take: tuple[RegisterStep, ...]
    may_amend: bool
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A record that falls, or fell, due."""

    id: int
    register: str
    number: int
    state: str
    article: int
    about_id: int | None
    about_name: str
    due_at: datetime
    values: Values


@reads(Action.READ_REGISTERS)
def register_books(session: Session) -> tuple[RegisterBook, ...]:
    """Return every register with what waits in it, as far as the reader may know."""
    books = []
    row = models.RegisterRecord
    for register in registers_now().values():
        seen = readable(session, register)
        if not register.adders and not row.select().where(seen).exists():
            continue  # no longer kept, and nothing was ever written
        open_now = seen & _waits(register)
        late = seen & (row.due_at < session.now)
        books.append(
            RegisterBook(
                register,
                row.select().where(open_now).count(),
                row.select().where(late).count(),
                may_add(register, session.actor.role),
                session.actor.role in register.readers,
            )
        )
    return tuple(books)


@reads(Action.READ_REGISTERS)
def records(
    session: Session,
    register: str,
    wanted: RecordFilter = RecordFilter(),
    after: tuple[date, int] | None = None,
    skip: int = 0,
    limit: int = PAGE,
) -> RecordPage:
    """Return a page of a register's records that the reader may know, from the newest day back.

    ``after`` is where a page before ended; however far that is, a page costs the same. ``skip`` leaves out so many
    more, for whoever jumps: they are counted in the index and not read.
    """
    row = models.RegisterRecord
    found = _matching(session, register_named(register), wanted)
    if after is not None:
        day, record_id = after
        found &= (row.day < day) | ((row.day == day) & (row.id < record_id))
    query = row.select(row.id).where(found).order_by(row.day.desc(), row.id.desc())
    ids = [key for (key,) in query.offset(skip).limit(limit + 1).tuples()]
    kept = list(row.select().where(row.id.in_(ids)).order_by(row.day.desc(), row.id.desc()))
    rest = len(kept) > limit
    kept = kept[:limit]
    (rows, names) = _told(kept)
    return RecordPage(rows, (kept[-1].day, kept[-1].id) if rest else None, names)


@reads(Action.READ_REGISTERS)
def record_count(session: Session, register: str, wanted: RecordFilter = RecordFilter()) -> int:
    """Return how many records of a register match, of those that the reader may know."""
    row = models.RegisterRecord
    return int(row.select().where(_matching(session, register_named(register), wanted)).count())


@reads(Action.READ_REGISTERS)
def record_story(session: Session, record_id: int) -> RecordStory:
    """Return a record with its steps. Raises :class:`NotFound`, also for what the reader may not know of."""
    record, register = record_of(session, record_id)
    taken = models.RegisterStepTaken
    steps = list(
        taken.select(taken, models.Person)
        .join(models.Person, peewee.JOIN.LEFT_OUTER)
        .where(taken.record == record_id)
        .order_by(taken.position)
    )
    (rows, names) = _told([record])
    facts, actor = facts_of(record), session.actor
    return RecordStory(
        rows[0],
        register,
        tuple(
            StepRow(
                s.step,
                s.state,
                s.at,
                s.by.work_number if s.by_id else "",
                s.by.name if s.by_id else "",
                s.note,
                s.values,
            )
            for s in steps
        ),
        open_steps(register, facts, actor.role, actor.person_id),
        may_amend(register, actor.role, actor.person_id, facts),
        names,
    )


@reads(Action.READ_REGISTERS)
def record_numbered(session: Session, register: str, number: int) -> int:
    """Return the id of a record by its number in a register. Raises :class:`NotFound`."""
    row = models.RegisterRecord
    found = row.get_or_none(row.register == register_named(register).key, row.number == number)
    record, _register = record_of(session, found.id if found else 0)
    return int(record.id)


@reads(Action.READ_REGISTERS)
def overdue(session: Session, *registers: str) -> tuple[ClockRow, ...]:
    """Return the records that fell due before now and still wait, the oldest first; of all registers without one named."""
    row = models.RegisterRecord
    return _clocks(session, registers, row.due_at < session.now)


@reads(Action.READ_REGISTERS)
def running(session: Session, *registers: str) -> tuple[ClockRow, ...]:
    """Return the records whose clock runs (a permit in force), overrun ones too, the next to end first."""
    row = models.RegisterRecord
    clocks = [
        (row.register == register.key) & row.state.in_([s.key for s in register.states if s.runs_until])
        for register in registers_now().values()
        if any(state.runs_until for state in register.states)
    ]
    return _clocks(session, registers, reduce(or_, clocks, _NEVER))


def readable(session: Session, register: Register) -> Any:
    """Return the condition of a register's records that the actor may know: ``regulation.registers.may_read`` in SQL."""
    row, actor = models.RegisterRecord, session.actor
    if reads_as_system(session, register):
        return row.register == register.key
    ways = []
    if register.about_reads:
        ways.append(row.about == actor.person_id)
    if register.reporter_reads:
        ways.append(row.reporter == actor.person_id)
    everything = row.register == register.key
    allowed = everything if actor.role in register.readers else everything & reduce(or_, ways, _NEVER)
    if register.hidden_from_about:
        allowed &= row.about.is_null() | (row.about != actor.person_id)
    return allowed


def _matching(session: Session, register: Register, wanted: RecordFilter) -> Any:
    row = models.RegisterRecord
    found = [readable(session, register)]
    if wanted.states:
        found.append(row.state.in_(wanted.states))
    if wanted.waiting:
        found.append(_waits(register))
    if wanted.overdue:
        found.append(row.due_at < session.now)
    if wanted.person_id is not None:
        found.append(row.about == wanted.person_id)
    if wanted.article is not None:
        found.append(row.article == wanted.article)
    if wanted.first is not None:
        found.append(row.day >= wanted.first)
    if wanted.last is not None:
        found.append(row.day <= wanted.last)
    found += [_place(row.folded, word) > 0 for word in words_of(wanted.text)]
    return reduce(and_, found)


def _waits(register: Register) -> Any:
    """The condition of a record that waits for something: by its state, which an index knows.

    Records of a centre's own register may be in states that only an earlier definition of it had.
    """
    row = models.RegisterRecord
    if register.version == 0:
        return row.state.in_(register.waiting)
    resting = [state.key for state in register.states if state.rests]
    return row.closed_at.is_null() & row.state.not_in(resting)


def _place(text: Any, word: str) -> Any:
    """Where a word stands in a text: plain, whatever signs it holds."""
    return peewee.fn.STRPOS(text, word) if store.is_postgresql() else peewee.fn.INSTR(text, word)


def _clocks(session: Session, named: Iterable[str], when: Any) -> tuple[ClockRow, ...]:
    row = models.RegisterRecord
    kept, wanted = registers_now(), set(named)
    seen = [readable(session, register) for key, register in kept.items() if not wanted or key in wanted]
    query = (
        row.select(row, models.Person)
        .join(models.Person, peewee.JOIN.LEFT_OUTER, on=row.about)
        .where(row.due_at.is_null(False), when, reduce(or_, seen, _NEVER))
        .order_by(row.due_at, row.id)
    )
    return tuple(
        ClockRow(
            r.id,
            r.register,
            r.number,
            r.state,
            r.article,
            r.about_id,
            r.about.name if r.about_id else "",
            r.due_at,
            r.values,
        )
        for r in query
    )


def _told(kept: Sequence[models.RegisterRecord]) -> tuple[tuple[RecordRow, ...], dict[str, str]]:
    """Return records with the people they speak of, and the names of all of those."""
    person, books = models.Person, RegisterBooks()
    ids = {i for r in kept for i in (r.about_id, r.reporter_id) if i is not None}
    numbers = {
        str(r.values[known.key])
        for r in kept
        for known in books.of(r).fields
        if known.kind is FieldKind.PERSON and known.key in r.values
    }
    people = list(person.select().where(person.id.in_(ids) | person.work_number.in_(numbers)))
    by_id = {p.id: p for p in people}
    return tuple(_row(r, by_id) for r in kept), {p.work_number: p.name for p in people}


def _row(r: models.RegisterRecord, people: Mapping[int, models.Person]) -> RecordRow:
    about, reporter = people.get(r.about_id), people.get(r.reporter_id)
    return RecordRow(
        r.id,
        r.register,
        r.number,
        r.state,
        r.article,
        r.day,
        about.work_number if about else "",
        about.name if about else "",
        reporter.work_number if reporter else "",
        reporter.name if reporter else "",
        r.opened_at,
        r.due_at,
        r.closed_at,
        r.version,
        r.values,
    )
