"""The day's spot checks (Art. 7): every link with its checks, and a form for one more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from regulation.spot_checks import RESULT_NAMES, CheckResult
from tui.cells import clock_time, plain
from tui.day_rows import CHECK_LOOKS, link_cells
from tui.screens.dialog import DeskDialog
from tui.screens.entry_dialog import time_given
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.spot_checks import CheckDraft, CheckRow, DayPlan, LinkRow


class SpotChecksDialog(DeskDialog[None]):
    """Enter records a check of the link under the cursor; the day before is one key away."""

    CSS_PATH = "spot_checks.tcss"
    AUTO_FOCUS = "#links"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "record", N_("record a check"), priority=True),
        Binding("left_square_bracket", "day(-1)", N_("day before")),
        Binding("right_square_bracket", "day(1)", N_("next day")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._day: date | None = None
        self._plan: DayPlan | None = None

    def title_text(self) -> Content:
        """Which day, and how far its plan is."""
        plan = self._plan
        if plan is None:
            return Content(_("Spot checks (Art. 7)"))
        done = _("{checked} of {count} links").format(checked=plan.checked, count=len(plan.links))
        over = Content.styled("  " + _("the day has ended"), "$faint") if plan.ended else Content("")
        return Content.assemble(_("Spot checks (Art. 7)"), f"  {plan.date:%m-%d}  {done}", over)

    def compose_fields(self) -> ComposeResult:
        """The plan, and beneath it everything known of the link under the cursor."""
        yield LineTable(
            (
                Column("", 1),
                Column(N_("Link"), 22),
                Column(N_("Time"), 8),
                Column(N_("Check result"), 20, flex=1),
            ),
            lambda row: link_cells(row, self.desk.zone, ended=bool(self._plan and self._plan.ended)),
            key=lambda row: row.link.code,
            id="links",
        )
        yield Static("", id="story", markup=False)

    def on_mount(self) -> None:
        """Read the day's plan."""
        self._day = self._today()
        self._read()

    def _today(self) -> date:
        return self.desk.clock().astimezone(self.desk.zone).date()

    def _read(self, _result: object = None) -> None:
        from operations.spot_checks import spot_checks

        self.run_operation(spot_checks, self.desk.signed_in, self.desk.clock(), self._day, then=self._show)

    def _show(self, plan: DayPlan) -> None:
        self._plan = plan
        self._table().set_rows(plan.links)
        self.set_title(self.title_text())
        self._tell_story()
        self.refresh_bindings()

    def _table(self) -> LineTable[Any]:
        return self.query_one("#links", LineTable)

    @on(LineTable.CursorMoved)
    def _tell_story(self) -> None:
        row: LinkRow | None = self._table().current
        lines = [self._check_line(check) for check in row.checks[-3:]] if row is not None else []
        self.query_one("#story", Static).update(Content("\n").join(lines) if lines else Content(" "))

    def _check_line(self, check: CheckRow) -> Content:
        sign, style = CHECK_LOOKS[check.result]
        zone = self.desk.zone
        told = ""
        if check.informed and check.informed_at is not None:
            told = _("told {whom} {time}").format(
                whom=check.informed, time=clock_time(check.informed_at, zone)
            )
        parts = (clock_time(check.checked_at, zone), check.checked_by, check.person, check.found, told)
        return Content.assemble((f"{sign} ", style), plain("  ".join(part for part in parts if part)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only who may record is offered it, and only for a day that still takes it; no day lies ahead."""
        if action == "record":
            from operations.boundary import may
            from operations.permissions import Action

            recent = self._day is not None and self._day >= self._today() - timedelta(days=1)
            return recent and may(self.desk.signed_in, Action.RECORD_CHECK)
        if action == "day" and parameters == (1,):
            return self._day is not None and self._day < self._today()
        return super().check_action(action, parameters)

    def action_day(self, step: int) -> None:
        """Show another day's plan."""
        if self._day is not None:
            self._day += timedelta(days=step)
            self._read()

    @on(LineTable.Selected)
    def action_record(self) -> None:
        """Record a check of the link under the cursor."""
        row: LinkRow | None = self._table().current
        if row is None or self._day is None:
            return

        def recorded(done: bool | None) -> None:
            if done:
                self._read()

        self.app.push_screen(RecordCheckDialog(row, yesterday=self._day < self._today()), recorded)


class RecordCheckDialog(DeskDialog[bool | None]):
    """One check of one link; a problem says what was found and whom you told."""

    CSS_PATH = "spot_checks.tcss"
    AUTO_FOCUS = "#result"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "accept", N_("save"), priority=True)]

    def __init__(self, row: LinkRow, *, yesterday: bool = False) -> None:
        super().__init__()
        self._row = row
        self._yesterday = yesterday

    def title_text(self) -> Content:
        """Which link is checked."""
        from operations.spot_checks import link_words

        day = _("yesterday") + " " if self._yesterday else ""
        return Content.assemble(
            _("Spot check (Art. 7)"), "  ", day, plain(link_words(self._row.link), "$accent")
        )

    def compose_fields(self) -> ComposeResult:
        """The result, then what, who and when."""
        now = "" if self._yesterday else clock_time(self.desk.clock(), self.desk.zone)
        yield ChoiceLine([(code.value, name) for code, name in RESULT_NAMES.items()], id="result")
        for name, label, value, longest in (
            ("at", N_("Checked at"), now, 5),
            ("person", N_("Who was checked"), "", 60),
            ("found", N_("What was found"), "", 500),
            ("told", N_("Whom you told"), "", 60),
            ("told-at", N_("Told at"), "", 5),
        ):
            with HorizontalGroup(classes="pair"):
                yield Label(_(label))
                yield Input(value, id=name, max_length=longest, compact=True)
        yield Static(
            _("People by work number or name. A problem needs what was found and whom you told."),
            classes="hint",
        )

    def _field_after_focused(self) -> Input | None:
        if isinstance(self.focused, ChoiceLine):
            return self.query_one("#person", Input)
        return super()._field_after_focused()

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    # By the last field's own message, so that it comes after everything typed before it.
    @on(Input.Submitted)
    def action_accept(self) -> None:
        """Record it."""
        try:
            draft = self._draft()
        except ValueError:
            self.set_problem(_("Times are written as HH:MM, such as 22:15."))
            self.query_one("#at").focus()
            return
        from operations.spot_checks import record_spot_check

        self.run_operation(
            record_spot_check, self.desk.signed_in, self.desk.clock(), draft, then=self._recorded
        )

    def _recorded(self, _check_id: int) -> None:
        self.dismiss(True)

    def _draft(self) -> CheckDraft:
        from operations.spot_checks import CheckDraft

        now, zone = self.desk.clock(), self.desk.zone
        checked_at = time_given(self._value("at"), now, zone)
        if checked_at is None and self._yesterday:
            raise ValueError("a check of yesterday needs its time")
        if (
            self._yesterday
            and checked_at is not None
            and checked_at.astimezone(zone).date() == now.astimezone(zone).date()
        ):
            checked_at -= timedelta(days=1)
        unchanged = self._value("at") == clock_time(now, zone)
        return CheckDraft(
            self._row.link.code,
            CheckResult(self.query_one("#result", ChoiceLine).value),
            self._value("found"),
            self._value("person"),
            self._value("told"),
            None if unchanged and not self._yesterday else checked_at,
            time_given(self._value("told-at"), now, zone),
        )
