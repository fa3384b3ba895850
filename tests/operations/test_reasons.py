"""Art. 20: the centre's own list of reasons, by date, and what a reason asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from operations import daily_log, door, reasons, store, visits
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.today import today_board
from regulation.visiting import VISIT_REASONS
from settings import ZhibanError
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, OPERATOR, REQUEST, Door, audit_actions, row_counts

TOMORROW = TODAY + timedelta(days=1)
DAY = timedelta(days=1)


def add(built: Built, code: str = "fire_drill", start: date = TODAY, by_manager: bool = False) -> None:
    reasons.set_visit_reason(
        built.actors[MANAGER], NOW, code, "消防演练", "fire drill", "演练通知", by_manager, start
    )


def codes(built: Built, on: date | None = None) -> list[str]:
    return [reason.code for reason in reasons.visit_reasons(built.actors[OPERATOR], NOW, on)]


def test_art20_the_regulations_own_reasons_count_until_the_centre_changes_them(centre: Built) -> None:
    assert reasons.visit_reasons(centre.actors[OPERATOR], NOW) == VISIT_REASONS


def test_art20_a_new_reason_counts_from_its_day_on_at_desk_and_door(centre: Built) -> None:
    add(centre, start=TOMORROW)
    assert "fire_drill" not in codes(centre)
    assert codes(centre, TOMORROW)[-1] == "fire_drill"
    kiosk = Door().actor
    assert [
        "fire_drill" in [r.code for r in door.door_snapshot(kiosk, NOW + n * DAY).visit_reasons]
        for n in (0, 1)
    ] == [False, True]
    early = replace(REQUEST, key="early", reason="fire_drill", reference="通知 3")
    with pytest.raises(Invalid, match="reason from the list"):
        visits.request_visit(kiosk, NOW, early)
    visits.request_visit(kiosk, NOW, replace(early, starts_at=NOW + DAY))


def test_art20_what_a_centres_own_reason_needs_is_asked_for(centre: Built) -> None:
    add(centre)
    with pytest.raises(Invalid, match="演练通知"):
        visits.request_visit(centre.actors[LEADER], NOW, replace(REQUEST, reason="fire_drill", reference=""))


def test_art20_a_retired_reason_is_no_reason_any_more_and_keeps_its_name_in_the_records(
    centre: Built,
) -> None:
    add(centre)
    request = replace(REQUEST, reason="fire_drill")
    leader = centre.actors[LEADER]
    visits.approve_visit(leader, NOW, visits.request_visit(leader, NOW, request))
    reasons.retire_visit_reason(centre.actors[MANAGER], NOW, "fire_drill", TODAY)
    with pytest.raises(Invalid, match="reason from the list"):
        visits.request_visit(leader, NOW, replace(request, key="key-2"))
    assert store.read(reasons.reason_labels)["fire_drill"] == "fire drill"
    assert [row.reason_label for row in visits.visits_on(leader, NOW, TODAY)] == ["fire drill"]
    assert [line.reason for line in daily_log.daily_log(leader, NOW, TODAY).visitors] == ["fire drill"]


@pytest.mark.language("zh_CN")
def test_a_centres_own_reason_is_called_as_the_centre_calls_it(sqlite_centre: Built) -> None:
    add(sqlite_centre)
    assert store.read(reasons.reason_labels)["fire_drill"] == "消防演练"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("maintenance", "equipment maintenance"),
        ("called_in", "called in by the leader"),
        ("not_asked", "nobody asked: the door has no screen"),
        ("never heard of", "never heard of"),
    ],
)
def test_every_code_has_a_label(sqlite_centre: Built, code: str, label: str) -> None:
    assert store.read(reasons.reason_labels).get(code, code) == label


def test_setting_a_reason_twice_for_one_day_keeps_the_last_word(centre: Built) -> None:
    add(centre)
    add(centre, by_manager=True)
    (reason,) = [r for r in reasons.visit_reasons(centre.actors[LEADER], NOW) if r.code == "fire_drill"]
    assert reason.by_manager
    assert audit_actions()[-2:] == ["set_visit_reason", "set_visit_reason"]


@pytest.mark.parametrize(
    ("code", "label", "start", "error"),
    [
        ("fire_drill", "消防演练", TODAY - DAY, Invalid),
        ("Fire drill", "消防演练", TODAY, Invalid),
        ("", "消防演练", TODAY, Invalid),
        ("called_in", "消防演练", TODAY, Invalid),
        ("x" * 33, "消防演练", TODAY, Invalid),
        ("fire_drill", " ", TODAY, Invalid),
        ("fire_drill", "演" * 81, TODAY, Invalid),
    ],
)
def test_art20_what_cannot_be_a_reason_is_refused_and_leaves_no_trace(
    sqlite_centre: Built, code: str, label: str, start: date, error: type[ZhibanError]
) -> None:
    before = row_counts()
    with pytest.raises(error):
        reasons.set_visit_reason(sqlite_centre.actors[MANAGER], NOW, code, label, "", "", False, start)
    assert row_counts() == before


def test_art20_the_last_reason_stays(sqlite_centre: Built) -> None:
    manager = sqlite_centre.actors[MANAGER]
    *others, last = [reason.code for reason in VISIT_REASONS]
    for code in others:
        reasons.retire_visit_reason(manager, NOW, code, TODAY)
    with pytest.raises(Conflict, match="last reason"):
        reasons.retire_visit_reason(manager, NOW, last, TODAY)
    with pytest.raises(NotFound):
        reasons.retire_visit_reason(manager, NOW, others[0], TODAY)
    assert codes(sqlite_centre) == [last]


def test_art20_a_shift_leader_does_not_change_the_list(sqlite_centre: Built) -> None:
    with pytest.raises(NotPermitted):
        reasons.retire_visit_reason(sqlite_centre.actors[LEADER], NOW, "tour", TODAY)


# --- what only the deputy manager approves ------------------------------------------------------------------


def test_art20_only_the_deputy_manager_approves_a_tour(centre: Built) -> None:
    leader, manager = centre.actors[LEADER], centre.actors[MANAGER]
    tour = visits.request_visit(leader, NOW, replace(REQUEST, reason="tour"))
    (waiting,) = today_board(leader, NOW).waiting
    assert waiting.by_manager
    with pytest.raises(NotPermitted, match="Only the deputy manager") as refused:
        visits.approve_visit(leader, NOW, tour)
    assert refused.value.article == 20
    assert visits.approve_visit(manager, NOW, tour).badge_label == "V-01"


def test_art20_it_stays_the_managers_when_the_reason_is_retired_meanwhile(centre: Built) -> None:
    leader = centre.actors[LEADER]
    add(centre, by_manager=True)
    drill = visits.request_visit(leader, NOW, replace(REQUEST, reason="fire_drill"))
    reasons.retire_visit_reason(centre.actors[MANAGER], NOW, "fire_drill", TODAY)
    with pytest.raises(NotPermitted, match="Only the deputy manager"):
        visits.approve_visit(leader, NOW, drill)
    visits.refuse_visit(leader, NOW, drill, "改日")


def test_art20_other_reasons_are_a_leaders_to_approve(centre: Built) -> None:
    leader = centre.actors[LEADER]
    visits.request_visit(leader, NOW, REQUEST)
    (waiting,) = today_board(leader, NOW).waiting
    assert not waiting.by_manager
    visits.approve_visit(leader, NOW, waiting.id)
