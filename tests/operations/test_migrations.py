"""A centre of an older version keeps what it has when it moves on."""

from __future__ import annotations

import models
from operations import store

BEFORE = "0002_the_door_whole"
AT = "2026-11-23T14:00:00.000000Z"


def test_a_handover_and_its_reliefs_of_before_are_whole_after_the_migration(empty_url: str) -> None:
    from playhouse.migrations import Runner

    store.open_database(empty_url)
    with store.connected():
        Runner(models.database.obj, str(store.MIGRATIONS)).up(BEFORE)
        for statement in AN_OLD_HANDOVER:
            models.database.execute_sql(statement)
    store.migrate()
    assert store.schema_differences() == ""

    def moved_on() -> None:
        (relief,) = models.Relief.select()
        assert (relief.incoming_person_id, relief.way) == (2, "signature")
        (line,) = models.CheckLine.select()
        assert (line.subject, line.version, line.checked_by_id) == ("", 0, None)
        models.Relief.update(handover=None).execute()
        models.Handover.update(incoming=None).execute()
        assert models.Handover.get().alone_reason == ""

    store.write(moved_on)
    if not store.is_postgresql():
        checked = store.read(lambda: models.database.execute_sql("PRAGMA integrity_check").fetchone())
        assert checked == ("ok",)


_DUTY = "shift_type_id, date, starts_at, ends_at, post, origin, roster_version, state, leave_kind"
_HANDOVER = "id, outgoing_id, incoming_id, started_at, started_by_id, cutoff_at"
_LINE = "id, handover_id, position, area, label, value, note, reported_to"
AN_OLD_HANDOVER = (
    "INSERT INTO person (id, work_number, name, role, status) VALUES (1, '1', 'a', 'operator', 'active')",
    "INSERT INTO person (id, work_number, name, role, status) VALUES (2, '2', 'b', 'operator', 'active')",
    "INSERT INTO shift_type VALUES (1, 'night', 'n', 'n', 'n', 1320, 480, TRUE, 0)",
    *(
        f"INSERT INTO duty (id, person_id, {_DUTY}) VALUES"
        f" ({n}, {n}, 1, '2026-11-2{n}', '{AT}', '2026-11-29T00:00:00.000000Z', 'operator', 'manual', 0, 'due', '')"
        for n in (1, 2)
    ),
    *(
        "INSERT INTO shift_log (id, date, shift_type_id, starts_at, ends_at, state, sealed_content, digest)"
        f" VALUES ({n}, '2026-11-2{n}', 1, '{AT}', '{AT}', 'open', '', '')"
        for n in (1, 2)
    ),
    f"INSERT INTO handover ({_HANDOVER}) VALUES (1, 1, 2, '{AT}', 1, '{AT}')",
    f"INSERT INTO check_line ({_LINE}) VALUES (1, 1, 0, 'log', 'x', 'unchecked', '', '')",
    f"INSERT INTO relief (id, handover_id, outgoing_duty_id, incoming_duty_id, at) VALUES (1, 1, 1, 2, '{AT}')",
)
