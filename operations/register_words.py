"""Registers in words: what a value, a state or a whole record reads as, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from locales import N_, _
from regulation.register_values import NO, YES, choice_of, write_value
from regulation.registers import AMENDED, OPENED, FieldKind, Register, RegisterField, Value

if TYPE_CHECKING:
    from operations.register_views import RecordRow, StepRow

_STEPS = {OPENED: N_("written"), AMENDED: N_("corrected")}


def in_words(register: Register) -> Register:
    """Return a register with the labels of its choices in the reader's language: so files and forms name them."""
    fields = tuple(
        replace(known, choices=tuple(replace(choice, label=_(choice.label)) for choice in known.choices))
        for known in register.fields
    )
    return replace(register, fields=fields)


def value_words(known: RegisterField, value: Value, names: Mapping[str, str], zone: tzinfo) -> str:
    """Return what a value reads as; ``names`` are people's by work number."""
    if isinstance(value, bool):
        return _(YES) if value else _(NO)
    if not value:  # a correction that emptied the field
        return ""
    if known.kind is FieldKind.CHOICE:
        choice = choice_of(known, value)
        return _(choice.label) if choice else value
    if known.kind is FieldKind.PERSON:
        name = names.get(value, "")
        return f"{name}({value})" if name else value
    return write_value(known, value, zone)


def field_words(register: Register, row: RecordRow, key: str, names: Mapping[str, str], zone: tzinfo) -> str:
    """Return a field of a record as it reads, empty where it is not filled."""
    known = register.field_named(key)
    if known is None or key not in row.values:
        return ""
    words = value_words(known, row.values[key], names, zone)
    return f"{words} {_(known.unit)}" if known.unit and known.kind is FieldKind.NUMBER else words


def state_words(register: Register, state: str) -> str:
    """Return a state as it reads."""
    return _(register.state_named(state).label)


def step_words(register: Register, step: StepRow) -> str:
    """Return what a step did: its name; one that another record's step brought about is named by where it led."""
    if step.step in _STEPS:
        return _(_STEPS[step.step])
    known = register.step_named(step.step)
    return _(known.label) if known else state_words(register, step.state)


def record_name(register: Register, number: int) -> str:
    """Return how a record is called: its register and its number in it."""
    return f"{_(register.title)} {number}"


def by_words(step: StepRow, register: Register) -> str:
    """Return who took a step; nobody is known of an anonymous one."""
    if step.by:
        return f"{step.by_name}({step.by})"
    return _("anonymous") if register.anonymous else _("the system")


def moment_words(at: datetime, zone: tzinfo) -> str:
    """Return an instant by the centre's clock."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
