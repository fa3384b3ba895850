"""Checking the records (Art. 33): every chain from its first link, every sealed log, and a printed digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
import peewee

import models
from locales import N_, _
from operations import store
from operations.addenda import addendum_links, chain_of
from operations.assessment_check import assessment_breaks
from operations.attendance_check import month_breaks
from operations.boundary import AUDIT_CHAIN, Session, reads
from operations.confidential_check import confidential_breaks
from operations.daily_sections import sealed_section
from operations.errors import Invalid
from operations.permissions import Action
from operations.punches import imported_digests
from regulation.daily_log import content_digest
from regulation.doorlog import hashed_form
from regulation.handover import LogState
from regulation.ledger import Break, Head, Link, check_chain

DOOR_CHAIN = "door:"
ADDENDA = "addenda"
SHORTEST_DIGEST = 8
TELL_RECORDS = 1000
# What seals a log: the incoming signature, or the outgoing one alone where no shift follows.
SEALING = ("sign_in_take_over", "close_alone")


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked: the head of every chain that holds, the breaks, and where a printed digest was met."""

    heads: tuple[Head, ...]
    breaks: tuple[Break, ...]
    sealed_logs: int
    met: str
    # Confidential texts that could not be checked for want of their key.
    unread: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, removed or cut."""
        return not self.breaks


@reads(Action.VERIFY)
def verify(
    _session: Session, digest: str | None = None, tell: Callable[[int, int], None] | None = None
) -> VerifyReport:
    """Follow every chain, every sealed log and its addenda, every submitted month, every assessment, and every
    confidential text.

    ``digest`` is what stands on signed paper: at least eight hexadecimal digits of a chain's head or of a sealed
    shift's digest, spaces allowed. A digest that is nowhere to be found means records were cut off or rewritten.
    ``tell`` hears how many records of how many were followed; what it raises ends the check.
    """
    wanted = _plain_digest(digest) if digest else ""
    heads: list[Head] = []
    breaks: list[Break] = []
    met = ""
    done = _Progress(tell)
    with _damaged_text_readable():
        for chain, links in _chains():
            seen = _Watch(wanted, done)
            result = check_chain(chain, seen.passing(links()))
            (breaks if isinstance(result, Break) else heads).append(result)  # type: ignore[arg-type]
            met = met or (f"{chain} {seen.at}" if seen.at else "")
        # An audit chain that does not hold is no witness for or against a sealed log.
        witness = all(found.chain != AUDIT_CHAIN for found in breaks)
        logs, log_breaks, met_log = _sealed_logs(wanted, _audited_digests() if witness else None)
        addenda_breaks, met_addendum = _addenda_breaks(wanted, _audited_addenda() if witness else None)
        months, met_month = month_breaks(wanted, audited=witness)
        sent, met_sent = assessment_breaks(wanted, audited=witness)
    sealed_breaks, unread = confidential_breaks()
    breaks.extend([*months, *sent, *sealed_breaks, *log_breaks, *addenda_breaks])
    breaks.extend(_witnessed_breaks() if witness else [])
    met = met or met_log or met_addendum or met_month or met_sent
    if wanted and not met:
        breaks.append(
            Break(_("printed digest"), 0, N_("records up to the printed digest are missing or rewritten"))
        )
    return VerifyReport(tuple(heads), tuple(breaks), logs, met, unread)


def day_digest(shift_digests: list[str]) -> str:
    """Return the digest of a sealed day: SHA-256 over its shifts' digests in order of time."""
    return hashlib.sha256("".join(shift_digests).encode()).hexdigest()


def chain_heads() -> tuple[Head, ...]:
    """Return the present heads of all chains without following them (inside a transaction)."""
    heads = []
    audit = models.AuditRecord
    last = audit.select().where(audit.chain == AUDIT_CHAIN).order_by(audit.sequence.desc()).first()
    if last is not None:
        heads.append(Head(AUDIT_CHAIN, last.sequence, last.hash))
    for kiosk in _kiosks():
        event = models.DoorEvent
        last = event.select().where(event.kiosk == kiosk).order_by(event.sequence.desc()).first()
        if last is not None:
            heads.append(Head(DOOR_CHAIN + kiosk, last.sequence, last.hash))
    return tuple(heads)


