"""Visits approved at the door while the centre is out of reach (Art. 20): durable here until the centre has them.

A slip is a blank visit whose number the centre has reserved for this door. Filled in, it is a visit like any other:
the door knows it from its own store until a snapshot brings it back.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from regulation.access import DoorKnowledge
from regulation.doorlog import DoorEventRecord
from regulation.records import Snapshot, VisitRecord, VisitState

SLIPS_FILE: Final = "slips.json"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Slip:
    """A visit as the door filled it in. ``key`` is the request it answers, ``approved_by`` the leader's id."""

    visit_id: int
    key: str
    visitor: str = field(repr=False)
    unit: str = field(repr=False)
    job_title: str = field(repr=False)
    phone: str = field(repr=False)
    reason: str
    reference: str = field(repr=False)
    carried: str = field(repr=False)
    sponsor_work_number: str = field(repr=False)
    sponsor_id: int | None
    badge: str = field(repr=False)
    badge_label: str
    starts_at: datetime
    ends_at: datetime
    approved_by: int
    approved_at: datetime

    @property
    def visit(self) -> VisitRecord:
        """What the door's rules see of it."""
        return VisitRecord(
            self.visit_id, VisitState.APPROVED, self.starts_at, self.ends_at, self.reason, self.visitor,
            self.unit, self.sponsor_id, self.badge, self.badge_label,
        )  # fmt: skip


class SlipStore:
    """The filled slips of one kiosk on its disk. All methods may be called from any thread."""

    def __init__(self, folder: Path) -> None:
        """Read what is kept in ``folder``. A damaged file is left alone, and no slip is filled in beside it."""
        self._file = folder / SLIPS_FILE
        self._guard = threading.Lock()
        self._slips: dict[int, Slip] = {}
        self._spent: set[int] = set()
        self._sent: set[int] = set()
        self._refused: set[int] = set()
        self._damaged = False
        try:
            kept = msgspec.json.decode(self._file.read_bytes(), type=list[Slip])
        except FileNotFoundError:
            return
        except (OSError, msgspec.DecodeError) as error:
            logger.warning("the visits approved here cannot be read: %s", type(error).__name__)
            self._damaged = True
            return
        self._slips = {slip.visit_id: slip for slip in kept}

    @property
    def fault(self) -> str:
        """``ok``, or in one word what ails the store: ``damaged``, or ``refused`` by the centre."""
        if self._damaged:
            return "damaged"
        return "refused" if self._refused else "ok"

    def add(self, slip: Slip) -> None:
        """Keep ``slip``; durable on return. Raises ``OSError``, and the number is not used again then either."""
        with self._guard:
            self._spent.add(slip.visit_id)
            if self._damaged:
                raise OSError(0, "damaged")
            self._write({**self._slips, slip.visit_id: slip})

    def spend(self, numbers: Iterable[int]) -> None:
        """Never fill in these numbers: an approval was recorded for them before the power went."""
        with self._guard:
            self._spent.update(numbers)

    def free(self, snapshot: Snapshot) -> tuple[int, ...]:
        """Return the numbers this door may still fill in."""
        with self._guard:
            used = self._spent | self._slips.keys()
            return () if self._damaged else tuple(number for number in snapshot.slips if number not in used)

    def visits(self, snapshot: Snapshot) -> tuple[VisitRecord, ...]:
        """Return the visits approved here that the centre, as ``snapshot`` shows it, does not answer for yet."""
        with self._guard:
            return tuple(
                slip.visit
                for number, slip in self._slips.items()
                if number not in self._sent or number in snapshot.slips
            )

    def unsent(self) -> tuple[Slip, ...]:
        """Return what the centre has not been told yet, in the order of approval."""
        with self._guard:
            waiting = [slip for number, slip in self._slips.items() if number not in self._sent]
        return tuple(sorted(waiting, key=lambda slip: slip.approved_at))

    def sent(self, visit_id: int) -> None:
        """Note that the centre has taken a slip; it stays here until a kept snapshot says so too."""
        with self._guard:
            self._sent.add(visit_id)
            self._refused.discard(visit_id)

    def refused(self, visit_id: int) -> bool:
        """Note that the centre would not take a slip; return whether that is news."""
        with self._guard:
            news = visit_id not in self._refused
            self._refused.add(visit_id)
            return news

    def settle(self, kept: Snapshot) -> bool:
        """Forget what the centre has and the snapshot on this disk no longer offers as blank.

        Only then: a restart with an older snapshot must not give the number out again. Returns whether anything
        was forgotten. Raises ``OSError``.
        """
        with self._guard:
            done = {number for number in self._sent if number not in kept.slips and number in self._slips}
            if done:
                self._write({number: slip for number, slip in self._slips.items() if number not in done})
                self._sent -= done
            return bool(done)

    def _write(self, slips: dict[int, Slip]) -> None:
        beside = self._file.with_name(f".{SLIPS_FILE}.new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(msgspec.json.encode(list(slips.values())))
            out.flush()
            os.fsync(out.fileno())
        beside.replace(self._file)
        directory = os.open(self._file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        self._slips = slips


def with_local_visits(knowledge: DoorKnowledge, local: Sequence[VisitRecord]) -> DoorKnowledge:
    """Return ``knowledge`` with the visits approved here that it lacks; the centre's word goes before the door's.

    A visit the centre has only heard of by an event has no badge there yet: that one counts as lacking.
    """
    by_number = knowledge.visits_by_id
    missing = [v for v in local if v.id not in by_number or by_number[v.id].badge is None]
    if not missing:
        return knowledge
    by_badge, by_id = dict(knowledge.visits), dict(knowledge.visits_by_id)
    for visit in missing:
        by_id[visit.id] = visit
        if visit.badge is not None:
            by_badge[visit.badge] = (*by_badge.get(visit.badge, ()), visit)
    return replace(knowledge, visits=by_badge, visits_by_id=by_id)


def approved_lately(events: Iterable[DoorEventRecord]) -> tuple[int, ...]:
    """Return the slips that the journal's last events say were filled in; some were not kept before the power went."""
    return tuple(e.visit_id for e in events if e.code == "note.approved" and e.visit_id is not None)
