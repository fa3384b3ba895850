"""Since when somebody is here, and from when the watch judges what the registers hold.

A frozen copy that stays as it is when the models move on.
"""

from datetime import UTC, datetime

from peewee import Model

from models import InstantField


def up(migrator, db):
    """Add the columns; whoever works here already has the time to sign that a newcomer has."""

    class Centre(Model):
        registers_from = InstantField(null=True)

        class Meta:
            database = db
            table_name = "centre"

    migrator.migrate(
        migrator.add_column("centre", "registers_from", InstantField(null=True)),
        migrator.add_column("person", "entered_at", InstantField(null=True)),
    )
    Centre.update(registers_from=datetime.now(UTC)).execute()
