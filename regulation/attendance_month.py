"""The month of attendance (Art. 34): per person and per team, exactly, with its formula, on time, and frozen.

The regulation names a rate and no formula. The reading: duties attended ÷ duties due, where due is what was rostered
less public holiday, annual and compensatory leave. Coming late, late for relief or leaving early is attending, and is
counted beside it; absence and all other leave are not. Halves count halves. A duty belongs to the month of its date,
also a night that ends in the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction

from regulation.attendance import Judgement
from regulation.attendance_evidence import JudgedDuty
from regulation.duty_numbers import number_text, percent_text
from regulation.duty_verdicts import ATTENDED, DutyVerdict
from regulation.findings import Blocker, Finding, Refusal
from regulation.leave_kinds import NOT_DUE, LeaveKind, LeaveShare
from regulation.leave_routing import Delegation
from regulation.limits import Limits
from regulation.marking import N_
from regulation.values import value

_NOTHING = Fraction(0)


@value
class CountedDuty:
    """One duty as the month counts it: ``part`` of a whole duty, ``leave`` what each kind takes of it."""

    duty_id: int
    person_id: int
    team: str
    date: date
    verdict: DutyVerdict
    part: Fraction = Fraction(1)
    leave: Sequence[LeaveShare] = ()
    minutes_late: int = 0
    minutes_early: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """What a month adds up to, in duties. ``by_category`` holds verdicts and kinds of leave by their stored values.

    The categories add up to ``rostered``. ``unresolved`` are the ids of duties that are not clear.
    """

    rostered: Fraction = _NOTHING
    due: Fraction = _NOTHING
    attended: Fraction = _NOTHING
    by_category: Mapping[str, Fraction] = field(default_factory=dict)
    unresolved: tuple[int, ...] = ()
    minutes_late: int = 0
    minutes_early: int = 0

    @property
    def rate(self) -> Fraction | None:
        """Attended ÷ due, exactly; ``None`` when nothing was due."""
        return self.attended / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """One line of the printed formula: a message, and its numbers as text."""

    text: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DutyChange:
    """How one duty counts in an earlier and a later version of a month; ``None`` where it was not in it."""

    duty_id: int
    before: CountedDuty | None
    after: CountedDuty | None


def counted(duty: JudgedDuty, judgement: Judgement) -> CountedDuty:
    """Return a judged duty as the month counts it."""
    record = duty.record
    return CountedDuty(
        record.id,
        record.person_id,
        duty.team,
        record.date,
        judgement.verdict,
        judgement.part,
        judgement.leave_shares,
        judgement.minutes_late,
        judgement.minutes_early,
    )


def categories(duty: CountedDuty) -> dict[str, Fraction]:
    """Return what of one duty counts for which category; nothing of a duty that was swapped away (Art. 38)."""
    if duty.verdict is DutyVerdict.SWAPPED_OUT:
        return {}
    if not duty.leave:
        return {duty.verdict.value: duty.part}
    found = {share.kind.value: duty.part * share.share for share in duty.leave}
    worked = duty.part - sum(found.values(), _NOTHING)
    if worked:
        found[duty.verdict.value] = worked
    return found


def totals(duties: Iterable[CountedDuty]) -> Totals:
    """Add up ``duties``, each counted once however often it is given (Art. 34)."""
    once = {duty.duty_id: duty for duty in duties}
    by_category: dict[str, Fraction] = {}
    whole: dict[str, int] = {}  # most duties are whole ones, and whole numbers add up faster
    for duty in once.values():
        for category, share in categories(duty).items():
            if share.denominator == 1:
                whole[category] = whole.get(category, 0) + share.numerator
            else:
                by_category[category] = by_category.get(category, _NOTHING) + share
    for category, number in whole.items():
        by_category[category] = by_category.get(category, _NOTHING) + number
    rostered = sum(by_category.values(), _NOTHING)
    return Totals(
        rostered,
        rostered - _sum_of(by_category, NOT_DUE),
        _sum_of(by_category, ATTENDED),
        dict(sorted(by_category.items())),
        tuple(sorted(d.duty_id for d in once.values() if d.verdict is DutyVerdict.UNKNOWN)),
        sum(d.minutes_late for d in once.values()),
        sum(d.minutes_early for d in once.values()),
    )


def formula(month: Totals) -> tuple[FormulaLine, FormulaLine]:
    """Return the formula with this month's numbers, to be printed beside the rate (Art. 34)."""
    kinds = {kind.value: number_text(month.by_category.get(kind.value, _NOTHING)) for kind in sorted(NOT_DUE)}
    numbers = {
        "rostered": number_text(month.rostered),
        "due": number_text(month.due),
        "attended": number_text(month.attended),
        "rate": "—" if month.rate is None else percent_text(month.rate),
    }
    return (
        FormulaLine(
            N_(
                "Due = {rostered} rostered − {public_holiday} public holiday − {annual} annual"
                " − {compensatory} compensatory = {due}"
            ),
            numbers | kinds,
        ),
        FormulaLine(N_("Attendance rate = {attended} attended ÷ {due} due = {rate}"), numbers),
    )


