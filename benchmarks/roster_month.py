"""A real centre's month: 40 people and 31 days, with demand, leave, wishes and a past, planned and then repaired.

The whole path is measured: reading the tables, searching, writing the draft. The plan is held against the rules on rest
by themselves, not by the planner. Then the month is published, one operator calls in sick for two days, and the month is
planned again with as few other changes as possible.

The peer is a greedy planner of the kind one writes in an afternoon: day by day, shift by shift, whoever may and has had the
fewest duties. It asks the same hard rules and is costed by the same function.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from argon2 import PasswordHasher

import models
from operations import centre, demand, drafts, people, planning, publishing, rotations, store, wishes
from operations.boundary import SYSTEM, Actor
from operations.drafts import Paint
from operations.planning import PlanFound
from operations.planning_problem import Mode, Posed, pose
from operations.rest_warnings import roster_warnings
from operations.rotation_drafts import generate_draft
from operations.rotations import TeamPlace
from operations.solver import FREE, evaluate
from operations.solver.cost import line_violations
from regulation.demand import Need
from regulation.roles import Role
from tests.centre import NOW, TODAY, ZONE

SECONDS = 9
TEAMS = ("甲", "乙", "丙", "丁")
FIRST, LAST = date(2027, 1, 1), date(2027, 1, 31)
PAST = date(2026, 12, 1), date(2026, 12, 31)
OPERATORS_IN_TEAM = 9
ON_LEAVE, LEAVE_DAYS, WISHES_EACH = 5, 5, 4
NEEDS = {
    ("early", "every"): Need(6, 8),
    ("middle", "every"): Need(6, 8),
    ("night", "every"): Need(4, 5),
    ("early", "holiday"): Need(4, 6),
    ("middle", "holiday"): Need(4, 6),
}


def main() -> None:
    """Build, plan, publish, repair, print."""
    chance = random.Random(4471)
    with tempfile.TemporaryDirectory() as folder:
        store.open_database(f"sqlite:///{Path(folder) / 'centre.db'}")
        actors = _build(chance)
        _fill(actors, chance)
        print(f"{len(actors)} people, {(LAST - FIRST).days + 1} days, {SECONDS} s to search")
        found = _planned("the month", Mode.NEW, SECONDS)
        _greedy(found)
        publishing.publish_draft(SYSTEM, NOW, FIRST, LAST)
        away = _calls_in_sick(actors)
        again = _planned("after one sick call", Mode.REPAIR, SECONDS)
        others = [cell for cell in again.cells if (cell.person_id, cell.day) not in away]
        print(f"other duties changed after the sick call: {len(others)} (for {len(away)} duties on leave)")


def _planned(name: str, mode: Mode, seconds: float) -> PlanFound:
    started = time.perf_counter()
    task = planning.planning_task(SYSTEM, NOW, FIRST, LAST, mode)
    read = time.perf_counter()
    found = planning.find_plan(task, seconds=seconds, on_progress=_tell)
    searched = time.perf_counter()
    planning.plan_roster(SYSTEM, NOW, found)
    written = time.perf_counter()
    solution = found.solution
    warnings = sum(len(row.warnings) for row in roster_warnings(SYSTEM, NOW, FIRST, LAST).people)
    least = sum(short.missing_least for short in found.uncovered)
    wanted = sum(short.missing for short in found.uncovered)
    gap = "—" if solution.gap is None else f"{solution.gap:.1%}"
    print(
        f"{name}: read {read - started:.2f} s, search {searched - read:.2f} s ({solution.ended}), "
        f"write {written - searched:.2f} s, whole {written - started:.2f} s"
    )
    print(
        f"  cost {solution.objective} {dict(solution.parts)}, gap {gap}, first plan after "
        f"{solution.first_feasible_seconds:.2f} s"
    )
    print(
        f"  hard rules broken {len(solution.violations)}, warnings on rest {warnings}, "
        f"missing to the least {least}, to what is wanted {wanted}, days changed {len(found.cells)}"
    )
    return found


def _tell(progress: object) -> None:
    if "--progress" in sys.argv:
        print(f"    {progress}")


def _greedy(found: PlanFound) -> None:
    """The peer's cost on the same problem."""
    posed = pose(found.task.ground, found.task.mode)
    started = time.perf_counter()
    plan = [[min(choice) if len(choice) == 1 else FREE for choice in p.choices] for p in posed.problem.people]
    for number, cover in enumerate(posed.problem.cover):
        for _missing in range(cover.required):
            if not _give(posed, plan, number):
                break
    peer = evaluate(posed.problem, tuple(map(tuple, plan)))
    spent = time.perf_counter() - started
    ratio = peer.objective / max(1, found.solution.objective)
    print(
        f"  peer, greedy: cost {peer.objective} {dict(peer.parts)} in {spent:.2f} s: {ratio:.1f} times ours"
    )


