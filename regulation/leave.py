"""Leave (Art. 35-37): what it covers, whether it may be asked now, what it will need and who decides.

Leave counts rostered duties, planned ones of the future included, and never days off. "Over one day" is more than one
rostered duty; halves count halves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from fractions import Fraction

from regulation.duty_numbers import number_text
from regulation.findings import Refusal
from regulation.leave_kinds import LeaveKind, middle, share_of
from regulation.leave_routing import Step, decision_steps, note_is_needed
from regulation.limits import Limits
from regulation.marking import N_
from regulation.roles import Role, is_centre_personnel


class Extent(StrEnum):
    """How much of a duty leave takes."""

    WHOLE = "whole"
    FIRST_HALF = "first_half"
    SECOND_HALF = "second_half"


EXTENT_NAMES: dict[Extent, str] = {
    Extent.WHOLE: N_("the whole duty"),
    Extent.FIRST_HALF: N_("the first half"),
    Extent.SECOND_HALF: N_("the second half"),
}


@dataclass(frozen=True, slots=True)
class RosteredDuty:
    """A duty that leave may cover. Without a ``duty_id`` a rotation plans it for later. ``part`` as in attendance."""

    date: date
    starts_at: datetime
    ends_at: datetime
    duty_id: int | None = None
    part: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class LeaveSpan:
    """The days leave is asked for. ``first`` and ``last`` say how much of the first and of the last day.

    With ``from_at`` and ``until_at`` it is leave by the hour, where the centre allows it.
    """

    first_day: date
    last_day: date
    first: Extent = Extent.WHOLE
    last: Extent = Extent.WHOLE
    from_at: datetime | None = None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CoveredDuty:
    """What leave takes of one duty: ``[from_at, until_at)`` of it."""

    duty: RosteredDuty
    from_at: datetime
    until_at: datetime

    @property
    def days(self) -> Fraction:
        """How many rostered duties that is, exactly."""
        share = share_of(self.from_at, self.until_at, self.duty.starts_at, self.duty.ends_at)
        return self.duty.part * share


@dataclass(frozen=True, slots=True)
class LeaveAsk:
    """What somebody wants to ask. ``special`` cases may come late, with a reason (Art. 35)."""

    person_id: int
    role: Role
    kind: LeaveKind
    span: LeaveSpan
    asked_at: datetime
    reason: str = ""
    special: bool = False
    doctor_note: str = ""


@dataclass(frozen=True, slots=True)
class LeaveKnown:
    """What the centre knows of the person: duties ahead, leave asked or accepted, and the days left of this kind.

    ``same_kind`` are those of ``taken`` that are of the kind now asked; ``days_left`` is ``None`` where the centre
    keeps no balance of it.
    """

    rostered: tuple[RosteredDuty, ...] = ()
    taken: tuple[CoveredDuty, ...] = ()
    same_kind: tuple[CoveredDuty, ...] = ()
    days_left: Fraction | None = None


@dataclass(frozen=True, slots=True)
class LeaveNotice:
    """Something to know before asking: a message with ``{name}`` fields, and its article."""

    article: int
    code: str
    text: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeaveAnswer:
    """May it be asked, and who decides: the live answer of a form, and the rule of the request.

    ``days`` is what it covers; ``days_together`` counts the leave of the same kind that it touches. Up to, not
    including, ``ask_before`` it is in time; up to and including ``special_until`` as a special case.
    """

    covered: tuple[CoveredDuty, ...]
    days: Fraction
    days_together: Fraction
    refusals: tuple[Refusal, ...]
    steps: tuple[Step, ...]
    notices: tuple[LeaveNotice, ...]
    ask_before: datetime | None = None
    special_until: datetime | None = None

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against asking."""
        return not self.refusals


