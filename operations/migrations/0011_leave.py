"""Leave: requests, decisions, what leave takes of duties, days granted; and who stands in for an absent approver.

A frozen copy that stays as it is when the models move on.
"""

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, Model

from models import InstantField


def up(_migrator, db):
    """Create the tables."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class Duty(Model):
        class Meta:
            database = db
            table_name = "duty"

    class Delegation(Model):
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
            database = db
            table_name = "delegation"
            indexes = ((("last_day", "first_day"), False),)
            constraints = (
                Check("last_day >= first_day", name="delegation_ends_after_start"),
                Check("absent_id <> delegate_id", name="delegate_is_another"),
            )

    class LeaveRequest(Model):
        person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
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
        closed_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        closed_at = InstantField(null=True)
        closing_reason = CharField(max_length=200, default="")

        class Meta:
            database = db
            table_name = "leave_request"
            indexes = (
                (("person", "first_day"), False),
                (("state", "begins_at"), False),
                (("first_day", "last_day"), False),
            )
            constraints = (Check("last_day >= first_day", name="leave_ends_after_start"),)

    class LeaveStep(Model):
        request = ForeignKeyField(LeaveRequest, backref="+", on_delete="RESTRICT")
        position = IntegerField()
        decider = CharField(max_length=32)
        article = IntegerField()
        approved = BooleanField()
        decided_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        decided_at = InstantField()
        reason = CharField(max_length=200, default="")
        delegation = ForeignKeyField(Delegation, null=True, backref="+", on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "leave_step"
            indexes = ((("request", "position"), True),)

    class LeaveDuty(Model):
        request = ForeignKeyField(LeaveRequest, backref="+", on_delete="RESTRICT")
        date = DateField()
        duty = ForeignKeyField(Duty, null=True, backref="+", on_delete="RESTRICT")
        part = CharField(max_length=24, default="1")
        starts_at = InstantField()
        ends_at = InstantField()
        from_at = InstantField()
        until_at = InstantField()

        class Meta:
            database = db
            table_name = "leave_duty"
            indexes = ((("date",), False),)
            constraints = (Check("until_at > from_at", name="leave_piece_ends_after_start"),)

    class LeaveGrant(Model):
        person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
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
            database = db
            table_name = "leave_grant"
            indexes = ((("person", "kind", "last_day"), False),)
            constraints = (Check("last_day >= first_day", name="grant_ends_after_start"),)

    db.create_tables([Delegation, LeaveRequest, LeaveStep, LeaveDuty, LeaveGrant])
