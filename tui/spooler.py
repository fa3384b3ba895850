"""Whoever sends this machine's print jobs: the desk's own thread, and ``zhiban print``.

A step asks the printer or sends to it and notes what changed; the centre's data says who may do so. A printer that is
off, empty or open keeps its jobs here, and they are looked at again until the paper exists or a person ends them.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from locales import _
from operations import printing
from operations.boundary import SYSTEM, Actor
from operations.daily_log import daily_log, was_printed
from operations.errors import Conflict
from operations.print_states import ENDED, PrintState
from operations.printing import PrintDraft, PrintJobRow
from reports import printing as wire
from reports.printing import Interrupted, PrinterTrouble, RemoteState
from reports.private_file import write_private
from settings import Home, ZhibanError
from tui.alive import Alive, dead_holders

logger = logging.getLogger(__name__)

BUSY_SECONDS = 0.5
IDLE_SECONDS = 5.0
# A job is asked after twice a second at first; one that waits for a hand at the printer less often.
FRESH_SECONDS = 30.0
ASK_SECONDS = (0.5, 5.0)
MACHINE_CHARACTERS = 64


def machine_name() -> str:
    """Return the name under which this machine's print jobs are kept."""
    return socket.gethostname()[:MACHINE_CHARACTERS]


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """What is to be printed, where, in which language, and who is named on it; ``shift`` empty is the whole day."""

    day: date
    shift: str
    printer: str
    language: str
    printed_by: str
    automatic: bool = False


def order_paper(home: Home, actor: Actor, now: datetime, order: PaperOrder) -> int:
    """Set the paper and keep it to be printed; returns the job's id. Somebody has still to send it.

    Raises :class:`ZhibanError` for a printer that cannot be one, a log that is not there, or a folder that is not ours.
    """
    wire.printer_address(order.printer)
    try:
        return _ordered(home, actor, now, order)
    except Conflict:
        if order.automatic:
            raise
    # Somebody printed or sealed it in this very moment: what stands on the paper must say so.
    return _ordered(home, actor, now, order)


def order_due_papers(home: Home, now: datetime, language: str) -> tuple[int, ...]:
    """Order every sealed day of the last week that was never sent to a printer; returns the new jobs' ids.

    Raises :class:`ZhibanError` when no printer is set and one is needed.
    """
    ordered = []
    for day in printing.due_prints(SYSTEM, now):
        printer = default_printer(home)
        order = PaperOrder(day, "", printer, language, _("zhiban, automatically"), automatic=True)
        try:
            ordered.append(order_paper(home, SYSTEM, now, order))
        except Conflict:
            logger.info("the log of %s was ordered elsewhere in this moment", day)
    return tuple(ordered)


def default_printer(home: Home) -> str:
    """Return the printer of the settings; raises :class:`ZhibanError` when none is named."""
    if not home.settings.paper.printer:
        raise ZhibanError(
            _("No printer is named."),
            next_step=_("Give --printer, or name one as [paper] printer in settings.toml."),
        )
    return home.settings.paper.printer


def _ordered(home: Home, actor: Actor, now: datetime, order: PaperOrder) -> int:
    from reports.pdf import render_pdf

    log = daily_log(actor, now, order.day, order.shift)
    reprint = was_printed(actor, now, order.day, log.digest)
    pdf = render_pdf(
        log,
        printed_at=now.replace(microsecond=0),  # the typesetter counts whole seconds
        printed_by=order.printed_by,
        reprint=reprint,
        language=order.language,
    )
    document = _kept(home, order, pdf)
    draft = PrintDraft(
        order.day,
        order.shift,
        order.printer,
        machine_name(),
        str(document),
        log.digest,
        reprint,
        order.language,
        order.automatic,
    )
    try:
        return printing.queue_print(actor, now, draft)
    except ZhibanError:
        document.unlink(missing_ok=True)
        raise


