"""``zhiban rotation``, ``zhiban roster generate|check`` and ``zhiban calendar``, as they are typed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.busy import Typed
from tests.cli.test_json_keys import documented, keys_of

AS = ("--as", "1000")


def answer(typed: Typed, *arguments: str) -> Any:
    shown = typed(*arguments, "--json")
    assert shown.code == 0, shown.error
    return json.loads(shown.out)


def keys(value: object) -> set[str]:
    found = set(keys_of(value))
    return found - {key for key in found if any(other.startswith((f"{key}[]", f"{key}.")) for other in found)}


def test_from_a_rotation_to_a_draft_and_its_warnings(typed: Typed) -> None:
    used = typed("rotation", "use", "4x3_8", "甲", "乙", "--from", "2026-12-01", *AS)
    assert (used.code, used.out) == (0, "甲 乙 work 4x3_8 from 2026-12-01 on.\n")
    done = answer(typed, "roster", "generate", "2026-12", *AS)
    assert (done["first"], done["last"], done["teams"]) == ("2026-12-01", "2026-12-31", ["甲", "乙"])
    again = typed("roster", "generate", "--from", "2026-12-01", "--to", "2026-12-31", "--team", "甲", *AS)
    assert again.out == "2026-12-01 to 2026-12-31: 0 days planned, 124 as before.\n"
    assert typed("roster", "check", "2026-12").out == "Nothing is wrong with anyone's rest.\n"
    assert keys(done) == documented("roster generate")


def test_a_warning_says_whose_when_why_and_by_which_law(typed: Typed) -> None:
    assert typed("rotation", "set", "always", "连班", "early", *AS).code == 0
    typed("rotation", "use", "always", "甲", "--from", "2026-12-01", *AS)
    typed("roster", "generate", "2026-12", *AS)
    table = typed("roster", "check", "2026-12").out
    assert "Labour Law Art. 38" in table
    assert "house rule" in table
    assert "day 7 of duties in a row, 6 are allowed" in table
    found = answer(typed, "roster", "check", "2026-12")
    assert keys(found) == documented("roster check")
    assert {(w["rule"], w["source"]) for w in found["warnings"]} == {
        ("long_run", "house"),
        ("weekly_rest", "labour_law"),
        ("overtime", "labour_law"),
    }
    assert answer(typed, "roster", "check", "2026-12", "--published")["warnings"] == []


def test_the_list_shows_cycles_and_who_works_them(typed: Typed) -> None:
    typed("rotation", "use", "4x3_4", "甲:3", "--from", "2026-12-01", *AS)
    typed("rotation", "use", "5-2", "-", "--from", "2026-12-01", *AS)
    typed("rotation", "stop", "甲", "--from", "2026-12-20", *AS)
    shown = typed("rotation", "list").out
    assert "EEMMNN··" in shown
    assert "no rotation" in shown
    assert "早早中中夜夜··" in typed("rotation", "list", language="zh").out
    book = answer(typed, "rotation", "list")
    assert keys(book) == documented("rotation list")
    assert [(u["team"], u["rotation"], u["place"]) for u in book["uses"]] == [
        ("甲", "4x3_4", 3),
        ("甲", "", 0),
        ("", "5-2", 0),
    ]


def test_a_preview_shows_two_cycles_and_whether_the_teams_cover_the_day(typed: Typed) -> None:
    whole = typed("rotation", "show", "4x2", "--anchor", "2026-12-01").out
    assert "DN··DN··" in whole
    assert "Every shift has exactly one team every day." in whole
    assert "long day shift: 0 to 1 teams a day" in typed("rotation", "show", "4x2", "甲", "乙").out
    assert keys(answer(typed, "rotation", "show", "4x2")) == documented("rotation show")


def test_an_own_rotation_comes_and_goes(typed: Typed) -> None:
    typed(
        "rotation",
        "set",
        "nights",
        "三夜四休",
        *["night"] * 3,
        *["-"] * 4,
        "--offset",
        "0",
        "--offset",
        "3",
        *AS,
    )
    assert "NNN····NNN····" in typed("rotation", "show", "nights").out
    assert "teams that work it go on" in typed("rotation", "remove", "nights", *AS).out
    gone = typed("rotation", "show", "nights")
    assert (gone.code, gone.error) == (1, "There is no rotation nights.\n")


def test_the_calendar_says_what_is_not_published_yet_and_keeps_the_centres_word(typed: Typed) -> None:
    shown = typed("calendar", "show", "2027").out
    assert "2027: the adjusted working days are not yet published" in shown
    assert "not yet published" not in typed("calendar", "show", "2026-10").out
    set_one = typed("calendar", "set", "2027-02-14", "adjusted_working", "春节调休", *AS)
    assert (set_one.code, set_one.out) == (0, "2027-02-14: adjusted working day.\n")
    assert "春节调休" in typed("calendar", "show", "2027-02").out
    assert keys(answer(typed, "calendar", "show", "2027-02")) == documented("calendar show")
    typed("calendar", "clear", "2027-02-14", *AS)
    assert "春节调休" not in typed("calendar", "show", "2027-02").out


def test_a_season_is_set_shown_and_ended(typed: Typed) -> None:
    done = typed(
        "calendar", "season", "early", "summer", "05-01", "09-30", "05:30", "--from", "2027-01-01", *AS
    )
    assert (done.code, done.out) == (0, "early: summer counts from 2027-01-01 on.\n")
    assert "05:30" in typed("calendar", "seasons").out
    assert keys(answer(typed, "calendar", "seasons")) == documented("calendar seasons")
    assert typed("calendar", "season-end", "early", "summer", "--from", "2027-06-01", *AS).code == 0


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("roster", "generate", "2026-12", "--from", "2026-12-01", *AS), "a month, or both", 2),
        (("roster", "generate", "2026-12", *AS), "No rotation is in use", 1),
        (("rotation", "use", "siesta", "甲", *AS), "There is no rotation siesta", 1),
        (("rotation", "use", "4x2", "甲:x", *AS), "written like A:3", 2),
        (("rotation", "use", "4x2", "甲", "--as", "1003"), "may not change rotations", 1),
        (("calendar", "set", "2027-01-02", "feast", *AS), "choose one of", 2),
        (("calendar", "show", "27"), "written like 2027", 2),
        (("calendar", "season", "early", "s", "05-01", "09-30", "5.30", *AS), "written like 05:30", 2),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    typed: Typed, arguments: tuple[str, ...], words: str, code: int
) -> None:
    refused = typed(*arguments)
    assert (refused.code, words in refused.error, "Traceback" in refused.error) == (code, True, False)
