"""Both leaders sign at one terminal (Art. 21 to 24): each with the own work number and PIN."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Digits, Input, Label, Static

from locales import N_, _
from regulation.findings import Blocker
from regulation.handover import Side
from tui.handover_text import Moment, blocker_line, outstanding, signature_line
from tui.screens.dialog import DeskDialog
from tui.widgets.fitted import FittedLines

if TYPE_CHECKING:
    from operations.handover import HandoverView, SignatureRow

DIGEST_SIGNS = 8
SIDES = (Side.OUTGOING, Side.INCOMING)
SIDE_NAMES = {Side.OUTGOING: N_("Handing over"), Side.INCOMING: N_("Taking over")}


class SignatureDialog(DeskDialog[str | None]):
    """Two panels side by side; dismisses with the digest once the log is sealed.

    The rostered leaders' work numbers are filled in already, so each side types a PIN and Enter.
    """

    CSS_PATH = "signature_dialog.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (40, "-tall")]  # noqa: RUF012  declared so by the toolkit
    BINDINGS: ClassVar[list[BindingType]] = [
        # Taken before the field sees it: whoever types ahead is in the next field at once.
        Binding("enter", "next_line", N_("next line"), show=False, priority=True),
        Binding("escape", "cancel", N_("back")),
        Binding("pageup", "page(-1)", N_("page up"), show=False),
        Binding("pagedown", "page(1)", N_("page down"), key_display="PgDn"),
    ]

    def __init__(self, view: HandoverView, signer: str) -> None:
        super().__init__()
        assert view.handover_id is not None
        self._handover_id = view.handover_id
        self._view = view
        self._signer = signer
        self._signing: Side | None = None
        self._asking = False
        self._ask_once_more = False

    def title_text(self) -> Content:
        """Which shift passes to which."""
        return Content(_("Sign the handover (Art. 21): everything the next shift takes over"))

    def compose_fields(self) -> ComposeResult:
        """What is outstanding, the two panels, then the digest."""
        with VerticalScroll(id="signature-outstanding", can_focus=False):
            yield FittedLines(id="signature-page")
        with Horizontal(id="signature-panels"):
            for side in SIDES:
                with Vertical(classes="signature-panel", id=f"panel-{side}"):
                    yield Static(id=f"state-{side}")
                    yield Label(_("Work number"))
                    yield Input(id=f"number-{side}", max_length=16, compact=True)
                    yield Label(_("PIN"))
                    yield Input(id=f"pin-{side}", password=True, max_length=64, compact=True)
        yield FittedLines(id="signature-blocked")
        with Vertical(id="signature-sealed"):
            yield Digits(id="signature-digest")
            yield Static(id="signature-words")

    def on_mount(self) -> None:
        """Fill in who is rostered, start at the first empty line, and follow the other terminal."""
        for side in SIDES:
            self.query_one(f"#number-{side}", Input).value = self._rostered_number(side)
        self._show()
        self._focus_next()
        self.watch(self.app, "data_version", self._ask_again, init=False)

    # Signing -------------------------------------------------------------------------------------------

    def action_next_line(self) -> None:
        """From the work number to the PIN; from the PIN sign, once both fields have taken every key typed before."""
        field = self.focused
        if not isinstance(field, Input):
            return
        name, _dash, side = (field.id or "").partition("-")
        pin = self.query_one(f"#pin-{side}", Input)
        if name == "number":
            self.set_focus(pin)
        else:
            number = self.query_one(f"#number-{side}", Input)
            number.call_later(pin.call_later, self._sign, Side(side))

    def _sign(self, side: Side) -> None:
        from operations.handover import sign_in_take_over, sign_out

        number = self.query_one(f"#number-{side}", Input).value
        pin = self.query_one(f"#pin-{side}", Input).value
        if self._signing is not None or not (number and pin):
            return
        self._signing = side
        self.set_problem("")
        self._show_blocked(())
        self.query_one(f"#state-{side}", Static).update(
            Content.styled("… " + _("checking the PIN"), "$attention")
        )
        operation: Callable[..., object] = sign_out if side is Side.OUTGOING else sign_in_take_over
        seen = self._view.version
        self.run_operation(
            operation, number, pin, self.desk.clock(), self._handover_id, seen, then=self._signed
        )

    def _signed(self, _result: object) -> None:
        self._clear_pin()
        self.desk.data_version += 1

    @on(DeskDialog.OperationRefused)
    def _signature_refused(self, event: DeskDialog.OperationRefused) -> None:
        side = self._clear_pin()
        if side is None:
            self._answer_arrived()
            return
        self._show()
        blockers = getattr(event.error, "blockers", ())
        if len(blockers) > 1:
            self._show_blocked(blockers)
        self.query_one(f"#pin-{side}", Input).focus()

    def _show_blocked(self, blockers: Sequence[Blocker]) -> None:
        def lines(width: int) -> Content:
            return Content("\n").join([blocker_line(blocker, width) for blocker in blockers])

        self.query_one("#signature-blocked", FittedLines).show_lines(lines)

    def _clear_pin(self) -> Side | None:
        side, self._signing = self._signing, None
        if side is not None:
            self.query_one(f"#pin-{side}", Input).value = ""
        return side

    # Following -----------------------------------------------------------------------------------------

    def _ask_again(self) -> None:
        """Another terminal may have signed: the record says, not what this one did."""
        from operations.handover import sealed_handover

        if self.desk.actor is None:
            return
        if self._asking:
            self._ask_once_more = True
            return
        self._asking = True
        self.run_operation(
            sealed_handover, self.desk.signed_in, self.desk.clock(), self._handover_id, then=self._answered
        )

    def _answered(self, view: HandoverView) -> None:
        signed_before, self._view = self._signatures(), view
        self._show()
        if self._signatures() != signed_before:
            self._focus_next()
        self._answer_arrived()

    def _answer_arrived(self) -> None:
        self._asking = False
        if self._ask_once_more:
            self._ask_once_more = False
            self._ask_again()

    def _signatures(self) -> tuple[bool, ...]:
        return tuple(self._row(side).signed_at is not None for side in SIDES)

    # Showing -------------------------------------------------------------------------------------------

    def _show(self) -> None:
        for side in SIDES:
            row = self._row(side)
            state = signature_line(_(SIDE_NAMES[side]), row, self._moment)
            if side is not self._signing:
                self.query_one(f"#state-{side}", Static).update(state)
            waits = side is Side.INCOMING and self._view.outgoing.signed_at is None
            for field in ("number", "pin"):
                self.query_one(f"#{field}-{side}", Input).disabled = row.signed_at is not None or waits
        self._show_page()
        self._show_digest()

    def _show_page(self) -> None:
        view, moment = self._view, self._moment
        page = self.query_one("#signature-page", FittedLines)
        page.show_lines(lambda width: outstanding(view, width, moment))

    def _show_digest(self) -> None:
        digest = self._view.digest
        self.query_one("#signature-sealed").display = bool(digest)
        self.query_one("#signature-panels").set_class(bool(digest), "-sealed")
        if digest:
            self.query_one("#signature-digest", Digits).update(digest[:DIGEST_SIGNS].upper())
            words = _("Sealed. The paper carries these signs; Esc goes back, then p prints.")
            self.query_one("#signature-words", Static).update(Content.styled("✓ " + words, "$ok"))

    def _focus_next(self) -> None:
        """Go to the first line that still waits to be filled in."""
        for side in SIDES:
            if self._row(side).signed_at is None:
                number = self.query_one(f"#number-{side}", Input)
                field = self.query_one(f"#pin-{side}", Input) if number.value else number
                field.focus()
                return
        self.set_focus(None)

    def _row(self, side: Side) -> SignatureRow:
        return self._view.outgoing if side is Side.OUTGOING else self._view.incoming

    def _rostered_number(self, side: Side) -> str:
        numbers = [work_number(leader) for leader in self._row(side).leaders]
        return self._signer if self._signer in numbers else next(iter(numbers), "")

    @property
    def _moment(self) -> Moment:
        now: datetime = self.desk.clock()
        return Moment(now, self.desk.zone)

    def action_page(self, pages: int) -> None:
        """Turn the page of everything outstanding, where it does not fit."""
        page = self.query_one("#signature-outstanding", VerticalScroll)
        page.scroll_relative(y=pages * max(1, page.size.height - 1), animate=False)

    def action_cancel(self) -> None:
        """Leave; with the digest when the log is sealed."""
        self.dismiss(self._view.digest or None)


def work_number(named: str) -> str:
    """Return the work number of someone named like ``王建国(1003)``."""
    found = re.search(r"\(([^()]+)\)$", named)
    return found.group(1) if found else ""
