"""Records of registers as their operations see them (inside a transaction): made, moved on, and found by who may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import models
from locales import N_, _
from operations.boundary import Session
from operations.centre import civil_date, limits_at, zone
from operations.errors import Invalid, NotFound, NotPermitted
from operations.people import person_by_number
from operations.register_definitions import RegisterBooks
from operations.register_people import PeopleBook
from operations.register_words import in_words
from regulation.register_values import read_values, searched_text
from regulation.registers import (
    OPENED,
    FieldKind,
    FieldProblem,
    RecordFacts,
    Register,
    RegisterState,
    Value,
    article_of,
    day_of,
    due_at,
    first_state,
    may_add,
    may_read,
    missing_fields,
)
from regulation.roles import ROLE_NAMES
from regulation.search_text import folded


class RecordRefused(Invalid):
    """Values that a register does not take; ``problems`` says what is wrong with which field."""

    def __init__(self, register: Register, problems: Sequence[FieldProblem]) -> None:
        super().__init__(problem_text(register, problems[0]), article=register.article)
        self.problems = tuple(problems)


def problem_text(register: Register, problem: FieldProblem) -> str:
    """Return what is wrong with a field, in the reader's language."""
    known = register.field_named(problem.key)
    label = _(known.label) if known else problem.key
    return _("{field}: {why}").format(field=label, why=_(problem.text).format(**problem.details))


def facts_of(record: models.RegisterRecord) -> RecordFacts:
    """Return a record as the rules see it."""
    return RecordFacts(record.state, record.about_id, record.reporter_id, record.values)


def record_of(session: Session, record_id: int) -> tuple[models.RegisterRecord, Register]:
    """Return a record and its register. Raises :class:`NotFound`, also for one that the actor may not know of."""
    found = models.RegisterRecord.get_or_none(models.RegisterRecord.id == record_id)
    if found is not None:
        register = RegisterBooks().of(found)
        if reads_as_system(session, register) or may_read(
            register, session.actor.role, session.actor.person_id, facts_of(found)
        ):
            return found, register
    raise NotFound(_("There is no such record."))


def reads_as_system(session: Session, register: Register) -> bool:
    """Whether the program's own hands read a register: not what only those who need it may know (Art. 31)."""
    return session.actor.person_id == 0 and not register.need_to_know


def require_adding(session: Session, register: Register) -> None:
    """Refuse whoever's role adds nothing to a register; the program's own hands add what they saw."""
    if session.actor.person_id and not may_add(register, session.actor.role):
        raise NotPermitted(
            _("A {role} may not add to the register “{register}”.").format(
                role=_(ROLE_NAMES[session.actor.role]), register=_(register.title)
            ),
            article=register.article,
            next_step=_("Ask the shift leader on duty."),
        )


def values_from(
    register: Register, texts: Mapping[str, str], people: PeopleBook | None = None
) -> dict[str, Value]:
    """Return the values that texts mean, every person in them known. Raises :class:`RecordRefused`."""
    values, problems = looked_at(register, texts, people or PeopleBook())
    if problems:
        raise RecordRefused(register, problems)
    return values


def looked_at(
    register: Register, texts: Mapping[str, str], people: PeopleBook
) -> tuple[dict[str, Value], tuple[FieldProblem, ...]]:
    """Return the values that texts mean, and everything that is wrong with them. Choices are named in any words."""
    named, unknown = _with_numbers(register, texts, people)
    values, problems = read_values(in_words(register), named, zone())
    return values, (*problems, *unknown)


def _with_numbers(
    register: Register, texts: Mapping[str, str], people: PeopleBook
) -> tuple[dict[str, str], list[FieldProblem]]:
    """Put the work number in the place of whoever is named, and leave out those whom nobody knows."""
    named, problems = dict(texts), []
    for known in register.fields:
        if known.kind is FieldKind.PERSON and texts.get(known.key, "").strip():
            try:
                named[known.key] = people.number_of(texts[known.key])
            except Invalid as error:
                del named[known.key]
                problems.append(FieldProblem(known.key, "{why}", {"why": error.message}))
    return named, problems


