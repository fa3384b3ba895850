"""What a register (台账) is: its fields, its states, the steps between them, and who may take, read and add.

A register is data. The ready-made ones stand in :mod:`regulation.register_table`, a centre's own in its database; the
rules here decide for both alike. A record's values are plain JSON: text, decimal numbers as text, dates and instants in
ISO form, a person by work number, and ``True`` or ``False``. What is not filled is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType

from regulation.findings import HOUSE_RULE, Refusal
from regulation.limits import BY_NAME, HOURS, MINUTES, Limits
from regulation.marking import N_
from regulation.roles import Role

Value = str | bool
Values = Mapping[str, Value]

OPENED, AMENDED = "opened", "amended"
"""Steps that every record knows: the one that made it, and a correction with its reason."""


class FieldKind(StrEnum):
    """What a field holds. The value is what a definition writes."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DATE = "date"
    INSTANT = "instant"
    PERSON = "person"


KIND_NAMES: Mapping[FieldKind, str] = MappingProxyType(
    {
        FieldKind.LINE: N_("one line"),
        FieldKind.TEXT: N_("several lines"),
        FieldKind.NUMBER: N_("a number"),
        FieldKind.CHOICE: N_("a choice"),
        FieldKind.YES_NO: N_("yes or no"),
        FieldKind.DATE: N_("a date"),
        FieldKind.INSTANT: N_("date and time"),
        FieldKind.PERSON: N_("a person"),
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice; ``article`` is the one the record is then about, 0 for none of its own."""

    key: str
    label: str
    article: int = 0


@dataclass(frozen=True, slots=True)
class RegisterField:
    """One field: ``least`` and ``most`` bound a number, ``most`` the signs of a text; ``article`` is what it scores.

    ``former`` are answers that earlier definitions offered: records still hold them, nobody gives them any more.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.LINE
    required: bool = False
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int | None = None
    unit: str = ""
    article: int = 0
    former: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterState:
    """Where a record stands; ``ends`` when nothing more is waited for, ``rests`` when nothing is until it falls due.

    A state that waits falls due: at the instant in the field ``runs_until`` (a clock that runs), or so long after it
    was entered as the limit ``due_limit`` or the number ``due_days`` says; days count from the date in ``due_from``
    where it is filled, and fall due when their last civil day ends.
    """

    key: str
    label: str
    ends: bool = False
    runs_until: str = ""
    due_limit: str = ""
    due_days: int | None = None
    due_from: str = ""
    rests: bool = False


@dataclass(frozen=True, slots=True)
class RegisterStep:
    """A way from ``sources`` to ``target``.

    ``needs`` must be filled by then, ``asks`` may be filled with it, ``stamps`` is a date filled with the day of the
    step. ``about_may`` lets the one whom the record is about take it, whatever the role; otherwise nobody takes it on a
    record about themselves. ``replaces`` is the state to which the person's earlier records in ``target`` then move.
    """

    key: str
    label: str
    sources: tuple[str, ...]
    target: str
    roles: frozenset[Role] = frozenset()
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    stamps: str = ""
    needs_note: bool = False
    about_may: bool = False
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """The state in which a record begins whose ``field`` has ``value``."""

    field: str
    value: Value
    state: str


@dataclass(frozen=True, slots=True)
class Register:
    """A register. ``about`` names the field with the person a record is about, ``day`` the one with its civil day.

    Adders, readers and keepers (who correct it) are roles. A record's reporter reads it where ``reporter_reads``, the
    one it is about where ``about_reads``, and never that one where ``hidden_from_about``. In an ``anonymous`` register the reporter may stay
    unknown, and ``need_to_know`` keeps it from whoever is not named here, the program's own command line included.
    ``version`` counts a centre's own definitions of it; the ready-made ones are version 0. ``former_states`` are those
    that earlier definitions had, in which records may still stand.
    """

    key: str
    title: str
    articles: tuple[int, ...]
    fields: tuple[RegisterField, ...]
    states: tuple[RegisterState, ...]
    steps: tuple[RegisterStep, ...]
    adders: frozenset[Role]
    readers: frozenset[Role]
    keepers: frozenset[Role]
    columns: tuple[str, ...]
    about: str = ""
    day: str = ""
    starts: tuple[Start, ...] = ()
    reporter_reads: bool = True
    about_reads: bool = False
    hidden_from_about: bool = False
    anonymous: bool = False
    need_to_know: bool = False
    version: int = 0
    empty: str = ""
    former_states: tuple[RegisterState, ...] = ()

    @property
    def article(self) -> int:
        """The article it is cited by: the first it serves; one that serves none is a house rule."""
        return self.articles[0] if self.articles else HOUSE_RULE

    def field_named(self, key: str) -> RegisterField | None:
        """The field of a key, if there is one."""
        return next((known for known in self.fields if known.key == key), None)

    def state_named(self, key: str) -> RegisterState:
        """The state of a key, also one of earlier definitions; one that nobody knows is an ended state of that name."""
        known = (*self.states, *self.former_states)
        return next((s for s in known if s.key == key), RegisterState(key, key, ends=True))

    def step_named(self, key: str) -> RegisterStep | None:
        """The step of a key, if there is one."""
        return next((known for known in self.steps if known.key == key), None)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The states in which something is still waited for."""
        return tuple(state.key for state in self.states if not state.ends and not state.rests)


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What the rules know of a record. ``about_id`` and ``reporter_id`` are persons, ``None`` for nobody known."""

    state: str
    about_id: int | None
    reporter_id: int | None
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with a field: a message with ``{name}`` fields that ``details`` fill."""

    key: str
    text: str
    details: Mapping[str, str] = field(default_factory=dict)


# --- who --------------------------------------------------------------------------------------------------


def may_add(register: Register, role: Role) -> bool:
    """Whether a role adds to a register."""
    return role in register.adders


def may_read(register: Register, role: Role, person_id: int, facts: RecordFacts) -> bool:
    """Whether somebody reads a record: by role, as its reporter, or as the one it is about."""
    about_them = facts.about_id == person_id
    # Art. 4: whoever is reported does not read the report.
    if about_them and register.hidden_from_about:
        return False
    return (
        role in register.readers
        or (about_them and register.about_reads)
        or (facts.reporter_id == person_id and register.reporter_reads)
    )


def may_amend(register: Register, role: Role, person_id: int, facts: RecordFacts) -> bool:
    """Whether somebody corrects a record: its keepers, and its reporter while nobody has gone on with it.

    Nobody corrects a record about themselves, unless they wrote it and it is still as it was written.
    """
    if facts.reporter_id == person_id and facts.state == register.states[0].key:
        return True
    return role in register.keepers and facts.about_id != person_id


def step_refusal(
    register: Register, step: RegisterStep, facts: RecordFacts, role: Role, person_id: int
) -> Refusal | None:
    """Why somebody may not take a step on a record now, or nothing."""
    article = register.article
    if facts.state not in step.sources:
        return Refusal(
            article,
            "state",
            N_("This record is “{state}”; that step is not open to it."),
            N_("Load it again: somebody else was quicker."),
            {"state": register.state_named(facts.state).label},
        )
    # Art. 4: no one who is reported closes the report; Art. 35's spirit: nobody approves what is their own.
    if facts.about_id == person_id and not step.about_may:
        return Refusal(
            article,
            "about",
            N_("Nobody decides a record about themselves."),
            N_("Ask another leader."),
        )
    if role in step.roles or (facts.about_id == person_id and step.about_may):
        return None
    return Refusal(
        article, "role", N_("Your post does not take this step."), N_("Ask the shift leader on duty.")
    )


def open_steps(
    register: Register, facts: RecordFacts, role: Role, person_id: int
) -> tuple[RegisterStep, ...]:
    """Return the steps that somebody may take on a record now, in the register's order."""
    return tuple(
        step for step in register.steps if step_refusal(register, step, facts, role, person_id) is None
    )


# --- definitions over time --------------------------------------------------------------------------------


def defined_anew(before: Register, after: Register) -> Register:
    """Return ``after`` with what ``before`` had and it has no more, so that records of both read in words."""
    states = {state.key for state in after.states}
    return replace(
        after,
        fields=tuple(_with_former(before.field_named(known.key), known) for known in after.fields),
        former_states=tuple(s for s in (*before.states, *before.former_states) if s.key not in states),
    )


def _with_former(before: RegisterField | None, after: RegisterField) -> RegisterField:
    if before is None:
        return after
    offered = {choice.key for choice in after.choices}
    return replace(after, former=tuple(c for c in (*before.choices, *before.former) if c.key not in offered))


# --- values -----------------------------------------------------------------------------------------------


def missing_fields(
    register: Register, values: Values, needed: Iterable[str] = ()
) -> tuple[FieldProblem, ...]:
    """Return the required fields, and those of ``needed``, that are not filled."""
    wanted = {known.key for known in register.fields if known.required} | set(needed)
    return tuple(
        FieldProblem(known.key, N_("This has to be filled in."))
        for known in register.fields
        if known.key in wanted and known.key not in values
    )


def first_state(register: Register, values: Values) -> RegisterState:
    """Return the state in which a record with ``values`` begins."""
    for start in register.starts:
        if values.get(start.field) == start.value:
            return register.state_named(start.state)
    return register.states[0]


def article_of(register: Register, values: Values) -> int:
    """Return the article a record is about: that of its first choice which has one, else the register's first."""
    for known in register.fields:
        for choice in known.choices:
            if choice.article and values.get(known.key) == choice.key:
                return choice.article
    return register.article


def day_of(register: Register, values: Values, today: date) -> date:
    """Return the civil day a record belongs to: the one it names, else the day it was written."""
    named = values.get(register.day) if register.day else None
    return date.fromisoformat(named) if isinstance(named, str) else today


def due_at(
    state: RegisterState, values: Values, entered_at: datetime, limits: Limits, here: tzinfo
) -> datetime | None:
    """Return when a record falls due in ``state`` (aware UTC), or nothing when it does not.

    ``here`` is the centre's time zone: days end at its midnight.
    """
    if state.ends:
        return None
    if state.runs_until:
        until = values.get(state.runs_until)
        return datetime.fromisoformat(until) if isinstance(until, str) else None
    if state.due_limit and BY_NAME[state.due_limit].unit == HOURS:
        return entered_at + limits.hours(state.due_limit)
    if state.due_limit and BY_NAME[state.due_limit].unit == MINUTES:
        return entered_at + limits.minutes(state.due_limit)
    days = limits[state.due_limit] if state.due_limit else state.due_days
    if days is None:
        return None
    named = values.get(state.due_from) if state.due_from else None
    first = (
        date.fromisoformat(named) if isinstance(named, str) and named else entered_at.astimezone(here).date()
    )
    return datetime.combine(first + timedelta(days=days + 1), time(), here).astimezone(UTC)


def is_overdue(falls_due_at: datetime | None, now: datetime) -> bool:
    """Whether what falls due then is overdue now: at that very instant it is not yet."""
    return falls_due_at is not None and now > falls_due_at