def _give(posed: Posed, plan: list[list[int]], number: int) -> bool:
    cover = posed.problem.cover[number]
    (shift,) = cover.shifts
    among = cover.people or frozenset()
    if sum(plan[person][cover.day] == shift for person in among) >= cover.required:
        return False
    for person in sorted(among, key=lambda one: (sum(shift != FREE for shift in plan[one]), one)):
        before = plan[person][cover.day]
        if before == FREE and shift in posed.problem.people[person].choices[cover.day]:
            plan[person][cover.day] = shift
            if not any(line_violations(posed.problem, person, tuple(plan[person]))):
                return True
            plan[person][cover.day] = before
    return False


def _build(chance: random.Random) -> list[Actor]:
    """Four teams of a leader and nine operators."""
    centre.set_up_centre(NOW - timedelta(days=60), "城东客服中心", ZONE, list(TEAMS), "1000", "吴刚", "8264")
    secret = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("8264")
    newcomers = []
    for number, team in enumerate(TEAMS):
        for place in range(OPERATORS_IN_TEAM + 1):
            work_number = str(1100 + number * 20 + place)
            role = Role.OPERATOR if place else Role.SHIFT_LEADER
            name = chance.choice("王李张刘陈杨赵黄周吴") + chance.choice("伟芳娜敏静丽强磊军洋")
            newcomers.append((people.NewPerson(work_number, name, role, team, must_change_pin=False), secret))
    people.add_people(SYSTEM, NOW - timedelta(days=60), newcomers)
    rows = [row for row in people.people(SYSTEM, NOW) if row.team]
    return [Actor(row.id, row.work_number, row.name, row.role, row.team) for row in rows]


def _fill(actors: list[Actor], chance: random.Random) -> None:
    """The demand, a past month by the rotation, leave in the month to come, and everyone's wishes."""
    for (shift, kind_of_day), need in NEEDS.items():
        demand.set_demand(SYSTEM, NOW, shift, "operator", kind_of_day, need, TODAY)
    for shift in ("early", "middle", "night"):
        demand.set_demand(SYSTEM, NOW, shift, "leader", "every", Need(1, 1), TODAY)
    rotations.use_rotation(SYSTEM, NOW, "4x3_8", [TeamPlace(team) for team in TEAMS], PAST[0], PAST[0])
    generate_draft(SYSTEM, NOW, *PAST)
    publishing.publish_draft(SYSTEM, NOW, *PAST)
    for actor in actors:
        for day in chance.sample(range(31), WISHES_EACH):
            code = chance.choice([None, None, "early", "middle", "night"])
            wishes.ask_wish(
                actor,
                NOW,
                FIRST + timedelta(days=day),
                code,
                chance.randrange(1, 4),
                wanted=code is None or chance.random() < 0.5,
            )
    for actor in chance.sample([one for one in actors if one.role is Role.OPERATOR], ON_LEAVE):
        begin = FIRST + timedelta(days=chance.randrange(31 - LEAVE_DAYS))
        days = [begin + timedelta(days=n) for n in range(LEAVE_DAYS)]
        drafts.paint_draft(SYSTEM, NOW, [Paint(actor.person_id, day, "early") for day in days])
        publishing.publish_draft(SYSTEM, NOW, begin, days[-1])
        _on_leave(actor.person_id, days, "annual")


def _calls_in_sick(actors: list[Actor]) -> set[tuple[int, date]]:
    """Two days of someone who works on both."""
    duty = models.Duty
    day = date(2027, 1, 14)
    days = [day, day + timedelta(days=1)]
    for actor in actors:
        theirs = (duty.person == actor.person_id) & duty.date.in_(days) & (duty.state == "due")
        count = store.read(lambda theirs=theirs: duty.select().where(theirs).count())  # type: ignore[misc]
        if actor.role is Role.OPERATOR and count == len(days):
            _on_leave(actor.person_id, days, "sick")
            return {(actor.person_id, one) for one in days}
    raise AssertionError("nobody works on both days")


def _on_leave(person_id: int, days: list[date], kind: str) -> None:
    duty = models.Duty
    theirs = (duty.person == person_id) & duty.date.in_(days) & (duty.state == "due")
    store.write(lambda: duty.update(leave_kind=kind).where(theirs).execute())


if __name__ == "__main__":
    main()
