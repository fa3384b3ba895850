"""Art. 28: the machine room's confidential numbers are masked, revealed to whoever may, and every look is on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

import models
from operations import cipher, directory, door, readings, store, verify
from operations.boundary import SYSTEM, kiosk_actor
from operations.directory import NewNumber
from operations.errors import Invalid, NotFound, NotPermitted
from regulation.limits import DEFAULT_LIMITS
from tests.centre import NOW, Built
from tests.operations.acts import ADMIN, LEADER, MANAGER, OPERATOR

NUMBER = "0571-8812-4412"
NEW = NewNumber("动力中心 专线", NUMBER, note="值班口令 磐石")


def added(built: Built, new: NewNumber = NEW) -> int:
    return directory.add_number(built.actors[MANAGER], NOW, new)


def reveal(
    built: Built, key: int, who: str = LEADER, reason: str = "动力告警联系"
) -> directory.RevealedNumber:
    return directory.reveal_number(built.actors[who], NOW, key, reason)


def test_art28_everyone_sees_the_mask_and_the_leaders_may_look_behind_it(centre: Built) -> None:
    key = added(centre)
    for who, readable in ((OPERATOR, False), (LEADER, True), (MANAGER, True)):
        (row,) = directory.directory(centre.actors[who], NOW)
        assert (row.masked, row.name, row.readable) == ("0571-****-**12", NEW.name, readable)
    shown = reveal(centre, key)
    assert (shown.number, shown.note) == (NUMBER, NEW.note)
    assert shown.hides_at == NOW + timedelta(seconds=DEFAULT_LIMITS["reveal_seconds"])


def test_art28_the_database_holds_the_mask_and_no_number(centre: Built) -> None:
    key = added(centre)
    reveal(centre, key)
    raw = store.read(lambda: models.database.execute_sql("SELECT * FROM directory_number").fetchall())
    audit = store.read(lambda: [repr(r.detail) for r in models.AuditRecord.select()])
    assert "0571-****-**12" in repr(raw)
    assert not [word for word in ("8812", "4412", "磐石") if word in repr(raw) + repr(audit)]


def test_art28_a_number_for_named_people_is_for_them_alone(centre: Built) -> None:
    key = added(centre, NewNumber("机房专线", NUMBER, for_people=(OPERATOR,)))
    assert reveal(centre, key, OPERATOR).number == NUMBER
    for who in (LEADER, MANAGER):
        with pytest.raises(NotPermitted) as refused:
            reveal(centre, key, who)
        assert (refused.value.article, bool(refused.value.next_step)) == (28, True)


def test_art28_a_refused_reveal_is_on_record_and_a_finding_once_a_day(centre: Built) -> None:
    key = added(centre)
    for _attempt in range(2):
        with pytest.raises(NotPermitted):
            reveal(centre, key, OPERATOR)
    reveal(centre, key)
    found = readings.readings_of(centre.actors[MANAGER], NOW, f"number:{key}")
    assert [(r.work_number, r.refused, r.reason) for r in found] == [
        (LEADER, False, "动力告警联系"),
        (OPERATOR, True, "动力告警联系"),
        (OPERATOR, True, "动力告警联系"),
    ]
    kept = store.read(lambda: list(models.Finding.select().where(models.Finding.code == "number_asked")))
    assert [(f.article, f.person_id, f.details) for f in kept] == [
        (28, centre.ids[OPERATOR], {"name": NEW.name})
    ]


def test_art28_without_a_reason_nothing_is_revealed(sqlite_centre: Built) -> None:
    key = added(sqlite_centre)
    for reason in ("", "  ", "因" * 201):
        with pytest.raises(Invalid):
            reveal(sqlite_centre, key, reason=reason)


def test_art28_who_stands_above_keeps_the_directory_and_the_administrator_does_not_see_it(
    sqlite_centre: Built,
) -> None:
    key = added(sqlite_centre)
    for who in (LEADER, OPERATOR, ADMIN):
        with pytest.raises(NotPermitted):
            directory.add_number(sqlite_centre.actors[who], NOW, NEW)
        with pytest.raises(NotPermitted):
            directory.remove_number(sqlite_centre.actors[who], NOW, key)
    with pytest.raises(NotPermitted):
        directory.directory(sqlite_centre.actors[ADMIN], NOW)
    with pytest.raises(NotPermitted):
        directory.reveal_number(SYSTEM, NOW, key, "x")


@pytest.mark.parametrize("wrong", [NewNumber(" ", "1"), NewNumber("x", " "), NewNumber("x", "1" * 65)])
def test_a_number_that_cannot_be_kept_is_refused(sqlite_centre: Built, wrong: NewNumber) -> None:
    with pytest.raises(Invalid):
        added(sqlite_centre, wrong)


def test_a_removed_number_is_gone_and_who_read_it_stays(sqlite_centre: Built) -> None:
    key = added(sqlite_centre)
    reveal(sqlite_centre, key)
    directory.remove_number(sqlite_centre.actors[MANAGER], NOW, key)
    assert directory.directory(sqlite_centre.actors[LEADER], NOW) == ()
    with pytest.raises(NotFound):
        reveal(sqlite_centre, key)
    assert store.read(lambda: models.DirectoryNumber.get_by_id(key).sealed) == ""
    assert len(readings.readings_of(sqlite_centre.actors[MANAGER], NOW, f"number:{key}")) == 1


def test_art28_a_door_is_sent_nothing_of_the_directory(sqlite_centre: Built) -> None:
    added(sqlite_centre)
    snapshot = repr(door.door_snapshot(kiosk_actor("door"), NOW))
    assert "动力中心" not in snapshot
    assert "0571" not in snapshot


def test_art32_a_mask_that_hides_another_number_is_found(sqlite_centre: Built) -> None:
    one, other = added(sqlite_centre), added(sqlite_centre, NewNumber("别处", "0571-8812-9999"))
    taken = store.read(lambda: models.DirectoryNumber.get_by_id(other).sealed)
    table = models.DirectoryNumber
    store.write(table.update(sealed=taken).where(table.id == one).execute)
    with pytest.raises(cipher.Tampered, match="changed or moved"):
        reveal(sqlite_centre, one)
    assert [gap.chain for gap in verify.verify(SYSTEM, NOW).breaks] == [f"directory_number:{one}"]
