"""Whose confidentiality undertaking is missing, has run out or soon will (Art. 26), and asking all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from regulation.register_training import UNDERTAKING
from regulation.registers import may_add
from regulation.undertakings import UndertakingState
from tui.cells import plain
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.undertakings import Standing

LOOKS = {
    UndertakingState.MISSING: ("!", "$attention"),
    UndertakingState.EXPIRING: ("·", "$info"),
    UndertakingState.EXPIRED: ("✗", "$breach"),
    UndertakingState.IN_FORCE: ("✓", "$ok"),
}


class UndertakingsDialog(DeskDialog[None]):
    """The list; ``a`` puts an undertaking before everybody on it who has none to sign yet."""

    TITLE = N_("Confidentiality undertakings to be signed (Art. 26)")
    AUTO_FOCUS = "#standings"
    DEFAULT_CSS = """
    UndertakingsDialog .dialog { width: 78; max-width: 100%; }
    UndertakingsDialog LineTable { height: 15; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("a", "ask_all", N_("ask them all to sign"))]

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Standing] = ()

    def compose_fields(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (
                Column(N_("No."), 6),
                Column(N_("Name"), 8, flex=1),
                Column(N_("State"), 16, flex=1),
                Column(N_("holds until"), 12),
                Column("", 18),
            ),
            standing_cells,
            key=lambda row: row.person_id,
            empty=N_("Everybody has signed, and nothing runs out soon."),
            id="standings",
        )

    def on_mount(self) -> None:
        """Ask how everybody stands."""
        self._load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whoever adds to the register asks; when all were asked there is nobody to ask."""
        if action == "ask_all":
            return may_add(UNDERTAKING, self.desk.signed_in.role) and bool(self._unasked)
        return super().check_action(action, parameters)

    @property
    def _unasked(self) -> list[str]:
        return [row.work_number for row in self._rows if not row.asked]

    def action_ask_all(self) -> None:
        """Put this year's undertaking before all of them."""
        from operations.registers import open_records

        now = self.desk.clock()
        wording = _("Confidentiality undertaking {year}").format(year=now.astimezone(self.desk.zone).year)
        args = (UNDERTAKING.key, {"wording": wording}, self._unasked)
        self.run_operation(open_records, self.desk.signed_in, now, *args, then=self._asked)

    def _asked(self, records: Sequence[int]) -> None:
        self.desk.notify(_("On record for {count} people.").format(count=len(records)))
        self.desk.data_version += 1
        self._load()

    def _load(self) -> None:
        from operations.undertakings import undertakings_to_see_to

        args = (self.desk.signed_in, self.desk.clock())
        self.run_operation(undertakings_to_see_to, *args, then=self._show)

    def _show(self, rows: Sequence[Standing]) -> None:
        self._rows = rows
        self.query_one(LineTable).set_rows(rows)
        self.refresh_bindings()


def standing_cells(row: Standing) -> list[Content]:
    """Who, how they stand, until when it holds, whether they were asked."""
    sign, style = LOOKS[row.state]
    return [
        plain(row.work_number, "$faint"),
        plain(row.name),
        Content.styled(f"{sign} {_(row.state.value)}", style),
        plain(f"{row.until:%Y-%m-%d}" if row.until else "—"),
        Content.styled(_("asked to sign") if row.asked else "", "$faint"),
    ]
