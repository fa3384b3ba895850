"""Assessments that were sent, PINs that were replaced, tries for numbers nobody has; the audit records looked up.

A frozen copy that stays as it is when the models move on.
"""

from peewee import CharField, ForeignKeyField, IntegerField, Model, TextField

from models import InstantField


def up(migrator, db):
    """Create the tables and the indexes."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class AssessmentSent(Model):
        month = CharField(max_length=7)
        version = IntegerField(default=1)
        sent_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        sent_at = InstantField()
        content = TextField()
        digest = CharField(max_length=64)
        limits_version = CharField(max_length=16)

        class Meta:
            database = db
            table_name = "assessment_sent"
            indexes = ((("month", "version"), True),)

    class EarlierPin(Model):
        person = ForeignKeyField(Person, backref="+", on_delete="CASCADE")
        pin_hash = CharField(max_length=200)
        replaced_at = InstantField()

        class Meta:
            database = db
            table_name = "earlier_pin"

    class StrangerTry(Model):
        number = CharField(max_length=64, primary_key=True)
        failed_attempts = IntegerField(default=0)
        locked_until = InstantField()

        class Meta:
            database = db
            table_name = "stranger_try"

    db.create_tables([AssessmentSent, EarlierPin, StrangerTry])
    migrator.migrate(
        migrator.drop_index("audit_record", "auditrecord_subject"),
        migrator.add_index("audit_record", ("actor", "at"), False),
        migrator.add_index("audit_record", ("action", "at"), False),
        migrator.add_index("audit_record", ("subject", "at"), False),
    )
