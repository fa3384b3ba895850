"""The gate on the catalogues: it passes when they are in step, and names what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import catalogues

CODE = """from locales import N_, _

WAITING = N_("waiting")


def greet(name: str) -> str:
    return _("Good evening, {name}").format(name=name)
"""
CHINESE = {"waiting": "等候中", "Good evening, {name}": "晚上好，{name}"}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house whose catalogues are in step."""
    (tmp_path / "cli.py").write_text(CODE, encoding="utf-8")
    assert catalogues.update(tmp_path, [words(tmp_path, CHINESE)]) == []
    return tmp_path


def words(folder: Path, translations: dict[str, str]) -> Path:
    path = folder / "words.json"
    path.write_text(json.dumps(translations, ensure_ascii=False), encoding="utf-8")
    return path


def edit(house: Path, language: str, old: str, new: str) -> None:
    path = catalogues.po_path(house, language)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def only_problems(house: Path, *parts: str) -> bool:
    problems = [line for line in catalogues.check(house) if ".mo is not" not in line]
    return len(problems) == len(parts) and all(p in line for p, line in zip(parts, problems, strict=True))


def test_catalogues_just_updated_pass(house: Path) -> None:
    assert catalogues.check(house) == []


def test_updating_twice_changes_no_byte(house: Path) -> None:
    before = {path: path.read_bytes() for path in house.rglob("zhiban.*")}
    assert len(before) == 4
    catalogues.update(house)
    assert {path: path.read_bytes() for path in house.rglob("zhiban.*")} == before


def test_an_untranslated_message_fails_and_a_given_translation_mends_it(house: Path) -> None:
    (house / "cli.py").write_text(CODE + 'LATE = N_("late")\n', encoding="utf-8")
    assert only_problems(
        house, "zh_CN: missing, used in cli.py: 'late'", "en: missing, used in cli.py: 'late'"
    )
    assert catalogues.update(house) == ["zh_CN: untranslated: 'late'"]
    assert catalogues.check(house) == ["zh_CN: untranslated: 'late'"]
    assert catalogues.update(house, [words(house, {"late": "迟到"})]) == []
    assert catalogues.check(house) == []


def test_a_placeholder_that_differs_fails(house: Path) -> None:
    edit(house, "zh_CN", "晚上好，{name}", "晚上好，{nmae}")
    assert only_problems(house, "zh_CN: placeholders differ")


def test_a_broken_placeholder_fails(house: Path) -> None:
    edit(house, "zh_CN", "晚上好，{name}", "晚上好，{name")
    assert only_problems(house, "zh_CN: placeholders differ")


def test_a_stale_compiled_catalogue_fails(house: Path) -> None:
    edit(house, "zh_CN", "等候中", "等着")
    assert catalogues.check(house) == [
        "zh_CN: locales/zh_CN/LC_MESSAGES/zhiban.mo is not what the .po compiles to"
    ]


def test_a_missing_compiled_catalogue_fails(house: Path) -> None:
    catalogues.po_path(house, "en").with_suffix(".mo").unlink()
    assert catalogues.check(house) == ["en: locales/en/LC_MESSAGES/zhiban.mo is not what the .po compiles to"]


def test_a_missing_catalogue_fails(house: Path) -> None:
    catalogues.po_path(house, "zh_CN").unlink()
    assert only_problems(house, "zh_CN: locales/zh_CN/LC_MESSAGES/zhiban.po is missing")


def test_a_fuzzy_translation_fails(house: Path) -> None:
    edit(house, "zh_CN", 'msgid "waiting"', '#, fuzzy\nmsgid "waiting"')
    assert only_problems(house, "zh_CN: fuzzy: 'waiting'")


def test_an_obsolete_message_fails_and_update_drops_it(house: Path) -> None:
    (house / "cli.py").write_text(CODE.replace('WAITING = N_("waiting")\n', ""), encoding="utf-8")
    assert only_problems(house, "zh_CN: obsolete: 'waiting'", "en: obsolete: 'waiting'")
    catalogues.update(house)
    assert "waiting" not in catalogues.po_path(house, "zh_CN").read_text(encoding="utf-8")


def test_a_commented_out_message_counts_as_obsolete(house: Path) -> None:
    with catalogues.po_path(house, "zh_CN").open("a", encoding="utf-8") as file:
        file.write('\n#~ msgid "gone"\n#~ msgstr "没了"\n')
    assert only_problems(house, "zh_CN: obsolete: 'gone'")


def test_english_that_is_not_the_codes_wording_fails(house: Path) -> None:
    edit(house, "en", 'msgstr "waiting"', 'msgstr "hanging about"')
    assert only_problems(house, "en: differs from the code's own wording: 'waiting'")


def test_translations_for_messages_nobody_uses_are_reported(house: Path) -> None:
    assert catalogues.update(house, [words(house, {"unused": "没用"})]) == [
        "not in the code, left out: 'unused'"
    ]


def test_two_files_that_disagree_are_reported_and_the_last_one_counts(house: Path) -> None:
    first, second = house / "a.json", house / "b.json"
    first.write_text('{"waiting": "等"}', encoding="utf-8")
    second.write_text('{"waiting": "等候"}', encoding="utf-8")
    assert catalogues.update(house, [first, second]) == ["b.json rewords 'waiting': '等' → '等候'"]
    assert '"等候"' in catalogues.po_path(house, "zh_CN").read_text(encoding="utf-8")


def test_messages_of_several_lines_and_quotes_survive(house: Path) -> None:
    message = 'Say "hello"\nto {name} \\ everyone'
    (house / "cli.py").write_text(f"from locales import _\n\nTEXT = _({message!r})\n", encoding="utf-8")
    catalogues.update(house, [words(house, {message: "说“你好”\n给 {name} \\ 和大家"})])
    assert catalogues.check(house) == []


def test_an_unknown_command_is_refused_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogues.main(["tidy"]) == 2
    assert "usage:" in capsys.readouterr().err
