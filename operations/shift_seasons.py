"""Shifts with seasons: the centre's other times of a shift over a part of each year, by date of effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date, seasons_of
from operations.dated_lists import check_words
from operations.duties import DUE
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from regulation.seasons import Season, times_on

_LONGEST_MINUTES = 24 * 60
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """A season of a shift, as it was set."""

    shift: str
    season: Season


@reads(Action.READ_REGULATION)
def shift_seasons(_session: Session) -> tuple[SeasonRow, ...]:
    """Return every change to the seasons, by shift and date of effect."""
    shifts = models.ShiftType.select().order_by(models.ShiftType.position)
    return tuple(
        SeasonRow(shift.code, season)
        for shift in shifts
        for season in sorted(seasons_of(shift), key=lambda s: (s.effective_from, s.code))
    )


@writes(Action.KEEP_ROTATIONS)
def set_shift_season(session: Session, shift: str, season: Season) -> None:
    """Give a shift other times over a part of each year, from a civil day on.

    Raises :class:`Conflict` when duties of the shift stand in that time already: they would keep their old times,
    and reliefs would not meet.
    """
    kind = _shift(shift)
    check_words(season.code, season.code, "", None, "summer")
    for text in (season.first_day, season.last_day):
        _check_month_day(text)
    if (
        not 0 <= season.start_minute < _LONGEST_MINUTES
        or not 1 <= season.duration_minutes <= _LONGEST_MINUTES
    ):
        raise Invalid(_("A shift begins within its day and lasts at most 24 hours."))
    _keep(session, kind, season)


@writes(Action.KEEP_ROTATIONS)
def retire_shift_season(session: Session, shift: str, code: str, effective_from: date) -> None:
    """Let a season of a shift count no more from a civil day on."""
    kind = _shift(shift)
    so_far = [s for s in seasons_of(kind) if s.code == code and s.effective_from <= effective_from]
    found = max(so_far, key=lambda s: s.effective_from, default=None)
    if found is None or found.retired:
        raise NotFound(_("The shift {shift} has no season {code}.").format(shift=shift, code=code))
    ended = replace(found, effective_from=effective_from, retired=True)
    _keep(session, kind, ended)


def _shift(code: str) -> models.ShiftType:
    kind: models.ShiftType | None = models.ShiftType.get_or_none(models.ShiftType.code == code)
    if kind is None:
        raise NotFound(_("There is no shift {code}.").format(code=code))
    return kind


def _check_month_day(text: str) -> None:
    try:
        fits = f"{date.fromisoformat(f'{_LEAP_YEAR}-{text}'):%m-%d}" == text
    except ValueError:
        fits = False
    if not fits:
        raise Invalid(_("A day of the year is written like 05-01."))


def _keep(session: Session, kind: models.ShiftType, season: Season) -> None:
    if season.effective_from < civil_date(session.now):
        raise Invalid(_("What counted on days that are past stays as it was."))
    before = seasons_of(kind)
    after = [s for s in before if (s.code, s.effective_from) != (season.code, season.effective_from)]
    _refuse_rostered(kind, before, [*after, season])
    row = models.ShiftSeason
    same = (row.shift_type == kind.id) & (row.code == season.code)
    row.delete().where(same, row.effective_from == season.effective_from).execute()
    fields = {name: getattr(season, name) for name in season.__slots__}
    row.create(shift_type=kind, set_by=session.actor.work_number, set_at=session.now, **fields)
    session.about(f"shift:{kind.code}", **{**fields, "effective_from": season.effective_from.isoformat()})


def _refuse_rostered(kind: models.ShiftType, before: Sequence[Season], after: Sequence[Season]) -> None:
    duty = models.Duty
    query = duty.select(duty.date).where(duty.shift_type == kind, duty.state == DUE).distinct()
    usual = kind.start_minute, kind.duration_minutes
    days = [day for (day,) in query.tuples() if times_on(usual, before, day) != times_on(usual, after, day)]
    if days:
        raise Conflict(
            _("The {shift} is rostered in that time already, up to {date}.").format(
                shift=kind.name, date=max(days).isoformat()
            ),
            next_step=_("Let it count from {date} on.").format(
                date=(max(days) + timedelta(days=1)).isoformat()
            ),
        )
