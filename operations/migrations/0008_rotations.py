"""Seasons of shifts, the centre's own days, its own rotations, and which team works which from when.

A frozen copy that stays as it is when the models move on.
"""

from peewee import BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, Model

from models import InstantField, JsonField


def up(_migrator, db):
    """Create the tables."""

    class ShiftType(Model):
        class Meta:
            database = db
            table_name = "shift_type"

    class Team(Model):
        class Meta:
            database = db
            table_name = "team"

    class ShiftSeason(Model):
        shift_type = ForeignKeyField(ShiftType, backref="+", on_delete="RESTRICT")
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
            database = db
            table_name = "shift_season"
            indexes = ((("shift_type", "code", "effective_from"), True),)

    class DayKindChange(Model):
        date = DateField(primary_key=True)
        kind = CharField(max_length=24)
        name = CharField(max_length=40, default="")
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            database = db
            table_name = "day_kind_change"

    class RotationPattern(Model):
        code = CharField(max_length=32, unique=True)
        name = CharField(max_length=80)
        pattern = JsonField()
        offsets = JsonField()
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            database = db
            table_name = "rotation_pattern"

    class RotationUse(Model):
        team = ForeignKeyField(Team, null=True, backref="+", on_delete="RESTRICT")
        rotation = CharField(max_length=32, default="")
        pattern = JsonField(default=list)
        anchor = DateField()
        place = IntegerField(default=0)
        working_days = BooleanField(default=False)
        effective_from = DateField()
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            database = db
            table_name = "rotation_use"
            indexes = ((("team", "effective_from"), True),)

    db.create_tables([ShiftSeason, DayKindChange, RotationPattern, RotationUse])
