"""The dialogs that the Roster screen opens: what plans the draft besides the hand, what ends it, where to look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from textual.binding import Binding, BindingType

from locales import N_, _
from tui.month_plan import MonthPlan
from tui.roster_edits import RosterEdits
from tui.screens.desk import DeskScreen
from tui.widgets.month_grid import MonthGrid

if TYPE_CHECKING:
    from operations.drafts import CellChange
    from operations.planning import PlanWritten
    from operations.rotation_drafts import Generated
    from tui.screens.publish_roster import Published

CHANGING = frozenset({"publish", "discard", "rotations", "planner", "pin", "import_file"})


# The screen puts these behind the hand's own keys. Shifts have the small letters, so these take the large ones.
DIALOG_BINDINGS: tuple[BindingType, ...] = (
    Binding("slash", "ask_name", N_("find a name")),
    Binding("g", "ask_day", N_("go to a day")),
    Binding("D", "discard", N_("discard draft")),
    Binding("R", "rotations", N_("rotations")),
    Binding("H", "calendar", N_("calendar")),
    Binding("S", "planner", N_("planner")),
    Binding("W", "wishes", N_("wishes")),
    Binding("M", "demand", N_("demand")),
    Binding("K", "pin", N_("pin")),
    Binding("I", "import_file", N_("import")),
    Binding("E", "export", N_("export")),
)


class RosterDialogs(DeskScreen):
    """One action for each dialog. The screen itself adds the grid and what the hand does in it."""

    def __init__(self) -> None:
        super().__init__()
        self.plan: MonthPlan | None = None
        self.edits = RosterEdits()
        self.team = ""
        self.name_part = ""

    # What the screen provides.

    @property
    def today(self) -> date:
        """The centre's civil day."""
        return self.desk.clock().astimezone(self.desk.zone).date()

    @property
    def teams(self) -> Mapping[str, str]:
        """Names of the teams by code, in their order."""
        centre = self.desk.centre
        return {team.code: team.name for team in centre.teams} if centre else {}

    @property
    def may_edit(self) -> bool:
        """Whether whoever is signed in may change the roster."""
        if self.desk.actor is None:
            return False
        from operations.boundary import may
        from operations.permissions import Action

        return may(self.actor, Action.EDIT_ROSTER)

    def go_to(self, day: date) -> None:
        """Show the month of a day with the cursor on it."""
        raise NotImplementedError

    def show_again(self) -> None:
        """Draw what is known once more, after the filter or the view changed."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that change something are only there for those who may."""
        if action in CHANGING:
            return self.may_edit
        return super().check_action(action, parameters)

    # Ending the draft.

    def action_publish(self) -> None:
        """Show what publishing would change, and do it."""
        from tui.screens.publish_roster import PublishDialog

        if self.plan is not None:
            days = self.plan.month.days
            self.app.push_screen(PublishDialog(days[0], days[-1], self._people_of_team()), self._published)

    def _published(self, done: Published | None) -> None:
        if done is None:
            return
        self.notify(
            _("Published: {count} days of {people} people.").format(count=done.days, people=done.people),
            markup=False,
        )
        self.desk.data_version += 1

    def action_discard(self) -> None:
        """Ask, then take the draft of what is shown back to what is published."""
        from tui.screens.confirm import ConfirmDialog

        if self.plan is None:
            return
        days, count = self.plan.month.days, self.plan.changes(self._people_of_team())
        if not count:
            self.notify(_("The draft is what is published already."), markup=False)
            return
        text = _(
            "{count} planned days from {first} to {last} go back to what is published; u takes that back."
        )
        span = {"first": days[0].isoformat(), "last": days[-1].isoformat()}
        dialog = ConfirmDialog(_("Discard the draft?"), text.format(count=count, **span))
        self.app.push_screen(dialog, self._discard)

    def _discard(self, agreed: bool | None) -> None:
        from operations.drafts import discard_draft

        if agreed and self.plan is not None:
            days, people = self.plan.month.days, self._people_of_team()
            args = (self.actor, self.desk.clock(), days[0], days[-1], people)
            self.run_operation(
                discard_draft, *args, then=lambda painted: self.planned_elsewhere(painted.changes)
            )

    def planned_elsewhere(self, changes: Iterable[CellChange]) -> None:
        """Note what was done to the draft other than by a key, so that it can be taken back, and show it."""
        self.edits.made_elsewhere(changes)
        self.desk.data_version += 1

    def _people_of_team(self) -> tuple[int, ...] | None:
        if not self.team or self.plan is None:
            return None
        return tuple(row.person_id for row in self.plan.month.rows if row.team == self.team)

    # Planning other than by hand.

    def action_rotations(self) -> None:
        """Choose rotations for the teams and plan the draft from them."""
        from tui.screens.rotations_dialog import RotationsDialog

        first = max(self.plan.month.days[0] if self.plan else self.today, self.today)
        self.app.push_screen(RotationsDialog(first, list(self.teams)), self._generated)

    def _generated(self, done: Generated | None) -> None:
        from operations.rotation_listings import generated_text

        if done is not None:
            self.notify(generated_text(done), markup=False)
            self.planned_elsewhere(done.changes)

    def action_calendar(self) -> None:
        """Show holidays and adjusted working days, and say what a day is here."""
        from tui.screens.calendar_dialog import CalendarDialog

        self.app.push_screen(CalendarDialog(self.query_one(MonthGrid).cursor_day or self.today))

    def action_planner(self) -> None:
        """Let the planner find a plan for the days in view, for the team in view."""
        from tui.screens.planner_dialog import PlannerDialog

        if self.plan is not None:
            days, name = self.plan.month.days, self.teams.get(self.team, "")
            self.app.push_screen(PlannerDialog(days[0], days[-1], self.team, name), self._plan_written)

    def _plan_written(self, written: PlanWritten | None) -> None:
        if written is not None:
            self.planned_elsewhere(written.painted.changes)

    def action_demand(self) -> None:
        """Show how many people each shift needs."""
        from tui.screens.demand_dialog import DemandDialog

        def look_again(changed: object) -> None:
            if changed is not None:
                self.desk.data_version += 1

        self.app.push_screen(DemandDialog(), look_again)

    def action_wishes(self) -> None:
        """Show wishes, and who cannot work, for the days in view."""
        from tui.screens.wishes_dialog import WishesDialog

        if self.plan is None:
            return
        grid, days = self.query_one(MonthGrid), self.plan.month.days
        day = max(grid.cursor_day or self.today, self.today + timedelta(days=1))
        number = grid.cursor_person.work_number if grid.cursor_person else ""
        self.app.push_screen(WishesDialog(days[0], days[-1], day, number))

    def action_pin(self) -> None:
        """Pin the range, or the day under the cursor, so that neither rotation nor planner changes it.

        Where all of it is pinned already, the pins come off. Days that are past need none: a range passes over them.
        """
        from operations.availability import pin_days, unpin_days

        grid, plan = self.query_one(MonthGrid), self.plan
        cells = [(row.person_id, day) for line in grid.chosen() for row, day in line]
        if plan is None or not cells:
            return
        if grid.has_range:
            grid.toggle_range()
        at = self.actor, self.desk.clock()
        loose = [cell for cell in cells if not plan.is_pinned(*cell)]
        if loose:
            to_come = [cell for cell in loose if cell[1] >= self.today]
            self.run_operation(pin_days, *at, to_come or loose, success=_pinned_words)
        else:
            self.run_operation(unpin_days, *at, cells, success=_unpinned_words)

    # From files and into them.

    def action_import_file(self) -> None:
        """Plan the draft from a file."""
        from tui.screens.roster_import import RosterImportDialog

        self.app.push_screen(RosterImportDialog(self._month_in_view()), self._imported)

    def _imported(self, changes: tuple[CellChange, ...] | None) -> None:
        if changes is not None:
            self.notify(_("{count} days planned in the draft.").format(count=len(changes)), markup=False)
            self.planned_elsewhere(changes)

    def action_export(self) -> None:
        """Write the month into a file."""
        from tui.screens.roster_export import RosterExportDialog

        self.app.push_screen(RosterExportDialog(self._month_in_view(), self.team))

    def _month_in_view(self) -> date:
        return self.plan.month.days[0] if self.plan else self.today

    # Where to look.

    def action_ask_day(self) -> None:
        """Ask for a date and go there."""
        from tui.screens.go_to_day import GoToDayDialog

        def go(day: date | None) -> None:
            if day is not None:
                self.go_to(day)

        self.app.push_screen(GoToDayDialog(self.today), go)

    def action_ask_name(self) -> None:
        """Ask for a part of a name or work number and show only those who have it; nothing shows everyone."""
        from tui.screens.find_name import FindNameDialog

        def find(name: Any) -> None:
            if name is not None:
                self.name_part = name
                self.show_again()

        self.app.push_screen(FindNameDialog(self.name_part), find)


def _pinned_words(count: int) -> str:
    if count == 1:
        return _("Pinned: no planner changes this day.")
    return _("{count} days pinned: no planner changes them.").format(count=count)


def _unpinned_words(count: int) -> str:
    return _("The pin is off.") if count == 1 else _("The pins of {count} days are off.").format(count=count)
