"""The terminal under the desk: bytes that are no text, from a broken line or a hostile paste, do not end it."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver


class SteadyDriver(LinuxDriver):
    """Reads on after bytes that are no text. The toolkit's own reader ends the application over them."""

    def run_input_thread(self) -> None:
        """Read keys until the desk closes; what came in one read with such bytes is lost, and nothing else."""
        while not self.exit_event.is_set():
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
