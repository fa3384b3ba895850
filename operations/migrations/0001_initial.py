"""The tables of the first release: a frozen copy that stays as it is when the models move on."""

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from models import InstantField, JsonField


def up(_migrator, db):
    """Create every table."""

    class AuditRecord(Model):
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
            database = db
            table_name = "audit_record"
            primary_key = CompositeKey("chain", "sequence")
            indexes = ((("at",), False), (("subject",), False))

    db.create_tables([AuditRecord])

    class Team(Model):
        code = CharField(unique=True, max_length=16)
        name = CharField(max_length=40)
        position = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "team"

    db.create_tables([Team])

    class Seat(Model):
        number = CharField(unique=True, max_length=8)

        class Meta:
            database = db
            table_name = "seat"

    db.create_tables([Seat])

    class Person(Model):
        work_number = CharField(unique=True, max_length=16)
        name = CharField(max_length=40)
        role = CharField(max_length=32)
        status = CharField(max_length=16, default="active")
        team = ForeignKeyField(Team, null=True, on_delete="RESTRICT", backref="+")
        seat = ForeignKeyField(Seat, null=True, on_delete="RESTRICT", backref="+")

        class Meta:
            database = db
            table_name = "person"

    db.create_tables([Person])

    class Badge(Model):
        badge = CharField(unique=True, max_length=64)
        person = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        label = CharField(max_length=16, default="")
        state = CharField(max_length=16, default="active")
        valid_from = InstantField(null=True)
        valid_until = InstantField(null=True)

        class Meta:
            database = db
            table_name = "badge"

    db.create_tables([Badge])

    class Centre(Model):
        name = CharField(max_length=80)
        time_zone = CharField(max_length=64)
        created_at = InstantField()

        class Meta:
            database = db
            table_name = "centre"

    db.create_tables([Centre])

    class ChangeCounter(Model):
        id = AutoField(constraints=[SQL("CHECK (id = 1)")])
        version = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "change_counter"

    db.create_tables([ChangeCounter])

    class ShiftType(Model):
        code = CharField(unique=True, max_length=16)
        name = CharField(max_length=20)
        name_en = CharField(max_length=20)
        short = CharField(max_length=4)
        start_minute = IntegerField(constraints=[Check("start_minute BETWEEN 0 AND 1439")])
        duration_minutes = IntegerField(constraints=[Check("duration_minutes BETWEEN 1 AND 1440")])
        hands_over = BooleanField(default=True)
        position = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "shift_type"

    db.create_tables([ShiftType])

    class ShiftLog(Model):
        date = DateField()
        shift_type = ForeignKeyField(ShiftType, on_delete="RESTRICT", backref="+")
        team = ForeignKeyField(Team, null=True, on_delete="RESTRICT", backref="+")
        starts_at = InstantField()
        ends_at = InstantField()
        state = CharField(max_length=16, default="open")
        frozen_at = InstantField(null=True)
        sealed_at = InstantField(null=True)
        sealed_content = TextField(default="")
        digest = CharField(max_length=64, default="")

        class Meta:
            database = db
            table_name = "shift_log"
            indexes = ((("date", "shift_type"), True), (("starts_at",), False))

    db.create_tables([ShiftLog])

    class Handover(Model):
        outgoing = ForeignKeyField(ShiftLog, unique=True, on_delete="RESTRICT", backref="+")
        incoming = ForeignKeyField(ShiftLog, unique=True, on_delete="RESTRICT", backref="+")
        started_at = InstantField()
        started_by = ForeignKeyField(Person, on_delete="RESTRICT", backref="+")
        cutoff_at = InstantField()
        signed_out_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        signed_out_at = InstantField(null=True)
        signed_in_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        signed_in_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "handover"
            constraints = (Check("signed_in_by_id <> signed_out_by_id", name="two_people_sign"),)

    db.create_tables([Handover])

    class Visit(Model):
        request_key = CharField(unique=True, max_length=64)
        visitor = CharField(max_length=40)
        unit = CharField(max_length=80, default="")
        phone = CharField(max_length=32, default="")
        person = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        reason = CharField(max_length=32)
        reference = CharField(max_length=80, default="")
        sponsor = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        badge = ForeignKeyField(Badge, null=True, on_delete="RESTRICT", backref="+")
        state = CharField(max_length=16, default="requested")
        starts_at = InstantField()
        ends_at = InstantField()
        requested_at = InstantField()
        requested_from = CharField(max_length=32)
        decided_at = InstantField(null=True)
        decided_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        note = CharField(max_length=200, default="")
        escort = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        entered_at = InstantField(null=True)
        left_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "visit"
            indexes = ((("state",), False), (("ends_at",), False))

    db.create_tables([Visit])

    class CheckLine(Model):
        handover = ForeignKeyField(Handover, on_delete="RESTRICT", backref="+")
        position = IntegerField()
        area = CharField(max_length=16)
        label = CharField(max_length=120)
        visit = ForeignKeyField(Visit, null=True, on_delete="RESTRICT", backref="+")
        value = CharField(max_length=16, default="unchecked")
        note = TextField(default="")
        reported_to = CharField(max_length=80, default="")
        reported_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "check_line"

    db.create_tables([CheckLine])

    class Credential(Model):
        person = ForeignKeyField(Person, primary_key=True, on_delete="CASCADE", backref="+")
        pin_hash = CharField(max_length=200)
        must_change = BooleanField(default=True)
        failed_attempts = IntegerField(default=0)
        locked_until = InstantField(null=True)
        changed_at = InstantField()

        class Meta:
            database = db
            table_name = "credential"

    db.create_tables([Credential])

    class DoorEvent(Model):
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

        class Meta:
            database = db
            table_name = "door_event"
            primary_key = CompositeKey("kiosk", "sequence")
            indexes = ((("at",), False), (("person_id", "at"), False), (("visit_id", "at"), False))

    db.create_tables([DoorEvent])

    class Duty(Model):
        person = ForeignKeyField(Person, on_delete="RESTRICT", backref="+")
        shift_type = ForeignKeyField(ShiftType, on_delete="RESTRICT", backref="+")
        team = ForeignKeyField(Team, null=True, on_delete="RESTRICT", backref="+")
        seat = ForeignKeyField(Seat, null=True, on_delete="RESTRICT", backref="+")
        date = DateField()
        starts_at = InstantField()
        ends_at = InstantField()
        post = CharField(max_length=16, default="operator")
        origin = CharField(max_length=16, default="manual")
        roster_version = IntegerField(default=0)
        state = CharField(max_length=16, default="due")
        leave_kind = CharField(max_length=16, default="")
        relieved_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "duty"
            constraints = (Check("ends_at > starts_at", name="duty_ends_after_start"),)
            indexes = (
                (("date", "shift_type"), False),
                (("person", "starts_at"), False),
                (("ends_at",), False),
            )

    db.create_tables([Duty])

    class Finding(Model):
        source = CharField(unique=True, max_length=96)
        code = CharField(max_length=48)
        article = IntegerField()
        at = InstantField()
        person = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        duty = ForeignKeyField(Duty, null=True, on_delete="RESTRICT", backref="+")
        evidence = JsonField(default=list)
        details = JsonField(default=dict)
        limits_version = CharField(max_length=16, default="")

        class Meta:
            database = db
            table_name = "finding"
            indexes = ((("at",), False), (("article", "at"), False))

    db.create_tables([Finding])

    class KioskState(Model):
        kiosk = CharField(primary_key=True, max_length=32)
        seen_at = InstantField()
        sequence = IntegerField(default=0)
        hash = CharField(max_length=64, default="")
        snapshot_version = IntegerField(default=0)
        parts = JsonField(default=dict)

        class Meta:
            database = db
            table_name = "kiosk_state"

    db.create_tables([KioskState])

    class LimitChange(Model):
        name = CharField(max_length=64)
        value = IntegerField()
        effective_from = DateField()
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            database = db
            table_name = "limit_change"
            indexes = ((("name", "effective_from"), True),)

    db.create_tables([LimitChange])

    class LogEntry(Model):
        log = ForeignKeyField(ShiftLog, on_delete="RESTRICT", backref="+")
        kind = CharField(max_length=24)
        happened_at = InstantField()
        entered_at = InstantField()
        author = ForeignKeyField(Person, on_delete="RESTRICT", backref="+")
        seat = CharField(max_length=8, default="")
        text = TextField()
        asset = CharField(max_length=80, default="")
        department = CharField(max_length=80, default="")
        vip = BooleanField(default=False)
        told_whom = CharField(max_length=80, default="")
        told_at = InstantField(null=True)
        outcome = TextField(default="")

        class Meta:
            database = db
            table_name = "log_entry"

    db.create_tables([LogEntry])

    class Notification(Model):
        at = InstantField()
        kind = CharField(max_length=32)
        subject = CharField(max_length=96)
        role = CharField(max_length=32, default="")
        person = ForeignKeyField(Person, null=True, on_delete="CASCADE", backref="+")
        details = JsonField(default=dict)
        answered_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "notification"
            indexes = ((("answered_at",), False), (("subject",), False))

    db.create_tables([Notification])

    class OpenItem(Model):
        log = ForeignKeyField(ShiftLog, on_delete="RESTRICT", backref="+")
        entry = ForeignKeyField(LogEntry, null=True, on_delete="RESTRICT", backref="+")
        carried_from = ForeignKeyField("self", unique=True, null=True, on_delete="RESTRICT", backref="+")
        title = CharField(max_length=200)
        owner = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        vip = BooleanField(default=False)
        opened_at = InstantField()
        due_at = InstantField(null=True)
        state = CharField(max_length=16, default="open")
        outcome = TextField(default="")
        reason = TextField(default="")
        next_step = TextField(default="")
        closed_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "open_item"

    db.create_tables([OpenItem])

    class Printing(Model):
        date = DateField()
        printed_at = InstantField()
        printed_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT", backref="+")
        medium = CharField(max_length=16)
        digest = CharField(max_length=64)

        class Meta:
            database = db
            table_name = "printing"
            indexes = ((("date",), False),)

    db.create_tables([Printing])

    class Relief(Model):
        handover = ForeignKeyField(Handover, on_delete="RESTRICT", backref="+")
        outgoing_duty = ForeignKeyField(Duty, unique=True, on_delete="RESTRICT", backref="+")
        incoming_duty = ForeignKeyField(Duty, null=True, on_delete="RESTRICT", backref="+")
        at = InstantField()

        class Meta:
            database = db
            table_name = "relief"

    db.create_tables([Relief])

    class RosterMonth(Model):
        month = CharField(primary_key=True, max_length=7)
        version = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "roster_month"

    db.create_tables([RosterMonth])

    class SeatLeave(Model):
        person = ForeignKeyField(Person, on_delete="RESTRICT", backref="+")
        duty = ForeignKeyField(Duty, null=True, on_delete="RESTRICT", backref="+")
        reason = CharField(max_length=80)
        from_at = InstantField()
        back_by = InstantField()
        approved_by = ForeignKeyField(Person, on_delete="RESTRICT", backref="+")
        returned_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "seat_leave"
            indexes = ((("from_at",), False),)

    db.create_tables([SeatLeave])
