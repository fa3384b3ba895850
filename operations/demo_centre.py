"""The demo centre: about forty people in four teams, their seats, badges and PINs, and a roster around now.

Everything follows from the anchor shift: the same hour of the same day gives the same centre, row for row.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from operations import centre, directory, people
from operations.boundary import SYSTEM, Actor
from operations.demo_roster import TEAMS, ZONE, Rostered, Rotation, Slot, lay_roster
from operations.directory import NewNumber
from regulation.records import BadgeKind
from regulation.roles import CENTRE_ROLES, Role
from regulation.visiting import visit_reason

CENTRE_NAME = "城东客服中心"
DEMO_PIN = "2580"
HISTORY_DAYS = 35
SEATS = ("00", "01", "02", "03", "04", "05", "06", "07")
VISITOR_BADGES = ("V-01", "V-02", "V-03", "V-04", "V-05", "V-06")
TEMPORARY_BADGES = ("T-01", "T-02", "T-03", "T-04")
MANAGER = "2001"

# Each team: work number and name, the leader first, then the seats in order.
_TEAMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "甲": (
        ("1003", "王建国"), ("1017", "陈静"), ("1021", "刘洋"), ("1022", "何芳"),
        ("1030", "马超"), ("1034", "周婷"), ("1038", "徐磊"), ("1041", "孙雪梅"),
    ),
    "乙": (
        ("1103", "李秀英"), ("1112", "赵鹏"), ("1118", "吴晓燕"), ("1120", "郑凯"),
        ("1125", "冯丽娟"), ("1129", "蒋文博"), ("1133", "沈洁"), ("1140", "韩冰"),
    ),
    "丙": (
        ("1203", "张志强"), ("1211", "朱琳"), ("1216", "秦浩"), ("1219", "许佳怡"),
        ("1224", "吕梅"), ("1228", "施建华"), ("1235", "曹颖"), ("1239", "严俊"),
    ),
    "丁": (
        ("1303", "陈国栋"), ("1310", "魏欣"), ("1314", "陶然"), ("1318", "姜雨桐"),
        ("1323", "戚明"), ("1327", "谢晓东"), ("1332", "邹倩"), ("1337", "潘丽华"),
    ),
}  # fmt: skip
_SENIOR_LEADER = ("1001", "吴志刚")
_OTHERS: tuple[tuple[str, str, Role], ...] = (
    (MANAGER, "林慧敏", Role.DEPUTY_MANAGER),
    ("2011", "高明", Role.QA_INSPECTOR),
    ("2012", "郭晓敏", Role.STATISTICIAN),
    ("2013", "董芸", Role.LIBRARIAN),
    ("2014", "罗佳", Role.SURVEYOR),
    ("3001", "赵磊", Role.ADMIN),
    ("4001", "张伟", Role.COMPANY_EMPLOYEE),
    ("4002", "李强", Role.COMPANY_EMPLOYEE),
)


# Numbers that ring nowhere.
_DIRECTORY = (
    NewNumber("动力中心 值班专线", "0571-8800-0112", note="口令见密件 07 号"),
    NewNumber("传输机房 内线", "0571-8800-0245"),
    NewNumber("省公司 保密电话", "0571-8800-0378", for_roles=("deputy_manager", "senior_shift_leader")),
)


@dataclass(frozen=True, slots=True)
class Member:
    """Someone of the demo: who they act as, where they sit, what they badge with."""

    actor: Actor
    seat: str
    badge: str

    @property
    def number(self) -> str:
        """The work number (工号)."""
        return self.actor.work_number

    @property
    def name(self) -> str:
        """The name."""
        return self.actor.name


@dataclass(frozen=True)
class DemoCentre:
    """The centre that was built: its people by work number, its shifts, and which team works when."""

    anchor: Slot
    first: Slot
    rotation: Rotation
    members: Mapping[str, Member]
    log_ids: Mapping[Slot, int]

    def crew(self, slot: Slot) -> tuple[Member, ...]:
        """Return the people of a shift, the leader first, then by seat."""
        return tuple(self.members[number] for number, _name in _TEAMS[self.rotation.team_on(slot)])

    def leader(self, slot: Slot) -> Member:
        """Return who leads a shift."""
        return self.crew(slot)[0]

    def approver(self, slot: Slot, reason: str) -> Member:
        """Return who approves a visit of a shift: its leader, or the deputy manager for what is the manager's alone."""
        known = visit_reason(reason)
        return self.members[MANAGER] if known is not None and known.by_manager else self.leader(slot)

    @property
    def office(self) -> tuple[Member, ...]:
        """The people who work office hours."""
        return tuple(m for m in self.members.values() if m.actor.role in CENTRE_ROLES and not m.actor.team)


