"""The joint check of a handover by keys: settle the open items, then look at every line together (Art. 21 to 23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from locales import _
from regulation.handover import Area, CheckValue
from tui.screens.desk import DeskScreen
from tui.screens.log_keeping import LogKeepingScreen
from tui.widgets.handover_lists import Listed, LogList
from tui.widgets.month_lines import language_name

if TYPE_CHECKING:
    from operations.acceptance import AcceptanceView
    from tui.screens.carry_dialog import Carry
    from tui.screens.dispute_dialog import Dispute


class JointCheckScreen(LogKeepingScreen):
    """What the two leaders do to a log's lines and items; the screen around it shows them in a :class:`LogList`."""

    @property
    def _thing(self) -> Listed | None:
        return self.query_one(LogList).thing

    def listed(self) -> Listed | None:
        """Return what the cursor is on."""
        return self._thing

    @on(DeskScreen.OperationRefused)
    def _look_again(self) -> None:
        """Whoever was told of a conflict sees at once what the other terminal did."""
        self.reload()

    # Settling open items -------------------------------------------------------------------------------

    def action_resolve(self) -> None:
        """Settle the item under the cursor."""
        from operations.shiftlog import resolve_item
        from tui.screens.resolve_dialog import Resolution, ResolveDialog

        thing = self._thing
        if thing is None or thing.item is None:
            return
        item = thing.item

        def resolve(given: Resolution | None) -> None:
            if given is not None:
                kept = _("The complaint stays open: carry it.") if given.satisfied is False else ""
                self.run_at_desk(resolve_item, item.id, given.outcome, given.satisfied, success=kept)

        self.app.push_screen(ResolveDialog(thing.story, complaint=item.complaint), resolve)

    def action_carry(self) -> None:
        """Carry the item under the cursor to the next shift."""
        from operations.shiftlog import carry_item
        from tui.screens.carry_dialog import Carry, CarryDialog

        thing = self._thing
        if thing is None or thing.item is None:
            return
        item = thing.item

        def carry(answer: Carry | None) -> None:
            if answer is not None:
                self.run_at_desk(carry_item, item.id, answer.reason, answer.next_step)

        self.app.push_screen(CarryDialog(thing.story, Carry(item.reason, item.next_step)), carry)

    def action_reopen(self) -> None:
        """Take back that the item under the cursor was settled."""
        from operations.shiftlog import reopen_item

        thing = self._thing
        if thing is not None and thing.item is not None:
            self.run_at_desk(reopen_item, thing.item.id)

    # The joint check -----------------------------------------------------------------------------------

    def action_start_handover(self) -> None:
        """Ask, say what it does, and freeze the log's content."""
        from operations.handover import start_handover
        from tui.screens.confirm import ConfirmDialog

        view: AcceptanceView = self.result
        shift = language_name(view.log.shift.name, view.log.shift.name_en)
        title = _("Start the handover of {date} {shift}?").format(date=f"{view.log.date:%m-%d}", shift=shift)
        text = "\n".join(
            (
                _("From this moment the log's content is frozen; it cannot be taken back."),
                _("Whatever is written later belongs to the next shift."),
                _("Open items can still be resolved or carried, then both leaders check and sign."),
            )
        )

        def start(agreed: bool | None) -> None:
            if agreed:
                self.run_at_desk(start_handover, view.log.id)

        self.app.push_screen(ConfirmDialog(title, text), start)

    def action_check(self, value: str) -> None:
        """Set what both found for the line under the cursor, and go on to the next one."""
        from operations.handover import check_line

        thing = self._thing
        if thing is not None and thing.check is not None:
            self.run_at_desk(check_line, thing.check.id, CheckValue(value), "", thing.check.version)
            self.query_one(LogList).go_to_next_unchecked()

    def action_check_all(self) -> None:
        """Set what nobody has checked yet in order, of one area or all; asks first when it is several."""
        from operations.handover import check_all_in_order
        from tui.screens.all_in_order import AllInOrderDialog

        view: AcceptanceView = self.result
        left = [line for line in view.lines if line.value is CheckValue.UNCHECKED]
        here = self._thing.check.area if self._thing is not None and self._thing.check is not None else None

        def check(area: Area | str | None) -> None:
            if area is not None:
                chosen = area if isinstance(area, Area) else None
                self.run_at_desk(check_all_in_order, view.handover_id, chosen)

        if len(left) > 1:
            self.app.push_screen(AllInOrderDialog(left, here), check)
        else:
            check("all")

    def action_damage(self) -> None:
        """Put what is broken at the line under the cursor on the register of damage (Art. 19)."""
        from regulation.register_table import DAMAGE
        from tui.screens.register_writing import ask_new

        thing = self._thing
        if thing is not None and thing.check is not None:
            ask_new(self.desk, DAMAGE, {"asset": _(thing.check.label)})

    def action_dispute(self) -> None:
        """Record that the two do not agree on the line under the cursor (Art. 23)."""
        from operations.handover import check_line, report_dispute
        from tui.screens.dispute_dialog import Dispute, DisputeDialog

        thing = self._thing
        if thing is None or thing.check is None:
            return
        line = thing.check

        def dispute(answer: Dispute | None) -> None:
            if answer is None:
                return
            if answer.reported_to:
                self.run_at_desk(report_dispute, line.id, answer.note, answer.reported_to, line.version)
            else:
                self.run_at_desk(check_line, line.id, CheckValue.DISPUTED, answer.note, line.version)

        self.app.push_screen(DisputeDialog(thing.story, Dispute(line.note, line.reported_to)), dispute)
