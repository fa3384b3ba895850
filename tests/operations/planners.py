"""A small centre that is planned in tests: three operators and a leader a team, and what each day needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from operations import demand, drafts, planning, publishing, store
from operations.boundary import SYSTEM
from operations.drafts import Paint
from operations.planning import PlanFound
from operations.planning_problem import Mode
from operations.rest_warnings import roster_warnings
from regulation.demand import Need
from tests.centre import NOW, TODAY, Built

# A Monday two weeks ahead of everything that the centre of the tests has rostered.
FIRST = date(2026, 12, 7)
LAST = FIRST + timedelta(days=13)
ROUNDS = 2


def needs(
    built: Built, shift: str, who: str, least: int, wanted: int | None = None, days: str = "every"
) -> None:
    """Say what a shift needs."""
    need = Need(least, least if wanted is None else wanted)
    demand.set_demand(SYSTEM, NOW, shift, who, days, need, TODAY)


def needs_nights_and_mornings(built: Built) -> None:
    """One leader and two operators by day, one operator at night: as much as this small centre can carry."""
    needs(built, "early", "operator", 1, 2)
    needs(built, "night", "operator", 1)
    needs(built, "early", "leader", 1)


def found_plan(
    built: Built,
    mode: Mode = Mode.NEW,
    first: date = FIRST,
    last: date = LAST,
    *,
    teams: Sequence[str] | None = None,
    seed: int = 0,
    rounds: int = ROUNDS,
) -> PlanFound:
    """Read and search."""
    task = planning.planning_task(built.actors["1003"], NOW, first, last, mode, teams)
    return planning.find_plan(task, seconds=60, seed=seed, rounds=rounds)


def written(built: Built, found: PlanFound) -> planning.PlanWritten:
    """Write the plan into the draft."""
    return planning.plan_roster(built.actors["1003"], NOW, found)


def paint(built: Built, *cells: tuple[str, date, str | None]) -> None:
    """Plan days by hand: work number, day, shift."""
    paints = [Paint(built.ids[number], day, shift) for number, day, shift in cells]
    drafts.paint_draft(built.actors["1003"], NOW, paints)


def publish(built: Built, first: date = FIRST, last: date = LAST) -> None:
    """Publish what is planned."""
    publishing.publish_draft(built.actors["1003"], NOW, first, last)


def planned(built: Built, number: str, first: date = FIRST, last: date = LAST) -> list[str | None]:
    """What the draft plans for someone, day by day (what is published and stays is not in it)."""
    cells = {
        cell.day: cell.planned
        for cell in drafts.draft_cells(built.actors["1003"], NOW, first, last)
        if cell.person_id == built.ids[number]
    }
    return [cells.get(first + timedelta(days=n)) for n in range((last - first).days + 1)]


def rest_is_kept(built: Built, first: date = FIRST, last: date = LAST) -> bool:
    """Whether labour law and house rules have nothing against the draft: asked of the rules, not of the planner."""
    return not roster_warnings(built.actors["1003"], NOW, first, last + timedelta(days=7)).people


def demand_on(day: date) -> dict[tuple[str, str], Need]:
    """What each shift needs on a day, by shift and kind of people."""
    lines = store.read(lambda: demand.cover_needs(day, day))
    return {(line.shift_code, line.who): need for line in lines if (need := line.needs[0]) is not None}
