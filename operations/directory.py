"""The confidential directory of the machine room (Art. 28): masked for everyone, revealed by role or name, with a reason.

It is never printed, exported, or sent to a door. A number is shown for ``reveal_seconds`` and then hides itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import models
from locales import _
from operations.boundary import Actor, Session, reads, writes
from operations.centre import limits_at
from operations.errors import Invalid, NotFound, NotPermitted
from operations.findings import keep_finding
from operations.permissions import Action
from operations.readers import kept_readers, readers_in_words, readers_of
from operations.readings import REFUSED
from operations.sealing import READERS, keep_sealed, words_in
from regulation.confidentiality import masked_number, may_read, reveal_ends_at

LONGEST_NAME, LONGEST_NUMBER, LONGEST_NOTE, LONGEST_REASON = 80, 64, 500, 200


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number as everyone may see it. ``readable`` says whether this reader may have it revealed."""

    id: int
    name: str
    masked: str
    readers: tuple[str, ...]
    readable: bool


@dataclass(frozen=True, slots=True)
class RevealedNumber:
    """A number shown to someone, until ``hides_at``."""

    id: int
    name: str
    number: str
    note: str
    hides_at: datetime


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A number to be kept; without roles and work numbers it is for the leaders."""

    name: str
    number: str
    note: str = ""
    for_roles: tuple[str, ...] = ()
    for_people: tuple[str, ...] = ()


@reads(Action.ASK_CONFIDENTIAL)
def directory(session: Session) -> tuple[NumberRow, ...]:
    """Return the directory, masked, by name."""
    number = models.DirectoryNumber
    rows = number.select().where(number.retired_at.is_null()).order_by(number.name, number.id)
    return tuple(
        NumberRow(row.id, row.name, row.masked, readers_in_words(row), _may_see(row, session.actor))
        for row in rows
    )


@writes(Action.KEEP_DIRECTORY)
def add_number(session: Session, new: NewNumber) -> int:
    """Put a number into the directory; returns its id."""
    fields = (("name", LONGEST_NAME), ("number", LONGEST_NUMBER), ("note", LONGEST_NOTE))
    said = {name: getattr(new, name).strip() for name, _longest in fields}
    if not said["name"] or not said["number"]:
        raise Invalid(_("A number of the directory needs a name and a number."), article=28)
    if any(len(said[name]) > longest for name, longest in fields):
        raise Invalid(_("Something is too long for its line."), article=28)
    readers = kept_readers(new.for_roles, new.for_people)
    row = models.DirectoryNumber.create(
        name=said["name"],
        masked=masked_number(said["number"]),
        readers=readers,
        set_by=session.actor.work_number,
        set_at=session.now,
    )
    words = {"number": said["number"], "note": said["note"], READERS: readers}
    keep_sealed(row, words, session.now, session.actor.work_number)
    session.about(f"number:{row.id}", name=said["name"])
    return int(row.id)


@writes(Action.KEEP_DIRECTORY)
def remove_number(session: Session, number_id: int) -> None:
    """Take a number off the directory and forget it; who read it stays on record."""
    row = _number(number_id)
    table = models.DirectoryNumber
    table.update(retired_at=session.now, sealed="", masked="").where(table.id == row.id).execute()
    session.about(f"number:{row.id}", name=row.name)


def reveal_number(actor: Actor, now: datetime, number_id: int, reason: str) -> RevealedNumber:
    """Show a number to whoever may have it, with the reason on record (Art. 28).

    Raises :class:`NotPermitted` for anyone else: that is on record too, and a finding once a day; and
    :class:`operations.cipher.Unreadable` where it cannot be opened.
    """
    revealed = ask_for_number(actor, now, number_id, reason)
    if revealed is None:
        raise NotPermitted(
            _("This number is not yours to know."),
            article=28,
            next_step=_("Ask the shift leader on duty to place the call."),
        )
    return revealed


@writes(Action.ASK_CONFIDENTIAL)
def ask_for_number(session: Session, number_id: int, reason: str) -> RevealedNumber | None:
    """Reveal a number to whoever may have it; else record that it was asked for and return ``None``."""
    row = _number(number_id)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(_("Say what the number is needed for, in a sentence."), article=28)
    session.about(f"number:{row.id}", name=row.name, reason=reason.strip())
    if not _may_see(row, session.actor):
        session.about(session.subject, **{REFUSED: True})
        day, person = session.now.date().isoformat(), session.actor.person_id or None
        source = f"asked:number:{row.id}:{person}:{day}"
        keep_finding(session, source, "number_asked", [session.subject], person_id=person, name=row.name)
        return None
    words = words_in(row)
    hides_at = reveal_ends_at(session.now, limits_at(session.now))
    return RevealedNumber(row.id, row.name, words["number"], words["note"], hides_at)


def _may_see(row: models.DirectoryNumber, actor: Actor) -> bool:
    return actor.person_id != 0 and may_read(readers_of(row), None, actor.person_id, actor.role)


def _number(number_id: int) -> models.DirectoryNumber:
    number = models.DirectoryNumber
    row: models.DirectoryNumber | None = number.get_or_none(
        number.id == number_id, number.retired_at.is_null()
    )
    if row is None:
        raise NotFound(_("There is no such number in the directory."), article=28)
    return row
