"""Confidential text under the cipher (Art. 31, 32): who may read it, the sealed words, the keys, the directory.

A frozen copy that stays as it is when the models move on. What was written as confidential before is sealed here.
"""

import json
from datetime import UTC, datetime

from peewee import BooleanField, CharField, Model, TextField

from models import InstantField, JsonField
from operations import cipher
from operations.errors import StoreError
from operations.search_index import empty_index, fill_index

ENTRY_WORDS = ("text", "asset", "department", "told_whom", "outcome")
VERSION_WORDS = ("text", "asset", "department", "attachments")
ITEM_WORDS = ("title", "outcome", "reason", "next_step")


def up(migrator, db):
    """Add columns and tables, and seal what is there."""

    class SealingKey(Model):
        number = CharField(max_length=16, primary_key=True)
        current = BooleanField(default=True)
        since = InstantField()
        set_by = CharField(max_length=32)

        class Meta:
            database = db
            table_name = "sealing_key"

    class DirectoryNumber(Model):
        name = CharField(max_length=80)
        masked = CharField(max_length=64)
        readers = JsonField(default=dict)
        sealed = TextField(default="")
        set_by = CharField(max_length=32)
        set_at = InstantField()
        retired_at = InstantField(null=True)

        class Meta:
            database = db
            table_name = "directory_number"
            indexes = ((("name",), False),)

    migrator.migrate(
        migrator.add_column("log_entry", "readers", JsonField(default=dict)),
        migrator.add_column("log_entry", "sealed", TextField(default="")),
        migrator.add_column("entry_version", "sealed", TextField(default="")),
        migrator.add_column("open_item", "sealed", TextField(default="")),
    )
    db.create_tables([SealingKey, DirectoryNumber])
    entries = [row[0] for row in _all(db, "SELECT id FROM log_entry WHERE confidential ORDER BY id")]
    if not entries:
        return
    key = _key()
    SealingKey.create(number=key.number, current=True, since=datetime.now(UTC), set_by="system")
    for entry in entries:
        _seal_entry(db, key, entry)
    # The line of the joint check about such an item carried its title.
    db.execute_sql(
        "UPDATE check_line SET label = '[confidential]' WHERE subject IN (SELECT 'item:' || i.id"
        " FROM open_item i JOIN log_entry e ON e.id = i.entry_id WHERE e.confidential)"
    )
    empty_index(db)
    fill_index(db)


def _key():
    if not cipher.keys():
        if cipher.key_file() is None:
            raise StoreError(
                "The log holds confidential text, and no key file is set to seal it.",
                next_step="Name one in [confidential] key_file of the settings.",
            )
        key = cipher.new_key()
        cipher.keep_keys({key.number: key})
    return next(reversed(cipher.keys().values()))


def _seal_entry(db, key, entry):
    row = _all(db, f"SELECT {', '.join(ENTRY_WORDS)}, attachments FROM log_entry WHERE id = {entry}")[0]
    words = dict(zip(ENTRY_WORDS, row, strict=False)) | {"attachments": json.loads(row[-1]), "readers": {}}
    blanks = ", ".join(f"{name} = ''" for name in ENTRY_WORDS) + ", attachments = '[]'"
    _write(db, key, "log_entry", entry, words, blanks)
    for version, content, reason in _all(
        db, f"SELECT id, content, reason FROM entry_version WHERE entry_id = {entry}"
    ):
        said = json.loads(content)
        hidden = {name: said.pop(name) for name in VERSION_WORDS}
        _write(db, key, "entry_version", version, {"content": hidden, "reason": reason}, "reason = ''")
        shown = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        db.execute_sql(f"UPDATE entry_version SET content = {db.param} WHERE id = {version}", (shown,))
    for item, *said in _all(
        db, f"SELECT id, {', '.join(ITEM_WORDS)} FROM open_item WHERE entry_id = {entry}"
    ):
        words = dict(zip(ITEM_WORDS, said, strict=True))
        _write(db, key, "open_item", item, words, ", ".join(f"{name} = ''" for name in ITEM_WORDS))


def _write(db, key, table, row, words, blanks):
    text = json.dumps(words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    sealed = cipher.seal(text, f"{table}:{row}:sealed", key)
    db.execute_sql(f"UPDATE {table} SET {blanks}, sealed = {db.param} WHERE id = {row}", (sealed,))


def _all(db, query):
    return db.execute_sql(query).fetchall()
