"""Plain records the rules judge: what a badge, a duty or a visit is, without where it is stored.

All instants are aware UTC. Ids are the centre's own; ``person_id`` and friends are never reused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from regulation.roles import Role, is_centre_personnel
from regulation.values import value


class PersonStatus(StrEnum):
    """Whether someone works here now."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


class BadgeState(StrEnum):
    """Whether a badge may be used."""

    ACTIVE = "active"
    LOST = "lost"
    REVOKED = "revoked"


class BadgeKind(StrEnum):
    """What a badge is for: its holder's own, one kept at the door for visitors, one lent for a shift."""

    OWN = "own"
    VISITOR = "visitor"
    TEMPORARY = "temporary"


class VisitState(StrEnum):
    """A visit from the request to the last exit; ``RESERVED`` is a blank slip a door may fill in while cut off."""

    RESERVED = "reserved"
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    INSIDE = "inside"
    ENDED = "ended"


class Direction(StrEnum):
    """Which way a reader leads; ``NONE`` for what happens at the door without anyone passing."""

    IN = "in"
    OUT = "out"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Someone with a work number (Art. 9)."""

    id: int
    work_number: str
    name: str
    role: Role
    status: PersonStatus = PersonStatus.ACTIVE

    @property
    def is_centre_personnel(self) -> bool:
        """Whether Art. 2 counts this person to the centre."""
        return is_centre_personnel(self.role)


@dataclass(frozen=True, slots=True)
class BadgeRecord:
    """A badge: a person's own or lent to them (``person_id``), or one of the visitor badges kept at the door."""

    badge: str
    person_id: int | None = None
    label: str = ""
    state: BadgeState = BadgeState.ACTIVE
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    kind: BadgeKind = BadgeKind.OWN


@value
class DutyRecord:
    """A dated duty with absolute start and end; ``on_leave`` says only *that* leave is approved, never which.

    Office hours are not ``bound_to_seat``: whoever works them walks in and out as the work asks.
    """

    id: int
    person_id: int
    date: date
    shift: str
    starts_at: datetime
    ends_at: datetime
    seat: str = ""
    needs_relief: bool = True
    relieved_at: datetime | None = None
    on_leave: bool = False
    bound_to_seat: bool = True


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """Permission for someone outside the centre to enter (Art. 20).

    The visitor carries ``badge`` (a visitor badge from the door, or for a company employee their own).
    ``escort_id`` is who answers for the visitor now; at a handover that moves on without anyone passing the door.
    """

    id: int
    state: VisitState
    starts_at: datetime
    ends_at: datetime
    reason: str
    visitor: str
    unit: str = ""
    sponsor_id: int | None = None
    badge: str | None = None
    badge_label: str = ""
    escort_id: int | None = None


@dataclass(frozen=True, slots=True)
class PermitRecord:
    """Leave to be away from one's seat (Art. 14), from ``from_at`` until ``back_by``."""

    id: int
    person_id: int
    duty_id: int | None
    from_at: datetime
    back_by: datetime
    returned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VisitReason:
    """A proper reason to enter (Art. 20). ``needs`` names what must be given with it: nothing, or a reference.

    ``label`` and ``needs`` are messages, or a centre's own words with ``label_en`` beside them. With ``by_manager``
    only the deputy manager may approve such a visit.
    """

    code: str
    label: str
    needs: str = ""
    label_en: str = ""
    by_manager: bool = False


@dataclass(frozen=True, slots=True)
class CredentialRecord:
    """What the door needs to check a PIN while the centre is out of reach: argon2id hashes, never a PIN.

    Carried only for those who may approve a visitor or keep the machine. ``duress_hash`` belongs to the PIN that
    is given under threat: it works like the other and calls for help in silence.
    """

    person_id: int
    pin_hash: str = field(repr=False)
    duress_hash: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OccupancyReset:
    """A leader's word that someone is not inside although the door's records say so (Art. 20).

    Of whoever entered before ``at``: one person, one visit, or with neither everyone.
    """

    id: int
    at: datetime
    person_id: int | None = None
    visit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the door knows of the centre: enough to decide alone while the centre is out of reach.

    ``limits`` are the values in force when it was taken; ``version`` grows with the centre's change counter.
    ``slips`` are blank visits this door alone may fill in while it is cut off; ``visit_reasons`` are the reasons in
    force (empty: the regulation's own list).
    """

    centre: str
    time_zone: str
    taken_at: datetime
    version: int
    people: tuple[PersonRecord, ...] = ()
    badges: tuple[BadgeRecord, ...] = ()
    duties: tuple[DutyRecord, ...] = ()
    visits: tuple[VisitRecord, ...] = ()
    permits: tuple[PermitRecord, ...] = ()
    limits: dict[str, int] = field(default_factory=dict)
    credentials: tuple[CredentialRecord, ...] = ()
    slips: tuple[int, ...] = ()
    visit_reasons: tuple[VisitReason, ...] = ()
    resets: tuple[OccupancyReset, ...] = ()
