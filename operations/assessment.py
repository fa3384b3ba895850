"""The month's assessment (Art. 3, 44): drawn up for any month, sent once it is over under the deputy manager's name.

Every number comes out of grouped queries over one month, and over each of the few before it: what a centre recorded in
ten years costs nothing here. What was sent is kept whole, with its digest, and is what every later reading shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import msgspec

import models
from locales import _
from operations import signin
from operations.assessment_counts import (
    door_month,
    figure_months,
    finding_counts,
    late_reports,
    month_bounds,
    open_breaches,
)
from operations.attendance_judging import month_days
from operations.attendance_months import finding_fields, sheets_of_month
from operations.attendance_trend import TeamTrend, submitted_months
from operations.boundary import Session, reads, require, signed_write, write_audit
from operations.centre import civil_date, limits_at, the_centre, zone
from operations.duties import named
from operations.errors import Blocked, Conflict, Invalid, NotFound
from operations.findings import keep_findings, refusals_between
from operations.permissions import Action
from regulation.assessment import (
    Assessment,
    Counted,
    FindingCount,
    PersonLine,
    TeamLine,
    article_lines,
    counted,
    earlier_months,
    late_assessment,
    person_articles,
    sending_blockers,
)
from regulation.attendance_sheet import AttendanceSheet, exact, of_what_is_over, person_totals
from regulation.findings import Blocker

ARTICLE = 44


@dataclass(frozen=True, slots=True)
class AssessmentSending:
    """One sending of a month: its version, by whom and when, and its digest."""

    version: int
    sent_by: str
    sent_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """A month's assessment as it is shown. ``blockers`` say what stands against sending it (again) now."""

    assessment: Assessment
    sendings: tuple[AssessmentSending, ...]
    blockers: tuple[Blocker, ...]


@reads(Action.SEE_ASSESSMENT)
def assessment(session: Session, month: date, version: int | None = None) -> AssessmentView:
    """Return a month's assessment: as it was last sent, or in ``version``; a draft of now when it was not."""
    first, sent = month.replace(day=1), _sent(month)
    if first > civil_date(session.now):
        raise Invalid(_("This month has not begun."), article=ARTICLE)
    sendings = tuple(_sending(row) for row in sent)
    if version is not None and version > len(sent):
        raise NotFound(_("There is no such version of this month."), article=ARTICLE)
    if sent:
        row = sent[version - 1] if version else sent[-1]
        return AssessmentView(msgspec.json.decode(row.content, type=Assessment), sendings, ())
    made = _drawn_up(first, session.now)
    return AssessmentView(made, sendings, _blockers(made, session.now))


def send_assessment(work_number: str, pin: str, now: datetime, month: date) -> AssessmentSending:
    """Send a month's assessment with one's own credential: from now on it is frozen; one sent anew is a new version.

    Raises :class:`Blocked` while the month runs or a team's attendance is not in, and :class:`Conflict` when nothing
    changed since it was sent.
    """
    actor = signin.confirm(work_number, pin, now)
    return signed_write(actor, now, lambda session: _send(session, month.replace(day=1)), "send_assessment")


def assessment_source(month: date) -> str:
    """Return the source under which a late assessment is a finding once."""
    return f"assessment_late:{month:%Y-%m}"


def was_sent(month: date) -> bool:
    """Whether the month's assessment was sent (inside a transaction)."""
    return bool(_sent(month))


def had_duties(month: date) -> bool:
    """Whether anybody was rostered in the month (inside a transaction)."""
    days, duty = month_days(month), models.Duty
    return bool(duty.select().where(duty.date.between(days[0], days[-1])).exists())


# --- sending --------------------------------------------------------------------------------------------------


def _send(session: Session, month: date) -> AssessmentSending:
    require(session.actor, Action.SEND_ASSESSMENT)
    if month > civil_date(session.now):
        raise Invalid(_("This month has not begun."), article=ARTICLE)
    sent, made = _sent(month), _drawn_up(month, session.now)
    if blockers := _blockers(made, session.now):
        raise Blocked(blockers)
    if sent and _unsigned(msgspec.json.decode(sent[-1].content, type=Assessment)) == made:
        raise Conflict(_("Nothing has changed since this month was sent."), article=ARTICLE)
    person = models.Person.get_by_id(session.actor.person_id)
    signed = replace(made, version=len(sent) + 1, sent_by=named(person), sent_at=session.now)
    content = msgspec.json.encode(signed).decode()
    row = models.AssessmentSent.create(
        month=f"{month:%Y-%m}",
        version=signed.version,
        sent_by=person,
        sent_at=session.now,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        limits_version=signed.limits,
    )
    limits = limits_at(session.now)
    found = late_assessment(month, session.now, zone(), limits)
    if found is not None and not sent:
        keep_findings(assessment_source(month), [finding_fields(found)], limits.version)
    session.about(f"assessment:{month:%Y-%m}", version=signed.version, digest=row.digest)
    write_audit(session, "send_assessment")
    return _sending(row)


