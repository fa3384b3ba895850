"""From the rotations into the draft: what teams would work, and painting it.

What somebody decided for one day stands above the rotation: leave, swaps, days painted or imported by hand, and every
duty that has begun are left alone. Painting the same range again changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import models
from locales import N_, _
from operations.availability import pinned_cells
from operations.boundary import Session, reads, writes
from operations.calendar_days import days_between
from operations.centre import ShiftClock, civil_date
from operations.drafts import (
    MANUAL,
    SWAP,
    CellChange,
    Paint,
    draft_rows,
    paint_cells,
    planned_code,
    published_duties,
    raise_versions,
)
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from operations.rotations import NO_TEAM, TeamPlace, the_rotation, uses_by_team
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES
from regulation.rotations import FREE, Rotation, RotationUse, planned_shifts

PATTERN = "pattern"
BY_HAND = frozenset({MANUAL, SWAP, "stand_in", "import"})
LONGEST_DAYS = 366
_ONE_DAY = timedelta(days=1)

Cell = tuple[int, date]
Span = tuple[datetime, datetime]


class Kept(StrEnum):
    """Why a day stays as it is although the rotation says something else."""

    BEGUN = "begun"
    LEAVE = "leave"
    BY_HAND = "by_hand"
    PINNED = "pinned"
    OVERLAP = "overlap"


KEPT_NAMES: Mapping[Kept, str] = {
    Kept.BEGUN: N_("begun or past"),
    Kept.LEAVE: N_("on leave"),
    Kept.BY_HAND: N_("set by hand"),
    Kept.PINNED: N_("pinned"),
    Kept.OVERLAP: N_("left free, it would overlap"),
}


@dataclass(frozen=True, slots=True)
class Generated:
    """What painting from the rotations did: days changed, days that were so already, and days left alone by reason.

    ``teams`` are the teams whose rotation decided any day; ``versions`` those of the months that changed;
    painting the ``changes`` back takes it all back.
    """

    first: date
    last: date
    teams: tuple[str, ...]
    changed: int
    same: int
    kept: dict[str, int]
    versions: dict[str, int]
    changes: tuple[CellChange, ...] = ()


@dataclass(frozen=True, slots=True)
class RotationPreview:
    """What teams would work: a code for each day, empty for a free one.

    ``covered`` are, for each shift, the fewest and the most teams that work it on one day.
    """

    rotation: Rotation
    days: tuple[date, ...]
    teams: tuple[tuple[str, tuple[str, ...]], ...]
    covered: dict[str, tuple[int, int]]


@reads(Action.READ_DESK)
def preview_rotation(
    _session: Session, code: str, teams: Sequence[TeamPlace], anchor: date, first: date, days: int
) -> RotationPreview:
    """Return what teams would work in a rotation on ``days`` days from ``first`` on; nothing is kept."""
    rotation = the_rotation(code)
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(_("At most {most} days at once.").format(most=LONGEST_DAYS))
    last = first + timedelta(days=days - 1)
    worked = _worked(first, last)
    lines = []
    for number, one in enumerate(teams):
        place = rotation.offsets[number % len(rotation.offsets)] if one.place is None else one.place
        use = RotationUse(rotation.pattern, anchor, place, first, rotation.working_days)
        lines.append((one.team, tuple(shift for _day, shift in planned_shifts([use], first, last, worked))))
    covered = {}
    for shift in dict.fromkeys(code for code in rotation.pattern if code != FREE):
        counts = [sum(line[n] == shift for _team, line in lines) for n in range(days)]
        covered[shift] = min(counts), max(counts)
    on = tuple(first + timedelta(days=n) for n in range(days))
    return RotationPreview(rotation, on, tuple(lines), covered)


@writes(Action.EDIT_ROSTER)
def generate_draft(
    session: Session, first: date, last: date, teams: Sequence[str] | None = None
) -> Generated:
    """Paint the draft from ``first`` to ``last`` as the rotations say, for some teams (``""``: no team) or for all.

    Raises :class:`Conflict` when no rotation is in use there, :class:`Invalid` for a range of more than a year.
    """
    if not 1 <= (last - first).days + 1 <= LONGEST_DAYS:
        raise Invalid(_("At most {most} days at once.").format(most=LONGEST_DAYS))
    plan = _Plan.of(session.now, first, last, teams)
    if not plan.cells:
        raise Conflict(
            _("No rotation is in use between {first} and {last}.").format(
                first=first.isoformat(), last=last.isoformat()
            ),
            next_step=_("Choose a rotation for the teams first."),
        )
    paints, kept, same = plan.paints()
    painted = paint_cells(session, paints, PATTERN)
    changes = tuple(change for change in painted if change.before != change.after)
    versions = raise_versions({change.day for change in changes})
    done = Generated(
        first,
        last,
        plan.teams,
        len(changes),
        same,
        {str(why): n for why, n in kept.items()},
        versions,
        changes,
    )
    session.about(
        "roster:draft",
        origin=PATTERN,
        first=first.isoformat(),
        last=last.isoformat(),
        teams=list(done.teams),
        changed=done.changed,
        kept=done.kept,
    )
    return done


def _worked(first: date, last: date) -> frozenset[date]:
    return frozenset(day.date for day in days_between(first, last) if day.is_worked)


def _chosen(uses: dict[str, list[RotationUse]], teams: Sequence[str] | None) -> dict[str, list[RotationUse]]:
    if teams is None:
        return uses
    there = {team.code for team in models.Team.select()} | {NO_TEAM}
    for team in teams:
        if team not in there:
            raise NotFound(_("There is no team {team}.").format(team=team))
    return {team: uses[team] for team in teams if team in uses}


@dataclass(slots=True)
class _Plan:
    """What the rotations want, beside what stands in the roster and in the draft around it."""

    now: datetime
    today: date
    teams: tuple[str, ...]
    cells: dict[Cell, str]
    standing: Mapping[Cell, list[models.Duty]]
    draft: Mapping[Cell, models.DraftDuty]
    shifts: Mapping[str, models.ShiftType]
    pinned: set[Cell]
    times: ShiftClock

    @classmethod
    def of(cls, now: datetime, first: date, last: date, teams: Sequence[str] | None) -> _Plan:
        worked = _worked(first, last)
        wanted = {
            team: dict(planned_shifts(uses, first, last, worked))
            for team, uses in _chosen(uses_by_team(), teams).items()
        }
        cells = {
            (person_id, day): shift
            for person_id, team in _people()
            for day, shift in wanted.get(team, {}).items()
        }
        who = {person_id for person_id, _day in cells}
        begin, end = first - _ONE_DAY, last + _ONE_DAY
        return cls(
            now,
            civil_date(now),
            tuple(team for team, days in wanted.items() if days),
            cells,
            published_duties(who, begin, end),
            {(row.person_id, row.date): row for row in draft_rows(begin, end, who)},
            {shift.code: shift for shift in models.ShiftType.select()},
            pinned_cells(first, last),
            ShiftClock(),
        )

    def paints(self) -> tuple[list[Paint], Counter[Kept], int]:
        """Return what to paint, how many days are left alone and why, and how many are so already."""
        free, kept, same = {}, Counter[Kept](), 0
        for (person_id, day), shift in self.cells.items():
            code = shift or None
            if code == self._now_there((person_id, day)):
                same += 1
            elif why := self._must_stay((person_id, day), code):
                kept[why] += 1
            else:
                free[person_id, day] = code
        # A shift that cannot stand beside what stays leaves its day free.
        for cell in list(self._overlapping(free)):
            free[cell] = None
            kept[Kept.OVERLAP] += 1
        return [Paint(*cell, code) for cell, code in free.items()], kept, same

    def _now_there(self, cell: Cell) -> str | None:
        row = self.draft.get(cell)
        if row is not None:
            return planned_code(row)
        duties = self.standing.get(cell)
        return str(duties[0].shift_type.code) if duties else None

    def _must_stay(self, cell: Cell, code: str | None) -> Kept | None:
        duties = self.standing.get(cell, [])
        if any(duty.starts_at <= self.now for duty in duties) or self._is_over(cell[1], code):
            return Kept.BEGUN
        if any(duty.leave_kind for duty in duties):
            return Kept.LEAVE
        if cell in self.pinned:
            return Kept.PINNED
        row = self.draft.get(cell)
        origins = {duty.origin for duty in duties} if row is None else {row.origin}
        swapped = any(duty.origin == SWAP for duty in duties)
        return Kept.BY_HAND if swapped or origins & BY_HAND else None

    def _is_over(self, day: date, code: str | None) -> bool:
        if code is None:
            return day < self.today
        return self.times.of(self.shifts[code], day)[1] <= self.now

    def _overlapping(self, free: Mapping[Cell, str | None]) -> Iterator[Cell]:
        """Yield the days whose shift would overlap what stays beside it (the rotation does not overlap itself)."""
        for person_id, day in free:
            span = self._span((person_id, day), free)
            if span is None:
                continue
            for step in (-_ONE_DAY, _ONE_DAY):
                beside = (person_id, day + step)
                other = self._span(beside, free)
                # Of two new duties (a rotation that changes) the later one gives way.
                if other and _touch(span, other) and (beside not in free or step < timedelta()):
                    yield person_id, day
                    break

    def _span(self, cell: Cell, free: Mapping[Cell, str | None]) -> Span | None:
        day = cell[1]
        row = self.draft.get(cell)
        if cell in free:
            code = free[cell]
        elif row is not None:
            code = planned_code(row)
        else:
            duties = self.standing.get(cell)
            return (duties[0].starts_at, max(duty.ends_at for duty in duties)) if duties else None
        return self.times.of(self.shifts[code], day) if code else None


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _people() -> Iterable[tuple[int, str]]:
    """Everyone who can be rostered, with their team's code."""
    person, team = models.Person, {row.id: row.code for row in models.Team.select()}
    rows = person.select(person.id, person.team).where(
        person.role.in_(sorted(CENTRE_ROLES)), person.status == PersonStatus.ACTIVE
    )
    return [(row.id, team.get(row.team_id, NO_TEAM)) for row in rows.order_by(person.id)]
