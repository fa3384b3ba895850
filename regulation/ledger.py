"""Append-only, tamper-evident records (Art. 33): canonical bytes, the hash chain, and its check.

Each writer keeps a chain of its own. A record's hash covers the hash before it and every field of the record,
so changing a byte, removing a row or adding one in between shows. Cutting the tail shows against a head that
was printed on signed paper.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from regulation.marking import N_

GENESIS = "0" * 64


def canonical(fields: Mapping[str, Any]) -> bytes:
    """Return the one byte form of ``fields``: JSON, keys sorted, UTF-8, instants in UTC to the microsecond."""
    return json.dumps(
        fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False
    ).encode()


def chain_hash(previous: str, fields: Mapping[str, Any]) -> str:
    """Return the hash of a record that follows ``previous`` (64 hexadecimal digits, SHA-256)."""
    return hash_after(previous, canonical(fields))


def hash_after(previous: str, body: bytes) -> str:
    """Return the hash of a record, given as its canonical bytes, that follows ``previous``."""
    return hashlib.sha256(previous.encode() + body).hexdigest()


def instant_text(at: datetime) -> str:
    """Return an aware instant as fixed-width text that sorts by time: ``2026-11-23T14:47:12.000000Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


@dataclass(frozen=True, slots=True)
class Link:
    """One stored record of a chain as it is read back: its place, its stored hashes and its fields."""

    chain: str
    sequence: int
    previous: str
    hash: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold. ``why`` is a message without fields."""

    chain: str
    sequence: int
    why: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain that holds: how many records, and the last one's hash."""

    chain: str
    sequence: int
    hash: str


def check_chain(
    chain: str, links: Iterable[Link], expected: Head | None = None, start: Head | None = None
) -> Head | Break:
    """Follow ``links`` (in order of sequence, from the first) and return the head, or the first break.

    ``expected`` is a head known from elsewhere, such as signed paper; it must lie on the chain. ``start`` is where
    a chain begins whose older records are no longer kept with it.
    """
    head = Head(chain, start.sequence, start.hash) if start else Head(chain, 0, GENESIS)
    if expected is not None and 0 < expected.sequence == head.sequence and expected.hash != head.hash:
        return Break(chain, head.sequence, N_("the record differs from the printed digest"))
    met = expected is None or expected.sequence <= head.sequence
    for link in links:
        if why := _break_in(link, head):
            return Break(chain, head.sequence + 1, why)
        head = Head(chain, link.sequence, link.hash)
        if expected is not None and head.sequence == expected.sequence:
            if head.hash != expected.hash:
                return Break(chain, head.sequence, N_("the record differs from the printed digest"))
            met = True
    if not met:
        return Break(chain, head.sequence + 1, N_("records up to the printed digest are missing at the end"))
    return head


def _break_in(link: Link, head: Head) -> str:
    if link.sequence != head.sequence + 1:
        return N_("a record is missing")
    if link.previous != head.hash:
        return N_("the record does not follow the one before it")
    try:
        own = chain_hash(link.previous, link.fields)
    except ValueError:  # a number or a character that no record of ours can hold
        own = ""
    return "" if own == link.hash else N_("the record was changed")
