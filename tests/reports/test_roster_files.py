"""The roster as a spreadsheet and as calendars, read back by programs that did not write them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from regulation.roster_sheet import RosterSheet, coverage_of, hours_of, nights_of
from reports.csv_file import csv_lines
from reports.roster_csv import LONG_HEADINGS, duty_lines, month_columns
from reports.roster_ics import render_calendar, save_calendars
from reports.roster_xlsx import render_xlsx
from reports.workbook import PAPERS
from tests.reports.calendar_reading import events_of
from tests.reports.sample_roster import FIRST, PRINTED_AT, SHIFTS, a_month, a_roster, duty_on, with_plans

HOSTILE = '=cmd|" /C calc"!A0'


def opened(sheet: RosterSheet, paper: str = "A4", language: str = "zh_CN") -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(sheet, paper, language))).worksheets[0]


# --- the sums -----------------------------------------------------------------------------------------------


def test_hours_and_nights_leave_leave_out_and_count_a_night_on_its_first_day() -> None:
    duties = (duty_on(FIRST, "early"), duty_on(date(2026, 10, 31), "night"))
    assert (hours_of(duties), nights_of(duties, SHIFTS)) == (16.0, 1)
    on_leave = tuple(replace(duty, on_leave=True) for duty in duties)
    assert (hours_of(on_leave), nights_of(on_leave, SHIFTS)) == (0.0, 0)


def test_hours_are_the_hours_that_pass_when_the_clock_changes() -> None:
    night = duty_on(date(2026, 10, 24), "night", "Europe/Berlin")
    assert hours_of((night,)) == 9.0
    assert hours_of((duty_on(date(2026, 3, 28), "night", "Europe/Berlin"),)) == 7.0


def test_coverage_counts_people_and_not_those_on_leave() -> None:
    sheet = a_month()
    covered = {shift.code: coverage_of(sheet.people, shift.code, sheet.days) for shift in SHIFTS}
    assert covered["early"][0] == 10
    assert (covered["middle"][8], covered["middle"][9], covered["night"][9]) == (10, 9, 9)
    assert set(covered["office"]) == {0}


# --- Excel --------------------------------------------------------------------------------------------------


def test_the_sheet_has_its_title_days_signs_sums_and_coverage_where_they_belong() -> None:
    sheet = opened(a_month())
    assert sheet.title == "2026-10"
    assert "城东客服中心" in sheet["A1"].value
    assert [sheet.cell(3, column).value for column in (4, 34)] == [1, 31]
    assert [cell.value for cell in sheet[5]][1:7] == ["1000", "王建国", "早", "早", "中", "中"]
    assert [sheet.cell(5, column).value for column in (35, 36)] == [192, 8]
    assert [sheet.cell(45, column).value for column in (4, 13)] == [10, 9]
    assert "06:00–14:00" in sheet["A49"].value


def test_shifts_weekends_holidays_and_leave_have_fills_of_their_own() -> None:
    sheet = opened(a_month())
    fills = {
        place: sheet[place].fill.start_color.rgb[2:] for place in ("D5", "F5", "H5", "J5", "D3", "G3", "M7")
    }
    assert fills == {
        "D5": "FFF2CC",
        "F5": "DDEBF7",
        "H5": "C9CFE6",
        "J5": "000000",
        "D3": "FBE3E4",
        "G3": "F2F2F2",
        "M7": "FCE4D6",
    }
    assert sheet["J5"].fill.fill_type is None


@pytest.mark.parametrize("paper", PAPERS)
def test_it_prints_landscape_on_the_width_of_one_page_with_its_headings_on_each(paper: str) -> None:
    sheet = opened(a_month(), paper)
    setup = sheet.page_setup
    assert (setup.orientation, int(setup.paperSize)) == ("landscape", PAPERS[paper])
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    # ECMA-376, 18.3.1.63: a width that is not named is one page; a height of 0 is as many as it takes.
    assert (setup.fitToWidth, setup.fitToHeight) == (None, 0)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$3:$4", "$A:$C")
    assert sheet.print_area == "'2026-10'!$A$1:$AJ$49"
    assert sheet.freeze_panes == "D5"


def test_what_people_wrote_stays_text_and_never_runs() -> None:
    plain = a_month(4)
    head, *rest = plain.people
    hostile = replace(plain, people=(replace(head, name=HOSTILE, work_number="=1+1"), *rest), centre="=A&B")
    sheet = opened(hostile)
    assert [(cell.value, cell.data_type) for cell in (sheet["B5"], sheet["C5"])] == [
        ("=1+1", "s"),
        (HOSTILE, "s"),
    ]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    assert "=A&&B" in sheet.oddFooter.left.text
    wide = "".join(csv_lines(*month_columns(hostile)))
    assert "'=cmd" in wide
    assert ",=" not in wide
    assert ",=" not in "".join(csv_lines(LONG_HEADINGS, duty_lines(hostile)))


def test_a_draft_is_marked_as_one_and_its_days_are_framed() -> None:
    sheet = opened(with_plans(a_month()), language="en")
    assert sheet["A2"].value == "Draft, not published"
    assert [sheet[place].border.left.style for place in ("H5", "K5", "L5")] == ["medium", "medium", "thin"]
    assert (sheet["H5"].value, sheet["K5"].value) == (None, "E")
    assert opened(replace(a_month(), draft=True), language="en")["A2"].value.startswith("Roster version 7")


# --- calendars ----------------------------------------------------------------------------------------------


def calendar(sheet: RosterSheet, language: str = "zh_CN") -> bytes:
    return render_calendar(sheet, sheet.people[0], PRINTED_AT, language)


def test_a_night_is_one_event_over_midnight_in_utc() -> None:
    (event,) = events_of(calendar(a_roster([["night"]])))
    assert event["DTSTART"] == datetime(2026, 10, 1, 14, tzinfo=UTC)
    assert event["DTEND"] == datetime(2026, 10, 1, 22, tzinfo=UTC)
    assert (event["SUMMARY"], event["STATUS"]) == ("夜班", "CONFIRMED")
    assert event["DTSTAMP"] == PRINTED_AT
    assert "22:00–06:00" in str(event["DESCRIPTION"])


def test_a_night_over_a_clock_change_has_the_hours_that_pass() -> None:
    plan = [["night", "night"]]
    before, changed = events_of(calendar(a_roster(plan, first=date(2026, 10, 23), zone="Europe/Berlin")))
    assert before["DTEND"] - before["DTSTART"] == timedelta(hours=8)
    assert changed["DTSTART"] == datetime(2026, 10, 24, 20, tzinfo=UTC)
    assert changed["DTEND"] == datetime(2026, 10, 25, 5, tzinfo=UTC)


def test_a_day_published_anew_is_the_same_event_with_a_higher_sequence() -> None:
    first = a_roster([["early", "night"]])
    later = replace(a_roster([["middle", "night"]]), version=first.version + 1)
    old, new = events_of(calendar(first)), events_of(calendar(later))
    assert [event["UID"] for event in old] == [event["UID"] for event in new]
    assert (old[0]["SEQUENCE"], new[0]["SEQUENCE"]) == ("7", "8")
    assert len({event["UID"] for event in old}) == 2


def test_a_day_that_was_taken_off_and_leave_are_cancelled() -> None:
    sheet = a_roster([["early", "night"]])
    (head,) = sheet.people
    duties = (replace(head.duties[0], on_leave=True),)
    freed = replace(sheet, people=(replace(head, duties=duties, cleared=frozenset({date(2026, 10, 2)})),))
    assert [event["STATUS"] for event in events_of(calendar(freed))] == ["CANCELLED", "CANCELLED"]
    assert [e["UID"] for e in events_of(calendar(freed))] == [e["UID"] for e in events_of(calendar(sheet))]


def test_two_parts_of_a_day_after_a_swap_are_two_events() -> None:
    sheet = a_roster([["early"]])
    both = (*sheet.people[0].duties, duty_on(FIRST, "night"))
    events = events_of(calendar(replace(sheet, people=(replace(sheet.people[0], duties=both),))))
    assert len({event["UID"] for event in events}) == 2


def test_lines_end_with_cr_lf_and_are_folded_within_75_octets_inside_chinese_text() -> None:
    sheet = replace(a_roster([["night"]]), centre="中国电信城东客服中心,二楼;机房\\北侧" * 6)
    data = calendar(sheet)
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert [line.decode() for line in lines]
    (event,) = events_of(data)
    assert event["LOCATION"] == sheet.centre


def test_each_person_with_a_duty_has_a_private_file(tmp_path: Path) -> None:
    sheet = a_roster([["early"], [""]])
    (file,) = save_calendars(tmp_path / "phones", sheet, PRINTED_AT)
    assert (file.name, file.stat().st_mode & 0o777) == ("1000-2026-10.ics", 0o600)
    with pytest.raises(Exception, match="cannot be written"):
        save_calendars(file / "below", sheet, PRINTED_AT)
