"""Who decides leave (Art. 35, 36), what must be on record first (Art. 37), and who stands in for whom.

The routes are data. Where two lines name a role, the one that names fewer is the more specific and wins: a QA inspector
is business staff and named beside the senior shift leader, so the deputy manager decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from regulation.findings import Refusal
from regulation.leave_kinds import LeaveKind
from regulation.limits import Limits
from regulation.marking import N_
from regulation.roles import BUSINESS_ROLES, Role


class Decider(StrEnum):
    """Who decides a step: the value is what the data stores."""

    DUTY_LEADER = "duty_leader"
    SENIOR_SHIFT_LEADER = "senior_shift_leader"
    DEPUTY_MANAGER = "deputy_manager"


DECIDER_NAMES: dict[Decider, str] = {
    Decider.DUTY_LEADER: N_("duty leader"),
    Decider.SENIOR_SHIFT_LEADER: N_("senior shift leader"),
    Decider.DEPUTY_MANAGER: N_("deputy manager"),
}

_RANKS = {Decider.DUTY_LEADER: 1, Decider.SENIOR_SHIFT_LEADER: 2, Decider.DEPUTY_MANAGER: 3}
_DECIDES_AS = {
    Role.SHIFT_LEADER: Decider.DUTY_LEADER,
    Role.SENIOR_SHIFT_LEADER: Decider.SENIOR_SHIFT_LEADER,
    Role.DEPUTY_MANAGER: Decider.DEPUTY_MANAGER,
}


@dataclass(frozen=True, slots=True)
class Route:
    """One line of Art. 35: whose leave goes to whom."""

    roles: frozenset[Role]
    decider: Decider


ROUTES: tuple[Route, ...] = (
    Route(frozenset({Role.OPERATOR}), Decider.DUTY_LEADER),
    Route(BUSINESS_ROLES, Decider.SENIOR_SHIFT_LEADER),
    Route(frozenset({Role.SENIOR_SHIFT_LEADER, Role.QA_INSPECTOR}), Decider.DEPUTY_MANAGER),
    # The regulation names nobody above the deputy manager within the centre: another one decides, or a delegate.
    Route(frozenset({Role.DEPUTY_MANAGER}), Decider.DEPUTY_MANAGER),
)

# Art. 36: of these any leave is the deputy manager's, of the others only what takes over a day.
ALWAYS_BY_MANAGER = frozenset({LeaveKind.MARRIAGE, LeaveKind.MATERNITY, LeaveKind.FAMILY_VISIT})
BY_MANAGER_WHEN_LONG = frozenset({LeaveKind.SICK, LeaveKind.PERSONAL})


@dataclass(frozen=True, slots=True)
class Step:
    """One decision that leave needs, and the article that asks for it."""

    decider: Decider
    article: int


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who stands in for an absent approver, on the civil days from ``first_day`` to ``last_day``, both included."""

    id: int
    from_id: int
    from_role: Role
    to_id: int
    first_day: date
    last_day: date

    def is_in_force(self, on: date) -> bool:
        """Whether it counts on that civil day."""
        return self.first_day <= on <= self.last_day


@dataclass(frozen=True, slots=True)
class Approver:
    """Someone who would decide. ``leads``: they lead the team of the person who asks, or the shift now on duty."""

    person_id: int
    role: Role
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """An approval that was given, by whom and in whose place; ``delegation_id`` when a delegate gave it."""

    person_id: int
    decider: Decider
    delegation_id: int | None = None


def route(role: Role) -> Decider:
    """Return who decides the leave of ``role`` (Art. 35); the more specific line wins.

    Raises :class:`KeyError` for roles the regulation does not cover.
    """
    lines = [line for line in ROUTES if role in line.roles]
    if not lines:
        raise KeyError(role)
    return min(lines, key=lambda line: len(line.roles)).decider


# Art. 36: these take effect only with the deputy manager's approval.
def manager_is_needed(kind: LeaveKind, days: Fraction, limits: Limits) -> bool:
    """Whether leave of ``days`` rostered duties needs the deputy manager; exactly one day of sick leave does not."""
    long = days > limits["manager_approval_over_days"]
    return kind in ALWAYS_BY_MANAGER or (kind in BY_MANAGER_WHEN_LONG and long)


