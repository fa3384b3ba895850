"""The whole handover: assets, stand-ins, no-shows, holds, overrides, reliefs by hand, addenda, responsibility.

A frozen copy that stays as it is when the models move on.
"""

from peewee import CharField, ForeignKeyField, IntegerField, Model, SqliteDatabase, TextField

from models import InstantField, JsonField


def up(migrator, db):
    """Add the tables and columns; a handover may now wait for its incoming log, a relief for its handover."""

    class Person(Model):
        class Meta:
            database = db
            table_name = "person"

    class ShiftLog(Model):
        class Meta:
            database = db
            table_name = "shift_log"

    class Handover(Model):
        class Meta:
            database = db
            table_name = "handover"

    person = ForeignKeyField(Person, field=Person.id, null=True, on_delete="RESTRICT")
    migrator.migrate(
        migrator.add_column("handover", "alone_reason", TextField(default="")),
        migrator.add_column("check_line", "subject", CharField(max_length=32, default="")),
        migrator.add_column("check_line", "seen", CharField(max_length=64, default="")),
        migrator.add_column("check_line", "version", IntegerField(default=0)),
        migrator.add_column("check_line", "checked_by_id", person),
        migrator.add_column("check_line", "checked_at", InstantField(null=True)),
        migrator.add_column("relief", "incoming_person_id", person),
        migrator.add_column("relief", "assigned_by_id", person),
        migrator.add_column("relief", "way", CharField(max_length=16, default="signature")),
        migrator.drop_index("handover", "handover_incoming_id"),
        migrator.add_index("handover", ("incoming_id",), False),
    )
    db.execute_sql("UPDATE check_line SET subject = 'visit:' || visit_id WHERE visit_id IS NOT NULL")
    # Until now a relief was always the duty rostered for the seat.
    successor = "(SELECT person_id FROM duty WHERE duty.id = relief.incoming_duty_id)"
    db.execute_sql(f"UPDATE relief SET incoming_person_id = {successor}")
    for table, column in (("handover", "incoming_id"), ("relief", "handover_id")):
        _allow_null(migrator, db, table, column)

    class HandoverAsset(Model):
        name = CharField(max_length=80, unique=True)
        area = CharField(max_length=16, default="material")
        position = IntegerField(default=0)
        retired_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "handover_asset"

    class StandIn(Model):
        log = ForeignKeyField(ShiftLog, backref="+", on_delete="RESTRICT")
        person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        instead_of = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        reason = TextField()
        recorded_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        at = InstantField()

        class Meta:
            database = db
            table_name = "stand_in"
            indexes = ((("log", "person"), True),)

    class NoShow(Model):
        log = ForeignKeyField(ShiftLog, backref="+", on_delete="RESTRICT")
        side = CharField(max_length=16)
        person = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        reason = TextField()
        recorded_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        at = InstantField()

        class Meta:
            database = db
            table_name = "no_show"
            indexes = ((("log", "side"), True),)

    class HandoverHold(Model):
        log = ForeignKeyField(ShiftLog, backref="+", on_delete="RESTRICT")
        reason = TextField()
        held_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        held_at = InstantField()
        lifted_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        lifted_at = InstantField(null=True)
        outcome = TextField(default="")

        class Meta:
            database = db
            table_name = "handover_hold"

    class HandoverOverride(Model):
        handover = ForeignKeyField(Handover, backref="+", on_delete="RESTRICT")
        article = IntegerField()
        code = CharField(max_length=32)
        subject = CharField(max_length=48)
        text = CharField(max_length=200)
        reason = TextField()
        overridden_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        at = InstantField()

        class Meta:
            database = db
            table_name = "handover_override"
            indexes = ((("handover", "code", "subject"), True),)

    class Addendum(Model):
        log = ForeignKeyField(ShiftLog, backref="+", on_delete="RESTRICT")
        sequence = IntegerField()
        at = InstantField()
        author = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        text = TextField()
        previous = CharField(max_length=64)
        hash = CharField(max_length=64)

        class Meta:
            database = db
            table_name = "addendum"
            indexes = ((("log", "sequence"), True),)

    class ResponsibilityCase(Model):
        log = ForeignKeyField(ShiftLog, backref="+", on_delete="RESTRICT")
        problem = TextField()
        words = CharField(max_length=120, default="")
        asked_by = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        asked_at = InstantField()
        digest = CharField(max_length=64)
        verdict = CharField(max_length=16)
        evidence = JsonField(default=list)
        decision = CharField(max_length=16, default="")
        decision_reason = TextField(default="")
        decided_by = ForeignKeyField(Person, null=True, backref="+", on_delete="RESTRICT")
        decided_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "responsibility_case"

    class Objection(Model):
        case = ForeignKeyField(ResponsibilityCase, backref="+", on_delete="RESTRICT")
        side = CharField(max_length=16)
        person = ForeignKeyField(Person, backref="+", on_delete="RESTRICT")
        reason = TextField()
        at = InstantField()

        class Meta:
            database = db
            table_name = "objection"
            indexes = ((("case", "side"), True),)

    made = [HandoverAsset, StandIn, NoShow, HandoverHold, HandoverOverride]
    db.create_tables([*made, Addendum, ResponsibilityCase, Objection])


def _allow_null(migrator, db, table, column):
    """Let a column be empty.

    SQLite would have to copy the table, and others refer to its rows; its own way to lift a constraint that no
    stored row depends on is to change the text of the schema.
    """
    if not isinstance(db, SqliteDatabase):
        migrator.migrate(migrator.drop_not_null(table, column))
        return
    (text,) = db.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    strict = f'"{column}" INTEGER NOT NULL'
    if strict not in text:
        raise ValueError(f"{table}.{column} is not what this migration expects")
    (version,) = db.execute_sql("PRAGMA schema_version").fetchone()
    db.execute_sql("PRAGMA writable_schema = ON")
    loose = text.replace(strict, f'"{column}" INTEGER')
    db.execute_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (loose, table))
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = OFF")
