"""Art. 14, 20, 21, 24 and 33: what the door reports arrives once, in order, and moves visits and permits."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import models
from operations import badges, doctor, door, findings, handover, people, permits, store, today, verify, visits
from operations import centre as centres
from operations.boundary import SYSTEM
from operations.errors import Conflict, NotPermitted, Outdated
from regulation.access import DoorVerdict
from regulation.doorlog import DoorEventRecord, event_fields
from regulation.findings import Finding
from regulation.ledger import GENESIS, chain_hash
from regulation.presence import Presence
from regulation.records import BadgeKind, BadgeState, VisitState
from settings import open_home
from tests.centre import NOW, PIN, SHIFT_STARTS, TEMPORARY_BADGES, TODAY, Built
from tests.operations.acts import (
    ENGINEER,
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    SECOND,
    Door,
    approved_visit,
    audit_actions,
    checked,
    own_badge,
    row_counts,
    started_handover,
    visitor_badge,
)

IN_TIME = SHIFT_STARTS - 10 * MINUTE


@pytest.fixture
def kiosk() -> Door:
    return Door()


def arrivals(kiosk: Door) -> None:
    """Leader and operator come in time, somebody unknown does not get in."""
    kiosk.reads(own_badge(LEADER), IN_TIME)
    kiosk.reads(own_badge(OPERATOR), IN_TIME + SECOND)
    kiosk.reads("deadbeef", SHIFT_STARTS)


def visit_now(built: Built, key: str = "key-1") -> visits.VisitRow:
    row = visits.visit_state(built.actors[LEADER], NOW, key)
    assert row is not None
    return row


# --- once, in order -----------------------------------------------------------------------------------------


def test_art33_events_arrive_and_the_highest_number_is_answered(centre: Built, kiosk: Door) -> None:
    arrivals(kiosk)
    assert kiosk.sends() == 3
    page = door.door_events(centre.actors[LEADER], NOW, door.DoorFilter(), 0, 10)
    assert [(row.sequence, row.code) for row in page.rows] == [
        (3, "refused.unknown_badge"),
        (2, "granted.relief_late"),
        (1, "granted"),
    ]


def test_art33_sending_everything_again_changes_nothing(centre: Built, kiosk: Door) -> None:
    arrivals(kiosk)
    kiosk.sends()
    before = row_counts()
    assert kiosk.sends() == 3
    assert {**row_counts(), "changes": 0} == {**before, "changes": 0}


def test_art33_an_overlap_adds_only_what_is_new(centre: Built, kiosk: Door) -> None:
    arrivals(kiosk)
    kiosk.sends()
    kiosk.leaves(own_badge(OPERATOR), NOW)
    assert door.record_door_events(kiosk.actor, NOW, "door", kiosk.events[1:]) == 4
    assert door.door_events(centre.actors[LEADER], NOW, door.DoorFilter(), 0, 10).total == 4


def test_art33_no_events_answer_where_the_centre_stands(centre: Built, kiosk: Door) -> None:
    assert kiosk.sends() == 0
    arrivals(kiosk)
    kiosk.sends()
    assert door.record_door_events(kiosk.actor, NOW, "door", []) == 3


def broken(kiosk: Door, how: str) -> list[DoorEventRecord]:
    first, second, third = kiosk.events
    rehashed = replace(second, previous=GENESIS)
    rehashed = replace(rehashed, hash=chain_hash(GENESIS, event_fields(rehashed)))
    return {
        "gap": [first, third],
        "wrong previous": [first, rehashed],
        "changed": [first, replace(second, code="granted")],
        "another's": [replace(first, kiosk="side")],
        "not from the first": [second, third],
    }[how]


@pytest.mark.parametrize("how", ["gap", "wrong previous", "changed", "another's", "not from the first"])
def test_art33_what_does_not_continue_the_chain_is_refused_whole(
    sqlite_centre: Built, kiosk: Door, how: str
) -> None:
    arrivals(kiosk)
    before = row_counts()
    with pytest.raises(Conflict, match="do not continue") as refused:
        door.record_door_events(kiosk.actor, NOW, "door", broken(kiosk, how))
    assert refused.value.article == 33
    assert row_counts() == before


def test_art33_a_second_kiosk_under_the_same_name_is_found_out_and_loses_nothing_in_silence(
    centre: Built, kiosk: Door
) -> None:
    arrivals(kiosk)
    kiosk.sends()
    other = Door()
    other.reads(own_badge(OPERATOR), SHIFT_STARTS)
    with pytest.raises(Conflict, match="do not continue"):
        other.sends()


def test_art33_an_event_about_someone_the_centre_no_longer_knows_still_arrives(
    centre: Built, kiosk: Door
) -> None:
    gone = 99_999
    finding = Finding("left_without_permit", NOW, gone, gone, ("duty:99999",))
    kiosk.notes(DoorVerdict("released.no_permit", gone, duty_id=gone, findings=(finding,)), NOW)
    assert door.record_door_events(kiosk.actor, NOW, "door", kiosk.events) == 1
    (kept,) = findings.findings(centre.actors[LEADER], NOW, NOW, NOW + SECOND)
    assert (kept.code, kept.person) == ("left_without_permit", "")


def test_art33_two_doors_keep_a_chain_each(centre: Built, kiosk: Door) -> None:
    arrivals(kiosk)
    side = Door("side")
    side.leaves(own_badge(OPERATOR), NOW)
    assert (kiosk.sends(), side.sends()) == (3, 1)
    assert [row.kiosk for row in door.kiosks(centre.actors[LEADER], NOW)] == ["door", "side"]


def test_art33_door_events_are_their_own_audit(centre: Built, kiosk: Door) -> None:
    before = audit_actions()
    arrivals(kiosk)
    kiosk.sends()
    assert audit_actions() == before


# --- findings -----------------------------------------------------------------------------------------------


def test_art21_and_20_findings_at_the_door_are_kept_once_with_their_evidence(
    centre: Built, kiosk: Door
) -> None:
    arrivals(kiosk)
    kiosk.sends()
    kiosk.sends()
    kept = findings.findings(centre.actors[LEADER], NOW, IN_TIME, NOW)
    assert [(f.code, f.article, f.work_number, f.evidence[0]) for f in kept] == [
        ("entry_refused", 20, "", "door:door-3"),
        ("relief_late", 21, OPERATOR, "door:door-2"),
    ]
    assert findings.findings_by_article(centre.actors[LEADER], NOW, IN_TIME, NOW) == {20: 1, 21: 1}
    assert findings.findings(centre.actors[LEADER], NOW, IN_TIME, NOW, 21) == kept[1:]


# --- who is inside ------------------------------------------------------------------------------------------


def test_art14_who_came_in_is_inside_until_they_leave(centre: Built, kiosk: Door) -> None:
    arrivals(kiosk)
    kiosk.sends()
    assert [row.work_number for row in door.inside_now(centre.actors[LEADER], NOW)] == [LEADER, OPERATOR]
    kiosk.leaves(own_badge(OPERATOR), NOW)
    kiosk.sends()
    assert [row.work_number for row in door.inside_now(centre.actors[LEADER], NOW)] == [LEADER]
    board = today.today_board(centre.actors[LEADER], NOW)
    assert board.inside == 1
    states = {seat.work_number: (seat.state, seat.note_code) for seat in board.seats}
    assert states[LEADER] == (Presence.PRESENT, "")
    assert states[OPERATOR] == (Presence.AWAY, "no_permit")
    assert states["1021"] == (Presence.ABSENT, "")


def test_art20_an_entry_the_door_took_back_leaves_nobody_inside_and_nobody_present(
    centre: Built, kiosk: Door
) -> None:
    came = kiosk.reads(own_badge(OPERATOR), IN_TIME)
    withdrawal = DoorVerdict(
        "refused.cannot_be_recorded", came.person_id, evidence=(f"door:door-{came.sequence}",)
    )
    kiosk.notes(withdrawal, IN_TIME, own_badge(OPERATOR))
    kiosk.sends()
    board = today.today_board(centre.actors[LEADER], NOW)
    assert board.inside == 0
    assert max(board.occupancy_by_hour) == 0
    assert {seat.state for seat in board.seats} == {Presence.ABSENT}


def test_art20_a_visitors_entry_that_was_taken_back_lets_them_come_again(centre: Built, kiosk: Door) -> None:
    row = approved_visit(centre)
    kiosk.reads(own_badge(LEADER), IN_TIME)
    came = kiosk.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW)
    kiosk.sends()
    assert visit_now(centre).state is VisitState.INSIDE
    taken_back = DoorVerdict(
        "refused.cannot_be_recorded", visit_id=came.visit_id, evidence=(f"door:door-{came.sequence}",)
    )
    kiosk.notes(taken_back, NOW)
    kiosk.sends()
    assert (visit_now(centre).state, visit_now(centre).entered_at) == (VisitState.APPROVED, None)
    again = kiosk.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW + SECOND)
    assert again.code == "granted.visitor"


# --- visits -------------------------------------------------------------------------------------------------


def test_art20_a_visit_follows_the_door_from_approved_to_inside_to_ended(centre: Built, kiosk: Door) -> None:
    row = approved_visit(centre)
    badge = visitor_badge(row.badge_label)
    kiosk.admits(badge, own_badge(LEADER), NOW + MINUTE)
    kiosk.sends()
    there = visit_now(centre)
    assert (there.state, there.escort, there.entered_at) == (
        VisitState.INSIDE,
        f"王建国({LEADER})",
        NOW + MINUTE,
    )
    guests = [row for row in door.inside_now(centre.actors[LEADER], NOW + MINUTE) if row.is_visitor]
    assert [(g.name, g.unit, g.escort) for g in guests] == [("李伟", "华信公司", f"王建国({LEADER})")]
    kiosk.leaves(badge, NOW + 30 * MINUTE)
    kiosk.sends()
    assert (visit_now(centre).state, visit_now(centre).left_at) == (VisitState.ENDED, NOW + 30 * MINUTE)


def test_art20_a_company_employee_may_come_back_inside_the_window(centre: Built, kiosk: Door) -> None:
    approved_visit(centre, company_work_number=ENGINEER, visitor="张伟")
    for minute in (1, 20):
        entered = kiosk.admits(own_badge(ENGINEER), own_badge(LEADER), NOW + minute * MINUTE)
        assert entered.code == "granted.visitor"
        kiosk.leaves(own_badge(ENGINEER), NOW + (minute + 5) * MINUTE)
        kiosk.sends()
        assert visit_now(centre).state is VisitState.APPROVED
    late = kiosk.admits(own_badge(ENGINEER), own_badge(LEADER), NOW + 119 * MINUTE)
    assert late.code == "granted.visitor"
    kiosk.leaves(own_badge(ENGINEER), NOW + 121 * MINUTE)
    kiosk.sends()
    assert visit_now(centre).state is VisitState.ENDED


def test_art20_a_visit_ended_at_the_desk_stays_ended_whatever_the_door_reports_later(
    centre: Built, kiosk: Door
) -> None:
    row = approved_visit(centre, company_work_number=ENGINEER, visitor="张伟")
    kiosk.admits(own_badge(ENGINEER), own_badge(LEADER), NOW)
    kiosk.leaves(own_badge(ENGINEER), NOW + 2 * MINUTE)
    door.record_door_events(kiosk.actor, NOW, "door", kiosk.events[:1])
    visits.end_visit(centre.actors[LEADER], NOW + MINUTE, row.id)
    assert door.inside_now(centre.actors[LEADER], NOW + MINUTE) == ()
    kiosk.sends(NOW + 2 * MINUTE)
    assert visit_now(centre).state is VisitState.ENDED


def test_art20_after_the_incoming_signature_the_new_leader_answers_for_the_visitor(
    centre: Built, kiosk: Door
) -> None:
    row = approved_visit(centre, minutes=24 * 60)
    kiosk.reads(own_badge(LEADER), IN_TIME)
    kiosk.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW)
    kiosk.reads(own_badge(RELIEF_LEADER), HANDOVER_AT - 10 * MINUTE)
    kiosk.sends(HANDOVER_AT)
    handover_id = started_handover(centre)
    view = handover.handover_view(centre.actors[LEADER], HANDOVER_AT)
    assert view is not None
    assert [line.label for line in view.lines if line.visit_id] == ["李伟(华信公司)"]
    checked(centre)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)
    handover.sign_in_take_over(RELIEF_LEADER, PIN, HANDOVER_AT, handover_id)
    left = kiosk.leaves(own_badge(LEADER), HANDOVER_AT + MINUTE)
    assert (left.code, left.findings) == ("released", ())
    other = kiosk.leaves(own_badge(RELIEF_LEADER), HANDOVER_AT + 2 * MINUTE)
    assert [f["code"] for f in other.findings] == ["visitor_left_behind"]


# --- permits, badges, limits reach the door -----------------------------------------------------------------


def test_art14_coming_back_closes_the_permit_and_leaving_does_not(centre: Built, kiosk: Door) -> None:
    permits.permit_seat_leave(centre.actors[LEADER], NOW, OPERATOR, "喝水", 10)
    kiosk.reads(own_badge(OPERATOR), IN_TIME)
    kiosk.leaves(own_badge(OPERATOR), NOW + SECOND)
    kiosk.sends()
    assert len(door.door_snapshot(SYSTEM, NOW).permits) == 1
    kiosk.reads(own_badge(OPERATOR), NOW + 5 * MINUTE)
    kiosk.sends()
    assert door.door_snapshot(SYSTEM, NOW).permits == ()
    assert [event.code for event in kiosk.events[1:]] == ["released.permit", "granted"]


def test_art20_a_badge_reported_lost_no_longer_opens(centre: Built, kiosk: Door) -> None:
    people.set_badge_state(SYSTEM, NOW, own_badge(OPERATOR), BadgeState.LOST)
    assert kiosk.reads(own_badge(OPERATOR), NOW).code == "refused.badge_lost"


def test_the_snapshot_carries_the_limits_of_its_day(centre: Built, kiosk: Door) -> None:
    tomorrow = TODAY + timedelta(days=1)
    centres.set_limit(centre.actors[MANAGER], NOW, "relief_early_minutes", 20, tomorrow)
    assert door.door_snapshot(SYSTEM, NOW).limits["relief_early_minutes"] == 10
    assert door.door_snapshot(SYSTEM, NOW + timedelta(days=1)).limits["relief_early_minutes"] == 20


def test_the_snapshots_version_grows_with_every_change(centre: Built) -> None:
    before = door.door_snapshot(SYSTEM, NOW).version
    approved_visit(centre)
    assert door.door_snapshot(SYSTEM, NOW).version == before + 2


# --- health and the list ------------------------------------------------------------------------------------


def test_a_kiosk_is_online_for_twenty_seconds_after_its_last_word(centre: Built, kiosk: Door) -> None:
    door.report_kiosk(kiosk.actor, NOW, "door", {"reader in": "ok", "strike": "missing"}, 4, 7)
    (row,) = door.kiosks(centre.actors[LEADER], NOW + 20 * SECOND)
    assert (row.online, row.pending, row.parts) == (True, 4, {"reader in": "ok", "strike": "missing"})
    (row,) = door.kiosks(centre.actors[LEADER], NOW + 20 * SECOND + timedelta(microseconds=1))
    assert not row.online


def test_a_kiosk_that_only_reported_its_health_holds_no_events_yet(centre: Built, kiosk: Door) -> None:
    door.report_kiosk(kiosk.actor, NOW, "door", {}, 0, 7)
    assert door.record_door_events(kiosk.actor, NOW, "door", []) == 0


def test_only_a_door_may_report_events(centre: Built, kiosk: Door) -> None:
    arrivals(kiosk)
    with pytest.raises(NotPermitted):
        door.record_door_events(centre.actors[LEADER], NOW, "door", kiosk.events)


@pytest.mark.parametrize(
    ("wanted", "sequences"),
    [
        (door.DoorFilter(), [4, 3, 2, 1]),
        (door.DoorFilter(text="陈静"), [4, 2]),
        (door.DoorFilter(text=OPERATOR), [4, 2]),
        (door.DoorFilter(outcome="refused"), [3]),
        (door.DoorFilter(since=SHIFT_STARTS), [4, 3]),
        (door.DoorFilter(until=SHIFT_STARTS), [2, 1]),
        (door.DoorFilter(text="陈静", outcome="released"), [4]),
        (door.DoorFilter(text="%"), []),
        (door.DoorFilter(direction="out"), [4]),
        (door.DoorFilter(code="granted"), [1]),
        (door.DoorFilter(article=21), [2]),
        (door.DoorFilter(reader="reader", kiosk="door", direction="in"), [3, 2, 1]),
        (door.DoorFilter(reader="rear"), []),
        (door.DoorFilter(kiosk="side"), []),
    ],
)
def test_door_events_are_found_by_who_what_and_when(
    sqlite_centre: Built, kiosk: Door, wanted: door.DoorFilter, sequences: list[int]
) -> None:
    arrivals(kiosk)
    kiosk.leaves(own_badge(OPERATOR), NOW)
    kiosk.sends()
    page = door.door_events(sqlite_centre.actors[LEADER], NOW, wanted, 0, 10)
    assert [row.sequence for row in page.rows] == sequences
    assert page.total == len(sequences)


def test_door_events_come_in_pages(centre: Built, kiosk: Door) -> None:
    arrivals(kiosk)
    kiosk.sends()
    page = door.door_events(centre.actors[LEADER], NOW, door.DoorFilter(), 1, 1)
    assert (page.total, [row.sequence for row in page.rows]) == (3, [2])


def test_art20_a_row_says_what_the_event_was_about(centre: Built, kiosk: Door) -> None:
    row = approved_visit(centre)
    kiosk.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW)
    kiosk.reads(own_badge("1021"), NOW + SECOND, reason="training")
    kiosk.reads("deadbeef", NOW + 2 * SECOND)
    kiosk.raises("alarm.forced", NOW + 3 * SECOND)
    kiosk.sends()
    rows = door.door_events(centre.actors[LEADER], NOW, door.DoorFilter(), 0, 10).rows
    assert [(r.code, r.direction, r.alarm, r.findings) for r in rows] == [
        ("alarm.forced", "none", True, ()),
        ("refused.unknown_badge", "in", False, ("entry_refused",)),
        ("granted.relief_late", "in", False, ("duty_late",)),
        ("granted.visitor", "in", False, ()),
    ]
    assert (rows[3].visit_id, rows[3].unit, rows[3].reason) == (row.id, "华信公司", "equipment maintenance")


# --- kept ---------------------------------------------------------------------------------------------------


def test_door_events_of_long_ago_are_all_still_there_and_hold(centre: Built, kiosk: Door) -> None:
    """GB 50396-2007 asks for 180 days at the centre: nothing here ever takes a door event away."""
    arrivals(kiosk)
    kiosk.sends()
    later = NOW + timedelta(days=400)
    door.report_kiosk(kiosk.actor, later, "door", {}, 0, 1)
    assert door.door_events(centre.actors[LEADER], later, door.DoorFilter(), 0, 10).total == 3
    assert verify.verify(centre.actors[LEADER], later).holds


def test_no_operation_removes_or_changes_a_door_event() -> None:
    for file in Path(door.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(DoorEvent|\bevent)\.(delete|update|truncate_table)|delete_instance", text), (
            file
        )


# --- the snapshot -------------------------------------------------------------------------------------------


def test_the_snapshot_hands_out_the_same_badges_until_one_changes(centre: Built, kiosk: Door) -> None:
    first = door.door_snapshot(kiosk.actor, NOW).badges
    approved_visit(centre)
    assert door.door_snapshot(kiosk.actor, NOW).badges is first
    people.set_badge_state(SYSTEM, NOW, own_badge(OPERATOR), BadgeState.LOST)
    changed = door.door_snapshot(kiosk.actor, NOW).badges
    assert [b.badge for b in changed if b.state is BadgeState.LOST] == [own_badge(OPERATOR)]
    assert len(changed) == len(first)


def test_the_snapshot_tells_the_kinds_of_badges_and_their_spans(centre: Built, kiosk: Door) -> None:
    badges.lend_temporary_badge(centre.actors[LEADER], NOW, OPERATOR, hours=1)
    known = {b.badge: b for b in door.door_snapshot(kiosk.actor, NOW).badges}
    assert known[own_badge(OPERATOR)].kind is BadgeKind.OWN
    assert known[visitor_badge("V-01")].kind is BadgeKind.VISITOR
    lent = known[TEMPORARY_BADGES["T-01"]]
    assert (lent.kind, lent.person_id, lent.valid_until) == (
        BadgeKind.TEMPORARY,
        centre.ids[OPERATOR],
        NOW + timedelta(hours=1),
    )


def test_a_door_whose_program_is_older_than_the_database_is_named_with_the_next_step(
    sqlite_centre: Built, kiosk: Door
) -> None:
    door.report_kiosk(kiosk.actor, NOW, kiosk.kiosk, {"strike": "ok"}, 0, 1)
    assert door.kiosks(SYSTEM, NOW)[0].parts == {"strike": "ok"}
    # It said so before the centre's database was brought up to date; since then it has written nothing.
    said = {"strike": "ok", "pending": "0", "migration": "0001_initial"}
    store.write(lambda: models.KioskState.update(parts=said).execute())
    (row,) = door.kiosks(SYSTEM, NOW)
    assert row.parts == {"strike": "ok", "program": "older"}
    home = open_home(Path(sqlite_centre.url.removeprefix("sqlite:///")).parent)
    (check,) = [c for c in doctor.check_database(home, NOW) if c.name == "kiosk:door"]
    assert "older than the centre's database" in check.text
    assert "Install this version on the door's machine" in check.next_step


def test_a_program_older_than_the_database_writes_nothing_and_says_so(sqlite_centre: Built) -> None:
    newest = "INSERT INTO schema_migration (name, applied) VALUES ('9999_what_comes', '2026-11-23 14:30')"
    store.write(lambda: models.database.execute_sql(newest))
    before = row_counts()
    with pytest.raises(Outdated, match="newer version"):
        Door().sends()
    assert row_counts() == before
    home = open_home(Path(sqlite_centre.url.removeprefix("sqlite:///")).parent)
    (check,) = [c for c in doctor.check_database(home, NOW) if c.name == "migrations"]
    assert (check.state, "Install that version" in check.next_step) == ("fault", True)
