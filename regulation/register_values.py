"""What people write into a register's fields, as the values that are stored; what cannot be meant is a problem.

Forms, files and the command line all write text; one reading serves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from regulation.marking import N_
from regulation.registers import Choice, FieldKind, FieldProblem, Register, RegisterField, Value, Values

LONGEST_LINE = 200
LONGEST_TEXT = 4000
MOST_PLACES = 4
"""Digits behind the point that a number keeps."""
MOST_NUMBER = 1_000_000_000
"""The most that a number says where its field names no bound."""

YES, NO = N_("yes"), N_("no")
_YES_WORDS = frozenset({"yes", "y", "true", "1", "是", "有", "√", "✓"})
_NO_WORDS = frozenset({"no", "n", "false", "0", "否", "无", "×", "✗"})
_INSTANT_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S")


class NotAValue(ValueError):
    """A text that a field cannot hold; ``words`` is a message, ``details`` fill it."""

    def __init__(self, words: str, **details: str) -> None:
        super().__init__(words)
        self.words = words
        self.details = details


def read_values(
    register: Register, texts: Mapping[str, str], here: tzinfo
) -> tuple[dict[str, Value], tuple[FieldProblem, ...]]:
    """Return what the texts of fields mean and what is wrong with them. An empty text fills nothing.

    Instants are the clock's at ``here``.
    """
    values: dict[str, Value] = {}
    problems = []
    for key, text in texts.items():
        known = register.field_named(key)
        if known is None:
            problems.append(FieldProblem(key, N_("This register has no such field.")))
            continue
        try:
            value = read_value(known, text, here)
        except NotAValue as why:
            problems.append(FieldProblem(key, why.words, why.details))
            continue
        if value is not None:
            values[key] = value
    return values, tuple(problems)


def read_value(known: RegisterField, text: str, here: tzinfo) -> Value | None:
    """Return the value that ``text`` means in a field, ``None`` for an empty one. Raises :class:`NotAValue`."""
    text = "".join(sign for sign in text if sign.isprintable() or sign == "\n").strip()
    if not text:
        return None
    if known.kind is FieldKind.NUMBER:
        return _number(known, text)
    if known.kind is FieldKind.CHOICE:
        return _choice(known, text)
    if known.kind is FieldKind.YES_NO:
        return _yes_no(text)
    if known.kind is FieldKind.DATE:
        return _date(text).isoformat()
    if known.kind is FieldKind.INSTANT:
        return _instant(text, here)
    return _text(known, text)


def write_value(known: RegisterField, value: Value, here: tzinfo) -> str:
    """Return a stored value as :func:`read_value` reads it again: a choice by its key, an instant by the clock."""
    if isinstance(value, bool):
        return YES if value else NO
    if known.kind is FieldKind.INSTANT:
        return datetime.fromisoformat(value).astimezone(here).strftime(_INSTANT_FORMS[0])
    return value


def choice_of(known: RegisterField, value: Value) -> Choice | None:
    """Return the choice that a value is, if there is one; an answer that is offered no more is one still."""
    return next((choice for choice in (*known.choices, *known.former) if choice.key == value), None)


def searched_text(register: Register, values: Values) -> str:
    """Return the words by which a record is found: what people wrote, not how it was ticked."""
    written = {FieldKind.LINE, FieldKind.TEXT, FieldKind.PERSON}
    found = (values.get(known.key) for known in register.fields if known.kind in written)
    return "\n".join(value for value in found if isinstance(value, str))


def _text(known: RegisterField, text: str) -> str:
    if known.kind is not FieldKind.TEXT:
        text = " ".join(text.split())
    most = known.most or (LONGEST_TEXT if known.kind is FieldKind.TEXT else LONGEST_LINE)
    if len(text) > most:
        raise NotAValue(
            N_("This has {count} signs; {most} are the most."), count=str(len(text)), most=str(most)
        )
    return text


def _number(known: RegisterField, text: str) -> str:
    try:
        number = Decimal(text.replace(",", "").replace("，", "").rstrip("%％"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise NotAValue(N_("“{text}” is not a number."), text=text[:40])
    most = MOST_NUMBER if known.most is None else known.most
    if not known.least <= number <= most:
        raise NotAValue(N_("This lies between {least} and {most}."), least=str(known.least), most=str(most))
    number = round(number, MOST_PLACES).normalize()
    return f"{number:f}"


def _choice(known: RegisterField, text: str) -> str:
    for choice in known.choices:
        if text.casefold() in (choice.key.casefold(), choice.label.casefold()):
            return choice.key
    raise NotAValue(N_("“{text}” is not one of the answers here."), text=text[:40])


def _yes_no(text: str) -> bool:
    word = text.casefold()
    if word in _YES_WORDS | {YES}:
        return True
    if word in _NO_WORDS | {NO}:
        return False
    raise NotAValue(N_("“{text}” is neither yes nor no."), text=text[:40])


def _date(text: str) -> date:
    # Excel writes a date with a time of midnight; people write points or slashes.
    bare = text.removesuffix("00:00:00").strip().replace("/", "-").replace(".", "-")
    try:
        return date(*(int(part) for part in bare.split("-", 2)))
    except (ValueError, TypeError) as error:
        raise NotAValue(
            N_("“{text}” is not a date written like {example}."), text=text[:40], example="2026-11-23"
        ) from error


def _instant(text: str, here: tzinfo) -> str:
    try:
        given = datetime.fromisoformat(text)
        if given.tzinfo is not None:
            return given.astimezone(UTC).isoformat()
    except ValueError:
        pass
    for form in _INSTANT_FORMS:
        try:
            local = datetime.strptime(text.replace("/", "-"), form)  # noqa: DTZ007  the clock at `here`
        except ValueError:
            continue
        return local.replace(tzinfo=here).astimezone(UTC).isoformat()
    raise NotAValue(
        N_("“{text}” is not a time written like {example}."), text=text[:40], example="2026-11-23 22:30"
    )
