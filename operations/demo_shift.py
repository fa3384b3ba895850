"""What happens in a shift of the demo, as timed beats: people come and go, write, let visitors in, hand over.

A beat acts through the public operations and through a door. Which door is the player's choice: history passes
one that decides as the kiosk does, today passes the real kiosk process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import models
from operations import handover, permits, shiftlog, store, visits
from operations.demo_centre import DEMO_PIN, DemoCentre, Member, demo_badge
from operations.demo_roster import Slot
from operations.demo_words import DisputeWords, EntryWords, VisitorWords
from regulation.handover import CheckValue, ItemState
from regulation.records import Direction, PermitRecord, VisitRecord, VisitState


@dataclass(frozen=True, slots=True)
class Relieved:
    """News for the door: everyone of the shift that starts at ``starts_at`` was relieved."""

    starts_at: datetime
    at: datetime


News = VisitRecord | PermitRecord | Relieved


class DemoDoor(Protocol):
    """A door of the demo. ``at`` is the demo's time; it never goes back."""

    def swipe(self, at: datetime, badge: str, direction: Direction) -> str:
        """Read a badge; return the code of the verdict."""

    def wait(self, at: datetime) -> None:
        """Let time pass until ``at``, so that whoever waits at the door is answered."""

    def hear(self, at: datetime, news: News) -> None:
        """Return when the door knows of a change at the centre."""

    def settle(self, at: datetime) -> None:
        """Return when the centre holds every event of this door."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One thing that happens. ``note`` says it to whoever watches, empty for the ordinary."""

    at: datetime
    act: Callable[[DemoDoor, datetime], None]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an open item at a handover: an outcome, or (without one) a reason and a next step."""

    outcome: str = ""
    reason: str = ""
    next_step: str = ""


def minutes(count: float) -> timedelta:
    """Return a span of minutes, whole seconds."""
    return timedelta(seconds=round(count * 60))


def comes(member: Member, at: datetime, note: str = "") -> Beat:
    """Someone badges in."""
    return _badges(member.badge, at, Direction.IN, note)


def goes(member: Member, at: datetime, note: str = "") -> Beat:
    """Someone badges out."""
    return _badges(member.badge, at, Direction.OUT, note)


def stranger(badge: str, at: datetime, note: str = "") -> Beat:
    """A badge nobody knows is held to the entry reader."""
    return _badges(badge, at, Direction.IN, note)


def _badges(badge: str, at: datetime, direction: Direction, note: str) -> Beat:
    def swipe(door: DemoDoor, now: datetime) -> None:
        door.swipe(now, badge, direction)

    return Beat(at, swipe, note)


def steps_out(
    member: Member,
    leader: Member | None,
    at: datetime,
    away: float,
    permit: int = 10,
    reason: str = "",
    note: str = "",
) -> list[Beat]:
    """Someone leaves the seat for ``away`` minutes: with the leader's permit of ``permit`` minutes, or without one."""
    beats = [goes(member, at, note), comes(member, at + minutes(away))]
    if leader is None:
        return beats

    def allow(door: DemoDoor, now: datetime) -> None:
        permit_id = permits.permit_seat_leave(leader.actor, now, member.number, reason, permit)
        duty_id = store.read(lambda: _duty_of(permit_id))
        door.hear(now, PermitRecord(permit_id, member.actor.person_id, duty_id, now, now + minutes(permit)))

    return [Beat(at - minutes(1), allow), *beats]


def writes(author: Member, at: datetime, words: EntryWords, told_after: float = 3, seat: str = "") -> Beat:
    """A leader writes down what happened a few minutes ago; whom it concerns was told ``told_after`` minutes after it."""
    happened_at = at - minutes(max(4, told_after))

    def write(_door: DemoDoor, now: datetime) -> None:
        draft = shiftlog.EntryDraft(
            words.kind, words.text, happened_at, seat=seat, asset=words.asset, department=words.department,
            vip=words.vip, told_whom=words.told,
            told_at=happened_at + minutes(told_after) if words.told else None,
            open_item=bool(words.item), item_title=words.item,
            due_at=now + timedelta(hours=4) if words.item else None,
        )  # fmt: skip
        shiftlog.write_entry(author.actor, now, draft)

    return Beat(at, write)


def is_visited(
    leader: Member,
    escort: Member | None,
    visitor: VisitorWords,
    key: str,
    at: datetime,
    stays: float,
    allowed: int = 120,
    note: str = "",
    approver: Member | None = None,
) -> list[Beat]:
    """A visit is asked for and approved; the escort fetches the visitor, or (without one) nobody comes in time.

    The leader approves, unless ``approver`` does: some reasons are for the deputy manager alone (Art. 20).
    """
    visit = _Visit(leader, visitor, key, allowed, approver or leader)
    arrives = at + minutes(3)
    beats = [Beat(at, visit.ask), Beat(at + minutes(0.5), visit.approve), Beat(arrives, visit.arrive, note)]
    if escort is None:
        late = arrives + timedelta(seconds=31)
        return [*beats, Beat(late, lambda _door, _now: None), Beat(late + minutes(2), visit.end)]
    leaves = arrives + minutes(stays)
    fetch = (goes(escort, arrives + timedelta(seconds=9)), comes(escort, arrives + timedelta(seconds=21)))
    beats += [*fetch, Beat(leaves, visit.leave)]
    # A colleague keeps the own badge: the visit is ended by hand, so that the badge opens nothing until its next one.
    return [*beats, Beat(leaves + minutes(1), visit.end)] if visitor.company_number else beats


