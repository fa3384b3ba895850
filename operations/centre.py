"""The centre itself: setting it up, its shift types, its time zone and its dated limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import models
from locales import N_, _
from operations import cipher, signin, store
from operations.boundary import SYSTEM, Session, reads, write_audit, writes
from operations.errors import Conflict, Invalid, NotFound
from operations.permissions import Action
from operations.sealing import make_key_file
from regulation.handover import Area
from regulation.limits import (
    BY_NAME,
    HOUSE,
    LABOUR_LAW,
    REGULATION,
    LimitChange,
    LimitDefinition,
    Limits,
    limits_in_force,
)
from regulation.roles import Role
from regulation.seasons import Season, times_on


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team by its code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ShiftTypeRow:
    """A kind of shift; ``start_minute`` counts from local midnight, ``duration_minutes`` may cross the next."""

    code: str
    name: str
    name_en: str
    short: str
    start_minute: int
    duration_minutes: int
    hands_over: bool = True


@dataclass(frozen=True, slots=True)
class CentreInfo:
    """What every screen knows of the centre."""

    name: str
    time_zone: str
    teams: tuple[TeamRow, ...]
    shift_types: tuple[ShiftTypeRow, ...]


# 四班三运转 works in three shifts of eight hours; office hours belong to nobody's handover.
STANDARD_SHIFTS = (
    ShiftTypeRow("early", "早班", N_("early shift"), "早", 6 * 60, 8 * 60),
    ShiftTypeRow("middle", "中班", N_("middle shift"), "中", 14 * 60, 8 * 60),
    ShiftTypeRow("night", "夜班", N_("night shift"), "夜", 22 * 60, 8 * 60),
    ShiftTypeRow("office", "常白班", N_("office hours"), "白", 8 * 60 + 30, 9 * 60, hands_over=False),
)
# A centre gets these when it takes up a rotation of twelve hours.
LONG_SHIFTS = (
    ShiftTypeRow("day12", "长白班", N_("long day shift"), "长", 8 * 60, 12 * 60),
    ShiftTypeRow("night12", "长夜班", N_("long night shift"), "晚", 20 * 60, 12 * 60),
)
_SOURCES = {REGULATION: N_("regulation"), HOUSE: N_("house rule")}
# Art. 21: the keys and things every handover looks at; a new centre starts with these and changes the list.
STARTING_ASSETS: tuple[tuple[Area, str], ...] = (
    (Area.MATERIAL, N_("Machine-room keys")),
    (Area.MATERIAL, N_("Duty mobile phone")),
    (Area.MACHINES, N_("Emergency torch")),
)


def set_up_centre(
    now: datetime,
    name: str,
    time_zone: str,
    teams: list[str],
    leader_work_number: str,
    leader_name: str,
    leader_pin: str,
    *,
    must_change_pin: bool = False,
) -> None:
    """Make an empty database the data of a new centre, with its teams and its first senior shift leader.

    Raises :class:`Invalid` for a value that cannot be used and :class:`Conflict` when a centre is there already.
    """
    _check_set_up(name, time_zone, teams, leader_work_number, leader_name, leader_pin)
    store.migrate()
    pin_hash = signin.hash_pin(leader_pin)

    def run() -> None:
        if models.Centre.select().exists():
            raise Conflict(
                _("This home already holds a centre."), next_step=_("Open it, or choose another home.")
            )
        models.Centre.create(name=name.strip(), time_zone=time_zone, created_at=now)
        if cipher.key_file() is not None:
            make_key_file()
        for position, team in enumerate(teams):
            models.Team.create(code=team.strip(), name=team.strip(), position=position)
        for position, shift in enumerate(STANDARD_SHIFTS):
            models.ShiftType.create(position=position, **{f: getattr(shift, f) for f in shift.__slots__})
        for position, (area, asset) in enumerate(STARTING_ASSETS):
            models.HandoverAsset.create(name=_(asset), area=area, position=position)
        leader = models.Person.create(
            work_number=leader_work_number.strip(),
            name=leader_name.strip(),
            role=Role.SENIOR_SHIFT_LEADER,
            entered_at=now,
        )
        models.Credential.create(
            person=leader, pin_hash=pin_hash, must_change=must_change_pin, changed_at=now
        )
        session = Session(SYSTEM, now)
        session.about("centre:1", name=name, time_zone=time_zone, leader=leader_work_number)
        write_audit(session, "set_up_centre")

    store.write(run)


@reads(Action.READ_REGULATION)
def centre_info(_session: Session) -> CentreInfo:
    """Return the centre's name, zone, teams and shift types."""
    centre = the_centre()
    return CentreInfo(
        centre.name,
        centre.time_zone,
        tuple(TeamRow(t.code, t.name) for t in models.Team.select().order_by(models.Team.position)),
        shift_types(),
    )


