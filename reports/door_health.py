"""How fresh the doors' word is: a list of who is inside is worth what its doors last said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from locales import N_
from reports.speech import Speech

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


class DoorHealth(Protocol):
    """A door: when it was last heard, whether it counts as heard now, how many events it still holds."""

    @property
    def kiosk(self) -> str: ...
    @property
    def seen_at(self) -> datetime: ...
    @property
    def online(self) -> bool: ...
    @property
    def pending(self) -> int: ...


def age(span: timedelta, speech: Speech) -> str:
    """Return a length of time in words: seconds below a minute, then minutes, then hours and minutes."""
    if span < _MINUTE:
        return speech.say(N_("{seconds} s"), seconds=max(0, int(span.total_seconds())))
    if span < _HOUR:
        return speech.say(N_("{minutes} min"), minutes=int(span / _MINUTE))
    hours, rest = divmod(span, _HOUR)
    return speech.say(N_("{hours} h {minutes} min"), hours=hours, minutes=int(rest / _MINUTE))


def is_behind(door: DoorHealth) -> bool:
    """Whether the centre may not know all this door saw."""
    return not door.online or door.pending > 0


def unheard_since(doors: Sequence[DoorHealth], now: datetime, last: date, speech: Speech) -> tuple[str, ...]:
    """Return a warning for every door whose events up to the end of civil day ``last`` may not all be here."""
    return tuple(
        speech.say(N_("Not complete: {words}"), words=door_words(door, now, speech))
        for door in doors
        if is_behind(door) and speech.date_of(min(door.seen_at, now)) <= last
    )


def door_words(door: DoorHealth, now: datetime, speech: Speech) -> str:
    """Say when a door was last heard and what it still holds."""
    words = N_("door {door} was last heard {at}, {age} ago")
    said = speech.say(
        words, door=door.kiosk, at=speech.exact(door.seen_at), age=age(now - door.seen_at, speech)
    )
    if door.pending:
        return said + speech.say(N_("; it still holds {count} events"), count=door.pending)
    return said if door.online else said + speech.say(N_("; what it saw since is not here"))
