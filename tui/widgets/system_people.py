"""People and teams on 9 System (Art. 2, 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from locales import N_, _
from regulation.records import PersonStatus
from regulation.roles import ROLE_NAMES
from tui.cells import plain
from tui.widgets.line_table import Column, LineTable
from tui.widgets.system_section import SystemSection

if TYPE_CHECKING:
    from operations.people import NewPerson, PersonRow
    from operations.system_view import SystemView, TeamOfPeople
    from tui.screens.person_dialog import FirstPin, PersonGiven, TeamGiven

STATUS_LOOKS = {
    PersonStatus.ACTIVE: (N_("active"), "$faint"),
    PersonStatus.SUSPENDED: (N_("suspended"), "$attention"),
    PersonStatus.LEFT: (N_("left the centre"), "$faint"),
}


class PeopleSection(SystemSection):
    """Everyone with a work number."""

    NAME = "people"
    LABEL = N_("Personnel")
    CHANGES: ClassVar[dict[str, str]] = dict.fromkeys(
        ("add", "change", "suspend", "first_pin", "import"), "keep_people"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", N_("find")),
        Binding("n", "add", N_("take on")),
        Binding("enter", "change", N_("change"), priority=True),
        Binding("u", "suspend", N_("suspend or take back")),
        Binding("p", "first_pin", N_("first PIN")),
        Binding("i", "import", N_("import")),
        Binding("escape", "show_all", N_("show all"), show=False),
    ]

    def __init__(self, id: str) -> None:  # noqa: A002  the toolkit's own name
        super().__init__(id=id)
        self._people: tuple[PersonRow, ...] = ()
        self._teams: tuple[str, ...] = ()
        self._text = ""

    def compose(self) -> ComposeResult:
        """A line to find by, and the list."""
        find = Input(self._text, placeholder=_("Name, work number, team or role…"), id="find-person")
        find.display = bool(self._text)
        yield find
        yield LineTable(
            (
                Column(N_("No."), 6),
                Column(N_("Name"), 10, flex=2),
                Column(N_("Role"), 18, flex=1),
                Column(N_("Team"), 8),
                Column(N_("Seat"), 4, from_width=60),
                Column(N_("Badge"), 12, from_width=100),
                Column(N_("Status"), 10),
            ),
            self._cells,
            key=lambda row: row.work_number,
            empty=N_("Nobody is found."),
            id="people-rows",
        )

    @staticmethod
    def _cells(row: PersonRow) -> list[Content]:
        words, look = STATUS_LOOKS[row.status]
        return [
            plain(row.work_number, "$faint"),
            plain(row.name),
            plain(_(ROLE_NAMES[row.role])),
            plain(row.team),
            plain(row.seat),
            plain(row.badge, "$faint"),
            Content.styled(_(words), look),
        ]

    def show(self, view: SystemView) -> None:
        """Show everyone, or those looked for."""
        self._people, self._teams = view.people, tuple(team.code for team in view.teams)
        self._filter()

    def _filter(self) -> None:
        wanted = self._text.casefold()

        def matches(row: PersonRow) -> bool:
            said = (row.work_number, row.name, row.team, row.badge, _(ROLE_NAMES[row.role]))
            return any(wanted in word.casefold() for word in said)

        self.table.set_rows([row for row in self._people if matches(row)])
        self.screen.refresh_bindings()

    @on(Input.Changed, "#find-person")
    def _typed(self, event: Input.Changed) -> None:
        self._text = event.value.strip()
        self._filter()

    @on(Input.Submitted, "#find-person")
    def _found(self) -> None:
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What changes somebody needs somebody under the cursor; Enter in the line to find by is its own."""
        if action in ("change", "suspend", "first_pin") and (
            not self.table.has_focus or self.table.current is None
        ):
            return False
        return super().check_action(action, parameters)

    def action_find(self) -> None:
        """Look for somebody."""
        find = self.query_one("#find-person", Input)
        find.display = True
        find.focus()

    def action_show_all(self) -> None:
        """Forget what was looked for."""
        find = self.query_one("#find-person", Input)
        find.clear()
        find.display = False
        self.table.focus()

    def action_add(self) -> None:
        """Take somebody on."""
        from tui.screens.person_dialog import NewPersonDialog

        def given(new: NewPerson) -> None:
            from operations.people import add_person

            self.change(add_person, new, success=_("{name} works here now.").format(name=new.name))

        self.ask(NewPersonDialog(self._teams), given)

    def action_change(self) -> None:
        """Change the one under the cursor."""
        from tui.screens.person_dialog import PersonDialog

        row: PersonRow = self.here

        def given(person: PersonGiven) -> None:
            from operations.people import change_person

            args = (row.work_number, person.name, person.role, person.team, person.seat)
            self.change(change_person, *args, success=_("Kept. Desk and door follow at once."))

        self.ask(PersonDialog(row, self._teams), given)

    def action_suspend(self) -> None:
        """Suspend the one under the cursor, or take them back; it asks first."""
        from operations.people import set_person_status
        from tui.screens.confirm import ConfirmDialog

        row: PersonRow = self.here
        working = row.status is PersonStatus.ACTIVE
        title = _("Suspend {name}?") if working else _("Take {name} back?")
        text = (
            _("Desk and door refuse them from this moment on; their records stay.")
            if working
            else _("Desk and door know them again from this moment on.")
        )
        status = PersonStatus.SUSPENDED if working else PersonStatus.ACTIVE
        said = _("Kept. Desk and door follow at once.")

        def sure(_yes: bool) -> None:
            self.change(set_person_status, row.work_number, status, success=said)

        self.ask(ConfirmDialog(title.format(name=f"{row.name}({row.work_number})"), text), sure)

    def action_first_pin(self) -> None:
        """Give the one under the cursor a PIN to be changed at first use."""
        from tui.screens.person_dialog import FirstPinDialog

        row: PersonRow = self.here

        def given(pin: FirstPin) -> None:
            from operations.people import give_first_pin

            said = _("{name} changes it at the first sign-in.").format(name=row.name)
            self.change(give_first_pin, row.work_number, pin.pin, success=said)

        self.ask(FirstPinDialog(f"{row.name}({row.work_number})"), given)

    def action_import(self) -> None:
        """Take many on from a list."""
        from tui.screens.people_import import PeopleImportDialog

        def taken(count: int) -> None:
            self.desk.data_version += 1
            self.notify(_("{count} people were taken on or changed.").format(count=count), markup=False)

        self.ask(PeopleImportDialog(), taken)