@reads(Action.READ_REGULATION)
def limits_today(session: Session) -> Limits:
    """Return the limits in force on the centre's civil day."""
    return limits_at(session.now)


@writes(Action.SET_LIMITS)
def set_limit(session: Session, name: str, value: int, effective_from: date) -> None:
    """Give a limit the centre's own value from a civil day on; the past keeps what it was judged by."""
    definition = BY_NAME.get(name)
    if definition is None:
        raise NotFound(_("There is no limit called {name}.").format(name=name))
    if not definition.lowest <= value <= definition.highest:
        raise Invalid(
            _("{name} must lie between {lowest} and {highest} {unit}.").format(
                name=_(definition.label),
                lowest=definition.lowest,
                highest=definition.highest,
                unit=_(definition.unit),
            ),
            article=definition.article or None,
        )
    if effective_from < civil_date(session.now):
        raise Invalid(
            _("A limit cannot be changed for days that are past."), article=definition.article or None
        )
    models.LimitChange.delete().where(
        models.LimitChange.name == name, models.LimitChange.effective_from == effective_from
    ).execute()
    models.LimitChange.create(
        name=name,
        value=value,
        effective_from=effective_from,
        set_by=session.actor.work_number,
        set_at=session.now,
    )
    session.about(f"limit:{name}", value=value, effective_from=effective_from.isoformat())


def limit_source(limit: LimitDefinition) -> str:
    """Return who fixed a number, in the reader's language: the regulation, a law, or the house and what it follows."""
    if limit.source == LABOUR_LAW:
        return _(limit.law)
    source = _(_SOURCES[limit.source])
    return _("{source}, {law}").format(source=source, law=_(limit.law)) if limit.law else source


def the_centre() -> models.Centre:
    """Return the centre's row (inside a transaction). Raises :class:`NotFound` before it was set up."""
    centre: models.Centre | None = models.Centre.get_or_none()
    if centre is None:
        raise NotFound(
            _("The centre has not been set up yet."), next_step=_("Run zhiban setup, or zhiban demo.")
        )
    return centre


def zone() -> ZoneInfo:
    """Return the centre's time zone (inside a transaction)."""
    return ZoneInfo(the_centre().time_zone)


