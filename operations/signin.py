"""Signing in with work number and PIN: slow hashes, a rate limit, a forced first change."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import models
from locales import _
from operations import store
from operations.boundary import SYSTEM, Actor, Session, kiosk_actor, write_audit
from operations.errors import Invalid, SignInRefused
from regulation.records import PersonStatus
from regulation.roles import Role

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = [
    "SYSTEM",
    "Actor",
    "change_pin",
    "hash_pin",
    "kiosk_actor",
    "set_duress_pin",
    "sign_in",
    "verify_pin",
]

PIN_MIN_LENGTH = 4
PIN_MAX_LENGTH = 64
FREE_ATTEMPTS = 5
LOCK_BASE = timedelta(seconds=30)
LOCK_LONGEST = timedelta(minutes=30)


def sign_in(work_number: str, pin: str, now: datetime) -> Actor:
    """Return the actor for a right pair of work number and PIN.

    Raises :class:`SignInRefused` for a wrong pair (never saying which half) and while the account rests: from the
    fifth failure in a row it rests 30 s, then twice as long each time, up to half an hour.
    """
    person, actor = _checked(work_number.strip(), pin, now)
    return store.write(lambda: _note_success(person, actor, now, "sign_in"))


def confirm(work_number: str, pin: str, now: datetime) -> Actor:
    """Return the actor for a right pair without signing anyone in: what a signature asks for.

    A PIN that someone else has set is nobody's own credential yet and signs nothing.
    """
    _person, actor = _checked(work_number.strip(), pin, now)
    if actor.must_change_pin:
        raise SignInRefused(
            _("This PIN was set by someone else; it signs nothing."),
            article=21,
            next_step=_("Sign in once and choose your own PIN."),
        )
    return actor


def verify_pin(person_id: int, pin: str, now: datetime) -> Actor:
    """Ask a signed-in person for the PIN again; the same limits apply as at sign-in."""
    with store.connected():
        person = models.Person.get_or_none(models.Person.id == person_id)
    _person, actor = _checked(person.work_number if person else "", pin, now)
    return actor


def change_pin(actor: Actor, now: datetime, old_pin: str, new_pin: str) -> Actor:
    """Replace the actor's PIN. Raises :class:`Invalid` for a new one that is too short, unchanged or too plain."""
    person, _same = _checked(actor.work_number, old_pin, now)
    check_new_pin(actor.work_number, old_pin, new_pin)
    _check_not_duress(person, new_pin)
    hashed = hash_pin(new_pin)

    def run() -> Actor:
        models.Credential.update(pin_hash=hashed, must_change=False, changed_at=now).where(
            models.Credential.person == person.id
        ).execute()
        changed = _actor(person, must_change=False)
        return _note_success(person, changed, now, "change_pin")

    return store.write(run)


def set_duress_pin(actor: Actor, now: datetime, pin: str, duress_pin: str) -> None:
    """Give the actor a second PIN for the door, to be used under threat; an empty one takes it away.

    At the door it works like the other one and tells the leaders in silence (Art. 20). It does not open the desk.
    Raises :class:`Invalid` for one that equals the PIN or is too plain.
    """
    person, same = _checked(actor.work_number, pin, now)
    if same.must_change_pin:
        raise Invalid(_("Choose your own PIN first."), article=20)
    if duress_pin:
        check_new_pin(actor.work_number, pin, duress_pin)
    hashed = hash_pin(duress_pin) if duress_pin else ""

    def run() -> None:
        models.Credential.update(duress_hash=hashed).where(models.Credential.person == person.id).execute()
        _note_success(person, same, now, "set_duress_pin")

    store.write(run)


def _check_not_duress(person: models.Person, new_pin: str) -> None:
    """The two PINs must stay apart: an ordinary one that calls for help would cry wolf at every visitor."""
    _person, credential = store.read(lambda: _credential(person.work_number))
    if credential is not None and credential.duress_hash and _matches(credential.duress_hash, new_pin):
        raise Invalid(_("The new PIN must differ from the one for a threat."), article=20)


