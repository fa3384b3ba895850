"""Swaps and stand-ins: the request, the duties in it, and who agreed.

A frozen copy that stays as it is when the models move on.
"""

from peewee import CharField, Check, ForeignKeyField, IntegerField, Model

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

    class Swap(Model):
        state = CharField(max_length=16, default="asked")
        reason = CharField(max_length=200, default="")
        asked_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        asked_at = InstantField()
        begins_at = InstantField()
        agreed_at = InstantField(null=True)
        decided_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        decided_at = InstantField(null=True)
        decision_reason = CharField(max_length=200, default="")
        closed_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        closed_at = InstantField(null=True)
        closing_reason = CharField(max_length=200, default="")

        class Meta:
            database = db
            table_name = "swap"
            indexes = ((("state", "begins_at"), False), (("begins_at",), False))

    class SwapLeg(Model):
        swap = ForeignKeyField(Swap, backref="+", on_delete="RESTRICT")
        position = IntegerField()
        duty = ForeignKeyField(Duty, backref="+", on_delete="RESTRICT")
        giver = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        taker = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        from_at = InstantField()
        until_at = InstantField()

        class Meta:
            database = db
            table_name = "swap_leg"
            indexes = ((("swap", "position"), True),)
            constraints = (
                Check("until_at > from_at", name="leg_ends_after_start"),
                Check("giver_id <> taker_id", name="leg_changes_hands"),
            )

    class SwapParty(Model):
        swap = ForeignKeyField(Swap, backref="+", on_delete="RESTRICT")
        person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        agreed_at = InstantField(null=True)
        agreed_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        reason = CharField(max_length=200, default="")

        class Meta:
            database = db
            table_name = "swap_party"
            indexes = ((("swap", "person"), True),)

    db.create_tables([Swap, SwapLeg, SwapParty])
