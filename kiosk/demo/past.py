"""The door of the demo's past: the kiosk's own state machine and chain, without a process, a port or a disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.actions import Record
from kiosk.inputs import EntryRead, ExitRead, Input, Tick
from kiosk.journal_file import JOURNAL_FOLDER, Marks, write_log
from kiosk.machine import next_deadline, step
from kiosk.snapshot import NEVER
from kiosk.states import Context, State
from operations.demo_shift import News, Relieved
from operations.door import door_snapshot, record_door_events
from operations.signin import kiosk_actor
from regulation.access import DoorKnowledge
from regulation.doorlog import DoorEventRecord, event_fields, passage_of, record_event
from regulation.ledger import GENESIS, canonical
from regulation.occupancy import Occupancy
from regulation.records import Direction, DutyRecord, PermitRecord, Snapshot, VisitRecord

READER_IN: Final = "in"
READER_OUT: Final = "out"
SNAPSHOT_FRESH: Final = timedelta(days=4)
"""The past's door takes a whole snapshot of the centre this often; news reach it at once."""

TICK: Final = timedelta(seconds=1)


class PastDoor:
    """Decides, records and reports as the kiosk does. Implements ``operations.demo_shift.DemoDoor``."""

    def __init__(self, kiosk: str, open_seconds: float = 5.0) -> None:
        self.events: list[DoorEventRecord] = []
        self._kiosk, self._open_seconds = kiosk, open_seconds
        self._actor = kiosk_actor(kiosk)
        self._occupancy, self._state = Occupancy(), State()
        self._recent: dict[tuple[str, str], datetime] = {}
        self._knowledge: DoorKnowledge | None = None
        self._fetched_at = NEVER
        self._reported = 0

    def swipe(self, at: datetime, badge: str, direction: Direction) -> str:
        """Read a badge; return the code of the verdict."""
        entering = direction is Direction.IN
        reader = READER_IN if entering else READER_OUT
        self._step(EntryRead(reader, badge) if entering else ExitRead(reader, badge), at)
        self._recent = {key: seen for key, seen in self._recent.items() if at - seen < timedelta(minutes=2)}
        self._recent[reader, badge] = at
        return self.events[-1].code

    def wait(self, at: datetime) -> None:
        """Let time pass: whoever waits at the door is answered when their time is over."""
        while (due := next_deadline(self._state)) is not None and due + TICK <= at:
            self._step(Tick(), due + TICK)

    def hear(self, at: datetime, news: News) -> None:
        """Know of a change at once."""
        known = self._known(at).snapshot
        match news:
            case VisitRecord():
                others = tuple(visit for visit in known.visits if visit.id != news.id)
                known = replace(known, visits=(*others, news))
            case PermitRecord():
                known = replace(known, permits=(*known.permits, news))
            case Relieved():
                known = replace(known, duties=_relieved(known, news))
        self._knowledge = DoorKnowledge.of(replace(known, taken_at=at, version=known.version + 1))

    def settle(self, at: datetime) -> None:
        """Report every event to the centre."""
        fresh = self.events[self._reported :]
        if fresh:
            record_door_events(self._actor, at, self._kiosk, fresh)
            self._reported = len(self.events)

    def _known(self, at: datetime) -> DoorKnowledge:
        known = self._knowledge
        if known is None or at - self._fetched_at > SNAPSHOT_FRESH:
            known, self._fetched_at = DoorKnowledge.of(door_snapshot(self._actor, at)), at
        elif known.snapshot.taken_at < at - timedelta(hours=1):
            known = replace(known, snapshot=replace(known.snapshot, taken_at=at))
        self._knowledge = known
        return known

    def _step(self, event: Input, at: datetime) -> None:
        knowledge = self._known(at)
        context = Context(self._kiosk, knowledge, self._occupancy, self._recent, self._open_seconds, False)
        self._state, actions = step(self._state, event, context, at)
        for action in actions:
            if isinstance(action, Record):
                self._record(action, knowledge.snapshot.version)

    def _record(self, record: Record, version: int) -> None:
        for read, verdict in record.entries:
            previous = self.events[-1].hash if self.events else GENESIS
            event = record_event(read, verdict, len(self.events) + 1, previous, version)
            self.events.append(event)
            passage = passage_of(event)
            if passage is not None:
                self._occupancy.apply(passage)
                self._note_return(event)

    def _note_return(self, event: DoorEventRecord) -> None:
        """Someone is back at the seat: the permit has done its work."""
        knowledge = self._known(event.at)
        permits = tuple(
            replace(permit, returned_at=event.at) if permit.person_id == event.person_id else permit
            for permit in knowledge.snapshot.permits
        )
        if event.direction == Direction.IN and permits != knowledge.snapshot.permits:
            self._knowledge = DoorKnowledge.of(replace(knowledge.snapshot, permits=permits))


def write_journal(folder: Path, events: Sequence[DoorEventRecord]) -> None:
    """Make the journal of a kiosk that recorded ``events`` and reported them all: the real one continues there."""
    rows = [(e.sequence, e.previous, e.hash, canonical(event_fields(e))) for e in events]
    write_log(folder / JOURNAL_FOLDER, rows, Marks(acknowledged=len(rows)))


def _relieved(known: Snapshot, news: Relieved) -> tuple[DutyRecord, ...]:
    return tuple(
        replace(duty, relieved_at=news.at) if duty.starts_at == news.starts_at and duty.needs_relief else duty
        for duty in known.duties
    )
