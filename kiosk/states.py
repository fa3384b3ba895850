"""What the door's machine decides with: the state it keeps, what it knows, and the step it takes.

All are frozen; the machine (``kiosk.machine``) maps one state and one input (``kiosk.inputs``) to the next state, with
its phase (``kiosk.phases``), and what is to be done (``kiosk.actions``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from kiosk.actions import Action
from kiosk.phases import Idle, Phase
from kiosk.views import View
from regulation.access import DoorKnowledge
from regulation.occupancy import Occupancy
from regulation.records import Direction
from regulation.values import value


class LeafState(StrEnum):
    """The door's leaf as its contact tells it; ``ALARMED`` is open without a release, or for too long."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    OPEN = "open"
    ALARMED = "alarmed"


@dataclass(frozen=True, slots=True)
class Leaf:
    """The leaf, the last release of the strike, and for an open leaf since when and how often it was reported held."""

    state: LeafState = LeafState.UNKNOWN
    released_at: datetime | None = None
    released_until: datetime | None = None
    opened_at: datetime | None = None
    held_alarms: int = 0


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refusals in a row at one reader, and from when until when it rests because of them."""

    at: tuple[datetime, ...] = ()
    rests_from: datetime | None = None
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Toggled:
    """A read at a reader for both ways, and which way it was taken."""

    reader: str
    badge: str = field(repr=False)
    direction: Direction
    at: datetime


@dataclass(frozen=True, slots=True)
class PinTries:
    """Wrong PINs in a row at this door, and until when it asks for none."""

    wrong: int = 0
    rests_until: datetime | None = None


@value
class State:
    """The door: its phase, and a verdict that covers the screen until its time is over.

    ``refusals`` are by reader; ``told`` are the visits whose alarm is on its way into the journal; ``unnamed`` is when
    breaches were reported without a name.
    """

    phase: Phase = field(default_factory=Idle)
    verdict: View | None = None
    pins: PinTries = PinTries()
    leaf: Leaf = Leaf()
    refusals: Mapping[str, Refusals] = field(default_factory=dict)
    toggled: tuple[Toggled, ...] = ()
    told: frozenset[tuple[str, int | None, datetime]] = frozenset()
    unnamed: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What the door knows when it decides. ``recent`` is when a badge was last read at a reader.

    ``can_ask`` says that there is a screen with keys: without one nobody can be asked anything. ``slips`` are the
    blank visits this door may still fill in. ``dress`` is how Art. 15 is brought to mind at the entry. ``unnamed`` is when
    breaches were reported here without a name.
    """

    kiosk: str
    knowledge: DoorKnowledge
    occupancy: Occupancy
    recent: Mapping[tuple[str, str], datetime]
    open_seconds: float
    can_ask: bool
    pins: PinTries = PinTries()
    slips: tuple[int, ...] = ()
    dress: Literal["off", "reminder", "confirm"] = "off"
    relock_on_open: bool = True
    unnamed: tuple[datetime, ...] = ()


@value
class Step:
    """What a handler answers: the next phase, what to do, and a verdict to show over the phase's picture.

    ``pins`` replaces the count of wrong PINs, ``unnamed`` when breaches were reported without a name.
    """

    phase: Phase
    actions: tuple[Action, ...] = ()
    verdict: View | None = None
    pins: PinTries | None = None
    unnamed: tuple[datetime, ...] | None = None
