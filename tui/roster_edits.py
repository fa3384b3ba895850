"""Edits of the roster's draft on their way to the centre: sent in order, each whole or not at all, with undo and redo.

A leader types faster than a transaction commits. Strokes (a key, a range, a pasted week) are queued here and shown at
once as pending. Each cell says what was seen in it, so that our own edits never conflict with each other, and one over
someone else's always does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from settings import ZhibanError

if TYPE_CHECKING:
    from operations.drafts import CellChange, Painted
    from operations.signin import Actor


class Kind(Enum):
    """What a stroke means for the history."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Stroke:
    """Days changed by one act; ``before`` is what was seen in each."""

    changes: tuple[CellChange, ...]
    kind: Kind = Kind.EDIT


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of strokes: those that were painted, and why the rest was not."""

    strokes: tuple[Stroke, ...]
    painted: tuple[Painted, ...]
    error: ZhibanError | None = None


def paint_strokes(actor: Actor, clock: Callable[[], datetime], strokes: tuple[Stroke, ...]) -> Applied:
    """Paint the strokes one after the other, stopping at the first refusal (in a worker thread)."""
    from operations.drafts import Paint, paint_draft

    painted: list[Painted] = []
    for stroke in strokes:
        cells = [Paint(c.person_id, c.day, c.after, seen=c.before) for c in stroke.changes]
        try:
            painted.append(paint_draft(actor, clock(), cells))
        except ZhibanError as error:
            return Applied(strokes, tuple(painted), error)
    return Applied(strokes, tuple(painted))


def reversed_changes(changes: Iterable[CellChange]) -> tuple[CellChange, ...]:
    """Return the changes that take ``changes`` back."""
    from operations.drafts import CellChange

    return tuple(CellChange(c.person_id, c.day, c.after, c.before) for c in changes)


@dataclass
class RosterEdits:
    """The edits of one sitting at the desk."""

    _queue: list[Stroke] = field(default_factory=list)
    _sent: tuple[Stroke, ...] = ()
    _unseen: list[tuple[Stroke, Mapping[str, int]]] = field(default_factory=list)
    _undo: list[tuple[CellChange, ...]] = field(default_factory=list)
    _redo: list[tuple[CellChange, ...]] = field(default_factory=list)

    def add(self, changes: Sequence[CellChange]) -> None:
        """Queue a stroke."""
        self._queue.append(Stroke(tuple(changes)))

    def next_batch(self) -> tuple[Stroke, ...]:
        """Take what is to be sent now; nothing while a batch is on its way."""
        if self._sent or not self._queue:
            return ()
        self._sent, self._queue = tuple(self._queue), []
        return self._sent

    @property
    def is_sending(self) -> bool:
        """Whether a batch is on its way."""
        return bool(self._sent)

    def undo(self) -> Stroke | None:
        """Queue and return the stroke that takes back the last one, or ``None`` (not while a batch is on its way)."""
        return self._repeat(self._undo, Kind.UNDO)

    def redo(self) -> Stroke | None:
        """Queue and return the stroke that makes the last undone one again, or ``None``."""
        return self._repeat(self._redo, Kind.REDO)

    def _repeat(self, history: list[tuple[CellChange, ...]], kind: Kind) -> Stroke | None:
        if self._sent or self._queue or not history:
            return None
        stroke = Stroke(reversed_changes(history[-1]), kind)
        self._queue.append(stroke)
        return stroke

    def applied(self, outcome: Applied) -> None:
        """Note what the centre made of the batch; after a refusal nothing that was queued behind it is sent."""
        for stroke, painted in zip(outcome.strokes, outcome.painted, strict=False):
            self._unseen.append((stroke, painted.versions))
            self._remember(stroke.kind, painted.changes)
        self._sent = ()
        if outcome.error is not None:
            self._queue.clear()
            refused = outcome.strokes[len(outcome.painted)].kind
            if refused is not Kind.EDIT:  # what can no longer be taken back must not bar what came before it
                (self._undo if refused is Kind.UNDO else self._redo).pop()

    def made_elsewhere(self, changes: Iterable[CellChange]) -> None:
        """Note what a dialog did to the draft (a plan, a rotation, a discarded draft): it can be taken back too."""
        self._remember(Kind.EDIT, changes)

    def seen(self, versions: Mapping[str, int]) -> None:
        """Months are shown as of ``versions``: edits up to them, and edits of other months, are no longer pending."""
        self._unseen = [
            (stroke, made)
            for stroke, made in self._unseen
            if any(versions.get(month, version) < version for month, version in made.items())
        ]

    def pending(self) -> dict[tuple[int, date], str | None]:
        """Cells whose newest content is not on the screen yet, in the order they were typed."""
        strokes = [*(stroke for stroke, _made in self._unseen), *self._sent, *self._queue]
        return {(c.person_id, c.day): c.after for stroke in strokes for c in stroke.changes}

    def _remember(self, kind: Kind, made: Iterable[CellChange]) -> None:
        changes = tuple(change for change in made if change.before != change.after)
        if kind is Kind.UNDO:
            self._undo.pop()
        elif kind is Kind.REDO:
            self._redo.pop()
        elif changes:
            self._redo.clear()
        if changes:
            (self._redo if kind is Kind.UNDO else self._undo).append(changes)
