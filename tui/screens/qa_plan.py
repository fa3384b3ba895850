"""Whom to inspect this month, what is still missing, and how people and teams develop over the months (Art. 39-41, 43)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from tui.cells import plain
from tui.charts import blocks
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.quality import PlanRow, TrendRow

MONTHS_BACK = 11


class QaPlanDialog(DeskDialog[None]):
    """The plan of a month; ``t`` shows people's months instead, then teams', then the plan again."""

    TITLE = N_("QA plan and trends (Art. 39-41, 43)")
    AUTO_FOCUS = "#plan"
    DEFAULT_CSS = """
    QaPlanDialog .dialog { width: 92; max-width: 100%; }
    QaPlanDialog LineTable { height: 15; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "turn", N_("people, teams, plan")),
        Binding("left_square_bracket", "month(-1)", N_("month before"), key_display="["),
        Binding("right_square_bracket", "month(1)", N_("next month"), key_display="]"),
    ]

    def __init__(self, today: date) -> None:
        super().__init__()
        self._month = today.replace(day=1)
        self._shown = 0

    def compose_fields(self) -> ComposeResult:
        """The plan, and the trends in its place."""
        yield LineTable(
            (
                Column(N_("No."), 6),
                Column(N_("Name"), 8, flex=1),
                Column(N_("Team"), 4),
                Column(N_("done"), 6, align="right"),
                Column(N_("proposed days"), 22, flex=2),
            ),
            plan_cells,
            key=lambda row: row.work_number,
            title=N_("Plan"),
            empty=N_("No operator has a duty in this month."),
            id="plan",
        )
        trends: LineTable[TrendRow] = LineTable(
            (
                Column(N_("Who"), 12, flex=1),
                Column(N_("months"), 24, flex=2),
                Column(N_("last"), 6, align="right"),
                Column(N_("forms"), 6, align="right"),
            ),
            trend_cells,
            key=lambda row: (row.work_number, row.team),
            title=N_("Trends"),
            empty=N_("No form was given in these months."),
            id="trends",
        )
        trends.display = False
        yield trends

    def on_mount(self) -> None:
        """Ask for the plan."""
        self._load()

    def action_turn(self) -> None:
        """Show the next of the three."""
        self._shown = (self._shown + 1) % 3
        self._load()

    def action_month(self, by: int) -> None:
        """Go to another month."""
        self._month = (self._month + timedelta(days=45 if by > 0 else -15)).replace(day=1)
        self._load()

    @on(LineTable.Selected, "#plan")
    def _inspect(self, event: LineTable.Selected) -> None:
        """Inspect the one under the cursor."""
        from tui.screens.qa_form import QaFormDialog

        self.app.push_screen(QaFormDialog(event.row.work_number), lambda _given: self._load())

    def _load(self) -> None:
        from operations.quality import qa_plan, qa_trend

        actor, now = self.desk.signed_in, self.desk.clock()
        self.set_problem("")
        if self._shown == 0:
            self.run_operation(qa_plan, actor, now, self._month, then=self._show_plan)
            return
        last = (self._month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        first = (self._month - timedelta(days=MONTHS_BACK * 30)).replace(day=1)
        by_team = self._shown == 2

        def ask() -> tuple[TrendRow, ...]:
            return qa_trend(actor, now, first, last, by_team=by_team)

        self.run_operation(ask, then=self._show_trends)

    def _show_plan(self, rows: Sequence[PlanRow]) -> None:
        missing = sum(row.missing for row in rows)
        words = _("{month}: {missing} inspections still to be made · Enter inspects")
        self._front("plan", words.format(month=f"{self._month:%Y-%m}", missing=missing))
        self.query_one("#plan", LineTable).set_rows(rows)

    def _show_trends(self, rows: Sequence[TrendRow]) -> None:
        words = _("Means of the months up to {month}, in percent")
        self._front("trends", words.format(month=f"{self._month:%Y-%m}"))
        self.query_one("#trends", LineTable).set_rows(rows)

    def _front(self, name: str, title: str) -> None:
        for known in ("plan", "trends"):
            self.query_one(f"#{known}").display = known == name
        table = self.query_one(f"#{name}", LineTable)
        table.set_title(plain(title))
        table.focus()


def plan_cells(row: PlanRow) -> list[Content]:
    """Who, of which team, how many of how many, and the days proposed for the rest."""
    style = "$ok" if not row.missing else "$attention"
    days = " ".join(f"{day:%m-%d}" for day in row.days)
    return [
        plain(row.work_number, "$faint"),
        plain(row.name),
        plain(row.team),
        Content.styled(f"{row.done}/{row.wanted}", style),
        plain(days, "$faint"),
    ]


def trend_cells(row: TrendRow) -> list[Content]:
    """A person or a team, a block for each month, the last mean and the number of forms."""
    means = [Fraction(month.percent) for month in row.months]
    return [
        plain(f"{row.name} {row.team}".strip() or "—"),
        Content.styled(blocks(means, Fraction(40), Fraction(100)), "$accent"),
        plain(f"{row.months[-1].percent} %"),
        plain(str(sum(month.forms for month in row.months)), "$faint"),
    ]
