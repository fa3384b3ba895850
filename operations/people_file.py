"""A list of people as a centre keeps it in Excel or CSV: one line for each, under headings in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from locales import _, translate
from operations.errors import Invalid
from operations.roster_file import Problem
from operations.roster_table import Table, cell_at, place_of
from regulation.roles import ROLE_NAMES, Role

NUMBER, NAME, ROLE, TEAM, SEAT, BADGE, PIN = (
    "work_number",
    "name",
    "role",
    "team",
    "seat",
    "badge",
    "first_pin",
)
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    NUMBER: ("work_number", "work number", "number", "工号", "员工号", "员工编号"),
    NAME: ("name", "姓名", "员工姓名"),
    ROLE: ("role", "角色", "岗位", "职务"),
    TEAM: ("team", "班组", "班"),
    SEAT: ("seat", "座席", "座席号"),
    BADGE: ("badge", "卡号", "工卡", "工卡号"),
    PIN: ("first_pin", "first pin", "初始密码"),
}
_NEEDED = (NUMBER, NAME, ROLE)
# As long as the columns of the database that hold them.
_LONGEST: Final = {NUMBER: 16, NAME: 40, TEAM: 40, SEAT: 8, BADGE: 64}
_HEAD_ROWS = 20


@dataclass(frozen=True, slots=True)
class FilePerson:
    """A line of a list: the row it stands in, counted from 0, and its cells. Of what has no column nothing is said."""

    row: int
    columns: Mapping[str, int]
    number: str
    name: str
    role: Role
    team: str = ""
    seat: str = ""
    badge: str = ""
    first_pin: str = ""

    def cell(self, column: str) -> str:
        """Return the place of one of its cells as a spreadsheet calls it; of the line where it has none."""
        return place_of(self.row, self.columns.get(column, 0))


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """A list that was read."""

    people: tuple[FilePerson, ...]
    problems: tuple[Problem, ...]


def read_people(table: Table) -> PeopleFile:
    """Read a table under a line that holds at least 工号, 姓名 and 角色 (``work_number,name,role``).

    Raises :class:`Invalid` when there is no such line.
    """
    head, columns = _head(table)
    people: list[FilePerson] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], str] = {}
    for place, row in _lines(table, head + 1):
        try:
            person = _person(place, row, columns)
            _refuse_second(person, seen)
            people.append(person)
        except _Mistake as mistake:
            problems.append(Problem(mistake.cell, mistake.text))
    return PeopleFile(tuple(people), tuple(problems))


class _Mistake(Exception):
    """A line that names nobody who could be taken on."""

    def __init__(self, cell: str, text: str) -> None:
        super().__init__(text)
        self.cell = cell
        self.text = text


def _head(table: Table) -> tuple[int, dict[str, int]]:
    for place, row in enumerate(table[:_HEAD_ROWS]):
        columns = _columns(row)
        if all(needed in columns for needed in _NEEDED):
            return place, columns
    raise Invalid(
        _("The file has no line with 工号, 姓名 and 角色."),
        next_step=_(
            "A list needs the headings work_number,name,role; it may have team,seat,badge,first_pin."
        ),
    )


def _columns(row: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        word = " ".join(cell.split()).casefold()
        column = next((name for name, words in _HEADINGS.items() if word in words), None)
        if column is not None:
            found.setdefault(column, place)
    return found


def _lines(table: Table, start: int) -> Iterator[tuple[int, Sequence[str]]]:
    for place, row in enumerate(table[start:], start):
        if any(row):
            yield place, row


def _person(place: int, row: Sequence[str], columns: Mapping[str, int]) -> FilePerson:
    held = {name: cell_at(row, column).strip() for name, column in columns.items()}
    for name, longest in _LONGEST.items():
        if len(held.get(name, "")) > longest:
            text = _("This is too long: at most {most} characters.").format(most=longest)
            raise _Mistake(place_of(place, columns[name]), text)
    for name in (NUMBER, NAME):
        if not held[name]:
            raise _Mistake(place_of(place, columns[name]), _("A work number and a name are needed."))
    return FilePerson(
        place,
        columns,
        held[NUMBER],
        held[NAME],
        _role(held[ROLE], place_of(place, columns[ROLE])),
        held.get(TEAM, ""),
        held.get(SEAT, ""),
        held.get(BADGE, ""),
        held.get(PIN, ""),
    )


def _refuse_second(person: FilePerson, seen: dict[tuple[str, str], str]) -> None:
    """A work number and a badge stand in a list once."""
    for column, value in ((NUMBER, person.number), (BADGE, person.badge)):
        if not value:
            continue
        if (column, value) in seen:
            text = _("The same stands in {cell} already.").format(cell=seen[column, value])
            raise _Mistake(person.cell(column), text)
        seen[column, value] = person.cell(column)


def _role(text: str, cell: str) -> Role:
    word = " ".join(text.split()).casefold()
    for role, name in ROLE_NAMES.items():
        known = (role.value, role.value.replace("_", " "), name, translate(name, "zh_CN"))
        # Visitors are registered at the door, each time anew.
        if role is not Role.OUTSIDE_VISITOR and word in {one.casefold() for one in known}:
            return role
    roles = "、".join(_(name) for role, name in ROLE_NAMES.items() if role is not Role.OUTSIDE_VISITOR)
    said = _("“{text}” is no role; there are: {roles}.").format(text=text[:40], roles=roles)
    raise _Mistake(cell, said)
