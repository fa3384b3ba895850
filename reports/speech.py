"""How one paper speaks: its language, the centre's clock, and the day it is about.

The language belongs to the paper, not to the process: a Chinese log can be set in a worker thread while the desk
shows English.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from locales import N_, translate

_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


class Speech:
    """The words and times of one paper. ``day`` is the civil day its bare clock times belong to."""

    def __init__(self, language: str, time_zone: str, day: date) -> None:
        self._language = language
        self._zone = ZoneInfo(time_zone)
        self._day = day

    @property
    def is_english(self) -> bool:
        """Whether the paper is in English."""
        return self._language == "en"

    def say(self, message: str, **values: object) -> str:
        """Return ``message`` in the paper's language, its fields filled with ``values``.

        Without ``values`` nothing is filled in, so a centre's own words may hold braces.
        """
        words = translate(message, self._language)
        return words.format(**values) if values else words

    def clock(self, at: datetime | None) -> str:
        """Return ``HH:MM`` at the centre, with the day where it is not the paper's own; a dash for no time."""
        if at is None:
            return "—"
        local = at.astimezone(self._zone)
        days = (local.date() - self._day).days
        if days == 0:
            return f"{local:%H:%M}"
        known = {1: N_("{clock} next day"), -1: N_("{clock} day before")}
        return self.say(known.get(days, "{day} {clock}"), clock=f"{local:%H:%M}", day=f"{local:%m-%d}")

    def span(self, starts_at: datetime, ends_at: datetime) -> str:
        """Return a shift's hours; which day they belong to is the shift's own matter, so none is named."""
        return f"{starts_at.astimezone(self._zone):%H:%M}–{ends_at.astimezone(self._zone):%H:%M}"

    def full(self, at: datetime) -> str:
        """Return date and time at the centre: ``2026-11-24 08:05``."""
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def exact(self, at: datetime) -> str:
        """Return date and time at the centre to the second: ``2026-11-24 08:05:12``."""
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M:%S}"

    def date_of(self, at: datetime) -> date:
        """Return the centre's civil day of an instant."""
        return at.astimezone(self._zone).date()

    def short(self, at: datetime) -> str:
        """Return month, day and time at the centre: ``11-24 08:05``."""
        return f"{at.astimezone(self._zone):%m-%d %H:%M}"

    def day(self, on: date) -> str:
        """Return a civil day with its weekday."""
        return self.say(
            N_("{weekday}, {year}-{month:02}-{day:02}"),
            weekday=self.say(_WEEKDAYS[on.weekday()]),
            year=on.year,
            month=on.month,
            day=on.day,
        )
