"""Permits that run and what the registers wait for, in one line of the board (Art. 14, 18, 26), and news of both."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from locales import N_, _
from operations.notices import UNDERTAKING_EXPIRES
from operations.running_clocks import LINE_LOCKED, LINE_WISH, SEAT_LEAVE
from regulation.relief import whole_minutes
from tui.cells import plain
from tui.rows import article_name

if TYPE_CHECKING:
    from operations.notices import Notice
    from operations.running_clocks import RegisterTasks, RunningClock

WORDS = {
    SEAT_LEAVE: N_("{name} away from the seat"),
    LINE_LOCKED: N_("{name} has line {line} locked"),
    LINE_WISH: N_("{name} asks to lock line {line}"),
}
ARTICLES = {SEAT_LEAVE: 14, LINE_LOCKED: 18, LINE_WISH: 18}
MOST_CLOCKS = 3


def task_parts(tasks: RegisterTasks, now: datetime) -> list[Content]:
    """Return the clocks, the first to end first, then what is to be seen to; nothing when there is nothing."""
    parts = [_clock(clock, now) for clock in tasks.clocks[:MOST_CLOCKS]]
    if more := len(tasks.clocks) - MOST_CLOCKS:
        parts += [Content.styled(_("and {count} more").format(count=more), "$faint")] if more > 0 else []
    if tasks.overdue:
        words = _("{count} records overdue (7 Registers)").format(count=tasks.overdue)
        parts.append(Content.assemble(("✗ ", "$breach"), (words, "$breach")))
    if tasks.undertakings:
        words = _("{count} undertakings to be signed").format(count=tasks.undertakings)
        parts.append(Content.assemble(("! ", "$attention"), (f"{words} {article_name(26)}", "$attention")))
    return parts


def register_news(notice: Notice) -> str:
    """What a person is told of a register."""
    given = notice.details
    if notice.kind == UNDERTAKING_EXPIRES:
        return _("Your confidentiality undertaking holds until {until}; sign anew (Art. 26).").format(**given)
    words = _("{register} no. {number} waited too long (7 Registers).")
    return words.format(register=_(given["register"]), number=given["number"])


def _clock(clock: RunningClock, now: datetime) -> Content:
    words = _(WORDS[clock.kind]).format(name=clock.name, line=clock.line)
    left = clock.until - now
    if left.total_seconds() < 0:
        time, style, sign = _("{minutes} min over").format(minutes=whole_minutes(-left)), "$breach", "✗ "
    else:
        time, style, sign = _("{minutes} min left").format(minutes=whole_minutes(left)), "$info", "· "
    cited = f" {article_name(ARTICLES[clock.kind])}" if style == "$breach" else ""
    return Content.assemble((sign, style), plain(words), " ", (time + cited, style))
