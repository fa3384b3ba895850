"""Files of punches, read: what attendance machines and other systems write, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from operations.errors import Invalid
from operations.punch_file import (
    ATTLOG,
    BUILT_IN,
    LONG_CSV,
    MOST_ROWS,
    PunchFile,
    PunchFormat,
    check_format,
    format_of,
    read_punches,
)
from regulation.records import Direction

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
# As the machines write it: the number padded, the device's number, the state, how, the work code.
ATTLOG_DAT = (
    "     1017\t2026-11-23 21:45:12\t1\t0\t1\t0\r\n"
    "     1017\t2026-11-24 06:03:40\t1\t1\t15\t0\r\n"
    "        7\t2026-11-24 06:04:00\t1\t255\t1\t0\r\n"
)
IN, OUT, UNSAID = Direction.IN, Direction.OUT, Direction.NONE


def read(text: str | bytes, form: PunchFormat | None = None, zone: ZoneInfo = SHANGHAI) -> PunchFile:
    data = text if isinstance(text, bytes) else text.encode()
    name = "mapped" if form else format_of(data)
    return read_punches(data, name, form or BUILT_IN[name], zone)


def mistakes(found: PunchFile) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.text) for problem in found.problems]


def test_attlog_dat_is_known_by_its_tabs_and_read_in_the_centres_time() -> None:
    found = read(ATTLOG_DAT)
    assert (found.source, found.problems) == (ATTLOG, ())
    assert [(p.line, p.number, p.direction) for p in found.punches] == [
        (1, "1017", IN),
        (2, "1017", OUT),
        (3, "7", UNSAID),
    ]
    assert found.punches[0].at == datetime(2026, 11, 23, 13, 45, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "direction"),
    [("0", IN), ("1", OUT), ("2", OUT), ("3", IN), ("4", IN), ("5", OUT), ("255", UNSAID), ("", UNSAID)],
)
def test_the_states_of_attlog_are_in_out_breaks_and_overtime(state: str, direction: Direction) -> None:
    (punch,) = read(f"17\t2026-11-23 08:00:00\t1\t{state}\t1\t0\n").punches
    assert punch.direction is direction


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_long_form_is_read_by_its_headings_in_both_languages_and_encodings(encoding: str) -> None:
    text = "方向,工号,姓名,时间\n签到,1017,陈静,2026-11-23 21:45:12\n出,1017,陈静,2026-11-24T06:03\n"
    found = read(text.encode(encoding))
    assert (found.source, found.problems) == (LONG_CSV, ())
    assert [(p.number, p.direction) for p in found.punches] == [("1017", IN), ("1017", OUT)]
    same = read("work_number,at,direction\n1017,2026-11-23T13:45:12Z,in\n1017,2026-11-23T22:03:00Z,out\n")
    assert [p.at for p in same.punches] == [p.at for p in found.punches]


def test_every_line_that_says_no_punch_is_a_mistake_with_its_number_and_its_column() -> None:
    text = (
        "work_number,at,direction\n"
        "1017,2026-11-23,in\n"
        ",2026-11-23 08:00,in\n"
        "\n"
        "1017,2026-11-31 08:00,in\n"
        "1017,2026-11-23 08:00,inside\n"
        "1017\n"
        "1017,2026-11-23 08:00,in\n"
    )
    found = read(text)
    assert [line for line, _column, _text in mistakes(found)] == [2, 3, 5, 6, 7]
    assert [column for _line, column, _text in mistakes(found)] == [
        "at",
        "work_number",
        "at",
        "direction",
        "",
    ]
    assert "“2026-11-23” is not a time written like 2026-11-23 21:50:07." in mistakes(found)[0][2]
    assert "“inside” is neither in nor out" in mistakes(found)[3][2]
    assert [p.line for p in found.punches] == [8]


def test_a_time_that_came_twice_or_never_is_a_mistake_and_one_with_its_offset_is_not() -> None:
    head = "work_number,at,direction\n"
    for local, word in (("2026-10-25 02:30", "twice"), ("2026-03-29 02:30", "never showed")):
        ((line, column, text),) = mistakes(read(f"{head}7,{local},in\n", zone=BERLIN))
        assert (line, column, word in text) == (2, "at", True)
    (punch,) = read(f"{head}7,2026-10-25T02:30+01:00,in\n", zone=BERLIN).punches
    assert punch.at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_mapping_says_columns_form_of_the_time_words_parting_and_zone() -> None:
    form = PunchFormat(
        number="编号",
        at="日期",
        time="钟点",
        direction="",
        at_format="%d.%m.%Y %H:%M",
        delimiter=";",
        otherwise="in",
        zone="Europe/Berlin",
    )
    check_format(form)
    (punch,) = read("编号;日期;钟点;门\n0017;24.11.2026;05:58;东\n", form).punches
    assert (punch.number, punch.direction) == ("0017", IN)
    assert punch.at == datetime(2026, 11, 24, 4, 58, tzinfo=UTC)


def test_who_does_not_say_which_way_goes_the_way_of_the_machine_only_when_the_mapping_says_so() -> None:
    entrance = replace(BUILT_IN[ATTLOG], otherwise="in")
    directions = [p.direction for p in read(ATTLOG_DAT, entrance).punches]
    assert directions == [IN, OUT, IN]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"at_format": "%Y-%m-%d"}, "must hold year"),
        ({"at_format": "%H:%M"}, "must hold year"),
        ({"delimiter": ""}, "parts the columns"),
        ({"otherwise": "both"}, "in or out"),
        ({"heading": False}, "counted from 1"),
        ({"leaving": ("IN",)}, "two directions"),
    ],
)
def test_a_mapping_by_which_nothing_could_be_read_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        check_format(replace(PunchFormat(), **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no column work_number"),
        (b"work_number,at,direction\n", "holds no punch"),
        (b"work_number,when\n1,2\n", "no column at"),
        (b"work_number,at,at,direction\n", "there twice"),
        (b"\xff\xfe\x00\x01", "neither an Excel sheet nor a text"),
        (b'work_number,at,direction\n"1017,', "not a table"),
        (b"work_number,at,direction\n" + b"1,2,in\n" * (MOST_ROWS + 1), "more than 200000 lines"),
    ],
)
def test_a_file_that_is_no_file_of_punches_says_why(data: bytes, says: str) -> None:
    found = read(data)
    ((line, _column, text),) = mistakes(found)
    assert (line, found.punches, says in text) == (0, (), True)


def test_what_stands_in_a_cell_is_never_more_than_text() -> None:
    ((_line, _column, text),) = mistakes(read("work_number,at,direction\n=1+1,=NOW(),in\n"))
    assert "“=NOW()” is not a time" in text
