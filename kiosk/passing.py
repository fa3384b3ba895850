"""What a read at the door leads to: entry, escort, question, exit, and the ends of their deadlines (Art. 14, 20, 24)."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk.states import (
    AskReason,
    AwaitEscort,
    BasePhase,
    Context,
    EntryRead,
    ExitRead,
    Idle,
    Key,
    NotRecorded,
    Phase,
    Record,
    Step,
    TakeBadge,
    Tick,
    Unlock,
    Waiting,
)
from kiosk.views import verdict_view
from regulation.access import DoorVerdict, decide_entry, decide_escort, decide_exit, refuse
from regulation.doorlog import Read
from regulation.occupancy import Occupancy, Passage
from regulation.records import Direction
from regulation.visiting import OFF_DUTY_REASONS

VERDICT_SECONDS: Final = 5
"""How long a verdict stays on the screen, unless the strike is open for longer."""

REASON_SECONDS: Final = 20
"""How long someone off duty may think about why they come in."""

NOT_ASKED: Final = "not_asked"
"""The reason kept for someone off duty at a door without a screen: there was nobody to ask."""


# --- entry --------------------------------------------------------------------------------------------------


def enter(phase: Phase, event: EntryRead, context: Context, now: datetime) -> Step:
    """Someone badges outside and nobody is waiting for anything (Art. 20)."""
    read = _read(event, context, now)
    if _is_repeat(read, context, now):
        return Step(phase, (Record(((read, _repeat(read, context)),)),))
    verdict = _entry_verdict(event.badge, context, now)
    if verdict.code == "pending.reason" and not context.can_ask:
        verdict = decide_entry(context.knowledge, context.occupancy, event.badge, now, reason=NOT_ASKED)
    waiting = Waiting(read, verdict)
    back = _base(phase)
    if verdict.code == "pending.escort":
        back = Idle() if isinstance(back, TakeBadge) else back
        until = now + context.knowledge.limits.seconds("escort_window_seconds")
        return Step(AwaitEscort((waiting,), now, until, back), (Record(((read, verdict),)),))
    if verdict.code == "pending.reason":
        until = now + timedelta(seconds=REASON_SECONDS)
        return Step(AskReason(waiting, until, back), (Record(((read, verdict),)),))
    return _conclude(phase, ((read, verdict),), context, now)


def _entry_verdict(badge: str, context: Context, now: datetime) -> DoorVerdict:
    if not context.knowledge.badges:  # this door has never heard of the centre: it can tell nobody apart
        return refuse(DoorVerdict("refused.stale_snapshot"), "refused.stale_snapshot", context.knowledge, now)
    return decide_entry(context.knowledge, context.occupancy, badge, now)


def enter_beside_visitor(phase: AwaitEscort, event: EntryRead, context: Context, now: datetime) -> Step:
    """A badge is read while visitors wait: the escort, one more visitor, or somebody who cannot escort (Art. 20)."""
    if now > phase.until:
        return _after(escort_late(phase, Tick(), context, now), event, context, now)
    read = _read(event, context, now)
    before = context.recent.get((read.reader, read.badge))
    if before is not None and before >= phase.since and _is_repeat(read, context, now):
        return Step(phase, (Record(((read, _repeat(read, context)),)),))
    verdict = _entry_verdict(event.badge, context, now)
    if verdict.code == "pending.escort":
        others = tuple(w for w in phase.waiting if w.read.badge != read.badge)
        until = now + context.knowledge.limits.seconds("escort_window_seconds")
        joined = replace(phase, waiting=(*others, Waiting(read, verdict)), until=until)
        return Step(joined, (Record(((read, verdict),)),))
    if not verdict.outcome.opens and verdict.code != "pending.reason":
        return _conclude(phase, ((read, verdict),), context, now)
    if context.knowledge.person_on_duty(event.badge, now) is None:
        first = phase.waiting[0].verdict
        refused = decide_escort(context.knowledge, context.occupancy, first, event.badge, now)
        return _conclude(phase, ((read, refused),), context, now)
    return _escort_came(phase, read, verdict, context, now)


def _escort_came(phase: AwaitEscort, read: Read, entry: DoorVerdict, context: Context, now: datetime) -> Step:
    """Someone on duty takes the waiting visitors in; each visit is judged again, it may have been ended."""
    occupancy = deepcopy(context.occupancy)
    led: list[tuple[Read, DoorVerdict]] = []
    left: list[tuple[Read, DoorVerdict]] = []
    still: list[Waiting] = []
    for waiting in phase.waiting:
        visitor = replace(waiting.read, at=now)
        verdict = decide_entry(context.knowledge, occupancy, visitor.badge, now)
        if verdict.code == "pending.escort":
            verdict = decide_escort(context.knowledge, occupancy, verdict, read.badge, now)
        (led if verdict.outcome.opens else left).append((visitor, verdict))
        if verdict.outcome.opens:
            _note_inside(occupancy, verdict, now)
        elif verdict.code == "refused.escort_full":
            still.append(waiting)
    following: Phase = replace(phase, waiting=tuple(still)) if still else phase.back
    if not led:
        return _conclude(following, tuple(left), context, now)
    visits = tuple(f"visit:{verdict.visit_id}" for _visitor, verdict in led)
    escort = replace(entry, code="granted.escort", reason="", evidence=(*entry.evidence, *visits))
    return _conclude(following, (*left, (read, escort), *led), context, now)


def _note_inside(occupancy: Occupancy, verdict: DoorVerdict, now: datetime) -> None:
    occupancy.apply(Passage("", now, Direction.IN, verdict.person_id, verdict.visit_id, verdict.escort_id))


def enter_past_question(phase: AskReason, event: EntryRead, context: Context, now: datetime) -> Step:
    """The next one badges before the question was answered: the question is over (Art. 20)."""
    read = _read(event, context, now)
    if read.badge == phase.waiting.read.badge and _is_repeat(read, context, now):
        return Step(phase, (Record(((read, _repeat(read, context)),)),))
    return _after(_unanswered(phase, context, now), event, context, now)


def _after(first: Step, event: EntryRead, context: Context, now: datetime) -> Step:
    """Settle what was open, then take ``event`` from there; both become durable together, the later is shown."""
    second = enter(first.phase, event, context, now)
    settled = tuple(entry for act in first.actions if isinstance(act, Record) for entry in act.entries)
    decided = tuple(entry for act in second.actions if isinstance(act, Record) for entry in act.entries)
    others = tuple(act for act in second.actions if not isinstance(act, Record))
    return Step(second.phase, (Record((*settled, *decided)), *others), second.verdict)


# --- exit ---------------------------------------------------------------------------------------------------


def leave(phase: Phase, event: ExitRead, context: Context, now: datetime) -> Step:
    """Someone badges inside: recorded and released, whatever else is going on (Art. 14, 20, 24)."""
    read = _read(event, context, now)
    if _is_repeat(read, context, now):
        again = replace(_repeat(read, context), code="released.repeat")
        return Step(phase, (Record(((read, again),)), Unlock(context.open_seconds)))
    waiting = isinstance(phase, AwaitEscort) and now <= phase.until
    verdict = decide_exit(
        context.knowledge, context.occupancy, event.badge, now, visitor_waiting=waiting
    )  # fetching a visitor who stands outside is not leaving one's seat
    return _conclude(phase, ((read, verdict),), context, now)


# --- time ---------------------------------------------------------------------------------------------------


def escort_late(phase: AwaitEscort, _event: Tick, context: Context, now: datetime) -> Step:
    """Nobody who may escort badged within ``escort_window_seconds`` (Art. 20)."""
    if now <= phase.until:
        return Step(phase)
    return _refuse_waiting(phase, phase.waiting, "refused.no_escort", context, now)


def reason_late(phase: AskReason, _event: Tick, context: Context, now: datetime) -> Step:
    return _unanswered(phase, context, now) if now > phase.until else Step(phase)


def _unanswered(phase: AskReason, context: Context, now: datetime) -> Step:
    return _refuse_waiting(phase, (phase.waiting,), "refused.reason_missing", context, now)


def escort_key(phase: AwaitEscort, event: Key, context: Context, now: datetime) -> Step:
    if event.name != "escape":
        return Step(phase)
    return _refuse_waiting(phase, phase.waiting, "refused.no_escort", context, now)


def reason_key(phase: AskReason, event: Key, context: Context, now: datetime) -> Step:
    """The number of a reason from the list; Esc gives none."""
    chosen = {str(number): reason.code for number, reason in enumerate(OFF_DUTY_REASONS, start=1)}
    if event.name == "escape" or now > phase.until:
        return _unanswered(phase, context, now)
    if event.name not in chosen:
        return Step(phase)
    read = replace(phase.waiting.read, at=now)
    reason = chosen[event.name]
    verdict = decide_entry(context.knowledge, context.occupancy, read.badge, now, reason=reason)
    return _conclude(phase.back, ((read, verdict),), context, now)


# --- the journal failed -------------------------------------------------------------------------------------


def not_recorded(phase: Phase, event: NotRecorded, context: Context, now: datetime) -> Step:
    """What cannot be recorded does not enter (Art. 20, 33); a question about it is dropped."""
    view = verdict_view(
        refuse(
            DoorVerdict("refused.cannot_be_recorded"), "refused.cannot_be_recorded", context.knowledge, now
        ),
        context.knowledge,
        "",
        now + timedelta(seconds=VERDICT_SECONDS),
    )
    following: Phase = phase
    if isinstance(phase, AskReason) and phase.waiting.read in event.reads:
        following = phase.back
    if isinstance(phase, AwaitEscort):
        kept = tuple(w for w in phase.waiting if w.read not in event.reads)
        following = replace(phase, waiting=kept) if kept else phase.back
    return Step(following, verdict=view)


# --- shared by the handlers ---------------------------------------------------------------------------------


def _conclude(
    phase: Phase, entries: tuple[tuple[Read, DoorVerdict], ...], context: Context, now: datetime
) -> Step:
    """Record the verdicts, open if one of them opens, and show the last one that does (or the last)."""
    opening = [entry for entry in entries if entry[1].outcome.opens]
    read, verdict = (opening or list(entries))[-1]
    seconds = max(VERDICT_SECONDS, context.open_seconds if opening else 0)
    view = verdict_view(verdict, context.knowledge, read.badge, now + timedelta(seconds=seconds))
    unlock = (Unlock(context.open_seconds),) if opening else ()
    return Step(phase, (Record(entries), *unlock), view)


def _refuse_waiting(
    phase: AwaitEscort | AskReason, waiting: tuple[Waiting, ...], code: str, context: Context, now: datetime
) -> Step:
    refused = tuple(
        (replace(w.read, at=now), refuse(w.verdict, code, context.knowledge, now)) for w in waiting
    )
    return _conclude(phase.back, refused, context, now)


def _base(phase: Phase) -> BasePhase:
    return phase.back if isinstance(phase, AwaitEscort | AskReason) else phase


def _read(event: EntryRead | ExitRead, context: Context, now: datetime) -> Read:
    direction = Direction.IN if isinstance(event, EntryRead) else Direction.OUT
    known = event.badge in context.knowledge.badges
    return Read(context.kiosk, event.reader, direction, event.badge, known, now)


def _is_repeat(read: Read, context: Context, now: datetime) -> bool:
    """Whether the same badge was read at the same reader inside ``repeat_window_seconds`` (Art. 20)."""
    before = context.recent.get((read.reader, read.badge))
    window = context.knowledge.limits.seconds("repeat_window_seconds")
    return before is not None and timedelta(0) <= now - before < window


def _repeat(read: Read, context: Context) -> DoorVerdict:
    known = context.knowledge.badges.get(read.badge)
    person_id = known.person_id if known else None
    return DoorVerdict("repeat", person_id, limits_version=context.knowledge.limits.version)
