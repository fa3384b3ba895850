"""The evidence of one duty: passes on a bar, signatures, leave, the rules that decided, corrections (Art. 33)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.corrections import STATE_NAMES, CorrectionState
from regulation.duty_verdicts import VERDICT_NAMES
from regulation.findings import FINDING_CODES
from regulation.records import Direction
from tui.attendance_words import evidence_name, near_time, rule_words, verdict_words
from tui.cells import clock_time, fit, joined, plain, wrapped
from tui.duty_bar import bar_lines
from tui.screens.dialog import DeskDialog

if TYPE_CHECKING:
    from operations.attendance import DutyEvidence
    from operations.attendance_corrections import CorrectionRow
    from regulation.attendance_evidence import Pass

LABEL_WIDTH = 12
WRAP_WIDTH = 56
WAYS = {Direction.IN: N_("in"), Direction.OUT: N_("out"), Direction.NONE: N_("seen")}
_SIGNS = {
    CorrectionState.REQUESTED: ("?", "$attention"),
    CorrectionState.APPROVED: ("✓", "$ok"),
    CorrectionState.REFUSED: ("✗", "$breach"),
    CorrectionState.WITHDRAWN: ("·", "$past"),
}


class DutyEvidenceDialog(DeskDialog[bool | None]):
    """Dismisses with ``True`` when something was asked or decided."""

    TITLE = N_("Evidence of a duty (Art. 33)")
    AUTO_FOCUS = "#evidence"
    DEFAULT_CSS = """
    DutyEvidenceDialog .dialog { width: 80; max-width: 100%; }
    DutyEvidenceDialog #evidence { height: auto; max-height: 17; scrollbar-size-vertical: 1; }
    DutyEvidenceDialog #evidence Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "correct", N_("ask for a correction")),
        Binding("a", "approve", N_("approve")),
        Binding("r", "refuse", N_("refuse")),
        Binding("w", "withdraw", N_("withdraw")),
    ]

    def __init__(self, duty_id: int) -> None:
        super().__init__()
        self._duty_id = duty_id
        self._shown: DutyEvidence | None = None
        self._changed: bool | None = None

    def compose_fields(self) -> ComposeResult:
        """Room for the evidence."""
        with VerticalScroll(id="evidence"):
            yield Static(id="evidence-lines")

    def on_mount(self) -> None:
        """Ask for it."""
        self._ask()

    def _ask(self) -> None:
        from operations.attendance import duty_verdict

        self.run_operation(
            duty_verdict, self.desk.signed_in, self.desk.clock(), self._duty_id, then=self._show
        )

    def _show(self, found: DutyEvidence) -> None:
        self._shown = found
        person, row = found.person, found.judged.row
        zone = self.desk.zone
        hours = f"{clock_time(row.starts_at, zone)}–{clock_time(row.ends_at, zone)}"
        self.set_title(plain(f"{person.name}({person.work_number})  {row.date.isoformat()}  {hours}"))
        self.query_one("#evidence-lines", Static).update(Content("\n").join(self._lines(found)))
        self.refresh_bindings()

    # What it shows --------------------------------------------------------------------------------------

    def _lines(self, found: DutyEvidence) -> list[Content]:
        said, zone, day = found.judged.judgement, self.desk.zone, found.judged.row.date
        lines = [_fact(N_("Verdict"), verdict_words(said)), Content("")]
        labels = ("", N_("Duty"), N_("Inside"))
        bars = bar_lines(found.judged.duty.record, found.evidence, zone)
        lines += [_fact(label, bar) for label, bar in zip(labels, bars, strict=True)]
        lines.append(Content(""))
        for line in said.lines:
            first, *more = wrapped(rule_words(line, day, zone), WRAP_WIDTH)
            lines += [_fact(N_("Because"), first), *(_fact("", rest) for rest in more)]
        lines += [
            _fact(
                N_("Breach"),
                plain(
                    _(FINDING_CODES[one.code].text).format(**one.details) + f" ({_article(one.article)})",
                    "$breach",
                ),
            )
            for one in said.findings
        ]
        lines += [_fact(N_("Door"), self._pass(seen, found)) for seen in found.evidence.passes]
        lines += self._other_witnesses(found)
        lines += [line for row in found.corrections for line in self._correction(row, found)]
        if said.superseded is not None:
            lines.append(_fact(N_("Before"), verdict_words(said.superseded)))
        return lines

    def _pass(self, seen: Pass, found: DutyEvidence) -> Content:
        day, zone = found.judged.row.date, self.desk.zone
        notes = [
            _("its clock is not sure") if seen.clock_suspect else "",
            _("by a leader's word") if seen.by_word else "",
            _("to fetch a visitor") if seen.for_visitor else "",
        ]
        head = plain(f"{near_time(seen.at, day, zone)} {_(WAYS[seen.direction])}")
        return joined(
            [head, Content.styled(evidence_name(seen.id), "$faint"), *(plain(n) for n in notes if n)]
        )

    def _other_witnesses(self, found: DutyEvidence) -> Iterable[Content]:
        day, zone, said = found.judged.row.date, self.desk.zone, found.evidence
        for signature in said.signatures:
            text = f"{near_time(signature.at, day, zone)} {evidence_name(signature.id)}"
            yield _fact(N_("Signed"), plain(text))
        for permit in said.permits:
            span = f"{near_time(permit.from_at, day, zone)}–{near_time(permit.back_by, day, zone)}"
            yield _fact(N_("Permit"), plain(f"{span} {evidence_name(f'permit:{permit.id}')}"))
        for outage in said.outages:
            end = near_time(outage.until_at, day, zone) if outage.until_at else "…"
            text = _("{door} recorded nobody from {begin} to {end}")
            begin = near_time(outage.from_at, day, zone)
            yield _fact(
                N_("Outage"), plain(text.format(door=outage.door, begin=begin, end=end), "$attention")
            )

    def _correction(self, row: CorrectionRow, found: DutyEvidence) -> list[Content]:
        day, zone = found.judged.row.date, self.desk.zone
        sign, style = _SIGNS[row.state]
        parts = [f"{sign} {_(STATE_NAMES[row.state])}"]
        if row.came_at:
            parts.append(_("came {time}").format(time=near_time(row.came_at, day, zone)))
        if row.left_at:
            parts.append(_("left {time}").format(time=near_time(row.left_at, day, zone)))
        if row.verdict:
            parts.append(_(VERDICT_NAMES[row.verdict]))
        why = _("{who}: {reason} ({proofs})").format(
            who=row.asked_by, reason=row.reason, proofs=", ".join(row.proofs)
        )
        lines = [_fact(N_("Correction"), plain(", ".join(parts), style)), _fact("", plain(why))]
        if row.decided_at is not None:
            decided = "  ".join(
                p for p in (row.decided_by, near_time(row.decided_at, day, zone), row.decision_reason) if p
            )
            lines.append(_fact("", plain(decided, "$faint")))
        return lines

    # What may be done -----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what this person may do now."""
        if action == "correct":
            return self._shown is not None and self._shown.may_correct and self._waiting() is None
        if action in ("approve", "refuse"):
            waiting = self._waiting()
            return waiting is not None and waiting.may_decide
        if action == "withdraw":
            waiting = self._waiting()
            return waiting is not None and waiting.may_withdraw
        return super().check_action(action, parameters)

    def _waiting(self) -> CorrectionRow | None:
        rows = self._shown.corrections if self._shown is not None else ()
        return next((row for row in rows if row.state is CorrectionState.REQUESTED), None)

    def action_correct(self) -> None:
        """Ask for a correction."""
        from tui.screens.correction_dialog import CorrectionDialog

        if self._shown is not None:
            self.app.push_screen(CorrectionDialog(self._shown), self._asked)

    def _asked(self, asked: object) -> None:
        if asked is not None:
            self._done(None)

    def action_approve(self) -> None:
        """Approve the correction that waits."""
        from operations.attendance_corrections import approve_correction

        if (row := self._waiting()) is not None:
            args = (self.desk.signed_in, self.desk.clock(), row.id)
            self.run_operation(approve_correction, *args, then=self._done)

    def action_refuse(self) -> None:
        """Refuse it, with the reason."""
        from operations.attendance_corrections import refuse_correction
        from tui.screens.correction_dialog import RefuseCorrectionDialog

        row = self._waiting()
        if row is None:
            return

        def refused(reason: str | None) -> None:
            if reason is not None:
                args = (self.desk.signed_in, self.desk.clock(), row.id, reason)
                self.run_operation(refuse_correction, *args, then=self._done)

        self.app.push_screen(RefuseCorrectionDialog(row.reason), refused)

    def action_withdraw(self) -> None:
        """Withdraw one's own request."""
        from operations.attendance_corrections import withdraw_correction

        if (row := self._waiting()) is not None:
            args = (self.desk.signed_in, self.desk.clock(), row.id)
            self.run_operation(withdraw_correction, *args, then=self._done)

    def _done(self, _result: None) -> None:
        self._changed = True
        self.set_problem("")
        self._ask()

    def action_cancel(self) -> None:
        """Leave; whoever opened it hears whether anything changed."""
        self.dismiss(self._changed)


def _fact(label: str, value: Content) -> Content:
    return Content.assemble(fit(Content.styled(_(label) if label else "", "$faint"), LABEL_WIDTH), value)


def _article(number: int) -> str:
    return _("Art. {number}").format(number=number)
