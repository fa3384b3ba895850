"""Block letters: they fit the large screen in both languages, and their absence is no fault."""

from __future__ import annotations

import sys

import pytest

from kiosk import lettering
from kiosk.lettering import BIG_WORDS, big_words, block_letters
from kiosk.views import IDLE_VIEW, View, ViewKind
from kiosk.wording import BIG_ROWS, LARGE_COLUMNS
from locales import LANGUAGES, translate
from regulation.access import DOOR_CODES


@pytest.fixture
def fresh() -> None:
    block_letters.cache_clear()
    lettering._font.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", BIG_WORDS)
def test_every_word_fits_the_smallest_large_screen(language: str, message: str) -> None:
    lines = block_letters(translate(message, language), LARGE_COLUMNS - 8, BIG_ROWS).split("\n")
    assert "█" in "".join(lines)
    assert len(lines) <= BIG_ROWS
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines[0]) <= LARGE_COLUMNS - 8


def test_different_words_are_different_pictures() -> None:
    assert len({block_letters(word, 152, 14) for word in ("可以进入", "不能进入", "请走好")}) == 3


def test_a_word_too_long_for_the_screen_is_left_to_the_plain_line() -> None:
    assert block_letters("不能进入" * 10, 152, 14) == ""


def test_without_the_letters_the_screen_goes_on(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert block_letters("请刷卡", 152, 14) == ""
    lettering._font.cache_clear()
    block_letters.cache_clear()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("granted", "Please enter"),
        ("granted.relief_late", "Please enter"),
        ("refused.unknown_badge", "No entry"),
        ("refused.wrong_pin", ""),
        ("released.unknown_badge", "Goodbye"),
        ("pending.reason", ""),
    ],
)
def test_the_big_words_say_what_the_door_does(code: str, words: str) -> None:
    assert big_words(View(ViewKind.VERDICT, "calm", DOOR_CODES[code].text, code=code)) == words


def test_a_strike_that_fails_invites_nobody_in() -> None:
    assert big_words(View(ViewKind.VERDICT, "red", "The door does not open by itself")) == ""
    assert big_words(IDLE_VIEW) == "Please badge"
