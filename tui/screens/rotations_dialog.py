"""Rotations for teams: choose one, see two cycles of it, let it count, and plan the draft from it."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from tui.cells import plain
from tui.rotation_lines import preview_block, uses_line
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from datetime import datetime

    from operations.rotation_drafts import Generated, RotationPreview
    from operations.rotations import RotationBook, TeamPlace
    from operations.signin import Actor
    from regulation.rotations import Rotation

_LATE_IN_MONTH = 20


@dataclass(frozen=True, slots=True)
class RotationChoice:
    """What the fields say: which teams work the rotation from when, and which days to plan."""

    rotation: str
    teams: tuple[TeamPlace, ...]
    anchor: date
    first: date
    last: date


def use_and_generate(actor: Actor, now: datetime, choice: RotationChoice) -> Generated:
    """Let the rotation count, then plan the draft from it (in a worker thread)."""
    from operations.rotation_drafts import generate_draft
    from operations.rotations import use_rotation

    use_rotation(actor, now, choice.rotation, choice.teams, choice.anchor, choice.first)
    return generate_draft(actor, now, choice.first, choice.last, [one.team for one in choice.teams])


def month_end(day: date) -> date:
    """Return the last day of a month; late in a month, that of the next."""
    if day.day > _LATE_IN_MONTH:
        day = day.replace(day=1) + timedelta(days=32)
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


class RotationsDialog(DeskDialog["Generated"]):
    """Returns what was planned, in words. ``first`` is the first day offered; ``teams`` are the teams' codes."""

    TITLE = N_("Rotations")
    CSS_PATH = "rotations_dialog.tcss"
    AUTO_FOCUS = "#rotations"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (36, "-tall")]  # noqa: RUF012  declared so by the toolkit
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "use", N_("let it count and plan")),
        Binding("ctrl+g", "generate", N_("only plan what counts already")),
    ]

    def __init__(self, first: date, teams: Sequence[str]) -> None:
        super().__init__()
        self._first = first
        self._teams = tuple(teams)
        self._book: RotationBook | None = None
        self._asked = 0

    def compose_fields(self) -> ComposeResult:
        """The rotations, what counts now, the fields, and the preview."""
        yield LineTable(
            (
                Column(N_("Rotation"), 37, flex=1),
                Column(N_("Teams"), 5, align="right"),
                Column(N_("h a week"), 8, align="right"),
                Column(N_("Cycle"), 14, flex=2, from_width=60),
            ),
            self._cells,
            key=lambda rotation: rotation.code,
            id="rotations",
        )
        yield Static(id="uses", classes="dialog--text", markup=False)
        last = month_end(self._first)
        yield from self._line(
            ("teams", _("Teams"), " ".join(self._teams)), ("until", _("Plan until"), f"{last}")
        )
        yield from self._line(
            ("from", _("Counts from"), f"{self._first}"), ("anchor", _("Cycle begins"), f"{self._first}")
        )
        with VerticalScroll(id="preview-scroll"):
            yield Static(id="preview")

    @staticmethod
    def _line(*fields: tuple[str, str, str]) -> ComposeResult:
        with HorizontalGroup(classes="rotation-fields"):
            for name, label, value in fields:
                yield Label(label)
                yield Input(value, id=name, compact=True)

    def on_mount(self) -> None:
        """Read the rotations and what counts."""
        from operations.rotations import rotation_book

        self.run_operation(rotation_book, self.desk.signed_in, self.desk.clock(), then=self._show)

    def _show(self, book: RotationBook) -> None:
        self._book = book
        self._table.set_rows(book.rotations)
        self.query_one("#uses", Static).update(uses_line(book))
        self._preview()

    @property
    def _table(self) -> LineTable[Rotation]:
        return self.query_one("#rotations", LineTable)

    def _cells(self, rotation: Rotation) -> list[Content]:
        from operations.rotation_listings import cycle_text, rotation_name

        return [
            plain(rotation_name(rotation)),
            plain(str(len(rotation.offsets))),
            plain(f"{rotation.hours_a_week:g}" if rotation.hours_a_week else "—"),
            plain(cycle_text(rotation.pattern, self._signs), "$faint"),
        ]

    @property
    def _signs(self) -> dict[str, str]:
        from operations.rotation_listings import all_shifts, shift_signs

        centre = self.desk.centre
        return shift_signs(all_shifts(centre.shift_types if centre else ()))

    # The preview -----------------------------------------------------------------------------------------

    @on(LineTable.CursorMoved)
    @on(Input.Changed)
    def _preview(self) -> None:
        """Show what the fields would mean; while a field says nothing yet, the last preview stays."""
        from operations.rotation_drafts import preview_rotation
        from operations.rotation_listings import preview_days

        rotation = self._table.current
        choice = self._choice(rotation, quietly=True)
        self.set_problem("")
        if rotation is None or choice is None:
            return
        self._asked += 1
        asked, days = self._asked, preview_days(rotation)
        self.run_operation(
            preview_rotation, self.desk.signed_in, self.desk.clock(), rotation.code, choice.teams,
            choice.anchor, choice.first, days,
            then=lambda shown: self._show_preview(asked, shown),
        )  # fmt: skip

    def _show_preview(self, asked: int, shown: RotationPreview) -> None:
        if asked != self._asked:
            return  # the fields say something else by now
        room = self.query_one("#preview-scroll").size.width
        centre = self.desk.centre
        shifts = centre.shift_types if centre else ()
        self.query_one("#preview", Static).update(preview_block(shown, shifts, room))

    def on_resize(self) -> None:
        """The preview breaks its days to the width."""
        if self._book is not None:
            self._preview()

    # Doing it ----------------------------------------------------------------------------------------------

    def _choice(self, rotation: Rotation | None, *, quietly: bool = False) -> RotationChoice | None:
        from operations.rotation_listings import team_places
        from settings import ZhibanError

        given = {field.id or "": field.value.strip() for field in self.query(Input)}
        try:
            teams = team_places(given["teams"].split())
            first, anchor, last = (date.fromisoformat(given[name]) for name in ("from", "anchor", "until"))
        except ValueError:
            self._say(_("A day is written like 2026-11-30."), quietly=quietly)
        except ZhibanError as error:
            self._say(str(error), quietly=quietly)
        else:
            return RotationChoice(rotation.code if rotation else "", teams, anchor, first, last)
        return None

    def _say(self, problem: str, *, quietly: bool) -> None:
        if not quietly:
            self.set_problem(problem)

    @on(LineTable.Selected)
    def _rotation_chosen(self) -> None:
        self.query_one("#teams", Input).focus()

    @on(Input.Submitted, "#anchor")
    def _last_field_done(self) -> None:
        if self._permitted("keep_rotations"):
            self.action_use()

    def action_use(self) -> None:
        """Let the rotation under the cursor count for the teams, and plan the days."""
        choice = self._choice(self._table.current)
        if choice is not None:
            self.run_operation(
                use_and_generate, self.desk.signed_in, self.desk.clock(), choice, then=self._planned
            )

    def action_generate(self) -> None:
        """Plan the days of these teams from what counts already."""
        from operations.rotation_drafts import generate_draft

        choice = self._choice(self._table.current)
        if choice is not None:
            self.run_operation(
                generate_draft, self.desk.signed_in, self.desk.clock(), choice.first, choice.last,
                [one.team for one in choice.teams],
                then=self._planned,
            )  # fmt: skip

    def _planned(self, done: Generated) -> None:
        self.dismiss(done)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A rotation is chosen by who keeps them; any leader plans from what counts."""
        needed = {"use": "keep_rotations", "generate": "edit_roster"}.get(action)
        return self._permitted(needed) if needed else super().check_action(action, parameters)

    def _permitted(self, action: str) -> bool:
        from operations.boundary import may
        from operations.permissions import Action

        return self.desk.actor is not None and may(self.desk.signed_in, Action(action))
