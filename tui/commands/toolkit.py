"""The toolkit that reads options, made to speak the reader's language."""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

import locales
from locales import N_, _

USAGE_EXIT = 2

# The toolkit's own words, which it looks up in our catalogues by itself.
TOOLKIT_WORDS = (N_("Options"), N_("Arguments"), N_("Commands"), N_("required"), N_("default: {default}"))


class Command(TyperCommand):
    """A command whose ``--help`` explains itself in the reader's language."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the toolkit's option with our words."""
        return _own_words(super().get_help_option(ctx))


class Group(TyperGroup):
    """A group of commands, likewise; a command that does not exist is named in that language too."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the toolkit's option with our words."""
        return _own_words(super().get_help_option(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that was typed."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise typer.BadParameter(_("there is no such command"), ctx, param_hint=args[0])
        return super().resolve_command(ctx, args)


def application(text: str, *, no_args_is_help: bool = False) -> typer.Typer:
    """Return an empty group that explains itself with ``text``."""
    return typer.Typer(
        cls=Group, help=text, no_args_is_help=no_args_is_help, add_completion=False, rich_markup_mode=None
    )


def run_application(build: Callable[[], typer.Typer], arguments: list[str]) -> int:
    """Run the command ``arguments`` name and return its exit code: 0 done, 1 refused or failed, 2 used wrongly."""
    from typer.main import get_command

    gettext.bindtextdomain("zhiban", str(Path(locales.__file__).parent))
    gettext.textdomain("zhiban")
    os.environ["LANGUAGE"] = locales.language()  # for the toolkit, and for every program started from here
    # The toolkit gives the base of its usage errors no public name.
    usage_error: Any = typer.BadParameter.__mro__[1]
    try:
        result = get_command(build()).main(arguments, prog_name="zhiban", standalone_mode=False)
        sys.stdout.flush()
    except usage_error as error:
        return _misused(error)
    return result if isinstance(result, int) else 0


def _misused(error: Any) -> int:
    """Say in our words what the toolkit found wrong with the command as it was typed."""
    kind, parameter = type(error).__name__, getattr(error, "param", None)
    if kind == "NoArgsIsHelpError":
        sys.stderr.write(f"{error}\n")
        return USAGE_EXIT
    name = getattr(error, "option_name", "") or getattr(error, "param_hint", "") or ""
    if parameter is not None and not name:
        name = parameter.metavar or parameter.opts[0]
    known = {
        "NoSuchOption": _("There is no option {name}."),
        "MissingParameter": _("{name} is missing."),
        "BadOptionUsage": _("{name} needs a value."),
        # Ours names the parameter itself and speaks the reader's language; the toolkit's speaks English.
        "BadParameter": "{name}: {why}"
        if parameter is None
        else _("{name} has a value that cannot be used ({why})."),
    }
    command = f"{error.ctx.command_path if error.ctx else 'zhiban'} --help"
    words = known.get(kind, _("The command cannot be read like this: {why}")).format(
        name=name, why=error.message
    )
    sys.stderr.write(f"{words}\n{_('See: {command}').format(command=command)}\n")
    return USAGE_EXIT


def _own_words(option: Any) -> Any:
    if option is not None:
        option.help = _("show this help")
    return option
