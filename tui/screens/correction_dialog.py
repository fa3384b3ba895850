"""Asking for a correction of attendance, and refusing one (Art. 33)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from locales import _
from regulation.duty_verdicts import CORRECTABLE, VERDICT_NAMES, DutyVerdict
from tui.attendance_words import time_within, verdict_words
from tui.cells import plain
from tui.screens.form_dialog import Field, FormDialog

if TYPE_CHECKING:
    from operations.attendance import DutyEvidence
    from operations.attendance_corrections import CorrectionAsked

# A time that is typed belongs to the duty when it lies within so much of it; the rule itself is stricter.
BEFORE, AFTERWARDS = timedelta(hours=2), timedelta(hours=6)


class CorrectionDialog(FormDialog[bool]):
    """Asks, and dismisses with ``True`` once it was asked."""

    def __init__(self, found: DutyEvidence) -> None:
        choices = " / ".join(_(VERDICT_NAMES[verdict]) for verdict in _choices())
        super().__init__(
            _("Ask for a correction (Art. 33): somebody else decides it"),
            verdict_words(found.judged.judgement),
            [
                Field("came", _("Really came at"), hint="21:50", longest=5),
                Field("left", _("Really left at"), hint="06:05", longest=5),
                Field("verdict", _("Or the verdict itself: {choices}").format(choices=choices), longest=40),
                Field("reason", _("What happened"), _("A correction needs a reason"), longest=300),
                Field(
                    "proofs",
                    _("What shows it: a door event, a log entry, a paper"),
                    _("A correction needs something that shows it"),
                    longest=200,
                ),
            ],
        )
        self._row = found.judged.row

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> bool:
        """Not used: the answer is the operation's."""
        raise NotImplementedError

    def action_accept(self) -> None:
        """Ask; what the rule refuses stays in the form."""
        from operations.attendance_corrections import ask_correction

        values = {name: self._value(name) for name in ("came", "left", "verdict", "reason", "proofs")}
        try:
            asked = self._request(values)
        except ValueError as problem:
            self.set_problem(str(problem))
            return
        args = (self.desk.signed_in, self.desk.clock(), asked)
        self.run_operation(ask_correction, *args, then=lambda _id: self.accepted(True))

    def _value(self, name: str) -> str:
        from textual.widgets import Input

        return self.query_one(f"#{name}", Input).value.strip()

    def _request(self, values: Mapping[str, str]) -> CorrectionAsked:
        from operations.attendance_corrections import CorrectionAsked

        proofs = tuple(p.strip() for p in values["proofs"].replace("，", ",").split(",") if p.strip())
        came, left = (self._time(values[name]) for name in ("came", "left"))
        return CorrectionAsked(
            self._row.id, values["reason"], proofs, came, left, _verdict(values["verdict"])
        )

    def _time(self, text: str) -> datetime | None:
        if not text:
            return None
        row = self._row
        at = time_within(text, row.starts_at - BEFORE, row.ends_at + AFTERWARDS, self.desk.zone)
        if at is None:
            raise ValueError(_("A time is written like 21:50, and lies within the duty or around it."))
        return at


class RefuseCorrectionDialog(FormDialog[str]):
    """Dismisses with the reason of a refusal."""

    def __init__(self, asked: str) -> None:
        super().__init__(
            _("Refuse the correction"),
            plain(asked),
            [Field("reason", _("Why (goes into the record)"), _("Say why it is refused."), longest=300)],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> str:
        """Return the reason."""
        return values["reason"]


def _choices() -> list[DutyVerdict]:
    return [verdict for verdict in DutyVerdict if verdict in CORRECTABLE]


def _verdict(text: str) -> DutyVerdict | None:
    if not text:
        return None
    wanted = text.casefold()
    for verdict in _choices():
        if wanted in (verdict.value, _(VERDICT_NAMES[verdict]).casefold()):
            return verdict
    raise ValueError(_("There is no such verdict: {text}").format(text=text))
