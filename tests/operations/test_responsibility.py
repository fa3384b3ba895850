"""Art. 25: 漏交, 漏接 or undetermined, from the sealed record, with evidence, contestable and decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

import models
from operations import people, responsibility, shiftlog, store, visits
from operations.boundary import SYSTEM
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.responsibility import CaseRow
from regulation.handover import Side
from regulation.responsibility import Verdict
from regulation.roles import Role
from tests.centre import NOW, PIN_HASH, SHIFT_ENDS, Built
from tests.operations.acts import (
    ADMIN,
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    REQUEST,
    SECOND,
    Door,
    current_log,
    entry,
    sealed,
)

LATER = SHIFT_ENDS + 60 * MINUTE


def sealed_log(built: Built) -> int:
    handover_id, _digest = sealed(built)
    return int(store.read(lambda: models.Handover.get_by_id(handover_id).outgoing_id))


def asked(built: Built, log_id: int, words: str = "", *evidence: str) -> CaseRow:
    leader = built.actors[RELIEF_LEADER]
    case = responsibility.ask_responsibility(leader, LATER, log_id, "3 号配线架又告警", words, evidence)
    return responsibility.responsibility_case(leader, LATER, case)


def test_art25_what_stands_on_the_signed_list_was_handed_over_and_missed(centre: Built) -> None:
    leader = centre.actors[LEADER]
    item = shiftlog.open_item(leader, NOW, "3 号配线架告警")
    shiftlog.carry_item(leader, NOW, item, "等备件", "催维护")
    case = asked(centre, sealed_log(centre), "配线架")
    assert (case.verdict, case.final) == (Verdict.INCOMING, Verdict.INCOMING)
    assert [e.id for e in case.evidence] == ["sealed:item-1", "sealed:line-5"]


def test_art25_the_list_is_read_from_the_sealed_text_whatever_the_tables_say_since(centre: Built) -> None:
    entry_id = entry(centre, "3 号配线架告警")
    log_id = sealed_log(centre)
    store.write(lambda: models.LogEntry.update(text="改过").where(models.LogEntry.id == entry_id).execute())
    assert asked(centre, log_id, "配线架").verdict is Verdict.INCOMING


def test_art25_what_was_known_before_the_cut_off_but_is_not_listed_was_not_handed_over(centre: Built) -> None:
    log_id = sealed_log(centre)
    late = entry(
        centre,
        "3 号配线架 05:20 起告警",
        SHIFT_ENDS,
        kind="abnormal",
        happened_at=HANDOVER_AT - 40 * MINUTE,
        told_whom="维护 张工",
        told_at=HANDOVER_AT - SECOND,
    )
    case = asked(centre, log_id, "配线架")
    assert case.verdict is Verdict.OUTGOING
    assert [(e.id, e.known_at, e.listed) for e in case.evidence] == [
        (f"entry:{late}", HANDOVER_AT - SECOND, False)
    ]


@pytest.mark.parametrize(
    ("told_at", "verdict"),
    [(HANDOVER_AT - SECOND, Verdict.OUTGOING), (HANDOVER_AT, Verdict.UNDETERMINED)],
)
def test_art25_what_became_known_at_the_cut_off_belongs_to_the_next_shift(
    sqlite_centre: Built, told_at: object, verdict: Verdict
) -> None:
    log_id = sealed_log(sqlite_centre)
    happened = HANDOVER_AT - 40 * MINUTE
    entry(sqlite_centre, "配线架", SHIFT_ENDS, happened_at=happened, told_whom="张工", told_at=told_at)
    assert asked(sqlite_centre, log_id, "配线架").verdict is verdict


def test_art25_of_what_the_record_does_not_hold_nobody_is_blamed(centre: Built) -> None:
    case = asked(centre, sealed_log(centre), "空调")
    assert (case.verdict, case.evidence) == (Verdict.UNDETERMINED, ())


def test_art25_people_point_at_entries_items_visits_permits_lines_and_door_events(centre: Built) -> None:
    leader = centre.actors[LEADER]
    written = entry(centre, "交接前写的")
    item = shiftlog.open_item(leader, NOW, "遗留")
    shiftlog.carry_item(leader, NOW, item, "等", "催")
    visit = visits.request_visit(leader, NOW, REQUEST)
    door = Door()
    alarm = door.reads("deadbeef", NOW)
    door.sends()
    log_id = sealed_log(centre)
    line = store.read(lambda: models.CheckLine.select().first().id)
    expected = {
        f"entry:{written}": Verdict.INCOMING,
        f"item:{item}": Verdict.INCOMING,
        f"line:{line}": Verdict.INCOMING,
        f"visit:{visit}": Verdict.OUTGOING,
        f"door:door-{alarm.sequence}": Verdict.OUTGOING,
    }
    assert {name: asked(centre, log_id, "", name).verdict for name in expected} == expected
    for wrong, error in (
        ("entry:999", NotFound),
        ("door:door-99", NotFound),
        ("gossip:1", Invalid),
        ("entry:x", NotFound),
    ):
        with pytest.raises(error):
            asked(centre, log_id, "", wrong)


def test_art25_a_question_needs_a_sealed_log_a_problem_and_something_to_look_for(centre: Built) -> None:
    leader = centre.actors[LEADER]
    current = current_log(leader, NOW)
    assert current is not None
    with pytest.raises(Conflict, match="not sealed"):
        responsibility.ask_responsibility(leader, NOW, current.id, "x", "y")
    log_id = sealed_log(centre)
    with pytest.raises(Invalid):
        responsibility.ask_responsibility(leader, LATER, log_id, " ", "y")
    with pytest.raises(Invalid):
        responsibility.ask_responsibility(leader, LATER, log_id, "x", " ,")


def test_art25_each_side_contests_once_and_nobody_else_does(centre: Built) -> None:
    case = asked(centre, sealed_log(centre), "空调").id
    contest = responsibility.contest_responsibility
    assert contest(centre.actors[OPERATOR], LATER, case, "当班没有告警") is Side.OUTGOING
    with pytest.raises(Conflict, match=r"陈静.* has contested"):
        contest(centre.actors[LEADER], LATER, case, "再说一次")
    assert contest(centre.actors[RELIEF_LEADER], LATER, case, "接班时没有提到") is Side.INCOMING
    with pytest.raises(NotPermitted, match="of the two shifts"):
        contest(centre.actors[MANAGER], LATER, case, "x")
    with pytest.raises(Invalid):
        contest(centre.actors[LEADER], LATER, case, " ")
    row = responsibility.responsibility_case(centre.actors[LEADER], LATER, case)
    assert [(o.side, o.reason) for o in row.objections] == [
        (Side.OUTGOING, "当班没有告警"),
        (Side.INCOMING, "接班时没有提到"),
    ]


def test_art25_a_leader_above_both_sides_who_is_no_party_decides_with_reasons(centre: Built) -> None:
    case = asked(centre, sealed_log(centre), "空调").id
    decide = responsibility.decide_responsibility
    with pytest.raises(NotPermitted):
        decide(centre.actors[LEADER], LATER, case, Verdict.OUTGOING, "x")
    with pytest.raises(Invalid):
        decide(centre.actors[MANAGER], LATER, case, Verdict.OUTGOING, " ")
    decide(centre.actors[MANAGER], LATER + MINUTE, case, Verdict.OUTGOING, "交班前维护已告知")
    (row,) = responsibility.responsibility_cases(centre.actors[OPERATOR], LATER + MINUTE)
    assert (row.verdict, row.decision, row.final, row.decided_by) == (
        Verdict.UNDETERMINED,
        Verdict.OUTGOING,
        Verdict.OUTGOING,
        f"周敏({MANAGER})",
    )
    for again in (
        lambda: decide(centre.actors[MANAGER], LATER, case, Verdict.INCOMING, "x"),
        lambda: responsibility.contest_responsibility(centre.actors[LEADER], LATER, case, "x"),
    ):
        with pytest.raises(Conflict, match="is decided"):
            again()


def test_art25_whoever_signed_the_handover_decides_nothing_about_it(centre: Built) -> None:
    from operations import handover, standing
    from tests.operations.acts import checked, started_handover

    handover_id = started_handover(centre)
    checked(centre)
    manager = centre.actors[MANAGER]
    handover.sign_out(LEADER, "8264", HANDOVER_AT, handover_id)
    standing.override(manager, HANDOVER_AT, handover_id, "not_rostered", "side:incoming", "代接")
    handover.sign_in_take_over(MANAGER, "8264", HANDOVER_AT, handover_id)
    log_id = int(store.read(lambda: models.Handover.get_by_id(handover_id).outgoing_id))
    case = asked(centre, log_id, "空调").id
    with pytest.raises(NotPermitted, match="a party to"):
        responsibility.decide_responsibility(manager, LATER, case, Verdict.INCOMING, "x")


def test_art25_a_senior_leader_decides_and_the_administrator_sees_nothing(centre: Built) -> None:
    senior = people.NewPerson("1002", "吴志刚", Role.SENIOR_SHIFT_LEADER, must_change_pin=False)
    people.add_people(SYSTEM, NOW, [(senior, PIN_HASH)])
    from operations.signin import sign_in

    case = asked(centre, sealed_log(centre), "空调").id
    actor = sign_in("1002", "8264", LATER)
    responsibility.decide_responsibility(actor, LATER + timedelta(hours=1), case, Verdict.INCOMING, "见记录")
    with pytest.raises(NotPermitted):
        responsibility.responsibility_cases(centre.actors[ADMIN], LATER)
    with pytest.raises(NotFound):
        responsibility.responsibility_case(actor, LATER, 99)
