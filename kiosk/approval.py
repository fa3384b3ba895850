"""A leader approves the waiting visitor at the door, by badge and PIN; it works while the centre is away (Art. 20).

What it rests on: the snapshot's duties and PIN hashes (no older than ``snapshot_walkup_hours``), a blank visit that
the centre reserved for this door, and a visitor badge that nobody holds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk import registration, views
from kiosk.actions import Beep, CheckPin, KeepSlip, Record, WithdrawRequest
from kiosk.inputs import (
    EntryRead,
    Key,
    NotRecorded,
    PinChecked,
    PinGiven,
    RequestRefused,
    SlipKept,
    Tick,
    VisitAnswered,
)
from kiosk.passing import VERDICT_SECONDS
from kiosk.phases import AskApprover, AskPin, AwaitApproval, BasePhase, KeepingSlip, TakeBadge
from kiosk.registration import TAKE_BADGE_SECONDS
from kiosk.slips import Slip
from kiosk.states import Context, PinTries, Step
from kiosk.views import View, ViewKind, verdict_view
from regulation.access import DOOR_CODES, DoorVerdict, badge_refusal, refuse, walkup_allowed
from regulation.doorlog import DURESS, Read
from regulation.findings import Finding
from regulation.records import BadgeKind, BadgeRecord, BadgeState, Direction, PersonRecord, VisitState
from regulation.roles import LEADER_ROLES, Role

APPROVER_SECONDS: Final = 20
"""How long the door waits for the leader's badge."""

PIN_SECONDS: Final = 30
"""How long someone may take over a PIN, from the last key."""

CHECK_SECONDS: Final = 10
"""How long a check, or keeping the slip, may take before the door goes back to waiting for the desk."""

Entry = tuple[Read, DoorVerdict]


# --- from the waiting visitor to the leader's badge ---------------------------------------------------------


def call_leader(phase: AwaitApproval, context: Context, now: datetime) -> Step:
    """Somebody says that a leader stands here: ask for the badge, or say at once why it would not help."""
    if phase.form is None:
        return Step(phase)
    if why := why_not_here(context, now):
        return Step(phase, verdict=_words(why, views.WORDS_ASK_DESK, context, now))
    return Step(AskApprover(phase, now + timedelta(seconds=APPROVER_SECONDS)))


def why_not_here(context: Context, now: datetime) -> str:
    """Return why this door cannot approve anyone now, a message to translate, or an empty string."""
    if is_resting(context, now):
        return views.WORDS_PIN_RESTS
    if not context.slips:
        return views.WORDS_NO_SLIP
    return "" if free_visitor_badge(context, now) else views.WORDS_NO_VISITOR_BADGE


def approver_badged(phase: AskApprover, event: EntryRead, context: Context, now: datetime) -> Step:
    """The badge after the leader's key: it opens nothing, it says who answers for the approval."""
    read = note_read(event, context, now)
    before = context.recent.get((event.reader, event.badge))
    if before is not None and now - before < context.knowledge.limits.seconds("repeat_window_seconds"):
        return Step(phase)
    person = _holder(event.badge, context)
    if code := approver_refusal(event.badge, phase.waiting, context, now):
        return _refused(phase.waiting, read, code, person, context, now)
    assert person is not None
    return Step(AskPin(phase.waiting, read, person.id, now + timedelta(seconds=PIN_SECONDS)))


def approver_refusal(badge: str, waiting: AwaitApproval, context: Context, now: datetime) -> str:
    """Return the code that refuses the holder of ``badge`` as approver (Art. 20), or an empty string."""
    knowledge = context.knowledge
    if not walkup_allowed(knowledge, now):
        return "refused.stale_snapshot"
    known = knowledge.badges.get(badge)
    person = _holder(badge, context)
    if known is None:
        return "refused.unknown_badge"
    if code := badge_refusal(known, person, now):
        return code
    by_manager = waiting.why is None or waiting.why.by_manager
    return (
        "" if person and may_approve(person, badge, context, now, by_manager) else "refused.may_not_approve"
    )


