"""The journal on disk as the kiosk uses it: who may write it, its marks, and how it is read back and recovered."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from kiosk.journal_disk import SECTOR_BYTES, sync_folder, write_durably
from kiosk.journal_log import (
    FRAME_BYTES,
    DamagedError,
    Frame,
    FullError,
    LogWriter,
    Row,
    Segment,
    frame_at,
    rows_of,
    segments,
)
from locales import _
from regulation.doorlog import DoorEventRecord, passage_of
from regulation.ledger import GENESIS, Head, Link
from regulation.occupancy import Occupancy
from settings import ZhibanError

JOURNAL_FOLDER: Final = "journal"
LOCK_FILE: Final = "kiosk.lock"
MARKS_FILE: Final = "marks.json"

LOOK_BACK_EVENTS: Final = 1000
"""So many of its last events a start looks through for what it must remember."""

_CHUNK_BYTES: Final = FRAME_BYTES + 1024
_STORED: Final = msgspec.json.Decoder(DoorEventRecord)


class JournalError(ZhibanError):
    """The kiosk's journal cannot be used."""


def journal_error(folder: Path, why: str) -> JournalError:
    """Return the error that says, in words, why nothing can be recorded."""
    return JournalError(
        _("The door's journal in {folder} cannot be written: {why}.").format(folder=folder, why=why),
        next_step=_("Entries are refused until it can. Free space on the disk, or check it."),
    )


def disk_words(error: BaseException | None) -> str:
    """Return in a few words why the journal cannot be used."""
    if isinstance(error, FullError):
        return _("the journal is full: the centre has not taken its events for too long")
    if isinstance(error, DamagedError | msgspec.DecodeError | ValueError):
        return _("the file is damaged")
    known = {
        errno.ENOSPC: _("the disk is full"),
        errno.EDQUOT: _("the disk is full"),
        errno.EFBIG: _("the disk is full"),
        errno.EROFS: _("it is read-only"),
        errno.EACCES: _("it cannot be opened"),
        errno.EIO: _("the disk reports an error"),
    }
    number = error.errno if isinstance(error, OSError) else None
    return known.get(number or 0) or str(error)


class WriterLock:
    """Held by the one kiosk that writes in a home; let go by the kernel when the process ends in whatever way."""

    def __init__(self, folder: Path) -> None:
        """Take the lock in ``folder``. Raises :class:`JournalError` when another kiosk has it."""
        self._file = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise JournalError(
                _("Another kiosk is already running in {folder}.").format(folder=folder.parent),
                next_step=_(
                    "One door has one kiosk. Stop the other one, or give this one a home of its own."
                ),
            ) from error

    def release(self) -> None:
        """Let another kiosk start here."""
        os.close(self._file)


@dataclass(slots=True)
class Tail:
    """What follows from the events stored so far."""

    sequence: int = 0
    hash: str = GENESIS
    occupancy: Occupancy = field(default_factory=Occupancy)
    checkpoint: int = 0

    def add(self, event: DoorEventRecord) -> None:
        """Follow one more event."""
        self.sequence, self.hash = event.sequence, event.hash
        passage = passage_of(event)
        if passage is not None:
            self.occupancy.apply(passage)


class Marks(msgspec.Struct, frozen=True):
    """What may be lost without harm: how far the centre has the events, and who was inside after ``checkpoint``."""

    acknowledged: int = 0
    checkpoint: int = 0
    occupancy: Occupancy = msgspec.field(default_factory=Occupancy)


def load_marks(folder: Path) -> Marks:
    """Return the marks kept in the journal's ``folder``; missing or unreadable ones are as after a first start."""
    try:
        return msgspec.json.decode((folder / MARKS_FILE).read_bytes(), type=Marks)
    except (FileNotFoundError, msgspec.DecodeError):
        return Marks()


def save_marks(folder: Path, marks: Marks) -> None:
    """Keep ``marks``: after a power cut the file is the old one or the new one. Raises ``OSError``."""
    beside = folder / f".{MARKS_FILE}.new"
    write_durably(beside, msgspec.json.encode(marks))
    beside.replace(folder / MARKS_FILE)
    sync_folder(folder)


@dataclass(slots=True)
class _Place:
    """Where a reader is: a segment, a byte in it, and the event before that byte."""

    segment: Segment
    offset: int
    sequence: int
    hash: str


