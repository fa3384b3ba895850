"""Other processes at the same database: run as ``python -m tests.operations.processes VERB URL [WORD …]``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import locales
import models
from operations import handover, signin, signing, store, visits
from operations.boundary import kiosk_actor
from regulation.handover import CheckValue
from settings import ZhibanError
from tests.centre import NOW, PIN, SHIFT_ENDS

HANDOVER_AT = SHIFT_ENDS - timedelta(minutes=5)

ROOT = Path(__file__).parent.parent.parent
TIMEOUT_SECONDS = 60


def started(verb: str, url: str, *words: str) -> subprocess.Popen[str]:
    """Start another process that does ``verb`` to the database at ``url``."""
    command = [sys.executable, "-m", "tests.operations.processes", verb, url, *words]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.PIPE, text=True
    )


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for a process to end well; return what it said."""
    said, _nothing = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 0, said
    return said.strip()


def main(verb: str, url: str, *words: str) -> None:
    """Do one thing and say what came of it."""
    store.open_database(url)
    if verb == "migrate":
        print(",".join(store.migrate()))  # noqa: T201  the answer
        return
    if verb == "keep_open":
        store.read(keep_open)
        return
    if verb in TERMINALS:
        terminal(TERMINALS[verb], *words)
        return
    request = visits.VisitRequest(f"from {verb}", "李伟", "华信公司", "cleaning")
    visits.request_visit(kiosk_actor("other"), NOW + timedelta(seconds=1), request)


def keep_open() -> None:
    """Have the centre open, as a desk has, until the word to let go."""
    models.Centre.get()
    print("open", flush=True)  # noqa: T201  the answer
    sys.stdin.readline()


def terminal(act: Callable[..., object], *words: str) -> None:
    """Be a second terminal: say that the screen is read, wait for the word to act, say what came of it."""
    locales.set_language("en")
    print("ready", flush=True)  # noqa: T201  the answer
    sys.stdin.readline()
    try:
        act(*words)
    except ZhibanError as error:
        print(f"{type(error).__name__}: {error.message}")  # noqa: T201  the answer
    else:
        print("done")  # noqa: T201  the answer


def _check(work_number: str, line_id: str, value: str, seen: str) -> None:
    actor = signin.sign_in(work_number, PIN, HANDOVER_AT)
    handover.check_line(actor, HANDOVER_AT, int(line_id), CheckValue(value), "", int(seen))


def _sign_out(work_number: str, handover_id: str, seen: str) -> None:
    signing.sign_out(work_number, PIN, HANDOVER_AT, int(handover_id), seen)


def _take_over(work_number: str, handover_id: str, seen: str) -> None:
    signing.sign_in_take_over(work_number, PIN, HANDOVER_AT, int(handover_id), seen)


def _start(work_number: str, log_id: str) -> None:
    handover.start_handover(signin.sign_in(work_number, PIN, HANDOVER_AT), HANDOVER_AT, int(log_id))


TERMINALS: dict[str, Callable[..., object]] = {
    "check": _check,
    "sign_out": _sign_out,
    "take_over": _take_over,
    "start": _start,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