class TeamSection(SystemSection):
    """The teams; a code never changes, a name may."""

    NAME = "teams"
    LABEL = N_("Teams")
    CHANGES: ClassVar[dict[str, str]] = dict.fromkeys(("add", "change"), "keep_people")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "add", N_("a new one")),
        Binding("enter", "change", N_("change"), priority=True),
    ]

    def compose(self) -> ComposeResult:
        """The list."""
        yield LineTable(
            (
                Column(N_("Code"), 10),
                Column(N_("Name"), 14, flex=1),
                Column(N_("Members"), 8, align="right"),
                Column(N_("Leaders"), 20, flex=3),
            ),
            self._cells,
            key=lambda row: row.code,
            empty=N_("There is no team. n adds one."),
        )

    @staticmethod
    def _cells(row: TeamOfPeople) -> list[Content]:
        leaders = plain("、".join(row.leaders)) if row.leaders else Content.styled(_("nobody"), "$attention")
        return [plain(row.code), plain(row.name), Content(str(row.people)), leaders]

    def show(self, view: SystemView) -> None:
        """Show them."""
        self.table.set_rows(view.teams)

    def action_add(self) -> None:
        """Add a team."""
        from tui.screens.person_dialog import TeamDialog

        self.ask(TeamDialog(), self._keep)

    def action_change(self) -> None:
        """Give the one under the cursor another name."""
        from tui.screens.person_dialog import TeamDialog

        row: TeamOfPeople | None = self.table.current
        if row is not None:
            self.ask(TeamDialog(row.code, row.name), self._keep)

    def _keep(self, given: TeamGiven) -> None:
        from operations.people import set_team

        self.change(set_team, given.code, given.name)
