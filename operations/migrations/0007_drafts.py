"""Drafts of the roster, what each publication changed, and the duty that a swapped one stands for.

A frozen copy that stays as it is when the models move on.
"""

from peewee import CharField, DateField, ForeignKeyField, Model

from models import InstantField, JsonField


def up(migrator, db):
    """Add the column and create the tables."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class ShiftType(Model):
        class Meta:
            database = db
            table_name = "shift_type"

    class Duty(Model):
        class Meta:
            database = db
            table_name = "duty"

    migrator.migrate(
        migrator.add_column(
            "duty",
            "replaces_id",
            ForeignKeyField(Duty, field=Duty.id, null=True, backref="+", on_delete="RESTRICT"),
        ),
    )

    class DraftDuty(Model):
        person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        date = DateField()
        shift_type = ForeignKeyField(ShiftType, null=True, backref="+", on_delete="RESTRICT")
        origin = CharField(max_length=16, default="manual")
        planned_by = CharField(max_length=32)
        planned_at = InstantField()

        class Meta:
            database = db
            table_name = "draft_duty"
            indexes = ((("person", "date"), True), (("date",), False))

    class RosterPublishing(Model):
        first_day = DateField()
        last_day = DateField()
        published_by = CharField(max_length=32)
        published_at = InstantField()
        changes = JsonField(default=list)

        class Meta:
            database = db
            table_name = "roster_publishing"
            indexes = ((("first_day", "last_day"), False),)

    db.create_tables([DraftDuty, RosterPublishing])
