"""Printing from the desk: see it, send it, see what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from operations import printing
from operations.boundary import SYSTEM
from operations.print_states import PrintState
from settings import Paper, Settings
from tests.centre import NOW
from tests.ipp_printer import IppPrinter, free_port
from tests.tui.desk import Desk, open_desk
from tui import spooler as spooling
from tui.screens import print_log
from tui.screens.print_log import PrintDialog, known_printers


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the printer as often as the spooler looks, and look often."""
    monkeypatch.setattr(spooling, "ASK_SECONDS", (0.0, 0.0))
    monkeypatch.setattr(spooling, "BUSY_SECONDS", 0.02)


@pytest.fixture(autouse=True)
def no_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    """What queues the machine has must not decide a test."""
    monkeypatch.setattr(print_log, "known_printers", lambda configured: [configured] if configured else [])


def printing_on(address: str) -> Settings:
    return Settings(paper=Paper(printer=address))


async def opened(desk: Desk) -> None:
    """Sign in and open the day's log, with everything read."""
    await desk.sign_in()
    await desk.press("p")
    await desk.until(lambda: "城东客服中心" in desk.text() and "Prints the whole day" in desk.text())


def said(desk: Desk, name: str = "written") -> str:
    """What a line of the screen in front says, however it is broken."""
    return str(desk.app.screen.query_one(f"#{name}", Static).content)


def states() -> list[PrintState]:
    return [job.state for job in printing.print_jobs(SYSTEM, NOW)]


async def test_s_sends_the_day_and_says_when_the_paper_is_there(tmp_path: Path, printer: IppPrinter) -> None:
    async with open_desk(tmp_path, settings=printing_on(printer.address)) as desk:
        await opened(desk)
        await desk.press("s")
        await desk.until(lambda: "✓ 2026-11-23 to" in desk.text() and ": printed" in desk.text())
        assert len(printer.papers) == 1
        assert states() == [PrintState.DONE]


async def test_v_goes_through_the_days_shifts_and_s_sends_what_is_shown(
    tmp_path: Path, printer: IppPrinter
) -> None:
    async with open_desk(tmp_path, settings=printing_on(printer.address)) as desk:
        await opened(desk)
        await desk.press("v")
        assert "Prints early shift" in desk.text()
        await desk.press("v")
        assert "Prints night shift" in desk.text()
        await desk.until(lambda: "23  night shift" in desk.text())
        await desk.press("s")
        await desk.until(lambda: ": printed" in desk.text())
        assert [job.shift for job in printing.print_jobs(SYSTEM, NOW)] == ["night"]
        await desk.press("v")
        assert "Prints the whole day" in desk.text()


async def test_a_printer_without_paper_is_said_here_and_at_today_until_it_is_filled(
    tmp_path: Path, printer: IppPrinter
) -> None:
    printer.report("media-empty")
    async with open_desk(tmp_path, settings=printing_on(printer.address)) as desk:
        await opened(desk)
        await desk.press("s")
        await desk.until(lambda: "The printer is out of paper. Put in A4 paper" in said(desk))
        await desk.press("escape")
        await desk.until(lambda: "The printer is out of paper" in said(desk, "paper"))
        assert desk.app.screen.query_one("#paper").display
        printer.mend()
        await desk.until(lambda: not desk.app.screen.query_one("#paper").display)
        assert len(printer.papers) == 1


async def test_a_failed_job_is_listed_and_tried_again_by_r(tmp_path: Path, printer: IppPrinter) -> None:
    printer.give_up()
    async with open_desk(tmp_path, settings=printing_on(printer.address)) as desk:
        await opened(desk)
        assert "try again" not in desk.text()
        await desk.press("s")
        await desk.until(lambda: "✗ not printed: The printer gave the job up" in desk.text())
        printer.give_up(always=False)
        await desk.press("r")
        await desk.until(lambda: ": printed" in desk.text())
        assert "try again" not in desk.text()
        assert len(printer.papers) == 1


async def test_a_job_for_a_printer_that_is_off_is_kept_and_canceled_by_c(tmp_path: Path) -> None:
    settings = printing_on(f"ipp://localhost:{free_port()}")
    async with open_desk(tmp_path, settings=settings) as desk:
        await opened(desk)
        await desk.press("s")
        await desk.until(lambda: "waits to be sent: The printer does not answer." in said(desk))
        await desk.press("c")
        await desk.until(lambda: said(desk).startswith("· 2026-11-23") and "canceled" in said(desk))
        assert states() == [PrintState.CANCELED]


async def test_without_a_printer_s_says_where_to_name_one(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("p")
        await desk.until(lambda: "no printer" in desk.text())
        await desk.press("s")
        await desk.until(lambda: "✗ no printer — name one as [paper] printer" in desk.text())
        assert states() == []


async def test_a_wrong_address_in_the_settings_is_said_and_keeps_nothing(tmp_path: Path) -> None:
    async with open_desk(tmp_path, settings=printing_on("http://printer/")) as desk:
        await opened(desk)
        await desk.press("s")
        await desk.until(lambda: "neither a printer's name nor an address" in desk.text())
        assert states() == []


async def test_o_goes_to_the_next_printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_log, "known_printers", lambda configured: [configured, "HP-3F"])
    async with open_desk(tmp_path, settings=printing_on("Office")) as desk:
        await opened(desk)
        assert "on Office" in desk.text()
        await desk.press("o")
        assert "on HP-3F" in desk.text()
        await desk.press("o")
        assert "on Office" in desk.text()


async def test_the_palette_opens_the_print_jobs_from_anywhere(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.sign_in()
        await desk.press("8", "ctrl+p")
        await desk.type("print jobs")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, PrintDialog))


def test_the_settings_printer_comes_first_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from reports import printers

    monkeypatch.setattr(printers, "printer_names", lambda: ("A", "B"))
    assert known_printers("B") == ["B", "A"]
    monkeypatch.setattr(printers, "printer_names", lambda: None)
    assert known_printers("") == []