def demo_badge(number: str) -> str:
    """Return the badge of a work number, or of the label of one kept at the door.

    Ten digits, as the 125 kHz badges carry; the temporary ones are Wiegand-26 cards of facility 118, card 1601 and on.
    """
    if number.startswith("T-"):
        return f"{118:02X}{1600 + int(number.removeprefix('T-')):04X}"
    return f"{number.replace('V-', 'F0'):0>10}"


def build_demo_centre(now: datetime, history_days: int = HISTORY_DAYS) -> DemoCentre:
    """Make the empty open database the demo centre, rostered from ``history_days`` ago to the end of next month.

    Everyone's PIN is :data:`DEMO_PIN`. It is printed on the screen, so its hash is made cheap: what everybody may
    read needs no slow hash, and the history signs with it hundreds of times.
    """
    anchor = Slot.at(now)
    first_day = anchor.day - timedelta(days=history_days)
    set_up_at = Slot.of(first_day, "early").starts_at - timedelta(days=1)
    number, name = _SENIOR_LEADER
    centre.set_up_centre(set_up_at, CENTRE_NAME, str(ZONE), list(TEAMS), number, name, DEMO_PIN)
    people.add_people(SYSTEM, set_up_at, [(newcomer, _cheap_hash()) for newcomer in _newcomers()])
    people.issue_badge(SYSTEM, set_up_at, demo_badge(number), number)
    for label in VISITOR_BADGES:
        people.issue_badge(SYSTEM, set_up_at, demo_badge(label), "", label)
    for label in TEMPORARY_BADGES:
        people.issue_badge(SYSTEM, set_up_at, demo_badge(label), "", label, BadgeKind.TEMPORARY)
    for new in _DIRECTORY:
        directory.add_number(SYSTEM, set_up_at, new)
    rows = people.people(SYSTEM, set_up_at)
    rotation = Rotation(anchor)
    rostered = [Rostered(r.id, r.team, r.seat, r.role) for r in rows if r.role in CENTRE_ROLES]
    log_ids = lay_roster(rostered, rotation, first_day, _end_of_next_month(anchor.day), set_up_at)
    members = {
        r.work_number: Member(Actor(r.id, r.work_number, r.name, r.role, r.team), r.seat, r.badge)
        for r in rows
    }
    return DemoCentre(anchor, Slot.of(first_day, "early"), rotation, members, log_ids)


def _newcomers() -> list[people.NewPerson]:
    crews = [
        people.NewPerson(
            number, name, Role.OPERATOR if place else Role.SHIFT_LEADER, team, SEATS[place],
            demo_badge(number), must_change_pin=False,
        )
        for team, crew in _TEAMS.items()
        for place, (number, name) in enumerate(crew)
    ]  # fmt: skip
    others = [
        people.NewPerson(number, name, role, badge=demo_badge(number), must_change_pin=False)
        for number, name, role in _OTHERS
    ]
    return crews + others


def _cheap_hash() -> str:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(DEMO_PIN)


def _end_of_next_month(day: date) -> date:
    following = day.replace(day=1) + timedelta(days=32)
    return following.replace(day=calendar.monthrange(following.year, following.month)[1])
