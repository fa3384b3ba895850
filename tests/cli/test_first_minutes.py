"""A new machine: setting up, and every way the home and its settings can be wrong."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import Zhiban, command, environment

SET_UP = (
    "setup",
    "--name",
    "城东客服中心",
    "--teams",
    "甲，乙 丙、丁",
    "--leader-number",
    "1000",
    "--leader-name",
    "吴刚",
)


def settings(zhiban: Zhiban, text: str) -> None:
    zhiban.home.mkdir()
    (zhiban.home / "settings.toml").write_text(text, encoding="utf-8")


def test_an_empty_home_is_set_up_and_then_knows_its_people_and_its_day(zhiban: Zhiban) -> None:
    assert zhiban("people", "list").refused("has not been set up", "zhiban setup")
    made = zhiban(*SET_UP, "--leader-pin", "8264")
    assert (made.code, made.error) == (0, "")
    people = json.loads(zhiban("people", "list", "--json").out)
    assert [(p["work_number"], p["name"], p["role"]) for p in people] == [
        ("1000", "吴刚", "senior_shift_leader")
    ]
    today = json.loads(zhiban("today", "--json").out)
    assert (today["centre"], today["time_zone"], today["shift"]) == ("城东客服中心", "Asia/Shanghai", None)
    assert zhiban(*SET_UP, "--leader-pin", "8264").refused("already holds a centre")


def test_the_home_and_its_database_are_private_to_their_owner(zhiban: Zhiban) -> None:
    zhiban(*SET_UP, "--leader-pin", "8264")
    assert zhiban.home.stat().st_mode & 0o077 == 0
    assert (zhiban.home / "centre.db").stat().st_mode & 0o077 == 0
    states = {c["name"]: c["state"] for c in json.loads(zhiban("doctor", "--json").out)}
    assert states["modes"] == states["database"] == states["migrations"] == states["centre"] == "ok"
    zhiban.home.chmod(0o755)
    (zhiban.home / "centre.db").chmod(0o644)
    examined = zhiban("doctor")
    assert examined.code == 1
    assert f"✗ Others on this machine can read {zhiban.home}" in examined.out


def test_without_a_terminal_a_missing_answer_names_its_option(zhiban: Zhiban) -> None:
    assert zhiban(*SET_UP).refused("--leader-pin", code=2)
    assert zhiban("setup").refused("--name", code=2)


def test_a_plain_pin_is_refused_and_nothing_is_set_up(zhiban: Zhiban) -> None:
    assert zhiban(*SET_UP, "--leader-pin", "1111").refused("too easy to guess")
    assert zhiban("people", "list").refused("has not been set up")


def test_the_desk_without_a_terminal_says_what_to_do(zhiban: Zhiban) -> None:
    for arguments in ((), ("desk",)):
        assert zhiban(*arguments).refused("needs a terminal", "zhiban demo")


def test_broken_toml_is_named_with_its_line(zhiban: Zhiban) -> None:
    settings(zhiban, "[desk\n")
    assert zhiban("today").refused("settings.toml is not valid TOML", "line 1", "nothing was changed")
    examined = zhiban("doctor")
    assert examined.code == 1
    assert "✗" in examined.out


def test_an_unknown_key_is_named_with_its_section(zhiban: Zhiban) -> None:
    settings(zhiban, "[desk]\nidle_lock = 3\n")
    assert zhiban("today").refused("settings.toml", "desk.idle_lock")


def test_a_home_below_a_file_is_refused(zhiban: Zhiban, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert zhiban("today", "--home", str(tmp_path / "file" / "home")).refused("Not a directory", "--home")


def test_a_database_that_is_none_is_refused(zhiban: Zhiban) -> None:
    zhiban.home.mkdir(mode=0o700)
    (zhiban.home / "centre.db").write_bytes(b"this is no database, and long enough to be looked at" * 100)
    assert zhiban("today").refused("damaged", "backup")
    assert zhiban("doctor").code == 1


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_home_may_stand_before_or_after_the_command(zhiban: Zhiban, tmp_path: Path, place: str) -> None:
    other = ("--home", str(tmp_path / "other"))
    zhiban(*other, "limits") if place == "before" else zhiban("limits", *other)
    assert (tmp_path / "other").is_dir()
    assert not zhiban.home.exists()


def test_the_settings_choose_the_language_and_the_option_overrides_it(zhiban: Zhiban) -> None:
    settings(zhiban, 'language = "zh_CN"\n')
    assert "第" in zhiban("regulation", "20").out or "出入" in zhiban("regulation", "20").out
    assert "No entry without reason" in zhiban("regulation", "20", "--lang", "en").out


def test_what_is_typed_wrongly_is_said_in_a_sentence_and_ends_with_two(zhiban: Zhiban) -> None:
    for arguments, word in (
        (("nope",), "nope"),
        (("today", "--nope"), "There is no option --nope"),
        (("scan",), "BADGE is missing"),
        (("--lang", "fr", "today"), "--lang"),
        (("findings", "--article", "45"), "--article"),
    ):
        assert zhiban(*arguments).refused(word, "--help", code=2), arguments


def test_a_reader_of_the_output_that_goes_away_is_no_news(zhiban: Zhiban) -> None:
    unread, written = os.pipe()
    os.close(unread)
    assert complaint(zhiban, written) == ""


def test_an_output_without_room_is_said_in_a_sentence(zhiban: Zhiban) -> None:
    error = complaint(zhiban, os.open("/dev/full", os.O_WRONLY))
    assert error == "The system refused: No space left on device.\nRun zhiban doctor.\n"


def complaint(zhiban: Zhiban, output: int) -> str:
    """What a command says on stderr whose output cannot be written."""
    with os.fdopen(output, "wb") as out:
        done = subprocess.run(
            command("regulation"),
            stdout=out,
            stderr=subprocess.PIPE,
            env=environment(zhiban.home),
            check=False,
        )
    assert done.returncode != 0
    return done.stderr.decode()


def test_the_help_speaks_the_language_of_the_locale(zhiban: Zhiban) -> None:
    chinese, english = zhiban("--help", language="zh_CN").out, zhiban("--help").out
    assert "选项" in chinese
    assert "值班台" in chinese
    assert "Options" in english
    assert "show this help" in english
