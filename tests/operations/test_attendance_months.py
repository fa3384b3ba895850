"""Art. 34: the month of a team: exact, on time, submitted with a credential, frozen; a restatement shows its difference."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

import models
from operations import attendance, delegations, store, verify, watch
from operations import attendance_corrections as corrections
from operations import attendance_months as months
from operations.attendance_corrections import CorrectionAsked
from operations.boundary import SYSTEM
from operations.errors import Blocked, Conflict, Invalid, NotFound, SignInRefused
from regulation.attendance_month import totals
from regulation.attendance_sheet import counted_duties
from regulation.daily_log import content_digest
from regulation.duty_verdicts import DutyVerdict
from tests.centre import PIN, SHIFT_ENDS, TODAY, Built
from tests.operations.acts import (
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    Door,
    audit_actions,
)
from tests.operations.attending import (
    DAY,
    MONTH_OVER,
    NOVEMBER,
    duty_of,
    heard,
    submitted_sheets,
    team_sheet,
    whole_month_in_order,
)

DEADLINE = MONTH_OVER + 3 * DAY  # the end of the third of December, in the centre


@pytest.fixture
def kiosk(centre: Built) -> Door:
    """November is over and was worked as it should be; the last night is the 25th."""
    door = Door()
    whole_month_in_order(door)
    return door


def team(built: Built, code: str = "甲", now: object = MONTH_OVER, by: str = LEADER) -> months.TeamMonth:
    found = attendance.attendance_month(built.actors[by], now, NOVEMBER).teams  # type: ignore[arg-type]
    return next(one for one in found if one.team == code)


def submit(
    by: str = LEADER, code: str = "甲", now: object = MONTH_OVER, reason: str = ""
) -> months.Submitted:
    return months.submit_month(by, PIN, now, NOVEMBER, code, reason)  # type: ignore[arg-type]


def corrected(built: Built, now: object = MONTH_OVER) -> None:
    """One duty of the month is found otherwise, by two people."""
    left = SHIFT_ENDS - 60 * MINUTE
    asked = CorrectionAsked(duty_of(OPERATOR), "监控显示早退", ("camera 3",), left_at=left)
    number = corrections.ask_correction(built.actors[LEADER], now, asked)  # type: ignore[arg-type]
    corrections.approve_correction(built.actors[MANAGER], now, number)  # type: ignore[arg-type]


def test_art34_the_leader_hands_the_month_in_and_it_is_frozen(centre: Built, kiosk: Door) -> None:
    before = team(centre)
    assert (before.totals.due, before.totals.rate, before.may_submit) == (Fraction(16), Fraction(1), True)
    kept = submit()
    assert (kept.version, kept.submitted_by, len(kept.digest)) == (1, "王建国(1003)", 64)
    after = team(centre)
    assert (after.submitted, after.changed, after.may_submit) == (kept, 0, False)
    assert audit_actions()[-1] == "submit_month"


def test_art34_what_was_frozen_never_changes(centre: Built, kiosk: Door) -> None:
    kept = submit()
    sheet = team_sheet(centre.actors[LEADER], MONTH_OVER)
    corrected(centre)
    store.write(lambda: models.Duty.update(leave_kind="annual").where(models.Duty.date == TODAY).execute())
    again = team_sheet(centre.actors[LEADER], MONTH_OVER + DAY)
    assert again == sheet
    assert content_digest(again) == kept.digest
    assert (team(centre).totals, team(centre).changed) == (sheet.totals, 4)


def test_art33_the_check_of_the_records_sees_a_submitted_month_that_was_changed(
    centre: Built, kiosk: Door
) -> None:
    kept = submit()
    found = verify.verify(SYSTEM, MONTH_OVER, kept.digest[:12])
    assert (found.holds, found.met) == (True, "attendance:2026-11 甲 1")
    row = models.AttendanceMonth
    content = store.read(lambda: row.get().content).replace('"minutes_late":0', '"minutes_late":9', 1)
    store.write(lambda: row.update(content=content).execute())
    assert not verify.verify(SYSTEM, MONTH_OVER).holds
    store.write(row.delete().execute)
    assert not verify.verify(SYSTEM, MONTH_OVER).holds


def test_art34_a_restatement_is_a_new_version_with_its_difference(centre: Built, kiosk: Door) -> None:
    first = submit()
    with pytest.raises(Conflict, match="Nothing has changed"):
        submit(reason="再报一次")
    corrected(centre)
    with pytest.raises(Invalid, match="needs a reason"):
        submit()
    would = months.restatement_changes(centre.actors[LEADER], MONTH_OVER, NOVEMBER, "甲")
    second = submit(reason="1017 早退更正")
    assert second.changes == would
    (change,) = second.changes
    assert change["duty"] == str(duty_of(OPERATOR))
    assert (change["work_number"], change["before"], change["after"]) == (OPERATOR, "present", "left_early")
    assert team(centre).submitted == second
    assert [content_digest(sheet) for sheet in submitted_sheets()] == [first.digest, second.digest]


def test_art34_the_sheets_sums_are_those_of_its_verdicts(centre: Built, kiosk: Door) -> None:
    month = attendance.attendance_month(centre.actors[LEADER], MONTH_OVER, NOVEMBER)
    sheets = months.attendance_sheets(centre.actors[LEADER], MONTH_OVER, NOVEMBER)
    assert [(sheet.is_draft, sheet.totals) for sheet in sheets] == [(True, one.totals) for one in month.teams]
    cells = [cell.counted for row in month.rows for day in row.days for cell in day]
    assert sum(one.totals.rostered for one in month.teams) == totals(cells).rostered
    assert sum(row.totals.attended for row in month.rows) == totals(cells).attended


def test_art34_a_day_that_is_not_clear_blocks_and_is_listed(centre: Built) -> None:
    kiosk = Door()
    whole_month_in_order(kiosk)
    stop = (SHIFT_ENDS - 60 * MINUTE, SHIFT_ENDS + 60 * MINUTE)
    heard(kiosk, MONTH_OVER, stop)
    store.write(models.DoorEvent.delete().where(models.DoorEvent.at == SHIFT_ENDS + 5 * MINUTE).execute)
    blocked = team(centre)
    assert {one.code for one in blocked.blockers} == {"duty_unresolved"}
    assert blocked.blockers[0].subject == f"duty:{duty_of(LEADER)}"
    with pytest.raises(Blocked) as refused:
        submit()
    assert len(refused.value.blockers) == 4


def test_art34_a_correction_that_waits_blocks_too(centre: Built, kiosk: Door) -> None:
    asked = CorrectionAsked(duty_of(OPERATOR), "早退", ("camera 3",), left_at=SHIFT_ENDS - 60 * MINUTE)
    corrections.ask_correction(centre.actors[OPERATOR], MONTH_OVER, asked)
    with pytest.raises(Blocked, match="waits for a decision"):
        submit()
    submit(RELIEF_LEADER, "乙")


def test_art34_not_before_the_month_is_over(centre: Built, kiosk: Door) -> None:
    with pytest.raises(Blocked, match="not over"):
        submit(now=MONTH_OVER - SECOND)


def test_art34_only_the_teams_own_leader_and_with_the_pin(centre: Built, kiosk: Door) -> None:
    for other in (RELIEF_LEADER, MANAGER):
        with pytest.raises(Blocked, match="team's leader"):
            submit(other)
    with pytest.raises(SignInRefused):
        months.submit_month(LEADER, "0000", MONTH_OVER, NOVEMBER, "甲")
    assert store.read(models.AttendanceMonth.select().count) == 0


def test_art34_while_the_leader_is_away_the_recorded_delegate_hands_it_in(centre: Built, kiosk: Door) -> None:
    first, last = NOVEMBER.replace(month=12), NOVEMBER.replace(month=12, day=2)
    delegations.record_delegate(centre.actors[LEADER], MONTH_OVER, LEADER, RELIEF_LEADER, first, last)
    with pytest.raises(Blocked, match="team's leader"):
        submit(RELIEF_LEADER, now=MONTH_OVER + 2 * DAY)
    heard(kiosk, MONTH_OVER + 2 * DAY)
    assert submit(RELIEF_LEADER, now=MONTH_OVER + 2 * DAY - SECOND).submitted_by == "李秀英(1103)"


def test_art34_where_nobody_leads_a_team_the_senior_leader_answers(centre: Built, kiosk: Door) -> None:
    person = models.Person
    store.write(lambda: person.update(status="left").where(person.work_number == LEADER).execute())
    assert submit("1000").submitted_by == "吴刚(1000)"


def test_art34_late_is_a_finding_of_the_leader_once(centre: Built, kiosk: Door) -> None:
    found = models.Finding

    def late() -> list[tuple[str, str]]:
        rows = found.select().where(found.code == "attendance_late").order_by(found.id)
        return store.read(lambda: [(row.person.work_number, row.details["team"]) for row in rows])

    watch.keep_watch(SYSTEM, DEADLINE - SECOND)
    assert late() == []
    submit(now=DEADLINE - SECOND)
    watch.keep_watch(SYSTEM, DEADLINE)
    watch.keep_watch(SYSTEM, DEADLINE + DAY)
    assert late() == [(RELIEF_LEADER, "乙")]
    heard(kiosk, DEADLINE + DAY)
    submit(RELIEF_LEADER, "乙", DEADLINE + DAY)
    assert late() == [(RELIEF_LEADER, "乙")]
    assert (team(centre, "乙").late, team(centre).late) == (True, False)


def test_art34_a_late_submission_is_a_finding_also_where_nobody_watched(centre: Built, kiosk: Door) -> None:
    heard(kiosk, DEADLINE)
    submit(now=DEADLINE)
    kept = store.read(lambda: [row.code for row in models.Finding.select()])
    assert kept.count("attendance_late") == 1


def test_art34_a_month_nobody_worked_in_is_not_handed_in(centre: Built, kiosk: Door) -> None:
    with pytest.raises(NotFound):
        months.submit_month(LEADER, PIN, MONTH_OVER, date(2026, 10, 1), "甲")
    assert attendance.attendance_month(centre.actors[LEADER], MONTH_OVER, date(2026, 10, 1)).teams == ()


def test_art34_totals_count_each_duty_once(centre: Built, kiosk: Door) -> None:
    sheet = team_sheet(centre.actors[LEADER], MONTH_OVER)
    assert totals([*counted_duties(sheet), *counted_duties(sheet)]) == sheet.totals
    assert {one.verdict for one in counted_duties(sheet)} == {DutyVerdict.PRESENT}
