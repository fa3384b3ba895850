"""What the door knows of the centre, kept on disk: a door that starts while the centre is away still decides."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from regulation.limits import DEFAULT_LIMITS
from regulation.records import Snapshot

SNAPSHOT_FILE: Final = "snapshot.json"

NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When a snapshot was taken that never was: old by every limit."""

NOTHING_KNOWN: Final = Snapshot("", "UTC", NEVER, 0, limits=dict(DEFAULT_LIMITS.values))
"""What a door knows before it has ever heard of its centre: nobody enters, everybody leaves."""

logger = logging.getLogger(__name__)


def load_snapshot(folder: Path) -> Snapshot:
    """Return the snapshot kept in ``folder``; one that is missing or damaged counts as nothing known."""
    file = folder / SNAPSHOT_FILE
    try:
        snapshot = msgspec.json.decode(file.read_bytes(), type=Snapshot)
    except FileNotFoundError:
        return NOTHING_KNOWN
    except (OSError, msgspec.DecodeError) as error:
        logger.warning("the snapshot %s cannot be read: %s", file, type(error).__name__)
        return NOTHING_KNOWN
    # A limit that is younger than the snapshot has the value it was introduced with.
    return replace(snapshot, limits={**DEFAULT_LIMITS.values, **snapshot.limits})


def save_snapshot(folder: Path, snapshot: Snapshot) -> None:
    """Keep ``snapshot``: after a power cut the file is the old one or the new one, whole. Raises ``OSError``."""
    file = folder / SNAPSHOT_FILE
    beside = folder / f".{SNAPSHOT_FILE}.new"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(msgspec.json.encode(snapshot))
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def same_but_for_time(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots say the same of the centre, whenever they were taken."""
    return replace(one, taken_at=other.taken_at, version=other.version) == other
