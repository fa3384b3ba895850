"""Which part of the product keeps which article, and what is still to come: the one place that says so.

An article without a keeper names the later capability that will keep it; one that is only partly kept names
both. Nothing else in the product may claim an article as kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from regulation.marking import N_


class KeptStatus(StrEnum):
    """How far an article is kept today; the value is the message that says so."""

    KEPT = N_("kept")
    PARTLY = N_("partly")
    NOT_YET = N_("not yet kept")


@dataclass(frozen=True, slots=True)
class Kept:
    """The parts that keep an article now (dotted names), and the capability that will keep the rest, if any."""

    kept_by: tuple[str, ...] = ()
    planned: str = ""


_ASSESS, _SEND = "operations.assessment.assessment", "operations.assessment.send_assessment"
_SHOWN = "tui.screens.regulation.RegulationScreen"
_ENTRY = "regulation.access.decide_entry"
_EXIT = "regulation.exits.decide_exit"
_LOG_ENTRY = "operations.shiftlog.write_entry"
_ESCALATE = "regulation.logbook.item_must_escalate"
_SATISFIED = "regulation.logbook.complaint_is_settled"
_SIGN_OUT_BLOCKERS = "regulation.handover.sign_out_blockers"
_SIGN_OUT = "operations.signing.sign_out"
_SIGN_IN = "operations.signing.sign_in_take_over"
_RECORD = "operations.registers.open_record"
_STEP = "operations.registers.take_step"
_WATCH = "operations.watch.keep_watch"
_PATROL = "operations.register_watch.seen_on_patrol"
_WAITING = "operations.register_watch.records_waiting"
_SCORED = "regulation.quality.score"
_QA_PLAN = "operations.quality.qa_plan"

KEEPERS: Mapping[int, Kept] = MappingProxyType(
    {
        1: Kept((_SHOWN,)),
        2: Kept(("regulation.roles.is_centre_personnel", _ENTRY)),
        3: Kept((_ASSESS, _SEND)),
        4: Kept(
            (
                _RECORD,
                _STEP,
                "kiosk.reporting.given",
                "operations.register_watch.reports_found_true",
                _WAITING,
            )
        ),
        5: Kept(("regulation.figures.target_is_missed", _ASSESS)),
        6: Kept((_LOG_ENTRY, "operations.entry_edits.edit_entry")),
        7: Kept((_ESCALATE, "regulation.spot_checks.unchecked_links", "operations.watch.keep_watch")),
        8: Kept(("regulation.figures.form_state", "operations.watch.keep_watch")),
        9: Kept((_LOG_ENTRY, _SATISFIED, "operations.entry_edits.edit_entry")),
        10: Kept(
            (
                "regulation.handover.urgency",
                "regulation.typing_test.typing_is_passed",
                "operations.typing_tests.keep_typing_test",
            )
        ),
        11: Kept((_LOG_ENTRY, "operations.shiftlog.tell", "operations.overdue.judge_untold")),
        12: Kept((_RECORD, _STEP, _WAITING)),
        13: Kept((_RECORD, _STEP, _WAITING)),
        14: Kept((_EXIT, "regulation.relief.return_finding", "operations.permits.permit_seat_leave")),
        15: Kept(("kiosk.dress.answered", "regulation.cleaning.cleaning_is_missing", _PATROL, _WATCH)),
        16: Kept((_RECORD, _PATROL, _WAITING)),
        17: Kept((_RECORD, _PATROL)),
        18: Kept(
            (
                "regulation.line_locks.lock_is_overrun",
                "regulation.line_locks.lock_is_permitted",
                _STEP,
                _PATROL,
                _WATCH,
            )
        ),
        19: Kept((_LOG_ENTRY, "operations.assets.set_asset", _RECORD, _WAITING)),
        20: Kept((_ENTRY, "regulation.escorting.decide_escort", "operations.visits.approve_visit")),
        21: Kept(
            (
                "regulation.relief.relief_is_early",
                "regulation.reminders.handover_is_overdue",
                "regulation.handover_ways.no_show_is_due",
                _SIGN_OUT_BLOCKERS,
                _SIGN_OUT,
                _SIGN_IN,
            )
        ),
        22: Kept((_SIGN_OUT_BLOCKERS, _SIGN_OUT)),
        23: Kept((_SIGN_OUT_BLOCKERS, _SIGN_OUT, "operations.standing.override")),
        24: Kept((_EXIT, "regulation.relief.leaving_finding", "operations.reliefs.assign_relief")),
        25: Kept(("regulation.responsibility.who_answers", "operations.responsibility.ask_responsibility")),
        26: Kept(
            (_SHOWN, "regulation.undertakings.undertaking_state", "operations.undertakings.undertakings_due")
        ),
        27: Kept((_SHOWN, _PATROL)),
        28: Kept(
            (
                "regulation.confidentiality.masked_number",
                "regulation.confidentiality.reveal_ends_at",
                "operations.directory.reveal_number",
            )
        ),
        29: Kept((_SHOWN, _PATROL)),
        30: Kept((_SHOWN,)),
        31: Kept(("regulation.confidentiality.may_read", "operations.readings.read_confidential")),
        32: Kept(("regulation.confidentiality.file_is_private", "operations.sealing.keep_sealed")),
        33: Kept(
            (
                "regulation.attendance.judge",
                "regulation.corrections.request_refusal",
                "regulation.corrections.approval_refusal",
                "operations.attendance.duty_verdict",
                "operations.attendance_corrections.approve_correction",
                "operations.punch_import.import_punches",
            )
        ),
        34: Kept(
            (
                "regulation.attendance_month.totals",
                "regulation.attendance_month.submission_blockers",
                "regulation.attendance_month.late_submission",
                "operations.attendance_months.submit_month",
                "operations.watch.keep_watch",
            )
        ),
        35: Kept(
            (
                "regulation.leave.may_ask",
                "regulation.leave.notice_refusal",
                "regulation.leave_routing.decision_refusal",
                "regulation.leave_reminders.is_undecided_too_long",
                "operations.leave.ask_leave",
                "operations.leave_decisions.approve_leave",
            )
        ),
        36: Kept(("regulation.leave_routing.manager_is_needed", "operations.leave_decisions.approve_leave")),
        37: Kept(("regulation.leave_routing.approval_refusal", "operations.leave_decisions.approve_leave")),
        38: Kept(
            (
                "regulation.swaps.may_ask",
                "regulation.swaps.may_agree",
                "regulation.swaps.may_consent",
                "regulation.swaps.may_withdraw",
                "operations.swaps.consent_swap",
                "regulation.leave.special_deadline",
            )
        ),
        39: Kept((_SCORED, _QA_PLAN)),
        40: Kept((_SCORED, _QA_PLAN, _WAITING)),
        41: Kept((_SCORED, _QA_PLAN)),
        42: Kept((_RECORD, _STEP, _WAITING)),
        43: Kept((_SCORED, _QA_PLAN)),
        44: Kept((_ASSESS, _SEND, "regulation.assessment.late_assessment", _WATCH)),
    }
)
