"""``zhiban door``: the log with its filters and forms, who is inside, muster, register, alarms, resets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.busy import HOSTILE_NAME, Busy, Typed
from tests.reports.reading import bare, pages_of


def rows_of(typed: Typed, *arguments: str) -> list[dict[str, Any]]:
    answer = typed("door", "log", *arguments, "--json")
    assert (answer.code, answer.error) == (0, "")
    found: list[dict[str, Any]] = json.loads(answer.out)["rows"]
    return found


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


# --- the log ------------------------------------------------------------------------------------------------


def test_the_log_is_newest_first_in_the_centres_time(typed: Typed) -> None:
    lines = typed("door", "log").out.splitlines()
    assert lines[0].split()[:4] == ["time", "door", "record", "way"]
    assert [line.split()[0] for line in lines[2:]] == ["22:33", "22:32", "22:31", "22:00", "21:50", "21:48"]
    assert "The door was opened without a release" in lines[2]


@pytest.mark.parametrize(
    ("arguments", "sequences"),
    [
        (("--outcome", "refused"), [3]),
        (("--alarms",), [6]),
        (("--direction", "out"), [5]),
        (("--code", "refused.unknown_badge"), [3]),
        (("--kiosk", "main", "--limit", "2"), [6, 5]),
        (("--kiosk", "elsewhere"), []),
        (("--text", "1017"), [4, 2]),
        (("--search", "王建国"), [5, 1]),
        (("--since", "2026-11-23 22:32"), [6, 5]),
        (("--until", "2026-11-23 22:00"), [2, 1]),
        (("--until", "2026-11-23T22:00:01", "--since", "today"), [3, 2, 1]),
        (("--until", "2026-11-23"), [6, 5, 4, 3, 2, 1]),
        (("--until", "yesterday"), []),
        (("--since", "2026-11-24"), []),
    ],
)
def test_each_filter_keeps_what_it_names(
    typed: Typed, arguments: tuple[str, ...], sequences: list[int]
) -> None:
    assert [row["sequence"] for row in rows_of(typed, *arguments)] == sequences


def test_an_article_keeps_the_events_that_cite_it(typed: Typed) -> None:
    assert {row["article"] for row in rows_of(typed, "--article", "20")} == {20}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--outcome", "opened"), ("--outcome", "granted")),
        (("--direction", "up"), ("--direction", "in, out, none")),
        (("--since", "soon"), ("--since", "2026-11-23")),
        (("--since", "2026-11-23 25:00"), ("--since", "22:30")),
        (("--json", "--csv", "x"), ("--json, --csv",)),
    ],
)
def test_a_filter_that_means_nothing_is_a_wrong_use(
    typed: Typed, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert typed("door", "log", *arguments).refused(*words, code=2)


def test_json_keeps_its_keys_and_total(typed: Typed) -> None:
    page = json.loads(typed("door", "log", "--limit", "1", "--json").out)
    assert list(page) == ["total", "rows"]
    assert (page["total"], len(page["rows"])) == (6, 1)
    assert json.loads(typed("door", "log", "--kiosk", "none", "--json").out) == {"total": 0, "rows": []}


def test_events_come_page_by_page_without_a_gap_or_a_repeat(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from operations import door_listings

    whole = rows_of(typed)
    monkeypatch.setattr(door_listings, "PAGE_ROWS", 2)
    assert rows_of(typed) == whole
    assert rows_of(typed, "--limit", "3") == whole[:3]
    monkeypatch.setattr(door_listings, "PAGE_ROWS", 1)
    assert rows_of(typed) == whole


def test_a_csv_file_begins_with_excels_mark_and_runs_nothing(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    answer = typed("door", "log", "--csv", str(file))
    assert (answer.code, answer.out) == (0, f"Written to {file}\n")
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = table(data.decode())
    assert rows[0][:3] == ["time", "door", "record"]
    assert rows[1][0] == "2026-11-23 22:33:00"
    assert "'" + HOSTILE_NAME in [row[8] for row in rows]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    typed("door", "log", "--csv", str(file), "--no-bom")
    assert not file.read_bytes().startswith(b"\xef\xbb\xbf")


def test_csv_goes_into_a_pipe_without_the_mark(typed: Typed) -> None:
    rows = table(typed("door", "log", "--csv", "-", "--outcome", "refused").out)
    assert [row[6] for row in rows[1:]] == ["refused.unknown_badge"]


def test_the_log_as_pdf_names_what_it_was_chosen_by(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "log.pdf"
    assert typed("door", "log", "--since", "2026-11-23", "--outcome", "refused", "--pdf", str(file)).code == 0
    (page,) = pages_of(file.read_bytes())
    assert "outcome=refused" in page
    assert "Unknown badge" in page
    assert "Chain door:main, record 6" in page
    assert "1 events in this list." in page


# --- who is inside ------------------------------------------------------------------------------------------


def test_inside_names_staff_and_the_visitor_with_the_escort(typed: Typed, busy: Busy) -> None:
    inside = json.loads(typed("door", "inside", "--json").out)
    assert [(row["name"], row["is_visitor"]) for row in inside] == [("陈静", False), (HOSTILE_NAME, True)]
    assert f"visit:{busy.visit_id}" in typed("door", "inside").out


def test_the_muster_counts_heads_and_says_how_fresh_it_is(typed: Typed) -> None:
    text = typed("door", "muster").out
    assert "2 people inside (1 staff, 1 visitors)" in text
    assert "Taken 2026-11-23 22:50:00" in text
    assert "door main was last heard 2026-11-23 22:50:00, 0 s ago" in text
    assert text == typed("door", "muster", "--text").out
    assert text.count("□") == 2


def test_the_muster_as_pdf_and_as_json(typed: Typed, tmp_path: Path) -> None:
    assert typed("door", "muster", "--pdf", str(tmp_path / "m.pdf")).code == 0
    (page,) = pages_of((tmp_path / "m.pdf").read_bytes())
    assert "陈静" in page
    assert (tmp_path / "m.pdf").stat().st_mode & 0o077 == 0
    listed = json.loads(typed("door", "muster", "--json").out)
    assert len(listed["rows"]) == 2
    assert [(door["kiosk"], door["online"]) for door in listed["doors"]] == [("main", True)]


# --- the register -------------------------------------------------------------------------------------------


def test_art20_the_register_shows_visitors_and_with_staff_everyone(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "r.pdf"
    assert typed("door", "register", "2026-11-23", "--pdf", str(file)).code == 0
    (page,) = pages_of(file.read_bytes())
    assert bare(HOSTILE_NAME) in bare(page)
    assert all(
        words in bare(page) for words in ("华信公司", "工程师", "13800001234", "笔记本电脑1台", "4471")
    )
    assert "1 in, 0 out." in page
    assert "Chain door:main, record 6" in page
    typed("door", "register", "2026-11-23", "--staff", "--pdf", str(file))
    assert "3 in, 1 out." in "".join(pages_of(file.read_bytes()))


def test_the_register_goes_to_the_paper_folder_under_its_days(typed: Typed, busy: Busy) -> None:
    answer = typed("door", "register", "2026-11-22", "today", language="zh")
    file = busy.home / "paper" / "zhiban-register-2026-11-22-2026-11-23.pdf"
    assert answer.code == 0
    assert str(file) in answer.out
    assert file.read_bytes().startswith(b"%PDF")


def test_the_register_of_a_quiet_day_says_so(typed: Typed, tmp_path: Path) -> None:
    typed("door", "register", "2026-11-20", "--pdf", str(tmp_path / "r.pdf"))
    assert "Nobody went in or out in this period." in pages_of((tmp_path / "r.pdf").read_bytes())[0]


def test_the_register_as_csv_and_as_json_carries_the_same_passages(typed: Typed) -> None:
    rows = table(typed("door", "register", "2026-11-23", "--csv", "-").out)
    assert len(rows) == 2
    assert rows[1][:2] == ["2026-11-23", "22:31"]
    assert rows[1][2] == "'" + HOSTILE_NAME
    said = json.loads(typed("door", "register", "2026-11-23", "--json").out)
    assert [row["name"] for row in said["rows"]] == [HOSTILE_NAME]
    assert len(said["digest"]) == 64


def test_a_register_that_ends_before_it_begins_is_a_wrong_use(typed: Typed) -> None:
    assert typed("door", "register", "2026-11-23", "2026-11-22").refused("LAST", "before", code=2)
    assert typed("door", "register", "soon").refused("FIRST", code=2)


# --- what a leader notes ------------------------------------------------------------------------------------


def test_art20_a_leader_notes_that_someone_is_not_inside(typed: Typed, busy: Busy) -> None:
    assert typed("door", "reset", "1017", "--reason", "在楼下见到", "--as", "1003").code == 0
    assert [row["is_visitor"] for row in json.loads(typed("door", "inside", "--json").out)] == [True]
    assert typed("door", "reset", f"visit:{busy.visit_id}", "--reason", "已送走", "--as", "1003").code == 0
    assert json.loads(typed("door", "inside", "--json").out) == []


def test_everyone_can_be_reset_at_once(typed: Typed) -> None:
    assert typed("door", "reset", "everyone", "--reason", "演练后清零", "--as", "1003").code == 0
    assert "Nobody is inside." in typed("door", "inside").out


def test_a_reset_needs_a_leader_a_right_pin_and_a_reason(typed: Typed) -> None:
    reset = ("door", "reset", "1017")
    assert typed(*reset, "--as", "1003").refused("--reason", code=2)
    assert typed(*reset, "--reason", "x", "--as", "1003", pin="0000").refused("do not match")
    assert typed(*reset, "--reason", "x", "--as", "1022").refused("may not", "Art. 2")
    assert typed(*reset, "--reason", "x", pin="").refused("--as", code=2)
    assert typed("door", "reset", "visit:x", "--reason", "x", "--as", "1003").refused("visit:12", code=2)
    assert len(json.loads(typed("door", "inside", "--json").out)) == 2


def test_an_alarm_waits_until_a_leader_says_what_was_done(typed: Typed) -> None:
    waiting = json.loads(typed("door", "alarms", "--json").out)
    assert [(row["code"], row["text"]) for row in waiting] == [
        ("alarm.forced", "The door was opened without a release")
    ]
    subject = waiting[0]["subject"]
    assert subject in typed("door", "alarms").out
    assert typed("door", "alarms", "--ack", subject, "--as", "1003").refused("--note", code=2)
    done = typed("door", "alarms", "--ack", subject, "--note", "锁舌松动，已报修", "--as", "1003")
    assert done.code == 0
    assert "No alarm waits." in typed("door", "alarms").out
