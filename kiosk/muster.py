"""The muster list in an emergency (紧急清点): who is inside, from the door's own record; it needs no centre.

The only picture at the door with names of others, so the key is asked for twice, it is recorded, and it ends by itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk import passing, registration
from kiosk.actions import Record, Show
from kiosk.inputs import ExitRead, Key, NotRecorded, RequestRefused, Tick, VisitAnswered
from kiosk.phases import AwaitApproval, Idle, Muster, MusterAsked, TakeBadge
from kiosk.states import Context, Step
from kiosk.views import WORDS_MUSTER, WORDS_MUSTER_ASKED, MusterRow, View, ViewKind
from locales import N_
from regulation.access import DoorVerdict
from regulation.doorlog import Read
from regulation.occupancy import Occupancy
from regulation.records import Direction

CONFIRM_SECONDS: Final = 5
"""How soon the muster key must be pressed again."""

MUSTER_SECONDS: Final = 60
"""How long the list stays without a key."""

UNKNOWN_PERSON: Final = N_("unknown person")
UNKNOWN_VISITOR: Final = N_("unknown visitor")


def ask(phase: Idle | AwaitApproval | TakeBadge, _context: Context, now: datetime) -> Step:
    """The muster key, once."""
    return Step(MusterAsked(now + timedelta(seconds=CONFIRM_SECONDS), phase))


def asked_key(phase: MusterAsked, event: Key, context: Context, now: datetime) -> Step:
    """The muster key again: show the list at once, then record that it was shown. Any other key goes back."""
    if event.name != "9":
        return Step(phase.back)
    if now > phase.until:
        return Step(MusterAsked(now + timedelta(seconds=CONFIRM_SECONDS), phase.back))
    rows = muster_rows(context)
    shown = Muster(now + timedelta(seconds=MUSTER_SECONDS), rows, phase.back)
    read = Read(context.kiosk, "", Direction.NONE, "", False, now)
    note = DoorVerdict("note.muster", limits_version=context.knowledge.limits.version)
    # In an emergency nobody waits for a disk: this once the screen comes before the record.
    return Step(shown, (Show(picture(shown)), Record(((read, note),))))


def key(phase: Muster, event: Key, _context: Context, now: datetime) -> Step:
    """Esc ends it; every other key turns the page on the screen and keeps it there."""
    if event.name == "escape":
        return Step(phase.back)
    return Step(replace(phase, until=now + timedelta(seconds=MUSTER_SECONDS)))


def tick(phase: Muster, _event: Tick, context: Context, now: datetime) -> Step:
    """Follow who has left since; end after a minute without a key."""
    if now >= phase.until:
        return Step(phase.back)
    return Step(replace(phase, rows=muster_rows(context)))


def over(phase: MusterAsked, _event: Tick, _context: Context, now: datetime) -> Step:
    return Step(phase.back) if now >= phase.until else Step(phase)


def answered(
    phase: Muster | MusterAsked, event: VisitAnswered | RequestRefused, context: Context, now: datetime
) -> Step:
    """News for the visitor who waits behind the list; it shows when the list is gone."""
    if not isinstance(phase.back, AwaitApproval):
        return Step(phase)
    if isinstance(event, VisitAnswered):
        news = registration.answered(phase.back, event, context, now).phase
    else:
        news = registration.request_refused(phase.back, event, context, now).phase
    kept = news if isinstance(news, AwaitApproval | TakeBadge) else Idle()
    return Step(replace(phase, back=kept))


def leave(phase: Muster, event: ExitRead, context: Context, now: datetime) -> Step:
    """Somebody leaves: released as ever, and the list stays in sight."""
    return replace(passing.leave(phase, event, context, now), verdict=None)


def not_recorded(phase: Muster, event: NotRecorded, context: Context, now: datetime) -> Step:
    """A list that could not be recorded stays all the same; only an entry's failure is said."""
    if all(read.direction is Direction.NONE for read in event.reads):
        return Step(phase)
    return passing.not_recorded(phase, event, context, now)


def picture(phase: MusterAsked | Muster) -> View:
    """Return the question, or the list."""
    if isinstance(phase, MusterAsked):
        return View(ViewKind.MUSTER_ASKED, "amber", WORDS_MUSTER_ASKED, until=phase.until)
    return View(ViewKind.MUSTER, "amber", WORDS_MUSTER, until=phase.until, rows=phase.rows)


def muster_rows(context: Context) -> tuple[MusterRow, ...]:
    """Return everyone inside: visitors first, because they do not know the way out; then who came in first."""
    people = context.knowledge.people
    rows = [_visitor_row(number, context.occupancy, context) for number in context.occupancy.visits]
    for number, inside in context.occupancy.people.items():
        person = people.get(number)
        rows.append(MusterRow(person.name if person else UNKNOWN_PERSON, inside.since))
    return tuple(sorted(rows, key=lambda row: (not row.is_visitor, row.since, row.name)))


def _visitor_row(number: int, occupancy: Occupancy, context: Context) -> MusterRow:
    inside = occupancy.visits[number]
    visit = context.knowledge.visits_by_id.get(number)
    told = visit.escort_id if visit is not None else None
    escort_id = told if told is not None and inside.since <= context.knowledge.snapshot.taken_at else None
    escort = context.knowledge.people.get(escort_id or inside.escort_id or 0)
    return MusterRow(
        visit.visitor if visit else UNKNOWN_VISITOR,
        inside.since,
        is_visitor=True,
        unit=visit.unit if visit else "",
        escort=escort.name if escort else "",
    )
