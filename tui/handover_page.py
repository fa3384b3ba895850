"""The page before accepting: everything outstanding that the next leader takes over, in blocks of lines (Art. 20 to 24)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from locales import N_, _
from regulation.handover import CheckValue, ItemState, Side
from tui.cells import elapsed, joined, plain, spread
from tui.handover_text import SIDE_NAMES, Moment, line_label, relief_line
from tui.widgets.paged_lines import Block

if TYPE_CHECKING:
    from operations.acceptance import AcceptanceView
    from operations.handover_view import HandoverView
    from operations.shiftlog import EntryRow, ItemRow

Entry = tuple[Content, ...]
TWO_DAYS = timedelta(hours=48)
NAMES_OF_BLOCKS = {
    "items": N_("Open items you take over"),
    "disputes": N_("Disputes"),
    "visitors": N_("Visitors inside: the escort duty moves to you"),
    "permits": N_("Away with a permit"),
    "abnormal": N_("Abnormal events"),
    "reliefs": N_("Reliefs not here or late"),
    "ways": N_("Recorded about this handover"),
    "assets": N_("Keys and assets"),
}
# The same in a word, for the line that says what there is none of.
SHORT_NAMES = {
    "items": N_("open items"),
    "disputes": N_("disputes"),
    "visitors": N_("visitors"),
    "permits": N_("permits"),
    "abnormal": N_("abnormal events"),
    "reliefs": N_("late reliefs"),
}
ARTICLES_OF_BLOCKS = {
    "items": 22,
    "disputes": 23,
    "visitors": 20,
    "permits": 14,
    "abnormal": 11,
    "reliefs": 21,
    "ways": 21,
    "assets": 19,
}
NO_SHOW_WORDS = {
    Side.INCOMING: N_("The relief did not come"),
    Side.OUTGOING: N_("The outgoing leader was gone"),
}


def outstanding(view: AcceptanceView, width: int, moment: Moment) -> list[Block]:
    """Return everything outstanding for a column of ``width``; what there is none of is said in one line."""
    entries: dict[str, list[Entry]] = {
        "items": [
            _item(item, view, width, moment) for item in view.items if item.state is not ItemState.RESOLVED
        ],
        "disputes": _disputes(view, width),
        "visitors": _visitors(view, width, moment),
        "permits": _permits(view, width, moment),
        "abnormal": [_event(e, width, moment) for e in view.log.entries if e.kind == "abnormal"],
        "reliefs": [(relief_line(row, width, moment),) for row in view.relief_rows if row.early is not True],
        "ways": _ways(view, width, moment),
        "assets": _assets(view, width),
    }
    blocks = [
        Block(_title(name, len(found), width), tuple(found)) for name, found in entries.items() if found
    ]
    none = [_(SHORT_NAMES[name]) for name, found in entries.items() if not found and name in SHORT_NAMES]
    if none:
        text = _("None: {what}").format(what=_(", ").join(none))
        blocks.append(Block(Content.styled(f"✓ {text}", "$ok"), ()))
    return blocks


def _title(name: str, count: int, width: int) -> Content:
    article = Content.styled(_("Art. {article}").format(article=ARTICLES_OF_BLOCKS[name]), "$faint")
    return spread(Content.styled(f"{_(NAMES_OF_BLOCKS[name])} {count}", "$accent bold"), article, width)


def _wrapped(head: Content, width: int, indent: int = 2) -> list[Content]:
    """Break a line that is too long; what follows is indented."""
    if head.cell_length <= width:
        return [head]
    first, *rest = head.wrap(width - indent)
    return [first, *(Content.assemble(" " * indent, line) for line in rest)]


def _entry(lines: Iterable[Content], width: int) -> Entry:
    return tuple(part for line in lines if line for part in _wrapped(line, width))


def _labelled(label: str, text: str, style: str = "") -> Content:
    return Content.assemble((f"  {label} ", "$faint"), plain(text, style)) if text else Content("")


def age(since: timedelta) -> str:
    """How long something is open: hours and minutes, from two days on days."""
    return _("{count} days").format(count=since.days) if since >= TWO_DAYS else elapsed(since)


def _item(item: ItemRow, view: AcceptanceView, width: int, moment: Moment) -> Entry:
    right = Content.styled(_("open {time}").format(time=age(moment.now - item.opened_at)), "$faint")
    if item.overdue and item.due_at is not None:
        late = _("overdue {time}").format(time=age(moment.now - item.due_at))
        right = Content.styled(f"! {late}", "$breach bold")
    elif item.due_at is not None:
        right = Content.styled(_("due {time}").format(time=moment.text(item.due_at)), "$attention")
    unexplained = item.state is ItemState.OPEN
    sign = ("✗ ", "$breach") if unexplained else ("→ ", "$info")
    head = Content.assemble(sign, ("VIP " if item.vip else "", "$attention bold"), plain(item.title, "bold"))
    shifts = len(view.chains.get(item.id, ()))
    through = _("shifts it came through before: {count}").format(count=shifts) if shifts else ""
    # The head keeps its end in sight; a title that is too long goes on below.
    fits = head.cell_length + right.cell_length < width
    lines = [spread(head, right, width)] if fits else [*_wrapped(head, width), Content.assemble("  ", right)]
    return (
        *lines,
        *_entry(
            (
                _labelled(_("why"), item.reason),
                _labelled(_("next step"), item.next_step, "$info"),
                _labelled("↺", through, "$faint"),
            ),
            width,
        ),
    )


def _disputes(view: HandoverView, width: int) -> list[Entry]:
    return [
        _entry(
            (
                Content.assemble(("✗ ", "$breach"), plain(line_label(line), "bold")),
                _labelled(_("dispute"), line.note),
                _labelled(_("reported to"), line.reported_to, "$info"),
            ),
            width,
        )
        for line in view.lines
        if line.value is CheckValue.DISPUTED
    ]


def _visitors(view: AcceptanceView, width: int, moment: Moment) -> list[Entry]:
    found = []
    for visit in view.inside:
        who = f"{visit.visitor}({visit.unit})" if visit.unit else visit.visitor
        until = _("until {time}").format(time=moment.text(visit.until))
        right = Content.styled(f"! {until}", "$breach") if visit.overdue else Content.styled(until, "$faint")
        escort = visit.escort or _("nobody")
        head = Content.assemble(("● ", "$info"), plain(who))
        found.append((spread(head, right, width), *_entry((_labelled(_("escort now"), escort),), width)))
    return found


def _permits(view: AcceptanceView, width: int, moment: Moment) -> list[Entry]:
    found: list[Entry] = []
    for permit in view.permits:
        text = _("back by {time}").format(time=moment.text(permit.back_by))
        right = Content.styled(f"! {text}", "$breach") if permit.overrun else Content.styled(text, "$faint")
        left = Content.assemble(("· ", "$attention"), plain(f"{permit.person} {permit.reason}"))
        found.append((spread(left, right, width),))
    return found


def _event(entry: EntryRow, width: int, moment: Moment) -> Entry:
    told = (
        Content.styled(
            "  " + _("told {whom} at {time}").format(whom=entry.told_whom, time=moment.text(entry.told_at)),
            "$info",
        )
        if entry.told_whom
        else Content.styled("  ! " + _("told nobody"), "$breach")
    )
    head = joined([Content.styled(moment.text(entry.happened_at), "$faint"), plain(entry.text)], " ")
    return _entry((head, told), width)


def _ways(view: HandoverView, width: int, moment: Moment) -> list[Entry]:
    """Stand-ins, no-shows, holds, overrides and a close by one alone: each with its reason and who recorded it."""
    found: list[tuple[str, str, str, str]] = []
    for stand_in in view.stand_ins:
        what = _("{person} stands in for {other} ({side})").format(
            person=stand_in.person, other=stand_in.instead_of or "—", side=_(SIDE_NAMES[stand_in.side])
        )
        found.append((what, stand_in.reason, stand_in.recorded_by, moment.text(stand_in.at)))
    for no_show in view.no_shows:
        what = f"{_(NO_SHOW_WORDS[no_show.side])}: {no_show.person or '—'}"
        found.append((what, no_show.reason, no_show.recorded_by, moment.text(no_show.at)))
    for hold in view.holds:
        until = moment.text(hold.lifted_at) or _("still on")
        what = _("Held {since} to {until}").format(since=moment.text(hold.held_at), until=until)
        found.append((what, _join(hold.reason, hold.outcome), hold.held_by, ""))
    for override in view.overrides:
        what = _("Overridden: {what}").format(what=override.text)
        found.append((what, override.reason, override.by, moment.text(override.at)))
    if view.alone_reason:
        found.append((_("Closed by one leader alone"), view.alone_reason, view.outgoing.signed_by, ""))
    return [
        _entry(
            (
                Content.assemble(("! ", "$attention"), plain(what)),
                _labelled(_("why"), reason),
                _labelled(_("recorded by"), f"{by} {at}".rstrip(), "$faint"),
            ),
            width,
        )
        for what, reason, by, at in found
    ]


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _assets(view: HandoverView, width: int) -> list[Entry]:
    """Keys and assets: one line when all are in order, else each that is not."""
    lines = [line for line in view.lines if line.subject.startswith("asset:")]
    good = [line for line in lines if line.value in (CheckValue.IN_ORDER, CheckValue.NONE)]
    named = _(", ").join(line_label(line) for line in good)
    found: list[Entry] = []
    if good:
        found.append(tuple(_wrapped(Content.assemble(("✓ ", "$ok"), plain(named)), width)))
    others = [line for line in lines if line not in good]
    found += [
        _entry((Content.assemble(("✗ ", "$breach"), plain(f"{line_label(line)} {line.note}")),), width)
        for line in others
    ]
    return found
