"""A backup holds the whole centre, encrypted (Art. 32), and comes back on either kind of database, verified."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from operations import backup, people, restore, store
from operations.backup_key import ensure_key, parse_code, recovery_code
from operations.backup_runs import backup_state
from operations.boundary import SYSTEM
from operations.errors import BackupError, Conflict
from operations.verify import verify
from settings import Backup
from tests.centre import NOW, Built
from tests.conftest import forget_database
from tests.operations.backups import audited, backed_up, content, home_of, same_key, silent

LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_backup_comes_back_whole_on_either_kind_of_database(
    centre: Built, into: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = home_of(tmp_path / "old", centre.url)
    made, before = backed_up(source), content()
    url = request.getfixturevalue("empty_postgres") if into == "postgres" else ""
    target = home_of(tmp_path / "new", url)
    same_key(source, target)
    restored = restore.restore_backup(
        LATER, target, made.file, ensure_key(target.folder, LATER), tell=silent
    )
    store.open_database(target.database_url)
    assert content() == before
    assert (restored.breaks, restored.aside) == (0, "")
    assert audited()[-1] == "note_restore"
    assert verify(SYSTEM, LATER).holds
    newcomer = people.NewPerson("1999", "新人", people.Role.OPERATOR)
    assert people.add_person(SYSTEM, LATER, newcomer) > max(centre.ids.values()), "ids are counted on"
