"""Records of a register from a file: looked at cell by cell, then whole or not at all; twice is as good as once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import models
from locales import N_, _
from operations.boundary import Actor, Session, reads, writes
from operations.centre import civil_date
from operations.errors import FileRefused, Invalid
from operations.permissions import Action
from operations.register_definitions import register_named
from operations.register_people import PeopleBook
from operations.register_records import looked_at, move, open_in, require_adding
from operations.roster_file import Problem
from operations.roster_table import Table, cell_at, place_of
from regulation.ledger import canonical
from regulation.registers import (
    RecordFacts,
    Register,
    RegisterStep,
    Value,
    day_of,
    first_state,
    missing_fields,
    step_refusal,
)

_HEAD_ROWS = 10
NUMBER, STATE, REPORTER, OPENED_AT = N_("record number"), N_("state"), N_("written by"), N_("written at")
# Columns of an export that a file may bring back and that say nothing here.
_OURS = (NUMBER, REPORTER, OPENED_AT)


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record that a file brings: the cell it begins in, its values, and the step that follows at once, if any."""

    cell: str
    values: dict[str, Value]
    step: str


@dataclass(frozen=True, slots=True)
class RegisterImport:
    """What importing a file does, and what stands against it. ``unchanged`` records are on the register already."""

    register: Register
    records: tuple[NewRecord, ...]
    unchanged: int
    problems: tuple[Problem, ...]


@reads(Action.KEEP_REGISTERS)
def register_import_plan(session: Session, register: str, table: Table) -> RegisterImport:
    """Return what importing a table would do now; changes nothing. Raises :class:`Invalid` for a table without headings."""
    return _plan(session, register, table)


def import_records(
    actor: Actor, now: datetime, register: str, table: Table, name: str, *, skip_errors: bool = False
) -> RegisterImport:
    """Take over what is new in a table called ``name``. ``skip_errors`` leaves out lines with something wrong.

    Raises :class:`FileRefused`.
    """
    plan = register_import_plan(actor, now, register, table)
    if plan.problems and not skip_errors:
        raise FileRefused(plan.problems)
    return write_imported_records(actor, now, register, table, name, skip_errors) if plan.records else plan


@writes(Action.KEEP_REGISTERS)
def write_imported_records(
    session: Session, register: str, table: Table, name: str, skip_errors: bool
) -> RegisterImport:
    """Write every new record of a table, in one transaction; :func:`import_records` looked at it before."""
    plan = _plan(session, register, table)
    if plan.problems and not skip_errors:
        raise FileRefused(plan.problems)
    for new in plan.records:
        record = open_in(session, plan.register, new.values)
        step = plan.register.step_named(new.step)
        if step is not None:
            target = plan.register.state_named(step.target)
            move(session, record, plan.register, step.key, target, {}, name[:96])
    session.about(
        f"register:{plan.register.key}",
        file=name[:96],
        records=len(plan.records),
        left_out=len(plan.problems),
    )
    return plan


def import_count(plan: RegisterImport) -> str:
    """How much a file brings, in a sentence."""
    words = _("{new} new records, {unchanged} there already, {problems} mistakes")
    return words.format(new=len(plan.records), unchanged=plan.unchanged, problems=len(plan.problems))


def _plan(session: Session, key: str, table: Table) -> RegisterImport:
    register = register_named(key)
    require_adding(session, register)
    head, columns, problems = _head(register, table)
    looked = _Look(session, register, columns, problems)
    for row in range(head + 1, len(table)):
        if any(table[row]):
            looked.take(row, table[row])
    return RegisterImport(register, tuple(looked.records), looked.unchanged, tuple(looked.problems))


