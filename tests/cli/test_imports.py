"""``zhiban punches …`` and ``zhiban people import``, as they are typed."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.busy import Typed
from tests.cli.test_json_keys import documented, keys_of

ATTLOG = "     1017\t2026-11-23 21:45:12\t1\t0\t1\t0\r\n     1021\t2026-11-23 21:51:00\t1\t255\t1\t0\r\n"
PEOPLE = "工号,姓名,岗位,班组,座席\n1050,高翔,话务员,甲,05\n1017,陈静,班长,甲,01\n"


@pytest.fixture
def attlog(tmp_path: Path) -> Path:
    file = tmp_path / "1_attlog.dat"
    file.write_bytes(ATTLOG.encode())
    return file


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "花名册.csv"
    file.write_bytes(PEOPLE.encode("gb18030"))
    return file


def test_punches_are_looked_at_taken_over_and_known_the_second_time(typed: Typed, attlog: Path) -> None:
    looked = typed("punches", "import", str(attlog), "--dry-run")
    assert (looked.code, looked.out.splitlines()) == (
        0,
        [
            "2 punches of 2 people are new, 0 as before, 0 mistakes",
            "read as attlog, from 2026-11-23 21:45 to 2026-11-23 21:51",
            "without in or out: 1; they make nobody absent, and nobody present",
            "Nothing was changed.",
        ],
    )
    done = typed("punches", "import", str(attlog), "--as", "2001")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Imported from 1_attlog.dat.")
    again = typed("punches", "import", str(attlog), "--as", "2001")
    assert again.out.splitlines() == [
        "0 punches of 0 people are new, 2 as before, 0 mistakes",
        "Nothing was changed.",
    ]


def test_a_shift_leader_brings_no_punches(typed: Typed, attlog: Path) -> None:
    assert typed("punches", "import", str(attlog), "--as", "1003").refused("may not import punches")


def test_mistakes_of_punches_are_named_by_line_and_nothing_runs_in_the_terminal(
    typed: Typed, attlog: Path
) -> None:
    attlog.write_bytes(ATTLOG.encode() + b"9999\t2026-11-23 21:45:12\t1\t0\n1017\t\x1b[2J\t1\t0\n" * 60)
    refused = typed("punches", "import", str(attlog), "--as", "2001")
    assert refused.refused("The file has 120 mistakes; nothing was imported.", "--skip-errors")
    assert "✗ line 3: Nobody has the work number 9999." in refused.out
    assert "✗ line 4, 2: “" in refused.out
    assert "… and 70 more" in refused.out
    assert "\x1b" not in refused.out
    assert typed("punches", "import", str(attlog), "--as", "2001", "--skip-errors").code == 0


def test_a_mapping_is_made_used_changed_and_taken_off(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "门禁.csv"
    file.write_text("编号;日期;钟点;进出\n1017;23.11.2026;21:45;Kommen\n", encoding="utf-8")
    made = typed(
        "punches", "map", "east", "--number", "编号", "--at", "日期", "--time", "钟点", "--direction", "进出",
        "--in", "Kommen", "--out", "Gehen", "--form", "%d.%m.%Y %H:%M", "--delimiter", ";", "--as", "2001",
    )  # fmt: skip
    assert (made.code, made.out) == (0, "The mapping east is kept.\n")
    answer = json.loads(typed("punches", "import", str(file), "--mapping", "east", "--dry-run", "--json").out)
    assert [(p["at"], p["direction"]) for p in answer["punches"]] == [("2026-11-23T13:45:00.000000Z", "in")]
    assert typed("punches", "map", "east", "--zone", "Europe/Berlin", "--as", "2001").code == 0
    answer = json.loads(typed("punches", "import", str(file), "--mapping", "east", "--dry-run", "--json").out)
    assert [problem["line"] for problem in answer["problems"]] == [2]  # still ahead of the clock there
    listed = json.loads(typed("punches", "mappings", "--json").out)
    assert set(keys_of(listed)) == documented("punches mappings")
    assert [row["zone"] for row in listed if row["own"]] == ["Europe/Berlin"]
    assert typed("punches", "unmap", "east", "--as", "2001").code == 0
    assert typed("punches", "import", str(file), "--mapping", "east").refused("no mapping called east")


def test_people_are_looked_at_taken_on_and_changed_when_asked(typed: Typed, listed: Path) -> None:
    looked = typed("people", "import", str(listed), "--dry-run")
    assert looked.out.splitlines() == [
        "A2: + 1050 高翔, operator, 甲, 05",
        "C3: 陈静(1017) role operator → shift leader",
        "1 new, 1 stand otherwise here, 0 as before, 0 mistakes",
        "Those who are here stay as they are; --update changes them.",
        "Nothing was changed.",
    ]
    assert typed("people", "import", str(listed), "--as", "3001").code == 0
    assert typed("people", "import", str(listed)).out.splitlines()[-1] == "Nothing was changed."
    roles = {row["work_number"]: row["role"] for row in json.loads(typed("people", "list", "--json").out)}
    assert (roles["1050"], roles["1017"]) == ("operator", "operator")
    assert typed("people", "import", str(listed), "--update").code == 0
    roles = {row["work_number"]: row["role"] for row in json.loads(typed("people", "list", "--json").out)}
    assert roles["1017"] == "shift_leader"


def test_the_json_of_both_has_exactly_the_documented_keys(typed: Typed, attlog: Path, listed: Path) -> None:
    attlog.write_bytes(ATTLOG.encode() + b"broken\n")
    answer = json.loads(typed("punches", "import", str(attlog), "--json").out)
    assert set(keys_of(answer)) - {"punches", "problems"} == documented("punches import")
    assert answer["imported"] is False
    listed.write_text(PEOPLE + "1099,无,国王,,\n", encoding="utf-8")
    answer = json.loads(typed("people", "import", str(listed), "--json").out)
    assert set(keys_of(answer)) - {"newcomers", "changes", "problems"} == documented("people import")


@pytest.mark.parametrize("group", ["punches", "people"])
def test_a_file_that_cannot_be_read_says_so(typed: Typed, group: str) -> None:
    assert typed(group, "import", "/nowhere/x.csv").refused("/nowhere/x.csv cannot be read")


def test_the_attendance_sheet_goes_into_excel_and_onto_paper(typed: Typed, tmp_path: Path) -> None:
    files = [tmp_path / "考勤.xlsx", tmp_path / "考勤.pdf"]
    done = typed("attendance", "2026-11", "--xlsx", str(files[0]), "--pdf", str(files[1]), "--paper", "a3")
    assert (done.code, done.out.splitlines()) == (0, [f"Written to {file}" for file in files])
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert typed("attendance", "2026-11", "--team", "甲", "--pdf", str(files[1])).code == 0
    assert typed("attendance", "2026-11", "--pdf", str(files[1]), "--paper", "A5").code == 2
    assert typed("attendance", "2026-11", "--pdf", str(files[1]), "--json").code == 2
    assert "had no duties" in typed("attendance", "2025-01", "--pdf", str(files[1])).out
