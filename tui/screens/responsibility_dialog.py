"""Who answers for a problem found later (Art. 25): asked of the sealed record, contested, decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.responsibility import VERDICT_NAMES, Verdict
from tui.cells import plain
from tui.handover_text import SIDE_NAMES, Moment
from tui.screens.acting_form import Acted, ActingForm
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.duties import ShiftRow
    from operations.responsibility import CaseRow

# The regulation's own words, short enough for a column.
SHORT_VERDICTS = {
    Verdict.OUTGOING: N_("not handed over"),
    Verdict.INCOMING: N_("missed"),
    Verdict.UNDETERMINED: N_("undetermined"),
}
LOOKS = {Verdict.OUTGOING: "$breach", Verdict.INCOMING: "$breach", Verdict.UNDETERMINED: "$attention"}
PERMISSIONS_OF_ACTIONS = {
    "ask": "ask_responsibility",
    "contest": "contest_responsibility",
    "decide": "decide_responsibility",
}
VERDICTS_BY_NUMBER = {"1": Verdict.OUTGOING, "2": Verdict.INCOMING, "3": Verdict.UNDETERMINED}


class ResponsibilityDialog(DeskDialog[None]):
    """Every question asked, newest first; the one under the cursor with its evidence below."""

    TITLE = N_("Who answers for a problem found later (Art. 25)")
    CSS_PATH = "responsibility_dialog.tcss"
    AUTO_FOCUS = "#cases"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "ask", N_("ask")),
        Binding("c", "contest", N_("contest")),
        Binding("d", "decide", N_("decide")),
        Binding("escape", "cancel", N_("back")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._sealed: tuple[ShiftRow, ...] = ()

    def compose_fields(self) -> ComposeResult:
        """The cases over the story of one."""
        yield LineTable(
            (
                Column(N_("Shift"), 14),
                Column(N_("Problem"), 16, flex=1),
                Column(N_("Answers"), 16),
                Column(N_("State"), 10),
            ),
            self._cells,
            key=lambda row: row.id,
            empty=N_("Nobody has asked yet: n asks the sealed record."),
            id="cases",
        )
        with VerticalScroll(id="case-scroll", can_focus=False):
            yield Static(id="case")

    def on_mount(self) -> None:
        """Read the cases and the shifts one can ask about."""
        self.watch(self.app, "data_version", self._ask_again)

    def _ask_again(self) -> None:
        from operations.acceptance import sealed_shifts
        from operations.responsibility import responsibility_cases

        if self.desk.actor is None:
            return
        actor, now = self.desk.signed_in, self.desk.clock()
        self.run_operation(
            lambda: (responsibility_cases(actor, now), sealed_shifts(actor, now)), then=self._show
        )

    def _show(self, found: tuple[Sequence[CaseRow], tuple[ShiftRow, ...]]) -> None:
        cases, self._sealed = found
        self._table.set_rows(cases)
        self._show_case()

    @on(LineTable.CursorMoved)
    def _show_case(self) -> None:
        case = self._case
        moment = Moment(self.desk.clock(), self.desk.zone)
        self.query_one("#case", Static).update(case_story(case, moment) if case is not None else "")
        self.refresh_bindings()

    @property
    def _table(self) -> LineTable[CaseRow]:
        return self.query_one("#cases", LineTable)

    @property
    def _case(self) -> CaseRow | None:
        return self._table.current if self.is_mounted else None

    @staticmethod
    def _cells(row: CaseRow) -> Sequence[Content]:
        return (
            plain(f"{row.date:%m-%d} {row.shift_name}"),
            plain(row.problem),
            Content.styled(_(SHORT_VERDICTS[row.final]), LOOKS[row.final]),
            Content.styled(_state(row), "$faint"),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """By role; a decided case is neither contested nor decided again."""
        if action not in PERMISSIONS_OF_ACTIONS:
            return super().check_action(action, parameters)
        if self.desk.actor is None:
            return False
        from operations.boundary import may
        from operations.permissions import Action

        permitted = may(self.desk.signed_in, Action(PERMISSIONS_OF_ACTIONS[action]))
        if action == "ask":
            return permitted and bool(self._sealed)
        return permitted and self._case is not None and self._case.decision is None

    # Asking, contesting, deciding ----------------------------------------------------------------------

    def action_ask(self) -> None:
        """Ask the sealed record of a shift."""
        from operations.responsibility import ask_responsibility, shift_log_id

        desk, newest = self.desk, self._sealed[0]

        def act(values: Mapping[str, str]) -> Callable[[], object]:
            day, code = _shift_given(values["shift"])
            evidence = tuple(values["evidence"].split())
            actor, now = desk.signed_in, desk.clock()

            def ask() -> int:
                log_id = shift_log_id(actor, now, day, code)
                return ask_responsibility(actor, now, log_id, values["problem"], values["words"], evidence)

            return ask

        story = _(
            "What stood on the signed list before the cut-off was handed over: who took over missed it. What the "
            "outgoing side knew and did not list was not handed over. Where the record shows neither, nobody is "
            "blamed. The question and its answer stay on the record."
        )
        form = ActingForm(
            _("Who answers for it? (Art. 25)"),
            Content(story),
            [
                Field(
                    "shift",
                    _("Shift that handed over: date and shift"),
                    _("Which shift?"),
                    hint=_("such as 2026-11-23 night"),
                    value=f"{newest.date.isoformat()} {newest.code}",
                    longest=40,
                ),
                Field("problem", _("Problem found"), _("Say what the problem is."), longest=200),
                Field("words", _("Words to look for in the record"), longest=120),
                Field("evidence", _("Evidence, such as entry:12 (optional)"), longest=200),
            ],
            act,
        )
        self.app.push_screen(form, partial(self._acted, _("Asked: the answer stands below.")))

    def action_contest(self) -> None:
        """Say why the answer is wrong, as someone of one of the two shifts."""
        from operations.responsibility import contest_responsibility

        case, desk = self._case, self.desk
        if case is None:
            return

        def act(values: Mapping[str, str]) -> Callable[[], object]:
            return partial(contest_responsibility, desk.signed_in, desk.clock(), case.id, values["reason"])

        reason = Field("reason", _("Why the answer is wrong"), _("Say why the answer is wrong."))
        form = ActingForm(_("Contest (Art. 25)"), plain(case.problem, "bold"), [reason], act)
        self.app.push_screen(form, partial(self._acted, _("Contested, on the record.")))

    def action_decide(self) -> None:
        """Decide with reasons, as a leader above both sides."""
        from operations.responsibility import decide_responsibility

        case, desk = self._case, self.desk
        if case is None:
            return

        def act(values: Mapping[str, str]) -> Callable[[], object]:
            verdict = VERDICTS_BY_NUMBER.get(values["verdict"])
            if verdict is None:
                raise ValueError(_("Type 1, 2 or 3."))
            return partial(
                decide_responsibility, desk.signed_in, desk.clock(), case.id, verdict, values["reason"]
            )

        choices = "  ".join(
            f"{key} {_(VERDICT_NAMES[verdict])}" for key, verdict in VERDICTS_BY_NUMBER.items()
        )
        form = ActingForm(
            _("Decide (Art. 25)"),
            Content("\n").join([plain(case.problem, "bold"), Content.styled(choices, "$info")]),
            [
                Field("verdict", _("1, 2 or 3"), _("Type 1, 2 or 3."), longest=1),
                Field("reason", _("Reasons"), _("A decision needs its reasons.")),
            ],
            act,
        )
        self.app.push_screen(form, partial(self._acted, _("Decided, on the record.")))

    def _acted(self, words: str, acted: object) -> None:
        if isinstance(acted, Acted):
            self.notify(words, markup=False)


def _shift_given(text: str) -> tuple[date, str]:
    """Return day and shift code of ``2026-11-23 night``. Raises :class:`ValueError` with words."""
    day, _blank, code = text.strip().partition(" ")
    try:
        return date.fromisoformat(day), code.strip()
    except ValueError:
        raise ValueError(_("Write the shift as date and code, such as 2026-11-23 night.")) from None


def _state(row: CaseRow) -> str:
    if row.decision is not None:
        return _("decided")
    return _("contested") if row.objections else _("answered")


def case_story(case: CaseRow, moment: Moment) -> Content:
    """A case in lines: the answer, the evidence that carries it, the objections, the decision."""
    lines = [
        Content.assemble(
            (f"{_(VERDICT_NAMES[case.verdict])}  ", f"{LOOKS[case.verdict]} bold"),
            (
                _("cut-off {time}, digest {digest}").format(
                    time=moment.text(case.cutoff_at), digest=case.digest[:8].upper()
                ),
                "$faint",
            ),
        )
    ]
    for piece in case.evidence:
        mark = _("on the signed list") if piece.listed else _("not on the list")
        style = "$ok" if piece.listed else "$attention"
        lines.append(
            Content.assemble(
                (f"  {moment.text(piece.known_at)} ", "$faint"), (f"{mark} ", style), plain(piece.text),
                plain(f"  {piece.id}", "$faint"),
            )
        )  # fmt: skip
    if not case.evidence:
        lines.append(Content.styled("  " + _("The record says nothing about it."), "$faint"))
    for objection in case.objections:
        who = f"  ! {_(SIDE_NAMES[objection.side])} {objection.person} {moment.text(objection.at)}: "
        lines.append(Content.assemble((who, "$attention"), plain(objection.reason)))
    if case.decision is not None:
        decided = _("Decided by {name} {time}: {verdict}.").format(
            name=case.decided_by,
            time=moment.text(case.decided_at),
            verdict=_(VERDICT_NAMES[case.decision]),
        )
        lines.append(Content.assemble((f"✓ {decided} ", "$ok bold"), plain(case.decision_reason)))
    return Content("\n").join(lines)
