"""Typing tests (Art. 10): judged here from what was typed, kept on the register of skills, and read over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date, limits_at
from operations.errors import Invalid, NotFound, NotPermitted
from operations.people import person_by_number
from operations.permissions import Action
from operations.register_records import open_in
from regulation.limits import Limits
from regulation.register_training import SKILL_TEST
from regulation.registers import Value, Values, may_add
from regulation.typing_passages import PASSAGES, Passage
from regulation.typing_test import (
    LONGEST_SECONDS,
    SHORTEST_SECONDS,
    TypingResult,
    passage_for,
    typing_is_passed,
    typing_result,
)

TYPING = "typing"
MOST_SIGNS = 20_000
MOST_RESULTS = 400


@dataclass(frozen=True, slots=True)
class TypingOutcome:
    """A test that was kept: ``number`` is the record's in the register."""

    number: int
    result: TypingResult
    passed: bool


@dataclass(frozen=True, slots=True)
class TypingRecord:
    """A test of the past: signs a minute and percent, and whether that is enough today."""

    tested_on: date
    passage: str
    speed: int
    accuracy: int
    passed: bool


@dataclass(frozen=True, slots=True)
class TypingHistory:
    """Somebody's tests, the oldest first, what is asked of them, and the text they type next."""

    work_number: str
    name: str
    records: tuple[TypingRecord, ...]
    asked_speed: int
    asked_accuracy: int
    following: Passage


@writes(Action.KEEP_REGISTERS)
def keep_typing_test(
    session: Session, work_number: str, passage_key: str, typed: str, seconds: int
) -> TypingOutcome:
    """Judge what somebody typed in so many seconds and keep the result. Everybody tests themselves; trainers test others.

    Raises :class:`NotPermitted`, :class:`NotFound` for a text there is none of, :class:`Invalid` for no test at all.
    """
    person = person_by_number(work_number)
    _require_own(session, person)
    passage = passage_named(passage_key)
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS or len(typed) > MOST_SIGNS:
        raise Invalid(
            _("A typing test takes from {least} to {most} seconds.").format(
                least=SHORTEST_SECONDS, most=LONGEST_SECONDS
            ),
            article=10,
        )
    result = typing_result(passage.text, typed, seconds)
    values: dict[str, Value] = {
        "person": person.work_number,
        "skill": TYPING,
        "tested_on": civil_date(session.now).isoformat(),
        "passage": passage.key,
        "speed": str(result.speed),
        "accuracy": str(result.accuracy),
        "seconds": str(seconds),
    }
    record = open_in(session, SKILL_TEST, values)
    session.about(f"register:{SKILL_TEST.key}:{record.number}", record=record.id, speed=result.speed)
    passed = typing_is_passed(result.speed, result.accuracy, limits_at(session.now))
    return TypingOutcome(int(record.number), result, passed)


@reads(Action.READ_REGISTERS)
def typing_history(session: Session, work_number: str) -> TypingHistory:
    """Return somebody's typing tests; others than trainers read their own."""
    person = person_by_number(work_number)
    _require_own(session, person)
    row = models.RegisterRecord
    kept = list(
        row.select()
        .where(row.register == SKILL_TEST.key, row.about == person.id)
        .order_by(row.day.desc(), row.id.desc())
        .limit(MOST_RESULTS)
    )
    limits = limits_at(session.now)
    records = tuple(
        _record(r.day, r.values, limits) for r in reversed(kept) if r.values.get("skill") == TYPING
    )
    return TypingHistory(
        person.work_number,
        person.name,
        records,
        limits["typing_signs_a_minute"],
        limits["typing_accuracy_percent"],
        passage_for(PASSAGES, [record.passage for record in records]),
    )


def passage_named(key: str) -> Passage:
    """Return the text with a key. Raises :class:`NotFound`."""
    for passage in PASSAGES:
        if passage.key == key:
            return passage
    raise NotFound(
        _("There is no text {key}.").format(key=key[:40]),
        next_step=_("There are: {codes}.").format(codes=", ".join(passage.key for passage in PASSAGES)),
    )


def _require_own(session: Session, person: models.Person) -> None:
    if person.id == session.actor.person_id or may_add(SKILL_TEST, session.actor.role):
        return
    if session.actor.person_id == 0 and not SKILL_TEST.need_to_know:
        return
    raise NotPermitted(
        _("Only trainers test the skills of others."),
        article=10,
        next_step=_("Ask the shift leader on duty."),
    )


def _record(day: date, values: Values, limits: Limits) -> TypingRecord:
    # A result from a file may lack one of the two, or hold a fraction.
    speed, accuracy = (int(float(str(values.get(key, "0")))) for key in ("speed", "accuracy"))
    passage = str(values.get("passage", ""))
    return TypingRecord(day, passage, speed, accuracy, typing_is_passed(speed, accuracy, limits))
