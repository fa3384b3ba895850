"""From the last byte of a badge to the words on the door's terminal: a real kiosk process, reader and relay on ptys.

The limit is 100 ms. Beside it stands what a minimal Textual application needs from a key to its painted answer in the
same run: what is above that is ours.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hardware.virtual import VirtualReader, VirtualRelay

LIMIT_SECONDS = 0.100
SWIPES = 40
TIMEOUT_SECONDS = 20.0
COLUMNS, ROWS = 160, 48

KIOSK = (
    "import sys; from pathlib import Path; from kiosk.process import run_kiosk; from settings import open_home;"
    "sys.exit(run_kiosk(open_home(Path(sys.argv[1])), headless=False))"
)
ECHO = (
    "from textual.app import App;from textual.widgets import Static\n"
    "class Echo(App):\n"
    "    def compose(self): yield Static('ready', id='words')\n"
    "    def on_key(self, event): self.query_one('#words').update('<' + event.key * 3 + '>')\n"
    "Echo().run()"
)


class Painted:
    """A program on a terminal of its own, and what it paints."""

    def __init__(self, command: Sequence[str]) -> None:
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execvpe(
                command[0], list(command), {**os.environ, "TERM": "xterm-256color", "LANG": "en_US.UTF-8"}
            )
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._seen = ""

    def seconds_to(self, words: str, act: Callable[[], object]) -> float:
        """Do ``act`` and return the seconds until ``words`` are painted."""
        self._seen = ""
        started = time.perf_counter()
        act()
        while words not in self._seen:
            if time.perf_counter() - started > TIMEOUT_SECONDS:
                raise TimeoutError(f"{words!r} was not painted: {self._seen[-300:]!r}")
            if select.select([self.terminal], [], [], 0.5)[0]:
                self._seen += self._decoder.decode(os.read(self.terminal, 65536))
        return time.perf_counter() - started

    def settle(self, seconds: float) -> None:
        """Read what else is painted, until nothing comes for ``seconds``."""
        while select.select([self.terminal], [], [], seconds)[0]:
            os.read(self.terminal, 65536)

    def end(self) -> None:
        """Kill it."""
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.terminal)


@contextmanager
def _kiosk(folder: Path) -> Iterator[tuple[Painted, VirtualReader]]:
    from kiosk.snapshot import save_snapshot
    from settings import open_home
    from tests.kiosk.rig import write_settings
    from tests.kiosk.scene import with_limits

    write_settings(folder)
    save_snapshot(open_home(folder).kiosk_folder, with_limits(repeat_window_seconds=0))
    with (
        VirtualReader("line", folder / "in"),
        VirtualReader("line", folder / "out") as reader,
        VirtualRelay(folder / "relay"),
    ):
        kiosk = Painted([sys.executable, "-c", KIOSK, str(folder)])
        try:
            kiosk.seconds_to("Please badge", lambda: None)
            kiosk.settle(0.4)
            yield kiosk, reader
        finally:
            kiosk.end()


def _reads() -> list[float]:
    """Two badges in turn, each of which changes the whole screen."""
    times = []
    with tempfile.TemporaryDirectory() as folder, _kiosk(Path(folder)) as (kiosk, reader):
        for number in range(SWIPES):
            badge, words = (("5555", "unknown"), ("9003", "Goodbye"))[number % 2]
            times.append(kiosk.seconds_to(words, lambda badge=badge: reader.swipe(badge)))  # type: ignore[misc]
            kiosk.settle(0.12)
    return times


def _keys() -> list[float]:
    times = []
    echo = Painted([sys.executable, "-c", ECHO])
    try:
        echo.seconds_to("ready", lambda: None)
        echo.settle(0.3)
        for number in range(SWIPES):
            key = "ab"[number % 2]
            words = f"{key * 3}"
            times.append(echo.seconds_to(words, lambda key=key: os.write(echo.terminal, key.encode())))  # type: ignore[misc]
            echo.settle(0.08)
    finally:
        echo.end()
    return times


def main() -> None:
    """Measure both and print medians, the slowest, and the share of the limit."""
    floor, reads = _keys(), _reads()
    median, slowest = statistics.median(reads), max(reads)
    print(f"badge to words on the screen, {COLUMNS} x {ROWS}")
    print(f"  minimal Textual app, key to paint  {statistics.median(floor) * 1000:6.1f} ms")
    print(f"  kiosk, badge to paint              {median * 1000:6.1f} ms   slowest {slowest * 1000:.1f} ms")
    print(
        f"  share of the limit of 100 ms       {median / LIMIT_SECONDS:6.2f}      slowest {slowest / LIMIT_SECONDS:.2f}"
    )


if __name__ == "__main__":
    main()
