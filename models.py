"""Every table of the centre, its constraints and its indexes.

Only ``operations`` imports this module. Instants are aware UTC; civil dates belong to duties and logs. Door
events and audit records are append-only and hash-chained: no column of theirs lies outside the hash.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DatabaseProxy,
    DateField,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

database = DatabaseProxy()


class InstantField(Field):
    """An aware UTC instant: ``timestamptz`` in PostgreSQL, sortable fixed-width text in SQLite."""

    field_type = "TIMESTAMPTZ"

    if TYPE_CHECKING:  # like peewee's own fields: an expression on the class, a value on a row

        def __get__(self, instance: Any, owner: Any) -> Any: ...

    def db_value(self, value: datetime | None) -> str | None:
        """Store ``value`` in UTC to the microsecond; a naive value is a mistake, not a guess."""
        if value is None or isinstance(value, str):
            return value
        if value.tzinfo is None:
            raise ValueError("naive instant")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def python_value(self, value: datetime | str | None) -> datetime | None:
        """Read an instant back as aware UTC; text in any other form than ours was not written by us."""
        if value is None or isinstance(value, datetime):
            return value.astimezone(UTC) if value else None
        instant = datetime.fromisoformat(value)
        if self.db_value(instant) != value:
            raise ValueError(f"not an instant of ours: {value}")
        return instant


class JsonField(TextField):
    """A small JSON value kept as its canonical text, so that what is hashed is what is stored."""

    def db_value(self, value: Any) -> str:
        """Store ``value`` with sorted keys and no spaces."""
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def python_value(self, value: str | None) -> Any:
        """Read the value back; text in any other form than ours was not written by us."""
        if value is None:  # the row that an outer join did not find
            return None
        read = json.loads(value)
        if self.db_value(read) != value:
            raise ValueError("not JSON of ours")
        return read


class Table(Model):
    """Base of all tables."""

    class Meta:
        database = database
        legacy_table_names = False


class Centre(Table):
    """The customer-service centre itself; one row."""

    name = CharField(max_length=80)
    time_zone = CharField(max_length=64)
    created_at = InstantField()
    # From when the watch judges what falls due by itself: a centre that gets the watch later is not blamed for before.
    watched_from = InstantField(null=True)
    # The same for what its registers are held against: undertakings, cleaning.
    registers_from = InstantField(null=True)


class LimitChange(Table):
    """A centre's own value for a limit, from a civil day on."""

    name = CharField(max_length=64)
    value = IntegerField()
    effective_from = DateField()
    set_by = CharField(max_length=32)
    set_at = InstantField()

    class Meta:
        indexes = ((("name", "effective_from"), True),)


class Team(Table):
    """A team that works shifts together (甲班, 乙班 …)."""

    code = CharField(max_length=16, unique=True)
    name = CharField(max_length=40)
    position = IntegerField(default=0)


class Seat(Table):
    """A numbered seat (座席)."""

    number = CharField(max_length=8, unique=True)


class Person(Table):
    """Someone with a work number (Art. 9)."""

    work_number = CharField(max_length=16, unique=True)
    name = CharField(max_length=40)
    role = CharField(max_length=32)
    status = CharField(max_length=16, default="active")
    team = ForeignKeyField(Team, null=True, backref="members", on_delete="RESTRICT")
    seat = ForeignKeyField(Seat, null=True, on_delete="RESTRICT")
    # Nobody knows it of those who were there before it was written down.
    entered_at = InstantField(null=True)


class Credential(Table):
    """How a person signs in. The PIN is kept as an argon2id hash."""

    person = ForeignKeyField(Person, primary_key=True, on_delete="CASCADE")
    pin_hash = CharField(max_length=200)
    must_change = BooleanField(default=True)
    failed_attempts = IntegerField(default=0)
    locked_until = InstantField(null=True)
    changed_at = InstantField()
    # The PIN given under threat at the door: it works like the other and tells the desk.
    duress_hash = CharField(max_length=200, default="")


class Badge(Table):
    """A badge as its reader's decoder yields it: fixed width, leading zeros kept."""

    badge = CharField(max_length=64, unique=True)
    person = ForeignKeyField(Person, null=True, backref="badges", on_delete="RESTRICT")
    label = CharField(max_length=16, default="")
    state = CharField(max_length=16, default="active")
    valid_from = InstantField(null=True)
    valid_until = InstantField(null=True)
    kind = CharField(max_length=16, default="own")


class BadgeLoan(Table):
    """A temporary badge lent to someone who came without their own, until it is handed back (Art. 20)."""

    badge = ForeignKeyField(Badge, backref="loans", on_delete="RESTRICT")
    person = ForeignKeyField(Person, backref="badge_loans", on_delete="RESTRICT")
    reason = CharField(max_length=80, default="")
    lent_at = InstantField()
    due_at = InstantField()
    lent_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    returned_at = InstantField(null=True)
    returned_to = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    # Set when the missing return was reported, so that it is a finding once.
    flagged_at = InstantField(null=True)

    class Meta:
        indexes = ((("returned_at",), False),)


class ShiftType(Table):
    """A kind of shift: local start as minutes after midnight, and its length in minutes.

    Office hours do not hand over: they have duties, but no log of their own.
    """

    code = CharField(max_length=16, unique=True)
    name = CharField(max_length=20)
    name_en = CharField(max_length=20)
    short = CharField(max_length=4)
    start_minute = IntegerField(constraints=[Check("start_minute BETWEEN 0 AND 1439")])
    duration_minutes = IntegerField(constraints=[Check("duration_minutes BETWEEN 1 AND 1440")])
    hands_over = BooleanField(default=True)
    position = IntegerField(default=0)


class ShiftSeason(Table):
    """Other times of a shift over a part of each year (``05-01`` to ``09-30``), or its end, from a civil day on."""

    shift_type = ForeignKeyField(ShiftType, backref="seasons", on_delete="RESTRICT")
    code = CharField(max_length=32)
    first_day = CharField(max_length=5)
    last_day = CharField(max_length=5)
    start_minute = IntegerField(constraints=[Check("start_minute BETWEEN 0 AND 1439")])
    duration_minutes = IntegerField(constraints=[Check("duration_minutes BETWEEN 1 AND 1440")])
    retired = BooleanField(default=False)
    effective_from = DateField()
    set_by = CharField(max_length=32)
    set_at = InstantField()

    class Meta:
        indexes = ((("shift_type", "code", "effective_from"), True),)


