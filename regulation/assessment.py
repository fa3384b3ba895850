"""The month's assessment for the operations department above (Art. 3, 44): what was found, with its trend.

Findings are counted by article, team and person, each beside the months before; with them stand what came in late
(Art. 8, 34), breaches that are still open (Art. 4), the rates of attendance, the door, and the figures against their
targets (Art. 5). Numbers of duties and rates are exact text (``43/2``): what was frozen is never rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from fractions import Fraction

from regulation.findings import Blocker, Finding
from regulation.limits import Limits
from regulation.marking import N_

EARLIER_MONTHS = 5
LATE_CODES = ("figures_late", "figures_missing", "attendance_late", "assessment_late")


class Trend(StrEnum):
    """How a month compares with the mean of the months before it; the value is the message that says so."""

    MORE = N_("more than before")
    FEWER = N_("fewer than before")
    SAME = N_("as before")
    FIRST = N_("first month")


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How many findings of one code a person had in a month; ``person_id`` 0 where the finding names nobody."""

    month: date
    article: int
    code: str
    person_id: int
    team: str
    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of this month beside those of the months before, the oldest first."""

    count: int
    earlier: tuple[int, ...] = ()

    @property
    def trend(self) -> Trend:
        """How it compares with the months before."""
        return trend_of(self.count, self.earlier)


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article's findings; ``codes`` are this month's by code, the most first.

    ``refused`` is how often the article was the reason for refusing something in the month: no breach, the rule at work.
    """

    article: int
    found: Counted
    codes: tuple[tuple[str, int], ...]
    refused: int = 0


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team's findings and its attendance: exact numbers, the rate ``""`` when nothing was due.

    ``rates`` are those of the months before, ``""`` for one that was not submitted.
    """

    team: str
    name: str
    found: Counted
    due: str = "0"
    attended: str = "0"
    rate: str = ""
    rates: tuple[str, ...] = ()
    submitted: bool = False


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person's findings, by article too; ``rate`` is their attendance, ``""`` when nothing was due."""

    work_number: str
    name: str
    team: str
    found: Counted
    articles: tuple[tuple[int, int], ...]
    rate: str = ""


@dataclass(frozen=True, slots=True)
class LateReport:
    """A report that was late or missing (Art. 8, 34, 44); ``details`` fill the finding's sentence."""

    article: int
    code: str
    at: datetime
    name: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OpenBreach:
    """A reported breach that is not closed at the end of the month (Art. 4); ``what`` is its kind, never its words."""

    number: str
    opened_at: datetime
    due_at: datetime | None
    state: str
    what: str


@dataclass(frozen=True, slots=True)
class DoorMonth:
    """What the door did in a month (Art. 20): passes, ``refusals`` by verdict code the most first, and alarms."""

    staff_entries: int = 0
    visitor_entries: int = 0
    exits: int = 0
    refusals: tuple[tuple[str, int], ...] = ()
    alarms: int = 0
    visits: int = 0
    overstays: int = 0

    @property
    def refused(self) -> int:
        """How often entry was refused."""
        return sum(count for _code, count in self.refusals)


@dataclass(frozen=True, slots=True)
class FigureMonth:
    """One kind of daily figure over a month (Art. 5): values given, how many missed the target, their exact mean."""

    label: str
    label_en: str
    unit: str
    unit_en: str
    target: str
    values: int
    missed: int
    mean: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """A month's assessment; ``version`` 0 is a draft that nobody has sent.

    ``months`` are those before, the oldest first. ``limits`` names the limits in force at its end.
    """

    centre: str
    time_zone: str
    month: date
    months: tuple[str, ...]
    found: Counted
    articles: tuple[ArticleLine, ...] = ()
    teams: tuple[TeamLine, ...] = ()
    people: tuple[PersonLine, ...] = ()
    late: tuple[LateReport, ...] = ()
    breaches: tuple[OpenBreach, ...] = ()
    door: DoorMonth = field(default_factory=DoorMonth)
    figures: tuple[FigureMonth, ...] = ()
    limits: str = ""
    version: int = 0
    sent_by: str = ""
    sent_at: datetime | None = None

    @property
    def is_draft(self) -> bool:
        """Whether it was made before the month was sent."""
        return self.version == 0


