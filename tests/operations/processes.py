"""Other processes at the same database: run as ``python -m tests.operations.processes VERB URL``."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from operations import store, visits
from operations.boundary import kiosk_actor
from tests.centre import NOW

ROOT = Path(__file__).parent.parent.parent
TIMEOUT_SECONDS = 60


def started(verb: str, url: str) -> subprocess.Popen[str]:
    """Start another process that does ``verb`` to the database at ``url``."""
    command = [sys.executable, "-m", "tests.operations.processes", verb, url]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.PIPE, text=True
    )


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for a process to end well; return what it said."""
    said, _nothing = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 0, said
    return said.strip()


def main(verb: str, url: str) -> None:
    """Do one thing and say what came of it."""
    store.open_database(url)
    if verb == "migrate":
        print(",".join(store.migrate()))  # noqa: T201  the answer
        return
    request = visits.VisitRequest(f"from {verb}", "李伟", "华信公司", "cleaning")
    visits.request_visit(kiosk_actor("other"), NOW + timedelta(seconds=1), request)


if __name__ == "__main__":
    main(*sys.argv[1:])
