"""Art. 31, 32: confidential words lie under the cipher, are opened by whoever needs to know, and every reading counts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from operations import (
    acceptance,
    cipher,
    daily_log,
    door,
    entry_edits,
    findings,
    handover,
    readings,
    responsibility,
    search,
    shiftlog,
    store,
    today,
    verify,
)
from operations.boundary import SYSTEM, kiosk_actor
from operations.errors import Invalid, NotPermitted
from operations.search import LogQuery
from operations.stories import Story, story
from regulation.search_text import folded, words_of
from reports.text import render_text
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import (
    ADMIN,
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    RELIEF_LEADER,
    audit_actions,
    current_log,
    entry,
    sealed,
)

SECRET = "磐石专线"
SECRETS = (
    "磐石专线",
    "磐石机柜",
    "磐石部",
    "磐石人",
    "磐石附件",
    "磐石题",
    "磐石因",
    "磐石步",
    "磐石果",
    "磐石改",
)


def secret(built: Built, text: str = SECRET, **changes: Any) -> int:
    return entry(built, text, confidential=True, **changes)


def read(built: Built, key: int, who: str = LEADER, subject: str = "entry") -> Story:
    return readings.read_confidential(built.actors[who], NOW, subject, key)


def key_path() -> Path:
    path = cipher.key_file()
    assert path is not None
    return path


def items(built: Built, who: str = LEADER) -> list[int]:
    log = current_log(built.actors[who], NOW)
    assert log is not None
    return [item.id for item in log.items]


def everything_stored() -> str:
    """Every value of every table, as the database has it."""

    def rows() -> Iterator[str]:
        # The index of words itself holds digests and cannot be read row by row.
        for table in (t for t in models.database.get_tables() if not t.startswith("search_index")):
            for row in models.database.execute_sql(f'SELECT * FROM "{table}"').fetchall():
                yield repr(row)

    return store.read(lambda: "\n".join(rows()))


def written_everywhere(built: Built) -> int:
    """A secret goes every way a secret can go; returns its entry."""
    leader = built.actors[LEADER]
    key = secret(
        built,
        "磐石专线",
        asset="磐石机柜",
        department="磐石部",
        told_whom="磐石人",
        attachments=("磐石附件",),
        kind="complaint",
        item_title="磐石题",
        open_item=True,
    )
    (item,) = items(built)
    shiftlog.carry_item(leader, NOW, item, "磐石因", "磐石步")
    shiftlog.resolve_item(leader, NOW, item, "磐石果", satisfied=False)
    shiftlog.carry_item(leader, NOW, item, "磐石因", "磐石步")
    shiftlog.tell(leader, NOW, key, "磐石人二")
    draft = shiftlog.EntryDraft("complaint", "磐石改", NOW - MINUTE, confidential=True, asset="磐石机柜")
    entry_edits.edit_entry(leader, NOW, key, draft, "磐石缘故")
    search.search_log(leader, NOW, LogQuery(SECRET))
    read(built, key)
    return key


# --- Art. 32: nothing in the clear --------------------------------------------------------------------------


def test_art32_no_table_holds_a_word_of_what_is_confidential(centre: Built) -> None:
    written_everywhere(centre)
    sealed(centre, HANDOVER_AT)
    stored = everything_stored()
    assert "z1:" in stored
    assert "磐石" not in stored


def test_art32_no_file_of_the_database_holds_a_word_of_it(sqlite_centre: Built, tmp_path: Path) -> None:
    with store.connected():  # while someone works, the write-ahead log is there too
        written_everywhere(sqlite_centre)
        search.rebuild_search(sqlite_centre.actors[LEADER], NOW)
        files = {file.name: file.read_bytes() for file in tmp_path.glob("centre.db*")}
    assert {"centre.db", "centre.db-wal"} <= files.keys()
    assert b"z1:" in files["centre.db-wal"]
    for name, raw in files.items():
        assert not [word for word in SECRETS if word.encode() in raw], name


def test_art32_the_words_come_back_as_they_were_written(centre: Built) -> None:
    key = written_everywhere(centre)
    told = read(centre, key)
    now, before = (version.entry for version in told.versions)
    assert (now.text, now.asset, now.told_whom) == ("磐石改", "磐石机柜", "磐石人、磐石人二")
    assert (before.text, before.department, before.attachments) == ("磐石专线", "磐石部", ("磐石附件",))
    assert told.versions[1].reason == "磐石缘故"
    (item,) = (told.item for told in told.items)
    assert (item.title, item.reason, item.next_step) == ("磐石题", "磐石因", "磐石步")


def test_art32_what_becomes_confidential_goes_under_the_cipher_with_its_past(
    sqlite_centre: Built, tmp_path: Path
) -> None:
    leader = sqlite_centre.actors[LEADER]
    key = entry(sqlite_centre, "磐石专线", open_item=True, item_title="磐石题")
    entry_edits.edit_entry(leader, NOW, key, shiftlog.EntryDraft("notice", "磐石改", NOW), "磐石缘故")
    draft = shiftlog.EntryDraft("notice", "磐石改", NOW, confidential=True)
    entry_edits.edit_entry(leader, NOW, key, draft, "涉密")
    assert "磐石" not in everything_stored()
    with store.connected():
        models.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "磐石".encode() not in (tmp_path / "centre.db").read_bytes()
    told = read(sqlite_centre, key)
    assert [v.entry.text for v in told.versions] == ["磐石改", "磐石改", "磐石专线"]
    assert told.items[0].item.title == "磐石题"


def test_art31_what_is_confidential_no_more_is_everyones_again(centre: Built) -> None:
    leader = centre.actors[LEADER]
    key = secret(centre, open_item=True, item_title="磐石题")
    entry_edits.edit_entry(leader, NOW, key, shiftlog.EntryDraft("notice", "已解密", NOW), "解密")
    told = story(centre.actors[OPERATOR], NOW, "entry", key)
    assert [v.entry.text for v in told.versions] == ["已解密", SECRET]
    assert told.items[0].item.title == "磐石题"
    assert search.search_log(centre.actors[OPERATOR], NOW, LogQuery("磐石题")).hits


def test_art32_nothing_that_is_shown_printed_exported_or_sent_to_a_door_holds_a_word_of_it(
    sqlite_centre: Built,
) -> None:
    leader = sqlite_centre.actors[LEADER]
    key = written_everywhere(sqlite_centre)
    (item,) = items(sqlite_centre)
    handover_id, _digest = sealed(sqlite_centre, HANDOVER_AT)
    later = HANDOVER_AT + 10 * MINUTE
    log_id = store.read(lambda: int(models.LogEntry.get_by_id(key).log_id))
    pointed = (f"entry:{key}", f"item:{item}")
    case = responsibility.ask_responsibility(leader, later, log_id, "后来才发现", "专线", pointed)
    sheet = daily_log.daily_log(leader, later, TODAY)
    shown = {
        "log": shiftlog.log_view(leader, later, log_id),
        "item": story(leader, later, "item", item),
        "story": story(leader, later, "entry", key),
        "hits": search.search_log(leader, later, LogQuery(SECRET)),
        "today": today.today_board(leader, later),
        "handover": acceptance.acceptance(leader, later, handover_id=handover_id),
        "sheet": sheet,
        "paper": render_text(sheet, printed_at=later, printed_by="王建国", reprint=False, language="zh_CN"),
        "door": door.door_snapshot(kiosk_actor("door"), later),
        "findings": findings.findings(leader, later, NOW - MINUTE, later),
        "news": store.read(lambda: [(n.kind, n.subject, n.details) for n in models.Notification.select()]),
    }
    assert not {name for name, view in shown.items() if "磐石" in repr(view)}
    evidence = store.read(lambda: models.ResponsibilityCase.get_by_id(case).evidence)
    assert "磐石" not in repr(evidence)


# --- Art. 31: need to know ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "readers"),
    [
        ({}, {LEADER, RELIEF_LEADER, MANAGER}),
        ({"for_people": (OPERATOR,)}, {LEADER, OPERATOR}),
        ({"for_roles": ("deputy_manager",)}, {LEADER, MANAGER}),
        (
            {"for_roles": ("operator",), "for_people": (RELIEF_LEADER,)},
            {LEADER, OPERATOR, "1021", RELIEF_LEADER},
        ),
    ],
)
def test_art31_an_entry_is_for_whoever_it_names_and_for_its_author(
    sqlite_centre: Built, named: dict[str, Any], readers: set[str]
) -> None:
    key = secret(sqlite_centre, **named)
    for who in (LEADER, RELIEF_LEADER, MANAGER, OPERATOR, "1021"):
        found = search.search_log(sqlite_centre.actors[who], NOW, LogQuery(SECRET)).hits
        assert bool(found) == (who in readers), who
        if who in readers:
            assert read(sqlite_centre, key, who).versions[0].entry.text == SECRET
        else:
            with pytest.raises(NotPermitted, match="not yours") as refused:
                read(sqlite_centre, key, who)
            assert refused.value.article == 31


def test_art31_only_people_and_roles_of_the_centre_can_be_named(sqlite_centre: Built) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"for_roles": ("admin",)},
        {"for_people": (ADMIN,)},
        {"for_people": ("9999",)},
    )
    for named in wrong:
        with pytest.raises(Invalid):
            secret(sqlite_centre, **named)


def test_art31_an_administrator_and_the_program_read_nothing(sqlite_centre: Built) -> None:
    key = secret(sqlite_centre)
    with pytest.raises(NotPermitted):
        readings.read_confidential(SYSTEM, NOW, "entry", key)
    with pytest.raises(NotPermitted):
        read(sqlite_centre, key, ADMIN)


def test_art31_readers_that_are_changed_in_the_database_open_nothing(centre: Built) -> None:
    key = secret(centre, for_people=(MANAGER,))
    forged = {"people": [centre.ids[OPERATOR]]}
    store.write(models.LogEntry.update(readers=forged).where(models.LogEntry.id == key).execute)
    assert "was changed" in read(centre, key, OPERATOR).versions[0].entry.text
    assert [gap.chain for gap in verify.verify(SYSTEM, NOW).breaks] == [f"log_entry:{key}"]


# --- Art. 31: every reading is on record --------------------------------------------------------------------


def test_art31_a_list_is_no_reading_and_each_opening_is_one(centre: Built) -> None:
    key, leader = secret(centre, open_item=True), centre.actors[LEADER]
    (item,) = items(centre)
    shown = current_log(leader, NOW)
    assert shown is not None
    assert (shown.entries[0].text, shown.entries[0].readable) == ("[confidential]", True)
    (entry_hit,) = search.search_log(leader, NOW, LogQuery(SECRET, kind="notice")).hits[1:]
    assert (entry_hit.snippet, entry_hit.marks) == ("[confidential]", ())
    story(leader, NOW, "entry", key)
    assert readings.READING_ACTIONS[0] not in audit_actions()
    read(centre, key)
    read(centre, item, MANAGER, "item")
    found = readings.readings_of(centre.actors[MANAGER], NOW, f"entry:{key}")
    assert [(r.work_number, r.name, r.refused) for r in found] == [
        (MANAGER, "周敏", False),
        (LEADER, "王建国", False),
    ]


def test_art31_a_refused_reading_is_on_record_and_a_finding_once_a_day(centre: Built) -> None:
    key = secret(centre)
    for _attempt in range(2):
        with pytest.raises(NotPermitted):
            read(centre, key, OPERATOR)
    (first, second) = readings.readings_of(centre.actors[MANAGER], NOW, f"entry:{key}")
    assert (first.refused, second.refused, first.work_number) == (True, True, OPERATOR)
    found = store.read(lambda: list(models.Finding.select().where(models.Finding.code == "secret_asked")))
    assert [(f.article, f.person_id) for f in found] == [(31, centre.ids[OPERATOR])]


def test_art31_only_who_stands_above_sees_who_read_what(sqlite_centre: Built) -> None:
    for who in (OPERATOR, LEADER, ADMIN):
        with pytest.raises(NotPermitted):
            readings.readings_of(sqlite_centre.actors[who], NOW, "entry:1")


WORDS = st.text(st.sampled_from("磐石专线VIPvip4071 -、３"), max_size=8)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(WORDS.filter(str.strip), st.booleans()), min_size=1, max_size=6),
    st.lists(WORDS, min_size=2, max_size=5),
)
def test_a_search_finds_in_sealed_text_what_a_plain_reading_finds(
    sqlite_centre: Built, texts: list[tuple[str, bool]], queries: list[str]
) -> None:
    store.write(lambda: models.SearchDocument.delete().execute())
    store.write(
        lambda: models.database.execute_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    )
    ids = {entry(sqlite_centre, text, confidential=hidden): (text, hidden) for text, hidden in texts}
    for query in queries:
        words = words_of(query)
        plain = {k for k, (text, _h) in ids.items() if all(word in folded(text.strip()) for word in words)}
        found = [
            h.subject_id for h in search.search_log(sqlite_centre.actors[LEADER], NOW, LogQuery(query)).hits
        ]
        assert (set(found), len(found)) == (plain, len(plain)), query
        others = search.search_log(sqlite_centre.actors[OPERATOR], NOW, LogQuery(query)).hits
        assert {h.subject_id for h in others} == {key for key in plain if not ids[key][1]}, query


def test_pages_go_on_through_plain_and_sealed_text_alike(sqlite_centre: Built) -> None:
    ids = [entry(sqlite_centre, "磐石", NOW - n * MINUTE, confidential=n % 2 == 0) for n in range(7)]
    seen, before = [], None
    while True:
        page = search.search_log(sqlite_centre.actors[LEADER], NOW, LogQuery("磐石"), before, 3)
        seen += [hit.subject_id for hit in page.hits]
        before = page.more_before
        if before is None:
            break
    assert seen == ids


# --- a machine without the key ------------------------------------------------------------------------------


def lose_key() -> None:
    key_path().unlink()


def bring_a_strange_key() -> None:
    strange = cipher.new_key()
    cipher.keep_keys({strange.number: strange})


@pytest.mark.parametrize("away", [lose_key, bring_a_strange_key])
def test_art32_without_the_key_everything_works_but_confidential_text(
    centre: Built, away: Callable[[], None]
) -> None:
    key = secret(centre, kind="abnormal", open_item=True)
    away()
    held = list(cipher.keys())
    assert read(centre, key).versions[0].entry.text == "[confidential — no key on this machine]"
    assert search.search_log(centre.actors[LEADER], NOW, LogQuery(SECRET)).hits == ()
    with pytest.raises(cipher.NoKey) as refused:
        secret(centre, "新密件")
    assert (refused.value.article, bool(refused.value.next_step)) == (32, True)
    assert entry(centre, "普通消息") > key
    assert daily_log.daily_log(centre.actors[LEADER], NOW, TODAY)
    report = verify.verify(SYSTEM, NOW)
    assert (report.holds, report.unread) == (True, 2)
    assert list(cipher.keys()) == held


def test_art22_a_handover_carries_a_confidential_item_on_without_the_key(sqlite_centre: Built) -> None:
    key = secret(sqlite_centre, open_item=True, item_title="磐石题")
    shiftlog.carry_item(sqlite_centre.actors[LEADER], NOW, items(sqlite_centre)[0], "磐石因", "磐石步")
    path = key_path()
    away = path.rename(path.with_suffix(".away"))
    sealed(sqlite_centre, HANDOVER_AT)
    away.rename(path)
    taken = handover.handover_view(sqlite_centre.actors[RELIEF_LEADER], HANDOVER_AT + 10 * MINUTE)
    assert taken is not None
    later = store.read(
        lambda: models.OpenItem.select(models.OpenItem.id).order_by(models.OpenItem.id.desc()).get().id
    )
    told = read(sqlite_centre, later, RELIEF_LEADER, "item")
    assert told.items[0].item.title == "磐石题"
    assert [step.reason for step in told.items[0].steps] == ["磐石因", ""]
    assert told.versions[0].entry.id == key


def test_art32_a_key_file_that_others_can_read_is_not_used(sqlite_centre: Built) -> None:
    secret(sqlite_centre)
    path = key_path()
    path.chmod(0o640)
    with pytest.raises(cipher.NoKey, match="Others on this machine"):
        secret(sqlite_centre)
    path.chmod(0o600)
    assert secret(sqlite_centre)


# --- tampering ----------------------------------------------------------------------------------------------


def stored(key: int) -> str:
    return str(store.read(lambda: models.LogEntry.get_by_id(key).sealed))


def overwrite(key: int, text: str) -> None:
    store.write(models.LogEntry.update(sealed=text).where(models.LogEntry.id == key).execute)


@pytest.mark.parametrize("at", [0, 5, 25, 40, -3])
def test_art32_a_changed_cipher_text_opens_nothing_and_is_found(sqlite_centre: Built, at: int) -> None:
    key = secret(sqlite_centre)
    text = stored(key)
    overwrite(key, text[:at] + ("A" if text[at] != "A" else "Q") + text[at:][1:])
    shown = read(sqlite_centre, key).versions[0].entry.text
    assert shown.startswith("[confidential — ")
    report = verify.verify(SYSTEM, NOW)
    assert [gap.chain for gap in report.breaks] == [f"log_entry:{key}"] or report.unread == 1


def test_art32_a_row_swapped_for_another_opens_nothing_and_both_are_found(centre: Built) -> None:
    one, other = secret(centre, "磐石甲"), secret(centre, "磐石乙")
    first, second = stored(one), stored(other)
    overwrite(one, second)
    overwrite(other, first)
    assert "was changed" in read(centre, one).versions[0].entry.text
    report = verify.verify(SYSTEM, NOW)
    assert [gap.chain for gap in report.breaks] == [f"log_entry:{one}", f"log_entry:{other}"]
    assert not report.holds


def test_art33_words_that_were_cut_out_and_marks_that_were_taken_off_are_found(sqlite_centre: Built) -> None:
    cut, bared = secret(sqlite_centre), secret(sqlite_centre)
    overwrite(cut, "")
    store.write(models.LogEntry.update(confidential=False).where(models.LogEntry.id == bared).execute)
    assert sorted(gap.chain for gap in verify.verify(SYSTEM, NOW).breaks) == [
        f"log_entry:{cut}",
        f"log_entry:{bared}",
    ]


def test_art32_a_key_file_with_a_changed_key_is_refused(sqlite_centre: Built) -> None:
    key = secret(sqlite_centre)
    path = key_path()
    text = path.read_text()
    place = text.index('"key": "') + len('"key": "')
    path.write_text(text[:place] + ("B" if text[place] == "A" else "A") + text[place + 1 :])
    assert read(sqlite_centre, key).versions[0].entry.text == "[confidential — no key on this machine]"
    with pytest.raises(cipher.NoKey, match="a key in it was changed"):
        secret(sqlite_centre)


# --- what was written before --------------------------------------------------------------------------------


def test_the_migration_seals_what_was_confidential_before_it(
    sqlite_centre: Built, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from playhouse.migrations import Runner

    before = tmp_path / "before"
    before.mkdir()
    for file in sorted(store.MIGRATIONS.glob("[0-9]*.py")):
        if file.stem < store.SEALING_MIGRATION:
            shutil.copy(file, before / file.name)
    store.close_database()
    old = tmp_path / "old"
    store.open_database(f"sqlite:///{old / 'centre.db'}")
    with store.connected():
        Runner(models.database.obj, str(before)).up()
        with models.database.atomic():
            for statement in OLD_LOG:
                models.database.execute_sql(statement)
        models.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "磐石".encode() in (old / "centre.db").read_bytes()
    store.migrate()
    assert not store.schema_differences()
    store.close_database()
    for file in old.glob("centre.db*"):
        assert "磐石".encode() not in file.read_bytes(), file.name
    assert (old / "secret.key").stat().st_mode & 0o777 == 0o600
    reader = sqlite_centre.actors[LEADER].__class__(1, "1003", "王建国", sqlite_centre.actors[LEADER].role)
    told = readings.read_confidential(reader, NOW, "entry", 1)
    assert [v.entry.text for v in told.versions] == ["磐石专线", "磐石旧文"]
    assert told.items[0].item.title == "磐石题"
    assert verify.verify(SYSTEM, NOW).breaks == ()


CONTENT = (
    '{"asset":"磐石机柜","attachments":[],"confidential":true,"department":"","department_answered_at":null,"due_at":null,'
    '"happened_at":"2026-11-23T14:30:00.000000Z","kind":"notice","seat":"","text":"磐石旧文","vip":false}'
)
OLD_LOG = (
    "INSERT INTO centre (id, name, time_zone, created_at) VALUES (1, '城东', 'Asia/Shanghai', '2026-11-01T00:00:00.000000Z')",
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
        " told_whom, outcome, attachments, confidential, source, count, version) VALUES (1, 1, 'notice',"
        " '2026-11-23T14:30:00.000000Z', '2026-11-23T14:30:00.000000Z', 1, '', '磐石专线', '磐石机柜', '', false, '', '',"
        " '[]', true, '', 1, 2)"
    ),
    (
        "INSERT INTO entry_version (id, entry_id, version, content, replaced_at, replaced_by_id, reason)"
        f" VALUES (1, 1, 1, '{CONTENT}', '2026-11-23T14:40:00.000000Z', 1, '磐石缘故')"
    ),
    (
        "INSERT INTO open_item (id, log_id, entry_id, title, vip, opened_at, state, outcome, reason, next_step)"
        " VALUES (1, 1, 1, '磐石题', false, '2026-11-23T14:30:00.000000Z', 'open', '', '', '')"
    ),
)
