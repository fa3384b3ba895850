"""Skills that shifts may need, and who has them from when until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.dated_lists import check_words, own_words
from operations.drafts import require_rosterable
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action

ARTICLE = 10


@dataclass(frozen=True, slots=True)
class SkillRow:
    """A skill of the list."""

    code: str
    label: str
    label_en: str

    @property
    def words(self) -> str:
        """Its name in the current language."""
        return own_words(self.label, self.label_en)


@dataclass(frozen=True, slots=True)
class HeldSkill:
    """That a person has a skill; without ``valid_until`` it has no end."""

    person_id: int
    work_number: str
    name: str
    skill: str
    valid_from: date
    valid_until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the person has it on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@reads(Action.READ_DESK)
def skills(_session: Session) -> tuple[SkillRow, ...]:
    """Return the list of skills, by code."""
    return skill_list()


@reads(Action.READ_DESK)
def skill_holders(_session: Session, on: date | None = None) -> tuple[HeldSkill, ...]:
    """Return who has which skill, on a day or (without one) ever, by skill and work number."""
    return tuple(held for held in held_skills() if on is None or held.holds_on(on))


@writes(Action.KEEP_DEMAND)
def set_skill(session: Session, code: str, label: str, label_en: str = "") -> None:
    """Put a skill on the list, or give it other words."""
    code, label, label_en = code.strip(), label.strip(), label_en.strip()
    check_words(code, label, label_en, ARTICLE, "english")
    skill = models.Skill
    if not skill.update(label=label, label_en=label_en).where(skill.code == code).execute():
        skill.create(code=code, label=label, label_en=label_en)
    session.about(f"skill:{code}", label=label, label_en=label_en)


@writes(Action.EDIT_ROSTER)
def grant_skill(
    session: Session, person_id: int, code: str, valid_from: date, valid_until: date | None = None
) -> None:
    """Record that a person has a skill from a day on; another entry of the same first day is replaced.

    Raises :class:`Invalid` for an end before the beginning and :class:`Conflict` when the person has it then already.
    """
    if valid_until is not None and valid_until < valid_from:
        raise Invalid(_("The last day lies before the first."), article=ARTICLE)
    skill = _skill(code)
    person = models.Person.get_or_none(models.Person.id == person_id)
    if person is None:
        raise NotFound(_("There is no such person."))
    require_rosterable(person)
    held = models.PersonSkill
    ours = (held.person == person_id) & (held.skill == skill.id)
    held.delete().where(ours, held.valid_from == valid_from).execute()
    for other in held.select().where(ours):
        ends = other.valid_until or date.max
        if other.valid_from <= (valid_until or date.max) and valid_from <= ends:
            raise Conflict(
                _("{name} has this skill from {date} on already.").format(
                    name=person.name, date=other.valid_from.isoformat()
                ),
                article=ARTICLE,
                next_step=_("End that entry first."),
            )
    held.create(
        person=person_id,
        skill=skill,
        valid_from=valid_from,
        valid_until=valid_until,
        set_by=session.actor.work_number,
        set_at=session.now,
    )
    session.about(
        f"person:{person_id}",
        skill=code,
        valid_from=valid_from.isoformat(),
        valid_until=valid_until.isoformat() if valid_until else None,
    )


@writes(Action.EDIT_ROSTER)
def end_skill(session: Session, person_id: int, code: str, last_day: date) -> None:
    """Let a person have a skill up to ``last_day``; an entry that would have begun later goes away."""
    held, skill = models.PersonSkill, _skill(code)
    ours = (held.person == person_id) & (held.skill == skill.id)
    running = (held.valid_until.is_null()) | (held.valid_until > last_day)
    gone = held.delete().where(ours, held.valid_from > last_day).execute()
    if not held.update(valid_until=last_day).where(ours, running).execute() and not gone:
        raise NotFound(
            _("The person does not have this skill after {date}.").format(date=last_day.isoformat())
        )
    session.about(f"person:{person_id}", skill=code, valid_until=last_day.isoformat())


def skill_list() -> tuple[SkillRow, ...]:
    """Return the list of skills (inside a transaction)."""
    return tuple(
        SkillRow(row.code, row.label, row.label_en)
        for row in models.Skill.select().order_by(models.Skill.code)
    )


def held_skills() -> tuple[HeldSkill, ...]:
    """Return every entry of who has which skill (inside a transaction)."""
    held, skill, person = models.PersonSkill, models.Skill, models.Person
    query = (
        held.select(held, skill, person)
        .join(skill)
        .switch(held)
        .join(person)
        .order_by(skill.code, person.work_number, held.valid_from)
    )
    return tuple(
        HeldSkill(
            row.person_id,
            row.person.work_number,
            row.person.name,
            row.skill.code,
            row.valid_from,
            row.valid_until,
        )
        for row in query
    )


def skilled_by_day(
    held: Sequence[HeldSkill], first: date, last: date
) -> dict[str, tuple[frozenset[int], ...]]:
    """Return who has each skill on each day from ``first`` to ``last``; days alike share one set."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = {}
    for code in sorted({entry.skill for entry in held}):
        entries = [entry for entry in held if entry.skill == code]
        by_day: list[frozenset[int]] = []
        for day in days:
            holders = frozenset(entry.person_id for entry in entries if entry.holds_on(day))
            by_day.append(by_day[-1] if by_day and by_day[-1] == holders else holders)
        found[code] = tuple(by_day)
    return found


def _skill(code: str) -> models.Skill:
    skill: models.Skill | None = models.Skill.get_or_none(models.Skill.code == code)
    if skill is None:
        raise NotFound(_("There is no skill {code} on the list.").format(code=code), article=ARTICLE)
    return skill