class DayKindChange(Table):
    """The centre's own word on what a civil day is, above what is published for its country."""

    date = DateField(primary_key=True)
    kind = CharField(max_length=24)
    name = CharField(max_length=40, default="")
    set_by = CharField(max_length=32)
    set_at = InstantField()


class RotationPattern(Table):
    """A centre's own rotation: shift codes of its days (empty: free), and the offsets of the teams that share it."""

    code = CharField(max_length=32, unique=True)
    name = CharField(max_length=80)
    pattern = JsonField()
    offsets = JsonField()
    set_by = CharField(max_length=32)
    set_at = InstantField()


class RotationUse(Table):
    """The rotation of a team from a civil day on, as a copy of its pattern; an empty pattern: it stops.

    Without a team it is the rotation of those who are in none.
    """

    team = ForeignKeyField(Team, null=True, backref="rotations", on_delete="RESTRICT")
    rotation = CharField(max_length=32, default="")
    pattern = JsonField(default=list)
    anchor = DateField()
    place = IntegerField(default=0)
    working_days = BooleanField(default=False)
    effective_from = DateField()
    set_by = CharField(max_length=32)
    set_at = InstantField()

    class Meta:
        indexes = ((("team", "effective_from"), True),)


class RosterMonth(Table):
    """A month of the roster; its version grows with every change to its duties and its draft."""

    month = CharField(max_length=7, primary_key=True)
    version = IntegerField(default=0)


class Duty(Table):
    """A dated duty of one person, with absolute start and end; it may cross midnight."""

    person = ForeignKeyField(Person, backref="duties", on_delete="RESTRICT")
    shift_type = ForeignKeyField(ShiftType, on_delete="RESTRICT")
    team = ForeignKeyField(Team, null=True, on_delete="RESTRICT")
    seat = ForeignKeyField(Seat, null=True, on_delete="RESTRICT")
    date = DateField()
    starts_at = InstantField()
    ends_at = InstantField()
    post = CharField(max_length=16, default="operator")
    origin = CharField(max_length=16, default="manual")
    roster_version = IntegerField(default=0)
    state = CharField(max_length=16, default="due")
    leave_kind = CharField(max_length=16, default="")
    relieved_at = InstantField(null=True)
    # The duty that this one stands for, whole or in part, since a swap (Art. 38).
    replaces = ForeignKeyField("self", null=True, backref="replaced_by", on_delete="RESTRICT")

    class Meta:
        indexes = ((("date", "shift_type"), False), (("person", "starts_at"), False), (("ends_at",), False))
        constraints = (Check("ends_at > starts_at", name="duty_ends_after_start"),)


class DraftDuty(Table):
    """What a person's day is to be once the draft is published; without a shift type the day is to be free.

    The draft is a patch: a day that is to stay as published has no row.
    """

    person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
    date = DateField()
    shift_type = ForeignKeyField(ShiftType, null=True, on_delete="RESTRICT")
    origin = CharField(max_length=16, default="manual")
    planned_by = CharField(max_length=32)
    planned_at = InstantField()

    class Meta:
        indexes = ((("person", "date"), True), (("date",), False))


class RosterPublishing(Table):
    """What one publication of a draft changed: a list of ``[work number, date, shift before, shift after]``."""

    first_day = DateField()
    last_day = DateField()
    published_by = CharField(max_length=32)
    published_at = InstantField()
    changes = JsonField(default=list)

    class Meta:
        indexes = ((("first_day", "last_day"), False),)


class Swap(Table):
    """A swap or a stand-in (Art. 38): asked, agreed to by everyone in it, consented to by a leader.

    ``begins_at`` is when the first duty in it begins: until then it is settled or withdrawn, or it lapses.
    """

    state = CharField(max_length=16, default="asked")
    reason = CharField(max_length=200, default="")
    asked_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    asked_at = InstantField()
    begins_at = InstantField()
    agreed_at = InstantField(null=True)
    # The leader who consented, or whoever refused.
    decided_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    decided_at = InstantField(null=True)
    decision_reason = CharField(max_length=200, default="")
    # Whoever withdrew it; nobody when it lapsed.
    closed_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    closed_at = InstantField(null=True)
    closing_reason = CharField(max_length=200, default="")

    class Meta:
        indexes = ((("state", "begins_at"), False), (("begins_at",), False))


class SwapLeg(Table):
    """One duty of a swap, or its hours from ``from_at`` to ``until_at``, that goes from one person to another."""

    swap = ForeignKeyField(Swap, backref="legs", on_delete="RESTRICT")
    position = IntegerField()
    duty = ForeignKeyField(Duty, backref="swap_legs", on_delete="RESTRICT")
    giver = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    taker = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    from_at = InstantField()
    until_at = InstantField()

    class Meta:
        indexes = ((("swap", "position"), True),)
        constraints = (
            Check("until_at > from_at", name="leg_ends_after_start"),
            Check("giver_id <> taker_id", name="leg_changes_hands"),
        )


class SwapParty(Table):
    """Someone in a swap and their agreement; given by a leader for someone absent, ``agreed_by`` is another person."""

    swap = ForeignKeyField(Swap, backref="parties", on_delete="RESTRICT")
    person = ForeignKeyField(Person, backref="swap_parties", on_delete="RESTRICT")
    agreed_at = InstantField(null=True)
    agreed_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    reason = CharField(max_length=200, default="")

    class Meta:
        indexes = ((("swap", "person"), True),)


class Delegation(Table):
    """Who decides in an absent approver's place, on civil days, both included (Art. 35)."""

    absent = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    delegate = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    first_day = DateField()
    last_day = DateField()
    reason = CharField(max_length=200, default="")
    recorded_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    recorded_at = InstantField()
    ended_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    ended_at = InstantField(null=True)

    class Meta:
        indexes = ((("last_day", "first_day"), False),)
        constraints = (
            Check("last_day >= first_day", name="delegation_ends_after_start"),
            Check("absent_id <> delegate_id", name="delegate_is_another"),
        )


