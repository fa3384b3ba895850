"""What can happen at the door: a badge, a key, words that somebody wrote, the door's contact, an answer, time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kiosk.slips import Slip
from regulation.doorlog import Read
from regulation.records import VisitState
from regulation.values import value


@dataclass(frozen=True, slots=True)
class VisitForm:
    """What a visitor wrote at the door; ``minutes`` is how long the visit may last. Never part of a trace."""

    visitor: str = field(repr=False)
    unit: str = field(repr=False)
    phone: str = field(repr=False)
    reason: str
    reference: str = field(repr=False)
    sponsor: str = field(repr=False)
    job_title: str = field(default="", repr=False)
    carried: str = field(default="", repr=False)
    minutes: int = 120


@dataclass(frozen=True, slots=True)
class ReportGiven:
    """What somebody typed of a breach: the work number it is about, and a few words; both may be empty."""

    number: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@value
class EntryRead:
    """A badge was read outside, at a reader that leads in."""

    reader: str
    badge: str = field(repr=False)


@value
class ExitRead:
    """A badge was read inside, at a reader that leads out."""

    reader: str
    badge: str = field(repr=False)


@value
class ToggleRead:
    """A badge was read at the one reader for both ways: it leaves if its holder is inside, else it enters.

    The door can be wrong about who is inside (a reset, someone who slipped in behind another): such a reader needs
    a way out that asks no software, a handle or a button wired to the strike.
    """

    reader: str
    badge: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """The contact says that the door was opened or closed."""

    is_open: bool


@dataclass(frozen=True, slots=True)
class ExitPressed:
    """The button inside was pressed: the door opens, whoever pressed it."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key at the door: ``1`` to ``9``, ``escape``, ``typing`` for any key inside a form, or ``maintenance``."""

    name: str


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    """The form was sent; ``key`` makes the request count once however often it is forwarded."""

    key: str
    form: VisitForm


@dataclass(frozen=True, slots=True)
class VisitAnswered:
    """What the centre says of a walk-up request now; ``label`` is the visitor badge of an approved one."""

    key: str
    state: VisitState
    label: str = ""


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """The centre could not accept the request; ``message`` says why, translated already."""

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class PinGiven:
    """A PIN was typed; ``work_number`` where no badge says whose it is."""

    pin: str = field(repr=False)
    work_number: str = ""


@dataclass(frozen=True, slots=True)
class PinChecked:
    """What became of the PIN asked about at ``asked_at``; ``duress`` is the right one given under threat."""

    asked_at: datetime
    read: Read
    person_id: int | None
    result: Literal["right", "wrong", "duress"]


@dataclass(frozen=True, slots=True)
class SlipKept:
    """A visit approved here is durable, or could not be made so."""

    slip: Slip
    kept: bool


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """The journal did not take these reads in time: nothing was opened for them."""

    reads: tuple[Read, ...]


Input = (
    EntryRead
    | ExitRead
    | ToggleRead
    | ContactChanged
    | ExitPressed
    | Tick
    | Key
    | FormSubmitted
    | VisitAnswered
    | RequestRefused
    | PinGiven
    | PinChecked
    | SlipKept
    | NotRecorded
    | ReportGiven
)
