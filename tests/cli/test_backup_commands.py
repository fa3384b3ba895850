"""Backup, restore and retention from the command line, in a home that has lived for a shift."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from operations.doctor import check_database, check_home
from settings import open_home
from tests.centre import NOW
from tests.cli.busy import Busy, Typed
from tests.cli.command import Answer, Zhiban
from tests.cli.lived import Lived
from tests.cli.test_json_keys import documented, keys_of


def only(folder: Path) -> Path:
    (file,) = folder.glob("*.zbk")
    return file


def keys(answer: Answer) -> set[str]:
    assert answer.code == 0, answer.error
    found = {key for key in keys_of(json.loads(answer.out)) if not key.startswith("tables.")}
    return {key for key in found if not any(other.startswith((f"{key}.", f"{key}[]")) for other in found)}


def test_a_bare_machine_gets_its_centre_back_with_the_code_from_paper(
    lived: Lived, zhiban: Zhiban, tmp_path: Path
) -> None:
    assert "Written and read back" in zhiban("backup").out
    file, paper = only(zhiban.home / "backups"), zhiban("backup", "key").out
    code = "".join(next(line for line in paper.splitlines() if "AGE-SE" in line).split())
    before = zhiban("verify", "--digest", lived.digest).out
    shutil.move(file, tmp_path / file.name)
    shutil.rmtree(zhiban.home)
    bare = zhiban("restore", str(tmp_path / file.name))
    assert bare.refused("--key", code=2), "nobody can be asked here"
    (tmp_path / "typed").write_text(code)
    came = zhiban("restore", str(tmp_path / file.name), "--key", str(tmp_path / "typed"))
    assert (came.code, came.error) == (0, "")
    assert "is restored as of" in came.out
    assert zhiban("verify", "--digest", lived.digest).out.splitlines()[-1] == before.splitlines()[-1]
    assert zhiban("backup", "key").out.splitlines()[2] == paper.splitlines()[2], "the paper stays good"
    assert "Restored from a backup at" in zhiban("today").out


def test_a_centre_that_is_there_is_replaced_only_when_that_was_said(lived: Lived, zhiban: Zhiban) -> None:
    zhiban("backup")
    file = str(only(zhiban.home / "backups"))
    assert zhiban("restore", file).refused("--yes", code=2)
    assert "What was there is kept as centre.before-" in zhiban("restore", file, "--yes").out


def test_what_the_commands_print_has_the_documented_keys(typed: Typed, busy: Busy) -> None:
    assert keys(typed("backup", "--json")) == documented("backup")
    file = str(only(busy.home / "backups"))
    assert keys(typed("backup", "list", "--json")) == documented("backup list")
    assert keys(typed("backup", "check", file, "--json")) == documented("backup check")
    assert keys(typed("retention", "--dry-run", "--json")) == documented("retention")
    assert keys(typed("restore", file, "--yes", "--json")) == documented("restore")


def test_art32_doctor_names_all_that_others_can_read(typed: Typed, busy: Busy) -> None:
    typed("backup")
    home = open_home(busy.home)
    checks = {check.name: check for check in [*check_home(home), *check_database(home, NOW)]}
    assert (checks["modes"].state, checks["backup"].state) == ("ok", "ok")
    opened = [busy.home / "backup.key", busy.home / "centre.db", only(busy.home / "backups")]
    for path in opened:
        path.chmod(0o644)
    modes = next(check for check in check_home(home) if check.name == "modes")
    assert modes.state == "fault"
    assert [str(path) in modes.text for path in opened] == [True, True, True]
