"""The muster list (紧急清点): asked for twice, from the door's own record, recorded, and gone by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.actions import Action, Record, Show
from kiosk.inputs import ExitRead, Input, Key, NotRecorded, Tick, VisitAnswered
from kiosk.machine import step, view_of
from kiosk.muster import muster_rows
from kiosk.panels import MusterPanel
from kiosk.phases import AwaitApproval, Idle, Muster, MusterAsked, TakeBadge
from kiosk.states import Context, State
from kiosk.views import MusterRow, View, ViewKind
from locales import set_language
from regulation.doorlog import Read
from regulation.occupancy import Occupancy, Passage
from regulation.records import Direction, VisitState
from tests.kiosk.scene import IDLE, NOW, ON_DUTY, SNAPSHOT, codes, context, seconds, unlocks
from tests.kiosk.test_app import screen, seen, text
from tests.regulation.room import occupancy_after


def inside(*passages: tuple[str, int]) -> Occupancy:
    """People (``p``) and visits (``v``) that came in, one a minute."""
    made = []
    for minute, (kind, number) in enumerate(passages):
        person, visit = (number, None) if kind == "p" else (None, number)
        at = NOW - timedelta(minutes=60 - minute)
        made.append(Passage(f"door:main-{minute}", at, Direction.IN, person, visit, 17 if visit else None))
    return occupancy_after(made)


ROOM = inside(("p", 17), ("v", 1), ("p", 21), ("p", 9999), ("v", 8888))


def fed(
    state: State, *events: Input, now: datetime = NOW, room: Occupancy = ROOM
) -> tuple[State, tuple[Action, ...]]:
    actions: tuple[Action, ...] = ()
    for event in events:
        state, actions = step(state, event, context(SNAPSHOT, room), now)
    return state, actions


def test_the_list_names_everyone_inside_visitors_first_with_their_escort() -> None:
    rows = muster_rows(context(SNAPSHOT, ROOM))
    assert [(row.name, row.is_visitor, row.escort) for row in rows] == [
        ("李伟", True, "陈静"),
        ("unknown visitor", True, "陈静"),
        ("陈静", False, ""),
        ("刘洋", False, ""),
        ("unknown person", False, ""),
    ]
    assert rows[2].since == NOW - timedelta(minutes=60)


def test_no_name_shows_before_the_key_is_pressed_again_within_five_seconds() -> None:
    asked, _actions = fed(IDLE, Key("9"))
    assert isinstance(asked.phase, MusterAsked)
    assert view_of(asked).rows == ()
    shown, actions = fed(asked, Key("9"), now=NOW + seconds(5))
    assert codes(actions) == ["note.muster"]
    assert len(view_of(shown).rows) == 5
    assert isinstance(fed(asked, Tick(), now=NOW + seconds(5))[0].phase, Idle)
    late, actions = fed(asked, Key("9"), now=NOW + seconds(5.1))
    assert isinstance(late.phase, MusterAsked), "it is asked anew"
    assert not codes(actions)
    assert isinstance(fed(asked, Key("1"))[0].phase, Idle)


def test_in_an_emergency_the_list_does_not_wait_for_the_disk() -> None:
    state, actions = fed(IDLE, Key("9"), Key("9"))
    kinds = [type(action) for action in actions]
    assert kinds.index(Show) < kinds.index(Record)
    (record,) = [act for act in actions if isinstance(act, Record)]
    state, actions = fed(state, NotRecorded((record.entries[0][0],)))
    assert isinstance(state.phase, Muster)
    assert state.verdict is None


def test_who_leaves_is_released_and_disappears_from_the_list_which_stays_in_sight() -> None:
    state, _actions = fed(IDLE, Key("9"), Key("9"))
    state, actions = fed(state, ExitRead("out", ON_DUTY))
    assert unlocks(actions)
    assert view_of(state).kind is ViewKind.MUSTER
    state, _actions = fed(state, Tick(), room=inside(("v", 1)), now=NOW + seconds(1))
    assert [row.name for row in view_of(state).rows] == ["李伟"]


def test_the_list_ends_a_minute_after_the_last_key_and_on_escape() -> None:
    state, _actions = fed(IDLE, Key("9"), Key("9"))
    state, _actions = fed(state, Key("9"), now=NOW + seconds(50))
    assert isinstance(fed(state, Tick(), now=NOW + seconds(109))[0].phase, Muster)
    assert isinstance(fed(state, Tick(), now=NOW + seconds(110))[0].phase, Idle)
    assert isinstance(fed(state, Key("escape"))[0].phase, Idle)


def test_a_visitor_who_waits_behind_the_list_is_not_forgotten() -> None:
    waits = State(AwaitApproval("k1", NOW + seconds(300)))
    state, _actions = fed(waits, Key("9"), Key("9"), VisitAnswered("k1", VisitState.APPROVED, "V-03"))
    assert isinstance(state.phase, Muster)
    assert isinstance(fed(state, Key("escape"))[0].phase, TakeBadge)


def test_a_door_without_a_screen_shows_nothing() -> None:
    known: Context = context(SNAPSHOT, ROOM, can_ask=False)
    assert step(IDLE, Key("9"), known, NOW) == (IDLE, ())


def test_an_entry_that_cannot_be_recorded_is_said_over_the_list() -> None:
    state, _actions = fed(IDLE, Key("9"), Key("9"))
    read = Read("main", "in", Direction.IN, ON_DUTY, True, NOW)
    state, _actions = fed(state, NotRecorded((read,)))
    assert view_of(state).code == "refused.cannot_be_recorded"


def test_the_names_are_in_no_trace_of_the_picture() -> None:
    state, _actions = fed(IDLE, Key("9"), Key("9"))
    assert "陈静" not in repr(state)
    assert "陈静" not in repr(view_of(state))


# --- on the screen ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_the_list_is_read_on_the_screen_and_leaves_no_name_behind(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    set_language("zh_CN")
    async with screen(tmp_path, size=size) as (rig, app, pilot):
        rig.entry.swipe(ON_DUTY)
        rig.wait_for_pulses(1)
        rig.clock.advance(10)
        await pilot.press("9", "9")
        await seen(pilot, lambda: app.screen.has_class("kind-muster"))
        await seen(pilot, lambda: "陈静" in str(app.query_one(MusterPanel).content))
        assert "22:3" in str(app.query_one(MusterPanel).content), "since when, in the centre's time"
        assert "1" in text(app, "words"), "and how many"
        await seen(pilot, lambda: "note.muster" in rig.codes)
        await pilot.press("escape")
        await seen(pilot, lambda: app.screen.has_class("kind-idle"))
        assert str(app.query_one(MusterPanel).content) == ""


async def test_a_list_that_does_not_fit_is_paged_by_keys_and_by_itself(tmp_path: Path) -> None:
    people = [MusterRow(f"Person {number:03}", NOW) for number in range(100)]
    async with screen(tmp_path) as (rig, app, pilot):
        view = View(ViewKind.MUSTER, "amber", "Muster", rows=tuple(people))
        app._take_view(view)
        panel = app.query_one(MusterPanel)
        await seen(pilot, lambda: "Person 000" in str(panel.content))
        pages = set()
        for _page in range(20):
            pages.add(str(panel.content))
            panel.turn(1)
        everyone = "".join(pages)
        assert all(row.name in everyone for row in people)
        assert max(page.count("\n") + 1 for page in pages) <= panel.size.height
        before = str(panel.content)
        panel.look(8)
        assert str(panel.content) != before
        panel.show(people, UTC, "en")
        rig.clock.advance(0)
