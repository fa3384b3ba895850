"""A relay board in a process of its own, for kiosks that are killed: each release is kept with what was durable then.

``python -m tests.kiosk.board RELAY_LINK JOURNAL LOG`` prints ``ready`` and appends one line to LOG for every ON order:
the number of opening events that the journal held when the order arrived. The line is synced before the next order
is read.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

from hardware.virtual import RelayCommandDecoder, VirtualPort

COUNT = 'SELECT count(*) FROM event WHERE body LIKE \'%"outcome":"released"%\' OR body LIKE \'%"outcome":"granted"%\' OR body LIKE \'%"outcome":"notice"%\''


def opening_events(journal: Path) -> int:
    """How many events that open the door are committed now."""
    database = sqlite3.connect(f"file:{journal}?mode=ro", uri=True, timeout=5.0)
    try:
        return int(database.execute(COUNT).fetchone()[0])
    finally:
        database.close()


def main(relay: Path, journal: Path, log: Path) -> None:
    """Serve until killed."""
    decoder = RelayCommandDecoder()
    with VirtualPort(relay) as port, log.open("ab", buffering=0) as out:
        os.set_blocking(port.master, True)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            for _channel, on in decoder.feed(os.read(port.master, 4096)):
                if on:
                    out.write(f"{opening_events(journal)}\n".encode())
                    os.fdatasync(out.fileno())


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
