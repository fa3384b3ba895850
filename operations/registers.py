"""Keeping registers (台账): a record is made, moved on step by step, corrected; nothing of its story is ever lost.

Who may is the register's own word (:mod:`regulation.registers`); the permission asked for here only says that somebody
works in the centre.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import models
from locales import N_, _
from operations.boundary import Actor, Session, writes
from operations.centre import civil_date, limits_at, zone
from operations.errors import Conflict, Invalid, NotPermitted
from operations.permissions import Action
from operations.register_definitions import register_named
from operations.register_people import PeopleBook
from operations.register_records import (
    RecordRefused,
    facts_of,
    keep_step,
    move,
    open_in,
    record_of,
    require_adding,
    rewrite,
    values_from,
)
from regulation.registers import (
    AMENDED,
    FieldProblem,
    Register,
    RegisterStep,
    Value,
    due_at,
    may_amend,
    missing_fields,
    step_refusal,
)
from regulation.roles import Role

LONGEST_NOTE = 400
MOST_AT_ONCE = 500
# Art. 4: whoever reports without a name leaves none, in the record as in the audit.
NOBODY = Actor(0, "anonymous", "anonymous", Role.OUTSIDE_VISITOR)


@writes(Action.KEEP_REGISTERS)
def open_record(session: Session, register: str, texts: Mapping[str, str], *, anonymous: bool = False) -> int:
    """Write a new record from the texts of its fields; returns its id. ``anonymous`` keeps no name of the reporter.

    Raises ``RecordRefused`` for what cannot be used, and :class:`NotPermitted` where the role adds nothing.
    """
    kept = _addable(session, register)
    if anonymous:
        if not kept.anonymous:
            raise Invalid(_("A record of this register carries a name."), article=kept.article)
        session.actor = NOBODY
    record = open_in(session, kept, values_from(kept, texts))
    session.about(f"register:{kept.key}:{record.number}", record=record.id)
    return int(record.id)


@writes(Action.KEEP_REGISTERS)
def open_records(
    session: Session, register: str, texts: Mapping[str, str], work_numbers: Sequence[str]
) -> tuple[int, ...]:
    """Write the same record for many people at once, all or none; returns the ids in their order."""
    kept = _addable(session, register)
    if not kept.about:
        raise Invalid(_("A record of this register is about nobody."), article=kept.article)
    people = list(dict.fromkeys(work_numbers))
    if not 0 < len(people) <= MOST_AT_ONCE:
        raise Invalid(_("Choose from 1 to {most} people.").format(most=MOST_AT_ONCE), article=kept.article)
    book = PeopleBook()
    made = [
        open_in(session, kept, values_from(kept, {**texts, kept.about: number}, book)) for number in people
    ]
    session.about(f"register:{kept.key}", people=people, numbers=[made[0].number, made[-1].number])
    return tuple(int(record.id) for record in made)


@writes(Action.KEEP_REGISTERS)
def take_step(
    session: Session, record_id: int, step: str, texts: Mapping[str, str] | None = None, note: str = ""
) -> None:
    """Take a record a step further, with what the step fills and a note.

    Raises :class:`Conflict` when the record has moved on, :class:`NotPermitted` for whoever may not take the step
    (Art. 4: no one reported closes the report), ``RecordRefused`` for what is missing.
    """
    record, register = record_of(session, record_id)
    known = register.step_named(step)
    if known is None:
        raise Invalid(_("This register has no step {step}.").format(step=step[:40]))
    _require_step(session, record, register, known)
    values = _step_values(session, record, register, known, texts or {})
    move(session, record, register, known.key, register.state_named(known.target), values, _note(note, known))
    if known.replaces:
        _replace_earlier(session, record, register, known)
    session.about(f"register:{register.key}:{record.number}", record=record.id, step=known.key)


@writes(Action.KEEP_REGISTERS)
def amend_record(
    session: Session, record_id: int, texts: Mapping[str, str], reason: str, version: int
) -> None:
    """Correct fields of a record that was seen as ``version``; an empty text empties a field. The old values stay.

    Raises :class:`NotPermitted` for whoever does not keep the register, :class:`Conflict` when it was changed meanwhile.
    """
    record, register = record_of(session, record_id)
    article = register.article
    if not may_amend(register, session.actor.role, session.actor.person_id, facts_of(record)):
        raise NotPermitted(
            _("Only those who keep this register correct it, and nobody what is said of themselves."),
            article=article,
            next_step=_("Ask another leader."),
        )
    if record.version != version:
        raise Conflict(_("Somebody else changed this record meanwhile."), next_step=_("Load it again."))
    if not reason.strip():
        raise Invalid(_("A correction needs its reason."), article=article)
    if not texts:
        raise Invalid(_("Nothing was changed."), article=article)
    values = values_from(register, texts)
    emptied: dict[str, Value] = {key: "" for key in texts if key not in values}
    merged = {key: value for key, value in record.values.items() if key not in emptied} | values
    if problems := missing_fields(register, merged):
        raise RecordRefused(register, problems)
    state = register.state_named(record.state)
    if state.runs_until in texts or state.due_from in values:
        record.due_at = due_at(state, merged, session.now, limits_at(session.now), zone())
    rewrite(record, register, merged)
    keep_step(session, record, AMENDED, reason.strip()[:LONGEST_NOTE], emptied | values)
    session.about(f"register:{register.key}:{record.number}", record=record.id, fields=sorted(texts))


def _addable(session: Session, key: str) -> Register:
    register = register_named(key)
    require_adding(session, register)
    return register


def _require_step(
    session: Session, record: models.RegisterRecord, register: Register, step: RegisterStep
) -> None:
    refusal = step_refusal(register, step, facts_of(record), session.actor.role, session.actor.person_id)
    if refusal is None:
        return
    words = {name: _(text) for name, text in refusal.details.items()}
    kind = Conflict if refusal.code == "state" else NotPermitted
    raise kind(_(refusal.text).format(**words), article=refusal.article, next_step=_(refusal.next_step))


def _step_values(
    session: Session,
    record: models.RegisterRecord,
    register: Register,
    step: RegisterStep,
    texts: Mapping[str, str],
) -> dict[str, Value]:
    open_to_it = {*step.needs, *step.asks, step.stamps}
    if problems := [
        FieldProblem(key, N_("This step does not change it.")) for key in texts if key not in open_to_it
    ]:
        raise RecordRefused(register, problems)
    values = values_from(register, texts)
    if step.stamps and step.stamps not in values:
        values[step.stamps] = civil_date(session.now).isoformat()
    if missing := missing_fields(register, {**record.values, **values}, step.needs):
        raise RecordRefused(register, missing)
    return values


def _replace_earlier(
    session: Session, record: models.RegisterRecord, register: Register, step: RegisterStep
) -> None:
    """Art. 26: whoever signs anew is bound by the new undertaking alone."""
    row = models.RegisterRecord
    earlier = row.select().where(
        row.about == record.about_id,
        row.register == register.key,
        row.state == step.target,
        row.id != record.id,
    )
    for old in list(earlier):
        move(session, old, register, step.replaces, register.state_named(step.replaces), {}, "")


def _note(note: str, step: RegisterStep) -> str:
    note = note.strip()
    if step.needs_note and not note:
        raise Invalid(_("This step needs a reason."))
    if len(note) > LONGEST_NOTE:
        raise Invalid(_("A note has at most {most} signs.").format(most=LONGEST_NOTE))
    return note
