"""A roster from a file: looked at cell by cell, then planned whole or not at all, and only once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import models
from operations import drafts, publishing, store
from operations.drafts import Paint
from operations.errors import Conflict, FileRefused, NotFound, NotPermitted
from operations.roster_file import RosterFile
from operations.roster_import import (
    RosterImport,
    import_roster,
    publish_import,
    roster_file,
    roster_import_plan,
)
from operations.roster_sheet import roster_sheet
from operations.roster_table import read_table
from regulation.roster_sheet import SheetPerson
from reports.csv_file import csv_lines
from reports.roster_csv import LONG_HEADINGS, duty_lines, month_columns
from reports.roster_xlsx import render_xlsx
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, OPERATOR, audit_actions, row_counts

DAY = date(2026, 12, 10)
MONTH = DAY.replace(day=1)
FILE = "工号,姓名,2026-12-10,2026-12-11\n1017,陈静,早,\n1021,刘洋,夜,夜\n"


def read(built: Built, text: str | bytes = FILE, month: date | None = None) -> RosterFile:
    data = text if isinstance(text, bytes) else text.encode()
    return roster_file(built.actors[LEADER], NOW, read_table(data), month)


def plan(built: Built, text: str | bytes = FILE) -> RosterImport:
    return roster_import_plan(built.actors[LEADER], NOW, read(built, text))


def take(built: Built, text: str | bytes = FILE, *, skip_errors: bool = False) -> RosterImport:
    return import_roster(built.actors[LEADER], NOW, read(built, text), "十二月.csv", skip_errors=skip_errors)


def drafted(built: Built) -> list[tuple[int, date, str | None, str]]:
    cells = drafts.draft_cells(built.actors[LEADER], NOW, TODAY, DAY + timedelta(days=31))
    return [(cell.person_id, cell.day, cell.planned, cell.origin) for cell in cells]


def test_a_file_becomes_a_draft_and_nobody_is_due_by_it(centre: Built) -> None:
    done = take(centre)
    next_day = DAY + timedelta(days=1)
    assert drafted(centre) == [
        (centre.ids["1017"], DAY, "early", "import"),
        (centre.ids["1021"], DAY, "night", "import"),
        (centre.ids["1021"], next_day, "night", "import"),
    ]
    assert [(c.cell, c.work_number, c.before, c.after) for c in done.changes] == [
        ("C2", "1017", None, "early"),
        ("C3", "1021", None, "night"),
        ("D3", "1021", None, "night"),
    ]
    assert (done.unchanged, done.problems) == (1, ())
    assert not [d for p in roster_sheet(centre.actors[LEADER], NOW, DAY).people for d in p.duties]


def test_the_same_file_twice_changes_nothing_at_all(centre: Built) -> None:
    take(centre)
    before = row_counts()
    again = take(centre)
    assert (again.changes, again.unchanged) == ((), 4)
    assert row_counts() == before
    assert audit_actions().count("write_imported_roster") == 1


def test_looking_changes_nothing_and_counts_against_the_draft_over_what_is_published(centre: Built) -> None:
    who = centre.ids[OPERATOR]
    drafts.paint_draft(centre.actors[LEADER], NOW, [Paint(who, DAY, "middle")])
    before = row_counts()
    assert [(c.before, c.after) for c in plan(centre).changes if c.person_id == who] == [("middle", "early")]
    assert row_counts() == before


def test_nothing_is_written_while_a_cell_is_wrong_and_the_rest_is_when_mistakes_are_left_out(
    centre: Built,
) -> None:
    text = FILE + "1099,无名,早,早\n1103,李秀英,早,晚\n"
    with pytest.raises(FileRefused) as refused:
        take(centre, text)
    assert [problem.cell for problem in refused.value.problems] == ["D5", "A4"]
    assert "Nobody is called 1099 here." in refused.value.problems[1].text
    assert drafted(centre) == []
    done = take(centre, text, skip_errors=True)
    assert (len(done.changes), len(done.problems)) == (4, 2)
    assert len(drafted(centre)) == 4


def test_art33_a_duty_that_has_begun_stands_in_the_file_as_it_is_or_is_a_mistake(
    sqlite_centre: Built,
) -> None:
    head = "工号,2026-11-22,2026-11-23,2026-11-24\n"
    assert plan(sqlite_centre, head + "1017,夜,夜,\n").problems == ()
    (problem,) = plan(sqlite_centre, head + "1017,夜,,夜\n").problems
    assert (problem.cell, "has begun" in problem.text, "33" in problem.text) == ("C2", True, True)
    (problem,) = plan(sqlite_centre, head + "1017,早,夜,夜\n").problems
    assert problem.cell == "B2"


def on_leave(built: Built, day: date) -> None:
    duty = models.Duty
    store.write(
        lambda: (
            duty.update(leave_kind="annual")
            .where(duty.person == built.ids[OPERATOR], duty.date == day)
            .execute()
        )
    )


def test_art35_leave_is_no_plan_a_file_may_show_it_where_it_was_approved(sqlite_centre: Built) -> None:
    day = TODAY + timedelta(days=1)
    head = f"工号,{day.isoformat()},2026-11-25\n"
    (problem,) = plan(sqlite_centre, head + "1017,假,夜\n").problems
    assert (problem.cell, "no approved leave" in problem.text) == ("B2", True)
    on_leave(sqlite_centre, day)
    assert plan(sqlite_centre, head + "1017,假,夜\n").problems == ()
    assert [p.cell for p in plan(sqlite_centre, head + "1017,,夜\n").problems] == ["B2"]


def test_art2_who_may_not_be_rostered_and_who_is_someone_else_is_named_by_the_cell(
    sqlite_centre: Built,
) -> None:
    found = plan(sqlite_centre, "工号,姓名,2026-12-10,2026-12-11\n4001,张伟,早,\n1017,刘洋,早,早\n")
    assert [problem.cell for problem in found.problems] == ["A3", "C2"]
    assert "1017 is 陈静, and the file says 刘洋" in found.problems[0].text


def test_a_name_may_be_spaced_out_and_a_number_may_have_lost_its_zeros(sqlite_centre: Built) -> None:
    store.write(
        lambda: models.Person.update(work_number="0017").where(models.Person.work_number == "1017").execute()
    )
    found = plan(sqlite_centre, "工号,姓名,2026-12-10,2026-12-11\n17,陈 静,早,早\n")
    assert [change.work_number for change in found.changes] == ["0017", "0017"]


def test_two_duties_at_once_are_a_mistake_and_are_left_out(sqlite_centre: Built) -> None:
    store.write(
        lambda: (
            models.ShiftType.update(duration_minutes=541).where(models.ShiftType.code == "night").execute()
        )
    )
    text = "工号,2026-12-10,2026-12-11,2026-12-12\n1017,夜,早,夜\n"
    assert [(p.cell, "two duties at once" in p.text) for p in plan(sqlite_centre, text).problems] == [
        ("C2", True)
    ]
    take(sqlite_centre, text, skip_errors=True)
    assert [day.day for _who, day, _shift, _origin in drafted(sqlite_centre)] == [10, 12]


def test_an_operator_reads_the_plan_and_may_not_import(sqlite_centre: Built) -> None:
    operator = sqlite_centre.actors[OPERATOR]
    with pytest.raises(NotPermitted):
        import_roster(operator, NOW, read(sqlite_centre), "x.csv")


def test_what_was_imported_is_published_for_the_people_and_days_of_the_file_alone(centre: Built) -> None:
    leader, other = centre.actors[LEADER], centre.ids["1103"]
    drafts.paint_draft(leader, NOW, [Paint(other, DAY, "early")])
    done = take(centre)
    assert len(publish_import(leader, NOW, done)) == 3
    assert drafted(centre) == [(other, DAY, "early", "manual")]
    assert publish_import(leader, NOW, done) == ()
    published = models.RosterPublishing
    row = store.read(lambda: published.select().order_by(published.id.desc()).get())
    assert row.changes[0] == ["1017", "2026-12-10", None, "early"]


# --- there and back -----------------------------------------------------------------------------------------


def person(built: Built, *, draft: bool = False) -> SheetPerson:
    sheet = roster_sheet(built.actors[LEADER], NOW, TODAY, draft=draft)
    return next(found for found in sheet.people if found.work_number == OPERATOR)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_was_exported_changes_nothing_when_it_is_imported(centre: Built, language: str) -> None:
    on_leave(centre, TODAY)
    sheet = roster_sheet(centre.actors[LEADER], NOW, TODAY)
    assert sum(len(found.duties) for found in sheet.people) == 28
    for data in (
        render_xlsx(sheet, language=language),
        "".join(csv_lines(*month_columns(sheet, language))).encode(),
        "".join(csv_lines(LONG_HEADINGS, duty_lines(sheet))).encode(),
    ):
        found = plan(centre, data)
        assert (found.changes, found.problems) == ((), ())
        assert found.unchanged >= 28


def test_the_sheet_shows_the_draft_above_what_is_published_when_asked(centre: Built) -> None:
    day = TODAY + timedelta(days=1)
    later = day + timedelta(days=5)
    who = centre.ids[OPERATOR]
    drafts.paint_draft(centre.actors[LEADER], NOW, [Paint(who, day, None), Paint(who, later, "early")])
    assert [duty.date.day for duty in person(centre).duties] == [22, 23, 24, 25]
    planned = person(centre, draft=True)
    assert [(duty.date.day, duty.planned) for duty in planned.duties] == [
        (22, False),
        (23, False),
        (25, False),
        (29, True),
    ]
    assert planned.planned == {day, later}


def test_the_sheet_says_who_published_last_and_what_was_taken_off_since(centre: Built) -> None:
    leader, day = centre.actors[LEADER], TODAY + timedelta(days=1)
    assert roster_sheet(leader, NOW, TODAY).published_by == "system"
    drafts.paint_draft(leader, NOW, [Paint(centre.ids[OPERATOR], day, None)])
    publishing.publish_draft(leader, NOW, day, day)
    sheet = roster_sheet(leader, NOW, TODAY)
    assert (sheet.published_by, sheet.published_at) == ("王建国(1003)", NOW)
    assert person(centre).cleared == {day}


def test_a_team_is_chosen_by_its_code_and_one_that_is_not_there_is_said_so(sqlite_centre: Built) -> None:
    leader = sqlite_centre.actors[LEADER]
    assert {p.team for p in roster_sheet(leader, NOW, TODAY, "乙").people} == {"乙"}
    with pytest.raises(NotFound, match="there are: 甲、乙"):
        roster_sheet(leader, NOW, TODAY, "丙")


def test_publishing_a_file_that_stands_against_a_frozen_shift_leaves_the_draft(sqlite_centre: Built) -> None:
    tomorrow = TODAY + timedelta(days=1)
    done = take(sqlite_centre, f"工号,{tomorrow.isoformat()},2026-11-25\n1017,,夜\n")
    log = models.ShiftLog
    store.write(lambda: log.update(state="frozen").where(log.date == tomorrow).execute())
    with pytest.raises(Conflict):
        publish_import(sqlite_centre.actors[LEADER], NOW, done)
    assert len(drafted(sqlite_centre)) == 1
