"""What is known of backups: the last good one and its age, the last that failed, and where a restored centre comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import models
from locales import N_, _
from operations.boundary import Session, reads, writes
from operations.centre import limits_at
from operations.permissions import Action

BACKUP, RESTORE = "backup", "restore"
LATEST_RUNS = 50
RESTORE_SHOWN = timedelta(hours=72)
"""For how long everybody is told that the centre comes from a backup: three days are every shift of a rotation."""

# Why a backup could not be made, by the code that is kept: in the words of whoever reads it.
FAILURES = {
    "full": (N_("The disk of the backups is full."), N_("Free some space there, or keep fewer: [backup] keep in settings.toml.")),
    "unwritable": (N_("The backup folder cannot be written to."), N_("Make it yours with chown, or name another as [backup] folder in settings.toml.")),
    "gone": (N_("The backup folder is not there."), N_("Connect or mount its disk, or name another as [backup] folder in settings.toml.")),
    "unread": (N_("What was written could not be read back."), N_("Change the disk of the backups; the last good backup is untouched.")),
    "failed": (N_("The disk of the backups failed."), N_("Look at the disk, or name another as [backup] folder in settings.toml.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunRow:
    """A backup or a restore; ``failure`` is a code of :data:`FAILURES`, empty for what went well."""

    kind: str
    at: datetime
    asked_by: str
    file: str
    folder: str
    size_bytes: int
    row_count: int
    digest: str
    failure: str
    detail: str


@dataclass(frozen=True, slots=True)
class BackupState:
    """How the centre's backups stand. ``too_old`` (Art. 32): none is younger than ``backup_age_hours``.

    ``failed`` is the newest backup that failed, while no good one came after it; ``restored`` the restore the centre
    comes from, while everybody should hear of it.
    """

    last_good: RunRow | None
    failed: RunRow | None
    too_old: bool
    age_limit_hours: int
    restored: RunRow | None


@reads(Action.READ_SYSTEM)
def backup_state(session: Session) -> BackupState:
    """Return how the backups stand now."""
    return backup_state_at(session.now)


@writes(Action.KEEP_BACKUPS)
def note_backup(session: Session, run: RunRow) -> None:
    """Keep that a backup was made, or why it was not."""
    _keep(session, run)


@writes(Action.KEEP_BACKUPS)
def note_restore(session: Session, run: RunRow, made_at: str, product: str, breaks: int) -> None:
    """Keep in a restored centre where it comes from: of which moment, made by which version, with how many breaks."""
    _keep(session, run, made_at=made_at, product=product, breaks=breaks)
    # The backup it comes from is not in it, and is this centre's last good one.
    made = replace(run, kind=BACKUP, at=datetime.fromisoformat(made_at), detail="")
    models.BackupRun.create(**{name: getattr(made, name) for name in RunRow.__slots__})


def run_rows(most: int) -> tuple[RunRow, ...]:
    """Return the latest backups and restores, newest first (inside a transaction)."""
    run = models.BackupRun
    return tuple(_row(row) for row in run.select().order_by(run.at.desc(), run.id.desc()).limit(most))


def backup_state_at(now: datetime) -> BackupState:
    """Return how the backups stand (inside a transaction)."""
    hours = limits_at(now)["backup_age_hours"]
    run = models.BackupRun
    good = _newest((run.kind == BACKUP) & (run.failure == ""))
    failed = _newest((run.kind == BACKUP) & (run.failure != ""))
    restored = _newest(run.kind == RESTORE)
    return BackupState(
        good,
        failed if failed is not None and (good is None or good.at <= failed.at) else None,
        good is None or now - good.at > timedelta(hours=hours),
        hours,
        restored if restored is not None and now - restored.at <= RESTORE_SHOWN else None,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """One thing about the backups in words; ``well`` is false for what somebody must see to."""

    well: bool
    text: str
    next_step: str = ""


def backup_words(state: BackupState, now: datetime, clock: Callable[[datetime], str]) -> list[Said]:
    """Say how the backups stand, what is worst first; ``clock`` writes an instant for the reader."""
    said = []
    step = _("Make one now: zhiban backup, or b on 9 System.")
    if state.failed is not None:
        why, mend = failure_words(state.failed.failure)
        said.append(
            Said(
                False, _("The backup of {at} failed: {why}").format(at=clock(state.failed.at), why=why), mend
            )
        )
    if state.last_good is None:
        said.append(Said(False, _("No backup was ever made (Art. 32)."), step))
    elif state.too_old:
        words = _("The last good backup is {hours} h old; {limit} h are allowed (Art. 32).")
        hours = int((now - state.last_good.at).total_seconds() // 3600)
        said.append(Said(False, words.format(hours=hours, limit=state.age_limit_hours), step))
    if state.restored is not None:
        words = _("Restored from a backup at {at}: what came after that backup may be missing.")
        restored = words.format(at=clock(state.restored.at))
        said.append(Said(False, restored, _("Write down again what is missing.")))
    if state.last_good is not None and not state.too_old:
        good = _("Backed up {at}, {rows} rows.")
        said.append(Said(True, good.format(at=clock(state.last_good.at), rows=state.last_good.row_count)))
    return said


def failure_words(code: str) -> tuple[str, str]:
    """Return why a backup failed and what to do next, in the reader's language."""
    why, step = FAILURES.get(code, FAILURES["failed"])
    return _(why), _(step)


def _keep(session: Session, run: RunRow, **more: Any) -> None:
    fields = {name: getattr(run, name) for name in RunRow.__slots__}
    models.BackupRun.create(**fields)
    said = {
        name: fields[name]
        for name in ("file", "size_bytes", "row_count", "digest", "failure")
        if fields[name]
    }
    session.about(f"backup:{run.file or run.folder}"[:96], **said, **more)


def _newest(which: Any) -> RunRow | None:
    run = models.BackupRun
    row = run.select().where(which).order_by(run.at.desc(), run.id.desc()).first()
    return _row(row) if row is not None else None


def _row(row: models.BackupRun) -> RunRow:
    return RunRow(**{name: getattr(row, name) for name in RunRow.__slots__})
