"""``zhiban demand``, ``zhiban wish`` and ``zhiban roster solve``, as they are typed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from operations import drafts, store
from operations.boundary import SYSTEM
from tests.cli.busy import AT, Typed
from tests.cli.test_json_keys import documented, keys_of
from tests.operations.planners import FIRST, LAST

SENIOR, LEADER, OPERATOR = "1000", "1003", "1017"


def demands(typed: Typed, shift: str, least: str, *more: str) -> None:
    answer = typed("demand", "set", shift, "operator", "every", least, *more, "--as", SENIOR)
    assert (answer.code, answer.out) == (0, "This counts from 2026-11-23 on.\n")


def drafted(typed: Typed) -> int:
    store.open_database(f"sqlite:///{typed.home / 'centre.db'}")
    try:
        return len(drafts.draft_cells(SYSTEM, AT, FIRST.replace(day=1), LAST.replace(day=31)))
    finally:
        store.close_database()


def has_keys(answer: Any, command: str) -> None:
    found = set(keys_of(answer))
    holders = {key for key in found if any(other.startswith(f"{key}[]") for other in found)}
    assert found - holders == documented(command)


def test_demand_is_set_shown_and_taken_back(typed: Typed) -> None:
    demands(typed, "early", "2", "3")
    typed("demand", "set", "early", "operator", "sun", "1", "--as", SENIOR)
    table = typed("demand", "list").out
    assert "Saturdays" in table
    assert "Sundays" in table
    answer = json.loads(typed("demand", "list", "--json").out)
    has_keys(answer, "demand list")
    assert sorted(line["least"] for line in answer) == [1, 2]
    typed("demand", "retire", "early", "operator", "every", "--as", SENIOR)
    assert typed("demand", "list").out == "Nothing says how many people are needed.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("demand", "set", "noon", "operator", "every", "1", "--as", SENIOR), "no shift noon"),
        (("demand", "set", "early", "pilots", "every", "1", "--as", SENIOR), "no people called pilots"),
        (("demand", "set", "early", "operator", "someday", "1", "--as", SENIOR), "someday names no days"),
        (("demand", "set", "early", "operator", "every", "1", "--as", LEADER), "may not"),
        (("wish", "ask", "2026-12-10", "noon", "--as", OPERATOR), "no shift noon"),
        (("wish", "withdraw", "99", "--as", OPERATOR), "no such wish"),
        (("roster", "solve", "2026-12", "--as", LEADER), "how many people"),
        (("roster", "solve", "2026-10", "--as", LEADER), "are past"),
        (("roster", "solve", "2026-12", "--as", OPERATOR), "may not"),
    ],
)
def test_what_cannot_be_is_refused_in_words(typed: Typed, arguments: tuple[str, ...], words: str) -> None:
    assert typed(*arguments).refused(words)


def test_a_wish_is_asked_shown_and_taken_back(typed: Typed) -> None:
    asked = typed("wish", "ask", "2026-12-10", "free", "--weight", "3", "--as", OPERATOR)
    assert asked.code == 0
    number = asked.out.split()[-1].rstrip(".")
    answer = json.loads(typed("wish", "list", "2026-12", "--json").out)
    has_keys(answer, "wish list")
    assert [(w["date"], w["shift_code"], w["weight"]) for w in answer] == [("2026-12-10", None, 3)]
    assert "a free day" in typed("wish", "list", "2026-12").out
    assert typed("wish", "withdraw", number, "--as", OPERATOR).code == 0
    assert typed("wish", "list", "2026-12").out == "Nobody has wished for anything.\n"


def test_a_month_is_planned_into_the_draft_or_only_looked_for(typed: Typed) -> None:
    demands(typed, "early", "3")
    # There are five operators.
    typed("demand", "set", "early", "operator", "2026-12-24", "6", "--as", SENIOR)
    looked = typed("roster", "solve", "2026-12", "--seconds", "1", "--dry-run")
    assert "2026-12-24 early shift, operator: 1 missing to the least" in looked.out
    assert "Nothing was changed." in looked.out
    assert drafted(typed) == 0
    answer = json.loads(typed("roster", "solve", "2026-12", "--seconds", "2", "--json", "--as", LEADER).out)
    assert (answer["first"], answer["last"], answer["mode"]) == ("2026-12-01", "2026-12-31", "fill")
    assert answer["written"]
    assert drafted(typed) == len(answer["changes"]) > 60
    assert [(short["date"], short["missing_least"]) for short in answer["uncovered"]] == [("2026-12-24", 1)]
    has_keys(answer, "roster solve")


def test_a_mode_that_is_none_is_a_wrong_use(typed: Typed) -> None:
    answer = typed("roster", "solve", "2026-12", "--mode", "guess", "--as", LEADER)
    assert answer.code == 2
    assert "choose fill, repair or new" in answer.error
