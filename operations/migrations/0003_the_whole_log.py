"""The log's due times, attachments, versions, templates and counts; decided and escalated items; the search index.

A frozen copy that stays as it is when the models move on. What is in the log already can be found afterwards.
"""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from models import InstantField, JsonField
from operations.search_index import create_index, fill_index


def up(migrator, db):
    """Add columns, tables and the index of words, and fill the index from the entries and items there are."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class ShiftLog(Model):
        class Meta:
            database = db
            table_name = "shift_log"

    class LogEntry(Model):
        class Meta:
            database = db
            table_name = "log_entry"

    migrator.migrate(
        migrator.add_column("log_entry", "due_at", InstantField(null=True)),
        migrator.add_column("log_entry", "department_answered_at", InstantField(null=True)),
        migrator.add_column("log_entry", "attachments", JsonField(default=list)),
        migrator.add_column("log_entry", "confidential", BooleanField(default=False)),
        migrator.add_column("log_entry", "source", CharField(max_length=80, default="")),
        migrator.add_column("log_entry", "count", IntegerField(default=1)),
        migrator.add_column("log_entry", "last_at", InstantField(null=True)),
        migrator.add_column("log_entry", "version", IntegerField(default=1)),
        migrator.add_column(
            "open_item",
            "decided_by_id",
            ForeignKeyField(Person, field=Person.id, null=True, backref="+", on_delete="RESTRICT"),
        ),
        migrator.add_column("open_item", "decided_at", InstantField(null=True)),
        migrator.add_column("open_item", "satisfied", BooleanField(null=True)),
        migrator.add_column("open_item", "escalated_at", InstantField(null=True)),
    )

    class EntryVersion(Model):
        entry = ForeignKeyField(LogEntry, backref="+", on_delete="RESTRICT")
        version = IntegerField()
        content = JsonField()
        replaced_at = InstantField()
        replaced_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        reason = CharField(max_length=200)

        class Meta:
            database = db
            table_name = "entry_version"
            indexes = ((("entry", "version"), True),)

    class EntryTemplate(Model):
        code = CharField(max_length=32, unique=True)
        kind = CharField(max_length=24)
        title = CharField(max_length=40)
        text = TextField(default="")
        defaults = JsonField(default=dict)
        retired = BooleanField(default=False)
        set_by = CharField(max_length=32)
        set_at = InstantField()

        class Meta:
            database = db
            table_name = "entry_template"

    class SearchDocument(Model):
        id = BigIntegerField(primary_key=True)
        subject = CharField(max_length=16)
        subject_id = IntegerField()
        log = ForeignKeyField(ShiftLog, backref="+", on_delete="CASCADE")
        kind = CharField(max_length=24, default="")
        state = CharField(max_length=16, default="")
        person = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        confidential = BooleanField(default=False)
        text = TextField()
        folded = TextField()

        class Meta:
            database = db
            table_name = "search_document"
            indexes = ((("subject", "subject_id"), True),)

    db.create_tables([EntryVersion, EntryTemplate, SearchDocument])
    create_index(db)
    fill_index(db, addenda=False)
