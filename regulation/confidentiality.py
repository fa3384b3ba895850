"""Need to know (Art. 31), and what is shown of a confidential number (Art. 28)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from regulation.limits import Limits
from regulation.roles import LEADER_ROLES, Role

SHOWN_AT_THE_START, SHOWN_AT_THE_END = 4, 2
# A number so short is masked whole: what is left would give it away.
SHORTEST_SHOWN = 10
HIDDEN = "*"


@dataclass(frozen=True, slots=True)
class Readers:
    """Who may read something confidential, by role and by id; nobody named means the leaders."""

    roles: Set[str] = frozenset()
    people: Set[int] = frozenset()

    @property
    def named(self) -> bool:
        """Whether anyone in particular was named."""
        return bool(self.roles or self.people)


def may_read(readers: Readers, author_id: int | None, person_id: int, role: Role) -> bool:
    """Whether a person may read something confidential.

    Art. 31: do not ask or listen to what is not yours. Whoever wrote it may; else those it names, and only those, or
    the leaders where it names nobody.
    """
    if author_id is not None and person_id == author_id:
        return True
    if readers.named:
        return person_id in readers.people or role in readers.roles
    return role in LEADER_ROLES


def masked_number(number: str) -> str:
    """Return what everyone may see of a confidential number (Art. 28): its place and its last two digits.

    Signs between the digits stay where they stand; a short number shows no digit at all.
    """
    places = [at for at, letter in enumerate(number) if letter.isalnum()]
    if len(places) < SHORTEST_SHOWN:
        shown: set[int] = set()
    else:
        shown = {*places[:SHOWN_AT_THE_START], *places[-SHOWN_AT_THE_END:]}
    return "".join(
        letter if at in shown or not letter.isalnum() else HIDDEN for at, letter in enumerate(number)
    )


def file_is_private(mode: int) -> bool:
    """Whether a file with the keys of secrets lies safely: its owner alone may read or change it.

    Art. 32: do not keep secret files in unsafe places. ``mode`` is the file's permission bits.
    """
    return mode & 0o077 == 0


def reveal_ends_at(revealed_at: datetime, limits: Limits) -> datetime:
    """Return when a revealed number hides itself again (Art. 28): exactly ``reveal_seconds`` after."""
    return revealed_at + limits.seconds("reveal_seconds")
