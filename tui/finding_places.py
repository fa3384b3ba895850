"""From a finding to the place it is about: its record is opened, or the mode of the desk that keeps its article."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from regulation.kept_words import KEPT_WORDS
from tui.modes import DESK_MODES

if TYPE_CHECKING:
    from operations.findings import FindingRow
    from tui.screens.dialog import DeskDialog

Opener = Callable[["DeskDialog[None]", str], bool]
_MODES = {mode.name: mode for mode in DESK_MODES}


def open_place(dialog: DeskDialog[None], finding: FindingRow) -> bool:
    """Open what ``finding`` is about over ``dialog``, or go to the mode that keeps its article; say whether it could."""
    for proof in finding.evidence:
        kind, _colon, name = proof.partition(":")
        opener = _OPENERS.get(kind)
        if opener is not None and opener(dialog, name):
            return True
    return _go_to_mode(dialog, finding.article)


def _door(dialog: DeskDialog[None], name: str) -> bool:
    from operations.door import DoorRow, door_event
    from tui.screens.door_event import DoorEventDialog

    kiosk, _dash, sequence = name.rpartition("-")
    if not sequence.isdecimal():
        return False

    def show(row: DoorRow) -> None:
        dialog.app.push_screen(DoorEventDialog(row, dialog.desk.zone))

    desk = dialog.desk
    dialog.run_operation(door_event, desk.signed_in, desk.clock(), kiosk, int(sequence), then=show)
    return True


def _duty(dialog: DeskDialog[None], name: str) -> bool:
    from tui.screens.duty_evidence import DutyEvidenceDialog

    if not name.isdecimal():
        return False
    dialog.app.push_screen(DutyEvidenceDialog(int(name)))
    return True


def _story(subject: str) -> Opener:
    def open_story(dialog: DeskDialog[None], name: str) -> bool:
        from tui.screens.story import StoryDialog

        if not name.isdecimal():
            return False
        dialog.app.push_screen(StoryDialog(subject, int(name)))
        return True

    return open_story


def _figures(dialog: DeskDialog[None], name: str) -> bool:
    from tui.screens.figures import FiguresDialog

    dialog.app.push_screen(FiguresDialog(int(name) if name.isdecimal() else None))
    return True


def _day(dialog: DeskDialog[None], name: str) -> bool:
    from tui.screens.print_log import PrintDialog

    dialog.app.push_screen(PrintDialog(date.fromisoformat(name)))
    return True


def _register(dialog: DeskDialog[None], name: str) -> bool:
    from operations.register_views import record_numbered
    from tui.screens.record_dialog import RecordDialog

    key, _colon, number = name.partition(":")
    if not number.isdecimal():
        return False

    def show(record_id: int) -> None:
        dialog.app.push_screen(RecordDialog(record_id))

    desk = dialog.desk
    dialog.run_operation(record_numbered, desk.signed_in, desk.clock(), key, int(number), then=show)
    return True


_OPENERS: Mapping[str, Opener] = {
    "door": _door,
    "duty": _duty,
    "entry": _story("entry"),
    "item": _story("item"),
    "figures": _figures,
    "day": _day,
    "register": _register,
}


def _go_to_mode(dialog: DeskDialog[None], article: int) -> bool:
    desk = dialog.desk
    for kept in KEPT_WORDS.get(article, ()):
        mode = _MODES.get(kept.place)
        if mode is not None and desk.may_open(mode):
            dialog.dismiss(None)
            desk.call_later(desk.action_show_mode, mode.name)
            return True
    return False
