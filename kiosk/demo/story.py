"""The demo's day as a story: the shift before the one that runs now, its handover, and what followed until now.

Times count in minutes from the start of a shift. What must be seen (the breaches, the dispute, the pulled plug) lies
in the earlier shift and its handover, so it is there at any hour; the running shift adds what it has time for.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kiosk.demo.devices import KIOSK_NAME
from kiosk.demo.door import DemoKiosk
from kiosk.demo.scenes import STRANGERS_BADGE, Scenes, borrowing
from kiosk.snapshot import NEVER
from locales import N_, _
from operations import visits
from operations.demo_centre import DemoCentre, Member
from operations.demo_history import departures, office_day, settling
from operations.demo_log import is_added_to, is_asked_about, is_corrected, is_flooded, is_held, takes_the_seat
from operations.demo_roster import Slot
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
from operations.demo_words import DISPUTES, ENTRIES, VISITORS, EntryWords, filled
from operations.shiftlog import EntryDraft
from operations.signin import kiosk_actor

BEFORE_MINUTES = 30
"""The played day begins this long before the earlier shift: its people are on their way."""

QUIET_SECONDS = 75
"""The story ends this long before now; only the visitor at the door comes later."""

WALK_UP_SECONDS = 45
WALK_UP_KEY = "demo-walk-up"

NOTE_LATE_RELIEF = N_("{name} comes too late to be ten minutes early (Art. 21)")
NOTE_LATE = N_("{name} comes after the shift has begun (Art. 21)")
NOTE_UNKNOWN = N_("An unknown badge at the door (Art. 20)")
NOTE_ESCORTED = N_("A visitor enters with an escort (Art. 20)")
NOTE_NO_ESCORT = N_("A visitor waits, and no escort comes in time (Art. 20)")
NOTE_NO_PERMIT = N_("{name} leaves the seat without a permit (Art. 14)")
NOTE_OVERRUN = N_("{name} comes back after the permit has ended (Art. 14)")
NOTE_ESCORT_LEAVES = N_("An escort leaves first: the visitor passes on to the leader (Art. 20)")
NOTE_LEFT = N_("{name} leaves before being relieved (Art. 24)")
NOTE_DISPUTE = N_("The handover: one line is disputed (Art. 23)")
NOTE_FLOOD = N_("One source reports the same fault again and again: one line, counted (Art. 9)")
NOTE_HOLD = N_("A major fault: the handover is held until it is over (Art. 11)")
NOTE_ADDED = N_("Something was forgotten: added to the sealed log, signed and chained (Art. 25)")
NOTE_ASKED = N_("A problem found later: the sealed record says who answers for it (Art. 25)")
NOTE_WALK_UP = N_("A visitor at the door asks to be let in, and waits for the desk")

# When each seat's person comes, in minutes before the shift; a negative one comes after it has begun.
_ARRIVALS_BEFORE = (21, 18, 17, 15, 12, 4, 11, -4)
_ARRIVALS_NOW = (22, 19, 11, 16, 14, 13, 5, -4)
_ARRIVALS_NEXT = (24, 20, 18, 13, 16, 12, 21, 14)
_CARRIED_ITEMS = ("大客户专线 市二医院 时延升高", "计费争议 8511 2260")

_BORROWER = 4
_ENTERED = timedelta(minutes=3, seconds=21)
"""From asking for a visit to the entry, as ``is_visited`` has it."""

# Their hour is the beat's own.
_FLOOD = EntryDraft(
    "abnormal", "传输网管：城东—翠苑环 3 号光路收光告警，业务未受影响，已请传输值班跟踪。", NEVER,
    asset="传输网管 NMS-3", told_whom="传输值班 吴强", source="NMS-3 光路告警",
)  # fmt: skip
_MOVED = EntryDraft("information", "114 查询：翠苑派出所号码已变更。", NEVER)
_MOVED_BETTER = "114 查询：翠苑派出所号码变更为 8512 0110，资料已更新。"
_SECRET = EntryDraft(
    "notice", "重要保障：下周三 9 时起保密专线值守，名单见密件 07 号。", NEVER, confidential=True
)

_BRIEFING = EntryWords("notice", "班前会：未结事项两件已逐条交底，副柜备用钥匙由副经理追查。")


@dataclass(frozen=True)
class Story:
    """The played day: its beats in order of time, and the shifts it is about."""

    beats: tuple[Beat, ...]
    before: Slot
    now: Slot
    begins_at: datetime
    until: datetime


def story(
    centre: DemoCentre, kiosk: DemoKiosk, seed: int, unfinished: Sequence[Beat], now: datetime
) -> Story:
    """Return the day that ends at ``now``; ``unfinished`` is what history left over of the shift before."""
    before, running = centre.anchor.after(-1), centre.anchor
    until = now - timedelta(seconds=QUIET_SECONDS)
    beats = [
        *unfinished,
        *_before(centre, kiosk, before),
        *_handover(centre, before, seed),
        *_running(centre, kiosk, running, until),
        *_office(centre, seed, before.after(-1).day, now),
    ]
    told = [beat for beat in in_order(beats) if beat.at <= until]
    told.append(_walk_up(centre, now - timedelta(seconds=WALK_UP_SECONDS)))
    return Story(tuple(told), before, running, begins_at(centre), now)


def begins_at(centre: DemoCentre) -> datetime:
    """Return when history ends and the played day begins."""
    return centre.anchor.after(-1).starts_at - minutes(BEFORE_MINUTES)


def _entry(name: str, phone: str = "", place: str = "", seat: str = "") -> EntryWords:
    return filled(ENTRIES[name], phone, place, seat)


def _come(crew: Sequence[Member], slot: Slot, early: Sequence[float]) -> list[Beat]:
    beats = []
    for member, before in zip(crew, early, strict=True):
        note = NOTE_LATE if before < 0 else NOTE_LATE_RELIEF if before < 10 else ""
        beats.append(comes(member, slot.starts_at - minutes(before), _(note).format(name=member.name)))
    return beats


def _before(centre: DemoCentre, kiosk: DemoKiosk, slot: Slot) -> list[Beat]:
    crew = _crew_before(centre, slot)
    leader, first, second, third, fourth, _fifth, sixth, seventh = crew
    scenes = Scenes(kiosk, centre, slot, crew)
    at = scenes.at
    delivered = at(255)
    return [
        *scenes.badge_is_lent(fourth, -13),
        *_come(crew, slot, _ARRIVALS_BEFORE),
        writes(leader, at(35), _entry("broadband", "8632 4417", "翠苑二区"), seat="02"),
        stranger(STRANGERS_BADGE, at(48), _(NOTE_UNKNOWN)),
        *steps_out(second, leader, at(62), 7, 10, "到资料室取资料"),
        *scenes.forced(74, "查看录像：保洁推车撞开门，电锁与门扇完好，已提醒保洁班长"),
        writes(leader, at(80), _entry("hospital"), seat="03"),
        *is_visited(leader, first, VISITORS[0], "demo-day-1", at(95), 50, note=_(NOTE_ESCORTED)),
        writes(leader, at(120), _entry("trunk"), told_after=22),
        *is_flooded(leader, at(136), _FLOOD, 9, _(NOTE_FLOOD)),
        is_corrected(leader, at(166), _MOVED, _MOVED_BETTER, "补全号码"),
        is_corrected(leader, at(171), _SECRET, _SECRET.text + "须两人在场。", "补充要求"),
        *steps_out(first, leader, at(126), 8, 10, "去卫生间", _(NOTE_ESCORT_LEAVES)),
        *steps_out(third, None, at(150), 12, note=_(NOTE_NO_PERMIT).format(name=third.name)),
        *is_visited(leader, None, VISITORS[6], "demo-day-2", at(180), 0, note=_(NOTE_NO_ESCORT)),
        *steps_out(
            fourth, leader, at(210), 14, 10, "身体不适，吃药休息", _(NOTE_OVERRUN).format(name=fourth.name)
        ),
        *scenes.pulled_plug(235),
        *steps_out(sixth, leader, at(241), 12, 15, "接待用户来访"),
        *is_visited(leader, second, VISITORS[5], "demo-day-4", delivered, 25),
        *scenes.held(delivered + _ENTERED + timedelta(seconds=2), "送货推车卡住门扇，已移开并关好"),
        writes(leader, at(290), _entry("recordings", seat="03")),
        *scenes.leaves_by_button(seventh, 296),
        writes(leader, at(305), _entry("billing", "8511 2260"), seat="05"),
        *is_visited(leader, sixth, VISITORS[3], "demo-day-3", at(330), 40, allowed=30),
        *scenes.overstayed(at(360), "清洗剂未干，已催促，十分钟内离开"),
        *scenes.cut_off(385, _resting(centre, slot)),
        *scenes.killed(445),
    ]


def _crew_before(centre: DemoCentre, slot: Slot) -> tuple[Member, ...]:
    """Return the crew of the earlier shift, one of them with a borrowed badge."""
    crew = centre.crew(slot)
    return (*crew[:_BORROWER], borrowing(crew[_BORROWER]), *crew[_BORROWER + 1 :])


def _resting(centre: DemoCentre, slot: Slot) -> list[Member]:
    """Return two people of the team that has no shift in the story."""
    busy = {centre.rotation.team_on(slot.after(n)) for n in range(3)}
    return [m for m in centre.members.values() if m.actor.team and m.actor.team not in busy][1:3]


def _handover(centre: DemoCentre, slot: Slot, seed: int) -> list[Beat]:
    """Signed out early, and gone before the other side has signed: the leader's finding of Art. 24."""
    leader, *crew = _crew_before(centre, slot)[:-1]  # the last one has gone to the hospital
    rng = random.Random(f"{seed} handover")  # noqa: S311  a story
    settle = settling(rng, share=1.0)
    carried = settling(rng, share=0.0)

    def settled(title: str) -> Fate:
        return carried(title) if title in _CARRIED_ITEMS else settle(title)

    work = is_handed_over(centre, slot, settled, slot.ends_at - minutes(10.5), DISPUTES[2], gap=5)
    work[1] = Beat(work[1].at, work[1].act, _(NOTE_DISPUTE))
    leaves = goes(leader, slot.ends_at - minutes(6), _(NOTE_LEFT).format(name=leader.name))
    return [*work, leaves, *departures(crew, slot, rng), *_around(centre, slot)]


