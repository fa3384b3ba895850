"""How the day's own tasks look on screen: its figures, its spot checks, and news for one person."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content

from locales import _, language
from operations.notices import (
    HANDOVER_UNSIGNED,
    PROBLEM_FOUND,
    REGISTER_WAITS,
    ROSTER_PUBLISHED,
    UNDERTAKING_EXPIRES,
)
from regulation.figures import FormState
from regulation.spot_checks import RESULT_NAMES, CheckResult
from tui.attendance_words import correction_news
from tui.cells import clock_time, day_time, harmless, plain
from tui.leave_words import leave_news
from tui.register_clocks import register_news
from tui.rows import article_name
from tui.swap_words import swap_news

if TYPE_CHECKING:
    from operations.figures import FigureForm
    from operations.notices import Notice
    from operations.spot_checks import LinkRow
    from operations.today import DayTasks, FormDue

CHECK_LOOKS: dict[CheckResult, tuple[str, str]] = {
    CheckResult.IN_ORDER: ("✓", "$ok"),
    CheckResult.PROBLEM: ("✗", "$breach"),
    CheckResult.NOT_APPLICABLE: ("·", "$past"),
}


def form_shift(form: FigureForm | FormDue) -> str:
    """Return the shift a form belongs to, in the reader's language."""
    return harmless(form.name if language() == "zh_CN" else form.name_en or form.name)


def figures_lines(tasks: DayTasks, now: datetime, zone: tzinfo) -> tuple[Content, Content]:
    """How the figures stand (Art. 8), behind the key that opens them: at length, and in fewer words."""
    form = tasks.form
    if form is None:
        whole = Content.assemble(("f ", "$accent"), ("✓ ", "$ok"), (_("figures in"), "$faint"))
        return whole, whole
    sign, style = ("! ", "$attention") if form.ended else ("· ", "$faint")
    if form.state is not FormState.OPEN:
        sign, style = "✗ ", "$breach"
    brief = _("figures {shift} {given}/{count}").format(
        shift=form_shift(form), given=form.given, count=form.count
    )
    due = _("due {due}").format(due=day_time(form.due_at, now, zone))
    others = tasks.forms_late - (form.state is not FormState.OPEN)
    more = Content.styled(" " + _("+{count} late").format(count=others), "$breach") if others else Content("")
    head = Content.assemble(("f ", "$accent"), (sign, style), (brief, style))
    cited = Content.styled(" " + article_name(8), style)
    return Content.assemble(head, (f"  {due}", style), cited, more), Content.assemble(head, cited, more)


def checks_line(tasks: DayTasks) -> Content:
    """How many links of the day's plan were checked (Art. 7), behind the key that opens the plan."""
    words = _("spot checks {checked}/{of}").format(checked=tasks.links_checked, of=tasks.links)
    sign, style = ("✓ ", "$ok") if tasks.links_checked >= tasks.links else ("· ", "$faint")
    return Content.assemble(("c ", "$accent"), (sign, style), (f"{words} {article_name(7)}", "$faint"))


def news_words(notice: Notice, now: datetime) -> str:
    """What a person is told, as of now: a reminder that comes later says how late it is."""
    details = notice.details
    if notice.subject.startswith("swap:"):
        return swap_news(notice)
    if notice.subject.startswith("correction:"):
        return correction_news(notice)
    if notice.subject.startswith(("leave:", "delegation:")):
        return leave_news(notice)
    if notice.kind in (REGISTER_WAITS, UNDERTAKING_EXPIRES):
        return register_news(notice)
    if notice.kind == PROBLEM_FOUND:
        words = _("{who} found at a spot check, {link}: {found} (Art. 7)")
        return words.format(who=details["who"], link=_(details["link"]), found=details["found"])
    if notice.kind == ROSTER_PUBLISHED:
        words = _("The roster was published: {count} of your days changed, {first} to {last}.")
        return words.format(**details)
    minutes = round((datetime.fromisoformat(details["ends_at"]) - now).total_seconds() / 60)
    if notice.kind == HANDOVER_UNSIGNED:
        words = _("The handover of the {shift} is unsigned {minutes} min after its end (Art. 21).")
    elif minutes > 0:
        words = _("Hand over the {shift} in {minutes} min: 3 Handover (Art. 21).")
    elif minutes == 0:
        words = _("The {shift} ends now: 3 Handover (Art. 21).")
    else:
        words = _("The {shift} ended {minutes} min ago and is not handed over: 3 Handover (Art. 21).")
    return words.format(shift=_(details["shift"]), minutes=abs(minutes))


def link_cells(row: LinkRow, zone: tzinfo, *, ended: bool) -> list[Content]:
    """A link of a day's plan with its newest check, or that nobody checked it."""
    from operations.spot_checks import link_words

    name = plain(link_words(row.link))
    if not row.checks:
        sign, style = ("✗", "$breach") if ended else ("□", "$attention")
        words = _("unchecked (Art. 7)") if ended else _("not checked yet")
        return [Content.styled(sign, style), name, Content(""), Content.styled(words, style)]
    check = row.checks[-1]
    sign, style = CHECK_LOOKS[check.result]
    times = f" ×{len(row.checks)}" if len(row.checks) > 1 else ""
    told = plain(" → " + check.informed, "$faint") if check.informed else Content("")
    person = plain(check.person + " ", "$faint") if check.person else Content("")
    return [
        Content.styled(sign, style),
        name,
        Content.styled(clock_time(check.checked_at, zone) + times, "$faint"),
        Content.assemble((_(RESULT_NAMES[check.result]) + " ", style), person, plain(check.found), told),
    ]
