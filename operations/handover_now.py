"""How handovers stand right now, in the few facts that every desk shows (Art. 11, 21; inside a transaction)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import models
from operations.duties import ShiftRow, shift_row
from operations.handover_records import (
    running_handover,
    unsealed_logs_before,
    waiting_for_counter_signature,
)


@dataclass(frozen=True, slots=True)
class HandoverNow:
    """``started`` is the shift whose handover runs; ``unsigned`` are those that ended unsealed, newest first.

    ``held_since`` and ``held_reason`` tell of a hold that lasts, ``owed`` of the shift that was closed alone and
    waits for its counter-signature.
    """

    started: ShiftRow | None
    signed_out: bool
    unsigned: tuple[ShiftRow, ...]
    held_since: datetime | None
    held_reason: str
    owed: ShiftRow | None


def handover_now(now: datetime) -> HandoverNow:
    """Return how handovers stand."""
    running, waiting = running_handover(), waiting_for_counter_signature()
    hold = models.HandoverHold
    held = hold.select().where(hold.lifted_at.is_null()).order_by(hold.held_at).first()
    return HandoverNow(
        shift_row(running.outgoing) if running is not None else None,
        running is not None and running.signed_out_by_id is not None,
        tuple(shift_row(log) for log in reversed(unsealed_logs_before(now))),
        held.held_at if held is not None else None,
        held.reason if held is not None else "",
        shift_row(waiting.outgoing) if waiting is not None else None,
    )
