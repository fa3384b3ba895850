"""What the door does about an input, in the order the machine says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kiosk.inputs import VisitForm
from kiosk.slips import Slip
from kiosk.views import View
from regulation.access import DoorVerdict
from regulation.doorlog import Read
from regulation.values import value


@value
class Record:
    """Make these verdicts durable, all or none, before anything that follows in the step."""

    entries: tuple[tuple[Read, DoorVerdict], ...]


@value
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


@value
class Show:
    """Put this on the screen."""

    view: View


@value
class Beep:
    """Sound at the door."""

    kind: Literal["yes", "wait", "no"]


Action = (
    Record | Unlock | Relock | RequestVisit | WithdrawRequest | CheckPin | KeepSlip | EndKiosk | Show | Beep
)
