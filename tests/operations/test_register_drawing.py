"""A register that is drawn up line by line is the definition that its file would be, and is changed without loss."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import pytest

from operations import register_keeping, register_views, registers
from operations.errors import Invalid
from operations.own_registers import OwnRegister, own_register, own_registers
from operations.register_change_words import change_words
from operations.register_drawing import Drawing, Shape, body_of, drawing_of
from operations.register_drawing_forms import (
    DrawingRefused,
    moved_field,
    require_whole,
    with_field,
    with_general,
    without_field,
)
from operations.register_file import read_definition, register_from
from operations.register_toml import definition_text
from regulation.registers import FieldKind
from tests.centre import NOW, Built
from tests.operations.acts import LEADER, MANAGER, OPERATOR
from tests.operations.test_registers import OWN

GENERAL = {
    "title": "借用登记",
    "key": "own1",
    "articles": "19、4",
    "shape": "follow_up",
    "due_first": "1",
    "due_second": "",
    "adders": "operator,shift_leader",
    "readers": "shift_leader,deputy_manager",
    "closers": "shift_leader",
}
FIELD = {"label": "物品", "kind": "line", "required": "yes", "shown": "yes"}
NEW = Drawing("", "")


def drawn(*fields: dict[str, str], **general: str) -> Drawing:
    """A drawing as the forms make it."""
    drawing = with_general(NEW, GENERAL | general)
    for texts in fields or (FIELD,):
        drawing = with_field(drawing, "", FIELD | texts, {})
    return drawing


def refused(texts: dict[str, str], **more: Any) -> tuple[str, ...]:
    """The lines at which a general form is refused."""
    with pytest.raises(DrawingRefused) as why:
        with_general(NEW, GENERAL | texts, **more)
    return tuple(problem.key for problem in why.value.problems)


def kept(built: Built, drawing: Drawing) -> OwnRegister:
    """Keep a drawing and read it again."""
    register_keeping.define_register(built.actors[MANAGER], NOW, body_of(drawing))
    return own_register(built.actors[MANAGER], NOW, drawing.key)


@pytest.mark.parametrize("shape", ["note", "follow_up", "permit"])
def test_what_is_drawn_up_is_the_file_it_is_written_as_and_is_drawn_up_from_it_again(
    sqlite_centre: Built, shape: str
) -> None:
    person = {"label": "借用人", "kind": "person", "about": "reads", "required": "no"}
    answers = {"label": "状况", "kind": "choice", "answers": "完好、损坏"}
    drawing = drawn({}, person, answers, shape=shape)
    own = kept(sqlite_centre, drawing)
    again = drawing_of(own)
    assert again.shape == shape
    assert body_of(again) == own.body == tomllib.loads(definition_text(own.body))
    assert [known.label for known in again.fields[-3:]] == ["物品", "借用人", "状况"]
    assert (again.about, again.about_reads, again.closers) == (
        drawing.about, True, drawing.closers,
    )  # fmt: skip


def test_a_report_is_followed_up_and_closed_by_those_who_were_named(sqlite_centre: Built) -> None:
    kept(sqlite_centre, drawn())
    actors = sqlite_centre.actors
    record = registers.open_record(actors[OPERATOR], NOW, "own1", {"f1": "耳机"})
    registers.take_step(actors[LEADER], NOW, record, "take_up")
    with pytest.raises(Invalid, match="reason"):
        registers.take_step(actors[LEADER], NOW, record, "close")
    registers.take_step(actors[LEADER], NOW, record, "close", {}, "已归还")
    assert register_views.record_story(actors[LEADER], NOW, record).record.state == "closed"


def test_a_permit_gets_the_field_at_which_it_ends_and_keeps_it() -> None:
    drawing = drawn(shape="permit")
    (end,) = (known for known in drawing.fields if known.kind is FieldKind.INSTANT)
    assert (drawing.ends_at, end.required) == (end.key, True)
    with pytest.raises(DrawingRefused, match="another end first"):
        without_field(drawing, end.key)
    other = with_field(drawing, "", FIELD | {"kind": "instant", "ends": "yes"}, {})
    assert register_from(body_of(without_field(other, end.key))).states[1].runs_until == other.ends_at


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("title", ""),
        ("key", "借"),
        ("key", "breach"),
        ("key", "lent"),
        ("articles", "19, 99"),
        ("articles", "十九"),
        ("due_first", "-1"),
        ("due_second", "3661"),
        ("adders", ""),
        ("readers", ""),
        ("readers", "operator"),
        ("closers", ""),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_line(line: str, text: str) -> None:
    assert refused({line: text}, taken=("lent",)) == (line,)


@pytest.mark.parametrize(
    ("texts", "line"),
    [
        ({"label": ""}, "label"),
        ({"kind": "choice", "answers": "完好"}, "answers"),
        ({"kind": "choice", "answers": "完好、完好"}, "answers"),
        ({"kind": "choice", "answers": f"{'长' * 61}、短"}, "answers"),
    ],
)
def test_a_field_that_cannot_be_meant_is_said_at_its_line(texts: dict[str, str], line: str) -> None:
    with pytest.raises(DrawingRefused) as why:
        drawn(texts)
    assert [problem.key for problem in why.value.problems] == [line]


def test_a_list_shows_six_fields_and_a_register_without_a_field_is_none() -> None:
    with pytest.raises(DrawingRefused, match="6"):
        drawn(*[FIELD] * 7)
    with pytest.raises(DrawingRefused, match="needs a field"):
        require_whole(with_general(NEW, GENERAL))
    require_whole(drawn())


def test_a_change_keeps_the_keys_of_what_stays_and_gives_what_is_new_a_key_nothing_ever_had(
    sqlite_centre: Built,
) -> None:
    choice = {"label": "状况", "kind": "choice", "answers": "完好、损坏、遗失"}
    own = kept(sqlite_centre, drawn({}, choice))
    registers.open_record(sqlite_centre.actors[OPERATOR], NOW, "own1", {"f1": "耳机", "f2": "遗失"})
    own = kept(sqlite_centre, without_field(drawing_of(own), "f1"))
    changed = with_field(
        drawing_of(own), "f2", choice | {"kind": "choice", "answers": "完好、坏了"} | FIELD_REST, own.used
    )
    changed = with_field(changed, "f2", choice | {"answers": "良好、坏了"} | FIELD_REST, own.used)
    changed = moved_field(with_field(changed, "", FIELD, own.used), "f3", -1)
    assert [(known.key, known.label) for known in changed.fields] == [("f3", "物品"), ("f2", "状况")]
    assert [(c.key, c.label) for c in changed.fields[1].choices] == [("c1", "良好"), ("c4", "坏了")]


FIELD_REST = {"required": "no", "shown": "yes"}


def test_what_a_change_means_for_the_records_is_said_before_it_is_kept(sqlite_centre: Built) -> None:
    own = kept(sqlite_centre, drawn({}, {"label": "状况", "kind": "choice", "answers": "完好、损坏"}))
    assert change_words(own, own.body) == ["Nothing was changed."]
    registers.open_record(sqlite_centre.actors[OPERATOR], NOW, "own1", {"f1": "耳机", "f2": "完好"})
    own = own_register(sqlite_centre.actors[MANAGER], NOW, "own1")
    drawing = with_general(drawing_of(own), GENERAL | {"shape": "note"})
    drawing = with_field(
        drawing, "f2", {"label": "状况", "answers": "完好、丢失、损坏掉"} | FIELD_REST, own.used
    )
    drawing = with_field(without_field(drawing, "f1"), "", FIELD | {"label": "数量"}, own.used)
    assert change_words(own, body_of(drawing)) == [
        "Version 2 counts from now on.",
        "1 records are there and stay as they were written.",
        "1 of them are open and go on by the old steps.",
        "Asked no more: “物品”; old records still show it.",
        "Asked from now on: “数量”; old records stay without it.",
        "Offered no more: “损坏”.",
    ]


def test_a_course_of_its_own_is_kept_and_everything_else_is_changed(sqlite_centre: Built) -> None:
    manager = sqlite_centre.actors[MANAGER]
    body = read_definition(OWN.replace("due_days = 2", "due_days = 2\nrests = true").encode())
    register_keeping.define_register(manager, NOW, body | {"need_to_know": True})
    (own,) = own_registers(manager, NOW)
    drawing = drawing_of(own)
    assert drawing.shape is Shape.AS_WRITTEN
    assert register_from(body_of(drawing)) == own.register
    changed = register_from(body_of(replace(drawing, title="借还登记")))
    assert (changed.title, changed.need_to_know) == ("借还登记", True)
    assert (changed.states, changed.steps) == (own.register.states, own.register.steps)


def test_a_field_that_the_file_needs_for_a_step_stays(sqlite_centre: Built) -> None:
    body = read_definition(OWN.replace('to = "back"', 'to = "back"\nneeds = ["thing"]').encode())
    register_keeping.define_register(sqlite_centre.actors[MANAGER], NOW, body)
    (own,) = own_registers(sqlite_centre.actors[MANAGER], NOW)
    with pytest.raises(DrawingRefused, match="needs this field"):
        without_field(drawing_of(own), "thing")
    assert without_field(drawing_of(own), "person").about == ""
