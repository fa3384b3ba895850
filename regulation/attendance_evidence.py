"""What the witnesses say of one duty (Art. 33): passes of the door, signatures, permits, outages; and the stays they make.

A pass is evidence for every duty whose time it tells about: whoever stays inside from one duty to the next was there
for both. Which of two passes at one instant came first is decided by their ids alone, so that the order in which they
arrive from the doors, or how often, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from regulation.leave_kinds import LeavePiece
from regulation.limits import Limits
from regulation.records import Direction, DutyRecord, PermitRecord
from regulation.values import value

SWAPPED = "swapped"


@value
class Pass:
    """Someone passed the door, or an attendance machine saw them (``door:main-12``, ``punch:7``).

    ``clock_suspect``: the clock that says when may be wrong. ``by_word``: a leader's word that they were not inside
    any more, so they left at ``at`` or before. ``for_visitor``: went out to fetch a visitor who waited (Art. 20).
    """

    id: str
    at: datetime
    direction: Direction
    clock_suspect: bool = False
    by_word: bool = False
    for_visitor: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Something the person signed in the room with their own credential: a handover, or taking over a seat.

    It proves that they were there at ``at``, and nothing of the time before or after.
    """

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a door recorded nobody (no heartbeat); ``until_at`` is ``None`` while it lasts."""

    door: str
    from_at: datetime
    until_at: datetime | None = None

    @property
    def evidence(self) -> str:
        """The id that leads to it."""
        return f"outage:{self.door}-{self.from_at:%Y%m%dT%H%M%SZ}"

    def overlaps(self, begin: datetime, end: datetime) -> bool:
        """Whether the door was out at some instant of ``[begin, end)``."""
        return self.from_at < end and (self.until_at is None or self.until_at > begin)


@value
class JudgedDuty:
    """A duty to be judged. The record's ``on_leave`` is not looked at: ``leave`` says how much of it is leave.

    ``state`` is the roster's word (``due``, ``swapped``). ``part`` is what this is of a whole duty: less than one for
    a piece of a duty that was swapped in part. ``seat_relief`` leads to the relief that set ``record.relieved_at``, when
    somebody took over from this very person: by badge, by the leader's act, or leader from leader at the handover's
    signature. That shows the person there. The same signature sets the whole shift free, and shows none of them.
    ``after_leave``: it begins where leave of the same duty ends, so that there is nobody to relieve.
    """

    record: DutyRecord
    post: str = "operator"
    team: str = ""
    state: str = "due"
    part: Fraction = Fraction(1)
    seat_relief: str = ""
    leave: tuple[LeavePiece, ...] = ()
    after_leave: bool = False


@value
class Evidence:
    """Everything the witnesses say of one person around one duty, in any order; more than is needed does no harm.

    ``neighbours`` are the person's other duties.
    """

    passes: tuple[Pass, ...] = ()
    signatures: tuple[Signature, ...] = ()
    permits: tuple[PermitRecord, ...] = ()
    outages: tuple[Outage, ...] = ()
    neighbours: tuple[DutyRecord, ...] = ()


@value
class Stay:
    """A time inside. Without ``entered`` nobody saw them come in, without ``left`` nobody saw them go.

    They came in at ``not_before`` or later and were surely there from ``known_from`` on, at least to ``known_until``.
    """

    not_before: datetime
    known_from: datetime
    known_until: datetime
    entered: Pass | None = None
    left: Pass | None = None
    proofs: tuple[str, ...] = ()

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of everything that makes this stay."""
        seen = (self.entered, self.left)
        return (*(p.id for p in seen if p is not None), *self.proofs)


def follows_on(duty: DutyRecord, other: DutyRecord, limits: Limits, ends_at: datetime | None = None) -> bool:
    """Whether ``other`` is worked in one go with ``duty``: its arrival window opens before that one ends.

    ``ends_at`` is the end of the last of several such duties, where there is one.
    """
    opens_at = other.starts_at - limits.minutes("arrival_window_minutes")
    return duty.starts_at < other.starts_at and opens_at <= (ends_at or duty.ends_at)


def may_be_judged_at(duty: DutyRecord, neighbours: Iterable[DutyRecord], limits: Limits) -> datetime:
    """Return when the evidence on ``duty`` is complete: ``relief_lookback_minutes`` after its end (Art. 24, 33).

    Whoever stays for a next duty whose arrival window opens before this one ends leaves after that one.
    """
    ends_at = duty.ends_at
    for other in sorted(neighbours, key=lambda d: (d.starts_at, d.id)) if neighbours else ():
        if follows_on(duty, other, limits, ends_at):
            ends_at = max(ends_at, other.ends_at)
    return ends_at + limits.minutes("relief_lookback_minutes")