class LeaveRequest(Table):
    """Leave that somebody asked for (Art. 35-37), and what became of it.

    ``first`` and ``last`` say how much of the first and last day; with ``from_at`` and ``until_at`` it is leave by the
    hour. ``begins_at`` is when the first of it begins. ``days`` and ``days_together`` (with leave of the same kind that
    it touches) are exact fractions as text, as of the last look.
    """

    person = ForeignKeyField(Person, backref="leave", on_delete="RESTRICT")
    kind = CharField(max_length=16)
    first_day = DateField()
    last_day = DateField()
    first = CharField(max_length=16, default="whole")
    last = CharField(max_length=16, default="whole")
    from_at = InstantField(null=True)
    until_at = InstantField(null=True)
    reason = CharField(max_length=200, default="")
    special = BooleanField(default=False)
    doctor_note = CharField(max_length=80, default="")
    extends = ForeignKeyField("self", null=True, backref="+", on_delete="RESTRICT")
    state = CharField(max_length=16, default="asked")
    begins_at = InstantField()
    days = CharField(max_length=24)
    days_together = CharField(max_length=24)
    asked_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    asked_at = InstantField()
    escalated_at = InstantField(null=True)
    # Whoever withdrew it.
    closed_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    closed_at = InstantField(null=True)
    closing_reason = CharField(max_length=200, default="")

    class Meta:
        indexes = (
            (("person", "first_day"), False),
            (("state", "begins_at"), False),
            (("first_day", "last_day"), False),
        )
        constraints = (Check("last_day >= first_day", name="leave_ends_after_start"),)


class LeaveStep(Table):
    """One decision on leave: in which capacity it was given, and by which delegation when it was another's."""

    request = ForeignKeyField(LeaveRequest, backref="decisions", on_delete="RESTRICT")
    position = IntegerField()
    decider = CharField(max_length=32)
    article = IntegerField()
    approved = BooleanField()
    decided_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    decided_at = InstantField()
    reason = CharField(max_length=200, default="")
    delegation = ForeignKeyField(Delegation, null=True, backref="+", on_delete="RESTRICT")

    class Meta:
        indexes = ((("request", "position"), True),)


class LeaveDuty(Table):
    """What leave takes of one duty: ``[from_at, until_at)`` of ``[starts_at, ends_at)``.

    Without a duty a rotation plans it for a day whose roster is not published yet. ``part`` is what the duty is of a
    whole one, a fraction as text.
    """

    request = ForeignKeyField(LeaveRequest, backref="duties", on_delete="RESTRICT")
    date = DateField()
    duty = ForeignKeyField(Duty, null=True, backref="leave", on_delete="RESTRICT")
    part = CharField(max_length=24, default="1")
    starts_at = InstantField()
    ends_at = InstantField()
    from_at = InstantField()
    until_at = InstantField()

    class Meta:
        indexes = ((("date",), False),)
        constraints = (Check("until_at > from_at", name="leave_piece_ends_after_start"),)


class LeaveGrant(Table):
    """Days of a kind of leave that a person may use within a span of civil days: granted, or carried over.

    ``days`` is an exact fraction as text. What was granted by mistake is revoked and stays on record.
    """

    person = ForeignKeyField(Person, backref="leave_grants", on_delete="RESTRICT")
    kind = CharField(max_length=16)
    days = CharField(max_length=24)
    first_day = DateField()
    last_day = DateField()
    carried_over = BooleanField(default=False)
    reason = CharField(max_length=200, default="")
    granted_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    granted_at = InstantField()
    revoked_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    revoked_at = InstantField(null=True)

    class Meta:
        indexes = ((("person", "kind", "last_day"), False),)
        constraints = (Check("last_day >= first_day", name="grant_ends_after_start"),)


class DemandChange(Table):
    """How many are needed in a shift on a kind of day, from a civil day on; retired: nothing is said of it any more.

    ``who`` is ``any``, ``leader``, ``operator`` or ``skill:CODE``; ``days`` is a weekday (``mon``), a kind of day
    (``holiday``, ``adjusted_working``) or one date.
    """

    shift_type = ForeignKeyField(ShiftType, backref="+", on_delete="RESTRICT")
    who = CharField(max_length=40)
    days = CharField(max_length=16)
    least = IntegerField(default=0)
    wanted = IntegerField(default=0)
    retired = BooleanField(default=False)
    effective_from = DateField()
    set_by = CharField(max_length=32)
    set_at = InstantField()

    class Meta:
        indexes = ((("shift_type", "who", "days", "effective_from"), True),)
        constraints = (Check("least >= 0 AND wanted >= least", name="demand_wanted_from_least"),)


class Wish(Table):
    """What someone would like on a day: a shift, or without one a free day; or, not ``wanted``, rather not that."""

    person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
    date = DateField()
    shift_type = ForeignKeyField(ShiftType, null=True, on_delete="RESTRICT")
    wanted = BooleanField(default=True)
    weight = IntegerField(default=1, constraints=[Check("weight BETWEEN 1 AND 3")])
    asked_at = InstantField()
    withdrawn_at = InstantField(null=True)

    class Meta:
        indexes = ((("date",), False), (("person", "date"), False))


class Unavailability(Table):
    """When someone cannot work: on days of a span (open without a last day), on some weekdays, in one shift or any.

    ``weekdays`` are digits, Monday 1 to Sunday 7; empty is every day.
    """

    person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
    first_day = DateField()
    last_day = DateField(null=True)
    weekdays = CharField(max_length=7, default="")
    shift_type = ForeignKeyField(ShiftType, null=True, on_delete="RESTRICT")
    reason = CharField(max_length=80, default="")
    recorded_by = CharField(max_length=32)
    recorded_at = InstantField()
    withdrawn_at = InstantField(null=True)

    class Meta:
        indexes = ((("person", "first_day"), False),)


class Skill(Table):
    """Something that not everyone can do and that a shift may need."""

    code = CharField(max_length=32, unique=True)
    label = CharField(max_length=80)
    label_en = CharField(max_length=80, default="")


