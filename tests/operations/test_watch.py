"""What falls due by itself (Art. 7, 8, 21): kept once, however often and from wherever it is looked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest

import models
from operations import findings, handover, notices, people, shiftlog, spot_checks, standing, store, watch
from operations.boundary import SYSTEM
from operations.errors import NotPermitted
from operations.findings import FindingRow
from operations.shiftlog import EntryDraft
from operations.spot_checks import CheckDraft
from regulation.reminders import REMINDER_MINUTES
from regulation.roles import Role
from regulation.spot_checks import STARTING_LINKS, CheckResult
from tests.centre import NOW, PIN, SHIFT_ENDS, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    checked,
    row_counts,
    sealed,
    started_handover,
)
from tests.operations.test_figures import WHOLE, enter

HOUR = timedelta(hours=1)
SENIOR = "1000"
MIDNIGHT = datetime.fromisoformat("2026-11-23T16:00:00Z")


@pytest.fixture
def watched(centre: Built) -> Built:
    """A centre whose watch began with its night shift: what was before is nobody's fault."""

    def begin() -> None:
        models.Centre.update(watched_from=NOW).execute()

    store.write(begin)
    return centre


def keep(at: datetime) -> tuple[str, ...]:
    return watch.keep_watch(SYSTEM, at).kept


def found(built: Built, article: int) -> list[FindingRow]:
    rows = findings.findings(built.actors[LEADER], NOW, NOW - 72 * HOUR, NOW + 96 * HOUR, article)
    return list(reversed(rows))


def news(built: Built, number: str, at: datetime) -> list[str]:
    return [notice.kind for notice in notices.take_news(built.actors[number], at)]


def kinds(kept: tuple[str, ...], kind: str) -> list[str]:
    return [source for source in kept if source.startswith(f"{kind}:")]


# --- quiet when nothing is due ------------------------------------------------------------------------------


def test_with_nothing_due_nothing_is_written_and_nobody_hears_of_a_change(watched: Built) -> None:
    before = row_counts()
    assert keep(NOW + MINUTE) == ()
    assert row_counts() == before


def test_what_was_kept_is_not_kept_again_and_costs_no_second_write(watched: Built) -> None:
    at = SHIFT_ENDS + 30 * HOUR
    assert keep(at)
    before = row_counts()
    assert keep(at) == ()
    assert keep(at + SECOND) == ()
    assert row_counts() == before


def test_a_pass_is_one_transaction_with_one_record(watched: Built) -> None:
    before = row_counts()
    keep(SHIFT_ENDS + 30 * HOUR)
    after = row_counts()
    assert after["changes"] == before["changes"] + 1
    assert after["AuditRecord"] == before["AuditRecord"] + 1


