"""Backups that were made or failed, and the restore a centre comes from.

A frozen copy that stays as it is when the models move on.
"""

from peewee import BigIntegerField, CharField, Model

from models import InstantField


def up(_migrator, db):
    """Create the table."""

    class BackupRun(Model):
        kind = CharField(max_length=16)
        at = InstantField()
        asked_by = CharField(max_length=48)
        file = CharField(max_length=255, default="")
        folder = CharField(max_length=255, default="")
        size_bytes = BigIntegerField(default=0)
        row_count = BigIntegerField(default=0)
        digest = CharField(max_length=64, default="")
        failure = CharField(max_length=16, default="")
        detail = CharField(max_length=200, default="")

        class Meta:
            database = db
            table_name = "backup_run"
            indexes = ((("kind", "at"), False),)

    db.create_tables([BackupRun])
