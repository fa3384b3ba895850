"""``zhiban roster import`` and ``zhiban roster export``, as they are typed."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.busy import Typed
from tests.cli.test_json_keys import documented, keys_of

FILE = "work_number,date,shift\n1017,2026-12-10,early\n1021,2026-12-10,夜班\n"
WIDE = "2026年12月排班\n工号,姓名,10,11,12\n1017,陈静,早,晚,\n1099,无名,早,,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "十二月.csv"
    found.write_text(FILE, encoding="utf-8")
    return found


def planned(typed: Typed) -> list[str]:
    return typed("roster", "export", "2026-12", "--draft", "--csv", "-").out.splitlines()[1:]


def test_a_file_is_looked_at_planned_and_published(typed: Typed, file: Path) -> None:
    looked = typed("roster", "import", str(file), "--dry-run")
    assert (looked.code, looked.error) == (0, "")
    assert looked.out.splitlines() == [
        "C2: 陈静(1017) 2026-12-10 free day → early shift",
        "C3: 刘洋(1021) 2026-12-10 free day → night shift",
        "2 days changed, 0 as before, 0 mistakes",
        "Nothing was changed.",
    ]
    assert planned(typed) == []
    done = typed("roster", "import", str(file), "--as", "1003")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Planned from 十二月.csv.")
    assert planned(typed) == ["1017,2026-12-10,early", "1021,2026-12-10,night"]
    assert typed("roster", "export", "2026-12", "--csv", "-").out == "work_number,date,shift\r\n"
    again = typed("roster", "import", str(file), "--as", "1003", "--publish")
    assert again.out.splitlines() == ["0 days changed, 2 as before, 0 mistakes", "2 days published."]
    assert len(typed("roster", "export", "2026-12", "--csv", "-").out.splitlines()) == 3
    assert typed("roster", "import", str(file), "--as", "1003", "--publish").code == 0


def test_mistakes_are_named_by_cell_and_nothing_is_planned_unless_they_are_left_out(
    typed: Typed, file: Path
) -> None:
    file.write_bytes(WIDE.encode("gb18030"))
    refused = typed("roster", "import", str(file), "--as", "1003")
    assert refused.refused("The file has 2 mistakes; nothing was imported.", "--skip-errors")
    assert "✗ D3: “晚” is no shift of this centre" in refused.out
    assert "✗ A4: Nobody is called 1099 here." in refused.out
    assert planned(typed) == []
    assert typed("roster", "import", str(file), "--as", "1003", "--skip-errors").code == 0
    assert planned(typed) == ["1017,2026-12-10,early"]


def test_the_json_of_both_has_exactly_the_documented_keys(typed: Typed, file: Path, tmp_path: Path) -> None:
    file.write_text(WIDE, encoding="utf-8")
    refused = typed("roster", "import", str(file), "--json")
    answer = json.loads(refused.out)
    assert (refused.code, answer["imported"], answer["published"]) == (1, False, 0)
    found = set(keys_of(answer))
    assert found - {"changes", "problems"} == documented("roster import")
    files = ("--xlsx", "r.xlsx", "--csv", "r.csv", "--wide-csv", "w.csv", "--pdf", "r.pdf", "--ics", "phones")
    places = [part if part.startswith("-") else str(tmp_path / part) for part in files]
    answer = json.loads(typed("roster", "export", "2026-11", *places, "--team", "甲", "--json").out)
    assert set(keys_of(answer)) == documented("roster export")
    assert (answer["people"], answer["duties"], len(answer["files"])) == (4, 16, 8)
    assert {stat.S_IMODE(Path(name).stat().st_mode) for name in answer["files"]} == {0o600}


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("export", "2026-11"), "say what to write", 2),
        (("export", "2026-13", "--csv", "-"), "MONTH", 2),
        (("export", "2026-11", "--pdf", "x.pdf", "--paper", "A5"), "choose A3 or A4", 2),
        (("export", "2026-11", "--ics", "x", "--draft"), "only what is published", 2),
        (("export", "2026-11", "--csv", "-", "--json"), "choose one of them", 2),
        (("export", "2026-11", "--csv", "-", "--team", "丙"), "no team called 丙", 1),
        (("export", "2026-11", "--csv", "/nowhere/x.csv"), "cannot be written to /nowhere/x.csv", 1),
        (("import", "/nowhere/x.csv"), "/nowhere/x.csv cannot be read", 1),
        (("import", "/dev/null"), "no line with 工号", 1),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    typed: Typed, arguments: tuple[str, ...], words: str, code: int
) -> None:
    answer = typed("roster", *arguments)
    assert (answer.code, words in answer.error, "Traceback" in answer.error) == (code, True, False)
