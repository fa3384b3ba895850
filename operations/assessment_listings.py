"""The month's assessment and the audit as lists: the records for programs, and words for people (Art. 3, 33, 44)."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import Any

from locales import N_, _
from operations.assessment import AssessmentView, assessment
from operations.attendance_listings import month_of
from operations.audit_browser import AuditFilter, AuditPage, AuditRow, audit_records
from operations.boundary import SYSTEM
from operations.deed_words import deed_words
from operations.listings import Listing, Office
from regulation.assessment import Assessment, Counted, TeamLine


def assessment_of(at: Office, month: str, version: int | None = None) -> AssessmentView:
    """Return the assessment of the month ``YYYY-MM`` (empty: this one). Raises :class:`Invalid`."""
    return assessment(SYSTEM, at.now, month_of(at, month), version)


def assessment_record(view: AssessmentView) -> dict[str, Any]:
    """Return an assessment for programs: every number beside those of the months before."""
    made = view.assessment
    return {
        "month": f"{made.month:%Y-%m}",
        "version": made.version,
        "sent_by": made.sent_by,
        "sent_at": made.sent_at,
        "digest": next((sent.digest for sent in view.sendings if sent.version == made.version), ""),
        "limits_version": made.limits,
        "months_before": made.months,
        **_counted(made.found),
        "articles": [_article(made, place) for place in range(len(made.articles))],
        "teams": [_team(line) for line in made.teams],
        "people": [
            {
                "work_number": line.work_number,
                "name": line.name,
                "team": line.team,
                **_counted(line.found),
                "articles": [{"article": article, "findings": count} for article, count in line.articles],
                "rate": _rate(line.rate),
            }
            for line in made.people
        ],
        "late": [
            {"article": line.article, "code": line.code, "at": line.at, "who": line.name}
            for line in made.late
        ],
        "breaches": [asdict(line) for line in made.breaches],
        "door": asdict(made.door)
        | {"refusals": [{"code": code, "count": count} for code, count in made.door.refusals]},
        "figures": [asdict(line) for line in made.figures],
        "blockers": [{"article": one.article, "code": one.code} for one in view.blockers],
    }


def audit_listing(at: Office, wanted: AuditFilter, limit: int) -> tuple[Listing, AuditPage]:
    """The newest audit records of what is wanted, and the page they are."""
    page = audit_records(SYSTEM, at.now, wanted, None, limit)
    listing = Listing(
        page.rows,
        (N_("record"), N_("time"), N_("who"), N_("name"), N_("did"), N_("to what"), N_("more")),
        [_audit_cells(at, row) for row in page.rows],
        _("No record says this."),
        right=(0,),
    )
    return listing, page


def detail_text(row: AuditRow) -> str:
    """Return what a record says beyond actor, action and subject, in one line."""
    return "  ".join(f"{name}={value}" for name, value in sorted(row.detail.items()))


def _audit_cells(at: Office, row: AuditRow) -> tuple[object, ...]:
    local = f"{row.at.astimezone(at.zone):%Y-%m-%d %H:%M:%S}"
    return (
        row.sequence,
        local,
        row.actor or "—",
        row.name,
        deed_words(row.action),
        row.subject or "—",
        detail_text(row),
    )


def _counted(found: Counted) -> dict[str, Any]:
    return {"findings": found.count, "before": found.earlier, "trend": found.trend.name.lower()}


def _article(made: Assessment, place: int) -> dict[str, Any]:
    line = made.articles[place]
    codes = [{"code": code, "count": count} for code, count in line.codes]
    return {"article": line.article, **_counted(line.found), "codes": codes, "refused": line.refused}


def _team(line: TeamLine) -> dict[str, Any]:
    return {
        "team": line.team,
        "name": line.name,
        **_counted(line.found),
        "due": _rate(line.due),
        "attended": _rate(line.attended),
        "rate": _rate(line.rate),
        "rates_before": [_rate(rate) for rate in line.rates],
        "submitted": line.submitted,
    }


def _rate(number: str) -> int | float | None:
    if not number:
        return None
    exact = Fraction(number)
    return int(exact) if exact.denominator == 1 else round(float(exact), 6)