class PersonSkill(Table):
    """That a person has a skill, from a civil day on and until one, or without an end."""

    person = ForeignKeyField(Person, backref="skills", on_delete="CASCADE")
    skill = ForeignKeyField(Skill, backref="holders", on_delete="CASCADE")
    valid_from = DateField()
    valid_until = DateField(null=True)
    set_by = CharField(max_length=32)
    set_at = InstantField()

    class Meta:
        indexes = ((("person", "skill", "valid_from"), True),)


class DutyPin(Table):
    """A person's day that stays as it is planned: neither rotation nor planner changes it."""

    person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
    date = DateField()
    pinned_by = CharField(max_length=32)
    pinned_at = InstantField()

    class Meta:
        indexes = ((("person", "date"), True), (("date",), False))


class ReasonChange(Table):
    """A centre's own reason to enter, or its word that one is no longer a reason, from a civil day on (Art. 20)."""

    code = CharField(max_length=32)
    label = CharField(max_length=80)
    label_en = CharField(max_length=80, default="")
    needs = CharField(max_length=80, default="")
    by_manager = BooleanField(default=False)
    retired = BooleanField(default=False)
    effective_from = DateField()
    set_by = CharField(max_length=32)
    set_at = InstantField()

    class Meta:
        indexes = ((("code", "effective_from"), True),)


class Visit(Table):
    """A request to enter, and what became of it (Art. 20).

    ``request_key`` makes a request from a kiosk count once, however often it is sent.
    """

    request_key = CharField(max_length=64, unique=True)
    visitor = CharField(max_length=40)
    unit = CharField(max_length=80, default="")
    phone = CharField(max_length=32, default="")
    job_title = CharField(max_length=40, default="")
    carried = CharField(max_length=120, default="")
    person = ForeignKeyField(Person, null=True, backref="visits", on_delete="RESTRICT")
    reason = CharField(max_length=32)
    reference = CharField(max_length=80, default="")
    sponsor = ForeignKeyField(Person, null=True, backref="sponsored", on_delete="RESTRICT")
    badge = ForeignKeyField(Badge, null=True, on_delete="RESTRICT")
    state = CharField(max_length=16, default="requested")
    starts_at = InstantField()
    ends_at = InstantField()
    requested_at = InstantField()
    requested_from = CharField(max_length=32)
    decided_at = InstantField(null=True)
    decided_by = ForeignKeyField(Person, null=True, backref="decided", on_delete="RESTRICT")
    note = CharField(max_length=200, default="")
    escort = ForeignKeyField(Person, null=True, backref="escorted", on_delete="RESTRICT")
    entered_at = InstantField(null=True)
    left_at = InstantField(null=True)

    class Meta:
        indexes = ((("state",), False), (("ends_at",), False))


class OccupancyReset(Table):
    """A leader's word that someone is not inside although the door's records say so; with neither, everyone."""

    at = InstantField()
    person = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    visit = ForeignKeyField(Visit, null=True, backref="+", on_delete="RESTRICT")
    reason = CharField(max_length=200)
    reset_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")

    class Meta:
        indexes = ((("at",), False),)


class SeatLeave(Table):
    """A permit to be away from one's seat (Art. 14)."""

    person = ForeignKeyField(Person, backref="seat_leaves", on_delete="RESTRICT")
    duty = ForeignKeyField(Duty, null=True, on_delete="RESTRICT")
    reason = CharField(max_length=80)
    from_at = InstantField()
    back_by = InstantField()
    approved_by = ForeignKeyField(Person, backref="approved_leaves", on_delete="RESTRICT")
    returned_at = InstantField(null=True)

    class Meta:
        indexes = ((("from_at",), False),)


class ShiftLog(Table):
    """The log of one shift of one date: open, frozen at the start of its handover, then sealed."""

    date = DateField()
    shift_type = ForeignKeyField(ShiftType, on_delete="RESTRICT")
    team = ForeignKeyField(Team, null=True, on_delete="RESTRICT")
    starts_at = InstantField()
    ends_at = InstantField()
    state = CharField(max_length=16, default="open")
    frozen_at = InstantField(null=True)
    sealed_at = InstantField(null=True)
    # The section as it was signed, in the words and names of that hour, and its digest.
    sealed_content = TextField(default="")
    digest = CharField(max_length=64, default="")

    class Meta:
        indexes = ((("date", "shift_type"), True), (("starts_at",), False))


class LogEntry(Table):
    """One line of a shift's log. ``happened_at`` is when it was, ``entered_at`` when it was written down."""

    log = ForeignKeyField(ShiftLog, backref="entries", on_delete="RESTRICT")
    kind = CharField(max_length=24)
    happened_at = InstantField()
    entered_at = InstantField()
    author = ForeignKeyField(Person, on_delete="RESTRICT")
    seat = CharField(max_length=8, default="")
    text = TextField()
    asset = CharField(max_length=80, default="")
    department = CharField(max_length=80, default="")
    vip = BooleanField(default=False)
    told_whom = CharField(max_length=80, default="")
    told_at = InstantField(null=True)
    outcome = TextField(default="")
    due_at = InstantField(null=True)
    # When the department it was passed to answered (Art. 5, 6).
    department_answered_at = InstantField(null=True)
    attachments = JsonField(default=list)
    confidential = BooleanField(default=False)
    # Art. 31: who may read a confidential entry beside its author, as roles and ids of people; empty: the leaders.
    readers = JsonField(default=dict)
    # Art. 32: the words of a confidential entry under the cipher; their own columns are empty then.
    sealed = TextField(default="")
    # Where it came from when a machine reports, how often it did, and when for the last time.
    source = CharField(max_length=80, default="")
    count = IntegerField(default=1)
    last_at = InstantField(null=True)
    version = IntegerField(default=1)


class EntryVersion(Table):
    """An entry as it read before it was changed; the newest version is the entry itself (Art. 9)."""

    entry = ForeignKeyField(LogEntry, backref="versions", on_delete="RESTRICT")
    version = IntegerField()
    content = JsonField()
    replaced_at = InstantField()
    replaced_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    reason = CharField(max_length=200)
    # The words and the reason under the cipher, while the entry is confidential.
    sealed = TextField(default="")

    class Meta:
        indexes = ((("entry", "version"), True),)


