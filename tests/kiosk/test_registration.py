"""The visitor's form (Art. 20): what it asks, what it refuses, what it withdraws, what it forgets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from kiosk.actions import WithdrawRequest
from kiosk.form import Choice, reason_words
from kiosk.inputs import FormSubmitted, Key, Tick, VisitForm
from kiosk.machine import step, view_of
from kiosk.phases import AwaitApproval, Idle, VisitorForm
from kiosk.registration import APPROVAL_WAIT_MINUTES, VISIT_MINUTES, form_problem, reasons_in_force
from kiosk.states import State
from kiosk.views import ViewKind
from locales import set_language
from regulation.records import VisitReason
from regulation.visiting import VISIT_REASONS
from tests.kiosk.scene import IDLE, NOW, SNAPSHOT, context, seconds
from tests.kiosk.test_app import screen, seen, text

FORM = VisitForm("李伟", "华信公司", "13800000000", "maintenance", "工单 4471", "1017", "工程师", "电脑", 60)
OWN = (VisitReason("audit", "审计", "批文号", "audit", by_manager=True), VisitReason("cleaning", "保洁"))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, ""),
        ({"job_title": "", "carried": ""}, ""),
        ({"visitor": " "}, "name"),
        ({"unit": ""}, "unit"),
        ({"phone": ""}, "telephone"),
        ({"reason": ""}, "reason"),
        ({"reason": "party"}, "reason"),
        ({"reference": " "}, "reference"),
        ({"reason": "cleaning", "reference": ""}, ""),
        ({"sponsor": "9999"}, "work number"),
        ({"sponsor": "4001"}, "work number"),
        ({"minutes": 0}, "how long"),
        ({"minutes": 100_000}, "how long"),
    ],
)
def test_art20_a_form_says_what_is_missing(changed: dict[str, object], problem: str) -> None:
    found = form_problem(replace(FORM, **changed), context())  # type: ignore[arg-type]
    assert (problem in found) if problem else not found


def test_the_centres_own_reasons_replace_the_regulations() -> None:
    assert reasons_in_force(SNAPSHOT) == VISIT_REASONS
    own = replace(SNAPSHOT, visit_reasons=OWN)
    assert reasons_in_force(own) == OWN
    assert form_problem(replace(FORM, reason="maintenance"), context(own))
    assert not form_problem(replace(FORM, reason="audit"), context(own))
    assert (reason_words(OWN[0], "en"), reason_words(OWN[0], "zh_CN")) == ("audit", "审计")


@pytest.mark.parametrize("way", ["escape", "nobody answers"])
def test_a_visitor_who_no_longer_waits_takes_the_request_back(way: str) -> None:
    state = State()
    for event in (Key("1"), FormSubmitted("k1", FORM)):
        state, _actions = step(state, event, context(), NOW)
    assert isinstance(state.phase, AwaitApproval)
    if way == "escape":
        state, actions = step(state, Key("escape"), context(), NOW)
    else:
        state, actions = step(state, Tick(), context(), NOW + seconds(APPROVAL_WAIT_MINUTES * 60))
    assert isinstance(state.phase, Idle)
    assert WithdrawRequest("k1") in actions


@pytest.mark.parametrize(("after", "kind"), [(89.9, ViewKind.FORM), (90, ViewKind.IDLE)])
def test_a_form_nobody_types_in_is_cleared_after_ninety_seconds(after: float, kind: ViewKind) -> None:
    state, _actions = step(IDLE, Key("1"), context(), NOW)
    assert state.phase == VisitorForm(NOW + seconds(90))
    state, _actions = step(state, Tick(), context(), NOW + seconds(after))
    assert view_of(state).kind is kind


# --- on the screen ------------------------------------------------------------------------------------------


async def test_the_reference_is_named_by_what_the_reason_needs_and_passed_over_where_nothing_is(
    tmp_path: Path,
) -> None:
    set_language("en")
    own = replace(SNAPSHOT, visit_reasons=OWN)
    async with screen(tmp_path, own) as (_rig, app, pilot):
        await pilot.press("asterisk", "1")
        await seen(pilot, lambda: isinstance(app.focused, Input))
        reason = app.query_one("#field-reason", Choice)
        reason.focus()
        await pilot.press("1")
        await pilot.pause()
        assert reason.value == "audit"
        assert "批文号" in text(app, "label-reference")
        await pilot.press("right")
        await pilot.pause()
        assert reason.value == "cleaning"
        assert app.query_one("#field-reference", Input).disabled
        await pilot.press("7")
        assert reason.value == "cleaning", "a number that is not offered means nothing"


async def test_chinese_typed_by_an_input_method_arrives_whole(tmp_path: Path) -> None:
    async with screen(tmp_path) as (_rig, app, pilot):
        await pilot.press("1")
        await seen(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"欧阳志远𠮷")
        assert app.query_one("#field-visitor", Input).value == "欧阳志远𠮷"


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_every_field_of_the_form_is_on_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with screen(tmp_path, size=size) as (_rig, app, pilot):
        await pilot.press("1")
        await seen(pilot, lambda: isinstance(app.focused, Input))
        await pilot.pause()
        button, foot = app.query_one("#send"), app.query_one("#foot")
        assert button.region.height == 1
        assert button.region.bottom <= foot.region.y
        labels = [text(app, f"label-{name}") for name in ("job", "carried", "minutes")]
        assert all(labels)
        assert [int(v) for _w, v in app.query_one("#field-minutes", Choice)._options] == list(VISIT_MINUTES)


async def test_nothing_a_visitor_wrote_can_be_copied_pasted_or_is_left_after_the_idle_return(
    tmp_path: Path,
) -> None:
    async with screen(tmp_path) as (rig, app, pilot):
        await pilot.press("1")
        await seen(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"Li Wei".replace(" ", "_"), "ctrl+shift+a", "ctrl+x", "ctrl+c")
        assert app.clipboard == ""
        assert app.query_one("#field-visitor", Input).value == "Li_Wei"
        rig.clock.advance(91)
        await seen(pilot, lambda: app.screen.has_class("kind-idle"))
        await pilot.press("1")
        await seen(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press("ctrl+v")
        assert {field.value for field in app.query(Input)} == {""}
        assert app.focused is app.query_one("#field-visitor")
