"""The daily log as a record for paper: sealed shifts as they were signed, the rest of the day as the data says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import models
from locales import _
from operations.boundary import Session, reads, writes
from operations.centre import day_bounds, limits_at, the_centre
from operations.daily_figures import figure_lines, spot_check_lines
from operations.daily_sections import sealed_section, section_of
from operations.duties import ShiftRow, named, shift_row
from operations.errors import NotFound
from operations.findings import findings_between
from operations.passages import occupancy_at
from operations.permissions import Action
from operations.print_states import PrintState
from operations.reasons import reason_labels
from operations.verify import chain_heads, day_digest
from operations.visits import visits_between
from regulation.access import Outcome
from regulation.daily_log import DailyLog, DoorLine, FindingLine, LimitLine, Named, ShiftSection, VisitorLine
from regulation.handover import LogState
from regulation.limits import BY_NAME, REGULATION
from regulation.records import VisitState


@reads(Action.PRINT_LOG)
def day_shifts(_session: Session, day: date) -> tuple[ShiftRow, ...]:
    """Return the shifts that belong to civil day ``day``, in order of time: each can be printed alone."""
    return tuple(shift_row(log) for log in _logs(day))


@reads(Action.PRINT_LOG)
def daily_log(session: Session, day: date, shift: str = "") -> DailyLog:
    """Return the log of civil day ``day``: the shifts that belong to it, and the day's visitors, door and findings.

    With ``shift`` (the code of one of the day's shifts) only that one, and what happened in its hours; raises
    :class:`NotFound` when the day has no such shift.
    """
    centre = the_centre()
    logs, labels = _logs(day), reason_labels()
    begin, end = day_bounds(day)
    if shift:
        logs = [shift_of_day(day, shift, logs)]
        begin, end = logs[0].starts_at, logs[0].ends_at
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
        digest=_digest(logs, one_shift=bool(shift)),
        one_shift=bool(shift),
    )


@reads(Action.PRINT_LOG)
def was_printed(_session: Session, day: date, digest: str) -> bool:
    """Return whether a day's or a shift's log was printed before, or waits for a printer; a draft never was."""
    return printed_before(day, digest)


@writes(Action.PRINT_LOG)
def note_printing(session: Session, day: date, medium: str, digest: str) -> bool:
    """Note that a day's log was printed; returns whether it had been printed before with the same content.

    Note it once the paper exists: a file that could not be written makes the next one no reprint. ``digest`` is
    the printed scope's own: a shift printed alone makes its day no reprint.
    """
    before = printed_before(day, digest)
    remember_printing(session, day, medium, digest, session.actor.person_id or None)
    session.about(f"day:{day.isoformat()}", medium=medium, digest=digest, reprint=before)
    return before


def remember_printing(session: Session, day: date, medium: str, digest: str, person_id: int | None) -> None:
    """Enter a paper that exists into the printing history (inside a transaction)."""
    models.Printing.create(
        date=day, printed_at=session.now, printed_by=person_id, medium=medium, digest=digest
    )


def printed_before(day: date, digest: str) -> bool:
    """Whether a paper with this sealed content exists, or waits for a printer (inside a transaction)."""
    if not digest:
        return False
    printing, job = models.Printing, models.PrintJob
    papers = printing.select().where(printing.date == day, printing.digest == digest)
    waiting = job.select().where(
        job.date == day, job.digest == digest, job.state.not_in([PrintState.DONE, PrintState.CANCELED])
    )
    return bool(papers.exists() or waiting.exists())


def shift_of_day(day: date, code: str, logs: Sequence[models.ShiftLog] | None = None) -> models.ShiftLog:
    """Return the log of one shift of a day by its type's code (inside a transaction)."""
    known = {log.shift_type.code: log for log in (_logs(day) if logs is None else logs)}
    if code not in known:
        raise NotFound(
            _("There is no shift {code} on {date}.").format(code=code, date=day.isoformat()),
            next_step=_("Shifts of that day: {names}").format(names=", ".join(known) or _("none")),
        )
    return known[code]


def daily_digest(day: date, shift: str = "") -> str:
    """Return the digest of a day, or of one of its shifts, as paper carries it (inside a transaction)."""
    logs = [shift_of_day(day, shift)] if shift else _logs(day)
    return _digest(logs, one_shift=bool(shift))


def sealed_days(since: date, until: date) -> list[tuple[date, str]]:
    """Return the wholly sealed days of ``[since, until]`` with their digests (inside a transaction)."""
    log = models.ShiftLog
    by_day: dict[date, list[models.ShiftLog]] = {}
    for row in log.select().where(log.date >= since, log.date <= until).order_by(log.starts_at):
        by_day.setdefault(row.date, []).append(row)
    found = ((day, _digest(logs, one_shift=False)) for day, logs in sorted(by_day.items()))
    return [(day, digest) for day, digest in found if digest]


def _digest(logs: Sequence[models.ShiftLog], *, one_shift: bool) -> str:
    """The digest of what is printed: the shift's own or the day's; none while anything in it is unsealed."""
    if not logs or not all(_sealed(log) for log in logs):
        return ""
    return str(logs[0].digest) if one_shift else day_digest([log.digest for log in logs])


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
