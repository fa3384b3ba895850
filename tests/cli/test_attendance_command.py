"""``zhiban attendance``: what the month came to, by team and by person, and what is still open (Art. 34)."""

from __future__ import annotations

import json

from tests.cli.busy import Typed


def test_art34_every_team_with_its_rate_and_its_formula(typed: Typed) -> None:
    said = typed("attendance", "2026-11").out
    assert "not submitted" in said
    assert "Attendance rate = 0 attended ÷ 16 due = 0.00%" in said
    assert "not clear: 2026-11-23 陈静(1017)" in said


def test_art34_one_team_by_its_people(typed: Typed) -> None:
    said = typed("attendance", "2026-11", "--team", "乙").out
    assert "马超" in said
    assert "陈静" not in said


def test_art34_the_duties_add_up_to_the_teams(typed: Typed) -> None:
    answer = json.loads(typed("attendance", "2026-11", "--json").out)
    assert answer["month"] == "2026-11"
    rostered = sum(sum(team["by_category"].values()) for team in answer["teams"])
    assert rostered == len(answer["duties"]) == 28
    assert {team["team"]: team["due"] for team in answer["teams"]} == {"甲": 16, "乙": 12}


def test_a_month_without_duties_and_a_team_that_is_none(typed: Typed) -> None:
    assert "No duties" in typed("attendance", "2026-08").out
    assert typed("attendance", "soon").code == 2
    assert typed("attendance", "2026-11", "--team", "丁").code == 1


def test_a_door_at_work_is_not_retired(typed: Typed) -> None:
    said = typed("door", "retire", "main", "--as", "3001")
    assert (said.code, "is at work" in said.error) == (1, True)