@dataclass(slots=True)
class _Progress:
    """Counts the records of the long chains as they go by."""

    tell: Callable[[int, int], None] | None = None
    done: int = 0
    total: int = 0

    def passed(self) -> None:
        if self.tell is None:
            return
        if not self.total:
            self.total = models.AuditRecord.select().count() + models.DoorEvent.select().count()
        if self.done % TELL_RECORDS == 0:
            self.tell(self.done, self.total)
        self.done += 1


@dataclass(slots=True)
class _Watch:
    """Notes where on a chain a wanted hash goes by."""

    wanted: str
    progress: _Progress = field(default_factory=_Progress)
    at: int = 0

    def passing(self, links: Iterator[Link]) -> Iterator[Link]:
        for link in links:
            self.progress.passed()
            if self.wanted and link.hash.startswith(self.wanted):
                self.at = link.sequence
            yield link


def _chains() -> Iterator[tuple[str, Callable[[], Iterator[Link]]]]:
    for chain in _audit_chains():
        yield chain, lambda chain=chain: _audit_links(chain)  # type: ignore[misc]
    for kiosk in _kiosks():
        yield DOOR_CHAIN + kiosk, lambda kiosk=kiosk: _door_links(kiosk)  # type: ignore[misc]


def _addenda_breaks(wanted: str, audited: set[str] | None) -> tuple[list[Break], str]:
    """Follow the addenda of every log from its digest; those the audit chain tells of must all be there."""
    breaks, met = [], ""
    log = models.ShiftLog
    lost = set(audited or ())
    for row in log.select().where(log.id.in_(models.Addendum.select(models.Addendum.log))):
        seen = _Watch(wanted)
        links = list(seen.passing(addendum_links(row)))
        result = check_chain(chain_of(row), links, start=Head(chain_of(row), 0, row.digest))
        if isinstance(result, Break):
            breaks.append(result)
        elif audited is not None and not {link.hash for link in links} <= audited:
            breaks.append(Break(chain_of(row), len(links), N_("the record was changed")))
        lost -= {link.hash for link in links}
        met = met or (f"{chain_of(row)} {seen.at}" if seen.at else "")
    breaks += [Break(ADDENDA, 0, N_("a record is missing")) for _hash in lost]
    return breaks, met


def _witnessed_breaks() -> list[Break]:
    """What lies under no digest of its own: the audit chain is its witness."""
    return [*_counter_signature_breaks(), *_punch_breaks()]


def _punch_breaks() -> list[Break]:
    """The punches of each file are those that the audit chain says were taken over, and there are no others."""
    record = models.AuditRecord
    told = record.select(record.subject, record.detail).where(record.action == "write_imported_punches")
    audited = {row.subject: row.detail.get("digest", "") for row in told}
    found = {f"punches:{brought_by}": digest for brought_by, digest in imported_digests().items()}
    return [
        Break(subject, 0, N_("the record was changed") if subject in found else N_("a record is missing"))
        for subject in sorted(audited.keys() | found.keys())
        if audited.get(subject) != found.get(subject)
    ]


def _counter_signature_breaks() -> list[Break]:
    """A signature that came after the sealing is under no digest: the audit chain is its witness."""
    handover, record = models.Handover, models.AuditRecord
    breaks = []
    for row in handover.select().where(handover.alone_reason != "", handover.signed_in_by.is_null(False)):
        told = record.select().where(
            record.action == "counter_sign",
            record.subject == f"handover:{row.id}",
            record.actor == row.signed_in_by.work_number,
            record.at == row.signed_in_at,
        )
        if not told.exists():
            breaks.append(Break(f"handover:{row.id}", row.id, N_("the record was changed")))
    return breaks


def _audited_addenda() -> set[str]:
    record = models.AuditRecord
    query = record.select(record.detail).where(record.action == "add_addendum")
    return {row.detail.get("hash", "") for row in query}


