"""A relay board in a process of its own, for kiosks that are killed: each release is kept with what was durable then.

``python -m tests.kiosk.board RELAY_LINK JOURNAL LOG`` prints ``ready`` and appends one line to LOG for every ON order:
the number of opening events that the journal held when the order arrived. The line is synced before the next order
is read.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hardware.virtual import RelayCommandDecoder, VirtualPort
from kiosk.journal_file import JournalReader
from regulation.access import Outcome


class OpeningEvents:
    """How many events that open the door the journal holds now."""

    def __init__(self, journal: Path) -> None:
        self._reader = JournalReader(journal)
        self._sequence = self._count = 0

    def count(self) -> int:
        """Read on, and count."""
        while events := self._reader.since(self._sequence, 1000):
            self._sequence = events[-1].sequence
            self._count += sum(Outcome(event.outcome).opens for event in events)
        return self._count


def main(relay: Path, journal: Path, log: Path) -> None:
    """Serve until killed."""
    decoder, opening = RelayCommandDecoder(), OpeningEvents(journal)
    with VirtualPort(relay) as port, log.open("ab", buffering=0) as out:
        os.set_blocking(port.master, True)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            for _channel, on in decoder.feed(os.read(port.master, 4096)):
                if on:
                    out.write(f"{opening.count()}\n".encode())
                    os.fdatasync(out.fileno())


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
