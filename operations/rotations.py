"""Rotations: the ready-made ones and the centre's own, and which team works which from when.

A team's use keeps a copy of its pattern: changing or removing an own rotation changes nothing that is in use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import LONG_SHIFTS, civil_date
from operations.dated_lists import check_words
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from regulation.rotations import FREE, LONGEST_PATTERN, READY_MADE, Rotation, RotationUse

NO_TEAM = ""
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class UseRow:
    """A team's rotation from a day on; an empty pattern means that it stops. ``place`` counts days into it."""

    team: str
    rotation: str
    pattern: tuple[str, ...]
    anchor: date
    place: int
    working_days: bool
    effective_from: date
    in_effect: bool


@dataclass(frozen=True, slots=True)
class RotationBook:
    """Every rotation there is, and the teams' uses by team and date. ``own`` are the codes of the centre's own."""

    rotations: tuple[Rotation, ...]
    own: frozenset[str]
    uses: tuple[UseRow, ...]


@dataclass(frozen=True, slots=True)
class TeamPlace:
    """A team in a rotation; without a place it takes the next of the rotation's own. No team: those in none."""

    team: str
    place: int | None = None


@reads(Action.READ_DESK)
def rotation_book(session: Session) -> RotationBook:
    """Return the rotations and the teams' uses."""
    own = {row.code: _own(row) for row in models.RotationPattern.select().order_by(models.RotationPattern.id)}
    return RotationBook(
        (*READY_MADE.values(), *own.values()), frozenset(own), _use_rows(civil_date(session.now))
    )


@writes(Action.KEEP_ROTATIONS)
def set_rotation(
    session: Session, code: str, name: str, pattern: Sequence[str], offsets: Sequence[int]
) -> Rotation:
    """Keep a rotation of the centre's own: any number of days, each a shift's code or empty for a free day.

    Twelve-hour shifts that the centre does not have yet are made.
    Raises :class:`Invalid` for a pattern without a shift, with an unknown one, or in which a shift would begin
    before the one of the day before has ended; :class:`Conflict` for the code of a ready-made rotation.
    """
    code, name = code.strip(), name.strip()
    check_words(code, name, "", None, "night_week")
    if code in READY_MADE:
        raise Conflict(_("{code} is a ready-made rotation.").format(code=code))
    pattern = tuple(pattern)
    made = _make_long_shifts(pattern)
    _check_pattern(pattern)
    places = tuple(offset % len(pattern) for offset in offsets) or (0,)
    kept = models.RotationPattern
    kept.delete().where(kept.code == code).execute()
    row = kept.create(
        code=code,
        name=name,
        pattern=list(pattern),
        offsets=list(places),
        set_by=session.actor.work_number,
        set_at=session.now,
    )
    session.about(f"rotation:{code}", name=name, pattern=list(pattern), offsets=list(places), new_shifts=made)
    return _own(row)


@writes(Action.KEEP_ROTATIONS)
def remove_rotation(session: Session, code: str) -> None:
    """Take a rotation of the centre's own off the list; teams that use it go on with their copy."""
    kept = models.RotationPattern
    if not kept.delete().where(kept.code == code).execute():
        raise NotFound(_("The centre has no rotation {code} of its own.").format(code=code))
    session.about(f"rotation:{code}")


@writes(Action.KEEP_ROTATIONS)
def use_rotation(
    session: Session, code: str, teams: Sequence[TeamPlace], anchor: date, effective_from: date
) -> tuple[UseRow, ...]:
    """Let teams work a rotation from a civil day on; on the anchor date each stands at its place in the pattern.

    Twelve-hour shifts that the centre does not have yet are made. Raises :class:`NotFound` for an unknown rotation,
    team or shift, :class:`Invalid` for days that are past.
    """
    rotation = the_rotation(code)
    _refuse_past(session, effective_from)
    if not teams:
        raise Invalid(_("Name at least one team."))
    made = _make_long_shifts(rotation.pattern)
    _check_pattern(rotation.pattern)
    for number, one in enumerate(teams):
        place = rotation.offsets[number % len(rotation.offsets)] if one.place is None else one.place
        fields = {
            "rotation": rotation.code,
            "pattern": list(rotation.pattern),
            "anchor": anchor,
            "place": place % len(rotation.pattern),
            "working_days": rotation.working_days,
        }
        _write_use(session, one.team, effective_from, fields)
    session.about(
        f"rotation:{code}",
        teams=[one.team for one in teams],
        anchor=anchor.isoformat(),
        effective_from=effective_from.isoformat(),
        new_shifts=made,
    )
    return _use_rows(civil_date(session.now))


