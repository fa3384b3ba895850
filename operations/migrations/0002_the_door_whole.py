"""Temporary badges, dated reasons, occupancy resets, slips for visits approved at a door, marked door events.

A frozen copy that stays as it is when the models move on.
"""

from peewee import BigIntegerField, BooleanField, CharField, DateField, ForeignKeyField, Model

from models import InstantField, JsonField


def up(migrator, db):
    """Add the columns and tables of the whole door; a badge nobody holds is a visitor badge."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class Visit(Model):
        class Meta:
            database = db
            table_name = "visit"

    class Badge(Model):
        person = ForeignKeyField(Person, null=True, backref="+")
        kind = CharField(max_length=16, default="own")

        class Meta:
            database = db
            table_name = "badge"

    migrator.migrate(
        migrator.add_column("badge", "kind", CharField(max_length=16, default="own")),
        migrator.add_column("credential", "duress_hash", CharField(max_length=200, default="")),
        migrator.add_column("door_event", "marks", JsonField(default=list)),
        migrator.add_column("door_event", "uptime_ms", BigIntegerField(default=0)),
        migrator.add_column("visit", "job_title", CharField(max_length=40, default="")),
        migrator.add_column("visit", "carried", CharField(max_length=120, default="")),
    )
    Badge.update(kind="visitor").where(Badge.person.is_null()).execute()

    class BadgeLoan(Model):
        badge = ForeignKeyField(Badge, backref="+", on_delete="RESTRICT")
        person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        reason = CharField(max_length=80, default="")
        lent_at = InstantField()
        due_at = InstantField()
        lent_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        returned_at = InstantField(null=True)
        returned_to = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        flagged_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "badge_loan"
            indexes = ((("returned_at",), False),)

    class ReasonChange(Model):
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
            database = db
            table_name = "reason_change"
            indexes = ((("code", "effective_from"), True),)

    class OccupancyReset(Model):
        at = InstantField()
        person = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        visit = ForeignKeyField(Visit, null=True, backref="+", on_delete="RESTRICT")
        reason = CharField(max_length=200)
        reset_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "occupancy_reset"
            indexes = ((("at",), False),)

    db.create_tables([BadgeLoan, ReasonChange, OccupancyReset])
