"""The keys of confidential text (Art. 32): shown, copied to another desk, kept on paper, and changed for a new one.

A new key is first in the key file, then the centre's, then every text goes under it, and last the old one leaves the
key file. Whenever that stops, what is there can be read: going on is calling :func:`rotate_key` again.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import models
from locales import _
from operations import cipher, store
from operations.boundary import Actor, Session, reads, writes
from operations.errors import Conflict, Invalid
from operations.permissions import Action
from operations.recovery_code import key_of_recovery, recovery_lines
from operations.sealing import SEALED_TABLES, make_key_file, place_of, sealed_rows

ROTATION_LOCK = 0x7A68_6B65  # "zhke": the advisory lock that one rotating process holds
BATCH = 200

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key: whether it is the centre's current one, whether it is on this machine, and how many texts are under it."""

    number: str
    current: bool
    here: bool
    texts: int
    since: datetime | None


@reads(Action.KEEP_KEYS)
def key_rows(_session: Session) -> tuple[KeyRow, ...]:
    """Return the keys that the centre's texts are under and those of this machine; never a key itself."""
    counts, held = texts_by_key(), cipher.keys()
    known = {row.number: row for row in models.SealingKey.select()}
    numbers = sorted(counts.keys() | known.keys() | held.keys())
    return tuple(
        KeyRow(
            number,
            number in known and known[number].current,
            number in held,
            counts.get(number, 0),
            known[number].since if number in known else None,
        )
        for number in numbers
    )


@writes(Action.KEEP_KEYS)
def export_keys(session: Session, file: Path) -> int:
    """Copy this machine's keys into a file that only its owner can read; returns how many."""
    held = _held()
    try:
        if file.exists():
            raise FileExistsError(17, _("it is there already"))
        cipher.write_private(file, cipher.key_text(held))
    except OSError as error:
        raise Invalid(
            _("{file} cannot be written: {why}.").format(file=file, why=error.strerror),
            article=32,
            next_step=_("Name a new file on a medium that is locked away afterwards."),
        ) from error
    session.about("keys", numbers=list(held), medium="file")
    return len(held)


@writes(Action.KEEP_KEYS)
def recovery_sheet(session: Session) -> Mapping[str, tuple[str, ...]]:
    """Return the recovery code of each key of this machine, to be printed and locked away."""
    held = _held()
    session.about("keys", numbers=list(held), medium="code")
    return {number: recovery_lines(key) for number, key in held.items()}


@writes(Action.KEEP_KEYS)
def import_keys(session: Session, text: str) -> tuple[str, ...]:
    """Add keys to this machine's key file: the text of a key file, or a recovery code; returns their numbers.

    Raises :class:`Invalid` for keys that no text of this centre is under.
    """
    if text.lstrip().startswith("{"):
        try:
            brought = cipher.parse_keys(text)
        except ValueError as error:
            raise Invalid(
                _("The file cannot be used: {why}.").format(why=error),
                article=32,
                next_step=_("Use one that zhiban keys export has written."),
            ) from error
    else:
        key = key_of_recovery(text)
        brought = {key.number: key}
    known = {row.number for row in models.SealingKey.select()} | texts_by_key().keys()
    if known and not known & brought.keys():
        raise Invalid(
            _("No confidential text of this centre is under these keys."),
            article=32,
            next_step=_("Look for the copy of key {number}.").format(number=", ".join(sorted(known))),
        )
    # In front: the last one in the file is what a rotation that was cut short goes on with.
    cipher.keep_keys({**brought, **_readable_keys()})
    session.about("keys", numbers=list(brought), medium="import")
    return tuple(brought)


def rotate_key(actor: Actor, now: datetime, progress: Progress = lambda _count: None) -> str:
    """Give the centre a new key and bring every confidential text under it; returns the new key's number.

    One transaction for every 200 texts. A rotation that was cut short is finished instead of beginning another.
    Raises :class:`Conflict` while another one runs, :class:`operations.cipher.Unreadable` when a text cannot be
    opened: then the old key stays.
    """
    with store.connected(), _one_at_a_time():
        number = begin_rotation(actor, now)
        done = 0
        while count := reseal_some(actor, now):
            done += count
            progress(done)
        for old in end_rotation(actor, now):
            cipher.keep_keys({key.number: key for key in cipher.keys().values() if key.number != old})
    return number


