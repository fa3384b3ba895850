"""The key of a home's backups (Art. 32): an age identity in ``backup.key``, private to its owner.

The file is in age's own form, so ``age --decrypt --identity backup.key`` opens a backup without this program. The
recovery code is the identity itself, with a checksum of its own: printed and kept away from the machine, it opens
every backup when the machine is gone.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from locales import _
from operations.errors import BackupError
from regulation.ledger import instant_text

if TYPE_CHECKING:
    from pyrage import x25519

KEY_FILE = "backup.key"
CODE_BEGINS = "AGE-SECRET-KEY-1"
CODE_GROUP = 6


def key_file(home: Path) -> Path:
    """Return where the key of a home's backups lies."""
    return home / KEY_FILE


def ensure_key(home: Path, now: datetime) -> x25519.Identity:
    """Return the home's key, made at the first backup. Raises :class:`BackupError` for one that cannot be used."""
    from pyrage import x25519

    file = key_file(home)
    return read_key(file) if file.exists() else keep_key(home, x25519.Identity.generate(), now)


def keep_key(home: Path, key: x25519.Identity, now: datetime) -> x25519.Identity:
    """Make ``key`` the home's, unless it has one; return the one it has."""
    file = key_file(home)
    return read_key(file) if file.exists() else _written(file, key, now)


def read_key(file: Path) -> x25519.Identity:
    """Return the key in ``file``; its lines are comments and one identity."""
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(
            _("The backup key {file} cannot be read.").format(file=file),
            article=32,
            next_step=_("Name the key with --key, or type the recovery code from paper."),
        ) from error
    return parse_code("".join(line for line in lines if not line.startswith("#")))


def parse_code(typed: str) -> x25519.Identity:
    """Return the key of a recovery code as it was printed or typed: blanks and small letters do not matter."""
    import pyrage

    try:
        return pyrage.x25519.Identity.from_str("".join(typed.split()).upper())
    except pyrage.IdentityError as error:
        raise BackupError(
            _("This is no recovery code, or a letter of it is wrong."),
            article=32,
            next_step=_("It begins with {begin}; type it as it is printed.").format(begin=CODE_BEGINS),
        ) from error


def recovery_code(key: x25519.Identity) -> str:
    """Return the key in groups of letters, to be printed and typed again."""
    plain = str(key)
    return " ".join(plain[place : place + CODE_GROUP] for place in range(0, len(plain), CODE_GROUP))


def key_sheet(centre: str, key: x25519.Identity, now: datetime) -> list[str]:
    """Return the lines of the sheet that is printed once and locked away."""
    return [
        _("Recovery code of the backups of {centre}").format(centre=centre),
        "",
        f"  {recovery_code(key)}",
        "",
        _(
            "Whoever has this code and a backup can read everything: keep it in a safe, not beside the backups."
        ),
        _("On a new machine: zhiban restore FILE, and type it when it is asked for."),
        _("Public half: {public}").format(public=key.to_public()),
        _("Printed {at}").format(at=instant_text(now)),
    ]


def _written(file: Path, key: x25519.Identity, now: datetime) -> x25519.Identity:
    text = f"# created: {instant_text(now)}\n# public key: {key.to_public()}\n{key}\n"
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(text)
            made.flush()
            os.fsync(made.fileno())
        # Linked, not renamed: a key that another process made meanwhile is never replaced.
        os.link(fresh, file)
        fresh.unlink()
    except FileExistsError:
        return read_key(file)
    except OSError as error:
        raise BackupError(
            _("The backup key {file} cannot be made: {why}.").format(file=file, why=error.strerror),
            article=32,
            next_step=_("Make the home folder yours with chown."),
        ) from error
    return key
