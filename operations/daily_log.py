"""The daily log as a record for paper: sealed shifts as they were signed, the rest of the day as the data says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

import models
from operations.boundary import Session, reads, writes
from operations.centre import day_bounds, limits_at, the_centre
from operations.daily_figures import figure_lines, spot_check_lines
from operations.daily_sections import sealed_section, section_of
from operations.duties import named
from operations.findings import findings_between
from operations.passages import occupancy_at
from operations.permissions import Action
from operations.reasons import reason_labels
from operations.verify import chain_heads, day_digest
from operations.visits import visits_between
from regulation.access import Outcome
from regulation.daily_log import DailyLog, DoorLine, FindingLine, LimitLine, Named, ShiftSection, VisitorLine
from regulation.handover import LogState
from regulation.limits import BY_NAME, REGULATION
from regulation.records import VisitState


@reads(Action.PRINT_LOG)
def daily_log(session: Session, day: date) -> DailyLog:
    """Return the log of civil day ``day``: the shifts that belong to it, and the day's visitors, door and findings."""
    centre = the_centre()
    begin, end = day_bounds(day)
    logs, labels = _logs(day), reason_labels()
    return DailyLog(
        centre=centre.name,
        time_zone=centre.time_zone,
        date=day,
        shifts=tuple(_section(log, session.now) for log in logs),
        visitors=tuple(
            _visitor(visit, labels) for visit in visits_between(begin, end) if _was_decided(visit)
        ),
        doors=_doors(begin, end, session.now),
        figures=figure_lines(logs, session.now),
        spot_checks=spot_check_lines(day, session.now),
        findings=tuple(
            FindingLine(
                f.code,
                f.article,
                f.at,
                Named(f.person, f.work_number) if f.person else None,
                tuple(sorted(f.details.items())),
            )
            for f in reversed(findings_between(begin, end))
        ),
        limits=_limit_lines(begin),
        heads=chain_heads(),
        digest=day_digest([log.digest for log in logs]) if logs and all(_sealed(log) for log in logs) else "",
    )


@reads(Action.PRINT_LOG)
def was_printed(_session: Session, day: date, digest: str) -> bool:
    """Return whether a day's log was printed before with the same sealed content; a draft never was."""
    return _printed_before(day, digest)


@writes(Action.PRINT_LOG)
def note_printing(session: Session, day: date, medium: str, digest: str) -> bool:
    """Note that a day's log was printed; returns whether it had been printed before with the same content.

    Note it once the paper exists: a file that could not be written makes the next one no reprint.
    """
    before = _printed_before(day, digest)
    models.Printing.create(
        date=day,
        printed_at=session.now,
        printed_by=session.actor.person_id or None,
        medium=medium,
        digest=digest,
    )
    session.about(f"day:{day.isoformat()}", medium=medium, digest=digest, reprint=before)
    return before


def _printed_before(day: date, digest: str) -> bool:
    printing = models.Printing
    return bool(digest) and bool(
        printing.select().where(printing.date == day, printing.digest == digest).exists()
    )


def _logs(day: date) -> list[models.ShiftLog]:
    log = models.ShiftLog
    return list(log.select().where(log.date == day).order_by(log.starts_at))


def _sealed(log: models.ShiftLog) -> bool:
    return bool(log.state == LogState.SEALED)


def _section(log: models.ShiftLog, now: datetime) -> ShiftSection:
    return sealed_section(log) if _sealed(log) else section_of(log, now)


def _was_decided(visit: models.Visit) -> bool:
    """A request that still waits, or was taken back before anyone answered it, let nobody in."""
    return visit.decided_at is not None or visit.entered_at is not None


def _visitor(visit: models.Visit, labels: Mapping[str, str]) -> VisitorLine:
    return VisitorLine(
        visit.visitor,
        visit.unit,
        labels.get(visit.reason, visit.reason),
        named(visit.sponsor),
        named(visit.escort),
        visit.badge.label if visit.badge_id else "",
        VisitState(visit.state),
        visit.entered_at,
        visit.left_at,
    )


def _doors(begin: datetime, end: datetime, now: datetime) -> tuple[DoorLine, ...]:
    event = models.DoorEvent
    query = event.select(event.kiosk, event.direction, event.outcome, event.visit_id)
    counts: dict[str, Counter[str]] = {}
    for row in query.where(event.at >= begin, event.at < end):
        count = counts.setdefault(row.kiosk, Counter())
        outcome = Outcome(row.outcome)
        if outcome is Outcome.REFUSED:
            count["refused"] += 1
        elif outcome.opens:
            count[row.direction] += 1
            count["visitors"] += row.visit_id is not None and row.direction == "in"
    inside = occupancy_at(min(end, now))
    total = len(inside.people) + len(inside.visits)
    return tuple(
        DoorLine(kiosk, c["in"], c["out"], c["refused"], c["visitors"], total if len(counts) == 1 else None)
        for kiosk, c in sorted(counts.items())
    )


def _limit_lines(at: datetime) -> tuple[LimitLine, ...]:
    limits = limits_at(at)
    return tuple(
        LimitLine(known.label, limits[name], known.unit, known.article, limits.version)
        for name, known in BY_NAME.items()
        if known.source == REGULATION and known.article < _ATTENDANCE_CHAPTER
    )


# The limits of chapter 4 shape the attendance sheet, not the daily log.
_ATTENDANCE_CHAPTER = 33
