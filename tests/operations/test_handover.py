"""Art. 21 to 25: from the freeze to two signatures, and nothing around them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest

import models
from operations import findings, handover, people, shiftlog, store, verify
from operations.boundary import SYSTEM
from operations.daily_sections import sealed_section, section_of
from operations.errors import Blocked, Conflict, Invalid, NotFound, SignInRefused
from operations.handover import Step
from regulation.daily_log import content_digest
from regulation.handover import CheckValue, ItemState, LogState
from regulation.roles import Role
from settings import ZhibanError
from tests.centre import NOW, PIN, PIN_HASH, SHIFT_ENDS, SHIFT_STARTS, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    Door,
    audit_actions,
    checked,
    current_log,
    entry,
    handover_by_id,
    own_badge,
    row_counts,
    sealed,
    started_handover,
)


def view(built: Built, at: object = HANDOVER_AT) -> handover.HandoverView:
    found = handover.handover_view(built.actors[LEADER], at)  # type: ignore[arg-type]
    assert found is not None
    return found


def blockers(signing: Callable[[], object]) -> list[tuple[int | None, str]]:
    with pytest.raises(Blocked) as blocked:
        signing()
    assert blocked.value.article == blocked.value.blockers[0].article
    return [(b.article, b.code) for b in blocked.value.blockers]


def signs_out(handover_id: int) -> None:
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)


def takes_over(handover_id: int) -> None:
    assert handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id)


# --- the whole way ------------------------------------------------------------------------------------------


def test_art21_a_handover_goes_from_writing_to_sealed_step_by_step(centre: Built) -> None:
    item = shiftlog.open_item(centre.actors[LEADER], NOW, "3 号配线架告警", vip=True)
    assert (view(centre).step, view(centre).handover_id) == (Step.WRITE, None)
    handover_id = started_handover(centre)
    assert (view(centre).step, view(centre).cutoff_at) == (Step.CHECK, HANDOVER_AT)
    assert len(view(centre).lines) == 4
    checked(centre)
    assert view(centre).step is Step.CHECK
    shiftlog.carry_item(centre.actors[LEADER], HANDOVER_AT, item, "等备件", "明早催维护")
    assert [(line.subject, line.standing) for line in view(centre).lines[4:]] == [(f"item:{item}", "carried")]
    assert view(centre).step is Step.CHECK
    checked(centre)
    assert (view(centre).step, view(centre).blockers) == (Step.SIGN_OUT, ())
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    assert view(centre).step is Step.SIGN_IN
    assert view(centre).outgoing.signed_by == f"王建国({LEADER})"
    digest = handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT + MINUTE, handover_id)
    done = handover_by_id(centre.actors[MANAGER], SHIFT_ENDS, handover_id)
    assert (done.step, done.digest, done.incoming.signed_at) == (Step.SEALED, digest, HANDOVER_AT + MINUTE)
    assert audit_actions()[-2:] == ["sign_out", "sign_in_take_over"]
    assert verify.verify(centre.actors[LEADER], SHIFT_ENDS).holds


def test_art25_the_sealed_content_has_the_digest_that_was_signed(centre: Built) -> None:
    entry(centre, "线路割接", kind="abnormal", told_whom="维护 张工")
    handover_id, digest = sealed(centre)

    def stored() -> tuple[str, str, str]:
        log = models.Handover.get_by_id(handover_id).outgoing
        return (
            log.digest,
            content_digest(sealed_section(log)),
            content_digest(section_of(log, HANDOVER_AT + MINUTE)),
        )

    assert store.read(stored) == (digest, digest, digest)


def test_art22_a_carried_item_is_open_in_the_next_log_exactly_once(centre: Built) -> None:
    leader = centre.actors[LEADER]
    carried, done = (shiftlog.open_item(leader, NOW, title) for title in ("carried", "done"))
    shiftlog.carry_item(leader, NOW, carried, "等备件", "明早催维护")
    shiftlog.resolve_item(leader, NOW, done, "好了")
    sealed(centre)
    log = current_log(leader, HANDOVER_AT + MINUTE)
    assert log is not None
    assert [(i.title, i.state, i.owner) for i in log.items] == [
        ("carried", ItemState.OPEN, f"李秀英({RELIEF_LEADER})")
    ]
    assert log.items[0].opened_at == NOW
    assert store.read(lambda: models.OpenItem.select().where(models.OpenItem.title == "carried").count()) == 2


def test_art24_the_incoming_signature_relieves_every_outgoing_duty_and_nothing_before_it_does(
    centre: Built,
) -> None:
    duty = models.Duty

    def relieved() -> list[object]:
        query = duty.select(duty.relieved_at).where(duty.starts_at == SHIFT_STARTS)
        return store.read(lambda: [row.relieved_at for row in query])

    handover_id = started_handover(centre)
    checked(centre)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    assert relieved() == [None] * 4
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id)
    assert relieved() == [HANDOVER_AT] * 4


def test_art21_the_relief_table_says_who_came_ten_minutes_early(centre: Built) -> None:
    door = Door()
    door.reads(own_badge(RELIEF_LEADER), SHIFT_ENDS - 10 * MINUTE)
    door.reads(own_badge("1117"), SHIFT_ENDS - 10 * MINUTE + SECOND)
    door.sends(HANDOVER_AT)
    rows = {row.outgoing[:3]: (row.incoming[:3], row.early) for row in view(centre).relief_rows}
    assert rows == {
        "王建国": ("李秀英", True),
        "陈静(": ("马超(", False),
        "刘洋(": ("孙丽(", None),
        "何芳(": ("", None),
    }


# --- the freeze ---------------------------------------------------------------------------------------------


def test_art21_a_handover_is_started_once(centre: Built) -> None:
    started_handover(centre)
    with pytest.raises(Conflict, match="already begun"):
        handover.start_handover(centre.actors[LEADER], HANDOVER_AT, view(centre).log.id)


def test_art21_the_next_one_waits_for_the_one_that_runs(sqlite_centre: Built) -> None:
    started_handover(sqlite_centre)
    morning = current_log(sqlite_centre.actors[LEADER], SHIFT_ENDS)
    assert morning is not None
    with pytest.raises(Conflict, match="is not finished"):
        handover.start_handover(sqlite_centre.actors[LEADER], SHIFT_ENDS, morning.id)


@pytest.mark.parametrize(("at", "begun"), [(SHIFT_STARTS - SECOND, False), (SHIFT_STARTS, True)])
def test_art21_a_shift_is_handed_over_once_it_has_begun(
    sqlite_centre: Built, at: object, begun: bool
) -> None:
    log_id = view(sqlite_centre, NOW).log.id
    leader = sqlite_centre.actors[LEADER]
    if begun:
        assert handover.start_handover(leader, at, log_id)  # type: ignore[arg-type]
        return
    with pytest.raises(Conflict, match="has not begun"):
        handover.start_handover(leader, at, log_id)  # type: ignore[arg-type]


# --- Art. 21, 22, 23: what blocks the outgoing signature ----------------------------------------------------


def test_art21_22_23_nothing_is_signed_while_something_stands_open(centre: Built) -> None:
    leader = centre.actors[LEADER]
    item = shiftlog.open_item(leader, NOW, "3 号配线架告警")
    handover_id = started_handover(centre)
    lines = [line.id for line in view(centre).lines]
    handover.check_line(leader, HANDOVER_AT, lines[0], CheckValue.DISPUTED, "少一把钥匙")
    for line_id in lines[1:3]:
        handover.check_line(leader, HANDOVER_AT, line_id, CheckValue.IN_ORDER)
    before = row_counts()

    def sign() -> None:
        handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)

    assert blockers(sign) == [(22, "item_open"), (21, "line_unchecked"), (23, "dispute_unreported")]
    assert row_counts() == before
    shiftlog.resolve_item(leader, HANDOVER_AT, item, "已恢复")
    # What became of the item is now something to look at together.
    assert blockers(sign) == [(21, "line_unchecked"), (21, "line_unchecked"), (23, "dispute_unreported")]
    handover.check_line(leader, HANDOVER_AT, lines[3], CheckValue.NONE)
    assert blockers(sign) == [(21, "line_unchecked"), (23, "dispute_unreported")]
    assert handover.check_all_in_order(leader, HANDOVER_AT, handover_id) == 1
    assert blockers(sign) == [(23, "dispute_unreported")]
    handover.report_dispute(leader, HANDOVER_AT, lines[0], "少一把钥匙", "副经理")
    sign()


def test_art23_a_reported_dispute_is_a_finding_and_stands_on_the_record_with_both_names(
    centre: Built,
) -> None:
    handover_id = started_handover(centre)
    checked(centre)
    line = view(centre).lines[3]
    handover.report_dispute(centre.actors[RELIEF_LEADER], HANDOVER_AT, line.id, "少一把钥匙", "副经理")
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id)
    section = store.read(lambda: sealed_section(models.Handover.get_by_id(handover_id).outgoing))
    (dispute,) = section.disputes
    assert dispute.outgoing is not None
    assert dispute.incoming is not None
    assert (dispute.outgoing.work_number, dispute.incoming.work_number) == (LEADER, RELIEF_LEADER)
    assert (dispute.account, dispute.reported_to, dispute.reported_at) == (
        "少一把钥匙",
        "副经理",
        HANDOVER_AT,
    )
    kept = findings.findings(centre.actors[LEADER], SHIFT_ENDS, NOW, SHIFT_ENDS, 23)
    assert [(f.code, f.details["subject"]) for f in kept] == [("handover_disputed", line.label)]


@pytest.mark.parametrize(("note", "reported_to"), [("", "副经理"), ("少一把钥匙", ""), (" ", " ")])
def test_art23_a_dispute_without_an_account_or_a_leader_told_is_not_taken(
    sqlite_centre: Built, note: str, reported_to: str
) -> None:
    started_handover(sqlite_centre)
    line = view(sqlite_centre).lines[0].id
    with pytest.raises(Invalid) as refused:
        handover.report_dispute(sqlite_centre.actors[LEADER], HANDOVER_AT, line, note, reported_to)
    assert refused.value.article == 23
    with pytest.raises(Invalid):
        handover.check_line(sqlite_centre.actors[LEADER], HANDOVER_AT, line, CheckValue.DISPUTED)


def test_art21_after_the_outgoing_signature_the_check_stands(centre: Built) -> None:
    handover_id = started_handover(centre)
    checked(centre)
    line = view(centre).lines[0].id
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    with pytest.raises(Conflict, match="can no longer be changed"):
        handover.check_line(centre.actors[LEADER], HANDOVER_AT, line, CheckValue.NONE)
    with pytest.raises(Conflict):
        handover.report_dispute(centre.actors[RELIEF_LEADER], HANDOVER_AT, line, "少一把钥匙", "副经理")


# --- Art. 21: who signs -------------------------------------------------------------------------------------


@pytest.fixture
def ready(centre: Built) -> int:
    """A handover that only lacks its signatures."""
    handover_id = started_handover(centre)
    checked(centre)
    return handover_id


def test_art21_the_incoming_side_does_not_sign_first(centre: Built, ready: int) -> None:
    assert blockers(lambda: takes_over(ready)) == [(21, "not_signed_out")]
    signs_out(ready)
    takes_over(ready)


def test_art21_a_leader_who_is_not_rostered_signs_neither_side(centre: Built, ready: int) -> None:
    assert blockers(lambda: handover.sign_out(MANAGER, PIN, HANDOVER_AT, ready)) == [(21, "not_rostered")]
    assert blockers(lambda: handover.sign_out(RELIEF_LEADER, PIN, HANDOVER_AT, ready)) == [
        (21, "not_rostered")
    ]
    handover.sign_out(LEADER, PIN, HANDOVER_AT, ready)
    assert blockers(lambda: handover.sign_in_take_over(MANAGER, PIN, HANDOVER_AT, ready)) == [
        (21, "not_rostered")
    ]


def test_art21_one_person_signs_one_side(centre: Built, ready: int) -> None:
    handover.sign_out(LEADER, PIN, HANDOVER_AT, ready)
    assert blockers(lambda: handover.sign_in_take_over(LEADER, PIN, HANDOVER_AT, ready)) == [
        (21, "same_signer")
    ]


def test_art21_each_signs_with_the_own_pin(centre: Built, ready: int) -> None:
    with pytest.raises(SignInRefused):
        handover.sign_out(LEADER, "0000", HANDOVER_AT, ready)
    assert audit_actions()[-1] == "sign_in_refused"
    assert view(centre).step is Step.SIGN_OUT


def test_art21_a_pin_that_somebody_else_has_set_signs_nothing(sqlite_centre: Built) -> None:
    newcomer = people.NewPerson("1104", "郑强", Role.SHIFT_LEADER, "甲")
    people.add_people(SYSTEM, NOW, [(newcomer, PIN_HASH)])
    handover_id = started_handover(sqlite_centre)
    with pytest.raises(SignInRefused, match="set by someone else"):
        handover.sign_out("1104", PIN, HANDOVER_AT, handover_id)


def test_art21_a_side_signs_once(centre: Built, ready: int) -> None:
    handover.sign_out(LEADER, PIN, HANDOVER_AT, ready)
    with pytest.raises(Conflict, match="has signed already"):
        handover.sign_out(LEADER, PIN, HANDOVER_AT, ready)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, ready)
    for sign in (handover.sign_in_take_over, handover.sign_out):
        with pytest.raises(Conflict, match="is sealed"):
            sign(RELIEF_LEADER, PIN, HANDOVER_AT, ready)


def test_art21_the_table_itself_refuses_one_person_on_both_sides(centre: Built, ready: int) -> None:
    row = models.Handover
    with pytest.raises(Exception, match="two_people_sign"):
        store.write(
            lambda: (
                row.update(signed_out_by=centre.ids[LEADER], signed_in_by=centre.ids[LEADER])
                .where(row.id == ready)
                .execute()
            )
        )


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of acts done at the same moment by a thread each: ``done``, or the error's name."""
    start, results = Barrier(len(acts)), [""] * len(acts)

    def run(number: int) -> None:
        start.wait(10)
        try:
            acts[number]()
            results[number] = "done"
        except ZhibanError as error:
            results[number] = type(error).__name__

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(results)


