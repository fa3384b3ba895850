"""The demo centre: its pattern, its determinism, and a history that holds."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.demo.past import PastDoor
from operations import findings, people, roster, signin, store, today
from operations.boundary import SYSTEM
from operations.demo_centre import DEMO_PIN, DemoCentre, build_demo_centre
from operations.demo_history import history, play_past
from operations.demo_roster import FOUR_TEAMS, ROUND, TEAMS, Rotation, Slot
from operations.rotation_drafts import generate_draft
from operations.verify import VerifyReport, verify
from regulation.roles import Role

NOW = datetime(2026, 11, 24, 3, 12, tzinfo=UTC)
DAYS = 3


def build(folder: Path, now: datetime = NOW) -> DemoCentre:
    store.open_database(f"sqlite:///{folder / 'centre.db'}")
    return build_demo_centre(now, DAYS)


def build_with_history(folder: Path, seed: int) -> tuple[DemoCentre, PastDoor, VerifyReport]:
    folder.mkdir()
    centre = build(folder)
    door = PastDoor("door")
    play_past(history(centre, seed, centre.anchor.after(-1)), door, lambda _beat: None)
    return centre, door, verify(SYSTEM, NOW, None)


@pytest.mark.parametrize("code", ROUND)
def test_every_shift_of_every_day_has_exactly_one_team(code: str) -> None:
    anchor = Slot.of(NOW.date(), code)
    rotation = Rotation(anchor)
    for days in range(-40, 40):
        day = anchor.day + timedelta(days=days)
        worked = Counter(rotation.shift_of(team, day) for team in TEAMS)
        assert worked == {"early": 1, "middle": 1, "night": 1, "": 1}, day


@pytest.mark.parametrize("code", ROUND)
def test_every_team_works_six_days_of_eight_and_rests_two(code: str) -> None:
    anchor = Slot.of(NOW.date(), code)
    rotation = Rotation(anchor)
    for team in TEAMS:
        days = [
            rotation.shift_of(team, anchor.day + timedelta(days=n)) for n in range(len(FOUR_TEAMS.pattern))
        ]
        assert Counter(days) == {"early": 2, "middle": 2, "night": 2, "": 2}


def test_painting_from_the_demos_rotations_changes_nothing_that_it_laid_itself(tmp_path: Path) -> None:
    build(tmp_path)
    tomorrow = NOW.date() + timedelta(days=1)
    done = generate_draft(SYSTEM, NOW, tomorrow, tomorrow + timedelta(days=20))
    assert (done.changed, done.kept, done.teams) == (0, {}, (*TEAMS, ""))


@pytest.mark.parametrize("hour", range(24))
def test_at_any_hour_team_a_is_on_and_the_shifts_join_without_a_gap(hour: int) -> None:
    now = NOW.replace(hour=hour, minute=0)
    slot = Slot.at(now)
    assert slot.starts_at <= now < slot.ends_at
    assert Rotation(slot).team_on(slot) == TEAMS[0]
    assert slot.after(-1).ends_at == slot.starts_at
    assert slot.after().starts_at == slot.ends_at
    assert len({Rotation(slot).team_on(slot.after(n)) for n in (-1, 0, 1)}) == 3


def test_about_forty_people_in_four_teams_can_sign_in_with_the_printed_pin(tmp_path: Path) -> None:
    centre = build(tmp_path)
    rows = people.people(SYSTEM, NOW)
    assert 38 <= len(rows) <= 44
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.badge for row in rows)
    teams = Counter(row.team for row in rows if row.team)
    assert set(teams) == set(TEAMS)
    assert len(set(teams.values())) == 1
    leader = centre.leader(centre.anchor)
    actor = signin.sign_in(leader.number, DEMO_PIN, NOW)
    assert actor.role is Role.SHIFT_LEADER
    assert not actor.must_change_pin


def test_the_month_that_was_laid_covers_every_shift_of_every_day(tmp_path: Path) -> None:
    centre = build(tmp_path)
    following = (NOW.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    month = roster.roster_month(SYSTEM, NOW, following)
    seats = len(centre.crew(centre.anchor))
    for code in ROUND:
        assert set(month.coverage[code]) == {seats}


def test_the_shift_of_now_and_its_leader_stand_on_the_board(tmp_path: Path) -> None:
    centre = build(tmp_path)
    board = today.today_board(SYSTEM, NOW)
    assert board.shift is not None
    assert board.shift.leader == f"{centre.leader(centre.anchor).name}({centre.leader(centre.anchor).number})"
    assert board.shift.starts_at == centre.anchor.starts_at


def test_the_same_seed_tells_the_same_history_to_the_last_hash(tmp_path: Path) -> None:
    _centre, one, first = build_with_history(tmp_path / "one", seed=7)
    _centre, two, second = build_with_history(tmp_path / "two", seed=7)
    _centre, three, third = build_with_history(tmp_path / "three", seed=8)
    assert one.events[-1].hash == two.events[-1].hash
    assert first.heads == second.heads
    assert one.events[-1].hash != three.events[-1].hash
    assert first.holds
    assert third.holds


def test_history_hands_over_and_seals_every_shift_it_tells(tmp_path: Path) -> None:
    centre, door, report = build_with_history(tmp_path / "one", seed=7)
    assert report.holds
    assert report.sealed_logs == round(
        (centre.anchor.starts_at - centre.first.starts_at) / timedelta(hours=8)
    )
    codes = Counter(event.code for event in door.events)
    assert codes["granted"] > codes["granted.relief_late"] > 0
    assert codes["released.not_relieved"] <= 1
    kept = findings.findings_by_article(SYSTEM, NOW, centre.first.starts_at - timedelta(hours=1), NOW)
    assert kept.keys() <= {11, 14, 20, 21, 23, 24}
    assert sum(kept.values()) == sum(len(event.findings) for event in door.events) + kept.get(
        11, 0
    ) + kept.get(23, 0)