def may_approve(person: PersonRecord, badge: str, context: Context, now: datetime, by_manager: bool) -> bool:
    """Whether ``person`` may approve a visitor at the door now.

    The deputy manager, the final approver, may always; leaders while they are on duty, but not for a reason that
    is the manager's to approve.
    """
    if person.role is Role.DEPUTY_MANAGER:
        return True
    on_duty = context.knowledge.person_on_duty(badge, now) is not None
    return person.role in LEADER_ROLES and on_duty and not by_manager


# --- the PIN ------------------------------------------------------------------------------------------------


def pin_given(phase: AskPin, event: PinGiven, _context: Context, now: datetime) -> Step:
    """The PIN goes to be checked; the answer comes back as an input."""
    if phase.asked_at is not None or not event.pin:
        return Step(phase)
    asked = replace(phase, asked_at=now, until=now + timedelta(seconds=CHECK_SECONDS))
    return Step(asked, (CheckPin(now, phase.read, phase.person_id, event.pin),))


def pin_checked(phase: AskPin, event: PinChecked, context: Context, now: datetime) -> Step:
    """The answer: once more, not here for a while, or approved."""
    if event.asked_at != phase.asked_at:
        return late_answer(phase, event, context, now)
    if event.result != "wrong":
        return _approve(phase, event, context, now)
    again = replace(phase, asked_at=None, was_wrong=True, until=now + timedelta(seconds=PIN_SECONDS))
    wrong = wrong_pin(again, event, context, now)
    if wrong.pins is not None and wrong.pins.rests_until is not None:
        return replace(wrong, phase=phase.waiting)
    return replace(wrong, verdict=None, actions=(*wrong.actions, Beep("no")))


def wrong_pin(phase: BasePhase, event: PinChecked, context: Context, now: datetime) -> Step:
    """Record a wrong PIN; after ``pin_tries`` in a row the door asks for none for ``lockout_seconds`` (Art. 20)."""
    limits = context.knowledge.limits
    verdict = refuse(
        DoorVerdict("refused.wrong_pin", event.person_id), "refused.wrong_pin", context.knowledge, now
    )
    entries: list[Entry] = [(replace(event.read, at=now), verdict)]
    tries = PinTries(context.pins.wrong + 1)
    if tries.wrong >= limits["pin_tries"]:
        tries = PinTries(0, now + limits.seconds("lockout_seconds"))
        count = {"count": str(limits["pin_tries"])}
        found = Finding("refused_in_a_row", now, event.person_id, None, (), limits.version, count)
        alarm = DoorVerdict(
            "alarm.locked_out", event.person_id, findings=(found,), limits_version=limits.version
        )
        entries.append((replace(event.read, at=now), alarm))
    view = verdict_view(verdict, context.knowledge, "", now + timedelta(seconds=VERDICT_SECONDS))
    return Step(phase, (Record(tuple(entries)),), view, tries)


def late_answer(phase: BasePhase, event: PinChecked, context: Context, now: datetime) -> Step:
    """An answer nobody waits for any more still counts where it must: a wrong PIN, or one given under threat."""
    if event.result == "wrong":
        return replace(wrong_pin(phase, event, context, now), verdict=None)
    if event.result == "duress":
        return Step(phase, (Record(under_threat(event, None, context, now)),), pins=PinTries())
    return Step(phase, pins=PinTries())


def under_threat(
    event: PinChecked, visit_id: int | None, context: Context, now: datetime
) -> tuple[Entry, ...]:
    """Return the silent call for help, if the PIN was the one given under threat. Nothing at the door shows it."""
    if event.result != "duress":
        return ()
    alarm = DoorVerdict(
        "alarm.duress", event.person_id, visit_id, limits_version=context.knowledge.limits.version
    )
    return ((replace(event.read, at=now, marks=(*event.read.marks, DURESS)), alarm),)


