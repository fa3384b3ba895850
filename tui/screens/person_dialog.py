"""Somebody's name, role, team and seat; a first PIN; a team (Art. 2, 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from locales import _
from regulation.roles import ROLE_NAMES, Role
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.people import NewPerson, PersonRow


@dataclass(frozen=True, slots=True)
class PersonGiven:
    """What somebody is from now on."""

    name: str
    role: Role
    team: str
    seat: str


@dataclass(frozen=True, slots=True)
class FirstPin:
    """A PIN that must be changed at first use."""

    pin: str


@dataclass(frozen=True, slots=True)
class TeamGiven:
    """A team by its code, with its name."""

    code: str
    name: str


def role_of(text: str) -> Role:
    """Return the role that was typed, by its name in the reader's language or its code; raises :class:`ValueError`."""
    wanted = text.strip().casefold()
    for role in Role:
        if wanted in (role.value, _(ROLE_NAMES[role]).casefold()):
            return role
    known = ", ".join(_(ROLE_NAMES[role]) for role in Role if role is not Role.OUTSIDE_VISITOR)
    raise ValueError(_("There is no such role. There are: {roles}.").format(roles=known))


def _story(teams: Sequence[str]) -> Content:
    roles = ", ".join(_(ROLE_NAMES[role]) for role in Role if role is not Role.OUTSIDE_VISITOR)
    words = _("Roles: {roles}. Teams: {teams}.").format(roles=roles, teams=", ".join(teams) or "—")
    return Content(words)


def _fields(name: str = "", role: str = "", team: str = "", seat: str = "") -> list[Field]:
    return [
        Field("name", _("Name"), missing=_("A name is needed."), value=name, longest=40),
        Field("role", _("Role"), missing=_("Which role?"), value=role),
        Field("team", _("Team (empty: none)"), value=team, longest=16),
        Field("seat", _("Seat (empty: none)"), value=seat, longest=8),
    ]


class PersonDialog(FormDialog[PersonGiven]):
    """Changes somebody who works here."""

    def __init__(self, row: PersonRow, teams: Sequence[str]) -> None:
        fields = _fields(row.name, _(ROLE_NAMES[row.role]), row.team, row.seat)
        super().__init__(_("{number} works here as").format(number=row.work_number), _story(teams), fields)

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> PersonGiven:
        """Return what they are; raises :class:`ValueError` for a role there is not."""
        return PersonGiven(values["name"], role_of(values["role"]), values["team"], values["seat"])


class NewPersonDialog(FormDialog["NewPerson"]):
    """Takes somebody on."""

    def __init__(self, teams: Sequence[str]) -> None:
        number = Field("number", _("Work number"), missing=_("A work number is needed."), longest=16)
        pin = Field("pin", _("First PIN (empty: cannot sign in at the desk)"), secret=True, longest=32)
        fields = [number, *_fields(), Field("badge", _("Badge (empty: none yet)"), longest=64), pin]
        super().__init__(_("Take someone on"), _story(teams), fields)

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> NewPerson:
        """Return the newcomer; raises :class:`ValueError` for a role there is not."""
        from operations.people import NewPerson

        return NewPerson(
            values["number"], values["name"], role_of(values["role"]), values["team"], values["seat"],
            values["badge"], values["pin"],
        )  # fmt: skip


class FirstPinDialog(FormDialog[FirstPin]):
    """For whoever forgot theirs: an administrator never learns the PIN somebody signs with."""

    def __init__(self, who: str) -> None:
        story = Content(_("It opens the desk once, to choose an own PIN; with it nothing is signed."))
        field = Field("pin", _("First PIN"), missing=_("Which PIN?"), secret=True, longest=32)
        super().__init__(_("First PIN of {name}").format(name=who), story, [field])

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> FirstPin:
        """Return it."""
        return FirstPin(values["pin"])


class TeamDialog(FormDialog[TeamGiven]):
    """A team's code and name."""

    def __init__(self, code: str = "", name: str = "") -> None:
        fields = [
            Field("code", _("Code"), missing=_("A team needs a code and a name."), value=code, longest=16),
            Field("name", _("Name"), missing=_("A team needs a code and a name."), value=name, longest=40),
        ]
        story = Content(_("A code that is there already gets the name; another code is a new team."))
        super().__init__(_("A team"), story, fields)

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> TeamGiven:
        """Return it."""
        return TeamGiven(values["code"], values["name"])
