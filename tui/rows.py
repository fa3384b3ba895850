"""How one row of the centre's day looks on screen: a sign, a colour that means the same everywhere, words.

Signs: ✓ in order, ! wants attention, ✗ breach or refusal, · information or past.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content

from locales import N_, _
from regulation.access import Outcome
from regulation.findings import HOUSE_RULE
from regulation.presence import Presence
from regulation.records import Direction, VisitState
from tui.cells import clock_time, day_time, elapsed, joined, plain

if TYPE_CHECKING:
    from operations.alarms import AlarmRow
    from operations.badges import LoanRow
    from operations.door import DoorRow, InsideRow, KioskRow
    from operations.findings import FindingRow
    from operations.shiftlog import ItemRow
    from operations.today import SeatRow
    from operations.visits import VisitRow, WaitingVisit

PRESENCE_LOOKS: dict[Presence, tuple[str, str]] = {
    Presence.PRESENT: ("✓", "$ok"),
    Presence.LATE: ("!", "$attention"),
    Presence.ABSENT: ("✗", "$breach"),
    Presence.AWAY: ("!", "$attention"),
    Presence.ON_LEAVE: ("·", "$info"),
    Presence.RELIEVED: ("·", "$past"),
    Presence.NOT_YET: ("·", "$faint"),
    Presence.UNKNOWN: ("□", "$attention"),
}
# Short, because they stand in a narrow column; the colour and the sign say the rest.
PRESENCE_WORDS: dict[Presence, str] = {
    Presence.PRESENT: N_("present"),
    Presence.LATE: N_("came late"),
    Presence.ABSENT: N_("not here"),
    Presence.AWAY: N_("away"),
    Presence.ON_LEAVE: N_("on leave"),
    Presence.RELIEVED: N_("relieved"),
    Presence.NOT_YET: N_("expected"),
    Presence.UNKNOWN: N_("not clear"),
}
OUTCOME_LOOKS: dict[str, tuple[str, str]] = {
    Outcome.GRANTED: ("✓", "$ok"),
    Outcome.NOTICE: ("!", "$attention"),
    Outcome.PENDING: ("…", "$info"),
    Outcome.REFUSED: ("✗", "$breach"),
    Outcome.RELEASED: ("·", "$faint"),
    Outcome.REPEAT: ("·", "$past"),
    Outcome.ALARM: ("✗", "$breach bold"),
    Outcome.NOTE: ("·", "$info"),
}
OUTCOME_NAMES: dict[str, str] = {
    Outcome.GRANTED: N_("let in"),
    Outcome.NOTICE: N_("let in, noted"),
    Outcome.PENDING: N_("asked"),
    Outcome.REFUSED: N_("refused"),
    Outcome.RELEASED: N_("went out"),
    Outcome.REPEAT: N_("read again"),
    Outcome.ALARM: N_("alarm"),
    Outcome.NOTE: N_("noted"),
}
VISIT_LOOKS: dict[VisitState, tuple[str, str, str]] = {
    VisitState.RESERVED: ("·", "$past", N_("blank slip")),
    VisitState.REQUESTED: ("!", "$attention", N_("waits")),
    VisitState.APPROVED: ("✓", "$ok", N_("approved")),
    VisitState.REFUSED: ("✗", "$breach", N_("not approved")),
    VisitState.INSIDE: ("●", "$info", N_("inside")),
    VisitState.ENDED: ("·", "$past", N_("ended")),
}
# What the door did, as the desk says it: shorter than the words the door speaks, "" for the ordinary.
DOOR_WORDS: dict[str, str] = {
    "granted": "",
    "granted.visitor": "",
    "granted.escort": N_("escorting"),
    "granted.relief_late": N_("late for relief"),
    "granted.off_duty": N_("off duty"),
    "granted.on_leave": N_("not due today"),
    "granted.already_inside": N_("last exit not recorded"),
    "granted.permit_overrun": N_("permit overrun"),
    "pending.escort": N_("waits for the escort"),
    "pending.reason": N_("asked why"),
    "pending.dress": N_("asked about work clothes"),
    "released": "",
    "released.repeat": "",
    "released.permit": N_("with a permit"),
    "released.to_escort": N_("fetches a visitor"),
    "released.no_permit": N_("without a permit"),
    "released.not_relieved": N_("not relieved"),
    "released.visitor_left_behind": N_("left a visitor behind"),
    "released.overstayed": N_("stayed too long"),
    "released.unknown_badge": N_("unknown badge"),
    "released.button": N_("by the button"),
    "alarm.forced": N_("door forced"),
    "alarm.held": N_("door held open"),
    "alarm.overstayed": N_("visitor overstays"),
    "alarm.no_escort": N_("visitor without escort"),
    "alarm.duress": N_("PIN under threat"),
    "alarm.locked_out": N_("many refusals in a row"),
    "note.closed": N_("door closed again"),
    "note.approved": N_("visitor approved at the door"),
    "note.reset": N_("marked as not inside"),
    "note.muster": N_("muster list shown"),
    "note.clock_jumped": N_("clock jumped"),
    "note.clock_right": N_("clock right again"),
    "note.maintenance": N_("kiosk closed for maintenance"),
}
# What whoever is on duty does first when an alarm comes in.
ALARM_ADVICE: dict[str, str] = {
    "alarm.forced": N_("Look who is at the door, then close it. If nobody can explain it, tell maintenance."),
    "alarm.held": N_("Have the door closed; nothing is checked while it stands open."),
    "alarm.overstayed": N_("Ask the escort to see the visitor out, or extend the visit with its reason."),
    "alarm.no_escort": N_("Name an escort who is inside and on duty: 6 Machine room, then g."),
    "alarm.duress": N_(
        "Someone was made to open the door. Do not ring the person; call security, then look yourself in company."
    ),
    "alarm.locked_out": N_("Someone tries badges at the door. Look who stands there."),
    "badge_uncollected": N_("Ask for the badge; 6 Machine room, then c, takes it back."),
}
# Signs of what someone could not set right in time come first.
ALARM_ORDER = ("alarm.duress", "alarm.forced", "alarm.no_escort", "alarm.held", "alarm.overstayed")
# Exits that carry a finding: the door let them pass, the desk must not overlook them.
NOTED_EXITS = frozenset(
    {"released.no_permit", "released.not_relieved", "released.visitor_left_behind", "released.overstayed"}
)
PART_NAMES: dict[str, str] = {
    "strike": N_("strike"),
    "journal": N_("journal"),
    "contact": N_("door contact"),
    "exit button": N_("exit button"),
    "clock": N_("clock"),
    "snapshot": N_("knowledge of the centre"),
    "approvals": N_("approvals at the door"),
    "program": N_("program"),
}
# What the ports of a kiosk report beside "ok".
PART_TROUBLES: dict[str, str] = {
    "opening": N_("being opened"),
    "missing": N_("not plugged in"),
    "busy": N_("in use by another program"),
    "permission": N_("no permission to open it"),
    "address": N_("wrong address"),
    "io": N_("the line is disturbed"),
    "key": N_("its key is refused"),
    "stopped": N_("stopped"),
    "older": N_("older than the database: update it"),
}
BARS = "▁▂▃▄▅▆▇█"


def article_name(article: int) -> str:
    """Return how an article is cited on screen; what serves none is the centre's own rule."""
    return _("Art. {number}").format(number=article) if article != HOUSE_RULE else _("house rule")


