"""Attendance in signs and words: what a day's cell shows, and how a verdict reads (Art. 33)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from locales import N_, _, language
from regulation.corrections import STATE_NAMES, CorrectionState
from regulation.duty_verdicts import UNKNOWN_NAMES, VERDICT_NAMES, DutyVerdict, UnknownReason
from regulation.leave_kinds import LEAVE_NAMES, LeaveKind
from tui.cells import clock_time, elapsed, harmless, plain
from tui.swap_words import short_name
from tui.widgets.cell_signs import together

if TYPE_CHECKING:
    from operations.attendance_corrections import CorrectionRow
    from operations.attendance_judging import JudgedRow
    from operations.notices import Notice
    from regulation.attendance import Judgement
    from regulation.attendance_reasons import RuleLine

V = DutyVerdict
# A sign and a style for each verdict: never colour alone.
LOOKS: Mapping[DutyVerdict, tuple[str, str]] = {
    V.PRESENT: ("✓", "$ok"),
    V.LATE_FOR_RELIEF: ("!", "$attention"),
    V.LATE: ("!", "$attention"),
    V.LEFT_EARLY: ("‹", "$attention"),
    V.ABSENT: ("✗", "$breach"),
    V.ON_LEAVE: ("·", "$info"),
    V.SWAPPED_OUT: ("⇄", "$past"),
    V.UNKNOWN: ("□", "$attention"),
}
# Where several duties stand on one day, the one that wants attention first is the one that is shown.
_FIRST = (
    V.UNKNOWN,
    V.ABSENT,
    V.LEFT_EARLY,
    V.LATE,
    V.LATE_FOR_RELIEF,
    V.ON_LEAVE,
    V.PRESENT,
    V.SWAPPED_OUT,
)
_LEAVE_SIGNS: Mapping[LeaveKind, tuple[str, str]] = {
    LeaveKind.SICK: ("病", "Si"),
    LeaveKind.PERSONAL: ("事", "Pe"),
    LeaveKind.MARRIAGE: ("婚", "Ma"),
    LeaveKind.MATERNITY: ("产", "Mt"),
    LeaveKind.FAMILY_VISIT: ("亲", "Fv"),
    LeaveKind.ANNUAL: ("年", "An"),
    LeaveKind.BEREAVEMENT: ("丧", "Be"),
    LeaveKind.PUBLIC_HOLIDAY: ("公", "Ph"),
    LeaveKind.COMPENSATORY: ("调", "Co"),
}
MOST_MINUTES = 99
WAITS_SIGN = "?"


def is_to_come(judgement: Judgement) -> bool:
    """Whether there is no verdict only because it is too early for one."""
    return judgement.verdict is V.UNKNOWN and UnknownReason.NOT_OVER in judgement.unknown


def is_open(judgement: Judgement) -> bool:
    """Whether somebody has to settle it: no verdict, although it is time for one."""
    return judgement.verdict is V.UNKNOWN and not is_to_come(judgement)


def shown_of(day: Sequence[JudgedRow]) -> JudgedRow | None:
    """Return the duty of a day that its cell shows."""

    def rank(one: JudgedRow) -> tuple[int, datetime]:
        said = one.judgement
        place = len(_FIRST) - 1.5 if is_to_come(said) else float(_FIRST.index(said.verdict))
        return int(place * 2), one.row.starts_at

    return min(day, key=rank, default=None)


def leave_sign(kind: LeaveKind) -> str:
    """Return the sign of a kind of leave in a cell."""
    return _LEAVE_SIGNS[kind][0 if language() == "zh_CN" else 1]


def cell_text(one: JudgedRow) -> str:
    """Return what a cell shows of a duty, in at most three columns."""
    said = one.judgement
    if one.waits:
        return WAITS_SIGN
    if is_to_come(said):
        return "○"
    if said.verdict is V.ON_LEAVE and said.leave is not None:
        return leave_sign(said.leave)
    sign = LOOKS[said.verdict][0]
    minutes = {V.LATE: said.minutes_late, V.LEFT_EARLY: said.minutes_early}.get(said.verdict, 0)
    return f"{sign}{min(minutes, MOST_MINUTES)}" if minutes else sign


def day_text(day: Sequence[JudgedRow], room: int) -> str:
    """Return what a cell of ``room`` columns shows of a day: the signs of its duties in their order, or where they do
    not fit the one that wants attention first, and a sign that there are more."""
    texts = [cell_text(one) for one in sorted(day, key=lambda one: one.row.starts_at)]
    shown, more = together(texts, room)
    first = shown_of(day)
    if not more or first is None:
        return shown
    text = cell_text(first)
    if cell_len(text) >= room:
        text = text[:1]  # the minutes stand in the line that explains the day
    return text + more


def verdict_words(said: Judgement) -> Content:
    """Return a verdict as it reads: sign, words, minutes or kind of leave."""
    if is_to_come(said):
        return Content.styled("○ " + _("to come, or not over yet"), "$faint")
    sign, style = LOOKS[said.verdict]
    words = _(VERDICT_NAMES[said.verdict])
    if said.leave is not None:
        words = f"{words}: {_(LEAVE_NAMES[said.leave])}"
    parts = [words]
    if said.minutes_late:
        parts.append(_("{minutes} min late").format(minutes=said.minutes_late))
    if said.minutes_early:
        parts.append(_("{minutes} min early").format(minutes=said.minutes_early))
    parts += [_(UNKNOWN_NAMES[reason]) for reason in said.unknown]
    return Content.styled(f"{sign} " + ", ".join(parts), style)


def rule_words(line: RuleLine, day: date, zone: tzinfo) -> Content:
    """Return one reason of a verdict, its instants in the centre's time and its article behind it."""
    times = {name: near_time(at, day, zone) for name, at in line.instants.items()}
    details = {name: _(value) if value else "" for name, value in line.details.items()}
    text = _(line.text).format(**times, **details)
    return Content.assemble(
        plain(text), " ", Content.styled(_("Art. {number}").format(number=line.article), "$faint")
    )


