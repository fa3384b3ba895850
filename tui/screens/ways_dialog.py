"""Other ways through the handover: every recorded one, the open to choose, the closed with what they wait for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from locales import N_, _
from tui.cells import cut, plain
from tui.screens.acting_form import Acted, ActingForm
from tui.screens.dialog import DeskDialog
from tui.way_forms import WayChoice

LONGEST_TITLE = 60


class WaysDialog(DeskDialog[WayChoice | None]):
    """Arrows and Enter, or a click; dismisses with the way once it is recorded."""

    CSS_PATH = "ways_dialog.tcss"
    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", N_("choose"), priority=True),
        Binding("escape", "cancel", N_("back")),
    ]

    def __init__(self, choices: Sequence[WayChoice], title: str = "") -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._ways_title = title

    def title_text(self) -> Content:
        """What the choice is about."""
        return Content(self._ways_title or _("Other ways: each is recorded, and stands on the paper"))

    def compose_fields(self) -> ComposeResult:
        """The ways, and what the one under the cursor does."""
        yield OptionList(
            *(
                Option(self._line(choice), id=str(place), disabled=not choice.open)
                for place, choice in enumerate(self._choices)
            ),
            markup=False,
        )
        yield Static(id="way-says")

    def on_mount(self) -> None:
        """Say what the first one does."""
        self._show_says()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to choose where a way is open."""
        if action == "choose":
            return any(choice.open for choice in self._choices)
        return super().check_action(action, parameters)

    @staticmethod
    def _line(choice: WayChoice) -> Content:
        article = _("Art. {article}").format(article=choice.article)
        if choice.open:
            return Content.assemble(
                ("› ", "$accent bold"), plain(cut(choice.title, LONGEST_TITLE)), (f"  {article}", "$faint")
            )
        return Content.styled(f"· {choice.title}  ({choice.why})", "$past")

    @property
    def _chosen(self) -> WayChoice | None:
        place = self.query_one(OptionList).highlighted
        return self._choices[place] if place is not None else None

    @on(OptionList.OptionHighlighted)
    def _show_says(self) -> None:
        choice = self._chosen
        says = choice.says if choice is not None and choice.open else _("None of these ways is open now.")
        self.query_one("#way-says", Static).update(Content.styled(says, "$info"))

    @on(OptionList.OptionSelected)
    def _clicked(self) -> None:
        self.action_choose()

    def action_choose(self) -> None:
        """Ask for what the way needs, and go it."""
        choice = self._chosen
        if choice is None or not choice.open:
            return
        if choice.further:
            self.app.push_screen(WaysDialog(choice.further, choice.title), self._further_done)
        elif choice.act is not None:
            self.app.push_screen(way_form(choice, self._job), partial(self._done, choice))

    def _job(self, choice: WayChoice, values: Mapping[str, str]) -> Callable[[], object]:
        assert choice.act is not None
        return partial(choice.act, self.desk.signed_in, self.desk.clock(), values)

    def _done(self, choice: WayChoice, acted: object) -> None:
        if isinstance(acted, Acted):
            self.dismiss(choice)

    def _further_done(self, choice: WayChoice | None) -> None:
        if choice is not None:
            self.dismiss(choice)


def way_form(
    choice: WayChoice, job: Callable[[WayChoice, Mapping[str, str]], Callable[[], object]]
) -> ActingForm:
    """Return the form of a way: its article, what it does, what it asks for."""
    article = _("Art. {article}").format(article=choice.article)
    title = f"{choice.title} ({article})"
    return ActingForm(title, Content.styled(choice.says, "$info"), choice.lines, partial(job, choice))
