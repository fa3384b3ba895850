"""The corner of the door's screen in words: what is not as it should be, and how old the door's knowledge is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from locales import N_, translate

if TYPE_CHECKING:
    from kiosk.process import Kiosk

SECONDS_AGO: Final = N_("{seconds} s ago")
MINUTES_AGO: Final = N_("{minutes} min ago")
HOURS_AGO: Final = N_("{hours} h ago")
NEVER_HEARD: Final = N_("not yet")

CUT_OFF: Final = N_("cut off from the centre, this door decides by itself")
NOTHING_KNOWN: Final = N_("this door knows nobody yet: no entry")
OLD_NEWS: Final = N_("its knowledge is {hours} h old")
TO_SEND: Final = N_("{count} events to send")
NEARLY_FULL: Final = N_("journal {percent} % full")
OUTDATED: Final = N_("program older than the centre's database: update it")
CLOCK: Final = N_("clock not to be trusted")

QUIET_SECONDS: Final = 15
WORTH_SAYING_EVENTS: Final = 5
"""Fewer than this are on their way anyhow."""
FULL_WORTH_SAYING: Final = 0.5


def heard_words(seconds: float | None, language: str) -> str:
    """Return how long ago the centre was heard."""
    if seconds is None:
        return translate(NEVER_HEARD, language)
    if seconds < 60:
        return translate(SECONDS_AGO, language).format(seconds=int(seconds))
    if seconds < 3600:
        return translate(MINUTES_AGO, language).format(minutes=int(seconds // 60))
    return translate(HOURS_AGO, language).format(hours=int(seconds // 3600))


def corner_notes(kiosk: Kiosk, now: datetime, language: str) -> list[str]:
    """Return what people at the door, or those who look after it, should know; nothing on an ordinary day."""
    snapshot = kiosk.door.snapshot
    health = kiosk.link.health
    notes: list[str] = []
    quiet = health.heard_at is None or (now - health.heard_at).total_seconds() > QUIET_SECONDS
    age = now - snapshot.taken_at
    if health.outdated:
        notes.append(translate(OUTDATED, language))
    elif quiet and snapshot.badges:
        notes.append(translate(CUT_OFF, language))
    if not snapshot.badges:
        notes.append(translate(NOTHING_KNOWN, language))
    elif (quiet or health.outdated) and age >= timedelta(hours=1):
        notes.append(translate(OLD_NEWS, language).format(hours=int(age.total_seconds() // 3600)))
    if health.pending >= WORTH_SAYING_EVENTS:
        notes.append(translate(TO_SEND, language).format(count=health.pending))
    if kiosk.journal.fullness >= FULL_WORTH_SAYING:
        percent = int(kiosk.journal.fullness * 100)
        notes.append(translate(NEARLY_FULL, language).format(percent=percent))
    if kiosk.parts().get("clock", "ok") != "ok":
        notes.append(translate(CLOCK, language))
    return notes
