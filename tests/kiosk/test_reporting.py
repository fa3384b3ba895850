"""Art. 4: anyone reports a breach at the door, without a name or by badge; it is recorded and leaves no trace there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.widgets import Input as Field

from kiosk import views
from kiosk.actions import Action, Record
from kiosk.inputs import EntryRead, ExitRead, Input, Key, ReportGiven, Tick
from kiosk.machine import step, view_of
from kiosk.phases import Idle, Reporting
from kiosk.reporting import REPORT_SECONDS, SIGN_SECONDS
from kiosk.states import Context, State
from kiosk.views import IDLE_VIEW
from locales import set_language
from regulation.access import DoorVerdict
from regulation.door_reports import KINDS, REPORTED, DoorReport, report_of
from regulation.doorlog import Read
from regulation.limits import DEFAULT_LIMITS
from tests.kiosk.rig import running_rig
from tests.kiosk.scene import IDLE, LOST, NOW, ON_DUTY, UNKNOWN, codes, context, seconds, unlocks
from tests.kiosk.test_app import screen, seen, text

MOST = DEFAULT_LIMITS["unnamed_reports_an_hour"]
MOMENT = timedelta(microseconds=1)
WORDS = ReportGiven("1022", "seat 03 eating")


def fed(
    state: State, *events: Input, now: datetime = NOW, known: Context | None = None
) -> tuple[State, tuple[Action, ...]]:
    actions: tuple[Action, ...] = ()
    for event in events:
        state, actions = step(state, event, known or context(), now)
    return state, actions


def recorded(actions: tuple[Action, ...]) -> tuple[Read, DoorVerdict]:
    (record,) = [act for act in actions if isinstance(act, Record)]
    (entry,) = record.entries
    return entry


def test_art04_three_keys_report_a_breach_and_nobody_is_named() -> None:
    state, actions = fed(IDLE, Key("4"), Key("3"), WORDS, Key("1"))
    read, verdict = recorded(actions)
    assert (verdict.code, verdict.person_id, read.badge) == (REPORTED, None, "")
    assert report_of(verdict.reason, verdict.evidence) == DoorReport("order", "1022", "seat 03 eating")
    assert isinstance(state.phase, Idle)
    assert view_of(state).tone == "green"
    assert not unlocks(actions)


def test_art04_the_badge_that_was_asked_for_signs_the_report_and_opens_nothing() -> None:
    state, _actions = fed(IDLE, Key("4"), Key("9"), ReportGiven(), Key("2"))
    state, actions = fed(state, EntryRead("in", ON_DUTY), now=NOW + seconds(SIGN_SECONDS))
    _read, verdict = recorded(actions)
    assert (verdict.code, verdict.person_id, verdict.reason) == (REPORTED, 17, "other")
    assert not unlocks(actions)


@pytest.mark.parametrize("events", [(), (Key("3"),), (Key("3"), WORDS)])
def test_a_badge_nobody_asked_for_is_somebody_who_enters_and_the_report_waits(
    events: tuple[Input, ...],
) -> None:
    state, _actions = fed(IDLE, Key("4"), *events)
    before = state.phase
    state, actions = fed(state, EntryRead("in", ON_DUTY))
    assert codes(actions)[0] != REPORTED
    assert unlocks(actions)
    assert state.phase == before
    state, actions = fed(state, ExitRead("out", ON_DUTY))
    assert unlocks(actions)


@pytest.mark.parametrize("badge", [UNKNOWN, LOST])
def test_a_badge_that_is_not_valid_signs_nothing(badge: str) -> None:
    state, _actions = fed(IDLE, Key("4"), Key("3"), WORDS, Key("2"))
    state, actions = fed(state, EntryRead("in", badge))
    assert REPORTED not in codes(actions)
    assert isinstance(state.phase, Reporting)


def test_a_badge_after_the_time_to_sign_signs_nothing() -> None:
    state, _actions = fed(IDLE, Key("4"), Key("3"), WORDS, Key("2"))
    late = NOW + timedelta(seconds=SIGN_SECONDS, microseconds=1)
    assert REPORTED not in codes(fed(state, EntryRead("in", ON_DUTY), now=late)[1])


def crowded(count: int, at: datetime = NOW) -> Context:
    """A door at which breaches were reported without a name so often."""
    return replace(context(), unnamed=(at,) * count)


@pytest.mark.parametrize(
    ("known", "taken"),
    [
        (crowded(MOST - 1), True),
        (crowded(MOST), False),
        (crowded(MOST, NOW - timedelta(hours=1) + MOMENT), False),
        (crowded(MOST, NOW - timedelta(hours=1)), True),
    ],
)
def test_art04_a_door_takes_so_many_reports_without_a_name_in_an_hour_and_then_asks_for_a_badge(
    known: Context, taken: bool
) -> None:
    state, actions = fed(IDLE, Key("4"), Key("3"), WORDS, Key("1"), known=known)
    assert (REPORTED in codes(actions)) is taken
    if not taken:
        assert view_of(state).text == views.WORDS_REPORT_CROWDED
        assert view_of(state).next_step == views.WORDS_REPORT_CROWDED_KEYS
        state, actions = fed(state, Key("2"), EntryRead("in", ON_DUTY), known=known)
        assert recorded(actions)[1].person_id == 17
        assert state.unnamed == (), "a report with a name does not count"


def test_art04_a_door_that_was_switched_off_and_on_still_counts(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        for _number in range(MOST):
            for event in (Key("4"), Key("3"), WORDS, Key("1")):
                rig.kiosk.door.put(event)
        rig.wait(lambda r: r.codes == [REPORTED] * MOST)
    with running_rig(tmp_path) as rig:
        rig.clock.advance(60)
        for event in (Key("4"), Key("3"), WORDS):
            rig.kiosk.door.put(event)
        rig.wait(lambda r: r.views[-1].text == views.WORDS_REPORT_CROWDED)
        rig.kiosk.door.put(Key("1"))
        rig.kiosk.door.put(Key("escape"))
        rig.wait(lambda r: r.views[-1] == IDLE_VIEW)
        assert rig.codes == []


def test_a_report_is_dropped_on_escape_and_a_minute_after_the_last_key() -> None:
    state, _actions = fed(IDLE, Key("4"), Key("3"))
    assert isinstance(fed(state, Key("escape"))[0].phase, Idle)
    state, _actions = fed(state, Key("typing"), now=NOW + seconds(50))
    assert isinstance(fed(state, Tick(), now=NOW + seconds(50 + REPORT_SECONDS - 1))[0].phase, Reporting)
    over, actions = fed(state, Tick(), now=NOW + seconds(50 + REPORT_SECONDS))
    assert isinstance(over.phase, Idle)
    assert REPORTED not in codes(actions)
    assert view_of(over) == IDLE_VIEW


@pytest.mark.parametrize("key", ["0", "typing", "?", "maintenance"])
def test_a_key_that_is_no_kind_chooses_none(key: str) -> None:
    state, _actions = fed(IDLE, Key("4"), Key(key))
    assert isinstance(state.phase, Reporting)
    assert state.phase.kind == ""


def test_a_door_without_a_screen_takes_no_report() -> None:
    known = context(can_ask=False)
    assert step(IDLE, Key("4"), known, NOW) == (IDLE, ())


def test_nothing_of_a_report_is_in_a_picture_or_a_trace() -> None:
    state, _actions = fed(IDLE, Key("4"), Key("3"), WORDS)
    for shown in (repr(state), repr(view_of(state)), repr(fed(state, Key("2"))[0])):
        assert "1022" not in shown
        assert "order" not in shown


# --- on the screen ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_art04_a_breach_is_reported_by_keys_alone_and_the_next_one_reads_nothing(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    set_language("zh_CN")
    async with screen(tmp_path, size=size) as (rig, app, pilot):
        assert "4" in text(app, "keys")
        await pilot.press("4")
        await seen(pilot, lambda: app.screen.has_class("kind-report"))
        assert text(app, "next").count("\n") == len(KINDS) - 1
        assert app.query_one("#next").region.bottom <= app.query_one("#foot").region.y
        await pilot.press("3")
        await seen(pilot, lambda: app.screen.has_class("kind-report_words"))
        await seen(pilot, lambda: app.focused is app.query_one("#field-reported"))
        await pilot.press("1", "0", "2", "2", "enter", "s", "e", "a", "t", "enter")
        await seen(pilot, lambda: app.screen.has_class("kind-report_send"))
        assert [app.query_one(f"#field-{name}", Field).value for name in ("reported", "said")] == ["", ""]
        await pilot.press("1")
        await seen(pilot, lambda: REPORTED in rig.codes)
        assert app.screen.has_class("tone-green")
        rig.clock.advance(10)
        await seen(pilot, lambda: app.screen.has_class("kind-idle"))
        (event,) = [e for e in rig.events if e.code == REPORTED]
        assert (event.reason, event.person_id, event.badge) == ("order", None, "")


async def test_a_report_that_is_left_alone_is_cleared(tmp_path: Path) -> None:
    async with screen(tmp_path) as (rig, app, pilot):
        await pilot.press("4", "3")
        await seen(pilot, lambda: app.focused is app.query_one("#field-reported"))
        await pilot.press("1", "0")
        rig.clock.advance(REPORT_SECONDS + 1)
        await seen(pilot, lambda: app.screen.has_class("kind-idle"))
        assert app.query_one("#field-reported", Field).value == ""
        assert REPORTED not in rig.codes
