"""From the record to the printer's tray: the paper comes out once, and what keeps it is said and kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import models
from operations import printing, store
from operations.boundary import SYSTEM
from operations.print_states import PrintState
from operations.printing import PrintJobRow
from settings import Home, Paper, Settings, ZhibanError
from tests.centre import SHIFT_ENDS, TODAY, Built
from tests.cli.command import ROOT
from tests.ipp_printer import IppPrinter, free_port, wait_until
from tests.operations.acts import LEADER, MINUTE, sealed
from tests.operations.test_printing import whole_day_sealed
from tests.reports.reading import pages_of
from tui import spooler as spooling
from tui.spooler import PaperOrder, Spooler, SpoolerThread, default_printer, order_due_papers, order_paper

AFTER = SHIFT_ENDS + 10 * MINUTE


@dataclass
class Desk:
    """A home whose clock moves a little at every look, so that what waits comes due."""

    home: Home
    built: Built
    now: datetime = AFTER
    spooler: Spooler = field(init=False)

    def __post_init__(self) -> None:
        self.spooler = Spooler(self.home, self.clock)

    def clock(self) -> datetime:
        self.now += timedelta(milliseconds=50)
        return self.now

    def orders(self, printer: str, shift: str = "night", **changes: Any) -> int:
        """The leader prints the night's log."""
        order = PaperOrder(TODAY, shift, printer, "zh_CN", "王建国(1003)", **changes)
        return order_paper(self.home, self.built.actors[LEADER], self.clock(), order)

    def job(self, job_id: int) -> PrintJobRow:
        return printing.print_job(SYSTEM, self.now, job_id)

    def works_until(self, job_id: int, state: PrintState, why: str = "") -> PrintJobRow:
        """Let the spooler work until the job is there."""

        def there() -> bool:
            self.spooler.work()
            job = self.job(job_id)
            return (job.state, job.why) == (state, why)

        wait_until(there)
        return self.job(job_id)

    def documents(self) -> list[str]:
        return sorted(file.name for file in self.home.print_queue_folder.glob("*.pdf"))


def home_in(folder: Path, **paper: Any) -> Home:
    folder.mkdir(mode=0o700, exist_ok=True)
    return Home(folder, Settings(paper=Paper(**paper)))


