"""A visitor who waits (Art. 20): everything known, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Label, Static

from locales import N_, _
from tui import rows
from tui.cells import clock_time, day_time, elapsed, fit, plain
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.visits import WaitingVisit

LABEL_WIDTH = 14


@dataclass(frozen=True, slots=True)
class VisitDecision:
    """Approve, for so many minutes from now (``None``: as asked for), or refuse."""

    approve: bool
    minutes: int | None = None


class VisitDialog(DeskDialog[VisitDecision | None]):
    """The details of a waiting visit."""

    TITLE = N_("A visitor waits for your decision")
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", N_("approve")),
        Binding("r", "refuse", N_("refuse")),
    ]

    def __init__(self, visit: WaitingVisit, now: datetime, zone: tzinfo) -> None:
        super().__init__()
        self._visit = visit
        self._now = now
        self._zone = zone

    def compose_fields(self) -> ComposeResult:
        """Show what the visitor said, and ask for how long."""
        yield Static(Content("\n").join(self._lines()), classes="dialog--text")
        yield Label(_("Minutes from now (empty: as asked for)"))
        yield Input(id="minutes", type="integer", max_length=4)
        yield Static(
            Content.styled(
                _("Art. 20: enters only with an escort on duty who badges at the door."), "$faint"
            ),
            classes="dialog--text",
        )

    def _lines(self) -> list[Content]:
        visit, zone = self._visit, self._zone
        window = f"{day_time(visit.starts_at, self._now, zone)}–{clock_time(visit.ends_at, zone)}"
        asked = _("{time}, {waited} ago, from {place}").format(
            time=day_time(visit.requested_at, self._now, zone),
            waited=elapsed(self._now - visit.requested_at),
            place=visit.requested_from,
        )
        facts = (
            (N_("Visitor"), rows.visitor_name(visit)),
            (N_("Reason"), rows.visit_reason_words(visit)),
            (N_("Sponsor"), plain(visit.sponsor or "—")),
            (N_("Job title"), plain(visit.job_title or "—")),
            (N_("Telephone"), plain(visit.phone or "—")),
            (N_("Carries"), plain(visit.carried or "—")),
            (N_("Time"), Content(window)),
            (N_("Asked"), plain(asked)),
        )
        return [
            Content.assemble(fit(Content.styled(_(label), "$faint"), LABEL_WIDTH), value)
            for label, value in facts
        ]

    @on(Input.Submitted)
    def action_approve(self) -> None:
        """Approve, for the minutes given."""
        given = self.query_one("#minutes", Input).value
        self.dismiss(VisitDecision(approve=True, minutes=int(given) if given else None))

    def action_refuse(self) -> None:
        """Refuse; the reason is asked next."""
        self.dismiss(VisitDecision(approve=False))


class RefusalDialog(FormDialog[str]):
    """Why a visitor is refused, for the record."""

    def __init__(self, visit: WaitingVisit) -> None:
        super().__init__(
            _("Refuse entry"),
            rows.visitor_name(visit),
            [Field("note", _("Why (goes into the record)"), missing=_("Say why; the record needs it."))],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """Return the note."""
        return values["note"]
