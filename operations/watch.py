"""What falls due by itself (Art. 4, 7, 8, 15, 18, 19, 21, 26, 34, 35, 38, 42): the desk and a timer look for it again and again; it counts once.

A step only reads: it returns what is due and not kept yet. When no step returns anything nothing is written, so
that looking costs a query and tells nobody of a change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import models
from operations import notices
from operations.assessment import assessment_source, had_duties, was_sent
from operations.attendance_months import finding_fields, late_source, missing_months
from operations.boundary import Actor, Session, reads, writes
from operations.centre import civil_date, day_bounds, limits_at, zone
from operations.check_links import link_changes
from operations.cleaning_watch import cleaning_undone
from operations.deeds import Deed, FindingDue, NewsDue, higher_leaders, not_kept, not_told, watched_from
from operations.duties import duties_of_log, is_led, log_after, logs_between, shift_message, signing_leaders
from operations.figures import form_findings, forms_of
from operations.handover_records import open_hold, stand_ins_of
from operations.leave_watch import leave_undecided
from operations.overdue import escalate_overdue_items, judge_untold
from operations.permissions import Action
from operations.register_watch import lines_overrun, records_waiting, reports_found_true, seen_on_patrol
from operations.swaps import swaps_lapsing
from operations.undertakings import undertakings_due
from regulation.assessment import assessment_deadline, late_assessment
from regulation.attendance_month import submission_deadline
from regulation.figures import FormState
from regulation.handover import LogState, Side
from regulation.ledger import instant_text
from regulation.reminders import handover_escalates_at, handover_is_overdue, reminder_due
from regulation.spot_checks import links_in_force, unchecked_links

LONGEST_SHIFT = timedelta(hours=24)
REMINDED_AROUND = timedelta(minutes=20)


Step = Callable[[datetime], Sequence[Deed]]


Judge = Callable[[Actor, datetime], int]


@dataclass(frozen=True, slots=True)
class Watched:
    """What one pass kept: the sources of its own deeds in order, and how many each other judge found."""

    kept: tuple[str, ...] = ()
    judged: Mapping[str, int] = field(default_factory=dict)


def keep_watch(actor: Actor, now: datetime) -> Watched:
    """Keep everything that has fallen due by ``now`` and was not kept before; one pass is as good as ten."""
    kept = keep_what_is_due(actor, now).kept if watch_is_due(actor, now) else ()
    judged = {judge.__name__: count for judge in JUDGES if (count := judge(actor, now))}
    return Watched(kept, judged)


@reads(Action.KEEP_WATCH)
def watch_is_due(session: Session) -> bool:
    """Whether a pass would keep anything."""
    return any(step(session.now) for step in STEPS)


@writes(Action.KEEP_WATCH)
def keep_what_is_due(session: Session) -> Watched:
    """Keep what every step finds due."""
    kept = []
    for step in STEPS:
        for deed in step(session.now):
            deed.keep(session)
            kept.append(deed.source)
    session.about("watch", kept=kept)
    return Watched(tuple(kept))


def figures_overdue(now: datetime) -> Sequence[Deed]:
    """Art. 8: forms that are late or missing, as of when they became so."""
    logs = [log for log in _ended_logs(now) if log.ends_at < now]
    due: list[FindingDue] = []
    for log, form in zip(logs, forms_of(logs, now), strict=True):
        if form.state in (FormState.LATE, FormState.MISSING):
            due += [FindingDue(source, found, version) for source, found, version in form_findings(log, form)]
    return not_kept(due)


def links_unchecked(now: datetime) -> Sequence[Deed]:
    """Art. 7: links of days that have ended which nobody had checked and recorded by the day's end."""
    changes, since, due = link_changes(), watched_from(now), list[FindingDue]()
    for day in _ended_days(now):
        begin, end = day_bounds(day)
        if begin < since:
            continue
        limits, check = limits_at(begin), models.SpotCheck
        done = check.select(check.link).where(check.date == day, check.entered_at < end)
        for link in unchecked_links(links_in_force(changes, day), [row.link for row in done]):
            fields = {
                "code": "link_unchecked",
                "article": 7,
                "at": instant_text(end - timedelta(seconds=1)),
                "person_id": None,
                "duty_id": None,
                "evidence": [f"day:{day.isoformat()}"],
                "details": {"link": link.label},
            }
            due.append(FindingDue(f"link_unchecked:{day.isoformat()}:{link.code}", fields, limits.version))
    return not_kept(due)


def handovers_nearing(now: datetime) -> Sequence[Deed]:
    """Art. 21: leaders of both shifts whose handover is near, due or just past, and not signed by them."""
    begin = now - REMINDED_AROUND - LONGEST_SHIFT
    due: list[NewsDue] = []
    for log in logs_between(begin, now):
        minute = reminder_due(log.ends_at, now)
        # Art. 11: while a fault keeps everyone at work, nobody is reminded of a handover that may not take place.
        if minute is None or log.state == LogState.SEALED or open_hold(log) is not None:
            continue
        details = {"shift": shift_message(log), "ends_at": instant_text(log.ends_at)}
        for person in _who_must_sign(log):
            source = f"handover_due:{log.id}:{minute}:{person.id}"
            due.append(NewsDue(source, person.id, notices.HANDOVER_DUE, f"log:{log.id}", details))
    return not_told(due)


