"""Which record waited too long, and what its wait breaches: an article of the regulation, or the centre's own rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from regulation.findings import FOLLOWED_UP, OWN_REGISTER_WAITS
from regulation.registers import Register, is_overdue


@dataclass(frozen=True, slots=True)
class Lapse:
    """A record that waited too long: the code of its finding and the article it cites."""

    code: str
    article: int


def lapse_of(register: Register, falls_due_at: datetime | None, now: datetime) -> Lapse | None:
    """Return how a record that fell due then lapses at ``now``, or nothing.

    A ready-made register is judged by the article that asks for its follow-up; those of :data:`FOLLOWED_UP` alone are
    followed up here. A centre's own is judged by the first article it serves, or by the house rule it is.
    """
    if not is_overdue(falls_due_at, now):
        return None
    if register.version:
        return Lapse(OWN_REGISTER_WAITS, register.article)
    article = FOLLOWED_UP.get(register.key)
    return Lapse(f"{register.key}_waits", article) if article is not None else None