def trend_of(count: int, earlier: Sequence[int]) -> Trend:
    """Compare ``count`` with the exact mean of the months before."""
    if not earlier:
        return Trend.FIRST
    mean = Fraction(sum(earlier), len(earlier))
    if count == mean:
        return Trend.SAME
    return Trend.MORE if count > mean else Trend.FEWER


def counted(counts: Iterable[FindingCount], months: Sequence[date], month: date) -> Counted:
    """Add up what ``counts`` hold for ``month``, and for each of the ``months`` before it."""
    sums = dict.fromkeys([*months, month], 0)
    for one in counts:
        sums[one.month] += one.count
    return Counted(sums[month], tuple(sums[before] for before in months))


def article_lines(
    counts: Sequence[FindingCount], months: Sequence[date], month: date, refused: Mapping[int, int]
) -> tuple[ArticleLine, ...]:
    """Return every article that had findings in the month or before it, or refused something, by number."""
    groups = dict(_grouped(counts, _article))
    lines = []
    for article in sorted({*groups, *refused}):
        some = groups.get(article, [])
        codes = _most_first((one.code, one.count) for one in some if one.month == month)
        found = counted(some, months, month)
        lines.append(ArticleLine(article, found, codes, refused.get(article, 0)))
    return tuple(lines)


def person_articles(counts: Iterable[FindingCount], month: date) -> tuple[tuple[int, int], ...]:
    """Return how many findings of the month fall on each article, by number."""
    found = [one for one in counts if one.month == month]
    return tuple((article, sum(one.count for one in some)) for article, some in _grouped(found, _article))


def earlier_months(month: date, since: date) -> tuple[date, ...]:
    """Return the months before ``month`` that it is compared with, the oldest first, none before that of ``since``."""
    found, before = [], month.replace(day=1)
    for _step in range(EARLIER_MONTHS):
        before = (before - timedelta(days=1)).replace(day=1)
        if before < since.replace(day=1):
            break
        found.append(before)
    return tuple(reversed(found))


# Art. 44: the department assesses each month; it is sent by a day of the next one, as the attendance is (Art. 34).
def assessment_deadline(month: date, zone: tzinfo, limits: Limits) -> datetime:
    """Return the first instant (aware UTC) at which the assessment of ``month`` is late."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    day_after = following.replace(day=limits["assessment_due_day"]) + timedelta(days=1)
    return datetime.combine(day_after, time(), zone).astimezone(UTC)


def late_assessment(month: date, at: datetime, zone: tzinfo, limits: Limits) -> Finding | None:
    """Return the finding for an assessment that was not sent by its deadline; ``at`` is when it was, or now."""
    if at < assessment_deadline(month, zone, limits):
        return None
    return Finding("assessment_late", at, None, None, (), limits.version, {"month": f"{month:%Y-%m}"})


# Art. 34, 44: what is sent is of a whole month, and its rates are those the teams' leaders have answered for.
def sending_blockers(
    month: date, now: datetime, zone: tzinfo, unsubmitted: Iterable[str]
) -> tuple[Blocker, ...]:
    """Return what stands against sending the assessment; ``unsubmitted`` are the teams whose month is not in."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    blockers = []
    if now < datetime.combine(following, time(), zone):
        blockers.append(Blocker(44, "month_runs", f"month:{month:%Y-%m}", N_("The month is not over")))
    blockers += [
        Blocker(
            34, "attendance_open", f"team:{team}", N_("The attendance of {team} is not in"), {"team": team}
        )
        for team in unsubmitted
    ]
    return tuple(blockers)


def _article(one: FindingCount) -> int:
    return one.article


def _grouped(
    counts: Iterable[FindingCount], key: Callable[[FindingCount], int]
) -> list[tuple[int, list[FindingCount]]]:
    groups: dict[int, list[FindingCount]] = {}
    for one in counts:
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.items())


def _most_first(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for name, count in pairs:
        sums[name] = sums.get(name, 0) + count
    return tuple(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))
