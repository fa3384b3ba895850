"""A QA form while one listens (Art. 39-41, 43): who, which call, and a number key for each demand."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalGroup
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from regulation.limits import DEFAULT_LIMITS, Limits
from regulation.quality import LINES, score
from regulation.register_service import QA_FORM
from tui.cells import plain
from tui.rows import article_name
from tui.screens.dialog import DeskDialog
from tui.widgets.choice_line import ChoiceLine
from tui.widgets.score_lines import ScoreLines


class QaFormDialog(DeskDialog["int | None"]):
    """Dismisses with the record's id once the form is given; what is refused stays on the screen."""

    TITLE = N_("A call inspected (Art. 39-41, 43)")
    DEFAULT_CSS = """
    QaFormDialog .dialog { width: 76; max-width: 100%; }
    QaFormDialog .qa--line { height: auto; }
    QaFormDialog .qa--line Label { width: 20; padding: 0 1; color: $text-muted; }
    QaFormDialog .qa--line Input, QaFormDialog .qa--line ChoiceLine { width: 1fr; }
    QaFormDialog #scores { margin: 1 0; }
    QaFormDialog #total { padding: 0 1; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next_line", N_("next"), show=False, priority=True),
        Binding("ctrl+s", "accept", N_("give the form"), priority=True),
    ]

    def __init__(self, person: str = "") -> None:
        super().__init__()
        self._person = person
        self._limits: Limits = DEFAULT_LIMITS
        self._acting = False

    def compose_fields(self) -> ComposeResult:
        """The head, the scored lines with their total, the remarks."""
        yield from self._row(
            "person", Input(self._person, _("work number or name"), compact=True, id="in-person")
        )
        channel = QA_FORM.field_named("channel")
        options = tuple((choice.key, choice.label) for choice in channel.choices) if channel else ()
        yield from self._row("channel", ChoiceLine(options, id="in-channel"))
        yield from self._row("call", Input("", max_length=40, compact=True, id="in-call"))
        yield ScoreLines(LINES, id="scores")
        yield Static(id="total", markup=False)
        yield from self._row("remarks", Input("", compact=True, id="in-remarks"))

    @staticmethod
    def _row(key: str, field: Input | ChoiceLine) -> ComposeResult:
        known = QA_FORM.field_named(key)
        with HorizontalGroup(classes="qa--line"):
            yield Label(Content(_(known.label) if known else key))
            yield field

    def on_mount(self) -> None:
        """Start with whoever is not known yet; ask for the pass mark."""
        from operations.centre import limits_today

        self.query_one("#in-call" if self._person else "#in-person").focus()
        self._show_total()
        self.run_operation(limits_today, self.desk.signed_in, self.desk.clock(), then=self._measured)

    def _measured(self, limits: Limits) -> None:
        self._limits = limits
        self._show_total()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is the form's own."""
        return False if action == "next_field" else super().check_action(action, parameters)

    def action_next_line(self) -> None:
        """Go to the next part; from the remarks give the form."""
        order = ("in-person", "in-channel", "in-call", "scores", "in-remarks")
        here = self.focused.id if self.focused is not None else None
        place = order.index(here) if here in order else -1
        if place + 1 < len(order):
            self.query_one(f"#{order[place + 1]}").focus()
        else:
            self.action_accept()

    @on(ScoreLines.Filled)
    def _filled(self) -> None:
        self.query_one("#in-remarks").focus()

    @on(ScoreLines.Changed)
    def _show_total(self) -> None:
        points = self.query_one(ScoreLines).points
        left = len(LINES) - len(points)
        if left:
            words = _("{left} lines left; 1–9 points, 0 for ten, x for none").format(left=left)
            self.query_one("#total", Static).update(plain(words, "$faint"))
            return
        done = score({key: str(given) for key, given in points.items()}, self._limits)
        style, sign = ("$ok", "✓") if done.passed else ("$breach", "✗")
        weak = " ".join(article_name(number) for number in done.weak_articles)
        words = _("{points} of {most} points, {percent} %").format(
            points=done.points, most=done.most, percent=done.percent
        )
        short = f"  {_('short of the mark')}: {weak}" if weak else ""
        self.query_one("#total", Static).update(
            Content.assemble((f"{sign} {words}", f"{style} bold"), (short, "$attention"))
        )

    def action_accept(self) -> None:
        """Give the form, once; a line without points is gone to."""
        if self._acting:
            return
        points = self.query_one(ScoreLines).points
        if len(points) < len(LINES):
            self.set_problem(_("Every line needs its points (Art. 39-41, 43)."))
            self.query_one(ScoreLines).focus()
            return
        from operations.registers import open_record

        self._acting = True
        self.set_problem("")
        actor, now = self.desk.signed_in, self.desk.clock()
        texts = {key: self._text(key) for key in ("person", "call", "remarks")}
        texts |= {"channel": self.query_one("#in-channel", ChoiceLine).value}
        texts |= {"inspected_on": f"{now.astimezone(self.desk.zone):%Y-%m-%d}"}
        texts |= {key: str(given) for key, given in points.items()}

        self.run_operation(open_record, actor, now, QA_FORM.key, texts, then=self._given)

    def _given(self, record_id: int) -> None:
        self.desk.data_version += 1
        self.desk.notify(_("On record."))
        self.dismiss(record_id)

    @on(DeskDialog.OperationRefused)
    def _act_refused(self) -> None:
        self._acting = False

    def _text(self, key: str) -> str:
        return self.query_one(f"#in-{key}", Input).value.strip()
