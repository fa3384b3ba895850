"""``zhiban log``: what stands in it, what is found in it, what a script writes into it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.busy import Typed
from tests.operations.acts import LEADER, OPERATOR

ALARM = "3 号配线架告警"
SECRET = "涉密专线调整"


def shown(typed: Typed, *arguments: str) -> list[dict[str, Any]]:
    answer = typed("log", "show", *arguments, "--json")
    assert (answer.code, answer.error) == (0, "")
    found: list[dict[str, Any]] = json.loads(answer.out)
    return found


def hits(typed: Typed, *arguments: str) -> list[dict[str, Any]]:
    answer = typed("log", "search", *arguments, "--json")
    assert (answer.code, answer.error) == (0, "")
    found: list[dict[str, Any]] = json.loads(answer.out)["hits"]
    return found


def test_a_day_shows_its_shifts_with_entries_and_items(typed: Typed) -> None:
    out = typed("log", "show", "2026-11-23").out
    assert "2026-11-23  night shift" in out
    assert ALARM in out
    assert "维护 张工 22:30" in out
    assert "王建国(1003)" in out


def test_one_log_is_shown_by_its_number(typed: Typed) -> None:
    night = next(log for log in shown(typed, "2026-11-23") if log["entries"])
    assert shown(typed, str(night["id"])) == [night]


@pytest.mark.parametrize(
    ("wanted", "code", "words"),
    [("9999", 1, "no such log"), ("someday", 2, "A date is written"), ("2026-13-01", 2, "A date is written")],
)
def test_what_names_no_log_is_said_in_words(typed: Typed, wanted: str, code: int, words: str) -> None:
    answer = typed("log", "show", wanted)
    assert answer.code == code
    assert words in answer.error


def test_a_day_without_a_shift_says_so(typed: Typed) -> None:
    assert "No shift is rostered" in typed("log", "show", "2020-01-01").out


def test_words_are_found_and_marked(typed: Typed) -> None:
    assert "3 号[配线架]告警" in typed("log", "search", "配线架").out
    assert "Nothing found." in typed("log", "search", "没有的词").out


def test_a_search_is_narrowed_by_options(typed: Typed) -> None:
    assert {hit["subject"] for hit in hits(typed, "告警")} == {"entry", "item"}
    assert [hit["subject"] for hit in hits(typed, "告警", "--state", "open")] == ["item"]
    assert hits(typed, "告警", "--kind", "complaint") == []
    assert hits(typed, "告警", "--person", OPERATOR) == []
    assert len(hits(typed, "告警", "--since", "2026-11-23", "--until", "2026-11-23")) == 2
    assert hits(typed, "告警", "--until", "2026-11-22") == []
    assert "There is more" in typed("log", "search", "告警", "--limit", "1").out


def test_a_wrong_kind_is_refused_in_words(typed: Typed) -> None:
    answer = typed("log", "search", "告警", "--kind", "gossip")
    assert answer.code == 1
    assert "kind of entry" in answer.error


def test_an_entry_is_written_under_ones_work_number(typed: Typed) -> None:
    answer = typed(
        "log",
        "add",
        "IVR 二级菜单无应答",
        "--kind",
        "equipment",
        "--seat",
        "02",
        "--attach",
        "截图.png",
        "--as",
        LEADER,
    )
    assert "Written into the shift's log as entry" in answer.out
    (hit,) = hits(typed, "ivr")
    assert (hit["kind"], hit["person"]) == ("equipment", "王建国(1003)")
    assert "截图.png" in typed("log", "show", "2026-11-23").out


def test_a_source_that_floods_is_counted(typed: Typed) -> None:
    flood = ("log", "add", "链路断", "--source", "NMS-3 link down", "--as", LEADER)
    answers = [typed(*flood).out for _report in range(3)]
    assert "NMS-3 link down has reported 3 times" in answers[-1]
    assert len(hits(typed, "链路断")) == 1
    assert "3 times" in typed("log", "show", "2026-11-23").out


@pytest.mark.parametrize("arguments", [("--as", OPERATOR), ("--as", LEADER, "--kind", "gossip")])
def test_who_may_not_write_and_what_is_no_kind_are_refused(typed: Typed, arguments: tuple[str, ...]) -> None:
    answer = typed("log", "add", "x", *arguments)
    assert answer.code == 1
    assert answer.error


def test_art31_confidential_words_need_a_leaders_own_pin(typed: Typed) -> None:
    typed("log", "add", SECRET, "--confidential", "--as", LEADER)
    assert SECRET not in typed("log", "show", "2026-11-23").out
    assert "[confidential]" in typed("log", "show", "2026-11-23").out
    assert SECRET not in typed("log", "show", "2026-11-23", "--as", OPERATOR).out
    assert SECRET not in typed("log", "show", "2026-11-23", "--as", LEADER).out
    assert hits(typed, "涉密") == []
    assert len(hits(typed, "涉密", "--as", LEADER)) == 1


def test_the_index_is_built_anew_by_the_machines_owner(typed: Typed) -> None:
    assert "2 texts can be found." in typed("log", "reindex").out
    assert len(hits(typed, "告警")) == 2
