"""Art. 9: what was written is found again, by any part of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.search_text import (
    LONGEST_WORD,
    MOST_WORDS,
    folded,
    grams,
    grams_of_word,
    holds,
    snippet,
    token,
    words_of,
)

TEXT = st.text(st.sampled_from("宽带掉线申告ＶＩＰabC019- \n𠮷İß、"), max_size=40)


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [("ＮＭＳ－３", "nms-3"), ("４４７１", "4471"), ("VIP", "vip"), ("a\u3000b\n", "a b ")],
)
def test_wide_and_capital_letters_are_the_same(text: str, same_as: str) -> None:
    assert folded(text) == same_as


@given(TEXT, TEXT)
def test_a_text_that_holds_a_word_holds_all_its_pairs(text: str, word: str) -> None:
    for one in words_of(word):
        if one in folded(text):
            assert grams_of_word(one) <= grams(folded(text))


@given(st.text(min_size=1), st.text(min_size=1))
def test_different_pairs_are_different_tokens_and_no_tokenizer_splits_one(one: str, other: str) -> None:
    assert (token(one) == token(other)) == (one == other)
    assert token(one).isalnum()
    assert token(one).isascii()


def test_every_word_must_be_there() -> None:
    words = words_of("掉线  宽带")
    assert holds("宽带频繁掉线", words)
    assert not holds("宽带正常", words)
    assert holds("anything", words_of("   "))


def test_a_question_has_its_limits() -> None:
    assert len(words_of(" ".join(str(n) for n in range(50)))) == MOST_WORDS
    assert len(words_of("x" * 100)[0]) == LONGEST_WORD


def test_a_snippet_begins_a_little_before_the_word_and_marks_every_place() -> None:
    text = "前" * 40 + "3 号配线架告警，配线架已复位"
    part, marks = snippet(text, words_of("配线架"))
    assert [part[start:end] for start, end in marks] == ["配线架", "配线架"]
    assert part.startswith("…前")
    assert len(part) < len(text)


def test_marks_that_touch_are_one() -> None:
    part, marks = snippet("宽带掉线", words_of("宽带 带掉 掉线"))
    assert (part, marks) == ("宽带掉线", ((0, 4),))


@given(TEXT, TEXT)
def test_marks_stand_inside_the_snippet_and_apart(text: str, query: str) -> None:
    part, marks = snippet(text, words_of(query))
    assert part in text
    flat = [place for mark in marks for place in mark]
    assert flat == sorted(set(flat))
    assert all(0 <= place <= len(part) for place in flat)
