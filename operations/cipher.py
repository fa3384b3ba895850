"""The cipher of confidential text (Art. 32): AES-256-GCM under the keys of a key file outside the database.

A stored text reads ``z1:KEY:BASE64``: the version of this form, the key's number, nonce and cipher text. Where it
stands (``table:row:column``) is bound into it as associated data, so that a text moved to another row does not open.
A key's number follows from the key by a digest: a file whose key was changed is noticed before anything is opened.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from locales import N_, _
from regulation.confidentiality import file_is_private
from settings import ZhibanError

FORM = "z1"
KEY_BYTES = 32
NONCE_BYTES = 12
KEY_FILE_FORM = 1
# What stands in place of a text that cannot be opened here.
NO_KEY = N_("[confidential — no key on this machine]")
TAMPERED = N_("[confidential — this text was changed or moved in the database]")


class Unreadable(ZhibanError):
    """A sealed text that cannot be opened; ``mark`` is the message that stands in its place."""

    mark = NO_KEY


class NoKey(Unreadable):
    """The key it was sealed with is not on this machine, or the key file cannot be used."""


class Tampered(Unreadable):
    """The sealed text is not what was sealed here: changed, cut, or moved from another row."""

    mark = TAMPERED


@dataclass(frozen=True, slots=True)
class Key:
    """One key and its number."""

    number: str
    secret: bytes

    @classmethod
    def of(cls, secret: bytes) -> Key:
        """Return the key of 32 secret bytes with the number that follows from them."""
        return cls(hashlib.sha256(b"zhiban key number" + secret).hexdigest()[:16], secret)


class _KeyFile:
    """Where this process finds its keys, and what it read there last."""

    path: ClassVar[Path | None] = None
    stamp: ClassVar[tuple[int, int, int] | None] = None
    keys: ClassVar[dict[str, Key]] = {}


def use_key_file(path: Path | None) -> None:
    """Take the keys from ``path`` from now on; ``None``: this process has none."""
    _KeyFile.path, _KeyFile.stamp, _KeyFile.keys = path, None, {}


def key_file() -> Path | None:
    """Return where this process looks for its keys."""
    return _KeyFile.path


def keys() -> dict[str, Key]:
    """Return the keys of this machine by number, the newest last; empty without a key file.

    Raises :class:`NoKey` for a file that cannot be used. What another process changes in it is seen at once.
    """
    path = _KeyFile.path
    if path is None:
        return {}
    try:
        found = path.stat()
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if not file_is_private(found.st_mode):
            raise NoKey(
                _("Others on this machine can read the key file {file}.").format(file=path),
                article=32,
                next_step=_(
                    "Close it: chmod 600 {file}; and rotate the key if someone may have read it."
                ).format(file=path),
            )
        if stamp != _KeyFile.stamp:
            _KeyFile.keys = parse_keys(path.read_text(encoding="utf-8"))
            _KeyFile.stamp = stamp
    except FileNotFoundError:
        _KeyFile.stamp = None
        return {}
    except (OSError, ValueError) as error:
        raise NoKey(
            _("The key file {file} cannot be used: {why}.").format(file=path, why=error),
            article=32,
            next_step=_("Restore it from its copy: zhiban keys import FILE."),
        ) from error
    return _KeyFile.keys


def keep_keys(wanted: Mapping[str, Key]) -> None:
    """Write the key file anew: either the old file or the new one is there, whenever the machine stops.

    Raises :class:`NoKey` when this process has no key file, or it cannot be written.
    """
    path = _KeyFile.path
    if path is None:
        raise NoKey(
            _("No key file is set for this database."),
            article=32,
            next_step=_("Name one in [confidential] key_file."),
        )
    try:
        write_private(path, key_text(wanted))
    except OSError as error:
        raise NoKey(
            _("The key file {file} cannot be written: {why}.").format(file=path, why=error.strerror),
            article=32,
            next_step=_("Make its folder yours with chown, and see that the disk is not full."),
        ) from error
    _KeyFile.stamp = None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, durably and at once (raises :class:`OSError`)."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def new_key() -> Key:
    """Return a key that nobody has had before."""
    return Key.of(secrets.token_bytes(KEY_BYTES))


def key_text(wanted: Mapping[str, Key]) -> str:
    """Return the text of a key file."""
    rows = [{"number": key.number, "key": _text(key.secret)} for key in wanted.values()]
    return json.dumps({"zhiban_keys": KEY_FILE_FORM, "keys": rows}, indent=1) + "\n"


def parse_keys(text: str) -> dict[str, Key]:
    """Read a key file. Raises :class:`ValueError` saying what is wrong; a changed key is found by its number."""
    try:
        held = json.loads(text)
        rows = [(row["number"], _bytes(row["key"])) for row in held["keys"]]
        known = held["zhiban_keys"] == KEY_FILE_FORM
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(_("it is no key file")) from error
    if not known:
        raise ValueError(_("it is of another version"))
    found = {number: Key.of(secret) for number, secret in rows}
    if any(len(key.secret) != KEY_BYTES or key.number != number for number, key in found.items()):
        raise ValueError(_("a key in it was changed"))
    return found


def seal(text: str, place: str, key: Key) -> str:
    """Return ``text`` sealed for ``place`` (``table:row:column``) under ``key``."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    hidden = AESGCM(key.secret).encrypt(nonce, text.encode(), _bound(place, key.number))
    return f"{FORM}:{key.number}:{_text(nonce + hidden)}"


def unseal(stored: str, place: str) -> str:
    """Return what was sealed for ``place``. Raises :class:`NoKey` or :class:`Tampered`."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    form, _colon, rest = stored.partition(":")
    number, _colon, hidden = rest.partition(":")
    if form != FORM or not number or not hidden:
        raise tampered(place)
    key = keys().get(number)
    if key is None:
        raise no_key(number)
    try:
        raw = _bytes(hidden)
        return (
            AESGCM(key.secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(place, number)).decode()
        )
    except (InvalidTag, ValueError) as error:
        raise tampered(place) from error


def key_number(stored: str) -> str:
    """Return the number of the key that a text says it was sealed with."""
    return stored.split(":", 2)[1] if stored.startswith(f"{FORM}:") else ""


def no_key(number: str) -> NoKey:
    """Return the refusal for a text or a centre whose key ``number`` is not here."""
    return NoKey(
        _("Key {number} of the confidential text is not on this machine.").format(number=number),
        article=32,
        next_step=_("Bring it from another desk or from its paper copy: zhiban keys import."),
    )


def tampered(place: str) -> Tampered:
    """Return the refusal for a sealed text that is not what was sealed in its place."""
    return Tampered(
        _("The confidential text of {place} was changed or moved in the database.").format(place=place),
        article=32,
        next_step=_("Run zhiban verify, and compare it with the last backup."),
    )


def _bound(place: str, number: str) -> bytes:
    return f"{FORM}:{number}:{place}".encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
