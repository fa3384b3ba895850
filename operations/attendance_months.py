"""The month of attendance as a team submits it (Art. 34): exact, on time, frozen; a restatement is a new version.

Whoever submits signs with the PIN again, as at a handover. What was submitted is kept whole, with its digest and the
limits it was judged by, and is what every later reading of that month shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import models
from locales import _
from operations import signin
from operations.attendance_corrections import waiting_duties
from operations.attendance_judging import JudgedRow, judged_between, month_days
from operations.attendance_sheet import encoded, frozen_sheet, sheet_of
from operations.boundary import Session, may, reads, require, signed_write, write_audit
from operations.centre import civil_date, limits_at, zone
from operations.delegations import delegations_on
from operations.duties import DUE, SWAPPED, named
from operations.errors import Blocked, Conflict, Invalid, NotFound
from operations.findings import keep_findings
from operations.people import team_leaders
from operations.permissions import Action
from regulation.attendance import Depth
from regulation.attendance_month import (
    CountedDuty,
    DutyChange,
    Totals,
    late_submission,
    month_diff,
    submission_blockers,
    submission_due_on,
    submission_is_late,
    submission_refusal,
    totals,
)
from regulation.attendance_sheet import AttendanceSheet, counted_duties, exact
from regulation.daily_log import content_digest
from regulation.findings import Blocker, Finding, Refusal
from regulation.ledger import instant_text
from regulation.marking import N_

ARTICLE = 34
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Submitted:
    """A month as it was submitted: which version, by whom and when, why anew, and what that changed."""

    version: int
    submitted_by: str
    submitted_at: datetime
    reason: str
    digest: str
    changes: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class TeamMonth:
    """A team's month. ``totals`` are those submitted, else as of now; ``changed`` duties count otherwise since then.

    ``blockers`` say what stands against submitting it (again) now, and ``may_submit`` whether the reader is the one.
    """

    team: str
    name: str
    leaders: tuple[str, ...]
    totals: Totals
    submitted: Submitted | None
    changed: int
    due_on: date
    late: bool
    blockers: tuple[Blocker, ...]
    may_submit: bool


def submit_month(
    work_number: str, pin: str, now: datetime, month: date, team: str, reason: str = ""
) -> Submitted:
    """Submit a team's month with one's own credential, or restate it with a reason; from now on it is frozen.

    Raises :class:`Blocked` while a duty is not clear, a correction waits or the month is not over, and when it is not
    this person's to submit; :class:`Conflict` when a restatement would change nothing.
    """
    actor = signin.confirm(work_number, pin, now)
    return signed_write(
        actor,
        now,
        lambda session: _submit(session, month.replace(day=1), team, reason.strip()),
        "submit_month",
    )


@reads(Action.SUBMIT_ATTENDANCE)
def restatement_changes(session: Session, month: date, team: str) -> tuple[dict[str, str], ...]:
    """Return what submitting a team's month anew would change, by duty; nothing when it was not submitted."""
    first, row = month.replace(day=1), _team(team)
    judged, versions = _judged_team(first, team, session.now), _versions(first, row)
    if not versions:
        return ()
    sheet = sheet_of(first, row, judged)
    return _change_texts(_changes_of(versions[-1], judged), sheet)


@reads(Action.SEE_ATTENDANCE)
def attendance_sheets(session: Session, month: date, team: str = "") -> tuple[AttendanceSheet, ...]:
    """Return the sheet of every team that had duties, or of one: as last submitted, else as of now."""
    return sheets_of_month(month, session.now, team)


def sheets_of_month(month: date, now: datetime, team: str = "") -> tuple[AttendanceSheet, ...]:
    """Return what :func:`attendance_sheets` returns (inside a transaction)."""
    first, kept = month.replace(day=1), frozen_sheets(month.replace(day=1))
    wanted = [_team(team)] if team else list(models.Team.select().order_by(models.Team.position))
    if team and team not in kept:
        judged = _judged_team(first, team, now)
    elif team or all(one.code in kept for one in wanted):
        judged = []
    else:
        judged = judged_between(first, month_days(first)[-1], now, depth=Depth.FINDINGS)
    by_team: dict[str, list[JudgedRow]] = defaultdict(list)
    for one in judged:
        by_team[one.row.team].append(one)
    sheets = [
        kept.get(one.code) or sheet_of(first, one, by_team[one.code])
        for one in wanted
        if one.code in kept or one.code in by_team
    ]
    if not team and "" in by_team:
        sheets.append(sheet_of(first, None, by_team[""]))
    return tuple(sheets)


