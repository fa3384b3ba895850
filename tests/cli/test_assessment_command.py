"""``zhiban assessment`` and ``zhiban audit``: a month's assessment as words, JSON and files; who did what."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl

from tests.cli.busy import Typed
from tests.cli.test_json_keys import documented, keys_of
from tests.reports.reading import bare, pages_of


def test_art44_the_month_says_what_was_found_and_that_it_is_a_draft(typed: Typed) -> None:
    said = typed("assessment", "2026-11").out
    assert "Draft: not sent" in said
    assert "Entries refused 1" in said
    assert "20" in said.split("By article")[1]


def test_art44_its_json_has_only_documented_keys(typed: Typed) -> None:
    answer = json.loads(typed("assessment", "2026-11", "--json").out)
    found = set(keys_of(answer))
    holders = {key for key in found if any(o.startswith((f"{key}[]", f"{key}.")) for o in found)}
    empty = {"people", "late", "breaches", "figures"} & {key for key, value in answer.items() if not value}
    assert found - holders - empty <= documented("assessment")
    assert (answer["version"], answer["trend"]) == (0, "more")
    assert {team["team"] for team in answer["teams"]} == {"甲", "乙", ""}
    assert answer["door"]["refusals"] == [{"code": "refused.unknown_badge", "count": 1}]
    assert {blocker["code"] for blocker in answer["blockers"]} == {"month_runs", "attendance_open"}


def test_art44_it_is_written_as_paper_and_as_a_workbook(typed: Typed, tmp_path: Path) -> None:
    pdf, xlsx = tmp_path / "a.pdf", tmp_path / "a.xlsx"
    said = typed("assessment", "2026-11", "--pdf", str(pdf), "--xlsx", str(xlsx)).out
    assert said.count("Written to") == 2
    assert bare("Unknown badge") in bare("".join(pages_of(pdf.read_bytes())))
    assert len(openpyxl.load_workbook(xlsx).worksheets) == 8
    assert {file.stat().st_mode & 0o777 for file in (pdf, xlsx)} == {0o600}


def test_art44_a_month_that_runs_is_not_sent(typed: Typed) -> None:
    said = typed("assessment", "2026-11", "--send", "--as", "2001")
    assert (said.code, "not over" in said.error) == (1, True)
    assert typed("assessment", "soon").code == 2


def test_art33_the_audit_is_filtered_and_says_who(typed: Typed) -> None:
    said = typed("audit", "--actor", "1003", "--action", "write_entry").out
    assert "王建国" in said
    assert "wrote an entry" in said
    records = json.loads(typed("audit", "--subject", "visit:", "--json").out)
    assert {record["subject"].partition(":")[0] for record in records} == {"visit"}
    assert typed("audit", "--until", "2020-01-01").out.strip() == "No record says this."


def test_art02_a_refusal_stands_in_the_audit(typed: Typed) -> None:
    assert typed("log", "add", "x", "--as", "1017").code == 1
    (record,) = json.loads(typed("audit", "--refused", "--json").out)
    assert (record["actor"], record["refused"]) == ("1017", True)
    assert record["detail"] == {"operation": "write_entry", "role": "operator", "article": 2}
