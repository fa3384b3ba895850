"""What the link carries between visitors at the door and the desk: requests, answers, visits approved at the door."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from kiosk.door import Door
from kiosk.inputs import RequestRefused, VisitAnswered, VisitForm
from kiosk.slips import SlipStore
from regulation.records import VisitState
from settings import ZhibanError

SLIPS_WANTED: Final = 12
"""Blank visits a door with a screen keeps at hand; it asks for more when fewer than half are left."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Request:
    """A walk-up visit that was asked for; ``sent`` once the centre has it."""

    key: str
    form: VisitForm
    asked_at: float
    sent: bool = False


class Errands:
    """The visits of one kiosk on their way. Asked for from any thread, carried by the link's."""

    def __init__(
        self, kiosk: str, door: Door, clock: Callable[[], datetime], slips: SlipStore, *, can_ask: bool
    ) -> None:
        self._kiosk, self._door, self._clock = kiosk, door, clock
        self._slips, self._can_ask = slips, can_ask
        self._requests: deque[_Request] = deque(maxlen=20)
        self._withdrawn: deque[str] = deque(maxlen=100)

    def ask_for_visit(self, key: str, form: VisitForm) -> None:
        """A visitor asks to be let in."""
        self._requests.append(_Request(key, form, time.monotonic()))

    def wait_no_more(self, key: str) -> None:
        """Nobody waits for the answer to a request any more."""
        self._withdrawn.append(key)

    def take_back(self) -> None:
        """Forget what nobody waits for, and tell the centre of what it has."""
        from operations.errors import StoreError
        from operations.signin import kiosk_actor
        from operations.visits import withdraw_request

        while self._withdrawn:
            key = self._withdrawn[0]
            known = [request for request in self._requests if request.key == key]
            for request in known:
                self._requests.remove(request)
            try:
                withdraw_request(kiosk_actor(self._kiosk), self._clock(), key)
            except StoreError:
                raise
            except ZhibanError as error:
                logger.warning("a request could not be taken back: %s", error)
            self._withdrawn.popleft()

    def hand_in_slips(self) -> bool:
        """Hand in the visits approved at the door, and have blank ones at hand; return whether the centre changed."""
        from operations.errors import StoreError
        from operations.signin import kiosk_actor
        from operations.slips import SlipFilled, fill_slip, reserve_slips

        actor, now, changed = kiosk_actor(self._kiosk), self._clock(), False
        for slip in self._slips.unsent():
            filled = SlipFilled(**{field.name: getattr(slip, field.name) for field in fields(SlipFilled)})
            try:
                fill_slip(actor, now, filled)
            except StoreError:
                raise
            except ZhibanError as error:  # the events go on all the same: they are the record
                if self._slips.refused(slip.visit_id):
                    logger.warning("the centre does not take a visit approved here: %s", error)
                continue
            self._slips.sent(slip.visit_id)
            changed = True
        if self._can_ask and len(self._slips.free(self._door.snapshot)) < SLIPS_WANTED // 2:
            offered = reserve_slips(actor, now, self._kiosk, SLIPS_WANTED)
            changed = changed or offered != self._door.snapshot.slips
        return changed

    def carry_requests(self, learn: Callable[[], None]) -> None:
        """Hand in what visitors ask for, and bring back the desk's answers; ``learn`` fetches the snapshot."""
        from kiosk.registration import APPROVAL_WAIT_MINUTES
        from operations.errors import StoreError
        from operations.signin import kiosk_actor
        from operations.visits import VisitRequest, request_visit, visit_state

        actor = kiosk_actor(self._kiosk)
        for request in tuple(self._requests):
            if time.monotonic() - request.asked_at > APPROVAL_WAIT_MINUTES * 60:
                self._requests.remove(request)
                continue
            form = request.form
            asked = VisitRequest(
                key=request.key, visitor=form.visitor, unit=form.unit, phone=form.phone, reason=form.reason,
                reference=form.reference, sponsor_work_number=form.sponsor, job_title=form.job_title,
                carried=form.carried, minutes=form.minutes,
            )  # fmt: skip
            try:
                if not request.sent:
                    request_visit(actor, self._clock(), asked)
                    request.sent = True
                visit = visit_state(actor, self._clock(), request.key)
            except StoreError:
                raise
            except ZhibanError as error:
                self._requests.remove(request)
                self._door.put(RequestRefused(request.key, str(error)))
                continue
            if visit is not None:
                if visit.state == VisitState.APPROVED:
                    learn()  # the door must know the visit before it tells the visitor
                self._door.put(VisitAnswered(request.key, VisitState(visit.state), visit.badge_label))
                if visit.state != VisitState.REQUESTED:
                    self._requests.remove(request)
