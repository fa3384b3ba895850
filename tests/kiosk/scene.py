"""A door and what it knows, for tests: a night shift, someone off duty, a company employee, two approved visits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from kiosk.actions import Action, Record, Unlock
from kiosk.states import Context, State
from regulation.access import DoorKnowledge
from regulation.limits import DEFAULT_LIMITS
from regulation.occupancy import Occupancy
from regulation.records import (
    BadgeRecord,
    BadgeState,
    DutyRecord,
    PersonRecord,
    Snapshot,
    VisitRecord,
    VisitState,
)
from regulation.roles import Role

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
STARTS, ENDS = NOW - timedelta(minutes=30), NOW + timedelta(hours=7, minutes=30)
OPEN_SECONDS = 5.0

ON_DUTY, ALSO_ON_DUTY, OFF_DUTY, LOST, EMPLOYEE = "1017", "1021", "1117", "1022", "4001"
VISITOR, SECOND_VISITOR, IDLE_VISITOR_BADGE, UNKNOWN = "9001", "9002", "9003", "5555"
BADGES = (
    ON_DUTY, ALSO_ON_DUTY, OFF_DUTY, LOST, EMPLOYEE, VISITOR, SECOND_VISITOR, IDLE_VISITOR_BADGE, UNKNOWN,
)  # fmt: skip

PEOPLE = (
    PersonRecord(17, "1017", "陈静", Role.OPERATOR),
    PersonRecord(21, "1021", "刘洋", Role.OPERATOR),
    PersonRecord(22, "1022", "何芳", Role.OPERATOR),
    PersonRecord(117, "1117", "马超", Role.OPERATOR),
    PersonRecord(401, "4001", "张伟", Role.COMPANY_EMPLOYEE),
)

SNAPSHOT = Snapshot(
    centre="城东客服中心",
    time_zone="Asia/Shanghai",
    taken_at=NOW,
    version=7,
    people=PEOPLE,
    badges=(
        BadgeRecord(ON_DUTY, 17),
        BadgeRecord(ALSO_ON_DUTY, 21),
        BadgeRecord(LOST, 22, state=BadgeState.LOST),
        BadgeRecord(OFF_DUTY, 117),
        BadgeRecord(EMPLOYEE, 401),
        BadgeRecord(VISITOR, label="V-01"),
        BadgeRecord(SECOND_VISITOR, label="V-02"),
        BadgeRecord(IDLE_VISITOR_BADGE, label="V-03"),
    ),
    duties=tuple(
        DutyRecord(person_id, person_id, date(2026, 11, 23), "night", STARTS, ENDS)
        for person_id in (17, 21, 22)
    ),
    visits=(
        VisitRecord(
            1, VisitState.APPROVED, STARTS, ENDS, "maintenance", "李伟", "华信公司", 17, VISITOR, "V-01"
        ),
        VisitRecord(
            2, VisitState.APPROVED, STARTS, ENDS, "tour", "王芳", "华信公司", 17, SECOND_VISITOR, "V-02"
        ),
    ),
    limits=dict(DEFAULT_LIMITS.values),
)


def context(
    snapshot: Snapshot = SNAPSHOT,
    occupancy: Occupancy | None = None,
    recent: dict[tuple[str, str], datetime] | None = None,
    *,
    can_ask: bool = True,
) -> Context:
    """What the door knows, with people and reads of the test's choice."""
    return Context(
        "main", DoorKnowledge.of(snapshot), occupancy or Occupancy(), recent or {}, OPEN_SECONDS, can_ask
    )


def with_limits(**limits: int) -> Snapshot:
    """The snapshot with other limits."""
    return replace(SNAPSHOT, limits={**SNAPSHOT.limits, **limits})


def codes(actions: tuple[Action, ...]) -> list[str]:
    """The verdict codes that a step records, in order."""
    return [verdict.code for act in actions if isinstance(act, Record) for _read, verdict in act.entries]


def unlocks(actions: tuple[Action, ...]) -> bool:
    """Whether a step releases the strike."""
    return any(isinstance(act, Unlock) for act in actions)


def seconds(count: float) -> timedelta:
    """A short duration."""
    return timedelta(seconds=count)


IDLE = State()
