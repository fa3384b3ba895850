"""A reader rests after too many refusals in a row (Art. 20): whoever tries badges learns nothing more.

``refusals_before_lockout`` refusals within ``lockout_seconds``, with no entry between them, make a reader rest for
``lockout_seconds``. Centre staff who are on duty or come for it still enter, and exits are free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from kiosk.actions import Record
from kiosk.inputs import EntryRead, Input, Key, NotRecorded
from kiosk.passing import VERDICT_SECONDS, Entry, entry_verdict, is_repeat, read_of
from kiosk.phases import Idle
from kiosk.states import Context, Refusals, State, Step
from kiosk.views import verdict_view
from regulation.access import DoorVerdict, refuse
from regulation.doorlog import Read
from regulation.findings import Finding
from regulation.records import Direction

COUNTED: Final = frozenset(
    {
        "refused.unknown_badge",
        "refused.badge_lost",
        "refused.badge_revoked",
        "refused.badge_expired",
        "refused.person_suspended",
        "refused.no_visit",
        "refused.visit_outside_window",
        "refused.visitor_inside",
        "refused.escort_not_on_duty",
        "refused.wrong_pin",
        "refused.may_not_approve",
    }
)
"""Refusals that are about the badge and its holder; a full room or a cut-off door is nobody's attempt."""

FORM_KEY: Final = "1"
NONE_YET: Final = Refusals()


def barred(state: State, event: Input, context: Context, now: datetime) -> Step | None:
    """Return the answer of a resting reader, or ``None`` when the door goes on as ever."""
    if not state.refusals:
        return None
    if isinstance(event, Key):
        opens_form = event.name == FORM_KEY and isinstance(state.phase, Idle)
        resting = opens_form and any(rests(refusals, now) for refusals in state.refusals.values())
        return _answer(state, DoorVerdict("refused.locked_out"), None, context, now) if resting else None
    if not isinstance(event, EntryRead) or not rests(state.refusals.get(event.reader), now):
        return None
    read = read_of(event, context, now)
    if is_repeat(read, context, now):
        return None
    verdict = entry_verdict(event.badge, context, now)
    for_duty = verdict.outcome.opens and verdict.duty_id is not None and verdict.code != "granted.on_leave"
    return None if for_duty else _answer(state, verdict, read, context, now)


def counted(
    known: Mapping[str, Refusals], entries: Iterable[Entry], context: Context, now: datetime
) -> tuple[Mapping[str, Refusals], tuple[Entry, ...]]:
    """Count what was decided at the entry; return the refusals by reader, and the alarm where one begins to rest."""
    alarms: list[Entry] = []
    for read, verdict in entries:
        if read.direction is not Direction.IN:
            continue
        before = known.get(read.reader, NONE_YET)
        if before.at and verdict.outcome.opens:
            known = {**known, read.reader: Refusals((), before.rests_from, before.rests_until)}
        elif verdict.code in COUNTED:
            after = _one_more(before, context, now)
            known = {**known, read.reader: after}
            if after.rests_from is now:
                alarms.append(_alarm(read, context, now))
    return known, tuple(alarms)


def forgotten(known: Mapping[str, Refusals], event: NotRecorded) -> Mapping[str, Refusals]:
    """An alarm that could not be recorded was not given: the next refusal gives it."""
    readers = {read.reader for read in event.reads if read.direction is Direction.NONE}
    return {reader: refusals for reader, refusals in known.items() if reader not in readers}


def rests(refusals: Refusals | None, now: datetime) -> bool:
    """Whether a reader rests at ``now``; a clock set back does not make the rest longer."""
    if refusals is None or refusals.rests_from is None or refusals.rests_until is None:
        return False
    return refusals.rests_from <= now < refusals.rests_until


def _one_more(before: Refusals, context: Context, now: datetime) -> Refusals:
    limits = context.knowledge.limits
    window = limits.seconds("lockout_seconds")
    recent = tuple(at for at in before.at if timedelta(0) <= now - at <= window)
    if len(recent) + 1 < limits["refusals_before_lockout"]:
        return Refusals((*recent, now), before.rests_from, before.rests_until)
    return Refusals((), now, now + window)


def _alarm(read: Read, context: Context, now: datetime) -> Entry:
    limits = context.knowledge.limits
    count = {"count": str(limits["refusals_before_lockout"])}
    finding = Finding("refused_in_a_row", now, limits_version=limits.version, details=count)
    verdict = DoorVerdict("alarm.locked_out", findings=(finding,), limits_version=limits.version)
    return Read(context.kiosk, read.reader, Direction.NONE, "", False, now), verdict


def _answer(state: State, verdict: DoorVerdict, read: Read | None, context: Context, now: datetime) -> Step:
    refused = refuse(verdict, "refused.locked_out", context.knowledge, now)
    view = verdict_view(refused, context.knowledge, "", now + timedelta(seconds=VERDICT_SECONDS))
    return Step(state.phase, (Record(((read, refused),)),) if read else (), view)
