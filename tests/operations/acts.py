"""What people and doors do in the operations' tests, in as few words as the tests need."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import models
from operations import door, handover, shiftlog, store, visits
from operations.acceptance import AcceptanceView, acceptance
from operations.boundary import REFUSED, Actor, kiosk_actor
from operations.duties import live_log
from regulation.access import DoorKnowledge, DoorVerdict, decide_entry
from regulation.doorlog import DoorEventRecord, Read, passage_of, record_event
from regulation.escorting import decide_escort
from regulation.exits import decide_exit
from regulation.handover import CheckValue
from regulation.ledger import GENESIS
from regulation.occupancy import Occupancy
from regulation.records import Direction
from tests.centre import NOW, PIN, SHIFT_ENDS, VISITOR_BADGES, Built

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
HANDOVER_AT = SHIFT_ENDS - 5 * MINUTE
LEADER, OPERATOR, RELIEF_LEADER, MANAGER, ADMIN, ENGINEER = "1003", "1017", "1103", "2001", "3001", "4001"


def own_badge(work_number: str) -> str:
    """The badge of someone of ``tests.centre``."""
    return work_number.zfill(10)


def current_log(actor: Actor, at: datetime) -> shiftlog.LogView | None:
    """The log that takes what is written at ``at``, as ``actor`` reads it; ``None`` between shifts."""
    log = store.read(lambda: live_log(at))
    return shiftlog.log_view(actor, at, log.id) if log is not None else None


def handover_by_id(actor: Actor, now: datetime, handover_id: int) -> AcceptanceView:
    """A handover, also after it was sealed."""
    view = acceptance(actor, now, handover_id=handover_id)
    assert view is not None
    return view


def notices_for(actor: Actor) -> tuple[models.Notification, ...]:
    """What was told to ``actor`` or to their role and waits for an answer, oldest first."""
    note = models.Notification
    mine = (note.role == actor.role) | (note.person == actor.person_id)
    query = note.select().where(note.answered_at.is_null(), mine).order_by(note.at, note.id)
    return store.read(lambda: tuple(query))


@dataclass
class Door:
    """A kiosk without wires: it decides as the real one does and keeps its chain in a list."""

    kiosk: str = "door"
    occupancy: Occupancy = field(default_factory=Occupancy)
    events: list[DoorEventRecord] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return kiosk_actor(self.kiosk)

    def reads(self, badge: str, at: datetime, *, reason: str | None = None) -> DoorEventRecord:
        """Someone badges in."""
        knowledge = self._knowledge(at)
        return self._record(knowledge, badge, Direction.IN, at, self._entry(knowledge, badge, at, reason))

    def leaves(self, badge: str, at: datetime) -> DoorEventRecord:
        """Someone badges out."""
        knowledge = self._knowledge(at)
        return self._record(
            knowledge, badge, Direction.OUT, at, decide_exit(knowledge, self.occupancy, badge, at)
        )

    def admits(self, badge: str, escort_badge: str, at: datetime) -> DoorEventRecord:
        """A visitor badges in and the escort answers at once."""
        knowledge = self._knowledge(at)
        waiting = self._entry(knowledge, badge, at, None)
        verdict = decide_escort(knowledge, self.occupancy, waiting, escort_badge, at)
        return self._record(knowledge, badge, Direction.IN, at, verdict)

    def notes(
        self,
        verdict: DoorVerdict,
        at: datetime,
        badge: str = "?",
        direction: Direction = Direction.IN,
        marks: tuple[str, ...] = (),
    ) -> DoorEventRecord:
        """The door records a verdict of its own."""
        return self._record(self._knowledge(at), badge, direction, at, verdict, marks)

    def raises(self, code: str, at: datetime, **fields: Any) -> DoorEventRecord:
        """The door records what happened without anyone passing."""
        return self.notes(DoorVerdict(code, **fields), at, "", Direction.NONE)

    def sends(self, now: datetime = NOW) -> int:
        """Everything so far goes to the centre."""
        return door.record_door_events(self.actor, now, self.kiosk, self.events)

    def _knowledge(self, at: datetime) -> DoorKnowledge:
        return DoorKnowledge.of(door.door_snapshot(self.actor, at))

    def _entry(self, knowledge: DoorKnowledge, badge: str, at: datetime, reason: str | None) -> DoorVerdict:
        return decide_entry(knowledge, self.occupancy, badge, at, reason=reason)

    def _record(
        self,
        knowledge: DoorKnowledge,
        badge: str,
        direction: Direction,
        at: datetime,
        verdict: DoorVerdict,
        marks: tuple[str, ...] = (),
    ) -> DoorEventRecord:
        read = Read(self.kiosk, "reader", direction, badge, badge in knowledge.badges, at, marks)
        previous = self.events[-1].hash if self.events else GENESIS
        event = record_event(read, verdict, len(self.events) + 1, previous, knowledge.snapshot.version)
        if (passage := passage_of(event)) is not None:
            self.occupancy.apply(passage)
        self.events.append(event)
        return event


REQUEST = visits.VisitRequest("key-1", "李伟", "华信公司", "maintenance", reference="4471")


def approved_visit(built: Built, **changes: Any) -> visits.VisitRow:
    """A visit asked for at the desk and approved by the leader."""
    leader = built.actors[LEADER]
    return visits.approve_visit(leader, NOW, visits.request_visit(leader, NOW, replace(REQUEST, **changes)))


def visitor_badge(label: str) -> str:
    """A visitor badge by what is printed on it."""
    return VISITOR_BADGES[label]


def entry(built: Built, text: str, at: datetime = NOW, **changes: Any) -> int:
    """The leader writes an entry about now."""
    draft = replace(shiftlog.EntryDraft("notice", text, at), **changes)
    return shiftlog.write_entry(built.actors[LEADER], at, draft)


def started_handover(built: Built, at: datetime = HANDOVER_AT) -> int:
    """The leader on duty freezes the running shift's log."""
    view = handover.handover_view(built.actors[LEADER], at)
    assert view is not None
    return handover.start_handover(built.actors[LEADER], at, view.log.id)


