"""The handover in lines of text: what stands in the list, the story of each thing, and what still blocks.

Everything people wrote becomes :class:`~textual.content.Content` as it is; nothing here is parsed as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from locales import N_, _
from regulation.findings import Blocker
from regulation.handover import (
    AREA_NAMES,
    CHECK_NAMES,
    CheckValue,
    ItemRecord,
    ItemState,
    Side,
    SignerKind,
    sign_out_blockers,
)
from regulation.logbook import ENTRY_KINDS
from tui.cells import cut, day_time, elapsed, fit, joined, plain, spread
from tui.widgets.month_lines import language_name

if TYPE_CHECKING:
    from operations.acceptance import CarryRow
    from operations.addenda import AddendumRow
    from operations.handover import HandoverView, LineRow, ReliefRow, SignatureRow
    from operations.shiftlog import EntryRow, ItemRow

# Which keys settle what still blocks.
KEYS_OF_BLOCKERS = {
    "item_open": "r c",
    "item_unexplained": "c",
    "line_unchecked": "y 0 d",
    "dispute_unreported": "d",
}
SIDE_NAMES = {Side.OUTGOING: N_("Handing over"), Side.INCOMING: N_("Taking over")}
# What a line of the joint check is about, where it is not one of the four areas itself.
KINDS_OF_SUBJECTS = {
    "item": N_("Open item"),
    "visit": N_("Visitor inside"),
    "permit": N_("Away with a permit"),
    "asset": N_("Key or asset"),
}
RIGHTS_OF_SIGNERS = {
    SignerKind.STAND_IN: N_("stand-in"),
    SignerKind.OVERRIDE: N_("higher leader"),
}
WAYS_OF_RELIEFS = {
    "leader": N_("by the leader"),
    "badge": N_("by badge"),
}
SIGNS_OF_VALUES = {
    CheckValue.UNCHECKED: ("○", "$attention"),
    CheckValue.IN_ORDER: ("✓", "$ok"),
    CheckValue.NONE: ("–", "$past"),
    CheckValue.DISPUTED: ("✗", "$breach"),
}
SIGNS_OF_STATES = {
    ItemState.OPEN: ("○", "$attention"),
    ItemState.RESOLVED: ("✓", "$ok"),
    ItemState.CARRIED: ("→", "$info"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What times are told against: now, in the centre's zone."""

    now: datetime
    zone: tzinfo

    def text(self, at: datetime | None) -> str:
        """``HH:MM``, with the date when it was another day."""
        return day_time(at, self.now, self.zone) if at is not None else ""


def entry_line(entry: EntryRow, width: int, moment: Moment) -> Content:
    """An entry in one line: when, kind, what; whom it was told at the right."""
    kind = _(ENTRY_KINDS.get(entry.kind, entry.kind))
    widest = max(cell_len(_(label)) for label in ENTRY_KINDS.values())
    untold = entry.kind == "abnormal" and not entry.told_whom
    told = _("told {whom}").format(whom=entry.told_whom) if entry.told_whom else ""
    left = joined(
        [
            Content.styled(moment.text(entry.happened_at), "$faint"),
            fit(Content.styled(kind, "$breach" if untold else "$info"), widest),
            Content.styled("VIP", "$attention bold") if entry.vip else Content(""),
            *_entry_marks(entry),
            plain(entry.text),
        ],
        " ",
    )
    right = Content.styled("! " + _("told nobody"), "$breach") if untold else plain(cut(told, 24), "$faint")
    return spread(left, right, width)


def _entry_marks(entry: EntryRow) -> Sequence[Content]:
    """Short marks before an entry's words: confidential, counted, edited."""
    return (
        Content.styled(_("secret"), "$breach") if entry.confidential else Content(""),
        Content.styled(f"×{entry.count}", "$attention") if entry.count > 1 else Content(""),
        Content.styled(_("v{number}").format(number=entry.version), "$faint")
        if entry.version > 1
        else Content(""),
    )


