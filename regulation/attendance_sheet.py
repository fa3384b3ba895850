"""A team's month of attendance as it leaves the house (Art. 34): every duty with its verdict, and the sums beside it.

Operations fill these records, a submission freezes them, and reports set them on paper and in a spreadsheet. Numbers
of duties are exact text (``21``, ``43/2``): what was frozen is never rounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction

from regulation.attendance_month import CountedDuty, Totals, totals
from regulation.duty_verdicts import DutyVerdict, UnknownReason
from regulation.leave_kinds import LeaveKind, LeaveShare


@dataclass(frozen=True, slots=True)
class AttendanceShift:
    """A kind of shift in the legend."""

    code: str
    name: str
    name_en: str
    short: str


@dataclass(frozen=True, slots=True)
class AttendanceFinding:
    """What a duty breached, by article and code."""

    article: int
    code: str


@dataclass(frozen=True, slots=True)
class AttendanceLeave:
    """What part of the duty leave of one kind takes; ``kind`` as the data stores it, ``share`` exact."""

    kind: str
    share: str


@dataclass(frozen=True, slots=True)
class AttendanceDuty:
    """One duty, judged. ``part`` is what it is of a whole duty (exact); ``unknown`` are the reasons of no verdict.

    ``team`` is the duty's own. ``limits`` is the version of the limits it was judged by, ``correction`` the id of the
    correction in force, 0 for none.
    """

    id: int
    date: date
    shift: str
    starts_at: datetime
    ends_at: datetime
    verdict: str
    part: str = "1"
    team: str = ""
    minutes_late: int = 0
    minutes_early: int = 0
    leave: tuple[AttendanceLeave, ...] = ()
    unknown: tuple[str, ...] = ()
    findings: tuple[AttendanceFinding, ...] = ()
    evidence: tuple[str, ...] = ()
    limits: str = ""
    correction: int = 0


@dataclass(frozen=True, slots=True)
class AttendancePerson:
    """One person's month, their duties in order of time."""

    id: int
    work_number: str
    name: str
    duties: tuple[AttendanceDuty, ...] = ()


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """A team's month; ``version`` 0 is a draft that nobody has submitted.

    The digest of a submitted month covers everything but the digest itself.
    """

    centre: str
    time_zone: str
    month: date
    team: str
    team_name: str
    shifts: tuple[AttendanceShift, ...] = ()
    people: tuple[AttendancePerson, ...] = ()
    version: int = 0
    submitted_by: str = ""
    submitted_at: datetime | None = None
    reason: str = ""
    digest: str = field(default="", metadata={"sealed": False})

    @property
    def is_draft(self) -> bool:
        """Whether it was made before the month was submitted."""
        return self.version == 0

    @property
    def limits_versions(self) -> tuple[str, ...]:
        """The versions of the limits that shaped it, each once, in the order of the duties."""
        return tuple(dict.fromkeys(duty.limits for person in self.people for duty in person.duties))

    @property
    def totals(self) -> Totals:
        """What the month adds up to."""
        return totals(counted_duties(self))


def of_what_is_over(sheet: AttendanceSheet) -> AttendanceSheet:
    """Return the sheet without the duties that no verdict can be given on yet: what a month that runs adds up to so far."""
    people = tuple(
        replace(person, duties=tuple(d for d in person.duties if UnknownReason.NOT_OVER not in d.unknown))
        for person in sheet.people
    )
    return replace(sheet, people=people)


def counted_duties(sheet: AttendanceSheet) -> list[CountedDuty]:
    """Return every duty of a sheet as the month counts it."""
    return [counted_duty(person, duty) for person in sheet.people for duty in person.duties]


def person_totals(person: AttendancePerson) -> Totals:
    """Return what one person's month adds up to."""
    return totals(counted_duty(person, duty) for duty in person.duties)


def counted_duty(person: AttendancePerson, duty: AttendanceDuty) -> CountedDuty:
    """Return one duty of a sheet as the month counts it."""
    leave = tuple(LeaveShare(LeaveKind(piece.kind), Fraction(piece.share)) for piece in duty.leave)
    return CountedDuty(
        duty.id,
        person.id,
        duty.team,
        duty.date,
        DutyVerdict(duty.verdict),
        Fraction(duty.part),
        leave,
        duty.minutes_late,
        duty.minutes_early,
    )


def exact(number: Fraction) -> str:
    """Return a number of duties as the sheet keeps it."""
    return str(number)


def leave_of(shares: Iterable[LeaveShare]) -> tuple[AttendanceLeave, ...]:
    """Return what leave takes of a duty as the sheet keeps it."""
    return tuple(AttendanceLeave(share.kind.value, exact(share.share)) for share in shares)
