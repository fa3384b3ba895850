"""Art. 28, 31, 32 at the command line: entries are opened one by one, numbers shown on a terminal, keys kept in copies."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.busy import Output, Typed
from tests.cli.test_json_keys import documented, keys_of
from tests.operations.acts import LEADER, MANAGER, OPERATOR

SECRET = "磐石专线调整"
NUMBER = "0571-8812-4412"


def said(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def written(typed: Typed, *arguments: str) -> str:
    answer = typed("log", "add", SECRET, "--confidential", "--as", LEADER, *arguments)
    assert (answer.code, answer.error) == (0, "")
    found = re.search(r"entry (\d+)", answer.out)
    assert found
    return found.group(1)


def entries(typed: Typed, who: str) -> list[dict[str, Any]]:
    logs = json.loads(typed("log", "show", "2026-11-23", "--as", who, "--json").out)
    return [entry for log in logs for entry in log["entries"] if entry["confidential"]]


def test_art31_an_entry_is_opened_by_whoever_it_names_and_who_did_is_shown(typed: Typed) -> None:
    key = written(typed, "--for", OPERATOR, "--for-role", "qa_inspector")
    assert [(e["text"], e["readable"]) for e in entries(typed, OPERATOR)] == [("[confidential]", True)]
    assert [e["readable"] for e in entries(typed, MANAGER)] == [False]
    opened = typed("log", "read", key, "--as", OPERATOR)
    assert SECRET in opened.out
    assert "For QA inspector、陈静(1017), and its author." in opened.out
    refused = typed("log", "read", key, "--as", MANAGER)
    assert (refused.code, SECRET in refused.out) == (1, False)
    assert "not yours to read. (Art. 31)" in refused.error
    who = json.loads(typed("readings", f"entry:{key}", "--as", MANAGER, "--json").out)
    assert [(row["work_number"], row["refused"]) for row in who] == [(MANAGER, True), (OPERATOR, False)]
    assert typed("readings", f"entry:{key}", "--as", OPERATOR).code == 1


@pytest.mark.parametrize("wrong", ["x", "visit:3", "item:", "1" * 12])
def test_what_names_no_entry_is_a_wrong_use(typed: Typed, wrong: str) -> None:
    assert typed("log", "read", wrong, "--as", LEADER).code == 2


def test_art28_a_number_is_masked_and_revealed_on_a_terminal_alone(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(monkeypatch, f"{NUMBER}\n")
    added = typed("directory", "add", "动力中心", "--note", "磐石口令", "--as", MANAGER)
    assert (added.code, added.error) == (0, "")
    listed = typed("directory", "list")
    assert "0571-****-**12" in listed.out
    assert NUMBER not in listed.out + typed("directory", "list", "--json").out
    reveal = ("directory", "reveal", "1", "--reason", "动力告警", "--as", LEADER)
    piped = typed(*reveal)
    assert (piped.code, NUMBER in piped.out) == (1, False)
    monkeypatch.setattr(Output, "isatty", lambda _self: True, raising=False)
    assert f"动力中心: {NUMBER}\n磐石口令" in typed(*reveal).out
    refused = typed("directory", "reveal", "1", "--reason", "想知道", "--as", OPERATOR)
    assert (refused.code, NUMBER in refused.out) == (1, False)
    assert "(Art. 28)" in refused.error
    assert typed("directory", "remove", "1", "--as", MANAGER).code == 0
    assert "The directory is empty" in typed("directory", "list").out


def test_art32_keys_are_copied_rotated_and_brought_back_from_paper(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = written(typed)
    copy = tmp_path / "copy.key"
    assert typed("keys", "export", str(copy)).code == 0
    rotated = typed("rotate-key")
    assert "the old one is gone" in rotated.out
    paper = typed("keys", "export").out
    (typed.home / "secret.key").unlink()
    lost = typed("log", "read", key, "--as", LEADER)
    assert "[confidential — no key on this machine]" in lost.out
    assert "not checked, for want of their key: 1" in typed("verify").out
    assert "No confidential text of this centre" in typed("keys", "import", str(copy)).error
    said(monkeypatch, "\n".join(line for line in paper.splitlines() if line.startswith("  ")))
    assert typed("keys", "import").code == 0
    assert SECRET in typed("log", "read", key, "--as", LEADER).out
    (shown,) = json.loads(typed("keys", "show", "--json").out)
    assert (shown["current"], shown["here"], shown["texts"]) == (True, True, 1)


def test_what_the_commands_print_has_exactly_the_documented_keys(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = written(typed, "--item")
    said(monkeypatch, NUMBER)
    typed("directory", "add", "动力中心", "--as", MANAGER)
    answers = {
        "log read": ("log", "read", key, "--as", LEADER),
        "directory list": ("directory", "list"),
        "keys show": ("keys", "show"),
        "readings": ("readings", f"entry:{key}"),
    }
    for command, arguments in answers.items():
        found = set(keys_of(json.loads(typed(*arguments, "--json").out)))
        # An entry, an item and its steps are documented where they are at home.
        inner = {
            name for name in found if re.match(r"(versions\[\]\.entry|items\[\]\.(item|steps\[\]))\.", name)
        }
        outer = {name for name in found - inner if not any(n.startswith(f"{name}[]") for n in found)}
        assert outer | {"versions[].entry", "items[].item", "items[].steps"} & documented(
            command
        ) == documented(command), command