@writes(Action.KEEP_ROTATIONS)
def stop_rotation(session: Session, teams: Sequence[str], effective_from: date) -> tuple[UseRow, ...]:
    """Let teams work no rotation any more from a civil day on."""
    _refuse_past(session, effective_from)
    for team in teams:
        _write_use(session, team, effective_from, {"anchor": effective_from})
    session.about("rotation", teams=list(teams), effective_from=effective_from.isoformat(), stopped=True)
    return _use_rows(civil_date(session.now))


def the_rotation(code: str) -> Rotation:
    """Return a rotation by its code (inside a transaction). Raises :class:`NotFound`."""
    ready = READY_MADE.get(code)
    row = models.RotationPattern.get_or_none(models.RotationPattern.code == code)
    if ready is None and row is None:
        raise NotFound(
            _("There is no rotation {code}.").format(code=code), next_step=_("Look at zhiban rotation list.")
        )
    return ready or _own(row)


def uses_by_team() -> dict[str, list[RotationUse]]:
    """Return each team's uses in order of date, those without a team under ``""`` (inside a transaction)."""
    uses: dict[str, list[RotationUse]] = {}
    for row in _use_rows(date.min):
        use = RotationUse(row.pattern, row.anchor, row.place, row.effective_from, row.working_days)
        uses.setdefault(row.team, []).append(use)
    return uses


def _own(row: models.RotationPattern) -> Rotation:
    return Rotation(row.code, row.name, tuple(row.pattern), tuple(row.offsets), name_en=row.name)


def _use_rows(today: date) -> tuple[UseRow, ...]:
    use = models.RotationUse
    codes = {team.id: team.code for team in models.Team.select()}
    position = {team.code: team.position for team in models.Team.select()}
    rows = sorted(
        ((codes.get(row.team_id, NO_TEAM), row) for row in use.select()),
        key=lambda pair: (position.get(pair[0], len(position)), pair[1].effective_from),
    )
    latest = {team: row.id for team, row in rows if row.effective_from <= today}
    return tuple(
        UseRow(
            team,
            row.rotation,
            tuple(row.pattern),
            row.anchor,
            row.place,
            row.working_days,
            row.effective_from,
            latest.get(team) == row.id,
        )
        for team, row in rows
    )


def _write_use(session: Session, team: str, effective_from: date, fields: dict[str, object]) -> None:
    use = models.RotationUse
    found = models.Team.get_or_none(models.Team.code == team) if team != NO_TEAM else None
    if team != NO_TEAM and found is None:
        raise NotFound(_("There is no team {team}.").format(team=team))
    same_team = use.team == found.id if found else use.team.is_null()
    use.delete().where(same_team, use.effective_from == effective_from).execute()
    use.create(
        team=found,
        effective_from=effective_from,
        set_by=session.actor.work_number,
        set_at=session.now,
        **fields,
    )


def _make_long_shifts(pattern: Sequence[str]) -> list[str]:
    """Make the twelve-hour shifts a pattern needs and the centre does not have; returns their codes."""
    shift = models.ShiftType
    there = {row.code: row.position for row in shift.select()}
    missing = [row for row in LONG_SHIFTS if row.code in pattern and row.code not in there]
    for position, row in enumerate(missing, start=max(there.values(), default=-1) + 1):
        shift.create(position=position, **{name: getattr(row, name) for name in row.__slots__})
    return [row.code for row in missing]


def _check_pattern(pattern: Sequence[str]) -> None:
    if not 1 <= len(pattern) <= LONGEST_PATTERN or not any(pattern):
        raise Invalid(
            _("A rotation has a shift on at least one of its days, and at most {most} days.").format(
                most=LONGEST_PATTERN
            )
        )
    shifts = {row.code: row for row in models.ShiftType.select()}
    for code in pattern:
        if code != FREE and code not in shifts:
            raise NotFound(_("There is no shift {code}.").format(code=code))
    for before, after in pairwise([*pattern, pattern[0]]):
        if before == FREE or after == FREE:
            continue
        end = shifts[before].start_minute + shifts[before].duration_minutes
        if end > _DAY_MINUTES + shifts[after].start_minute:
            raise Invalid(
                _("{after} would begin before {before} of the day before has ended.").format(
                    after=shifts[after].name, before=shifts[before].name
                )
            )


def _refuse_past(session: Session, effective_from: date) -> None:
    if effective_from < civil_date(session.now):
        raise Invalid(_("What counted on days that are past stays as it was."))
