"""A PDF to a printer and what becomes of it, by the Internet Printing Protocol (RFC 8011); no database here.

A printer is named by its queue in this machine's CUPS, or by its own address (``ipp://``, ``ipps://``). The job is
opened first and its document sent second (Create-Job, Send-Document): the printer's number of the job is known
before a byte of it can be printed, so whoever sends can be killed at any point and nothing is printed twice.

Every function blocks, for at most the seconds named here: call them in a thread.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlsplit

from locales import _
from reports.printer_words import TROUBLES, trouble_words
from settings import ZhibanError

if TYPE_CHECKING:
    from pyipp import IPP

T = TypeVar("T")

ANSWER_SECONDS: Final = 8.0
SEND_SECONDS: Final = 60.0
STOP_SECONDS: Final = 0.1
CUPS: Final = "ipp://localhost:631"
USER: Final = "zhiban"
# What an IPP printer's own path is when the address has none (PWG 5100.14).
_PATH: Final = "/ipp/print"
_A4: Final = "iso_a4_210x297mm"


class RemoteState(StrEnum):
    """Where a job is at the printer (RFC 8011, 5.3.7, with pending and held drawn together)."""

    WAITING = "waiting"
    INCOMPLETE = "incomplete"
    PRINTING = "printing"
    DONE = "done"
    CANCELED = "canceled"
    ABORTED = "aborted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """What a printer says of a job. ``why`` is a code of ``TROUBLES`` while something is in the way."""

    state: RemoteState
    why: str = ""
    detail: str = ""


class PrinterTrouble(ZhibanError):
    """The printer did not do what it was asked; ``code`` is one of ``TROUBLES``."""

    def __init__(self, code: str, detail: str = "") -> None:
        text, next_step = trouble_words(code, detail)
        super().__init__(text, next_step=next_step)
        self.code = code
        self.detail = detail

    @property
    def passes(self) -> bool:
        """Whether it is worth trying again without a person's doing."""
        return TROUBLES[self.code].passes


class Interrupted(Exception):
    """The program is ending; what the printer would have answered is not known."""


def printer_address(printer: str) -> str:
    """Return the IPP address of ``printer``: its own, or that of the CUPS queue of that name.

    Raises :class:`ZhibanError` for what can be neither.
    """
    printer = printer.strip()
    if "://" not in printer:
        if not printer or any(character.isspace() or character in "/?#" for character in printer):
            raise _no_address(printer)
        return f"{CUPS}/printers/{quote(printer)}"
    try:
        parts = urlsplit(printer)
        usable = parts.scheme in ("ipp", "ipps") and parts.hostname and (parts.port or 1)
    except ValueError:
        usable = False
    if not usable:
        raise _no_address(printer)
    return printer if parts.path.strip("/") else f"{printer.rstrip('/')}{_PATH}"


def open_job(printer: str, name: str, stop: threading.Event | None = None) -> int:
    """Open a job called ``name`` and return the printer's number for it; nothing is printed yet.

    Raises :class:`PrinterTrouble`.
    """
    said = {"operation-attributes-tag": {"job-name": name}, "job-attributes-tag": {"media": _A4}}
    answer = _ask(printer, "CREATE_JOB", said, ANSWER_SECONDS, stop)
    return int(_first(answer, "jobs")["job-id"])


def send_document(printer: str, job: int, pdf: bytes, stop: threading.Event | None = None) -> None:
    """Send the document of an open job; the printer begins. Raises :class:`PrinterTrouble`."""
    about = {"job-id": job, "document-format": "application/pdf", "last-document": True}
    said: dict[str, Any] = {"operation-attributes-tag": about, "data": pdf}
    _ask(printer, "SEND_DOCUMENT", said, SEND_SECONDS, stop)


def cancel_job(printer: str, job: int, stop: threading.Event | None = None) -> None:
    """Cancel a job at the printer; one that has ended stays as it is. Raises :class:`PrinterTrouble`."""
    try:
        _ask(printer, "CANCEL_JOB", {"operation-attributes-tag": {"job-id": job}}, ANSWER_SECONDS, stop)
    except _Status as refused:
        if refused.status not in (_NOT_POSSIBLE, _NOT_FOUND):
            raise


def job_answer(printer: str, job: int, stop: threading.Event | None = None) -> JobAnswer:
    """Ask what became of a job; one the printer does not know is unknown. Raises :class:`PrinterTrouble`."""
    wanted = ["job-state", "job-state-reasons", "job-state-message"]
    about = {"job-id": job, "requested-attributes": wanted}
    try:
        answer = _ask(
            printer, "GET_JOB_ATTRIBUTES", {"operation-attributes-tag": about}, ANSWER_SECONDS, stop
        )
    except _Status as refused:
        if refused.status != _NOT_FOUND:
            raise
        printer_trouble(printer, stop)  # a wrong address has no jobs either: say that instead
        return JobAnswer(RemoteState.UNKNOWN, "lost")
    facts = _first(answer, "jobs")
    found = _state_of(facts)
    if found.state in (RemoteState.WAITING, RemoteState.PRINTING) and not found.why:
        why, detail = printer_trouble(printer, stop)
        return JobAnswer(found.state, why, detail)
    return found


