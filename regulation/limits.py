"""The regulation's numbers: each with its article, its unit and the date it takes effect.

The regulation fixes five of them. The others are the house's reading where the regulation demands a decision
but gives no figure, or labour law, which the regulation does not repeat; ``source`` says which is which, and every
report prints the ones that shaped it.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from regulation.marking import N_

REGULATION = "regulation"
HOUSE = "house"
LABOUR_LAW = "labour_law"
# A number about rest has no article of the regulation; its ``law`` says where it comes from.
NO_ARTICLE = 0


@dataclass(frozen=True, slots=True)
class LimitDefinition:
    """A number the rules may use. ``lowest``/``highest`` bound what a centre may set it to.

    ``article`` is the regulation's, :data:`NO_ARTICLE` for one of labour law; ``law`` names the law it is of or
    follows.
    """

    name: str
    article: int
    unit: str
    value: int
    label: str
    source: str = REGULATION
    lowest: int = 0
    highest: int = 1_000_000
    law: str = ""


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A centre's own value for a limit, in force from the start of a civil day."""

    name: str
    value: int
    effective_from: date


MINUTES, SECONDS, HOURS = N_("minutes"), N_("seconds"), N_("hours")
DAYS, CALENDAR_DAYS, PEOPLE = N_("rostered duty days"), N_("calendar days"), N_("people")
TIMES = N_("times")
SIGNS, PERCENT = N_("signs a minute"), "%"
FREE_DAYS, DUTY_RUN, WEEKS, CLOCK = N_("free days"), N_("days in a row"), N_("weeks"), N_("o'clock")
DAY_OF_MONTH = N_("day of the next month")

