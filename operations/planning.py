"""Plans found by the solver: read the ground, search outside any transaction, write what was found into the draft.

Between reading and writing the roster may change. Whoever's days, leave or wishes changed meanwhile keeps what they
have: the plan is written for everyone else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import peewee

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date
from operations.drafts import CellChange, Paint, Painted, paint_cells, raise_versions
from operations.errors import Invalid, NotFound
from operations.permissions import Action
from operations.planning_ground import Ground, PlanPerson, read_ground
from operations.planning_problem import Mode, Posed, pose
from operations.planning_reasons import Uncovered, Unplannable, conflict_lines, uncovered
from operations.solver import Infeasible, Progress, Solution, solve
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES

SOLVER = "solver"
LONGEST_SPAN_DAYS = 62
WORKERS = 2


@dataclass(frozen=True, slots=True)
class PlanTask:
    """What is to be planned, as it was read."""

    ground: Ground
    mode: Mode


@dataclass(frozen=True, slots=True)
class PlanFound:
    """A plan that nobody has written yet. ``cells`` are the days that it changes, each with what was seen there."""

    task: PlanTask
    seed: int
    solution: Solution
    cells: tuple[Paint, ...]
    uncovered: tuple[Uncovered, ...]


@dataclass(frozen=True, slots=True)
class PlanWritten:
    """What writing a plan did to the draft; ``left`` names those whose days had changed meanwhile and stayed."""

    painted: Painted
    left: tuple[str, ...]


@reads(Action.EDIT_ROSTER)
def planning_task(
    session: Session, first: date, last: date, mode: Mode, teams: Sequence[str] | None = None
) -> PlanTask:
    """Return what a plan from ``first`` to ``last`` stands on, for the people of some teams or of all.

    Days that are past stay out of it. Raises :class:`Invalid` where nothing can be planned, or nothing is needed.
    """
    first = max(first, civil_date(session.now))
    if last < first:
        raise Invalid(
            _("These days are past."), article=33, next_step=_("Plan a month that is still to come.")
        )
    if (last - first).days >= LONGEST_SPAN_DAYS:
        raise Invalid(_("At most {most} days at once.").format(most=LONGEST_SPAN_DAYS))
    people = _people(teams)
    if not people:
        raise Invalid(
            _("Nobody is in a team that could be planned."),
            next_step=_("Put people into teams, or choose another team."),
        )
    ground = read_ground(session.now, first, last, people)
    if not any(need is not None and need.wanted for line in ground.needs for need in line.needs):
        raise Invalid(
            _("Nothing says how many people these days need."),
            next_step=_("Write the demand first: M on the roster, or zhiban demand set."),
        )
    return PlanTask(ground, mode)


def find_plan(
    task: PlanTask,
    *,
    seconds: float,
    seed: int = 0,
    rounds: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PlanFound:
    """Search for the best plan; touches no data and may take ``seconds``. Cancelling keeps the best so far.

    Raises :class:`Unplannable` when somebody's days cannot keep the rules whatever is planned.
    """
    posed = pose(task.ground, task.mode)
    try:
        solution = solve(
            posed.problem,
            seconds=seconds,
            seed=seed,
            workers=WORKERS,
            rounds=rounds,
            on_progress=on_progress,
            cancelled=cancelled,
        )
    except Infeasible as error:
        raise Unplannable(conflict_lines(posed, error.conflicts)) from error
    short = uncovered(posed, solution.plan, solution.shortages)
    return PlanFound(task, seed, solution, tuple(_changed_cells(posed, solution)), short)


@writes(Action.EDIT_ROSTER)
def plan_roster(session: Session, found: PlanFound) -> PlanWritten:
    """Write a plan into the draft; people whose days, leave, pins or wishes changed since it was read are left out."""
    ground = found.task.ground
    now_there = _now_there(session, ground)
    left = [person for person in ground.people if now_there.get(person.id) != person]
    left_ids = {person.id for person in left}
    cells = [cell for cell in found.cells if cell.person_id not in left_ids]
    changes = paint_cells(session, cells, SOLVER)
    versions = raise_versions({change.day for change in changes})
    names = tuple(f"{person.name}({person.work_number})" for person in left)
    session.about(
        "roster:draft",
        origin=SOLVER,
        mode=found.task.mode.value,
        seed=found.seed,
        first=ground.first.isoformat(),
        last=ground.last.isoformat(),
        objective=found.solution.objective,
        left=[person.work_number for person in left],
        cells=[[c.person_id, c.day.isoformat(), c.before, c.after] for c in changes],
    )
    return PlanWritten(Painted(changes, versions), names)


def changes_of(found: PlanFound) -> tuple[CellChange, ...]:
    """Return what a plan changes, by person and day."""
    return tuple(CellChange(cell.person_id, cell.day, cell.seen, cell.shift_code) for cell in found.cells)


def _people(teams: Sequence[str] | None) -> list[models.Person]:
    person, team = models.Person, models.Team
    known = {row.code for row in team.select()}
    unknown = [code for code in teams or () if code not in known]
    if unknown:
        raise NotFound(_("There is no team {team}.").format(team=unknown[0]))
    query = (
        person.select(person, team)
        .join(team, peewee.JOIN.INNER)
        .where(person.role.in_(sorted(CENTRE_ROLES)), person.status == PersonStatus.ACTIVE)
        .order_by(team.position, person.work_number)
    )
    return [row for row in query if teams is None or row.team.code in teams]


def _changed_cells(posed: Posed, solution: Solution) -> list[Paint]:
    cells = []
    for person, line in zip(posed.ground.people, solution.plan, strict=True):
        for day, cell in enumerate(person.cells):
            code = posed.code(line[day])
            if cell.fixed is None and code != cell.planned:
                cells.append(Paint(person.id, posed.ground.date_of(day), code, seen=cell.planned))
    return cells


def _now_there(session: Session, ground: Ground) -> Mapping[int, PlanPerson]:
    """The same people as they stand now; who is not active any more is not among them."""
    ids = {person.id for person in ground.people}
    people = [person for person in _people(None) if person.id in ids]
    return {p.id: p for p in read_ground(session.now, ground.first, ground.last, people).people}
