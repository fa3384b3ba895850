"""Art. 33: a kiosk knows when it did not run, and tells the centre until it has heard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kiosk.stops import SAVE_EVERY, STOPS_FILE, Stops
from tests.kiosk.scene import NOW

SECOND = timedelta(seconds=1)


def test_art33_the_first_start_of_all_knows_of_no_stop(tmp_path: Path) -> None:
    assert Stops(tmp_path, NOW).untold == ()


def test_art33_what_lies_between_the_last_sign_of_life_and_the_start_is_a_stop(tmp_path: Path) -> None:
    first = Stops(tmp_path, NOW)
    first.alive(NOW + SAVE_EVERY)
    first.alive(NOW + SAVE_EVERY + SAVE_EVERY - SECOND)  # too soon to be kept
    begin, end = NOW + SAVE_EVERY, NOW + 60 * SECOND
    assert Stops(tmp_path, end).untold == ((begin, end),)


def test_art33_stops_are_told_until_the_centre_has_heard(tmp_path: Path) -> None:
    Stops(tmp_path, NOW)
    Stops(tmp_path, NOW + SECOND)
    third = Stops(tmp_path, NOW + 2 * SECOND)
    assert third.untold == ((NOW, NOW + SECOND), (NOW + SECOND, NOW + 2 * SECOND))
    third.told(third.untold[:1])
    assert Stops(tmp_path, NOW + 2 * SECOND).untold == ((NOW + SECOND, NOW + 2 * SECOND),)


def test_art33_a_clock_that_went_back_tells_nothing(tmp_path: Path) -> None:
    Stops(tmp_path, NOW)
    assert Stops(tmp_path, NOW - SECOND).untold == ()


def test_art33_a_damaged_file_keeps_no_door_shut(tmp_path: Path) -> None:
    (tmp_path / STOPS_FILE).write_bytes(b"\x00")
    stops = Stops(tmp_path, NOW)
    stops.alive(NOW + SAVE_EVERY)
    assert Stops(tmp_path, NOW + 2 * SAVE_EVERY).untold == ((NOW + SAVE_EVERY, NOW + 2 * SAVE_EVERY),)
