"""One door event: what was decided, under which article, and where the record stands."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.access import DOOR_CODES
from regulation.articles import ARTICLES
from regulation.doorlog import event_id
from tui import rows
from tui.cells import fit, plain
from tui.screens.dialog import DeskDialog
from tui.screens.regulation import article_label

if TYPE_CHECKING:
    from operations.door import DoorRow

LABEL_WIDTH = 12


class DoorEventDialog(DeskDialog[None]):
    """Everything the record of one read says to the desk."""

    TITLE = N_("Door event")
    AUTO_FOCUS = ""

    def __init__(self, row: DoorRow, zone: tzinfo) -> None:
        super().__init__()
        self._row = row
        self._zone = zone

    def compose_fields(self) -> ComposeResult:
        """The facts, one a line."""
        yield Static(Content("\n").join(self._lines()), classes="dialog--text")

    def _lines(self) -> list[Content]:
        row = self._row
        code = DOOR_CODES.get(row.code)
        sign, style = rows.door_look(row)
        name = _(rows.OUTCOME_NAMES[row.outcome]) if row.outcome in rows.OUTCOME_NAMES else row.outcome
        article = f"{rows.article_name(row.article)}  {article_label(ARTICLES[row.article])}"
        facts = [
            (N_("Time"), Content(row.at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S"))),
            (N_("Door"), plain(f"{row.kiosk} · {row.reader} · {rows.direction_word(row.direction)}")),
            (N_("Who"), rows.door_who(row)),
            (N_("No."), plain(row.work_number or "—")),
            (N_("Decision"), Content.styled(f"{sign} {name}", style)),
            (N_("Said"), plain(_(row.text))),
            (N_("Article"), Content(article)),
            (N_("Record"), plain(event_id(row.kiosk, row.sequence), "$faint")),
        ]
        if code is not None and code.next_step:
            facts.insert(6, (N_("Next step"), Content(_(code.next_step))))
        return [
            Content.assemble(fit(Content.styled(_(label), "$faint"), LABEL_WIDTH), value)
            for label, value in facts
        ]
