"""A process that kills itself in the middle of a backup, a restore or a migration.

``python -m tests.operations.killed VERB HOME URL STEP [FILE]`` counts every statement it gives to the database and every file it
renames, links or removes; before number STEP it is killed as by ``kill -9``. With STEP 0 it lives, and prints the steps.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from operations import backup, restore, store
from operations.backup_key import ensure_key
from operations.boundary import SYSTEM
from tests.centre import NOW
from tests.operations.backups import home_of, silent

ROOT = Path(__file__).parent.parent.parent
LATER = NOW + timedelta(hours=1)
FILE_EVENTS = ("os.rename", "os.link", "os.remove")


@dataclass
class Steps(logging.Handler):
    """Counts, and kills before the step it was told."""

    last: int
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)

    __hash__ = logging.Handler.__hash__

    def emit(self, record: logging.LogRecord) -> None:
        """A statement is about to be given to the database."""
        self._step("sql")

    def heard(self, event: str, arguments: tuple[object, ...]) -> None:
        """The interpreter is about to do something."""
        if event in FILE_EVENTS:
            self._step(event)

    def _step(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def steps_of(verb: str, home: Path, url: str, file: Path | None = None) -> list[str]:
    """Let a process live to its end; return the steps it took."""
    done = _run(verb, home, url, 0, file)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def killed_before(step: int, verb: str, home: Path, url: str, file: Path | None = None) -> None:
    """Let a process be killed before a step of its, counted from 1."""
    assert killed_or_done(step, verb, home, url, file), "it ended before that step"


def killed_or_done(step: int, verb: str, home: Path, url: str, file: Path | None = None) -> bool:
    """Let a process be killed before a step of its, or end when it has fewer; return whether it was killed."""
    done = _run(verb, home, url, step, file)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def _run(verb: str, home: Path, url: str, step: int, file: Path | None) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "tests.operations.killed",
        verb,
        str(home),
        url,
        str(step),
        str(file or ""),
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def main(verb: str, folder: str, url: str, step: str, file: str) -> None:
    """Do it, and die on the way."""
    home, now = home_of(Path(folder), url), LATER + timedelta(seconds=int(step))
    store.open_database(url)
    key = ensure_key(home.folder, NOW)
    steps = Steps(int(step))
    logging.getLogger("peewee").addHandler(steps)
    logging.getLogger("peewee").setLevel(logging.DEBUG)
    sys.addaudithook(steps.heard)
    if verb == "backup":
        backup.make_backup(SYSTEM, now, home, tell=silent)
    elif verb == "restore":
        restore.restore_backup(now, home, Path(file), key, tell=silent)
    else:
        store.migrate()
    print(" ".join(steps.names))  # noqa: T201  the answer


if __name__ == "__main__":
    main(*sys.argv[1:])
