"""What a rotation looks like: a line of days for each team, in blocks as wide as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from locales import _
from tui.cells import plain
from tui.widgets.month_lines import SATURDAY, shift_mark, shift_name

if TYPE_CHECKING:
    from operations.centre import ShiftTypeRow
    from operations.rotation_drafts import RotationPreview
    from operations.rotations import RotationBook, UseRow

DAY_WIDTH = 3
_NAMES_GAP = 2


def preview_block(shown: RotationPreview, shifts: Sequence[ShiftTypeRow], room: int) -> Content:
    """Return the teams' days under their dates, broken into blocks of ``room`` columns, and what is uncovered."""
    from operations.rotation_listings import all_shifts, covered_text, team_name

    kinds = {shift.code: shift for shift in all_shifts(shifts)}
    lines = [(team_name(team), days) for team, days in shown.teams]
    names = max((cell_len(name) for name, _days in lines), default=0) + _NAMES_GAP
    across = max(1, (room - names) // DAY_WIDTH)
    blocks: list[Content] = []
    for begin in range(0, len(shown.days), across):
        part = slice(begin, begin + across)
        blocks.append(_dates(shown.days[part], names))
        blocks += [_team(name, days[part], kinds, names) for name, days in lines]
    covered = covered_text(shown.covered, {code: shift_name(kind) for code, kind in kinds.items()})
    whole = all(counts == (1, 1) for counts in shown.covered.values())
    style = "$ok" if whole else "$attention"
    sign = "✓" if whole else "!"
    return Content("\n").join([Content.assemble((f"{sign} ", style), plain(covered)), *blocks])


def uses_line(book: RotationBook) -> Content:
    """Return what counts now and what will: each rotation with its teams."""
    from operations.rotation_listings import team_name, use_name

    teams: dict[tuple[str, date | None], list[str]] = {}
    for use in _now_and_later(book.uses):
        since = None if use.in_effect else use.effective_from
        teams.setdefault((use_name(book, use), since), []).append(team_name(use.team))
    if not teams:
        return Content.styled(_("No team works a rotation yet."), "$faint")
    parts = []
    for (name, since), names in teams.items():
        words = f"{' '.join(names)} {name}"
        if since is not None:
            words += " " + _("from {date}").format(date=f"{since:%m-%d}")
        parts.append(plain(words, "" if since is None else "$faint"))
    return Content.assemble((_("Counts now") + "  ", "$faint"), Content(" · ").join(parts))


def _now_and_later(uses: Sequence[UseRow]) -> list[UseRow]:
    """Leave out what an earlier use of the same team was: uses are in order of date, and one is in effect."""
    begun = {use.team: use.effective_from for use in uses if use.in_effect}
    return [use for use in uses if use.effective_from >= begun.get(use.team, use.effective_from)]


def _dates(days: Sequence[date], names: int) -> Content:
    cells = [
        Content.styled(f" {day.day:02}", "$attention" if day.weekday() >= SATURDAY else "$faint")
        for day in days
    ]
    month = f"{days[0]:%m}" if names >= DAY_WIDTH else ""
    return Content.assemble((month.ljust(names), "$faint"), *cells)


def _team(name: str, days: Sequence[str], kinds: dict[str, ShiftTypeRow], names: int) -> Content:
    from operations.rotation_listings import FREE_SIGN

    cells = []
    for code in days:
        mark = shift_mark(kinds[code]) if code in kinds else FREE_SIGN
        cell = " " * (DAY_WIDTH - cell_len(mark)) + mark
        cells.append(plain(cell) if code else Content.styled(cell, "$faint"))
    return Content.assemble((name + " " * (names - cell_len(name)), "bold"), *cells)