# Art. 37: sick leave over one day needs a doctor's note.
def note_is_needed(kind: LeaveKind, days: Fraction, limits: Limits) -> bool:
    """Whether the leave needs a doctor's note on record before it can be approved; exactly one day does not."""
    return kind is LeaveKind.SICK and days > limits["doctor_note_over_days"]


def decision_steps(role: Role, kind: LeaveKind, days: Fraction, limits: Limits) -> tuple[Step, ...]:
    """Return who decides, in order: by Art. 35, and then by Art. 36 where that is not the deputy manager anyway."""
    first = route(role)
    if not manager_is_needed(kind, days, limits):
        return (Step(first, 35),)
    if first is Decider.DEPUTY_MANAGER:
        return (Step(first, 36),)
    return (Step(first, 35), Step(Decider.DEPUTY_MANAGER, 36))


def open_step(steps: Sequence[Step], decisions: Iterable[Decision]) -> Step | None:
    """Return the step that waits for a decision, or ``None`` when the leave takes effect.

    Whoever decides in person settles every step up to their rank at once; a delegate settles one at a time.
    """
    left = list(steps)
    for decision in decisions:
        rank = _RANKS[decision.decider]
        settled = 0
        while left and _RANKS[left[0].decider] <= rank and (not settled or decision.delegation_id is None):
            left.pop(0)
            settled += 1
    return left[0] if left else None


def decides_as(
    approver: Approver, step: Step, delegations: Iterable[Delegation], on: date
) -> Decision | None:
    """Return in which capacity ``approver`` may take ``step`` on a civil day: in person before by delegation.

    A higher rank may always decide a lower step.
    """
    own = _DECIDES_AS.get(approver.role)
    if own is Decider.DUTY_LEADER and not approver.leads:
        own = None
    if own is not None and _RANKS[own] >= _RANKS[step.decider]:
        return Decision(approver.person_id, own)
    for lent in sorted(delegations, key=lambda d: d.id):
        capacity = _DECIDES_AS.get(lent.from_role)
        if lent.to_id != approver.person_id or not lent.is_in_force(on) or capacity is None:
            continue
        if _RANKS[capacity] >= _RANKS[step.decider]:
            return Decision(approver.person_id, capacity, lent.id)
    return None


# Art. 35, 36: nobody approves their own request, and a delegate does not give both approvals.
def decision_refusal(
    approver: Approver,
    asked_by: int,
    step: Step,
    delegations: Iterable[Delegation],
    earlier: Iterable[Decision],
    on: date,
) -> Refusal | None:
    """Return why ``approver`` may not decide ``step`` of a request by ``asked_by`` (person ids), or ``None``."""
    if approver.person_id == asked_by:
        return Refusal(
            step.article,
            "leave.own",
            N_("Nobody decides their own leave"),
            N_("The {decider} or a recorded delegate decides."),
            {"decider": DECIDER_NAMES[step.decider]},
        )
    decision = decides_as(approver, step, delegations, on)
    if decision is None:
        return Refusal(
            step.article,
            "leave.not_yours",
            N_("This leave is the {decider}'s to decide"),
            N_("Pass it on, or have a delegate recorded while they are away."),
            {"decider": DECIDER_NAMES[step.decider]},
        )
    if decision.delegation_id is not None and any(d.person_id == approver.person_id for d in earlier):
        return Refusal(
            36,
            "leave.second_person",
            N_("The second approval is another person's"),
            N_("The deputy manager, or another delegate, decides it."),
        )
    return None


def approval_refusal(kind: LeaveKind, days: Fraction, doctor_note: str, limits: Limits) -> Refusal | None:
    """Return what must be on record before the leave can be approved at all (Art. 37), or ``None``."""
    if not note_is_needed(kind, days, limits) or doctor_note.strip():
        return None
    return Refusal(
        37,
        "leave.no_note",
        N_("Sick leave over one day needs a doctor's note"),
        N_("Enter the note's number, then approve."),
    )
