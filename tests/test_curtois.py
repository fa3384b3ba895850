"""The public benchmark: its reader, its checker, and the engine's whole way from file to judged roster."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.curtois import Demand, Instance, Wish, best_known, problem_of, read_instance
from benchmarks.curtois_check import broken_rules, price
from benchmarks.roster import roster_of
from operations.solver import evaluate

TINY = """\
# A comment
SECTION_HORIZON
# Days
7

SECTION_SHIFTS
# ShiftID, minutes, not followed by
D,480,
N,600,D

SECTION_STAFF
# ID, MaxShifts, MaxTotalMinutes, MinTotalMinutes, MaxConsecutive, MinConsecutive, MinDaysOff, MaxWeekends
A,D=7|N=2,2640,1440,4,2,2,1
B,D=3|N=0,1920,480,5,1,1,1
C,D=7|N=7,3000,960,3,1,1,0

SECTION_DAYS_OFF
A,0
B,2,3

SECTION_SHIFT_ON_REQUESTS
A,1,D,3
B,0,D,2

SECTION_SHIFT_OFF_REQUESTS
C,4,N,5

SECTION_COVER
0,D,1,100,1
1,D,2,100,1
2,N,1,100,1
3,N,1,100,1
4,N,1,100,1
5,D,1,100,1
"""

SOUND = {
    "A": ["", "D", "D", "N", "", "", ""],
    "B": ["D", "D", "", "", "D", "", ""],
    "C": ["", "D", "N", "", "N", "", ""],
}


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "Tiny.txt"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture
def instance(tiny: Path) -> Instance:
    return read_instance(tiny)


def test_an_instance_is_read_whole(instance: Instance) -> None:
    assert instance.days == 7
    assert [(shift.id, shift.minutes, shift.not_before) for shift in instance.shifts] == [
        ("D", 480, frozenset()),
        ("N", 600, frozenset("D")),
    ]
    first = instance.employees[0]
    assert (first.id, first.most_shifts, first.most_minutes, first.least_minutes) == (
        "A",
        {"D": 7, "N": 2},
        2640,
        1440,
    )
    assert (first.most_run, first.least_run, first.least_off, first.most_weekends) == (4, 2, 2, 1)
    assert [employee.days_off for employee in instance.employees] == [
        frozenset({0}),
        frozenset({2, 3}),
        frozenset(),
    ]
    assert instance.wishes[0] == Wish("A", 1, "D", 3, on=True)
    assert instance.wishes[2] == Wish("C", 4, "N", 5, on=False)
    assert (len(instance.demands), instance.demands[1]) == (6, Demand(1, "D", 2, 100, 1))


def test_a_sound_roster_costs_what_is_missed_and_exceeded(instance: Instance) -> None:
    assert broken_rules(instance, SOUND) == []
    # C works the unwanted N on day 4 (5); D on day 1 has one too many (1), D on day 5 is missed (100).
    assert price(instance, SOUND) == 5 + 1 + 100


@pytest.mark.parametrize(
    ("employee", "shifts", "text"),
    [
        ("A", "DDDN...", "A: works on day off 0"),
        ("A", ".DD....", "A: 960 minutes outside 1440 to 2640"),
        ("A", ".DDDD.D", "A: only 1 days off from day 5"),
        ("A", ".NNN...", "A: 3 shifts N of at most 2"),
        ("A", ".DND...", "A: D after N on day 3"),
        ("A", "..DDDDD", "A: 5 days in a row from day 2"),
        ("A", ".D..DD.", "A: only 1 days in a row from day 1"),
        ("B", "DD..DD.", "B: 4 shifts D of at most 3"),
        ("B", "DN.....", "B: 1 shifts N of at most 0"),
        ("C", ".DN..N.", "C: 1 weekends of at most 0"),
        ("C", ".DN..X.", "C: not one known shift for each of 7 days"),
        ("C", ".DN..", "C: not one known shift for each of 7 days"),
        ("Z", ".......", "Z: not an employee"),
    ],
)
def test_each_broken_rule_is_found(instance: Instance, employee: str, shifts: str, text: str) -> None:
    roster = SOUND | {employee: ["" if shift == "." else shift for shift in shifts]}
    assert text in broken_rules(instance, roster)


def test_one_weekend_is_one_whether_one_day_of_it_is_worked_or_both(instance: Instance) -> None:
    careful = [
        replace(employee, most_weekends=1, least_off=1, least_run=1) for employee in instance.employees
    ]
    roster = SOUND | {"A": ["", "D", "D", "", "", "D", "D"]}
    assert broken_rules(replace(instance, employees=tuple(careful)), roster) == []


def test_engine_and_checker_reckon_alike(instance: Instance) -> None:
    ids = [shift.id for shift in instance.shifts]
    plan = tuple(
        tuple(ids.index(shift) if shift else -1 for shift in SOUND[employee.id])
        for employee in instance.employees
    )
    judged = evaluate(problem_of(instance), plan)
    assert (judged.objective, judged.violations) == (price(instance, SOUND), ())
    assert roster_of(instance, plan) == SOUND


def test_the_best_known_value_stands_beside_the_file(tiny: Path) -> None:
    assert best_known(tiny) is None
    table = "instance,best_known_solution\nOther,1\nTiny,102\n"
    tiny.with_name("best_known.csv").write_text(table, encoding="utf-8")
    assert best_known(tiny) == 102


def test_the_command_prints_one_object_and_writes_the_roster(tiny: Path, instance: Instance) -> None:
    out = tiny.with_name("roster.json")
    tiny.with_name("best_known.csv").write_text("instance,best_known_solution\nTiny,4\n", encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.roster", str(tiny), "--seconds", "20", "--out", str(out)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    report = json.loads(done.stdout)
    roster = json.loads(out.read_text(encoding="utf-8"))
    assert broken_rules(instance, roster) == []
    assert (report["instance"], report["hard_violations"], report["best_known"]) == ("Tiny", 0, 4)
    assert report["objective"] == price(instance, roster)
    assert report["gap_percent"] == round(100 * (report["objective"] - 4) / 4, 3)
    assert 0 < report["first_feasible_seconds"] <= report["seconds"] <= 21
