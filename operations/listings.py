"""What the centre knows as lists: the records themselves for programs, and short cells in words for people.

``records`` keep the field names of the rows they hold: those names are documented and stable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import locales
from locales import N_, _
from operations import store
from operations.alarms import AlarmRow
from operations.backup_runs import backup_words
from operations.boundary import SYSTEM
from operations.centre import centre_info, limit_source, limits_today
from operations.door import DoorRow
from operations.errors import Invalid, NotFound
from operations.findings import FindingRow, findings, findings_by_article, refusals_by_article
from operations.people import people
from operations.today import TodayBoard, today_board
from operations.verify import VerifyReport
from regulation.articles import ARTICLES, KEEPING_NAMES, Article, kept_status
from regulation.findings import HOUSE_RULE
from regulation.kept_words import KEPT_WORDS
from regulation.ledger import Break, Head
from regulation.limits import DEFAULT_LIMITS, DEFINITIONS, Limits
from regulation.presence import PRESENCE_NAMES
from regulation.records import PersonStatus
from regulation.roles import ROLE_NAMES

DAY_WORDS: Mapping[str, int] = {"today": 0, "yesterday": -1}
DOOR_LINES = 5
STATUSES: Mapping[PersonStatus, str] = {
    PersonStatus.ACTIVE: N_("active"),
    PersonStatus.SUSPENDED: N_("suspended"),
    PersonStatus.LEFT: N_("left the centre"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """``records`` for programs; ``rows`` under ``headings`` for people, ``right`` naming the columns of numbers."""

    records: Any
    headings: tuple[str, ...]
    rows: Sequence[Sequence[object]]
    empty: str = ""
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """The centre's day and clock at one moment."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The centre's civil day."""
        return self.now.astimezone(self.zone).date()

    def clock(self, at: datetime | None) -> str:
        """Return the time at the centre, with the day when it is not today; a dash for no time."""
        if at is None:
            return "—"
        local = at.astimezone(self.zone)
        return f"{local:%H:%M}" if local.date() == self.today else f"{local:%m-%d %H:%M}"

    def begin(self, day: date) -> datetime:
        """Return the instant at which a civil day begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def day(self, text: str) -> date:
        """Return the civil day ``text`` names. Raises :class:`Invalid`."""
        if text in DAY_WORDS:
            return self.today + timedelta(days=DAY_WORDS[text])
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise Invalid(_("A date is written like 2026-11-23, or today, or yesterday.")) from error

    def month(self, text: str) -> tuple[datetime, datetime]:
        """Return the instants at which the month ``YYYY-MM`` (empty: this one) begins and ends."""
        try:
            first = date.fromisoformat(f"{text or self.today.isoformat()[:7]}-01")
        except ValueError as error:
            raise Invalid(_("A month is written like 2026-11.")) from error
        return self.begin(first), self.begin((first + timedelta(days=32)).replace(day=1))

    def days_of(self, month: str) -> tuple[date, date] | tuple[None, None]:
        """Return the first and the last day of the month ``YYYY-MM``, or nothing for no month."""
        if not month:
            return None, None
        begin, end = (bound.astimezone(self.zone).date() for bound in self.month(month))
        return begin, end - timedelta(days=1)

    def person_id(self, number: str) -> int:
        """Return whose work number it is. Raises :class:`NotFound`."""
        for row in people(SYSTEM, self.now):
            if row.work_number == number.strip():
                return row.id
        raise NotFound(_("Nobody has the work number {number}.").format(number=number), article=9)


def open_centre(url: str, key_file: Path | None = None) -> bool:
    """Open the centre's database in its newest form; returns whether a centre was set up in it."""
    store.open_database(url, key_file=key_file)
    if not store.is_set_up():
        return False
    store.migrate()
    return True


def office(now: datetime, url: str, key_file: Path | None = None) -> Office:
    """Open the centre at ``url``. Raises :class:`NotFound` when none was set up there."""
    if not open_centre(url, key_file):
        raise NotFound(
            _("The centre has not been set up yet."), next_step=_("Run zhiban setup, or zhiban demo.")
        )
    return Office(now, ZoneInfo(centre_info(SYSTEM, now).time_zone))


def own_language(chinese: str, english: str) -> str:
    """Return the wording of the current language, the Chinese where there is no other."""
    return english or chinese if locales.language() == "en" else chinese


def people_listing(at: Office) -> Listing:
    """Everyone, by work number."""
    rows = people(SYSTEM, at.now)
    return Listing(
        rows,
        (N_("work number"), N_("name"), N_("role"), N_("team"), N_("seat"), N_("badge"), N_("status")),
        [
            (r.work_number, r.name, _(ROLE_NAMES[r.role]), r.team, r.seat, r.badge, _(STATUSES[r.status]))
            for r in rows
        ],
        _("Nobody works here yet."),
    )


