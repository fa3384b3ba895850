"""``zhiban figures``, ``zhiban spotchecks`` and ``zhiban watch``, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from operations import figures, store
from operations.boundary import SYSTEM
from tests.centre import TODAY
from tests.cli.busy import AT, Typed
from tests.cli.command import Zhiban
from tests.cli.test_json_keys import documented, keys_of

FILE = '日期,班次,呼入量,20秒接通率\n2026-11-23,早班,"1,385",78.6%\n2026-11-23,夜班,412,91.4%\n'
COLUMN = ("--column", "呼入量=calls_in")


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    file = tmp_path / "话务.csv"
    file.write_text(FILE, encoding="utf-8")
    return file


def values(typed: Typed) -> list[str]:
    shown = json.loads(typed("figures", "show", "2026-11-23", "--json").out)
    return [f["value"] for shift in shown for f in shift["figures"] if f["value"]]


# --- figures ------------------------------------------------------------------------------------------------


def test_figures_are_set_shown_and_corrected_with_a_reason(typed: Typed) -> None:
    done = typed("figures", "set", "today", "night", "calls_in=1,204", "satisfaction=94.9", "--as", "1003")
    assert (done.code, done.out) == (0, "night shift 甲: 2 new values.\n")
    table = typed("figures", "show", "today").out
    assert "94.9 !" in table
    assert "1,204" in table
    assert "night shift 甲: 2 of 9, due 11-24 07:00, not complete yet" in table
    assert "early shift 乙: 0 of 9, due 15:00, late (Art. 8)" in table
    assert typed("figures", "set", "today", "夜班", "calls_in=1300", "--as", "1003").refused(
        "another value needs a reason", "Art. 8"
    )
    again = ("figures", "set", "today", "夜班", "calls_in=1300", "--as", "1003", "--reason", "复核")
    assert typed(*again).code == 0
    assert values(typed) == ["1300", "94.9"]


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("set", "today", "night", "calls_in"), "written like calls_in=1204", 2),
        (("set", "someday", "night", "calls_in=1"), "DATE", 2),
        (("set", "today", "late", "calls_in=1"), "it has: early, night", 1),
        (("set", "today", "night", "nonsense=1"), "no figure nonsense", 1),
        (("set", "today", "night", "calls_in=many"), "“many” is not a number", 1),
        (("kind", "x", "y", "--at-least", "1", "--at-most", "2"), "choose one of them", 2),
    ],
)
def test_what_cannot_be_set_is_said_in_a_sentence(
    typed: Typed, arguments: tuple[str, ...], words: str, code: int
) -> None:
    answer = typed("figures", *arguments, "--as", "1003")
    assert (answer.code, words in answer.error, "Traceback" in answer.error) == (code, True, False)


def test_the_json_of_figures_has_exactly_the_documented_keys(typed: Typed) -> None:
    typed("figures", "set", "today", "night", "calls_in=1", "--as", "1003")
    typed("figures", "set", "today", "night", "calls_in=2", "--as", "1003", "--reason", "x")
    answer = json.loads(typed("figures", "show", "today", "--json").out)
    assert _keys(answer) == documented("figures show")
    assert _keys(json.loads(typed("figures", "kinds", "--json").out)) == documented("figures kinds")


def _keys(answer: object) -> set[str]:
    found = set(keys_of(answer))
    return found - {key for key in found if any(other.startswith(f"{key}[]") for other in found)}


def test_kinds_are_added_and_retired_from_a_day_on(typed: Typed) -> None:
    added = ("figures", "kind", "night_calls", "夜间呼入", "--english", "night calls", "--at-most", "40")
    assert typed(*added, "--from", "2026-11-24", "--as", "2001").code == 0
    assert typed("figures", "retire", "calls_in", "--from", "2026-11-24", "--as", "2001").code == 0
    assert "night calls" not in typed("figures", "kinds").out
    tomorrow = typed("figures", "kinds", "--on", "2026-11-24").out
    assert ("night calls" in tomorrow, "≤ 40" in tomorrow, "calls_in" in tomorrow) == (True, True, False)
    assert typed(*added, "--as", "1003").refused("may not")


# --- import -------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_happen_asks_for_no_pin_and_changes_nothing(
    typed: Typed, exported: Path
) -> None:
    answer = typed("figures", "import", str(exported), "--dry-run", *COLUMN, pin="wrong")
    assert answer.code == 0
    assert "line 2, 呼入量: — → 1385" in answer.out
    assert "4 new, 0 corrected, 0 as before, 0 mistakes" in answer.out.replace("2 new", "4 new")
    assert "Nothing was changed." in answer.out
    assert values(typed) == []


def test_a_file_is_imported_once_however_often_it_is_given(typed: Typed, exported: Path) -> None:
    mapping = (*COLUMN, "--column", "20秒接通率=answered_20s", "--save-mapping")
    done = typed("figures", "import", str(exported), *mapping, "--as", "1003")
    assert (done.code, "Imported from 话务.csv." in done.out) == (0, True)
    assert values(typed) == ["1385", "78.6", "412", "91.4"]
    again = typed("figures", "import", str(exported), "--as", "1003")
    assert "0 new, 0 corrected, 4 as before, 0 mistakes" in again.out
    assert "Imported" not in again.out, "the mapping was kept, and there was nothing new"


def test_a_file_with_mistakes_is_refused_whole_by_line_and_column(typed: Typed, exported: Path) -> None:
    exported.write_text(FILE.replace("412", '"=1+1"').replace("夜班", "晚班"), encoding="utf-8")
    answer = typed("figures", "import", str(exported), *COLUMN, "--as", "1003")
    assert answer.refused("1 mistakes; nothing was imported", "Art. 8")
    assert "✗ line 3, 班次: 2026-11-23 has no shift called “晚班”" in answer.out
    exported.write_text(FILE.replace("412", '"=1+1"'), encoding="utf-8")
    answer = typed("figures", "import", str(exported), *COLUMN, "--save-mapping", "--as", "1003")
    assert "✗ line 3, 呼入量: “=1+1” is not a number" in answer.out
    assert values(typed) == []
    assert not (typed.home / "settings.toml").exists(), "a mapping that did not work is not kept"


def test_another_encoding_is_named_or_kept_in_the_settings(typed: Typed, exported: Path) -> None:
    exported.write_bytes(FILE.replace(",", ";").replace('"1;385"', "1385").encode("gb18030"))
    assert typed("figures", "import", str(exported), "--dry-run").refused("nothing was imported")
    form = ("--encoding", "gb18030", "--delimiter", ";", *COLUMN)
    assert typed("figures", "import", str(exported), *form, "--dry-run", "--save-mapping").code == 0
    assert typed("figures", "import", str(exported), "--as", "1003").code == 0
    assert values(typed) == ["1385", "412"]


def test_a_file_that_is_not_there_and_an_encoding_nobody_knows(typed: Typed, exported: Path) -> None:
    assert typed("figures", "import", "nowhere.csv", "--dry-run").refused("nowhere.csv cannot be read")
    assert typed("figures", "import", str(exported), "--encoding", "latin-1").code == 2


# --- spot checks --------------------------------------------------------------------------------------------


def test_checks_are_recorded_and_shown_and_the_rest_is_unchecked(typed: Typed) -> None:
    assert typed("spotchecks", "record", "answering", "in_order", "--at", "22:05", "--as", "1003").code == 0
    told = ("--found", "未报工号", "--person", "1021", "--told", "1021", "--told-at", "22:20")
    assert (
        typed("spotchecks", "record", "speech", "problem", *told, "--at", "22:15", "--as", "1003").code == 0
    )
    table = typed("spotchecks", "show").out
    assert ("22:05" in table, "刘洋(1021) 22:20" in table) == (True, True)
    assert table.count("unchecked (Art. 7)") == 6
    shown = json.loads(typed("spotchecks", "show", "today", "--json").out)
    assert _keys(shown) == documented("spotchecks show")
    assert (shown["checked"], shown["count"]) == (2, 8)


def test_a_problem_without_whom_or_a_result_that_is_none_is_refused(typed: Typed) -> None:
    assert typed("spotchecks", "record", "speech", "problem", "--as", "1003").refused(
        "whom you told", "Art. 7"
    )
    assert typed("spotchecks", "record", "speech", "fine", "--as", "1003").code == 2


def test_links_are_added_and_retired_from_a_day_on(typed: Typed) -> None:
    assert (
        typed("spotchecks", "link", "hot_line", "经理热线", "--from", "2026-11-24", "--as", "2001").code == 0
    )
    assert typed("spotchecks", "retire", "billing", "--from", "2026-11-24", "--as", "2001").code == 0
    links = json.loads(typed("spotchecks", "links", "--on", "2026-11-24", "--json").out)
    assert _keys(links) == documented("spotchecks links")
    codes = [link["code"] for link in links]
    assert ("hot_line" in codes, "billing" in codes) == (True, False)


# --- the watch ----------------------------------------------------------------------------------------------


def test_one_pass_says_what_it_kept_and_the_next_that_nothing_was_due(typed: Typed) -> None:
    first = typed("watch")
    assert first.code == 0
    assert "figures_late:" in first.out
    assert typed("watch").out == "Nothing was due.\n"


def test_the_watch_runs_in_a_process_of_its_own(typed: Typed, zhiban: Zhiban) -> None:
    zhiban.home = typed.home
    answer = zhiban("watch")
    assert (answer.code, answer.error) == (0, "")
    store.open_database(f"sqlite:///{typed.home / 'centre.db'}")
    assert figures.figure_forms(SYSTEM, AT, TODAY)