@pytest.fixture
def desk(sqlite_centre: Built, tmp_path: Path) -> Iterator[Desk]:
    sealed(sqlite_centre)
    made = Desk(home_in(tmp_path / "home"), sqlite_centre)
    yield made
    made.spooler.let_go()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the printer as often as the spooler looks."""
    monkeypatch.setattr(spooling, "ASK_SECONDS", (0.0, 0.0))


def test_the_signed_night_comes_out_of_the_printer_as_it_was_kept(desk: Desk, printer: IppPrinter) -> None:
    job_id = desk.orders(printer.address)
    (document,) = desk.home.print_queue_folder.glob("*.pdf")
    assert document.stat().st_mode & 0o777 == 0o600
    assert document.parent.stat().st_mode & 0o777 == 0o700
    kept = document.read_bytes()
    desk.works_until(job_id, PrintState.DONE)
    assert printer.papers == [kept]
    assert desk.documents() == []
    text = "".join(pages_of(kept)).replace(" ", "")
    assert desk.job(job_id).digest in text
    assert "王建国(1003)" in text


def test_the_second_paper_of_a_night_is_marked_as_a_reprint_and_the_days_is_not(
    desk: Desk, printer: IppPrinter
) -> None:
    for shift in ("night", "night", ""):
        desk.works_until(desk.orders(printer.address, shift), PrintState.DONE)
    marks = ["重印" in "".join(pages_of(paper)).replace(" ", "") for paper in printer.papers]
    assert marks == [False, True, False]


def test_two_spoolers_at_once_print_a_job_once(desk: Desk, printer: IppPrinter) -> None:
    jobs = [desk.orders(printer.address, shift) for shift in ("night", "early", "")]
    store.close_database()
    began = time.monotonic()

    def fast_clock() -> datetime:
        return AFTER + MINUTE + 10 * timedelta(seconds=time.monotonic() - began)

    def work(_number: int) -> None:
        own = Spooler(desk.home, fast_clock)
        wait_until(lambda: not own.work() and all(desk.job(j).state is PrintState.DONE for j in jobs))
        own.let_go()
        store.close_database()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(printer.papers) == 3
    assert store.read(lambda: models.Printing.select().count()) == 3


# --- what keeps the paper ----------------------------------------------------------------------------------


def test_a_printer_without_paper_keeps_the_job_and_prints_it_once_when_paper_is_in(
    desk: Desk, printer: IppPrinter
) -> None:
    printer.report("media-empty")
    job_id = desk.orders(printer.address)
    job = desk.works_until(job_id, PrintState.SENT, "media_empty")
    assert job.troubled
    assert (desk.documents(), printer.papers) != ([], [])
    printing.retry_print(SYSTEM, desk.clock(), job_id)
    desk.spooler.work()
    printer.mend()
    desk.works_until(job_id, PrintState.DONE)
    assert len(printer.papers) == 1


def test_a_printer_that_is_off_keeps_the_job_until_it_answers(desk: Desk, printer: IppPrinter) -> None:
    printer.switch_off()
    job_id = desk.orders(printer.address)
    desk.works_until(job_id, PrintState.QUEUED, "unreachable")
    assert len(desk.documents()) == 1
    printer.switch_on()
    desk.works_until(job_id, PrintState.DONE)
    assert len(printer.papers) == 1


def test_a_printer_that_dies_in_mid_job_leaves_the_decision_to_a_person_and_prints_once_more(
    desk: Desk, printer: IppPrinter
) -> None:
    printer.report("media-jam")
    job_id = desk.orders(printer.address)
    desk.works_until(job_id, PrintState.SENT, "media_jam")
    printer.switch_off()
    desk.works_until(job_id, PrintState.SENT, "unreachable")
    printer.mend()
    printer.switch_on()
    desk.works_until(job_id, PrintState.FAILED, "lost")
    for _look in range(3):
        desk.spooler.work()
    assert printer.papers == []
    printing.retry_print(SYSTEM, desk.clock(), job_id)
    desk.works_until(job_id, PrintState.DONE)
    assert len(printer.papers) == 1


def test_a_job_the_printer_gives_up_fails_with_its_words_and_is_printed_by_a_retry(
    desk: Desk, printer: IppPrinter
) -> None:
    printer.give_up()
    job_id = desk.orders(printer.address)
    assert desk.works_until(job_id, PrintState.FAILED, "aborted").detail == "The fuser is cold."
    printer.give_up(always=False)
    printing.retry_print(SYSTEM, desk.clock(), job_id)
    desk.works_until(job_id, PrintState.DONE)
    assert len(printer.papers) == 1


def test_a_wrong_path_fails_and_keeps_the_document(desk: Desk, printer: IppPrinter) -> None:
    job_id = desk.orders(f"ipp://localhost:{printer.port}/no/such/queue")
    desk.works_until(job_id, PrintState.FAILED, "no_printer_there")
    assert len(desk.documents()) == 1


def test_an_address_where_nobody_is_keeps_the_job(desk: Desk) -> None:
    job_id = desk.orders(f"ipp://localhost:{free_port()}/ipp/print")
    job = desk.works_until(job_id, PrintState.QUEUED, "unreachable")
    assert job.attempts == 1
    assert len(desk.documents()) == 1


def test_what_can_be_no_printer_keeps_nothing(desk: Desk) -> None:
    with pytest.raises(ZhibanError, match="neither"):
        desk.orders("http://printer/")
    assert printing.print_jobs(SYSTEM, desk.now) == ()
    assert desk.documents() == []


def test_a_job_canceled_here_is_canceled_at_the_printer(desk: Desk, printer: IppPrinter) -> None:
    printer.report("media-empty")
    job_id = desk.orders(printer.address)
    desk.works_until(job_id, PrintState.SENT, "media_empty")
    printing.cancel_print(SYSTEM, desk.clock(), job_id)
    desk.works_until(job_id, PrintState.CANCELED)
    printer.mend()
    desk.spooler.work()
    assert desk.documents() == []
    second = desk.orders(printer.address)
    desk.works_until(second, PrintState.DONE)
    assert not desk.job(second).reprint


def test_a_cancel_the_printer_cannot_hear_says_so(desk: Desk, printer: IppPrinter) -> None:
    printer.report("media-empty")
    job_id = desk.orders(printer.address)
    desk.works_until(job_id, PrintState.SENT, "media_empty")
    printer.switch_off()
    printing.cancel_print(SYSTEM, desk.clock(), job_id)
    desk.works_until(job_id, PrintState.CANCELED, "cancel_unheard")


def test_a_document_that_is_gone_is_said_and_not_waited_for(desk: Desk, printer: IppPrinter) -> None:
    job_id = desk.orders(printer.address)
    for file in desk.home.print_queue_folder.glob("*.pdf"):
        file.unlink()
    desk.works_until(job_id, PrintState.FAILED, "document_gone")
    assert printer.papers == []


def test_another_homes_documents_are_left_alone(desk: Desk, printer: IppPrinter, tmp_path: Path) -> None:
    job_id = desk.orders(printer.address)
    other = Spooler(home_in(tmp_path / "other"), desk.clock)
    assert not other.work()
    assert desk.job(job_id).attempts == 0


# --- killed --------------------------------------------------------------------------------------------------

SENDER = """
import sys, time
from datetime import datetime, UTC
from pathlib import Path
from operations import store
from reports import printing
from settings import Home, Settings
from tui.spooler import Spooler
folder, url, place = sys.argv[1:]
store.open_database(url)
before = {"send": printing.send_document, "answer": printing.job_answer}
def stop_here(*args, **more):
    print("here", flush=True)
    time.sleep(60)
