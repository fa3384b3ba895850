"""People from a list: looked at cell by cell, then taken on whole or not at all, and only once."""

from __future__ import annotations

import io

import openpyxl
import pytest

import models
from operations import store
from operations.boundary import SYSTEM
from operations.errors import Invalid, NotPermitted
from operations.people import people
from operations.people_file import PeopleFile, read_people
from operations.people_import import (
    PeopleFileRefused,
    PeopleImport,
    import_people,
    people_import_plan,
)
from operations.roster_table import read_table
from operations.signin import sign_in
from regulation.roles import Role
from tests.centre import NOW, PIN_HASH, Built
from tests.operations.acts import audit_actions, row_counts

ADMIN = "3001"
FILE = (
    "工号,姓名,岗位,班组,座席,卡号\n"
    "1050,高翔,话务员,甲,05,0000001050\n"
    "1051,林娜,班长,乙,,\n"
    "5001,胡斌,QA inspector,,,\n"
    "1017,陈静,operator,甲,01,0000001017\n"
)


def read(text: str | bytes = FILE) -> PeopleFile:
    return read_people(read_table(text if isinstance(text, bytes) else text.encode()))


def plan(built: Built, text: str | bytes = FILE) -> PeopleImport:
    return people_import_plan(built.actors[ADMIN], NOW, read(text))


def take(built: Built, text: str = FILE, *, skip_errors: bool = False, update: bool = False) -> PeopleImport:
    return import_people(
        built.actors[ADMIN], NOW, read(text), "花名册.csv", skip_errors=skip_errors, update=update
    )


def rows() -> dict[str, tuple[str, Role, str, str, str]]:
    found = people(SYSTEM, NOW)
    return {row.work_number: (row.name, row.role, row.team, row.seat, row.badge) for row in found}


def mistakes(built: Built, text: str) -> list[tuple[str, str]]:
    return [(problem.cell, problem.text) for problem in plan(built, text).problems]


def test_everyone_new_on_a_list_is_taken_on_in_either_language(centre: Built) -> None:
    done = take(centre)
    assert [new.number for new in done.newcomers] == ["1050", "1051", "5001"]
    assert (done.unchanged, done.changes, done.problems) == (1, (), ())
    assert rows()["1050"] == ("高翔", Role.OPERATOR, "甲", "05", "0000001050")
    assert rows()["1051"] == ("林娜", Role.SHIFT_LEADER, "乙", "", "")
    assert rows()["5001"][1] is Role.QA_INSPECTOR


def test_the_same_list_twice_changes_nothing_at_all(centre: Built) -> None:
    take(centre)
    before = row_counts()
    again = take(centre)
    assert (again.newcomers, again.unchanged) == ((), 4)
    assert row_counts() == before
    assert audit_actions().count("write_imported_people") == 1


def test_looking_changes_nothing(sqlite_centre: Built) -> None:
    before = row_counts()
    assert len(plan(sqlite_centre).newcomers) == 3
    assert row_counts() == before


def test_what_a_list_says_otherwise_of_somebody_who_is_here_is_shown_and_made_only_when_asked(
    centre: Built,
) -> None:
    text = "work_number,name,role,team,seat\n1017,陈静静,shift_leader,乙,09\n1021,刘洋,operator,,\n"
    before = row_counts()
    shown = take(centre, text)
    assert [(c.cell, c.column, c.before, c.after) for c in shown.changes] == [
        ("B2", "name", "陈静", "陈静静"),
        ("C2", "role", "operator", "shift_leader"),
        ("D2", "team", "甲", "乙"),
        ("E2", "seat", "01", "09"),
    ]
    # An empty cell says nothing: 1021 keeps team and seat.
    assert shown.unchanged == 1
    assert row_counts() == before
    take(centre, text, update=True)
    assert rows()["1017"] == ("陈静静", Role.SHIFT_LEADER, "乙", "09", "0000001017")
    record = store.read(lambda: models.AuditRecord.get(models.AuditRecord.action == "write_imported_people"))
    assert record.detail["changed"][1] == ["1017", "role", "operator", "shift_leader"]