def item_line(item: ItemRow, width: int, moment: Moment) -> Content:
    """An open item in one line: its state, VIP, title; how overdue or who owns it at the right."""
    sign, style = SIGNS_OF_STATES[item.state]
    late = item.overdue and item.state is ItemState.OPEN
    if late and item.due_at is not None:
        over = _("overdue {time}").format(time=elapsed(moment.now - item.due_at))
        up = _("reported up") + " " if item.escalated_at is not None else ""
        right = Content.styled(f"! {up}{over}", "$breach")
    elif item.due_at is not None and item.state is ItemState.OPEN:
        right = Content.styled(_("due {time}").format(time=moment.text(item.due_at)), "$faint")
    else:
        right = Content.styled(state_name(item.state), style)
    vip = Content.styled("VIP ", "$attention bold") if item.vip else Content("")
    settled = "" if item.state is ItemState.OPEN else "$past"
    return spread(Content.assemble((f"{sign} ", style), vip, plain(item.title, settled)), right, width)


def check_line_line(line: LineRow, width: int) -> Content:
    """A line of the joint check: its value as sign and word, the area, what is looked at, what became of it."""
    sign, style = SIGNS_OF_VALUES[line.value]
    label = line_label(line)
    widest = max(cell_len(_(name)) for name in (*AREA_NAMES.values(), *KINDS_OF_SUBJECTS.values()))
    left = Content.assemble(
        (f"{sign} ", style), fit(Content(area_of(line)), widest), " ", plain(label, "$faint")
    )
    standing = Content.styled(_(line.standing), "$info") if line.standing else Content("")
    value = Content.styled(_(CHECK_NAMES[line.value]), style)
    return spread(left, joined([standing, value], " · "), width)


def area_of(line: LineRow) -> str:
    """The area of a line, or what else it is about."""
    kind = line.subject.partition(":")[0]
    return _(KINDS_OF_SUBJECTS.get(kind, AREA_NAMES[line.area]))


def line_label(line: LineRow) -> str:
    """What a line asks to look at; what people wrote is the same in every language."""
    return line.label if line.subject else _(line.label)


def state_name(state: ItemState) -> str:
    """The state of an item in a word."""
    names = {
        ItemState.OPEN: _("open"),
        ItemState.RESOLVED: _("resolved"),
        ItemState.CARRIED: _("carried"),
    }
    return names[state]


def entry_story(entry: EntryRow, moment: Moment) -> Content:
    """Everything about an entry."""
    written = _("{happened}, written {entered} by {author}({number})").format(
        happened=moment.text(entry.happened_at),
        entered=moment.text(entry.entered_at),
        author=entry.author,
        number=entry.work_number,
    )
    told = (
        _("told {whom} at {time}").format(whom=entry.told_whom, time=moment.text(entry.told_at))
        if entry.told_whom
        else ""
    )
    facts = [
        plain(written, "$faint"),
        plain(_("seat {seat}").format(seat=entry.seat)) if entry.seat else Content(""),
        plain(entry.asset),
        plain(_("passed to {department}").format(department=entry.department))
        if entry.department
        else Content(""),
        plain(told, "$info"),
        *_entry_facts(entry, moment),
    ]
    return _paragraphs([plain(entry.text), joined(facts, " · "), plain(entry.outcome, "$ok")])


def _entry_facts(entry: EntryRow, moment: Moment) -> Sequence[Content]:
    facts = (
        (entry.department_answered_at, _("answered {time}"), entry.department_answered_at, "$ok"),
        (entry.due_at, _("due {time}"), entry.due_at, "$attention"),
        (entry.count > 1, _("reported {count} times by {source}, last {time}"), entry.last_at, "$attention"),
        (entry.attachments, _("attached {names}"), None, ""),
        (entry.version > 1, _("version {number}"), None, "$faint"),
    )
    return [
        plain(
            words.format(
                time=moment.text(at),
                count=entry.count,
                source=entry.source,
                names=", ".join(entry.attachments),
                number=entry.version,
            ),
            style,
        )
        for shown, words, at, style in facts
        if shown
    ]