def open_in(session: Session, register: Register, values: Mapping[str, Value]) -> models.RegisterRecord:
    """Make a record with values that :func:`values_from` read; its reporter is the actor, if that is a person.

    Raises :class:`RecordRefused` for what is not filled. Who may add, the caller has asked.
    """
    if problems := missing_fields(register, values):
        raise RecordRefused(register, problems)
    state = first_state(register, values)
    row = models.RegisterRecord
    last = row.select(row.number).where(row.register == register.key).order_by(row.number.desc()).first()
    record: models.RegisterRecord = row.create(
        register=register.key,
        number=last.number + 1 if last else 1,
        definition=register.version,
        state=state.key,
        reporter=session.actor.person_id or None,
        opened_at=session.now,
        **_written(register, values, civil_date(session.now)),
        **_standing(session, register, state, values),
    )
    keep_step(session, record, OPENED, "", values)
    return record


def move(
    session: Session,
    record: models.RegisterRecord,
    register: Register,
    step: str,
    target: RegisterState,
    values: Mapping[str, Value],
    note: str,
) -> None:
    """Take a record on to ``target``, filled with ``values`` as well, and keep the step."""
    merged = {**record.values, **values}
    record.state = target.key
    for name, value in _standing(session, register, target, merged).items():
        setattr(record, name, value)
    rewrite(record, register, merged)
    keep_step(session, record, step, note, values)


def rewrite(record: models.RegisterRecord, register: Register, values: Mapping[str, Value]) -> None:
    """Write a record's values, and what follows from them alone, as they read now."""
    written = _written(register, values, record.day) | {"version": record.version + 1}
    for name, value in written.items():
        setattr(record, name, value)
    record.save()


def keep_step(
    session: Session, record: models.RegisterRecord, step: str, note: str, values: Mapping[str, Value]
) -> None:
    """Append a step to a record's story."""
    models.RegisterStepTaken.create(
        record=record,
        position=record.version,
        step=step,
        state=record.state,
        by=session.actor.person_id or None,
        at=session.now,
        note=note,
        values=dict(values),
    )


def _written(register: Register, values: Mapping[str, Value], today: date) -> dict[str, Any]:
    """The columns that follow from a record's values."""
    about = register.about and values.get(register.about)
    return {
        "values": dict(values),
        "article": article_of(register, values),
        "day": day_of(register, values, today),
        "about": person_by_number(str(about)) if about else None,
        "folded": _folded(register, values),
    }


def _standing(
    session: Session, register: Register, state: RegisterState, values: Mapping[str, Value]
) -> dict[str, datetime | None]:
    """When a record that enters ``state`` now falls due, or that it is closed."""
    falls_due_at = due_at(state, values, session.now, limits_at(session.now), zone())
    if state.runs_until and falls_due_at is not None and falls_due_at <= session.now:
        raise RecordRefused(
            register, [FieldProblem(state.runs_until, N_("This time is past; give a later one."))]
        )
    return {"due_at": falls_due_at, "closed_at": session.now if state.ends else None}


def _folded(register: Register, values: Mapping[str, Value]) -> str:
    """The words a record is found by, with the names behind its work numbers."""
    numbers = [
        str(values[known.key])
        for known in register.fields
        if known.kind is FieldKind.PERSON and known.key in values
    ]
    return folded("\n".join((searched_text(register, values), *names_of(numbers))))


def names_of(numbers: Iterable[str]) -> tuple[str, ...]:
    """Return the names of people by their work numbers, those that are known."""
    wanted: list[Any] = list(numbers)
    if not wanted:
        return ()
    row = models.Person
    return tuple(person.name for person in row.select(row.name).where(row.work_number.in_(wanted)))