def team_months(session: Session, month: date, judged: Iterable[JudgedRow]) -> tuple[TeamMonth, ...]:
    """Return the month of every team that had duties or submitted them (inside a transaction)."""
    by_team: dict[str, list[JudgedRow]] = defaultdict(list)
    for one in judged:
        by_team[one.row.team].append(one)
    kept = {row.team_id: row for row in _of_month(month)}
    teams = list(models.Team.select().order_by(models.Team.position))
    waiting = waiting_duties(month, month_days(month)[-1])
    found = [
        _team_month(session, month, team, by_team.get(team.code, []), kept.get(team.id), waiting)
        for team in teams
        if team.code in by_team or team.id in kept
    ]
    if own := by_team.get(""):
        sums = totals(one.counted for one in own)
        due_on = submission_due_on(month, limits_at(session.now))
        found.append(TeamMonth("", "", (), sums, None, 0, due_on, False, (), False))
    return tuple(found)


def frozen_sheets(month: date) -> dict[str, AttendanceSheet]:
    """Return each team's month as it was last submitted, by team (inside a transaction)."""
    return {sheet.team: sheet for sheet in map(frozen_sheet, _of_month(month))}


def summary_of(sums: Totals) -> dict[str, object]:
    """Return what a month adds up to as it is kept beside its sheet, exactly."""
    return {
        "rostered": exact(sums.rostered),
        "due": exact(sums.due),
        "attended": exact(sums.attended),
        "by_category": {name: exact(number) for name, number in sums.by_category.items()},
        "minutes_late": sums.minutes_late,
        "minutes_early": sums.minutes_early,
    }


def missing_months(month: date, now: datetime) -> list[tuple[models.Team, Finding]]:
    """Return the teams whose month is not in although its deadline has passed, each with the finding."""
    last, kept = month_days(month)[-1], {row.team_id for row in _of_month(month)}
    duty, here, limits = models.Duty, zone(), limits_at(now)
    teams = models.Team.select().order_by(models.Team.position)
    missing = []
    for team in teams:
        had = duty.select().where(duty.team == team.id, duty.state == DUE, duty.date.between(month, last))
        leader = next(iter(team_leaders(team.id)), None)
        found = late_submission(team.name, month, leader.id if leader else None, now, here, limits)
        if team.id not in kept and found is not None and had.exists():
            missing.append((team, found))
    return missing


def late_source(team: models.Team, month: date) -> str:
    """Return the source under which a late month is a finding once."""
    return f"attendance_late:{team.id}:{month:%Y-%m}"


def finding_fields(found: Finding) -> dict[str, object]:
    """Return a finding as it is kept."""
    return {
        "code": found.code,
        "article": found.article,
        "at": instant_text(found.at),
        "person_id": found.person_id,
        "duty_id": found.duty_id,
        "evidence": list(found.evidence),
        "details": dict(found.details),
    }


# --- submitting -----------------------------------------------------------------------------------------------


def _submit(session: Session, month: date, code: str, reason: str) -> Submitted:
    require(session.actor, Action.SUBMIT_ATTENDANCE)
    team = _team(code)
    if refusal := _refusal(session, team):
        raise Blocked([Blocker(refusal.article, refusal.code, "", refusal.text)])
    judged = _judged_team(month, code, session.now)
    waiting = waiting_duties(month, month_days(month)[-1])
    if blockers := _blockers(session, month, judged, waiting):
        raise Blocked(blockers)
    if not judged:
        raise NotFound(_("The team had no duties in this month."), article=ARTICLE)
    versions = _versions(month, team)
    changes = _changes_of(versions[-1], judged) if versions else ()
    _check_restatement(bool(versions), changes, reason)
    sheet = replace(
        sheet_of(month, team, judged),
        version=len(versions) + 1,
        submitted_by=named(models.Person.get_by_id(session.actor.person_id)),
        submitted_at=session.now,
        reason=reason,
    )
    row = _keep(session, team, sheet, changes)
    if not versions:
        _keep_lateness(session, team, month)
    session.about(f"attendance:{row.id}", team=code, month=f"{month:%Y-%m}", digest=row.digest)
    write_audit(session, "submit_month")
    return _submitted(row)


def _check_restatement(restated: bool, changes: Sequence[DutyChange], reason: str) -> None:
    if not restated:
        return
    if not changes:
        raise Conflict(_("Nothing has changed since this month was submitted."), article=ARTICLE)
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(_("A restatement needs a reason."), article=ARTICLE)


def _keep(
    session: Session, team: models.Team, sheet: AttendanceSheet, changes: Sequence[DutyChange]
) -> models.AttendanceMonth:
    digest = content_digest(sheet)
    row: models.AttendanceMonth = models.AttendanceMonth.create(
        team=team,
        month=f"{sheet.month:%Y-%m}",
        version=sheet.version,
        submitted_by=session.actor.person_id,
        submitted_at=session.now,
        reason=sheet.reason,
        content=encoded(replace(sheet, digest=digest)),
        digest=digest,
        summary=summary_of(sheet.totals),
        changes=list(_change_texts(changes, sheet)),
        limits_version=limits_at(session.now).version,
    )
    return row


def _change_texts(changes: Sequence[DutyChange], sheet: AttendanceSheet) -> tuple[dict[str, str], ...]:
    numbers = {person.id: person.work_number for person in sheet.people}
    return tuple(_change_text(change, numbers) for change in changes)


