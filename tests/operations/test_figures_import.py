"""Art. 8: a file of the call platform, looked at first, taken over whole or not at all, and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from locales import using_language
from operations import figure_kinds, figures
from operations.boundary import SYSTEM
from operations.errors import NotPermitted
from operations.figures_file import FiguresFile, read_figures
from operations.figures_import import FiguresFileRefused, ImportPlan, figures_import_plan, import_figures
from settings import Figures
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, OPERATOR, audit_actions, row_counts

FILE = '日期,班次,呼入量,20秒接通率,值班员\n2026-11-23,早班,"1,385",78.6%,李秀英\n2026-11-23,夜班,412,91.4%,王建国\n'
MAPPING = Figures(columns={"呼入量": "calls_in", "20秒接通率": "answered_20s"})


def read(text: str = FILE, mapping: Figures = MAPPING, encoding: str = "utf-8") -> FiguresFile:
    known = figure_kinds.figure_headers(SYSTEM, NOW)
    return read_figures(text.encode(encoding), mapping, known)


def take(built: Built, text: str = FILE, mapping: Figures = MAPPING, reason: str = "") -> ImportPlan:
    return import_figures(built.actors[LEADER], NOW, read(text, mapping), mapping, "话务.csv", reason)


def values(built: Built) -> list[tuple[str, str, str]]:
    forms = figures.figure_forms(built.actors[LEADER], NOW, TODAY)
    return [(f.shift, r.kind.code, r.value) for f in forms for r in f.rows if r.value]


IMPORTED = [
    ("early", "calls_in", "1385"),
    ("early", "answered_20s", "78.6"),
    ("night", "calls_in", "412"),
    ("night", "answered_20s", "91.4"),
]


def test_a_file_is_taken_over_with_its_name_and_by_whom(centre: Built) -> None:
    plan = take(centre)
    assert (len(plan.changes), plan.unchanged, plan.problems) == (4, 0, ())
    assert values(centre) == IMPORTED
    row = figures.figure_forms(centre.actors[LEADER], NOW, TODAY)[1].rows[0]
    assert (row.source, row.entered_by) == ("话务.csv", f"王建国({LEADER})")
    assert read().ignored == ("值班员",)


def test_the_same_file_twice_changes_nothing_at_all(centre: Built) -> None:
    take(centre)
    before = row_counts()
    assert take(centre) == ImportPlan((), 4, ())
    assert row_counts() == before
    assert audit_actions().count("write_imported_figures") == 1


def test_looking_at_a_file_changes_nothing(centre: Built) -> None:
    before = row_counts()
    plan = figures_import_plan(centre.actors[LEADER], NOW, read(), MAPPING)
    assert [(c.line, c.column, c.shift, c.value) for c in plan.changes][:2] == [
        (2, "呼入量", "early", "1385"),
        (2, "20秒接通率", "early", "78.6"),
    ]
    assert row_counts() == before


def test_one_wrong_cell_keeps_the_whole_file_out_and_says_where(centre: Built) -> None:
    before = row_counts()
    with pytest.raises(FiguresFileRefused, match="1 mistakes; nothing was imported") as refused:
        take(centre, FILE.replace("412", "viele"))
    assert [(p.line, p.column, p.text) for p in refused.value.problems] == [
        (3, "呼入量", "“viele” is not a number")
    ]
    assert row_counts() == before


def test_another_value_is_a_correction_and_needs_a_reason(centre: Built) -> None:
    take(centre)
    changed = FILE.replace("412", "421")
    with pytest.raises(FiguresFileRefused) as refused:
        take(centre, changed)
    assert "412 is there already; another value needs --reason." in refused.value.problems[0].text
    plan = take(centre, changed, reason="平台重新导出")
    assert [(c.code, c.before, c.value) for c in plan.changes] == [("calls_in", "412", "421")]
    night = figures.figure_forms(centre.actors[LEADER], NOW, TODAY)[1].rows[0]
    assert (night.value, night.reason, [e.value for e in night.earlier]) == ("421", "平台重新导出", ["412"])


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "=HYPERLINK(\"\"http://x\"\")", "+412", "@SUM(A1)", "[bold]412[/bold]", "<b>412</b>", "412\t", "-412"],
)  # fmt: skip
def test_formulas_and_markup_are_text_and_no_numbers(centre: Built, cell: str) -> None:
    if cell == "412\t":
        assert take(centre, FILE.replace(",412,", f',"{cell}",')).changes, "a stray tab is only a blank"
        return
    with pytest.raises(FiguresFileRefused, match="1 mistakes"):
        take(centre, FILE.replace(",412,", f',"{cell}",'))


def test_a_blank_cell_gives_no_figure_and_blank_lines_are_skipped(centre: Built) -> None:
    take(centre, FILE.replace(",412,", ",,") + "\n,,,,\n\n")
    assert values(centre) == [row for row in IMPORTED if row[2] != "412"]


def test_headings_by_code_or_name_in_either_language_need_no_mapping(centre: Built) -> None:
    text = "日期,班次,calls_in,complaints\n2026-11-23,night shift,412,3\n"
    take(centre, text, Figures())
    assert values(centre) == [("night", "calls_in", "412"), ("night", "complaints", "3")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_of_the_platform(centre: Built, encoding: str) -> None:
    mapping = Figures(encoding="gb18030" if encoding == "gb18030" else "utf-8", columns=MAPPING.columns)
    import_figures(centre.actors[LEADER], NOW, read(FILE, mapping, encoding), mapping, "x.csv")
    assert values(centre) == IMPORTED


def test_other_signs_between_cells_and_thousands_another_date_and_ratios(centre: Built) -> None:
    mapping = Figures(
        delimiter=";", date_format="%Y/%m/%d", thousands=" ", percent="ratio", date_column="day",
        shift_column="shift", columns={"in": "calls_in", "share": "answered_20s"},
    )  # fmt: skip
    text = "day;shift;in;share\n2026/11/23;早;1 385;0.786\n2026/11/23;night;412;0.914\n"
    take(centre, text, mapping)
    assert values(centre) == IMPORTED


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, "日期", "There is no column 日期"),
        ("日期,班次\n2026-11-23,夜班\n", 1, "呼入量", "There is no column 呼入量"),
        (FILE.replace("值班员", "呼入量"), 1, "呼入量", "is there twice"),
        (FILE.splitlines()[0] + "\n", 0, "", "no line of figures"),
        (FILE.replace("2026-11-23,夜班", "23.11.2026,夜班"), 3, "日期", "not a date written like 2026-11-23"),
        (FILE.replace("2026-11-23,夜班", "合计,"), 3, "日期", "“合计” is not a date"),
        (FILE.replace("夜班", ""), 3, "班次", "No shift is named"),
        (FILE.replace("夜班", "晚班"), 3, "班次", "has no shift called “晚班”; it has: 早班、夜班"),
        (FILE.replace("2026-11-23,夜班", "2026-11-24,夜班"), 3, "班次", "has not begun"),
        (FILE.replace("早班", "夜班"), 3, "班次", "stand in line 2 already"),
        (FILE.replace("早班", "night"), 3, "班次", "stand in line 2 already"),
        (FILE.replace(",王建国", ""), 3, "", "has 4 cells, the heading 5"),
        (FILE.replace("412", '"41"2'), 0, "", "not a table"),
        (FILE.replace("\"1,385\"", "\"1,385\n\""), 2, "呼入量", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_line_and_column_and_nothing_is_imported(
    centre: Built, text: str, line: int, column: str, words: str
) -> None:
    if not words:
        assert [c.line for c in take(centre, text).changes] == [2, 2, 4, 4], "lines count as an editor counts"
        return
    before = row_counts()
    with pytest.raises(FiguresFileRefused) as refused:
        take(centre, text)
    first = refused.value.problems[0]
    assert (first.line, first.column) == (line, column)
    assert words in first.text
    assert row_counts() == before


def test_two_columns_for_one_figure_and_an_unknown_figure_are_refused(centre: Built) -> None:
    twice = Figures(columns={"呼入量": "calls_in", "20秒接通率": "calls_in"})
    with pytest.raises(FiguresFileRefused) as refused:
        take(centre, FILE, twice)
    assert "Two columns mean the figure calls_in" in refused.value.problems[0].text
    with pytest.raises(FiguresFileRefused) as refused:
        take(centre, FILE, Figures(columns={"呼入量": "nonsense"}))
    assert "no figure nonsense" in refused.value.problems[0].text


def test_a_file_in_another_encoding_says_which_line_and_what_to_try(centre: Built) -> None:
    broken = read(FILE, MAPPING, "gb18030")
    assert (broken.problems[0].line, "Try --encoding gb18030" in broken.problems[0].text) == (1, True)


def test_a_file_without_any_known_column_says_how_to_name_one(centre: Built) -> None:
    problems = read("日期,班次,x\n2026-11-23,夜班,1\n", Figures()).problems
    assert "--column HEADING=CODE" in problems[0].text


def test_a_file_that_is_no_file_of_figures_is_refused_whatever_it_holds(centre: Built) -> None:
    for data in (b"\x00" * 100, b"\xff\xfe\x00", b"PK\x03\x04" * 50, b"," * 100_000, b'"' * 9):
        found = read_figures(data, MAPPING, {})
        assert found.problems
        assert not found.rows
    assert "larger than 5 MB" in read_figures(b"1" * 5_000_001, MAPPING, {}).problems[0].text


@pytest.mark.language("zh_CN")
def test_the_mistakes_of_a_file_are_said_in_chinese(centre: Built) -> None:
    with using_language("zh_CN"):
        plan = figures_import_plan(centre.actors[LEADER], NOW, read(FILE.replace("412", "x")), MAPPING)
    assert "不是数字" in plan.problems[0].text


def test_art02_an_operator_imports_nothing(centre: Built) -> None:
    with pytest.raises(NotPermitted):
        import_figures(centre.actors[OPERATOR], NOW, read(), MAPPING, "x.csv")
    import_figures(centre.actors[MANAGER], NOW + timedelta(hours=1), read(), MAPPING, "x.csv")
