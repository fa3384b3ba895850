"""The states of a print job."""

from __future__ import annotations

from enum import StrEnum


class PrintState(StrEnum):
    """Where a print job is; :data:`ENDED` are final, :data:`FAILED` waits for a person."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELING = "canceling"
    DONE = "done"
    CANCELED = "canceled"


# What whoever sends the jobs has to do something about.
WORKED_ON = (PrintState.QUEUED, PrintState.SENT, PrintState.CANCELING)
ENDED = (PrintState.DONE, PrintState.CANCELED)
