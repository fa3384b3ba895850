"""A small centre for tests: two teams, a running night shift, badges, and visitor and temporary badges at the door.

The centre is in Asia/Shanghai. ``NOW`` is 22:30 of a night shift (22:00 to 06:00) of team 甲; team 乙 relieves it
at 06:00. Everyone's PIN is ``PIN``.
"""

from __future__ import annotations

import functools
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher

import models
from locales import language
from operations import assets, centre, drafts, people, publishing, store
from operations.boundary import SYSTEM, Actor
from regulation.records import BadgeKind
from regulation.roles import Role
from settings import ZhibanError

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SHIFT_STARTS = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SHIFT_ENDS = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
PIN = "8264"

# Cheap on purpose: a test asks for many PINs and proves nothing about the cost of one.
PIN_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN)

# work number: name, role, team, seat, badge
PEOPLE = {
    "1003": ("王建国", Role.SHIFT_LEADER, "甲", "00", "0000001003"),
    "1017": ("陈静", Role.OPERATOR, "甲", "01", "0000001017"),
    "1021": ("刘洋", Role.OPERATOR, "甲", "02", "0000001021"),
    "1022": ("何芳", Role.OPERATOR, "甲", "03", "0000001022"),
    "1103": ("李秀英", Role.SHIFT_LEADER, "乙", "00", "0000001103"),
    "1117": ("马超", Role.OPERATOR, "乙", "01", "0000001117"),
    "1121": ("孙丽", Role.OPERATOR, "乙", "02", "0000001121"),
    "2001": ("周敏", Role.DEPUTY_MANAGER, "", "", "0000002001"),
    "3001": ("赵磊", Role.ADMIN, "", "", "0000003001"),
    "4001": ("张伟", Role.COMPANY_EMPLOYEE, "", "", "0000004001"),
}
VISITOR_BADGES = {"V-01": "0000009001", "V-02": "0000009002", "V-03": "0000009003"}
TEMPORARY_BADGES = {"T-01": "0000008001", "T-02": "0000008002"}


@dataclass(frozen=True)
class Built:
    """A centre that was just made: its database URL and the actors of its people by work number."""

    url: str
    actors: dict[str, Actor]
    ids: dict[str, int]


def build_centre(folder: Path, url: str = "", now: datetime = NOW) -> Built:
    """Make the centre in a new SQLite file ``centre.db`` below ``folder`` (or at ``url``) and open it."""
    url = url or f"sqlite:///{folder / 'centre.db'}"
    store.open_database(url)
    set_up_at = now - timedelta(days=40)
    centre.set_up_centre(set_up_at, "城东客服中心", ZONE, ["甲", "乙"], "1000", "吴刚", PIN)
    store.write(lambda: models.Credential.update(pin_hash=PIN_HASH).execute())
    # A handover looks at the four areas; a test that wants keys on the list puts them there.
    for asset in assets.handover_assets(SYSTEM, set_up_at):
        assets.retire_asset(SYSTEM, set_up_at, asset.id)
    newcomers = [
        (people.NewPerson(number, name, role, team, seat, badge, must_change_pin=False), PIN_HASH)
        for number, (name, role, team, seat, badge) in PEOPLE.items()
    ]
    people.add_people(SYSTEM, set_up_at, newcomers)
    for label, badge in VISITOR_BADGES.items():
        people.issue_badge(SYSTEM, set_up_at, badge, "", label)
    for label, badge in TEMPORARY_BADGES.items():
        people.issue_badge(SYSTEM, set_up_at, badge, "", label, BadgeKind.TEMPORARY)
    rows = people.people(SYSTEM, now)
    ids = {row.work_number: row.id for row in rows}
    _roster(ids, now)
    actors = {r.work_number: Actor(r.id, r.work_number, r.name, r.role, r.team) for r in rows}
    return Built(url, actors, ids)


def copied_centre(folder: Path) -> Built:
    """Open a copy of the centre below ``folder``: what :func:`build_centre` makes, in a fiftieth of its time."""
    template, file = _template(language()), folder / "centre.db"
    shutil.copy(template.url.removeprefix("sqlite:///"), file)
    store.open_database(f"sqlite:///{file}")
    return Built(f"sqlite:///{file}", template.actors, template.ids)


@functools.cache
def _template(_language: str) -> Built:
    """The centre once for each process and language, for its first words are written in the language it is made in."""
    built = build_centre(Path(tempfile.mkdtemp(prefix="zhiban-template-")))
    store.close_database()
    return built


def publish_days(
    now: datetime, *days: tuple[int, date, str | None], origin: str = drafts.MANUAL
) -> tuple[drafts.CellChange, ...]:
    """Plan days as ``(person, date, shift code or None)`` and publish them at once; what is refused leaves no draft."""
    first, last = min(day[1] for day in days), max(day[1] for day in days)
    persons = sorted({day[0] for day in days})
    drafts.paint_draft(SYSTEM, now, [drafts.Paint(*day) for day in days], origin)
    try:
        return publishing.publish_draft(SYSTEM, now, first, last, persons)
    except ZhibanError:
        drafts.discard_draft(SYSTEM, now, first, last, persons)
        raise


def _roster(ids: dict[str, int], now: datetime) -> None:
    """Nights for 甲 and early shifts for 乙: yesterday, today, and the two days after."""
    duties = []
    for offset in range(-1, 3):
        day = TODAY + timedelta(days=offset)
        for number, (_name, _role, team, _seat, _badge) in PEOPLE.items():
            if team:
                duties.append((ids[number], day, "night" if team == "甲" else "early"))
    publish_days(now - timedelta(days=39), *duties, origin="pattern")
    # Everyone has read of it: when a test begins, nothing is news.
    store.write(lambda: models.Notification.delete().execute())
