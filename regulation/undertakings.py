"""Confidentiality undertakings (Art. 26): everybody signs one, and signs anew before it has run its time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from regulation.limits import Limits
from regulation.marking import N_


class UndertakingState(StrEnum):
    """How somebody stands with their undertaking; the value is the message that says so."""

    IN_FORCE = N_("in force")
    EXPIRING = N_("runs out soon")
    EXPIRED = N_("has run out")
    MISSING = N_("never signed")


def last_day(signed_on: date, limits: Limits) -> date:
    """Return the last civil day on which an undertaking binds."""
    return signed_on + timedelta(days=limits["undertaking_valid_days"])


def undertaking_state(signed_on: Iterable[date], today: date, limits: Limits) -> UndertakingState:
    """Return how somebody stands on ``today`` who signed on those days; the latest counts."""
    latest = max(signed_on, default=None)
    if latest is None:
        return UndertakingState.MISSING
    # Art. 26: secrets are kept by everyone at all times; a year is the house's reading of how long a word holds.
    ends_on = last_day(latest, limits)
    if today > ends_on:
        return UndertakingState.EXPIRED
    soon = today + timedelta(days=limits["undertaking_notice_days"])
    return UndertakingState.EXPIRING if soon >= ends_on else UndertakingState.IN_FORCE


def owed_from(signed_on: Iterable[date], asked_since: date, limits: Limits) -> date:
    """Return the first civil day on which somebody is in breach who signs nothing more.

    Whoever never signed has the time to do so from ``asked_since`` on; what has run out is owed at once.
    """
    latest = max(signed_on, default=None)
    held_until = (
        last_day(latest, limits)
        if latest is not None
        else asked_since + timedelta(days=limits["undertaking_sign_days"])
    )
    return held_until + timedelta(days=1)
