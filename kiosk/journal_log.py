"""The journal's file form: an append-only text log in segments, one checksummed frame for each transaction.

A segment begins with the place and the hash it continues from; a frame is a head line (how many events, the first
one's number, length, CRC-32) and a line for each event: its hash and its canonical body. Head and frames begin at
whole sectors, so a torn write cannot touch what was written before. The rest of a segment is room made of zeros, so
that a write changes no length.

A frame counts only when it is whole. What a power cut tore is followed by nothing but zeros and is cut off; anything
else that does not read is damage, is said, and is never written over.
"""

from __future__ import annotations

import errno
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.journal_disk import SECTOR_BYTES, SyncedFile, in_sectors, sync_folder, write_durably
from regulation.ledger import GENESIS

SEGMENT_BYTES: Final = 8 * 1024 * 1024
"""A new segment is begun at about this size (some 18,000 events)."""

JOURNAL_BYTES: Final = 2 * 1024 * 1024 * 1024
"""The journal never grows beyond this: some four million events of one door (GB 50396 asks for 1,000)."""

ROOM_BYTES: Final = 1024 * 1024
"""How much a segment is made longer ahead of time: some 2,000 events still fit when the disk is full."""

FRAME_BYTES: Final = 1024 * 1024
"""No transaction is longer."""

_HEAD_BYTES: Final = 36
_HEAD: Final = re.compile(rb"\+(\d{4}) (\d{12}) (\d{7}) ([0-9a-f]{8})\n")
_SEGMENT: Final = re.compile(rb"zhiban journal 1 (\d{12}) ([0-9a-f]{64})\n")

Row = tuple[int, str, str, bytes]
"""An event as it is stored: sequence, the hash before it, its own hash, its canonical body."""


class DamagedError(OSError):
    """Bytes of the log were changed by something else than a power cut."""


class FullError(OSError):
    """The journal has reached its bound and nothing may be dropped."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One transaction in a segment, from byte ``start``; the next one begins at ``end``. ``whole`` unless its checksum
    is wrong.
    """

    first: int
    start: int
    end: int
    lines: tuple[bytes, ...]
    whole: bool = True

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    @property
    def last_hash(self) -> str:
        return self.lines[-1][:64].decode("ascii", "replace")


def frame_bytes(first: int, lines: Sequence[tuple[str, bytes]]) -> bytes:
    """Return the frame of the events from ``first`` on, each given by its hash and its body."""
    payload = b"".join([b"%s %s\n" % (own.encode(), body) for own, body in lines])
    place = b"+%04d %012d %07d" % (len(lines), first, len(payload))
    return b"%s %08x\n%s" % (place, zlib.crc32(payload, zlib.crc32(place)), payload)


def frame_at(data: bytes, at: int) -> Frame | None:
    """Read the frame at ``at``; ``None`` where there is none, or only a part of one."""
    head = _HEAD.match(data, at)
    if head is None:
        return None
    start, size = at + _HEAD_BYTES, int(head[3])
    payload = data[start : start + size]
    lines = tuple(payload.split(b"\n")[:-1])
    if len(payload) < size or not payload.endswith(b"\n") or b"\0" in payload or len(lines) != int(head[1]):
        return None
    place = data[at : at + _HEAD_BYTES - 10]
    whole = zlib.crc32(payload, zlib.crc32(place)) == int(head[4], 16)
    return Frame(int(head[2]), at, in_sectors(start + size), lines, whole)


def rows_of(frame: Frame, previous: str) -> Iterator[Row]:
    """Yield the events of ``frame``, which follows the event with the hash ``previous``."""
    for sequence, line in enumerate(frame.lines, start=frame.first):
        own, _space, body = line.partition(b" ")
        yield sequence, previous, own.decode("ascii", "replace"), body
        previous = own.decode("ascii", "replace")


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of the log: the events from ``first`` on, following the event with the hash ``previous``."""

    file: Path
    first: int
    previous: str


def segments(folder: Path) -> list[Segment]:
    """Return the log's segments in order. Raises :class:`DamagedError` for one that does not say what it is."""
    found = []
    for file in sorted(folder.glob("*.log")):
        try:
            with file.open("rb") as source:
                head = _SEGMENT.match(source.read(SECTOR_BYTES))
        except FileNotFoundError:  # the writer has dropped it since: it was old
            continue
        if head is None:
            raise DamagedError(errno.EILSEQ, "damaged", str(file))
        found.append(Segment(file, int(head[1]), head[2].decode()))
    return found


