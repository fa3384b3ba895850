"""Paper through a real IPP printer, and everything that keeps it from coming out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from locales import using_language
from reports import printing
from reports.printer_words import TROUBLES, trouble_words
from reports.printing import Interrupted, JobAnswer, PrinterTrouble, RemoteState
from settings import ZhibanError
from tests.ipp_printer import IppPrinter, free_port, wait_until

PDF = b"%PDF-1.7\nour paper\n%%EOF\n"


def printed(printer: IppPrinter, pdf: bytes = PDF) -> int:
    """Send a document; returns the printer's number for it."""
    job = printing.open_job(printer.address, "zhiban test")
    printing.send_document(printer.address, job, pdf)
    return job


def until(printer: IppPrinter, job: int, state: RemoteState, why: str = "") -> JobAnswer:
    """Follow a job until the printer says so."""
    seen: list[JobAnswer] = []

    def reached() -> bool:
        seen.append(printing.job_answer(printer.address, job))
        return (seen[-1].state, seen[-1].why) == (state, why)

    wait_until(reached)
    return seen[-1]


# --- the printer does its work -----------------------------------------------------------------------------


def test_the_printer_receives_our_document_byte_for_byte_and_completes_it(printer: IppPrinter) -> None:
    job = printed(printer)
    until(printer, job, RemoteState.DONE)
    assert printer.papers == [PDF]


def test_an_opened_job_prints_nothing_until_its_document_is_there(printer: IppPrinter) -> None:
    job = printing.open_job(printer.address, "zhiban test")
    assert printing.job_answer(printer.address, job) == JobAnswer(RemoteState.INCOMPLETE)
    assert printer.papers == []


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("media-empty", "media_empty"),
        ("media-jam", "media_jam"),
        ("cover-open", "door_open"),
        ("toner-empty", "toner_empty"),
        ("input-tray-missing", "tray_missing"),
        ("paused", "paused"),
    ],
)
def test_what_is_in_the_way_is_named_and_the_job_goes_on_when_it_is_mended(
    printer: IppPrinter, reason: str, why: str
) -> None:
    printer.report(reason)
    job = printed(printer)
    answer = until(printer, job, RemoteState.PRINTING, why)
    assert answer.detail.startswith(reason)
    assert printer.papers == []
    printer.mend()
    until(printer, job, RemoteState.DONE)
    assert printer.papers == [PDF]


@pytest.mark.parametrize(
    ("keyword", "code"),
    [
        ("none", ""),
        ("media-low-report", ""),
        ("toner-low-warning", ""),
        ("media-needed-error", "media_empty"),
        ("door-open-report", "door_open"),
        ("output-area-full-warning", "output_full"),
        ("offline-report", "offline"),
        ("connecting-to-device", "offline"),
        ("fuser-over-temp-error", "printer_says"),
        ("fuser-over-temp", ""),
    ],
)
def test_a_printers_word_is_understood_with_and_without_its_severity(keyword: str, code: str) -> None:
    assert printing.reason_trouble(keyword) == (code, keyword if code else "")


def test_low_toner_is_no_trouble(printer: IppPrinter) -> None:
    printer.report("toner-low")
    job = printed(printer)
    until(printer, job, RemoteState.PRINTING)
    assert printing.printer_trouble(printer.address) == ("", "")
    printer.mend()
    until(printer, job, RemoteState.DONE)


def test_a_job_the_printer_gives_up_says_so_in_the_printers_words(printer: IppPrinter) -> None:
    printer.give_up()
    answer = until(printer, printed(printer), RemoteState.ABORTED, "aborted")
    assert answer.detail == "The fuser is cold."


def test_a_canceled_job_is_canceled_and_one_that_is_done_stays_done(printer: IppPrinter) -> None:
    printer.report("media-empty")
    waiting = printed(printer)
    printing.cancel_job(printer.address, waiting)
    printer.mend()
    until(printer, waiting, RemoteState.CANCELED, "canceled_there")
    done = printed(printer)
    until(printer, done, RemoteState.DONE)
    printing.cancel_job(printer.address, done)
    assert printing.job_answer(printer.address, done).state is RemoteState.DONE


def test_a_printer_that_was_switched_off_in_mid_job_does_not_know_it_any_more(printer: IppPrinter) -> None:
    printer.report("media-empty")
    job = printed(printer)
    until(printer, job, RemoteState.PRINTING, "media_empty")
    printer.switch_off()
    with pytest.raises(PrinterTrouble) as off:
        printing.job_answer(printer.address, job)
    assert off.value.code == "unreachable"
    printer.switch_on()
    assert printing.job_answer(printer.address, job) == JobAnswer(RemoteState.UNKNOWN, "lost")