def handovers_unsigned(now: datetime) -> Sequence[Deed]:
    """Art. 21: handovers that stayed unsigned for too long are findings, and go to the senior shift leaders."""
    findings: list[FindingDue] = []
    news: list[NewsDue] = []
    for log in _ended_logs(now):
        limits = limits_at(log.ends_at)
        waits_since = _waits_since(log)
        if log.state == LogState.SEALED or open_hold(log) is not None:
            continue
        if not handover_is_overdue(waits_since, now, limits):
            continue
        shift = shift_message(log)
        missing = next(iter(_who_must_sign(log)), None)
        fields = {
            "code": "handover_unsigned",
            "article": 21,
            "at": instant_text(handover_escalates_at(waits_since, limits)),
            "person_id": missing.id if missing is not None else None,
            "duty_id": None,
            "evidence": [f"log:{log.id}"],
            "details": {"shift": shift, "date": log.date.isoformat()},
        }
        findings.append(FindingDue(f"handover_unsigned:{log.id}", fields, limits.version))
        details = {"shift": shift, "ends_at": instant_text(log.ends_at)}
        # What is a day old can be read among the findings; nobody needs a toast for it.
        for person in higher_leaders() if now - log.ends_at <= LONGEST_SHIFT else ():
            source = f"handover_unsigned:{log.id}:{person.id}"
            news.append(NewsDue(source, person.id, notices.HANDOVER_UNSIGNED, f"log:{log.id}", details))
    fresh = not_kept(findings)
    logs = {deed.source for deed in fresh}
    # The higher leaders hear of it when it becomes a finding, and not again when another one joins later.
    return [*fresh, *(told for told in news if told.source.rpartition(":")[0] in logs)]


def attendance_overdue(now: datetime) -> Sequence[Deed]:
    """Art. 34: months of attendance that were not in by their deadline, as of that instant."""
    since, limits = watched_from(now), limits_at(now)
    this_month = civil_date(now).replace(day=1)
    before = (this_month - timedelta(days=1)).replace(day=1)
    due: list[FindingDue] = []
    for month in ((before - timedelta(days=1)).replace(day=1), before):
        deadline = submission_deadline(month, zone(), limits)
        if since < deadline <= now:
            for team, found in missing_months(month, deadline):
                due.append(FindingDue(late_source(team, month), finding_fields(found), limits.version))
    return not_kept(due)


def assessment_overdue(now: datetime) -> Sequence[Deed]:
    """Art. 44: an assessment of the month before, in which people worked, that was not sent by its deadline."""
    limits, here = limits_at(now), zone()
    month = (civil_date(now).replace(day=1) - timedelta(days=1)).replace(day=1)
    deadline = assessment_deadline(month, here, limits)
    found = late_assessment(month, deadline, here, limits)
    if found is None or not watched_from(now) < deadline <= now or was_sent(month) or not had_duties(month):
        return ()
    return not_kept([FindingDue(assessment_source(month), finding_fields(found), limits.version)])


STEPS: tuple[Step, ...] = (
    figures_overdue,
    links_unchecked,
    handovers_nearing,
    handovers_unsigned,
    swaps_lapsing,
    attendance_overdue,
    assessment_overdue,
    leave_undecided,
    cleaning_undone,
    lines_overrun,
    seen_on_patrol,
    reports_found_true,
    records_waiting,
    undertakings_due,
)
# Other modules' own operations on what time brings about: each looks first and writes nothing when there is nothing.
JUDGES: tuple[Judge, ...] = (judge_untold, escalate_overdue_items)


def _ended_logs(now: datetime) -> list[models.ShiftLog]:
    """The shifts somebody led that ended since the centre is watched."""
    since = watched_from(now)
    near = logs_between(since - LONGEST_SHIFT, now)
    return [log for log in near if since <= log.ends_at <= now and is_led(log)]


def _ended_days(now: datetime) -> list[date]:
    """The civil days before today on which the centre worked."""
    log = models.ShiftLog
    first, today = civil_date(watched_from(now)), civil_date(now)
    query = log.select(log.date).where(log.date >= first, log.date < today).distinct().order_by(log.date)
    return [row.date for row in query]


def _waits_since(log: models.ShiftLog) -> datetime:
    """Return since when a handover could have been signed: the shift's end, or the end of its last hold."""
    hold = models.HandoverHold
    over = hold.select().where(hold.log == log.id, hold.lifted_at.is_null(False))
    waits_since: datetime = max([log.ends_at, *(row.lifted_at for row in over)])
    return waits_since


def _who_must_sign(log: models.ShiftLog) -> list[models.Person]:
    """The leaders of the sides that have not signed, the outgoing ones first."""
    handover = models.Handover.get_or_none(models.Handover.outgoing == log.id)
    signed = {
        side
        for side, signer in (
            (Side.OUTGOING, handover and handover.signed_out_by_id),
            (Side.INCOMING, handover and handover.signed_in_by_id),
        )
        if signer
    }
    following = handover.incoming if handover is not None else log_after(log)
    shifts = ((Side.OUTGOING, log), (Side.INCOMING, following))
    people: dict[int, models.Person] = {}
    for side, shift in shifts:
        if shift is not None and side not in signed:
            standing = [stand_in.person for stand_in in stand_ins_of(shift)]
            rostered = signing_leaders(duties_of_log(shift), side)
            people |= {person.id: person for person in [*rostered, *standing]}
    return list(people.values())
