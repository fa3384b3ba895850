"""Art. 32: the keys of confidential text: copied, kept on paper, changed for a new one, whatever stops in between."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from operations import cipher, doctor, keys, readings, store, verify
from operations.boundary import SYSTEM
from operations.cipher import Key
from operations.errors import Conflict, Invalid
from operations.recovery_code import LETTERS, key_of_recovery, recovery_lines
from settings import open_home
from tests.centre import NOW, Built, build_centre
from tests.operations.acts import LEADER, audit_actions, entry

SECRETS = 5


def sealed_texts(built: Built) -> list[int]:
    return [entry(built, f"密件 {n}", confidential=True, open_item=True) for n in range(SECRETS)]


def all_readable(built: Built, written: list[int]) -> bool:
    leader = built.actors[LEADER]
    told = [readings.read_confidential(leader, NOW, "entry", key) for key in written]
    texts = [(t.versions[0].entry.text, t.items[0].item.title) for t in told]
    return texts == [(f"密件 {n}", f"密件 {n}") for n in range(SECRETS)]


def key_path() -> Path:
    path = cipher.key_file()
    assert path is not None
    return path


# --- paper and copies ---------------------------------------------------------------------------------------


@given(st.binary(min_size=32, max_size=32))
def test_a_recovery_code_gives_the_key_back_however_it_is_typed(secret: bytes) -> None:
    key = Key.of(secret)
    lines = recovery_lines(key)
    assert [len(line) for line in lines] == [19] * 4
    assert key_of_recovery("\n".join(lines)) == key
    assert (
        key_of_recovery("-".join(lines).lower().replace(" ", "").replace("0", "o").replace("1", "l")) == key
    )


@given(st.binary(min_size=32, max_size=32), st.integers(0, 63), st.integers(1, 31))
def test_a_slip_in_a_recovery_code_is_found_on_its_line(secret: bytes, at: int, by: int) -> None:
    letters = "".join(recovery_lines(Key.of(secret))).replace(" ", "")
    wrong = LETTERS[(LETTERS.index(letters[at]) + by) % 32]
    slipped = letters[:at] + wrong + letters[at + 1 :]
    try:
        key_of_recovery(slipped)
    except Invalid as refused:
        assert f"line {at // 16 + 1}" in refused.message  # noqa: PT017  one slip in 32768 goes unnoticed
    else:
        assert key_of_recovery(slipped).secret != secret


def test_a_copy_of_the_key_file_opens_the_text_on_another_desk(centre: Built, tmp_path: Path) -> None:
    written = sealed_texts(centre)
    copy = tmp_path / "copy.key"
    assert keys.export_keys(SYSTEM, NOW, copy) == 1
    assert copy.stat().st_mode & 0o777 == 0o600
    text = copy.read_text()
    key_path().unlink()
    assert not all_readable(centre, written)
    keys.import_keys(SYSTEM, NOW, text)
    assert all_readable(centre, written)
    assert key_path().stat().st_mode & 0o777 == 0o600
    with pytest.raises(Invalid, match="there already"):
        keys.export_keys(SYSTEM, NOW, copy)


def test_a_desk_with_a_key_of_its_own_reads_and_writes_after_it_was_brought_the_centres(
    centre: Built, tmp_path: Path
) -> None:
    written = sealed_texts(centre)
    keys.export_keys(SYSTEM, NOW, tmp_path / "copy.key")
    cipher.use_key_file(tmp_path / "other.key")
    own = cipher.new_key()
    cipher.keep_keys({own.number: own})
    assert not all_readable(centre, written)
    with pytest.raises(cipher.NoKey):
        entry(centre, "密件", confidential=True)
    keys.import_keys(SYSTEM, NOW, (tmp_path / "copy.key").read_text())
    assert all_readable(centre, written)
    assert entry(centre, "密件", confidential=True)
    assert {row.number: row.texts for row in keys.key_rows(SYSTEM, NOW)}[own.number] == 0


def test_the_paper_copy_opens_the_text_again(sqlite_centre: Built) -> None:
    written = sealed_texts(sqlite_centre)
    ((number, lines),) = keys.recovery_sheet(SYSTEM, NOW).items()
    key_path().write_text("spoiled")
    assert not all_readable(sqlite_centre, written)
    assert keys.import_keys(SYSTEM, NOW, "\n".join(lines)) == (number,)
    assert all_readable(sqlite_centre, written)


def test_a_key_that_no_text_is_under_is_not_taken(sqlite_centre: Built) -> None:
    sealed_texts(sqlite_centre)
    strange = "\n".join(recovery_lines(cipher.new_key()))
    for wrong in (strange, "{}", '{"zhiban_keys": 9, "keys": []}', "ABCD"):
        with pytest.raises(Invalid):
            keys.import_keys(SYSTEM, NOW, wrong)
    assert len(cipher.keys()) == 1


def test_no_key_shows_in_a_list_or_in_the_audit_chain(sqlite_centre: Built) -> None:
    sealed_texts(sqlite_centre)
    (row,) = keys.key_rows(SYSTEM, NOW)
    assert (row.current, row.here, row.texts) == (True, True, 2 * SECRETS)
    keys.recovery_sheet(SYSTEM, NOW)
    held = json.loads(key_path().read_text())["keys"][0]["key"]
    audit = store.read(lambda: repr([r.detail for r in models.AuditRecord.select()]))
    assert held not in audit + repr(row)


def test_the_doctor_says_when_the_key_is_not_here(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    built = build_centre(tmp_path)

    def look() -> tuple[str, bool]:
        check = next(c for c in doctor.check_database(home, NOW) if c.name == "key")
        return check.state, bool(check.next_step)

    sealed_texts(built)
    assert look() == ("ok", False)
    home.key_file.chmod(0o644)
    assert look() == ("fault", True)
    home.key_file.unlink()
    assert look() == ("warning", True)


# --- rotation -----------------------------------------------------------------------------------------------


def test_a_rotation_brings_every_text_under_a_new_key_and_lets_the_old_one_go(centre: Built) -> None:
    written = sealed_texts(centre)
    (old,) = cipher.keys()
    new = keys.rotate_key(SYSTEM, NOW)
    assert list(cipher.keys()) == [new]
    assert new != old
    assert [(row.number, row.current, row.texts) for row in keys.key_rows(SYSTEM, NOW)] == [
        (new, True, 2 * SECRETS)
    ]
    assert all_readable(centre, written)
    assert verify.verify(SYSTEM, NOW).breaks == ()
    assert entry(centre, "新密件", confidential=True)


def test_a_rotation_in_small_steps_reaches_every_text(
    sqlite_centre: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BATCH", 3)
    written = sealed_texts(sqlite_centre)
    told: list[int] = []
    keys.rotate_key(SYSTEM, NOW, told.append)
    assert told == [3, 6, 9, 10]
    assert all_readable(sqlite_centre, written)


def test_two_rotations_at_once_are_refused(centre: Built) -> None:
    sealed_texts(centre)
    refused: list[str] = []

    def again(_done: int) -> None:
        import threading

        def other() -> None:
            try:
                keys.rotate_key(SYSTEM, NOW)
            except Conflict as error:
                refused.append(error.message)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()

    keys.rotate_key(SYSTEM, NOW, again)
    assert refused == ["Another rotation of the key is running."]


def test_a_text_that_cannot_be_opened_keeps_the_old_key(sqlite_centre: Built) -> None:
    written = sealed_texts(sqlite_centre)
    table = models.LogEntry
    good = store.read(lambda: table.get_by_id(written[0]).sealed)
    bad = good[:-6] + ("AAAAAA" if good[-6:] != "AAAAAA" else "BBBBBB")
    store.write(table.update(sealed=bad).where(table.id == written[0]).execute)
    with pytest.raises(cipher.Tampered):
        keys.rotate_key(SYSTEM, NOW)
    assert len(cipher.keys()) == 2
    store.write(table.update(sealed=good).where(table.id == written[0]).execute)
    keys.rotate_key(SYSTEM, NOW)
    assert len(cipher.keys()) == 1
    assert all_readable(sqlite_centre, written)


# The process rotates in steps of three and is gone, without a word, at the n-th thing it makes lasting.
ROTATES = """
import os, sys
from datetime import datetime
from operations import cipher, keys, store
from operations.boundary import SYSTEM
url, key_file, at, now = sys.argv[1], sys.argv[2], int(sys.argv[3]), datetime.fromisoformat(sys.argv[4])
from pathlib import Path
store.open_database(url, key_file=Path(key_file))
keys.BATCH = 3
left = [at]
def stops(function, before):
    def counted(*args, **kwargs):
        if before:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), 9)
        result = function(*args, **kwargs)
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), 9)
        return result
    return counted
