"""What is typed while a register is drawn up, as the drawing it makes; what cannot be meant is said at its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from locales import N_, _
from operations.errors import Invalid
from operations.register_drawing import MOST_COLUMNS, Drawing, Shape, free_key
from operations.register_file import KEY_PATTERN, LONGEST_LABEL, MOST_DAYS
from regulation.article_table import ROWS
from regulation.register_table import REGISTERS
from regulation.registers import Choice, FieldKind, FieldProblem, RegisterField
from regulation.roles import ROLE_NAMES, Role

T = TypeVar("T")

MOST_FIELDS = 40
NOT_ABOUT, ABOUT, ABOUT_READS, ABOUT_HIDDEN = "no", "about", "reads", "hidden"
NO, YES = "no", "yes"

_BETWEEN = re.compile(r"[,，、;；\s]+")
_BETWEEN_ANSWERS = re.compile(r"[,，、;；\n]+")

LABELS: Mapping[str, str] = {
    "title": N_("Name of the register"),
    "key": N_("Key for commands"),
    "articles": N_("Articles it serves"),
    "shape": N_("How a record runs"),
    "due_first": N_("Days until it is taken up"),
    "due_second": N_("Days until it is closed"),
    "adders": N_("Who adds"),
    "readers": N_("Who reads everything"),
    "closers": N_("Who closes and corrects"),
    "label": N_("What is asked"),
    "kind": N_("What it takes"),
    "required": N_("Must be filled in"),
    "answers": N_("Answers to choose from"),
    "unit": N_("Unit"),
    "shown": N_("Stands in the list"),
    "about": N_("Is the record about them"),
    "ends": N_("The permit ends then"),
    "fields": N_("Fields"),
}


class DrawingRefused(Invalid):
    """What is typed makes no register; ``problems`` says what is wrong in which line."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        first = problems[0]
        why = _(first.text).format(**first.details)
        super().__init__(_("{field}: {why}").format(field=_(LABELS[first.key]), why=why))
        self.problems = tuple(problems)


# --- title, course, who -------------------------------------------------------------------------------------