class EntryTemplate(Table):
    """The centre's own template for entries, or its word that one of the product's is not used here."""

    code = CharField(max_length=32, unique=True)
    kind = CharField(max_length=24)
    title = CharField(max_length=40)
    text = TextField(default="")
    defaults = JsonField(default=dict)
    retired = BooleanField(default=False)
    set_by = CharField(max_length=32)
    set_at = InstantField()


class OpenItem(Table):
    """Something unfinished (Art. 22). Carrying it writes a new row in the next log that points back here."""

    log = ForeignKeyField(ShiftLog, backref="items", on_delete="RESTRICT")
    entry = ForeignKeyField(LogEntry, null=True, on_delete="RESTRICT")
    carried_from = ForeignKeyField("self", null=True, unique=True, on_delete="RESTRICT")
    title = CharField(max_length=200)
    owner = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    vip = BooleanField(default=False)
    opened_at = InstantField()
    due_at = InstantField(null=True)
    state = CharField(max_length=16, default="open")
    outcome = TextField(default="")
    reason = TextField(default="")
    next_step = TextField(default="")
    closed_at = InstantField(null=True)
    # Who decided that it is settled or carried, and when.
    decided_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    decided_at = InstantField(null=True)
    # A complaint's last word of the user (Art. 9); nothing while nobody has asked.
    satisfied = BooleanField(null=True)
    escalated_at = InstantField(null=True)
    # The words of what came of a confidential entry under the cipher; a carried item's title is sealed in its first row.
    sealed = TextField(default="")


class SearchDocument(Table):
    """What can be found by its words: an entry, an open item or an addendum, with its folded text.

    ``id`` is the instant it is about in nanoseconds since 1970, moved on where it is taken: the newest first is the
    order of the key. The words' index itself is ``search_index``, which each database keeps in its own way.
    """

    id = BigIntegerField(primary_key=True)
    subject = CharField(max_length=16)
    subject_id = IntegerField()
    log = ForeignKeyField(ShiftLog, backref="+", on_delete="CASCADE")
    kind = CharField(max_length=24, default="")
    state = CharField(max_length=16, default="")
    person = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    confidential = BooleanField(default=False)
    text = TextField()
    folded = TextField()

    class Meta:
        indexes = ((("subject", "subject_id"), True),)


class Handover(Table):
    """The handover from one shift's log to the next one's (Art. 21).

    ``incoming`` is empty while no shift follows. A log that was closed alone (``alone_reason``) is sealed by the
    outgoing signature; the incoming one is then given later, by the leader of the shift that begins next.
    """

    outgoing = ForeignKeyField(ShiftLog, unique=True, backref="handover", on_delete="RESTRICT")
    incoming = ForeignKeyField(ShiftLog, null=True, backref="takeovers", on_delete="RESTRICT")
    started_at = InstantField()
    started_by = ForeignKeyField(Person, backref="started_handovers", on_delete="RESTRICT")
    cutoff_at = InstantField()
    signed_out_by = ForeignKeyField(Person, null=True, backref="signed_out", on_delete="RESTRICT")
    signed_out_at = InstantField(null=True)
    signed_in_by = ForeignKeyField(Person, null=True, backref="signed_in", on_delete="RESTRICT")
    signed_in_at = InstantField(null=True)
    alone_reason = TextField(default="")

    class Meta:
        indexes = ((("signed_out_at",), False), (("signed_in_at",), False))
        constraints = (Check("signed_in_by_id <> signed_out_by_id", name="two_people_sign"),)


class HandoverAsset(Table):
    """A key or another thing that every handover looks at, until it is retired (Art. 19, 21)."""

    name = CharField(max_length=80, unique=True)
    area = CharField(max_length=16, default="material")
    position = IntegerField(default=0)
    retired_at = InstantField(null=True)


class CheckLine(Table):
    """A line of the joint check: one of the four areas (Art. 21), or what ``subject`` leads to (``visit:3``).

    ``version`` grows with every change, so that whoever saw an older one overwrites nothing. ``seen`` is what the
    subject's record said when the line was checked: a check counts for what was seen.
    """

    handover = ForeignKeyField(Handover, backref="lines", on_delete="RESTRICT")
    position = IntegerField()
    area = CharField(max_length=16)
    label = CharField(max_length=120)
    visit = ForeignKeyField(Visit, null=True, on_delete="RESTRICT")
    value = CharField(max_length=16, default="unchecked")
    note = TextField(default="")
    reported_to = CharField(max_length=80, default="")
    reported_at = InstantField(null=True)
    subject = CharField(max_length=32, default="")
    seen = CharField(max_length=64, default="")
    version = IntegerField(default=0)
    checked_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    checked_at = InstantField(null=True)


class Relief(Table):
    """One duty relieved (Art. 21, 24): at the incoming signature, or before it by the leader or by badge.

    ``incoming_person`` sits down; ``incoming_duty`` is the duty they are rostered for, if any. Both empty: nobody.
    """

    handover = ForeignKeyField(Handover, null=True, backref="reliefs", on_delete="RESTRICT")
    outgoing_duty = ForeignKeyField(Duty, unique=True, backref="relief", on_delete="RESTRICT")
    incoming_duty = ForeignKeyField(Duty, null=True, backref="relieves", on_delete="RESTRICT")
    at = InstantField()
    incoming_person = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    assigned_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    way = CharField(max_length=16, default="signature")


class StandIn(Table):
    """Someone who leads a shift instead of its rostered leader, on the record (Art. 21)."""

    log = ForeignKeyField(ShiftLog, backref="stand_ins", on_delete="RESTRICT")
    person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    instead_of = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    reason = TextField()
    recorded_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    at = InstantField()

    class Meta:
        indexes = ((("log", "person"), True),)


class NoShow(Table):
    """A leader who did not come to take over, or left before the relief had signed (Art. 21, 24)."""

    log = ForeignKeyField(ShiftLog, backref="no_shows", on_delete="RESTRICT")
    side = CharField(max_length=16)
    person = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    reason = TextField()
    recorded_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    at = InstantField()

    class Meta:
        indexes = ((("log", "side"), True),)


class HandoverHold(Table):
    """No handover while something serious goes on, until it is lifted (Art. 11, 21)."""

    log = ForeignKeyField(ShiftLog, backref="holds", on_delete="RESTRICT")
    reason = TextField()
    held_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    held_at = InstantField()
    lifted_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    lifted_at = InstantField(null=True)
    outcome = TextField(default="")


