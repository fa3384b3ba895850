"""Art. 9: what an entry carries, sources that flood, and the templates a centre keeps for itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from operations import reported_events, shiftlog, templates
from operations.boundary import SYSTEM
from operations.errors import Invalid, NotFound, NotPermitted
from operations.log_rows import EntryRow
from regulation.logbook import TEMPLATES, Template
from tests.centre import NOW, Built
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    SECOND,
    audit_actions,
    current_log,
    entry,
    row_counts,
    started_handover,
)

FLOOD = shiftlog.EntryDraft("equipment", "链路断", NOW, source="NMS-3 link down")


def entries(built: Built, at: Any = NOW) -> tuple[EntryRow, ...]:
    log = current_log(built.actors[LEADER], at)
    assert log is not None
    return log.entries


def reports(built: Built, at: Any, **changes: Any) -> reported_events.Recorded:
    draft = replace(FLOOD, happened_at=at, **changes)
    return reported_events.record_event(built.actors[LEADER], at, draft)


def test_an_entry_carries_its_due_time_references_and_answer(centre: Built) -> None:
    entry(
        centre,
        "工单 4471 转装维",
        kind="work_order",
        department="装维中心",
        due_at=NOW + 60 * MINUTE,
        department_answered_at=NOW,
        attachments=("工单4471.pdf", " ", " 录音 88 "),
    )
    (row,) = entries(centre)
    assert (row.due_at, row.department_answered_at) == (NOW + 60 * MINUTE, NOW)
    assert row.attachments == ("工单4471.pdf", "录音 88")


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_at": NOW - SECOND},
        {"department_answered_at": NOW + SECOND},
        {"seat": "123456789"},
        {"asset": "x" * 81},
        {"attachments": ("x" * 121,)},
        {"attachments": tuple("abcdefghijk")},
    ],
)
def test_what_cannot_be_or_does_not_fit_is_refused(sqlite_centre: Built, wrong: dict[str, Any]) -> None:
    before = row_counts()
    with pytest.raises(Invalid):
        entry(sqlite_centre, "x", **wrong)
    assert row_counts() == before


# --- floods -------------------------------------------------------------------------------------------------


def test_art09_a_flooding_source_raises_one_entrys_count_and_every_report_is_on_record(centre: Built) -> None:
    first = reports(centre, NOW)
    last = [reports(centre, NOW + n * MINUTE) for n in (3, 13, 23)][-1]
    assert (last.entry_id, last.count) == (first.entry_id, 4)
    (row,) = entries(centre, NOW + 23 * MINUTE)
    assert (row.happened_at, row.last_at, row.source) == (NOW, NOW + 23 * MINUTE, "NMS-3 link down")
    assert audit_actions()[-4:] == ["record_event"] * 4


def test_art09_after_ten_quiet_minutes_the_next_report_is_an_entry_of_its_own(centre: Built) -> None:
    reports(centre, NOW)
    assert reports(centre, NOW + 10 * MINUTE).count == 2
    assert reports(centre, NOW + 20 * MINUTE + SECOND).count == 1
    assert len(entries(centre, NOW + 21 * MINUTE)) == 2


def test_art09_another_source_or_kind_is_another_entry(centre: Built) -> None:
    reports(centre, NOW)
    reports(centre, NOW, source="NMS-4")
    reports(centre, NOW, kind="abnormal")
    assert [row.count for row in entries(centre)] == [1, 1, 1]


def test_art25_a_frozen_entry_is_counted_no_further(centre: Built) -> None:
    first = reports(centre, HANDOVER_AT - MINUTE)
    started_handover(centre)
    second = reports(centre, HANDOVER_AT + MINUTE)
    assert second.entry_id != first.entry_id
    assert [(row.id, row.count) for row in entries(centre, HANDOVER_AT + MINUTE)] == [(second.entry_id, 1)]


def test_a_report_names_its_source(sqlite_centre: Built) -> None:
    with pytest.raises(Invalid, match="source"):
        reports(sqlite_centre, NOW, source=" ")


# --- templates ----------------------------------------------------------------------------------------------

OWN = Template(
    "power_cut", "abnormal", "市电中断", "市电 … 中断，油机 …", "动力中心", due_minutes=30, open_item=True
)


def codes(built: Built) -> list[str]:
    return [template.code for template in templates.entry_templates(built.actors[OPERATOR], NOW)]


def test_a_centre_begins_with_a_handful_of_templates(centre: Built) -> None:
    assert codes(centre) == [template.code for template in TEMPLATES]


def test_a_centre_adds_changes_and_retires_its_templates(centre: Built) -> None:
    manager = centre.actors[MANAGER]
    templates.set_entry_template(manager, NOW, OWN)
    templates.set_entry_template(manager, NOW, replace(TEMPLATES[0], title="主机告警（新）"))
    templates.retire_entry_template(manager, NOW, TEMPLATES[1].code)
    kept = templates.entry_templates(centre.actors[OPERATOR], NOW)
    assert kept[-1] == OWN
    assert kept[0].title == "主机告警（新）"
    assert TEMPLATES[1].code not in codes(centre)
    templates.set_entry_template(manager, NOW, TEMPLATES[1])
    assert TEMPLATES[1].code in codes(centre)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Power cut"},
        {"kind": "gossip"},
        {"title": " "},
        {"title": "x" * 41},
        {"text": " "},
        {"due_minutes": -1},
        {"due_minutes": 7 * 24 * 60 + 1},
    ],
)
def test_what_cannot_be_a_template_is_refused(sqlite_centre: Built, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        templates.set_entry_template(SYSTEM, NOW, replace(OWN, **wrong))


def test_a_template_that_is_not_there_is_not_retired_and_a_shift_leader_changes_none(centre: Built) -> None:
    with pytest.raises(NotFound):
        templates.retire_entry_template(SYSTEM, NOW, "nothing")
    with pytest.raises(NotPermitted):
        templates.set_entry_template(centre.actors[LEADER], NOW, OWN)