DEFINITIONS: tuple[LimitDefinition, ...] = (
    LimitDefinition(
        "relief_early_minutes", 21, MINUTES, 10, N_("relief arrives before the shift"), highest=120
    ),
    LimitDefinition(
        "late_leave_request_minutes", 35, MINUTES, 30, N_("special leave after taking over"), highest=240
    ),
    LimitDefinition("leave_notice_days", 35, CALENDAR_DAYS, 1, N_("leave is asked in advance"), highest=30),
    LimitDefinition(
        "manager_approval_over_days", 36, DAYS, 1, N_("leave that needs the deputy manager"), highest=30
    ),
    LimitDefinition("doctor_note_over_days", 37, DAYS, 1, N_("sick leave that needs a note"), highest=30),
    LimitDefinition(
        "arrival_window_minutes",
        21,
        MINUTES,
        120,
        N_("an entry this long before a duty counts as arriving for it"),
        HOUSE,
        lowest=10,
        highest=360,
    ),
    LimitDefinition(
        "escort_window_seconds", 20, SECONDS, 30, N_("the escort badges after the visitor"), HOUSE, 5, 300
    ),
    LimitDefinition("visitors_per_escort", 20, PEOPLE, 4, N_("visitors one escort may lead"), HOUSE, 1, 50),
    LimitDefinition(
        "repeat_window_seconds", 20, SECONDS, 3, N_("the same badge again is one swipe"), HOUSE, 0, 60
    ),
    LimitDefinition(
        "snapshot_staff_hours",
        20,
        HOURS,
        168,
        N_("staff enter while the centre is out of reach"),
        HOUSE,
        1,
        2160,
    ),
    LimitDefinition(
        "snapshot_visit_hours",
        20,
        HOURS,
        12,
        N_("visits count while the centre is out of reach"),
        HOUSE,
        1,
        168,
    ),
    LimitDefinition(
        "snapshot_walkup_hours",
        20,
        HOURS,
        4,
        N_("a leader may approve visitors at the door while the centre is out of reach"),
        HOUSE,
        0,
        168,
    ),
    LimitDefinition(
        "most_people_inside", 20, PEOPLE, 60, N_("people inside at once, all told"), HOUSE, 1, 5000
    ),
    LimitDefinition("most_visitors_inside", 20, PEOPLE, 12, N_("visitors inside at once"), HOUSE, 0, 500),
    LimitDefinition(
        "door_held_seconds", 20, SECONDS, 30, N_("the door may stand open after an entry"), HOUSE, 5, 600
    ),
    LimitDefinition(
        "refusals_before_lockout", 20, TIMES, 5, N_("refusals in a row before a reader rests"), HOUSE, 2, 100
    ),
    LimitDefinition(
        "lockout_seconds", 20, SECONDS, 60, N_("a reader rests after too many refusals"), HOUSE, 5, 3600
    ),
    LimitDefinition(
        "pin_tries", 20, TIMES, 3, N_("wrong PINs at the door before it stops asking"), HOUSE, 1, 20
    ),
    LimitDefinition(
        "temporary_badge_hours", 20, HOURS, 14, N_("a temporary badge is handed back"), HOUSE, 1, 72
    ),
    LimitDefinition(
        "relief_lookback_minutes", 24, MINUTES, 360, N_("an unrelieved duty stays open"), HOUSE, 30, 1440
    ),
    LimitDefinition(
        "no_show_after_minutes", 21, MINUTES, 15, N_("a leader who is not there has not come"), HOUSE, 1, 240
    ),
    LimitDefinition(
        "notify_within_minutes", 11, MINUTES, 15, N_("an abnormal event is told to someone"), HOUSE, 1, 240
    ),
    LimitDefinition(
        "flood_window_minutes",
        9,
        MINUTES,
        10,
        N_("the same report of one source again is counted, not written anew"),
        HOUSE,
        0,
        240,
    ),
    LimitDefinition(
        "escalate_overdue_minutes",
        7,
        MINUTES,
        30,
        N_("an overdue item goes to the senior shift leader"),
        HOUSE,
        0,
        1440,
    ),
    LimitDefinition(
        "figures_due_minutes", 8, MINUTES, 60, N_("daily figures are in after the shift"), HOUSE, 0, 1440
    ),
    LimitDefinition(
        "figures_missing_hours", 8, HOURS, 24, N_("late figures count as missing"), HOUSE, 1, 720
    ),
    LimitDefinition(
        "carried_entry_hours",
        33,
        HOURS,
        14,
        N_("an entry this long before a duty can still be the one it was worked on"),
        HOUSE,
        2,
        48,
    ),
    LimitDefinition(
        "attendance_due_day",
        34,
        DAY_OF_MONTH,
        3,
        N_("the attendance of the month before is in"),
        HOUSE,
        1,
        28,
    ),
    LimitDefinition(
        "assessment_due_day",
        44,
        DAY_OF_MONTH,
        5,
        N_("the assessment of the month before is sent"),
        HOUSE,
        1,
        28,
    ),
    LimitDefinition(
        "leave_step_minutes",
        35,
        MINUTES,
        0,
        N_("leave by the hour goes in steps of this; 0: whole and half duties only"),
        HOUSE,
        0,
        240,
    ),
    LimitDefinition(
        "leave_undecided_hours",
        35,
        HOURS,
        12,
        N_("undecided leave goes a rank up this long before its duty"),
        HOUSE,
        1,
        168,
    ),
    LimitDefinition(
        "leave_answer_minutes", 35, MINUTES, 60, N_("time to decide leave before that"), HOUSE, 5, 1440
    ),
    LimitDefinition(
        "handover_unsigned_minutes",
        21,
        MINUTES,
        30,
        N_("an unsigned handover goes to the senior shift leader"),
        HOUSE,
        1,
        480,
    ),
    LimitDefinition(
        "swap_piece_minutes", 38, MINUTES, 30, N_("the shortest part of a duty in a swap"), HOUSE, 1, 720
    ),
    # Follow-up of the registers: the regulation asks for it and names no time.
    LimitDefinition(
        "breach_look_days", 4, CALENDAR_DAYS, 3, N_("a breach report is looked at"), HOUSE, 1, 60
    ),
    LimitDefinition(
        "breach_close_days", 4, CALENDAR_DAYS, 15, N_("a breach that is looked into is closed"), HOUSE, 1, 180
    ),
    # Whoever stands at a door can type there: a register that was flooded would hide what is true in it.
    LimitDefinition(
        "unnamed_reports_an_hour",
        4,
        TIMES,
        6,
        N_("breach reports without a name at one door in an hour"),
        HOUSE,
        1,
        60,
    ),
    LimitDefinition(
        "training_result_days", 12, CALENDAR_DAYS, 7, N_("who attended a training is on record"), HOUSE, 1, 90
    ),
    LimitDefinition(
        "training_again_days",
        12,
        CALENDAR_DAYS,
        30,
        N_("a training not passed is taken again"),
        HOUSE,
        1,
        180,
    ),
    LimitDefinition(
        "reward_decision_days",
        13,
        CALENDAR_DAYS,
        15,
        N_("a proposed reward or penalty is decided"),
        HOUSE,
        1,
        90,
    ),
    LimitDefinition(
        "reward_told_days", 13, CALENDAR_DAYS, 3, N_("whoever is rewarded or penalised is told"), HOUSE, 1, 30
    ),
    LimitDefinition(
        "cleaning_remedy_days", 15, CALENDAR_DAYS, 1, N_("what was not clean is put right"), HOUSE, 0, 30
    ),
    LimitDefinition(
        "patrol_remedy_days", 16, CALENDAR_DAYS, 3, N_("what a patrol found is put right"), HOUSE, 0, 30
    ),
    LimitDefinition(
        "line_lock_answer_minutes", 18, MINUTES, 30, N_("a wish to lock a line is answered"), HOUSE, 1, 480
    ),
    LimitDefinition(
        "damage_told_days", 19, CALENDAR_DAYS, 1, N_("damage is passed on for repair"), HOUSE, 0, 30
    ),
    LimitDefinition(
        "damage_repair_days", 19, CALENDAR_DAYS, 14, N_("damaged equipment is repaired"), HOUSE, 1, 180
    ),
    LimitDefinition(
        "undertaking_sign_days", 26, CALENDAR_DAYS, 14, N_("an undertaking is signed"), HOUSE, 1, 90
    ),
    LimitDefinition(
        "undertaking_valid_days", 26, CALENDAR_DAYS, 365, N_("an undertaking holds"), HOUSE, 30, 731
    ),
    LimitDefinition(
        "qa_seen_days", 40, CALENDAR_DAYS, 3, N_("a QA form is seen by whom it is about"), HOUSE, 1, 30
    ),
    LimitDefinition(
        "qa_answer_days", 40, CALENDAR_DAYS, 7, N_("an objection to a QA form is answered"), HOUSE, 1, 60
    ),
    LimitDefinition(
        "escalation_answer_hours",
        42,
        HOURS,
        24,
        N_("what was passed to the manager's line is answered"),
        HOUSE,
        1,
        240,
    ),
    # What the registers are held against: the numbers of the house.
    LimitDefinition(
        "typing_signs_a_minute", 10, SIGNS, 60, N_("Chinese signs typed right in a minute"), HOUSE, 10, 300
    ),
    LimitDefinition(
        "typing_accuracy_percent",
        10,
        PERCENT,
        95,
        N_("signs of a typing test that are right"),
        HOUSE,
        50,
        100,
    ),
    LimitDefinition(
        "cleaning_due_minutes",
        15,
        MINUTES,
        60,
        N_("a shift's cleaning is on record after it"),
        HOUSE,
        0,
        1440,
    ),
    LimitDefinition(
        "undertaking_notice_days",
        26,
        CALENDAR_DAYS,
        30,
        N_("an undertaking that runs out is asked for anew"),
        HOUSE,
        1,
        180,
    ),
    LimitDefinition("qa_pass_percent", 40, PERCENT, 80, N_("points of a QA form that pass"), HOUSE, 1, 100),
    LimitDefinition(
        "qa_forms_a_month", 40, TIMES, 2, N_("each operator is inspected in a month"), HOUSE, 0, 20
    ),
    # Rest between duties. The law's own numbers first (劳动法), then the house's.
    LimitDefinition(
        "weekly_hours",
        NO_ARTICLE,
        HOURS,
        44,
        N_("hours a week on average"),
        LABOUR_LAW,
        20,
        60,
        law=N_("Labour Law Art. 36"),
    ),
    LimitDefinition(
        "weekly_rest_days",
        NO_ARTICLE,
        FREE_DAYS,
        1,
        N_("free days in every week"),
        LABOUR_LAW,
        1,
        3,
        law=N_("Labour Law Art. 38"),
    ),
    LimitDefinition(
        "monthly_overtime_hours",
        NO_ARTICLE,
        HOURS,
        36,
        N_("overtime in a month"),
        LABOUR_LAW,
        0,
        80,
        law=N_("Labour Law Art. 41"),
    ),
    LimitDefinition(
        "daily_rest_hours",
        NO_ARTICLE,
        HOURS,
        11,
        N_("rest between two duties"),
        HOUSE,
        0,
        24,
        law=N_("as in EU 2003/88/EC Art. 3"),
    ),
    LimitDefinition("longest_run_days", NO_ARTICLE, DUTY_RUN, 6, N_("duties on days in a row"), HOUSE, 1, 31),
    LimitDefinition(
        "after_night_from_hour",
        NO_ARTICLE,
        CLOCK,
        12,
        N_("the day after a night, no duty begins before"),
        HOUSE,
        0,
        24,
    ),
    LimitDefinition(
        "weekly_hours_weeks",
        NO_ARTICLE,
        WEEKS,
        8,
        N_("weeks over which weekly hours are averaged"),
        HOUSE,
        1,
        26,
    ),
    LimitDefinition(
        "office_break_minutes",
        NO_ARTICLE,
        MINUTES,
        60,
        N_("break in office hours, which is no working time"),
        HOUSE,
        0,
        180,
    ),
    LimitDefinition(
        "reveal_seconds",
        28,
        SECONDS,
        20,
        N_("a revealed confidential number hides itself again"),
        HOUSE,
        5,
        120,
    ),
    LimitDefinition(
        "wishes_a_month", NO_ARTICLE, TIMES, 8, N_("wishes of one person for a month"), HOUSE, 0, 62
    ),
    LimitDefinition(
        "fairness_days",
        NO_ARTICLE,
        CALENDAR_DAYS,
        92,
        N_("nights, weekends and holidays count for fairness"),
        HOUSE,
        0,
        366,
    ),
    LimitDefinition(
        "backup_age_hours", 32, HOURS, 26, N_("the last good backup may be this old"), HOUSE, 1, 720
    ),
    LimitDefinition(
        "visitor_details_days",
        20,
        CALENDAR_DAYS,
        180,
        N_("visitors' names, units and phones are kept"),
        HOUSE,
        30,
        3650,
    ),
)
BY_NAME: Mapping[str, LimitDefinition] = MappingProxyType({limit.name: limit for limit in DEFINITIONS})


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits in force on one day. ``version`` names exactly this set of values, on paper and in verdicts."""

    values: Mapping[str, int]
    version: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Name the set by eight hexadecimal digits that change whenever any value does."""
        text = ";".join(f"{name}={self.values[name]}" for name in sorted(self.values))
        object.__setattr__(self, "version", hashlib.sha256(text.encode()).hexdigest()[:8])

    def __getitem__(self, name: str) -> int:
        return self.values[name]

    def minutes(self, name: str) -> timedelta:
        """A limit in minutes as a duration."""
        return _duration(self.values[name] * 60)

    def seconds(self, name: str) -> timedelta:
        """A limit in seconds as a duration."""
        return _duration(self.values[name])

    def hours(self, name: str) -> timedelta:
        """A limit in hours as a duration."""
        return _duration(self.values[name] * 3600)


# A month of attendance asks for the same few durations some hundred thousand times.
@functools.cache
def _duration(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def limits_in_force(changes: Iterable[LimitChange], on: date) -> Limits:
    """Return the limits of civil day ``on``: the latest change in effect wins, the definition otherwise."""
    values = {limit.name: limit.value for limit in DEFINITIONS}
    for change in sorted(changes, key=lambda c: c.effective_from):
        if change.effective_from <= on and change.name in values:
            values[change.name] = change.value
    return Limits(MappingProxyType(values))


DEFAULT_LIMITS = limits_in_force((), date.min)
