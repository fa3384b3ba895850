"""The door's leaf: forced, held open, closed again, and the button inside (Art. 20). One table, one step.

The contact tells when the leaf opens and closes. Opened without a release it was forced; open for longer than
``door_held_seconds`` it is held, which is reported then and again each time its time has doubled, and becomes a
finding with the whole time once it closes. What the contact says first after a start is where the leaf stands, not a
breach. A way out through the handle shows as the button pressed before the leaf opens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from kiosk.actions import Action, Beep, Relock, Unlock
from kiosk.inputs import ContactChanged, ExitPressed, Input, Tick
from kiosk.states import Context, Leaf, LeafState
from kiosk.views import View, ViewKind
from regulation.access import DOOR_CODES, DoorVerdict
from regulation.doorlog import Read
from regulation.exits import button_released
from regulation.findings import Finding
from regulation.records import Direction

CONTACT: Final = "contact"
BUTTON: Final = "button"

OPENING_GRACE_SECONDS: Final = 1
"""A leaf pulled at the last moment of a release is reported by its contact a moment later."""

FORCED_SHOWN_SECONDS: Final = 10

Entry = tuple[Read, DoorVerdict]


@dataclass(frozen=True, slots=True)
class LeafStep:
    """What became of the leaf: its state, what to record, what to do then, and what to show for a while."""

    leaf: Leaf
    entries: tuple[Entry, ...] = ()
    actions: tuple[Action, ...] = ()
    verdict: View | None = None


def released(leaf: Leaf, now: datetime, seconds: float) -> Leaf:
    """Note that the strike was released just now for ``seconds``."""
    return replace(leaf, released_at=now, released_until=now + timedelta(seconds=seconds))


def leaf_step(leaf: Leaf, event: Input, context: Context, now: datetime) -> LeafStep:
    """Return what ``event`` does to the leaf. Total: what means nothing leaves it as it was."""
    if isinstance(event, ExitPressed):
        read = Read(context.kiosk, BUTTON, Direction.OUT, "", False, now)
        verdict = button_released(context.knowledge.limits.version)
        return LeafStep(leaf, ((read, verdict),), (Unlock(context.open_seconds),))
    handler = TABLE.get((leaf.state, _word(event)))
    return handler(leaf, context, now) if handler is not None else LeafStep(leaf)


def held_view(leaf: Leaf) -> View | None:
    """Return the picture that stays while the leaf is held open, or ``None``."""
    if not leaf.held_alarms:
        return None
    words = DOOR_CODES["alarm.held"]
    return View(ViewKind.VERDICT, "red", words.text, words.next_step, words.article, code=words.code)


def _word(event: Input) -> str:
    if isinstance(event, ContactChanged):
        return "opened" if event.is_open else "closed"
    return "time" if isinstance(event, Tick) else ""


def _found_open(leaf: Leaf, _context: Context, now: datetime) -> LeafStep:
    return LeafStep(replace(leaf, state=LeafState.OPEN, opened_at=now))


def _found_closed(leaf: Leaf, _context: Context, _now: datetime) -> LeafStep:
    return LeafStep(replace(leaf, state=LeafState.CLOSED))


def _opened(leaf: Leaf, context: Context, now: datetime) -> LeafStep:
    if _is_released(leaf, now):
        opened = replace(leaf, state=LeafState.OPEN, opened_at=now)
        if not context.relock_on_open:
            return LeafStep(opened)
        return LeafStep(replace(opened, released_at=None, released_until=None), actions=(Relock(),))
    version = context.knowledge.limits.version
    finding = Finding("door_forced", now, limits_version=version)
    verdict = DoorVerdict("alarm.forced", findings=(finding,), limits_version=version)
    words = verdict.door_code
    until = now + timedelta(seconds=FORCED_SHOWN_SECONDS)
    view = View(
        ViewKind.VERDICT, "red", words.text, words.next_step, words.article, code=words.code, until=until
    )
    forced = replace(leaf, state=LeafState.ALARMED, opened_at=now)
    return LeafStep(forced, (_at_contact(verdict, context, now),), (), view)


def _stands_open(leaf: Leaf, context: Context, now: datetime) -> LeafStep:
    if leaf.opened_at is None or now < leaf.opened_at:  # the clock was set back: measure anew
        return LeafStep(replace(leaf, opened_at=now))
    # Reported at the limit, at twice the limit, at four times: enough to be heard, and never a flood of records.
    limit: timedelta = context.knowledge.limits.seconds("door_held_seconds")
    if now <= leaf.opened_at + limit * 2**leaf.held_alarms:
        return LeafStep(leaf)
    verdict = DoorVerdict("alarm.held", limits_version=context.knowledge.limits.version)
    held = replace(leaf, state=LeafState.ALARMED, held_alarms=leaf.held_alarms + 1)
    return LeafStep(held, (_at_contact(verdict, context, now),), (Beep("no"),))


def _closed(leaf: Leaf, _context: Context, _now: datetime) -> LeafStep:
    return LeafStep(replace(leaf, state=LeafState.CLOSED, opened_at=None))


def _closed_after_alarm(leaf: Leaf, context: Context, now: datetime) -> LeafStep:
    version = context.knowledge.limits.version
    findings: tuple[Finding, ...] = ()
    if leaf.held_alarms and leaf.opened_at is not None:
        seconds = str(max(0, int((now - leaf.opened_at).total_seconds())))
        findings = (Finding("door_held", now, limits_version=version, details={"seconds": seconds}),)
    verdict = DoorVerdict("note.closed", findings=findings, limits_version=version)
    closed = replace(leaf, state=LeafState.CLOSED, opened_at=None, held_alarms=0)
    return LeafStep(closed, (_at_contact(verdict, context, now),))


def _is_released(leaf: Leaf, now: datetime) -> bool:
    """Whether the strike is released now; a clock set back does not make a release longer."""
    if leaf.released_at is None or leaf.released_until is None:
        return False
    return leaf.released_at <= now <= leaf.released_until + timedelta(seconds=OPENING_GRACE_SECONDS)


def _at_contact(verdict: DoorVerdict, context: Context, now: datetime) -> Entry:
    return Read(context.kiosk, CONTACT, Direction.NONE, "", False, now), verdict


# A pair that is not here leaves the leaf as it was: a contact that says again what it said.
TABLE: Final[Mapping[tuple[LeafState, str], Callable[[Leaf, Context, datetime], LeafStep]]] = (
    MappingProxyType(
        {
            (LeafState.UNKNOWN, "opened"): _found_open,
            (LeafState.UNKNOWN, "closed"): _found_closed,
            (LeafState.CLOSED, "opened"): _opened,
            (LeafState.OPEN, "closed"): _closed,
            (LeafState.OPEN, "time"): _stands_open,
            (LeafState.ALARMED, "closed"): _closed_after_alarm,
            (LeafState.ALARMED, "time"): _stands_open,
        }
    )
)