def test_art21_of_two_outgoing_signatures_at_once_exactly_one_counts(centre: Built, ready: int) -> None:
    assert at_once(lambda: signs_out(ready), lambda: signs_out(ready)) == ["Conflict", "done"]
    assert audit_actions().count("sign_out") == 1


def test_art21_of_two_incoming_signatures_at_once_exactly_one_seals(centre: Built, ready: int) -> None:
    signs_out(ready)
    assert at_once(lambda: takes_over(ready), lambda: takes_over(ready)) == ["Conflict", "done"]
    assert store.read(lambda: models.Relief.select().count()) == 4


def test_art25_an_entry_written_at_the_moment_of_the_freeze_is_in_exactly_one_log(centre: Built) -> None:
    log_id = view(centre).log.id
    leader = centre.actors[LEADER]
    assert (
        at_once(
            lambda: handover.start_handover(leader, HANDOVER_AT, log_id),
            *[lambda: entry(centre, "同时", HANDOVER_AT)] * 3,
        )
        == ["done"] * 4
    )
    row = models.LogEntry
    assert store.read(lambda: row.select().count()) == 3
    frozen = store.read(lambda: models.ShiftLog.get_by_id(log_id).state)
    assert frozen == LogState.FROZEN


def test_what_does_not_exist_is_not_found(sqlite_centre: Built) -> None:
    leader = sqlite_centre.actors[LEADER]
    for act in (
        lambda: handover_by_id(leader, NOW, 99),
        lambda: handover.check_line(leader, NOW, 99, CheckValue.NONE),
        lambda: handover.sign_out(LEADER, PIN, NOW, 99),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_operator_sees_the_handover(sqlite_centre: Built) -> None:
    assert handover.handover_view(sqlite_centre.actors[OPERATOR], HANDOVER_AT) is not None
