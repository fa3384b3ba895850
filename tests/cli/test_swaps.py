"""``zhiban swap``: asked, agreed to, consented to and withdrawn by people with work numbers (Art. 38)."""

from __future__ import annotations

import json

from tests.cli.busy import Typed
from tests.cli.test_json_keys import documented, keys_of

ASKER, OTHER, LEADER = ("--as", "1017"), ("--as", "1117"), ("--as", "1003")
NIGHT, EARLY = "1017:2026-11-24:1117", "1117:2026-11-25:1017"


def test_art38_a_swap_goes_its_way_from_the_command_line(typed: Typed) -> None:
    asked = json.loads(typed("swap", "ask", NIGHT, EARLY, "--reason", "家里有事", *ASKER, "--json").out)
    assert (asked["swap"]["state"], asked["obstacles"]) == ("asked", [])
    assert {(w["person"], w["rule"], w["source"]) for w in asked["warnings"]} >= {
        ("马超(1117)", "daily_rest", "house")
    }
    holders = {"swap", "swap.legs", "swap.parties", "warnings", "obstacles"}
    promised = {key for key in documented("swap ask") if not key.startswith("obstacles[]")}
    assert set(keys_of(asked)) - holders == promised
    number = str(asked["swap"]["id"])

    early = typed("swap", "consent", number, *LEADER)
    assert (early.code, "once both sides have agreed" in early.error) == (1, True)
    agreed = typed("swap", "agree", number, *OTHER).out
    assert "Who may consent: 吴刚(1000), 王建国(1003), 李秀英(1103), 周敏(2001)" in agreed
    assert f"Swap {number}: consented" in typed("swap", "consent", number, "--note", "同意", *LEADER).out
    listed = json.loads(typed("swap", "list", "--month", "2026-11", "--person", "1117", "--json").out)
    assert [row["decided_by"] for row in listed] == ["王建国(1003)"]
    listed_holders = {"[].legs", "[].parties"}
    assert set(keys_of(listed)) - listed_holders == documented("swap list")
    assert json.loads(typed("swap", "list", "--month", "2026-12", "--json").out) == []
    withdrawn = typed("swap", "withdraw", number, *OTHER).out
    assert f"Swap {number}: withdrawn" in withdrawn


def test_art38_parts_are_written_as_halves_or_hours_and_what_makes_no_sense_is_refused(typed: Typed) -> None:
    half = json.loads(typed("swap", "ask", f"{NIGHT}:second", *ASKER, "--json").out)["swap"]["legs"][0]
    assert (half["whole"], half["from_at"]) == (False, "2026-11-24T18:00:00.000000Z")
    number = "1"
    assert typed("swap", "refuse", number, "--reason", "没空", *OTHER).code == 0
    hours = json.loads(typed("swap", "ask", f"{NIGHT}:23:00-02:00", *ASKER, "--json").out)["swap"]["legs"][0]
    assert (hours["from_at"][11:16], hours["until_at"][11:16]) == ("15:00", "18:00")
    assert typed("swap", "ask", "1017", *ASKER).code == 2
    assert typed("swap", "ask", f"{NIGHT}:soon", *ASKER).code == 2
    assert typed("swap", "ask", "1017:2027-01-01:1117", *ASKER).code == 1
    assert typed("swap", "ask", "1021:2026-11-25:1017", *ASKER).code == 1


def test_the_list_reads_as_a_sentence(typed: Typed) -> None:
    typed("swap", "ask", f"{NIGHT}:first", *ASKER)
    listed = typed("swap", "list").out
    assert "11-24 night shift 22:00–02:00: 陈静(1017) → 马超(1117)" in listed
    assert "waits for agreement" in listed