def presence_cell(state: Presence) -> Content:
    """Return sign and word for where someone is."""
    sign, style = PRESENCE_LOOKS[state]
    return Content.styled(f"{sign} {_(PRESENCE_WORDS[state])}", style)


def seat_cells(row: SeatRow, zone: tzinfo) -> list[Content]:
    """Seat, work number, name, state, since, note."""
    since = clock_time(row.since, zone) if row.since is not None else "—"
    return [
        plain(row.seat),
        plain(row.work_number, "$faint"),
        plain(row.name),
        presence_cell(row.state),
        Content.styled(since, "$faint"),
        seat_note(row),
    ]


def seat_note(row: SeatRow) -> Content:
    """Return what stands beside a seat: how late, how long the permit still runs."""
    if row.note_code == "permit":
        text = _("permit, {minutes} min left") if row.minutes >= 0 else _("permit ended {minutes} min ago")
        style = "$info" if row.minutes >= 0 else "$attention"
        return Content.styled(text.format(minutes=abs(row.minutes)), style)
    notes = {
        "late_relief": (N_("{minutes} min short of ten minutes early, Art. 21"), "$attention"),
        "late": (N_("{minutes} min late, Art. 21"), "$attention"),
        "no_permit": (N_("without a permit for {minutes} min, Art. 14"), "$breach"),
    }
    if row.note_code not in notes:
        return Content("")
    text, style = notes[row.note_code]
    return Content.styled(_(text).format(minutes=row.minutes), style)


