"""Asking for leave: the kind, the days, a half or hours; whether one may, and who decides, is told while one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widgets import Checkbox, Input, Label, Static

from locales import N_, _
from regulation.leave_kinds import LEAVE_NAMES, LeaveKind
from regulation.leave_routing import DECIDER_NAMES
from settings import ZhibanError
from tui.cells import plain
from tui.leave_words import cover_content
from tui.rows import article_name
from tui.screens.desk import sentence
from tui.screens.dialog import DeskDialog
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.tick_box import TickBox

if TYPE_CHECKING:
    from operations.leave import LeaveWish
    from operations.leave_views import LeaveOutlook
    from operations.people import PersonRow

HOURS = "hours"
MOST_COVER = 3
HALF_A_YEAR = timedelta(days=180)
PARTS = (
    ("whole", N_("whole duties")),
    ("first", N_("to the middle")),
    ("second", N_("from the middle")),
    (HOURS, N_("some hours")),
)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What the form holds, as far as it means something."""

    kind: LeaveKind
    first: date
    last: date
    part: str
    reason: str
    special: bool
    note: str


class AskLeaveDialog(DeskDialog[int | None]):
    """Dismisses with the request's number once it is made."""

    TITLE = N_("Ask for leave (Art. 35-37)")
    CSS_PATH = "ask_leave.tcss"
    AUTO_FOCUS = "#kind"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "ask", N_("ask"), priority=True)]

    def __init__(self, day: date, person: PersonRow, on_behalf_of: str) -> None:
        super().__init__()
        self._day = day
        self._person = person
        self._on_behalf_of = on_behalf_of
        self._looked_at: _Typed | None = None
        self._asking = False

    def title_text(self) -> Content:
        """Whose leave."""
        who = plain(f"{self._person.name}({self._person.work_number})", "$accent")
        return Content.assemble(_(self.TITLE), "  ", who)

    def compose_fields(self) -> ComposeResult:
        """The kind, the days, the part, why, the doctor's note, and the answer."""
        if self._on_behalf_of:
            words = _("You ask for somebody absent: another leader decides.")
            yield Static(Content.styled(words, "$attention"), classes="dialog--text")
        kinds = [(kind.value, LEAVE_NAMES[kind]) for kind in LeaveKind]
        yield ChoiceLine(kinds, LeaveKind.PERSONAL.value, id="kind")
        with HorizontalGroup(classes="pair"):
            yield Label(_("From"))
            yield Input(f"{self._day:%m-%d}", placeholder="11-24", max_length=10, compact=True, id="first")
            yield Label(_("To"), classes="second")
            yield Input("", placeholder=_("the same day"), max_length=10, compact=True, id="last")
        yield ChoiceLine(PARTS, id="part")
        yield Input(placeholder="14:00-16:00", max_length=11, compact=True, id="hours")
        with HorizontalGroup(classes="pair"):
            yield Label(_("Reason"))
            yield Input(placeholder=_("why"), max_length=200, compact=True, id="reason")
        with HorizontalGroup(classes="pair", id="note-line"):
            yield Label(_("Doctor's note"))
            yield Input(placeholder=_("number or reference"), max_length=80, compact=True, id="note")
        yield TickBox(Content(_("special case: late, with its reason (Art. 35)")), compact=True, id="special")
        yield Static(id="outlook", markup=False)

    def on_mount(self) -> None:
        """Hours and a note are asked for only where they matter."""
        for choice in ("#part", "#kind"):
            self.watch(self.query_one(choice, ChoiceLine), "value", self._chosen, init=False)
        self._chosen()

    def _chosen(self) -> None:
        self.query_one("#hours", Input).display = self._choice("part") == HOURS
        self.query_one("#note-line").display = self._choice("kind") == LeaveKind.SICK.value
        self._look()

    def _field_after_focused(self) -> Input | None:
        """Enter goes on from a choice too."""
        here, chain = self.focused, self.focus_chain
        if not isinstance(here, Input | ChoiceLine) or here not in chain:
            return None
        following = chain[chain.index(here) + 1 :]
        return next((widget for widget in following if isinstance(widget, Input)), None)

    # The answer -----------------------------------------------------------------------------------------

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def _look(self) -> None:
        """Ask whether it may be asked, as far as it is said."""
        try:
            typed = self._typed()
        except ValueError as problem:
            self._looked_at = None
            self._say([plain(str(problem), "$faint")])
            return
        if typed == self._looked_at:
            return
        self._looked_at = typed

        def ask_the_centre() -> LeaveOutlook | str:
            from operations.leave_views import leave_outlook

            try:
                actor, now = self.desk.signed_in, self.desk.clock()
                return leave_outlook(actor, now, self._wish(typed), self._on_behalf_of)
            except ZhibanError as error:
                return sentence(error)

        self.run_operation(ask_the_centre, then=lambda outlook: self._show(typed, outlook))

    def _wish(self, typed: _Typed) -> LeaveWish:
        """Return what is asked for; runs in the worker, because hours are those of a duty."""
        from operations.leave import LeaveWish
        from operations.leave_spans import DayPart, leave_span

        one_day = typed.first == typed.last
        begins, ends = DayPart(typed.first), DayPart(typed.last)
        if typed.part == "first":
            ends = DayPart(typed.last, "first")
        elif typed.part == "second":
            begins = DayPart(typed.first, "second")
        elif typed.part:
            begins = DayPart(typed.first, typed.part)
        if one_day and typed.part == "first":
            begins = ends
        span = leave_span(self.desk.signed_in, self.desk.clock(), begins, ends, self._on_behalf_of)
        return LeaveWish(typed.kind, span, typed.reason, typed.special, typed.note)

    def _show(self, typed: _Typed, outlook: LeaveOutlook | str) -> None:
        if typed != self._looked_at:
            return  # something else was typed in the meantime
        if isinstance(outlook, str):
            self._say([Content.assemble(("✗ ", "$breach bold"), plain(outlook))])
            return
        from operations.leave_listings import balance_words, days_words

        answer = outlook.answer
        lines = [
            Content.assemble(
                ("✗ ", "$breach bold"), plain(f"{text} {article_name(article)}  "), (step, "$faint")
            )
            for article, text, step in outlook.refusals[:2]
        ]
        if answer.allowed:
            may = _("It may be asked: {days}.").format(days=days_words(answer.days))
            lines.append(Content.assemble(("✓ ", "$ok bold"), may))
        deciders = [
            _("{decider} decides: {names}").format(decider=_(DECIDER_NAMES[who]), names=", ".join(names))
            for who, _article, names in outlook.deciders
        ]
        lines += [plain(words, "$info") for words in deciders]
        lines += [
            Content.assemble(
                ("! ", "$attention bold"),
                plain(f"{_(one.text).format(**one.details)} {article_name(one.article)}"),
            )
            for one in answer.notices
        ]
        lines += [cover_content(line) for line in outlook.cover[:MOST_COVER]]
        if outlook.balance is not None:
            lines.append(plain(balance_words(outlook.balance), "$faint"))
        self._say(lines)

    def _say(self, lines: Sequence[Content]) -> None:
        self.query_one("#outlook", Static).update(Content("\n").join(lines))

    # What was typed -------------------------------------------------------------------------------------

    def _choice(self, name: str) -> str:
        return self.query_one(f"#{name}", ChoiceLine).value

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _typed(self) -> _Typed:
        first = day_meant(self._text("first"), self.desk.clock().astimezone(self.desk.zone).date())
        last = day_meant(self._text("last"), first) if self._text("last") else first
        part = self._choice("part")
        return _Typed(
            LeaveKind(self._choice("kind")),
            first,
            last,
            {"whole": "", HOURS: self._text("hours") or "?"}.get(part, part),
            self._text("reason"),
            self.query_one("#special", Checkbox).value,
            self._text("note"),
        )

    # Asking ---------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def action_ask(self) -> None:
        """Ask, once."""
        if self._asking:
            return
        try:
            typed = self._typed()
        except ValueError as problem:
            self.set_problem(str(problem))
            return
        self._asking = True
        self.set_problem("")

        def ask() -> int:
            from operations.leave import ask_leave

            wish = self._wish(typed)
            return ask_leave(self.desk.signed_in, self.desk.clock(), wish, self._on_behalf_of)

        self.run_operation(ask, then=self._asked)

    def _asked(self, leave_id: int) -> None:
        self.dismiss(leave_id)

    @on(DeskDialog.OperationRefused)
    def _refused(self) -> None:
        self._asking = False


def day_meant(text: str, near: date) -> date:
    """Return the day of ``2026-11-24``, ``11-24`` or ``24``: without a year or month the one that comes next.

    Raises :class:`ValueError` with words for what is no day.
    """
    try:
        if len(text) > 5:
            return date.fromisoformat(text)
        month, _dash, day = text.rpartition("-")
        if month:
            found = near.replace(month=int(month), day=int(day))
            return found if found > near - HALF_A_YEAR else found.replace(year=near.year + 1)
        found = near.replace(day=int(day))
        return found if found >= near else (found.replace(day=1) + timedelta(days=32)).replace(day=int(day))
    except ValueError:
        raise ValueError(_("A day is written like 11-24, or 2026-11-24.")) from None
