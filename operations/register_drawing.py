"""A register as it is drawn up on the screen, and the definition it becomes: the very one that a TOML file would be.

A drawing knows a few usual courses. A definition with a course of its own keeps it: its states and steps are changed in
its file, everything else here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from locales import N_, _
from operations.own_registers import OwnRegister
from operations.register_file import register_from
from regulation.registers import FieldKind, Register, RegisterField
from regulation.roles import CENTRE_ROLES, LEADER_ROLES, Role

MOST_COLUMNS = 6
"""As many fields as a register's list shows."""
_USUAL_COLUMNS = 4
_StatesAndSteps = tuple[list[dict[str, Any]], list[dict[str, Any]]]
_KEPT = ("reporter_reads", "anonymous", "need_to_know")
_USUAL: Mapping[str, object] = {"required": False, "least": 0, "most": None, "unit": ""}
_COURSE = ("state", "step", "start")


class Shape(StrEnum):
    """How a record runs, from its first state to its last."""

    NOTE = "note"
    FOLLOW_UP = "follow_up"
    PERMIT = "permit"
    AS_WRITTEN = "as_written"


SHAPE_NAMES: Mapping[Shape, str] = {
    Shape.NOTE: N_("a note, and done"),
    Shape.FOLLOW_UP: N_("reported → followed up → closed"),
    Shape.PERMIT: N_("asked for → permit runs → ended"),
    Shape.AS_WRITTEN: N_("as its file says"),
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn up. ``due_first`` and ``due_second`` are days until the first and the second step, ``None`` for never.

    ``about`` names the person field a record is about, ``ends_at`` the field at which a permit ends; ``before`` is the
    definition that is changed, with what this drawing does not speak of.
    """

    key: str
    title: str
    articles: tuple[int, ...] = ()
    shape: Shape = Shape.NOTE
    due_first: int | None = None
    due_second: int | None = None
    adders: frozenset[Role] = CENTRE_ROLES
    readers: frozenset[Role] = CENTRE_ROLES
    closers: frozenset[Role] = LEADER_ROLES
    fields: tuple[RegisterField, ...] = ()
    columns: tuple[str, ...] = ()
    about: str = ""
    about_reads: bool = False
    hidden: bool = False
    ends_at: str = ""
    before: Mapping[str, Any] | None = None

    def field_named(self, key: str) -> RegisterField | None:
        """The field of a key, if there is one."""
        return next((known for known in self.fields if known.key == key), None)


def free_key(stem: str, taken: Iterable[str]) -> str:
    """Return the first key of that stem that nothing has, nor ever had."""
    used, number = set(taken), 1
    while f"{stem}{number}" in used:
        number += 1
    return f"{stem}{number}"


def drawing_of(own: OwnRegister) -> Drawing:
    """Return the drawing of a register that is kept, whichever way it was defined."""
    register = own.register
    waits = [state for state in register.states if not state.ends]
    due = [state.due_days for state in waits]
    drawing = Drawing(
        register.key,
        register.title,
        register.articles,
        Shape.AS_WRITTEN,
        due[0] if due else None,
        due[1] if len(due) > 1 else None,
        register.adders,
        register.readers,
        register.keepers,
        register.fields,
        register.columns,
        register.about,
        register.about_reads,
        register.hidden_from_about,
        next((state.runs_until for state in waits if state.runs_until), ""),
        own.body,
    )
    for shape in (Shape.NOTE, Shape.FOLLOW_UP, Shape.PERMIT):
        usual = replace(drawing, shape=shape)
        if (shape is not Shape.PERMIT or usual.ends_at) and _course(register_from(body_of(usual))) == _course(
            register
        ):
            return usual
    return drawing


def body_of(drawing: Drawing) -> dict[str, Any]:
    """Return the definition that a drawing becomes, as :func:`operations.register_keeping.define_register` takes it."""
    before = drawing.before or {}
    days = [known.key for known in drawing.fields if known.kind is FieldKind.DATE]
    wanted = [known.key for known in drawing.fields if known.required and known.key in days]
    day = before["day"] if before.get("day") in days else next(iter(wanted), "")
    said = {
        "about": drawing.about,
        "day": day,
        "about_reads": drawing.about_reads and bool(drawing.about),
        "hidden_from_about": drawing.hidden and bool(drawing.about),
    }
    return {
        "key": drawing.key,
        "title": drawing.title,
        "articles": list(drawing.articles),
        "adders": _roles(drawing.adders),
        "readers": _roles(drawing.readers),
        "keepers": _roles(drawing.closers),
        "columns": columns_of(drawing),
        **{key: before[key] for key in _KEPT if key in before},
        **{key: value for key, value in said.items() if value},
        "field": [_field(known) for known in drawing.fields],
        **_course_body(drawing, before),
    }


def columns_of(drawing: Drawing) -> list[str]:
    """Return what the list shows: what was chosen, in the order of the fields; else the first of them."""
    chosen = [known.key for known in drawing.fields if known.key in drawing.columns]
    return (chosen or [known.key for known in drawing.fields][:_USUAL_COLUMNS])[:MOST_COLUMNS]


def shown_by_default(drawing: Drawing) -> bool:
    """Whether a further field is shown in the list unless somebody says otherwise."""
    return len(drawing.columns) < _USUAL_COLUMNS


def _roles(roles: frozenset[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


def _field(known: RegisterField) -> dict[str, Any]:
    body: dict[str, Any] = {"key": known.key, "label": known.label}
    if known.kind is not FieldKind.LINE:
        body["kind"] = known.kind.value
    more = {"required": known.required, "least": known.least, "most": known.most, "unit": known.unit}
    body |= {name: value for name, value in more.items() if value != _USUAL[name]}
    if known.choices:
        body["choice"] = [
            {"key": c.key, "label": c.label} | ({"article": c.article} if c.article else {})
            for c in known.choices
        ]
    return body


# --- courses ------------------------------------------------------------------------------------------------


def _course(register: Register) -> tuple[object, ...]:
    """What a course is, whatever its states and steps are called."""
    return (
        tuple(replace(state, label="") for state in register.states),
        tuple(replace(step, label="") for step in register.steps),
        register.starts,
    )


def _course_body(drawing: Drawing, before: Mapping[str, Any]) -> dict[str, Any]:
    if drawing.shape is Shape.AS_WRITTEN:
        return {key: before[key] for key in _COURSE if key in before}
    states, steps = {
        Shape.NOTE: _note,
        Shape.FOLLOW_UP: _follow_up,
        Shape.PERMIT: _permit,
    }[drawing.shape](drawing)
    course = {"state": states, "step": steps} if steps else {"state": states}
    # What a state or a step is called may have been changed in the file; it stays.
    for name, parts in course.items():
        called = {part["key"]: part["label"] for part in before.get(name, ())}
        for part in parts:
            part["label"] = called.get(part["key"], part["label"])
    return course


def _note(_drawing: Drawing) -> _StatesAndSteps:
    return [{"key": "noted", "label": _("on record"), "ends": True}], []


def _follow_up(drawing: Drawing) -> _StatesAndSteps:
    roles = _roles(drawing.closers)
    states = [
        _waits("reported", _("reported"), drawing.due_first),
        _waits("in_hand", _("being followed up"), drawing.due_second),
        {"key": "closed", "label": _("closed"), "ends": True},
    ]
    steps = [
        _step("take_up", _("follow it up"), ["reported"], "in_hand", roles),
        _step("close", _("close"), ["reported", "in_hand"], "closed", roles, needs_note=True),
    ]
    return states, steps


def _permit(drawing: Drawing) -> _StatesAndSteps:
    roles = _roles(drawing.closers)
    states = [
        _waits("asked", _("asked for"), drawing.due_first),
        {"key": "running", "label": _("running"), "runs_until": drawing.ends_at},
        {"key": "ended", "label": _("ended"), "ends": True},
        {"key": "refused", "label": _("not granted"), "ends": True},
    ]
    steps = [
        _step("permit", _("permit"), ["asked"], "running", roles),
        _step("refuse", _("refuse"), ["asked"], "refused", roles, needs_note=True),
        _step("end", _("end it"), ["running"], "ended", roles, about_may=bool(drawing.about)),
    ]
    return states, steps


def _waits(key: str, label: str, days: int | None) -> dict[str, Any]:
    return {"key": key, "label": label} | ({"due_days": days} if days is not None else {})


def _step(
    key: str, label: str, sources: list[str], target: str, roles: list[str], **more: bool
) -> dict[str, Any]:
    given = {name: value for name, value in more.items() if value}
    return {"key": key, "label": label, "from": sources, "to": target, "roles": roles, **given}
