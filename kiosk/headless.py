"""The door without a screen: one line on stdout for each event, until SIGTERM. For systemd, tests and the demo.

No badge ids and no names: the log is read by people who keep machines.
"""

from __future__ import annotations

import json
import logging
import queue
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from locales import _
from regulation.access import DOOR_CODES
from regulation.doorlog import DURESS, DoorEventRecord
from regulation.ledger import instant_text

if TYPE_CHECKING:
    from kiosk.process import Kiosk

WAITING_LINES: Final = 10_000
"""Lines kept for a reader of stdout that is slow; more are dropped: the journal has them all."""

LOOK_SECONDS: Final = 0.5

logger = logging.getLogger(__name__)


class LineLog:
    """Takes events from whoever recorded them, at little cost to them, and hands lines to the main thread."""

    def __init__(self, *, json_lines: bool) -> None:
        self._json_lines = json_lines
        self._lines: queue.SimpleQueue[str | DoorEventRecord] = queue.SimpleQueue()

    def recorded(self, events: Sequence[DoorEventRecord]) -> None:
        """Queue a line for each event but a silent call for help: whoever stands here may be who forces it."""
        for event in events:
            if DURESS in event.marks:
                continue
            self.say(event)

    def say(self, line: str | DoorEventRecord) -> None:
        """Queue one line, or the event it will be made of."""
        if self._lines.qsize() >= WAITING_LINES:
            logger.warning("a log line was dropped: nobody reads stdout")
        else:
            self._lines.put(line)

    def write_next(self) -> None:
        """Write the next line, or come back after :data:`LOOK_SECONDS`. Raises ``OSError`` when stdout is gone."""
        try:
            line = self._lines.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return
        sys.stdout.write(self._words(line) + "\n")
        sys.stdout.flush()

    def _words(self, line: str | DoorEventRecord) -> str:
        if isinstance(line, str):
            return line
        return json.dumps(event_line(line)) if self._json_lines else event_words(line)

    def drain(self) -> None:
        """Write what is left."""
        while not self._lines.empty():
            self.write_next()


def event_line(event: DoorEventRecord) -> dict[str, Any]:
    """Return ``event`` in the documented shape of ``--json``: stable keys, no badge id."""
    return {
        "event": "door",
        "kiosk": event.kiosk,
        "sequence": event.sequence,
        "at": instant_text(event.at),
        "reader": event.reader,
        "direction": event.direction,
        "code": event.code,
        "outcome": event.outcome,
        "article": event.article,
        "person_id": event.person_id,
        "visit_id": event.visit_id,
        "escort_id": event.escort_id,
        "findings": [finding["code"] for finding in event.findings],
    }


def event_words(event: DoorEventRecord) -> str:
    """Return ``event`` as one line for people."""
    at = event.at.astimezone().strftime("%H:%M:%S")
    cited = _("Art. {article}").format(article=event.article)
    words = _(DOOR_CODES[event.code].text)
    return f"{at} #{event.sequence} {event.reader} {event.direction} {event.code} {cited} {words}"


def run_headless(kiosk: Kiosk, *, json_lines: bool) -> int:
    """Write events until SIGTERM or SIGINT; return the exit code. A door that died ends the process with 1."""
    stopping = False

    def stop(_signal: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    log = LineLog(json_lines=json_lines)
    kiosk.journal.on_recorded(log.recorded)
    with kiosk:
        ready = {"event": "ready", "kiosk": kiosk.name, "sequence": kiosk.journal.sequence}
        log.say(json.dumps(ready) if json_lines else _("The door {door} is ready.").format(door=kiosk.name))
        writing = True
        while not stopping and kiosk.tend():
            try:
                log.write_next()
            except OSError:
                # Whoever read stdout has gone; the door has not.
                if writing:
                    logger.warning("stdout is closed; the journal goes on")
                writing = False
    if not stopping:
        sys.stderr.write(_("The door stopped working; start the kiosk again.") + "\n")
        return 1
    if writing:
        log.drain()
    return 0