# Art. 34: on time, every month. The regulation names no day: the house reads ``attendance_due_day`` of the next month.
def submission_due_on(month: date, limits: Limits) -> date:
    """Return the last civil day on which the attendance of the month of ``month`` is in time."""
    return _next_month(month).replace(day=limits["attendance_due_day"])


def submission_deadline(month: date, zone: tzinfo, limits: Limits) -> datetime:
    """Return the first instant (aware UTC) at which it is late: the end of that day in the centre's zone."""
    day_after = submission_due_on(month, limits) + timedelta(days=1)
    return datetime.combine(day_after, time(), zone).astimezone(UTC)


def submission_is_late(month: date, submitted_at: datetime, zone: tzinfo, limits: Limits) -> bool:
    """Whether attendance handed in, or still missing, at ``submitted_at`` is late (Art. 34)."""
    return submitted_at >= submission_deadline(month, zone, limits)


def late_submission(
    team: str, month: date, leader_id: int | None, at: datetime, zone: tzinfo, limits: Limits
) -> Finding | None:
    """Return the finding for a month that was not in by its deadline; ``at`` is when it came, or now."""
    if not submission_is_late(month, at, zone, limits):
        return None
    said = {"team": team, "month": f"{month:%Y-%m}"}
    return Finding("attendance_late", at, leader_id, None, (), limits.version, said)


# Art. 34: the shift leader computes the rate of their own team.
def submission_refusal(
    submitted_by: int, leader_id: int, delegations: Iterable[Delegation], on: date
) -> Refusal | None:
    """Return why ``submitted_by`` (person ids) may not hand in the month of the leader's team on a civil day.

    While the leader is away their recorded delegate does; the finding for a late month stays the leader's.
    """
    stands_in = any(
        d.from_id == leader_id and d.to_id == submitted_by and d.is_in_force(on) for d in delegations
    )
    if submitted_by == leader_id or stands_in:
        return None
    return Refusal(
        34,
        "month.not_yours",
        N_("The team's leader hands in its month"),
        N_("Have a delegate recorded while the leader is away."),
    )


# Art. 34: exactly: a day that is not clear blocks the month until it is settled.
def submission_blockers(
    month: date, duties: Iterable[CountedDuty], now: datetime, zone: tzinfo
) -> tuple[Blocker, ...]:
    """Return what stands against handing the month in at ``now``: it is not over, or duties are not clear."""
    month_ends_at = datetime.combine(_next_month(month), time(), zone).astimezone(UTC)
    blockers = []
    if now < month_ends_at:
        blockers.append(
            Blocker(34, "month_not_over", f"month:{month:%Y-%m}", N_("The month is not over yet"))
        )
    unresolved = sorted(
        (d for d in duties if d.verdict is DutyVerdict.UNKNOWN), key=lambda d: (d.date, d.duty_id)
    )
    blockers += [
        Blocker(
            34,
            "duty_unresolved",
            f"duty:{duty.duty_id}",
            N_("The duty of {date} is not clear: settle it with a correction"),
            {"date": duty.date.isoformat()},
        )
        for duty in unresolved
    ]
    return tuple(blockers)


def month_diff(before: Iterable[CountedDuty], after: Iterable[CountedDuty]) -> tuple[DutyChange, ...]:
    """Return what a restatement changes, by duty; an unchanged month has none (Art. 34: frozen, never rewritten)."""
    old = {duty.duty_id: duty for duty in before}
    new = {duty.duty_id: duty for duty in after}
    changes = (DutyChange(n, old.get(n), new.get(n)) for n in sorted(old.keys() | new.keys()))
    return tuple(change for change in changes if change.before != change.after)


def _sum_of(
    by_category: Mapping[str, Fraction], wanted: Iterable[DutyVerdict] | Iterable[LeaveKind]
) -> Fraction:
    return sum((by_category.get(category.value, _NOTHING) for category in wanted), _NOTHING)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
