"""Who answers for a problem that a sealed shift handed over, or did not (Art. 25): asked here, answered here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from locales import _
from tui.cells import plain
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.responsibility import CaseRow


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the problem, words to look for, and ids that people point at."""

    problem: str
    words: str
    evidence: tuple[str, ...]


class ResponsibilityDialog(FormDialog[Question]):
    """Asks, puts the question on the record, and shows the answer with its evidence under the form."""

    DEFAULT_CSS = """
    ResponsibilityDialog #answer-scroll { height: auto; max-height: 8; }
    ResponsibilityDialog #answer { height: auto; }
    """

    def __init__(self, log_id: int, shift: str) -> None:
        super().__init__(
            _("Who answers for it (Art. 25)"),
            plain(shift, "bold"),
            [
                Field("problem", _("The problem"), _("Say what the problem is.")),
                Field("words", _("Words to look for in the log"), longest=120),
                Field(
                    "evidence",
                    _("Evidence"),
                    hint=_("entry:12 visit:3 door:NAME-7, separated by blanks; may stay empty"),
                    longest=200,
                ),
            ],
        )
        self._log_id = log_id

    def compose_fields(self) -> ComposeResult:
        """The form, and below it the answer once there is one."""
        yield from super().compose_fields()
        with VerticalScroll(id="answer-scroll") as scroll:
            yield Static(id="answer")
        scroll.display = False

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> Question:
        """The question as written; raises :class:`ValueError` with nothing to look for."""
        evidence = tuple(values["evidence"].split())
        if not (values["words"] or evidence):
            raise ValueError(_("Give words to look for, or evidence to look at."))
        return Question(values["problem"], values["words"], evidence)

    def accepted(self, answer: Question) -> None:
        """Ask, and stay: the answer is shown here."""
        from operations.responsibility import ask_responsibility, responsibility_case

        actor, now, log_id = self.desk.signed_in, self.desk.clock(), self._log_id

        def ask() -> CaseRow:
            case = ask_responsibility(actor, now, log_id, answer.problem, answer.words, answer.evidence)
            return responsibility_case(actor, now, case)

        self.run_operation(ask, then=self._show)

    def _show(self, row: CaseRow) -> None:
        from operations.listings import Office
        from operations.responsibility_listings import case_lines

        lines = case_lines(Office(self.desk.clock(), ZoneInfo(str(self.desk.zone))), row)
        self.set_problem("")
        self.query_one("#answer", Static).update(Content("\n").join([plain(line) for line in lines[2:]]))
        scroll = self.query_one("#answer-scroll")
        scroll.display = True
        for field in self.query(Input):
            field.disabled = True
        scroll.focus()