def visit_reason_words(visit: WaitingVisit) -> Content:
    """Return the reason and its reference."""
    return joined([plain(_(visit.reason_label)), plain(visit.reference)], " ")


def visitor_name(visit: WaitingVisit) -> Content:
    """Return who it is and from where."""
    unit = plain(f"({visit.unit})", "$faint") if visit.unit else Content("")
    return Content.assemble(plain(visit.visitor, "bold"), unit)


def waiting_visit_cells(visit: WaitingVisit, now: datetime, _zone: tzinfo) -> list[Content]:
    """Who waits, why, and for how long."""
    return [
        Content.assemble(("! ", "$attention bold"), visitor_name(visit)),
        visit_reason_words(visit),
        Content.styled(elapsed(now - visit.requested_at), "$attention"),
    ]


def item_cells(item: ItemRow, now: datetime, zone: tzinfo) -> list[Content]:
    """Urgency and title, when it is due, who sees to it."""
    sign, style = ("✗", "$breach") if item.overdue else ("!", "$attention") if item.vip else ("·", "$faint")
    vip = ("VIP ", "$attention bold") if item.vip else ""
    if item.overdue and item.due_at is not None:
        up = "↑ " if item.escalated_at is not None else ""
        due = Content.styled(up + _("over by {time}").format(time=elapsed(now - item.due_at)), "$breach")
    elif item.due_at is not None:
        due = Content.styled(day_time(item.due_at, now, zone), "$faint")
    else:
        due = Content("")
    return [Content.assemble((f"{sign} ", style), vip, plain(item.title)), due, plain(item.owner, "$faint")]


def finding_words(finding: FindingRow) -> Content:
    """Return what was found; a detail may be a message itself."""
    details = {name: _(str(value)) for name, value in finding.details.items()}
    return plain(_(finding.text).format_map(details))


def finding_cells(finding: FindingRow, now: datetime, zone: tzinfo) -> list[Content]:
    """When, which article, who, what."""
    return [
        Content.styled(day_time(finding.at, now, zone), "$faint"),
        Content.styled(article_name(finding.article), "$attention"),
        plain(finding.person),
        finding_words(finding),
    ]


def direction_word(direction: str) -> str:
    """Return which way someone went; nothing where nobody passed."""
    return {"in": _("in"), "out": _("out")}.get(direction, "")


def gravest_first(alarms: Iterable[AlarmRow]) -> tuple[AlarmRow, ...]:
    """Return the alarms in the order in which they want someone, then by time."""
    last = len(ALARM_ORDER)
    places = {code: place for place, code in enumerate(ALARM_ORDER)}
    return tuple(sorted(alarms, key=lambda alarm: (places.get(alarm.code, last), alarm.at)))


def alarm_words(alarm: AlarmRow) -> str:
    """Return what an alarm says, in the desk's short words."""
    return _(DOOR_WORDS.get(alarm.code, alarm.text)).format_map(alarm.details)


def door_look(row: DoorRow) -> tuple[str, str]:
    """Return sign and colour of an event."""
    if row.code in NOTED_EXITS:
        return "!", "$attention"
    return OUTCOME_LOOKS.get(row.outcome, ("·", "$faint"))


def door_what(row: DoorRow) -> Content:
    """Return what the door did, with the reason when it was not the ordinary thing."""
    sign, style = door_look(row)
    words = _(DOOR_WORDS.get(row.code, row.text))
    mark = f"{sign} {direction_word(row.direction)}".rstrip()
    return joined([Content.styled(mark, style), Content(words)], " ")


def door_who(row: DoorRow) -> Content:
    """Return who passed; a visitor with the escort."""
    nobody = "" if row.direction == Direction.NONE or row.code == "released.button" else _("unknown")
    who = plain(row.who) if row.who else Content.styled(nobody, "$faint")
    mark = Content.styled(_("visitor") + " ", "$info") if row.is_visitor else Content("")
    escort = Content("")
    if row.escort:
        escort = plain(" " + _("with {name}").format(name=row.escort), "$faint")
    return Content.assemble(mark, who, escort)


