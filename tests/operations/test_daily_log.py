"""The daily log as a record for paper: the day's shifts, visitors, door and findings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from operations import centre as centres
from operations import daily_log, shiftlog
from regulation.handover import LogState
from regulation.records import VisitState
from regulation.relief import whole_minutes
from tests.centre import NOW, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built
from tests.operations.acts import (
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    Door,
    approved_visit,
    current_log,
    entry,
    own_badge,
    sealed,
    visitor_badge,
)


@pytest.fixture
def played(centre: Built) -> Built:
    """A night with arrivals, a visitor, an entry and a handover with one carried item."""
    leader = centre.actors[LEADER]
    row = approved_visit(centre)
    door = Door()
    door.reads(own_badge(LEADER), SHIFT_STARTS - 10 * MINUTE)
    door.reads(own_badge(OPERATOR), SHIFT_STARTS + MINUTE)
    door.reads("deadbeef", NOW)
    door.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW)
    door.leaves(visitor_badge(row.badge_label), NOW + 20 * MINUTE)
    door.sends()
    entry(centre, "3 号配线架告警", kind="abnormal", told_whom="维护 张工", open_item=True, vip=True)
    log = current_log(leader, NOW)
    assert log is not None
    shiftlog.carry_item(leader, NOW, log.items[0].id, "等备件", "明早催维护")
    sealed(centre)
    return centre


def test_the_days_shifts_stand_in_order_of_time(played: Built) -> None:
    log = daily_log.daily_log(played.actors[LEADER], SHIFT_ENDS, TODAY)
    assert [(s.team, s.state) for s in log.shifts] == [("乙", LogState.OPEN), ("甲", LogState.SEALED)]
    assert (log.centre, log.time_zone, log.date) == ("城东客服中心", "Asia/Shanghai", TODAY)


def test_the_night_holds_its_people_entries_items_and_signatures(played: Built) -> None:
    night = daily_log.daily_log(played.actors[LEADER], SHIFT_ENDS, TODAY).shifts[1]
    assert (night.due, night.present) == (4, 2)
    assert [(p.person.work_number, p.status) for p in night.people] == [
        (LEADER, "present"),
        (OPERATOR, "present, came late"),
        ("1021", "not here"),
        ("1022", "not here"),
    ]
    assert [(e.text, [t.whom for t in e.told]) for e in night.entries] == [("3 号配线架告警", ["维护 张工"])]
    assert [(i.title, i.reason, i.next_step) for i in night.items] == [
        ("3 号配线架告警", "等备件", "明早催维护")
    ]
    assert [s.person.work_number for s in night.signatures] == [LEADER, "1103"]
    assert len(night.reliefs) == 4


def test_visitors_doors_and_findings_of_the_day(played: Built) -> None:
    log = daily_log.daily_log(played.actors[LEADER], SHIFT_ENDS, TODAY)
    (visitor,) = log.visitors
    assert (visitor.visitor, visitor.state, visitor.badge_label) == ("李伟", VisitState.ENDED, "V-01")
    assert visitor.entered_at is not None
    assert visitor.left_at is not None
    assert whole_minutes(visitor.left_at - visitor.entered_at) == 20
    (door,) = log.doors
    assert (door.entries, door.exits, door.refused, door.visitors, door.inside_at_end) == (3, 1, 1, 1, 2)
    assert sorted((f.article, f.code) for f in log.findings) == [(20, "entry_refused"), (21, "duty_late")]


def test_a_request_that_nobody_decided_is_not_on_paper(sqlite_centre: Built) -> None:
    assert daily_log.daily_log(sqlite_centre.actors[LEADER], NOW, TODAY).visitors == ()


def test_a_sealed_shift_prints_the_same_years_later(played: Built) -> None:
    leader = played.actors[LEADER]
    then, later = (
        daily_log.daily_log(leader, at, TODAY).shifts[1]
        for at in (SHIFT_ENDS, SHIFT_ENDS + timedelta(days=900))
    )
    assert then == later


def test_a_day_prints_the_limits_of_that_day_and_not_of_the_next(centre: Built) -> None:
    tomorrow = TODAY + timedelta(days=1)
    centres.set_limit(centre.actors[MANAGER], NOW, "relief_early_minutes", 20, tomorrow)

    def printed(day: object) -> dict[int, int]:
        log = daily_log.daily_log(centre.actors[LEADER], NOW, day)  # type: ignore[arg-type]
        return {line.article: line.value for line in log.limits}

    assert printed(TODAY) == {21: 10}
    assert printed(tomorrow) == {21: 20}


def test_a_second_printing_of_the_same_content_is_a_reprint_and_of_other_content_is_not(
    centre: Built,
) -> None:
    leader = centre.actors[LEADER]
    assert not daily_log.note_printing(leader, NOW, TODAY, "pdf", "ab" * 32)
    assert daily_log.note_printing(leader, NOW, TODAY, "text", "ab" * 32)
    assert not daily_log.note_printing(leader, NOW, TODAY, "pdf", "cd" * 32)
    assert not daily_log.note_printing(leader, NOW, TODAY + timedelta(days=1), "pdf", "ab" * 32)


def test_drafts_are_never_reprints(sqlite_centre: Built) -> None:
    leader = sqlite_centre.actors[LEADER]
    assert not daily_log.note_printing(leader, NOW, TODAY, "pdf", "")
    assert not daily_log.note_printing(leader, NOW, TODAY, "pdf", "")
