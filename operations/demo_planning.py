"""The demo's roster to come: what shifts need, a month planned in the draft, a gap repaired by the planner, and swaps.

The month after next is not published yet: its draft follows the rotations, people wish for days in it, and someone
who cannot work was planned around. One swap has been consented to, another waits for a leader.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

from operations import availability, demand, planning, rotation_drafts, swaps, wishes
from operations.demo_centre import DemoCentre, Member
from operations.demo_roster import ROUND, TEAMS
from operations.drafts import draft_cells
from operations.errors import Invalid
from operations.planning_problem import Mode
from operations.swap_views import ComingDuty, coming_duties, swap_rows
from operations.swaps import LegAsked
from regulation.demand import Need
from regulation.swaps import SwapState

PLANNER = "1001"
AWAY_DAYS = 3
NOT_BEFORE, REST = timedelta(days=2), timedelta(hours=11)
REPAIR_ROUNDS = 2
REPAIR_SECONDS = 20.0

# Who wishes, for a day so many days into the month, and what: a shift, or nothing for a free day.
_WISHES: tuple[tuple[str, int, str | None, int], ...] = (
    ("1017", 8, None, 3),
    ("1021", 15, "early", 1),
    ("1112", 20, None, 2),
    ("1216", 5, "night", 1),
    ("1318", 25, None, 3),
)
_AWAY = "1022"
_SWAPPED = ("1112", "1211")
_ASKED = ("1021", "1118")


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """What the demo planned: days in the draft of ``month``, those the planner changed, and swaps by their state.

    ``repaired`` is ``None`` where the planner is not installed; ``short`` counts days that stay short of people.
    """

    month: str
    drafted: int
    wishes: int
    repaired: int | None
    short: int
    consented: int
    waiting: int


def state_demand(leader: Member, now: datetime, effective_from: date) -> None:
    """Say what each shift needs: its leader, and six operators, better seven."""
    for code in ROUND:
        demand.set_demand(leader.actor, now, code, "leader", "every", Need(1, 1), effective_from)
        demand.set_demand(leader.actor, now, code, "operator", "every", Need(6, 7), effective_from)


def plan_ahead(centre: DemoCentre, now: datetime) -> RosterFacts:
    """Plan the month after next and let people swap duties of the coming days."""
    planner = centre.members[PLANNER]
    first, last = _month_after_next(centre.anchor.day)
    rotation_drafts.generate_draft(planner.actor, now, first, last)
    for number, day, shift, weight in _WISHES:
        wishes.ask_wish(centre.members[number].actor, now, first + timedelta(days=day), shift, weight)
    repaired, short = _planned_around(centre, now, first, last)
    _swap(centre, now, _SWAPPED, consented_by=planner)
    _swap(centre, now, _ASKED)
    states = [row.state for row in swap_rows(planner.actor, now)]
    return RosterFacts(
        f"{first:%Y-%m}",
        len(draft_cells(planner.actor, now, first, last)),
        len(_WISHES),
        repaired,
        short,
        states.count(SwapState.CONSENTED),
        states.count(SwapState.AGREED),
    )


def _planned_around(centre: DemoCentre, now: datetime, first: date, last: date) -> tuple[int | None, int]:
    """Someone cannot work for some days: the planner fills the gap, changing as little as it can."""
    planner, away = centre.members[PLANNER].actor, centre.members[_AWAY].actor
    begins = first + timedelta(days=10)
    until = begins + timedelta(days=AWAY_DAYS - 1)
    availability.record_unavailability(planner, now, away.person_id, begins, until, reason="参加培训")
    task = planning.planning_task(planner, now, first, last, Mode.REPAIR, [TEAMS[0]])
    try:
        found = planning.find_plan(task, seconds=REPAIR_SECONDS, rounds=REPAIR_ROUNDS)
    except Invalid:  # the planner is an extra
        return None, 0
    written = planning.plan_roster(planner, now, found)
    return len(written.painted.changes), len(found.uncovered)


def _swap(
    centre: DemoCentre, now: datetime, numbers: tuple[str, str], consented_by: Member | None = None
) -> None:
    """Let two people exchange a duty each, the first pair of coming ones that leaves both their rest."""
    one, other = (centre.members[number] for number in numbers)
    mine, theirs = (coming_duties(member.actor, now, member.actor.person_id) for member in (one, other))
    for given, taken in product(mine, theirs):
        soon = min(given.starts_at, taken.starts_at) < now + NOT_BEFORE
        if soon or not _rested(given, theirs, taken) or not _rested(taken, mine, given):
            continue
        legs = [LegAsked(given.id, other.number), LegAsked(taken.id, one.number)]
        swap_id = swaps.ask_swap(one.actor, now, legs, "家里有事")
        swaps.agree_swap(other.actor, now, swap_id)
        if consented_by is not None:
            swaps.consent_swap(consented_by.actor, now, swap_id)
        return


def _rested(given: ComingDuty, duties: Sequence[ComingDuty], without: ComingDuty) -> bool:
    """Whether a duty leaves its taker, who gives ``without`` away, their rest."""
    return all(
        duty.ends_at + REST <= given.starts_at or given.ends_at + REST <= duty.starts_at
        for duty in duties
        if duty.id != without.id
    )


def _month_after_next(day: date) -> tuple[date, date]:
    month = day.replace(day=1)
    for _month in range(2):
        month = (month + timedelta(days=32)).replace(day=1)
    return month, month.replace(day=calendar.monthrange(month.year, month.month)[1])