def findings_listing(at: Office, month: str, article: int | None) -> Listing:
    """The findings of a month, newest first."""
    rows = _in_words(findings(SYSTEM, at.now, *at.month(month), article))
    return Listing(
        rows,
        (N_("time"), N_("Art."), N_("work number"), N_("name"), N_("what")),
        [(at.clock(r.at), r.article, r.work_number, r.person, r.text) for r in rows],
        _("No findings."),
        right=(1,),
    )


def regulation_listing(
    found: Mapping[int, int] | None,
    number: int | None = None,
    before: Mapping[int, int] | None = None,
    refused: Mapping[int, int] | None = None,
) -> Listing:
    """All articles (or one) with how each is kept.

    ``found`` counts this month's findings where a centre is, ``before`` those of the last month, ``refused`` what was
    refused this month.
    """
    shown = [ARTICLES[number]] if number else list(ARTICLES.values())
    counts = {a.number: None if found is None else found.get(a.number, 0) for a in shown}
    rest = [
        {a.number: None if by is None else by.get(a.number, 0) for a in shown} for by in (before, refused)
    ]
    return Listing(
        [_article_record(a, counts[a.number], *(by[a.number] for by in rest)) for a in shown],
        (N_("Art."), N_("class"), N_("in short"), N_("kept"), N_("this month"), N_("still to come")),
        [
            (
                a.number,
                "".join(sorted(a.classes)),
                own_language(a.label_zh, a.label_en),
                _(kept_status(a).value),
                "—" if counts[a.number] is None else counts[a.number],
                _(a.planned),
            )
            for a in shown
        ],
        right=(0, 4),
    )


def findings_this_month(at: Office) -> dict[int, int]:
    """How many findings each article has in the month that runs."""
    return findings_by_article(SYSTEM, at.now, *at.month(""))


def refused_this_month(at: Office) -> dict[int, int]:
    """How often each article was the reason to refuse something in the month that runs."""
    return refusals_by_article(SYSTEM, at.now, *at.month(""))


def findings_last_month(at: Office) -> dict[int, int]:
    """How many findings each article had in the month before."""
    return findings_by_article(
        SYSTEM, at.now, *at.month(f"{at.today.replace(day=1) - timedelta(days=1):%Y-%m}")
    )


def article_lines(number: int, found: Mapping[int, int] | None) -> list[str]:
    """One article in words: what it asks, who keeps it, what is still to come."""
    article = ARTICLES[number]
    label = own_language(article.label_zh, article.label_en)
    kinds = ", ".join(_(KEEPING_NAMES[kind]) for kind in sorted(article.classes))
    lines = [
        _("Art. {article}").format(article=number) + f"  {label}",
        own_language(article.demand_zh, article.demand_en),
        f"{kinds} · {_(kept_status(article).value)}",
    ]
    lines += [f"· {_(kept.words)}" for kept in KEPT_WORDS[number]]
    if article.planned:
        lines.append(_("still to come: {names}").format(names=_(article.planned)))
    if found is not None:
        lines.append(_("findings this month: {count}").format(count=found.get(number, 0)))
    return lines


def limits_listing(in_force: Limits) -> Listing:
    """The limits in force, each with its article, unit and source."""
    records = [
        {
            "name": known.name,
            "value": in_force[known.name],
            "unit": known.unit,
            "article": known.article,
            "label": known.label,
            "source": known.source,
            "law": known.law,
            "default": known.value,
            "lowest": known.lowest,
            "highest": known.highest,
        }
        for known in DEFINITIONS
    ]
    return Listing(
        {"version": in_force.version, "limits": records},
        (N_("Art."), N_("value"), N_("unit"), N_("source"), N_("what it limits")),
        [(d.article or "—", in_force[d.name], _(d.unit), limit_source(d), _(d.label)) for d in DEFINITIONS],
        right=(0, 1),
    )


def limits_of(now: datetime, url: str) -> Limits:
    """The limits of the centre at ``url`` today, or the ones every centre begins with."""
    return limits_today(SYSTEM, now) if open_centre(url) else DEFAULT_LIMITS


def today_in_words(at: Office) -> tuple[TodayBoard, Listing]:
    """The board of the shift that runs now, its sentences in the current language, and its seats as a list."""
    board = today_board(SYSTEM, at.now)
    board = replace(
        board,
        findings=_in_words(board.findings),
        door=door_in_words(board.door),
        alarms=alarms_in_words(board.alarms),
        waiting=tuple(replace(visit, reason_label=_(visit.reason_label)) for visit in board.waiting),
    )
    seats = [
        (s.seat, s.work_number, s.name, _(PRESENCE_NAMES[s.state]), at.clock(s.since)) for s in board.seats
    ]
    headings = (N_("seat"), N_("work number"), N_("name"), N_("state"), N_("since"))
    return board, Listing(board, headings, seats, _("Nobody is due."))


