"""Nobody leaves the door's screen by its keyboard: the real process on a real terminal, whatever is typed at it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardware.virtual import VirtualReader, VirtualRelay
from kiosk.snapshot import save_snapshot
from settings import open_home
from tests.cli.command import ROOT, environment
from tests.kiosk.rig import write_settings
from tests.kiosk.scene import SNAPSHOT

PATIENCE_SECONDS = 30.0
TAKES_THE_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
import cli
sys.exit(cli.main(sys.argv[1:]))
"""
ATTEMPTS = {
    "interrupt": b"\x03\x03\x03",
    "suspend": b"\x1a\x1a",
    "quit by signal": b"\x1c\x1c",
    "quit": b"\x11",
    "a wrong PIN for maintenance": b"0000\r0000\r0000\r",
    "end of file": b"\x04\x04",
    "escape": b"\x1b\x1b\x1b",
    "palette": b"\x10exit\r",
    "editor's and pager's ways out": b":q!\r:wq\rq!sh\r\x18\x13\x0f",
    "function keys": b"".join(
        b"\x1b" + key
        for key in (b"OP", b"OQ", b"OR", b"OS", *(b"[%d~" % n for n in (15, 17, 18, 19, 20, 21, 23, 24)))
    ),
    "paste": b"\x1b[200~\x03; rm -rf ~ $(reboot)\x1b[201~",
    "mouse": b"\x1b[<0;1;1M\x1b[<0;1;1m\x1b[<2;40;12M\x1b[<64;10;10M",
    "modified keys": b"\x1b[1;5A\x1b[1;7D\x1b[99;5u\x1b[113;9u\x1b[27;5;99~",
    "half a sequence and rubbish": b"\x1b[\x1b]0;x\x07\x00\xff\xfe\x1bP+q\x1b\\",
}


class Terminal:
    """The real kiosk on a terminal of its own, which keeps the line discipline's signals for ctrl+c and the like."""

    def __init__(self, folder: Path) -> None:
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.drawn = b""

        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKES_THE_TERMINAL, "--home", str(folder), "kiosk"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            env={**environment(folder), "TERM": "xterm-256color"},
            start_new_session=True,
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()

    def _drain(self) -> None:
        while self.process.poll() is None:
            ready, _w, _x = select.select([self.ours], [], [], 0.2)
            try:
                self.drawn += os.read(self.ours, 65536) if ready else b""
            except OSError:
                return

    def types(self, keys: bytes) -> None:
        os.write(self.ours, keys)

    def until_drawn(self, words: str, after: int = 0) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while words.encode() not in self.drawn[after:]:
            assert self.process.poll() is None, self.drawn[-2000:]
            assert time.monotonic() < deadline, self.drawn[-2000:]
            self._reader.join(0.02)

    def takes_it(self) -> None:
        """Let what was typed have its effect, if it has one."""
        self._reader.join(0.15)

    @property
    def state(self) -> str:
        """One letter of the kernel's: ``T`` would be a process that somebody stopped."""
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0]


@contextmanager
def terminal(folder: Path) -> Iterator[tuple[Terminal, VirtualReader]]:
    write_settings(folder, "line")
    save_snapshot(open_home(folder).kiosk_folder, SNAPSHOT)
    with (
        VirtualReader("line", folder / "in") as entry,
        VirtualReader("line", folder / "out"),
        VirtualRelay(folder / "relay"),
    ):
        screen = Terminal(folder)
        try:
            screen.until_drawn("Please badge")
            yield screen, entry
        finally:
            screen.process.kill()
            screen.process.wait()
            os.close(screen.ours)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks the kernel of Linux")
def test_art20_no_key_no_paste_and_no_mouse_ends_or_stops_the_doors_screen(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    with terminal(folder) as (screen, entry):
        for name, keys in ATTEMPTS.items():
            screen.types(keys)
            screen.takes_it()
            assert screen.process.poll() is None, name
            assert screen.state != "T", name
        # It still does what it is there for: a badge is read, decided, and said.
        before = len(screen.drawn)
        entry.swipe("5555")
        screen.until_drawn("Unknown badge", before)
