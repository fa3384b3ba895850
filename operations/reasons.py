"""The reasons to enter the machine room (Art. 20): the regulation's list, and what the centre made of it, by date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import locales
import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import civil_date
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from regulation.records import VisitReason
from regulation.visiting import NOT_ASKED, OFF_DUTY_REASONS, VISIT_REASONS, ReasonChange, reasons_in_force

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
_OTHER_CODES = frozenset(reason.code for reason in (*OFF_DUTY_REASONS, NOT_ASKED))
LONGEST_WORDS = 80


@reads(Action.READ_REGULATION)
def visit_reasons(session: Session, on: date | None = None) -> tuple[VisitReason, ...]:
    """Return the reasons in force on a civil day, today without one."""
    return reasons_on(on or civil_date(session.now))


@writes(Action.KEEP_REASONS)
def set_visit_reason(
    session: Session,
    code: str,
    label: str,
    label_en: str,
    needs: str,
    by_manager: bool,
    effective_from: date,
) -> None:
    """Add a reason, or change one, from a civil day on; visits of the days before keep what counted then.

    ``needs`` names what must be given with it; with ``by_manager`` only the deputy manager approves such a visit.
    """
    code, label = code.strip(), label.strip()
    if not _CODE.fullmatch(code) or code in _OTHER_CODES:
        raise Invalid(
            _("{code} cannot be the code of a reason.").format(code=code or "—"),
            article=20,
            next_step=_("Use small letters, digits and _, such as fire_drill."),
        )
    if not label or max(len(label), len(label_en), len(needs)) > LONGEST_WORDS:
        raise Invalid(
            _("A reason needs words, at most {most} characters.").format(most=LONGEST_WORDS), article=20
        )
    reason = VisitReason(code, label, needs.strip(), label_en.strip(), by_manager)
    _write(session, ReasonChange(reason, effective_from))


@writes(Action.KEEP_REASONS)
def retire_visit_reason(session: Session, code: str, effective_from: date) -> None:
    """Take a reason off the list from a civil day on. The last one stays: without any nobody could be let in."""
    there = {reason.code: reason for reason in reasons_on(effective_from)}
    if code not in there:
        raise NotFound(_("There is no reason {code} on the list.").format(code=code), article=20)
    if len(there) == 1:
        raise Conflict(_("The last reason stays on the list."), article=20)
    _write(session, ReasonChange(there[code], effective_from, retired=True))


def reason_labels() -> Mapping[str, str]:
    """Return what every reason is called that ever was one, by code (inside a transaction)."""
    labels = {reason.code: reason.label for reason in (*VISIT_REASONS, *OFF_DUTY_REASONS, NOT_ASKED)}
    for change in _changes():
        reason = change.reason
        in_english = locales.language() == "en" and reason.label_en
        labels[reason.code] = reason.label_en if in_english else reason.label
    return labels


def reasons_on(day: date) -> tuple[VisitReason, ...]:
    """Return the reasons in force on a civil day (inside a transaction)."""
    return reasons_in_force(_changes(), day)


def reason_on(code: str, day: date) -> VisitReason | None:
    """Return one reason as it is in force on a civil day, or ``None`` (inside a transaction)."""
    return next((reason for reason in reasons_on(day) if reason.code == code), None)


def only_manager_approves(code: str, day: date) -> bool:
    """Whether a visit for this reason needs the deputy manager, also when the reason was retired meanwhile."""
    reason = reason_on(code, day)
    if reason is None:
        known = [change.reason for change in _changes() if change.reason.code == code]
        reason = known[-1] if known else next((r for r in VISIT_REASONS if r.code == code), None)
    return reason is not None and reason.by_manager


def _changes() -> list[ReasonChange]:
    change = models.ReasonChange
    return [
        ReasonChange(
            VisitReason(row.code, row.label, row.needs, row.label_en, row.by_manager),
            row.effective_from,
            row.retired,
        )
        for row in change.select().order_by(change.effective_from, change.id)
    ]


def _write(session: Session, given: ReasonChange) -> None:
    if given.effective_from < civil_date(session.now):
        raise Invalid(_("The reasons of days that are past stay as they were."), article=20)
    change, reason = models.ReasonChange, given.reason
    same_day = (change.code == reason.code) & (change.effective_from == given.effective_from)
    change.delete().where(same_day).execute()
    change.create(
        code=reason.code,
        label=reason.label,
        label_en=reason.label_en,
        needs=reason.needs,
        by_manager=reason.by_manager,
        retired=given.retired,
        effective_from=given.effective_from,
        set_by=session.actor.work_number,
        set_at=session.now,
    )
    session.about(
        f"reason:{reason.code}",
        label=reason.label,
        needs=reason.needs,
        by_manager=reason.by_manager,
        retired=given.retired,
        effective_from=given.effective_from.isoformat(),
    )