def _around(centre: DemoCentre, slot: Slot) -> list[Beat]:
    """What the record keeps of a handover besides the two signatures."""
    log_id, ends_at = centre.log_ids[slot], slot.ends_at
    leader, (incoming, first, *_rest) = centre.leader(slot), centre.crew(slot.after())
    held = (ends_at - minutes(26), ends_at - minutes(14))
    return [
        *is_held(leader, log_id, *held, "接入交换机宕机，全员处理", "已切换备机，业务恢复", _(NOTE_HOLD)),
        takes_the_seat(first, ends_at - minutes(7)),
        is_added_to(
            incoming, log_id, ends_at + minutes(4), "补记：备用耳机 2 副借给 06 席，未归还。", _(NOTE_ADDED)
        ),
        is_asked_about(
            incoming, log_id, ends_at + minutes(6), "交接后发现：3 号光路仍在告警", "光路 收光", _(NOTE_ASKED)
        ),
    ]


def _running(centre: DemoCentre, kiosk: DemoKiosk, slot: Slot, until: datetime) -> list[Beat]:
    crew = centre.crew(slot)
    leader, first, second, third, fourth, fifth, sixth, _seventh = crew
    scenes = Scenes(kiosk, centre, slot, crew)
    at = scenes.at
    held = scenes.held(at(55) + _ENTERED + timedelta(seconds=2))
    following = slot.after()
    second_away = steps_out(second, None, at(170), 8, note=_(NOTE_NO_PERMIT).format(name=second.name))
    return [
        *_come(crew, slot, _ARRIVALS_NOW),
        writes(leader, at(-2), _BRIEFING),
        *steps_out(third, leader, at(12), 9, 15, "领取备件"),
        writes(leader, at(30), _entry("iptv", "8677 0935", "景芳五区"), seat="05"),
        *_once_inside(is_visited(leader, first, VISITORS[1], "demo-now-1", at(55), 45), until),
        *(held if held[-1].at <= until else []),
        stranger("00BADBAD6E", at(100), _(NOTE_UNKNOWN)),
        writes(leader, at(130), _entry("power")),
        *second_away,
        *_once_inside(is_visited(leader, fourth, VISITORS[2], "demo-now-2", at(200), 30), until),
        writes(leader, at(240), _entry("police", "", "采荷")),
        writes(leader, at(290), _entry("callbacks")),
        *steps_out(fifth, leader, at(350), 6, 10, "去卫生间"),
        *_inside_now(leader, sixth, slot, until),
        *_come(centre.crew(following), following, _ARRIVALS_NEXT),
    ]


