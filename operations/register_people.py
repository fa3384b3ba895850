"""People as they are named in a register's fields, in a file, or all at once (inside a transaction)."""

from __future__ import annotations

import re

import models
from locales import _
from operations.boundary import Session, reads
from operations.errors import Invalid
from operations.permissions import Action
from regulation.records import PersonStatus
from regulation.roles import CENTRE_ROLES

_BETWEEN = re.compile(r"[\s,，、;；]+")
# 陈静(1017), 1017 陈静: how exports and people write somebody.
_BRACKETED = re.compile(r"[^()（）]*[(（]\s*([^()（）\s]+)\s*[)）]")
_EVERYBODY = frozenset({"*", "all", "everybody", "全部", "全体", "所有人"})


class PeopleBook:
    """Everyone by work number, read once for one transaction."""

    def __init__(self) -> None:
        """Read who there is; a name that several bear means none of them."""
        self._numbers: dict[str, str] = {}
        self._names: dict[str, list[str]] = {}
        for person in models.Person.select(models.Person.work_number, models.Person.name):
            self._numbers[person.work_number] = person.work_number
            self._names.setdefault(_bare(person.name), []).append(person.work_number)

    def number_of(self, text: str) -> str:
        """Return the work number of whoever ``text`` names: a number, a unique name, or both. Raises :class:`Invalid`."""
        text = text.strip()
        bracketed = _BRACKETED.fullmatch(text)
        words = [bracketed.group(1)] if bracketed else [text, *_BETWEEN.split(text)[:1]]
        for word in words:
            if word in self._numbers:
                return word
        # Excel drops the zeros in front of a number.
        short = [n for n in self._numbers if text.isdecimal() and n.lstrip("0") == text.lstrip("0")]
        found = self._names.get(_bare(text), []) or short
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            raise Invalid(_("Several people are called {who}: give the work number.").format(who=text[:40]))
        raise Invalid(_("Nobody is called {who} here.").format(who=text[:40]), article=9)


@reads(Action.READ_REGISTERS)
def person_named(_session: Session, text: str) -> int:
    """Return the id of the one whom ``text`` names. Raises :class:`Invalid`."""
    number = PeopleBook().number_of(text)
    return int(models.Person.get(models.Person.work_number == number).id)


@reads(Action.READ_REGISTERS)
def people_named(_session: Session, text: str) -> tuple[str, ...]:
    """Return the work numbers of everybody whom a list names: numbers, names, teams, ``*`` for the whole centre.

    Blanks, commas and lines stand between them; whoever has left is in no team. Raises :class:`Invalid` for a word
    that names nobody.
    """
    book = PeopleBook()
    numbers: dict[str, None] = {}
    for word in filter(None, _BETWEEN.split(text.strip())):
        for number in _of_team(word) or [book.number_of(word)]:
            numbers[number] = None
    return tuple(numbers)


def _of_team(word: str) -> list[str]:
    person, team = models.Person, models.Team
    query = person.select(person.work_number).where(
        person.status == PersonStatus.ACTIVE, person.role.in_(CENTRE_ROLES)
    )
    if word.casefold() not in _EVERYBODY:
        named = team.get_or_none((team.code == word) | (team.name == word))
        if named is None:
            return []
        query = query.where(person.team == named)
    return [row.work_number for row in query.order_by(person.work_number)]


def _bare(name: str) -> str:
    """A name without blanks: sheets put some between two characters to make names line up."""
    return "".join(name.split())
