"""Files of rosters as centres keep them: both layouts, what stands around them, and what is wrong with which cell."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from operations import roster_table
from operations.errors import Invalid
from operations.roster_file import LEAVE, RosterFile, read_roster, shift_words
from operations.roster_table import read_table
from reports.csv_file import csv_lines
from reports.roster_csv import LONG_HEADINGS, duty_lines, month_columns
from reports.roster_xlsx import render_xlsx
from tests.reports.sample_roster import SHIFTS, a_roster

NOVEMBER = date(2026, 11, 1)
WORDS = shift_words(SHIFTS)


def table(text: str) -> list[list[str]]:
    return read_table(text.encode())


def read(text: str, month: date | None = NOVEMBER) -> RosterFile:
    return read_roster(table(text), WORDS, month)


def planned(found: RosterFile) -> dict[tuple[str, date], tuple[str, ...]]:
    return {(row.number or row.name, cell.day): cell.codes for row in found.rows for cell in row.cells}


def wrong(found: RosterFile) -> list[str]:
    return [problem.cell for problem in found.problems]


def test_a_centres_usual_sheet_is_read_with_its_title_weekdays_sums_and_notes_around_it() -> None:
    found = read(
        "城东客服中心2026年11月排班表,,,,,\n"
        "制表日期：2026-10-25,,,,,\n"
        "序号,工号,姓名,1,2日,3（二）,工时\n"
        ",,,日,一,二,\n"
        "1,1017,陈静,早,夜班,休,16\n"
        "2,1021,刘 洋,,middle,M,16\n"
        ",,早班人数,1,0,0,\n"
        "备注：国庆期间按值班表执行,,,,,\n",
        None,
    )
    assert found.problems == ()
    assert planned(found) == {
        ("1017", date(2026, 11, 1)): ("early",),
        ("1017", date(2026, 11, 2)): ("night",),
        ("1017", date(2026, 11, 3)): (),
        ("1021", date(2026, 11, 1)): (),
        ("1021", date(2026, 11, 2)): ("middle",),
        ("1021", date(2026, 11, 3)): ("middle",),
    }


def test_days_may_stand_over_the_line_that_names_the_columns() -> None:
    found = read("日期,,1,2\n工号,姓名,日,一\n1017,陈静,早,夜\n")
    assert planned(found)["1017", date(2026, 11, 2)] == ("night",)


def test_a_sheet_of_names_alone_is_read_by_name() -> None:
    assert planned(read("姓名,1,2\n陈静,早,\n")) == {
        ("陈静", date(2026, 11, 1)): ("early",),
        ("陈静", date(2026, 11, 2)): (),
    }


def test_mistakes_are_named_by_their_cells() -> None:
    found = read("工号,姓名,29,30,31\n1017,陈静,早,晚,\n1021,刘洋,早早,夜,夜\n1017,陈静,,,\n,,,夜,夜\n")
    assert sorted(wrong(found)) == ["A4", "A5", "C3", "D2", "E3"]
    by_cell = {problem.cell: problem.text for problem in found.problems}
    assert "“晚” is no shift" in by_cell["D2"]
    assert "not in the month" in by_cell["E3"]
    assert by_cell["A4"] == "The same person stands in A2 already."


def test_the_list_form_is_read_under_its_exact_headings() -> None:
    found = read(
        "work_number,date,shift\n1017,2026-11-23,night\n1017,2026/11/24,休\n1021,20261123,早班\n", None
    )
    assert found.layout == "list"
    assert planned(found) == {
        ("1017", date(2026, 11, 23)): ("night",),
        ("1017", date(2026, 11, 24)): (),
        ("1021", date(2026, 11, 23)): ("early",),
    }


def test_in_a_list_a_day_twice_is_a_mistake_unless_it_has_two_shifts() -> None:
    text = "work_number,date,shift\n1017,2026-11-23,night\n1017,2026-11-23,{}\n"
    assert wrong(read(text.format("night"))) == ["C3"]
    assert wrong(read(text.format(""))) == ["C3"]
    assert planned(read(text.format("early"))) == {("1017", date(2026, 11, 23)): ("night", "early")}


def test_mistakes_of_a_list_are_named_by_their_cells() -> None:
    found = read("work_number,date,shift\n1017,2026-11-31,night\n,2026-11-23,night\n1017,2026-11-23,late\n")
    assert wrong(found) == ["B2", "A3", "C4"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_is_read_in_the_encodings_that_excel_writes(encoding: str) -> None:
    data = "工号；姓名；1；2\n1017；陈静；早；夜\n".replace("；", ";").encode(encoding)
    found = read_roster(read_table(data), WORDS, NOVEMBER)
    assert planned(found)["1017", date(2026, 11, 1)] == ("early",)


@pytest.mark.parametrize(
    ("text", "month", "words"),
    [
        ("工号,姓名,1,2\n1017,陈静,早,夜\n", None, "does not say which month"),
        ("2026年10月\n工号,姓名,1,2\n1017,陈静,早,夜\n", NOVEMBER, "about 2026-10, not about 2026-11"),
        ("工号,姓名,2026-13-01,2026-13-02\n1017,陈静,早,夜\n", None, "does not say which month"),
        ("a,b\n1,2\n", NOVEMBER, "no line with 工号"),
        ("", NOVEMBER, "no line with 工号"),
    ],
)
def test_a_file_that_is_no_roster_says_why(text: str, month: date | None, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read(text, month)


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_excel_keeps_its_numbers_and_dates_and_the_sheet_can_be_named() -> None:
    head = ["工号", "姓名", date(2026, 11, 1), date(2026, 11, 2)]
    data = workbook(说明=[["排班表"]], 排班=[head, [1017.0, "陈静", "早", None]])
    found = read_roster(read_table(data, "排班"), WORDS)
    assert planned(found) == {("1017", NOVEMBER): ("early",), ("1017", date(2026, 11, 2)): ()}
    assert read_table(data) == [["排班表"]]
    with pytest.raises(Invalid, match="there are: 说明、排班"):
        read_table(data, "十一月")


def test_a_formula_that_was_never_reckoned_is_a_mistake_and_no_free_day() -> None:
    data = workbook(排班=[["工号", 1, 2], ["1017", "=A1", "早"]])
    found = read_roster(read_table(data), WORDS, NOVEMBER)
    assert wrong(found) == ["B2"]


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(roster_table.MOST_UNFOLDED_BYTES + 1))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bomb(), "unfolds to more"),
        (b"x" * (roster_table.MOST_BYTES + 1), "larger than 5 MB"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"\x89PNG\x00\xff", "neither an Excel sheet"),
        (b"a\n" * (roster_table.MOST_ROWS + 1), "more than 2000 lines"),
        (b"," * roster_table.MOST_COLUMNS, "more than 120 columns"),
        (b'"', "not a table"),
    ],
    ids=["bomb", "large", "damaged", "old", "picture", "long", "wide", "quote"],
)
def test_files_that_would_do_harm_are_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_table(data)


def test_the_longest_and_the_widest_file_are_still_read() -> None:
    assert len(read_table(b"a\n" * roster_table.MOST_ROWS)) == roster_table.MOST_ROWS
    assert len(read_table(b"," * (roster_table.MOST_COLUMNS - 1))[0]) == roster_table.MOST_COLUMNS


@given(
    plans=st.lists(
        st.lists(st.sampled_from(["", "early", "middle", "night", "office"]), min_size=30, max_size=30),
        min_size=1,
        max_size=4,
    ),
    language=st.sampled_from(["zh_CN", "en"]),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_was_exported_reads_back_as_it_was(plans: list[list[str]], language: str) -> None:
    sheet = a_roster(plans, first=NOVEMBER)
    everything = {
        (person.work_number, day.date): tuple(duty.shift for duty in person.on(day.date))
        for person in sheet.people
        for day in sheet.days
    }
    duties = {key: codes for key, codes in everything.items() if codes}
    wide = "".join(csv_lines(*month_columns(sheet, language)))
    long = "".join(csv_lines(LONG_HEADINGS, duty_lines(sheet), bom=False))
    for found, wanted in (
        (read_roster(read_table(render_xlsx(sheet, language=language)), WORDS), everything),
        (read_roster(table(wide), WORDS), everything),
        (read_roster(table(long), WORDS), duties),
    ):
        if wanted:
            assert (planned(found), found.problems) == (wanted, ())


def test_leave_and_a_swap_in_part_read_back_as_they_stand() -> None:
    assert planned(read("工号,1,2\n1017,假,早/夜\n")) == {
        ("1017", date(2026, 11, 1)): (LEAVE,),
        ("1017", date(2026, 11, 2)): ("early", "night"),
    }