class HandoverOverride(Table):
    """A higher leader's word that one blocker is to block no more, with the reason (Art. 23)."""

    handover = ForeignKeyField(Handover, backref="overrides", on_delete="RESTRICT")
    article = IntegerField()
    code = CharField(max_length=32)
    subject = CharField(max_length=48)
    text = CharField(max_length=200)
    reason = TextField()
    overridden_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    at = InstantField()

    class Meta:
        indexes = ((("handover", "code", "subject"), True),)


class Addendum(Table):
    """A late addition to a sealed log (Art. 25, 33), on a chain of its own that starts from the log's digest.

    Every column but the row's own number is under the hash.
    """

    log = ForeignKeyField(ShiftLog, backref="addenda", on_delete="RESTRICT")
    sequence = IntegerField()
    at = InstantField()
    author = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    text = TextField()
    previous = CharField(max_length=64)
    hash = CharField(max_length=64)

    class Meta:
        indexes = ((("log", "sequence"), True),)


class ResponsibilityCase(Table):
    """Who answers for a problem found after a handover (Art. 25): the answer, its evidence, and what was decided."""

    log = ForeignKeyField(ShiftLog, backref="cases", on_delete="RESTRICT")
    problem = TextField()
    words = CharField(max_length=120, default="")
    asked_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    asked_at = InstantField()
    digest = CharField(max_length=64)
    verdict = CharField(max_length=16)
    evidence = JsonField(default=list)
    decision = CharField(max_length=16, default="")
    decision_reason = TextField(default="")
    decided_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    decided_at = InstantField(null=True)


class Objection(Table):
    """A side's word against an answer, once for each side, with its reason (Art. 25)."""

    case = ForeignKeyField(ResponsibilityCase, backref="objections", on_delete="RESTRICT")
    side = CharField(max_length=16)
    person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    reason = TextField()
    at = InstantField()

    class Meta:
        indexes = ((("case", "side"), True),)


class FigureKindChange(Table):
    """A centre's own kind of daily figure, or its word that one is no longer counted, from a civil day on (Art. 8)."""

    code = CharField(max_length=32)
    label = CharField(max_length=80)
    label_en = CharField(max_length=80, default="")
    unit = CharField(max_length=16, default="")
    unit_en = CharField(max_length=16, default="")
    decimals = IntegerField(default=0)
    bound = CharField(max_length=16, default="none")
    # Exact decimal text, like every value of a figure.
    target = CharField(max_length=24, default="0")
    retired = BooleanField(default=False)
    effective_from = DateField()
    set_by = CharField(max_length=32)
    set_at = InstantField()

    class Meta:
        indexes = ((("code", "effective_from"), True),)


class FigureEntry(Table):
    """A shift's value for one kind of figure (Art. 8). A correction is a row of its own with a reason: the newest counts."""

    log = ForeignKeyField(ShiftLog, backref="figures", on_delete="RESTRICT")
    kind = CharField(max_length=32)
    version = IntegerField(default=1)
    value = CharField(max_length=24)
    reason = CharField(max_length=200, default="")
    # The file it was imported from; empty when it was typed in.
    source = CharField(max_length=120, default="")
    entered_at = InstantField()
    entered_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")

    class Meta:
        indexes = ((("log", "kind", "version"), True),)


class LinkChange(Table):
    """A centre's own link to spot-check, or its word that one is no longer checked, from a civil day on (Art. 7)."""

    code = CharField(max_length=32)
    label = CharField(max_length=80)
    label_en = CharField(max_length=80, default="")
    retired = BooleanField(default=False)
    effective_from = DateField()
    set_by = CharField(max_length=32)
    set_at = InstantField()

    class Meta:
        indexes = ((("code", "effective_from"), True),)


class SpotCheck(Table):
    """One look at one link on one day (Art. 7); a link may be checked as often as it is worth."""

    date = DateField()
    link = CharField(max_length=32)
    checked_at = InstantField()
    checked_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    person = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    result = CharField(max_length=16)
    found = CharField(max_length=500, default="")
    informed = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    informed_at = InstantField(null=True)
    entered_at = InstantField()

    class Meta:
        indexes = ((("date",), False),)


class DoorEvent(Table):
    """One read at a door, as the kiosk's journal recorded it. Every column is under the hash."""

    kiosk = CharField(max_length=32)
    sequence = IntegerField()
    at = InstantField()
    reader = CharField(max_length=32)
    direction = CharField(max_length=4)
    badge = CharField(max_length=80)
    person_id = IntegerField(null=True)
    visit_id = IntegerField(null=True)
    duty_id = IntegerField(null=True)
    escort_id = IntegerField(null=True)
    code = CharField(max_length=48)
    outcome = CharField(max_length=16)
    article = IntegerField()
    reason = CharField(max_length=32)
    findings = JsonField()
    evidence = JsonField()
    limits_version = CharField(max_length=16)
    snapshot_version = IntegerField()
    previous = CharField(max_length=64)
    hash = CharField(max_length=64)
    marks = JsonField(default=list)
    uptime_ms = BigIntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("kiosk", "sequence")
        indexes = ((("at",), False), (("person_id", "at"), False), (("visit_id", "at"), False))


class KioskState(Table):
    """What a kiosk last said of itself: how far its events have arrived, and the health of its parts."""

    kiosk = CharField(max_length=32, primary_key=True)
    seen_at = InstantField()
    sequence = IntegerField(default=0)
    hash = CharField(max_length=64, default="")
    snapshot_version = IntegerField(default=0)
    parts = JsonField(default=dict)
    # A door that is gone for good is missed until then and no longer.
    retired_at = InstantField(null=True)


class KioskOutage(Table):
    """A time in which a kiosk did not run and recorded nobody, as it says itself since it runs again (Art. 33).

    A link that was cut is none: what the kiosk recorded meanwhile arrives later.
    """

    kiosk = CharField(max_length=32)
    from_at = InstantField()
    until_at = InstantField()
    told_at = InstantField()

    class Meta:
        indexes = ((("kiosk", "from_at"), True), (("until_at",), False))


