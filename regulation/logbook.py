"""What a shift's log may hold (Art. 7, 9, 11): kinds and templates of entries, what is told in time, what escalates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from regulation.handover import ItemRecord, ItemState
from regulation.limits import Limits
from regulation.marking import N_

ABNORMAL, COMPLAINT = "abnormal", "complaint"
ENTRY_KINDS: dict[str, str] = {
    ABNORMAL: N_("abnormal event"),
    COMPLAINT: N_("complaint"),
    "work_order": N_("work order"),
    "equipment": N_("equipment"),
    "notice": N_("notice"),
    "spot_check": N_("spot check"),
    "information": N_("information change"),
    "other": N_("other"),
}
# What stands in place of a confidential entry for whoever may not read it (Art. 31, 32).
REDACTED = N_("[confidential]")


@dataclass(frozen=True, slots=True)
class Template:
    """An entry half written. ``title`` and ``text`` are messages, or the centre's own words.

    ``due_minutes`` after the writing it is due (0: no time); ``…`` in the text marks what is to be filled in.
    """

    code: str
    kind: str
    title: str
    text: str
    department: str = ""
    vip: bool = False
    open_item: bool = False
    due_minutes: int = 0


# What most centres write most often; a centre changes them, retires them and adds its own.
TEMPLATES: tuple[Template, ...] = (
    Template(
        "host_alarm",
        ABNORMAL,
        N_("Host alarm"),
        N_("Host … raises alarm …; impact on service: …"),
        open_item=True,
        due_minutes=120,
    ),
    Template(
        "trunk_fault",
        ABNORMAL,
        N_("Trunk fault"),
        N_("Trunk … is down since …; call loss …%; detour: …"),
        open_item=True,
        due_minutes=120,
    ),
    Template(
        "ivr_fault",
        ABNORMAL,
        N_("IVR fault"),
        N_("IVR menu … does not answer; callers go straight to the seats since …"),
        open_item=True,
        due_minutes=120,
    ),
    Template(
        "mass_complaints",
        ABNORMAL,
        N_("Mass complaints"),
        N_("… users in … report … since …; suspected cause: …"),
        open_item=True,
        due_minutes=60,
    ),
    Template(
        "vip_complaint",
        COMPLAINT,
        N_("VIP complaint"),
        N_("VIP user … (number …) complains of …; promised a call back by …"),
        vip=True,
        open_item=True,
        due_minutes=60,
    ),
    Template(
        "order_passed_on",
        "work_order",
        N_("Work order passed on"),
        N_("Work order … passed on; demand: …; answer expected by …"),
        open_item=True,
        due_minutes=240,
    ),
    Template(
        "seat_equipment",
        "equipment",
        N_("Seat equipment"),
        N_("Seat …: … defective, replaced by …; reported for repair"),
    ),
)


def abnormal_is_told(happened_at: datetime, told_at: datetime | None, now: datetime, limits: Limits) -> bool:
    """Whether an abnormal event was told to someone in time, or still may be (Art. 11).

    Exactly ``notify_within_minutes`` after the event is in time.
    """
    return (told_at or now) <= happened_at + limits.minutes("notify_within_minutes")


def same_flood(last_at: datetime, now: datetime, limits: Limits) -> bool:
    """Whether a report of the same source and kind still belongs to the entry that it last raised (Art. 9).

    Exactly ``flood_window_minutes`` after the report before it does.
    """
    return now - last_at <= limits.minutes("flood_window_minutes")


def item_must_escalate(item: ItemRecord, now: datetime, limits: Limits) -> bool:
    """Whether an open item is overdue so long that the senior shift leader must hear of it.

    Art. 7: no overrun. Exactly ``escalate_overdue_minutes`` after it was due is still the shift's own matter.
    """
    if item.state is ItemState.RESOLVED or item.due_at is None:
        return False
    return now > item.due_at + limits.minutes("escalate_overdue_minutes")


def complaint_is_settled(satisfied: bool | None) -> bool:
    """Whether a complaint may be closed. Art. 9: follow each complaint until the user is satisfied."""
    return satisfied is True