def _approve(phase: AskPin, event: PinChecked, context: Context, now: datetime) -> Step:
    """Judge once more, fill in the slip, and make approval and slip durable before anyone is told."""
    badge = free_visitor_badge(context, now)
    code = approver_refusal(phase.read.badge, phase.waiting, context, now)
    help_called = under_threat(event, None, context, now)
    if code or badge is None or not context.slips or phase.waiting.form is None:
        refused = _refused(
            phase.waiting, phase.read, code or "refused.may_not_approve", None, context, now, help_called
        )
        return replace(refused, pins=PinTries())
    slip = _filled(phase, badge, context.slips[0], context, now)
    evidence = (f"visit:{slip.visit_id}", f"person:{phase.person_id}")
    approved = DoorVerdict(
        "note.approved", phase.person_id, slip.visit_id, reason=slip.reason, evidence=evidence,
        limits_version=context.knowledge.limits.version,
    )  # fmt: skip
    entries = (
        (replace(phase.read, at=now), approved), *under_threat(event, slip.visit_id, context, now),
    )  # fmt: skip
    keeping = KeepingSlip(phase.waiting, slip, entries[0][0], now + timedelta(seconds=CHECK_SECONDS))
    return Step(keeping, (Record(entries), KeepSlip(slip)), pins=PinTries())


def _filled(phase: AskPin, badge: BadgeRecord, number: int, context: Context, now: datetime) -> Slip:
    form = phase.waiting.form
    assert form is not None
    people = context.knowledge.people.values()
    sponsor = next((p.id for p in people if p.work_number == form.sponsor.strip()), None)
    return Slip(
        number, phase.waiting.key, form.visitor.strip(), form.unit.strip(), form.job_title.strip(),
        form.phone.strip(), form.reason, form.reference.strip(), form.carried.strip(), form.sponsor.strip(),
        sponsor, badge.badge, badge.label, now, now + timedelta(minutes=form.minutes), phase.person_id, now,
    )  # fmt: skip


# --- the slip -----------------------------------------------------------------------------------------------


def slip_kept(phase: KeepingSlip, event: SlipKept, context: Context, now: datetime) -> Step:
    """The visit is durable and the door knows it: now the visitor may hear of it."""
    if event.slip != phase.slip:
        return Step(phase)
    if not event.kept:
        return Step(phase.waiting, verdict=_cannot_be_recorded(context, now))
    taking = TakeBadge(phase.slip.badge_label, now + timedelta(seconds=TAKE_BADGE_SECONDS))
    return Step(taking, (WithdrawRequest(phase.slip.key),))


def slip_kept_late(phase: AwaitApproval, event: SlipKept, context: Context, now: datetime) -> Step:
    """The disk took its time, the visitor still waits: the same as in time."""
    if event.slip.key != phase.key or not event.kept:
        return Step(phase)
    keeping = KeepingSlip(phase, event.slip, Read("", "", Direction.NONE, "", False, now), now)
    return slip_kept(keeping, event, context, now)


def slip_not_recorded(phase: KeepingSlip, event: NotRecorded, context: Context, now: datetime) -> Step:
    """What cannot be recorded is not approved; somebody else's read that could not be is only said so."""
    following = phase.waiting if phase.read in event.reads else phase
    return Step(following, verdict=_cannot_be_recorded(context, now))


# --- keys, time and the desk's answer while a leader is here ------------------------------------------------


def key(phase: AskApprover | AskPin, event: Key, _context: Context, now: datetime) -> Step:
    """Esc goes back to waiting for the desk, except while a PIN is checked; typing takes its time."""
    if isinstance(phase, AskApprover):
        return Step(phase.waiting) if event.name == "escape" else Step(phase)
    if phase.asked_at is not None:
        return Step(phase)
    if event.name == "escape":
        return Step(phase.waiting)
    if event.name != "typing":
        return Step(phase)
    return Step(replace(phase, until=now + timedelta(seconds=PIN_SECONDS)))


def late(phase: AskApprover | AskPin | KeepingSlip, _event: Tick, _context: Context, now: datetime) -> Step:
    """Nobody badged, no PIN came, or the disk does not answer: back to waiting for the desk."""
    return Step(phase.waiting) if now >= phase.until else Step(phase)


