"""What a read at the door leads to: entry, escort, question, exit, and the ends of their deadlines (Art. 14, 20, 24)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from kiosk.actions import Record, Unlock
from kiosk.inputs import EntryRead, ExitRead, Key, NotRecorded, Tick
from kiosk.phases import (
    AskReason,
    AwaitEscort,
    BasePhase,
    ConfirmDress,
    Idle,
    Interruption,
    Phase,
    TakeBadge,
    Waiting,
)
from kiosk.states import Context, Step
from kiosk.views import WORDS_DRESS, WORDS_TAKES_OVER, View, verdict_view
from regulation.access import DoorVerdict, decide_entry, refuse
from regulation.doorlog import DRESS_CONFIRMED, Read, passage_meant
from regulation.escorting import decide_escort, taking_over, unescorted
from regulation.exits import decide_exit
from regulation.occupancy import Occupancy
from regulation.records import Direction
from regulation.visiting import NOT_ASKED, OFF_DUTY_REASONS

VERDICT_SECONDS: Final = 5
"""How long a verdict stays on the screen, unless the strike is open for longer."""

REASON_SECONDS: Final = 20
"""How long someone off duty may think about why they come in."""

DRESS_SECONDS: Final = 10
"""How long the door asks about work clothes; then the entry goes on, unconfirmed (Art. 15)."""

Entry = tuple[Read, DoorVerdict]


# --- entry --------------------------------------------------------------------------------------------------


def enter(phase: Phase, event: EntryRead, context: Context, now: datetime) -> Step:
    """Someone badges outside and nobody is waiting for anything (Art. 20)."""
    read = read_of(event, context, now)
    if is_repeat(read, context, now):
        return Step(phase, (Record(((read, repeated(read, context)),)),))
    verdict = entry_verdict(event.badge, context, now)
    if verdict.code == "pending.reason" and not context.can_ask:
        verdict = decide_entry(context.knowledge, context.occupancy, event.badge, now, reason=NOT_ASKED.code)
    waiting = Waiting(read, verdict)
    back = base_of(phase)
    if verdict.code == "pending.escort":
        back = Idle() if isinstance(back, TakeBadge) else back
        until = now + context.knowledge.limits.seconds("escort_window_seconds")
        return Step(AwaitEscort((waiting,), now, until, back), (Record(((read, verdict),)),))
    if verdict.code == "pending.reason":
        until = now + timedelta(seconds=REASON_SECONDS)
        return Step(AskReason(waiting, until, back), (Record(((read, verdict),)),))
    if context.dress == "confirm" and context.can_ask and is_for_duty(verdict):
        asked = replace(verdict, code="pending.dress", findings=())
        until = now + timedelta(seconds=DRESS_SECONDS)
        return Step(ConfirmDress(waiting, until, back), (Record(((read, asked),)),))
    return conclude(
        phase, ((read, taking_over(context.knowledge, context.occupancy, verdict, now)),), context, now
    )


def is_for_duty(verdict: DoorVerdict) -> bool:
    """Whether someone enters for a duty of theirs, or during one."""
    return verdict.outcome.opens and verdict.duty_id is not None and verdict.code != "granted.on_leave"


def entry_verdict(badge: str, context: Context, now: datetime) -> DoorVerdict:
    """Return the verdict on a badge at the entry, whatever else is going on there (Art. 20)."""
    if not context.knowledge.badges:  # this door has never heard of the centre: it can tell nobody apart
        return refuse(DoorVerdict("refused.stale_snapshot"), "refused.stale_snapshot", context.knowledge, now)
    return decide_entry(context.knowledge, context.occupancy, badge, now)


def enter_beside_visitor(phase: AwaitEscort, event: EntryRead, context: Context, now: datetime) -> Step:
    """A badge is read while visitors wait: the escort, one more visitor, or somebody who cannot escort (Art. 20)."""
    if now > phase.until:
        return both(escort_late(phase, Tick(), context, now), event, context, now)
    read = read_of(event, context, now)
    before = context.recent.get((read.reader, read.badge))
    if before is not None and before >= phase.since and is_repeat(read, context, now):
        return Step(phase, (Record(((read, repeated(read, context)),)),))
    verdict = entry_verdict(event.badge, context, now)
    if verdict.code == "pending.escort":
        others = tuple(w for w in phase.waiting if w.read.badge != read.badge)
        until = now + context.knowledge.limits.seconds("escort_window_seconds")
        joined = replace(phase, waiting=(*others, Waiting(read, verdict)), until=until)
        return Step(joined, (Record(((read, verdict),)),))
    if not verdict.outcome.opens and verdict.code != "pending.reason":
        return conclude(phase, ((read, verdict),), context, now)
    if context.knowledge.person_on_duty(event.badge, now) is None:
        first = phase.waiting[0].verdict
        refused = decide_escort(context.knowledge, context.occupancy, first, event.badge, now)
        return conclude(phase, ((read, refused),), context, now)
    return _escort_came(phase, read, verdict, context, now)


def _escort_came(phase: AwaitEscort, read: Read, entry: DoorVerdict, context: Context, now: datetime) -> Step:
    """Someone on duty takes the waiting visitors in; each visit is judged again, it may have been ended.

    When none of them may enter, the door does not open beside them: the escort badges again to enter alone.
    """
    occupancy = context.occupancy.copy()
    _note_inside(occupancy, read, entry)
    led: list[Entry] = []
    left: list[Entry] = []
    still: list[Waiting] = []
    for waiting in phase.waiting:
        visitor = replace(waiting.read, at=now)
        verdict = decide_entry(context.knowledge, occupancy, visitor.badge, now)
        if verdict.code == "pending.escort":
            verdict = decide_escort(context.knowledge, occupancy, verdict, read.badge, now)
        (led if verdict.outcome.opens else left).append((visitor, verdict))
        if verdict.outcome.opens:
            _note_inside(occupancy, visitor, verdict)
        elif verdict.code == "refused.escort_full":
            still.append(waiting)
    following: Phase = replace(phase, waiting=tuple(still)) if still else phase.back
    if not led:
        return conclude(following, tuple(left), context, now)
    visits = tuple(f"visit:{verdict.visit_id}" for _visitor, verdict in led)
    escort = replace(entry, code="granted.escort", reason="", evidence=(*entry.evidence, *visits))
    return conclude(following, (*left, (read, escort), *led), context, now)


def _note_inside(occupancy: Occupancy, read: Read, verdict: DoorVerdict) -> None:
    passage = passage_meant(read, verdict)
    if passage is not None:
        occupancy.apply(passage)


def enter_past_question(phase: AskReason, event: EntryRead, context: Context, now: datetime) -> Step:
    """The next one badges before the question was answered: the question is over (Art. 20)."""
    read = read_of(event, context, now)
    if read.badge == phase.waiting.read.badge and is_repeat(read, context, now):
        return Step(phase, (Record(((read, repeated(read, context)),)),))
    return both(_unanswered(phase, context, now), event, context, now)


def both(first: Step, event: EntryRead, context: Context, now: datetime) -> Step:
    """Settle what was open, then take ``event`` from there; both become durable together, the later is shown."""
    second = enter(first.phase, event, context, now)
    entries = tuple(
        e for step in (first, second) for act in step.actions if isinstance(act, Record) for e in act.entries
    )
    others = [act for act in (*first.actions, *second.actions) if not isinstance(act, Record)]
    actions = (Record(entries), *dict.fromkeys(others))
    return Step(second.phase, actions, second.verdict)


# --- exit ---------------------------------------------------------------------------------------------------


def leave(phase: Phase, event: ExitRead, context: Context, now: datetime) -> Step:
    """Someone badges inside: recorded and released, whatever else is going on (Art. 14, 20, 24)."""
    read = read_of(event, context, now)
    if is_repeat(read, context, now):
        again = replace(repeated(read, context), code="released.repeat")
        return Step(phase, (Record(((read, again),)), Unlock(context.open_seconds)))
    waiting = isinstance(phase, AwaitEscort) and now <= phase.until
    verdict = decide_exit(
        context.knowledge, context.occupancy, event.badge, now, visitor_waiting=waiting
    )  # fetching a visitor who stands outside is not leaving one's seat
    entries: tuple[Entry, ...] = ((read, verdict),)
    if any(finding.code == "visitor_left_behind" for finding in verdict.findings):
        entries += _left_without(read, verdict, context, now)
    return conclude(phase, entries, context, now)


def _left_without(read: Read, verdict: DoorVerdict, context: Context, now: datetime) -> tuple[Entry, ...]:
    """Visitors the next escort could not take: others take them, or they are reported as without one (Art. 20)."""
    occupancy = context.occupancy.copy()
    _note_inside(occupancy, read, verdict)
    beside = Read(read.kiosk, read.reader, Direction.NONE, "", False, now)
    return tuple((beside, alone) for alone in unescorted(context.knowledge, occupancy, now))


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
    return conclude(phase.back, ((read, verdict),), context, now)


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
    if isinstance(phase, AskReason | ConfirmDress) and phase.waiting.read in event.reads:
        following = phase.back
    if isinstance(phase, AwaitEscort):
        kept = tuple(w for w in phase.waiting if w.read not in event.reads)
        following = replace(phase, waiting=kept) if kept else phase.back
    return Step(following, verdict=view)


# --- shared by the handlers ---------------------------------------------------------------------------------


def conclude(
    phase: Phase, entries: tuple[tuple[Read, DoorVerdict], ...], context: Context, now: datetime
) -> Step:
    """Record the verdicts, open if one of them opens, and show the last one that does (or the last)."""
    opening = [entry for entry in entries if entry[1].outcome.opens]
    read, verdict = (opening or list(entries))[-1]
    seconds = max(VERDICT_SECONDS, context.open_seconds if opening else 0)
    view = verdict_view(verdict, context.knowledge, read.badge, now + timedelta(seconds=seconds))
    if opening and read.direction is Direction.IN and verdict.visit_id is None:
        view = _with_duties(view, read, verdict, context)
    unlock = (Unlock(context.open_seconds),) if opening else ()
    return Step(phase, (Record(entries), *unlock), view)


def _with_duties(view: View, read: Read, verdict: DoorVerdict, context: Context) -> View:
    """Remind who enters of the visitors they take over (Art. 20) and of the work clothes (Art. 15)."""
    if verdict.escort_id is not None and verdict.code != "granted.escort":
        view = replace(view, next_step=WORDS_TAKES_OVER)
    if context.dress != "off" and DRESS_CONFIRMED not in read.marks:
        view = replace(view, last_line=WORDS_DRESS, last_article=15)
    return view


def _refuse_waiting(
    phase: AwaitEscort | AskReason, waiting: tuple[Waiting, ...], code: str, context: Context, now: datetime
) -> Step:
    refused = tuple(
        (replace(w.read, at=now), refuse(w.verdict, code, context.knowledge, now)) for w in waiting
    )
    return conclude(phase.back, refused, context, now)


def base_of(phase: Phase) -> BasePhase:
    return phase.back if isinstance(phase, Interruption) else phase


def read_of(event: EntryRead | ExitRead, context: Context, now: datetime) -> Read:
    """Return a read as it is recorded."""
    direction = Direction.IN if isinstance(event, EntryRead) else Direction.OUT
    known = event.badge in context.knowledge.badges
    return Read(context.kiosk, event.reader, direction, event.badge, known, now)


def is_repeat(read: Read, context: Context, now: datetime) -> bool:
    """Whether the same badge was read at the same reader inside ``repeat_window_seconds`` (Art. 20)."""
    before = context.recent.get((read.reader, read.badge))
    window = context.knowledge.limits.seconds("repeat_window_seconds")
    return before is not None and timedelta(0) <= now - before < window


def repeated(read: Read, context: Context) -> DoorVerdict:
    """Return the verdict on a badge that was read twice for one swipe."""
    known = context.knowledge.badges.get(read.badge)
    person_id = known.person_id if known else None
    return DoorVerdict("repeat", person_id, limits_version=context.knowledge.limits.version)
