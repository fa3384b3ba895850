"""The demo's registers: a training with results, tests, undertakings signed and to be signed, what patrols saw, a report.

What is weeks old is written when the demo begins, what is new when it ends, so that every record is as old as it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from operations.boundary import Actor
from operations.demo_centre import MANAGER, DemoCentre
from operations.demo_roster import ZONE
from operations.registers import open_record, open_records, take_step

INSPECTOR = "2011"
_SENIOR = "1001"
_TRAINED = 12
_TESTED: tuple[tuple[str, str, str], ...] = (("72", "98.5", "95"), ("58", "96", "86"), ("64", "99", "92"))
_PATROLS: tuple[tuple[str, str, str, str], ...] = (
    ("seats", "in_order", "", ""),
    ("seats", "cup", "台面放有敞口水杯", "已收至休息区"),
    ("rest", "dirt", "垃圾桶未倒", "已清理"),
    ("equipment_room", "in_order", "", ""),
    ("seats", "chatting", "两人隔座闲聊", ""),
)
_FORMS: tuple[tuple[str, ...], ...] = (
    ("9", "10", "9", "8", "9", "10", "8"),
    ("8", "9", "7", "9", "8", "9", "9"),
)
_SCORED = ("appearance", "greeting", "speech", "answer", "patience", "modesty", "keenness")


def past_registers(centre: DemoCentre, at: datetime) -> None:
    """Write what is on record since the demo began."""
    manager, leader, crew = _people(centre)
    day = _day(at)
    wording = f"{at.astimezone(ZONE).year} 年版保密承诺书"
    for record in open_records(
        manager, at, "undertaking", {"wording": wording}, [who.work_number for who in crew]
    ):
        take_step(manager, at, record, "paper", {"signed_on": day, "paper": "资料室 3 号柜"})
    training = {
        "topic": "宽带新资费与受理口径",
        "kind": "business",
        "held_on": day,
        "hours": "2",
        "trainer": "业务管理员",
    }
    people = [who.work_number for who in crew[:_TRAINED]]
    for place, record in enumerate(open_records(leader, at, "training", training, people)):
        if place % 6 == 5:
            take_step(leader, at, record, "miss", note="当班")
        else:
            take_step(leader, at, record, "pass", {"score": str(84 + place)})
    for who, (speed, accuracy, score) in zip(crew, _TESTED, strict=False):
        texts = {
            "skill": "typing",
            "tested_on": day,
            "passage": "普通话文本一",
            "speed": speed,
            "accuracy": accuracy,
        }
        open_record(leader, at, "skill_test", {"person": who.work_number, "score": score, **texts})
    record = open_record(
        crew[0], at, "damage", {"found_on": day, "asset": "耳机 E-031", "seat": "03", "what": "左耳无声"}
    )
    take_step(leader, at, record, "send", {"told": "设备维护 张伟"})
    record = open_record(
        leader,
        at,
        "reward",
        {"person": crew[1].work_number, "kind": "praise", "given_for": "连续三个月质检优秀"},
    )
    take_step(manager, at, record, "approve")


def todays_registers(centre: DemoCentre, now: datetime) -> None:
    """Write what is new on the day the demo ends."""
    manager, leader, crew = _people(centre)
    inspector = centre.members[INSPECTOR].actor
    day = _day(now)
    for zone, kind, what, remedy in _PATROLS:
        texts = {
            "patrolled_on": day,
            "zone": zone,
            "kind": kind,
            "what": what,
            "told": "当班班长" if what else "",
        }
        about = {"person": crew[2].work_number} if what else {}
        record = open_record(leader, now, "patrol", {**texts, **about})
        if remedy:
            take_step(leader, now, record, "settle", {"remedy": remedy})
    for who, scores in zip(crew[3:], _FORMS, strict=False):
        texts = {
            "person": who.work_number,
            "inspected_on": day,
            "channel": "recording",
            "call": f"R-{who.work_number}",
        }
        open_record(inspector, now, "qa_form", {**texts, **dict(zip(_SCORED, scores, strict=True))})
    breach = {
        "kind": "order",
        "happened_on": day,
        "place": "座席区",
        "what": "夜间有人在座席吃东西，气味很大",
    }
    open_record(crew[4], now, "breach", breach, anonymous=True)
    passed = {
        "happened_at": f"{now.astimezone(ZONE) - timedelta(hours=2):%Y-%m-%d %H:%M}",
        "passed_to": "中心副经理",
    }
    issue = {
        "person": crew[5].work_number,
        "caller": "13800010000",
        "issue": "用户不认可停机原因，要求负责人答复",
    }
    open_record(crew[5], now, "escalation", {**passed, **issue})
    cleaned = {"cleaned_on": day, "area": "seats", "result": "clean"}
    open_record(leader, now, "cleaning", cleaned)
    wording = f"{now.astimezone(ZONE).year} 年版保密承诺书（修订）"
    open_records(manager, now, "undertaking", {"wording": wording}, [who.work_number for who in crew[:3]])


def _people(centre: DemoCentre) -> tuple[Actor, Actor, Sequence[Actor]]:
    members = [member.actor for member in centre.members.values()]
    crew = [actor for actor in members if actor.team and actor.work_number != _SENIOR]
    return centre.members[MANAGER].actor, centre.members[_SENIOR].actor, crew


def _day(at: datetime) -> str:
    return at.astimezone(ZONE).date().isoformat()
