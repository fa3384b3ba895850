"""A centre's own register as it is written down: a TOML file, checked as a whole, every mistake with the key it is about."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from locales import _
from operations.errors import Invalid
from regulation.article_table import ROWS
from regulation.register_table import REGISTERS
from regulation.registers import (
    AMENDED,
    OPENED,
    Choice,
    FieldKind,
    Register,
    RegisterField,
    RegisterState,
    RegisterStep,
    Start,
)
from regulation.roles import CENTRE_ROLES, Role

_LARGEST_FILE = 64 * 1024

KEY_PATTERN = r"^[a-z][a-z0-9_]{0,23}$"
LONGEST_KEY, LONGEST_LABEL, LONGEST_UNIT = 24, 60, 16
MOST_DAYS = 3660

Key = Annotated[str, Meta(pattern=KEY_PATTERN)]
Label = Annotated[str, Meta(min_length=1, max_length=LONGEST_LABEL)]
Days = Annotated[int, Meta(ge=0, le=MOST_DAYS)]


class ChoiceFile(Struct, forbid_unknown_fields=True):
    """``[[field.choice]]``."""

    key: Key
    label: Label
    article: int = 0


class FieldFile(Struct, forbid_unknown_fields=True):
    """``[[field]]``."""

    key: Key
    label: Label
    kind: FieldKind = FieldKind.LINE
    required: bool = False
    least: int = 0
    most: int | None = None
    unit: Annotated[str, Meta(max_length=LONGEST_UNIT)] = ""
    choice: list[ChoiceFile] = field(default_factory=list)


class StateFile(Struct, forbid_unknown_fields=True):
    """``[[state]]``."""

    key: Key
    label: Label
    ends: bool = False
    due_days: Days | None = None
    due_from: str = ""
    rests: bool = False
    runs_until: str = ""


class StepFile(Struct, forbid_unknown_fields=True):
    """``[[step]]``; ``from`` are the states it leaves."""

    key: Key
    label: Label
    target: str = field(name="to")
    sources: list[str] = field(name="from")
    roles: list[Role] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    stamps: str = ""
    needs_note: bool = False
    about_may: bool = False


class StartFile(Struct, forbid_unknown_fields=True):
    """``[[start]]``."""

    field: str
    value: str | bool
    state: str


class DefinitionFile(Struct, forbid_unknown_fields=True):
    """The whole file."""

    key: Key
    title: Label
    adders: Annotated[list[Role], Meta(min_length=1)]
    readers: Annotated[list[Role], Meta(min_length=1)]
    keepers: Annotated[list[Role], Meta(min_length=1)]
    columns: Annotated[list[str], Meta(min_length=1, max_length=6)]
    fields: Annotated[list[FieldFile], Meta(min_length=1, max_length=40)] = field(name="field")
    states: Annotated[list[StateFile], Meta(min_length=1, max_length=20)] = field(name="state")
    steps: list[StepFile] = field(name="step", default_factory=list)
    starts: list[StartFile] = field(name="start", default_factory=list)
    articles: list[int] = field(default_factory=list)
    about: str = ""
    day: str = ""
    reporter_reads: bool = True
    about_reads: bool = False
    hidden_from_about: bool = False
    anonymous: bool = False
    need_to_know: bool = False


def read_definition(data: bytes) -> dict[str, Any]:
    """Return a definition file as it is stored. Raises :class:`Invalid` that names the key."""
    if len(data) > _LARGEST_FILE:
        raise Invalid(_("This file is too large for a register."))
    try:
        body: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(
            _("This is not a TOML file: {why}.").format(why=error),
            next_step=_("Start from the example in docs/registers.md."),
        ) from error
    register_from(body)
    return body


def register_from(body: Mapping[str, object]) -> Register:
    """Return the register that a stored definition describes. Raises :class:`Invalid` that names the key."""
    try:
        read = msgspec.convert(body, DefinitionFile)
    except msgspec.ValidationError as error:
        raise _wrong(str(error)) from error
    _check(read)
    return Register(
        read.key,
        read.title,
        tuple(read.articles),
        tuple(_field(known) for known in read.fields),
        tuple(_state(known) for known in read.states),
        tuple(_step(known) for known in read.steps),
        frozenset(read.adders),
        frozenset(read.readers),
        frozenset(read.keepers),
        tuple(read.columns),
        read.about,
        read.day,
        tuple(Start(known.field, known.value, known.state) for known in read.starts),
        read.reporter_reads,
        read.about_reads,
        read.hidden_from_about,
        read.anonymous,
        read.need_to_know,
    )


def _field(known: FieldFile) -> RegisterField:
    choices = tuple(Choice(choice.key, choice.label, choice.article) for choice in known.choice)
    return RegisterField(
        known.key, known.label, known.kind, known.required, choices, known.least, known.most, known.unit
    )


def _state(known: StateFile) -> RegisterState:
    return RegisterState(
        known.key,
        known.label,
        known.ends,
        known.runs_until,
        due_days=known.due_days,
        due_from=known.due_from,
        rests=known.rests,
    )


def _step(known: StepFile) -> RegisterStep:
    return RegisterStep(
        known.key,
        known.label,
        tuple(known.sources),
        known.target,
        frozenset(known.roles),
        tuple(known.needs),
        tuple(known.asks),
        known.stamps,
        known.needs_note,
        known.about_may,
    )


def _check(read: DefinitionFile) -> None:
    """Hold the parts of a definition against each other."""
    if read.key in REGISTERS:
        raise _wrong(_("“{name}” is a ready-made register").format(name=read.key), "key")
    _check_once("field.key", (known.key for known in read.fields))
    _check_once("state.key", (known.key for known in read.states))
    _check_once("step.key", (known.key for known in read.steps))
    _check_articles(read)
    _check_roles(read)
    _check_fields(read)
    _check_names(read)


def _check_once(place: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen or (place == "step.key" and key in (OPENED, AMENDED)):
            raise _wrong(_("“{name}” is taken already").format(name=key), place)
        seen.add(key)


def _check_articles(read: DefinitionFile) -> None:
    numbers = {row.number for row in ROWS}
    for article in read.articles:
        if article not in numbers:
            raise _wrong(_("there is no article {article}").format(article=article), "articles")
    for known in read.fields:
        for choice in known.choice:
            if choice.article and choice.article not in numbers:
                raise _wrong(
                    _("there is no article {article}").format(article=choice.article), "field.choice.article"
                )


def _check_roles(read: DefinitionFile) -> None:
    # Art. 2: registers are the centre's own business, not the administrator's nor a visitor's.
    given = [("adders", read.adders), ("readers", read.readers), ("keepers", read.keepers)]
    given += [(f"step.{known.key}.roles", known.roles) for known in read.steps]
    for place, roles in given:
        for role in roles:
            if role not in CENTRE_ROLES:
                raise _wrong(_("“{name}” is not a post of the centre").format(name=role), place)


def _check_fields(read: DefinitionFile) -> None:
    kinds = {known.key: known.kind for known in read.fields}
    for known in read.fields:
        if (known.kind is FieldKind.CHOICE) != bool(known.choice):
            raise _wrong(_("a choice has its answers, and only a choice"), f"field.{known.key}.choice")
        _check_once(f"field.{known.key}.choice.key", (choice.key for choice in known.choice))
    for place, name, kind in (
        ("about", read.about, FieldKind.PERSON),
        ("day", read.day, FieldKind.DATE),
        *((f"state.{s.key}.runs_until", s.runs_until, FieldKind.INSTANT) for s in read.states),
        *((f"state.{s.key}.due_from", s.due_from, FieldKind.DATE) for s in read.states),
        *((f"step.{s.key}.stamps", s.stamps, FieldKind.DATE) for s in read.steps),
    ):
        if name and kinds.get(name) is not kind:
            raise _wrong(_("“{name}” is not a field of the kind {kind}").format(name=name, kind=kind), place)


def _check_names(read: DefinitionFile) -> None:
    fields = {known.key for known in read.fields}
    states = {known.key for known in read.states}
    for place, names, there in (
        ("columns", read.columns, fields),
        *((f"step.{s.key}.from", s.sources, states) for s in read.steps),
        *((f"step.{s.key}.to", [s.target], states) for s in read.steps),
        *((f"step.{s.key}.needs", s.needs, fields) for s in read.steps),
        *((f"step.{s.key}.asks", s.asks, fields) for s in read.steps),
        *(("start.field", [s.field], fields) for s in read.starts),
        *(("start.state", [s.state], states) for s in read.starts),
    ):
        for name in names:
            if name not in there:
                raise _wrong(_("there is no “{name}”").format(name=name), place)
    if (read.hidden_from_about or read.about_reads) and not read.about:
        raise _wrong(_("it has to say which field names the person"), "about")


def _wrong(why: str, place: str = "") -> Invalid:
    text = _("The definition is wrong at {key}: {why}.") if place else _("The definition is wrong: {why}.")
    return Invalid(
        text.format(key=place, why=why),
        next_step=_("Correct the file and define the register again; nothing was changed."),
    )