# --- nobody there, or not a printer ------------------------------------------------------------------------


def trouble_of(address: str) -> PrinterTrouble:
    with pytest.raises(PrinterTrouble) as refused:
        printing.open_job(address, "zhiban test")
    assert refused.value.message
    assert refused.value.next_step
    return refused.value


def test_a_printer_that_is_off_is_tried_again() -> None:
    trouble = trouble_of(f"ipp://localhost:{free_port()}/ipp/print")
    assert (trouble.code, trouble.passes) == ("unreachable", True)


def test_a_name_nobody_has_is_said_to_be_unknown() -> None:
    assert trouble_of("ipp://printer.invalid/ipp/print").code == "no_such_host"


def test_a_wrong_path_waits_for_a_person(printer: IppPrinter) -> None:
    trouble = trouble_of(f"ipp://localhost:{printer.port}/no/such/queue")
    assert (trouble.code, trouble.passes) == ("no_printer_there", False)


def test_a_secure_address_where_none_is_spoken_is_named() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as port:
        assert trouble_of(f"ipps://localhost:{port}/ipp/print").code == "no_secure_line"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "not_a_printer"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "no_printer_there"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\n\xff\xfe!", "not_a_printer"),
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "not_allowed"),
        (b"HTTP/1.1 426 Upgrade\r\nUpgrade: TLS/1.2\r\nContent-Length: 0\r\n\r\n", "no_secure_line"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not_a_printer"),
        (b"", "unreachable"),
    ],
    ids=["web page", "404", "403 in no text", "401", "426", "ssh", "hangs up"],
)
def test_whatever_answers_is_told_from_a_printer(answer: bytes, code: str) -> None:
    with answering(answer) as port:
        assert trouble_of(f"ipp://localhost:{port}/ipp/print").code == code


def test_a_printer_that_takes_the_call_and_says_nothing_is_left_after_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printing, "ANSWER_SECONDS", 0.3)
    with silent() as port:
        assert trouble_of(f"ipp://localhost:{port}/ipp/print").code == "unreachable"


def test_a_program_that_ends_does_not_wait_for_the_printer() -> None:
    stop = threading.Event()
    stop.set()
    with silent() as port, pytest.raises(Interrupted):
        printing.open_job(f"ipp://localhost:{port}/ipp/print", "zhiban test", stop)


# --- names and words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printer", "address"),
    [
        ("HP-3F", "ipp://localhost:631/printers/HP-3F"),
        ("三楼打印机", "ipp://localhost:631/printers/%E4%B8%89%E6%A5%BC%E6%89%93%E5%8D%B0%E6%9C%BA"),
        ("ipp://10.0.0.7", "ipp://10.0.0.7/ipp/print"),
        ("ipps://10.0.0.7:8443/", "ipps://10.0.0.7:8443/ipp/print"),
        ("ipp://10.0.0.7/printers/a", "ipp://10.0.0.7/printers/a"),
    ],
)
def test_a_printer_is_a_queue_of_this_machine_or_an_address(printer: str, address: str) -> None:
    assert printing.printer_address(printer) == address


@pytest.mark.parametrize(
    "printer", ["", " ", "two words", "a/b", "http://x/", "ipp://", "ipp://h:99999/", "ipp://[x"]
)
def test_what_can_be_no_printer_is_refused_before_anything_is_kept(printer: str) -> None:
    with pytest.raises(ZhibanError) as refused:
        printing.printer_address(printer)
    assert refused.value.next_step


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_trouble_has_words_and_a_next_step_in_both_languages(language: str) -> None:
    with using_language(language):
        said = [trouble_words(code, "x") for code in TROUBLES]
    assert all(text and step for text, step in said)
    assert trouble_words("") == ("", "")
    assert trouble_words("of_a_later_version") == ("of_a_later_version", "")


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """Something that answers every call with the same bytes and hangs up."""
    with socket.create_server(("localhost", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    caller, _where = server.accept()
                except OSError:
                    return
                with caller:
                    caller.settimeout(5)
                    try:
                        caller.recv(65536)
                        caller.sendall(answer)
                        caller.shutdown(socket.SHUT_WR)
                        caller.recv(65536)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@contextmanager
def silent() -> Iterator[int]:
    """Something that takes calls and never says a word."""
    with socket.create_server(("localhost", 0)) as server:
        yield int(server.getsockname()[1])
