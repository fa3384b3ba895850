"""A print job in words: whose log, where it is, what is in the way, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from locales import N_, _, language
from operations.print_states import PrintState
from operations.printing import PrintJobRow
from reports.printer_words import trouble_words

STATE_NAMES: Mapping[PrintState, str] = MappingProxyType(
    {
        PrintState.QUEUED: N_("waits to be sent"),
        PrintState.SENT: N_("at the printer"),
        PrintState.FAILED: N_("not printed"),
        PrintState.CANCELING: N_("being canceled"),
        PrintState.DONE: N_("printed"),
        PrintState.CANCELED: N_("canceled"),
    }
)


def paper_name(job: PrintJobRow) -> str:
    """Return whose log a job prints: the day, and the shift where it is only one."""
    shift = job.shift_name_en if language() == "en" and job.shift_name_en else job.shift_name
    return f"{job.date.isoformat()} {shift}".strip()


def sign_of(job: PrintJobRow) -> str:
    """Return the sign that stands before a job: in order, wants attention, failed."""
    if job.state is PrintState.DONE:
        return "✓"
    if job.state is PrintState.FAILED:
        return "✗"
    return "!" if job.troubled else "·"


def job_state(job: PrintJobRow) -> str:
    """Return where a job is, and what is in its way."""
    text, _step = trouble_words(job.why, job.detail)
    state = _(STATE_NAMES[job.state])
    return _("{state}: {why}").format(state=state, why=text) if text else state


def job_step(job: PrintJobRow) -> str:
    """Return what to do about a job; nothing while all is well."""
    return trouble_words(job.why, job.detail)[1]


def job_sentence(job: PrintJobRow) -> str:
    """Return everything about a job in one line."""
    text = _("{paper} to {printer}: {state}").format(
        paper=paper_name(job), printer=job.printer, state=job_state(job)
    )
    return f"{text} {job_step(job)}".rstrip()
