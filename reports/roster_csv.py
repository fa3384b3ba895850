"""The roster as CSV: a line for each duty, or the month as it hangs on the wall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locales import DEFAULT_LANGUAGE
from regulation.roster_sheet import RosterSheet
from reports.roster_page import roster_page

LONG_HEADINGS: Final = ("work_number", "date", "shift")
"""The same in every language: other programs read it, and so does ``zhiban roster import``."""


def duty_lines(sheet: RosterSheet) -> Iterator[tuple[str, str, str]]:
    """Yield each duty as work number, date and shift's code, by date and work number."""
    lines = [(duty.date, person.work_number, duty.shift) for person in sheet.people for duty in person.duties]
    for day, number, shift in sorted(lines):
        yield number, day.isoformat(), shift


def month_columns(
    sheet: RosterSheet, language: str = DEFAULT_LANGUAGE
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the headings of the wide form and a line for each person: team, number, name, days, hours, nights."""
    page = roster_page(sheet, language)
    labels = page.labels
    # Whole dates, not numbers: the file itself says which month it is, whatever it is renamed to.
    days = tuple(day.date.isoformat() for day in sheet.days)
    headings = (labels["team"], labels["number"], labels["name"], *days, labels["hours"], labels["nights"])
    rows = [
        (
            row.team,
            row.work_number,
            row.name,
            *(cell.text for cell in row.cells),
            f"{row.hours:g}",
            row.nights,
        )
        for team in page.teams
        for row in team.rows
    ]
    return headings, rows