def then_stop(*args, **more):
    before["send"](*args, **more)
    stop_here()
if place == "opened":
    printing.job_answer = stop_here
elif place == "sent":
    printing.send_document = then_stop
spooler = Spooler(Home(Path(folder), Settings()), lambda: datetime.now(UTC))
while True:
    spooler.work()
"""


@pytest.mark.parametrize("place", ["opened", "sent"])
def test_a_sender_killed_before_or_after_the_document_went_out_prints_it_once(
    desk: Desk, printer: IppPrinter, place: str
) -> None:
    desk.now = datetime.now(UTC)
    job_id = desk.orders(printer.address)
    store.close_database()
    words = [sys.executable, "-c", SENDER, str(desk.home.folder), desk.built.url, place]
    sender = subprocess.Popen(
        words, stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, text=True
    )
    assert sender.stdout is not None
    assert sender.stdout.readline().strip() == "here"
    sender.send_signal(signal.SIGKILL)
    sender.communicate()
    assert desk.job(job_id).state is PrintState.SENT
    desk.works_until(job_id, PrintState.DONE)
    assert len(printer.papers) == 1


# --- automatically -------------------------------------------------------------------------------------------


def test_a_sealed_day_is_ordered_once_and_prints_itself(
    sqlite_centre: Built, tmp_path: Path, printer: IppPrinter
) -> None:
    whole_day_sealed(sqlite_centre)
    desk = Desk(home_in(tmp_path / "home", printer=printer.address, automatic=True), sqlite_centre)
    (job_id,) = order_due_papers(desk.home, desk.clock(), "zh_CN")
    assert order_due_papers(desk.home, desk.clock(), "zh_CN") == ()
    desk.works_until(job_id, PrintState.DONE)
    assert order_due_papers(desk.home, desk.clock(), "zh_CN") == ()
    assert len(printer.papers) == 1
    desk.spooler.let_go()


def test_automatic_printing_without_a_printer_says_so(sqlite_centre: Built, tmp_path: Path) -> None:
    whole_day_sealed(sqlite_centre)
    home = home_in(tmp_path / "home", automatic=True)
    with pytest.raises(ZhibanError, match="No printer is named"):
        order_due_papers(home, AFTER, "en")
    with pytest.raises(ZhibanError, match="No printer is named"):
        default_printer(home)


def test_the_desks_thread_orders_and_prints_a_day_and_ends_at_once(
    sqlite_centre: Built, tmp_path: Path, printer: IppPrinter
) -> None:
    whole_day_sealed(sqlite_centre)
    home = home_in(tmp_path / "home", printer=printer.address, automatic=True)
    desk = Desk(home, sqlite_centre)
    troubles: list[ZhibanError] = []
    thread = SpoolerThread(home, desk.clock, "zh_CN", troubles.append)
    thread.start()
    wait_until(lambda: bool(printer.papers))
    wait_until(lambda: printing.print_jobs(SYSTEM, AFTER)[0].state is PrintState.DONE)
    thread.stop()
    assert troubles == []
    assert len(printer.papers) == 1


def test_the_desks_thread_tells_of_a_missing_printer_once(sqlite_centre: Built, tmp_path: Path) -> None:
    whole_day_sealed(sqlite_centre)
    desk = Desk(home_in(tmp_path / "home", automatic=True), sqlite_centre)
    troubles: list[str] = []
    thread = SpoolerThread(desk.home, desk.clock, "en", lambda error: troubles.append(str(error)))
    thread.start()
    wait_until(lambda: bool(troubles))
    before = desk.now
    thread.wake()
    wait_until(lambda: desk.now > before + timedelta(milliseconds=50))
    thread.stop()
    assert troubles == ["No printer is named."]
