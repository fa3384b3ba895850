"""The door's clock: staged in a demo home only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.clock import DEMO_MARK, Stage, clock_of, system_clock

STORY = datetime(2026, 11, 23, 21, 48, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path


def test_a_demo_home_is_told_its_time_and_it_stands_still(home: Path) -> None:
    (home / DEMO_MARK).touch()
    clock, stage = clock_of(home), Stage(home)
    stage.stand_at(STORY)
    assert clock() == clock() == STORY
    stage.stand_at(STORY + timedelta(seconds=31))
    assert clock() == STORY + timedelta(seconds=31)


def test_a_released_stage_gives_the_systems_time(home: Path) -> None:
    (home / DEMO_MARK).touch()
    clock, stage = clock_of(home), Stage(home)
    stage.stand_at(STORY)
    stage.release()
    before = system_clock()
    assert before <= clock() <= system_clock()
    stage.release()  # twice is as good


def test_a_real_home_cannot_be_told_another_time(home: Path) -> None:
    Stage(home).stand_at(STORY)
    assert clock_of(home) is system_clock
