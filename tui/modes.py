"""The desk's modes: one table of numbers, names and what each needs. Numbers are stable; a mode that does not
exist yet leaves a gap and is neither shown nor bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from locales import N_

if TYPE_CHECKING:
    from textual.screen import Screen

SIGN_IN, LOCK = "sign_in", "lock"


@dataclass(frozen=True)
class Mode:
    """One mode: its number and F-key, its name, its label (a message), and the permission it needs."""

    number: int
    name: str
    label: str
    needs: str


DESK_MODES: tuple[Mode, ...] = (
    Mode(1, "today", N_("Today"), "read_desk"),
    Mode(2, "roster", N_("Roster"), "read_desk"),
    Mode(3, "handover", N_("Handover"), "read_desk"),
    Mode(4, "attendance", N_("Attendance"), "see_own_attendance"),
    Mode(5, "leave_swaps", N_("Leave & swaps"), "ask_swap"),
    Mode(6, "machine_room", N_("Machine room"), "read_door"),
    Mode(7, "registers", N_("Registers"), "read_registers"),
    Mode(8, "regulation", N_("Regulation"), "read_regulation"),
)


# Screens are imported when they are first opened: the desk's first paint must not wait for all of them.


def sign_in_screen() -> Screen[None]:
    """The screen the desk starts with."""
    from tui.screens.sign_in import SignInScreen

    return SignInScreen()


def lock_screen() -> Screen[None]:
    """The screen that covers the desk while nobody watches over it."""
    from tui.screens.lock import LockScreen

    return LockScreen()


def today_screen() -> Screen[None]:
    """1 Today."""
    from tui.screens.today import TodayScreen

    return TodayScreen()


def roster_screen() -> Screen[None]:
    """2 Roster."""
    from tui.screens.roster import RosterScreen

    return RosterScreen()


def handover_screen() -> Screen[None]:
    """3 Handover."""
    from tui.screens.handover import HandoverScreen

    return HandoverScreen()


def attendance_screen() -> Screen[None]:
    """4 Attendance."""
    from tui.screens.attendance import AttendanceScreen

    return AttendanceScreen()


def leave_swaps_screen() -> Screen[None]:
    """5 Leave & swaps."""
    from tui.screens.leave_swaps import LeaveSwapsScreen

    return LeaveSwapsScreen()


def machine_room_screen() -> Screen[None]:
    """6 Machine room."""
    from tui.screens.machine_room import MachineRoomScreen

    return MachineRoomScreen()


def registers_screen() -> Screen[None]:
    """7 Registers."""
    from tui.screens.registers import RegistersScreen

    return RegistersScreen()


def regulation_screen() -> Screen[None]:
    """8 Regulation."""
    from tui.screens.regulation import RegulationScreen

    return RegulationScreen()


SCREENS: dict[str, str | Callable[[], Screen[Any]]] = {
    SIGN_IN: sign_in_screen,
    LOCK: lock_screen,
    "today": today_screen,
    "roster": roster_screen,
    "handover": handover_screen,
    "attendance": attendance_screen,
    "leave_swaps": leave_swaps_screen,
    "machine_room": machine_room_screen,
    "registers": registers_screen,
    "regulation": regulation_screen,
}