def _kept(home: Home, order: PaperOrder, pdf: bytes) -> Path:
    scope = f"-{order.shift}" if order.shift else ""
    document = home.print_queue_folder / f"zhiban-{order.day.isoformat()}{scope}-{secrets.token_hex(4)}.pdf"
    try:
        document.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(document, (pdf,))
    except OSError as error:
        raise ZhibanError(
            _("The paper cannot be written to {path}: {why}.").format(path=document, why=error.strerror),
            next_step=_("Name another folder as [paper] folder in settings.toml."),
        ) from error
    return document


class Spooler:
    """Sends and follows the jobs whose documents lie in this home; one of several may run at the same time."""

    def __init__(
        self, home: Home, clock: Callable[[], datetime], stop: threading.Event | None = None
    ) -> None:
        self._folder = home.print_queue_folder
        self._clock = clock
        self._stop = stop
        self._machine = machine_name()
        self._holder = f"{os.getpid()}-{secrets.token_hex(6)}"
        self._alive = Alive(self._folder, self._holder)
        self._held_until: dict[int, datetime] = {}
        self._first_asked: dict[int, float] = {}
        self._ask_at: dict[int, float] = {}

    def work(self) -> bool:
        """See to every job that is due, one step each; returns whether any is in hand."""
        in_hand = False
        for holder in dead_holders(self._folder):
            printing.release_prints(SYSTEM, self._clock(), holder)
        for row in printing.print_work(SYSTEM, self._clock(), self._machine, self._holder):
            if Path(row.document).parent != self._folder:
                continue  # another home's, on the same machine
            if row.state in ENDED:
                self._tidy(row)
            else:
                in_hand = True
                self._step(row)
        return in_hand

    def let_go(self) -> None:
        """Leave what is not finished to whoever looks next."""
        if self._held_until:
            printing.release_prints(SYSTEM, self._clock(), self._holder)
            self._held_until.clear()
        self._alive.end()

    def _step(self, row: PrintJobRow) -> None:
        if row.state is PrintState.SENT and time.monotonic() < self._ask_at.get(row.id, 0.0):
            return
        held = self._hold(row)
        if held is None:
            return
        steps = {PrintState.QUEUED: self._open, PrintState.SENT: self._follow}
        try:
            steps.get(held.state, self._cancel)(held)
        except PrinterTrouble as trouble:
            self._note_trouble(held, trouble)
        except Conflict as lost:
            logger.info("print job %s: %s", row.id, lost)
            self._held_until.pop(row.id, None)
        self._pace(row.id)

    def _hold(self, row: PrintJobRow) -> PrintJobRow | None:
        """Claim the job, or keep the claim while more than half of it is left."""
        now = self._clock()
        fresh = self._held_until.get(row.id, now) - now > printing.LEASE / 2
        if fresh and row.state is not PrintState.QUEUED:
            return row
        self._alive.begin()
        claimed = printing.claim_print(SYSTEM, now, row.id, self._holder)
        if claimed is not None:
            self._held_until[row.id] = now + printing.LEASE
        return claimed

    def _open(self, row: PrintJobRow) -> None:
        """Have the printer number the job before it can print anything of it; then send the document."""
        if self._document(row) is None:
            return
        number = wire.open_job(row.printer, _job_name(row), self._stop)
        if self._note(row, PrintState.SENT, remote_job=number) is PrintState.SENT:
            self._follow(printing.print_job(SYSTEM, self._clock(), row.id))

    def _follow(self, row: PrintJobRow) -> None:
        if row.remote_job is None:
            self._note(row, PrintState.FAILED, "lost")
            return
        answer = wire.job_answer(row.printer, row.remote_job, self._stop)
        if answer.state is RemoteState.DONE:
            self._note(row, PrintState.DONE)
            self._tidy(row)
        elif answer.state is RemoteState.INCOMPLETE:
            self._send(row, row.remote_job)
        elif answer.state in (RemoteState.WAITING, RemoteState.PRINTING):
            if (answer.why, answer.detail) != (row.why, row.detail):
                self._note(row, PrintState.SENT, answer.why, answer.detail)
        else:
            self._note(row, PrintState.FAILED, answer.why, answer.detail)

    def _send(self, row: PrintJobRow, number: int) -> None:
        pdf = self._document(row)
        if pdf is not None and printing.claim_print(SYSTEM, self._clock(), row.id, self._holder):
            wire.send_document(row.printer, number, pdf, self._stop)

    def _cancel(self, row: PrintJobRow) -> None:
        why = ""
        if row.remote_job is not None:
            try:
                wire.cancel_job(row.printer, row.remote_job, self._stop)
                if wire.job_answer(row.printer, row.remote_job, self._stop).state is RemoteState.DONE:
                    self._note(row, PrintState.DONE)
                    return
            except PrinterTrouble:
                why = "cancel_unheard"
        self._note(row, PrintState.CANCELED, why)

    def _document(self, row: PrintJobRow) -> bytes | None:
        try:
            return Path(row.document).read_bytes()
        except OSError:
            self._note(row, PrintState.FAILED, "document_gone")
            return None

    def _note_trouble(self, row: PrintJobRow, trouble: PrinterTrouble) -> None:
        current = printing.print_job(SYSTEM, self._clock(), row.id)
        state = current.state if trouble.passes else PrintState.FAILED
        if (state, trouble.code) != (current.state, current.why):
            self._note(row, state, trouble.code, trouble.detail)

    def _note(
        self,
        row: PrintJobRow,
        state: PrintState,
        why: str = "",
        detail: str = "",
        remote_job: int | None = None,
    ) -> PrintState:
        now = self._clock()
        after = printing.note_print_state(SYSTEM, now, row.id, self._holder, state, why, detail, remote_job)
        if after in (*ENDED, PrintState.FAILED):
            for known in (self._held_until, self._first_asked, self._ask_at):
                known.pop(row.id, None)
        return after

    def _pace(self, job_id: int) -> None:
        if job_id in self._held_until:
            now = time.monotonic()
            first = self._first_asked.setdefault(job_id, now)
            self._ask_at[job_id] = now + ASK_SECONDS[now - first > FRESH_SECONDS]

    def _tidy(self, row: PrintJobRow) -> None:
        Path(row.document).unlink(missing_ok=True)
        printing.forget_document(SYSTEM, self._clock(), row.id)


