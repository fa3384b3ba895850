"""Art. 33: one audit record for each operation, in its transaction, on a chain that holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Thread
from typing import Any

import pytest

import models
from operations import (
    assets,
    badges,
    daily_log,
    drafts,
    entry_edits,
    handover,
    occupancy,
    open_items,
    people,
    permits,
    publishing,
    reasons,
    reported_events,
    search,
    shiftlog,
    signin,
    signing,
    standing,
    store,
    templates,
    verify,
    visits,
)
from operations import centre as centres
from operations.boundary import SYSTEM
from operations.drafts import Paint
from operations.errors import Conflict, Invalid, NotFound
from regulation.handover import CheckValue
from regulation.logbook import TEMPLATES
from regulation.records import BadgeState, PersonStatus
from regulation.roles import Role
from settings import ZhibanError
from tests.centre import NOW, PIN, TODAY, Built
from tests.operations.acts import (
    ADMIN,
    HANDOVER_AT,
    LEADER,
    MANAGER,
    REQUEST,
    approved_visit,
    audit_actions,
    current_log,
    entry,
    row_counts,
    started_handover,
)

DRAFT = shiftlog.EntryDraft("notice", "通知", NOW)
OTHER = replace(DRAFT, text="通知更正")
FREE_DAY = date(2026, 12, 20)


def test_art33_every_operation_leaves_exactly_one_record_with_its_name(centre: Built) -> None:
    leader, manager, admin = (centre.actors[number] for number in (LEADER, MANAGER, ADMIN))
    item = shiftlog.open_item(leader, NOW, "3 号配线架告警")
    abnormal = entry(centre, "告警", kind="abnormal")
    permit = permits.permit_seat_leave(leader, NOW, "1017", "喝水", 10)
    visit = visits.request_visit(leader, NOW, REQUEST)
    other = visits.request_visit(leader, NOW, replace(REQUEST, key="key-2"))
    handover_id = started_handover(centre)
    view = handover.handover_view(leader, HANDOVER_AT)
    assert view is not None
    line = view.lines[0].id
    early = Paint(centre.ids["1017"], FREE_DAY, "early")
    steps: list[tuple[str, Callable[[], object]]] = [
        ("write_entry", lambda: shiftlog.write_entry(leader, HANDOVER_AT, DRAFT)),
        ("carry_item", lambda: shiftlog.carry_item(leader, HANDOVER_AT, item, "等备件", "明早催")),
        ("reopen_item", lambda: shiftlog.reopen_item(leader, HANDOVER_AT, item)),
        ("resolve_item", lambda: shiftlog.resolve_item(leader, HANDOVER_AT, item, "已恢复")),
        ("set_item_owner", lambda: open_items.set_item_owner(leader, HANDOVER_AT, item, "1017")),
        (
            "record_event",
            lambda: reported_events.record_event(leader, HANDOVER_AT, replace(DRAFT, source="x")),
        ),
        ("edit_entry", lambda: entry_edits.edit_entry(leader, HANDOVER_AT, abnormal + 1, OTHER, "写错")),
        ("rebuild_search", lambda: search.rebuild_search(leader, HANDOVER_AT)),
        ("set_entry_template", lambda: templates.set_entry_template(manager, NOW, TEMPLATES[0])),
        ("retire_entry_template", lambda: templates.retire_entry_template(manager, NOW, "host_alarm")),
        ("check_line", lambda: handover.check_line(leader, HANDOVER_AT, line, CheckValue.NONE)),
        ("report_dispute", lambda: handover.report_dispute(leader, HANDOVER_AT, line, "少钥匙", "副经理")),
        ("close_permit", lambda: permits.close_permit(leader, NOW, permit)),
        ("approve_visit", lambda: visits.approve_visit(leader, NOW, visit)),
        ("end_visit", lambda: visits.end_visit(leader, NOW, visit)),
        ("refuse_visit", lambda: visits.refuse_visit(leader, NOW, other, "改日")),
        ("paint_draft", lambda: drafts.paint_draft(leader, NOW, [early])),
        ("publish_draft", lambda: publishing.publish_draft(leader, NOW, FREE_DAY, FREE_DAY)),
        ("paint_draft", lambda: drafts.paint_draft(leader, NOW, [replace(early, shift_code=None)])),
        ("discard_draft", lambda: drafts.discard_draft(leader, NOW, FREE_DAY, FREE_DAY)),
        ("set_limit", lambda: centres.set_limit(manager, NOW, "visitors_per_escort", 2, TODAY)),
        ("add_person", lambda: people.add_person(admin, NOW, people.NewPerson("1050", "钱", Role.OPERATOR))),
        ("issue_badge", lambda: people.issue_badge(admin, NOW, "0000001050", "1050")),
        ("set_badge_state", lambda: people.set_badge_state(admin, NOW, "0000001050", BadgeState.LOST)),
        ("set_person_status", lambda: people.set_person_status(admin, NOW, "1050", PersonStatus.LEFT)),
        ("report_badge_lost", lambda: badges.report_badge_lost(leader, NOW, "1021")),
        ("lend_temporary_badge", lambda: badges.lend_temporary_badge(leader, NOW, "1021")),
        ("collect_badge", lambda: badges.collect_badge(leader, NOW, "T-01")),
        ("set_visit_reason", lambda: reasons.set_visit_reason(manager, NOW, "x", "x", "", "", False, TODAY)),
        ("retire_visit_reason", lambda: reasons.retire_visit_reason(manager, NOW, "x", TODAY)),
        ("reset_occupancy", lambda: occupancy.reset_occupancy(leader, NOW, everyone=True, reason="演练")),
        ("withdraw_request", lambda: visits.withdraw_request(leader, NOW, "key-2")),
        ("set_duress_pin", lambda: signin.set_duress_pin(leader, NOW, PIN, "7391")),
        ("set_asset", lambda: assets.set_asset(leader, NOW, "机房钥匙")),
        ("retire_asset", lambda: assets.retire_asset(leader, NOW, _asset_on_list())),
        ("check_all_in_order", lambda: handover.check_all_in_order(leader, HANDOVER_AT, handover_id)),
        ("hold_handover", lambda: standing.hold_handover(leader, HANDOVER_AT, view.log.id, "断线")),
        ("lift_hold", lambda: standing.lift_hold(leader, HANDOVER_AT, view.log.id)),
        (
            "record_stand_in",
            lambda: standing.record_stand_in(leader, HANDOVER_AT, view.log.id, MANAGER, "病假"),
        ),
        (
            "override",
            lambda: standing.override(
                manager, HANDOVER_AT, handover_id, "not_rostered", "side:incoming", "未到"
            ),
        ),
        ("sign_out", lambda: handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)),
        ("withdraw_sign_out", lambda: signing.withdraw_sign_out(leader, HANDOVER_AT, handover_id)),
        ("note_printing", lambda: daily_log.note_printing(leader, NOW, TODAY, "pdf", "ab")),
    ]
    assert (abnormal, handover_id) != (0, 0)
    for name, step in steps:
        before = audit_actions()
        step()
        assert audit_actions() == [*before, name]
    assert verify.verify(leader, NOW).holds


def test_art33_a_query_leaves_no_record(centre: Built) -> None:
    before = row_counts()
    current_log(centre.actors[LEADER], NOW)
    verify.verify(centre.actors[LEADER], NOW)
    assert row_counts() == before


def refused_steps(built: Built) -> list[tuple[type[ZhibanError], Callable[[], Any]]]:
    leader, admin = built.actors[LEADER], built.actors[ADMIN]
    person = built.ids["1017"]
    return [
        (Invalid, lambda: shiftlog.write_entry(leader, NOW, replace(DRAFT, text=" "))),
        (NotFound, lambda: shiftlog.resolve_item(leader, NOW, 999, "x")),
        (Invalid, lambda: visits.request_visit(leader, NOW, replace(REQUEST, key="k", reason="curiosity"))),
        (NotFound, lambda: visits.approve_visit(leader, NOW, 999)),
        (
            Conflict,
            lambda: drafts.paint_draft(leader, NOW, [Paint(person, FREE_DAY, "early", seen="middle")]),
        ),
        (Conflict, lambda: drafts.paint_draft(leader, NOW, [Paint(person, TODAY, None)])),
        (Conflict, lambda: people.add_person(admin, NOW, people.NewPerson(" 1017 ", "x", Role.OPERATOR))),
        (NotFound, lambda: people.add_person(admin, NOW, people.NewPerson("1070", "x", Role.OPERATOR, "丙"))),
        (Conflict, lambda: people.issue_badge(admin, NOW, "0000001017")),
        (NotFound, lambda: permits.permit_seat_leave(leader, NOW, "9999", "x", 5)),
        (NotFound, lambda: handover.start_handover(leader, NOW, 999)),
    ]


def test_art33_what_is_refused_is_rolled_back_with_its_record(centre: Built) -> None:
    before = row_counts()
    for number, (error, step) in enumerate(refused_steps(centre)):
        with pytest.raises(error):
            step()
        assert row_counts() == before, number


def test_art33_a_bulk_change_that_fails_in_the_middle_leaves_nothing(centre: Built) -> None:
    before = row_counts()
    cells = [
        Paint(centre.ids["1017"], FREE_DAY, "early"),
        Paint(centre.ids["1021"], FREE_DAY, "no such shift"),
    ]
    with pytest.raises(NotFound):
        drafts.paint_draft(SYSTEM, NOW, cells)
    assert row_counts() == before


def test_art09_a_record_carries_the_work_number_that_wrote_it(centre: Built) -> None:
    approved_visit(centre)
    record = models.AuditRecord
    last = store.read(lambda: record.select().order_by(record.sequence.desc()).first())
    assert (last.actor, last.action, last.subject, last.at) == (LEADER, "approve_visit", "visit:1", NOW)


def test_art33_writers_at_the_same_time_leave_one_unbroken_chain(centre: Built) -> None:
    before = len(audit_actions())
    failures: list[Exception] = []

    def write(name: str) -> None:
        for number in range(8):
            try:
                visits.request_visit(centre.actors[LEADER], NOW, replace(REQUEST, key=f"{name}-{number}"))
            except ZhibanError as error:
                failures.append(error)

    writers = [Thread(target=write, args=(name,)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert failures == []
    assert len(audit_actions()) == before + 24
    assert verify.verify(centre.actors[LEADER], NOW).holds


def _asset_on_list() -> int:
    return int(store.read(lambda: assets.assets_on_list()[-1]).id)
