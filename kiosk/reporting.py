"""A breach reported at the door (Art. 4): its kind by a number, a few words, and a name only by a badge of one's own.

It needs no centre: the report becomes durable as an event of the door's journal and travels with the others. Nothing
of it stays on the screen, and the door shows nobody that somebody has reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk import passing, views
from kiosk.actions import Record
from kiosk.approval import note_read
from kiosk.inputs import EntryRead, Key, ReportGiven, Tick
from kiosk.passing import VERDICT_SECONDS
from kiosk.phases import Idle, Reporting
from kiosk.states import Context, Step
from kiosk.views import View, ViewKind
from regulation.access import DoorVerdict, badge_refusal
from regulation.door_reports import (
    KINDS,
    REPORTED,
    UNNAMED_WITHIN,
    DoorReport,
    report_evidence,
    takes_no_more,
)
from regulation.doorlog import DoorEventRecord, Read
from regulation.records import Direction

REPORT_SECONDS: Final = 60
"""A report in which nobody presses a key is dropped: the next one at the door must not read it."""

SIGN_SECONDS: Final = 15
"""How long the door waits for the badge of whoever wants to be named."""

ANONYMOUS_KEY, NAMED_KEY = "1", "2"


def begin(now: datetime) -> Step:
    """Ask what was breached."""
    return Step(Reporting(now + timedelta(seconds=REPORT_SECONDS)))


def key(phase: Reporting, event: Key, context: Context, now: datetime) -> Step:
    """A number chooses the kind, and then how to send it; Esc drops everything."""
    if event.name == "escape":
        return Step(Idle())
    longer = replace(phase, until=now + timedelta(seconds=REPORT_SECONDS))
    if phase.kind and phase.given is None:
        return Step(longer)
    if not phase.kind:
        place = int(event.name) if event.name.isdecimal() else 0
        return Step(replace(longer, kind=KINDS[place - 1])) if 0 < place <= len(KINDS) else Step(phase)
    if phase.signs:
        return Step(phase)
    if event.name == ANONYMOUS_KEY and _crowded(context, now):
        return Step(replace(longer, crowded=True))
    if event.name == ANONYMOUS_KEY:
        read = Read(context.kiosk, "", Direction.NONE, "", False, now)
        return _sent(phase, read, None, context, now)
    if event.name == NAMED_KEY:
        return Step(replace(phase, signs=True, until=now + timedelta(seconds=SIGN_SECONDS)))
    return Step(phase)


def given(phase: Reporting, event: ReportGiven, context: Context, now: datetime) -> Step:
    """What was typed; now it is asked whether a name stands under it."""
    if not phase.kind or phase.given is not None:
        return Step(phase)
    until = now + timedelta(seconds=REPORT_SECONDS)
    return Step(replace(phase, given=event, until=until, crowded=_crowded(context, now)))


def badged(phase: Reporting, event: EntryRead, context: Context, now: datetime) -> Step:
    """Once it was asked for, a badge signs the report and opens nothing; any other badge is somebody who enters."""
    known = context.knowledge.badges.get(event.badge)
    person = context.knowledge.people.get(known.person_id) if known and known.person_id else None
    signs = phase.signs and now <= phase.until
    if known is None or person is None or not signs or badge_refusal(known, person, now):
        return passing.enter(phase, event, context, now)
    return _sent(phase, note_read(event, context, now), person.id, context, now)


def over(phase: Reporting, _event: Tick, _context: Context, now: datetime) -> Step:
    """Nobody goes on with it."""
    return Step(Idle()) if now >= phase.until else Step(phase)


def picture(phase: Reporting) -> View:
    """Return what the door asks; nothing of what was typed."""
    if not phase.kind:
        return View(ViewKind.REPORT, "calm", views.WORDS_REPORT, article=4, until=phase.until)
    if phase.given is None:
        return View(ViewKind.REPORT_WORDS, "calm", views.WORDS_REPORT_WORDS, article=4, until=phase.until)
    words, keys = views.WORDS_REPORT_HOW, views.WORDS_REPORT_HOW_KEYS
    if phase.crowded:
        words, keys = views.WORDS_REPORT_CROWDED, views.WORDS_REPORT_CROWDED_KEYS
    if phase.signs:
        words, keys = views.WORDS_REPORT_SIGN, ""
    return View(ViewKind.REPORT_SEND, "calm", words, keys, article=4, until=phase.until)


def _sent(phase: Reporting, read: Read, person_id: int | None, context: Context, now: datetime) -> Step:
    typed = phase.given or ReportGiven()
    report = DoorReport(phase.kind, typed.number, typed.note)
    verdict = DoorVerdict(
        REPORTED,
        person_id,
        reason=report.kind,
        evidence=report_evidence(report),
        limits_version=context.knowledge.limits.version,
    )
    until = now + timedelta(seconds=VERDICT_SECONDS)
    thanks = View(ViewKind.VERDICT, "green", views.WORDS_REPORTED, views.WORDS_REPORTED_NEXT, 4, until=until)
    unnamed = None
    if person_id is None:
        unnamed = (*(at for at in context.unnamed if now - at < UNNAMED_WITHIN), now)
    return Step(Idle(), (Record(((read, verdict),)),), thanks, unnamed=unnamed)


def _crowded(context: Context, now: datetime) -> bool:
    return takes_no_more(context.unnamed, now, context.knowledge.limits)


def reported_lately(events: Iterable[DoorEventRecord]) -> tuple[datetime, ...]:
    """Return when breaches were reported without a name, by the journal's last events.

    Switching a door off and on must not make room for more.
    """
    return tuple(event.at for event in events if event.code == REPORTED and event.person_id is None)