class JournalReader:
    """Reads the journal beside its writer; for one thread. Remembers where it was: reading on costs no search."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._place: _Place | None = None

    def since(self, sequence: int, limit: int) -> tuple[DoorEventRecord, ...]:
        """Return up to ``limit`` events after ``sequence``. Raises :class:`JournalError`."""
        try:
            return tuple(stored_event(row) for row in self._rows(sequence, limit))
        except msgspec.DecodeError as error:
            raise journal_error(self._folder.parent, disk_words(error)) from error

    def links(self, batch: int = 1000) -> Iterator[Link]:
        """Yield the chain as it is stored, from :meth:`anchor`, for ``regulation.ledger.check_chain``."""
        last = self.anchor().sequence
        while rows := self._rows(last, batch):
            for sequence, previous, own, body in rows:
                last = sequence
                yield Link("door", sequence, previous, own, msgspec.json.decode(body))

    def anchor(self) -> Head:
        """Return the event before the first one that is still kept here: its number and its hash."""
        try:
            first = segments(self._folder)[0]
        except IndexError:
            return Head("door", 0, GENESIS)
        except OSError as error:
            raise journal_error(self._folder.parent, disk_words(error)) from error
        return Head("door", first.first - 1, first.previous)

    def close(self) -> None:
        """Forget where it was."""
        self._place = None

    def _rows(self, sequence: int, limit: int) -> list[Row]:
        """Return up to ``limit`` events after ``sequence``, or after the oldest that is kept."""
        found: list[Row] = []
        try:
            place = self._find(sequence)
            while place is not None and len(found) < limit:
                frames = self._frames(place)
                for frame in frames:
                    before = place.hash
                    for row in rows_of(frame, before):
                        if row[0] > sequence and len(found) < limit:
                            found.append(row)
                        place.hash = row[2]
                    if found and found[-1][0] < frame.last:  # the rest of this transaction comes next time
                        place.hash = before
                        break
                    place.offset, place.sequence = frame.end, frame.last
                if not frames and not self._turn(place):
                    break
        except OSError as error:
            self.close()
            raise journal_error(self._folder.parent, disk_words(error)) from error
        self._place = place
        return found

    def _find(self, sequence: int) -> _Place | None:
        if self._place is not None and self._place.sequence == sequence:
            return self._place
        known = segments(self._folder)
        if not known:
            return None
        segment = next((s for s in reversed(known) if s.first <= sequence + 1), known[0])
        return _Place(segment, SECTOR_BYTES, segment.first - 1, segment.previous)

    def _frames(self, place: _Place) -> list[Frame]:
        with place.segment.file.open("rb") as source:
            source.seek(place.offset)
            data = source.read(_CHUNK_BYTES)
        frames: list[Frame] = []
        at = 0
        # One whose checksum is wrong is shown as well: the chain says at which event it breaks.
        while (frame := frame_at(data, at)) is not None:
            frames.append(Frame(frame.first, frame.start, place.offset + frame.end, frame.lines))
            at = frame.end
        return frames

    def _turn(self, place: _Place) -> bool:
        """Go on to the segment after ``place``, if there is one."""
        later = [segment for segment in segments(self._folder) if segment.first > place.segment.first]
        if not later:
            return False
        place.segment, place.offset = later[0], SECTOR_BYTES
        return True


def recover(folder: Path, log: LogWriter, frames: list[Frame], marks: Marks) -> Tail:
    """Follow the events after the last checkpoint of who is inside and return the end of the log.

    ``frames`` are those of its last segment. Raises :class:`DamagedError` when events are missing.
    """
    end, own = (frames[-1].last, frames[-1].last_hash) if frames else log.before_last_segment
    reader = JournalReader(folder)
    anchor = reader.anchor().sequence
    tail = Tail()
    if anchor <= marks.checkpoint <= end:
        tail.checkpoint, tail.occupancy = marks.checkpoint, marks.occupancy
    tail.sequence = max(anchor, tail.checkpoint)
    while tail.sequence < end:
        for event in reader.since(tail.sequence, 1000) or (None,):
            if event is None or event.sequence != tail.sequence + 1:
                raise DamagedError(errno.EILSEQ, _("a record is missing"))
            tail.add(event)
    tail.sequence, tail.hash = end, own
    return tail


def write_log(folder: Path, events: list[Row], marks: Marks) -> None:
    """Make the journal of a kiosk that recorded ``events`` before; durable on return. Raises ``OSError``."""
    log = LogWriter(folder)
    log.open()
    try:
        for start in range(0, len(events), 500):
            part = events[start : start + 500]
            log.append(part[0][0], part[0][1], [(own, body) for _sequence, _previous, own, body in part])
    finally:
        log.close()
    save_marks(folder, marks)


def stored_event(row: Row) -> DoorEventRecord:
    """Read an event back; its body is the record without the two hashes, and ends in a brace."""
    _sequence, previous, own, body = row
    return _STORED.decode(b'%s,"previous":"%s","hash":"%s"}' % (body[:-1], previous.encode(), own.encode()))


def last_events(folder: Path, sequence: int) -> tuple[DoorEventRecord, ...]:
    """Return the last events up to ``sequence``, as far as a start looks back; none of a journal that cannot be read."""
    try:
        return JournalReader(folder).since(max(0, sequence - LOOK_BACK_EVENTS), LOOK_BACK_EVENTS)
    except JournalError:
        return ()
