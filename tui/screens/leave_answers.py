"""Answering leave from wherever it waits: approve, refuse, note, withdraw, give back, extend, look at it whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from locales import _
from regulation.leave_changes import LeaveState
from tui.leave_words import leave_content
from tui.screens.acting_form import Acted, ActingForm, Job
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.leave_views import LeaveRow
    from tui.screens.desk import DeskScreen


class LeaveReasonDialog(FormDialog[str]):
    """Why leave is refused or withdrawn; whoever is on it may leave it out."""

    def __init__(self, screen: DeskScreen, title: str, leave: LeaveRow, *, needed: bool) -> None:
        missing = _("Say why; the record needs it.") if needed else ""
        super().__init__(
            title,
            leave_content(leave, screen.desk.zone),
            [Field("reason", _("Why (goes into the record)"), missing, longest=200)],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """Return the reason."""
        return values["reason"]


def approve_leave_asked(screen: DeskScreen, leave: LeaveRow) -> None:
    """Approve the step that waits."""
    from operations.leave_decisions import approve_leave

    def said(state: LeaveState) -> str:
        if state is LeaveState.ACCEPTED:
            return _("Approved: the leave is in effect.")
        return _("Approved; now the deputy manager decides (Art. 36).")

    screen.run_operation(approve_leave, screen.actor, screen.desk.clock(), leave.id, success=said)


def refuse_leave_with_reason(screen: DeskScreen, leave: LeaveRow) -> None:
    """Refuse leave, with a word why."""
    from operations.leave_decisions import refuse_leave

    def decided(reason: str | None) -> None:
        if reason is not None:
            args = (screen.actor, screen.desk.clock(), leave.id, reason)
            screen.run_operation(refuse_leave, *args, success=_("The leave was not approved."))

    dialog = LeaveReasonDialog(screen, _("Refuse the leave (Art. 35)"), leave, needed=True)
    screen.app.push_screen(dialog, decided)


def withdraw_leave_with_reason(screen: DeskScreen, leave: LeaveRow) -> None:
    """Withdraw leave; the roster is as before."""
    from operations.leave import withdraw_leave

    def decided(reason: str | None) -> None:
        if reason is not None:
            args = (screen.actor, screen.desk.clock(), leave.id, reason)
            screen.run_operation(withdraw_leave, *args, success=_("Withdrawn; the duties are as they were."))

    dialog = LeaveReasonDialog(screen, _("Withdraw the leave"), leave, needed=not leave.mine)
    screen.app.push_screen(dialog, decided)


def note_for_leave(screen: DeskScreen, leave: LeaveRow) -> None:
    """Write down the doctor's note (Art. 37)."""
    from operations.leave import note_doctor

    fields = [Field("note", _("Number or reference of the note"), _("Which note?"), value=leave.doctor_note)]

    def act(values: Mapping[str, str]) -> Job:
        return partial(note_doctor, screen.actor, screen.desk.clock(), leave.id, values["note"])

    _fill_in(screen, _("Doctor's note (Art. 37)"), leave, fields, act, _("The note is on record."))


def shorten_leave_by_days(screen: DeskScreen, leave: LeaveRow) -> None:
    """Give back days that have not begun."""
    from operations.leave import shorten_leave

    fields = [
        Field("first", _("Keep from"), _("Which day?"), value=leave.first_day.isoformat(), longest=10),
        Field("last", _("Keep to"), _("Which day?"), value=leave.last_day.isoformat(), longest=10),
    ]

    def act(values: Mapping[str, str]) -> Job:
        days = _day(values["first"]), _day(values["last"])
        return partial(shorten_leave, screen.actor, screen.desk.clock(), leave.id, *days)

    _fill_in(screen, _("Give days back"), leave, fields, act, _("Given back; those duties stand again."))


def extend_leave_by_days(screen: DeskScreen, leave: LeaveRow) -> None:
    """Ask for more of the same leave."""
    from operations.leave import extend_leave

    fields = [
        Field("last", _("Until"), _("Which day?"), hint=leave.last_day.isoformat(), longest=10),
        Field("reason", _("Reason (a late extension needs one)"), longest=200),
        Field("note", _("Number or reference of the doctor's note"), longest=80),
    ]

    def act(values: Mapping[str, str]) -> Job:
        last, rest = _day(values["last"]), (values["reason"], values["note"])
        return partial(extend_leave, screen.actor, screen.desk.clock(), leave.id, last, *rest)

    _fill_in(
        screen, _("More of the same leave (Art. 35)"), leave, fields, act, _("Asked; it is decided anew.")
    )


def look_at_leave(screen: DeskScreen, leave: LeaveRow) -> None:
    """Show leave whole; what is decided there is done here."""
    from tui.screens.leave_case import LeaveCaseDialog

    acts: Mapping[str, Callable[[DeskScreen, LeaveRow], None]] = {
        "approve": approve_leave_asked,
        "refuse": refuse_leave_with_reason,
        "withdraw": withdraw_leave_with_reason,
        "note": note_for_leave,
        "shorten": shorten_leave_by_days,
        "extend": extend_leave_by_days,
    }

    def decided(act: str | None) -> None:
        if act:
            acts[act](screen, leave)

    screen.app.push_screen(LeaveCaseDialog(leave), decided)


def _fill_in(
    screen: DeskScreen,
    title: str,
    leave: LeaveRow,
    fields: list[Field],
    act: Callable[[Mapping[str, str]], Job],
    said: str,
) -> None:
    def done(acted: Acted | Job | None) -> None:
        if acted is not None:
            screen.notify(said, markup=False)

    screen.app.push_screen(ActingForm(title, leave_content(leave, screen.desk.zone), fields, act), done)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("A day is written like 2026-11-30.")) from None
