"""``zhiban print`` to a printer: followed to its end, kept when it does not come out, printed once by whoever goes on."""

from __future__ import annotations

import json
from pathlib import Path

from operations import store
from operations.boundary import SYSTEM
from operations.print_states import PrintState
from operations.printing import print_jobs
from settings import open_home
from tests.centre import NOW, build_centre
from tests.cli.command import Zhiban
from tests.cli.lived import Lived
from tests.cli.test_json_keys import documented, keys_of
from tests.ipp_printer import IppPrinter, free_port
from tests.operations.test_printing import whole_day_sealed

DAY = "2026-11-23"


def test_a_shift_goes_to_the_printer_and_the_command_ends_when_it_is_printed(
    zhiban: Zhiban, lived: Lived, printer: IppPrinter
) -> None:
    answer = zhiban("print", DAY, "--shift", "night", "--printer", printer.address)
    assert (answer.code, answer.error) == (0, "")
    assert answer.out.splitlines()[-1] == f"✓ {DAY} night shift to {printer.address}: printed"
    assert len(printer.papers) == 1
    assert zhiban("print", DAY, "--shift", "night", "--text").out.count("[REPRINT]") > 0


def test_the_printer_of_the_settings_is_called_default(
    zhiban: Zhiban, lived: Lived, printer: IppPrinter
) -> None:
    assert zhiban("print", DAY, "--printer", "default").refused("No printer is named", "[paper] printer")
    (lived.home / "settings.toml").write_text(f'[paper]\nprinter = "{printer.address}"\n')
    assert zhiban("print", DAY, "--printer", "default").code == 0
    assert len(printer.papers) == 1


def test_a_printer_that_is_off_keeps_the_job_and_resume_prints_it_once(
    zhiban: Zhiban, lived: Lived, printer: IppPrinter
) -> None:
    printer.switch_off()
    answer = zhiban("print", DAY, "--printer", printer.address)
    assert answer.refused("job 1 is kept", "--retry 1")
    assert "The printer does not answer." in answer.out
    (job,) = json.loads(zhiban("print", "--jobs", "--json").out)
    assert (job["state"], job["why"], job["text"]) == (
        "queued",
        "unreachable",
        "waits to be sent: The printer does not answer.",
    )
    printer.switch_on()
    assert zhiban("print", "--retry", "1").code == 0
    assert "Nothing waits" in zhiban("print", "--resume").out
    assert len(printer.papers) == 1
    assert list((lived.home / "paper" / "queue").iterdir()) == []


def test_a_wrong_path_fails_in_words_and_the_job_can_be_canceled(
    zhiban: Zhiban, lived: Lived, printer: IppPrinter
) -> None:
    wrong = f"ipp://localhost:{printer.port}/nothing/here"
    answer = zhiban("print", DAY, "--printer", wrong)
    assert answer.refused("job 1 is kept")
    assert f"✗ {DAY} to {wrong}: not printed: There is no printer of that name or address." in answer.out
    assert "canceled" in zhiban("print", "--cancel", "1").out
    assert list((lived.home / "paper" / "queue").iterdir()) == []


def test_what_can_be_no_printer_no_shift_and_no_job_is_refused_in_words(zhiban: Zhiban, lived: Lived) -> None:
    assert zhiban("print", DAY, "--printer", "http://x/").refused("http://x/", "ipp://")
    assert zhiban("print", DAY, "--shift", "middle").refused("no shift middle", "early, night")
    assert zhiban("print", "--retry", "7").refused("no such print job", "--jobs")
    assert zhiban("print").refused("DATE", code=2)
    assert zhiban("print", DAY, "--jobs", "--resume").refused("--jobs, --resume", code=2)
    assert zhiban("print", DAY, "--printer", "x", "--text").refused("--printer, --text", code=2)


def test_one_shifts_pdf_has_a_name_of_its_own_and_its_own_reprint_mark(zhiban: Zhiban, lived: Lived) -> None:
    assert f"zhiban-{DAY}-night.pdf" in zhiban("print", DAY, "--shift", "night").out
    assert "[REPRINT]" not in zhiban("print", DAY, "--text").out
    assert "[REPRINT]" in zhiban("print", DAY, "--shift", "night", "--text").out


def test_due_prints_a_sealed_day_once_however_often_the_timer_fires(
    zhiban: Zhiban, printer: IppPrinter
) -> None:
    from datetime import UTC, datetime

    zhiban.home.mkdir(mode=0o700)
    built = build_centre(zhiban.home)
    whole_day_sealed(built)
    _moved_to(datetime.now(UTC).date())
    store.close_database()
    (zhiban.home / "settings.toml").write_text(f'[paper]\nprinter = "{printer.address}"\n')
    first = zhiban("print", "--due")
    assert first.code == 0, first.error
    assert ": printed" in first.out
    assert "Nothing waits" in zhiban("print", "--due").out
    assert len(printer.papers) == 1
    open_home(zhiban.home)
    store.open_database(built.url)
    assert [(job.automatic, job.state) for job in print_jobs(SYSTEM, NOW)] == [(True, PrintState.DONE)]


def _moved_to(day: object) -> None:
    """Let the sealed day be a recent one: the command has a clock of its own."""
    import models
    from tests.centre import TODAY

    log = models.ShiftLog
    store.write(lambda: log.update(date=day).where(log.date == TODAY).execute())


def test_the_jobs_keys_are_the_documented_ones(zhiban: Zhiban, lived: Lived) -> None:
    zhiban("print", DAY, "--printer", f"ipp://localhost:{free_port()}/")
    found = set(keys_of(json.loads(zhiban("print", "--jobs", "--json").out)))
    assert found == documented("print --jobs")


def test_doctor_asks_the_printer_of_the_settings(
    zhiban: Zhiban, lived: Lived, printer: IppPrinter, tmp_path: Path
) -> None:
    def look() -> dict[str, str]:
        checks = json.loads(zhiban("doctor", "--json").out)
        (found,) = [check for check in checks if check["name"] == "printer"]
        return dict(found)

    (lived.home / "settings.toml").write_text(f'[paper]\nprinter = "{printer.address}"\n')
    assert look()["state"] == "ok"
    printer.switch_off()
    off = look()
    assert (off["state"], off["text"]) == ("warning", f"{printer.address}: The printer does not answer.")
    assert "cable" in off["next_step"]
