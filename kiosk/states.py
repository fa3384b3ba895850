"""What the door's machine is made of: phases, inputs, actions, and what it knows when it decides.

All are frozen; the machine (``kiosk.machine``) maps one state and one input to the next state and its actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from kiosk.slips import Slip
from kiosk.views import MusterRow, View
from regulation.access import DoorKnowledge, DoorVerdict
from regulation.doorlog import Read
from regulation.occupancy import Occupancy
from regulation.records import Direction, VisitReason, VisitState


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


# --- phases: what the door is waiting for -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Idle:
    """Waiting for anyone."""


@dataclass(frozen=True, slots=True)
class VisitorForm:
    """A visitor is registering. ``problem`` is what to correct: a message to translate, or translated already."""

    until: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AwaitApproval:
    """A visitor waits for the desk's answer to request ``key``; ``reached`` once the centre has the request."""

    key: str
    until: datetime
    reached: bool = False
    form: VisitForm | None = None
    why: VisitReason | None = None


@dataclass(frozen=True, slots=True)
class TakeBadge:
    """The visit is approved: the visitor takes the visitor badge ``label`` and reads it."""

    label: str
    until: datetime


@dataclass(frozen=True, slots=True)
class AskApprover:
    """A leader wants to approve the waiting visitor here: the next badge is theirs."""

    waiting: AwaitApproval
    until: datetime


@dataclass(frozen=True, slots=True)
class AskPin:
    """Who holds the badge of ``read`` gives the PIN for the waiting visitor; ``asked_at`` while it is checked."""

    waiting: AwaitApproval
    read: Read
    person_id: int
    until: datetime
    asked_at: datetime | None = None
    was_wrong: bool = False


@dataclass(frozen=True, slots=True)
class KeepingSlip:
    """The visit is approved here and is being made durable; nothing tells the visitor yet."""

    waiting: AwaitApproval
    slip: Slip
    read: Read
    until: datetime


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Somebody asks to close the kiosk; ``read`` once an administrator has badged, ``asked_at`` during the check."""

    until: datetime
    read: Read | None = None
    person_id: int | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """An administrator closes the kiosk; it ends when that is recorded."""

    until: datetime


@dataclass(frozen=True, slots=True)
class MusterAsked:
    """The muster key was pressed once; pressed again it shows the list."""

    until: datetime
    back: Idle | AwaitApproval | TakeBadge = Idle()


@dataclass(frozen=True, slots=True)
class Muster:
    """The list of who is inside is on the screen."""

    until: datetime
    rows: tuple[MusterRow, ...] = field(repr=False)
    back: Idle | AwaitApproval | TakeBadge = Idle()


@dataclass(frozen=True, slots=True)
class ReportGiven:
    """What somebody typed of a breach: the work number it is about, and a few words; both may be empty."""

    number: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reporting:
    """Somebody reports a breach (Art. 4): its kind, then what is ``given``, then whether a badge ``signs`` it.

    ``crowded``: this door takes no more without a name for now.
    """

    until: datetime
    kind: str = field(default="", repr=False)
    given: ReportGiven | None = field(default=None, repr=False)
    signs: bool = False
    crowded: bool = False


BasePhase = (
    Idle
    | VisitorForm
    | AwaitApproval
    | TakeBadge
    | AskApprover
    | AskPin
    | KeepingSlip
    | Maintenance
    | Closing
    | MusterAsked
    | Muster
    | Reporting
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A read that is not decided yet, with its verdict so far."""

    read: Read
    verdict: DoorVerdict


@dataclass(frozen=True, slots=True)
class AwaitEscort:
    """Visitors stand at the door until someone on duty badges (Art. 20); then the door returns to ``back``."""

    waiting: tuple[Waiting, ...]
    since: datetime
    until: datetime
    back: BasePhase = Idle()


@dataclass(frozen=True, slots=True)
class AskReason:
    """Someone off duty is asked why they come in; then the door returns to ``back``."""

    waiting: Waiting
    until: datetime
    back: BasePhase = Idle()


@dataclass(frozen=True, slots=True)
class ConfirmDress:
    """Whoever comes for a duty is asked about work clothes and shoes (Art. 15); they enter whatever they answer."""

    waiting: Waiting
    until: datetime
    back: BasePhase = Idle()


Interruption = AwaitEscort | AskReason | ConfirmDress
Phase = BasePhase | Interruption

# --- what else the door keeps in mind -----------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class State:
    """The door: its phase, and a verdict that covers the screen until its time is over.

    ``refusals`` are by reader; ``told`` are the visits whose alarm is on its way into the journal; ``unnamed`` is when
    breaches were reported without a name.
    """

    phase: Phase = Idle()
    verdict: View | None = None
    pins: PinTries = PinTries()
    leaf: Leaf = Leaf()
    refusals: Mapping[str, Refusals] = field(default_factory=dict)
    toggled: tuple[Toggled, ...] = ()
    told: frozenset[tuple[str, int | None, datetime]] = frozenset()
    unnamed: tuple[datetime, ...] = ()


# --- inputs -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryRead:
    """A badge was read outside, at a reader that leads in."""

    reader: str
    badge: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ExitRead:
    """A badge was read inside, at a reader that leads out."""

    reader: str
    badge: str = field(repr=False)


@dataclass(frozen=True, slots=True)
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

# --- actions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Record:
    """Make these verdicts durable, all or none, before anything that follows in the step."""

    entries: tuple[tuple[Read, DoorVerdict], ...]


@dataclass(frozen=True, slots=True)
class Unlock:
    """Release the strike for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Relock:
    """Lock the strike before its time: the door has been opened."""


@dataclass(frozen=True, slots=True)
class RequestVisit:
    """Ask the desk to approve a visit."""

    key: str
    form: VisitForm


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """Nobody waits for the desk's answer to this request any more."""

    key: str


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Compare a PIN with what the snapshot knows of a person, in its own time; the answer is an input."""

    asked_at: datetime
    read: Read
    person_id: int | None
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeepSlip:
    """Make a visit approved here durable; the answer is an input."""

    slip: Slip


@dataclass(frozen=True, slots=True)
class EndKiosk:
    """Close the screen and end the process."""


@dataclass(frozen=True, slots=True)
class Show:
    """Put this on the screen."""

    view: View


@dataclass(frozen=True, slots=True)
class Beep:
    """Sound at the door."""

    kind: Literal["yes", "wait", "no"]


Action = (
    Record | Unlock | Relock | RequestVisit | WithdrawRequest | CheckPin | KeepSlip | EndKiosk | Show | Beep
)


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


@dataclass(frozen=True, slots=True)
class Step:
    """What a handler answers: the next phase, what to do, and a verdict to show over the phase's picture.

    ``pins`` replaces the count of wrong PINs, ``unnamed`` when breaches were reported without a name.
    """

    phase: Phase
    actions: tuple[Action, ...] = ()
    verdict: View | None = None
    pins: PinTries | None = None
    unnamed: tuple[datetime, ...] | None = None
