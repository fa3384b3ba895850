"""Handing over and taking over (Art. 21 to 24): what must be checked, who may sign, what still blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from regulation.findings import Blocker
from regulation.marking import N_


class Area(StrEnum):
    """The four areas of the joint check (Art. 21)."""

    LOG = "log"
    CLEANLINESS = "cleanliness"
    MACHINES = "machines"
    MATERIAL = "material"


AREA_NAMES: dict[Area, str] = {
    Area.LOG: N_("Handover log"),
    Area.CLEANLINESS: N_("Cleanliness"),
    Area.MACHINES: N_("Machines and lines"),
    Area.MATERIAL: N_("Information material"),
}


class CheckValue(StrEnum):
    """What the two leaders found: not yet looked at, in order, explicitly nothing, or disputed."""

    UNCHECKED = "unchecked"
    IN_ORDER = "in_order"
    NONE = "none"
    DISPUTED = "disputed"


CHECK_NAMES: dict[CheckValue, str] = {
    CheckValue.UNCHECKED: N_("not checked"),
    CheckValue.IN_ORDER: N_("in order"),
    CheckValue.NONE: N_("none"),
    CheckValue.DISPUTED: N_("disputed"),
}


class LogState(StrEnum):
    """A shift's log: being written, content frozen at the start of the handover, sealed by two signatures."""

    OPEN = "open"
    FROZEN = "frozen"
    SEALED = "sealed"


class ItemState(StrEnum):
    """An open item (Art. 22): still open, settled in this shift, or carried to the next with a next step."""

    OPEN = "open"
    RESOLVED = "resolved"
    CARRIED = "carried"


class Side(StrEnum):
    """The two sides of a handover."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class SignerKind(StrEnum):
    """By what right someone signs: rostered to lead, standing in on the record, or overriding as higher leader."""

    ROSTERED = "rostered"
    STAND_IN = "stand_in"
    OVERRIDE = "override"


SIGNER_NAMES: dict[SignerKind, str] = {
    SignerKind.ROSTERED: N_("rostered leader"),
    SignerKind.STAND_IN: N_("stand-in"),
    SignerKind.OVERRIDE: N_("higher leader"),
}


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """An open item as the handover sees it. ``vip`` and ``due_at`` order it (Art. 10)."""

    id: int
    title: str
    state: ItemState
    vip: bool = False
    due_at: datetime | None = None
    opened_at: datetime | None = None
    reason: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A line of the joint check: one of the four areas, or what ``subject`` leads to (``item:12``, ``visit:3``)."""

    id: int
    area: Area
    label: str
    value: CheckValue
    note: str = ""
    reported_to: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class HandoverRecord:
    """A handover between two shifts: who is rostered to sign each side, and who has.

    ``stand_ins`` lead a side on the record; ``overriders`` are higher leaders who take a side upon themselves.
    ``held`` means that no handover takes place now; ``follows`` whether a shift is there to take over.
    """

    id: int
    cutoff_at: datetime
    outgoing_leaders: frozenset[int]
    incoming_leaders: frozenset[int]
    signed_out_by: int | None = None
    signed_in_by: int | None = None
    stand_ins: frozenset[tuple[Side, int]] = frozenset()
    overriders: frozenset[tuple[Side, int]] = frozenset()
    held: bool = False
    follows: bool = True

    def leaders(self, side: Side) -> frozenset[int]:
        """Who is rostered to sign ``side``."""
        return self.outgoing_leaders if side is Side.OUTGOING else self.incoming_leaders

    def signs_as(self, side: Side, person_id: int) -> SignerKind | None:
        """By what right ``person_id`` may sign ``side``, or ``None``."""
        if person_id in self.leaders(side):
            return SignerKind.ROSTERED
        if (side, person_id) in self.stand_ins:
            return SignerKind.STAND_IN
        return SignerKind.OVERRIDE if (side, person_id) in self.overriders else None


def urgency(item: ItemRecord, now: datetime) -> tuple[int, datetime]:
    """Sort key of open items (Art. 10): VIP and overdue first, then VIP, then overdue, then by age."""
    overdue = item.due_at is not None and item.due_at <= now
    rank = (0 if item.vip else 2) - (1 if overdue else 0)
    return rank, item.due_at or item.opened_at or now


def who_may_sign(handover: HandoverRecord, side: Side, person_id: int) -> Blocker | None:
    """Return why ``person_id`` may not sign ``side``, or ``None`` (Art. 21: the rostered pair, two people)."""
    subject = f"handover:{handover.id}"
    if handover.held:
        return Blocker(21, "held", subject, N_("No handover takes place while it is held"))
    other = handover.signed_in_by if side is Side.OUTGOING else handover.signed_out_by
    if other == person_id:
        return Blocker(21, "same_signer", f"person:{person_id}", N_("One person cannot sign both sides"))
    if side is Side.INCOMING and not handover.follows:
        return Blocker(21, "nobody_follows", subject, N_("No shift follows that could take over"))
    if handover.signs_as(side, person_id) is None:
        return Blocker(
            21, "not_rostered", f"person:{person_id}", N_("Only the rostered leader signs this side")
        )
    if side is Side.INCOMING and handover.signed_out_by is None:
        return Blocker(21, "not_signed_out", subject, N_("The outgoing leader signs first"))
    return None


def sign_out_blockers(lines: Iterable[LineRecord], items: Iterable[ItemRecord]) -> list[Blocker]:
    """Return everything that still blocks the outgoing signature, in the order people settle it."""
    return [*_open_items(items), *_unchecked_lines(lines), *_unreported_disputes(lines)]


def _open_items(items: Iterable[ItemRecord]) -> list[Blocker]:
    # Art. 22: finish what you can; hand over what you cannot, with a reason and a next step.
    found = []
    for item in items:
        subject, details = f"item:{item.id}", {"title": item.title}
        if item.state is ItemState.OPEN:
            text = N_("Resolve or carry: {title}")
            found.append(Blocker(22, "item_open", subject, text, details))
        elif item.state is ItemState.CARRIED and not (item.reason.strip() and item.next_step.strip()):
            text = N_("Carried without a reason and a next step: {title}")
            found.append(Blocker(22, "item_unexplained", subject, text, details))
    return found


def _unchecked_lines(lines: Iterable[LineRecord]) -> list[Blocker]:
    # Art. 21: check everything; every line has a value, an explicit "none", or a dispute.
    return [
        Blocker(
            21, "line_unchecked", f"line:{line.id}", N_("Not checked yet: {label}"), {"label": line.label}
        )
        for line in lines
        if line.value is CheckValue.UNCHECKED
    ]


def _unreported_disputes(lines: Iterable[LineRecord]) -> list[Blocker]:
    # Art. 23: problems during the handover are handled together and reported to a leader.
    return [
        Blocker(
            23,
            "dispute_unreported",
            f"line:{line.id}",
            N_("Report the dispute to a leader: {label}"),
            {"label": line.label},
        )
        for line in lines
        if line.value is CheckValue.DISPUTED and not (line.note.strip() and line.reported_to.strip())
    ]
