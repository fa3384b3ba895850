"""The attendance sheet: what stands in its cells adds up to its numbers, in Excel and on paper."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales import translate
from regulation.attendance_sheet import (
    AttendanceDuty,
    AttendancePerson,
    AttendanceSheet,
    person_totals,
)
from regulation.duty_verdicts import DutyVerdict
from regulation.leave_kinds import LeaveKind
from reports.attendance_page import AttendancePage, attendance_page
from reports.attendance_pdf import render_attendance
from reports.attendance_signs import SIGNS
from reports.attendance_xlsx import render_attendance_xlsx, save_attendance_xlsx
from reports.workbook import PAPERS
from settings import ZhibanError
from tests.reports.reading import bare, pages_of, size_of
from tests.reports.sample_attendance import (
    DIGEST,
    MONTH,
    PRINTED_AT,
    STARTS,
    a_draft,
    attended,
    on_leave,
    submitted,
)

HOSTILE = '=cmd|" /C calc"!A0'
POINTS = {"A4": (842, 595), "A3": (1191, 842)}


def opened(sheet: AttendanceSheet, paper: str = "A4", language: str = "zh_CN") -> Any:
    return openpyxl.load_workbook(io.BytesIO(render_attendance_xlsx([sheet], paper, language)))


def paper(sheet: AttendanceSheet, size: str = "A4", language: str = "zh_CN") -> bytes:
    return render_attendance(
        [sheet], printed_at=PRINTED_AT, printed_by="周敏(2001)", paper=size, language=language
    )


def alone(*duties: AttendanceDuty, **changes: Any) -> AttendanceSheet:
    """A draft of one person."""
    return replace(a_draft(0), people=(AttendancePerson(1, "1017", "陈静", duties),), **changes)


# --- the sums -----------------------------------------------------------------------------------------------

shares = st.sampled_from(["1", "1/2", "1/3"])
days = st.integers(0, 29).map(lambda n: MONTH + timedelta(days=n))


@st.composite
def duties(draw: st.DrawFn, number: int) -> AttendanceDuty:
    """One duty of any verdict, whole or a part, with or without leave."""
    day, shift = draw(days), draw(st.sampled_from(sorted(STARTS)))
    if draw(st.booleans()):
        return replace(
            on_leave(number, day, draw(st.sampled_from(LeaveKind)), draw(shares), shift), part=draw(shares)
        )
    verdicts = st.sampled_from([v for v in DutyVerdict if v is not DutyVerdict.ON_LEAVE])
    return attended(
        number, day, shift, draw(verdicts), part=draw(shares), minutes_late=draw(st.integers(0, 90))
    )


@st.composite
def sheets(draw: st.DrawFn) -> AttendanceSheet:
    """A month of up to three people."""
    people = []
    for n in range(draw(st.integers(0, 3))):
        own = [draw(duties(100 * n + place)) for place in range(draw(st.integers(0, 6)))]
        people.append(AttendancePerson(n + 1, f"{1000 + n}", "陈静", tuple(own)))
    return replace(a_draft(0), people=tuple(people))


def said(text: str) -> Fraction:
    """A number of the sheet, read as people read it: ``21``, ``21.5``, ``20 1/3``."""
    return sum((Fraction(part) for part in text.split()), Fraction(0))


@settings(max_examples=60)
@given(sheets())
def test_art34_totals_on_the_sheet_are_the_sums_of_its_lines_and_its_categories(
    sheet: AttendanceSheet,
) -> None:
    page = attendance_page(sheet)
    assert len(page.total) == len(page.sum_labels)
    for place in range(len(page.sum_labels) - 1):
        assert said(page.total[place].text) == sum(said(row.sums[place].text) for row in page.rows)
    categories = len(page.sum_labels) - 6
    for sums in (page.total, *(row.sums for row in page.rows)):
        assert said(sums[0].text) == sum(said(one.text) for one in sums[1 : categories + 1])
        assert all(one.number is None or abs(one.number - float(said(one.text))) < 1e-9 for one in sums[:-1])


@settings(max_examples=60)
@given(sheets())
def test_art34_every_sign_of_a_cell_is_a_share_of_its_column_and_none_is_missing(
    sheet: AttendanceSheet,
) -> None:
    page = attendance_page(sheet)
    columns = [category for category in SIGNS if category in sheet.totals.by_category]
    for row, person in zip(page.rows, sheet.people, strict=True):
        signs = Counter(sign for cell in row.cells for sign in cell.text.split("/") if sign)
        shown = {c: signs[translate(SIGNS[c].sign, "zh_CN")] for c in columns}
        counted = person_totals(person).by_category
        assert {c for c, times in shown.items() if times} == {c for c in counted if counted[c]}
        assert all(counted.get(c, Fraction(0)) <= times for c, times in shown.items())


def test_a_number_of_parts_that_no_decimals_say_stays_a_fraction() -> None:
    sheet = alone(attended(1, MONTH, part="1/3"), attended(2, date(2026, 11, 2)))
    assert [one.text for one in attendance_page(sheet).total] == [
        "1 1/3",
        "1 1/3",
        "1 1/3",
        "1 1/3",
        "0",
        "0",
        "100.00%",
    ]
    cells = [cell.value for cell in opened(sheet).worksheets[0][5]][-7:]
    assert cells == ["1 1/3", "1 1/3", "1 1/3", "1 1/3", 0, 0, 1]


def test_a_rate_is_rounded_once_half_up_and_a_month_without_duties_has_none() -> None:
    missed = [attended(n, MONTH + timedelta(days=n % 30), verdict=DutyVerdict.ABSENT) for n in range(7)]
    sheet = alone(*missed, *(attended(100 + n, MONTH) for n in range(313)))
    rate = attendance_page(sheet).total[-1]
    assert (rate.text, rate.number) == ("97.81%", 0.9781)
    assert attendance_page(alone()).total[-1] == replace(rate, text="—", number=None, percent=False)


# --- what it says -------------------------------------------------------------------------------------------


def words(page: AttendancePage, number: int) -> list[str]:
    return [cell.text for row in page.rows if row.work_number == str(number) for cell in row.cells]


def test_every_cell_says_how_the_duty_went_by_a_sign_of_its_own() -> None:
    page = attendance_page(a_draft())
    assert words(page, 1001)[:6] == ["✓", "✓", "迟", "提", "✓", "✓"]
    assert (words(page, 1002)[4], words(page, 1003)[10], words(page, 1004)[12]) == ("□", "×", "退")
    assert (words(page, 1000)[11], words(page, 1005)[19]) == ("✓/病", "换")
    assert "".join(words(page, 1000 + n)[9] for n in range(9)) == "病事婚产探年丧节调"
    assert page.rows[0].cells[0].shift == "早"


def test_art34_the_formula_stands_there_with_the_numbers_of_the_total() -> None:
    page = attendance_page(submitted(), "en")
    assert page.formula == (
        "Due = 281 rostered − 1 public holiday − 1 annual − 1 compensatory = 278",
        "Attendance rate = 270 attended ÷ 278 due = 97.12%",
    )


def test_a_draft_says_what_is_not_clear_and_what_was_submitted_says_by_whom_and_why_anew() -> None:
    draft = attendance_page(a_draft(), "en")
    assert (draft.draft, draft.stamp, draft.digest) == ("Draft, not submitted", "", "")
    assert draft.notes[0].startswith("2 duties are not clear")
    assert [box.given for box in draft.signatures] == [(), (), ()]
    again = attendance_page(submitted(reason="门禁中断"), "en")
    assert (again.draft, again.stamp) == ("", "Version 2 · submitted by 王建国(1003), 2026-12-02 09:12")
    assert again.notes == (
        "Restated: 门禁中断",
        "2 duties stand as corrected by two people (Art. 33).",
        "Limits used, version 1a2b3c4d",
    )
    assert [box.given for box in again.signatures] == [("王建国(1003)", "2026-12-02 09:12"), (), ()]


# --- Excel --------------------------------------------------------------------------------------------------


def test_the_workbook_holds_the_month_and_every_duty_line_by_line() -> None:
    sheet = submitted()
    month, details = opened(sheet).worksheets
    assert (month.title, details.title) == ("甲班", "逐班明细")
    assert [cell.value for cell in month[5]][:5] == ["1000", "王建国", "✓", "✓", "✓"]
    total = [cell.value for cell in month[17]]
    assert total[1] == "合计"
    assert total[-5:] == [278, 270, 12, 35, 0.9712]
    duties_held = [duty for person in sheet.people for duty in person.duties]
    assert details.max_row == 1 + len(duties_held)
    late = next(row for row in details.iter_rows(values_only=True) if row[8] == 12)
    assert late[:9] == (
        "甲班",
        "2026-11-03",
        "1001",
        "陈静",
        "中班",
        "2026-11-03 14:00",
        "2026-11-03 22:00",
        "迟到",
        12,
    )
    assert late[11] == "21"


def test_signs_that_ask_for_a_look_have_fills_of_their_own() -> None:
    month = opened(a_draft()).worksheets[0]
    fills = {place: month[place].fill.start_color.rgb[2:] for place in ("E6", "F6", "M8", "L5", "V10")}
    assert fills == {"E6": "FFE0B2", "F6": "FFF8E1", "M8": "F8CBCB", "L5": "DDEBF7", "V10": "E4E4E4"}
    assert month["C5"].fill.fill_type is None


@pytest.mark.parametrize("size", PAPERS)
def test_it_prints_landscape_on_the_width_of_one_page_with_its_headings_on_each(size: str) -> None:
    month = opened(submitted(), size).worksheets[0]
    setup = month.page_setup
    assert (setup.orientation, int(setup.paperSize), setup.fitToHeight) == ("landscape", PAPERS[size], 0)
    assert (month.print_title_rows, month.print_title_cols) == ("$3:$4", "$A:$B")


def test_what_people_wrote_stays_text_and_never_runs() -> None:
    plain = submitted(reason="=1+1")
    head, *rest = plain.people
    hostile = replace(
        plain,
        centre="=A&B",
        team_name="@SUM(1)",
        submitted_by="=x",
        people=(replace(head, name=HOSTILE, work_number="=1+1"), *rest),
    )
    book = opened(hostile)
    assert [(book.worksheets[0][at].value, book.worksheets[0][at].data_type) for at in ("A5", "B5")] == [
        ("=1+1", "s"),
        (HOSTILE, "s"),
    ]
    cells = [cell for found in book.worksheets for row in found.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert "=A&&B 2026年11月 @SUM(1)" in book.worksheets[0].oddFooter.left.text
    typed = bare("".join(pages_of(paper(replace(hostile, centre='#set page(paper: "a2") $x$ *b*')))))
    assert '#setpage(paper:"a2")$x$*b*' in typed


def test_the_file_is_private_and_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    file = tmp_path / "考勤.xlsx"
    save_attendance_xlsx(file, [submitted()])
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ZhibanError, match="cannot be written"):
        save_attendance_xlsx(file / "below", [submitted()])


def test_every_team_has_a_sheet_of_its_own_whatever_it_is_called() -> None:
    names = ["甲/乙", "甲:乙", "'", "x" * 40, "x" * 50]
    sheets = [replace(alone(attended(1, MONTH)), team_name=name) for name in names]
    book = openpyxl.load_workbook(io.BytesIO(render_attendance_xlsx(sheets)))
    assert book.sheetnames == ["甲 乙", "甲 乙 2", "3", "x" * 31, "x" * 27 + " 5", "逐班明细"]
    assert [row[0].value for row in book["逐班明细"].iter_rows(min_row=2)] == names


# --- paper --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "language"), [("A4", "zh_CN"), ("A3", "en")])
def test_a_team_stands_on_one_page_with_its_formula_three_signatures_and_the_digest(
    size: str, language: str
) -> None:
    sheet = submitted()
    pdf = paper(sheet, size, language)
    assert size_of(pdf) == POINTS[size]
    (page,) = [bare(text) for text in pages_of(pdf)]
    assert [p.work_number for p in sheet.people if p.work_number not in page or p.name not in page] == []
    for role in ("shift leader", "senior shift leader", "deputy manager"):
        assert bare(translate(role, language)) in page
    assert DIGEST in page
    assert "97.12%" in page
    assert "1a2b3c4d" in page
    assert bare(translate("Draft, not submitted", language)) not in page


def test_a_draft_is_marked_on_every_page_and_carries_no_digest() -> None:
    pages = [bare(page) for page in pages_of(paper(a_draft(60)))]
    assert len(pages) > 2
    assert all(bare(translate("Draft, not submitted", "zh_CN")) in page for page in pages)
    assert not [page for page in pages if "摘要" in page]


def test_a_team_longer_than_a_page_goes_on_with_its_days_above_it_and_loses_nobody() -> None:
    sheet = submitted(a_draft(60))
    numbers = [person.work_number for person in sheet.people]
    pages = [[line.split() for line in page.splitlines()] for page in pages_of(paper(sheet))]
    on_page = [[line[0] for line in page if line and line[0] in numbers] for page in pages]
    assert [number for page in on_page for number in page] == numbers
    # What runs over a page's foot is still text: only counting shows that it would not be seen.
    assert max(map(len, on_page)) <= 21


def test_a_name_and_a_centre_as_long_as_they_may_be_are_set_whole() -> None:
    sheet = submitted()
    head, *rest = sheet.people
    long, centre = "阿不都热合曼·买买提·" * 4, "中国电信股份有限公司城东客户服务中心" * 4
    text = bare(
        "".join(pages_of(paper(replace(sheet, centre=centre, people=(replace(head, name=long), *rest)))))
    )
    assert bare(long) in text
    assert bare(centre) in text


def test_a_month_without_duties_is_said_in_a_sentence() -> None:
    assert "The team had no duties in this month." in "".join(pages_of(paper(a_draft(0), language="en")))


def test_every_team_begins_on_a_page_of_its_own_with_its_own_digest_and_mark() -> None:
    second = replace(a_draft(40), team="乙", team_name="乙班")
    pdf = render_attendance([submitted(), second], printed_at=PRINTED_AT, printed_by="周敏(2001)")
    pages = [bare(page) for page in pages_of(pdf)]
    assert [("甲班" in page, "乙班" in page) for page in pages] == [
        (True, False),
        *[(False, True)] * (len(pages) - 1),
    ]
    assert [DIGEST in page for page in pages] == [True, *[False] * (len(pages) - 1)]
    assert ["草稿" in page for page in pages] == [False, *[True] * (len(pages) - 1)]
    assert all(f"第{n}页/共{len(pages)}页" in page for n, page in enumerate(pages, 1))