def _job_name(row: PrintJobRow) -> str:
    return f"zhiban {row.date.isoformat()} {row.shift}".strip() + f" #{row.id}"


class SpoolerThread:
    """The desk's spooler: works while there is something to do, looks up now and then, and at once when woken.

    ``on_trouble`` hears, on this thread, what keeps automatic printing from being ordered; the same sentence once.
    """

    def __init__(
        self,
        home: Home,
        clock: Callable[[], datetime],
        language: str,
        on_trouble: Callable[[ZhibanError], None],
    ) -> None:
        self._home = home
        self._clock = clock
        self._language = language
        self._on_trouble = on_trouble
        self._told = ""
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="spooler", daemon=True)

    def start(self) -> None:
        """Begin to look for jobs."""
        self._thread.start()

    def wake(self) -> None:
        """Something changed: look now."""
        self._wake.set()

    def stop(self) -> None:
        """Leave what is not finished to whoever looks next; returns within a moment."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=wire.ANSWER_SECONDS)

    def _run(self) -> None:
        spooler = Spooler(self._home, self._clock, self._stop)
        in_hand = False
        while not self._stop.is_set():
            try:
                self._order_due()
                in_hand = spooler.work()
            except Interrupted:
                break
            except (
                ZhibanError,
                OSError,
            ) as error:  # the data or the disk is away for a while: look again later
                logger.info("spooler: %s", error)
                in_hand = False
            self._wake.wait(BUSY_SECONDS if in_hand else IDLE_SECONDS)
            self._wake.clear()
        try:
            spooler.let_go()
        except ZhibanError as error:  # the lease runs out by itself
            logger.info("spooler: %s", error)

    def _order_due(self) -> None:
        if not self._home.settings.paper.automatic:
            return
        try:
            order_due_papers(self._home, self._clock(), self._language)
            self._told = ""
        except ZhibanError as error:
            if str(error) != self._told:
                self._told = str(error)
                self._on_trouble(error)