def with_general(
    drawing: Drawing,
    texts: Mapping[str, str],
    taken: Iterable[str] = (),
    used: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> Drawing:
    """Return the drawing with what its first form says.

    ``taken`` are keys that other registers have, ``used`` those that its own fields ever had. Raises
    :class:`DrawingRefused`.
    """
    problems: list[FieldProblem] = []
    made = replace(
        drawing,
        title=texts["title"],
        key=_read(problems, "key", texts["key"], _key(taken)) or "" if "key" in texts else drawing.key,
        articles=_read(problems, "articles", texts["articles"], _articles) or (),
        shape=Shape(texts["shape"]),
        due_first=_read(problems, "due_first", texts.get("due_first", ""), _days),
        due_second=_read(problems, "due_second", texts.get("due_second", ""), _days),
        adders=_roles(texts["adders"]),
        readers=_roles(texts["readers"]),
        closers=_roles(texts["closers"]),
    )
    if not made.title:
        problems.append(FieldProblem("title", N_("This has to be filled in.")))
    problems += _role_problems(made)
    if problems:
        order = list(LABELS)
        raise DrawingRefused(sorted(problems, key=lambda problem: order.index(problem.key)))
    return _with_end(made, used) if made.shape is Shape.PERMIT else replace(made, ends_at="")


def _with_end(drawing: Drawing, used: Iterable[str]) -> Drawing:
    """Give a permit the field at which it ends, where it has none yet."""
    moments = [known.key for known in drawing.fields if known.kind is FieldKind.INSTANT]
    if drawing.ends_at in moments:
        return drawing
    if moments:
        return replace(drawing, ends_at=moments[-1])
    end = RegisterField(
        free_key("f", {*used, *(known.key for known in drawing.fields)}),
        _("ends at"),
        FieldKind.INSTANT,
        required=True,
    )
    return replace(
        drawing, fields=(*drawing.fields, end), columns=(*drawing.columns, end.key), ends_at=end.key
    )


def _role_problems(drawing: Drawing) -> list[FieldProblem]:
    problems = [
        FieldProblem(name, N_("Somebody has to be named."))
        for name in ("adders", "readers", "closers")
        if not getattr(drawing, name)
    ]
    blind = drawing.closers - drawing.readers
    if not problems and blind and drawing.shape is not Shape.AS_WRITTEN:
        who = _(", ").join(_(ROLE_NAMES[role]) for role in Role if role in blind)
        problems.append(FieldProblem("readers", N_("Whoever closes has to read, too: {who}."), {"who": who}))
    return problems


def _roles(text: str) -> frozenset[Role]:
    return frozenset(Role(code) for code in text.split(",") if code)


class _Wrong(ValueError):
    """A text that means nothing here; the message, and what fills it."""

    def __init__(self, text: str, **details: str) -> None:
        super().__init__(text)
        self.text = text
        self.details = details


def _read(problems: list[FieldProblem], name: str, text: str, reading: Callable[[str], T]) -> T | None:
    try:
        return reading(text.strip())
    except _Wrong as why:
        problems.append(FieldProblem(name, why.text, why.details))
        return None


def _days(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or int(text) > MOST_DAYS:
        raise _Wrong(N_("A whole number of days, at most {most}; empty for never."), most=str(MOST_DAYS))
    return int(text)


def _articles(text: str) -> tuple[int, ...]:
    known = {str(row.number): row.number for row in ROWS}
    words = list(dict.fromkeys(filter(None, _BETWEEN.split(text))))
    for word in words:
        if word not in known:
            raise _Wrong(
                N_("There is no article “{word}”; they are 1 to {last}."),
                word=word[:12],
                last=str(len(known)),
            )
    return tuple(known[word] for word in words)


def _key(taken: Iterable[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(KEY_PATTERN, text):
            raise _Wrong(N_("Small letters a-z, digits and _, a letter first, at most 24."))
        if text in {*REGISTERS, *taken}:
            raise _Wrong(N_("“{key}” is taken already."), key=text)
        return text

    return read


# --- fields -------------------------------------------------------------------------------------------------


def with_field(
    drawing: Drawing, key: str, texts: Mapping[str, str], used: Mapping[str, Iterable[str]]
) -> Drawing:
    """Return the drawing with a field as its form says: the one of ``key``, or a new one where that is empty.

    A new field, and a new answer, take keys that nothing in ``used`` ever had. Raises :class:`DrawingRefused`.
    """
    before = drawing.field_named(key)
    kind = FieldKind(texts["kind"]) if "kind" in texts else before.kind if before else FieldKind.LINE
    problems: list[FieldProblem] = []
    key = key or free_key("f", {*used, *(known.key for known in drawing.fields)})
    made = replace(
        before or RegisterField(key, ""),
        label=texts["label"],
        kind=kind,
        required=texts["required"] == YES,
        unit=texts.get("unit", "") if kind is FieldKind.NUMBER else "",
        choices=_answers(problems, texts.get("answers", ""), before, used.get(key, ()))
        if kind is FieldKind.CHOICE
        else (),
    )
    if not made.label:
        problems.insert(0, FieldProblem("label", N_("This has to be filled in.")))
    if before is None and len(drawing.fields) >= MOST_FIELDS:
        problems.append(
            FieldProblem("label", N_("A register has at most {most} fields."), _most(MOST_FIELDS))
        )
    columns = [column for column in drawing.columns if column != key]
    if texts["shown"] == YES:
        columns.append(key)
        if len(columns) > MOST_COLUMNS:
            problems.append(
                FieldProblem("shown", N_("The list shows at most {most} fields."), _most(MOST_COLUMNS))
            )
    if problems:
        raise DrawingRefused(problems)
    fields = tuple(made if known.key == key else known for known in drawing.fields)
    changed = replace(drawing, fields=fields if before else (*fields, made), columns=tuple(columns))
    return _with_uses(changed, made, texts)


def _with_uses(drawing: Drawing, made: RegisterField, texts: Mapping[str, str]) -> Drawing:
    """Say what the field is to the whole record: whom it is about, when a permit ends."""
    about = texts.get("about", NOT_ABOUT) if made.kind is FieldKind.PERSON else NOT_ABOUT
    if about != NOT_ABOUT:
        drawing = replace(
            drawing, about=made.key, about_reads=about == ABOUT_READS, hidden=about == ABOUT_HIDDEN
        )
    elif drawing.about == made.key:
        drawing = replace(drawing, about="", about_reads=False, hidden=False)
    if made.kind is FieldKind.INSTANT and drawing.shape is Shape.PERMIT and texts.get("ends") == YES:
        drawing = replace(drawing, ends_at=made.key)
    return drawing


def without_field(drawing: Drawing, key: str) -> Drawing:
    """Return the drawing without a field. Raises :class:`DrawingRefused` for one that the course hangs on."""
    if drawing.shape is Shape.PERMIT and key == drawing.ends_at:
        raise DrawingRefused([FieldProblem("fields", N_("The permit ends then; name another end first."))])
    if drawing.shape is Shape.AS_WRITTEN and key in _course_fields(drawing.before or {}):
        raise DrawingRefused([FieldProblem("fields", N_("A step or a state in the file needs this field."))])
    drawing = replace(
        drawing,
        fields=tuple(known for known in drawing.fields if known.key != key),
        columns=tuple(column for column in drawing.columns if column != key),
    )
    if drawing.about == key:
        drawing = replace(drawing, about="", about_reads=False, hidden=False)
    return drawing


def moved_field(drawing: Drawing, key: str, step: int) -> Drawing:
    """Return the drawing with a field ``step`` places further down, as far as there are places."""
    fields = list(drawing.fields)
    here = next(place for place, known in enumerate(fields) if known.key == key)
    fields.insert(min(max(here + step, 0), len(fields) - 1), fields.pop(here))
    return replace(drawing, fields=tuple(fields))


def require_whole(drawing: Drawing) -> None:
    """Raise :class:`DrawingRefused` for a drawing that cannot be kept yet."""
    if not drawing.fields:
        raise DrawingRefused([FieldProblem("fields", N_("A register needs a field: a adds one."))])


def _answers(
    problems: list[FieldProblem], text: str, before: RegisterField | None, used: Iterable[str]
) -> tuple[Choice, ...]:
    """Read the answers: one that was there keeps its key, and so does the only thing that changed in its place."""
    labels = [label for label in (" ".join(part.split()) for part in _BETWEEN_ANSWERS.split(text)) if label]
    if len(labels) < 2 or len(set(labels)) < len(labels):
        problems.append(
            FieldProblem("answers", N_("Give at least two answers, each once, with 、 between them."))
        )
    if any(len(label) > LONGEST_LABEL for label in labels):
        problems.append(
            FieldProblem("answers", N_("An answer has at most {most} signs."), _most(LONGEST_LABEL))
        )
    known = before.choices if before is not None else ()
    by_label = {choice.label: choice for choice in known}
    taken, answers = {*used, *(choice.key for choice in known)}, list[Choice]()
    for place, label in enumerate(labels):
        choice = by_label.get(label)
        if choice is None and len(known) == len(labels) and known[place].label not in labels:
            choice = replace(known[place], label=label)
        if choice is None:
            choice = Choice(free_key("c", taken), label)
            taken.add(choice.key)
        answers.append(choice)
    return tuple(answers)


def _course_fields(body: Mapping[str, object]) -> set[str]:
    named: set[str] = set()
    for part in ("state", "step", "start"):
        for one in body.get(part, ()):  # type: ignore[attr-defined]
            named |= {one.get(name, "") for name in ("runs_until", "due_from", "stamps", "field")}
            named |= {*one.get("needs", ()), *one.get("asks", ())}
    return named


def _most(number: int) -> dict[str, str]:
    return {"most": str(number)}
