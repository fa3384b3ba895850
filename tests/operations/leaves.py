"""What people do about leave in the operations' tests, in as few words as the tests need."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from operations import leave, leave_decisions, leave_views, notices, watch
from operations.boundary import SYSTEM
from operations.leave import LeaveWish
from operations.leave_views import LeaveRow
from operations.today import today_board
from regulation.leave import Extent, LeaveSpan
from regulation.leave_kinds import LeaveKind
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, OPERATOR

TOMORROW = TODAY + timedelta(days=1)


def wish(
    first: date = TOMORROW,
    last: date | None = None,
    kind: LeaveKind = LeaveKind.PERSONAL,
    *,
    half: Extent = Extent.WHOLE,
    reason: str = "",
    special: bool = False,
    note: str = "",
) -> LeaveWish:
    """Leave from ``first`` to ``last``; ``half`` of its one day."""
    return LeaveWish(kind, LeaveSpan(first, last or first, half, half), reason, special, note)


def asked(built: Built, what: LeaveWish | None = None, who: str = OPERATOR, now: datetime = NOW) -> int:
    """Somebody asks for leave."""
    return leave.ask_leave(built.actors[who], now, what or wish())


def granted(
    built: Built,
    what: LeaveWish | None = None,
    who: str = OPERATOR,
    by: tuple[str, ...] = (LEADER,),
    now: datetime = NOW,
) -> int:
    """Somebody asks for leave and gets it."""
    leave_id = asked(built, what, who, now)
    for decider in by:
        leave_decisions.approve_leave(built.actors[decider], now, leave_id)
    return leave_id


def row(leave_id: int, now: datetime = NOW) -> LeaveRow:
    """A request as it stands, for nobody in particular."""
    return leave_views.leave_case(SYSTEM, now, leave_id).row


def waiting(built: Built, number: str, now: datetime = NOW) -> list[int]:
    """What waits for somebody's decision."""
    return [one.id for one in today_board(built.actors[number], now).leave]


def told(built: Built, number: str, now: datetime = NOW) -> list[str]:
    """The kinds of news somebody gets."""
    return [notice.kind for notice in notices.take_news(built.actors[number], now)]


def watched(now: datetime) -> tuple[str, ...]:
    """What a pass of the watch keeps of leave."""
    return tuple(kept for kept in watch.keep_watch(SYSTEM, now).kept if kept.startswith("leave"))
