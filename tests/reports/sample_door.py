"""What passes at a door, as registers and muster lists show it: ordinary, very long, and none at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from regulation.ledger import Head

ZONE = "Asia/Shanghai"
DAY = date(2026, 11, 24)
TAKEN_AT = datetime(2026, 11, 24, 6, 30, 15, tzinfo=UTC)
PRINTED_AT = datetime(2026, 11, 25, 0, 12, tzinfo=UTC)
PRINTED_BY = "周敏 1004"
HEADS = (Head("door:main", 1234, "3f2a91bc77d012ee" * 4), Head("door:side", 88, "0c11aa5577d0ffee" * 4))


@dataclass(frozen=True, slots=True)
class Passage:
    at: datetime
    name: str
    unit: str
    job_title: str
    phone: str
    reason: str
    reference: str
    direction: str
    carried: str
    escort: str
    code: str = "granted"
    work_number: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    centre: str
    first: date
    last: date
    time_zone: str
    rows: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Door:
    kiosk: str
    seen_at: datetime
    online: bool
    pending: int


@dataclass(frozen=True, slots=True)
class Inside:
    name: str
    work_number: str
    unit: str
    is_visitor: bool
    since: datetime
    escort: str
    door: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class MusterList:
    centre: str
    at: datetime
    rows: tuple[Inside, ...]
    doors: tuple[Door, ...]


HEARD = Door("main", PRINTED_AT - timedelta(seconds=3), True, 0)

VISITOR = Passage(
    datetime(2026, 11, 24, 1, 5, tzinfo=UTC),
    "李伟",
    "华信通信工程有限公司",
    "工程师",
    "13800001234",
    "equipment maintenance",
    "WO-20261124-0017",
    "in",
    "笔记本电脑 1 台、光功率计 1 台",
    "陈静",
)
LONG_VISITOR = replace(
    VISITOR,
    at=VISITOR.at + timedelta(minutes=3),
    name="阿卜杜拉·买买提·艾合买提江",
    unit="国家计算机网络应急技术处理协调中心某省分中心网络安全监测预警处",
    job_title="高级网络安全工程师",
    phone="+86-0571-8888-6666-8001",
    reference="YD/T-2026-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789-0123456789",
    carried="工具箱 2 个、光时域反射仪 1 台、备用光模块（SFP+ 10G）24 只、跳线 50 根、标签打印机 1 台、梯子 1 架",
    escort="陈静、欧阳娜娜",
)


def passages(*, out_after: timedelta = timedelta(minutes=50)) -> tuple[Passage, ...]:
    """Two visitors in and out again."""
    gone = tuple(
        replace(came, at=came.at + out_after, direction="out", code="released")
        for came in (VISITOR, LONG_VISITOR)
    )
    return (VISITOR, LONG_VISITOR, *gone)


def register(rows: tuple[Passage, ...] | None = None, last: date = DAY) -> Register:
    return Register("城东客服中心", DAY, last, ZONE, passages() if rows is None else rows)


def long_register(count: int = 70) -> Register:
    """A week of ``count`` passages, each by another person."""
    rows = tuple(
        replace(
            VISITOR,
            at=VISITOR.at + timedelta(hours=2 * place),
            name=f"来访{place:03}",
            direction="out" if place % 2 else "in",
        )
        for place in range(count)
    )
    return register(rows, DAY + timedelta(days=6))


def muster(count: int = 6, *, behind: bool = False) -> MusterList:
    """``count`` staff and two visitors inside; with ``behind`` one door has been silent for a while."""
    staff = tuple(
        Inside(
            f"员工{place:02}",
            f"10{place:02}",
            "甲",
            False,
            TAKEN_AT - timedelta(minutes=7 * place),
            "",
            "main",
        )
        for place in range(count)
    )
    visitors = (
        Inside(
            "李伟",
            "",
            "华信通信工程有限公司",
            True,
            TAKEN_AT - timedelta(hours=5),
            "陈静",
            "main",
            "13800001234",
        ),
        Inside(LONG_VISITOR.name, "", LONG_VISITOR.unit, True, TAKEN_AT - timedelta(days=1), "", "side"),
    )
    doors: tuple[Door, ...] = (Door("main", TAKEN_AT - timedelta(seconds=4), True, 0),)
    if behind:
        doors += (Door("side", TAKEN_AT - timedelta(minutes=28), False, 14),)
    return MusterList("城东客服中心", TAKEN_AT, (*staff, *visitors), doors)


def empty_muster() -> MusterList:
    return replace(muster(), rows=())
