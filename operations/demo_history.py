"""The weeks behind the demo's day: ordinary shifts, with the small breaches that happen, played in order of time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby

from operations import store
from operations.demo_centre import DemoCentre, Member
from operations.demo_day import day_tasks
from operations.demo_roster import ZONE, Slot
from operations.demo_shift import (
    Beat,
    DemoDoor,
    Fate,
    comes,
    goes,
    in_order,
    is_handed_over,
    is_visited,
    minutes,
    steps_out,
    stranger,
    writes,
)
from operations.demo_words import (
    DISPUTES,
    ENTRIES,
    PERMIT_REASONS,
    PLACES,
    VISITORS,
    filled,
    words_of_item,
)

_OFFICE_DAYS = 5


def history(centre: DemoCentre, seed: int, last: Slot) -> list[Beat]:
    """Return what happens from the centre's first shift to ``last``, in order of time."""
    beats: list[Beat] = []
    slot = centre.first
    while slot <= last:
        rng = random.Random(f"{seed} {_age(centre, slot)}")  # noqa: S311  a story
        beats += _shift(centre, slot, rng, quiet_end=slot == last)
        beats += day_tasks(centre, slot, f"{seed} {_age(centre, slot)}", partial(_within, slot))
        slot = slot.after()
    day = centre.first.day
    while day <= last.day:
        beats += office_day(centre, seed, day)
        day += timedelta(days=1)
    return in_order(beats)


def play(beats: Sequence[Beat], door: DemoDoor, played: Callable[[Beat], None]) -> None:
    """Perform ``beats`` one after the other."""
    for beat in beats:
        door.wait(beat.at)
        beat.act(door, beat.at)
        played(beat)


def play_past(beats: Sequence[Beat], door: DemoDoor, played: Callable[[Beat], None]) -> None:
    """Perform ``beats`` of the past, a day in one transaction: the operations in it are the public ones, unchanged.

    One commit a day instead of fifty keeps a slow disk out of it; nobody watches the past while it is made.
    """
    with store.connected():
        for _day, group in groupby(beats, key=lambda beat: beat.at.date()):
            todays = list(group)
            store.write(lambda todays=todays: play(todays, door, played))  # type: ignore[misc]
            door.settle(todays[-1].at)


def office_day(centre: DemoCentre, seed: int, day: date) -> list[Beat]:
    """Return how the people in office hours come and go on a day."""
    if day.weekday() >= _OFFICE_DAYS:
        return []
    rng = random.Random(f"{seed} office {(day - centre.anchor.day).days}")  # noqa: S311  a story
    office = Slot.of(day, "office")
    beats = []
    for member in centre.office:
        beats.append(comes(member, office.starts_at - minutes(rng.uniform(11, 28))))
        beats.append(goes(member, office.ends_at + minutes(rng.uniform(1, 25))))
    return beats


def departures(crew: Sequence[Member], slot: Slot, rng: random.Random) -> list[Beat]:
    """Return how a crew goes home after it was relieved."""
    return [goes(member, slot.ends_at + minutes(rng.uniform(0.5, 9))) for member in crew]


def settling(rng: random.Random, share: float = 0.6) -> Callable[[str], Fate]:
    """Return a decider over open items that settles about ``share`` of them and carries the others on."""

    def settled(title: str) -> Fate:
        words = words_of_item(title)
        if rng.random() < share:
            return Fate(outcome=words.outcome)
        return Fate(reason=words.reason, next_step=words.next_step)

    return settled


def _age(centre: DemoCentre, slot: Slot) -> str:
    """Name a shift by its distance from the anchor, so that the story does not depend on the date."""
    return f"{(slot.starts_at - centre.anchor.starts_at) / timedelta(hours=8):.0f}"


def _shift(centre: DemoCentre, slot: Slot, rng: random.Random, *, quiet_end: bool) -> list[Beat]:
    """Return one shift; with a quiet end nobody goes early and nothing is disputed."""
    leader, *operators = centre.crew(slot)
    rng.shuffle(operators)
    if rng.random() < 0.03:
        operators.pop()  # who did not come at all
    crew = [leader, *operators]
    beats = _arrivals_with_lateness(crew, slot, rng)
    if rng.random() < 0.02 and not quiet_end:
        hasty = operators.pop()
        crew.remove(hasty)
        beats.append(goes(hasty, slot.ends_at - minutes(7)))
    beats += departures(crew, slot, rng)
    beats += list(_entries(leader, slot, rng))
    beats += _absences(leader, operators, slot, rng)
    beats += _visitors(centre, operators, slot, rng)
    if rng.random() < 0.07:
        beats.append(stranger(f"{rng.randrange(16**8):010X}", _within(slot, rng)))
    dispute = rng.choice(DISPUTES) if rng.random() < 0.05 and not quiet_end else None
    return [
        *beats,
        *is_handed_over(centre, slot, settling(rng), slot.ends_at - minutes(rng.uniform(6, 9)), dispute),
    ]


def _arrivals_with_lateness(crew: Sequence[Member], slot: Slot, rng: random.Random) -> list[Beat]:
    beats = []
    for place, member in enumerate(crew):
        early = rng.uniform(10.5, 26)
        chance = rng.random()
        if place and chance < 0.012:
            early = -rng.uniform(1, 14)
        elif chance < 0.035:
            early = rng.uniform(4, 9.5)
        beats.append(comes(member, slot.starts_at - minutes(early)))
    return beats


def _entries(leader: Member, slot: Slot, rng: random.Random) -> Iterator[Beat]:
    for name in rng.sample(sorted(ENTRIES), rng.randint(2, 3)):
        seat, phone = f"0{rng.randint(1, 7)}", f"8{rng.randint(510, 699)} {rng.randint(1000, 9999)}"
        words = filled(ENTRIES[name], phone, rng.choice(PLACES), seat)
        told_after = rng.uniform(18, 30) if rng.random() < 0.1 else rng.uniform(1, 9)
        yield writes(leader, _within(slot, rng), words, told_after, seat if "席" not in words.text else "")


def _absences(leader: Member, operators: list[Member], slot: Slot, rng: random.Random) -> list[Beat]:
    """Some go with a permit and are back in time, a few overstay it, now and then one goes without."""
    beats = []
    for _time in range(rng.randint(0, 2)):
        away, at = rng.uniform(4, 9), _within(slot, rng)
        away = rng.uniform(11, 16) if rng.random() < 0.08 else away
        reason = rng.choice(PERMIT_REASONS)
        beats += steps_out(operators.pop(), leader, at, away, 10, reason)
    if rng.random() < 0.06:
        beats += steps_out(operators.pop(), None, _within(slot, rng), rng.uniform(5, 15))
    return beats


def _visitors(centre: DemoCentre, operators: list[Member], slot: Slot, rng: random.Random) -> list[Beat]:
    working_hours = slot.code != "night" and slot.day.weekday() < _OFFICE_DAYS
    if not working_hours or rng.random() > 0.45:
        return []
    at, visitor = _within(slot, rng), rng.choice(VISITORS)
    escort = None if rng.random() < 0.08 else operators.pop()
    stays = rng.uniform(15, 75)
    allowed = 60 if rng.random() < 0.2 else 120
    key = f"demo-{slot.starts_at.astimezone(ZONE):%m%d%H}"
    leader, approver = centre.leader(slot), centre.approver(slot, visitor.reason)
    return is_visited(leader, escort, visitor, key, at, stays, allowed, approver=approver)


def _within(slot: Slot, rng: random.Random) -> datetime:
    """Return a time in the middle of a shift, far from both its ends."""
    return slot.starts_at + minutes(rng.uniform(40, 330))
