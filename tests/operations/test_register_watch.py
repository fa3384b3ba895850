"""What the registers say when time passes (Art. 4, 15-19, 26, 42): each finding once, with the record as its evidence."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

import models
from operations import assessment as assessing
from operations import (
    daily_log,
    findings,
    notices,
    register_keeping,
    register_views,
    registers,
    store,
    today,
    undertakings,
    watch,
)
from operations.boundary import SYSTEM
from operations.findings import FindingRow
from operations.register_file import read_definition
from regulation.undertakings import UndertakingState
from reports.assessment_page import assessment_page, assessment_text
from reports.text import render_text
from tests.centre import NOW, PEOPLE, SHIFT_ENDS, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, MINUTE, OPERATOR, RELIEF_LEADER, SECOND, sealed
from tests.operations.test_registers import OWN

COLLEAGUE, SENIOR = "1021", "1000"
DAY = timedelta(days=1)
NOT_OF_THE_CENTRE = ("3001", "4001")
UNTIL = NOW + 30 * MINUTE


@pytest.fixture
def watched(centre: Built) -> Built:
    """A centre whose watch began with its night shift, and where nobody is asked for a signature yet."""
    store.write(lambda: models.Centre.update(watched_from=NOW).execute())
    return centre


def keep(at: datetime) -> tuple[str, ...]:
    return watch.keep_watch(SYSTEM, at).kept


def found(built: Built, *codes: str) -> list[FindingRow]:
    rows = findings.findings(built.actors[LEADER], NOW, NOW - 72 * DAY, NOW + 800 * DAY)
    return [row for row in reversed(rows) if row.code in codes]


def opened(built: Built, by: str, register: str, **texts: str) -> int:
    return registers.open_record(built.actors[by], NOW, register, texts)


def patrol(built: Built, kind: str, person: str = OPERATOR, **texts: str) -> int:
    day = TODAY.isoformat()
    return opened(
        built, RELIEF_LEADER, "patrol", patrolled_on=day, zone="seats", kind=kind, person=person, **texts
    )


def lock(built: Built, by: str = OPERATOR, until: datetime = UNTIL) -> int:
    record = opened(built, by, "line_lock", person=by, line="03", reason="培训", until=until.isoformat())
    registers.take_step(built.actors[LEADER], NOW, record, "permit")
    return record


# --- patrols ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "article"), [("dress", 15), ("eating", 16), ("private_call", 17), ("equipment", 19)]
)
def test_art16_what_a_patrol_saw_is_a_finding_about_whom_it_saw_once(
    watched: Built, kind: str, article: int
) -> None:
    patrol(watched, kind)
    assert keep(NOW + MINUTE) == ("patrol:1",)
    assert keep(NOW + 2 * MINUTE) == ()
    (one,) = found(watched, f"seen_{article}")
    assert (one.article, one.work_number, one.evidence) == (article, OPERATOR, ("register:patrol:1",))


def test_art16_a_patrol_that_saw_all_in_order_blames_nobody(watched: Built) -> None:
    opened(watched, LEADER, "patrol", patrolled_on="2026-11-23", zone="seats", kind="in_order")
    assert keep(NOW + MINUTE) == ()


def test_art16_a_patrol_from_before_the_watch_is_nobodys_finding(watched: Built) -> None:
    opened(watched, LEADER, "patrol", patrolled_on="2026-11-20", zone="seats", kind="eating", person=OPERATOR)
    assert keep(NOW + MINUTE) == ()


# --- locked lines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "count"), [(UNTIL, 0), (UNTIL + SECOND, 1)])
def test_art18_a_line_locked_past_its_permit_is_found_a_second_after_it(
    watched: Built, at: datetime, count: int
) -> None:
    lock(watched)
    keep(at)
    keep(at)
    assert len(found(watched, "line_lock_overrun")) == count


@pytest.mark.parametrize(("released_at", "count"), [(UNTIL, 0), (UNTIL + SECOND, 1)])
def test_art18_a_line_freed_in_time_is_not_found_later_and_one_freed_late_is(
    watched: Built, released_at: datetime, count: int
) -> None:
    record = lock(watched)
    registers.take_step(watched.actors[OPERATOR], released_at, record, "release")
    keep(UNTIL + DAY)
    rows = found(watched, "line_lock_overrun")
    assert [(row.at, row.work_number, row.details) for row in rows] == [
        (UNTIL, OPERATOR, {"line": "03"})
    ] * count


@pytest.mark.parametrize(("seen_at", "count"), [(NOW, 0), (UNTIL, 0), (UNTIL + MINUTE, 1), (NOW - MINUTE, 1)])
def test_art18_a_locked_line_is_a_finding_unless_a_permit_ran(
    watched: Built, seen_at: datetime, count: int
) -> None:
    registers.take_step(watched.actors[OPERATOR], UNTIL, lock(watched), "release")
    patrol(watched, "line_locked", at=seen_at.isoformat())
    keep(UNTIL + MINUTE)
    assert len(found(watched, "seen_18")) == count


def test_art18_somebody_elses_permit_does_not_help(watched: Built) -> None:
    lock(watched, by=COLLEAGUE)
    patrol(watched, "line_locked", at=NOW.isoformat())
    keep(NOW + MINUTE)
    assert [row.work_number for row in found(watched, "seen_18")] == [OPERATOR]


def test_art18_a_wish_that_was_withdrawn_locked_nothing(watched: Built) -> None:
    record = opened(
        watched, OPERATOR, "line_lock", person=OPERATOR, line="03", reason="培训", until=UNTIL.isoformat()
    )
    registers.take_step(watched.actors[OPERATOR], UNTIL + DAY, record, "withdraw")
    keep(UNTIL + DAY)
    assert found(watched, "line_lock_overrun") == []


# --- cleaning -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wait", "count"), [(60 * MINUTE, 0), (60 * MINUTE + SECOND, 1)])
def test_art15_a_shift_nobody_cleaned_is_found_an_hour_after_it(
    watched: Built, wait: timedelta, count: int
) -> None:
    keep(SHIFT_ENDS + wait)
    keep(SHIFT_ENDS + wait)
    rows = found(watched, "cleaning_missing")
    assert [(row.at, row.work_number, row.details["date"]) for row in rows] == [
        (SHIFT_ENDS + 60 * MINUTE, LEADER, "2026-11-23")
    ] * count


def test_art15_the_line_of_the_handover_is_enough(watched: Built) -> None:
    sealed(watched)
    keep(SHIFT_ENDS + 2 * 60 * MINUTE)
    assert found(watched, "cleaning_missing") == []


def test_art15_a_record_of_cleaning_is_enough_also_on_a_holiday(watched: Built) -> None:
    opened(watched, LEADER, "cleaning", cleaned_on="2026-11-23", area="floor", result="clean")
    keep(SHIFT_ENDS + 2 * 60 * MINUTE)
    assert found(watched, "cleaning_missing") == []


# --- follow-up ----------------------------------------------------------------------------------------------


def test_art19_damage_that_nobody_follows_up_goes_to_the_senior_leader_once(watched: Built) -> None:
    opened(watched, OPERATOR, "damage", found_on="2026-11-23", asset="耳机 17", what="线断了")
    due = datetime.fromisoformat("2026-11-24T16:00:00Z")
    assert not [source for source in keep(due) if source.startswith("register_waits")]
    assert [s for s in keep(due + SECOND) if s.startswith("register_waits:1:reported")]
    keep(due + DAY)
    told = [
        n for n in notices.take_news(watched.actors[SENIOR], due + DAY) if n.kind == notices.REGISTER_WAITS
    ]
    assert [(n.subject, n.details["number"]) for n in told] == [("register:damage:1", "1")]
    (one,) = found(watched, "damage_waits")
    assert (one.article, one.person, one.evidence, one.at) == (19, "", ("register:damage:1",), due)
    assert one.details == {"register": "Damage to equipment", "number": "1"}


def test_art19_damage_that_was_passed_on_in_time_is_no_finding(watched: Built) -> None:
    record = opened(watched, OPERATOR, "damage", found_on="2026-11-23", asset="耳机 17", what="线断了")
    registers.take_step(watched.actors[LEADER], NOW, record, "send", {"told": "维护班"})
    keep(NOW + 10 * DAY)
    assert found(watched, "damage_waits") == []


def test_art42_a_call_that_the_managers_line_does_not_answer_is_found_after_a_day(watched: Built) -> None:
    opened(
        watched, OPERATOR, "escalation", happened_at=NOW.isoformat(), person=OPERATOR, issue="赔偿",
        passed_to="经理热线",
    )  # fmt: skip
    keep(NOW + DAY)
    assert found(watched, "escalation_waits") == []
    keep(NOW + DAY + SECOND)
    assert [row.article for row in found(watched, "escalation_waits")] == [42]


def test_art04_a_report_nobody_looks_at_is_told_to_those_it_is_not_about(watched: Built) -> None:
    opened(watched, OPERATOR, "breach", kind="order", happened_on="2026-11-23", what="吵闹", person=LEADER)
    kept = keep(NOW + 5 * DAY)
    told = [source for source in kept if source.startswith("register_waits:1:new:")]
    assert len(told) == 1
    assert [row.person for row in found(watched, "breach_waits")] == [""]


def test_art04_a_report_found_true_is_a_finding_that_says_no_more_than_its_article(watched: Built) -> None:
    record = opened(
        watched,
        OPERATOR,
        "breach",
        kind="eavesdropping",
        happened_on="2026-11-23",
        what="偷听",
        person=COLLEAGUE,
    )
    manager = watched.actors[MANAGER]
    registers.take_step(manager, NOW, record, "close", {"answer": "属实", "measure": "批评教育"})
    keep(NOW + MINUTE)
    keep(NOW + 2 * MINUTE)
    (one,) = found(watched, "breach_27")
    assert (one.article, one.work_number, dict(one.details)) == (27, COLLEAGUE, {"number": "1"})


def test_art04_an_unfounded_report_is_nobodys_finding(watched: Built) -> None:
    record = opened(
        watched, OPERATOR, "breach", kind="order", happened_on="2026-11-23", what="吵闹", person=COLLEAGUE
    )
    registers.take_step(watched.actors[MANAGER], NOW, record, "unfounded", {"answer": "无此事"})
    assert keep(NOW + MINUTE) == ()


@pytest.mark.parametrize(
    ("articles", "article", "cited"),
    [("articles = [19]", 19, "Art. 19"), ("articles = []", 0, "house rule")],
)
def test_a_record_of_a_centres_own_register_that_nobody_follows_up_is_found_like_a_ready_made_one(
    watched: Built, articles: str, article: int, cited: str
) -> None:
    body = read_definition(OWN.replace("articles = [19]", articles).encode())
    register_keeping.define_register(watched.actors[MANAGER], NOW, body)
    late, kept = (opened(watched, OPERATOR, "lent", thing=thing) for thing in ("备用耳机", "钥匙"))
    due = datetime.fromisoformat("2026-11-25T16:00:00Z")
    leader = watched.actors[LEADER]
    registers.take_step(leader, due, kept, "return")
    assert not [source for source in keep(due) if source.startswith("register_waits")]
    assert f"register_waits:{late}:out" in keep(due + SECOND)
    registers.take_step(leader, due + MINUTE, late, "return")
    assert not [source for source in keep(due + DAY) if source.startswith("register_waits")]
    (one,) = found(watched, "own_register_waits")
    assert (one.article, one.at, one.person, one.evidence) == (article, due, "", ("register:lent:1",))
    assert one.details == {"register": "借用登记", "number": "1"}
    assert register_views.overdue(SYSTEM, due + DAY) == ()
    assert "own_register_waits" in [f.code for f in today.today_board(leader, due + MINUTE).findings]
    log = daily_log.daily_log(leader, due + DAY, date(2026, 11, 26))
    paper = render_text(log, printed_at=due + DAY, printed_by="", reprint=False, language="en")
    assert [line for line in paper.splitlines() if cited in line and "借用登记 no. 1 waited too long" in line]
    month = assessing.assessment(watched.actors[MANAGER], due + DAY, due.date().replace(day=1)).assessment
    assert (article, (("own_register_waits", 1),)) in [(line.article, line.codes) for line in month.articles]
    assert cited in assessment_text(assessment_page(month, [], "en"), 120)
    told = notices.take_news(watched.actors[SENIOR], due + DAY)
    assert [n.details["register"] for n in told if n.kind == notices.REGISTER_WAITS] == ["借用登记"]


# --- undertakings -------------------------------------------------------------------------------------------


def sign(built: Built, number: str, signed_on: date) -> None:
    record = opened(built, LEADER, "undertaking", person=number, wording="保密承诺 2026")
    signer = RELIEF_LEADER if number == LEADER else LEADER
    paper = {"signed_on": signed_on.isoformat(), "paper": "柜 2"}
    registers.take_step(built.actors[signer], NOW, record, "paper", paper)


def owed(kept: tuple[str, ...]) -> int:
    return sum(source.startswith("undertaking:") for source in kept)


def test_art26_everybody_has_a_fortnight_to_sign_and_is_found_once_a_year_after_it(watched: Built) -> None:
    sign(watched, OPERATOR, TODAY)
    assert owed(keep(NOW + 14 * DAY)) == 0
    assert owed(keep(NOW + 15 * DAY)) == len([SENIOR, *PEOPLE]) - len(NOT_OF_THE_CENTRE) - 1
    assert owed(keep(NOW + 16 * DAY)) == 0
    assert OPERATOR not in [row.work_number for row in found(watched, "undertaking_missing")]
    assert owed(keep(datetime.fromisoformat("2027-01-01T00:00:00Z"))) > 0, "and again in the next year"


def test_art26_an_undertaking_runs_out_after_a_year_and_its_signer_hears_of_it_before(watched: Built) -> None:
    for number in PEOPLE:
        if number not in NOT_OF_THE_CENTRE:
            sign(watched, number, TODAY if number == OPERATOR else TODAY + DAY)
    last = NOW + 365 * DAY
    assert [s for s in keep(last - 30 * DAY) if s.startswith("undertaking_expires")] == [
        f"undertaking_expires:{watched.ids[OPERATOR]}:2027-11-23"
    ]
    assert f"undertaking:{watched.ids[OPERATOR]}:2027" not in keep(last)
    assert f"undertaking:{watched.ids[OPERATOR]}:2027" in keep(last + DAY)


def test_art26_a_leader_sees_who_is_to_sign_and_everybody_else_only_themselves(watched: Built) -> None:
    sign(watched, OPERATOR, TODAY - 340 * DAY)
    rows = undertakings.undertakings_to_see_to(watched.actors[LEADER], NOW)
    states = {row.work_number: row.state for row in rows}
    assert states[OPERATOR] is UndertakingState.EXPIRING
    assert states[COLLEAGUE] is UndertakingState.MISSING
    own = undertakings.undertakings_to_see_to(watched.actors[COLLEAGUE], NOW)
    assert [row.work_number for row in own] == [COLLEAGUE]
