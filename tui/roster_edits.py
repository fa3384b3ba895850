"""Edits of the roster on their way to the centre: sent in order, one batch at a time, with undo and redo.

A leader types faster than a transaction commits. Keys are queued here and shown at once as pending; each batch
carries the month's version that the batch before it left behind, so that our own edits never conflict with each
other, and an edit of someone else's always does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from settings import ZhibanError

if TYPE_CHECKING:
    from operations.roster import RosterChange
    from operations.signin import Actor


class Kind(Enum):
    """What an edit means for the history."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Edit:
    """One person's one day set to a shift, or cleared with ``None``."""

    person_id: int
    day: date
    shift_code: str | None
    kind: Kind = Kind.EDIT


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a batch: the changes that were made, and why the rest was not."""

    edits: tuple[Edit, ...]
    changes: tuple[RosterChange, ...]
    error: ZhibanError | None = None


def apply_edits(
    actor: Actor, clock: Callable[[], datetime], edits: tuple[Edit, ...], version: int
) -> Applied:
    """Make the changes one after the other, stopping at the first refusal (in a worker thread)."""
    from operations.roster import assign_duty, clear_duty

    changes: list[RosterChange] = []
    for edit in edits:
        try:
            if edit.shift_code is None:
                change = clear_duty(actor, clock(), edit.person_id, edit.day, version)
            else:
                change = assign_duty(actor, clock(), edit.person_id, edit.day, edit.shift_code, version)
        except ZhibanError as error:
            return Applied(edits, tuple(changes), error)
        version = change.version
        changes.append(change)
    return Applied(edits, tuple(changes))


@dataclass
class RosterEdits:
    """The edits of one month. ``version`` is the newest one known to be at the centre."""

    version: int = 0
    _queue: list[Edit] = field(default_factory=list)
    _sent: tuple[Edit, ...] = ()
    _unseen: list[tuple[Edit, int]] = field(default_factory=list)
    _undo: list[RosterChange] = field(default_factory=list)
    _redo: list[RosterChange] = field(default_factory=list)

    def add(self, edit: Edit) -> None:
        """Queue an edit."""
        self._queue.append(edit)

    def next_batch(self) -> tuple[Edit, ...]:
        """Take what is to be sent now; nothing while a batch is on its way."""
        if self._sent or not self._queue:
            return ()
        self._sent, self._queue = tuple(self._queue), []
        return self._sent

    @property
    def is_sending(self) -> bool:
        """Whether a batch is on its way."""
        return bool(self._sent)

    def undo(self) -> Edit | None:
        """Queue and return the edit that takes back the last change, or ``None`` (not while a batch is on its way)."""
        return self._repeat(self._undo, Kind.UNDO)

    def redo(self) -> Edit | None:
        """Queue and return the edit that makes the last undone change again, or ``None``."""
        return self._repeat(self._redo, Kind.REDO)

    def _repeat(self, history: list[RosterChange], kind: Kind) -> Edit | None:
        if self._sent or self._queue or not history:
            return None
        edit = Edit(history[-1].person_id, history[-1].date, history[-1].before, kind)
        self._queue.append(edit)
        return edit

    def applied(self, outcome: Applied) -> None:
        """Note what the centre made of the batch; after a refusal nothing that was queued behind it is sent."""
        for edit, change in zip(outcome.edits, outcome.changes, strict=False):
            self.version = max(self.version, change.version)
            self._unseen.append((edit, change.version))
            self._remember(edit, change)
        self._sent = ()
        if outcome.error is not None:
            self._queue.clear()

    def seen(self, version: int) -> None:
        """The month is shown as of ``version``: edits up to it are no longer pending."""
        self.version = max(self.version, version)
        self._unseen = [(edit, made) for edit, made in self._unseen if made > version]

    def pending(self) -> dict[tuple[int, date], str | None]:
        """Cells whose newest content is not on the screen yet, in the order they were typed."""
        edits = [*(edit for edit, _made in self._unseen), *self._sent, *self._queue]
        return {(edit.person_id, edit.day): edit.shift_code for edit in edits}

    def _remember(self, edit: Edit, change: RosterChange) -> None:
        if edit.kind is Kind.UNDO:
            self._undo.pop()
        elif edit.kind is Kind.REDO:
            self._redo.pop()
        elif change.before != change.after:
            self._redo.clear()
        if change.before != change.after:
            (self._redo if edit.kind is Kind.UNDO else self._undo).append(change)
