"""Art. 20: the machine-room entry register holds every passage of those who are not of the centre."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from operations import entry_register
from operations.errors import Invalid, NotPermitted
from regulation.access import DoorVerdict
from tests.centre import NOW, SHIFT_STARTS, TODAY, Built
from tests.operations.acts import (
    ENGINEER,
    LEADER,
    MINUTE,
    OPERATOR,
    SECOND,
    Door,
    approved_visit,
    own_badge,
    visitor_badge,
)

IN_TIME = SHIFT_STARTS - 10 * MINUTE


@pytest.fixture
def kiosk(centre: Built) -> Door:
    """Staff, a visitor and a company employee come and go."""
    kiosk = Door()
    kiosk.reads(own_badge(LEADER), IN_TIME)
    row = approved_visit(
        centre, phone="139 0000 1111", job_title="工程师", carried="工具箱", sponsor_work_number=OPERATOR
    )
    approved_visit(centre, key="key-2", company_work_number=ENGINEER, visitor="张伟", unit="设备中心")
    kiosk.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW)
    kiosk.admits(own_badge(ENGINEER), own_badge(LEADER), NOW + MINUTE)
    kiosk.reads("deadbeef", NOW + 2 * MINUTE)
    kiosk.leaves(visitor_badge(row.badge_label), NOW + 30 * MINUTE)
    kiosk.sends()
    return kiosk


def rows(
    built: Built, first: date = TODAY, last: date = TODAY, **more: bool
) -> list[entry_register.EntryRow]:
    found = entry_register.entry_register(built.actors[LEADER], NOW, first, last, **more)
    return list(found.rows)


def test_art20_it_holds_who_why_with_whom_and_carrying_what(centre: Built, kiosk: Door) -> None:
    first = rows(centre)[0]
    assert (first.at, first.name, first.unit, first.job_title, first.phone) == (
        NOW,
        "李伟",
        "华信公司",
        "工程师",
        "139 0000 1111",
    )
    assert (first.reason, first.reference, first.direction, first.carried, first.escort, first.badge) == (
        "equipment maintenance",
        "4471",
        "in",
        "工具箱",
        f"王建国({LEADER})",
        "V-01",
    )


def test_art20_visitors_and_company_employees_and_nobody_of_the_centre(centre: Built, kiosk: Door) -> None:
    assert [(r.name, r.work_number, r.direction, r.code) for r in rows(centre)] == [
        ("李伟", "", "in", "granted.visitor"),
        ("张伟", ENGINEER, "in", "granted.visitor"),
        ("李伟", "", "out", "released"),
    ]
    assert rows(centre)[2].escort == f"王建国({LEADER})"


def test_art20_on_demand_the_centres_own_people_as_well(centre: Built, kiosk: Door) -> None:
    staff = [r for r in rows(centre, staff=True) if not r.is_visitor]
    assert [(r.name, r.job_title, r.direction) for r in staff] == [("王建国", "shift leader", "in")]


def test_art20_an_entry_that_did_not_happen_is_left_out(centre: Built, kiosk: Door) -> None:
    taken_back = DoorVerdict("refused.cannot_be_recorded", visit_id=1, evidence=("door:door-2",))
    kiosk.notes(taken_back, NOW + 31 * MINUTE)
    kiosk.sends()
    assert [r.name for r in rows(centre)] == ["张伟", "李伟"]


def test_a_company_employee_who_leaves_without_a_visit_is_in_it(centre: Built, kiosk: Door) -> None:
    kiosk.notes(DoorVerdict("released", centre.ids[ENGINEER]), NOW + 40 * MINUTE, own_badge(ENGINEER))
    kiosk.sends()
    last = rows(centre)[-1]
    assert (last.name, last.job_title, last.is_visitor) == ("张伟", "company employee", False)


@pytest.mark.parametrize(("seconds", "day", "there"), [(-1, 0, True), (0, 0, False), (0, 1, True)])
def test_a_passage_belongs_to_its_civil_day(centre: Built, seconds: int, day: int, there: bool) -> None:
    kiosk = Door()
    midnight = datetime.fromisoformat("2026-11-24T00:00:00+08:00")
    kiosk.reads(own_badge("1021"), midnight + seconds * SECOND)
    kiosk.sends(midnight + MINUTE)
    on = TODAY + timedelta(days=day)
    assert bool(rows(centre, on, on, staff=True)) is there


def test_the_days_are_counted_from_the_first_to_the_last(centre: Built, kiosk: Door) -> None:
    found = entry_register.entry_register(centre.actors[LEADER], NOW, TODAY - timedelta(days=1), TODAY)
    assert (found.centre, found.time_zone, found.first, found.last) == (
        "城东客服中心",
        "Asia/Shanghai",
        TODAY - timedelta(days=1),
        TODAY,
    )
    assert len(found.rows) == 3
    with pytest.raises(Invalid):
        rows(centre, TODAY, TODAY - timedelta(days=1))


def test_art02_it_is_for_leaders(centre: Built, kiosk: Door) -> None:
    with pytest.raises(NotPermitted):
        entry_register.entry_register(centre.actors[OPERATOR], NOW, TODAY, TODAY)
