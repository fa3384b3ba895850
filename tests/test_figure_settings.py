"""``[figures]`` in settings.toml: read strictly, written without touching the rest of the file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from settings import Figures, SettingsError, open_home, parse_settings, save_figures

FILE = Path("/home/zhiban/settings.toml")
OTHERS = '# kept\nlanguage = "zh_CN"\n\n[desk]\nidle_lock_minutes = 5 # [figures]\n'
MAPPING = Figures(
    encoding="gb18030",
    delimiter="\t",
    date_column='the "day"',
    thousands="",
    percent="ratio",
    columns={"呼入量": "calls_in", "a = b": "complaints"},
)


def test_without_the_table_a_platform_in_utf8_with_chinese_headings_is_meant() -> None:
    figures = parse_settings("", FILE).figures
    assert (figures.encoding, figures.date_column, figures.shift_column) == ("utf-8", "日期", "班次")
    assert (figures.columns, figures.date_format, figures.percent) == ({}, "%Y-%m-%d", "sign")


def test_a_mapping_is_read_as_it_stands() -> None:
    text = '[figures]\nencoding = "gb18030"\n[figures.columns]\n"呼入量" = "calls_in"\n'
    figures = parse_settings(text, FILE).figures
    assert (figures.encoding, figures.columns) == ("gb18030", {"呼入量": "calls_in"})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[figures]\nencoding = "latin-1"', "figures.encoding"),
        ('[figures]\ndelimiter = "x"', "figures.delimiter"),
        ('[figures]\npercent = "maybe"', "figures.percent"),
        ('[figures]\nthousands = "--"', "figures.thousands"),
        ('[figures]\ndate_format = "%H:%M"', "date_format"),
        ('[figures]\ndate_format = "tomorrow"', "date_format"),
        ("[figures.columns]\nx = 1", "figures.columns"),
        ('[figures]\nseparator = ";"', "figures.separator"),
    ],
)
def test_a_value_that_cannot_be_used_names_file_and_key(text: str, key: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_settings(text, FILE)
    assert str(FILE) in str(refused.value)
    assert key in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        OTHERS,
        OTHERS + '\n[figures]\nencoding = "utf-8"\n[figures.columns]\nx = "y"\n[paper]\nfolder = "p"\n',
    ],
)
def test_saving_writes_the_table_and_leaves_everything_else(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    home = open_home(tmp_path)
    save_figures(home, MAPPING)
    saved = open_home(tmp_path)
    assert saved.settings.figures == MAPPING
    assert saved.settings.desk == home.settings.desk
    assert saved.settings.paper == home.settings.paper
    for line in OTHERS.splitlines() if text else ():
        assert line in file.read_text(encoding="utf-8").splitlines()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kiosk", "run", "settings.toml"]


def test_saving_twice_writes_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    save_figures(open_home(tmp_path), MAPPING)
    once = file.read_bytes()
    save_figures(open_home(tmp_path), MAPPING)
    assert file.read_bytes() == once


@pytest.mark.parametrize(
    "text",
    [
        'figures = { encoding = "utf-8" }\n',
        'figures.encoding = "utf-8"\n',
        '[paper]\nfolder = """\n[figures]\nx"""\n',
    ],
)
def test_a_file_whose_form_is_not_ours_is_left_alone_and_said_in_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        save_figures(open_home(tmp_path), MAPPING)
    assert file.read_text(encoding="utf-8") == text