@writes(Action.KEEP_KEYS)
def begin_rotation(session: Session) -> str:
    """Make a new key the centre's current one, unless a rotation that was cut short is to be finished."""
    table = models.SealingKey
    make_key_file()
    if table.select().where(table.current == False).exists():  # noqa: E712  SQL, not Python
        number = str(table.get(table.current == True).number)  # noqa: E712
        session.about("keys", number=number, resumed=True)
        return number
    held = cipher.keys()
    current = table.get_or_none(table.current == True)  # noqa: E712
    if current is not None and current.number not in held:
        raise cipher.no_key(current.number)
    # A key that a rotation brought into the file before it was cut short is taken up again.
    number = next(reversed(held)) if current is not None else ""
    if not number or number == current.number:
        key = cipher.new_key()
        cipher.keep_keys({**held, key.number: key})
        number = key.number
    table.update(current=False).execute()
    table.create(number=number, current=True, since=session.now, set_by=session.actor.work_number)
    session.about("keys", number=number, before=current.number if current is not None else "")
    return number


@writes(Action.KEEP_KEYS)
def reseal_some(session: Session) -> int:
    """Bring the next texts that are under an old key under the current one; returns how many, 0 when all are."""
    table = models.SealingKey
    current = table.get(table.current == True)  # noqa: E712
    key = cipher.keys().get(current.number)
    if key is None:
        raise cipher.no_key(current.number)
    rows = list(islice(_rows_under_old_keys(), BATCH))
    for row in rows:
        fresh = cipher.seal(cipher.unseal(row.sealed, place_of(row)), place_of(row), key)
        row.update(sealed=fresh).where(row._meta.primary_key == row.get_id()).execute()
    session.about("keys", number=key.number, texts=len(rows))
    return len(rows)


@writes(Action.KEEP_KEYS)
def end_rotation(session: Session) -> tuple[str, ...]:
    """Strike the keys that no text is under any more off the centre's list; returns their numbers."""
    table, used = models.SealingKey, texts_by_key()
    gone = [row.number for row in table.select().where(table.current == False) if row.number not in used]  # noqa: E712
    table.delete().where(table.number.in_(gone)).execute()
    session.about("keys", left=gone)
    known = {row.number for row in table.select()} | used.keys()
    held = cipher.keys()
    return tuple(number for number in held if number not in known)


def texts_by_key() -> dict[str, int]:
    """Return how many texts are under each key (inside a transaction)."""
    counts: dict[str, int] = {}
    for table in SEALED_TABLES:
        for row in table.select(table.sealed).where(table.sealed != "").tuples().iterator():
            number = cipher.key_number(row[0])
            counts[number] = counts.get(number, 0) + 1
    return counts


def _rows_under_old_keys() -> Iterator[models.Table]:
    table = models.SealingKey
    for old in list(table.select().where(table.current == False)):  # noqa: E712  SQL, not Python
        for sealed in SEALED_TABLES:
            yield from sealed_rows(sealed, under=old.number)


def _held() -> dict[str, cipher.Key]:
    make_key_file()
    held = cipher.keys()
    if not held:
        raise cipher.NoKey(
            _("There is no key on this machine."),
            article=32,
            next_step=_("Bring it from another desk or from its paper copy: zhiban keys import."),
        )
    return held


def _readable_keys() -> Mapping[str, cipher.Key]:
    """The keys of this machine; a key file that cannot be used is replaced by what is brought."""
    try:
        return cipher.keys()
    except cipher.NoKey:
        return {}


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    refusal = Conflict(
        _("Another rotation of the key is running."),
        article=32,
        next_step=_("Wait until it is done; nothing was changed."),
    )
    if store.is_postgresql():
        execute = models.database.execute_sql
        if not execute(f"SELECT pg_try_advisory_lock({ROTATION_LOCK})").fetchone()[0]:
            raise refusal
        try:
            yield
        finally:
            execute(f"SELECT pg_advisory_unlock({ROTATION_LOCK})")
        return
    lock = Path(f"{store.sqlite_file()}.rotate.lock")
    with lock.open("w") as handle:
        lock.chmod(0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        yield
