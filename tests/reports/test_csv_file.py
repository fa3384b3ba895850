"""CSV that a spreadsheet reads as it was written, and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.csv_file import BOM, csv_lines, safe_cell, write_csv, write_csv_to
from settings import ZhibanError

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://x","y")',
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\n=1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "|calc",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert cell[0] in "'\N{REPLACEMENT CHARACTER}"
    (row,) = csv.reader(io.StringIO("".join(csv_lines([text], [], bom=False))))
    assert row == [cell]


@pytest.mark.parametrize(
    "text", ["李伟", "WO-2026-17", "13800001234", "2026-11-24", "a=b", "—", "", "'quoted"]
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert [safe_cell(value) for value in (-5, 0, 2.5, None)] == ["-5", "0", "2.5", ""]


def test_what_was_written_comes_back_through_a_reader_of_csv(tmp_path: Path) -> None:
    rows: list[list[object]] = [["李伟", 'says "hi", twice', 3], ["陈静; 何芳", "two\nlines", None]]
    path = tmp_path / "register.csv"
    assert write_csv(path, ["姓名", "what", "n"], rows) == 2
    data = path.read_bytes()
    assert data.startswith(BOM.encode())
    assert data.count(b"\r\n") == 3
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read == [
        ["姓名", "what", "n"],
        ["李伟", 'says "hi", twice', "3"],
        ["陈静; 何芳", "two lines", ""],
    ]


def test_the_mark_is_left_out_where_it_is_not_wanted(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv", ["a"], [], bom=False)
    assert (tmp_path / "x.csv").read_bytes() == b"a\r\n"
    output = io.StringIO(newline="")
    assert write_csv_to(output, ["a"], [["b"]]) == 1
    assert output.getvalue() == "a\r\nb\r\n"


def test_control_characters_do_not_reach_the_file() -> None:
    assert safe_cell("a\x1b[31mb\x00c\u202ed") == "a\ufffd[31mb\ufffdcd"


def test_the_file_is_private_and_a_table_that_broke_off_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_csv(path, ["a"], [["old"]])
    assert path.stat().st_mode & 0o777 == 0o600

    def breaking() -> Iterator[list[str]]:
        yield ["new"]
        raise ZhibanError("away")

    with pytest.raises(ZhibanError):
        write_csv(path, ["a"], breaking())
    assert b"old" in path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["x.csv"]


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ZhibanError) as caught:
        write_csv(tmp_path / "missing" / "x.csv", ["a"], [])
    assert str(tmp_path / "missing") in caught.value.message
    assert caught.value.next_step


def test_a_long_table_is_written_a_row_at_a_time() -> None:
    drawn = 0

    def rows() -> Iterator[list[int]]:
        nonlocal drawn
        for number in range(1000):
            drawn += 1
            yield [number]

    lines = csv_lines(["n"], rows())
    next(lines)
    next(lines)
    assert drawn == 1
