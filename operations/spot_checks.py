"""Spot checks (Art. 7): each day's plan by link, what was found, and who was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import models
from locales import _
from operations import notices
from operations.boundary import Session, reads, writes
from operations.centre import civil_date, day_bounds
from operations.check_links import links_on
from operations.dated_lists import own_words
from operations.duties import named
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from regulation.records import PersonStatus
from regulation.spot_checks import CheckResult, Link, plan_is_overrun, problem_is_told

ARTICLE = 7
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check as it is shown; ``person`` is who was checked, ``informed`` whom it was told."""

    id: int
    checked_at: datetime
    checked_by: str
    person: str
    result: CheckResult
    found: str
    informed: str
    informed_at: datetime | None
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link of a day's plan with its checks, in order of time."""

    link: Link
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day's plan. ``ended`` says that an unchecked link can no longer be checked in its day."""

    date: date
    ended: bool
    links: tuple[LinkRow, ...]

    @property
    def checked(self) -> int:
        """How many of its links were checked."""
        return sum(1 for row in self.links if row.checks)


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """A check as it is written down. ``person`` and ``informed`` are work numbers, or names only one person has."""

    link: str
    result: CheckResult
    found: str = ""
    person: str = ""
    informed: str = ""
    checked_at: datetime | None = None
    informed_at: datetime | None = None


@reads(Action.READ_DESK)
def spot_checks(session: Session, day: date) -> DayPlan:
    """Return a civil day's plan with what was checked."""
    return day_plan(day, session.now)


@writes(Action.RECORD_CHECK)
def record_spot_check(session: Session, draft: CheckDraft) -> int:
    """Record a check of a link under the actor's work number, and tell whom it concerns; returns its id.

    A problem says what was found and names a person who was told (Art. 7). A check belongs to the civil day it was
    made on; it can be written down until the end of the next day, but a day that has ended stays unchecked.
    """
    checked_at = draft.checked_at or session.now
    day = civil_date(checked_at)
    link = next((link for link in links_on(day) if link.code == draft.link), None)
    if link is None:
        raise NotFound(_("There is no link {code} on the plan.").format(code=draft.link), article=ARTICLE)
    _check_times(session, draft, checked_at, day)
    informed = _person(draft.informed)
    told = named(informed)
    if not problem_is_told(draft.result, draft.found, told):
        raise Invalid(
            _("A problem needs what was found and whom you told."),
            article=ARTICLE,
            next_step=_("Give the work number or the name of a person."),
        )
    if len(draft.found) > LONGEST_TEXT:
        raise Invalid(_("The text is too long."), article=ARTICLE)
    person = _person(draft.person)
    check = models.SpotCheck.create(
        date=day,
        link=link.code,
        checked_at=checked_at,
        checked_by=session.actor.person_id,
        person=person,
        result=draft.result,
        found=draft.found.strip(),
        informed=informed,
        informed_at=(draft.informed_at or session.now) if informed is not None else None,
        entered_at=session.now,
    )
    _tell(session, check, link)
    session.about(f"spot_check:{check.id}", link=link.code, result=draft.result.value, informed=told)
    return int(check.id)


def day_plan(day: date, now: datetime) -> DayPlan:
    """Return a civil day's plan with its checks (inside a transaction)."""
    made: dict[str, list[CheckRow]] = {}
    check = models.SpotCheck
    for row in check.select().where(check.date == day).order_by(check.checked_at, check.id):
        made.setdefault(row.link, []).append(_row(row))
    plan = links_on(day)
    _begin, end = day_bounds(day)
    return DayPlan(
        day, plan_is_overrun(end, now), tuple(LinkRow(link, tuple(made.get(link.code, ()))) for link in plan)
    )


def day_has_shifts(day: date) -> bool:
    """Whether the centre worked on a civil day; a closed day asks for no checks (inside a transaction)."""
    return bool(models.ShiftLog.select().where(models.ShiftLog.date == day).exists())


def _check_times(session: Session, draft: CheckDraft, checked_at: datetime, day: date) -> None:
    if checked_at > session.now or (draft.informed_at or checked_at) > session.now:
        raise Invalid(_("A check cannot lie in the future."), article=ARTICLE)
    if draft.informed_at is not None and draft.informed_at < checked_at:
        raise Invalid(_("Someone cannot have been told before the check."), article=ARTICLE)
    if day < civil_date(session.now) - timedelta(days=1):
        raise Conflict(
            _("That day has ended; its checks stay as they are."),
            article=ARTICLE,
            next_step=_("Check the link today and record that."),
        )


def _person(text: str) -> models.Person | None:
    """Return who is meant by a work number, a name, or both as the desk writes them; nobody for no text."""
    wanted = text.strip()
    if not wanted:
        return None
    if wanted.endswith(")") and "(" in wanted:
        wanted = wanted[wanted.rindex("(") + 1 : -1]
    person = models.Person
    active = person.select().where(person.status == PersonStatus.ACTIVE)
    found: list[models.Person] = list(active.where((person.work_number == wanted) | (person.name == wanted)))
    if len(found) != 1:
        raise NotFound(
            _("{who} is not exactly one person of the centre.").format(who=wanted),
            article=ARTICLE,
            next_step=_("Give the work number."),
        )
    return found[0]


def _tell(session: Session, check: models.SpotCheck, link: Link) -> None:
    """Bring a problem to whom it was told, unless they found it themselves."""
    if check.result != CheckResult.PROBLEM or check.informed_id == session.actor.person_id:
        return
    notices.tell_person(
        session,
        check.informed_id,
        notices.PROBLEM_FOUND,
        f"spot_check:{check.id}",
        f"spot_check:{check.id}",
        link=link.label,
        found=check.found,
        who=session.actor.name,
    )


def _row(check: models.SpotCheck) -> CheckRow:
    return CheckRow(
        check.id,
        check.checked_at,
        named(check.checked_by),
        named(check.person),
        CheckResult(check.result),
        check.found,
        named(check.informed),
        check.informed_at,
        check.entered_at,
    )


def link_words(link: Link) -> str:
    """Return what a link is called in the current language."""
    return own_words(link.label, link.label_en)