def _head(register: Register, table: Table) -> tuple[int, dict[int, str], list[Problem]]:
    """Find the line of headings: the first that names every field the register requires."""
    words = {STATE: STATE, _(STATE): STATE} | {ours: "" for known in _OURS for ours in (known, _(known))}
    for known in register.fields:
        words |= {known.key: known.key, known.label: known.key, _(known.label): known.key}
    folded = {_bare(word): key for word, key in words.items()}
    required = {known.key for known in register.fields if known.required}
    for row, cells in enumerate(table[:_HEAD_ROWS]):
        columns = {place: folded[_bare(cell)] for place, cell in enumerate(cells) if _bare(cell) in folded}
        if required <= set(columns.values()):
            strange = [
                Problem(place_of(row, place), _("This register has no such field."))
                for place, cell in enumerate(cells)
                if cell and place not in columns
            ]
            return row, {place: key for place, key in columns.items() if key}, strange
    labels = ", ".join(_(known.label) for known in register.fields if known.required)
    raise Invalid(
        _("The file has no line of headings; it needs at least: {labels}.").format(labels=labels),
        next_step=_("Export the register first: an empty one is a form to fill in."),
    )


@dataclass(slots=True)
class _Look:
    """A table held against a register, line by line."""

    session: Session
    register: Register
    columns: dict[int, str]
    problems: list[Problem]
    records: list[NewRecord] = field(default_factory=list)
    unchanged: int = 0
    people: PeopleBook = field(default_factory=PeopleBook)
    there: dict[date, set[bytes]] = field(default_factory=dict)

    def take(self, row: int, cells: Sequence[str]) -> None:
        """Look at one line: new, there already, or wrong."""
        places = {key: place_of(row, place) for place, key in self.columns.items()}
        texts = {key: cell_at(cells, place) for place, key in self.columns.items()}
        state = texts.pop(STATE, "")
        values, wrong = looked_at(self.register, texts, self.people)
        wrong += tuple(
            p for p in missing_fields(self.register, values) if p.key not in {w.key for w in wrong}
        )
        first = place_of(row, 0)
        found = [Problem(places.get(p.key, first), _(p.text).format(**p.details)) for p in wrong]
        step = ""
        if not found:
            try:
                step = self._step(values, state)
            except Invalid as error:
                found.append(Problem(places.get(STATE, first), error.message))
        if found:
            self.problems += found
        elif (same := canonical(values)) in (there := self._there_on(values)):
            self.unchanged += 1
        else:
            self.records.append(NewRecord(first, values, step))
            there.add(same)

    def _step(self, values: dict[str, Value], state: str) -> str:
        """Return the step that leads at once to the state a line names. Raises :class:`Invalid` when none does."""
        begins = first_state(self.register, values)
        if not state or _bare(state) in (_bare(begins.key), _bare(begins.label), _bare(_(begins.label))):
            return ""
        about = self.people.number_of(str(values[self.register.about])) if self._has_about(values) else ""
        about_id = self.session.actor.person_id if about == self.session.actor.work_number else None
        facts = RecordFacts(begins.key, about_id, self.session.actor.person_id, values)
        for step in self.register.steps:
            target = self.register.state_named(step.target)
            named = {_bare(target.key), _bare(target.label), _bare(_(target.label))}
            if _bare(state) in named and self._may(step, facts):
                return step.key
        raise Invalid(
            _("“{state}” is not a state that you may bring a new record to.").format(state=state[:40])
        )

    def _has_about(self, values: dict[str, Value]) -> bool:
        return bool(self.register.about and self.register.about in values)

    def _may(self, step: RegisterStep, facts: RecordFacts) -> bool:
        actor = self.session.actor
        return (
            step_refusal(self.register, step, facts, actor.role, actor.person_id) is None
            and not step.stamps
            and not missing_fields(self.register, facts.values, step.needs)
        )

    def _there_on(self, values: dict[str, Value]) -> set[bytes]:
        """What the register and the lines above hold for the day of a record; each day is read once."""
        day = day_of(self.register, values, civil_date(self.session.now))
        if day not in self.there:
            row = models.RegisterRecord
            same = row.select(row.values).where(row.register == self.register.key, row.day == day)
            self.there[day] = {canonical(known.values) for known in same}
        return self.there[day]


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()
