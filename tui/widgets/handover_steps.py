"""The five steps of a handover, always visible: a column where there is room, one line where there is not."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from locales import N_, _

STEP_NAMES = (N_("Write the log"), N_("Cut-off"), N_("Check together"), N_("Both sign"), N_("Print"))
SHORT_NAMES = (N_("write"), N_("cut-off"), N_("check"), N_("sign"), N_("print"))


@dataclass(frozen=True, slots=True)
class StepsState:
    """Which step is being done (0 to 4; 5 when all are), and a few words under each."""

    current: int = 0
    words: tuple[str, ...] = ("", "", "", "", "")


class HandoverSteps(Widget):
    """Draws a :class:`StepsState`."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  textual's own name for it
        super().__init__(id=id)
        self._state = StepsState()

    def show_state(self, state: StepsState) -> None:
        """Show where the handover is."""
        self._state = state
        self.refresh()

    def render(self) -> Content:
        """One line, or a line and its words per step."""
        if self.size.height <= 1:
            return Content.styled("  ›  ", "$rule").join(self._heading(n, SHORT_NAMES[n]) for n in range(5))
        lines = []
        for number in range(5):
            lines += [self._heading(number, STEP_NAMES[number]), self._words(number), Content("")]
        return Content("\n").join(lines)

    def _heading(self, number: int, name: str) -> Content:
        text = f"{number + 1} {_(name)}"
        if number < self._state.current:
            return Content.assemble(("✓ ", "$ok"), (text, "$past"))
        if number == self._state.current:
            return Content.assemble(("▸ ", "$accent bold"), (text, "$accent bold"))
        return Content.assemble("  ", (text, "$faint"))

    def _words(self, number: int) -> Content:
        return Content.styled("    " + self._state.words[number], "$faint")
