"""Art. 9, 10, 11, 22 and 25: what is written down, where it belongs, and what becomes of what is unfinished."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from operations import findings, handover, shiftlog
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from regulation.handover import CheckValue, ItemState, LogState
from tests.centre import NOW, PIN, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    checked,
    current_log,
    entry,
    handover_by_id,
    sealed,
    started_handover,
)

ALARM = "3 号配线架告警"


def live(built: Built, at: Any = NOW) -> shiftlog.LogView:
    log = current_log(built.actors[LEADER], at)
    assert log is not None
    return log


def untold(built: Built) -> list[str]:
    rows = findings.findings(built.actors[LEADER], NOW, SHIFT_STARTS, SHIFT_ENDS + timedelta(days=1), 11)
    return [evidence for row in rows for evidence in row.evidence]


# --- Art. 9: true records under one's work number -----------------------------------------------------------


def test_art09_an_entry_stands_under_the_work_number_that_wrote_it(centre: Built) -> None:
    entry(centre, "  线路割接通知  ", seat="02", vip=True)
    (row,) = live(centre).entries
    assert (row.work_number, row.author, row.text, row.seat, row.vip) == (
        LEADER,
        "王建国",
        "线路割接通知",
        "02",
        True,
    )
    assert (row.happened_at, row.entered_at) == (NOW, NOW)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_art09_an_entry_without_a_text_is_refused(sqlite_centre: Built, text: str) -> None:
    with pytest.raises(Invalid, match="needs a text") as refused:
        entry(sqlite_centre, text)
    assert refused.value.article == 9


def test_art09_an_entry_about_this_instant_is_taken_and_one_about_the_next_second_is_not(
    sqlite_centre: Built,
) -> None:
    write: Callable[..., int] = shiftlog.write_entry
    leader = sqlite_centre.actors[LEADER]
    assert write(leader, NOW, shiftlog.EntryDraft("notice", "刚才", NOW))
    with pytest.raises(Invalid, match="future"):
        write(leader, NOW, shiftlog.EntryDraft("notice", "将来", NOW + SECOND))


def test_art09_an_operator_does_not_write_the_shifts_log(sqlite_centre: Built) -> None:
    with pytest.raises(NotPermitted):
        shiftlog.write_entry(sqlite_centre.actors[OPERATOR], NOW, shiftlog.EntryDraft("notice", "x", NOW))


def test_art09_a_kind_that_is_not_on_the_list_is_refused(sqlite_centre: Built) -> None:
    with pytest.raises(Invalid, match="kind"):
        entry(sqlite_centre, "x", kind="gossip")


def test_entries_are_read_in_the_order_in_which_things_happened(centre: Built) -> None:
    for text, minutes in (("second", 5), ("first", 20), ("third", 1)):
        entry(centre, text, NOW, happened_at=NOW - minutes * MINUTE)
    assert [row.text for row in live(centre).entries] == ["first", "second", "third"]


# --- Art. 11: told, and in time -----------------------------------------------------------------------------


def abnormal(built: Built, minutes_ago: int, **changes: Any) -> int:
    return entry(built, ALARM, NOW, kind="abnormal", happened_at=NOW - minutes_ago * MINUTE, **changes)


def test_art11_an_abnormal_event_told_within_fifteen_minutes_is_no_finding(centre: Built) -> None:
    abnormal(centre, 15, told_whom="维护 张工")
    assert untold(centre) == []


def test_art11_told_one_minute_later_it_is(centre: Built) -> None:
    entry_id = abnormal(centre, 16, told_whom="维护 张工")
    assert untold(centre) == [f"entry:{entry_id}"]


def test_art11_when_it_was_told_counts_and_not_when_it_was_written_down(sqlite_centre: Built) -> None:
    abnormal(sqlite_centre, 29, told_whom="维护 张工", told_at=NOW - 20 * MINUTE)
    assert untold(sqlite_centre) == []


def test_art11_untold_until_the_handover_is_found_when_the_log_is_frozen(centre: Built) -> None:
    entry_id = abnormal(centre, 5)
    assert untold(centre) == []
    started_handover(centre)
    assert untold(centre) == [f"entry:{entry_id}"]


def test_art11_telling_later_in_time_settles_it_and_too_late_is_one_finding(centre: Built) -> None:
    in_time, late = abnormal(centre, 0), abnormal(centre, 0)
    leader = centre.actors[LEADER]
    shiftlog.tell(leader, NOW + 15 * MINUTE, in_time, "维护 张工")
    shiftlog.tell(leader, NOW + 16 * MINUTE, late, "维护 张工")
    started_handover(centre)
    assert untold(centre) == [f"entry:{late}"]


def test_art11_telling_someone_else_too_keeps_who_was_told_first_and_when(centre: Built) -> None:
    entry_id = abnormal(centre, 5, told_whom="维护 张工")
    shiftlog.tell(centre.actors[LEADER], NOW + 60 * MINUTE, entry_id, "副经理")
    (row,) = live(centre).entries
    assert (row.told_whom, row.told_at) == ("维护 张工、副经理", NOW)
    assert untold(centre) == []


@pytest.mark.parametrize(
    "told_at", [NOW - 6 * MINUTE, NOW + SECOND], ids=["before it happened", "in the future"]
)
def test_art11_an_impossible_hour_of_telling_is_refused(sqlite_centre: Built, told_at: Any) -> None:
    with pytest.raises(Invalid):
        abnormal(sqlite_centre, 5, told_whom="维护 张工", told_at=told_at)


def test_art11_only_abnormal_events_must_be_told(sqlite_centre: Built) -> None:
    entry(sqlite_centre, "通知", NOW, happened_at=NOW - 20 * MINUTE)
    started_handover(sqlite_centre)
    assert untold(sqlite_centre) == []


# --- Art. 10 and 22: open items -----------------------------------------------------------------------------


def test_art10_vip_and_overdue_items_come_first(centre: Built) -> None:
    leader = centre.actors[LEADER]
    shiftlog.open_item(leader, NOW, "old")
    shiftlog.open_item(leader, NOW, "overdue", due_at=NOW + MINUTE)
    shiftlog.open_item(leader, NOW, "vip", vip=True)
    shiftlog.open_item(leader, NOW, "vip overdue", vip=True, due_at=NOW + MINUTE)
    items = live(centre, NOW + MINUTE).items
    assert [(i.title, i.overdue) for i in items] == [
        ("vip overdue", True),
        ("vip", False),
        ("overdue", True),
        ("old", False),
    ]
    assert not any(item.overdue for item in live(centre, NOW + MINUTE - SECOND).items)


def test_art22_an_entry_may_open_an_item_named_by_its_title_or_its_text(centre: Built) -> None:
    entry(centre, ALARM, open_item=True, vip=True)
    entry(centre, "x" * 80, open_item=True)
    entry(centre, "长长的说明", open_item=True, item_title="短标题")
    assert [item.title for item in live(centre).items] == [ALARM, "x" * 60, "短标题"]
    assert [item.owner for item in live(centre).items] == [f"王建国({LEADER})"] * 3


def test_art22_an_item_is_resolved_with_an_outcome_or_carried_with_reason_and_next_step(
    centre: Built,
) -> None:
    leader = centre.actors[LEADER]
    done, carried = (shiftlog.open_item(leader, NOW, title) for title in ("a", "b"))
    shiftlog.resolve_item(leader, NOW, done, "已恢复")
    shiftlog.carry_item(leader, NOW, carried, "等备件", "明早催维护")
    first, second = live(centre).items
    assert (first.state, first.outcome) == (ItemState.RESOLVED, "已恢复")
    assert (second.state, second.reason, second.next_step) == (ItemState.CARRIED, "等备件", "明早催维护")
    shiftlog.reopen_item(leader, NOW, carried)
    assert live(centre).items[1].state is ItemState.OPEN


@pytest.mark.parametrize(("reason", "next_step"), [("", "x"), ("x", ""), (" ", " ")])
def test_art22_carrying_without_both_is_refused(sqlite_centre: Built, reason: str, next_step: str) -> None:
    leader = sqlite_centre.actors[LEADER]
    item = shiftlog.open_item(leader, NOW, "a")
    with pytest.raises(Invalid) as refused:
        shiftlog.carry_item(leader, NOW, item, reason, next_step)
    assert refused.value.article == 22
    with pytest.raises(Invalid):
        shiftlog.resolve_item(leader, NOW, item, " ")
    assert live(sqlite_centre).items[0].state is ItemState.OPEN


def test_art22_an_item_needs_a_title_and_must_exist(sqlite_centre: Built) -> None:
    with pytest.raises(Invalid):
        shiftlog.open_item(sqlite_centre.actors[LEADER], NOW, "  ")
    with pytest.raises(NotFound):
        shiftlog.reopen_item(sqlite_centre.actors[LEADER], NOW, 99)


def test_art25_the_fate_of_an_item_may_be_decided_until_the_outgoing_signature(centre: Built) -> None:
    leader = centre.actors[LEADER]
    item = shiftlog.open_item(leader, NOW, "a")
    handover_id = started_handover(centre)
    shiftlog.carry_item(leader, HANDOVER_AT, item, "等备件", "明早催维护")
    checked(centre)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    with pytest.raises(Conflict, match="signed") as refused:
        shiftlog.resolve_item(leader, HANDOVER_AT, item, "其实好了")
    assert refused.value.article == 25


# --- Art. 25: every entry in exactly one log ----------------------------------------------------------------


def test_art25_after_the_freeze_an_entry_is_in_the_next_log_exactly_once(centre: Built) -> None:
    before = entry(centre, "冻结前", HANDOVER_AT)
    night = live(centre, HANDOVER_AT)
    started_handover(centre)
    after = entry(centre, "冻结后", HANDOVER_AT)
    morning = live(centre, HANDOVER_AT)
    assert (morning.shift.code, morning.date) == ("early", TODAY + timedelta(days=1))
    frozen = shiftlog.log_view(centre.actors[LEADER], HANDOVER_AT, night.id)
    assert ([e.id for e in frozen.entries], frozen.state, frozen.writable) == (
        [before],
        LogState.FROZEN,
        False,
    )
    assert ([e.id for e in morning.entries], morning.writable) == ([after], True)


def test_art25_a_handover_begun_hours_early_still_leaves_a_log_to_write_in(centre: Built) -> None:
    started_handover(centre, NOW)
    after = entry(centre, "冻结后", NOW + MINUTE)
    assert [(e.id, live(centre, NOW + MINUTE).shift.code) for e in live(centre, NOW + MINUTE).entries] == [
        (after, "early")
    ]


def test_art25_what_is_frozen_is_no_longer_told_or_changed(sqlite_centre: Built) -> None:
    entry_id = abnormal(sqlite_centre, 5)
    started_handover(sqlite_centre)
    with pytest.raises(Conflict, match="frozen") as refused:
        shiftlog.tell(sqlite_centre.actors[LEADER], HANDOVER_AT, entry_id, "副经理")
    assert refused.value.article == 25


def test_art25_entries_written_all_through_a_handover_are_each_in_one_log_and_in_order_of_freezing(
    centre: Built,
) -> None:
    written = [entry(centre, "1", HANDOVER_AT)]
    handover_id = started_handover(centre)
    written.append(entry(centre, "2", HANDOVER_AT))
    checked(centre)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    written.append(entry(centre, "3", HANDOVER_AT + MINUTE))
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT + 2 * MINUTE, handover_id)
    written.append(entry(centre, "4", HANDOVER_AT + 3 * MINUTE))
    written.append(entry(centre, "5", SHIFT_ENDS + MINUTE))
    view = handover_by_id(centre.actors[LEADER], SHIFT_ENDS, handover_id)
    now = live(centre, SHIFT_ENDS + MINUTE)
    assert [e.id for e in view.log.entries] == written[:1]
    assert [e.id for e in now.entries] == written[1:]


@pytest.mark.parametrize(
    ("at", "shift"),
    [
        (SHIFT_STARTS, "night"),
        (SHIFT_ENDS, "night"),
        (SHIFT_ENDS + timedelta(hours=6) - SECOND, "night"),
        (SHIFT_ENDS + timedelta(hours=6), "early"),
    ],
)
def test_art25_a_shift_nobody_handed_over_takes_entries_for_six_hours_more(
    sqlite_centre: Built, at: Any, shift: str
) -> None:
    assert live(sqlite_centre, at).shift.code == shift


def test_a_log_that_does_not_exist_is_not_found(sqlite_centre: Built) -> None:
    with pytest.raises(NotFound):
        shiftlog.log_view(sqlite_centre.actors[LEADER], NOW, 999)


def test_art25_a_sealed_log_holds_what_it_held(centre: Built) -> None:
    entry(centre, ALARM)
    handover_id, digest = sealed(centre)
    view = handover_by_id(centre.actors[MANAGER], HANDOVER_AT, handover_id)
    assert (view.log.state, view.log.digest, [e.text for e in view.log.entries]) == (
        LogState.SEALED,
        digest,
        [ALARM],
    )
    with pytest.raises(Conflict):
        handover.check_line(centre.actors[LEADER], HANDOVER_AT, view.lines[0].id, CheckValue.NONE)


def test_told_without_naming_anyone_is_not_told(sqlite_centre: Built) -> None:
    entry_id = abnormal(sqlite_centre, 5, told_at=NOW)
    (row,) = live(sqlite_centre).entries
    assert (row.told_whom, row.told_at) == ("", None)
    with pytest.raises(Invalid, match="who was told"):
        shiftlog.tell(sqlite_centre.actors[LEADER], NOW, entry_id, " ")
    assert replace(shiftlog.EntryDraft("notice", "x", NOW)).told_whom == ""
