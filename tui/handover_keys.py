"""Which keys of the handover make sense when: in which step, for whom, on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulation.handover import Area, CheckValue, ItemState
from regulation.handover_ways import WayKind

if TYPE_CHECKING:
    from operations.handover_view import HandoverView
    from operations.signin import Actor
    from tui.widgets.handover_lists import Listed

UNSIGNED = frozenset({"write", "check", "sign_out"})
CHECKING = frozenset({"check", "sign_out"})
RUNNING = frozenset({"write", "check", "sign_out", "sign_in"})
# Where an action makes sense; what is not listed works in every step.
STEPS_OF_ACTIONS: dict[str, frozenset[str]] = {
    "start_handover": frozenset({"write"}),
    "check": CHECKING,
    "check_all": CHECKING,
    "dispute": CHECKING,
    "damage": RUNNING,
    "resolve": UNSIGNED,
    "carry": UNSIGNED,
    "reopen": UNSIGNED,
    "edit_entry": frozenset({"write"}),
    "tell": UNSIGNED,
    "set_owner": UNSIGNED,
    "sign": frozenset({"check", "sign_out", "sign_in"}),
    "reliefs": RUNNING,
    "add_addendum": frozenset({"sealed"}),
}
PERMISSIONS_OF_ACTIONS = {
    "write_entry": "write_log",
    "open_item": "write_log",
    "edit_entry": "write_log",
    "tell": "write_log",
    "set_owner": "write_log",
    "resolve": "write_log",
    "carry": "write_log",
    "reopen": "write_log",
    "start_handover": "hand_over",
    "check": "hand_over",
    "check_all": "hand_over",
    "dispute": "hand_over",
    "damage": "keep_registers",
    "sign": "hand_over",
    "ways": "hand_over",
    "reliefs": "hand_over",
    "add_addendum": "write_log",
    "print": "print_log",
}
ITEM_ACTIONS = frozenset({"resolve", "carry", "reopen", "set_owner"})
ENTRY_ACTIONS = frozenset({"edit_entry", "tell"})
LINE_ACTIONS = frozenset({"check", "dispute"})
ACTIONS = frozenset(STEPS_OF_ACTIONS) | frozenset(PERMISSIONS_OF_ACTIONS) | {"show_story"}


def permits(actor: Actor | None, action: str) -> bool:
    """Whether someone's role has this key at all."""
    needed = PERMISSIONS_OF_ACTIONS.get(action)
    if needed is None:
        return True
    if actor is None:
        return False
    from operations.boundary import may
    from operations.permissions import Action

    return may(actor, Action(needed))


def fits(view: HandoverView | None, thing: Listed | None, action: str) -> bool:
    """Whether a key does something in this step, with the cursor on ``thing``."""
    if action == "sign" and view is not None and view.step.value == "sealed":
        return any(way.open and way.kind is WayKind.COUNTER_SIGN for way in view.ways)
    if view is None or view.step.value not in STEPS_OF_ACTIONS.get(action, {view.step.value}):
        return False
    if action == "damage":
        return thing is not None and thing.check is not None and thing.check.area is Area.MACHINES
    if action in LINE_ACTIONS:
        return thing is not None and thing.check is not None
    if action in ENTRY_ACTIONS:
        return thing is not None and thing.entry is not None and thing.entry.readable
    if action == "show_story":
        return thing is not None and (thing.entry is not None or thing.item is not None)
    if action in ITEM_ACTIONS:
        settled = thing is not None and thing.item is not None and thing.item.state is not ItemState.OPEN
        return thing is not None and thing.item is not None and (settled or action != "reopen")
    if action == "check_all":
        return any(line.value is CheckValue.UNCHECKED for line in view.lines)
    return True