def _change_text(change: DutyChange, numbers: dict[int, str]) -> dict[str, str]:
    one = change.after or change.before
    assert one is not None
    return {
        "duty": str(change.duty_id),
        "date": one.date.isoformat(),
        "work_number": numbers.get(one.person_id, ""),
        "before": change.before.verdict.value if change.before else "",
        "after": change.after.verdict.value if change.after else "",
    }


def _keep_lateness(session: Session, team: models.Team, month: date) -> None:
    leader = next(iter(team_leaders(team.id)), None)
    limits = limits_at(session.now)
    found = late_submission(team.name, month, leader.id if leader else None, session.now, zone(), limits)
    if found is not None:
        keep_findings(late_source(team, month), [finding_fields(found)], limits.version)


def _refusal(session: Session, team: models.Team) -> Refusal | None:
    """Why this person may not hand in the month of a team: its leader does, or the leader's delegate (Art. 34)."""
    today = civil_date(session.now)
    standing_in = delegations_on(today)
    refusals = [
        submission_refusal(session.actor.person_id, leader.id, standing_in, today)
        for leader in team_leaders(team.id)
    ]
    return None if None in refusals else next(iter(refusals), None)


def _blockers(
    session: Session, month: date, judged: Sequence[JudgedRow], waiting: set[int]
) -> tuple[Blocker, ...]:
    found = submission_blockers(month, [one.counted for one in judged], session.now, zone())
    undecided = [
        Blocker(
            33,
            "correction_waits",
            f"duty:{one.row.id}",
            N_("A correction of {date} waits for a decision"),
            {"date": one.row.date.isoformat()},
        )
        for one in judged
        if one.row.id in waiting
    ]
    return (*found, *undecided)


# --- reading --------------------------------------------------------------------------------------------------


def _team_month(
    session: Session,
    month: date,
    team: models.Team,
    judged: Sequence[JudgedRow],
    kept: models.AttendanceMonth | None,
    waiting: set[int],
) -> TeamMonth:
    live = [one.counted for one in judged]
    before = counted_duties(frozen_sheet(kept)) if kept is not None else []
    changed = len(month_diff(before, live)) if kept is not None else 0
    limits, at = limits_at(session.now), kept.submitted_at if kept is not None else session.now
    asks = kept is None or bool(changed)
    mine = may(session.actor, Action.SUBMIT_ATTENDANCE) and _refusal(session, team) is None
    return TeamMonth(
        team.code,
        team.name,
        tuple(named(leader) for leader in team_leaders(team.id)),
        totals(before if kept is not None else live),
        _submitted(kept) if kept is not None else None,
        changed,
        submission_due_on(month, limits),
        submission_is_late(month, _first_submitted(month, team) or at, zone(), limits),
        _blockers(session, month, judged, waiting) if asks else (),
        asks and mine,
    )


def _first_submitted(month: date, team: models.Team) -> datetime | None:
    first = next(iter(_versions(month, team)), None)
    return first.submitted_at if first is not None else None


def _judged_team(month: date, team: str, now: datetime) -> list[JudgedRow]:
    """The verdicts on a team's duties; only its people are looked at."""
    days, duty = month_days(month), models.Duty
    of_team = duty.team == _team(team).id if team else duty.team.is_null()
    standing = duty.state.in_((DUE, SWAPPED))
    rows = duty.select(duty.person).where(duty.date.between(days[0], days[-1]), of_team, standing).distinct()
    people = [row.person_id for row in rows]
    judged = judged_between(days[0], days[-1], now, people, Depth.FINDINGS)
    return [one for one in judged if one.row.team == team]


def _changes_of(kept: models.AttendanceMonth, judged: Sequence[JudgedRow]) -> tuple[DutyChange, ...]:
    live: list[CountedDuty] = [one.counted for one in judged]
    return month_diff(counted_duties(frozen_sheet(kept)), live)


def _submitted(row: models.AttendanceMonth) -> Submitted:
    return Submitted(
        row.version, named(row.submitted_by), row.submitted_at, row.reason, row.digest, tuple(row.changes)
    )


def _versions(month: date, team: models.Team) -> list[models.AttendanceMonth]:
    row = models.AttendanceMonth
    query = row.select().where(row.team == team.id, row.month == f"{month:%Y-%m}")
    return list(query.order_by(row.version))


def _of_month(month: date) -> list[models.AttendanceMonth]:
    """The newest version of every team's month."""
    row = models.AttendanceMonth
    query = row.select().where(row.month == f"{month:%Y-%m}").order_by(row.version)
    return list({one.team_id: one for one in query}.values())


def _team(code: str) -> models.Team:
    team: models.Team | None = models.Team.get_or_none(models.Team.code == code)
    if team is None:
        raise NotFound(_("There is no team called {team}.").format(team=code or "—"))
    return team