@dataclass(slots=True)
class _Visit:
    """One visit from the request to the last exit; what is learnt on the way is kept here."""

    leader: Member
    visitor: VisitorWords
    key: str
    allowed: int
    approver: Member
    id: int = 0
    record: VisitRecord | None = None

    def ask(self, _door: DemoDoor, now: datetime) -> None:
        who = self.visitor
        request = visits.VisitRequest(
            self.key, who.name, who.unit, who.reason, who.phone, who.reference,
            self.leader.number, self.allowed, company_work_number=who.company_number,
            job_title=who.job_title, carried=who.carried,
        )  # fmt: skip
        self.id = visits.request_visit(self.leader.actor, now, request)

    def approve(self, door: DemoDoor, now: datetime) -> None:
        door.settle(now)  # a badge that has come back is free again
        row = visits.approve_visit(self.approver.actor, now, self.id)
        badge = demo_badge(row.badge_label or self.visitor.company_number)
        self.record = VisitRecord(
            row.id, row.state, row.starts_at, row.ends_at, row.reason, row.visitor, row.unit,
            self.leader.actor.person_id, badge, row.badge_label,
        )  # fmt: skip
        door.hear(now, self.record)

    def arrive(self, door: DemoDoor, now: datetime) -> None:
        self._swipe(door, now, Direction.IN)

    def leave(self, door: DemoDoor, now: datetime) -> None:
        self._swipe(door, now, Direction.OUT)

    def end(self, door: DemoDoor, now: datetime) -> None:
        door.settle(now)
        row = visits.visit_state(self.leader.actor, now, self.key)
        if row is None or row.state is VisitState.ENDED:
            return  # it ran over its time, and leaving ended it
        visits.end_visit(self.leader.actor, now, self.id)
        if self.record is not None:
            door.hear(now, replace(self.record, state=VisitState.ENDED))

    def _swipe(self, door: DemoDoor, now: datetime, direction: Direction) -> None:
        if self.record is not None and self.record.badge is not None:
            door.swipe(now, self.record.badge, direction)


def is_handed_over(
    centre: DemoCentre,
    slot: Slot,
    settled: Callable[[str], Fate],
    at: datetime,
    dispute: DisputeWords | None = None,
    gap: float = 3,
) -> list[Beat]:
    """The handover of a shift, started at ``at`` and signed two minutes later, then again ``gap`` minutes after.

    ``settled`` says what becomes of an open item, by its title.
    """
    work = _Handover(centre, slot, settled, dispute)
    steps = (work.start, work.decide_items, work.check, work.sign_out)
    beats = [Beat(at + timedelta(seconds=40 * place), step) for place, step in enumerate(steps)]
    return [*beats, Beat(beats[-1].at + minutes(gap), work.take_over)]


@dataclass(slots=True)
class _Handover:
    """One handover from its start to the second signature."""

    centre: DemoCentre
    slot: Slot
    settled: Callable[[str], Fate]
    dispute: DisputeWords | None
    id: int = 0

    @property
    def outgoing(self) -> Member:
        return self.centre.leader(self.slot)

    @property
    def incoming(self) -> Member:
        return self.centre.leader(self.slot.after())

    def start(self, door: DemoDoor, now: datetime) -> None:
        door.settle(now)
        self.id = handover.start_handover(self.outgoing.actor, now, self.centre.log_ids[self.slot])

    def check(self, _door: DemoDoor, now: datetime) -> None:
        for place, line_id in enumerate(store.read(lambda: _line_ids(self.id))):
            if self.dispute is not None and place == self.dispute.line:
                words = self.dispute
                handover.report_dispute(self.incoming.actor, now, line_id, words.account, words.told)
            else:
                handover.check_line(self.incoming.actor, now, line_id, CheckValue.IN_ORDER)

    def decide_items(self, _door: DemoDoor, now: datetime) -> None:
        for item_id, title in store.read(lambda: _open_items(self.centre.log_ids[self.slot])):
            fate = self.settled(title)
            if fate.outcome:
                shiftlog.resolve_item(self.outgoing.actor, now, item_id, fate.outcome, satisfied=True)
            else:
                shiftlog.carry_item(self.outgoing.actor, now, item_id, fate.reason, fate.next_step)

    def sign_out(self, _door: DemoDoor, now: datetime) -> None:
        handover.sign_out(self.outgoing.number, DEMO_PIN, now, self.id)

    def take_over(self, door: DemoDoor, now: datetime) -> None:
        door.settle(now)
        handover.sign_in_take_over(self.incoming.number, DEMO_PIN, now, self.id)
        door.hear(now, Relieved(self.slot.starts_at, now))


def in_order(beats: Iterable[Beat]) -> list[Beat]:
    """Return beats in order of time; of two at the same time the one given first stays first."""
    return sorted(beats, key=lambda beat: beat.at)


def _line_ids(handover_id: int) -> list[int]:
    line = models.CheckLine
    return [
        row.id for row in line.select(line.id).where(line.handover == handover_id).order_by(line.position)
    ]


def _open_items(log_id: int) -> list[tuple[int, str]]:
    item = models.OpenItem
    query = item.select(item.id, item.title).where(item.log == log_id, item.state == ItemState.OPEN)
    return [(row.id, row.title) for row in query.order_by(item.id)]


def _duty_of(permit_id: int) -> int:
    return int(models.SeatLeave.get_by_id(permit_id).duty_id)
