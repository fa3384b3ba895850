"""All 44 articles of the regulation as data: what each asks, in our own words, and who keeps it.

The numbers are the source's and are what every verdict cites. Labels and demands stand here in both languages
because they are the rulebook's content, not the screen's wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from regulation.article_table import ROWS, Row
from regulation.keepers import KEEPERS, KeptStatus
from regulation.marking import N_


class Keeping(StrEnum):
    """The way an article is kept."""

    ENFORCED = "E"
    RECORDED = "R"
    SHOWN = "S"


KEEPING_NAMES: Mapping[Keeping, str] = MappingProxyType(
    {Keeping.ENFORCED: N_("enforced"), Keeping.RECORDED: N_("recorded"), Keeping.SHOWN: N_("shown")}
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the regulation."""

    number: int
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article. ``kept_by`` names what keeps it now, ``planned`` what will keep the rest ("" when nothing is left)."""

    number: int
    chapter: int
    classes: frozenset[Keeping]
    label_zh: str
    label_en: str
    demand_zh: str
    demand_en: str
    kept_by: tuple[str, ...]
    planned: str


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(1, "总则与基本职责", "General and basic duties"),
    Chapter(2, "机房", "Machine room"),
    Chapter(3, "保密", "Confidentiality"),
    Chapter(4, "考勤", "Attendance"),
    Chapter(5, "服务规范", "Service standards"),
)


def kept_status(article: Article) -> KeptStatus:
    """How far ``article`` is kept by what exists today."""
    if not article.kept_by:
        return KeptStatus.NOT_YET
    return KeptStatus.PARTLY if article.planned else KeptStatus.KEPT


def _article(row: Row) -> Article:
    kept = KEEPERS[row.number]
    return Article(
        row.number,
        row.chapter,
        frozenset(Keeping(letter) for letter in row.classes),
        row.label_zh,
        row.label_en,
        row.demand_zh,
        row.demand_en,
        kept.kept_by,
        kept.planned,
    )


ARTICLES: Mapping[int, Article] = MappingProxyType({row.number: _article(row) for row in ROWS})
