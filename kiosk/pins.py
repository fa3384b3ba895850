"""What the door asks for that takes time: checking a PIN, keeping a visit approved here. Never in the door's thread.

A PIN is compared with argon2id hashes from the snapshot, about 0.2 s for each. It is never stored, logged or shown.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Literal

from kiosk.actions import CheckPin
from kiosk.inputs import PinChecked, SlipKept
from kiosk.slips import Slip, SlipStore
from regulation.records import CredentialRecord

if TYPE_CHECKING:
    from argon2 import PasswordHasher

logger = logging.getLogger(__name__)

_Errand = Callable[[], PinChecked | SlipKept]


class Clerk:
    """Does such errands one after the other and tells each answer from its own thread."""

    def __init__(self, slips: SlipStore, tell: Callable[[PinChecked | SlipKept], None]) -> None:
        self._slips, self._tell = slips, tell
        self._errands: queue.SimpleQueue[_Errand] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def check(self, asked: CheckPin, credential: CredentialRecord | None) -> None:
        """Compare a PIN with ``credential``; someone without one takes as long and is wrong."""

        def run() -> PinChecked:
            return PinChecked(asked.asked_at, asked.read, asked.person_id, pin_result(asked.pin, credential))

        self._do(run)

    def keep(self, slip: Slip) -> None:
        """Make ``slip`` durable."""

        def run() -> SlipKept:
            try:
                self._slips.add(slip)
            except OSError as error:
                logger.warning("a visit approved here cannot be kept: %s", error.strerror)
                return SlipKept(slip, kept=False)
            return SlipKept(slip, kept=True)

        self._do(run)

    def _do(self, errand: _Errand) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)
            self._thread.start()
        self._errands.put(errand)

    def _run(self) -> None:
        while True:
            self._tell(self._errands.get()())


def pin_result(pin: str, credential: CredentialRecord | None) -> Literal["right", "wrong", "duress"]:
    """Say what ``pin`` is to ``credential``; the time it takes does not tell a right one from one under threat."""
    if credential is None:
        _matches(_nobodys_hash(), pin)
        return "wrong"
    right = _matches(credential.pin_hash, pin)
    duress = bool(credential.duress_hash) and _matches(credential.duress_hash, pin)
    if duress:
        return "duress"
    return "right" if right else "wrong"


def _matches(stored: str, pin: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        return _hasher().verify(stored, pin)
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("nobody")
