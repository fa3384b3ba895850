"""The reasons for which someone may be let in (Art. 20): a dated list that the centre keeps itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.records import VisitReason
from tui.cells import plain
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field, FormDialog, Tick
from tui.screens.register_visit import reason_words
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class ReasonGiven:
    """A reason as it was written down, and the civil day from which it counts."""

    reason: VisitReason
    effective_from: date


class ReasonDialog(FormDialog[ReasonGiven]):
    """One reason; an existing code gets new words."""

    def __init__(self, known: VisitReason | None, today: date) -> None:
        given = known or VisitReason("", "")
        super().__init__(
            _("A reason to enter (Art. 20)"),
            Content(_("It counts from the day you give; visits of the past keep the reason they had.")),
            [
                Field("code", _("Code (letters)"), missing=_("A reason needs a code."), value=given.code),
                Field("label", _("Chinese words"), missing=_("A reason needs words."), value=_(given.label)),
                Field("label_en", _("English words"), value=given.label_en),
                Field("needs", _("What must be given with it"), value=_(given.needs) if given.needs else ""),
                Field("from", _("From (YYYY-MM-DD)"), value=today.isoformat(), missing=_("From which day?")),
                Tick("by_manager", _("only the deputy manager approves it"), given.by_manager),
            ],
        )

    def answer(self, values: Mapping[str, str], ticks: Mapping[str, bool], /) -> ReasonGiven:
        """Return the reason; raises :class:`ValueError` for a day that is none."""
        try:
            day = date.fromisoformat(values["from"])
        except ValueError:
            raise ValueError(_("A day is written like 2026-11-30.")) from None
        reason = VisitReason(
            values["code"], values["label"], values["needs"], values["label_en"], ticks["by_manager"]
        )
        return ReasonGiven(reason, day)


class ReasonsDialog(DeskDialog[None]):
    """What counts today; n writes a reason, Enter changes one, d retires one from today on."""

    TITLE = N_("Reasons to enter (Art. 20)")
    CSS_PATH = "reasons.tcss"
    AUTO_FOCUS = "#reasons"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "write", N_("a new one")),
        Binding("enter", "change", N_("change"), priority=True),
        Binding("d", "retire", N_("no longer a reason")),
    ]

    def compose_fields(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (
                Column(N_("Code"), 12),
                Column(N_("Reason"), 18, flex=3),
                Column(N_("Needs"), 16, flex=2),
                Column(N_("Approval"), 10),
            ),
            self._cells,
            key=lambda reason: reason.code,
            id="reasons",
        )
        yield Static("", classes="dialog--text")

    @staticmethod
    def _cells(reason: VisitReason) -> list[Content]:
        by = Content.styled(_("manager"), "$attention") if reason.by_manager else Content("")
        return [
            plain(reason.code, "$faint"),
            plain(reason_words(reason)),
            plain(_(reason.needs) if reason.needs else "", "$faint"),
            by,
        ]

    def on_mount(self) -> None:
        """Read the list."""
        self._read()

    def _read(self, _result: object = None) -> None:
        from operations.reasons import visit_reasons

        self.run_operation(visit_reasons, self.desk.signed_in, self.desk.clock(), then=self._show)

    def _show(self, reasons: Sequence[VisitReason]) -> None:
        self._table().set_rows(reasons)

    def _table(self) -> LineTable[Any]:
        return self.query_one("#reasons", LineTable)

    def _today(self) -> date:
        return self.desk.clock().astimezone(self.desk.zone).date()

    def action_write(self) -> None:
        """Write down a new reason."""
        self.app.push_screen(ReasonDialog(None, self._today()), self._given)

    def action_change(self) -> None:
        """Change the reason under the cursor."""
        reason: VisitReason | None = self._table().current
        if reason is not None:
            self.app.push_screen(ReasonDialog(reason, self._today()), self._given)

    def _given(self, given: ReasonGiven | None) -> None:
        if given is None:
            return
        from operations.reasons import set_visit_reason

        reason = given.reason
        self._change(
            set_visit_reason, reason.code, reason.label, reason.label_en, reason.needs, reason.by_manager,
            given.effective_from,
        )  # fmt: skip

    def action_retire(self) -> None:
        """Take the reason under the cursor off the list, from today on."""
        reason: VisitReason | None = self._table().current
        if reason is not None:
            from operations.reasons import retire_visit_reason

            self._change(retire_visit_reason, reason.code, self._today())

    def _change(self, operation: Callable[..., object], *args: object) -> None:
        self.run_operation(operation, self.desk.signed_in, self.desk.clock(), *args, then=self._read)