def checked(built: Built, at: datetime = HANDOVER_AT) -> None:
    """Both leaders find every line in order."""
    view = handover.handover_view(built.actors[LEADER], at)
    assert view is not None
    for line in view.lines:
        handover.check_line(built.actors[LEADER], at, line.id, CheckValue.IN_ORDER)


def sealed(built: Built, at: datetime = HANDOVER_AT) -> tuple[int, str]:
    """A handover from freeze to both signatures; returns its id and the digest."""
    handover_id = started_handover(built, at)
    checked(built, at)
    handover.sign_out(LEADER, PIN, at, handover_id)
    return handover_id, handover.sign_in_take_over(RELIEF_LEADER, PIN, at + MINUTE, handover_id)


def audit_actions() -> list[str]:
    """The actions of the audit chain that changed something, in order: refusals are left out."""
    record = models.AuditRecord
    done = record.select().where(record.action != REFUSED).order_by(record.sequence)
    return store.read(lambda: [row.action for row in done])


def refusals() -> list[dict[str, Any]]:
    """What was refused to whom, by the audit, in order."""
    record = models.AuditRecord
    query = record.select().where(record.action == REFUSED).order_by(record.sequence)
    return store.read(lambda: [{"actor": row.actor, **row.detail} for row in query])


def row_counts() -> dict[str, int]:
    """How many rows every table holds, and the change counter; what a refusal leaves on the record is left out."""

    def run() -> dict[str, int]:
        record = models.AuditRecord
        refused = record.select().where(record.action == REFUSED).count()
        counts = {table.__name__: table.select().count() for table in models.TABLES}
        counts["AuditRecord"] -= refused
        return counts | {"changes": store.change_version()}

    return store.read(run)
