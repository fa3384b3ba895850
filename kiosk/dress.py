"""Work clothes and work shoes, asked at the entry to a duty (Art. 15). Whatever the answer, the entry goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk.actions import Record
from kiosk.inputs import EntryRead, Key, Tick
from kiosk.passing import both, conclude, entry_verdict, is_repeat, read_of, repeated
from kiosk.phases import ConfirmDress
from kiosk.states import Context, Step
from kiosk.views import WORDS_DRESS_KEYS, View, ViewKind
from regulation.access import DOOR_CODES, Outcome, refuse
from regulation.doorlog import DRESS_CONFIRMED
from regulation.escorting import taking_over
from regulation.findings import Finding

SAME_SWIPE_SECONDS: Final = 1.0
"""A badge read again so soon lies on the reader; later it is the answer yes."""


def badged(phase: ConfirmDress, event: EntryRead, context: Context, now: datetime) -> Step:
    """The same badge again is a yes; the next one ends the question."""
    read = read_of(event, context, now)
    if event.badge != phase.waiting.read.badge or now > phase.until:
        return both(_enters(phase, context, now, confirmed=False), event, context, now)
    before = context.recent.get((read.reader, read.badge))
    if (
        is_repeat(read, context, now)
        and before is not None
        and now - before < timedelta(seconds=SAME_SWIPE_SECONDS)
    ):
        return Step(phase, (Record(((read, repeated(read, context)),)),))
    return _enters(phase, context, now, confirmed=True)


def answered(phase: ConfirmDress, event: Key, context: Context, now: datetime) -> Step:
    """1 is yes, 2 or Esc is no."""
    if event.name not in ("1", "2", "escape"):
        return Step(phase)
    return _enters(phase, context, now, confirmed=event.name == "1" and now <= phase.until)


def late(phase: ConfirmDress, _event: Tick, context: Context, now: datetime) -> Step:
    """No answer is a no."""
    return _enters(phase, context, now, confirmed=False) if now > phase.until else Step(phase)


def picture(phase: ConfirmDress) -> View:
    """Return the question."""
    words = DOOR_CODES["pending.dress"]
    return View(
        ViewKind.DRESS,
        "amber",
        words.text,
        WORDS_DRESS_KEYS,
        words.article,
        code=words.code,
        until=phase.until,
    )


def _enters(phase: ConfirmDress, context: Context, now: datetime, *, confirmed: bool) -> Step:
    """Let them in as at the time of their read, which decides whether they came early; judged again on what is known
    now, for the badge may have been withdrawn.
    """
    read = phase.waiting.read
    verdict = entry_verdict(read.badge, context, read.at)
    if verdict.outcome is Outcome.PENDING:  # the duty was taken from them meanwhile
        verdict = refuse(verdict, "refused.reason_missing", context.knowledge, now)
    if verdict.outcome.opens:
        verdict = taking_over(context.knowledge, context.occupancy, verdict, now)
        if confirmed:
            read = replace(read, marks=(*read.marks, DRESS_CONFIRMED))
        else:
            finding = Finding(
                "dress_unconfirmed", now, verdict.person_id, verdict.duty_id, (), verdict.limits_version
            )
            verdict = replace(verdict, findings=(*verdict.findings, finding))
    return conclude(phase.back, ((read, verdict),), context, now)
