"""Art. 9, 25, 31: an entry may be put right while its log is open, and what stood there before stays readable."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import models
from operations import daily_log, entry_edits, people, readings, shiftlog, store
from operations.boundary import Actor
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.log_rows import EntryRow
from operations.stories import story
from regulation.roles import Role
from tests.centre import NOW, PIN_HASH, TODAY, Built
from tests.operations.acts import (
    ADMIN,
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    current_log,
    entry,
    started_handover,
)

TEXT = "3 号配线架告警"
DRAFT = shiftlog.EntryDraft("notice", "4 号配线架告警", NOW - MINUTE, seat="02", attachments=("照片1.jpg",))


def edit(built: Built, key: int, who: str = LEADER, reason: str = "架号写错", **changes: Any) -> int:
    return entry_edits.edit_entry(built.actors[who], NOW, key, replace(DRAFT, **changes), reason)


def row(built: Built, who: str = LEADER) -> EntryRow:
    log = current_log(built.actors[who], NOW)
    assert log is not None
    return log.entries[0]


def test_art09_an_edit_keeps_every_version_with_who_when_and_why(centre: Built) -> None:
    key = entry(centre, TEXT)
    assert edit(centre, key) == 2
    assert edit(centre, key, MANAGER, "补充", text="4 号配线架告警，已恢复") == 3
    assert (row(centre).text, row(centre).version) == ("4 号配线架告警，已恢复", 3)
    versions = story(centre.actors[OPERATOR], NOW, "entry", key).versions
    assert [(v.version, v.entry.text, v.reason) for v in versions] == [
        (3, "4 号配线架告警，已恢复", ""),
        (2, "4 号配线架告警", "补充"),
        (1, TEXT, "架号写错"),
    ]
    assert [v.replaced_by for v in versions] == ["", f"周敏({MANAGER})", f"王建国({LEADER})"]
    assert versions[2].entry.happened_at == NOW
    assert versions[1].entry.attachments == ("照片1.jpg",)


def test_art09_whom_it_was_told_and_when_is_never_rewritten(centre: Built) -> None:
    key = entry(centre, TEXT, told_whom="张工")
    edit(centre, key, told_whom="别人", told_at=NOW)
    assert (row(centre).told_whom, row(centre).told_at) == ("张工", NOW)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_art09_an_edit_says_why(sqlite_centre: Built, reason: str) -> None:
    key = entry(sqlite_centre, TEXT)
    with pytest.raises(Invalid, match="why"):
        edit(sqlite_centre, key, reason=reason)


def test_art09_an_edit_that_changes_nothing_is_no_version(sqlite_centre: Built) -> None:
    key = entry(sqlite_centre, TEXT)
    edit(sqlite_centre, key)
    with pytest.raises(Invalid, match="Nothing was changed"):
        edit(sqlite_centre, key)
    assert row(sqlite_centre).version == 2


def test_art25_a_frozen_entry_is_not_edited_any_more(centre: Built) -> None:
    key = entry(centre, TEXT)
    started_handover(centre)
    with pytest.raises(Conflict, match="frozen") as refused:
        entry_edits.edit_entry(centre.actors[LEADER], HANDOVER_AT, key, DRAFT, "架号写错")
    assert refused.value.article == 25
    assert len(story(centre.actors[LEADER], HANDOVER_AT, "entry", key).versions) == 1


def test_art09_an_inspector_edits_what_she_wrote_and_nothing_else(centre: Built) -> None:
    newcomer = people.NewPerson("5001", "钱多", Role.QA_INSPECTOR, must_change_pin=False)
    people.add_people(centre.actors[ADMIN], NOW, [(newcomer, PIN_HASH)])
    person = store.read(lambda: models.Person.get(models.Person.work_number == "5001").id)
    inspector = Actor(person, "5001", "钱多", Role.QA_INSPECTOR)
    others, own = entry(centre, TEXT), shiftlog.write_entry(inspector, NOW, DRAFT)
    with pytest.raises(NotPermitted):
        entry_edits.edit_entry(inspector, NOW, others, DRAFT, "x")
    assert entry_edits.edit_entry(inspector, NOW, own, replace(DRAFT, text="改"), "x") == 2


def test_art09_an_edit_may_not_be_untrue_either(sqlite_centre: Built) -> None:
    key = entry(sqlite_centre, TEXT)
    for wrong in ({"text": " "}, {"kind": "gossip"}, {"happened_at": NOW + MINUTE}):
        with pytest.raises(Invalid):
            edit(sqlite_centre, key, **wrong)
    with pytest.raises(NotFound):
        edit(sqlite_centre, 999)


def test_art09_an_entry_that_becomes_a_complaint_opens_its_item_once(centre: Built) -> None:
    key = entry(centre, TEXT)
    edit(centre, key, kind="complaint")
    edit(centre, key, kind="complaint", text="再改")
    log = current_log(centre.actors[LEADER], NOW)
    assert log is not None
    assert [(item.entry_id, item.complaint) for item in log.items] == [(key, True)]


# --- Art. 31 and 32: confidential entries -------------------------------------------------------------------


def opened(built: Built, key: int, who: str = LEADER) -> EntryRow:
    return readings.read_confidential(built.actors[who], NOW, "entry", key).versions[0].entry


def test_art31_a_confidential_entry_is_read_by_leaders_and_by_nobody_else(centre: Built) -> None:
    key = entry(
        centre,
        "密",
        confidential=True,
        asset="专线 7",
        told_whom="张工",
        attachments=("7.pdf",),
        open_item=True,
    )
    assert opened(centre, key, MANAGER).text == "密"
    assert opened(centre, key).attachments == ("7.pdf",)
    seen = row(centre, OPERATOR)
    assert row(centre, MANAGER).readable
    assert not seen.readable
    assert (seen.text, seen.asset, seen.told_whom, seen.attachments) == (
        "[confidential]",
        "",
        "[confidential]",
        (),
    )
    assert seen.redacted
    log = current_log(centre.actors[OPERATOR], NOW)
    assert log is not None
    assert [item.title for item in log.items] == ["[confidential]"]


def test_art31_who_wrote_a_confidential_entry_reads_it_still(centre: Built) -> None:
    key = entry(centre, "密", confidential=True)
    by_operator = models.LogEntry.update(author=centre.ids[OPERATOR]).where(models.LogEntry.id == key)
    store.write(by_operator.execute)
    assert opened(centre, key, OPERATOR).text == "密"
    assert not row(centre, "1021").readable


def test_art31_older_versions_of_a_confidential_entry_are_confidential(centre: Built) -> None:
    key = entry(centre, "曾经公开")
    edit(centre, key, confidential=True, reason="涉密")
    versions = story(centre.actors[OPERATOR], NOW, "entry", key).versions
    assert [(v.entry.text, v.reason) for v in versions] == [("[confidential]", "")] * 2
    opened = readings.read_confidential(centre.actors[LEADER], NOW, "entry", key)
    assert [(v.entry.text, v.reason) for v in opened.versions] == [(DRAFT.text, ""), ("曾经公开", "涉密")]


def test_art32_paper_carries_the_mark_and_nothing_of_the_words(centre: Built) -> None:
    entry(centre, "机密内容", confidential=True, open_item=True, asset="专线 7", told_whom="张工")
    sheet = repr(daily_log.daily_log(centre.actors[LEADER], NOW, TODAY))
    assert "机密" not in sheet
    assert "专线 7" not in sheet
    assert "confidential=True" in sheet


def test_art31_the_audit_chain_repeats_nothing_confidential(centre: Built) -> None:
    leader = centre.actors[LEADER]
    entry(centre, "机密内容", confidential=True, open_item=True)
    log = current_log(leader, NOW)
    assert log is not None
    shiftlog.carry_item(leader, NOW, log.items[0].id, "机密原因", "机密步骤")
    shiftlog.resolve_item(leader, NOW, log.items[0].id, "机密结果")
    details = store.read(lambda: [repr(record.detail) for record in models.AuditRecord.select()])
    assert not any("机密" in detail for detail in details)
