"""The articles as data: all 44, classed as the rulebook says, each with a keeper or an honest promise."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from regulation.articles import ARTICLES, CHAPTERS, KEEPING_NAMES, Article, Keeping, kept_status
from regulation.keepers import KEEPERS, KeptStatus
from regulation.kept_words import KEPT_WORDS, OTHER_PLACES
from regulation.phrases import PHRASES, find_phrases

TESTS = Path(__file__).parent.parent
KEEPER_NAMES = sorted({name for kept in KEEPERS.values() for name in kept.kept_by})

# The rulebook's table, by class.
ENFORCED = {2, 7, 8, 9, 10, 11, 14, 15, 18, 20, 21, 22, 23, 24, 25, 28, *range(31, 39)}
RECORDED = {*range(3, 14), 15, 16, 17, 19, 23, 26, 27, 29, *range(39, 45)}
SHOWN = {1, 26, 27, 29, 30}


def test_the_regulation_has_44_articles_numbered_without_a_gap() -> None:
    assert list(ARTICLES) == list(range(1, 45))
    assert all(number == entry.number for number, entry in ARTICLES.items())


@pytest.mark.parametrize(
    ("keeping", "numbers"),
    [(Keeping.ENFORCED, ENFORCED), (Keeping.RECORDED, RECORDED), (Keeping.SHOWN, SHOWN)],
)
def test_every_article_is_classed_as_the_rulebook_says(keeping: Keeping, numbers: set[int]) -> None:
    assert {n for n, entry in ARTICLES.items() if keeping in entry.classes} == numbers


def test_every_class_has_a_name() -> None:
    assert set(KEEPING_NAMES) == set(Keeping)


def test_chapters_follow_one_another_and_every_article_is_in_one() -> None:
    chapters = [entry.chapter for entry in ARTICLES.values()]
    assert chapters == sorted(chapters)
    assert set(chapters) == {chapter.number for chapter in CHAPTERS}


@pytest.mark.parametrize("entry", ARTICLES.values(), ids=lambda entry: f"art{entry.number}")
def test_labels_are_short_and_every_text_is_in_its_language(entry: Article) -> None:
    assert 2 <= len(entry.label_zh) <= 14
    assert len(entry.label_en) <= 30
    for chinese in (entry.label_zh, entry.demand_zh):
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert not re.search(r"[,;:!?]", chinese), "half-width punctuation in Chinese text"
    for english in (entry.label_en, entry.demand_en):
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", english)
    assert entry.demand_zh.endswith("。")
    assert entry.demand_zh.count("。") == 1
    assert entry.demand_en.endswith(".")


def test_no_two_articles_share_a_label_or_a_demand() -> None:
    for name in ("label_zh", "label_en", "demand_zh", "demand_en"):
        assert len({getattr(entry, name) for entry in ARTICLES.values()}) == len(ARTICLES), name


@pytest.mark.parametrize("entry", ARTICLES.values(), ids=lambda entry: f"art{entry.number}")
def test_every_article_has_a_keeper_or_says_what_will_keep_it(entry: Article) -> None:
    assert entry.kept_by or entry.planned


def test_nothing_keeps_an_article_that_does_not_exist() -> None:
    assert set(KEEPERS) == set(ARTICLES)


@pytest.mark.parametrize("name", KEEPER_NAMES)
def test_a_named_keeper_exists(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert hasattr(importlib.import_module(module), attribute)


def test_every_article_says_in_words_where_it_is_kept() -> None:
    assert list(KEPT_WORDS) == list(ARTICLES)
    desk = {"today", "roster", "handover", "attendance", "leave_swaps", "machine_room"}
    known = desk | {"registers", "regulation", "system", *OTHER_PLACES}
    for number, places in KEPT_WORDS.items():
        assert places, number
        assert {kept.place for kept in places} <= known, number
        assert not any(re.search(r"[a-z]_[a-z]|\.[a-z]", kept.words) for kept in places), number


def test_status_says_kept_only_when_nothing_is_left_to_come() -> None:
    kept = ARTICLES[20]
    assert kept_status(kept) is KeptStatus.KEPT
    assert kept_status(replace(kept, planned="more")) is KeptStatus.PARTLY
    assert kept_status(replace(kept, kept_by=(), planned="more")) is KeptStatus.NOT_YET
    assert [str(status) for status in KeptStatus] == ["kept", "partly", "not yet kept"]


@pytest.mark.parametrize(
    "number",
    [n for n, entry in ARTICLES.items() if Keeping.ENFORCED in entry.classes and entry.kept_by],
)
def test_an_enforced_article_that_is_kept_has_a_boundary_pair(number: int) -> None:
    tests = sorted(name for name in _test_names() if re.match(rf"test_art0?{number}_", name))
    assert len(tests) >= 2, f"Art. {number} needs tests on both sides of its boundary: {tests}"


@cache
def _test_names() -> frozenset[str]:
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        found.update(
            re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        )
    return frozenset(found)


def test_the_appendix_has_its_five_phrases_in_order() -> None:
    assert [phrase.number for phrase in PHRASES] == [1, 2, 3, 4, 5]
    assert PHRASES[0].text_zh == "您好！中国电信。"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("1000", [1]),
        ("等待", [4]),
        ("WAITING", [4]),
        ("中国电信", [1, 2, 5]),
        ("对不起", [3, 4]),
        ("  thank ", [4, 5]),
        ("您好!", [1]),  # typed with the half-width mark
        ("", [1, 2, 3, 4, 5]),
        ("没有这句话", []),
    ],
)
def test_phrases_are_found_by_situation_or_wording_in_either_language(query: str, numbers: list[int]) -> None:
    assert [phrase.number for phrase in find_phrases(query)] == numbers


def test_a_centre_may_search_its_own_phrases() -> None:
    assert find_phrases("您好", PHRASES[2:]) == []
