"""Columns of text: a wide character counts two, and no line is wider than it may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports.columns import padded, side_by_side, width_of, wrapped

_TEXT = st.text(
    alphabet=st.sampled_from("abc 12.,(值班日志\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC FULL STOP}「」㛃𠅤-/"),
    max_size=80,
)


def test_a_wide_character_takes_two_columns() -> None:
    assert width_of("值班 a") == 6
    assert padded("值", 4) == "值  "
    assert padded("值", 4, right=True) == "  值"


def test_a_name_is_never_cut_inside_a_character() -> None:
    assert wrapped("欧阳娜娜", 5) == ["欧阳", "娜娜"]


def test_a_closing_mark_does_not_begin_a_line() -> None:
    assert wrapped("已告维护\N{FULLWIDTH COMMA}请跟踪", 8) == ["已告维", "护\N{FULLWIDTH COMMA}请跟", "踪"]


def test_an_english_word_moves_to_the_next_line_whole() -> None:
    assert wrapped("told maintenance", 14) == ["told", "maintenance"]


def test_a_word_longer_than_the_line_goes_on_in_the_next() -> None:
    assert wrapped("a" * 11, 5) == ["aaaaa", "aaaaa", "a"]


def test_cells_of_different_height_stay_beside_each_other() -> None:
    assert side_by_side(["值班", "a\nb"], [6, 3]) == ["值班    a", "        b"]


@given(_TEXT, st.integers(min_value=2, max_value=30))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line) <= max(width, 6) for line in lines)