class AttendanceCorrection(Table):
    """A correction of one duty's attendance (Art. 33): asked with reason and proofs, decided by someone else.

    Nothing of it is ever changed but its decision, and the evidence it supersedes stays as it was.
    """

    duty = ForeignKeyField(Duty, backref="corrections", on_delete="RESTRICT")
    asked_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    asked_at = InstantField()
    reason = CharField(max_length=300)
    proofs = JsonField(default=list)
    came_at = InstantField(null=True)
    left_at = InstantField(null=True)
    verdict = CharField(max_length=16, default="")
    state = CharField(max_length=16, default="requested")
    decided_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    decided_at = InstantField(null=True)
    decision_reason = CharField(max_length=300, default="")

    class Meta:
        indexes = ((("state",), False),)
        constraints = (Check("decided_by_id <> asked_by_id OR state = 'withdrawn'", name="another_decides"),)


class AttendanceMonth(Table):
    """A team's month as it was submitted (Art. 34): frozen. A restatement is a row of its own with its reason.

    ``content`` is the whole sheet, ``summary`` what it adds up to (exact numbers as text), ``changes`` what a
    restatement changed.
    """

    team = ForeignKeyField(Team, backref="months", on_delete="RESTRICT")
    month = CharField(max_length=7)
    version = IntegerField(default=1)
    submitted_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    submitted_at = InstantField()
    reason = CharField(max_length=300, default="")
    content = TextField()
    digest = CharField(max_length=64)
    summary = JsonField(default=dict)
    changes = JsonField(default=list)
    limits_version = CharField(max_length=16)

    class Meta:
        indexes = ((("team", "month", "version"), True), (("month",), False))


class PunchMapping(Table):
    """How one attendance machine or other system writes its punches: columns, form of the time, words, zone."""

    name = CharField(max_length=32, unique=True)
    format = JsonField()
    set_by = CharField(max_length=32)
    set_at = InstantField()


class PunchImport(Table):
    """A file of punches that was taken over; the audit record of that holds ``digest`` as well."""

    source = CharField(max_length=32)
    file = CharField(max_length=96)
    digest = CharField(max_length=64)
    imported_by = CharField(max_length=32)
    imported_at = InstantField()


class Punch(Table):
    """Someone was seen by an attendance machine (Art. 33). Evidence beside the door's: never changed or removed."""

    source = CharField(max_length=32)
    person = ForeignKeyField(Person, backref="punches", on_delete="RESTRICT")
    at = InstantField()
    direction = CharField(max_length=8)
    brought_by = ForeignKeyField(PunchImport, backref="punches", on_delete="RESTRICT")

    class Meta:
        indexes = (
            (("source", "person", "at", "direction"), True),
            (("person", "at"), False),
            (("at",), False),
        )


class RegisterDefinition(Table):
    """A register of the centre's own, as it was defined from ``set_at`` on; records keep the version they were made by."""

    key = CharField(max_length=32)
    version = IntegerField()
    body = JsonField()
    retired = BooleanField(default=False)
    set_by = CharField(max_length=32)
    set_at = InstantField()

    class Meta:
        indexes = ((("key", "version"), True),)


class RegisterRecord(Table):
    """A line of a register. ``number`` counts within it, ``day`` is the civil day it belongs to.

    ``definition`` is the version of the register it was made by, 0 a ready-made one. An anonymous report has no
    ``reporter``. ``version`` rises with every step. ``folded`` is what its search reads.
    """

    register = CharField(max_length=32)
    number = IntegerField()
    definition = IntegerField(default=0)
    state = CharField(max_length=24)
    article = IntegerField()
    day = DateField()
    about = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT", index=False)
    reporter = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT", index=False)
    opened_at = InstantField()
    due_at = InstantField(null=True)
    closed_at = InstantField(null=True)
    values = JsonField()
    folded = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = (
            (("register", "number"), True),
            # Each order that a page is read in, whatever narrows it.
            (("register", "day", "id"), False),
            (("register", "state", "day", "id"), False),
            (("register", "article", "day", "id"), False),
            (("about", "register", "day", "id"), False),
            (("reporter", "register"), False),
            (("register", "due_at"), False),
        )


class RegisterStepTaken(Table):
    """One step of a record, never changed: who took it, when, what it filled, and a note. Nobody took an anonymous one."""

    record = ForeignKeyField(RegisterRecord, backref="steps_taken", on_delete="RESTRICT")
    position = IntegerField()
    step = CharField(max_length=24)
    state = CharField(max_length=24)
    by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    at = InstantField()
    note = CharField(max_length=400, default="")
    values = JsonField()

    class Meta:
        indexes = ((("record", "position"), True),)


class Finding(Table):
    """A breach as a rule found it. ``source`` makes the same finding count once."""

    source = CharField(max_length=96, unique=True)
    code = CharField(max_length=48)
    article = IntegerField()
    at = InstantField()
    person = ForeignKeyField(Person, null=True, backref="findings", on_delete="RESTRICT")
    duty = ForeignKeyField(Duty, null=True, on_delete="RESTRICT")
    evidence = JsonField(default=list)
    details = JsonField(default=dict)
    limits_version = CharField(max_length=16, default="")

    class Meta:
        indexes = ((("at",), False), (("article", "at"), False))


class AuditRecord(Table):
    """Who did what to what, when: one for each operation, in the same transaction. Every column is under the hash."""

    chain = CharField(max_length=32)
    sequence = IntegerField()
    at = InstantField()
    actor = CharField(max_length=48)
    action = CharField(max_length=48)
    subject = CharField(max_length=96)
    detail = JsonField()
    previous = CharField(max_length=64)
    hash = CharField(max_length=64)

    class Meta:
        primary_key = CompositeKey("chain", "sequence")
        # Whoever looks for one actor, action or subject among millions reads the newest page of it and no more.
        indexes = (
            (("at",), False),
            (("actor", "at"), False),
            (("action", "at"), False),
            (("subject", "at"), False),
        )


class AssessmentSent(Table):
    """A month's assessment as it went to the operations department (Art. 3, 44): frozen; what is sent anew is a new row."""

    month = CharField(max_length=7)
    version = IntegerField(default=1)
    sent_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
    sent_at = InstantField()
    content = TextField()
    digest = CharField(max_length=64)
    limits_version = CharField(max_length=16)

    class Meta:
        indexes = ((("month", "version"), True),)


