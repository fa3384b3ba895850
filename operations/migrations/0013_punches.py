"""Punches of attendance machines: how each writes them, the files taken over, and what they say.

A frozen copy that stays as it is when the models move on.
"""

from peewee import CharField, ForeignKeyField, Model

from models import InstantField, JsonField


def up(_migrator, db):
    """Create the tables."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class PunchMapping(Model):
        name = CharField(max_length=32, unique=True)
        format = JsonField()
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            database = db
            table_name = "punch_mapping"

    class PunchImport(Model):
        source = CharField(max_length=32)
        file = CharField(max_length=96)
        digest = CharField(max_length=64)
        imported_by = CharField(max_length=32)
        imported_at = InstantField()

        class Meta:
            database = db
            table_name = "punch_import"

    class Punch(Model):
        source = CharField(max_length=32)
        person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        at = InstantField()
        direction = CharField(max_length=8)
        brought_by = ForeignKeyField(PunchImport, backref="+", on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "punch"
            indexes = (
                (("source", "person", "at", "direction"), True),
                (("person", "at"), False),
                (("at",), False),
            )

    db.create_tables([PunchMapping, PunchImport, Punch])
