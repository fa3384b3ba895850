"""Art. 33: whatever is changed, removed or cut in the database itself, checking the records names the place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

import models
from operations import daily_log, store, verify
from operations.daily_sections import sealed_section
from operations.errors import Invalid
from operations.verify import VerifyReport, day_digest
from regulation.daily_log import content_digest
from regulation.doorlog import hashed_form
from regulation.ledger import Head, chain_hash
from tests.centre import NOW, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built
from tests.operations.acts import (
    LEADER,
    MINUTE,
    OPERATOR,
    Door,
    approved_visit,
    entry,
    own_badge,
    sealed,
    visitor_badge,
)

DOOR = "door:door"
AUDIT = "centre"
EVENTS = 6
TOUCHED = 3


@pytest.fixture
def records(centre: Built) -> Built:
    """A centre with a chain of door events and an audit chain."""
    door_events(centre)
    return centre


def door_events(built: Built) -> None:
    """Six events that fill every column between them."""
    door = Door()
    row = approved_visit(built)
    door.reads(own_badge(LEADER), SHIFT_STARTS - 10 * MINUTE)
    door.reads(own_badge("1021"), NOW, reason="training")
    door.admits(visitor_badge(row.badge_label), own_badge(LEADER), NOW)
    door.reads("deadbeef", NOW)
    door.reads(own_badge(OPERATOR), NOW)
    door.leaves(own_badge(OPERATOR), NOW + MINUTE)
    assert door.sends() == EVENTS


def check(built: Built, digest: str | None = None) -> VerifyReport:
    return verify.verify(built.actors[LEADER], NOW, digest)


def places(built: Built, digest: str | None = None) -> list[tuple[str, int]]:
    return [(found.chain, found.sequence) for found in check(built, digest).breaks]


def head(built: Built, chain: str) -> Head:
    (found,) = [h for h in check(built).heads if h.chain == chain]
    return found


def sql(statement: str, *values: Any) -> list[Any]:
    """Straight to the database, past everything that would say no."""

    def run() -> list[Any]:
        cursor = models.database.execute_sql(statement.replace("?", models.database.obj.param), values)
        return list(cursor.fetchall()) if cursor.description else []

    with store.connected():
        return run()


def another(value: Any) -> Any:
    """A value of the same kind that is not ``value``."""
    if value is None:
        return 1
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and "T" in value and value.endswith("Z"):
        return value.replace("T", " ")
    if isinstance(value, str):
        return (value[:-1] + ("0" if value[-1] != "0" else "1")) if value else "x"
    return value + timedelta(microseconds=1)


def columns(table: type[models.Table]) -> list[str]:
    return [field.column_name for field in table._meta.sorted_fields]


# --- every column -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "key", "chain"), [(models.DoorEvent, "kiosk", DOOR), (models.AuditRecord, "chain", AUDIT)]
)
def test_art33_a_change_of_any_column_is_found_at_its_record(
    records: Built, table: type[models.Table], key: str, chain: str
) -> None:
    name = table._meta.table_name
    for column in columns(table):
        (before,) = sql(
            f"SELECT {column} FROM {name} WHERE sequence = ? AND {key} = ?",
            TOUCHED,
            chain.removeprefix("door:"),
        )
        if column == "sequence":
            sql(f"UPDATE {name} SET sequence = 999 WHERE sequence = ?", TOUCHED)
            assert (chain, TOUCHED) in places(records), column
            sql(f"UPDATE {name} SET sequence = ? WHERE sequence = 999", TOUCHED)
            continue
        sql(f"UPDATE {name} SET {column} = ? WHERE sequence = ?", another(before[0]), TOUCHED)
        assert (chain, TOUCHED) in places(records), column
        sql(f"UPDATE {name} SET {column} = ? WHERE sequence = ?", before[0], TOUCHED)
        assert places(records) == [], f"{column} was not put back"


def test_art33_untouched_records_hold_and_every_chain_has_its_head(records: Built) -> None:
    report = check(records)
    assert report.holds
    assert {h.chain: h.sequence for h in report.heads}[DOOR] == EVENTS


@pytest.mark.parametrize("sequence", [1, TOUCHED, EVENTS])
def test_art33_a_removed_door_event_is_missed_at_its_place(records: Built, sequence: int) -> None:
    sql("DELETE FROM door_event WHERE sequence = ?", sequence)
    assert places(records) == [(DOOR, sequence)]


def test_art33_removing_all_of_a_doors_events_is_missed_too(records: Built) -> None:
    sql("DELETE FROM door_event")
    assert places(records) == [(DOOR, 1)]


def test_art33_a_removed_audit_record_is_missed_at_its_place(records: Built) -> None:
    sql("DELETE FROM audit_record WHERE sequence = ?", TOUCHED)
    assert places(records) == [(AUDIT, TOUCHED)]


@pytest.mark.parametrize("table", ["door_event", "audit_record"])
def test_art33_a_last_record_that_was_renamed_into_a_chain_of_its_own_shows(
    records: Built, table: str
) -> None:
    key = "kiosk" if table == "door_event" else "chain"
    (last,) = sql(f"SELECT max(sequence) FROM {table}")
    sql(f"UPDATE {table} SET {key} = ? WHERE sequence = ?", "other", last[0])
    assert ("door:other" if key == "kiosk" else "other", 1) in places(records)


def test_art33_an_event_written_anew_with_a_matching_hash_breaks_the_next(records: Built) -> None:
    def rewrite() -> None:
        event = models.DoorEvent
        row = event.get(event.sequence == TOUCHED)
        row.code = "granted"
        fields = {name: getattr(row, name) for name in event._meta.sorted_field_names}
        row.hash = chain_hash(row.previous, hashed_form(fields))
        event.update(code=row.code, hash=row.hash).where(event.sequence == TOUCHED).execute()

    store.write(rewrite)
    assert places(records) == [(DOOR, TOUCHED + 1)]


# --- cut tails and printed digests --------------------------------------------------------------------------


@pytest.mark.parametrize("length", [8, 12, 64])
def test_art33_a_printed_head_is_met_where_it_stood(records: Built, length: int) -> None:
    printed = head(records, DOOR).hash[:length]
    report = check(records, printed)
    assert (report.holds, report.met) == (True, f"{DOOR} {EVENTS}")
    assert check(records, " ".join(printed[n : n + 4] for n in range(0, length, 4)).upper()).holds


def test_art33_a_cut_tail_of_the_audit_chain_shows_against_the_printed_digest(records: Built) -> None:
    printed = head(records, AUDIT)
    sql("DELETE FROM audit_record WHERE sequence = ?", printed.sequence)
    assert places(records) == []
    assert places(records, printed.hash) == [("printed digest", 0)]


def test_art33_a_cut_tail_of_a_doors_chain_shows_by_itself(records: Built) -> None:
    sql("DELETE FROM door_event WHERE sequence >= ?", EVENTS - 1)
    assert places(records) == [(DOOR, EVENTS - 1)]


def test_art33_a_head_printed_long_ago_is_still_met_when_the_chain_has_grown(records: Built) -> None:
    printed = head(records, AUDIT)
    entry(records, "later")
    report = check(records, printed.hash)
    assert (report.holds, report.met) == (True, f"{AUDIT} {printed.sequence}")


@pytest.mark.parametrize("typed", ["1234567", "not a digest", "12345678g", ""])
def test_a_digest_that_was_mistyped_is_no_digest(sqlite_centre: Built, typed: str) -> None:
    if not typed:
        assert check(sqlite_centre, typed).holds
        return
    with pytest.raises(Invalid, match="printed digest"):
        check(sqlite_centre, typed)


def test_a_digest_nobody_printed_is_nowhere_to_be_found(sqlite_centre: Built) -> None:
    assert places(sqlite_centre, "0" * 64) == [("printed digest", 0)]


# --- sealed logs --------------------------------------------------------------------------------------------


@pytest.fixture
def signed(centre: Built) -> tuple[Built, str]:
    """A sealed log with an entry, and its digest."""
    entry(centre, "线路割接通知")
    return centre, sealed(centre)[1]


def test_art25_a_sealed_log_is_met_by_its_printed_digest(signed: tuple[Built, str]) -> None:
    built, digest = signed
    report = check(built, digest[:8])
    assert (report.holds, report.sealed_logs, report.met) == (True, 1, f"log:{TODAY} night")


def test_art25_the_day_is_met_by_its_own_digest(signed: tuple[Built, str]) -> None:
    built, digest = signed
    assert check(built, day_digest([digest])).met == f"day:{TODAY}"


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE shift_log SET sealed_content = replace(sealed_content, '割接', '接割') WHERE state = 'sealed'",
        "UPDATE shift_log SET sealed_content = '{' WHERE state = 'sealed'",
        "UPDATE shift_log SET digest = replace(digest, substr(digest, 1, 1), 'x') WHERE state = 'sealed'",
        "UPDATE shift_log SET state = 'open' WHERE state = 'sealed'",
    ],
    ids=["content", "unreadable", "digest", "unsealed"],
)
def test_art25_a_sealed_log_that_was_changed_shows(signed: tuple[Built, str], tampering: str) -> None:
    built, _digest = signed
    sql(tampering)
    assert {found.why for found in check(built).breaks} == {"the sealed log was changed"}


def test_art25_a_log_rewritten_together_with_its_digest_shows_against_the_audit(
    signed: tuple[Built, str],
) -> None:
    built, _digest = signed

    def rewrite() -> None:
        log = models.ShiftLog.get(models.ShiftLog.state == "sealed")
        log.sealed_content = log.sealed_content.replace("割接", "接割")
        log.digest = content_digest(sealed_section(log))
        log.save()

    store.write(rewrite)
    assert f"log:{TODAY} night" in [name for name, _at in places(built)]


# --- single bytes -------------------------------------------------------------------------------------------


@pytest.fixture
def raw(sqlite_centre: Built) -> Iterator[sqlite3.Connection]:
    """A connection that writes bytes into text columns, as a hex editor would."""
    door_events(sqlite_centre)
    connection = sqlite3.connect(sqlite_centre.url.removeprefix("sqlite:///"), isolation_level=None)
    yield connection
    connection.close()


def touched_bytes(own: bytes) -> Iterator[bytes]:
    """``own`` with one byte changed: every place of a short text, some of a long one."""
    step = 1 if len(own) <= 30 else len(own) // 12
    for at in range(0, len(own), step):
        yield own[:at] + bytes([own[at] ^ 1]) + own[at + 1 :]
    last = len(own) - 1
    if last >= 0:
        yield own[:last] + b"\xff"  # no UTF-8 any more
        yield own[:last] + b"\x00"
    if b"T" in own:
        yield own.replace(b"T", b" ", 1)


@pytest.mark.parametrize(
    ("table", "chain", "sequence"),
    [("door_event", DOOR, 2), ("door_event", DOOR, EVENTS), ("audit_record", AUDIT, 4)],
)
def test_art33_a_single_changed_byte_of_any_text_is_found_at_its_record(
    sqlite_centre: Built, raw: sqlite3.Connection, table: str, chain: str, sequence: int
) -> None:
    key = "kiosk" if table == "door_event" else "chain"
    found = raw.execute(f"SELECT * FROM {table} WHERE sequence = ?", (sequence,))
    (row,) = found.fetchall()
    texts = {d[0]: v.encode() for d, v in zip(found.description, row, strict=True) if isinstance(v, str)}
    assert {"at", "hash", "previous", key} <= set(texts)
    for column, own in texts.items():
        change = f"UPDATE {table} SET {column} = CAST(? AS TEXT) WHERE sequence = {sequence}"
        for touched in touched_bytes(own):
            raw.execute(change, (touched,))
            assert (chain, sequence) in places(sqlite_centre) or key == column, (column, touched)
            assert not check(sqlite_centre).holds, (column, touched)
        raw.execute(change, (own,))
    assert check(sqlite_centre).holds


# --- the daily log anchors the chains -----------------------------------------------------------------------


def test_art33_the_printed_daily_log_carries_heads_that_are_met_again(records: Built) -> None:
    log = daily_log.daily_log(records.actors[LEADER], NOW, TODAY)
    entry(records, "later")
    assert {h.chain for h in log.heads} == {AUDIT, DOOR}
    for printed in log.heads:
        assert check(records, printed.hash).met == f"{printed.chain} {printed.sequence}"


def test_art25_a_day_with_an_unsealed_shift_is_a_draft_and_a_sealed_day_carries_its_digest(
    signed: tuple[Built, str],
) -> None:
    built, digest = signed
    leader = built.actors[LEADER]
    assert daily_log.daily_log(leader, SHIFT_ENDS, TODAY).draft
    sql("DELETE FROM shift_log WHERE state = 'open' AND date = ?", day_value(TODAY))
    assert daily_log.daily_log(leader, SHIFT_ENDS, TODAY).digest == day_digest([digest])


def day_value(day: date) -> Any:
    return day if store.is_postgresql() else day.isoformat()