def covered_duties(duties: Iterable[RosteredDuty], span: LeaveSpan) -> tuple[CoveredDuty, ...]:
    """Return what ``span`` takes of the rostered ``duties``, in order of time; of days off it takes nothing."""
    inside = [d for d in duties if span.first_day <= d.date <= span.last_day]
    covered = [_cover(duty, span) for duty in sorted(inside, key=lambda d: (d.starts_at, d.ends_at))]
    return tuple(c for c in covered if c.from_at < c.until_at)


def may_ask(ask: LeaveAsk, known: LeaveKnown, zone: tzinfo, limits: Limits) -> LeaveAnswer:
    """Return whether this leave may be asked now, what it will need and who decides (Art. 35-37)."""
    covered = covered_duties(known.rostered, ask.span)
    days = sum((c.days for c in covered), Fraction(0))
    together = days + joined_days(covered, known.same_kind, known.rostered)
    covers_us = is_centre_personnel(ask.role)
    steps = decision_steps(ask.role, ask.kind, together, limits) if covers_us else ()
    refusals = [
        None if covers_us else _not_ours(),
        _covers_nothing(covered),
        _taken_twice(covered, known.taken),
        _hours_refused(ask.span, limits),
    ]
    before = until = None
    if covered:
        first = covered[0].duty
        before = notice_deadline(first, zone, limits)
        until = special_deadline(covered, limits)
        refusals.append(notice_refusal(ask, before, until))
    return LeaveAnswer(
        covered,
        days,
        together,
        tuple(refusal for refusal in refusals if refusal is not None),
        steps,
        (
            *_approval_notices(ask, steps, together, limits),
            *_balance_notices(days, known.days_left),
        ),
        before,
        until,
    )


def notice_deadline(first: RosteredDuty, zone: tzinfo, limits: Limits) -> datetime:
    """Return the first instant (aware UTC) at which leave from duty ``first`` on is no longer asked in time.

    One calendar day before: the whole of the day before the duty's date is in time, its date is not.
    """
    too_late_on = first.date - timedelta(days=limits["leave_notice_days"] - 1)
    midnight = datetime.combine(too_late_on, time(), zone).astimezone(UTC)
    return min(midnight, first.starts_at)


# Art. 35: in special cases within half an hour after taking over. Art. 38: ad-hoc leave, for a part of one duty, is
# asked of the leader beforehand.
def special_deadline(covered: Sequence[CoveredDuty], limits: Limits) -> datetime:
    """Return the last instant (aware UTC) at which a special case may be asked for what leave covers."""
    piece = covered[0]
    after_taking_over = piece.duty.starts_at + limits.minutes("late_leave_request_minutes")
    is_ad_hoc = len(covered) == 1 and piece.days < piece.duty.part
    return max(after_taking_over, piece.from_at) if is_ad_hoc else after_taking_over


# Art. 35: leave is asked one day ahead; in special cases within half an hour after taking over.
def notice_refusal(ask: LeaveAsk, before: datetime, special_until: datetime) -> Refusal | None:
    """Return why the leave comes too late, or ``None``."""
    if ask.asked_at < before:
        return None
    if ask.asked_at > special_until:
        return Refusal(
            35,
            "leave.too_late",
            N_("Leave is asked before {before}; a special case until {until}"),
            N_("Tell the leader on duty now, and ask for a correction after the duty (Art. 33)."),
            instants={"before": before, "until": special_until},
        )
    if not ask.special:
        return Refusal(
            35,
            "leave.no_notice",
            N_("Leave is asked at least a day ahead: before {before}"),
            N_("Mark it as a special case with the reason: possible until {until}."),
            instants={"before": before, "until": special_until},
        )
    if not ask.reason.strip():
        return Refusal(
            35,
            "leave.no_reason",
            N_("A special case needs its reason"),
            N_("Write what happened."),
        )
    return None


