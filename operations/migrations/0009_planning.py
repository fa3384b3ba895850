"""Demand, wishes, unavailability, skills, and days that are pinned.

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

    class ShiftType(Model):
        class Meta:
            database = db
            table_name = "shift_type"

    class DemandChange(Model):
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
            database = db
            table_name = "demand_change"
            indexes = ((("shift_type", "who", "days", "effective_from"), True),)
            constraints = (Check("least >= 0 AND wanted >= least", name="demand_wanted_from_least"),)

    class Wish(Model):
        person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        date = DateField()
        shift_type = ForeignKeyField(ShiftType, null=True, on_delete="RESTRICT", backref="+")
        wanted = BooleanField(default=True)
        weight = IntegerField(default=1, constraints=[Check("weight BETWEEN 1 AND 3")])
        asked_at = InstantField()
        withdrawn_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "wish"
            indexes = ((("date",), False), (("person", "date"), False))

    class Unavailability(Model):
        person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        first_day = DateField()
        last_day = DateField(null=True)
        weekdays = CharField(max_length=7, default="")
        shift_type = ForeignKeyField(ShiftType, null=True, on_delete="RESTRICT", backref="+")
        reason = CharField(max_length=80, default="")
        recorded_by = CharField(max_length=32)
        recorded_at = InstantField()
        withdrawn_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "unavailability"
            indexes = ((("person", "first_day"), False),)

    class Skill(Model):
        code = CharField(max_length=32, unique=True)
        label = CharField(max_length=80)
        label_en = CharField(max_length=80, default="")

        class Meta:
            database = db
            table_name = "skill"

    class PersonSkill(Model):
        person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        skill = ForeignKeyField(Skill, backref="+", on_delete="CASCADE")
        valid_from = DateField()
        valid_until = DateField(null=True)
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            database = db
            table_name = "person_skill"
            indexes = ((("person", "skill", "valid_from"), True),)

    class DutyPin(Model):
        person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        date = DateField()
        pinned_by = CharField(max_length=32)
        pinned_at = InstantField()

        class Meta:
            database = db
            table_name = "duty_pin"
            indexes = ((("person", "date"), True), (("date",), False))

    db.create_tables([DemandChange, Wish, Unavailability, Skill, PersonSkill, DutyPin])
