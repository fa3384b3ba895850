"""The signs of attendance: what stands in a cell of a month, on screen, on paper and in a spreadsheet.

A sign tells everything by itself; the colour beside it is only for the eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from locales import N_
from regulation.attendance_month import CountedDuty, categories
from regulation.duty_verdicts import VERDICT_NAMES, DutyVerdict
from regulation.leave_kinds import LEAVE_NAMES, LeaveKind

BETWEEN = "/"


class Tone(StrEnum):
    """How much a cell asks for a look, the least first."""

    FREE = "free"
    PRESENT = "present"
    SWAPPED = "swapped"
    LEAVE = "leave"
    MILD = "mild"
    LATE = "late"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sign:
    """How a category is written: its sign, its tone, the word of its column, and its name (all messages)."""

    sign: str
    tone: Tone
    label: str
    name: str


def _verdict(verdict: DutyVerdict, sign: str, tone: Tone, label: str) -> tuple[str, Sign]:
    return verdict.value, Sign(sign, tone, label, VERDICT_NAMES[verdict])


def _leave(kind: LeaveKind, sign: str, label: str) -> tuple[str, Sign]:
    return kind.value, Sign(sign, Tone.LEAVE, label, LEAVE_NAMES[kind])


# In the order of the columns: how one came, what was missed, what leave was for, what counts as not due.
SIGNS: dict[str, Sign] = dict(
    (
        (DutyVerdict.PRESENT.value, Sign("✓", Tone.PRESENT, N_("In time"), N_("attended, in time"))),
        _verdict(DutyVerdict.LATE_FOR_RELIEF, N_("rl"), Tone.MILD, N_("Relief late")),
        _verdict(DutyVerdict.LATE, N_("lt"), Tone.LATE, N_("Late")),
        _verdict(DutyVerdict.LEFT_EARLY, N_("er"), Tone.LATE, N_("Early")),
        _verdict(DutyVerdict.ABSENT, "×", Tone.ABSENT, N_("Absent")),
        _verdict(DutyVerdict.UNKNOWN, "□", Tone.UNKNOWN, N_("Not clear")),
        _leave(LeaveKind.SICK, N_("si"), N_("Sick")),
        _leave(LeaveKind.PERSONAL, N_("pe"), N_("Pers.")),
        _leave(LeaveKind.MARRIAGE, N_("ma"), N_("Marr.")),
        _leave(LeaveKind.MATERNITY, N_("mt"), N_("Mat.")),
        _leave(LeaveKind.FAMILY_VISIT, N_("fv"), N_("Fam. visit")),
        _leave(LeaveKind.BEREAVEMENT, N_("be"), N_("Ber.")),
        _leave(LeaveKind.ANNUAL, N_("an"), N_("Ann.")),
        _leave(LeaveKind.COMPENSATORY, N_("co"), N_("Comp.")),
        _leave(LeaveKind.PUBLIC_HOLIDAY, N_("ph"), N_("Pub. hol.")),
    )
)
# A duty that went to somebody else counts for nothing: it has a sign and no column.
SWAPPED = Sign(N_("sw"), Tone.SWAPPED, "", VERDICT_NAMES[DutyVerdict.SWAPPED_OUT])
_TONES = tuple(Tone)


def signs_of(duty: CountedDuty) -> tuple[Sign, ...]:
    """Return the signs of one duty: how the worked part went, then what leave took of it."""
    if duty.verdict is DutyVerdict.SWAPPED_OUT:
        return (SWAPPED,)
    found = categories(duty)
    return tuple(sign for category, sign in SIGNS.items() if category in found)


def tone_of(signs: tuple[Sign, ...]) -> Tone:
    """Return the tone of a cell with these signs: that which most asks for a look."""
    return max((sign.tone for sign in signs), key=_TONES.index, default=Tone.FREE)
