"""What the demo's leaders do around a handover besides signing it: a flood of reports, a hold, what comes after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from operations import addenda, reliefs, responsibility, standing
from operations.demo_centre import DEMO_PIN, Member
from operations.demo_shift import Beat, DemoDoor
from operations.entry_edits import edit_entry
from operations.reported_events import record_event
from operations.shiftlog import EntryDraft, write_entry

FLOOD_EVERY = timedelta(seconds=25)


def is_flooded(leader: Member, at: datetime, draft: EntryDraft, times: int, note: str = "") -> list[Beat]:
    """One source reports the same again and again; the log counts it in one line."""

    def report(_door: DemoDoor, now: datetime) -> None:
        record_event(leader.actor, now, replace(draft, happened_at=now, told_at=now))

    return [Beat(at + FLOOD_EVERY * place, report, "" if place else note) for place in range(times)]


def is_corrected(leader: Member, at: datetime, draft: EntryDraft, better: str, reason: str) -> Beat:
    """An entry is written, and at once written better; what it said stays on record."""

    def write(_door: DemoDoor, now: datetime) -> None:
        told = replace(draft, happened_at=now, told_at=now if draft.told_whom else None)
        entry_id = write_entry(leader.actor, now, told)
        edit_entry(leader.actor, now, entry_id, replace(told, text=better), reason)

    return Beat(at, write)


def is_held(
    leader: Member, log_id: int, begin: datetime, end: datetime, reason: str, outcome: str, note: str
) -> list[Beat]:
    """A fault keeps everyone at work: no handover until it is over (Art. 11)."""

    def hold(_door: DemoDoor, now: datetime) -> None:
        standing.hold_handover(leader.actor, now, log_id, reason)

    def lift(_door: DemoDoor, now: datetime) -> None:
        standing.lift_hold(leader.actor, now, log_id, outcome)

    return [Beat(begin, hold, note), Beat(end, lift)]


def takes_the_seat(relief: Member, at: datetime) -> Beat:
    """The relieving operator badges at the desk reader and takes the seat over before the leaders sign (Art. 21)."""

    def sit_down(_door: DemoDoor, now: datetime) -> None:
        reliefs.relieve_by_badge(relief.badge, DEMO_PIN, now)

    return Beat(at, sit_down)


def is_added_to(author: Member, log_id: int, at: datetime, text: str, note: str) -> Beat:
    """Something was forgotten: it is added to the sealed log, signed and chained."""

    def add(_door: DemoDoor, now: datetime) -> None:
        addenda.add_addendum(author.number, DEMO_PIN, now, log_id, text)

    return Beat(at, add, note)


def is_asked_about(asker: Member, log_id: int, at: datetime, problem: str, words: str, note: str) -> Beat:
    """A problem is found after the handover; the sealed record says who answers for it (Art. 25)."""

    def ask(_door: DemoDoor, now: datetime) -> None:
        responsibility.ask_responsibility(asker.actor, now, log_id, problem, words)

    return Beat(at, ask, note)
