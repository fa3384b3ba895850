"""Badges on 9 System (Art. 20): registered, lost, revoked, usable again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from regulation.records import BadgeKind, BadgeState
from tui.cells import day_time, plain
from tui.widgets.line_table import Column, LineTable
from tui.widgets.system_section import SystemSection

if TYPE_CHECKING:
    from collections.abc import Callable

    from operations.system_view import BadgeRow, SystemView
    from tui.screens.badge_dialog import BadgeGiven

KINDS = {
    BadgeKind.OWN: N_("own"),
    BadgeKind.VISITOR: N_("for visitors"),
    BadgeKind.TEMPORARY: N_("to be lent"),
}
STATE_LOOKS = {
    BadgeState.ACTIVE: (N_("usable"), "$ok"),
    BadgeState.LOST: (N_("lost"), "$breach"),
    BadgeState.REVOKED: (N_("revoked"), "$attention"),
}


class BadgeSection(SystemSection):
    """Every badge there is."""

    NAME = "badges"
    LABEL = N_("Badges")
    CHANGES: ClassVar[dict[str, str]] = dict.fromkeys(("register", "revoke", "usable"), "keep_people") | {
        "lost": "report_badge_lost"
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "register", N_("register a badge")),
        Binding("l", "lost", N_("badge lost")),
        Binding("v", "revoke", N_("revoke")),
        Binding("u", "usable", N_("usable again")),
    ]

    def compose(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (
                Column(N_("Badge"), 14, flex=1),
                Column(N_("Kind"), 12),
                Column(N_("Label"), 8),
                Column(N_("No."), 6),
                Column(N_("Whose"), 10, flex=1),
                Column(N_("State"), 9),
                Column(N_("Valid until"), 12, from_width=90),
            ),
            self._cells,
            key=lambda row: row.badge,
            empty=N_("No badge is registered. n registers one."),
        )

    def _cells(self, row: BadgeRow) -> list[Content]:
        words, look = STATE_LOOKS[row.state]
        until = day_time(row.valid_until, self.desk.now, self.desk.zone) if row.valid_until else ""
        return [
            plain(row.badge),
            Content(_(KINDS[row.kind])),
            plain(row.label),
            plain(row.work_number, "$faint"),
            plain(row.name),
            Content.styled(_(words), look),
            plain(until, "$faint"),
        ]

    def show(self, view: SystemView) -> None:
        """Show them."""
        self.table.set_rows(view.badges)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A badge is lost, revoked or usable again where it is not so already."""
        states = {"lost": BadgeState.LOST, "revoke": BadgeState.REVOKED, "usable": BadgeState.ACTIVE}
        if action in states:
            row: BadgeRow | None = self.table.current
            if row is None or row.state is states[action]:
                return False
        return super().check_action(action, parameters)

    def on_line_table_cursor_moved(self) -> None:
        """Other keys may do something here."""
        self.screen.refresh_bindings()

    def action_register(self) -> None:
        """Register a badge."""
        from tui.screens.badge_dialog import BadgeDialog

        def given(badge: BadgeGiven) -> None:
            from operations.badges import issue_badge

            args = (badge.badge, badge.work_number, badge.label, badge.kind)
            self.change(issue_badge, *args, success=_("The badge is registered; the door knows it at once."))

        self.ask(BadgeDialog(), given)

    def action_lost(self) -> None:
        """Have the badge under the cursor refused, because it is lost."""
        from operations.badges import report_badge_lost

        row: BadgeRow = self.here
        title = _("Is badge {badge} lost?").format(badge=row.label or row.badge)
        self._sure(title, lambda: self.change(report_badge_lost, row.badge))

    def action_revoke(self) -> None:
        """Have the badge under the cursor refused for good."""
        row: BadgeRow = self.here
        title = _("Revoke badge {badge}?").format(badge=row.label or row.badge)
        self._sure(title, lambda: self._set(row, BadgeState.REVOKED))

    def action_usable(self) -> None:
        """Let the badge under the cursor open doors again."""
        self._set(self.here, BadgeState.ACTIVE)

    def _set(self, row: BadgeRow, state: BadgeState) -> None:
        from operations.people import set_badge_state

        self.change(set_badge_state, row.badge, state, success=_("Kept. Desk and door follow at once."))

    def _sure(self, title: str, go_on: Callable[[], None]) -> None:
        from tui.screens.confirm import ConfirmDialog

        text = _("The door refuses it from this moment on.")
        self.ask(ConfirmDialog(title, text), lambda _yes: go_on())
