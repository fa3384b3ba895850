"""Who answers for a visitor inside (Art. 20): at the door, while they are inside, and when the escort leaves.

A visitor inside has an escort on record, or there is an open finding that they have none. The duty passes from an
escort who leaves to the next one inside; where there is nobody, the first one of the centre who is inside and on
duty again takes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from regulation.access import DoorKnowledge, DoorVerdict, finished
from regulation.findings import Finding
from regulation.occupancy import Inside, Occupancy
from regulation.roles import LEADER_ROLES


def decide_escort(
    knowledge: DoorKnowledge, occupancy: Occupancy, waiting: DoorVerdict, escort_badge: str, now: datetime
) -> DoorVerdict:
    """Decide a visitor who waits at the door when ``escort_badge`` is read inside the escort window (Art. 20)."""
    escort = knowledge.person_on_duty(escort_badge, now)
    if escort is None:
        verdict = replace(waiting, code="refused.escort_not_on_duty")
    elif len(visitors_led_by(knowledge, occupancy, escort.id)) >= knowledge.limits["visitors_per_escort"]:
        verdict = replace(waiting, code="refused.escort_full", escort_id=escort.id)
    else:
        verdict = replace(
            waiting,
            code="granted.visitor",
            escort_id=escort.id,
            evidence=(*waiting.evidence, f"person:{escort.id}"),
        )
    return finished(verdict, knowledge, now)


def escort_of(knowledge: DoorKnowledge, occupancy: Occupancy, visit_id: int) -> int | None:
    """Return who answers for a visitor inside, or ``None``.

    The centre's word goes before the door's: at a handover the duty moves on with the incoming signature. But not
    when the door knows of a later move, nor for someone the door saw leave.
    """
    inside = occupancy.visits[visit_id]
    visit = knowledge.visits_by_id.get(visit_id)
    told = visit.escort_id if visit and inside.escorted_since <= knowledge.snapshot.taken_at else None
    return inside.escort_id if told is None or occupancy.is_away(told) else told


def visitors_led_by(knowledge: DoorKnowledge, occupancy: Occupancy, person_id: int) -> list[Inside]:
    """Return the visitors inside that ``person_id`` answers for now; a visit no longer listed was ended at the desk."""
    return [
        inside
        for visit_id, inside in occupancy.visits.items()
        if visit_id in knowledge.visits_by_id and escort_of(knowledge, occupancy, visit_id) == person_id
    ]


def next_escort(
    knowledge: DoorKnowledge, occupancy: Occupancy, leaving_person_id: int, now: datetime
) -> int | None:
    """Return who answers for the visitors of ``leaving_person_id`` next, or ``None`` when there is nobody.

    Someone of the centre who is inside and on duty and leads fewer than ``visitors_per_escort``: whoever can take
    all of them, then their sponsor, then a leader, then who has been inside longest.
    """
    left = visitors_led_by(knowledge, occupancy, leaving_person_id)
    return _chosen(knowledge, occupancy, left, _led(knowledge, occupancy), now, leaving_person_id)


def passed_on(
    knowledge: DoorKnowledge, occupancy: Occupancy, leaving_person_id: int, now: datetime
) -> tuple[int | None, tuple[str, ...]]:
    """Return the next escort of someone who leaves, and as evidence the visits that one can take (``visit:5``)."""
    escort_id = next_escort(knowledge, occupancy, leaving_person_id, now)
    if escort_id is None:
        return None, ()
    free = knowledge.limits["visitors_per_escort"] - len(visitors_led_by(knowledge, occupancy, escort_id))
    left = visitors_led_by(knowledge, occupancy, leaving_person_id)[:free]
    return escort_id, tuple(f"visit:{inside.visit_id}" for inside in left)


def unescorted(knowledge: DoorKnowledge, occupancy: Occupancy, now: datetime) -> list[DoorVerdict]:
    """Return what is to be recorded of visitors inside whose escort is gone.

    ``note.escort``: someone inside takes over. ``alarm.no_escort``, once: there is nobody, a finding until there is.
    """
    verdicts: list[DoorVerdict] = []
    led: Counter[int] | None = None
    for visit_id, inside in occupancy.visits.items():
        if visit_id not in knowledge.visits_by_id:
            continue
        escort_id = escort_of(knowledge, occupancy, visit_id)
        if escort_id is not None and not occupancy.is_away(escort_id):
            continue
        led = _led(knowledge, occupancy) if led is None else led
        following = _chosen(knowledge, occupancy, [inside], led, now)
        if following is not None:
            led[following] += 1
            verdicts.append(_taken_over(knowledge, visit_id, inside, following))
        elif inside.escort_id is not None:
            verdicts.append(_left_alone(knowledge, visit_id, inside, now))
    return verdicts


def taking_over(
    knowledge: DoorKnowledge, occupancy: Occupancy, entry: DoorVerdict, now: datetime
) -> DoorVerdict:
    """Return ``entry`` with the visitors inside nobody answers for, when whoever enters is on duty and so takes them."""
    alone = [
        visit_id
        for visit_id, inside in occupancy.visits.items()
        if inside.escort_id is None and visit_id in knowledge.visits_by_id
        and escort_of(knowledge, occupancy, visit_id) is None
    ]  # fmt: skip
    person_id = entry.person_id
    if not alone or person_id is None or not entry.outcome.opens or not knowledge.may_escort(person_id, now):
        return entry
    free = knowledge.limits["visitors_per_escort"] - len(visitors_led_by(knowledge, occupancy, person_id))
    visits = tuple(f"visit:{visit_id}" for visit_id in alone[: max(0, free)])
    return replace(entry, escort_id=person_id, evidence=(*entry.evidence, *visits)) if visits else entry


def overstayed(knowledge: DoorKnowledge, occupancy: Occupancy, now: datetime) -> list[DoorVerdict]:
    """Return the alarm for each visitor who is inside past the end of the visit, once for each stay (Art. 20)."""
    verdicts = []
    for visit_id, inside in occupancy.visits.items():
        visit = knowledge.visits_by_id.get(visit_id)
        if visit is None or now <= visit.ends_at or visit_id in occupancy.overstay_told:
            continue
        verdicts.append(
            DoorVerdict(
                "alarm.overstayed",
                visit_id=visit_id,
                escort_id=escort_of(knowledge, occupancy, visit_id),
                evidence=(f"visit:{visit_id}", inside.event_id),
                limits_version=knowledge.limits.version,
            )
        )
    return verdicts


def _led(knowledge: DoorKnowledge, occupancy: Occupancy) -> Counter[int]:
    """How many visitors each escort leads."""
    listed = (visit_id for visit_id in occupancy.visits if visit_id in knowledge.visits_by_id)
    escorts = (escort_of(knowledge, occupancy, visit_id) for visit_id in listed)
    return Counter(escort_id for escort_id in escorts if escort_id is not None)


def _chosen(
    knowledge: DoorKnowledge,
    occupancy: Occupancy,
    left: Sequence[Inside],
    led: Counter[int],
    now: datetime,
    leaving: int | None = None,
) -> int | None:
    most = knowledge.limits["visitors_per_escort"]
    sponsors = {
        knowledge.visits_by_id[inside.visit_id].sponsor_id for inside in left if inside.visit_id is not None
    }
    fit = [
        person_id
        for person_id in occupancy.people
        if person_id != leaving and led[person_id] < most and knowledge.may_escort(person_id, now)
    ]

    def rank(person_id: int) -> tuple[bool, bool, bool, datetime, int]:
        cannot_take_all = led[person_id] + len(left) > most
        no_leader = knowledge.people[person_id].role not in LEADER_ROLES
        since = occupancy.people[person_id].since
        return cannot_take_all, person_id not in sponsors, no_leader, since, person_id

    return min(fit, key=rank, default=None)


def _taken_over(knowledge: DoorKnowledge, visit_id: int, inside: Inside, escort_id: int) -> DoorVerdict:
    return DoorVerdict(
        "note.escort",
        visit_id=visit_id,
        escort_id=escort_id,
        evidence=(f"visit:{visit_id}", inside.event_id),
        limits_version=knowledge.limits.version,
    )


def _left_alone(knowledge: DoorKnowledge, visit_id: int, inside: Inside, now: datetime) -> DoorVerdict:
    evidence, version = (f"visit:{visit_id}", inside.event_id), knowledge.limits.version
    alone = Finding("visitor_unescorted", now, inside.escort_id, None, evidence, version)
    return DoorVerdict(
        "alarm.no_escort", visit_id=visit_id, findings=(alone,), evidence=evidence, limits_version=version
    )
