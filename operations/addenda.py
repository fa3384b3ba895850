"""Late additions to a sealed log (Art. 25, 33): signed, marked, and chained from the log's digest.

The sealed text never changes. An addendum follows the one before it by hash, the first one the digest itself, so
none can be changed, put between, or moved to another log unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import models
from locales import _
from operations import signin
from operations.boundary import Session, require, signed_write, write_audit
from operations.errors import Conflict, Invalid
from operations.handover_records import log_by_id
from operations.permissions import Action
from operations.search_index import addendum_document, keep_found
from regulation.daily_log import AddendumLine, Named
from regulation.handover import LogState
from regulation.ledger import Link, chain_hash

CHAIN = "addenda:"
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class AddendumRow:
    """An addendum as it is shown; ``hash`` is its link of the chain, 64 hexadecimal digits."""

    sequence: int
    at: datetime
    author: str
    work_number: str
    text: str
    hash: str


def add_addendum(work_number: str, pin: str, now: datetime, log_id: int, text: str) -> str:
    """Add to a sealed log with one's own credential; returns the addendum's hash.

    Raises :class:`Conflict` for a log that is not sealed: what is still open is written as an entry.
    """
    actor = signin.confirm(work_number, pin, now)
    return signed_write(actor, now, lambda session: _add(session, log_id, text.strip()), "add_addendum")


def addendum_rows(log: models.ShiftLog) -> tuple[AddendumRow, ...]:
    """Return a log's addenda in order (inside a transaction)."""
    return tuple(
        AddendumRow(a.sequence, a.at, a.author.name, a.author.work_number, a.text, a.hash)
        for a in _addenda(log.id)
    )


def addendum_lines(log: models.ShiftLog) -> tuple[AddendumLine, ...]:
    """Return a log's addenda as the daily log prints them (inside a transaction)."""
    return tuple(
        AddendumLine(a.at, Named(a.author.name, a.author.work_number), a.text, a.hash)
        for a in _addenda(log.id)
    )


def addendum_links(log: models.ShiftLog) -> Iterator[Link]:
    """Yield a log's addenda as the links of their chain, for whoever follows it (inside a transaction)."""
    for a in _addenda(log.id):
        yield Link(chain_of(log), a.sequence, a.previous, a.hash, _fields(a))


def chain_of(log: models.ShiftLog) -> str:
    """Return the name of a log's chain of addenda."""
    return f"{CHAIN}{log.date.isoformat()} {log.shift_type.code}"


def _add(session: Session, log_id: int, text: str) -> str:
    require(session.actor, Action.WRITE_LOG)
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise Invalid(_("An addendum has 1 to {most} characters.").format(most=LONGEST_TEXT), article=25)
    log = log_by_id(log_id)
    if log.state != LogState.SEALED:
        raise Conflict(
            _("Only a sealed log takes addenda."), article=25, next_step=_("Write it as an entry instead.")
        )
    before = _addenda(log_id)
    previous = before[-1].hash if before else log.digest
    addendum = models.Addendum(
        log=log,
        sequence=len(before) + 1,
        at=session.now,
        author=session.actor.person_id,
        text=text,
        previous=previous,
    )
    addendum.hash = chain_hash(previous, _fields(addendum))
    addendum.save(force_insert=True)
    keep_found(addendum_document(addendum))
    session.about(f"log:{log_id}", sequence=addendum.sequence, hash=addendum.hash)
    write_audit(session, "add_addendum")
    return str(addendum.hash)


def _addenda(log_id: int) -> list[models.Addendum]:
    addendum = models.Addendum
    query = addendum.select(addendum, models.Person).join(models.Person)
    return list(query.where(addendum.log == log_id).order_by(addendum.sequence))


def _fields(addendum: models.Addendum) -> dict[str, Any]:
    return {
        "log": addendum.log_id,
        "sequence": addendum.sequence,
        "at": addendum.at,
        "author": addendum.author_id,
        "text": addendum.text,
    }
