"""Art. 9, 31: what is in the log is found by any part of it, by whoever may read it, on both kinds of database."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from operations import entry_edits, open_items, search, search_index, shiftlog, store
from operations.boundary import SYSTEM
from operations.errors import Invalid
from operations.search import LogQuery
from regulation.search_text import folded, words_of
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import HANDOVER_AT, LEADER, MANAGER, MINUTE, OPERATOR, current_log, entry, sealed

WORDS = st.text(st.sampled_from("宽带掉线网VIPvip4071 -、\n３"), max_size=12)


def found(built: Built, words: str = "", who: str = LEADER, **narrowed: object) -> list[tuple[str, int]]:
    query = LogQuery(words, **narrowed)  # type: ignore[arg-type]
    page = search.search_log(built.actors[who], NOW, query)
    return [(hit.subject, hit.subject_id) for hit in page.hits]


@pytest.mark.parametrize(
    "words",
    [
        "宽",
        "宽带",
        "带频",
        "掉线，光猫",
        "LOS",
        "lo",
        "los 灯",
        "4471",
        "447",
        "8812",
        "0571-88",
        "ＬＯＳ",
        "灯  宽带",
    ],
)
def test_any_part_of_a_text_finds_it(centre: Built, words: str) -> None:
    wanted = entry(centre, "用户 0571-88124471 申告宽带频繁掉线，光猫 LOS 灯闪烁")
    entry(centre, "交接钥匙三把")
    assert found(centre, words) == [("entry", wanted)]


@pytest.mark.parametrize("words", ["带宽", "线掉", "LOSS", "4472", "宽带 钥匙"])
def test_what_is_not_there_as_written_is_not_found(centre: Built, words: str) -> None:
    entry(centre, "宽带频繁掉线，光猫 LOS 灯闪烁，4471")
    assert found(centre, words) == []


def test_everything_written_beside_the_text_finds_it_too(centre: Built) -> None:
    wanted = entry(
        centre, "x", asset="OLT-7", department="装维中心", told_whom="张工", attachments=("波形.png",)
    )
    for words in ("olt-7", "装维", "张工", "波形.PNG"):
        assert found(centre, words) == [("entry", wanted)], words


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS.filter(str.strip), min_size=1, max_size=8), st.lists(WORDS, min_size=3, max_size=12))
def test_a_search_finds_what_a_plain_reading_finds(
    centre: Built, texts: list[str], queries: list[str]
) -> None:
    store.write(lambda: search_index.empty_index(models.database.obj))
    ids = {entry(centre, text): text for text in texts}
    for query in queries:
        words = words_of(query)
        plain = {key for key, text in ids.items() if all(word in folded(text.strip()) for word in words)}
        assert {key for _subject, key in found(centre, query)} == plain, query


def test_newest_comes_first_and_pages_go_on_where_they_ended(centre: Built) -> None:
    ids = [entry(centre, f"告警 {n}", happened_at=NOW - n * MINUTE) for n in range(7)]
    same_minute = entry(centre, "告警 same", happened_at=NOW)
    actor, seen, before = centre.actors[LEADER], [], None
    while True:
        page = search.search_log(actor, NOW, LogQuery("告警"), before, 3)
        seen += [hit.subject_id for hit in page.hits]
        before = page.more_before
        if before is None:
            break
    assert seen == [same_minute, *ids]


def test_a_search_is_narrowed_by_kind_state_person_and_day(centre: Built) -> None:
    complaint = entry(centre, "宽带掉线", kind="complaint")
    (item,) = [key for subject, key in found(centre, "宽带") if subject == "item"]
    earlier = entry(centre, "宽带通知", happened_at=NOW - timedelta(days=2))
    open_items.set_item_owner(centre.actors[LEADER], NOW, item, OPERATOR)
    assert found(centre, "宽带", kind="complaint") == [("item", item), ("entry", complaint)]
    assert found(centre, "宽带", state="open") == [("item", item)]
    assert found(centre, "宽带", state="carried") == []
    assert found(centre, person=OPERATOR) == [("item", item)]
    assert found(centre, "宽带", person=LEADER) == [("entry", complaint), ("entry", earlier)]
    assert found(centre, "宽带", person="9999") == []
    assert found(centre, until=TODAY - timedelta(days=1)) == [("entry", earlier)]
    assert found(centre, "宽带", since=TODAY, until=TODAY, kind="complaint") == [
        ("item", item),
        ("entry", complaint),
    ]
    assert found(centre, "宽带", since=TODAY + timedelta(days=1)) == []


@pytest.mark.parametrize("narrowed", [{"kind": "gossip"}, {"state": "lost"}])
def test_a_kind_or_state_that_does_not_exist_is_refused(
    sqlite_centre: Built, narrowed: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        found(sqlite_centre, "x", **narrowed)


def test_what_changes_is_found_as_it_reads_now(centre: Built) -> None:
    leader = centre.actors[LEADER]
    key = entry(centre, "旧文字", open_item=True, item_title="待办旧题")
    draft = shiftlog.EntryDraft("notice", "新文字", NOW - 5 * MINUTE)
    entry_edits.edit_entry(leader, NOW, key, draft, "写错了")
    assert (found(centre, "旧文"), found(centre, "新文")) == ([], [("entry", key)])
    ((_subject, item),) = found(centre, "旧题")
    shiftlog.carry_item(leader, NOW, item, "等备件", "明早催维护")
    assert found(centre, "备件", state="carried") == [("item", item)]
    shiftlog.resolve_item(leader, NOW, item, "换好了")
    assert (found(centre, "备件"), found(centre, "换好", state="resolved")) == ([], [("item", item)])
    shiftlog.tell(leader, NOW, key, "副经理")
    assert found(centre, "副经理") == [("entry", key)]


def test_art31_confidential_words_are_found_by_leaders_and_by_nobody_else(centre: Built) -> None:
    key = entry(centre, "涉密线路调整", confidential=True, open_item=True)
    assert [subject for subject, _key in found(centre, "涉密")] == ["item", "entry"]
    assert ("entry", key) in found(centre, "涉密", MANAGER)
    assert found(centre, "涉密", OPERATOR) == []
    assert search.search_log(SYSTEM, NOW, LogQuery("涉密")).hits == ()
    assert found(centre, "", OPERATOR) == []


def test_art31_becoming_confidential_takes_an_entry_and_its_item_from_the_search(centre: Built) -> None:
    key = entry(centre, "普通消息", open_item=True)
    assert len(found(centre, "普通", OPERATOR)) == 2
    draft = shiftlog.EntryDraft("notice", "普通消息", NOW, confidential=True)
    entry_edits.edit_entry(centre.actors[LEADER], NOW, key, draft, "涉密")
    assert found(centre, "普通", OPERATOR) == []


def test_a_hit_says_where_it_stands_and_marks_the_words(centre: Built) -> None:
    entry(centre, "光猫 LOS 灯闪烁\n第二行", kind="equipment")
    (hit,) = search.search_log(centre.actors[LEADER], NOW, LogQuery("los")).hits
    assert (hit.kind, hit.date, hit.at, hit.person) == ("equipment", TODAY, NOW, f"王建国({LEADER})")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["LOS"]
    assert "\n" not in hit.snippet


def test_an_index_built_anew_finds_the_same(centre: Built) -> None:
    entry(centre, "宽带掉线", kind="complaint")
    entry(centre, "涉密", confidential=True, attachments=("4471.pdf",))
    sealed_with_items(centre)
    everything = ("宽带", "涉密", "4471", "")
    before = [sorted(found(centre, words)) for words in everything]
    count = search.rebuild_search(centre.actors[LEADER], NOW)
    assert [sorted(found(centre, words)) for words in everything] == before
    assert count == len(before[-1]) == 4


def sealed_with_items(built: Built) -> None:
    leader = built.actors[LEADER]
    log = current_log(leader, NOW)
    assert log is not None
    for item in log.items:
        shiftlog.carry_item(leader, NOW, item.id, "等备件", "明早催")
    sealed(built, HANDOVER_AT)


def test_a_carried_item_is_found_in_both_shifts(centre: Built) -> None:
    entry(centre, "宽带掉线", kind="complaint")
    sealed_with_items(centre)
    assert [len(found(centre, "宽带", state=state)) for state in ("open", "carried")] == [1, 1]


def test_a_refused_change_leaves_the_index_as_it_was(centre: Built) -> None:
    key = entry(centre, "宽带掉线")
    with pytest.raises(Invalid):
        entry_edits.edit_entry(
            centre.actors[LEADER], NOW, key, shiftlog.EntryDraft("notice", " ", NOW), "写错了"
        )
    assert found(centre, "宽带") == [("entry", key)]


def test_the_migration_makes_what_was_written_before_it_findable(empty_url: str, tmp_path: Path) -> None:
    from playhouse.migrations import Runner

    before = tmp_path / "before"
    before.mkdir()
    for name in ("0001_initial.py", "0002_the_door_whole.py"):
        shutil.copy(store.MIGRATIONS / name, before / name)
    store.open_database(empty_url)
    with store.connected():
        Runner(models.database.obj, str(before)).up()
        with models.database.atomic():
            for statement in OLD_LOG:
                models.database.execute_sql(statement)
    store.migrate()
    assert not store.schema_differences()
    found_texts = store.read(lambda: [row.text for row in models.SearchDocument.select()])
    assert sorted(found_texts) == ["宽带掉线\nOLT-7", "待上门"]
    page = search.search_log(SYSTEM, NOW, LogQuery("olt-7 带掉"))
    assert [(hit.subject, hit.kind, hit.at) for hit in page.hits] == [("entry", "complaint", NOW)]


OLD_LOG = (
    "INSERT INTO person (id, work_number, name, role, status) VALUES (1, '1003', '王建国', 'shift_leader', 'active')",
    (
        "INSERT INTO shift_type (id, code, name, name_en, short, start_minute, duration_minutes, hands_over, position)"
        " VALUES (1, 'night', '夜班', 'night shift', '夜', 1320, 480, true, 1)"
    ),
    (
        "INSERT INTO shift_log (id, date, shift_type_id, starts_at, ends_at, state, sealed_content, digest)"
        " VALUES (1, '2026-11-23', 1, '2026-11-23T14:00:00.000000Z', '2026-11-23T22:00:00.000000Z', 'open', '', '')"
    ),
    (
        "INSERT INTO log_entry (id, log_id, kind, happened_at, entered_at, author_id, seat, text, asset, department, vip,"
        " told_whom, outcome) VALUES (1, 1, 'complaint', '2026-11-23T14:30:00.000000Z', '2026-11-23T14:30:00.000000Z', 1,"
        " '', '宽带掉线', 'OLT-7', '', false, '', '')"
    ),
    (
        "INSERT INTO open_item (id, log_id, entry_id, title, vip, opened_at, state, outcome, reason, next_step)"
        " VALUES (1, 1, 1, '待上门', false, '2026-11-23T14:30:00.000000Z', 'open', '', '', '')"
    ),
)