class EarlierPin(Table):
    """A PIN somebody had: the next one must be another (argon2id, as :class:`Credential` keeps it)."""

    person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
    pin_hash = CharField(max_length=200)
    replaced_at = InstantField()


class StrangerTry(Table):
    """Wrong PINs for a work number that nobody has: it rests like a colleague's, so that resting tells nothing.

    ``number`` is a digest: what was typed there may have been somebody's PIN.
    """

    number = CharField(max_length=64, primary_key=True)
    failed_attempts = IntegerField(default=0)
    locked_until = InstantField()


class Notification(Table):
    """News for a person or for everyone in a role; what waits for a decision stays until it is answered.

    ``source`` makes news that falls due by itself count once, however many desks see it fall due.
    """

    at = InstantField()
    kind = CharField(max_length=32)
    subject = CharField(max_length=96)
    role = CharField(max_length=32, default="")
    person = ForeignKeyField(Person, null=True, on_delete="CASCADE")
    details = JsonField(default=dict)
    answered_at = InstantField(null=True)
    source = CharField(max_length=96, null=True, unique=True)

    class Meta:
        indexes = ((("answered_at",), False), (("subject",), False))


class Printing(Table):
    """A daily log that left the printer: a second copy of the same day carries a reprint mark."""

    date = DateField()
    printed_at = InstantField()
    printed_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    medium = CharField(max_length=16)
    digest = CharField(max_length=64)

    class Meta:
        indexes = ((("date",), False),)


class PrintJob(Table):
    """A daily log on its way to a printer; its document lies on ``machine`` until the job has ended.

    ``claimed_by`` holds the job until ``claimed_until``: whoever else looks meanwhile leaves it alone, so that a
    job is sent once. ``remote_job`` is the printer's own number for it, known before the document is sent.
    """

    date = DateField()
    log = ForeignKeyField(ShiftLog, null=True, backref="print_jobs", on_delete="RESTRICT")
    printer = CharField(max_length=200)
    machine = CharField(max_length=64)
    document = TextField()
    digest = CharField(max_length=64, default="")
    reprint = BooleanField(default=False)
    automatic = BooleanField(default=False)
    language = CharField(max_length=8)
    state = CharField(max_length=16, default="queued")
    why = CharField(max_length=32, default="")
    detail = CharField(max_length=200, default="")
    remote_job = IntegerField(null=True)
    attempts = IntegerField(default=0)
    requested_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
    requested_at = InstantField()
    updated_at = InstantField()
    next_try_at = InstantField()
    claimed_by = CharField(max_length=64, default="")
    claimed_until = InstantField(null=True)

    class Meta:
        indexes = ((("state",), False), (("date", "digest"), False))


class SealingKey(Table):
    """A key that confidential text is sealed with (Art. 32): its number, never the key. One is current."""

    number = CharField(max_length=16, primary_key=True)
    current = BooleanField(default=True)
    since = InstantField()
    set_by = CharField(max_length=32)


class DirectoryNumber(Table):
    """A confidential number of the machine room (Art. 28): shown masked, revealed by role or name, with a reason.

    ``sealed`` holds the number and the note under the cipher; ``readers`` is as for an entry.
    """

    name = CharField(max_length=80)
    masked = CharField(max_length=64)
    readers = JsonField(default=dict)
    sealed = TextField(default="")
    set_by = CharField(max_length=32)
    set_at = InstantField()
    retired_at = InstantField(null=True)

    class Meta:
        indexes = ((("name",), False),)


class BackupRun(Table):
    """A backup that was made or has failed, or the restore this centre comes from (``kind``).

    ``failure`` is a code, empty for what went well; ``digest`` names the content of the backup.
    """

    kind = CharField(max_length=16)
    at = InstantField()
    asked_by = CharField(max_length=48)
    file = CharField(max_length=255, default="")
    folder = CharField(max_length=255, default="")
    size_bytes = BigIntegerField(default=0)
    row_count = BigIntegerField(default=0)
    digest = CharField(max_length=64, default="")
    failure = CharField(max_length=16, default="")
    detail = CharField(max_length=200, default="")

    class Meta:
        indexes = ((("kind", "at"), False),)


class ChangeCounter(Table):
    """One row that every write raises: the version a snapshot of the centre is known by."""

    id = AutoField(constraints=[SQL("CHECK (id = 1)")])
    version = IntegerField(default=0)


TABLES: tuple[type[Table], ...] = (
    Centre,
    LimitChange,
    Team,
    Seat,
    Person,
    Credential,
    Badge,
    BadgeLoan,
    ShiftType,
    ShiftSeason,
    DayKindChange,
    RotationPattern,
    RotationUse,
    RosterMonth,
    Duty,
    DraftDuty,
    RosterPublishing,
    Swap,
    SwapLeg,
    SwapParty,
    Delegation,
    LeaveRequest,
    LeaveStep,
    LeaveDuty,
    LeaveGrant,
    DemandChange,
    Wish,
    Unavailability,
    Skill,
    PersonSkill,
    DutyPin,
    ReasonChange,
    Visit,
    OccupancyReset,
    SeatLeave,
    ShiftLog,
    LogEntry,
    EntryVersion,
    EntryTemplate,
    OpenItem,
    SearchDocument,
    Handover,
    HandoverAsset,
    CheckLine,
    Relief,
    FigureKindChange,
    FigureEntry,
    LinkChange,
    SpotCheck,
    StandIn,
    NoShow,
    HandoverHold,
    HandoverOverride,
    Addendum,
    ResponsibilityCase,
    Objection,
    DoorEvent,
    KioskState,
    KioskOutage,
    AttendanceCorrection,
    AttendanceMonth,
    PunchMapping,
    PunchImport,
    Punch,
    RegisterDefinition,
    RegisterRecord,
    RegisterStepTaken,
    Finding,
    AuditRecord,
    AssessmentSent,
    EarlierPin,
    StrangerTry,
    Notification,
    Printing,
    PrintJob,
    SealingKey,
    DirectoryNumber,
    BackupRun,
    ChangeCounter,
)
