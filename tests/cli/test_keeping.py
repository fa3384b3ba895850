"""``zhiban badges``, ``reasons`` and ``limits set``: what the centre keeps, each change by someone with a work number."""

from __future__ import annotations

import json
import sqlite3

from operations import people, store
from operations.boundary import SYSTEM
from regulation.roles import Role
from tests.cli.busy import AT, TEMPORARY_LABEL, Typed

MANAGER, LEADER = ("--as", "2001"), ("--as", "1003")


def test_a_badge_is_handed_back_and_lent_again(typed: Typed) -> None:
    (out,) = json.loads(typed("badges", "list", "--json").out)
    assert (out["label"], out["work_number"], out["returned_at"]) == (TEMPORARY_LABEL, "1022", None)
    taken = typed("badges", "lend", "1021", "--label", TEMPORARY_LABEL, *LEADER)
    assert (taken.code, taken.out) == (1, "")
    assert typed("badges", "collect", TEMPORARY_LABEL, *LEADER).code == 0
    assert "No temporary badge is out." in typed("badges", "list").out
    lent = typed("badges", "lend", "1021", "--label", TEMPORARY_LABEL, "--hours", "2", *LEADER)
    assert lent.out == f"Badge {TEMPORARY_LABEL} is lent to 刘洋, due back 11-24 00:50.\n"
    assert len(json.loads(typed("badges", "list", "--all", "--json").out)) == 2


def test_a_badge_reported_lost_is_refused_from_then_on(typed: Typed) -> None:
    assert typed("badges", "lost", TEMPORARY_LABEL, "--note", "公交车上", *LEADER).code == 0
    assert typed("badges", "lost", "nowhere", *LEADER).error == "There is no such badge. (Art. 20)\n"


def test_a_badge_kept_at_the_door_is_registered_and_then_lent(typed: Typed) -> None:
    assert typed("badges", "issue", "0000007002", "--label", "T-09", "--temporary").code == 0
    assert "T-09" in typed("badges", "lend", "1021", "--label", "T-09", *LEADER).out
    assert typed("badges", "issue", "0000007003", "--temporary").code == 1


def test_a_reason_of_the_centre_counts_from_its_day_and_no_more_after_it_is_retired(typed: Typed) -> None:
    there = {reason["code"] for reason in json.loads(typed("reasons", "list", "--json").out)}
    assert {"maintenance", "tour"} <= there
    made = typed(
        "reasons", "set", "fire_drill", "消防演练", "--english", "fire drill", "--by-manager", *MANAGER
    )
    assert made.out == "The reason fire_drill counts from 2026-11-23 on.\n"
    assert "fire drill" in typed("reasons", "list").out
    assert "消防演练" in typed("reasons", "list", language="zh").out
    retired = typed("reasons", "retire", "fire_drill", "--from", "2026-11-30", *MANAGER)
    assert retired.out == "The reason fire_drill counts no more from 2026-11-30 on.\n"
    assert "fire_drill" in typed("reasons", "list", "--on", "2026-11-29").out
    assert "fire_drill" not in typed("reasons", "list", "--on", "2026-11-30").out


def test_a_shift_leader_may_change_neither_reasons_nor_limits(typed: Typed) -> None:
    assert typed("reasons", "retire", "tour", *LEADER).refused("may not", "Art. 2")
    assert typed("limits", "set", "visitors_per_escort", "2", *LEADER).refused("may not", "Art. 2")


def test_a_limit_is_changed_from_a_day_on(typed: Typed) -> None:
    def escorted() -> int:
        limits = json.loads(typed("limits", "--json").out)["limits"]
        return next(int(limit["value"]) for limit in limits if limit["name"] == "visitors_per_escort")

    assert escorted() == 4
    later = typed("limits", "set", "visitors_per_escort", "3", "--from", "2026-11-24", *MANAGER)
    assert later.out == "visitors_per_escort is 3 from 2026-11-24 on.\n"
    assert escorted() == 4
    assert typed("limits", "set", "visitors_per_escort", "2", *MANAGER).code == 0
    assert escorted() == 2
    assert typed("limits", "set", "visitors_per_escort", "0", *MANAGER).code == 1
    assert typed("limits", "set", "nothing", "1", *MANAGER).code == 1
    assert typed("limits", "set", "visitors_per_escort", "2", "--from", "yesterday", *MANAGER).code == 1


def test_art9_a_pin_that_someone_else_has_set_signs_nothing(typed: Typed) -> None:
    store.open_database(f"sqlite:///{typed.home / 'centre.db'}")
    people.add_person(SYSTEM, AT, people.NewPerson("2002", "钱志远", Role.DEPUTY_MANAGER, pin="5937"))
    store.close_database()
    refused = typed("limits", "set", "visitors_per_escort", "2", "--as", "2002", pin="5937")
    assert refused.refused("signs nothing", "Art. 9")


def test_a_change_stands_in_the_chain_with_the_number_that_made_it(typed: Typed) -> None:
    typed("limits", "set", "visitors_per_escort", "2", *MANAGER)
    with sqlite3.connect(typed.home / "centre.db") as database:
        (last,) = database.execute(
            "SELECT actor FROM audit_record WHERE action = 'set_limit' ORDER BY sequence DESC LIMIT 1"
        ).fetchall()
    database.close()
    assert last == ("2001",)
