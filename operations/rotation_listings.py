"""Rotations, what was painted from them, and rest warnings as lists."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping, Sequence
from datetime import date

import locales
from locales import N_, _
from operations.boundary import SYSTEM
from operations.centre import LONG_SHIFTS, ShiftTypeRow, centre_info, limit_source
from operations.dated_lists import own_words
from operations.errors import Invalid, NotFound
from operations.listings import Listing, Office, own_language
from operations.rest_warnings import PersonWarnings, roster_warnings, warning_text
from operations.rotation_drafts import (
    KEPT_NAMES,
    LONGEST_DAYS,
    Generated,
    Kept,
    RotationPreview,
    preview_rotation,
)
from operations.rotations import RotationBook, TeamPlace, UseRow, rotation_book
from regulation.rest import RestWarning
from regulation.rotations import FREE, Rotation

FREE_SIGN = "·"
_FOUR_WEEKS = 28


# --- what was asked for ------------------------------------------------------------------------------------


def days_of_month(at: Office, text: str) -> tuple[date, date]:
    """Return the first and the last day of the month ``text`` names (empty: this one). Raises :class:`Invalid`."""
    begin, _end = at.month(text)
    first = begin.astimezone(at.zone).date()
    return first, first.replace(day=months.monthrange(first.year, first.month)[1])


def team_places(words: Sequence[str]) -> tuple[TeamPlace, ...]:
    """Return teams as they are typed: ``甲``, or ``甲:3`` for its place; ``-`` are those in no team."""
    return tuple(_team_place(word) for word in words)


def _team_place(word: str) -> TeamPlace:
    team, colon, place = word.partition(":")
    team = "" if team == "-" else team
    if not colon:
        return TeamPlace(team)
    try:
        return TeamPlace(team, int(place))
    except ValueError as error:
        raise Invalid(_("A team with its place is written like A:3.")) from error


# --- rotations ---------------------------------------------------------------------------------------------


def rotations_listing(at: Office) -> Listing:
    """Every rotation with its cycle."""
    book = rotation_book(SYSTEM, at.now)
    signs = shift_signs(shift_kinds(at))
    rows = [
        (
            rotation.code,
            rotation_name(rotation),
            len(rotation.offsets),
            len(rotation.pattern),
            f"{rotation.hours_a_week:g}" if rotation.hours_a_week else "—",
            cycle_text(rotation.pattern, signs),
        )
        for rotation in book.rotations
    ]
    record = {
        "rotations": [{**_record(r), "own": r.code in book.own} for r in book.rotations],
        "uses": book.uses,
    }
    headings = (N_("code"), N_("rotation"), N_("teams"), N_("days in it"), N_("h a week"), N_("cycle"))
    return Listing(record, headings, rows, right=(2, 3, 4))


def uses_listing(at: Office) -> Listing:
    """Which team works which rotation from when."""
    book = rotation_book(SYSTEM, at.now)
    rows = [
        (
            team_name(use.team),
            use_name(book, use),
            use.place,
            use.anchor.isoformat() if use.pattern else "",
            use.effective_from.isoformat(),
            _("now") if use.in_effect else "",
        )
        for use in book.uses
    ]
    headings = (N_("team"), N_("rotation"), N_("place"), N_("anchor date"), N_("from"), N_("state"))
    return Listing(book.uses, headings, rows, _("No team works a rotation yet."), right=(2,))


def preview_of(
    at: Office, code: str, teams: Sequence[TeamPlace], anchor: date, first: date, days: int | None
) -> RotationPreview:
    """What teams (else as many as it has) would work in a rotation: on so many days, else for two cycles."""
    book = rotation_book(SYSTEM, at.now)
    rotation = next((r for r in book.rotations if r.code == code), None)
    if rotation is None:
        raise NotFound(_("There is no rotation {code}.").format(code=code))
    places = teams or [TeamPlace(str(n + 1)) for n in range(len(rotation.offsets))]
    count = days or preview_days(rotation)
    return preview_rotation(SYSTEM, at.now, code, places, anchor, first, count)


def preview_days(rotation: Rotation) -> int:
    """How many days show how a rotation goes: two cycles, and four weeks of one that follows the calendar."""
    return _FOUR_WEEKS if rotation.working_days else min(2 * len(rotation.pattern), LONGEST_DAYS)


def preview_listing(at: Office, shown: RotationPreview) -> Listing:
    """What teams would work, a sign for each day."""
    signs = shift_signs(shift_kinds(at))
    record = {
        "rotation": shown.rotation.code,
        "days": shown.days,
        "teams": [{"team": team, "shifts": shifts} for team, shifts in shown.teams],
        "covered": [{"shift": s, "fewest": low, "most": most} for s, (low, most) in shown.covered.items()],
    }
    headings = (N_("team"), f"{shown.days[0]:%m-%d} → {shown.days[-1]:%m-%d}")
    rows = [(team_name(team), cycle_text(shifts, signs)) for team, shifts in shown.teams]
    return Listing(record, headings, rows)


def covered_line(at: Office, shown: RotationPreview) -> str:
    """Say whether each shift of a preview has one team on each day."""
    return covered_text(shown.covered, {shift.code: shift_words(shift) for shift in shift_kinds(at)})


def covered_text(covered: Mapping[str, tuple[int, int]], names: Mapping[str, str]) -> str:
    """Say whether each shift has one team on each day, else which have fewer or more."""
    wrong = {shift: counts for shift, counts in covered.items() if counts != (1, 1)}
    if not wrong:
        return _("Every shift has exactly one team every day.")
    text = _("{shift}: {fewest} to {most} teams a day")
    parts = [
        text.format(shift=names.get(shift, shift), fewest=fewest, most=most)
        for shift, (fewest, most) in wrong.items()
    ]
    return _(", ").join(parts)


def generated_record(done: Generated) -> dict[str, object]:
    """What painting did, for programs."""
    return {
        "first": done.first,
        "last": done.last,
        "teams": done.teams,
        "changed": done.changed,
        "same": done.same,
        "kept": {str(why): done.kept.get(why, 0) for why in Kept},
    }


def generated_text(done: Generated) -> str:
    """What painting did, in words."""
    text = _("{first} to {last}: {changed} days planned, {same} as before.").format(
        first=done.first.isoformat(), last=done.last.isoformat(), changed=done.changed, same=done.same
    )
    kept = [f"{_(KEPT_NAMES[Kept(why)])} {count}" for why, count in done.kept.items() if count]
    left = _("Left alone: {reasons}.").format(reasons=_(", ").join(kept))
    return f"{text} {left}" if kept else text


# --- rest --------------------------------------------------------------------------------------------------


def warnings_listing(at: Office, first: date, last: date, *, with_draft: bool = True) -> Listing:
    """What labour law and the house say against a roster, one line for each warning."""
    found = roster_warnings(SYSTEM, at.now, first, last, with_draft=with_draft)
    lines = [(row, warning) for row in found.people for warning in row.warnings]
    record = {
        "first": first,
        "last": last,
        "limits_version": found.limits_version,
        "unpublished": found.unpublished,
        "warnings": [_warning_record(row, warning) for row, warning in lines],
    }
    headings = (N_("date"), N_("work number"), N_("name"), N_("team"), N_("source"), N_("warning"))
    rows = [
        (w.date.isoformat(), row.work_number, row.name, row.team, limit_source(w.limit), warning_text(w))
        for row, w in sorted(lines, key=lambda pair: (pair[1].date, pair[0].work_number))
    ]
    return Listing(record, headings, rows, _("Nothing is wrong with anyone's rest."))


def _warning_record(row: PersonWarnings, warning: RestWarning) -> dict[str, object]:
    limit = warning.limit
    return {
        "person_id": row.person_id,
        "work_number": row.work_number,
        "name": row.name,
        "team": row.team,
        "date": warning.date,
        "rule": warning.rule,
        "value": warning.value,
        "allowed": warning.allowed,
        "unit": limit.unit,
        "limit": limit.name,
        "source": limit.source,
        "law": limit.law,
        "text": warning_text(warning),
    }


# --- words -------------------------------------------------------------------------------------------------


def rotation_name(rotation: Rotation) -> str:
    """A rotation's name in the current language."""
    return own_words(rotation.name, rotation.name_en)


