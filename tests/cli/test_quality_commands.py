"""``zhiban register``: typing tests, the plan of inspections and its trend, undertakings to sign (Art. 10, 26, 40)."""

from __future__ import annotations

import json
from pathlib import Path

from regulation.quality import LINES
from regulation.typing_passages import PASSAGES
from tests.cli.busy import Typed
from tests.cli.test_json_keys import documented, keys_of

LEADER, OPERATOR = ("--as", "1003"), ("--as", "1017")
FORM = ("person=1017", "inspected_on=2026-11-20", "channel=recording", *(f"{line.key}=9" for line in LINES))


def keys(text: str, *holders: str) -> set[str]:
    return {key for key in keys_of(json.loads(text)) if key not in holders}


def test_art10_what_was_typed_elsewhere_is_judged_and_kept(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "typed.txt"
    file.write_text(PASSAGES[0].text, encoding="utf-8")
    given = ("--typed", str(file), "--seconds", "180")
    done = typed("register", "typing-test", *given, "--json", *OPERATOR).out
    assert keys(done) == documented("register typing-test")
    assert json.loads(done)["passed"] is True
    results = typed("register", "typing-results", "1017", "--json").out
    assert keys(results, "records") == documented("register typing-results")
    assert json.loads(results)["following"] == PASSAGES[1].key
    assert "night-shift" in typed("register", "typing-results", "1017").out
    refused = typed("register", "typing-test", "--person", "1021", *given, *OPERATOR)
    assert (refused.code, "trainers" in refused.error) == (1, True)
    assert typed("register", "typing-test", *OPERATOR).code == 1


def test_art40_the_plan_and_the_trend_are_read_by_month(typed: Typed) -> None:
    assert typed("register", "add", "qa_form", *FORM, *LEADER).code == 0
    plan = typed("register", "qa-plan", "2026-11", "--json").out
    assert keys(plan) == documented("register qa-plan")
    row = next(row for row in json.loads(plan) if row["work_number"] == "1017")
    assert (row["wanted"], row["done"], row["missing"]) == (2, 1, 1)
    assert "1017" in typed("register", "qa-plan").out
    assert typed("register", "qa-plan", "November").code == 2
    trend = typed("register", "qa-trend", "2026-11", "--months", "3", "--json").out
    assert keys(trend, "[].months") == documented("register qa-trend")
    assert json.loads(trend)[0]["months"] == [{"month": "2026-11", "forms": 1, "percent": 90}]
    teams = json.loads(typed("register", "qa-trend", "--teams", "--json").out)
    assert [(row["team"], row["months"][0]["percent"]) for row in teams] == [("甲", 90)]


def test_art26_whoever_is_to_sign_is_listed(typed: Typed) -> None:
    rows = typed("register", "undertakings", "--json").out
    assert keys(rows) == documented("register undertakings")
    assert {row["state"] for row in json.loads(rows)} == {"missing"}
    assert "never signed" in typed("register", "undertakings").out