cipher.write_private = stops(cipher.write_private, True)
for name in ("begin_rotation", "reseal_some", "end_rotation"):
    setattr(keys, name, stops(getattr(keys, name), False))
keys.rotate_key(SYSTEM, now)
"""
# Before and after the new key is in the file, after it is the centre's, amid the texts, before and after the old one goes.
QUICK = (2, 5, 10)
LONG = (
    pytest.mark.soak,
    pytest.mark.skipif(not os.environ.get("ZHIBAN_SOAK"), reason="the long form runs under `make soak`"),
)
POINTS = [n if n in QUICK else pytest.param(n, marks=LONG) for n in range(1, 12)]


@pytest.mark.parametrize("at", POINTS)
def test_art32_a_rotation_that_is_killed_leaves_everything_readable_and_is_finished_by_the_next(
    sqlite_centre: Built, at: int
) -> None:
    written = sealed_texts(sqlite_centre)
    (old,) = cipher.keys()
    arguments = (sqlite_centre.url, str(key_path()), str(at), NOW.isoformat())
    done = subprocess.run(
        [sys.executable, "-c", ROTATES, *arguments],
        cwd=Path(__file__).parents[2],
        env=dict(os.environ),
        check=False,
    )
    assert done.returncode == -9
    assert all_readable(sqlite_centre, written)
    assert verify.verify(SYSTEM, NOW).holds
    new = keys.rotate_key(SYSTEM, NOW)
    assert list(cipher.keys()) == [new]
    assert new != old
    assert all_readable(sqlite_centre, written)
    assert audit_actions().count("begin_rotation") >= 1
