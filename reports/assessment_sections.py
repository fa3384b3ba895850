"""The sections of the month's assessment in words (Art. 3, 44): by month, article, team, person, and what else counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from locales import N_
from regulation.access import DOOR_CODES
from regulation.articles import ARTICLES
from regulation.assessment import Assessment, Counted, LateReport, Trend
from regulation.duty_numbers import number_text, percent_text
from regulation.findings import FINDING_CODES, HOUSE_RULE
from reports.page_parts import Bar, PageCell, PageColumn, PageSection
from reports.speech import Speech

SIGNS = {Trend.MORE: "↑", Trend.FEWER: "↓", Trend.SAME: "=", Trend.FIRST: "·"}


def sections_of(made: Assessment, speech: Speech) -> tuple[PageSection, ...]:
    """Return the assessment section by section, in words."""
    return (
        _months(made, speech),
        _articles(made, speech),
        _teams(made, speech),
        _people(made, speech),
        _late(made, speech),
        _breaches(made, speech),
        _door(made, speech),
        _figures(made, speech),
    )


def _months(made: Assessment, speech: Speech) -> PageSection:
    numbers = [*made.found.earlier, made.found.count]
    names = [*made.months, f"{made.month:%Y-%m}"]
    say = speech.say
    return PageSection(
        say(N_("Findings by month")),
        (PageColumn(say(N_("month")), 20), PageColumn(say(N_("findings")), 12, right=True)),
        tuple((PageCell(name), _number(number)) for name, number in zip(names, numbers, strict=True)),
        "",
        _bars(zip(names, numbers, strict=True)),
    )


def _articles(made: Assessment, speech: Speech) -> PageSection:
    say = speech.say
    labels = {HOUSE_RULE: say(N_("what the centre's own registers ask"))} | {
        number: article.label_en if speech.is_english else article.label_zh
        for number, article in ARTICLES.items()
    }
    return PageSection(
        say(N_("By article")),
        (
            PageColumn(say(N_("Art.")), 8, right=True),
            *_compared(speech),
            PageColumn(say(N_("refused by it")), 9, right=True),
            PageColumn(say(N_("what the article asks")), 40),
        ),
        tuple(
            (
                _number(line.article) if line.article != HOUSE_RULE else PageCell("—"),
                *_counted(line.found),
                _number(line.refused),
                PageCell(labels[line.article]),
            )
            for line in made.articles
        ),
        say(N_("No findings.")),
        _bars((_cited(line.article, speech), line.found.count) for line in made.articles),
    )


def _teams(made: Assessment, speech: Speech) -> PageSection:
    say = speech.say
    headings = (N_("due"), N_("attended"), N_("rate"))
    rows = [
        (
            PageCell(line.name or say(N_("no team"))),
            *_counted(line.found),
            _duties(line.due),
            _duties(line.attended),
            _rate(line.rate),
            PageCell("  ".join(_rate(rate).text for rate in line.rates) or "—"),
            PageCell(
                say(N_("submitted")) if line.submitted else say(N_("not submitted")) if line.team else ""
            ),
        )
        for line in made.teams
    ]
    return PageSection(
        say(N_("By team, with its attendance")),
        (
            PageColumn(say(N_("team")), 12),
            *_compared(speech),
            *(PageColumn(say(words), 9, right=True) for words in headings),
            PageColumn(say(N_("rates before")), 26),
            PageColumn(say(N_("attendance of the month")), 12),
        ),
        tuple(rows),
        say(N_("No findings.")),
        _bars((line.name or say(N_("no team")), line.found.count) for line in made.teams),
    )


def _people(made: Assessment, speech: Speech) -> PageSection:
    say = speech.say
    teams = {line.team: line.name for line in made.teams}
    return PageSection(
        say(N_("By person")),
        (
            PageColumn(say(N_("work number")), 10),
            PageColumn(say(N_("name")), 14),
            PageColumn(say(N_("team")), 10),
            *_compared(speech),
            PageColumn(say(N_("rate")), 9, right=True),
            PageColumn(say(N_("findings by article")), 40),
        ),
        tuple(
            (
                PageCell(line.work_number),
                PageCell(line.name),
                PageCell(teams.get(line.team, "")),
                *_counted(line.found),
                _rate(line.rate),
                PageCell("  ".join(f"{_cited(art, speech)} ×{count}" for art, count in line.articles)),
            )
            for line in made.people
        ),
        say(N_("No findings.")),
    )


def _late(made: Assessment, speech: Speech) -> PageSection:
    say = speech.say
    return PageSection(
        say(N_("Late reports")),
        (
            PageColumn(say(N_("time")), 16),
            PageColumn(say(N_("Art.")), 6, right=True),
            PageColumn(say(N_("who")), 20),
            PageColumn(say(N_("what")), 60),
        ),
        tuple(
            (
                PageCell(speech.full(line.at)),
                _number(line.article) if line.article != HOUSE_RULE else PageCell("—"),
                PageCell(line.name or "—"),
                PageCell(_late_words(line, speech)),
            )
            for line in made.late
        ),
        say(N_("Every report came in on time.")),
    )


def _breaches(made: Assessment, speech: Speech) -> PageSection:
    say = speech.say
    return PageSection(
        say(N_("Open breach reports")),
        (
            PageColumn(say(N_("report no.")), 12),
            PageColumn(say(N_("reported at")), 16),
            PageColumn(say(N_("settled by")), 16),
            PageColumn(say(N_("state")), 14),
            PageColumn(say(N_("what")), 40),
        ),
        tuple(
            (
                PageCell(line.number),
                PageCell(speech.full(line.opened_at)),
                PageCell(_when(line.due_at, speech)),
                PageCell(say(line.state)),
                PageCell(say(line.what)),
            )
            for line in made.breaches
        ),
        say(N_("No breach report is open.")),
    )


def _door(made: Assessment, speech: Speech) -> PageSection:
    say, door = speech.say, made.door
    facts = (
        (say(N_("entries of staff")), door.staff_entries),
        (say(N_("entries of visitors")), door.visitor_entries),
        (say(N_("visits")), door.visits),
        (say(N_("visits that overstayed")), door.overstays),
        (say(N_("exits")), door.exits),
        (say(N_("alarms")), door.alarms),
        (say(N_("entries refused")), door.refused),
    )
    refusals = [(_refusal(code, speech), count) for code, count in door.refusals]
    return PageSection(
        say(N_("The door")),
        (PageColumn(say(N_("what")), 60), PageColumn(say(N_("count")), 10, right=True)),
        (
            *((PageCell(words), _number(count)) for words, count in facts),
            *((PageCell(f"　{words}"), _number(count)) for words, count in refusals),
        ),
        "",
        _bars(refusals),
    )


def _figures(made: Assessment, speech: Speech) -> PageSection:
    say = speech.say

    def own(chinese: str, english: str) -> str:
        return english if speech.is_english and english else say(chinese)

    return PageSection(
        say(N_("Figures against their targets")),
        (
            PageColumn(say(N_("figure")), 30),
            PageColumn(say(N_("unit")), 14),
            PageColumn(say(N_("target")), 12, right=True),
            PageColumn(say(N_("mean")), 12, right=True),
            PageColumn(say(N_("values")), 10, right=True),
            PageColumn(say(N_("target missed")), 12, right=True),
        ),
        tuple(
            (
                PageCell(own(line.label, line.label_en)),
                PageCell(own(line.unit, line.unit_en)),
                PageCell(line.target or "—"),
                PageCell(line.mean),
                _number(line.values),
                _number(line.missed) if line.target else PageCell("—"),
            )
            for line in made.figures
        ),
        say(N_("No figures were entered.")),
    )


# --- cells ----------------------------------------------------------------------------------------------------


def _compared(speech: Speech) -> tuple[PageColumn, ...]:
    say = speech.say
    return (
        PageColumn(say(N_("findings")), 9, right=True),
        PageColumn(say(N_("before")), 16, right=True),
        PageColumn(say(N_("trend")), 6),
    )


def _counted(found: Counted) -> tuple[PageCell, PageCell, PageCell]:
    earlier = "  ".join(map(str, found.earlier))
    return _number(found.count), PageCell(earlier or "—"), PageCell(SIGNS[found.trend])


def _number(number: int) -> PageCell:
    return PageCell(str(number), number)


def _duties(number: str) -> PageCell:
    return PageCell(number_text(Fraction(number)), float(Fraction(number)))


def _rate(rate: str) -> PageCell:
    if not rate:
        return PageCell("—")
    return PageCell(percent_text(Fraction(rate)), float(Fraction(rate)), percent=True)


def _when(at: datetime | None, speech: Speech) -> str:
    return speech.full(at) if at is not None else "—"


def _cited(article: int, speech: Speech) -> str:
    if article == HOUSE_RULE:
        return speech.say(N_("house rule"))
    return speech.say(N_("Art. {article}"), article=article)


def _refusal(code: str, speech: Speech) -> str:
    return speech.say(DOOR_CODES[code].text) if code in DOOR_CODES else code


def _late_words(line: LateReport, speech: Speech) -> str:
    # A detail may itself be a message (a shift's name), or anything that people wrote: it is filled in, never read.
    details = {name: speech.say(value) for name, value in line.details}
    return speech.say(FINDING_CODES[line.code].text, **details)


def _bars(pairs: Iterable[tuple[str, int]]) -> tuple[Bar, ...]:
    numbers = list(pairs)
    most = max([number for _name, number in numbers], default=0)
    return tuple(Bar(name, number / most if most else 0.0, str(number)) for name, number in numbers)
