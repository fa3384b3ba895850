"""A month's roster as the operations hand it over: four teams in rotation, with leave, a swap in part and plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from regulation.calendar_days import CalendarDay, DayKind
from regulation.roster_sheet import RosterSheet, SheetDuty, SheetPerson, SheetShift

ZONE = "Asia/Shanghai"
FIRST = date(2026, 10, 1)
PRINTED_AT = datetime(2026, 9, 25, 8, 30, tzinfo=UTC)
SHIFTS = (
    SheetShift("early", "早班", "early shift", "早", 6 * 60, 8 * 60),
    SheetShift("middle", "中班", "middle shift", "中", 14 * 60, 8 * 60),
    SheetShift("night", "夜班", "night shift", "夜", 22 * 60, 8 * 60),
    SheetShift("office", "常白班", "office hours", "白", 8 * 60 + 30, 9 * 60),
)
TEAMS = (("甲", "甲班"), ("乙", "乙班"), ("丙", "丙班"), ("丁", "丁班"))
CYCLE = ("early", "early", "middle", "middle", "night", "night", "", "")
NAMES = [
    "王建国",
    "陈静",
    "刘洋",
    "何芳",
    "李秀英",
    "马超",
    "孙丽",
    "周敏",
    "欧阳文静",
    "阿不都热合曼·买买提",
]
HOLIDAYS = {1: "国庆节", 2: "国庆节", 3: "国庆节"}


def a_month(people: int = 40, days: int = 31, zone: str = ZONE, first: date = FIRST) -> RosterSheet:
    """A published month of ``people`` in four teams."""
    calendar = tuple(_calendar_day(first + timedelta(days=n)) for n in range(days))
    return RosterSheet(
        centre="城东客服中心",
        centre_key="3f2a91bc77d0",
        time_zone=zone,
        days=calendar,
        shifts=SHIFTS,
        teams=TEAMS,
        people=tuple(_person(n, people, calendar, zone) for n in range(people)),
        version=7,
        published_by="李秀英(1103)",
        published_at=PRINTED_AT - timedelta(days=1),
    )


def a_roster(plans: list[list[str]], first: date = FIRST, zone: str = ZONE) -> RosterSheet:
    """A published month of a person for each of ``plans``, which name the shift of each day."""
    days = len(plans[0])
    people = tuple(
        SheetPerson(
            n + 1,
            f"{1000 + n}",
            NAMES[n],
            TEAMS[0][0],
            tuple(duty_on(first + timedelta(days=at), shift, zone) for at, shift in enumerate(plan) if shift),
        )
        for n, plan in enumerate(plans)
    )
    return replace(a_month(4, days, zone, first), people=people)


def with_plans(sheet: RosterSheet) -> RosterSheet:
    """The same month as a draft: the first person is planned free on the 5th and early on the 8th."""
    head, *rest = sheet.people
    free, early = sheet.first.replace(day=5), sheet.first.replace(day=8)
    kept = tuple(duty for duty in head.duties if duty.date not in (free, early))
    planned = replace(duty_on(early, "early", sheet.time_zone), planned=True)
    duties = tuple(sorted((*kept, planned), key=lambda duty: duty.starts_at))
    head = replace(head, duties=duties, planned=frozenset({free, early}))
    return replace(sheet, people=(head, *rest), draft=True)


def duty_on(day: date, shift: str, zone: str = ZONE) -> SheetDuty:
    """One duty by the local clock."""
    kind = next(found for found in SHIFTS if found.code == shift)
    midnight = datetime.combine(day, time(), ZoneInfo(zone))
    starts = (midnight + timedelta(minutes=kind.start_minute)).astimezone(UTC)
    ends = (midnight + timedelta(minutes=kind.start_minute + kind.duration_minutes)).astimezone(UTC)
    return SheetDuty(day, shift, starts, ends)


def _calendar_day(day: date) -> CalendarDay:
    if day.month == 10 and day.day in HOLIDAYS:
        return CalendarDay(day, DayKind.HOLIDAY, HOLIDAYS[day.day], "National Day")
    if day == date(2026, 10, 10):
        return CalendarDay(day, DayKind.ADJUSTED_WORKING)
    return CalendarDay(day, DayKind.REST if day.weekday() > 4 else DayKind.WORKING)


def _person(n: int, people: int, days: tuple[CalendarDay, ...], zone: str) -> SheetPerson:
    size = -(-people // len(TEAMS))
    team = n // size
    duties = []
    for place, day in enumerate(days):
        shift = CYCLE[(place + 2 * team) % len(CYCLE)]
        if shift:
            duty = duty_on(day.date, shift, zone)
            on_leave = n % size == 2 and 10 <= day.date.day <= 12
            duties.append(replace(duty, leads=n % size == 0, seat=f"{n % size:02}", on_leave=on_leave))
    return SheetPerson(n + 1, f"{1000 + n}", NAMES[n % len(NAMES)], TEAMS[team][0], tuple(duties))