def use_name(book: RotationBook, use: UseRow) -> str:
    """What a team works, in words."""
    if not use.pattern:
        return _("no rotation")
    found = next((r for r in book.rotations if r.code == use.rotation), None)
    return rotation_name(found) if found else use.rotation


def team_name(team: str) -> str:
    """A team's code, or the words for those in none."""
    return team or _("no team")


def shift_kinds(at: Office) -> tuple[ShiftTypeRow, ...]:
    """The centre's shifts, and the long ones that a rotation would bring."""
    return all_shifts(centre_info(SYSTEM, at.now).shift_types)


def all_shifts(there: Sequence[ShiftTypeRow]) -> tuple[ShiftTypeRow, ...]:
    """The centre's shifts, and the long ones that a rotation would bring."""
    codes = {shift.code for shift in there}
    return (*there, *(shift for shift in LONG_SHIFTS if shift.code not in codes))


def shift_words(shift: ShiftTypeRow) -> str:
    """A shift's name in the current language."""
    return own_language(shift.name, shift.name_en)


def cycle_text(pattern: Sequence[str], signs: Mapping[str, str]) -> str:
    """A pattern as signs, a dot for a free day."""
    return "".join(FREE_SIGN if code == FREE else signs.get(code, "?") for code in pattern)


def shift_signs(shifts: Sequence[ShiftTypeRow]) -> dict[str, str]:
    """The sign of each shift: its short name, for English readers the letter of its code."""
    english = locales.language() == "en"
    return {shift.code: shift.code[:1].upper() if english else shift.short for shift in shifts}


def _record(rotation: Rotation) -> dict[str, object]:
    return {
        "code": rotation.code,
        "name": rotation.name,
        "pattern": rotation.pattern,
        "offsets": rotation.offsets,
        "hours_a_week": rotation.hours_a_week,
        "source": rotation.source,
        "working_days": rotation.working_days,
    }
