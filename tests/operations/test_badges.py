"""Art. 20: temporary badges are lent, expire, are collected, and are missed once when they stay away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from operations import badges, door, findings, people, visits
from operations.alarms import acknowledge_alarm, alarms_waiting
from operations.boundary import SYSTEM
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from regulation.records import BadgeKind, BadgeRecord, BadgeState, PersonStatus
from settings import ZhibanError
from tests.centre import NOW, TEMPORARY_BADGES, VISITOR_BADGES, Built
from tests.operations.acts import (
    ADMIN,
    ENGINEER,
    LEADER,
    MINUTE,
    OPERATOR,
    REQUEST,
    SECOND,
    Door,
    approved_visit,
    audit_actions,
    notices_for,
    own_badge,
    row_counts,
)

HOUR = timedelta(hours=1)
DUE = NOW + 14 * HOUR
T_01 = TEMPORARY_BADGES["T-01"]


def lend(built: Built, number: str = OPERATOR, **more: object) -> badges.LoanRow:
    return badges.lend_temporary_badge(built.actors[LEADER], NOW, number, reason="忘带工卡", **more)  # type: ignore[arg-type]


def at_door(kiosk: Door, badge: str) -> BadgeRecord:
    (found,) = [b for b in door.door_snapshot(kiosk.actor, NOW).badges if b.badge == badge]
    return found


# --- lent ---------------------------------------------------------------------------------------------------


def test_art20_the_next_free_badge_is_lent_until_it_is_due(centre: Built) -> None:
    loan = lend(centre)
    assert (loan.label, loan.work_number, loan.due_at, loan.lent_by) == (
        "T-01",
        OPERATOR,
        DUE,
        f"王建国({LEADER})",
    )
    assert lend(centre, "1021").label == "T-02"
    assert [row.label for row in badges.badge_loans(centre.actors[LEADER], NOW)] == ["T-01", "T-02"]
    with pytest.raises(Conflict, match="All temporary badges are out"):
        lend(centre, "1022")


def test_art20_at_the_door_a_lent_badge_is_its_holders(centre: Built) -> None:
    kiosk = Door()
    assert kiosk.reads(T_01, NOW).code == "refused.no_visit"
    lend(centre)
    entered = kiosk.reads(T_01, NOW)
    assert (entered.code, entered.person_id) == ("granted.relief_late", centre.ids[OPERATOR])
    record = at_door(kiosk, T_01)
    assert (record.kind, record.valid_until) == (BadgeKind.TEMPORARY, DUE)


@pytest.mark.parametrize(("at", "code"), [(DUE - SECOND, "granted"), (DUE, "refused.badge_expired")])
def test_art20_an_overdue_badge_opens_nothing_and_still_lets_out(
    centre: Built, at: object, code: str
) -> None:
    kiosk = Door()
    lend(centre)
    assert kiosk.reads(T_01, at, reason="forgotten").code.startswith(code)  # type: ignore[arg-type]
    assert kiosk.leaves(T_01, DUE + HOUR).outcome == "released"


def test_art20_a_badge_may_be_asked_for_by_its_label_and_for_fewer_hours(centre: Built) -> None:
    loan = lend(centre, label="T-02", hours=2)
    assert (loan.label, loan.due_at) == ("T-02", NOW + 2 * HOUR)
    with pytest.raises(NotFound, match="T-02"):
        lend(centre, "1021", label="T-02")
    with pytest.raises(NotFound, match="V-01"):
        lend(centre, "1021", label="V-01")


@pytest.mark.parametrize("hours", [0, 15])
def test_art20_not_longer_than_the_limit_says(sqlite_centre: Built, hours: int) -> None:
    with pytest.raises(Invalid, match="1 to 14 hours"):
        lend(sqlite_centre, hours=hours)
    assert lend(sqlite_centre, hours=14 if hours else 1).label == "T-01"


def test_art20_one_temporary_badge_at_a_time(centre: Built) -> None:
    lend(centre)
    with pytest.raises(Conflict, match="already") as refused:
        lend(centre)
    assert refused.value.article == 20


def test_art20_only_to_people_who_work_here(centre: Built) -> None:
    assert lend(centre, ENGINEER).work_number == ENGINEER
    people.set_person_status(SYSTEM, NOW, OPERATOR, PersonStatus.SUSPENDED)
    before = row_counts()
    with pytest.raises(Invalid):
        lend(centre)
    with pytest.raises(NotFound):
        lend(centre, "9999")
    assert row_counts() == before


def test_art09_a_program_lends_no_badge(sqlite_centre: Built) -> None:
    with pytest.raises(NotPermitted):
        badges.lend_temporary_badge(SYSTEM, NOW, OPERATOR)


def test_art20_a_company_employee_with_a_lent_badge_visits_with_it(centre: Built) -> None:
    kiosk = Door()
    lend(centre, ENGINEER)
    row = approved_visit(centre, company_work_number=ENGINEER, visitor="张伟")
    assert row.badge_label == "T-01"
    assert kiosk.reads(T_01, NOW).code == "pending.escort"


def test_a_persons_own_badge_is_the_one_that_is_listed(centre: Built) -> None:
    lend(centre)
    held = {row.work_number: row.badge for row in people.people(centre.actors[LEADER], NOW)}
    assert held[OPERATOR] == own_badge(OPERATOR)


# --- collected ----------------------------------------------------------------------------------------------


def test_art20_a_collected_badge_is_nobodys_and_may_be_lent_again(centre: Built) -> None:
    lend(centre)
    badges.collect_badge(centre.actors[LEADER], NOW + HOUR, "T-01")
    assert badges.badge_loans(centre.actors[LEADER], NOW) == ()
    (over,) = badges.badge_loans(centre.actors[LEADER], NOW, open_only=False)
    assert (over.returned_at, over.returned_to, over.overdue) == (NOW + HOUR, f"王建国({LEADER})", False)
    assert Door().reads(T_01, NOW).code == "refused.no_visit"
    assert lend(centre, "1021").label == "T-01"
    assert audit_actions()[-3:] == ["lend_temporary_badge", "collect_badge", "lend_temporary_badge"]


def test_art20_what_is_not_lent_cannot_be_collected(centre: Built) -> None:
    lend(centre)
    badges.collect_badge(centre.actors[LEADER], NOW, "T-01")
    for label in ("T-01", "T-02", "V-01", "nothing"):
        with pytest.raises(NotFound, match="not lent"):
            badges.collect_badge(centre.actors[LEADER], NOW, label)


# --- missed -------------------------------------------------------------------------------------------------


def beat(kiosk: Door, at: object) -> None:
    door.report_kiosk(kiosk.actor, at, kiosk.kiosk, {}, 0, 1)  # type: ignore[arg-type]


def test_art20_an_uncollected_badge_is_a_finding_once_and_told_to_the_leaders(centre: Built) -> None:
    kiosk, leader = Door(), centre.actors[LEADER]
    loan = lend(centre)
    for at in (DUE - MINUTE, DUE + MINUTE, DUE + 2 * MINUTE, DUE + 3 * MINUTE):
        beat(kiosk, at)
    (found,) = findings.findings(leader, NOW, NOW, DUE + HOUR)
    assert (found.code, found.article, found.at, found.work_number) == (
        "badge_uncollected",
        20,
        DUE,
        OPERATOR,
    )
    assert found.text.format(**found.details) == "The temporary badge T-01 was not handed back in time"
    (alarm,) = alarms_waiting(leader, DUE + HOUR)
    assert (alarm.code, alarm.subject, alarm.who) == ("badge_uncollected", f"loan:{loan.id}", "陈静")
    assert len(notices_for(leader)) == 1
    (row,) = badges.badge_loans(leader, DUE + HOUR)
    assert row.overdue


@pytest.mark.parametrize(("at", "overdue"), [(DUE - SECOND, False), (DUE, True)])
def test_art20_overdue_begins_when_it_is_due(centre: Built, at: object, overdue: bool) -> None:
    lend(centre)
    beat(Door(), at)
    (row,) = badges.badge_loans(centre.actors[LEADER], at)  # type: ignore[arg-type]
    assert row.overdue is overdue
    assert bool(alarms_waiting(centre.actors[LEADER], NOW)) is overdue


def test_reading_the_loans_reports_nothing_by_itself(centre: Built) -> None:
    lend(centre)
    before = row_counts()
    badges.badge_loans(centre.actors[LEADER], DUE + HOUR)
    assert row_counts() == before


def test_a_kiosk_that_sends_events_without_end_does_not_keep_the_badges_from_being_missed(
    centre: Built,
) -> None:
    kiosk = Door()
    lend(centre)
    at = NOW
    while at <= DUE + MINUTE:
        kiosk.reads("deadbeef", at)
        kiosk.sends(at)
        at += HOUR
    assert [a.code for a in alarms_waiting(centre.actors[LEADER], at)] == ["badge_uncollected"]


def test_art20_collecting_a_missed_badge_takes_it_off_the_list(centre: Built) -> None:
    lend(centre)
    beat(Door(), DUE)
    badges.collect_badge(centre.actors[LEADER], DUE + HOUR, "T-01")
    assert notices_for(centre.actors[LEADER]) == ()
    with pytest.raises(NotFound):
        acknowledge_alarm(centre.actors[LEADER], DUE + HOUR, "loan:1", "找到了")


# --- lost ---------------------------------------------------------------------------------------------------


def test_art20_at_night_the_leader_marks_a_badge_lost_at_once(centre: Built) -> None:
    badges.report_badge_lost(centre.actors[LEADER], NOW, OPERATOR, "本人报失")
    assert Door().reads(own_badge(OPERATOR), NOW).code == "refused.badge_lost"
    assert Door().reads(own_badge("1021"), NOW).outcome == "notice"
    assert audit_actions()[-1] == "report_badge_lost"


def test_art20_but_only_whoever_keeps_the_badges_makes_it_usable_again(centre: Built) -> None:
    badges.report_badge_lost(centre.actors[LEADER], NOW, OPERATOR)
    with pytest.raises(NotPermitted):
        people.set_badge_state(centre.actors[LEADER], NOW, own_badge(OPERATOR), BadgeState.ACTIVE)
    people.set_badge_state(centre.actors[ADMIN], NOW, own_badge(OPERATOR), BadgeState.ACTIVE)
    assert Door().reads(own_badge(OPERATOR), NOW).outcome == "notice"


@pytest.mark.parametrize("said", ["T-01", T_01])
def test_art20_a_lent_badge_that_was_lost_does_not_keep_its_holder_from_another(
    centre: Built, said: str
) -> None:
    lend(centre)
    badges.report_badge_lost(centre.actors[LEADER], NOW, said)
    assert Door().reads(T_01, NOW).code == "refused.badge_lost"
    assert Door().reads(own_badge(OPERATOR), NOW).outcome == "notice"
    assert lend(centre).label == "T-02"


def test_art20_of_someone_who_borrowed_one_the_own_badge_is_meant(centre: Built) -> None:
    kiosk = Door()
    lend(centre)
    badges.report_badge_lost(centre.actors[LEADER], NOW, OPERATOR)
    assert at_door(kiosk, own_badge(OPERATOR)).state is BadgeState.LOST
    assert at_door(kiosk, T_01).state is BadgeState.ACTIVE
    badges.report_badge_lost(centre.actors[LEADER], NOW, OPERATOR)
    assert at_door(kiosk, T_01).state is BadgeState.LOST


@pytest.mark.parametrize("said", ["", "9999", "nothing"])
def test_art20_a_badge_nobody_knows_is_not_lost(sqlite_centre: Built, said: str) -> None:
    before = row_counts()
    with pytest.raises(NotFound):
        badges.report_badge_lost(sqlite_centre.actors[LEADER], NOW, said)
    assert row_counts() == before


# --- registered ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "label", "kind", "kept"),
    [
        (OPERATOR, "", None, BadgeKind.OWN),
        ("", "V-09", None, BadgeKind.VISITOR),
        ("", "T-09", BadgeKind.TEMPORARY, BadgeKind.TEMPORARY),
    ],
)
def test_art20_a_badge_is_registered_with_its_kind(
    centre: Built, number: str, label: str, kind: BadgeKind | None, kept: BadgeKind
) -> None:
    badges.issue_badge(centre.actors[ADMIN], NOW, "0000007777", number, label, kind)
    assert at_door(Door(), "0000007777").kind is kept


@pytest.mark.parametrize(
    ("number", "label", "kind", "error"),
    [
        (OPERATOR, "T-09", BadgeKind.TEMPORARY, Invalid),
        (OPERATOR, "V-09", BadgeKind.VISITOR, Invalid),
        ("", "", BadgeKind.OWN, Invalid),
        ("", " ", BadgeKind.TEMPORARY, Invalid),
        ("", "T-01", BadgeKind.TEMPORARY, Conflict),
        ("", "V-01", None, Conflict),
    ],
)
def test_art20_a_kind_that_does_not_fit_is_refused(
    sqlite_centre: Built, number: str, label: str, kind: BadgeKind | None, error: type[ZhibanError]
) -> None:
    before = row_counts()
    with pytest.raises(error):
        badges.issue_badge(sqlite_centre.actors[ADMIN], NOW, "0000007777", number, label, kind)
    assert row_counts() == before


def test_art20_a_temporary_badge_is_never_lent_to_a_visitor(centre: Built) -> None:
    labels = [approved_visit(centre, key=f"key-{n}").badge_label for n in range(len(VISITOR_BADGES))]
    assert labels == list(VISITOR_BADGES)
    leader = centre.actors[LEADER]
    one_more = visits.VisitRequest("more", "周强", REQUEST.unit, "cleaning")
    with pytest.raises(Conflict, match="All visitor badges are out"):
        visits.approve_visit(leader, NOW, visits.request_visit(leader, NOW, one_more))