def civil_date(at: datetime) -> date:
    """Return the centre's civil date at an instant (inside a transaction)."""
    return at.astimezone(zone()).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the instants at which a civil day of the centre begins and ends."""
    here = zone()
    begin = datetime.combine(day, time(), here).astimezone(UTC)
    return begin, datetime.combine(day + timedelta(days=1), time(), here).astimezone(UTC)


def span_of_shift(
    day: date, start_minute: int, duration_minutes: int, here: ZoneInfo
) -> tuple[datetime, datetime]:
    """Return start and end of a shift that belongs to ``day``; both follow the local clock.

    So the next shift begins exactly when this one ends, whatever the clock does in between: a night over a change to
    summer time is an hour shorter, one over the change back an hour longer, and no relief falls into a gap.
    """
    midnight = datetime.combine(day, time(), here)
    starts_at = (midnight + timedelta(minutes=start_minute)).astimezone(UTC)
    ends_at = (midnight + timedelta(minutes=start_minute + duration_minutes)).astimezone(UTC)
    # A shift wholly inside the hour that the clock leaps over keeps its length.
    return starts_at, ends_at if ends_at > starts_at else starts_at + timedelta(minutes=duration_minutes)


class ShiftClock:
    """When the shifts of each day begin and end, seasons included, for one transaction."""

    def __init__(self) -> None:
        """Read nothing yet: the clock belongs to the transaction that first asks it."""
        self._known: dict[tuple[int, date], tuple[datetime, datetime]] = {}
        self._zone: ZoneInfo | None = None
        self._seasons: dict[int, list[Season]] = {}

    def of(self, shift_type: models.ShiftType, day: date) -> tuple[datetime, datetime]:
        """Return start and end of the shift of a kind that belongs to ``day``."""
        key = shift_type.id, day
        if key not in self._known:
            minutes = self.minutes_of(shift_type, day)
            self._known[key] = span_of_shift(day, *minutes, self._zone or zone())
        return self._known[key]

    def minutes_of(self, shift_type: models.ShiftType, day: date) -> tuple[int, int]:
        """Return a shift's local start and its length by the clock on a day, both in minutes."""
        if self._zone is None:
            self._zone = zone()
            self._seasons = _seasons_by_shift()
        usual = shift_type.start_minute, shift_type.duration_minutes
        return times_on(usual, self._seasons.get(shift_type.id, ()), day)


def seasons_of(shift_type: models.ShiftType) -> list[Season]:
    """Return every change to the seasons of a shift (inside a transaction)."""
    return [_season(row) for row in shift_type.seasons]


def _seasons_by_shift() -> dict[int, list[Season]]:
    seasons: dict[int, list[Season]] = {}
    for row in models.ShiftSeason.select():
        seasons.setdefault(row.shift_type_id, []).append(_season(row))
    return seasons


def _season(row: models.ShiftSeason) -> Season:
    return Season(**{name: getattr(row, name) for name in Season.__slots__})


def limits_at(at: datetime) -> Limits:
    """Return the limits in force at an instant (inside a transaction)."""
    changes = [LimitChange(row.name, row.value, row.effective_from) for row in models.LimitChange.select()]
    return limits_in_force(changes, civil_date(at))


def shift_type_of(named: str) -> models.ShiftType:
    """Return the shift type of a code or a name (inside a transaction). Raises :class:`NotFound` with those there are."""
    kind = models.ShiftType
    same = (kind.code == named) | (kind.name == named) | (kind.short == named) | (kind.name_en == named)
    shift: models.ShiftType | None = kind.select().where(same).order_by(kind.position).first()
    if shift is None:
        raise NotFound(
            _("There is no shift {code}.").format(code=named or "—"),
            next_step=_("There are: {codes}.").format(codes=", ".join(row.code for row in shift_types())),
        )
    return shift


def shift_types() -> tuple[ShiftTypeRow, ...]:
    """Return the centre's shift types in their order (inside a transaction)."""
    rows = models.ShiftType.select().order_by(models.ShiftType.position)
    return tuple(
        ShiftTypeRow(r.code, r.name, r.name_en, r.short, r.start_minute, r.duration_minutes, r.hands_over)
        for r in rows
    )


def _check_set_up(
    name: str, time_zone: str, teams: list[str], leader_work_number: str, leader_name: str, leader_pin: str
) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid(
            _("{zone} is not a time zone.").format(zone=time_zone),
            next_step=_("For China, write Asia/Shanghai."),
        ) from error
    codes = [team.strip() for team in teams]
    if not name.strip() or not leader_name.strip() or not leader_work_number.strip():
        raise Invalid(_("The centre's name and the first leader's name and work number are needed."))
    if not codes or not all(codes) or len(set(codes)) != len(codes):
        raise Invalid(_("Give each team a name of its own."))
    signin.check_new_pin(leader_work_number, "", leader_pin)
