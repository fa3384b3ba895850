"""The terminal under the door's screen: it survives whatever is typed at it, and draws where it is seen."""

from __future__ import annotations

import sys
from typing import Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver


class SteadyDriver(LinuxDriver):
    """Reads on after bytes that are no text. The toolkit's own reader ends the screen over them."""

    def run_input_thread(self) -> None:
        """Read keys until the screen ends; what came in one read with such bytes is lost, and nothing else."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue


class StdoutDriver(SteadyDriver):
    """Draws on stdout. The toolkit draws on stderr, which under systemd is the journal."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file = sys.__stdout__