def _kiosks() -> list[str]:
    event, state = models.DoorEvent, models.KioskState
    seen = {row.kiosk for row in event.select(event.kiosk).distinct()} | {
        s.kiosk for s in state.select(state.kiosk)
    }
    return sorted(seen)


def _audit_chains() -> list[str]:
    # A record whose chain was renamed must not drop out of sight.
    record = models.AuditRecord
    return sorted({AUDIT_CHAIN} | {row.chain for row in record.select(record.chain).distinct()})


def _audit_links(chain: str) -> Iterator[Link]:
    record = models.AuditRecord
    names = [f for f in record._meta.sorted_field_names if f not in ("previous", "hash")]
    query = record.select().where(record.chain == chain).order_by(record.sequence)
    yield from _links(chain, query.iterator(), names)


def _door_links(kiosk: str) -> Iterator[Link]:
    event = models.DoorEvent
    query = event.select().where(event.kiosk == kiosk).order_by(event.sequence)
    yield from _links(kiosk, query.iterator(), event._meta.sorted_field_names, hashed_form)
    state = models.KioskState.get_or_none(models.KioskState.kiosk == kiosk)
    head = event.select(event.sequence).where(event.kiosk == kiosk).order_by(event.sequence.desc()).first()
    stored = head.sequence if head is not None else 0
    # The cursor outlives a cut tail: what the kiosk was told had arrived must still be here.
    if state is not None and state.sequence > stored:
        yield Link(kiosk, state.sequence + 1, "", "", {})


def _links(
    chain: str,
    rows: Iterator[models.Table],
    names: Sequence[str],
    form: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> Iterator[Link]:
    sequence = 0
    try:
        for row in rows:
            sequence = row.sequence
            yield Link(chain, sequence, row.previous, row.hash, form({n: getattr(row, n) for n in names}))
    except (ValueError, peewee.OperationalError):
        # A byte that no longer reads as an instant or as JSON: the record there was changed.
        yield Link(chain, sequence + 1, "", "", {})


def _sealed_logs(wanted: str, audited: dict[str, str] | None) -> tuple[int, list[Break], str]:
    log = models.ShiftLog
    count, breaks, met = 0, [], ""
    days: dict[date, list[str]] = {}
    for row in log.select().where(log.state == LogState.SEALED).order_by(log.starts_at):
        count += 1
        name = f"log:{row.date.isoformat()} {row.shift_type.code}"
        try:
            found = content_digest(sealed_section(row))
        except msgspec.DecodeError:
            found = ""
        known = audited is None or audited.pop(row.digest, "")
        if found != row.digest or not known:
            breaks.append(Break(name, row.id, N_("the sealed log was changed")))
        elif wanted and row.digest.startswith(wanted):
            met = name
        days.setdefault(row.date, []).append(row.digest)
    breaks += [Break(subject, 0, N_("the sealed log was changed")) for subject in (audited or {}).values()]
    for day, digests in days.items():
        if wanted and day_digest(digests).startswith(wanted):
            met = f"day:{day.isoformat()}"
    return count, breaks, met


def _audited_digests() -> dict[str, str]:
    """The digests that the audit chain says were sealed, and by which handover.

    A log that was rewritten together with its digest shows against them, and so does one that is gone.
    """
    record = models.AuditRecord
    query = record.select(record.subject, record.detail).where(record.action.in_(SEALING))
    return {row.detail.get("digest", ""): row.subject for row in query}


@contextmanager
def _damaged_text_readable() -> Iterator[None]:
    """Let bytes that are no UTF-8 any more be read, as something that cannot match its hash."""
    if store.is_postgresql():
        yield
        return
    connection = models.database.connection()
    connection.text_factory = lambda raw: raw.decode(errors="backslashreplace")
    try:
        yield
    finally:
        connection.text_factory = str


def _plain_digest(digest: str) -> str:
    plain = "".join(digest.split()).lower()
    if len(plain) < SHORTEST_DIGEST or any(c not in "0123456789abcdef" for c in plain):
        raise Invalid(
            _("A printed digest has at least {least} of the digits 0-9 and a-f.").format(
                least=SHORTEST_DIGEST
            ),
            next_step=_("Type it as it stands at the foot of the page."),
        )
    return plain
