"""What the door's machine is made of: phases, inputs, actions, and what it knows when it decides.

All are frozen; the machine (``kiosk.machine``) maps one state and one input to the next state and its actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kiosk.views import View
from regulation.access import DoorKnowledge, DoorVerdict
from regulation.doorlog import Read
from regulation.occupancy import Occupancy
from regulation.records import VisitState

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


@dataclass(frozen=True, slots=True)
class TakeBadge:
    """The visit is approved: the visitor takes the visitor badge ``label`` and reads it."""

    label: str
    until: datetime


BasePhase = Idle | VisitorForm | AwaitApproval | TakeBadge


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


Phase = BasePhase | AwaitEscort | AskReason


@dataclass(frozen=True, slots=True)
class State:
    """The door: its phase, and a verdict that covers the screen until its time is over."""

    phase: Phase = Idle()
    verdict: View | None = None


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
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key at the door: ``1`` to ``9``, ``escape``, or ``typing`` for any key inside the form."""

    name: str


@dataclass(frozen=True, slots=True)
class VisitForm:
    """What a visitor wrote at the door."""

    visitor: str
    unit: str
    phone: str
    reason: str
    reference: str
    sponsor: str


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
class NotRecorded:
    """The journal did not take these reads in time: nothing was opened for them."""

    reads: tuple[Read, ...]


Input = EntryRead | ExitRead | Tick | Key | FormSubmitted | VisitAnswered | RequestRefused | NotRecorded

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
class RequestVisit:
    """Ask the desk to approve a visit."""

    key: str
    form: VisitForm


@dataclass(frozen=True, slots=True)
class Show:
    """Put this on the screen."""

    view: View


@dataclass(frozen=True, slots=True)
class Beep:
    """Sound at the door."""

    kind: Literal["yes", "wait", "no"]


Action = Record | Unlock | RequestVisit | Show | Beep


@dataclass(frozen=True, slots=True)
class Context:
    """What the door knows when it decides. ``recent`` is when a badge was last read at a reader.

    ``can_ask`` says that there is a screen with keys: without one nobody can be asked anything.
    """

    kiosk: str
    knowledge: DoorKnowledge
    occupancy: Occupancy
    recent: Mapping[tuple[str, str], datetime]
    open_seconds: float
    can_ask: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What a handler answers: the next phase, what to do, and a verdict to show over the phase's picture."""

    phase: Phase
    actions: tuple[Action, ...] = ()
    verdict: View | None = None
