"""What attendance says of one duty (Art. 33, 34), and the words for it."""

from __future__ import annotations

from enum import StrEnum

from regulation.marking import N_


class DutyVerdict(StrEnum):
    """The verdict on one duty; the value is what the data stores and exports."""

    PRESENT = "present"
    LATE_FOR_RELIEF = "late_for_relief"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    ON_LEAVE = "on_leave"
    SWAPPED_OUT = "swapped_out"
    UNKNOWN = "unknown"


VERDICT_NAMES: dict[DutyVerdict, str] = {
    DutyVerdict.PRESENT: N_("attended"),
    DutyVerdict.LATE_FOR_RELIEF: N_("late for relief"),
    DutyVerdict.LATE: N_("came late"),
    DutyVerdict.LEFT_EARLY: N_("left early"),
    DutyVerdict.ABSENT: N_("absent from duty"),
    DutyVerdict.ON_LEAVE: N_("on leave"),
    DutyVerdict.SWAPPED_OUT: N_("swapped out"),
    DutyVerdict.UNKNOWN: N_("not clear"),
}

# Art. 34, as read here: who came attended, however late; the minutes and the findings say how well.
ATTENDED = frozenset(
    {DutyVerdict.PRESENT, DutyVerdict.LATE_FOR_RELIEF, DutyVerdict.LATE, DutyVerdict.LEFT_EARLY}
)

# What a correction may say of a duty; leave and swaps have ways of their own, and "not clear" corrects nothing.
CORRECTABLE = ATTENDED | {DutyVerdict.ABSENT}


class UnknownReason(StrEnum):
    """Why there is no verdict. Nothing is guessed: each names what is missing."""

    NOT_OVER = "not_over"
    OUTAGE = "outage"
    CLOCK_SUSPECT = "clock_suspect"
    NO_DIRECTION = "no_direction"
    MISSING_ENTRY = "missing_entry"
    MISSING_EXIT = "missing_exit"


UNKNOWN_NAMES: dict[UnknownReason, str] = {
    UnknownReason.NOT_OVER: N_("the duty is not over yet, or its evidence may still come"),
    UnknownReason.OUTAGE: N_("the door was out of service then"),
    UnknownReason.CLOCK_SUSPECT: N_("the door's clock was not sure then"),
    UnknownReason.NO_DIRECTION: N_("a punch does not say whether it was in or out"),
    UnknownReason.MISSING_ENTRY: N_("an entry is missing"),
    UnknownReason.MISSING_EXIT: N_("an exit is missing"),
}
