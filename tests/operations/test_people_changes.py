"""Art. 2, 9: people are changed, get first PINs, and teams get names; nobody gives themselves another role."""

from __future__ import annotations

import pytest

from operations import people, signin
from operations.boundary import SYSTEM
from operations.errors import Invalid, NotFound, NotPermitted, SignInRefused
from operations.people_file import read_people
from operations.people_import import import_people
from operations.roster_table import read_table
from operations.system_view import system_view
from regulation.roles import Role
from tests.centre import NOW, PIN, Built


def row(number: str) -> people.PersonRow:
    return next(found for found in people.people(SYSTEM, NOW) if found.work_number == number)


def test_a_change_keeps_the_person_and_says_what_was_before(centre: Built) -> None:
    people.change_person(centre.actors["3001"], NOW, "1022", " 何芳芳 ", Role.QA_INSPECTOR, "乙", "09")
    changed = row("1022")
    assert (changed.id, changed.name) == (centre.ids["1022"], "何芳芳")
    assert (changed.role, changed.team, changed.seat) == (Role.QA_INSPECTOR, "乙", "09")
    with pytest.raises(NotFound, match="no team"):
        people.change_person(SYSTEM, NOW, "1022", "何芳", Role.OPERATOR, "戊")
    with pytest.raises(Invalid, match="name"):
        people.change_person(SYSTEM, NOW, "1022", " ", Role.OPERATOR)


def test_art02_an_administrator_becomes_no_manager_by_own_hand(sqlite_centre: Built) -> None:
    admin = sqlite_centre.actors["3001"]
    with pytest.raises(NotPermitted, match="own role"):
        people.change_person(admin, NOW, "3001", "赵磊", Role.DEPUTY_MANAGER)
    file = read_people(read_table("工号,姓名,角色\n3001,赵磊,中心副经理\n".encode(), ""))
    with pytest.raises(NotPermitted, match="own role"):
        import_people(admin, NOW, file, "people.csv", update=True)
    people.change_person(admin, NOW, "3001", "赵小磊", Role.ADMIN)
    assert (row("3001").name, row("3001").role) == ("赵小磊", Role.ADMIN)


def test_a_first_pin_opens_a_locked_account_and_must_be_changed(sqlite_centre: Built) -> None:
    people.give_first_pin(SYSTEM, NOW, "1017", "4917")
    assert signin.sign_in("1017", "4917", NOW).must_change_pin
    with pytest.raises(SignInRefused):
        signin.sign_in("1017", PIN, NOW)
    with pytest.raises(Invalid):
        people.give_first_pin(SYSTEM, NOW, "1017", "1111")


def test_a_team_is_added_and_named(centre: Built) -> None:
    people.set_team(SYSTEM, NOW, "丙", "丙班")
    people.set_team(SYSTEM, NOW, "甲", "甲班")
    teams = {team.code: team for team in system_view(SYSTEM, NOW).teams}
    assert {code: team.name for code, team in teams.items()} == {"甲": "甲班", "乙": "乙", "丙": "丙班"}
    assert (teams["甲"].people, teams["甲"].leaders, teams["丙"].people) == (4, ("王建国",), 0)
