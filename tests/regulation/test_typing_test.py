"""Art. 10: skills are kept up, typing Chinese among them; speed and accuracy are judged alike for everyone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.limits import DEFAULT_LIMITS
from regulation.typing_passages import PASSAGES
from regulation.typing_test import (
    LONGEST_SECONDS,
    SHORTEST_SECONDS,
    passage_for,
    signs_of,
    typing_is_passed,
    typing_result,
)

TEXT = "夜里的机房比白天安静,只听得见空调的声音。"
SIGNS = 21


@pytest.mark.parametrize(
    ("speed", "accuracy", "passed"), [(60, 95, True), (59, 95, False), (60, 94, False), (61, 100, True)]
)
def test_art10_typing_passes_at_both_marks_and_not_one_below(speed: int, accuracy: int, passed: bool) -> None:
    assert typing_is_passed(speed, accuracy, DEFAULT_LIMITS) is passed


def test_art10_a_text_typed_whole_is_right_in_every_sign() -> None:
    result = typing_result(TEXT, TEXT, 60)
    assert (result.right, result.errors, result.accuracy, result.speed) == (SIGNS, 0, 100, SIGNS)


@pytest.mark.parametrize(
    ("typed", "right", "errors"),
    [
        ("夜里的机房比白天安静", 10, 0),  # stopped in time: what was not reached is no error
        ("夜里的鸡房比白天安静", 9, 1),  # one wrong sign
        ("夜里机房比白天安静", 9, 1),  # one left out
        ("夜里的的机房比白天安静", 10, 1),  # one too many
        ("", 0, 0),
        ("啊啊啊", 0, 3),
    ],
)
def test_art10_each_wrong_left_out_or_added_sign_is_one_error(typed: str, right: int, errors: int) -> None:
    result = typing_result(TEXT, typed, 60)
    assert (result.right, result.errors) == (right, errors)


def test_art10_a_nearly_reached_speed_is_rounded_down() -> None:
    assert typing_result(TEXT * 3, TEXT * 3, 64).speed == 59
    assert typing_result(TEXT * 3, TEXT * 3, 63).speed == 60


def test_spaces_and_the_width_of_signs_do_not_count() -> None:
    assert signs_of("值班， １０００！\n 号") == signs_of("值班,1000!号") == "值班,1000!号"
    assert typing_result("值班， 1000", "值班,1000", 60).errors == 0


@pytest.mark.parametrize("seconds", [SHORTEST_SECONDS - 1, LONGEST_SECONDS + 1, 0])
def test_what_was_too_short_or_too_long_is_no_test(seconds: int) -> None:
    with pytest.raises(ValueError, match=str(seconds)):
        typing_result(TEXT, TEXT, seconds)


@given(st.text(alphabet=TEXT + "啊x1", max_size=60))
def test_a_result_is_the_same_each_time_and_within_its_bounds(typed: str) -> None:
    result = typing_result(TEXT, typed, 60)
    assert result == typing_result(TEXT, typed, 60)
    assert 0 <= result.accuracy <= 100
    assert result.right + result.errors >= len(signs_of(typed))
    assert result.right <= len(TEXT)


@given(st.integers(0, SIGNS))
def test_typing_on_without_a_fault_never_lowers_anything(signs: int) -> None:
    result = typing_result(TEXT, TEXT[:signs], 60)
    assert (result.right, result.errors) == (signs, 0)


def test_the_passage_typed_least_comes_next() -> None:
    first, second, third = (passage.key for passage in PASSAGES)
    assert passage_for(PASSAGES, ()).key == first
    assert passage_for(PASSAGES, (first,)).key == second
    assert passage_for(PASSAGES, (first, second, third, first)).key == second


def test_a_passage_lasts_for_minutes_and_has_a_name_of_its_own() -> None:
    assert len({passage.key for passage in PASSAGES}) == len(PASSAGES)
    assert all(len(signs_of(passage.text)) > 240 for passage in PASSAGES)
