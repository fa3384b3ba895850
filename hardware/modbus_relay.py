"""A strike on a Modbus-RTU relay board that times the pulse itself.

Such boards (Waveshare "Modbus RTU Relay", ZhongSheng and others of the kind; 9600 8N1) take, beside the standard's
"write single coil" (function 05), a "flash on": the same function at 0x0200 + channel, with the time in units of
100 ms. The board switches the relay off when that time is over, whatever becomes of the program that asked.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hardware.inputs import LineSwitch
from hardware.kept_port import WRITE_SECONDS
from hardware.port import READ_BYTES
from hardware.strike import SerialStrike

READ_COILS: Final = 0x01
WRITE_COIL: Final = 0x05
REFUSED: Final = 0x80
"""Added to the function's number in the answer of a board that refuses."""

FLASH_ON: Final = 0x0200
UNITS_PER_SECOND: Final = 10
LONGEST_UNITS: Final = 0x7FFF
"""Longest pulse a board takes: 3,276.7 s."""

COILS_PER_QUESTION: Final = 8
ANSWER_SECONDS: Final = WRITE_SECONDS / 2
"""Eight bytes there, eight back and the board's thinking take 30 ms at 9600 baud; an order is tried twice."""

LISTEN_SECONDS: Final = 0.005
QUESTION_SECONDS: Final = 2.0
"""How often an idle board is asked for its relay: so long a board that stopped answering can go unnoticed."""

BUFFER_BYTES: Final = 256


def crc16(data: bytes) -> int:
    """Return the check of Modbus over serial lines: polynomial 0xA001 reflected, start 0xFFFF."""
    check = 0xFFFF
    for byte in data:
        check ^= byte
        for _bit in range(8):
            check = (check >> 1) ^ 0xA001 if check & 1 else check >> 1
    return check


def frame(body: bytes) -> bytes:
    """Return ``body`` with its check, low byte first."""
    return body + crc16(body).to_bytes(2, "little")


def flash_order(address: int, channel: int, seconds: float) -> bytes:
    """Return the order that switches ``channel`` (from 1) on for ``seconds``, rounded up to the board's unit."""
    units = min(LONGEST_UNITS, max(1, math.ceil(seconds * UNITS_PER_SECOND - 1e-6)))
    return frame(
        bytes([address, WRITE_COIL]) + (FLASH_ON + channel - 1).to_bytes(2, "big") + units.to_bytes(2, "big")
    )


def off_order(address: int, channel: int) -> bytes:
    """Return the order that switches ``channel`` (from 1) off now."""
    return frame(bytes([address, WRITE_COIL]) + (channel - 1).to_bytes(2, "big") + b"\x00\x00")


def coils_question(address: int, channel: int) -> bytes:
    """Return the question for the eight relays among which ``channel`` (from 1) is."""
    first = (channel - 1) // COILS_PER_QUESTION * COILS_PER_QUESTION
    return frame(
        bytes([address, READ_COILS]) + first.to_bytes(2, "big") + COILS_PER_QUESTION.to_bytes(2, "big")
    )


@dataclass(slots=True)
class _Order:
    """What was written and is not answered yet."""

    frame: bytes
    deadline: float
    again: bool