def test_many_desks_at_once_keep_everything_exactly_once(watched: Built) -> None:
    at, start = SHIFT_ENDS + 31 * MINUTE, Barrier(4)
    kept: list[tuple[str, ...]] = []

    def desk() -> None:
        start.wait()
        kept.append(keep(at))

    threads = [Thread(target=desk) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sources = [source for one in kept for source in one]
    assert len(kept) == 4
    assert sources
    assert len(found(watched, 21)) == 1
    told = store.read(
        lambda: models.Notification.select().where(models.Notification.source.is_null(False)).count()
    )
    assert told == len(set(sources)) - len(kinds(tuple(set(sources)), "link_unchecked")) - 1


def test_nobody_but_the_program_keeps_watch(watched: Built) -> None:
    with pytest.raises(NotPermitted):
        watch.keep_watch(watched.actors[MANAGER], NOW)


def test_a_centre_is_not_blamed_for_what_was_before_it_was_watched(watched: Built) -> None:
    keep(NOW + HOUR)
    assert found(watched, 8) == []
    assert found(watched, 7) == []


# --- figures ------------------------------------------------------------------------------------------------


def test_art08_figures_at_their_deadline_are_not_late_yet(watched: Built) -> None:
    keep(SHIFT_ENDS + HOUR)
    assert found(watched, 8) == []


def test_art08_figures_a_second_after_their_deadline_are_late(watched: Built) -> None:
    keep(SHIFT_ENDS + HOUR + SECOND)
    (late,) = found(watched, 8)
    assert (late.code, late.at, late.work_number) == ("figures_late", SHIFT_ENDS + HOUR, LEADER)
    assert late.details == {"shift": "night shift", "date": "2026-11-23"}


def test_art08_late_figures_that_come_are_no_second_finding(watched: Built) -> None:
    keep(SHIFT_ENDS + HOUR + SECOND)
    enter(watched, WHOLE, SHIFT_ENDS + 2 * HOUR)
    keep(SHIFT_ENDS + 30 * HOUR)
    night = {"shift": "night shift", "date": "2026-11-23"}
    assert [f.code for f in found(watched, 8) if f.details == night] == ["figures_late"]


@pytest.mark.parametrize(("after", "codes"), [(0 * SECOND, []), (SECOND, ["figures_missing"])])
def test_art08_figures_are_missing_after_a_day_and_not_before(
    watched: Built, after: timedelta, codes: list[str]
) -> None:
    keep(SHIFT_ENDS + 24 * HOUR + after)
    missing = [f.code for f in found(watched, 8) if f.code == "figures_missing"]
    assert missing == codes


# --- links --------------------------------------------------------------------------------------------------


def watch_from_the_morning(built: Built) -> None:
    store.write(lambda: models.Centre.update(watched_from=MIDNIGHT - 24 * HOUR).execute())


def test_art07_links_are_not_unchecked_before_the_day_has_ended(watched: Built) -> None:
    watch_from_the_morning(watched)
    keep(MIDNIGHT - SECOND)
    assert found(watched, 7) == []


def test_art07_every_link_left_unchecked_is_a_finding_of_that_day_once_it_has_ended(watched: Built) -> None:
    watch_from_the_morning(watched)
    draft = CheckDraft("answering", CheckResult.IN_ORDER)
    spot_checks.record_spot_check(watched.actors[LEADER], NOW, draft)
    keep(MIDNIGHT)
    assert [f.details["link"] for f in found(watched, 7)] == [link.label for link in STARTING_LINKS[1:]]
    assert {f.at for f in found(watched, 7)} == {MIDNIGHT - SECOND}


def test_art07_a_check_written_down_the_next_day_does_not_undo_the_finding(watched: Built) -> None:
    watch_from_the_morning(watched)
    draft = CheckDraft("answering", CheckResult.IN_ORDER, checked_at=MIDNIGHT - MINUTE)
    spot_checks.record_spot_check(watched.actors[LEADER], MIDNIGHT + SECOND, draft)
    keep(MIDNIGHT + MINUTE)
    assert len(found(watched, 7)) == len(STARTING_LINKS), "whenever the watch comes, it finds the same"


def test_art07_a_day_on_which_the_centre_was_closed_asks_for_nothing(watched: Built) -> None:
    watch_from_the_morning(watched)
    keep(MIDNIGHT + 10 * 24 * HOUR)
    days = {f.evidence[0] for f in found(watched, 7)}
    assert days == {"day:2026-11-23", "day:2026-11-24", "day:2026-11-25"}


# --- reminders ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minute", REMINDER_MINUTES)
def test_art21_both_leaders_are_reminded_at_each_minute_and_not_a_second_before(
    watched: Built, minute: int
) -> None:
    at = SHIFT_ENDS + minute * MINUTE
    early = kinds(keep(at - SECOND), "handover_due")
    assert all(f":{minute}:" not in source for source in early)
    on_time = kinds(keep(at), "handover_due")
    assert [source.split(":")[2:] for source in on_time] == [
        [str(minute), str(watched.ids[number])] for number in (LEADER, RELIEF_LEADER)
    ]


def test_art21_passes_every_thirty_seconds_remind_each_leader_four_times(watched: Built) -> None:
    at = SHIFT_ENDS - HOUR
    while at < SHIFT_ENDS + 25 * MINUTE:
        keep(at)
        at += timedelta(seconds=30)
    for number in (LEADER, RELIEF_LEADER):
        assert news(watched, number, at) == ["handover_due"] * 4
    assert news(watched, OPERATOR, at) == []


def test_art21_a_machine_that_slept_reminds_once_of_now_and_not_of_the_past(watched: Built) -> None:
    kept = kinds(keep(SHIFT_ENDS + 2 * MINUTE), "handover_due")
    assert {source.split(":")[2] for source in kept} == {"0"}


@pytest.mark.parametrize(("late", "count"), [(10 * MINUTE, 2), (10 * MINUTE + SECOND, 0)])
def test_art21_a_reminder_more_than_ten_minutes_late_is_not_given(
    watched: Built, late: timedelta, count: int
) -> None:
    assert len(kinds(keep(SHIFT_ENDS + 10 * MINUTE + late), "handover_due")) == count


def test_art21_who_has_signed_is_left_alone_and_a_sealed_handover_reminds_nobody(watched: Built) -> None:
    handover_id = started_handover(watched, HANDOVER_AT)
    checked(watched)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    keep(SHIFT_ENDS)
    assert (news(watched, LEADER, SHIFT_ENDS), news(watched, RELIEF_LEADER, SHIFT_ENDS)) == (
        [],
        ["handover_due"],
    )
    handover.sign_in_take_over(RELIEF_LEADER, PIN, SHIFT_ENDS + MINUTE, handover_id)
    assert kinds(keep(SHIFT_ENDS + 10 * MINUTE), "handover_due") == []


# --- unsigned -----------------------------------------------------------------------------------------------


def test_art21_half_an_hour_after_the_shift_an_unsigned_handover_is_not_escalated(watched: Built) -> None:
    keep(SHIFT_ENDS + 30 * MINUTE)
    assert found(watched, 21) == []


def test_art21_a_second_later_it_is_a_finding_and_the_senior_shift_leader_hears_of_it(watched: Built) -> None:
    keep(SHIFT_ENDS + 30 * MINUTE + SECOND)
    (unsigned,) = found(watched, 21)
    assert (unsigned.code, unsigned.at) == ("handover_unsigned", SHIFT_ENDS + 30 * MINUTE)
    assert unsigned.work_number == LEADER, "the outgoing side had to sign first"
    senior = people.people(SYSTEM, NOW)[0]
    assert senior.role is Role.SENIOR_SHIFT_LEADER
    told = [n.kind for n in store.read(lambda: notices.unread_news(senior.id))]
    assert told == ["handover_unsigned"]


def test_art21_nobody_is_reminded_or_blamed_while_a_fault_holds_the_handover(watched: Built) -> None:
    log_id, lifted_at = _log_of_night(), SHIFT_ENDS + 2 * HOUR
    standing.hold_handover(watched.actors[LEADER], HANDOVER_AT, log_id, "大面积断线")
    assert kinds(keep(SHIFT_ENDS), "handover_due") == []
    assert kinds(keep(SHIFT_ENDS + HOUR), "handover_unsigned") == []
    standing.lift_hold(watched.actors[LEADER], lifted_at, log_id, "已恢复")
    assert kinds(keep(lifted_at + 30 * MINUTE), "handover_unsigned") == []
    assert kinds(keep(lifted_at + 30 * MINUTE + SECOND), "handover_unsigned") != []


def test_art21_who_stands_in_is_reminded_too(watched: Built) -> None:
    standing.record_stand_in(
        watched.actors[RELIEF_LEADER], HANDOVER_AT, _log_of_night(), SENIOR, "班长送医", instead_of=LEADER
    )
    keep(SHIFT_ENDS)
    assert news(watched, SENIOR, SHIFT_ENDS) == ["handover_due"]


def test_art07_art11_the_watch_also_escalates_items_and_judges_what_nobody_was_told(watched: Built) -> None:
    actor = watched.actors[LEADER]
    shiftlog.open_item(actor, NOW, "大客户专线中断", vip=True, due_at=NOW + MINUTE)
    shiftlog.write_entry(actor, NOW, EntryDraft("abnormal", "3 号机柜告警", NOW))
    judged = watch.keep_watch(SYSTEM, NOW + HOUR).judged
    assert judged == {"judge_untold": 1, "escalate_overdue_items": 1}
    assert watch.keep_watch(SYSTEM, NOW + HOUR).judged == {}
    assert [f.code for f in found(watched, 7)] == ["item_overdue"]
    assert [f.code for f in found(watched, 11)] == ["abnormal_untold"]


def test_art21_once_the_outgoing_leader_signed_it_is_the_incoming_ones_finding(watched: Built) -> None:
    handover_id = started_handover(watched, HANDOVER_AT)
    checked(watched)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    keep(SHIFT_ENDS + HOUR)
    assert [f.work_number for f in found(watched, 21)] == [RELIEF_LEADER]


def test_art21_a_sealed_handover_is_never_escalated(watched: Built) -> None:
    sealed(watched)
    assert kinds(keep(SHIFT_ENDS + HOUR), "handover_unsigned") == []


def test_art21_without_a_senior_shift_leader_the_deputy_manager_hears_of_it(watched: Built) -> None:
    def leave() -> None:
        models.Person.update(status="left").where(models.Person.role == Role.SENIOR_SHIFT_LEADER).execute()

    store.write(leave)
    keep(SHIFT_ENDS + HOUR)
    assert news(watched, MANAGER, SHIFT_ENDS + HOUR) == ["handover_unsigned"]


def test_art21_after_a_long_sleep_the_finding_is_kept_and_nobody_is_rung_for_it(watched: Built) -> None:
    keep(SHIFT_ENDS + 25 * HOUR)
    assert "night shift" in {f.details["shift"] for f in found(watched, 21)}
    assert all(f":{_log_of_night()}:" not in source for source in _sources("handover_unsigned"))


def _log_of_night() -> int:
    log = models.ShiftLog
    return int(store.read(lambda: log.get(log.ends_at == SHIFT_ENDS)).id)


def _sources(kind: str) -> list[str]:
    note = models.Notification
    return store.read(lambda: [n.source for n in note.select().where(note.kind == kind)])


# --- news ---------------------------------------------------------------------------------------------------


def test_news_is_taken_once_even_by_two_desks_of_one_person(watched: Built) -> None:
    keep(SHIFT_ENDS)
    start, taken = Barrier(2), list[int]()

    def take() -> None:
        start.wait()
        taken.append(len(news(watched, LEADER, SHIFT_ENDS)))

    threads = [Thread(target=take) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [0, 1]
