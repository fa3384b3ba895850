"""The link to the centre: events go there, the snapshot and answers come back. The door never waits for it.

One thread. It works whether the centre's database is there at the start, comes later, or goes: events wait in
the journal, and the centre takes each exactly once (kiosk and sequence).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from kiosk.arrivals import SnapshotArrived
from kiosk.door import Door
from kiosk.errands import Errands
from kiosk.inputs import VisitForm
from kiosk.journal import Journal
from kiosk.journal_file import JournalReader
from kiosk.slips import SlipStore
from kiosk.snapshot import same_but_for_time, save_snapshot
from kiosk.stops import Stops
from locales import _
from regulation.access import DoorKnowledge
from regulation.records import Snapshot
from settings import ZhibanError

if TYPE_CHECKING:
    from operations.feed import ChangeFeed

BATCH_EVENTS: Final = 500
"""Events sent in one transaction; between batches the snapshot is looked at again."""

LOOK_SECONDS: Final = 1.0
"""How often the link looks whether the kiosk's health changed: a change is reported within this time."""

STUCK_SECONDS: Final = 15.0
"""A database that holds the connection and answers nothing for so long is hung up on."""

SNAPSHOT_OLD_AFTER: Final = timedelta(minutes=1)
"""From this age on, what the door knows of the centre is shown with its age."""

COMPARE_SECONDS: Final = 60.0
"""How often the kiosk's clock is compared with the one of the database's server."""

HEARTBEAT_SECONDS: Final = 5.0
"""How often the kiosk says that it is alive, and asks anew for a snapshot nobody announced."""

SAVE_AGAIN_SECONDS: Final = 60.0
"""A snapshot that differs only in its time is saved no more often than this."""

