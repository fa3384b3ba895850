"""What the door is waiting for. An interruption stands over a phase and returns to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.inputs import ReportGiven, VisitForm
from kiosk.slips import Slip
from kiosk.views import MusterRow
from regulation.access import DoorVerdict
from regulation.doorlog import Read
from regulation.records import VisitReason


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
