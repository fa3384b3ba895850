"""A Modbus-RTU relay board with its own pulse timer, on a pseudo-terminal."""

from __future__ import annotations

import os
import select
import time
from pathlib import Path
from typing import Final

from hardware.modbus_relay import (
    FLASH_ON,
    READ_COILS,
    REFUSED,
    UNITS_PER_SECOND,
    WRITE_COIL,
    crc16,
    frame,
)
from hardware.virtual import READ_BYTES, RelaySwitch, VirtualRelay

QUESTION_BYTES: Final = 8
ILLEGAL_FUNCTION: Final = 1
COIL_ON, COIL_OFF = 0xFF00, 0x0000


class ModbusQuestions:
    """Bytes to whole questions of eight bytes, as the board's firmware reads them: a wrong check shifts by one byte."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the questions that ``data`` completes."""
        self._buffer += data
        questions: list[bytes] = []
        while len(self._buffer) >= QUESTION_BYTES:
            candidate = bytes(self._buffer[:QUESTION_BYTES])
            if crc16(candidate[:-2]).to_bytes(2, "little") == candidate[-2:]:
                questions.append(candidate)
                del self._buffer[:QUESTION_BYTES]
            else:
                del self._buffer[0]
        return questions


class VirtualModbusRelay(VirtualRelay):
    """A board that ends a pulse by its own timer, whatever becomes of who asked for it.

    ``mute`` makes it obey without answering, ``deaf`` makes it do neither: a board that hangs while its adapter is
    still there. Its own switching off is noted like an order.
    """

    def __init__(self, link: Path | None = None, log: Path | None = None, address: int = 1) -> None:
        self.address = address
        self.mute = self.deaf = False
        self._ends: dict[int, float] = {}
        super().__init__(link, log)

    def _run(self) -> None:
        questions, master = ModbusQuestions(), self._master
        self._ends.clear()
        while True:
            due = min(self._ends.values(), default=None)
            patience = None if due is None else max(0.0, due - time.monotonic())
            ready = select.select([master, self._wake_read], [], [], patience)[0]
            if self._wake_read in ready:
                return
            self._end_pulses()
            if master in ready:
                for question in questions.feed(os.read(master, READ_BYTES)):
                    self._answer(master, question)

    def _end_pulses(self) -> None:
        now = time.monotonic()
        for channel in [channel for channel, ends in self._ends.items() if ends <= now]:
            del self._ends[channel]
            self._switch(RelaySwitch(now, channel, on=False))

    def _answer(self, master: int, question: bytes) -> None:
        if question[0] != self.address or self.deaf:
            return
        answer = self._obey(question)
        if not self.mute:
            os.write(master, answer)

    def _obey(self, question: bytes) -> bytes:
        function, place = question[1], int.from_bytes(question[2:4], "big")
        value = int.from_bytes(question[4:6], "big")
        now = time.monotonic()
        if function == READ_COILS:
            bits = sum(self.is_on(place + bit + 1) << bit for bit in range(8))
            return frame(bytes([self.address, READ_COILS, 1, bits]))
        if function == WRITE_COIL and place >= FLASH_ON:
            channel = place - FLASH_ON + 1
            self._ends[channel] = now + value / UNITS_PER_SECOND
            self._switch(RelaySwitch(now, channel, on=True))
            return question
        if function == WRITE_COIL and value in (COIL_ON, COIL_OFF):
            self._ends.pop(place + 1, None)
            self._switch(RelaySwitch(now, place + 1, on=value == COIL_ON))
            return question
        return frame(bytes([self.address, function | REFUSED, ILLEGAL_FUNCTION]))