RETRY_FIRST_SECONDS: Final = 0.25
RETRY_LONGEST_SECONDS: Final = 5.0
"""A centre that is away is tried again after the first time, then twice as long each time, up to the longest."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LinkHealth:
    """``heard_at``: when the centre last answered (aware UTC); ``fault``: why it does not, in words.

    ``outdated``: the centre's database is a newer version's, which this program leaves alone.
    """

    heard_at: datetime | None
    fault: str
    pending: int
    outdated: bool = False


class CentreAwayError(ZhibanError):
    """The centre cannot be worked with now: its database is away, not set up, or not of one mind with us."""


class Link:
    """Forwarder, snapshot follower and messenger of one kiosk."""

    def __init__(
        self,
        kiosk: str,
        database_url: str,
        folder: Path,
        journal: Journal,
        door: Door,
        clock: Callable[[], datetime],
        parts: Callable[[], dict[str, str]],
        slips: SlipStore,
        stops: Stops,
        *,
        can_ask: bool,
    ) -> None:
        self._kiosk, self._url, self._folder = kiosk, database_url, folder
        self._journal, self._door, self._clock, self._parts = journal, door, clock, parts
        self._slips, self._stops = slips, stops
        self._errands = Errands(kiosk, door, clock, slips, can_ask=can_ask)
        self._reader = JournalReader(journal.folder)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._changed = threading.Event()
        self._feed: ChangeFeed | None = None
        self._file_seen: tuple[int, int] | None = None
        self._retry_seconds = RETRY_FIRST_SECONDS
        self._beat_at = self._asked_at = self._saved_at = -1e9
        self._saved: Snapshot | None = None
        self._heard_at: datetime | None = None
        self._told: dict[str, str] = {}
        self._round_since: float | None = None
        self._compared_at = -1e9
        self._on_compared: Callable[[float], None] = lambda _ahead: None
        self._fault = _("not connected yet")
        self._outdated = False
        self._thread = self._new_thread()

    def start(self) -> None:
        """Begin; the first connection is made in the link's own thread."""
        self._thread.start()

    def on_compared(self, tell: Callable[[float], None]) -> None:
        """Tell by how many seconds the clock of the database's server is ahead of this machine's. Before :meth:`start`."""
        self._on_compared = tell

    def revive(self) -> None:
        """End a wait for a centre that holds the line and says nothing; start the link's thread again if something
        nobody foresaw has ended it (its trace is on stderr).
        """
        since, thread = self._round_since, self._thread.ident
        if since is not None and thread is not None and time.monotonic() - since > STUCK_SECONDS:
            from operations.store import hang_up

            hang_up(thread)
        if self._thread.ident is not None and not self._thread.is_alive() and not self._stopping.is_set():
            self._disconnect()
            self._thread = self._new_thread()
            self._thread.start()

    def stop(self, patience_seconds: float = 3.0) -> None:
        """Send what is waiting if the centre answers, and end."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(patience_seconds)

    def events_recorded(self) -> None:
        """There is something to forward."""
        self._wake.set()

    def request_visit(self, key: str, form: VisitForm) -> None:
        """Pass a walk-up request on; the answer arrives at the door as an input."""
        self._errands.ask_for_visit(key, form)
        self._wake.set()

    def withdraw_request(self, key: str) -> None:
        """Nobody waits for the answer to a request any more: the desk need not decide."""
        self._errands.wait_no_more(key)
        self._wake.set()

    @property
    def health(self) -> LinkHealth:
        """How the link is doing now."""
        pending = self._journal.sequence - self._journal.acknowledged
        died = self._thread.ident is not None and not self._thread.is_alive()
        fault = _("the link to the centre stopped working") if died else self._fault
        return LinkHealth(self._heard_at, fault, pending, self._outdated)

    def snapshot_word(self) -> str:
        """``ok``, or how old what the door knows of the centre is, in words."""
        age = self._clock() - self._door.snapshot.taken_at
        if age <= SNAPSHOT_OLD_AFTER:
            return "ok"
        if age > timedelta(days=3650):
            return _("never heard of the centre")
        hours, minutes = divmod(int(age.total_seconds()) // 60, 60)
        return _("{hours} h {minutes} min old").format(hours=hours, minutes=minutes)

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, name="link", daemon=True)

    # --- the link's thread ----------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            more = self._round()
            if self._fault:
                self._stopping.wait(self._retry_seconds)
                self._retry_seconds = min(self._retry_seconds * 2, RETRY_LONGEST_SECONDS)
            elif not more:
                self._wake.wait(self._patience())
            self._wake.clear()
        while not self._fault and self._round():
            pass
        self._disconnect()
        self._reader.close()

    def _patience(self) -> float:
        """Seconds until something is due without news."""
        due = HEARTBEAT_SECONDS - (time.monotonic() - self._beat_at)
        return max(0.0, min(due, LOOK_SECONDS))

    def _round(self) -> bool:
        """Do everything once: what the centre says first, so that a withdrawn badge is known before all else.

        Returns whether more events wait.
        """
        self._round_since = time.monotonic()
        try:
            self._connect()
            self._fetch_snapshot()
            self._run_errands()
            more = self._forward()
            self._beat()
        except ZhibanError as error:
            self._lost(error)
            return False
        finally:
            self._round_since = None
        if self._fault:
            logger.info("the centre answers")
        self._fault, self._outdated, self._retry_seconds = "", False, RETRY_FIRST_SECONDS
        return more

    def _lost(self, error: ZhibanError) -> None:
        from operations.errors import Outdated

        self._outdated = isinstance(error, Outdated)
        if str(error) != self._fault and self._outdated:
            logger.warning("the centre's database is left alone: %s %s", error, error.next_step)
        elif str(error) != self._fault:
            logger.warning("the centre does not answer: %s", error)
        self._fault = str(error)
        self._disconnect()

    def _connect(self) -> None:
        """Open the centre's database unless it is open and still the same file, and of no newer version."""
        from operations.feed import ChangeFeed
        from operations.store import is_set_up, open_database, refuse_newer

        file = self._database_file()
        seen = None
        if file is not None:
            try:
                status = file.stat()
            except OSError as error:
                raise CentreAwayError(
                    _("The centre's database is not there."), next_step=_("The door goes on by itself.")
                ) from error
            seen = (status.st_dev, status.st_ino)
        if self._feed is not None and seen == self._file_seen:
            refuse_newer()
            return
        self._disconnect()
        open_database(self._url, create=False)
        refuse_newer()
        if not is_set_up():
            raise CentreAwayError(_("The centre is not set up yet."), next_step=_("Run zhiban setup."))
        self._file_seen = seen
        self._changed.set()
        self._feed = ChangeFeed(self._centre_changed)
        self._feed.start()

    def _database_file(self) -> Path | None:
        if not self._url.startswith("sqlite:"):
            return None
        return Path(unquote(self._url.removeprefix("sqlite:///")))

    def _disconnect(self) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.stop()
            from operations.store import close_database

            close_database()

    def _centre_changed(self) -> None:
        self._changed.set()
        self._wake.set()

    def _fetch_snapshot(self) -> None:
        """Follow the centre; in doubt ask again, so that the snapshot's age is the link's."""
        if not self._changed.is_set() and time.monotonic() - self._asked_at < HEARTBEAT_SECONDS:
            return
        from operations.door import door_snapshot
        from operations.signin import kiosk_actor
        from operations.store import refuse_newer

        self._changed.clear()
        snapshot = door_snapshot(kiosk_actor(self._kiosk), self._clock())
        refuse_newer()  # whoever comes while it is read changes what it means
        self._asked_at, self._heard_at = time.monotonic(), self._clock()
        self._door.news(SnapshotArrived(DoorKnowledge.of(snapshot)))
        self._save(snapshot)
        self._settle_slips()

    def _save(self, snapshot: Snapshot) -> None:
        young = time.monotonic() - self._saved_at < SAVE_AGAIN_SECONDS
        if self._saved is not None and young and same_but_for_time(self._saved, snapshot):
            return
        try:
            save_snapshot(self._folder, snapshot)
        except OSError as error:  # the door decides from memory; only a restart would miss it
            logger.warning("the snapshot cannot be saved: %s", error.strerror)
            return
        self._saved, self._saved_at = snapshot, time.monotonic()

    def _settle_slips(self) -> None:
        """Let go of approved visits that the kept snapshot shows to be the centre's now."""
        if self._saved is None:
            return
        try:
            self._slips.settle(self._saved)
        except OSError as error:
            logger.warning("the visits approved here cannot be tidied: %s", error.strerror)

    def _run_errands(self) -> None:
        """Hand in what the door approved, before the events that name it; then ask, and bring back answers."""
        self._errands.take_back()
        if self._errands.hand_in_slips():
            self._changed.set()
        if self._changed.is_set():
            self._fetch_snapshot()
        self._errands.carry_requests(self._learn)

    def _learn(self) -> None:
        """Fetch the snapshot at once: the centre is known to have changed."""
        self._changed.set()
        self._fetch_snapshot()

    def _forward(self) -> bool:
        """Send a batch of events; return whether more wait. A centre that lost some gets them all again."""
        from operations.door import record_door_events
        from operations.errors import Conflict
        from operations.signin import kiosk_actor

        acknowledged = self._journal.acknowledged
        durable = self._journal.sequence
        if durable <= acknowledged:
            return False
        # What is being written at this moment may still be taken back by a disk that fails.
        events = self._reader.since(acknowledged, min(BATCH_EVENTS, durable - acknowledged))
        if not events:
            return False
        try:
            stored = record_door_events(kiosk_actor(self._kiosk), self._clock(), self._kiosk, events)
        except Conflict:
            if acknowledged == 0:
                raise
            logger.warning("the centre misses events this kiosk has sent: sending all of them again")
            self._journal.acknowledge(0)
            return True
        if stored > self._journal.sequence:
            raise CentreAwayError(
                _("The centre holds later events of door {door} than this journal.").format(door=self._kiosk),
                article=33,
                next_step=_("The journal was lost, or two kiosks use one name: give this kiosk a new name."),
            )
        self._journal.acknowledge(stored)
        return stored > acknowledged and len(events) == BATCH_EVENTS

    def _beat(self) -> None:
        """Say how the kiosk is, when that changed and every now and then."""
        parts = self._parts()
        if parts == self._told and time.monotonic() - self._beat_at < HEARTBEAT_SECONDS:
            return
        from operations.door import report_kiosk
        from operations.signin import kiosk_actor

        pending = self._journal.sequence - self._journal.acknowledged
        version = self._door.snapshot.version
        stops = self._stops.untold
        report_kiosk(kiosk_actor(self._kiosk), self._clock(), self._kiosk, parts, pending, version, stops)
        self._stops.told(stops)
        self._told, self._beat_at, self._heard_at = parts, time.monotonic(), self._clock()
        self._compare_clocks()

    def _compare_clocks(self) -> None:
        """Ask the database's server for its time; a database that is a file has none of its own."""
        if time.monotonic() - self._compared_at < COMPARE_SECONDS:
            return
        from operations.store import server_time

        before = time.time()
        there = server_time()
        if there is not None:
            self._on_compared(there.timestamp() - (before + time.time()) / 2)
        self._compared_at = time.monotonic()
