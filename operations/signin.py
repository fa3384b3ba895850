"""Signing in with work number and PIN: slow hashes, a rate limit, a forced first change."""

from __future__ import annotations

import hashlib
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
# This long after the last wrong PIN, or the last rest, a number's failures count from the start again.
FORGOTTEN_AFTER = timedelta(days=1)
EARLIER_PINS = 3


def sign_in(work_number: str, pin: str, now: datetime) -> Actor:
    """Return the actor for a right pair of work number and PIN.

    Raises :class:`SignInRefused` for a wrong pair (never saying which half) and while the number rests: from the
    fifth failure in a row it rests 30 s, then twice as long each time, up to half an hour. A number that nobody has
    rests as a colleague's does: no answer tells which numbers there are.
    """
    person, actor = _checked(work_number.strip(), pin, now)
    return store.write(lambda: _note(person, actor, now, "sign_in"))


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
    """Replace the actor's PIN.

    Raises :class:`Invalid` for a new one that is too short, too plain, unchanged, or one of the last few.
    """
    person, _same = _checked(actor.work_number, old_pin, now)
    check_new_pin(actor.work_number, old_pin, new_pin)
    _check_not_duress(person, new_pin)
    _check_not_earlier(person, new_pin)
    hashed = hash_pin(new_pin)

    def run() -> Actor:
        _remember_pin(person, now)
        models.Credential.update(pin_hash=hashed, must_change=False, changed_at=now).where(
            models.Credential.person == person.id
        ).execute()
        changed = _actor(person, must_change=False)
        return _note(person, changed, now, "change_pin")

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
        _note(person, same, now, "set_duress_pin")

    store.write(run)


def _check_not_duress(person: models.Person, new_pin: str) -> None:
    """The two PINs must stay apart: an ordinary one that calls for help would cry wolf at every visitor."""
    _person, credential = store.read(lambda: _credential(person.work_number))
    if credential is not None and credential.duress_hash and _matches(credential.duress_hash, new_pin):
        raise Invalid(_("The new PIN must differ from the one for a threat."), article=20)


def _check_not_earlier(person: models.Person, new_pin: str) -> None:
    """A PIN that went round once has been seen: one of the last few does not come back."""
    hashes = store.read(lambda: [row.pin_hash for row in _earlier_pins(person)])
    if any(_matches(kept, new_pin) for kept in hashes[:EARLIER_PINS]):
        raise Invalid(
            _("That is one of your last PINs."),
            next_step=_("Choose one you have not had among the last {count}.").format(count=EARLIER_PINS),
        )


def _remember_pin(person: models.Person, now: datetime) -> None:
    """Keep the PIN that is about to be replaced, and no more than are asked for (inside a transaction)."""
    credential = models.Credential.get(models.Credential.person == person.id)
    models.EarlierPin.create(person=person, pin_hash=credential.pin_hash, replaced_at=now)
    kept = [row.id for row in _earlier_pins(person)][:EARLIER_PINS]
    earlier = models.EarlierPin
    earlier.delete().where(earlier.person == person.id, earlier.id.not_in(kept)).execute()


def _earlier_pins(person: models.Person) -> list[models.EarlierPin]:
    earlier = models.EarlierPin
    return list(earlier.select().where(earlier.person == person.id).order_by(earlier.id.desc()))


def hash_pin(pin: str) -> str:
    """Return the argon2id hash of ``pin``; takes about 0.2 s on purpose."""
    return _hasher().hash(pin)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


def _checked(work_number: str, pin: str, now: datetime) -> tuple[models.Person, Actor]:
    # The try counts before the PIN is looked at: twenty desks at once have no more tries than one.
    person, credential = store.write(lambda: _take_try(work_number, now), quietly=True)
    # A stranger's number costs the same time as a colleague's, so the answer's delay tells nothing.
    stored = credential.pin_hash if credential is not None else _nobodys_hash()
    right = _matches(stored, pin) and credential is not None
    if not right or person is None or credential is None or person.status != PersonStatus.ACTIVE:
        store.write(lambda: _note_refusal(person, now), quietly=True)
        raise SignInRefused(
            _("Work number and PIN do not match."),
            next_step=_("Try again, or ask the administrator for a new PIN."),
        )
    store.write(lambda: _forget_tries(person), quietly=True)
    return person, _actor(person, must_change=credential.must_change)


def _take_try(work_number: str, now: datetime) -> tuple[models.Person | None, models.Credential | None]:
    """Count one more failure, which a right PIN takes back; raises :class:`SignInRefused` while the number rests."""
    person, credential = _credential(work_number)
    if credential is None:
        _take_strangers_try(work_number, now)
        return person, None
    if credential.locked_until and now < credential.locked_until:
        raise _resting(credential.locked_until - now)
    failed, until = _after_failure(credential.failed_attempts, credential.locked_until, now)
    models.Credential.update(failed_attempts=failed, locked_until=until).where(
        models.Credential.person == person
    ).execute()
    return person, credential


def _take_strangers_try(work_number: str, now: datetime) -> None:
    """The same for a number that opens nothing; its own text is not kept: it may have been somebody's PIN."""
    table, number = models.StrangerTry, hashlib.sha256(work_number.encode(errors="replace")).hexdigest()
    known = table.get_or_none(table.number == number)
    if known is not None and now < known.locked_until:
        raise _resting(known.locked_until - now)
    failed, until = _after_failure(
        known.failed_attempts if known else 0, known.locked_until if known else None, now
    )
    table.delete().where((table.number == number) | (table.locked_until < now - FORGOTTEN_AFTER)).execute()
    table.create(number=number, failed_attempts=failed, locked_until=until)


def _after_failure(failed: int, until: datetime | None, now: datetime) -> tuple[int, datetime]:
    """Return how many failures in a row there are with this one, and until when the number rests (``now``: not at all)."""
    failed = 1 if until is not None and now - until > FORGOTTEN_AFTER else failed + 1
    over = failed - FREE_ATTEMPTS
    return failed, now + min(LOCK_BASE * 2 ** min(over, 10), LOCK_LONGEST) if over >= 0 else now


def _forget_tries(person: models.Person) -> None:
    models.Credential.update(failed_attempts=0, locked_until=None).where(
        models.Credential.person == person.id
    ).execute()


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


def _note_refusal(person: models.Person | None, now: datetime) -> None:
    nobody = Actor(0, "", "", Role.OUTSIDE_VISITOR)
    known = Actor(0, person.work_number, person.name, Role(person.role)) if person is not None else nobody
    session = Session(known, now)
    session.about(f"person:{person.id if person is not None else ''}")
    write_audit(session, "sign_in_refused")


def _note(person: models.Person, actor: Actor, now: datetime, action: str) -> Actor:
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
    if _is_plain(new_pin, work_number):
        raise Invalid(
            _("That PIN is too easy to guess."), next_step=_("Avoid rows, repeats and your work number.")
        )


def _is_plain(pin: str, work_number: str) -> bool:
    """A row, up to three signs over and over, the work number either way round."""
    pieces = (pin[:length] * (len(pin) // length) for length in (1, 2, 3) if len(pin) > length)
    return pin in (work_number, work_number[::-1], *pieces) or pin in "01234567890" or pin in "09876543210"
