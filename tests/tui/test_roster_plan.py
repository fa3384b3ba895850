"""The plan behind the grid and its history: what was typed, counted, warned of, and taken back, without a screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.drafts import CellChange, Painted
from regulation.rest import RestRule
from settings import ZhibanError
from tests.centre import NOW
from tests.tui.months import MONDAY, NIGHT, a_cell, a_month
from tui import roster_strokes as strokes
from tui.month_plan import MonthPlan, Sums, View
from tui.roster_edits import Applied, Kind, RosterEdits

PEOPLE, FIRST = 4, date(2026, 11, 1)
Cells = dict[tuple[int, date], str | None]
CODES = st.sampled_from(["early", "night", None])
DAYS = st.integers(0, 29).map(lambda n: FIRST + timedelta(days=n))
PAINTED = st.dictionaries(st.tuples(st.integers(0, PEOPLE - 1), DAYS), CODES, max_size=12)


def everything(plan: MonthPlan) -> dict[str, object]:
    """All that the grid shows of a plan."""
    people, days = list(plan.rows), plan.month.days
    return {
        "codes": [[plan.shown(person, day) for day in days] for person in people],
        "counts": [plan.counts(line) for line in range(len(plan.lines))],
        "sums": [plan.sums(person) for person in people],
        "warnings": [[plan.warnings(person, day) for day in days] for person in people],
        "changes": plan.changes(),
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(PAINTED, min_size=1, max_size=5), st.sampled_from(View))
def test_what_is_counted_stroke_by_stroke_is_what_is_counted_anew(steps: list[Cells], view: View) -> None:
    month = a_month(PEOPLE, draft={MONDAY: "night", FIRST: None})
    plan = MonthPlan(month, view)
    for step in steps:
        everything(plan)  # so that there is something to keep up to date
        plan.set_pending(step)
    fresh = MonthPlan(month, view)
    fresh.set_pending(steps[-1])
    assert everything(plan) == everything(fresh)


class Centre:
    """A draft that takes every stroke whose cells hold what was seen, as the real one does."""

    def __init__(self) -> None:
        self.cells: Cells = {}
        self.version = 0

    def send(self, edits: RosterEdits) -> None:
        """Apply what waits to be sent."""
        batch = edits.next_batch()
        painted = []
        for stroke in batch:
            for change in stroke.changes:
                assert self.cells.get((change.person_id, change.day)) == change.before
                self.cells[change.person_id, change.day] = change.after
            self.version += 1
            painted.append(Painted(stroke.changes, {"2026-11": self.version}))
        if batch:
            edits.applied(Applied(batch, tuple(painted)))


@settings(max_examples=60, deadline=None)
@given(st.lists(PAINTED, min_size=1, max_size=6), st.integers(1, 6))
def test_undo_as_often_as_there_were_strokes_is_identity_and_redo_is_its_inverse(
    steps: list[Cells], back: int
) -> None:
    edits, centre = RosterEdits(), Centre()
    states = [dict(centre.cells)]
    for step in steps:
        changes = [
            CellChange(*cell, centre.cells.get(cell), code)
            for cell, code in step.items()
            if centre.cells.get(cell) != code
        ]
        if changes:
            edits.add(changes)
            centre.send(edits)
            states.append(dict(centre.cells))

    def filled(cells: Cells) -> Cells:
        return {cell: code for cell, code in cells.items() if code is not None}

    count = min(back, len(states) - 1)
    for n in range(count):
        assert edits.undo() is not None
        centre.send(edits)
        assert filled(centre.cells) == filled(states[-2 - n])
    for n in range(count):
        assert edits.redo() is not None
        centre.send(edits)
        assert filled(centre.cells) == filled(states[len(states) - count + n])
    assert edits.redo() is None


def test_a_typed_day_stays_on_the_screen_until_the_centre_shows_it() -> None:
    edits = RosterEdits()
    edits.add([CellChange(1, MONDAY, None, "early")])
    batch = edits.next_batch()
    edits.applied(Applied(batch, (Painted(batch[0].changes, {"2026-11": 7}),)))
    edits.seen({"2026-11": 6})
    assert edits.pending() == {(1, MONDAY): "early"}
    edits.seen({"2026-11": 7})
    assert edits.pending() == {}


def test_what_can_no_longer_be_taken_back_does_not_bar_what_came_before_it() -> None:
    edits, centre = RosterEdits(), Centre()
    for n in range(2):
        edits.add([CellChange(1, MONDAY + timedelta(days=n), None, "early")])
        centre.send(edits)
    assert edits.undo() is not None
    edits.applied(Applied(edits.next_batch(), (), ZhibanError("has begun")))
    stroke = edits.undo()
    assert stroke is not None
    assert (stroke.kind, stroke.changes) == (Kind.UNDO, (CellChange(1, MONDAY, "early", None),))


def test_what_a_dialog_planned_is_taken_back_as_one() -> None:
    edits = RosterEdits()
    made = [CellChange(1, MONDAY, None, "early"), CellChange(2, MONDAY, "night", "night")]
    edits.made_elsewhere(made)
    stroke = edits.undo()
    assert stroke is not None
    assert stroke.changes == (CellChange(1, MONDAY, "early", None),)


def test_a_range_leaves_alone_what_began_and_what_is_on_leave_and_says_how_many() -> None:
    plan = MonthPlan(a_month(1))
    days = [FIRST + timedelta(days=n) for n in range(30)]
    act = strokes.many(plan, strokes.filled([[(0, day) for day in days]], "early"), NOW)
    # The first three stand in the past, one of them on leave; early shifts up to the 23rd are over.
    assert [change.day for change in act.changes] == [date(2026, 11, day) for day in range(24, 31)]
    assert act.passed == 22  # the first has an early shift already


def test_a_block_is_cut_where_the_month_or_the_people_end() -> None:
    block = (("early", "night", None), ("night", None, None))
    days = [date(2026, 11, 29), date(2026, 11, 30)]
    assert strokes.pasted(block, [3], days) == [(3, days[0], "early"), (3, days[1], "night")]


def test_a_week_is_repeated_from_monday_as_far_as_it_is_shown() -> None:
    plan = MonthPlan(a_month(1, draft={MONDAY - timedelta(days=1): "night", MONDAY: "early"}))
    wanted = strokes.next_week(plan, [0], MONDAY - timedelta(days=3))
    assert wanted[-1] == (0, MONDAY + timedelta(days=6), "night")
    assert len(wanted) == 7
    last = strokes.next_week(plan, [0], MONDAY)
    assert last == [(0, date(2026, 11, 30), "early")]
    assert strokes.next_week(plan, [0], date(2026, 11, 30)) == []


def test_sums_are_hours_nights_and_weekends_and_warnings_name_the_rule() -> None:
    plan = MonthPlan(a_month(1, draft={MONDAY: "night", MONDAY + timedelta(days=1): "early"}))
    assert plan.sums(0) == Sums(4 * 8 * 60, 2, 1)
    rules = [warning.rule for warning in plan.warnings(0, MONDAY + timedelta(days=1))]
    assert rules == [RestRule.DAILY_REST, RestRule.NIGHT_TO_MORNING]
    assert MonthPlan(a_month(1), View.PUBLISHED).warnings(0, MONDAY) == []


@pytest.mark.parametrize("on_leave", [0, 1])
def test_of_a_night_in_parts_what_is_worked_counts_and_its_second_half_begins_no_morning(
    on_leave: int,
) -> None:
    month = a_month(1)
    night, free = a_cell(MONDAY, NIGHT), a_cell(MONDAY - timedelta(days=1), NIGHT)
    middle = night.starts_at + timedelta(hours=4)
    halves = [replace(night, ends_at=middle), replace(night, starts_at=middle)]
    halves[on_leave] = replace(halves[on_leave], leave=True)
    column = (MONDAY - month.days[0]).days
    row = month.rows[0]
    cells = (*row.cells[: column - 1], free, halves[0], *row.cells[column + 1 :])
    plan = MonthPlan(replace(month, rows=(replace(row, cells=cells, more={MONDAY: (halves[1],)}),)))
    # An early shift and a night on the first days, a night on Sunday, and half a night: only the half after two
    # o'clock has three hours of the small ones.
    assert plan.sums(0) == Sums(28 * 60, 3 if on_leave == 0 else 2, 2)
    assert plan.warnings(0, MONDAY) == []


def test_a_weekend_day_in_parts_is_one_weekend_day() -> None:
    month = a_month(1)
    first = month.days[0]
    more = {first: (a_cell(first, NIGHT),)}
    plan = MonthPlan(replace(month, rows=(replace(month.rows[0], more=more),)))
    assert plan.sums(0) == Sums(24 * 60, 2, 1)
