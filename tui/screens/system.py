"""9 System 系统: people, teams, badges, doors, printers, backups, verify, limits. The administrator keeps them; leaders read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from locales import N_
from tui.screens.desk import DeskScreen
from tui.widgets.system_backups import BackupSection, VerifySection
from tui.widgets.system_badges import BadgeSection
from tui.widgets.system_limits import LimitSection
from tui.widgets.system_machines import DoorSection, PrinterSection
from tui.widgets.system_people import PeopleSection, TeamSection
from tui.widgets.system_section import SystemSection
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from datetime import datetime

    from operations.system_view import SystemView

SECTIONS: tuple[type[SystemSection], ...] = (
    PeopleSection,
    TeamSection,
    BadgeSection,
    DoorSection,
    PrinterSection,
    BackupSection,
    VerifySection,
    LimitSection,
)
TABS = tuple((section.NAME, section.LABEL) for section in SECTIONS)


class SystemScreen(DeskScreen):
    """One section at a time, each with keys of its own; what one may not do is not offered."""

    MODE = "system"
    CSS_PATH = "system.tcss"
    AUTO_FOCUS = "#people-rows"
    HELP = N_(
        "What the centre's system consists of. t and the arrows on the tabs go from section to section. People: / finds one, n takes "
        "someone on, Enter changes one, u suspends or takes back, p gives a first PIN, i imports a list. Badges: n registers one, "
        "l marks it lost, v revokes it, u makes it usable. Backup: b backs up now, and esc stops it; restoring is for the command "
        "line, while every desk is closed. Verify: v follows every chain, d looks for a printed digest (Art. 33). Limits: Enter gives one "
        "the centre's own value from a day on. Whatever is done here stands in the audit records."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "next_section(1)", N_("next section")),
        Binding("T", "next_section(-1)", N_("section before"), show=False),
    ]

    def compose_body(self) -> ComposeResult:
        """The tabs, and the section in front."""
        yield TabBar(TABS, id="sections")
        for section in SECTIONS:
            yield section(id=section.NAME)

    def body_ready(self) -> None:
        """Bring the first section to the front."""
        self._bring(self.query_one(TabBar).active)

    def load(self, now: datetime) -> SystemView:
        """Ask for all of it at once."""
        from operations.system_view import system_view

        return system_view(self.actor, now)

    def show(self, result: SystemView) -> None:
        """Let every section show its part."""
        for section in self.query(SystemSection):
            section.show(result)
        tabs = self.query_one(TabBar)
        tabs.set_count(PeopleSection.NAME, len(result.people))
        tabs.set_count(BadgeSection.NAME, len(result.badges))
        self.refresh_bindings()

    def action_next_section(self, step: int) -> None:
        """Bring the next section to the front, and go to it."""
        self.query_one(TabBar).action_step(step)
        self._section().go_to()

    @on(TabBar.Switched)
    def _switched(self, event: TabBar.Switched) -> None:
        self._bring(event.name)

    def _bring(self, name: str) -> None:
        for section in self.query(SystemSection):
            section.display = name == section.NAME
        self.refresh_bindings()

    def _section(self) -> SystemSection:
        front = self.query_one(TabBar).active
        return next(section for section in self.query(SystemSection) if front == section.NAME)