def door_cells(row: DoorRow, now: datetime, zone: tzinfo) -> list[Content]:
    """When, what, who."""
    return [Content.styled(day_time(row.at, now, zone), "$faint"), door_what(row), door_who(row)]


def occupancy_line(inside: int, by_hour: tuple[int, ...]) -> Content:
    """Return how many are inside and the day's hours as a small chart; hours to come stay blank."""
    highest = max((count for count in by_hour if count > 0), default=1)
    bars = "".join(
        " " if count < 0 else BARS[min(len(BARS) - 1, count * (len(BARS) - 1) // highest)]
        for count in by_hour
    )
    return Content.assemble(
        (_("in the room") + " ", "$faint"),
        (str(inside), "bold"),
        ("  00", "$faint"),
        (bars, "$info"),
        ("24", "$faint"),
    )


def visit_cells(visit: VisitRow, zone: tzinfo) -> list[Content]:
    """Who, in what state with which badge, and when."""
    sign, style, words = VISIT_LOOKS[visit.state]
    unit = plain(f"({visit.unit})", "$faint") if visit.unit else Content("")
    badge = plain(f" {visit.badge_label}", "$faint") if visit.badge_label else Content("")
    window = f"{clock_time(visit.starts_at, zone)}–{clock_time(visit.ends_at, zone)}"
    return [
        Content.assemble(plain(visit.visitor), unit),
        Content.assemble((f"{sign} {_(words)}", style), badge),
        Content.styled(window, "$faint"),
    ]


def inside_cells(row: InsideRow, now: datetime, zone: tzinfo) -> list[Content]:
    """Who is inside, since when; a visitor with unit and escort."""
    mark = Content.styled(_("visitor") + " ", "$info") if row.is_visitor else Content("")
    unit = plain(f"({row.unit})", "$faint") if row.unit else Content("")
    escort = plain(" " + _("with {name}").format(name=row.escort), "$faint") if row.escort else Content("")
    since = Content.styled(day_time(row.since, now, zone), "$faint")
    return [Content.assemble(mark, plain(row.name), unit, escort), plain(row.work_number, "$faint"), since]


def loan_cells(loan: LoanRow, now: datetime, zone: tzinfo) -> list[Content]:
    """Which temporary badge, who has it, and when it is due back."""
    sign, style = ("!", "$attention bold") if loan.overdue else ("·", "$faint")
    due = day_time(loan.due_at, now, zone)
    words = _("overdue since {time}").format(time=due) if loan.overdue else _("due {time}").format(time=due)
    return [
        Content.assemble((f"{sign} ", style), plain(loan.label, "bold")),
        Content.assemble(plain(loan.name), plain(f"({loan.work_number})", "$faint")),
        Content.styled(words, style),
    ]


def part_name(part: str) -> str:
    """Return what a kiosk's part is called: a reader by its own name, the others by theirs."""
    kind, _blank, name = part.partition(" ")
    if kind == "reader":
        return _("reader {name}").format(name=name)
    return _(PART_NAMES.get(part, part))


def reader_cells(part: tuple[KioskRow, str, str], now: datetime, zone: tzinfo) -> list[Content]:
    """A kiosk with when it was last heard of, or one part of it with its state."""
    kiosk, name, state = part
    if name:
        sound = state == "ok"
        sign, style = ("✓", "$ok") if sound else ("✗", "$breach")
        words = plain(_("works") if sound else _(PART_TROUBLES.get(state, state)), style)
        return [Content(""), plain(part_name(name)), Content.assemble((f"{sign} ", style), words)]
    seen = day_time(kiosk.seen_at, now, zone)
    if not kiosk.online:
        words = Content.styled("✗ " + _("silent since {time}").format(time=seen), "$breach")
    elif kiosk.pending:
        words = Content.styled(
            "! " + _("{count} events on the way").format(count=kiosk.pending), "$attention"
        )
    else:
        words = Content.styled("✓ " + _("in touch"), "$ok")
    return [plain(kiosk.kiosk, "bold"), Content(""), words]
