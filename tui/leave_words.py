"""Leave in words: a request, what became of it, who is left in the shift, days left, news of it (Art. 35-37)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content

from locales import N_, _
from operations.notices import (
    DELEGATED,
    LEAVE_ACCEPTED,
    LEAVE_ASKED,
    LEAVE_ESCALATED,
    LEAVE_OVER_DRAFT,
    LEAVE_REFUSED,
    LEAVE_SHORTENED,
    LEAVE_WITHDRAWN,
)
from regulation.leave_changes import LEAVE_STATE_NAMES, LeaveState
from regulation.leave_kinds import LEAVE_NAMES, LeaveKind
from regulation.leave_routing import DECIDER_NAMES
from tui.cells import day_time, elapsed, joined, plain
from tui.swap_words import short_name

if TYPE_CHECKING:
    from operations.leave_balances import BalanceRow
    from operations.leave_views import CoverLine, DecisionRow, LeaveRow
    from operations.notices import Notice

STATE_LOOKS: Mapping[LeaveState, tuple[str, str]] = {
    LeaveState.ASKED: ("!", "$attention"),
    LeaveState.ACCEPTED: ("✓", "$ok"),
    LeaveState.REFUSED: ("✗", "$breach"),
    LeaveState.WITHDRAWN: ("·", "$past"),
}
NEWS_WORDS: Mapping[str, str] = {
    LEAVE_ASKED: N_("{name}, {kind} {days}: asked, to be decided (5 Leave & swaps)."),
    LEAVE_ACCEPTED: N_("The leave is in effect: {name}, {kind} {days}."),
    LEAVE_REFUSED: N_("The leave was not approved: {name}, {kind} {days}. {reason}"),
    LEAVE_WITHDRAWN: N_("The leave was withdrawn: {name}, {kind} {days}."),
    LEAVE_SHORTENED: N_("Days of leave were given back: {name}, {kind} now {days}."),
    LEAVE_ESCALATED: N_("Nobody has decided yet: {name}, {kind} {days} (Art. 35)."),
    LEAVE_OVER_DRAFT: N_("{name} is on leave {days}: your plan for these days left the draft."),
    DELEGATED: N_("{delegate} decides in the place of {absent}, {days} (Art. 35)."),
}


def leave_news(notice: Notice) -> str:
    """What a person is told of leave, or of a delegate."""
    given = notice.details
    first, last = given["first"][5:], given["last"][5:]
    days = first if first == last else _("{first} to {last}").format(first=first, last=last)
    kind = _(LEAVE_NAMES[LeaveKind(given["kind"])]) if "kind" in given else ""
    fields = {"name": "", "reason": "", "delegate": "", "absent": "", **given, "kind": kind, "days": days}
    return _(NEWS_WORDS[notice.kind]).format(**fields).rstrip()


def leave_content(row: LeaveRow, zone: tzinfo) -> Content:
    """Who, which kind, when, and how many duties."""
    from operations.leave_listings import days_words, span_words

    what = f"{_(LEAVE_NAMES[row.kind])} {span_words(row, zone)} "
    return Content.assemble(
        plain(short_name(row.person), "bold"), " ", plain(what), (days_words(row.days), "$faint")
    )


def waiting_leave_cells(row: LeaveRow, now: datetime, zone: tzinfo) -> list[Content]:
    """What waits for one's decision, what it still needs, and since when."""
    if row.note_missing:
        needs = Content.styled(_("needs a note, Art. 37"), "$attention")
    elif row.escalated_at is not None:
        needs = Content.styled(_("undecided for too long"), "$attention")
    else:
        needs = plain(row.reason or _("to be decided"))
    return [
        Content.assemble(("! ", "$attention bold"), leave_content(row, zone)),
        needs,
        Content.styled(elapsed(now - row.asked_at), "$attention"),
    ]


def leave_history_cells(row: LeaveRow, now: datetime, zone: tzinfo) -> list[Content]:
    """Leave with what became of it."""
    sign, style = STATE_LOOKS[row.state]
    words = _(LEAVE_STATE_NAMES[row.state])
    if row.waits_for is not None:
        words = _("waits: {decider}").format(decider=_(DECIDER_NAMES[row.waits_for]))
    who = row.closed_by or (row.decisions[-1].decided_by if row.decisions else "")
    return [
        Content.styled(sign, style),
        leave_content(row, zone),
        Content.styled(words, style),
        plain(short_name(who), "$faint"),
        plain(day_time(row.asked_at, now, zone), "$faint"),
    ]


def decision_content(row: DecisionRow, now: datetime, zone: tzinfo) -> Content:
    """One decision: still to come, or by whom, when, in whose place, and with which words."""
    who = _("{decider} (Art. {article})").format(decider=_(DECIDER_NAMES[row.decider]), article=row.article)
    if row.approved is None or row.decided_at is None:
        return Content.assemble(("□ ", "$attention"), who)
    sign, style = ("✓ ", "$ok") if row.approved else ("✗ ", "$breach")
    instead = _("for {absent}").format(absent=row.instead_of) if row.instead_of else ""
    return joined(
        [
            Content.assemble((sign, style), who),
            plain(row.decided_by),
            plain(instead, "$attention"),
            plain(day_time(row.decided_at, now, zone), "$faint"),
            plain(row.reason),
        ]
    )


def cover_content(line: CoverLine) -> Content:
    """Who is left in a shift."""
    from operations.leave_listings import cover_words

    sign, style = ("! ", "$attention bold") if line.is_short else ("· ", "$faint")
    return Content.assemble((sign, style), plain(cover_words(line)))


def balances_content(rows: Iterable[BalanceRow]) -> Content:
    """The days of leave one has left."""
    from operations.leave_listings import balance_words

    return joined([plain(balance_words(row.balance)) for row in rows], " · ")