def shift_lines(at: Office, board: TodayBoard) -> list[str]:
    """The head of the board: centre, time, shift, and who is here."""
    lines = [f"{board.centre}  {at.now.astimezone(at.zone):%Y-%m-%d %H:%M}"]
    shift, counts = board.shift, board.counts
    if shift is None:
        lines.append(_("No shift runs now."))
    else:
        name = own_language(shift.name, _(shift.name_en))
        lines.append(
            f"{name} {shift.team}  {at.clock(shift.starts_at)}–{at.clock(shift.ends_at)}  {shift.leader}"
        )
        words = _(
            "due {due}, present {present}, late {late}, absent {absent}, away {away}, on leave {on_leave}"
        )
        lines.append(words.format(**{field: getattr(counts, field) for field in counts.__slots__}))
    return [*lines, _("inside the machine room: {count}").format(count=board.inside)]


def news_lines(at: Office, board: TodayBoard) -> list[str]:
    """The rest of the board: what waits, what is open, what was found, what the door saw last."""
    backup = backup_words(board.backup, at.now, at.clock) if board.backup is not None else []
    sections = (
        (_("Backups"), [(said.text, said.next_step) for said in backup]),
        (_("Alarms of the door"), [(at.clock(a.at), a.door, a.who, a.text) for a in board.alarms]),
        (_("Waiting for a decision"), [(at.clock(v.requested_at), v.visitor, v.unit) for v in board.waiting]),
        (_("Open items"), [(at.clock(i.due_at), i.title, i.owner) for i in board.items]),
        (_("Findings"), [(at.clock(f.at), _cited(f.article), f.person, f.text) for f in board.findings]),
        (
            _("At the door"),
            [(at.clock(d.at), way(d), d.who or "—", d.text) for d in board.door[:DOOR_LINES]],
        ),
    )
    lines: list[str] = []
    for heading, rows in sections:
        if rows:
            lines += ["", heading, *("  " + "  ".join(part for part in row if part) for row in rows)]
    return lines


def door_in_words(rows: Sequence[DoorRow]) -> tuple[DoorRow, ...]:
    """Return door events with their verdicts in the current language."""
    return tuple(replace(row, text=_(row.text)) for row in rows)


def alarms_in_words(rows: Sequence[AlarmRow]) -> tuple[AlarmRow, ...]:
    """Return alarms with their sentences filled in."""
    return tuple(
        replace(row, text=_(row.text).format_map(defaultdict(lambda: "—", row.details))) for row in rows
    )


def way(row: DoorRow) -> str:
    """Return which way someone went, a dash where nobody passed."""
    return {"in": _("in"), "out": _("out")}.get(row.direction, "—")


def with_end(report: VerifyReport, end: Head | Break | None) -> VerifyReport:
    """Add one more chain that was followed elsewhere."""
    if end is None:
        return report
    if isinstance(end, Head):
        return replace(report, heads=(*report.heads, end))
    return replace(report, breaks=(*report.breaks, end))


def verify_record(report: VerifyReport) -> dict[str, object]:
    """What was checked, for programs."""
    return {
        "holds": report.holds,
        "heads": report.heads,
        "breaks": [replace(gap, why=_(gap.why)) for gap in report.breaks],
        "sealed_logs": report.sealed_logs,
        "met": report.met,
        "unread": report.unread,
    }


def verify_lines(report: VerifyReport) -> list[str]:
    """What was checked, for people: every chain, the sealed logs, and the place of each break."""
    holds = _("{chain}: {count} records hold, the last is {digest}")
    lines = [
        "✓ " + holds.format(chain=head.chain, count=head.sequence, digest=head.hash[:16])
        for head in report.heads
    ]
    lines.append("· " + _("sealed shift logs: {count}").format(count=report.sealed_logs))
    if report.unread:
        unread = _("confidential texts not checked, for want of their key: {count}")
        lines.append("! " + unread.format(count=report.unread))
    if report.met:
        lines.append("✓ " + _("The printed digest stands at {place}.").format(place=report.met))
    for gap in report.breaks:
        place = f"{gap.chain} {gap.sequence}" if gap.sequence else gap.chain
        lines.append("✗ " + _("{place}: {why}").format(place=place, why=_(gap.why)))
    return lines


def _in_words(rows: Sequence[FindingRow]) -> tuple[FindingRow, ...]:
    """Findings with their sentences filled in; a detail may itself be a message."""
    return tuple(
        replace(row, text=_(row.text).format(**{k: _(str(v)) for k, v in row.details.items()}))
        for row in rows
    )


def _cited(article: int) -> str:
    return _("Art. {article}").format(article=article) if article != HOUSE_RULE else _("house rule")


def _article_record(
    article: Article, found: int | None, before: int | None, refused: int | None
) -> dict[str, object]:
    return {
        "article": article.number,
        "chapter": article.chapter,
        "classes": article.classes,
        "label_zh": article.label_zh,
        "label_en": article.label_en,
        "demand_zh": article.demand_zh,
        "demand_en": article.demand_en,
        "kept": kept_status(article).name.lower(),
        "kept_by": article.kept_by,
        "planned": article.planned,
        "kept_at": [{"place": kept.place, "text": _(kept.words)} for kept in KEPT_WORDS[article.number]],
        "findings_this_month": found,
        "findings_last_month": before,
        "refused_this_month": refused,
    }
