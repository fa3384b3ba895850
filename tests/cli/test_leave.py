"""``zhiban leave`` and ``zhiban delegate``: asked, decided and taken back by people with work numbers (Art. 35-37)."""

from __future__ import annotations

import json

from tests.cli.busy import Typed
from tests.cli.test_json_keys import documented, keys_of

ASKER, LEADER, MANAGER = ("--as", "1017"), ("--as", "1003"), ("--as", "2001")
NIGHT, NEXT = "2026-11-24", "2026-11-25"
HOLDERS = {"leave", "leave.decisions", "covered", "cover"}


def test_art35_leave_goes_its_way_from_the_command_line(typed: Typed) -> None:
    looked = json.loads(typed("leave", "ask", NIGHT, NEXT, "--look", "--json", *ASKER).out)
    assert (looked["allowed"], looked["days"]) == (True, "2")
    assert [step["names"] for step in looked["steps"]] == [["王建国(1003)"], ["周敏(2001)"]]
    asked = json.loads(typed("leave", "ask", NIGHT, NEXT, "--reason", "家里有事", "--json", *ASKER).out)
    promised = {key for key in documented("leave show") if not key.startswith("balance.")}
    assert set(keys_of(asked)) - HOLDERS == promised
    number = str(asked["leave"]["id"])
    shown = typed("leave", "approve", number, *LEADER).out
    assert "□ deputy manager (Art. 36)" in shown
    assert "11-24 night shift: 4 with them, 3 without" in shown
    early = typed("leave", "approve", number, *LEADER)
    assert (early.code, "deputy manager's to decide" in early.error) == (1, True)
    assert f"Leave {number}: in effect" in typed("leave", "approve", number, *MANAGER).out
    listed = json.loads(typed("leave", "list", "--month", "2026-11", "--person", "1017", "--json").out)
    assert set(keys_of(listed)) - {"[].decisions"} == documented("leave list")
    assert "11-24 to 11-25" in typed("leave", "list").out
    assert "11-24" in typed("leave", "shorten", number, NIGHT, NIGHT, *ASKER).out
    assert f"Leave {number}: withdrawn" in typed("leave", "withdraw", number, *ASKER).out


def test_what_may_not_be_asked_is_said_with_its_article_and_what_to_do(typed: Typed) -> None:
    late = json.loads(typed("leave", "ask", "2026-11-23", "--look", "--json", *ASKER).out)
    assert set(keys_of(late)) - {"covered", "cover", "refusals", "notices", "steps"} <= documented(
        "leave ask --look"
    )
    assert late["refusals"][0]["article"] == 35
    assert "✗ Leave is asked before" in typed("leave", "ask", "2026-11-23", "--look", *ASKER).out
    assert typed("leave", "ask", "2026-11-23", *ASKER).code == 1
    assert typed("leave", "ask", NIGHT, "--kind", "sleep", *ASKER).code == 2
    assert "not possible here" in typed("leave", "ask", f"{NIGHT}/23:00-02:00", *ASKER).error
    half = json.loads(typed("leave", "ask", f"{NIGHT}/second", "--json", *ASKER).out)["leave"]
    assert (half["days"], half["first"]) == ("0.5", "second_half")
    refused = typed("leave", "refuse", str(half["id"]), "--reason", "人手不够", *LEADER).out
    assert "not approved" in refused


def test_days_of_leave_are_granted_counted_and_shown(typed: Typed) -> None:
    year = ("2026-01-01", "2026-12-31")
    granted = json.loads(typed("leave", "grant", "1017", "annual", "2.5", *year, "--json", *MANAGER).out)
    assert set(keys_of(granted)) == documented("leave balance")
    asked = json.loads(typed("leave", "ask", NIGHT, "--kind", "annual", "--json", *ASKER).out)
    assert asked["balance"]["left"] == "1.5"
    assert {f"balance.{key}" for key in asked["balance"]} <= documented("leave show")
    assert "1.5" in typed("leave", "balance", "--person", "1017").out
    assert typed("leave", "grant", "1017", "sick", "1", *year, *MANAGER).code == 1
    assert typed("leave", "grant", "1017", "annual", "many", *year, *MANAGER).code == 2
    assert (
        typed(
            "leave", "carry-over", "annual", "2026", "--at-most", "1", "--until", "2027-03-31", *MANAGER
        ).code
        == 1
    )


def test_art35_a_delegate_is_recorded_and_ended(typed: Typed) -> None:
    made = typed("delegate", "record", "2001", "1000", "today", NEXT, "--reason", "出差", "--json", *MANAGER)
    listed = json.loads(made.out)
    assert set(keys_of(listed)) == documented("delegate list")
    assert typed("delegate", "end", str(listed[0]["id"]), *MANAGER).code == 0
    assert "出差" in typed("delegate", "list").out
