"""A machine room on paper: a night shift on duty, one visit approved. Tests change one thing and ask the rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from regulation.access import DoorKnowledge, DoorVerdict, decide_entry
from regulation.exits import decide_exit
from regulation.limits import DEFAULT_LIMITS
from regulation.occupancy import Occupancy, Passage
from regulation.records import (
    BadgeRecord,
    Direction,
    DutyRecord,
    PermitRecord,
    PersonRecord,
    Snapshot,
    VisitRecord,
    VisitState,
)
from regulation.roles import Role

STARTS = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=8)
NOON = STARTS + timedelta(hours=4)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)

LEADER, OPERATOR, OFF_DUTY, ENGINEER, ADMIN = 3, 17, 21, 40, 31
VISIT = 5

PEOPLE = (
    PersonRecord(LEADER, "1003", "王建国", Role.SHIFT_LEADER),
    PersonRecord(OPERATOR, "1017", "陈静", Role.OPERATOR),
    PersonRecord(OFF_DUTY, "1021", "刘洋", Role.OPERATOR),
    PersonRecord(ENGINEER, "4001", "张伟", Role.COMPANY_EMPLOYEE),
    PersonRecord(ADMIN, "3001", "赵磊", Role.ADMIN),
)
BADGES = (
    BadgeRecord("leader", LEADER),
    BadgeRecord("operator", OPERATOR),
    BadgeRecord("off duty", OFF_DUTY),
    BadgeRecord("engineer", ENGINEER),
    BadgeRecord("admin", ADMIN),
    BadgeRecord("visitor", None, "V-01"),
)


def duty(person_id: int = OPERATOR, **changes: Any) -> DutyRecord:
    """The night's duty of one person, changed as the test says."""
    return replace(
        DutyRecord(person_id, person_id, date(2026, 11, 23), "night", STARTS, ENDS, "01"), **changes
    )


def visit(**changes: Any) -> VisitRecord:
    """The approved visit: from the start of the shift, two hours long."""
    approved = VisitRecord(
        VISIT,
        VisitState.APPROVED,
        STARTS,
        STARTS + timedelta(hours=2),
        "maintenance",
        "李伟",
        "华信公司",
        LEADER,
        "visitor",
        "V-01",
    )
    return replace(approved, **changes)


def permit(**changes: Any) -> PermitRecord:
    """A quarter of an hour away from the seat, from the middle of the shift."""
    given = PermitRecord(8, OPERATOR, OPERATOR, NOON, NOON + 15 * MINUTE)
    return replace(given, **changes)


SNAPSHOT = Snapshot(
    "城东客服中心",
    "Asia/Shanghai",
    STARTS,
    1,
    PEOPLE,
    BADGES,
    (duty(LEADER), duty(OPERATOR)),
    (visit(),),
    (),
    dict(DEFAULT_LIMITS.values),
)


def room(**changes: Any) -> DoorKnowledge:
    """What the door knows, changed as the test says."""
    return DoorKnowledge.of(replace(SNAPSHOT, **changes))


def occupancy_after(passages: Iterable[Passage]) -> Occupancy:
    """Who is inside after ``passages``, in order of time."""
    occupancy = Occupancy()
    for passage in passages:
        occupancy.apply(passage)
    return occupancy


def inside(*people: int, visits: dict[int, int] | None = None, since: datetime = STARTS) -> Occupancy:
    """The occupancy after ``people`` came in, and visits each with their escort."""
    passages = [Passage(f"door:main-{n}", since, Direction.IN, n) for n in people]
    passages += [
        Passage(f"door:main-{100 + n}", since, Direction.IN, None, n, escort)
        for n, escort in (visits or {}).items()
    ]
    return occupancy_after(passages)


def entry(badge: str, at: datetime, who: Occupancy | None = None, **changes: Any) -> DoorVerdict:
    """The verdict on an entry; ``reason`` may be among the changes."""
    reason = changes.pop("reason", None)
    return decide_entry(room(**changes), who or Occupancy(), badge, at, reason=reason)


def leaving(badge: str, at: datetime, who: Occupancy | None = None, **changes: Any) -> DoorVerdict:
    """The verdict on an exit; ``visitor_waiting`` may be among the changes."""
    waiting = bool(changes.pop("visitor_waiting", False))
    return decide_exit(room(**changes), who or Occupancy(), badge, at, visitor_waiting=waiting)


def found(verdict: DoorVerdict) -> list[str]:
    """The codes of a verdict's findings."""
    return [finding.code for finding in verdict.findings]