def evidence_window(
    duty: DutyRecord, neighbours: Iterable[DutyRecord], limits: Limits
) -> tuple[datetime, datetime]:
    """Return from when to when, both included, passes and signatures are evidence for ``duty``."""
    since = duty.starts_at - limits.hours("carried_entry_hours")
    return since, may_be_judged_at(duty, neighbours, limits)


def stays_around(duty: DutyRecord, evidence: Evidence, limits: Limits) -> tuple[Stay, ...]:
    """Fold the passes and signatures around ``duty`` into stays, in order of time.

    An entry up to ``carried_entry_hours`` before the start still counts as being inside; older ones are forgotten
    exits of another day. A second entry without an exit is no evidence against anyone and is passed over, except
    after the end: there it shows that the exit was not seen. A second exit inside ``repeat_window_seconds`` is the
    same one.
    """
    since, until = evidence_window(duty, evidence.neighbours, limits)
    fold = _Fold(since, duty.ends_at, limits)
    for sighting in _in_order(evidence, since, until):
        if isinstance(sighting, Signature):
            fold.sign(sighting)
        elif sighting.direction is Direction.IN:
            fold.enter(sighting)
        else:
            fold.leave(sighting)
    return fold.finished()


def _in_order(evidence: Evidence, since: datetime, until: datetime) -> Sequence[Pass | Signature]:
    if not evidence.signatures and _are_in_order(evidence.passes, since, until):
        return evidence.passes
    seen: dict[tuple[str, str], Pass | Signature] = {("signed", s.id): s for s in evidence.signatures}
    seen.update({(p.direction, p.id): p for p in evidence.passes if p.direction is not Direction.NONE})
    within = [s for s in seen.values() if since <= s.at <= until]
    # By length before by text: the ninth event of a door comes before its tenth.
    return sorted(within, key=lambda s: (s.at, isinstance(s, Signature), len(s.id), s.id))


def _are_in_order(passes: Iterable[Pass], since: datetime, until: datetime) -> bool:
    """Whether the passes are what the fold wants as they come: within the window, in order, each once and directed."""
    before = None
    for seen in passes:
        at = seen.at
        if seen.direction is Direction.NONE or (at < since if before is None else at <= before):
            return False
        before = at
    return before is None or before <= until


class _Fold:
    """Passes and signatures, one after the other in order of time, becoming stays."""

    __slots__ = ("current", "done", "ends_at", "last_entry", "last_exit", "outside_since", "window")

    def __init__(self, since: datetime, ends_at: datetime, limits: Limits) -> None:
        self.ends_at = ends_at
        self.window = limits.seconds("repeat_window_seconds")
        self.done: list[Stay] = []
        self.current: Stay | None = None
        self.last_entry: datetime | None = None
        self.last_exit: datetime | None = None
        self.outside_since = since

    def enter(self, entry: Pass) -> None:
        again = self.last_entry is not None and entry.at - self.last_entry < self.window
        self.last_entry = entry.at
        if self.current is not None and (again or entry.at < self.ends_at):
            return
        self._close(None)
        self.current = Stay(entry.at, entry.at, entry.at, entry)

    def leave(self, exit_: Pass) -> None:
        again = self.last_exit is not None and exit_.at - self.last_exit < self.window
        self.last_exit = exit_.at
        if self.current is None:
            if again:
                return
            self.current = Stay(self.outside_since, exit_.at, exit_.at)
        self._close(exit_)
        self.outside_since = exit_.at

    def sign(self, signature: Signature) -> None:
        at = signature.at
        stay = self.current or Stay(self.outside_since, at, at)
        self.current = replace(stay, known_until=at, proofs=(*stay.proofs, signature.id))

    def finished(self) -> tuple[Stay, ...]:
        self._close(None)
        return tuple(self.done)

    def _close(self, exit_: Pass | None) -> None:
        stay = self.current
        if stay is None:
            return
        if exit_ is not None:
            until = stay.known_until if exit_.by_word else exit_.at
            stay = Stay(stay.not_before, stay.known_from, until, stay.entered, exit_, stay.proofs)
        self.done.append(stay)
        self.current = None


def first_outage(outages: Sequence[Outage], begin: datetime, end: datetime) -> Outage | None:
    """Return the first outage that overlaps ``[begin, end)``, whichever door it was: people may use any."""
    if not outages:
        return None
    near = sorted(outages, key=lambda o: (o.from_at, o.door))
    return next((o for o in near if o.overlaps(begin, end)), None)
