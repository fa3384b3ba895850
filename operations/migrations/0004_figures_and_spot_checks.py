"""Daily figures and spot checks with their dated lists; news that counts once; from when the watch judges.

A frozen copy that stays as it is when the models move on.
"""

from datetime import UTC, datetime

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, Model

from models import InstantField


def up(migrator, db):
    """Add the tables and columns; a centre that is there already is watched from now on, not judged for before."""

    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Centre(Table):
        watched_from = InstantField(null=True)

        class Meta:
            table_name = "centre"

    class Person(Table):
        class Meta:
            table_name = "person"

    class ShiftLog(Table):
        class Meta:
            table_name = "shift_log"

    migrator.migrate(
        migrator.add_column("centre", "watched_from", InstantField(null=True)),
        migrator.add_column("notification", "source", CharField(max_length=96, null=True, unique=True)),
    )
    Centre.update(watched_from=datetime.now(UTC)).execute()

    class FigureKindChange(Table):
        code = CharField(max_length=32)
        label = CharField(max_length=80)
        label_en = CharField(max_length=80, default="")
        unit = CharField(max_length=16, default="")
        unit_en = CharField(max_length=16, default="")
        decimals = IntegerField(default=0)
        bound = CharField(max_length=16, default="none")
        target = CharField(max_length=24, default="0")
        retired = BooleanField(default=False)
        effective_from = DateField()
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            table_name = "figure_kind_change"
            indexes = ((("code", "effective_from"), True),)

    class FigureEntry(Table):
        log = ForeignKeyField(ShiftLog, backref="+", on_delete="RESTRICT")
        kind = CharField(max_length=32)
        version = IntegerField(default=1)
        value = CharField(max_length=24)
        reason = CharField(max_length=200, default="")
        source = CharField(max_length=120, default="")
        entered_at = InstantField()
        entered_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")

        class Meta:
            table_name = "figure_entry"
            indexes = ((("log", "kind", "version"), True),)

    class LinkChange(Table):
        code = CharField(max_length=32)
        label = CharField(max_length=80)
        label_en = CharField(max_length=80, default="")
        retired = BooleanField(default=False)
        effective_from = DateField()
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            table_name = "link_change"
            indexes = ((("code", "effective_from"), True),)

    class SpotCheck(Table):
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
            table_name = "spot_check"
            indexes = ((("date",), False),)

    db.create_tables([FigureKindChange, FigureEntry, LinkChange, SpotCheck])
