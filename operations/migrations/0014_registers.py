"""Registers: their lines, every step of each, and the registers that a centre defines itself.

A frozen copy that stays as it is when the models move on.
"""

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, Model, TextField

from models import InstantField, JsonField


def up(_migrator, db):
    """Create the tables."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class RegisterDefinition(Model):
        key = CharField(max_length=32)
        version = IntegerField()
        body = JsonField()
        retired = BooleanField(default=False)
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            database = db
            table_name = "register_definition"
            indexes = ((("key", "version"), True),)

    class RegisterRecord(Model):
        register = CharField(max_length=32)
        number = IntegerField()
        definition = IntegerField(default=0)
        state = CharField(max_length=24)
        article = IntegerField()
        day = DateField()
        about = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT", index=False)
        reporter = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT", index=False)
        opened_at = InstantField()
        due_at = InstantField(null=True)
        closed_at = InstantField(null=True)
        values = JsonField()
        folded = TextField(default="")
        version = IntegerField(default=1)

        class Meta:
            database = db
            table_name = "register_record"
            indexes = (
                (("register", "number"), True),
                (("register", "day", "id"), False),
                (("register", "state", "day", "id"), False),
                (("register", "article", "day", "id"), False),
                (("about", "register", "day", "id"), False),
                (("reporter", "register"), False),
                (("register", "due_at"), False),
            )

    class RegisterStepTaken(Model):
        record = ForeignKeyField(RegisterRecord, backref="steps_taken", on_delete="RESTRICT")
        position = IntegerField()
        step = CharField(max_length=24)
        state = CharField(max_length=24)
        by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        at = InstantField()
        note = CharField(max_length=400, default="")
        values = JsonField()

        class Meta:
            database = db
            table_name = "register_step_taken"
            indexes = ((("record", "position"), True),)

    db.create_tables([RegisterDefinition, RegisterRecord, RegisterStepTaken])