def near_time(at: datetime, day: date, zone: tzinfo) -> str:
    """Return a time of day, with the date where it is not on ``day``."""
    local = at.astimezone(zone)
    return clock_time(at, zone) if local.date() == day else f"{local:%m-%d %H:%M}"


def waiting_correction_cells(row: CorrectionRow, now: datetime, _zone: tzinfo) -> list[Content]:
    """A correction that waits for one's decision, why it is asked, and since when."""
    what = _("correction {date}").format(date=f"{row.date:%m-%d}")
    return [
        Content.assemble(("! ", "$attention bold"), plain(short_name(row.person), "bold"), " ", plain(what)),
        plain(row.reason),
        Content.styled(elapsed(now - row.asked_at), "$attention"),
    ]


def correction_news(notice: Notice) -> str:
    """Return what a person is told of a correction: that it waits for them, or what became of it."""
    details = notice.details
    who, date_ = harmless(details["who"]), details["date"][5:]
    if "state" not in details:
        words = _("{who}, {date}: a correction of attendance waits for a decision (4 Attendance).")
        return words.format(who=who, date=date_)
    words = _("{who}, {date}: the correction of attendance is {state}. {reason}")
    state = _(STATE_NAMES[CorrectionState(details["state"])])
    return words.format(who=who, date=date_, state=state, reason=harmless(details["reason"])).strip()


EVIDENCE_NAMES: Mapping[str, str] = {
    "door": N_("door event"),
    "punch": N_("punch of a machine"),
    "handover": N_("signature of a handover"),
    "relief": N_("relief of a seat"),
    "permit": N_("permit to be away"),
    "leave": N_("leave"),
    "reset": N_("a leader's word"),
    "correction": N_("correction"),
    "outage": N_("outage of a door"),
    "duty": N_("duty"),
}


def evidence_name(proof: str) -> str:
    """Return what an evidence id leads to, in words, with the id: ``door event main-12``."""
    kind, _colon, number = proof.partition(":")
    return f"{_(EVIDENCE_NAMES[kind])} {number}" if kind in EVIDENCE_NAMES else proof


def time_within(text: str, opens_at: datetime, closes_at: datetime, zone: tzinfo) -> datetime | None:
    """Return the instant that ``HH:MM`` means between two instants, the first if there are two; ``None`` for none."""
    hours, colon, minutes = text.strip().replace("：", ":").partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal()):
        return None
    day = opens_at.astimezone(zone).date()
    while day <= closes_at.astimezone(zone).date():
        try:
            at = datetime(day.year, day.month, day.day, int(hours), int(minutes), tzinfo=zone)
        except ValueError:
            return None
        if opens_at <= at <= closes_at:
            return at
        day += timedelta(days=1)
    return None
