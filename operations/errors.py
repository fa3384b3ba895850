"""What can go wrong in an operation, in words for the person who asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from locales import N_, _
from regulation.findings import Blocker
from settings import ZhibanError


class NotPermitted(ZhibanError):
    """The actor's role, or the actor as a person, may not do this."""


class NotFound(ZhibanError):
    """What the operation is about does not exist (any more)."""


class Conflict(ZhibanError):
    """Someone else changed it first; nothing was overwritten."""


class Invalid(ZhibanError):
    """A value that was given cannot be used."""


class SignInRefused(ZhibanError):
    """Work number and PIN do not open the desk now."""


class StoreError(ZhibanError):
    """The centre's database is away, full, locked, damaged or not ours to read."""


class Outdated(StoreError):
    """The program is older than the centre's database: it may not write there, and would misread what it reads."""


class BackupError(ZhibanError):
    """A backup cannot be made, read or restored; nothing took the place of anything."""


class Blocked(ZhibanError):
    """Something must be settled first; ``blockers`` says what, each with its article."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        first = blockers[0]
        super().__init__(_(first.text).format(**first.details), article=first.article)
        self.blockers = tuple(blockers)


class FileRefused(Invalid):
    """A file with something wrong in it; nothing of it was taken over. ``problems`` says what, and where."""

    ARTICLE: ClassVar[int | None] = None
    NEXT_STEP: ClassVar[str] = N_(
        "Correct these cells and import it again, or leave them out (--skip-errors)."
    )

    def __init__(self, problems: Sequence[Any]) -> None:
        super().__init__(
            _("The file has {count} mistakes; nothing was imported.").format(count=len(problems)),
            article=self.ARTICLE,
            next_step=_(self.NEXT_STEP),
        )
        self.problems = tuple(problems)
