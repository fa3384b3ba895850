"""Print jobs: a daily log that is on its way to a printer, kept until the paper exists (Art. 8, 21).

A job's document lies in a private folder of the machine that queued it; whoever sends that machine's jobs claims one
for a while, so that two desks never send the same. Who sends, and how a printer is spoken to, is not known here:
what keeps a job from being printed is a code of whoever speaks to printers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import models
from locales import _
from operations import store
from operations.boundary import Actor, Session, reads, refusals_kept, require, writes
from operations.centre import civil_date
from operations.daily_log import daily_digest, printed_before, remember_printing, sealed_days, shift_of_day
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from operations.print_states import ENDED, WORKED_ON, PrintState

LEASE = timedelta(seconds=90)
LONGEST_DELAY = timedelta(minutes=5)
# Switching automatic printing on must not print years of logs; older days are printed by hand.
DUE_DAYS = 7
PRINTER_MEDIUM = "printer"


@dataclass(frozen=True, slots=True)
class PrintDraft:
    """A document to be printed: whose log it shows, where it lies, and what stands on it.

    ``shift`` is a shift type's code, empty for the whole day; ``digest`` is the printed one, empty for a draft.
    """

    date: date
    shift: str
    printer: str
    machine: str
    document: str
    digest: str
    reprint: bool
    language: str
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class PrintJobRow:
    """A print job as it stands. ``why`` is a code for what is in the way, ``detail`` the printer's own word."""

    id: int
    date: date
    shift: str
    shift_name: str
    shift_name_en: str
    printer: str
    state: PrintState
    why: str
    detail: str
    reprint: bool
    automatic: bool
    digest: str
    language: str
    requested_by: str
    requested_at: datetime
    updated_at: datetime
    next_try_at: datetime
    attempts: int
    remote_job: int | None
    machine: str
    document: str

    @property
    def troubled(self) -> bool:
        """Whether somebody should know: it failed, or something is in its way."""
        return self.state is PrintState.FAILED or (self.state in WORKED_ON and bool(self.why))


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after so many tries in vain: 2 s, 4 s, 8 s, up to five minutes."""
    return min(timedelta(seconds=2 ** min(attempts, 10)), LONGEST_DELAY)


# --- asking for paper -------------------------------------------------------------------------------------


@writes(Action.PRINT_LOG)
def queue_print(session: Session, draft: PrintDraft) -> int:
    """Keep a document to be printed; returns the job's id.

    Raises :class:`Conflict` when the paper would not say the truth any more: the log was sealed or printed since
    the document was made, or (``automatic``) it already was queued once.
    """
    if not draft.printer.strip():
        raise Invalid(_("No printer is named."), next_step=_("Name one as [paper] printer in settings.toml."))
    log = shift_of_day(draft.date, draft.shift) if draft.shift else None
    if daily_digest(draft.date, draft.shift) != draft.digest:
        raise Conflict(_("The log changed while it was being printed."), next_step=_("Print it again."))
    if draft.automatic and _was_queued(draft.date, draft.digest):
        raise Conflict(_("This day is printed already."))
    if printed_before(draft.date, draft.digest) != draft.reprint:
        raise Conflict(_("Someone else printed this log just now."), next_step=_("Print it again."))
    job = models.PrintJob.create(
        date=draft.date,
        log=log,
        printer=draft.printer.strip(),
        machine=draft.machine,
        document=draft.document,
        digest=draft.digest,
        reprint=draft.reprint,
        automatic=draft.automatic,
        language=draft.language,
        requested_by=session.actor.person_id or None,
        requested_at=session.now,
        updated_at=session.now,
        next_try_at=session.now,
    )
    session.about(
        f"print:{job.id}",
        day=draft.date.isoformat(),
        shift=draft.shift,
        printer=job.printer,
        digest=draft.digest,
        reprint=draft.reprint,
    )
    return int(job.id)


@writes(Action.PRINT_LOG)
def retry_print(session: Session, job_id: int) -> None:
    """Try a job again at once. What the printer still has is asked after first, never sent a second time."""
    job = _job(job_id)
    state = PrintState(job.state)
    if state in ENDED or state is PrintState.CANCELING:
        raise Conflict(_("This print job has ended."), next_step=_("Print the day again."))
    changes: dict[str, Any] = {"next_try_at": session.now, "updated_at": session.now, "attempts": 0}
    if state is PrintState.FAILED:
        changes |= {"state": PrintState.QUEUED, "why": "", "detail": "", "remote_job": None}
    _change(job_id, **changes)
    session.about(f"print:{job_id}", was=job.state, why=job.why)


@writes(Action.PRINT_LOG)
def cancel_print(session: Session, job_id: int) -> PrintState:
    """Cancel a job; one that somebody is sending, or that the printer has, is canceled there first."""
    job = _job(job_id)
    state = PrintState(job.state)
    if state in ENDED:
        raise Conflict(_("This print job has ended."))
    in_hands = job.claimed_until is not None and job.claimed_until > session.now
    at_once = job.remote_job is None and (state is PrintState.FAILED or not in_hands)
    after = PrintState.CANCELED if at_once else PrintState.CANCELING
    _change(job_id, state=after, why="", detail="", next_try_at=session.now, updated_at=session.now)
    session.about(f"print:{job_id}", was=job.state, state=after.value)
    return after


# --- looking ----------------------------------------------------------------------------------------------


@reads(Action.PRINT_LOG)
def print_jobs(_session: Session, limit: int = 50) -> tuple[PrintJobRow, ...]:
    """Return the print jobs, newest first."""
    return tuple(
        _row(job) for job in models.PrintJob.select().order_by(models.PrintJob.id.desc()).limit(limit)
    )


@reads(Action.PRINT_LOG)
def print_job(_session: Session, job_id: int) -> PrintJobRow:
    """Return one print job."""
    return _row(_job(job_id))


@reads(Action.PRINT_LOG)
def due_prints(session: Session) -> tuple[date, ...]:
    """Return the days of the last week that are sealed to their last shift and were never sent to a printer."""
    today = civil_date(session.now)
    return tuple(
        day
        for day, digest in sealed_days(today - timedelta(days=DUE_DAYS), today)
        if not _was_queued(day, digest)
    )


@reads(Action.PRINT_LOG)
def print_work(session: Session, machine: str, holder: str) -> tuple[PrintJobRow, ...]:
    """Return ``machine``'s jobs that ``holder`` may see to now, oldest first.

    Those are the jobs to be worked on that nobody else holds, and ended ones whose document still lies there.
    """
    job = models.PrintJob
    free = (job.claimed_by == holder) | job.claimed_until.is_null() | (job.claimed_until <= session.now)
    to_do = job.state.in_(WORKED_ON) & free & (job.next_try_at <= session.now)
    to_tidy = job.state.in_(ENDED) & (job.document != "")
    query = job.select().where(job.machine == machine, to_do | to_tidy).order_by(job.id)
    return tuple(_row(row) for row in query)


def troubled_prints() -> tuple[PrintJobRow, ...]:
    """Return the jobs somebody should know about, newest first (inside a transaction)."""
    job = models.PrintJob
    query = job.select().where(job.state.in_([PrintState.FAILED, *WORKED_ON])).order_by(job.id.desc())
    return tuple(row for row in map(_row, query) if row.troubled)


# --- for whoever sends ------------------------------------------------------------------------------------
# Claiming and letting go happen every minute and say nothing about the centre: they leave no audit record.


@refusals_kept
def claim_print(actor: Actor, now: datetime, job_id: int, holder: str) -> PrintJobRow | None:
    """Take a job for :data:`LEASE`, or keep it; ``None`` when somebody else holds it or it needs nothing now.

    A job still to be sent counts one more try, and is due again after :func:`retry_delay` whatever happens.
    """

    def claim() -> PrintJobRow | None:
        require(actor, Action.PRINT_LOG)
        job = _job(job_id)
        held = job.claimed_by != holder and job.claimed_until is not None and job.claimed_until > now
        if held or PrintState(job.state) not in WORKED_ON or job.next_try_at > now:
            return None
        changes: dict[str, Any] = {"claimed_by": holder, "claimed_until": now + LEASE}
        if job.state == PrintState.QUEUED:
            attempts = job.attempts + 1
            changes |= {"attempts": attempts, "next_try_at": now + retry_delay(attempts)}
        _change(job_id, **changes)
        return _row(_job(job_id))

    return store.write(claim)


@refusals_kept
def release_prints(actor: Actor, _now: datetime, holder: str) -> None:
    """Let go of every job ``holder`` holds: whoever looks next may go on with it at once."""

    def release() -> None:
        require(actor, Action.PRINT_LOG)
        job = models.PrintJob
        job.update(claimed_by="", claimed_until=None).where(job.claimed_by == holder).execute()

    store.write(release)


@refusals_kept
def forget_document(actor: Actor, _now: datetime, job_id: int) -> None:
    """Note that an ended job's document was removed from its machine."""

    def forget() -> None:
        require(actor, Action.PRINT_LOG)
        _change(job_id, document="")

    store.write(forget)