def printer_trouble(printer: str, stop: threading.Event | None = None) -> tuple[str, str]:
    """Return what a printer reports to be in its way, as a code and the printer's own word; empty when ready.

    Raises :class:`PrinterTrouble` when it cannot be asked.
    """
    wanted = ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs"]
    said = {"operation-attributes-tag": {"requested-attributes": wanted}}
    facts = _first(_ask(printer, "GET_PRINTER_ATTRIBUTES", said, ANSWER_SECONDS, stop), "printers")
    found = [reason_trouble(keyword) for keyword in _listed(facts.get("printer-state-reasons"))]
    serious = [one for one in found if one[0]]
    if serious:
        # What somebody can mend by hand comes before what follows from it.
        return min(serious, key=lambda one: _URGENT.index(one[0]) if one[0] in _URGENT else len(_URGENT))
    if facts.get("printer-is-accepting-jobs") is False:
        return "not_accepting", ""
    return ("paused", "") if facts.get("printer-state") == _PRINTER_STOPPED else ("", "")


def printer_trouble_in_words(printer: str) -> ZhibanError | None:
    """Return what keeps a printer from printing, or ``None``: what ``zhiban doctor`` asks."""
    try:
        code, detail = printer_trouble(printer)
    except ZhibanError as error:
        return error
    return PrinterTrouble(code, detail) if code else None


# --- what the printer's words mean ------------------------------------------------------------------------

_PENDING, _HELD, _PROCESSING, _STOPPED, _CANCELED, _ABORTED, _COMPLETED = range(3, 10)
_PRINTER_STOPPED = 5
_NOT_POSSIBLE, _NOT_FOUND = 0x0404, 0x0406

_STATES: Final[Mapping[int, RemoteState]] = {
    _PENDING: RemoteState.WAITING,
    _HELD: RemoteState.WAITING,
    _PROCESSING: RemoteState.PRINTING,
    _STOPPED: RemoteState.PRINTING,
    _CANCELED: RemoteState.CANCELED,
    _ABORTED: RemoteState.ABORTED,
    _COMPLETED: RemoteState.DONE,
}
# RFC 8011, 5.4.12, and the keywords CUPS adds; each may end in -error, -warning or -report.
_REASONS: Final[Mapping[str, str]] = {
    "media-empty": "media_empty",
    "media-needed": "media_empty",
    "media-jam": "media_jam",
    "door-open": "door_open",
    "cover-open": "door_open",
    "interlock-open": "door_open",
    "toner-empty": "toner_empty",
    "marker-supply-empty": "toner_empty",
    "marker-waste-full": "toner_empty",
    "developer-empty": "toner_empty",
    "input-tray-missing": "tray_missing",
    "output-tray-missing": "tray_missing",
    "output-area-full": "output_full",
    "paused": "paused",
    "moving-to-paused": "paused",
    "stopped-partly": "paused",
    "offline": "offline",
    "shutdown": "offline",
    "connecting-to-device": "offline",
    "timed-out": "offline",
}
_URGENT: Final = ("media_jam", "door_open", "media_empty", "toner_empty", "tray_missing", "output_full")
_STATUSES: Final[Mapping[int, str]] = {
    0x0401: "not_allowed",
    0x0402: "not_allowed",
    0x0403: "not_allowed",
    _NOT_FOUND: "no_printer_there",
    0x0407: "no_printer_there",
    0x040A: "no_pdf",
    0x0410: "no_pdf",
    0x041A: "no_pdf",
    0x0501: "too_old",
    0x0502: "busy",
    0x0503: "too_old",
    0x0505: "busy",
    0x0506: "not_accepting",
    0x0507: "busy",
    0x050A: "not_accepting",
}
_HTTP: Final[Mapping[int, str]] = {
    401: "not_allowed",
    403: "not_allowed",
    404: "no_printer_there",
    426: "no_secure_line",
    503: "busy",
}


class _Status(PrinterTrouble):
    """The printer answered with an IPP status that is an error."""

    def __init__(self, status: int) -> None:
        super().__init__(_STATUSES.get(status, "refused"), f"IPP 0x{status:04x}")
        self.status = status


