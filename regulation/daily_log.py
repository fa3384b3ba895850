"""The daily log 值班日志 as a record: what it must hold before anyone prints it (Art. 7 to 11, 20 to 24, 32).

Whoever reads the centre's data fills these in; ``reports`` turns them into paper. Instants are aware UTC, and the
paper shows them in ``DailyLog.time_zone``. A field called a *message* is shown in the language of the paper: it
holds an English message of the catalogues, or the centre's own words, which are shown as they are. All other text
is people's own and is shown exactly as it was written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from regulation.attendance_sheet import AttendanceSheet
from regulation.handover import Area, CheckValue, ItemState, LogState, Side
from regulation.ledger import Head, canonical
from regulation.records import VisitState

# What stands on the paper about the record, and is therefore no part of the record that is hashed.
_ABOUT_THE_RECORD: Mapping[str, bool] = MappingProxyType({"sealed": False})


@dataclass(frozen=True, slots=True)
class Named:
    """Someone as the paper names them: full name and work number 工号 (Art. 9)."""

    name: str
    work_number: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """Someone due in a shift. ``status`` is a message ("on duty", "late"); ``arrived_at`` is the first entry."""

    person: Named
    seat: str = ""
    status: str = ""
    arrived_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told of an abnormal event, and when (Art. 11)."""

    whom: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a shift's log (Art. 9).

    ``occurred_at`` is when it happened, ``entered_at`` when it was written down; ``kind`` is a message ("abnormal
    event"); ``author`` wrote it. ``department`` is who it was passed to, ``asset`` the equipment it is about.
    A ``confidential`` entry comes with ``text``, ``told`` and ``outcome`` left empty by whoever builds the
    record; the paper prints a redaction mark in their place and would not print them (Art. 32). A ``version`` above
    1 was edited; an entry of a source that flooded stands for ``count`` reports, the last at ``last_at``;
    ``attachments`` are references; ``answered_at`` is when the department answered (Art. 5, 6).
    """

    occurred_at: datetime
    kind: str
    text: str
    author: Named
    entered_at: datetime | None = None
    seat: str = ""
    asset: str = ""
    department: str = ""
    told: tuple[Told, ...] = ()
    outcome: str = ""
    vip: bool = False
    confidential: bool = False
    version: int = 1
    count: int = 1
    last_at: datetime | None = None
    due_at: datetime | None = None
    attachments: tuple[str, ...] = ()
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An open item at the end of a shift (Art. 22): carried with a reason and a next step, or still undecided.

    The builder puts them in the order of urgency (Art. 10); ``owner`` sees to the next step. What came of a
    ``confidential`` entry comes without title, reason and next step (Art. 32).
    """

    title: str
    state: ItemState = ItemState.CARRIED
    reason: str = ""
    next_step: str = ""
    owner: str = ""
    vip: bool = False
    due_at: datetime | None = None
    opened_at: datetime | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A line of the joint check (Art. 21). ``label`` is a message; ``reported_to`` belongs to a dispute.

    With a ``subject`` (``visit:3``, ``item:12``) the line is about that, and its label is what people wrote.
    ``standing`` is a message on what became of it between the cut-off and the signature, ``standing_at`` when.
    """

    area: Area
    label: str
    value: CheckValue
    note: str = ""
    reported_to: str = ""
    subject: str = ""
    standing: str = ""
    standing_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A dispute of the handover (Art. 23): both sides by name, what they found, to whom and when it was reported.

    ``subject`` is a message.
    """

    subject: str
    account: str
    outgoing: Named | None = None
    incoming: Named | None = None
    reported_to: str = ""
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReliefLine:
    """A seat handed from one person to the next (Art. 21, 24). ``None`` is nobody: an empty or unrelieved seat.

    ``way`` is a message when the seat was handed over before the signature: by the leader, or by badge.
    """

    seat: str
    outgoing: Named | None
    incoming: Named | None
    at: datetime | None = None
    way: str = ""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A signature given with the signer's own credential. ``note`` says more, such as a stand-in's reason.

    ``right`` is a message when the signer was not the rostered leader: a stand-in, or a higher leader.
    """

    side: Side
    person: Named
    at: datetime
    note: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class WayLine:
    """A recorded way through the handover (Art. 21 to 24): a no-show, a stand-in, a hold, an override, a solo close.

    ``kind`` is a message; ``by`` recorded it with ``reason`` at ``at``; ``until`` is when a hold was lifted.
    ``about`` is the person it concerns, ``instead_of`` the leader a stand-in stands for, ``what`` more of it in
    people's own words.
    """

    kind: str
    article: int
    at: datetime
    by: Named
    reason: str
    about: Named | None = None
    until: datetime | None = None
    what: str = ""
    instead_of: Named | None = None


@dataclass(frozen=True, slots=True)
class AddendumLine:
    """A late addition to a sealed section, signed by its author and chained from the section's digest."""

    at: datetime
    author: Named
    text: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class ShiftSection:
    """One shift of the day, from its first entry to the two signatures of its handover.

    ``shift`` is the shift type's own name and ``shift_en`` its English one (empty: the same); ``team`` the team's
    own name. ``due`` and ``present`` count people. ``people`` may be empty: then the paper shows the counts only.
    ``cutoff_at`` is when the content was frozen. ``digest`` is :func:`content_digest` of this section at its sealing,
    empty before. ``addenda`` and ``counter_signatures`` came after the sealing and are no part of what was sealed.
    """

    shift: str
    team: str
    starts_at: datetime
    ends_at: datetime
    leaders: tuple[Named, ...] = ()
    due: int = 0
    present: int = 0
    people: tuple[AttendanceLine, ...] = ()
    entries: tuple[EntryLine, ...] = ()
    items: tuple[ItemLine, ...] = ()
    checklist: tuple[CheckLine, ...] = ()
    disputes: tuple[DisputeLine, ...] = ()
    reliefs: tuple[ReliefLine, ...] = ()
    state: LogState = LogState.OPEN
    cutoff_at: datetime | None = None
    signatures: tuple[SignatureLine, ...] = ()
    shift_en: str = ""
    ways: tuple[WayLine, ...] = ()
    digest: str = field(default="", metadata=_ABOUT_THE_RECORD)
    addenda: tuple[AddendumLine, ...] = field(default=(), metadata=_ABOUT_THE_RECORD)
    counter_signatures: tuple[SignatureLine, ...] = field(default=(), metadata=_ABOUT_THE_RECORD)


@dataclass(frozen=True, slots=True)
class VisitorLine:
    """A visit of the day (Art. 20). ``reason`` is a message; ``badge_label`` names the visitor badge lent."""

    visitor: str
    unit: str = ""
    reason: str = ""
    sponsor: str = ""
    escort: str = ""
    badge_label: str = ""
    state: VisitState = VisitState.ENDED
    entered_at: datetime | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DoorLine:
    """What one door saw in the day: counts of passages and refusals, and how many were inside at the end."""

    door: str
    entries: int = 0
    exits: int = 0
    refused: int = 0
    visitors: int = 0
    inside_at_end: int | None = None


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A daily figure of one shift against its target (Art. 5, 8).

    ``name``, ``unit`` and ``shift`` are messages, or the centre's own words with English beside them. ``value`` is
    empty while nobody has entered it; ``missed`` says that it misses its target, ``overdue`` that it should be there.
    ``corrected`` counts the values it had before.
    """

    name: str
    value: str
    target: str = ""
    shift: str = ""
    name_en: str = ""
    shift_en: str = ""
    unit: str = ""
    unit_en: str = ""
    missed: bool = False
    overdue: bool = False
    corrected: int = 0


@dataclass(frozen=True, slots=True)
class SpotCheckLine:
    """One check of one link of the day's plan, or a link nobody checked (Art. 7): then ``checked_at`` is missing.

    ``link`` and ``result`` are messages, the link's may be the centre's own words; ``person`` is who was checked,
    ``informed`` whom it was told.
    """

    link: str
    link_en: str = ""
    checked_at: datetime | None = None
    checked_by: str = ""
    person: str = ""
    result: str = ""
    found: str = ""
    informed: str = ""
    informed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding: ``code`` of ``regulation.findings``, its article, and ``details`` as sorted pairs.

    A detail's value may itself be a message (why an entry was refused).
    """

    code: str
    article: int
    at: datetime
    person: Named | None = None
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit that shaped this log: ``label`` and ``unit`` are messages, ``version`` names the set in force."""

    label: str
    value: int
    unit: str
    article: int
    version: str


@dataclass(frozen=True, slots=True)
class DailyLog:
    """The log of civil day ``date`` in the centre's ``time_zone`` (IANA); one shift or all of the day's.

    ``shifts`` are in order of time; ``findings`` in any order, the paper groups them by article. ``heads`` are the
    ends of the door chains and of the audit chain as the record was read: signed paper anchors them. ``digest``
    is :func:`content_digest` of the sealed day, 64 hexadecimal digits; while it is empty the log is a draft. With
    ``one_shift`` there is one shift, its digest, and only what happened in its hours.
    """

    centre: str
    time_zone: str
    date: date
    shifts: tuple[ShiftSection, ...] = ()
    visitors: tuple[VisitorLine, ...] = ()
    doors: tuple[DoorLine, ...] = ()
    figures: tuple[FigureLine, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    limits: tuple[LimitLine, ...] = ()
    heads: tuple[Head, ...] = field(default=(), metadata=_ABOUT_THE_RECORD)
    digest: str = field(default="", metadata=_ABOUT_THE_RECORD)
    spot_checks: tuple[SpotCheckLine, ...] = ()
    one_shift: bool = field(default=False, metadata=_ABOUT_THE_RECORD)

    @property
    def draft(self) -> bool:
        """Whether the day or the shift is not sealed yet; the paper then says so across every page."""
        return not self.digest


def content_digest(record: ShiftSection | DailyLog | AttendanceSheet) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of everything recorded in a shift, a day or a month (Art. 25, 33, 34).

    Digests, chain heads and whatever belongs to a single printing are no part of it, so a reprint years later
    carries the same digest. A field at its default is left out, so a field added later keeps old digests valid.
    """
    return hashlib.sha256(canonical({type(record).__name__: _content(record)})).hexdigest()


def _content(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_content(part) for part in value]
    if not is_dataclass(value):
        return value
    pairs = [(part, getattr(value, part.name)) for part in fields(value) if part.metadata.get("sealed", True)]
    return {part.name: _content(held) for part, held in pairs if held != part.default}
