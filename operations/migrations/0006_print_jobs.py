"""Daily logs on their way to a printer.

A frozen copy that stays as it is when the models move on.
"""

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, Model, TextField

from models import InstantField


def up(_migrator, db):
    """Create the print jobs."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class ShiftLog(Model):
        class Meta:
            database = db
            table_name = "shift_log"

    class PrintJob(Model):
        date = DateField()
        log = ForeignKeyField(ShiftLog, null=True, backref="+", on_delete="RESTRICT")
        printer = CharField(max_length=200)
        machine = CharField(max_length=64)
        document = TextField()
        digest = CharField(max_length=64, default="")
        reprint = BooleanField(default=False)
        automatic = BooleanField(default=False)
        language = CharField(max_length=8)
        state = CharField(max_length=16, default="queued")
        why = CharField(max_length=32, default="")
        detail = CharField(max_length=200, default="")
        remote_job = IntegerField(null=True)
        attempts = IntegerField(default=0)
        requested_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        requested_at = InstantField()
        updated_at = InstantField()
        next_try_at = InstantField()
        claimed_by = CharField(max_length=64, default="")
        claimed_until = InstantField(null=True)

        class Meta:
            database = db
            table_name = "print_job"
            indexes = ((("state",), False), (("date", "digest"), False))

    db.create_tables([PrintJob])
