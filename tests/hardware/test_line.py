"""Line readers: what is a badge, what is noise, where a frame begins again."""

from __future__ import annotations

import pytest

from hardware.events import BadgeFormatError, BadgeRead, Noise
from hardware.line import LINE_CHARACTERS, LineDecoder, encode_line


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\n\r"])
def test_any_line_end_ends_a_badge_once(end: bytes) -> None:
    assert LineDecoder().feed(b"1017" + end + b"1021" + end) == [BadgeRead("1017"), BadgeRead("1021")]


def test_a_badge_is_reported_with_its_first_line_end_and_not_later() -> None:
    assert LineDecoder().feed(b"1017\r") == [BadgeRead("1017")]


def test_blanks_around_a_badge_are_dropped_and_inside_kept() -> None:
    assert LineDecoder().feed(b" \tAB 12 \t\r\n") == [BadgeRead("AB 12")]


def test_empty_and_blank_lines_are_ignored() -> None:
    decoder = LineDecoder()
    assert decoder.feed(b"\r\n\n   \r\n\t\n") == []
    assert decoder.close() == []


def test_leading_zeros_and_case_are_kept() -> None:
    assert LineDecoder().feed(b"000abC\n") == [BadgeRead("000abC")]


def test_a_bad_byte_spoils_its_whole_line_and_not_the_next() -> None:
    events = LineDecoder().feed(b"12\xff34\r\n5678\r\n")
    assert events == [Noise(b"12\xff34", "charset"), BadgeRead("5678")]


def test_a_line_of_64_characters_is_a_badge_and_of_65_is_overlong() -> None:
    longest = b"A" * LINE_CHARACTERS
    assert LineDecoder().feed(longest + b"\n") == [BadgeRead(longest.decode())]
    assert LineDecoder().feed(longest + b"B\n") == [Noise(longest, "overlong")]


def test_the_tail_of_an_overlong_line_is_never_a_badge() -> None:
    decoder = LineDecoder()
    events = decoder.feed(b"x" * 1000)
    events += decoder.feed(b"62E3086CED\r\n")
    assert events == [Noise(b"x" * LINE_CHARACTERS, "overlong")]
    assert decoder.feed(b"1017\r\n") == [BadgeRead("1017")]


@pytest.mark.parametrize("badge", ["", " 12", "12 ", "1\n2", "工号", "A" * 65, "\x7f"])
def test_a_badge_that_would_not_come_back_is_refused(badge: str) -> None:
    with pytest.raises(BadgeFormatError):
        encode_line(badge)
