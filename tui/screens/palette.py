"""The command palette: everything the desk can do, found by a few letters in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from locales import LANGUAGES, N_, _, translate
from regulation.register_service import QA_FORM
from tui.modes import DESK_MODES
from tui.openings import (
    open_assessment,
    open_audit,
    open_duress_pin,
    open_print_jobs,
    open_qa_plan,
    open_reasons,
    open_search,
    open_templates,
    open_typing_test,
    open_undertakings,
)
from tui.screens.dialog import DeskDialog
from tui.themes import THEME_NAMES
from tui.widgets.key_line import key_name

if TYPE_CHECKING:
    from tui.app import DeskApp

LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}


@dataclass(frozen=True)
class Command:
    """A command: its words in the current language, its words in the other, its key, and what runs it."""

    words: str
    other_words: str
    key: str
    run: Callable[[], object]


def commands_of(desk: DeskApp) -> list[Command]:
    """Return what can be done now: this screen's keys, the modes, themes, languages, lock and quit."""
    return [*_screen_commands(desk), *_mode_commands(desk), *_desk_commands(desk)]


def _command(message: str, key: str, run: Callable[[], object], **words: str) -> Command:
    """Make a command out of ``message`` that is found in both languages; ``words`` are messages themselves."""
    here = _(message).format(**{name: _(word) for name, word in words.items()})
    there = " ".join(
        translate(message, code).format(**{name: translate(word, code) for name, word in words.items()})
        for code in LANGUAGES
    )
    return Command(here, there, key, run)


def _screen_commands(desk: DeskApp) -> list[Command]:
    commands = []
    for active in desk.screen.active_bindings.values():
        binding = active.binding
        own = active.node is not desk and binding.show and active.enabled and binding.description
        if own:
            run = partial(desk.run_action, binding.action, active.node)
            commands.append(_command(binding.description, key_name(binding), run))
    return commands


def _mode_commands(desk: DeskApp) -> list[Command]:
    return [
        _command(
            N_("Go to {mode}"), str(mode.number), partial(desk.action_show_mode, mode.name), mode=mode.label
        )
        for mode in DESK_MODES
        if desk.may_open(mode)
    ]


def _desk_commands(desk: DeskApp) -> list[Command]:
    looks = [
        _command(N_("Theme: {theme}"), "", partial(desk.action_set_theme, name), theme=label)
        for name, label in THEME_NAMES.items()
        if name != desk.theme
    ]
    tongues = [
        _command(
            N_("Language: {name}"), "", partial(desk.action_set_language, code), name=LANGUAGE_NAMES[code]
        )
        for code in LANGUAGES
        if code != desk.language
    ]
    return [
        *tongues,
        *looks,
        *_own_commands(desk),
        _command(N_("Lock the desk"), "ctrl+l", desk.action_lock),
        _command(N_("Sign out"), "", desk.leave),
        _command(N_("Help for this screen"), "?", desk.action_screen_help),
        _command(N_("Quit"), "ctrl+q", desk.action_quit),
    ]


def _own_commands(desk: DeskApp) -> list[Command]:
    """What belongs to no screen: the search, templates, papers on their way, one's own PINs, the reasons to enter."""
    from operations.boundary import may
    from operations.permissions import Action

    commands = []
    if may(desk.signed_in, Action.READ_DESK):
        commands.append(_command(N_("Search every shift's log"), "", partial(open_search, desk)))
        commands.append(_command(N_("Templates for entries"), "", partial(open_templates, desk)))
    if may(desk.signed_in, Action.READ_REGISTERS):
        commands.append(_command(N_("Typing test"), "", partial(open_typing_test, desk)))
        commands.append(
            _command(N_("Confidentiality undertakings to be signed"), "", partial(open_undertakings, desk))
        )
    if desk.signed_in.role in QA_FORM.readers:
        commands.append(_command(N_("QA plan and trends"), "", partial(open_qa_plan, desk)))
    if may(desk.signed_in, Action.DECIDE_VISIT):
        commands.append(_command(N_("Set my PIN under threat"), "", partial(open_duress_pin, desk)))
    if may(desk.signed_in, Action.KEEP_REASONS):
        commands.append(_command(N_("Reasons to enter"), "", partial(open_reasons, desk)))
    if may(desk.signed_in, Action.SEE_ASSESSMENT):
        commands.append(_command(N_("Monthly assessment"), "", partial(open_assessment, desk)))
    if may(desk.signed_in, Action.READ_AUDIT):
        commands.append(_command(N_("Who did what"), "", partial(open_audit, desk)))
    if may(desk.signed_in, Action.PRINT_LOG):
        commands.append(_command(N_("Print jobs"), "", partial(open_print_jobs, desk)))
    return commands


class CommandsDialog(DeskDialog[Callable[[], object] | None]):
    """Type to find, Enter to run; returns what runs the chosen command."""

    TITLE = N_("Commands")
    CSS_PATH = "palette.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", N_("next"), show=False),
        Binding("up", "move(-1)", N_("previous"), show=False),
    ]

    def __init__(self, commands: list[Command]) -> None:
        super().__init__()
        self._commands = commands
        self._found = commands

    def compose_fields(self) -> ComposeResult:
        """A search line over the list."""
        yield Input(placeholder=_("Find a command…"))
        options = OptionList(markup=False)
        options.can_focus = False
        yield options

    def on_mount(self) -> None:
        """Show everything until something is typed."""
        self._list("")

    @on(Input.Changed)
    def _query_changed(self, event: Input.Changed) -> None:
        self._list(event.value.strip())

    def _list(self, query: str) -> None:
        self._found = self._matching(query) if query else self._commands
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(self._row(command) for command in self._found)
        options.highlighted = 0 if self._found else None
        self.set_problem("" if self._found else _("No such command."))

    def _matching(self, query: str) -> list[Command]:
        matcher = Matcher(query)
        ranked = [(matcher.match(f"{c.words} {c.other_words}"), c) for c in self._commands]
        return [command for score, command in sorted(ranked, key=lambda pair: -pair[0]) if score > 0]

    @staticmethod
    def _row(command: Command) -> Option:
        key = (f"  {command.key}", "$faint") if command.key else ""
        return Option(Content.assemble(command.words, key))

    def action_move(self, step: int) -> None:
        """Move through the list without leaving the search line."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    # By the field's own message, so that it comes after everything typed before it.
    @on(Input.Submitted)
    def action_choose(self) -> None:
        """Run the highlighted command."""
        chosen = self.query_one(OptionList).highlighted
        if chosen is not None and self._found:
            self.dismiss(self._found[chosen].run)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index].run)
