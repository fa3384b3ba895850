"""What the demo's day left on record: at the door and its devices, and of the handover."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from kiosk.demo.door import DemoKiosk
from operations.alarms import alarms_waiting
from operations.badges import badge_loans
from operations.boundary import SYSTEM
from operations.door import DoorFilter, DoorRow, door_events
from operations.handover import handover_view
from operations.reliefs import BY_BADGE
from operations.responsibility import responsibility_cases
from regulation.access import Outcome
from regulation.handover import CheckValue, ItemState
from regulation.responsibility import Verdict

MOST_EVENTS = 5000


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """The door's day. ``alarms`` and ``refusals`` count verdict codes, most frequent first.

    ``kept_while_cut`` are events the door recorded alone and handed in later, ``pulses`` what the relay board was asked
    to release and ended by itself, ``approved_here`` visitors approved at the door, ``passed_on`` exits of escorts
    whose visitor went to someone else.
    """

    events: int
    played: int
    readers: tuple[str, ...]
    alarms: tuple[tuple[str, int], ...]
    alarms_waiting: int
    refusals: tuple[tuple[str, int], ...]
    kept_while_cut: int
    approved_here: int
    passed_on: int
    corrected: int
    badges_out: tuple[str, ...]
    pulses: int


def door_facts(kiosk: DemoKiosk, begins_at: datetime, now: datetime) -> DoorFacts:
    """Return the facts of the day that began at ``begins_at``, from the centre's records and the virtual devices."""
    played = door_events(SYSTEM, now, DoorFilter(since=begins_at), 0, MOST_EVENTS)
    codes = Counter(row.code for row in played.rows)
    return DoorFacts(
        events=door_events(SYSTEM, now, DoorFilter(), 0, 1).total,
        played=played.total,
        readers=tuple(kiosk.devices.formats.values()),
        alarms=_counted(played.rows, Outcome.ALARM),
        alarms_waiting=len(alarms_waiting(SYSTEM, now)),
        refusals=_counted(played.rows, Outcome.REFUSED),
        kept_while_cut=kiosk.kept_while_cut,
        approved_here=codes["note.approved"],
        passed_on=sum("visitor_left_behind" in row.findings and bool(row.escort) for row in played.rows),
        corrected=codes["note.reset"],
        badges_out=tuple(loan.label for loan in badge_loans(SYSTEM, now) if loan.overdue),
        pulses=sum(switch.on for switch in kiosk.devices.board.switches),
    )


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """What the handover of the earlier shift left on record.

    ``counted`` are reports that one line stands for, ``edited`` entries that keep an older version, ``withheld``
    confidential ones, ``carried`` items handed on, ``by_badge`` seats taken over by badge before the signatures.
    """

    entries: int
    counted: int
    edited: int
    withheld: int
    carried: int
    lines: int
    disputes: int
    holds: int
    by_badge: int
    addenda: int
    answers: tuple[tuple[str, Verdict], ...]


def handover_facts(log_id: int, now: datetime) -> HandoverFacts:
    """Return the facts of a shift's sealed handover, from the centre's records."""
    view = handover_view(SYSTEM, now, log_id)
    assert view is not None
    entries = view.log.entries
    return HandoverFacts(
        entries=len(entries),
        counted=sum(entry.count for entry in entries if entry.count > 1),
        edited=sum(entry.version > 1 for entry in entries),
        withheld=sum(entry.confidential for entry in entries),
        carried=sum(item.state is ItemState.CARRIED for item in view.items),
        lines=len(view.lines),
        disputes=sum(line.value is CheckValue.DISPUTED for line in view.lines),
        holds=len(view.holds),
        by_badge=sum(row.way == BY_BADGE for row in view.relief_rows),
        addenda=len(view.addenda),
        answers=tuple((case.problem, case.final) for case in responsibility_cases(SYSTEM, now)),
    )


def _counted(rows: tuple[DoorRow, ...], outcome: Outcome) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(row.code for row in rows if row.outcome == outcome).most_common())
