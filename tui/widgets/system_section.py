"""A section of 9 System: a list with keys of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.containers import Vertical

from tui.widgets.line_table import LineTable

if TYPE_CHECKING:
    from datetime import date

    from operations.system_view import SystemView
    from tui.app import DeskApp
    from tui.screens.desk import DeskScreen

R = TypeVar("R")


class SystemSection(Vertical):
    """Shows its part of the system; ``CHANGES`` names the permission its keys need, by action, where one is needed."""

    NAME: ClassVar[str] = ""
    LABEL: ClassVar[str] = ""
    CHANGES: ClassVar[dict[str, str]] = {}

    def show(self, view: SystemView) -> None:
        """Show the section's part."""
        raise NotImplementedError

    @property
    def desk(self) -> DeskApp:
        """The application, by its own type."""
        return cast("DeskApp", self.app)

    @property
    def table(self) -> LineTable[Any]:
        """The section's list."""
        return self.query_one(LineTable)

    @property
    def here(self) -> Any:
        """The row under the cursor; a key that needs one is only offered where there is one."""
        return self.table.current

    @property
    def today(self) -> date:
        """The centre's civil day."""
        return self.desk.clock().astimezone(self.desk.zone).date()

    def go_to(self) -> None:
        """Put the cursor into the list."""
        self.table.focus()

    def change(self, operation: Callable[..., R], *args: Any, success: str = "") -> None:
        """Do something and say so; what is refused is said in words."""
        screen = cast("DeskScreen", self.screen)
        screen.run_operation(operation, self.desk.signed_in, self.desk.clock(), *args, success=success)

    def ask(self, dialog: Any, then: Callable[[Any], None]) -> None:
        """Open a dialog; ``then`` hears its answer, unless it was left without one."""

        def answered(answer: Any) -> None:
            if answer is not None and answer is not False:
                then(answer)

        self.app.push_screen(dialog, answered)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what whoever is signed in may do."""
        needed = self.CHANGES.get(action)
        if needed is not None and not self._may(needed):
            return False
        return super().check_action(action, parameters)

    def _may(self, needed: str) -> bool:
        if self.desk.actor is None:
            return False
        from operations.boundary import may
        from operations.permissions import Action

        return may(self.desk.actor, Action(needed))