@writes(Action.PRINT_LOG)
def note_print_state(
    session: Session,
    job_id: int,
    holder: str,
    state: PrintState,
    why: str = "",
    detail: str = "",
    remote_job: int | None = None,
) -> PrintState:
    """Note what became of a job that ``holder`` holds; returns the state it is in now.

    A job that was canceled meanwhile stays canceled unless it has ended. Once the paper exists the printing is part
    of the history, and the next one of the same content a reprint. Raises :class:`Conflict` when ``holder`` does not
    hold the job any more.
    """
    job = _job(job_id)
    if job.claimed_by != holder or PrintState(job.state) in ENDED:
        raise Conflict(_("Another desk has taken over this print job."))
    if job.state == PrintState.CANCELING and state not in ENDED:
        state = PrintState.CANCELING
    number = remote_job if remote_job is not None else job.remote_job
    changes: dict[str, Any] = {"state": state, "why": why, "detail": detail[:200], "updated_at": session.now}
    changes["remote_job"] = None if state is PrintState.FAILED else number
    if state is PrintState.SENT:
        changes["next_try_at"] = session.now
    if state in ENDED or state is PrintState.FAILED:
        changes |= {"claimed_by": "", "claimed_until": None}
    _change(job_id, **changes)
    if state is PrintState.DONE:
        remember_printing(session, job.date, PRINTER_MEDIUM, job.digest, job.requested_by_id)
    session.about(f"print:{job_id}", state=state.value, why=why, detail=detail[:200], remote_job=number)
    return state


