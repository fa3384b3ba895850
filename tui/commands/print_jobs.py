"""The print jobs from the command line: send, follow, list, retry, cancel, go on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

import locales
from locales import N_, _
from settings import ZhibanError
from tui.commands import answers

if TYPE_CHECKING:
    from operations.listings import Listing, Office
    from operations.printing import PrintJobRow
    from settings import Home

# How long a command follows its paper; what is not finished then is gone on with by the desk or by --resume.
FOLLOW_SECONDS = 60.0
# Long enough for a printer that was only asleep.
TROUBLE_SECONDS = 5.0
LOOK_SECONDS = 0.2


def print_on(ctx: typer.Context, office: Office, day: date, shift: str, printer: str) -> None:
    """Print a log and follow it to its end; what stays behind is said, and kept."""
    from operations.boundary import SYSTEM
    from tui.spooler import PaperOrder, default_printer, order_paper

    home = answers.home_of(ctx)
    order = PaperOrder(
        day, shift, printer or default_printer(home), locales.language(), _("the command line")
    )
    job_id = order_paper(home, SYSTEM, office.now, order)
    _answer_for(_followed(home, [job_id]))


def retry_job(ctx: typer.Context, job_id: int) -> None:
    """Try a job again, now."""
    from operations.boundary import SYSTEM
    from operations.printing import retry_print

    office = answers.office_of(ctx)
    retry_print(SYSTEM, office.now, job_id)
    _answer_for(_followed(answers.home_of(ctx), [job_id]))


def cancel_job(ctx: typer.Context, job_id: int) -> None:
    """Cancel a job, at the printer too."""
    from operations.boundary import SYSTEM
    from operations.printing import cancel_print

    office = answers.office_of(ctx)
    cancel_print(SYSTEM, office.now, job_id)
    _followed(answers.home_of(ctx), [job_id])


def resume_jobs(ctx: typer.Context, *, due: bool) -> None:
    """Go on with everything that waits on this machine; with ``due`` order first what was never printed."""
    from operations.boundary import SYSTEM
    from operations.print_states import WORKED_ON
    from operations.printing import print_jobs
    from tui.spooler import machine_name, order_due_papers

    office, home = answers.office_of(ctx), answers.home_of(ctx)
    if due:
        order_due_papers(home, office.now, locales.language())
    mine = [
        job.id
        for job in print_jobs(SYSTEM, office.now)
        if job.state in WORKED_ON and job.machine == machine_name()
    ]
    if not _followed(home, mine):
        typer.echo(_("Nothing waits to be printed."))


def list_jobs(ctx: typer.Context, *, as_json: bool) -> None:
    """Show the print jobs, newest first."""
    from operations.boundary import SYSTEM
    from operations.printing import print_jobs

    office = answers.office_of(ctx)
    answers.show(jobs_listing(office, print_jobs(SYSTEM, office.now)), as_json=as_json)


def jobs_listing(office: Office, jobs: Sequence[PrintJobRow]) -> Listing:
    """Return the print jobs for people and programs."""
    from operations.listings import Listing
    from tui.print_words import job_state, job_step, paper_name, sign_of

    def record(job: PrintJobRow) -> dict[str, Any]:
        return {**asdict(job), "text": job_state(job), "next_step": job_step(job)}

    rows = [
        (
            job.id,
            paper_name(job),
            job.printer,
            office.clock(job.updated_at),
            f"{sign_of(job)} {job_state(job)}",
        )
        for job in jobs
    ]
    return Listing(
        [record(job) for job in jobs],
        (N_("Job"), N_("Paper"), N_("Printer"), N_("Since"), N_("State")),
        rows,
        _("Nothing was sent to a printer yet."),
        right=(0,),
    )


def _followed(home: Home, job_ids: Sequence[int]) -> list[PrintJobRow]:
    """Send and follow jobs until each is settled: ended, failed, or in a trouble that stays."""
    from operations.boundary import SYSTEM
    from operations.print_states import WORKED_ON
    from operations.printing import print_job
    from tui.print_words import job_sentence, sign_of
    from tui.spooler import Spooler

    spooler = Spooler(home, answers.clock)
    began = time.monotonic()
    told: dict[int, tuple[str, float]] = {}
    jobs: list[PrintJobRow] = []

    def settled(job: PrintJobRow, now: float) -> bool:
        words, since = job_sentence(job), now
        if told.get(job.id, ("", 0.0))[0] == words:
            since = told[job.id][1]
        else:
            typer.echo(f"{sign_of(job)} {words}")
        told[job.id] = (words, since)
        return job.state not in WORKED_ON or (job.troubled and now - since > TROUBLE_SECONDS)

    try:
        while job_ids:
            spooler.work()
            now = time.monotonic()
            jobs = [print_job(SYSTEM, answers.clock(), job_id) for job_id in job_ids]
            # Every job is looked at, so that each says its news.
            if all([settled(job, now) for job in jobs]) or now - began > FOLLOW_SECONDS:  # noqa: C419
                break
            time.sleep(LOOK_SECONDS)
        spooler.work()  # what has ended leaves no document behind
    finally:
        spooler.let_go()
    return jobs


def _answer_for(jobs: Sequence[PrintJobRow]) -> None:
    """Fail in words when a paper did not come out."""
    from operations.print_states import PrintState

    for job in jobs:
        if job.state is not PrintState.DONE:
            raise ZhibanError(
                _("The paper is not printed yet; job {number} is kept.").format(number=job.id),
                next_step=_("The desk goes on with it, or: zhiban print --retry {number}").format(
                    number=job.id
                ),
            )
