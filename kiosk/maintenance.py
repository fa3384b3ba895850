"""The one way out of the kiosk's screen: an administrator's badge or work number, and PIN. It is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk import passing, views
from kiosk.actions import CheckPin, EndKiosk, Record
from kiosk.approval import (
    CHECK_SECONDS,
    PIN_SECONDS,
    is_resting,
    late_answer,
    note_read,
    under_threat,
    wrong_pin,
)
from kiosk.inputs import EntryRead, Key, NotRecorded, PinChecked, PinGiven, Tick
from kiosk.passing import VERDICT_SECONDS
from kiosk.phases import Closing, Idle, Maintenance
from kiosk.states import Context, PinTries, Step
from kiosk.views import View, ViewKind
from regulation.access import DoorVerdict, badge_refusal
from regulation.doorlog import Read
from regulation.records import Direction, PersonStatus
from regulation.roles import Role

CLOSING_SECONDS: Final = 5
"""A screen that has not ended by then takes badges again as if nothing was."""


def ask(phase: Idle, context: Context, now: datetime) -> Step:
    """The key that is shown nowhere: ask who wants to close the kiosk."""
    if is_resting(context, now):
        until = now + timedelta(seconds=VERDICT_SECONDS)
        resting = View(ViewKind.VERDICT, "amber", views.WORDS_PIN_RESTS, article=20, until=until)
        return Step(phase, verdict=resting)
    return Step(Maintenance(now + timedelta(seconds=PIN_SECONDS)))


def badged(phase: Maintenance, event: EntryRead, context: Context, now: datetime) -> Step:
    """An administrator's badge stands for the work number; anyone else's is somebody who wants to enter."""
    known = context.knowledge.badges.get(event.badge)
    person = context.knowledge.people.get(known.person_id) if known and known.person_id else None
    mine = person is not None and person.role is Role.ADMIN and phase.asked_at is None
    if known is None or person is None or not mine or badge_refusal(known, person, now):
        return passing.enter(phase, event, context, now)
    until = now + timedelta(seconds=PIN_SECONDS)
    return Step(replace(phase, until=until, read=note_read(event, context, now), person_id=person.id))


def key(phase: Maintenance, event: Key, _context: Context, now: datetime) -> Step:
    """Esc gives up, except while a PIN is checked; typing takes its time."""
    if phase.asked_at is not None:
        return Step(phase)
    if event.name == "escape":
        return Step(Idle())
    if event.name != "typing":
        return Step(phase)
    return Step(replace(phase, until=now + timedelta(seconds=PIN_SECONDS)))


def pin_given(phase: Maintenance, event: PinGiven, context: Context, now: datetime) -> Step:
    """Check the PIN of whoever badged, or of the administrator with this work number; nobody else has one here."""
    if phase.asked_at is not None or not event.pin:
        return Step(phase)
    person_id = phase.person_id if phase.read is not None else _administrator(event.work_number, context)
    read = phase.read or Read(context.kiosk, "", Direction.NONE, "", False, now)
    asked = replace(phase, asked_at=now, until=now + timedelta(seconds=CHECK_SECONDS))
    return Step(asked, (CheckPin(now, read, person_id, event.pin),))


def pin_checked(phase: Maintenance, event: PinChecked, context: Context, now: datetime) -> Step:
    """Close the kiosk once that is recorded, or say that it was not the right PIN."""
    if event.asked_at != phase.asked_at:
        return late_answer(phase, event, context, now)
    if event.result == "wrong":
        return wrong_pin(Idle(), event, context, now)
    closed = DoorVerdict("note.maintenance", event.person_id, limits_version=context.knowledge.limits.version)
    entries = ((replace(event.read, at=now), closed), *under_threat(event, None, context, now))
    closing = Closing(now + timedelta(seconds=CLOSING_SECONDS))
    return Step(closing, (Record(entries), EndKiosk()), pins=PinTries())


def over(phase: Maintenance | Closing, _event: Tick, _context: Context, now: datetime) -> Step:
    """Nobody came, or the screen did not end."""
    return Step(Idle()) if now >= phase.until else Step(phase)


def not_recorded(phase: Closing, event: NotRecorded, context: Context, now: datetime) -> Step:
    """A kiosk that cannot record being closed is not closed from here."""
    mine = any(read.direction is Direction.NONE for read in event.reads)
    return passing.not_recorded(Idle() if mine else phase, event, context, now)


def picture(phase: Maintenance | Closing) -> View:
    """Return what the door shows; a label says that the badge was read already."""
    if isinstance(phase, Closing):
        return View(ViewKind.VERDICT, "calm", views.WORDS_CLOSING)
    words = views.WORDS_PIN_CHECKED if phase.asked_at is not None else views.WORDS_MAINTENANCE
    who, label = views.WORDS_MAINTENANCE_WHO, ""
    if phase.read is not None:
        who, label = views.WORDS_MAINTENANCE_PIN, "badge"
    return View(ViewKind.MAINTENANCE, "calm", words, who, label=label, until=phase.until)


def _administrator(work_number: str, context: Context) -> int | None:
    for person in context.knowledge.people.values():
        if person.work_number == work_number.strip() and person.role is Role.ADMIN:
            return person.id if person.status is PersonStatus.ACTIVE else None
    return None
