"""``zhiban register``: written, moved on, read by those who may, in and out of files, and a centre's own (Art. 4, 12)."""

from __future__ import annotations

import json
from pathlib import Path

from openpyxl import load_workbook

from tests.cli.busy import Typed
from tests.cli.test_json_keys import documented, keys_of
from tests.operations.test_registers import OWN

OPERATOR, LEADER, MANAGER = ("--as", "1017"), ("--as", "1003"), ("--as", "2001")
BREACH = ("kind=order", "happened_on=2026-11-22", "what=座席上吃夜宵", "person=刘洋")
TRAINING = ("topic=新套餐", "kind=business", "held_on=2026-11-20")


def keys(text: str) -> set[str]:
    """The keys of an answer; which fields a record has is its register's own matter."""
    return {key for key in keys_of(json.loads(text)) if ".values." not in key and key not in HOLDERS}


HOLDERS = {"record", "steps", "problems"}


def test_art04_a_report_is_written_by_anyone_and_read_by_the_inbox(typed: Typed) -> None:
    added = typed("register", "add", "breach", *BREACH, "--anonymous", "--json", *OPERATOR).out
    assert keys(added) == documented("register add")
    assert "Nothing was reported." in typed("register", "list", "breach").out
    assert "Nothing was reported." in typed("register", "list", "breach", *OPERATOR).out
    listed = typed("register", "list", "breach", "--json", *MANAGER).out
    assert keys(listed) == documented("register list REGISTER")
    assert json.loads(listed)[0]["reporter"] == ""
    wrong = typed("register", "step", "breach", "1", "close", *MANAGER)
    assert (wrong.code, "what was found out" in wrong.error) == (1, True)
    stepped = typed(
        "register", "step", "breach", "1", "close", "answer=属实", "measure=批评", "--json", *MANAGER
    ).out
    assert keys(stepped) == documented("register show") == documented("register step")
    assert json.loads(stepped)["record"]["state"] == "closed"
    assert typed("register", "show", "breach", "1").code == 1
    assert "属实" in typed("register", "show", "breach", "1", *MANAGER).out


def test_art12_a_training_for_a_team_is_one_command_and_narrows_like_the_screen(typed: Typed) -> None:
    assert "On record: 4" in typed("register", "add", "training", *TRAINING, "--for", "甲", *LEADER).out
    shelf = json.loads(typed("register", "list", "--json").out)
    assert set(keys_of(shelf)) == documented("register list")
    assert next(book for book in shelf if book["key"] == "training")["waiting"] == 4
    narrowed = ("register", "list", "training", "--state", "waiting", "--person", "陈静", "--text", "套餐")
    assert len(json.loads(typed(*narrowed, "--json").out)) == 1
    assert len(json.loads(typed(*narrowed, "--until", "2026-11-19", "--json").out)) == 0
    assert typed("register", "add", "training", "topic", *LEADER).code == 2
    assert "may not add" in typed("register", "add", "training", *TRAINING, *OPERATOR).error


def test_what_is_exported_is_text_and_no_formula_and_brought_back_changes_nothing(
    typed: Typed, tmp_path: Path
) -> None:
    topic = "topic==cmd|' /c calc'!A0"
    typed("register", "add", "training", topic, *TRAINING[1:], "hours=2.5", "--for", "1017 1021", *LEADER)
    table, sheet = tmp_path / "培训.csv", tmp_path / "培训.xlsx"
    for file in (table, sheet):
        out = typed("register", "export", "training", str(file), "--json").out
        assert keys(out) == documented("register export") == documented("register print")
        again = json.loads(typed("register", "import", "training", str(file), "--json", *LEADER).out)
        assert (again["unchanged"], again["records"], again["imported"]) == (2, [], False)
    assert "'=cmd" in table.read_text(encoding="utf-8-sig")
    cells = [cell for row in load_workbook(sheet).active.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells if "cmd" in str(cell.value)} == {"s"}


def test_a_file_with_mistakes_names_each_cell_and_changes_nothing(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(
        "who,topic,kind,date,state,colour\n陈静,消防,safety,2026-11-20,passed,\n赵六,消防,safety,tomorrow,,\n",
        encoding="utf-8",
    )
    refused = typed("register", "import", "training", str(file), "--json", *LEADER)
    answer = json.loads(refused.out)
    assert keys(refused.out) - {"records"} == documented("register import")
    assert (refused.code, answer["imported"]) == (1, False)
    assert [p["cell"] for p in answer["problems"]] == ["F1", "D3", "A3"]
    taken = json.loads(
        typed("register", "import", "training", str(file), "--skip-errors", "--json", *LEADER).out
    )
    assert [record["step"] for record in taken["records"]] == ["pass"]
    assert "passed" in typed("register", "list", "training").out


def test_a_list_and_a_record_are_printed(typed: Typed, tmp_path: Path) -> None:
    typed("register", "add", "training", *TRAINING, "--for", "1017", *LEADER)
    for number in ((), ("1",)):
        paper = tmp_path / f"paper{len(number)}.pdf"
        typed("register", "print", "training", *number, "--pdf", str(paper))
        assert paper.read_bytes().startswith(b"%PDF")


def test_a_centre_defines_a_register_without_code_and_keeps_it(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "lent.toml"
    file.write_text(OWN.replace('to = "back"', 'to = "gone"'), encoding="utf-8")
    assert "step.return.to" in typed("register", "define", str(file), *MANAGER).error
    file.write_text(OWN, encoding="utf-8")
    assert "Nothing was changed." in typed("register", "define", str(file), "--dry-run").out
    defined = typed("register", "define", str(file), "--json", *MANAGER).out
    assert keys(defined) == documented("register define")
    shown = typed("register", "define", "--show", "lent", "--json", *MANAGER).out
    assert keys(shown) == documented("register define")
    file.write_text(typed("register", "define", "--show", "lent").out, encoding="utf-8")
    again = json.loads(typed("register", "define", str(file), "--json", *MANAGER).out)
    assert again["version"] == json.loads(shown)["version"] == 1
    assert "defined no register" in typed("register", "define", "--show", "breach").error
    assert "On record: 1" in typed("register", "add", "lent", "thing=备用耳机", "person=陈静", *LEADER).out
    assert "借用登记" in typed("register", "list").out
    assert "still wait" in typed("register", "define", "--retire", "lent", *MANAGER).error
    typed("register", "step", "lent", "1", "return", *LEADER)
    assert typed("register", "define", "--retire", "lent", *MANAGER).code == 0
    assert "备用耳机" in typed("register", "list", "lent").out
    assert "may not add" in typed("register", "add", "lent", "thing=钥匙", *LEADER).error
