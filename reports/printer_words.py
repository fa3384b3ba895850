"""What can keep a paper from coming out, in words a shift leader understands, each with what to do about it.

A trouble is kept and passed on as its code; the words are looked up where it is shown, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from locales import N_, _


@dataclass(frozen=True, slots=True)
class Trouble:
    """``text`` and ``next_step`` are messages; ``passes`` says that it may end by itself or by someone's hand
    at the printer, so that the job goes on without being asked for again."""

    text: str
    next_step: str
    passes: bool = True


_GOES_ON = N_("The job is kept and goes on by itself.")
_ADDRESS = N_("Correct the printer's name or address, then print again; nothing was lost.")
_LOOK = N_("Look whether the paper came out; if not, retry it.")

TROUBLES: Mapping[str, Trouble] = MappingProxyType(
    {
        # Nobody answered, or not a printer.
        "unreachable": Trouble(
            N_("The printer does not answer."),
            N_("Switch it on, check its cable and its address; the job is kept and tried again."),
        ),
        "no_cups": Trouble(
            N_("The printing system (CUPS) of this machine does not answer."),
            N_("Start it (systemctl start cups), or print to the printer's own address; the job is kept."),
        ),
        "no_such_host": Trouble(
            N_("No machine of that name is known in the network."),
            N_("Check the printer's address and the network; the job is kept and tried again."),
        ),
        "no_printer_there": Trouble(
            N_("There is no printer of that name or address."), _ADDRESS, passes=False
        ),
        "not_a_printer": Trouble(N_("What answers at that address is no printer."), _ADDRESS, passes=False),
        "no_secure_line": Trouble(
            N_("The printer and this machine find no secure connection."),
            N_("Try its address with ipp:// instead of ipps://, or the other way round."),
            passes=False,
        ),
        # It answered and refused.
        "not_allowed": Trouble(
            N_("The printer takes no jobs from this machine."),
            N_("Ask whoever keeps the printer to allow this machine, then retry."),
            passes=False,
        ),
        "not_accepting": Trouble(N_("The printer takes no jobs at present."), _GOES_ON),
        "busy": Trouble(N_("The printer is busy."), _GOES_ON),
        "no_pdf": Trouble(
            N_("The printer cannot print PDF."),
            N_("Add it to CUPS as a queue and print to the queue's name."),
            passes=False,
        ),
        "too_old": Trouble(
            N_("The printer does not understand how the job is sent."),
            N_("Add it to CUPS as a queue and print to the queue's name."),
            passes=False,
        ),
        "refused": Trouble(
            N_("The printer refused the job."), N_("Look at the printer's display, then retry.")
        ),
        # It has the job and waits for a hand.
        "media_empty": Trouble(
            N_("The printer is out of paper."), N_("Put in A4 paper; it goes on by itself.")
        ),
        "media_jam": Trouble(N_("Paper is jammed in the printer."), N_("Take it out; it goes on by itself.")),
        "door_open": Trouble(N_("A cover of the printer is open."), N_("Close it; it goes on by itself.")),
        "toner_empty": Trouble(
            N_("The printer is out of toner or ink."), N_("Change the cartridge; it goes on by itself.")
        ),
        "tray_missing": Trouble(
            N_("A tray of the printer is missing."), N_("Put it in; it goes on by itself.")
        ),
        "output_full": Trouble(
            N_("The printer's output tray is full."), N_("Take the paper out; it goes on by itself.")
        ),
        "paused": Trouble(N_("The printer is paused."), N_("Resume it at its display or in CUPS.")),
        "offline": Trouble(
            N_("The printer behind the queue does not answer."), N_("Switch it on; the job is kept.")
        ),
        "held": Trouble(N_("The printer holds the job back."), N_("Release it at the printer's display.")),
        "printer_says": Trouble(N_("The printer reports: {detail}"), N_("Look at the printer's display.")),
        # The job ended without paper, or nobody knows.
        "aborted": Trouble(
            N_("The printer gave the job up."), N_("Look at the printer, then retry."), passes=False
        ),
        "canceled_there": Trouble(
            N_("The job was canceled at the printer."),
            N_("Retry it, or cancel it here as well."),
            passes=False,
        ),
        "lost": Trouble(N_("The printer no longer knows this job."), _LOOK, passes=False),
        "document_gone": Trouble(
            N_("The kept document is gone from this machine."),
            N_("Cancel the job and print the day again."),
            passes=False,
        ),
        "cancel_unheard": Trouble(
            N_("Canceled here; the printer did not answer and may still print it."),
            N_("Cancel it at the printer's display too."),
        ),
    }
)


def trouble_words(code: str, detail: str = "") -> tuple[str, str]:
    """Return what is wrong and what to do, in the reader's language; both empty for no trouble.

    ``detail`` is the printer's own word. A code of a later version is shown as it is.
    """
    if not code:
        return "", ""
    trouble = TROUBLES.get(code)
    if trouble is None:
        return code, ""
    if "{detail}" in trouble.text:
        return _(trouble.text).format(detail=detail or "?"), _(trouble.next_step)
    return _(trouble.text), _(trouble.next_step)