def test_somebody_who_has_no_badge_gets_the_one_on_the_list_when_asked(sqlite_centre: Built) -> None:
    take(sqlite_centre)
    text = "work_number,name,role,badge\n1051,林娜,班长,0000001051\n"
    assert [c.column for c in take(sqlite_centre, text).changes] == ["badge"]
    take(sqlite_centre, text, update=True)
    assert rows()["1051"][4] == "0000001051"
    assert take(sqlite_centre, text, update=True).unchanged == 1


def test_every_cell_that_is_wrong_is_named_and_nobody_is_taken_on_unless_it_is_left_out(
    centre: Built,
) -> None:
    text = FILE + (
        "1060,,话务员,甲,,\n"
        "1061,钱一,总经理,甲,,\n"
        "1062,钱二,话务员,丙,,\n"
        "1063,钱三,话务员,甲,,0000009001\n"
        "1050,钱四,话务员,甲,,\n"
        "1064,钱五,话务员,甲,,0000001050\n"
        "1021,刘洋,话务员,甲,02,0000001999\n"
        "12345678901234567,钱六,话务员,,,\n"
    )
    with pytest.raises(PeopleFileRefused) as refused:
        take(centre, text)
    assert sorted((p.cell, p.text.split(";")[0].split(",")[0]) for p in refused.value.problems) == [
        ("A10", "The same stands in A2 already."),
        ("A13", "This is too long: at most 16 characters."),
        ("B6", "A work number and a name are needed."),
        ("C7", "“总经理” is no role"),
        ("D8", "There is no team called 丙."),
        ("F11", "The same stands in F2 already."),
        ("F12", "刘洋 holds another badge"),
        ("F9", "This badge is registered already."),
    ]
    assert "1050" not in rows()
    done = take(centre, text, skip_errors=True)
    assert (len(done.newcomers), len(done.problems)) == (3, 8)


def test_a_visitor_is_not_taken_on_from_a_list(sqlite_centre: Built) -> None:
    for role in ("外来人员", "outside_visitor", ""):
        ((cell, text),) = mistakes(sqlite_centre, f"work_number,name,role\n1,李伟,{role}\n")
        assert (cell, "is no role" in text) == ("C2", True)


def test_a_first_pin_opens_the_desk_once_and_must_be_changed_and_is_never_that_of_somebody_here(
    sqlite_centre: Built,
) -> None:
    text = "work_number,name,role,初始密码\n1050,高翔,话务员,8264\n1017,陈静,话务员,7777\n"
    take(sqlite_centre, text)
    assert sign_in("1050", "8264", NOW).must_change_pin
    assert (
        store.read(
            lambda: models.Credential.get(models.Credential.person == sqlite_centre.ids["1017"])
        ).pin_hash
        == PIN_HASH
    )
    ((cell, said),) = mistakes(sqlite_centre, "work_number,name,role,first_pin\n1059,高,话务员,1234\n")
    assert (cell, said) == ("D2", "That PIN is too easy to guess.")
    record = store.read(lambda: models.AuditRecord.get(models.AuditRecord.action == "write_imported_people"))
    assert "8264" not in str(record.detail)


def test_a_workbook_is_read_like_a_csv_under_a_title(sqlite_centre: Built) -> None:
    book = openpyxl.Workbook()
    for row in (["城东客服中心花名册"], [], ["姓名", "工号", "职务"], ["高翔", 1050, "话务员"]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    (new,) = plan(sqlite_centre, buffer.getvalue()).newcomers
    assert (new.number, new.name, new.row) == ("1050", "高翔", 3)


def test_a_table_that_is_no_list_of_people_says_what_one_needs() -> None:
    with pytest.raises(Invalid, match="no line with 工号") as refused:
        read("work_number,name\n1,x\n")
    assert "work_number,name,role" in refused.value.next_step


def test_art02_only_who_keeps_people_takes_them_on(sqlite_centre: Built) -> None:
    with pytest.raises(NotPermitted):
        import_people(sqlite_centre.actors["2001"], NOW, read(), "花名册.csv")
