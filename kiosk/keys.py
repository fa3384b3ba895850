"""What the keys at the door begin: registration, a leader's approval, a report, the muster list, maintenance."""

from __future__ import annotations

from datetime import datetime

from kiosk import approval, maintenance, muster, registration, reporting
from kiosk.inputs import Key
from kiosk.phases import AwaitApproval, Idle, TakeBadge
from kiosk.states import Context, Step


def idle_key(phase: Idle, event: Key, context: Context, now: datetime) -> Step:
    """A door without a screen asks nobody anything."""
    if not context.can_ask:
        return Step(phase)
    match event.name:
        case "1":
            return registration.begin(now)
        case "4":
            return reporting.begin(now)
        case "9":
            return muster.ask(phase, context, now)
        case "maintenance":
            return maintenance.ask(phase, context, now)
        case _other:
            return Step(phase)


def waiting_key(phase: AwaitApproval, event: Key, context: Context, now: datetime) -> Step:
    """While a visitor waits for the desk: a leader is here, the visitor goes away, or an emergency."""
    match event.name:
        case "2":
            return approval.call_leader(phase, context, now)
        case "9":
            return muster.ask(phase, context, now)
        case "escape":
            return registration.withdraw(phase)
        case _other:
            return Step(phase)


def take_badge_key(phase: TakeBadge, event: Key, context: Context, now: datetime) -> Step:
    """While a visitor is told which badge to take."""
    if event.name == "9":
        return muster.ask(phase, context, now)
    return Step(Idle()) if event.name == "escape" else Step(phase)
