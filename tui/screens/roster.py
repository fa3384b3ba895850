"""2 Roster 排班: the months of people by days, planned by hand in the draft, compared, published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from locales import N_, _
from tui import roster_strokes as strokes
from tui.cells import joined, plain
from tui.month_plan import MonthPlan, View, matching
from tui.roster_edits import Applied, RosterEdits, Stroke, paint_strokes
from tui.roster_words import VIEWS, CellWords, legend, shift_keys, sign_legend
from tui.screens.roster_dialogs import DIALOG_BINDINGS, RosterDialogs
from tui.widgets.month_grid import MonthGrid
from tui.widgets.month_lines import WIDE

if TYPE_CHECKING:
    from operations.centre import ShiftTypeRow
    from operations.roster import RosterMonth

# What is typed is on the screen at once; the centre is asked again when the hand has come to rest.
HAND_RESTS_SECONDS = 0.4
EDITING = frozenset({"clear", "undo", "redo", "yank", "paste", "copy_week"})


class RosterScreen(RosterDialogs):
    """The month grid with the cell under the cursor explained below it."""

    MODE = "roster"
    AUTO_FOCUS = "MonthGrid"
    CSS_PATH = "roster.tcss"
    HELP = N_(
        "People down, days across, by team. What is typed is planned in the draft, and counts once it is published "
        "(P): a ◦ marks each day that differs. The letters beside the month's name set a shift and go on to the next "
        "day, x clears, u takes back, ctrl+r makes it again. v begins a range: move, then a letter, x, or y to copy "
        "it; p lays the copy down, w repeats the week in the next one. d shows the draft, what is published, or the "
        "two compared; = shows two months, g goes to a day, / finds a name, f a team. The lines at the bottom count "
        "people against the demand; red is too few. A ! is a warning, explained below. What has begun never changes. "
        "K pins the day or the range, or takes the pins off: ▪ marks a day that neither rotation nor planner changes, "
        "▮ one that has a warning too. A sign behind the shift, usually +, says that the day has more duties than it shows, "
        "in parts; the line below lists them. R plans from rotations, S by the planner, M is the demand, W the wishes, "
        "H is the calendar."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "clear", N_("clear")),
        Binding("v", "range", N_("range")),
        Binding("u", "undo", N_("undo")),
        Binding("P", "publish", N_("publish")),
        Binding("d", "view", N_("draft or published")),
        Binding("y", "yank", N_("copy")),
        Binding("p", "paste", N_("paste")),
        Binding("w", "copy_week", N_("repeat the week")),
        Binding("ctrl+r", "redo", N_("redo")),
        Binding("left_square_bracket", "month(-1)", N_("month before")),
        Binding("right_square_bracket", "month(1)", N_("month after")),
        Binding("equals_sign", "months", N_("two months"), key_display="="),
        Binding("t", "today", N_("today")),
        Binding("f", "team", N_("team")),
        Binding("escape", "let_go", N_("let go"), show=False),
        *DIALOG_BINDINGS,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._first: date | None = None
        self._months = 1
        self._jump_to: tuple[int | None, date] | None = None
        self._view = View.DRAFT
        self._copied: strokes.Block = ()
        self._keys: dict[str, ShiftTypeRow] = {}
        self._after_sending: list[Callable[[], None]] = []
        self._resting: Timer | None = None

    def compose_body(self) -> ComposeResult:
        """Month line, grid, and one line about the cell under the cursor."""
        yield Static(id="roster-month")
        yield MonthGrid()
        yield Static(id="roster-cell")

    # Loading -------------------------------------------------------------------------------------------

    def load(self, now: datetime) -> RosterMonth:
        """Ask for the months in view."""
        from operations.roster import roster_month

        first = self._first or now.astimezone(self.desk.zone).date()
        return roster_month(self.actor, now, first, None, self._months)

    def show(self, result: RosterMonth) -> None:
        """Draw the months; the cursor stays where it was."""
        first = result.days[0]
        if self._first not in (None, first) or len(result.versions) != self._months:
            return  # other months were asked for in the meantime
        self._first = first
        self._keys = shift_keys(result.shift_types)
        self.edits.seen(result.versions)
        self.plan = plan = MonthPlan(result, self._view)
        plan.set_pending(self.edits.pending())
        grid = self.query_one(MonthGrid)
        grid.show_plan(plan, matching(result.rows, self.team, self.name_part), self.today, self.teams)
        if self._jump_to is not None:
            person, day = self._jump_to
            here = grid.cursor_person
            grid.move_to(person if person is not None else here.person_id if here else -1, day)
            self._jump_to = None
        self._show_month_line()
        self.refresh_bindings()

    def show_again(self) -> None:
        """Draw what is known once more, after the filter or the view changed."""
        if self.result is not None:
            self.show(self.result)

    def reload(self) -> None:
        """Ask again, but not between two keys: hundreds of people take longer than the next key."""
        if not self.edits.is_sending and self._resting is None:
            super().reload()

    def _ask_now(self) -> None:
        if self._resting is not None:
            self._resting.stop()
            self._resting = None
        super().reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that change something are only there for those who may."""
        if action in EDITING:
            return self.may_edit
        return super().check_action(action, parameters)

    def on_resize(self) -> None:
        """The month line says as much as fits."""
        self._show_month_line()

    # Where and what is shown ---------------------------------------------------------------------------

    def action_month(self, step: int) -> None:
        """Show the month before or after."""
        first = self._first or self.today.replace(day=1)
        day = first - timedelta(days=1) if step < 0 else first + timedelta(days=32)
        self.go_to(day.replace(day=1))

    def action_months(self) -> None:
        """Show one month or two that follow one another."""
        self._months = 3 - self._months
        self._ask_now()

    def action_today(self) -> None:
        """Put the cursor on today."""
        self.go_to(self.today)

    def action_team(self) -> None:
        """Show one team after the other, then everyone again."""
        choices = ["", *self.teams]
        self.team = choices[(choices.index(self.team) + 1) % len(choices)] if self.team in choices else ""
        self.show_again()

    def action_view(self) -> None:
        """Show the draft, then what is published, then the two compared."""
        views = list(View)
        self._view = views[(views.index(self._view) + 1) % len(views)]
        self.show_again()

    def action_let_go(self) -> None:
        """Let the range go, else show everyone again."""
        grid = self.query_one(MonthGrid)
        if grid.has_range:
            grid.toggle_range()
        elif self.name_part:
            self.name_part = ""
            self.show_again()

    def go_to(self, day: date) -> None:
        """Show the month of a day with the cursor on it."""
        self._go_to(None, day)

    def _go_to(self, person_id: int | None, day: date) -> None:
        self._jump_to = person_id, day
        if self.plan is not None and day in self.plan.columns and self._months == len(self.result.versions):
            self.show(self.result)
        else:
            self._first = day.replace(day=1)
            self._ask_now()

    # Editing -------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """A shift's letter sets it; its Chinese sign does too, for whoever has the input method on."""
        shift = self._keys.get(event.character or "")
        if shift is None:
            return
        event.stop()
        event.prevent_default()
        # The arrow keys are bindings, which the application runs: letters wait in the same queue, in typing order.
        self.app.call_later(self._set, shift.code)

    def action_clear(self) -> None:
        """Make the days of the range, or the one under the cursor, free."""
        self._set(None)

    def _set(self, shift_code: str | None) -> None:
        grid, plan = self.query_one(MonthGrid), self.plan
        if plan is None or not self._may_plan():
            return
        chosen = _cells(grid)
        if grid.has_range:
            grid.toggle_range()
            self._do(strokes.many(plan, strokes.filled(chosen, shift_code), self.desk.clock()))
        elif chosen:
            self._do(strokes.single(plan, *chosen[0][0], shift_code))
            grid.action_move(0, 1)

    def _may_plan(self) -> bool:
        if not self.may_edit:
            self.notify(_("Read only: the roster is edited by shift leaders."), markup=False)
        elif self._view is View.PUBLISHED:
            self._view = View.DRAFT  # what is typed goes into the draft: show it
            self.show_again()
        return self.may_edit

    def _do(self, act: strokes.Act) -> None:
        if act.passed:
            words = _("{count} days stay as they are: begun, over, on leave or swapped.")
            self.notify(words.format(count=act.passed), markup=False)
        if act.changes:
            self.edits.add(act.changes)
            self._send()

    def action_range(self) -> None:
        """Begin a range at the cursor, or let it go."""
        self.query_one(MonthGrid).toggle_range()

    def action_yank(self) -> None:
        """Keep what the range holds, to be laid down elsewhere."""
        grid, plan = self.query_one(MonthGrid), self.plan
        if plan is None:
            return
        self._copied = strokes.block_of(plan, _cells(grid))
        if grid.has_range:
            grid.toggle_range()
        count = sum(map(len, self._copied))
        self.notify(_("{count} days copied; p lays them down.").format(count=count), markup=False)

    def action_paste(self) -> None:
        """Lay down what was copied, from the cursor on."""
        grid, plan = self.query_one(MonthGrid), self.plan
        if not self._copied:
            self.notify(_("Nothing was copied yet: v begins a range, y copies it."), markup=False)
        elif plan is not None and grid.cursor_day is not None and self._may_plan():
            people = [row.person_id for row in grid.rows_from_cursor(len(self._copied))]
            days = plan.month.days[plan.columns[grid.cursor_day] :]
            self._do(strokes.many(plan, strokes.pasted(self._copied, people, days), self.desk.clock()))

    def action_copy_week(self) -> None:
        """Repeat the cursor's week in the week after it, for everyone in the range, and go there."""
        grid, plan = self.query_one(MonthGrid), self.plan
        if plan is None or grid.cursor_day is None or not self._may_plan():
            return
        people = [row[0][0] for row in _cells(grid)]
        wanted = strokes.next_week(plan, people, grid.cursor_day)
        if not wanted:
            self.notify(_("The next week is not shown: = shows two months."), markup=False)
            return
        self._do(strokes.many(plan, wanted, self.desk.clock()))
        grid.action_move(0, strokes.WEEK.days)

    def action_undo(self) -> None:
        """Take back the last act."""
        self._repeat(RosterEdits.undo, self.action_undo, _("Nothing to undo."))

    def action_redo(self) -> None:
        """Do again what was taken back."""
        self._repeat(RosterEdits.redo, self.action_redo, _("Nothing to redo."))

    def _repeat(
        self, step: Callable[[RosterEdits], Stroke | None], again: Callable[[], None], nothing: str
    ) -> None:
        if self.edits.is_sending:
            self._after_sending.append(again)
            return
        stroke = step(self.edits)
        if stroke is None:
            self.notify(nothing, markup=False)
            return
        first = min(stroke.changes, key=lambda change: change.day)
        if self.plan is not None and first.day in self.plan.columns:
            self.query_one(MonthGrid).move_to(first.person_id, first.day)
        else:
            self._go_to(first.person_id, first.day)
        self._send()

    def _send(self) -> None:
        self.query_one(MonthGrid).paint(self.edits.pending())
        batch = self.edits.next_batch()
        if batch:
            self.run_operation(paint_strokes, self.actor, self.desk.clock, batch, then=self._sent)
        self._show_month_line()

    def _sent(self, outcome: Applied) -> None:
        self.edits.applied(outcome)
        if outcome.error is not None:
            self.desk.report(outcome.error)
        self._send()
        waiting, self._after_sending = self._after_sending, []
        for action in waiting:
            action()
        if not self.edits.is_sending:
            if self._resting is not None:
                self._resting.stop()
            self._resting = self.set_timer(HAND_RESTS_SECONDS, self._ask_now)

    # Explaining ----------------------------------------------------------------------------------------

    @on(MonthGrid.CursorMoved)
    def _cursor_moved(self, event: MonthGrid.CursorMoved) -> None:
        person, day = event.grid.cursor_person, event.grid.cursor_day
        if person is None or day is None or self.plan is None:
            text = Content(_("Nobody has this name.") if self.name_part else _("Nobody is in this team yet."))
        else:
            text = CellWords(self.plan, self.teams, self.desk.zone).explain(person, day)
        self.query_one("#roster-cell", Static).update(text, layout=False)

    def _show_month_line(self) -> None:
        plan = self.plan
        if plan is None:
            return
        waiting, differing = len(self.edits.pending()), plan.changes()
        name = self.name_part
        months = [
            _("{year}-{month}").format(year=day.year, month=day.month)
            for day in plan.month.days
            if day.day == 1
        ]
        differs = _("◦ {count} days not published").format(count=differing)
        parts = [
            Content.styled(" – ".join(months), "bold"),
            plain(self.teams.get(self.team, self.team) if self.team else _("all teams")),
            plain(f"/{name}", "$attention") if name else Content(""),
            plain(_(VIEWS[self._view]), "" if self._view is View.DRAFT else "$info bold"),
            plain(differs, "$attention") if differing else Content(""),
            plain(_("saving {count}…").format(count=waiting), "$attention")
            if waiting and self.edits.is_sending
            else Content(""),
        ]
        if self.may_edit:
            parts += legend(self._keys, wide=self.size.width >= WIDE)
        else:
            parts.append(Content.styled(_("read only"), "$attention"))
        parts += sign_legend(plan)
        self.query_one("#roster-month", Static).update(joined(parts), layout=False)


def _cells(grid: MonthGrid) -> list[list[tuple[int, date]]]:
    """The chosen cells by person and day."""
    return [[(row.person_id, day) for row, day in line] for line in grid.chosen()]
