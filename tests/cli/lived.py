"""A centre that lived through one night shift: people at the door, an entry, a visitor who waits, a handover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from operations import door, drafts, handover, registers, shiftlog, store, visits
from operations.signin import kiosk_actor
from regulation.access import DoorKnowledge, decide_entry
from regulation.doorlog import DoorEventRecord, Read, passage_of, record_event
from regulation.exits import decide_exit
from regulation.ledger import GENESIS
from regulation.occupancy import Occupancy
from regulation.records import Direction
from tests.centre import NOW, PIN, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built, build_centre

DOOR = "door"
SIGNED_AT = SHIFT_ENDS - timedelta(minutes=4)


@dataclass(frozen=True)
class Lived:
    """Where the centre is and the digest that was signed."""

    home: Path
    digest: str


def live_a_shift(home: Path) -> Lived:
    """Build the centre below ``home`` and let the shift of 23 November pass."""
    built = build_centre(home)
    swipes = (
        ("0000001003", SHIFT_STARTS - timedelta(minutes=12), Direction.IN),
        ("0000001017", SHIFT_STARTS - timedelta(minutes=10), Direction.IN),
        ("0000001021", SHIFT_STARTS - timedelta(minutes=4), Direction.IN),
        ("deadbeef", SHIFT_STARTS, Direction.IN),
        ("0000001022", SHIFT_STARTS + timedelta(minutes=4), Direction.IN),
        ("0000001022", NOW - timedelta(minutes=10), Direction.OUT),
    )
    actor = kiosk_actor(DOOR)
    door.record_door_events(actor, NOW, DOOR, _events(swipes))
    door.report_kiosk(actor, NOW, DOOR, {"reader in": "ok", "reader out": "missing"}, 0, 1)
    request = visits.VisitRequest("k1", "李伟", "华信公司", "maintenance", reference="4471")
    visits.request_visit(actor, NOW, request)
    _write(built)
    digest = _hand_over(built)
    store.close_database()
    return Lived(home, digest)


def _events(swipes: tuple[tuple[str, datetime, Direction], ...]) -> list[DoorEventRecord]:
    snapshot = door.door_snapshot(kiosk_actor(DOOR), NOW)
    knowledge, inside = DoorKnowledge.of(snapshot), Occupancy()
    previous, events = GENESIS, list[DoorEventRecord]()
    for badge, at, direction in swipes:
        decide = decide_entry if direction is Direction.IN else decide_exit
        verdict = decide(knowledge, inside, badge, at)
        read = Read(DOOR, direction.value, direction, badge, badge in knowledge.badges, at)
        event = record_event(read, verdict, len(events) + 1, previous, snapshot.version)
        if (passage := passage_of(event)) is not None:
            inside.apply(passage)
        events.append(event)
        previous = event.hash
    return events


def _write(built: Built) -> None:
    draft = shiftlog.EntryDraft(
        "abnormal",
        "3 号配线架告警",
        NOW - timedelta(minutes=5),
        told_whom="维护 张工",
        told_at=NOW - timedelta(minutes=3),
        open_item=True,
    )
    shiftlog.write_entry(built.actors["1003"], NOW, draft)
    until = (NOW + timedelta(minutes=30)).isoformat()
    wish = {"person": "1017", "line": "03", "reason": "培训", "until": until}
    registers.open_record(built.actors["1017"], NOW, "line_lock", wish)
    planned = drafts.Paint(built.ids["1017"], TODAY + timedelta(days=5), "early")
    drafts.paint_draft(built.actors["1003"], NOW, [planned])


def _hand_over(built: Built) -> str:
    outgoing, incoming = built.actors["1003"], built.actors["1103"]
    view = handover.handover_view(outgoing, SIGNED_AT)
    assert view is not None
    handover_id = handover.start_handover(outgoing, SIGNED_AT, view.log.id)
    for item in view.items:
        shiftlog.carry_item(outgoing, SIGNED_AT, item.id, "等备件", "明早催维护")
    handover.check_all_in_order(incoming, SIGNED_AT, handover_id)
    handover.sign_out("1003", PIN, SIGNED_AT, handover_id)
    return handover.sign_in_take_over("1103", PIN, SIGNED_AT, handover_id)
