"""What goes over an OSDP line, read beside libosdp: who answers, and whose words are old.

libosdp calls a reader online for eight seconds after its last word, and a reader keeps a card it could not report.
Both are harmless for a log and wrong for a door, so the frames themselves are watched. Only header fields are read
(SIA OSDP 2.2, 5.9: SOM, address, length, control, security block, command or reply code); they are never encrypted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

SOM: Final = 0x53
HEADER_BYTES: Final = 5
REPLY_BIT: Final = 0x80
CONTROL_CRC: Final = 0x04
CONTROL_SECURITY: Final = 0x08
FRAME_LONGEST: Final = 1440  # the most the standard allows

POLL: Final = 0x60
ACK: Final = 0x40
NAK: Final = 0x41
HANDSHAKE: Final = frozenset({0x62, 0x76, 0x77})
"""CAP, CHLNG and SCRYPT: a reader that answers these and gets no further does not prove its key."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame with its check passed."""

    address: int
    code: int
    is_reply: bool


class FrameReader:
    """Bytes to frames. Holds a bounded buffer and finds the next frame after any noise."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """Return the frames that ``data`` completes."""
        self._buffer += data
        return list(self._frames())

    def reset(self) -> None:
        """Forget half a frame."""
        self._buffer.clear()

    def _frames(self) -> Iterator[Frame]:
        buffer = self._buffer
        while True:
            start = buffer.find(SOM)
            del buffer[: start if start >= 0 else len(buffer)]
            if len(buffer) < HEADER_BYTES:
                return
            length = buffer[2] | buffer[3] << 8
            if not HEADER_BYTES + 2 <= length <= FRAME_LONGEST:
                del buffer[0]
                continue
            if len(buffer) < length:
                return
            frame = _frame(bytes(buffer[:length]))
            if frame is None:
                del buffer[0]
                continue
            del buffer[:length]
            yield frame


@dataclass(slots=True)
class Talk:
    """How the talk with one reader goes; times are ``time.monotonic()`` seconds."""

    asked_at: float | None = None  # the question that is still open
    asked: int = 0
    answered_at: float | None = None
    answer: int = 0
    stale: bool = True
    """What it reports may be from before the line was whole."""


class Talks:
    """The talks of one bus.

    **A reader's word counts only while the talk is unbroken.** It is broken by a new connection, by a question that
    got no whole answer, and by a pause longer than ``pause_seconds``. It is whole again when the reader answers a
    poll with nothing to report: then whatever it had kept is out, and what comes next happened after that.
    """

    def __init__(self, addresses: Iterable[int], pause_seconds: float) -> None:
        self._talks = {address: Talk() for address in addresses}
        self._pause_seconds = pause_seconds
        self._sent = FrameReader()
        self._received = FrameReader()

    def __getitem__(self, address: int) -> Talk:
        return self._talks[address]

    @property
    def awaits(self) -> bool:
        """Whether a question is open."""
        return any(talk.asked_at is not None for talk in self._talks.values())

    def sent(self, data: bytes, now: float) -> None:
        """Note what the panel sent."""
        self._received.reset()  # what was still coming in is no answer to this
        for frame in self._sent.feed(data):
            talk = self._talks.get(frame.address)
            if talk is None or frame.is_reply:
                continue
            if talk.asked_at is not None:
                talk.stale = True
            talk.asked_at, talk.asked = now, frame.code

    def received(self, data: bytes, now: float) -> None:
        """Note what came from the line."""
        for frame in self._received.feed(data):
            talk = self._talks.get(frame.address)
            if talk is None or not frame.is_reply or talk.asked_at is None:
                continue
            paused = talk.answered_at is None or now - talk.answered_at > self._pause_seconds
            if paused:
                talk.stale = True
            elif talk.asked == POLL and frame.code == ACK:
                talk.stale = False
            talk.asked_at, talk.answered_at, talk.answer = None, now, frame.code

    def connected(self, address: int) -> None:
        """Note a new connection: the reader may have kept what happened before it."""
        self._talks[address].stale = True


def _frame(data: bytes) -> Frame | None:
    control = data[4]
    if not _checked(data, crc=bool(control & CONTROL_CRC)):
        return None
    place = HEADER_BYTES + (data[HEADER_BYTES] if control & CONTROL_SECURITY else 0)
    if place >= len(data):
        return None
    return Frame(data[1] & ~REPLY_BIT, data[place], bool(data[1] & REPLY_BIT))


def _checked(data: bytes, *, crc: bool) -> bool:
    if not crc:
        return sum(data) & 0xFF == 0
    return crc16(data[:-2]) == int.from_bytes(data[-2:], "little")


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte << 8
        for _bit in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        table.append(crc & 0xFFFF)
    return tuple(table)


_CRC_TABLE: Final = _crc_table()


def crc16(data: bytes) -> int:
    """Return the CRC of SIA OSDP 2.2, annex C: polynomial 1021 hex, started at 1D0F hex."""
    crc = 0x1D0F
    for byte in data:
        crc = (crc << 8 & 0xFFFF) ^ _CRC_TABLE[crc >> 8 ^ byte]
    return crc
