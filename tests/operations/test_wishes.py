"""Wishes, days on which someone cannot work, and pins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from operations import availability, drafts, publishing, wishes
from operations.centre import set_limit
from operations.drafts import Paint
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, OPERATOR

DAY = date(2026, 12, 10)
NEXT = DAY + timedelta(days=1)
OTHER = "1021"


def ask(
    built: Built,
    day: date = DAY,
    shift: str | None = None,
    weight: int = 2,
    *,
    wanted: bool = True,
    number: str = OPERATOR,
) -> int:
    return wishes.ask_wish(built.actors[number], NOW, day, shift, weight, wanted=wanted)


def own(built: Built, number: str = OPERATOR) -> tuple[wishes.WishRow, ...]:
    return wishes.own_wishes(built.actors[number], NOW, DAY, NEXT)


def plan(built: Built, shift: str | None, day: date = DAY, number: str = OPERATOR) -> None:
    drafts.paint_draft(built.actors[LEADER], NOW, [Paint(built.ids[number], day, shift)])


def publish(built: Built) -> None:
    publishing.publish_draft(built.actors[LEADER], NOW, DAY, NEXT)


def test_people_see_their_own_wishes_and_leaders_see_all(centre: Built) -> None:
    ask(centre)
    ask(centre, shift="night", wanted=False, number=OTHER)
    assert [(w.shift_code, w.wanted, w.weight, w.is_open) for w in own(centre)] == [(None, True, 2, True)]
    everyone = wishes.wishes(centre.actors[LEADER], NOW, DAY, NEXT)
    assert [(w.work_number, w.shift_code, w.wanted) for w in everyone] == [
        (OPERATOR, None, True),
        (OTHER, "night", False),
    ]
    with pytest.raises(NotPermitted):
        wishes.wishes(centre.actors[OPERATOR], NOW, DAY, NEXT)


def test_a_wish_is_taken_back_by_its_owner_alone_and_replaced_by_a_new_one(centre: Built) -> None:
    first = ask(centre, weight=1)
    second = ask(centre, weight=3)
    assert [(w.id, w.weight) for w in own(centre)] == [(second, 3)]
    with pytest.raises(NotFound):
        wishes.withdraw_wish(centre.actors[OTHER], NOW, second)
    with pytest.raises(NotFound):
        wishes.withdraw_wish(centre.actors[OPERATOR], NOW, first)
    wishes.withdraw_wish(centre.actors[OPERATOR], NOW, second)
    assert own(centre) == ()


def test_once_the_day_is_published_for_someone_their_wish_stands(centre: Built) -> None:
    wish, others = ask(centre), ask(centre, number=OTHER)
    plan(centre, "early")
    publish(centre)
    with pytest.raises(Conflict, match="published"):
        wishes.withdraw_wish(centre.actors[OPERATOR], NOW, wish)
    with pytest.raises(Conflict, match="published"):
        ask(centre, shift="night")
    assert [w.is_open for w in own(centre)] == [False]
    wishes.withdraw_wish(centre.actors[OTHER], NOW, others)
    ask(centre, NEXT)


def test_operators_see_what_is_published_and_leaders_what_is_planned(centre: Built) -> None:
    ask(centre)
    ask(centre, shift="night", wanted=False)
    assert [w.is_kept for w in own(centre)] == [None, None]
    plan(centre, "night")
    assert [w.is_kept for w in own(centre)] == [None, None]
    assert [w.is_kept for w in wishes.wishes(centre.actors[LEADER], NOW, DAY, NEXT)] == [False, False]
    publish(centre)
    plan(centre, None)
    assert [w.is_kept for w in own(centre)] == [False, False]
    everyone = wishes.wishes(centre.actors[LEADER], NOW, DAY - timedelta(days=40), NEXT)
    assert [w.is_kept for w in everyone] == [True, True]


def test_the_last_wish_of_a_month_that_is_allowed_is_taken_and_the_next_is_not(centre: Built) -> None:
    set_limit(centre.actors[MANAGER], NOW, "wishes_a_month", 2, TODAY)
    ask(centre)
    ask(centre, NEXT)
    with pytest.raises(Conflict, match="At most 2"):
        ask(centre, DAY + timedelta(days=2))
    ask(centre, date(2027, 1, 1))
    ask(centre, NEXT, weight=3)


@pytest.mark.parametrize(
    ("day", "shift", "weight", "error"),
    [
        (TODAY, None, 1, Invalid),
        (DAY, None, 0, Invalid),
        (DAY, None, 4, Invalid),
        (DAY, "noon", 1, NotFound),
    ],
)
def test_a_wish_that_means_nothing_is_refused(
    sqlite_centre: Built, day: date, shift: str | None, weight: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(sqlite_centre, day, shift, weight)
    assert ask(sqlite_centre, DAY, weight=3)


def test_unavailability_speaks_of_its_weekdays_from_its_first_day_to_its_last(centre: Built) -> None:
    leader, who = centre.actors[LEADER], centre.ids[OPERATOR]
    monday = date(2026, 12, 7)
    made = availability.record_unavailability(
        leader, NOW, who, monday, monday + timedelta(days=8), "21", "night", "夜校"
    )
    (entry,) = availability.unavailabilities(leader, NOW, DAY, NEXT)
    assert (entry.weekdays, entry.shift_code, entry.reason) == ("12", "night", "夜校")
    about = [offset for offset in range(-7, 15) if entry.is_about(monday + timedelta(days=offset))]
    assert about == [0, 1, 7, 8]
    assert availability.unavailabilities(leader, NOW, monday + timedelta(days=9), NEXT) == ()
    availability.withdraw_unavailability(leader, NOW, made)
    assert availability.unavailabilities(leader, NOW, DAY, NEXT) == ()
    with pytest.raises(NotFound):
        availability.withdraw_unavailability(leader, NOW, made)


def test_unavailability_that_means_nothing_is_refused(sqlite_centre: Built) -> None:
    leader, who = sqlite_centre.actors[LEADER], sqlite_centre.ids[OPERATOR]
    for arguments in (
        (who, DAY, DAY - timedelta(days=1)),
        (who, DAY, None, "18"),
        (who, DAY, None, "", None, "x" * 81),
    ):
        with pytest.raises(Invalid):
            availability.record_unavailability(leader, NOW, *arguments)
    with pytest.raises(NotFound):
        availability.record_unavailability(leader, NOW, who, DAY, None, "", "noon")


def test_a_pin_is_set_once_and_taken_off(centre: Built) -> None:
    leader, who = centre.actors[LEADER], centre.ids[OPERATOR]
    assert availability.pin_days(leader, NOW, [(who, DAY), (who, NEXT)]) == 2
    assert availability.pin_days(leader, NOW, [(who, NEXT)]) == 0
    assert availability.pins(leader, NOW, DAY, DAY) == ((who, DAY),)
    assert availability.unpin_days(leader, NOW, [(who, DAY), (who, DAY)]) == 1
    assert availability.pins(leader, NOW, DAY, NEXT) == ((who, NEXT),)
    with pytest.raises(Invalid):
        availability.pin_days(leader, NOW, [(who, TODAY - timedelta(days=1))])
    assert availability.pin_days(leader, NOW, [(who, TODAY)]) == 1
