"""The planner (排班求解): how freely to plan, how far the search is, what it leaves short and why, and then the draft."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label, Static

from locales import N_, _
from tui.cells import joined, plain
from tui.screens.dialog import DeskDialog
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.month_lines import shift_name

if TYPE_CHECKING:
    from operations.planning import PlanFound, PlanWritten
    from operations.solver import Progress

# How long a search lasts unless told otherwise, and the longest that may be asked for.
SECONDS, MOST_SECONDS = 20, 3600
BAR_CELLS = 30
# The engine's phases in words, in their order.
PHASES = {
    "first": N_("a first plan"),
    "polish": N_("a better one, person by person"),
    "bound": N_("how good a plan can be"),
    "dive": N_("plans near that"),
    "improve": N_("a few people at a time"),
}
MODES = (
    ("fill", N_("only empty days")),
    ("repair", N_("change as little as possible")),
    ("new", N_("plan everything anew")),
)


class PlannerDialog(DeskDialog["PlanWritten | None"]):
    """Dismisses with what was written into the draft, or ``None`` when nothing was."""

    CSS_PATH = "planner_dialog.tcss"
    AUTO_FOCUS = "#mode"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "search", N_("look for a plan"), priority=True),
        Binding("enter", "write", N_("write it into the draft"), priority=True),
        Binding("escape", "cancel", N_("back")),
    ]

    class Progressed(Message):
        """The search has come further."""

        def __init__(self, progress: Progress) -> None:
            super().__init__()
            self.progress = progress

        def can_replace(self, message: Message) -> bool:
            """Only the newest state of the search matters."""
            return isinstance(message, PlannerDialog.Progressed)

    def __init__(self, first: date, last: date, team: str, team_name: str) -> None:
        super().__init__()
        self._days = first, last
        self._team = team
        self._team_name = team_name
        self._seconds = SECONDS
        self._stop: threading.Event | None = None
        self._found: PlanFound | None = None

    # What is on it ---------------------------------------------------------------------------------------

    def title_text(self) -> Content:
        """Which days of whom are planned."""
        days = f"{self._days[0].isoformat()} – {self._days[1].isoformat()}"
        return Content.assemble(
            _("Planner"), "  ", plain(days, "$accent"), "  ", plain(self._team_name or _("all teams"))
        )

    def compose_fields(self) -> ComposeResult:
        """How freely, how long; below, the search and its result."""
        yield ChoiceLine(MODES, id="mode")
        for name, label, value in (("seconds", N_("Seconds"), str(SECONDS)), ("seed", N_("Seed"), "0")):
            with HorizontalGroup(classes="pair"):
                yield Label(_(label))
                yield Input(value, id=name, type="integer", max_length=6, compact=True)
        yield Static(self._hint(), id="hint", markup=False)
        with VerticalScroll(id="answer", can_focus=True):
            yield Static(id="result", markup=False)

    def on_mount(self) -> None:
        """There is no answer yet."""
        self.query_one("#answer").display = False

    def _hint(self) -> str:
        return _(
            "Hard: rest, one duty a day, skills, leave, pins, what has begun. Then: the demand, fair nights, "
            "weekends and holidays, wishes, and what people already know. Nothing is published."
        )

    # Searching -------------------------------------------------------------------------------------------

    @property
    def is_searching(self) -> bool:
        """Whether a search is under way."""
        return self._stop is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While it searches there is nothing to go on with; a plan that changes nothing is not written."""
        if action == "search":
            return self._found is None and not self.is_searching
        if action == "write":
            return self._found is not None and bool(self._found.cells)
        return action != "next_field" and super().check_action(action, parameters)

    def action_search(self) -> None:
        """Search as the fields say."""
        try:
            seconds, seed = (int(self.query_one(f"#{name}", Input).value) for name in ("seconds", "seed"))
        except ValueError:
            self.set_problem(_("Seconds and seed are whole numbers."))
            return
        if not 1 <= seconds <= MOST_SECONDS:
            self.set_problem(_("A search lasts from 1 to {most} seconds.").format(most=MOST_SECONDS))
            return
        self._search(seconds, seed)

    def action_cancel(self) -> None:
        """While it searches: stop and keep the best so far. Otherwise leave without writing."""
        if self._stop is not None:
            self._stop.set()
            self._say(Content(_("Stopping; the best so far is kept.")))
        else:
            self.dismiss(None)

    def on_unmount(self) -> None:
        """A search whose dialog is gone is of no use to anybody."""
        if self._stop is not None:
            self._stop.set()

    def _search(self, seconds: int, seed: int) -> None:
        from operations.planning import find_plan, planning_task
        from operations.planning_problem import Mode

        self._stop = stop = threading.Event()
        mode = Mode(self.query_one("#mode", ChoiceLine).value)
        actor, now, teams = self.desk.signed_in, self.desk.clock(), [self._team] if self._team else None

        def tell(progress: Progress) -> None:
            self.post_message(self.Progressed(progress))

        def search() -> PlanFound:
            task = planning_task(actor, now, *self._days, mode, teams)
            return find_plan(
                task,
                seconds=seconds,
                seed=seed,
                on_progress=tell,
                cancelled=stop.is_set,
            )

        self.set_problem("")
        self._enable(False)
        self._seconds = seconds
        self._say(Content(_("Reading the roster…")))
        self.run_operation(search, then=self._searched)

    def _enable(self, enabled: bool) -> None:
        for widget in (self.query_one("#mode", ChoiceLine), *self.query(Input)):
            widget.disabled = not enabled
        self.refresh_bindings()

    def _say(self, line: Content) -> None:
        self.query_one("#hint", Static).update(line)

    @on(Progressed)
    def _progressed(self, event: Progressed) -> None:
        event.stop()
        if self._stop is None or self._stop.is_set():
            return
        progress = event.progress
        done = min(BAR_CELLS, int(BAR_CELLS * progress.elapsed / self._seconds))
        best = "—" if progress.best is None else str(progress.best)
        gap = "—" if progress.gap is None else f"{progress.gap:.1%}"
        bar = Content.assemble(("━" * done, "$accent"), ("━" * (BAR_CELLS - done), "$faint"))
        numbers = _("{seconds} s of {most}   cost {best}   gap {gap}").format(
            seconds=int(progress.elapsed), most=self._seconds, best=best, gap=gap
        )
        phase = plain(_(PHASES[progress.phase]), "$info") if progress.phase in PHASES else Content("")
        keep = Content.styled(_("Esc stops and keeps the best so far"), "$faint")
        self._say(Content("\n").join([Content.assemble(bar, "  ", numbers), joined([phase, keep])]))

    def _searched(self, found: PlanFound) -> None:
        self._stop = None
        self._found = found
        for name in ("#mode", ".pair"):
            self.query(name).set(display=False)
        self._say(self._summary(found))
        self.query_one("#result", Static).update(self._shortages(found))
        answer = self.query_one("#answer")
        answer.display = bool(found.uncovered)
        answer.focus()
        self.refresh_bindings()

    @on(DeskDialog.OperationRefused)
    def _search_refused(self, event: DeskDialog.OperationRefused) -> None:
        from operations.planning_reasons import Unplannable

        self._stop = None
        if isinstance(event.error, Unplannable) and len(event.error.lines) > 1:
            self._say(Content("\n").join(plain(line) for line in event.error.lines[1:]))
        else:
            self._say(Content(self._hint()))
        self._enable(True)
        self.query_one("#mode").focus()

    # The answer ------------------------------------------------------------------------------------------

    def _summary(self, found: PlanFound) -> Content:
        from operations.planning_listings import ENDED_NAMES, PART_NAMES

        if not found.cells:
            return Content(_("Nothing would be changed: no better plan was found."))
        people = len({cell.person_id for cell in found.cells})
        head = _("{count} days change, for {people} people").format(count=len(found.cells), people=people)
        parts = [
            plain(f"{_(PART_NAMES[part])} {found.solution.parts[part]}", "$faint")
            for part in PART_NAMES
            if found.solution.parts.get(part)
        ]
        gap = found.solution.gap
        ended = _(ENDED_NAMES[found.solution.ended])
        cost = _("cost {cost}").format(cost=found.solution.objective)
        close = "" if gap is None else _("at most {gap} above the best possible").format(gap=f"{gap:.1%}")
        lines = [joined([plain(head, "bold"), plain(cost), plain(close), plain(ended, "$faint")])]
        if parts:
            lines.append(joined(parts))
        if not found.uncovered:
            lines.append(Content.styled("✓ " + _("Every shift has the people it needs."), "$ok"))
        return Content("\n").join(lines)

    def _shortages(self, found: PlanFound) -> Content:
        from operations.planning_listings import uncovered_words, why_lines

        centre = self.desk.centre
        shifts = {shift.code: shift_name(shift) for shift in centre.shift_types} if centre else {}
        lines: list[Content] = []
        for short in found.uncovered:
            sign = ("✗ ", "$breach bold") if short.missing_least else ("! ", "$attention bold")
            lines.append(Content.assemble(sign, plain(uncovered_words(short, shifts))))
            lines += [plain(f"    {text}", "$faint") for text in why_lines(short)]
        return Content("\n").join(lines)

    def action_write(self) -> None:
        """Write the plan into the draft."""
        from operations.planning import plan_roster

        if self._found is not None:
            self.run_operation(
                plan_roster, self.desk.signed_in, self.desk.clock(), self._found, then=self._written
            )

    def _written(self, written: PlanWritten) -> None:
        from operations.planning_listings import left_words

        count = sum(change.before != change.after for change in written.painted.changes)
        parts: Sequence[str] = [_("{count} days are in the draft.").format(count=count)]
        if written.left:
            parts = [*parts, left_words(written.left)]
        self.desk.notify(" ".join(parts), markup=False)
        self.dismiss(written)
