"""Answering a swap from wherever it waits: agree or consent, refuse, withdraw, look at it whole (Art. 38)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from locales import _
from tui.screens.form_dialog import Field, FormDialog
from tui.swap_words import swap_content

if TYPE_CHECKING:
    from operations.swap_views import SwapRow
    from tui.screens.desk import DeskScreen


class SwapReasonDialog(FormDialog[str]):
    """Why a swap is refused or withdrawn; whoever is part of it may leave it out."""

    def __init__(self, title: str, swap: SwapRow) -> None:
        missing = "" if swap.mine else _("Say why; the record needs it.")
        super().__init__(
            title,
            swap_content(swap),
            [Field("reason", _("Why (goes into the record)"), missing, longest=200)],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """Return the reason."""
        return values["reason"]


def accept_swap(screen: DeskScreen, swap: SwapRow) -> None:
    """Agree to a swap, or consent to it, whichever it waits for."""
    from operations.swap_views import CONSENT
    from operations.swaps import agree_swap, consent_swap

    if swap.waits_for_me == CONSENT:
        said = _("Consented: the duties have gone over.")
        screen.run_operation(consent_swap, screen.actor, screen.desk.clock(), swap.id, success=said)
    else:
        said = _("Agreed.")
        screen.run_operation(agree_swap, screen.actor, screen.desk.clock(), swap.id, success=said)


def refuse_swap_with_reason(screen: DeskScreen, swap: SwapRow) -> None:
    """Refuse a swap, with a word why."""
    from operations.swaps import refuse_swap

    def decided(reason: str | None) -> None:
        if reason is not None:
            args = (screen.actor, screen.desk.clock(), swap.id, reason)
            screen.run_operation(refuse_swap, *args, success=_("The swap was refused."))

    screen.app.push_screen(SwapReasonDialog(_("Refuse the swap"), swap), decided)


def withdraw_swap_with_reason(screen: DeskScreen, swap: SwapRow) -> None:
    """Withdraw a swap; what it had changed is as before."""
    from operations.swaps import withdraw_swap

    def decided(reason: str | None) -> None:
        if reason is not None:
            args = (screen.actor, screen.desk.clock(), swap.id, reason)
            screen.run_operation(withdraw_swap, *args, success=_("Withdrawn; the duties are as they were."))

    screen.app.push_screen(SwapReasonDialog(_("Withdraw the swap"), swap), decided)


def look_at_swap(screen: DeskScreen, swap: SwapRow) -> None:
    """Show a swap whole; what is decided there is done here."""
    from tui.screens.swap_case import SwapCaseDialog

    acts = {"accept": accept_swap, "refuse": refuse_swap_with_reason, "withdraw": withdraw_swap_with_reason}

    def decided(act: str | None) -> None:
        if act:
            acts[act](screen, swap)

    screen.app.push_screen(SwapCaseDialog(swap), decided)