def _state_of(facts: Mapping[str, Any]) -> JobAnswer:
    reasons = _listed(facts.get("job-state-reasons"))
    state = _STATES.get(int(facts.get("job-state", 0)), RemoteState.UNKNOWN)
    detail = str(facts.get("job-state-message") or "").strip()[:200]
    if state is RemoteState.WAITING and {"job-data-insufficient", "job-incoming"} & set(reasons):
        return JobAnswer(RemoteState.INCOMPLETE)
    if state is RemoteState.WAITING and int(facts["job-state"]) == _HELD:
        return JobAnswer(state, "held")
    if state is RemoteState.ABORTED:
        return JobAnswer(state, "aborted", detail)
    if state is RemoteState.CANCELED:
        return JobAnswer(state, "canceled_there", detail)
    return JobAnswer(state, "lost" if state is RemoteState.UNKNOWN else "")


def reason_trouble(keyword: str) -> tuple[str, str]:
    """Return the trouble a state reason stands for, and the word itself; a mere warning (low toner) is none."""
    word, severity = keyword, ""
    for suffix in ("-error", "-warning", "-report"):
        if keyword.endswith(suffix):
            word, severity = keyword.removesuffix(suffix), suffix
    if word in _REASONS:
        return _REASONS[word], keyword
    return ("printer_says", keyword) if severity == "-error" else ("", "")


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _first(answer: Mapping[str, Any], group: str) -> Mapping[str, Any]:
    found = answer.get(group) or []
    if not found:
        raise PrinterTrouble("not_a_printer")
    facts: Mapping[str, Any] = found[0]
    return facts


def _no_address(printer: str) -> ZhibanError:
    return ZhibanError(
        _("{printer} is neither a printer's name nor an address.").format(printer=printer or '""'),
        next_step=_("Give a CUPS queue's name, or an address such as ipp://192.168.1.20/ipp/print."),
    )


# --- the wire ---------------------------------------------------------------------------------------------


def _ask(
    printer: str, operation: str, said: dict[str, Any], seconds: float, stop: threading.Event | None
) -> dict[str, Any]:
    """Send one request and return the printer's answer; every way it can go wrong becomes a trouble."""
    address = printer_address(printer)
    try:
        from pyipp import IPP
        from pyipp.enums import IppOperation
    except ImportError as error:
        raise ZhibanError(
            _("What speaks to printers is not installed."),
            next_step=_("Install it with: {command}").format(command="pip install 'zhiban[paper]'"),
        ) from error

    async def exchange() -> dict[str, Any]:
        async with IPP(address, request_timeout=int(seconds)) as ipp:
            return await _in_time(lambda: _execute(ipp, IppOperation[operation], said), seconds, stop)

    try:
        return asyncio.run(exchange())
    except PrinterTrouble as trouble:
        if trouble.code == "unreachable" and address.startswith(CUPS):
            raise PrinterTrouble("no_cups") from trouble
        raise


async def _execute(ipp: IPP, operation: Any, said: dict[str, Any]) -> dict[str, Any]:
    import pyipp

    who = {"requesting-user-name": USER}
    about = {**said, "operation-attributes-tag": {**who, **said["operation-attributes-tag"]}}
    try:
        return await ipp.execute(operation, about)
    except pyipp.IPPConnectionUpgradeRequired as error:
        raise PrinterTrouble("no_secure_line") from error
    except pyipp.IPPConnectionError as error:
        raise _unreached(error.__cause__) from error
    except pyipp.IPPResponseError as error:
        status = int(error.args[1]["status-code"])
        raise PrinterTrouble(_HTTP.get(status, "not_a_printer"), f"HTTP {status}") from error
    except pyipp.IPPVersionNotSupportedError as error:
        raise PrinterTrouble("too_old") from error
    except pyipp.IPPParseError as error:
        raise PrinterTrouble("not_a_printer") from error
    except pyipp.IPPError as error:
        raise _Status(int(error.args[1]["status-code"])) from error
    except (
        UnicodeError,
        ValueError,
        OSError,
    ) as error:  # an answer that is no HTTP, a line cut in the middle
        raise _unreached(error) from error


def _unreached(cause: BaseException | None) -> PrinterTrouble:
    import aiohttp

    known = getattr(cause, "os_error", cause)
    if isinstance(known, socket.gaierror):
        return PrinterTrouble("no_such_host")
    if isinstance(cause, aiohttp.ClientSSLError):
        return PrinterTrouble("no_secure_line")
    if isinstance(cause, aiohttp.ClientResponseError | UnicodeError):
        return PrinterTrouble("not_a_printer")
    return PrinterTrouble("unreachable")


async def _in_time(call: Callable[[], Awaitable[T]], seconds: float, stop: threading.Event | None) -> T:
    """Await ``call`` for at most ``seconds``, or until the program ends."""
    task = asyncio.ensure_future(call())
    deadline = asyncio.get_running_loop().time() + seconds
    while not task.done():
        await asyncio.wait({task}, timeout=STOP_SECONDS)
        stopped = stop is not None and stop.is_set()
        if task.done() or not (stopped or asyncio.get_running_loop().time() > deadline):
            continue
        task.cancel()
        await asyncio.wait({task})
        if stopped:
            raise Interrupted
        raise PrinterTrouble("unreachable")
    return task.result()
