"""Rotations in use: which team works which from when, the centre's own, and painting the draft from them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from operations import availability, drafts, publishing, roster, rotation_drafts, rotations, store
from operations.boundary import SYSTEM
from operations.errors import Conflict, Invalid, NotFound
from operations.rotation_drafts import Generated, generate_draft, preview_rotation
from operations.rotations import TeamPlace
from regulation.rotations import READY_MADE, shift_on
from tests.centre import NOW, TODAY, Built, publish_days
from tests.operations.acts import LEADER, MANAGER, OPERATOR

# Beyond what the roster of tests.centre holds.
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
TEAM_A = ("1003", "1017", "1021", "1022")
FOUR_BY_THREE = READY_MADE["4x3_8"]


def use(built: Built, code: str = "4x3_8", *teams: TeamPlace, start: date = FIRST) -> None:
    rotations.use_rotation(
        built.actors[MANAGER], NOW, code, teams or (TeamPlace("甲"), TeamPlace("乙")), FIRST, start
    )


def generate(built: Built, first: date = FIRST, last: date = LAST, *teams: str) -> Generated:
    return generate_draft(built.actors[LEADER], NOW, first, last, list(teams) or None)


def planned(
    built: Built, number: str = OPERATOR, first: date = FIRST, last: date = LAST
) -> dict[date, str | None]:
    cells = drafts.draft_cells(SYSTEM, NOW, first, last)
    return {cell.day: cell.planned for cell in cells if cell.person_id == built.ids[number]}


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_the_draft_is_what_the_rotation_says_for_everyone_of_the_team(centre: Built) -> None:
    use(centre)
    done = generate(centre)
    assert (done.teams, done.kept) == (("甲", "乙"), {})
    for number in TEAM_A:
        wanted = {d: shift_on(FOUR_BY_THREE.pattern, FIRST, 0, d) for d in days_of(FIRST, LAST)}
        assert planned(centre, number) == {day: shift for day, shift in wanted.items() if shift}
    # 乙 is two days behind 甲.
    assert planned(centre, "1117")[FIRST + timedelta(days=2)] == planned(centre)[FIRST] == "early"
    assert done.changed == len(drafts.draft_cells(SYSTEM, NOW, FIRST, LAST))
    assert done.versions.keys() == {"2026-12"}


def test_generating_again_changes_nothing_before_and_after_publishing(centre: Built) -> None:
    use(centre)
    first = generate(centre)
    again = generate(centre)
    assert (again.changed, again.same) == (0, first.changed + first.same)
    publishing.publish_draft(centre.actors[LEADER], NOW, FIRST, LAST)
    published = generate(centre)
    assert (published.changed, published.versions) == (0, {})
    assert drafts.draft_cells(SYSTEM, NOW, FIRST, LAST) == ()


def test_what_somebody_decided_for_a_day_stays(centre: Built) -> None:
    leader, who, other = centre.actors[LEADER], centre.ids[OPERATOR], centre.ids["1021"]
    by_hand, on_leave = FIRST, FIRST + timedelta(days=1)
    publish_days(NOW, (who, by_hand, "middle"))
    drafts.paint_draft(leader, NOW, [drafts.Paint(other, by_hand, "middle")])
    publish_days(NOW, (who, on_leave, "middle"), origin="pattern")
    sick = models.Duty.update(leave_kind="sick").where(models.Duty.date == on_leave)
    store.write(sick.execute)
    use(centre)
    done = generate(centre)
    assert done.kept == {"by_hand": 2, "leave": 1}
    assert planned(centre, "1021")[by_hand] == "middle"
    assert not {by_hand, on_leave} & planned(centre).keys()


def test_a_pinned_day_stays_although_a_rotation_painted_it(centre: Built) -> None:
    use(centre)
    generate(centre)
    pinned = FIRST + timedelta(days=2)
    availability.pin_days(SYSTEM, NOW, [(centre.ids[OPERATOR], pinned)])
    use(centre, "4x2", start=FIRST)
    done = generate(centre)
    assert done.kept == {"pinned": 1}
    assert planned(centre)[pinned] == "middle"
    assert planned(centre, "1021").get(pinned) != "middle"


def test_art33_what_has_begun_stays_and_the_rest_of_the_range_is_painted(centre: Built) -> None:
    use(centre, start=TODAY)
    before = [row.cells for row in roster.roster_month(SYSTEM, NOW, TODAY).rows]
    done = generate(centre, TODAY - timedelta(days=5), TODAY + timedelta(days=8))
    assert done.kept["begun"] >= len(TEAM_A)  # tonight's shift runs
    assert not [d for d in planned(centre, OPERATOR, TODAY - timedelta(days=5), LAST) if d <= TODAY]
    assert [row.cells for row in roster.roster_month(SYSTEM, NOW, TODAY).rows] == before


def test_a_shift_that_would_overlap_what_stays_leaves_its_day_free(centre: Built) -> None:
    rotations.use_rotation(centre.actors[MANAGER], NOW, "4x2", [TeamPlace("甲")], FIRST, FIRST)
    # By hand, a long night that reaches into the long day of the first of December.
    eve = FIRST - timedelta(days=1)
    store.write(
        models.ShiftType.update(duration_minutes=780).where(models.ShiftType.code == "night12").execute
    )
    publish_days(NOW, (centre.ids[OPERATOR], eve, "night12"))
    done = generate(centre)
    assert done.kept == {"overlap": 1}
    assert FIRST not in planned(centre)
    assert planned(centre, "1021")[FIRST] == "day12"
    assert generate(centre).changed == 0


def test_only_the_chosen_teams_are_painted(centre: Built) -> None:
    use(centre)
    assert generate(centre, FIRST, LAST, "乙").teams == ("乙",)
    assert planned(centre) == {}
    with pytest.raises(NotFound, match="no team 丁"):
        generate(centre, FIRST, LAST, "丁")


def test_a_team_may_change_its_rotation_and_stop(centre: Built) -> None:
    change, stop = FIRST + timedelta(days=8), FIRST + timedelta(days=12)
    use(centre)
    use(centre, "4x2", TeamPlace("甲", 2), start=change)
    rotations.stop_rotation(centre.actors[MANAGER], NOW, ["甲"], stop)
    generate(centre)
    mine = planned(centre)
    assert [mine.get(FIRST + timedelta(days=n)) for n in range(14)] == [
        *("early", "early", "middle", "middle", "night", "night", None, None),
        *(None, None, "day12", "night12", None, None),
    ]


def test_people_without_a_team_work_on_working_days(centre: Built) -> None:
    use(centre, "5-2", TeamPlace(rotations.NO_TEAM))
    done = generate(centre, FIRST, LAST)
    assert done.teams == ("",)
    deputy = planned(centre, MANAGER)
    assert set(deputy.values()) == {"office"}
    assert [day.weekday() < 5 for day in deputy] == [True] * 23
    assert planned(centre) == {}
    assert not planned(centre, "3001")  # an administrator is not of the centre


def test_without_a_rotation_in_use_there_is_nothing_to_paint(sqlite_centre: Built) -> None:
    with pytest.raises(Conflict, match="No rotation is in use"):
        generate(sqlite_centre)
    use(sqlite_centre, start=LAST + timedelta(days=1))
    with pytest.raises(Conflict, match="No rotation is in use"):
        generate(sqlite_centre)


@pytest.mark.parametrize("last", [FIRST - timedelta(days=1), FIRST + timedelta(days=366)])
def test_a_range_that_is_none_or_more_than_a_year_is_refused(sqlite_centre: Built, last: date) -> None:
    with pytest.raises(Invalid, match="At most 366 days"):
        generate(sqlite_centre, FIRST, last)


def test_long_shifts_are_made_when_a_rotation_needs_them_and_only_once(centre: Built) -> None:
    use(centre, "dupont")
    use(centre, "pitman", start=LAST)
    kinds = store.read(
        lambda: [(k.code, k.short) for k in models.ShiftType.select().order_by(models.ShiftType.position)]
    )
    assert kinds[-2:] == [("day12", "长"), ("night12", "晚")]
    assert len({short for _code, short in kinds}) == len(kinds) == 6


def test_the_book_tells_what_is_in_effect_today(centre: Built) -> None:
    use(centre, "4x3_4", TeamPlace("甲", 3), start=TODAY)
    use(centre, start=FIRST)
    uses = rotations.rotation_book(centre.actors[OPERATOR], NOW).uses
    assert [(u.team, u.rotation, u.place, u.effective_from, u.in_effect) for u in uses] == [
        ("甲", "4x3_4", 3, TODAY, True),
        ("甲", "4x3_8", 0, FIRST, False),
        ("乙", "4x3_8", 6, FIRST, False),
    ]


def test_an_own_rotation_can_be_used_and_its_removal_changes_nothing_in_use(centre: Built) -> None:
    manager = centre.actors[MANAGER]
    rotations.set_rotation(manager, NOW, "nights", "三夜四休", ["night"] * 3 + [""] * 4, [0, 10])
    book = rotations.rotation_book(manager, NOW)
    assert (set(book.own), book.rotations[-1].offsets) == ({"nights"}, (0, 3))
    use(centre, "nights", TeamPlace("甲"))
    rotations.remove_rotation(manager, NOW, "nights")
    with pytest.raises(NotFound, match="no rotation nights"):
        use(centre, "nights", TeamPlace("甲"))
    generate(centre, FIRST, FIRST + timedelta(days=6))
    assert planned(centre) == dict.fromkeys(days_of(FIRST, FIRST + timedelta(days=2)), "night")


@pytest.mark.parametrize(
    ("code", "pattern", "error", "words"),
    [
        ("mine", [], Invalid, "at least one of its days"),
        ("mine", ["", ""], Invalid, "at least one of its days"),
        ("mine", ["night"] * 367, Invalid, "at most 366 days"),
        ("mine", ["siesta"], NotFound, "no shift siesta"),
        ("4x2", ["night"], Invalid, "cannot be a code"),
        ("dupont", ["night"], Conflict, "ready-made"),
        ("mine", ["night12", "early"], Invalid, "would begin before"),
        ("mine", ["early", "", "night12"], Invalid, "would begin before"),  # around the end of the cycle
    ],
)
def test_a_rotation_that_cannot_be_worked_is_refused(
    sqlite_centre: Built, code: str, pattern: list[str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        rotations.set_rotation(sqlite_centre.actors[MANAGER], NOW, code, "试", pattern, [0])


def test_a_use_needs_a_team_and_does_not_begin_in_the_past(sqlite_centre: Built) -> None:
    manager = sqlite_centre.actors[MANAGER]
    with pytest.raises(Invalid, match="past"):
        use(sqlite_centre, start=TODAY - timedelta(days=1))
    with pytest.raises(Invalid, match="at least one team"):
        rotations.use_rotation(manager, NOW, "4x2", [], FIRST, FIRST)
    with pytest.raises(NotFound, match="no team 丁"):
        use(sqlite_centre, "4x2", TeamPlace("丁"))


def test_a_preview_shows_each_teams_days_and_how_many_teams_each_shift_has(sqlite_centre: Built) -> None:
    leader = sqlite_centre.actors[LEADER]
    teams = [TeamPlace("甲"), TeamPlace("乙")]
    shown = preview_rotation(leader, NOW, "4x3_4", teams, FIRST, FIRST, 8)
    assert dict(shown.teams)["甲"][:4] == ("early", "middle", "night", "")
    assert shown.covered == {"early": (0, 1), "middle": (0, 1), "night": (0, 1)}
    four = [TeamPlace(str(number)) for number in range(4)]
    whole = preview_rotation(leader, NOW, "4x3_4", four, FIRST, FIRST, 8)
    assert set(whole.covered.values()) == {(1, 1)}


# --- property: idempotent and never into the past, whatever stands there --------------------------------------

cells = st.lists(
    st.tuples(st.sampled_from(TEAM_A), st.integers(-1, 12), st.sampled_from(["early", "night", None])),
    max_size=6,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells, st.sampled_from(["4x3_8", "4x2", "pitman"]), st.integers(0, 27))
def test_generating_is_idempotent_over_any_edits(
    sqlite_centre: Built, edits: list[tuple[str, int, str | None]], code: str, place: int
) -> None:
    leader = sqlite_centre.actors[LEADER]
    for number, day, shift in edits:
        try:
            cell = drafts.Paint(sqlite_centre.ids[number], FIRST + timedelta(days=day), shift)
            drafts.paint_draft(leader, NOW, [cell])
        except Conflict:
            continue  # beside what the examples before left, this edit cannot stand
    use(sqlite_centre, code, TeamPlace("甲", place))
    generate(sqlite_centre, FIRST, FIRST + timedelta(days=14))
    once = drafts.draft_cells(SYSTEM, NOW, TODAY, LAST)
    again = generate(sqlite_centre, FIRST, FIRST + timedelta(days=14))
    assert again.changed == 0
    assert drafts.draft_cells(SYSTEM, NOW, TODAY, LAST) == once
    assert rotation_drafts.PATTERN in {cell.origin for cell in once}