def whole_frames(data: bytes) -> tuple[list[Frame], int]:
    """Return the frames of a segment and where they end. Raises :class:`DamagedError` when more than a tail is lost."""
    at, frames = SECTOR_BYTES, []
    while (frame := frame_at(data, at)) is not None and frame.whole:
        frames.append(frame)
        at = frame.end
    rest = data[at:].rstrip(b"\0")
    torn = frame_at(data, at) is None and len(rest) <= FRAME_BYTES and not _follows(rest)
    if rest and not torn:
        raise DamagedError(errno.EILSEQ, "damaged")
    return frames, at


def _follows(rest: bytes) -> bool:
    """Whether a whole frame lies behind something that is none: then what lies before it was changed."""
    frames = (frame_at(rest, head.start()) for head in _HEAD.finditer(rest))
    return any(frame is not None and frame.whole for frame in frames)


class LogWriter:
    """The end of the log, open for appending. Not for two threads at once; errors are ``OSError``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: SyncedFile | None = None
        self._end = self._room = 0
        self.segments: list[Segment] = []

    def open(self, confirmed: int | None = None) -> list[Frame]:
        """Open the last segment and return its frames, making the log on first use.

        ``confirmed`` is the last event known to be durable when the log was written before by this process: what
        lies beyond was never confirmed to anyone and is cut off. After a start everything that is whole counts,
        and its end is made durable once more before anything follows it.
        """
        if not self._folder.is_dir():
            self._folder.mkdir(0o700)
            sync_folder(self._folder.parent)
            sync_folder(self._folder.parent.parent)  # the kiosk's own folder may be as young
        self.segments = segments(self._folder)
        if not self.segments:
            self._begin(1, GENESIS)
        self._open_last()
        data = self.segments[-1].file.read_bytes()
        frames, self._end = whole_frames(data)
        self._room = in_sectors(len(data))
        if confirmed is not None and any(frame.last > confirmed for frame in frames):
            frames = [frame for frame in frames if frame.last <= confirmed]
            self._end = frames[-1].end if frames else SECTOR_BYTES
        self._settle(data, frames)
        return frames

    def append(self, first: int, previous: str, lines: Sequence[tuple[str, bytes]]) -> None:
        """Write one transaction; durable on return. After an error the log must be opened again."""
        data = frame_bytes(first, lines)
        if self._end + len(data) > SEGMENT_BYTES and self._end > SECTOR_BYTES:
            self._roll(first, previous)
        self._write(data, self._end)
        self._end += in_sectors(len(data))

    def make_room(self) -> None:
        """Make the segment longer ahead of time; a disk without room for it may still have room for events."""
        wanted = min(self._end + ROOM_BYTES, SEGMENT_BYTES)
        if self._room - self._end < ROOM_BYTES // 2 and self._room < wanted:
            start = max(self._room, self._end)
            self._write(b"\0" * (wanted - start), start)
            self._room = wanted

    def drop_before(self, first: int) -> None:
        """Remove the segments whose events all come before ``first``; the next one's head keeps the chain."""
        while len(self.segments) > 1 and self.segments[1].first <= first:
            self.segments[0].file.unlink()
            del self.segments[0]
            sync_folder(self._folder)

    @property
    def size(self) -> int:
        """Bytes of events, as far as they count towards :data:`JOURNAL_BYTES`."""
        return max(0, len(self.segments) - 1) * SEGMENT_BYTES + self._end

    @property
    def before_last_segment(self) -> tuple[int, str]:
        """The event that the last segment follows: its number and its hash."""
        return self.segments[-1].first - 1, self.segments[-1].previous

    def close(self) -> None:
        """Let the file go. Safe to call twice."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _write(self, data: bytes, at: int) -> None:
        if self._file is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        self._file.write(data, at)

    def _settle(self, data: bytes, frames: Sequence[Frame]) -> None:
        """Cut off what is torn or unconfirmed, and write the last frame again: after an error the kernel may have
        forgotten that it never reached the disk.
        """
        rest = len(data[self._end :].rstrip(b"\0"))
        if rest:
            self._write(b"\0" * rest, self._end)
        if frames:
            last = frames[-1]
            self._write(data[last.start : last.end], last.start)

    def _roll(self, first: int, previous: str) -> None:
        if self.size + SEGMENT_BYTES > JOURNAL_BYTES:
            raise FullError(errno.ENOSPC, "full")
        self._begin(first, previous)
        self._open_last()
        self._end = self._room = SECTOR_BYTES

    def _open_last(self) -> None:
        self.close()
        self._file = SyncedFile(self.segments[-1].file)

    def _begin(self, first: int, previous: str) -> None:
        """Make a segment; it appears under its name only when its head is durable."""
        file = self._folder / f"{first:012d}.log"
        beside = file.with_suffix(".new")
        head = b"zhiban journal 1 %012d %s\n" % (first, previous.encode())
        write_durably(beside, head.ljust(SECTOR_BYTES, b"\0"))
        beside.rename(file)
        sync_folder(self._folder)
        self.segments.append(Segment(file, first, previous))