def addendum_line(row: AddendumRow, width: int, moment: Moment) -> Content:
    """A late addition in one line: when, what; by whom at the right."""
    left = joined([Content.styled(f"+ {moment.text(row.at)}", "$attention"), plain(row.text)], " ")
    return spread(left, plain(f"{row.author}({row.work_number})", "$faint"), width)


def addendum_story(row: AddendumRow, moment: Moment) -> Content:
    """Everything about a late addition: it stands beside the sealed text and is chained to it."""
    signed = _("added {time} and signed by {author}({number})").format(
        time=moment.text(row.at), author=row.author, number=row.work_number
    )
    return _paragraphs([plain(row.text), plain(signed, "$faint"), plain(row.hash[:16].upper(), "$faint")])


def item_story(item: ItemRow, moment: Moment, chain: Sequence[CarryRow] = ()) -> Content:
    """Everything about an open item: what became of it, and the shifts it came through before."""
    opened = _("open since {time}").format(time=moment.text(item.opened_at))
    due = _("due {time}").format(time=moment.text(item.due_at)) if item.due_at else ""
    up = (
        _("reported to the senior shift leader {time} (Art. 7)").format(time=moment.text(item.escalated_at))
        if item.escalated_at
        else ""
    )
    unhappy = _("the user is not satisfied (Art. 9)") if item.satisfied is False else ""
    facts = [
        plain(opened, "$faint"),
        plain(item.owner, "$faint"),
        plain(due, "$attention"),
        plain(up, "$breach"),
        plain(unhappy, "$breach"),
    ]
    return _paragraphs(
        [
            plain(item.title, "bold"),
            joined(facts, " · "),
            _labelled(_("Outcome"), item.outcome),
            _labelled(_("Reason"), item.reason),
            _labelled(_("Next step"), item.next_step),
            *(_carried(row) for row in chain),
        ]
    )


def _carried(row: CarryRow) -> Content:
    """A shift that an item came through, and why it was carried on."""
    shift = f"{row.date:%m-%d} {language_name(row.shift, row.shift_en)} {row.leader}".rstrip()
    return Content.assemble(
        ("↺ ", "$info"), plain(f"{shift}  ", "$faint"), plain(f"{row.reason} → {row.next_step}")
    )


def line_story(line: LineRow, moment: Moment) -> Content:
    """Everything about a line of the joint check: who checked it, what became of it, disputes with both halves."""
    sign, style = SIGNS_OF_VALUES[line.value]
    head = Content.assemble(
        (f"{sign} {_(CHECK_NAMES[line.value])}  ", style),
        (area_of(line), "bold"),
        " ",
        plain(line_label(line)),
    )
    escort = _("The escort duty moves to whoever takes over (Art. 20).") if line.visit_id is not None else ""
    return _paragraphs(
        [
            head,
            Content.styled(_checked(line, moment), "$faint"),
            Content.styled(_since_the_freeze(line, moment), "$info"),
            _labelled(_("Dispute"), line.note),
            _labelled(_("Reported to"), line.reported_to),
            Content.styled(escort, "$faint"),
        ]
    )


def _checked(line: LineRow, moment: Moment) -> str:
    if not line.checked_by:
        return ""
    return _("checked {time}, entered by {name}").format(
        time=moment.text(line.checked_at), name=line.checked_by
    )


def _since_the_freeze(line: LineRow, moment: Moment) -> str:
    if not line.standing:
        return ""
    at = f" {moment.text(line.standing_at)}" if line.standing_at is not None else ""
    return _("Since the cut-off: {what}").format(what=_(line.standing) + at)