# --- rows -------------------------------------------------------------------------------------------------


def _was_queued(day: date, digest: str) -> bool:
    job = models.PrintJob
    return bool(job.select().where(job.date == day, job.digest == digest, job.log.is_null()).exists())


def _job(job_id: int) -> models.PrintJob:
    job: models.PrintJob | None = models.PrintJob.get_or_none(models.PrintJob.id == job_id)
    if job is None:
        raise NotFound(_("There is no such print job."), next_step=_("zhiban print --jobs lists them."))
    return job


def _change(job_id: int, **changes: Any) -> None:
    fields: Mapping[str, Any] = changes
    models.PrintJob.update(**fields).where(models.PrintJob.id == job_id).execute()


def _row(job: models.PrintJob) -> PrintJobRow:
    shift = job.log.shift_type if job.log_id else None
    return PrintJobRow(
        id=job.id,
        date=job.date,
        shift=shift.code if shift else "",
        shift_name=shift.name if shift else "",
        shift_name_en=shift.name_en if shift else "",
        printer=job.printer,
        state=PrintState(job.state),
        why=job.why,
        detail=job.detail,
        reprint=job.reprint,
        automatic=job.automatic,
        digest=job.digest,
        language=job.language,
        requested_by=job.requested_by.name if job.requested_by_id else "",
        requested_at=job.requested_at,
        updated_at=job.updated_at,
        next_try_at=job.next_try_at,
        attempts=job.attempts,
        remote_job=job.remote_job,
        machine=job.machine,
        document=job.document,
    )