def picture(phase: AskApprover | AskPin | KeepingSlip) -> View:
    """Return what the door shows: to the leader with the PIN also whom they approve, and what for."""
    why = phase.waiting.why
    if isinstance(phase, AskApprover):
        words = views.WORDS_APPROVER_MANAGER if why and why.by_manager else views.WORDS_APPROVER
        return View(ViewKind.APPROVER, "amber", words, article=20, until=phase.until)
    form = phase.waiting.form
    subject = " · ".join(part for part in (form.visitor, form.unit, form.reference) if part) if form else ""
    if isinstance(phase, KeepingSlip) or phase.asked_at is not None:
        return View(ViewKind.PIN, "amber", views.WORDS_PIN_CHECKED, subject=subject, reason=why)
    if phase.was_wrong:
        words = DOOR_CODES["refused.wrong_pin"].text
        return View(ViewKind.PIN, "red", words, until=phase.until, subject=subject, reason=why)
    return View(ViewKind.PIN, "amber", views.WORDS_PIN, until=phase.until, subject=subject, reason=why)


def answered(
    phase: AskApprover | AskPin, event: VisitAnswered | RequestRefused, context: Context, now: datetime
) -> Step:
    """The desk was faster: its answer counts, whatever it is."""
    if isinstance(event, VisitAnswered):
        done = registration.answered(phase.waiting, event, context, now)
        if event.state is VisitState.REQUESTED and isinstance(done.phase, AwaitApproval):
            return Step(replace(phase, waiting=done.phase))
    else:
        done = registration.request_refused(phase.waiting, event, context, now)
    return Step(phase) if done.phase == phase.waiting else done


# --- shared -------------------------------------------------------------------------------------------------


def free_visitor_badge(context: Context, now: datetime) -> BadgeRecord | None:
    """Return the visitor badge to lend: the last free one, because the desk lends the first.

    Door and desk do not hear of each other at once; from opposite ends they do not lend the same badge.
    """
    knowledge = context.knowledge
    running = {
        visit.badge
        for visit in knowledge.visits_by_id.values()
        if visit.id in context.occupancy.visits
        or visit.state is VisitState.INSIDE
        or (visit.state is VisitState.APPROVED and visit.ends_at > now)
    }
    free = [
        badge
        for badge in knowledge.badges.values()
        if badge.person_id is None
        and badge.label
        and badge.kind is not BadgeKind.TEMPORARY
        and badge.state is BadgeState.ACTIVE
        and not badge_refusal(badge, None, now)
        and badge.badge not in running
    ]
    return max(free, key=lambda badge: badge.label, default=None)


def is_resting(context: Context, now: datetime) -> bool:
    """Whether PINs are not asked for now, after too many wrong ones."""
    return context.pins.rests_until is not None and now < context.pins.rests_until


def note_read(event: EntryRead, context: Context, now: datetime) -> Read:
    """Return a read that nobody passes the door with."""
    known = event.badge in context.knowledge.badges
    return Read(context.kiosk, event.reader, Direction.NONE, event.badge, known, now)


def _holder(badge: str, context: Context) -> PersonRecord | None:
    known = context.knowledge.badges.get(badge)
    return context.knowledge.people.get(known.person_id) if known and known.person_id else None


def _refused(
    phase: BasePhase,
    read: Read,
    code: str,
    person: PersonRecord | None,
    context: Context,
    now: datetime,
    also: tuple[Entry, ...] = (),
) -> Step:
    verdict = refuse(DoorVerdict(code, person.id if person else None), code, context.knowledge, now)
    view = verdict_view(verdict, context.knowledge, "", now + timedelta(seconds=VERDICT_SECONDS))
    return Step(phase, (Record(((replace(read, at=now), verdict), *also)),), view)


def _cannot_be_recorded(context: Context, now: datetime) -> View:
    code = "refused.cannot_be_recorded"
    verdict = refuse(DoorVerdict(code), code, context.knowledge, now)
    return verdict_view(verdict, context.knowledge, "", now + timedelta(seconds=VERDICT_SECONDS))


def _words(text: str, next_step: str, context: Context, now: datetime) -> View:
    until = now + timedelta(seconds=VERDICT_SECONDS)
    if text == views.WORDS_PIN_RESTS and context.pins.rests_until is not None:
        until = min(context.pins.rests_until, now + timedelta(seconds=2 * VERDICT_SECONDS))
    return View(ViewKind.VERDICT, "amber", text, next_step, 20, until=until)
