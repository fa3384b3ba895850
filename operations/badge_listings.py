"""Temporary badges and the reasons to enter as lists."""

from __future__ import annotations

from datetime import date

from locales import N_, _
from operations.badges import badge_loans
from operations.boundary import SYSTEM
from operations.listings import Listing, Office, own_language
from operations.reasons import visit_reasons


def reasons_listing(at: Office, on: date | None = None) -> Listing:
    """The reasons to enter that count on a day (Art. 20)."""
    rows = visit_reasons(SYSTEM, at.now, on)
    return Listing(
        rows,
        (N_("code"), N_("reason"), N_("must be given"), N_("approved by")),
        [
            (
                r.code,
                own_language(_(r.label), r.label_en or _(r.label)),
                _(r.needs),
                _("the deputy manager") if r.by_manager else _("a leader on duty"),
            )
            for r in rows
        ],
    )


def loans_listing(at: Office, *, open_only: bool) -> Listing:
    """Temporary badges lent, the open ones or all."""
    rows = badge_loans(SYSTEM, at.now, open_only)
    return Listing(
        rows,
        (
            N_("badge"),
            N_("work number"),
            N_("name"),
            N_("lent"),
            N_("due back"),
            N_("handed back"),
            N_("why"),
        ),
        [
            (
                r.label,
                r.work_number,
                r.name,
                at.clock(r.lent_at),
                at.clock(r.due_at) + (" !" if r.overdue else ""),
                at.clock(r.returned_at),
                r.reason,
            )
            for r in rows
        ],
        _("No temporary badge is out.") if open_only else _("No temporary badge was lent yet."),
    )