def _inside_now(leader: Member, escort: Member, slot: Slot, until: datetime) -> list[Beat]:
    """A visitor who is still inside when the story ends, unless the shift is too young for one."""
    asked = until - minutes(25)
    if asked < slot.starts_at + minutes(30):
        return []
    return is_visited(leader, escort, VISITORS[0], "demo-now-3", asked, 60)


def _once_inside(visit: list[Beat], until: datetime) -> list[Beat]:
    """Keep a visit only when its visitor is inside by ``until``: nobody is left standing at the door."""
    entered = 5
    return visit if visit[entered - 1].at <= until else []


def _office(centre: DemoCentre, seed: int, told: date, now: datetime) -> list[Beat]:
    """The people in office hours, on the days that history has not told."""
    last = Slot.at(now).day + timedelta(days=1)
    days = [told + timedelta(days=n) for n in range(1, (last - told).days + 1)]
    return [beat for day in days for beat in office_day(centre, seed, day)]


def _walk_up(centre: DemoCentre, at: datetime) -> Beat:
    sponsor = centre.crew(centre.anchor)[1]

    def ask(_door: DemoDoor, now: datetime) -> None:
        request = visits.VisitRequest(
            WALK_UP_KEY, "何文斌", "市二医院信息科", "maintenance", "138 0571 6620", "专线排障 工单 4502",
            sponsor.number, 60,
        )  # fmt: skip
        visits.request_visit(kiosk_actor(KIOSK_NAME), now, request)

    return Beat(at, ask, _(NOTE_WALK_UP))
