"""The real ``zhiban`` in a process of its own, in a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 30.0


def environment(home: Path, language: str = "en") -> dict[str, str]:
    """A bare environment: nothing the machine or its user set may decide a test."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(ROOT),
        "HOME": str(home.parent),
        "ZHIBAN_HOME": str(home),
        "LANG": f"{language}.UTF-8",
        "COLUMNS": "100",
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "cli", *arguments]


@dataclass
class Zhiban:
    """Runs commands in one home."""

    home: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def __call__(self, *arguments: str, given: bytes = b"", language: str = "en") -> Answer:
        done = subprocess.run(
            command(*arguments),
            input=given,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
            env=environment(self.home, language),
        )
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command that runs until it is told to stop."""
        process = subprocess.Popen(
            command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(self.home),
        )
        self.started.append(process)
        return process

    def end_all(self) -> None:
        for process in self.started:
            process.kill()
            process.communicate(timeout=PATIENCE_SECONDS)


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    error: str

    def refused(self, *words: str, code: int = 1) -> bool:
        """Whether it said ``words`` on stderr in a sentence or two, with a next step, and no more than that."""
        lines = self.error.strip().splitlines()
        return (
            self.code == code
            and len(lines) >= 2
            and all(word in self.error for word in words)
            and "Traceback" not in self.error
            and "Something inside" not in self.error
        )


def first_line(process: subprocess.Popen[str]) -> str:
    """The first line a started command prints: it is ready then."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def rest_of(process: subprocess.Popen[str]) -> Sequence[str]:
    out, _error = process.communicate(timeout=PATIENCE_SECONDS)
    return out.splitlines()
