"""Art. 2: the table of roles and actions that is printed is the one that is asked, cell by cell."""

from __future__ import annotations

import re

import pytest

from docs.roles import DOCUMENT, NO, YES, roles_document
from operations.boundary import Actor, may
from operations.permissions import Action
from regulation.roles import ROLE_NAMES, Role


def printed() -> dict[tuple[Role, Action], str]:
    """Every cell of the document as it stands in the file."""
    lines = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    names = [cell.strip() for cell in lines[0].strip("|").split("|")][1:]
    roles = [next(role for role in Role if ROLE_NAMES[role] == name) for name in names]
    cells = {}
    for line in lines[2:]:
        name, *marks = [cell.strip() for cell in line.strip("|").split("|")]
        code = re.search(r"\(`(\w+)`\)", name)
        assert code is not None
        for role, mark in zip(roles, marks, strict=True):
            cells[role, Action(code[1])] = mark
    return cells


def test_the_document_is_fresh() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == roles_document(), "python -m docs.roles"


@pytest.mark.parametrize("role", Role)
def test_art02_every_cell_says_what_the_check_says(role: Role) -> None:
    cells = printed()
    for action in Action:
        assert cells[role, action] == (YES if may(Actor(1, "1", "x", role), action) else NO), action


def test_art02_an_administrator_reads_nothing_of_the_business() -> None:
    business = {action for action in Action if action not in _ADMINISTRATORS}
    assert not any(may(Actor(1, "1", "x", Role.ADMIN), action) for action in business)


# What an administrator has; a permission that is added to them is added here, in sight of whoever reviews it.
_ADMINISTRATORS = {
    Action.KEEP_PEOPLE,
    Action.KEEP_KEYS,
    Action.READ_SYSTEM,
    Action.KEEP_BACKUPS,
    Action.FORGET_VISITORS,
    Action.READ_AUDIT,
    Action.READ_DOOR,
    Action.READ_REGULATION,
    Action.REPORT_BADGE_LOST,
    Action.VERIFY,
}
