"""Attendance: outages of the doors, corrections, submitted months; signatures are looked up by time.

A frozen copy that stays as it is when the models move on.
"""

from peewee import CharField, Check, ForeignKeyField, IntegerField, Model, TextField

from models import InstantField, JsonField


def up(migrator, db):
    """Create the tables and the indexes."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class Team(Model):
        class Meta:
            database = db
            table_name = "team"

    class Duty(Model):
        class Meta:
            database = db
            table_name = "duty"

    class KioskOutage(Model):
        kiosk = CharField(max_length=32)
        from_at = InstantField()
        until_at = InstantField()
        told_at = InstantField()

        class Meta:
            database = db
            table_name = "kiosk_outage"
            indexes = ((("kiosk", "from_at"), True), (("until_at",), False))

    class AttendanceCorrection(Model):
        duty = ForeignKeyField(Duty, backref="+", on_delete="RESTRICT")
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
            database = db
            table_name = "attendance_correction"
            indexes = ((("state",), False),)
            constraints = (
                Check("decided_by_id <> asked_by_id OR state = 'withdrawn'", name="another_decides"),
            )

    class AttendanceMonth(Model):
        team = ForeignKeyField(Team, backref="+", on_delete="RESTRICT")
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
            database = db
            table_name = "attendance_month"
            indexes = ((("team", "month", "version"), True), (("month",), False))

    db.create_tables([KioskOutage, AttendanceCorrection, AttendanceMonth])
    migrator.migrate(
        migrator.add_column("kiosk_state", "retired_at", InstantField(null=True)),
        migrator.add_index("handover", ("signed_out_at",), False),
        migrator.add_index("handover", ("signed_in_at",), False),
    )
