"""The wall roster, read back from the paper: whole, on the paper that was asked for, with what is not published marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from locales import translate
from regulation.roster_sheet import RosterSheet
from reports.roster_pdf import render_roster
from tests.reports.reading import bare, pages_of, size_of
from tests.reports.sample_roster import PRINTED_AT, TEAMS, a_month, with_plans

MOST_LINES = 36
POINTS = {"A4": (842, 595), "A3": (1191, 842)}


def paper(sheet: RosterSheet, size: str = "A4", language: str = "zh_CN") -> bytes:
    return render_roster(sheet, printed_at=PRINTED_AT, printed_by="周敏(2001)", paper=size, language=language)


@pytest.mark.parametrize(("size", "language"), [("A4", "zh_CN"), ("A3", "en")])
def test_forty_people_stand_on_two_pages_with_no_team_torn_apart(size: str, language: str) -> None:
    sheet = a_month()
    pdf = paper(sheet, size, language)
    assert size_of(pdf) == POINTS[size]
    pages = [bare(page) for page in pages_of(pdf)]
    assert len(pages) == 2
    whole = "".join(pages)
    assert [p.work_number for p in sheet.people if p.work_number not in whole or p.name not in whole] == []
    for code, name in TEAMS:
        numbers = [person.work_number for person in sheet.people if person.team == code]
        (page,) = [page for page in pages if name in page]
        assert [number for number in numbers if number not in page] == []
    assert "06:00–14:00" in pages[1]
    assert all(bare(sheet.published_by) in page for page in pages)


def test_a_team_longer_than_a_page_goes_on_with_its_days_above_it_and_loses_nobody() -> None:
    sheet = a_month(180)
    numbers = [person.work_number for person in sheet.people]
    lines = [[line.split() for line in page.splitlines()] for page in pages_of(paper(sheet))]
    on_page = [[words[0] for words in page if words and words[0] in numbers] for page in lines]
    assert [number for page in on_page for number in page] == numbers
    # What runs over a page's foot is still text: only counting shows that it would not be seen.
    assert max(map(len, on_page)) <= MOST_LINES


def test_every_duty_of_a_person_stands_in_their_line() -> None:
    (page,) = pages_of(paper(a_month(4)))
    line = next(line for line in page.splitlines() if line.startswith("1000"))
    assert bare(line).startswith("1000王建国早早中中夜夜早早中中夜夜")
    assert bare(line).endswith("1928")


def test_a_draft_says_so_on_every_page_and_a_published_month_does_not() -> None:
    words = bare(translate("Draft, not published", "zh_CN"))
    pages = [bare(page) for page in pages_of(paper(with_plans(a_month())))]
    assert [words in page for page in pages] == [True, True]
    assert words not in bare("".join(pages_of(paper(a_month()))))
    # A draft without a plan is what is published.
    assert words not in bare("".join(pages_of(paper(replace(a_month(), draft=True)))))


def test_a_name_as_long_as_names_may_be_is_set_whole() -> None:
    sheet = a_month(4)
    head, *rest = sheet.people
    long = "阿不都热合曼·买买提·" * 4
    pages = pages_of(paper(replace(sheet, people=(replace(head, name=long), *rest))))
    assert bare(long) in bare("".join(pages))


def test_nobody_on_the_roster_is_said_in_a_sentence() -> None:
    empty = replace(a_month(4), people=())
    assert "Nobody is rostered." in "".join(pages_of(paper(empty, language="en")))