def hash_pin(pin: str) -> str:
    """Return the argon2id hash of ``pin``; takes about 0.2 s on purpose."""
    return _hasher().hash(pin)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


def _checked(work_number: str, pin: str, now: datetime) -> tuple[models.Person, Actor]:
    person, credential = store.read(lambda: _credential(work_number))
    if credential is not None and credential.locked_until and now < credential.locked_until:
        raise _resting(credential.locked_until - now)
    # A stranger's number costs the same time as a colleague's, so the answer's delay tells nothing.
    stored = credential.pin_hash if credential is not None else _nobodys_hash()
    right = _matches(stored, pin) and credential is not None
    if not right or person is None or credential is None or person.status != PersonStatus.ACTIVE:
        if person is not None:
            store.write(lambda: _note_failure(person, now))
        raise SignInRefused(
            _("Work number and PIN do not match."),
            next_step=_("Try again, or ask the administrator for a new PIN."),
        )
    return person, _actor(person, must_change=credential.must_change)


def _matches(stored: str, pin: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return bool(_hasher().verify(stored, pin))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return hash_pin("nobody")


def _credential(work_number: str) -> tuple[models.Person | None, models.Credential | None]:
    person = models.Person.get_or_none(models.Person.work_number == work_number)
    credential = models.Credential.get_or_none(models.Credential.person == person.id) if person else None
    return person, credential


def _actor(person: models.Person, *, must_change: bool) -> Actor:
    with store.connected():
        team = person.team.code if person.team_id else ""
    return Actor(person.id, person.work_number, person.name, Role(person.role), team, must_change)


def _note_failure(person: models.Person, now: datetime) -> None:
    credential = models.Credential.get_or_none(models.Credential.person == person.id)
    if credential is None:
        return
    credential.failed_attempts += 1
    over = credential.failed_attempts - FREE_ATTEMPTS
    if over >= 0:
        credential.locked_until = now + min(LOCK_BASE * 2 ** min(over, 10), LOCK_LONGEST)
    credential.save()
    session = Session(Actor(0, person.work_number, person.name, Role(person.role)), now)
    session.about(f"person:{person.id}", failed_attempts=credential.failed_attempts)
    write_audit(session, "sign_in_refused")


def _note_success(person: models.Person, actor: Actor, now: datetime, action: str) -> Actor:
    models.Credential.update(failed_attempts=0, locked_until=None).where(
        models.Credential.person == person.id
    ).execute()
    session = Session(actor, now)
    session.about(f"person:{person.id}")
    write_audit(session, action)
    return actor


def _resting(wait: timedelta) -> SignInRefused:
    minutes, seconds = divmod(int(wait.total_seconds()) + 1, 60)
    return SignInRefused(
        _("Too many wrong attempts. Please wait {minutes} min {seconds} s.").format(
            minutes=minutes, seconds=seconds
        ),
        next_step=_("If you forgot your PIN, ask the administrator for a new one."),
    )


def check_new_pin(work_number: str, old_pin: str, new_pin: str) -> None:
    """Raise :class:`Invalid` for a PIN that is too short, unchanged or too plain."""
    if not PIN_MIN_LENGTH <= len(new_pin) <= PIN_MAX_LENGTH:
        raise Invalid(
            _("A PIN has {least} to {most} characters.").format(least=PIN_MIN_LENGTH, most=PIN_MAX_LENGTH)
        )
    if new_pin == old_pin:
        raise Invalid(_("The new PIN must differ from the old one."))
    if (
        new_pin == work_number
        or len(set(new_pin)) == 1
        or new_pin in "01234567890"
        or new_pin in "09876543210"
    ):
        raise Invalid(
            _("That PIN is too easy to guess."), next_step=_("Avoid rows, repeats and your work number.")
        )
