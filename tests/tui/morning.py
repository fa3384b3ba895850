"""A night before its handover with something of everything: what a leader has to look at before accepting."""

from __future__ import annotations

from datetime import timedelta

from operations import assets, handover, permits, shiftlog
from operations.boundary import SYSTEM
from operations.handover_view import HandoverView
from regulation.handover import Area, CheckValue
from tests.centre import NOW, SHIFT_ENDS, SHIFT_STARTS, Built
from tests.operations.acts import Door, approved_visit, own_badge, visitor_badge

MINUTE = timedelta(minutes=1)
AT_CUTOFF = SHIFT_ENDS - 12 * MINUTE


def eventful_night(built: Built) -> None:
    """Events, open items of every urgency, a visitor inside with an escort, a permit that runs, keys on the list."""
    leader = built.actors["1003"]
    for name, area in (("机房钥匙", Area.MATERIAL), ("值班手机", Area.MATERIAL), ("应急手电", Area.MACHINES)):
        assets.set_asset(SYSTEM, NOW, name, area)
    write = shiftlog.write_entry
    write(leader, NOW, shiftlog.EntryDraft("notice", "资费调整 11-25 零点生效，口径见资料柜", NOW))
    write(
        leader,
        NOW,
        shiftlog.EntryDraft(
            "abnormal",
            "3 号配线架告警，2 号机柜温度 31℃",
            NOW - 15 * MINUTE,
            seat="04",
            told_whom="维护张工",
            told_at=NOW - 10 * MINUTE,
        ),
    )
    write(leader, NOW, shiftlog.EntryDraft("abnormal", "114 台座席话机无声", NOW - 5 * MINUTE))
    items = [
        shiftlog.open_item(leader, NOW, "VIP 宽带申告 0571-8801 未恢复", vip=True, due_at=NOW + 60 * MINUTE),
        shiftlog.open_item(leader, NOW, "催网络部回复 4471 工单", due_at=SHIFT_ENDS + 240 * MINUTE),
        shiftlog.open_item(leader, NOW, "资料柜第三格公告待更换"),
    ]
    for item in items[:2]:
        shiftlog.carry_item(leader, NOW, item, "等网络部更换端口，已催三次", "08:30 再催，未果报吴刚")
    shiftlog.resolve_item(leader, NOW, items[2], "已更换")
    _pass_the_door(built)
    permits.permit_seat_leave(leader, AT_CUTOFF - 5 * MINUTE, "1021", "去洗手间", 10)


def _pass_the_door(built: Built) -> None:
    door = Door("main")
    for number in ("1003", "1017", "1021", "1022"):
        door.reads(own_badge(number), SHIFT_STARTS - 15 * MINUTE)
    visit = approved_visit(built)
    door.admits(visitor_badge(visit.badge_label), own_badge("1017"), NOW + MINUTE)
    door.reads(own_badge("1117"), SHIFT_ENDS - 15 * MINUTE)
    door.sends(SHIFT_ENDS - 14 * MINUTE)


def night_view(built: Built) -> HandoverView:
    """The night's handover as it is now."""
    view = handover.handover_view(built.actors["1003"], AT_CUTOFF)
    assert view is not None
    return view


def frozen_night(built: Built) -> int:
    """Start the handover of the night, twelve minutes before its end."""
    return handover.start_handover(built.actors["1003"], AT_CUTOFF, night_view(built).log.id)


def checked_night(built: Built, *, dispute: bool = False) -> None:
    """Check every line in order; with ``dispute`` the last one is disputed and reported."""
    leader = built.actors["1003"]
    lines = night_view(built).lines
    for line in lines[:-1] if dispute else lines:
        handover.check_line(leader, AT_CUTOFF, line.id, CheckValue.IN_ORDER)
    if dispute:
        handover.report_dispute(leader, AT_CUTOFF, lines[-1].id, "少一把，交方说在维护处", "吴刚(1000)")
