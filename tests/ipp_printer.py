"""A real IPP printer of the tests' own: CUPS' ``ippeveprinter`` on a free port, with a door, a paper tray and a plug.

What the printer does with a document is a small script: it copies the document into ``printed`` and obeys the files of
``controls``, so that a test takes the paper out or jams it without waiting for any clock.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

BINARIES = ("ippeveprinter", "dbus-run-session")
START_SECONDS = 20.0
PATIENCE_SECONDS = 20.0

# STATE: lines set and clear printer-state-reasons (man ippeveprinter, "COMMAND OUTPUT").
SCRIPT = """#!/bin/sh
while reason=$(cat "{controls}/reason" 2>/dev/null); do
    [ "$reason" = "$before" ] || printf 'STATE: +%s\\n' "$reason" >&2
    before=$reason
    sleep 0.05
done
[ -z "$before" ] || printf 'STATE: -%s\\n' "$before" >&2
[ -e "{controls}/abort" ] && {{ echo 'ERROR: The fuser is cold.' >&2; exit 1; }}
for document; do :; done
cp "$document" "{printed}/.part" && mv "{printed}/.part" "{printed}/$(date +%s%N).pdf"
"""


def missing_binary() -> str:
    """Return the program that is needed and not installed, or nothing."""
    return next((name for name in BINARIES if shutil.which(name) is None), "")


@dataclass
class IppPrinter:
    """A printer that can be switched off and on; ``folder`` holds its script, its spool and what it printed."""

    folder: Path
    port: int = 0
    formats: str = "application/pdf"
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name in ("controls", "printed", "spool"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        script = self.folder / "print"
        script.write_text(
            SCRIPT.format(controls=self.folder / "controls", printed=self.folder / "printed"),
            encoding="utf-8",
        )
        script.chmod(0o755)
        self.port = self.port or free_port()

    @property
    def address(self) -> str:
        """The printer's own address."""
        return f"ipp://localhost:{self.port}/ipp/print"

    def switch_on(self) -> None:
        """Start it and wait until it listens."""
        words = ["ippeveprinter", "-r", "off", "-p", str(self.port), "-n", "localhost", "-f", self.formats]
        words += ["-d", str(self.folder / "spool"), "-c", str(self.folder / "print"), "Test printer"]
        shell = 'DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec "$@"'
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                ["dbus-run-session", "--", "sh", "-c", shell, "sh", *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={
                    "PATH": os.environ.get("PATH", os.defpath),
                    "HOME": str(self.folder),
                    "LC_ALL": "C.UTF-8",
                },
            )
        wait_until(self._listens, START_SECONDS)

    def switch_off(self) -> None:
        """Pull the plug: nothing is finished, nothing is remembered."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def report(self, reason: str) -> None:
        """Hold every document back and report ``reason`` (``media-empty``) until :meth:`mend`."""
        (self.folder / "controls" / "reason").write_text(reason, encoding="utf-8")

    def mend(self) -> None:
        """Someone put paper in, closed the cover."""
        (self.folder / "controls" / "reason").unlink(missing_ok=True)

    def give_up(self, *, always: bool = True) -> None:
        """Abort every document, or no longer."""
        mark = self.folder / "controls" / "abort"
        mark.touch() if always else mark.unlink(missing_ok=True)

    @property
    def papers(self) -> list[bytes]:
        """What it has printed, in order."""
        return [file.read_bytes() for file in sorted((self.folder / "printed").glob("*.pdf"))]

    def _listens(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
        with socket.socket() as probe:
            probe.settimeout(1.0)
            return probe.connect_ex(("localhost", self.port)) == 0


def free_port() -> int:
    """Return a port nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for what another process brings about; fails when it does not come."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