def joined_days(
    covered: Sequence[CoveredDuty], same_kind: Iterable[CoveredDuty], rostered: Iterable[RosteredDuty]
) -> Fraction:
    """Return the days of leave of the same kind that ``covered`` touches: no other rostered duty lies between.

    They count together for Art. 36 and 37, so that two requests of one day are not a way around "over one day".
    """
    if not covered:
        return Fraction(0)
    days: dict[datetime, Fraction] = {}
    for piece in same_kind:
        days[piece.duty.starts_at] = days.get(piece.duty.starts_at, Fraction(0)) + piece.days
    asked = {c.duty.starts_at for c in covered}
    order = sorted({d.starts_at for d in rostered} | asked | days.keys())
    first, last = order.index(min(asked)), order.index(max(asked))
    touching = {start for start in asked if start in days}
    for walk in (reversed(order[:first]), order[last + 1 :]):
        for start in walk:
            if start not in days:
                break
            touching.add(start)
    return sum((days[start] for start in touching), Fraction(0))


def _cover(duty: RosteredDuty, span: LeaveSpan) -> CoveredDuty:
    if span.from_at is not None and span.until_at is not None:
        return CoveredDuty(duty, max(span.from_at, duty.starts_at), min(span.until_at, duty.ends_at))
    extents = {span.first} if duty.date == span.first_day else set()
    if duty.date == span.last_day:
        extents.add(span.last)
    half = middle(duty.starts_at, duty.ends_at)
    from_at = half if Extent.SECOND_HALF in extents else duty.starts_at
    until_at = half if Extent.FIRST_HALF in extents else duty.ends_at
    return CoveredDuty(duty, from_at, until_at)


def _not_ours() -> Refusal:
    return Refusal(
        2,
        "leave.not_centre",
        N_("This regulation covers the centre's own personnel only"),
        N_("Ask where you are employed."),
    )


def _covers_nothing(covered: Sequence[CoveredDuty]) -> Refusal | None:
    if covered:
        return None
    return Refusal(
        35,
        "leave.no_duty",
        N_("No duty is rostered in that time: there is nothing to take leave from"),
        N_("Check the days; days off need no leave."),
    )


def _taken_twice(covered: Iterable[CoveredDuty], taken: Iterable[CoveredDuty]) -> Refusal | None:
    taken = tuple(taken)
    for piece in covered:
        if any(piece.from_at < other.until_at and other.from_at < piece.until_at for other in taken):
            return Refusal(
                35,
                "leave.twice",
                N_("The duty of {date} is on leave, or asked for, already"),
                N_("Withdraw or change that leave first."),
                {"date": piece.duty.date.isoformat()},
            )
    return None


def _hours_refused(span: LeaveSpan, limits: Limits) -> Refusal | None:
    if span.from_at is None or span.until_at is None:
        return None
    step = limits["leave_step_minutes"]
    length = span.until_at - span.from_at
    if step and span.first_day == span.last_day and length > timedelta():
        if length % timedelta(minutes=step) == timedelta():
            return None
        return Refusal(
            35,
            "leave.step",
            N_("Leave by the hour goes in steps of {minutes} min"),
            N_("Choose another beginning or end."),
            {"minutes": str(step)},
        )
    return Refusal(
        35,
        "leave.no_hours",
        N_("Leave by the hour is not possible here"),
        N_("Ask for a half or a whole duty, or for a permit to leave the seat (Art. 14)."),
    )


def _approval_notices(
    ask: LeaveAsk, steps: Iterable[Step], together: Fraction, limits: Limits
) -> list[LeaveNotice]:
    notices = []
    if any(step.article == 36 for step in steps):
        text = N_("It takes effect only with the deputy manager's approval")
        notices.append(LeaveNotice(36, "manager", text))
    if note_is_needed(ask.kind, together, limits) and not ask.doctor_note.strip():
        text = N_("It cannot be approved before a doctor's note is on record")
        notices.append(LeaveNotice(37, "note", text))
    return notices


def _balance_notices(days: Fraction, left: Fraction | None) -> list[LeaveNotice]:
    if left is None or days <= left:
        return []
    text = N_("It takes {days} duties, and only {left} are left")
    details = {"days": number_text(days), "left": number_text(left)}
    return [LeaveNotice(35, "balance", text, details)]
