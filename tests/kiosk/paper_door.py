"""A door without threads, disk or hardware: the machine, and around it what the engine does with its answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from kiosk.actions import Action, Record, Relock, Unlock
from kiosk.inputs import EntryRead, ExitRead, Input, NotRecorded, ToggleRead
from kiosk.leaf import released
from kiosk.machine import step, view_of
from kiosk.states import Context, State
from kiosk.views import View
from kiosk.watching import resets_noted
from regulation.access import DoorKnowledge, DoorVerdict
from regulation.doorlog import DoorEventRecord, Read, passage_meant, passage_of, record_event
from regulation.ledger import GENESIS
from regulation.occupancy import Occupancy
from regulation.records import Direction, Snapshot
from tests.kiosk.scene import NOW, OPEN_SECONDS, SNAPSHOT, seconds
from tests.regulation.room import occupancy_after

Entry = tuple[Read, DoorVerdict]


@dataclass
class PaperDoor:
    """Feed it inputs; it keeps the state, who is inside, the events in order, and how often the strike moved."""

    snapshot: Snapshot = SNAPSHOT
    dress: Literal["off", "reminder", "confirm"] = "off"
    can_ask: bool = True
    relock_on_open: bool = True
    now: datetime = NOW
    journal_works: bool = True
    state: State = field(default_factory=State)
    occupancy: Occupancy = field(default_factory=Occupancy)
    recent: dict[tuple[str, str], datetime] = field(default_factory=dict)
    events: list[DoorEventRecord] = field(default_factory=list)
    owed: list[Entry] = field(default_factory=list)
    unlocks: int = 0
    relocks: int = 0

    def __post_init__(self) -> None:
        self.knowledge = DoorKnowledge.of(self.snapshot)

    def context(self) -> Context:
        """What the door knows now."""
        return Context(
            "main", self.knowledge, self.occupancy, self.recent, OPEN_SECONDS, self.can_ask,
            self.state.pins, dress=self.dress, relock_on_open=self.relock_on_open,
        )  # fmt: skip

    def feed(self, event: Input) -> tuple[Action, ...]:
        """Take one input; return what the machine answered."""
        self.state, actions = step(self.state, event, self.context(), self.now)
        if isinstance(event, EntryRead | ExitRead | ToggleRead):
            self.recent[event.reader, event.badge] = self.now
        self.perform(actions)
        return actions

    def after(self, pause: float, event: Input) -> list[str]:
        """Let ``pause`` seconds pass and feed ``event``; return the codes that were recorded."""
        self.now += seconds(pause)
        before = len(self.events)
        self.feed(event)
        return [recorded.code for recorded in self.events[before:]]

    def perform(self, actions: tuple[Action, ...]) -> None:
        """Do what the engine does: durable first; an entry that is not is refused, everything else happened."""
        entries = tuple(entry for act in actions if isinstance(act, Record) for entry in act.entries)
        if entries and not self.journal_works:
            if any(read.direction is Direction.IN for read, _verdict in entries):
                self.feed(NotRecorded(tuple(read for read, _verdict in entries)))
                return
            for read, verdict in entries:
                if (passage := passage_meant(read, verdict)) is not None:
                    self.occupancy.apply(passage)
            self.owed += entries
        elif self.journal_works:
            self.record(entries)
        for act in actions:
            self.unlocks += isinstance(act, Unlock)
            self.relocks += isinstance(act, Relock)
            if isinstance(act, Unlock):
                self.state = replace(self.state, leaf=released(self.state.leaf, self.now, act.seconds))

    def record(self, entries: tuple[Entry, ...]) -> None:
        """Make ``entries`` events, after what is owed; only the fresh ones move anybody, the owed have already."""
        owed, self.owed = self.owed, []
        for number, (read, verdict) in enumerate((*owed, *entries)):
            event = record_event(read, verdict, len(self.events) + 1, GENESIS, self.snapshot.version)
            self.events.append(event)
            passage = passage_of(event)
            if passage is not None and number >= len(owed):
                self.occupancy.apply(passage)

    def hear(self, snapshot: Snapshot) -> None:
        """Take the centre's news, as the engine does."""
        self.snapshot, self.knowledge = snapshot, DoorKnowledge.of(snapshot)
        removed = self.occupancy.apply_resets(snapshot.resets)
        if removed:
            self.perform((Record(resets_noted(removed, "main", self.knowledge, self.now)),))

    def restart(self) -> None:
        """Start anew: what is left is what was recorded."""
        self.state, self.recent, self.owed = State(), {}, []
        self.occupancy = self.folded()
        self.hear(self.snapshot)

    def folded(self) -> Occupancy:
        """Who is inside by the records alone."""
        passages = (passage_of(event) for event in self.events)
        return occupancy_after(passage for passage in passages if passage is not None)

    @property
    def view(self) -> View:
        """What the screen shows."""
        return view_of(self.state)

    @property
    def last(self) -> DoorEventRecord:
        """The last event."""
        return self.events[-1]

    def finding_codes(self, event: DoorEventRecord | None = None) -> list[str]:
        """The codes of an event's findings."""
        return [str(finding["code"]) for finding in (event or self.last).findings]
