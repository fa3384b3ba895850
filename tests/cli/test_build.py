"""The command reads the options of what was typed alone, and of everything where that names nothing."""

from __future__ import annotations

from typing import Any

import pytest
from typer.main import get_command

import cli
from tui.commands.table import GROUPS


def names(command: Any) -> set[tuple[str, str]]:
    """Every command that was built, by group and name."""
    found = set[tuple[str, str]]()
    for name, part in command.commands.items():
        inner = getattr(part, "commands", None)
        found |= {("", name)} if inner is None else {(name, of_group) for of_group in inner}
    return found


ALL = {command[:2] for command in cli.COMMANDS}


def test_each_command_is_built_alone_by_its_own_words() -> None:
    for group, name in sorted(ALL):
        typed = [group, name] if group else [name]
        assert names(get_command(cli.build([*typed, "--json"]))) == {(group, name)}


def test_a_groups_help_knows_all_its_commands() -> None:
    for group in GROUPS:
        assert names(get_command(cli.build([group, "--help"]))) == {c for c in ALL if c[0] == group}


@pytest.mark.parametrize("typed", [[], ["--help"], ["rooster"], ["show"]])
def test_what_names_no_command_is_answered_by_all_of_them(typed: list[str]) -> None:
    assert names(get_command(cli.build(typed))) == ALL