class ModbusRelayStrike(SerialStrike):
    """A strike whose pulse ends by the board's own timer: a program that hangs or dies leaves it locked.

    A pulse returns once the port has its bytes; the keeper then waits for the board's echo, writes once more when
    none comes, and counts the board as lost after that. While the door is idle the board is asked for its relay.
    """

    kind = "modbus"

    def __init__(
        self, port_url: str, channel: int = 1, address: int = 1, switches: Sequence[LineSwitch] = ()
    ) -> None:
        self._address, self._channel = address, channel
        self._off = off_order(address, channel)
        self._question = coils_question(address, channel)
        self._open_order: _Order | None = None
        self._heard = bytearray()
        self._answered_at = self._timer_until = 0.0
        super().__init__(port_url, switches)

    def _energise(self, port: Any, seconds: float) -> None:
        """Write the order; of one that is still unanswered the answer is awaited first, not to talk into it."""
        if not self._changed.wait_for(lambda: self._open_order is None or self._closing, WRITE_SECONDS):
            raise TimeoutError(self.port_url)
        if self._port is not port:
            raise ConnectionResetError(self.port_url)
        self._timer_until = time.monotonic() + seconds
        self._write(port, flash_order(self._address, self._channel, seconds))

    def _unlocked(self) -> bool:
        if self._relock_at is None:
            return False
        return self._port is not None or time.monotonic() < self._timer_until  # then its own timer has locked

    def _greet(self, port: Any) -> None:
        self._open_order = None
        self._heard.clear()
        self._write(port, self._off)
        while self._open_order is not None and self._port is port and not self._closing:
            self._changed.wait(LISTEN_SECONDS)
            self._still_there(port)
            self._hear()

    def _attend(self, port: Any) -> None:
        self._hear()
        now = time.monotonic()
        if self._open_order is not None:
            return
        if self._relock_at is not None and now >= self._relock_at:
            self._write(port, self._off)
        elif now - self._answered_at >= QUESTION_SECONDS and self._relock_at is None:
            self._write(port, self._question)

    def _still_there(self, port: Any) -> None:
        self._heard += port.read(READ_BYTES)
        del self._heard[:-BUFFER_BYTES]

    def _due_seconds(self) -> float:
        if self._open_order is not None:
            return LISTEN_SECONDS
        due = QUESTION_SECONDS if self._relock_at is None else self._relock_at - time.monotonic()
        return min(QUESTION_SECONDS, due)

    def _part(self) -> None:
        if self._port is not None:
            self._guarded(lambda port: port.write(self._off))

    def _write(self, port: Any, order: bytes) -> None:
        self._heard.clear()
        port.write(order)
        self._open_order = _Order(order, time.monotonic() + ANSWER_SECONDS, again=True)
        self._changed.notify_all()

    def _hear(self) -> None:
        """Take what the board said; raise :class:`TimeoutError` when it owes an answer for too long."""
        order = self._open_order
        if order is None:
            return
        if answer := self._answer_to(order.frame):
            self._answered_at = time.monotonic()
            self._open_order = None
            self._changed.notify_all()
            self._understand(answer)
        elif time.monotonic() >= order.deadline:
            if not order.again:
                self._open_order = None
                self._changed.notify_all()
                raise TimeoutError(self.port_url)
            order.frame, order.again = self._renewed(order.frame), False
            self._port.write(order.frame)
            order.deadline = time.monotonic() + ANSWER_SECONDS

    def _renewed(self, order: bytes) -> bytes:
        """Return ``order`` as it is to be written now: a pulse repeated late still ends when it was to end."""
        if order[2] != FLASH_ON >> 8 or order[1] != WRITE_COIL:
            return order
        left = (self._relock_at or 0.0) - time.monotonic()
        return flash_order(self._address, self._channel, left) if left > 0 else self._off

    def _answer_to(self, order: bytes) -> bytes:
        """Return the board's whole answer to ``order`` out of what was heard, or nothing."""
        function = order[1]
        length = len(order) if function == WRITE_COIL else 6
        for start in range(len(self._heard)):
            heard = bytes(self._heard[start:])
            if function == WRITE_COIL and heard.startswith(order):
                return order
            refusal = heard[:5]
            if refusal[:2] == bytes([order[0], function | REFUSED]) and _whole(refusal, 5):
                return refusal
            if function == READ_COILS and heard[:2] == order[:2] and _whole(heard[:length], length):
                return heard[:length]
        return b""

    def _understand(self, answer: bytes) -> None:
        if answer[1] == WRITE_COIL | REFUSED:
            raise OSError(f"{self.port_url}: the board refuses, reason {answer[2]}")
        if answer == self._off:
            self._relock_at = None
        if answer[1] == READ_COILS and answer[3] >> (self._channel - 1) % COILS_PER_QUESTION & 1:
            self._relock_at = (
                0.0  # on, though nobody asked for it: it is locked, and shown as unlocked until then
            )


def _whole(candidate: bytes, length: int) -> bool:
    return len(candidate) == length and frame(candidate[:-2]) == candidate
