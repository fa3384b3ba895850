"""Leave that nobody decides in time (Art. 35): it goes a rank up, and the one who asked is not left without an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import models
from operations import notices
from operations.boundary import Session
from operations.centre import limits_at
from operations.duties import named
from operations.leave_records import Deciders, decisions_of, leave_by_id, waiting_step
from regulation.leave_changes import LeaveState
from regulation.leave_reminders import is_undecided_too_long


@dataclass(frozen=True, slots=True)
class EscalationDue:
    """A request that is still undecided on the eve of its first duty."""

    leave_id: int

    @property
    def source(self) -> str:
        """Name it for ever."""
        return f"leave_escalated:{self.leave_id}"

    def keep(self, session: Session) -> None:
        """From now on it waits for the next rank too, which is told; where there is none, the same people again."""
        request = leave_by_id(self.leave_id)
        step = waiting_step(request)
        if step is None:
            return
        before = set(Deciders(session.now).expected(request, step))
        models.LeaveRequest.update(escalated_at=session.now).where(
            models.LeaveRequest.id == request.id
        ).execute()
        request = leave_by_id(self.leave_id)
        after = set(Deciders(session.now).expected(request, step))
        for person_id in (after - before) or after:
            notices.tell_person(
                session,
                person_id,
                notices.LEAVE_ESCALATED,
                f"leave:{request.id}",
                f"{self.source}:{person_id}",
                name=named(request.person),
                kind=request.kind,
                first=request.first_day.isoformat(),
                last=request.last_day.isoformat(),
            )


def leave_undecided(now: datetime) -> Sequence[EscalationDue]:
    """Art. 35: requests that nobody has decided by the eve of their duty, once each."""
    request = models.LeaveRequest
    waiting = request.select().where(request.state == LeaveState.ASKED.value, request.escalated_at.is_null())
    limits = limits_at(now)
    return [
        EscalationDue(row.id)
        for row in waiting.order_by(request.id)
        if is_undecided_too_long(_waits_since(row), row.begins_at, now, limits)
    ]


def _waits_since(request: models.LeaveRequest) -> datetime:
    """Since when the step that waits now does."""
    given = decisions_of(request)
    since: datetime = given[-1].decided_at if given else request.asked_at
    return since
