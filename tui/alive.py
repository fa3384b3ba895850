"""Proof that whoever holds print jobs still runs: a locked file beside the documents.

The lock goes with the process, however it ends, so that a job of a killed one is taken over at once instead of after
its claim ran out; unlike a process number it means the same inside and outside a container.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

SUFFIX = ".alive"


class Alive:
    """The proof of ``holder`` in ``folder``, from :meth:`begin` to :meth:`end`."""

    def __init__(self, folder: Path, holder: str) -> None:
        self._file = folder / f"{holder}{SUFFIX}"
        self._handle: int | None = None

    def begin(self) -> None:
        """Show that we run; raises ``OSError``."""
        if self._handle is not None:
            return
        # Locked before it has its name: nobody can find it unlocked.
        unnamed = self._file.with_suffix(".new")
        self._handle = os.open(unnamed, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        unnamed.rename(self._file)

    def end(self) -> None:
        """Show it no longer."""
        if self._handle is not None:
            self._file.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None


def dead_holders(folder: Path) -> list[str]:
    """Return the holders that left their file behind without its lock, and take the files away."""
    dead = []
    for file in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):  # it ended by itself, or it is locked: it lives
            handle = os.open(file, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                file.unlink()
                dead.append(file.name.removesuffix(SUFFIX))
            finally:
                os.close(handle)
    return dead
