"""What may be tried to bring a handover to its seal, from what is usual to what a higher leader does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from operations import handover, shiftlog, signing, standing
from operations.boundary import Actor
from operations.handover import HandoverView, Step
from regulation.handover import ItemState, Side
from regulation.handover_ways import WayKind
from tests.centre import PIN

Move = Callable[[], object]


def moves(manager: Actor, leaders: tuple[str, ...], now: datetime, view: HandoverView) -> Iterator[Move]:
    """Yield every move that leads on from a handover, whoever makes it; most are refused."""
    log_id = view.log.id
    if view.held is not None:
        yield partial(standing.lift_hold, manager, now, log_id)
    if view.counter_sign is not None:
        yield from _counter_signatures(manager, leaders, now, view)
    if view.handover_id is None:
        yield partial(handover.start_handover, manager, now, log_id)
        return
    for item in view.items:
        if item.state is ItemState.OPEN:
            yield partial(shiftlog.carry_item, manager, now, item.id, "未完", "继续")
    if view.step is Step.CHECK:
        yield partial(handover.check_all_in_order, manager, now, view.handover_id)
    following = view.next_shift.log_id if view.next_shift is not None else None
    alone = next(way.open for way in view.ways if way.kind is WayKind.CLOSE_ALONE)
    taking_over = view.step is Step.SIGN_IN and not alone
    for side, log in [(Side.INCOMING, following) if taking_over else (Side.OUTGOING, log_id)]:
        yield from _signatures(leaders, now, view, side)
        if log is not None:
            yield from _stand_ins(manager, leaders, now, log)
        yield _taking(manager, now, view.handover_id, side)


def _signatures(leaders: tuple[str, ...], now: datetime, view: HandoverView, side: Side) -> Iterator[Move]:
    alone = next(way.open for way in view.ways if way.kind is WayKind.CLOSE_ALONE)
    assert view.handover_id is not None
    for who in leaders:
        if side is Side.INCOMING:
            yield partial(signing.sign_in_take_over, who, PIN, now, view.handover_id)
        elif alone:
            yield partial(signing.close_alone, who, PIN, now, view.handover_id, "没有下一班")
        else:
            yield partial(signing.sign_out, who, PIN, now, view.handover_id)


def _counter_signatures(
    manager: Actor, leaders: tuple[str, ...], now: datetime, view: HandoverView
) -> Iterator[Move]:
    assert view.counter_sign is not None
    waiting = view.counter_sign.handover_id
    for who in leaders:
        yield partial(signing.counter_sign, who, PIN, now, waiting)
    yield from _stand_ins(manager, leaders, now, view.log.id)
    yield _taking(manager, now, waiting, Side.INCOMING)


def _stand_ins(manager: Actor, leaders: tuple[str, ...], now: datetime, log_id: int) -> Iterator[Move]:
    for who in leaders:
        yield partial(standing.record_stand_in, manager, now, log_id, who, "代班")


def _taking(manager: Actor, now: datetime, handover_id: int, side: Side) -> Move:
    return partial(
        standing.override, manager, now, handover_id, "not_rostered", f"side:{side}", "值班经理代签"
    )