def blockers_of(view: HandoverView) -> tuple[Blocker, ...]:
    """What blocks the outgoing signature; before the handover has started, what is known already."""
    if view.handover_id is not None:
        return view.blockers
    items = [
        ItemRecord(i.id, i.title, i.state, i.vip, i.due_at, i.opened_at, i.reason, i.next_step)
        for i in view.items
    ]
    return tuple(sign_out_blockers([], items))


def blocker_line(blocker: Blocker, width: int) -> Content:
    """A blocker in one line: article, what to settle, and the keys that settle it."""
    article = _("Art. {article}").format(article=blocker.article)
    left = Content.assemble((article, "$breach"), " ", plain(blocker_text(blocker)))
    return spread(left, Content.styled(KEYS_OF_BLOCKERS.get(blocker.code, ""), "$accent bold"), width)


def blocker_text(blocker: Blocker) -> str:
    """What a blocker says. A checklist label in it is a message, an item's title is not; both pass unharmed."""
    details = {name: _(value) if name == "label" else value for name, value in blocker.details.items()}
    return _(blocker.text).format(**details)


def signature_line(side: str, row: SignatureRow, moment: Moment) -> Content:
    """A side of the handover: signed by whom and when, or who is rostered to sign."""
    if row.signed_at is not None:
        signed = f"{row.signed_by} {moment.text(row.signed_at)}"
        right = RIGHTS_OF_SIGNERS.get(row.right) if row.right is not None else None
        by_right = Content.styled(f" ({_(right)})", "$attention") if right else Content("")
        return Content.assemble(("✓ ", "$ok bold"), (side, "bold"), " ", plain(signed, "$ok"), by_right)
    who = _(", ").join(row.leaders) or _("nobody rostered")
    if row.stand_ins:
        who += " " + _("or stand-in {names}").format(names=_(", ").join(row.stand_ins))
    return Content.assemble(("○ ", "$faint"), (side, "bold"), " ", plain(who, "$faint"))


def relief_line(row: ReliefRow, width: int, moment: Moment) -> Content:
    """A seat's relief (Art. 21): who hands to whom, and whether the relief came early enough."""
    names = f"{row.outgoing} → {row.incoming}" if row.incoming else row.outgoing
    return spread(
        Content.assemble((f"{row.seat or '··':>2} ", "$faint"), plain(names)),
        relief_state(row, moment),
        width,
    )


def relief_state(row: ReliefRow, moment: Moment) -> Content:
    """How a seat's relief stands: handed over and how, here in time, late, not here, or nobody rostered."""
    # What the signature settles says nothing of who was there: then the door's word stands.
    if row.relieved_at is not None and row.incoming and row.way != "signature":
        way = _(WAYS_OF_RELIEFS.get(row.way, row.way))
        return Content.styled(f"✓ {moment.text(row.relieved_at)} {way}", "$ok")
    if not row.incoming:
        return Content.styled("! " + _("no relief rostered"), "$attention")
    if row.arrived_at is None:
        return Content.styled("○ " + _("not here yet"), "$attention")
    if row.early:
        return Content.styled(f"✓ {moment.text(row.arrived_at)}", "$ok")
    return Content.styled(f"! {moment.text(row.arrived_at)} " + _("too late (Art. 21)"), "$breach")


def relief_lines(rows: Sequence[ReliefRow], width: int, moment: Moment) -> Content:
    """Every seat's relief under a heading."""
    if not rows:
        return Content("")
    head = Content.styled(_("Reliefs, ten minutes early (Art. 21)"), "$faint")
    return Content("\n").join([head, *(relief_line(row, width, moment) for row in rows)])


def _labelled(label: str, text: str) -> Content:
    return Content.assemble((f"{label}: ", "$faint"), plain(text)) if text else Content("")


def _paragraphs(parts: Iterable[Content]) -> Content:
    return Content("\n").join([part for part in parts if part])