def _unsigned(sent: Assessment) -> Assessment:
    return replace(sent, version=0, sent_by="", sent_at=None)


def _blockers(made: Assessment, now: datetime) -> tuple[Blocker, ...]:
    open_teams = [line.name for line in made.teams if line.team and line.due != "0" and not line.submitted]
    return sending_blockers(made.month, now, zone(), open_teams)


def _sent(month: date) -> list[models.AssessmentSent]:
    row = models.AssessmentSent
    return list(row.select().where(row.month == f"{month:%Y-%m}").order_by(row.version))


def _sending(row: models.AssessmentSent) -> AssessmentSending:
    return AssessmentSending(row.version, named(row.sent_by), row.sent_at, row.digest)


# --- drawing it up --------------------------------------------------------------------------------------------


def _drawn_up(month: date, now: datetime) -> Assessment:
    centre, here = the_centre(), zone()
    months = earlier_months(month, centre.created_at.astimezone(here).date())
    counts = [count for one in (*months, month) for count in finding_counts(one)]
    sheets = [of_what_is_over(sheet) for sheet in sheets_of_month(month, now)]
    begin, end = month_bounds(month)
    return Assessment(
        centre.name,
        centre.time_zone,
        month,
        tuple(f"{one:%Y-%m}" for one in months),
        counted(counts, months, month),
        article_lines(counts, months, month, refusals_between(begin, end)),
        _team_lines(counts, months, month, sheets),
        _person_lines(counts, months, month, sheets),
        late_reports(begin, end),
        open_breaches(end),
        door_month(begin, end),
        figure_months(month, now),
        limits_at(min(now, end - timedelta(seconds=1))).version,
    )


def _team_lines(
    counts: Sequence[FindingCount], months: Sequence[date], month: date, sheets: Sequence[AttendanceSheet]
) -> tuple[TeamLine, ...]:
    """Every team, and last of all what concerns none: a finding without a person, or a person without a team."""
    by_team = {sheet.team: sheet for sheet in sheets}
    trends = {trend.team: trend for trend in submitted_months([f"{one:%Y-%m}" for one in months])}
    names = {row.code: row.name for row in models.Team.select().order_by(models.Team.position)} | {"": ""}
    lines = []
    for code, name in names.items():
        found = counted([one for one in counts if one.team == code], months, month)
        if code or found.count or any(found.earlier) or code in by_team:
            rates = _rates(trends.get(code), months)
            lines.append(_team_line(code, name, found, by_team.get(code), rates))
    return tuple(lines)


def _team_line(
    code: str, name: str, found: Counted, sheet: AttendanceSheet | None, rates: tuple[str, ...]
) -> TeamLine:
    line = TeamLine(code, name, found, rates=rates)
    if sheet is None:
        return line
    sums = sheet.totals
    return replace(
        line,
        due=exact(sums.due),
        attended=exact(sums.attended),
        rate="" if sums.rate is None else exact(sums.rate),
        submitted=not sheet.is_draft,
    )


def _rates(trend: TeamTrend | None, months: Sequence[date]) -> tuple[str, ...]:
    known = {one.month: one.rate for one in trend.months} if trend is not None else {}
    rates = [known.get(f"{month:%Y-%m}") for month in months]
    return tuple("" if rate is None else exact(rate) for rate in rates)


def _person_lines(
    counts: Sequence[FindingCount], months: Sequence[date], month: date, sheets: Sequence[AttendanceSheet]
) -> tuple[PersonLine, ...]:
    """Everyone with a finding in the month, the most first."""
    by_person: dict[int, list[FindingCount]] = {}
    for one in counts:
        by_person.setdefault(one.person_id, []).append(one)
    ids = {key for key, some in by_person.items() if key and any(one.month == month for one in some)}
    rates = {
        person.id: sums.rate
        for sheet in sheets
        for person in sheet.people
        if person.id in ids and (sums := person_totals(person))
    }
    table = models.Person
    lines = []
    for row in table.select().where(table.id.in_(sorted(ids) or [0])):
        some, rate = by_person[row.id], rates.get(row.id)
        team = next(one.team for one in some if one.month == month)
        found = counted(some, months, month)
        rated = "" if rate is None else exact(rate)
        lines.append(PersonLine(row.work_number, row.name, team, found, person_articles(some, month), rated))
    return tuple(sorted(lines, key=lambda line: (-line.found.count, line.work_number)))
