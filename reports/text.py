"""The daily log as plain text: 80 columns, pages of 60 lines, wide characters counted as two."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from locales import DEFAULT_LANGUAGE
from regulation.daily_log import DailyLog
from reports.columns import PAGE_COLUMNS, indented, padded, side_by_side, width_of, wrapped
from reports.daily_log import daily_log_sheet
from reports.sheet import Digest, Flow, Section, Sheet, SignatureRow, Table

PAGE_LINES = 60
FORM_FEED = "\f"
_MARGIN = 16

# What must stay on one page: a heading with its first row, a row, a signature row.
Group = list[str]


def render_text(
    log: DailyLog,
    *,
    printed_at: datetime,
    printed_by: str,
    reprint: bool = False,
    language: str = DEFAULT_LANGUAGE,
) -> str:
    """Return the daily log as text; pages end with a form feed, so a line printer breaks where the log does."""
    sheet = daily_log_sheet(
        log, printed_at=printed_at, printed_by=printed_by, reprint=reprint, language=language
    )
    foot = _foot(sheet)
    pages = _paginated([*_groups(sheet)], PAGE_LINES - len(foot) - 1)
    whole = [
        "\n".join([*page, *foot, _between(sheet.printed, _page_words(sheet, number, len(pages)))]) + "\n"
        for number, page in enumerate(pages, start=1)
    ]
    return FORM_FEED.join(whole)


def _groups(sheet: Sheet) -> Iterable[Group]:
    marks = "  ".join(f"[{mark}]" for mark in (sheet.draft, sheet.reprint) if mark)
    yield [_between(sheet.title, marks), _between(sheet.owner, sheet.subject), "═" * PAGE_COLUMNS]
    for section in sheet.sections:
        yield from _section(section)
    head = ["", "═" * PAGE_COLUMNS, sheet.signatures_heading]
    for row in sheet.signatures:
        yield head + _signature_row(row, sheet)
        head = []


def _section(section: Section) -> Iterable[Group]:
    head: Group = []
    if section.heading:
        head = ["", "═" * PAGE_COLUMNS, section.heading]
        head += wrapped(section.fact, PAGE_COLUMNS) if section.fact else []
        head += _digest(section.digest) if section.digest else []
    for block in section.blocks:
        for group in _table(block) if isinstance(block, Table) else _flow(block):
            yield head + group
            head = []
    if head:
        yield head


def _table(table: Table) -> Iterable[Group]:
    head = _heading(table.heading)
    if not table.rows:
        yield head + wrapped(table.empty, PAGE_COLUMNS)
        return
    stacked = any(column.long for column in table.columns)
    if not stacked:
        head += [*_row(table, tuple(column.label for column in table.columns)), "─" * PAGE_COLUMNS]
    for row in table.rows:
        yield head + (_stacked(table, row) if stacked else _row(table, row))
        head = []


def _row(table: Table, row: tuple[str, ...]) -> list[str]:
    widths = [column.width for column in table.columns]
    cells = [
        padded(cell, column.width, right=True) if column.right else cell
        for cell, column in zip(row, table.columns, strict=True)
    ]
    return side_by_side(cells, widths, _gap(widths))


def _stacked(table: Table, row: tuple[str, ...]) -> list[str]:
    """The short cells before the first sentence in a margin of their own, everything else in lines beside them."""
    cells = list(zip(table.columns, row, strict=True))
    first = next(place for place, (column, _cell) in enumerate(cells) if column.long)
    margin = [
        cell if at == 0 else f"{column.label} {cell}"
        for at, (column, cell) in enumerate(cells[:first])
        if cell
    ]
    body_width = PAGE_COLUMNS - _MARGIN - 2 if first else PAGE_COLUMNS - 2
    body = wrapped(cells[first][1], body_width)
    for column, cell in cells[first + 1 :]:
        if cell:
            label = width_of(column.label)
            text = cell if column.long else cell.replace("\n", " ")
            body += side_by_side([column.label, text], [label, body_width - label - 2])
    if not first:
        return [f"· {body[0]}", *indented(body[1:], 2)]
    return side_by_side(["\n".join(margin), "\n".join(body)], [_MARGIN, body_width])


def _flow(flow: Flow) -> Iterable[Group]:
    head = _heading(flow.heading)
    across = 2
    width = (PAGE_COLUMNS - 2 * (across - 1)) // across
    for at in range(0, len(flow.facts), across):
        cells = [*flow.facts[at : at + across], *[""] * across][:across]
        yield head + side_by_side(cells, [width] * across)
        head = []


def _signature_row(row: SignatureRow, sheet: Sheet) -> list[str]:
    width = (PAGE_COLUMNS - 2) // 2
    cells = []
    for box in row.boxes:
        line = f"{sheet.sign_here} " + "_" * 16
        cells.append("\n".join([box.role, *box.given, "", line, "", sheet.date_here]))
    label = [row.label.replace("\n", " ")] if row.label else []
    return ["", *label, *side_by_side(cells, [width] * len(cells))]


def _foot(sheet: Sheet) -> list[str]:
    marks = "  ".join(f"[{mark}]" for mark in (sheet.draft, sheet.reprint) if mark)
    return ["─" * PAGE_COLUMNS, *([marks] if marks else []), *_digest(sheet.digest)]


def _digest(digest: Digest) -> list[str]:
    groups = digest.groups.split(" ")
    half = (len(groups) + 1) // 2
    lines = [digest.groups] if len(groups) <= 8 else [" ".join(groups[:half]), " ".join(groups[half:])]
    return side_by_side([digest.label, "\n".join(lines)], [width_of(digest.label), 60])


def _page_words(sheet: Sheet, number: int, of: int) -> str:
    return sheet.page.format(page=number, pages=of)


def _heading(heading: str) -> list[str]:
    return ["", f"■ {heading}"] if heading else []


def _gap(widths: list[int]) -> int:
    return 2 if sum(widths) + 2 * (len(widths) - 1) <= PAGE_COLUMNS else 1


def _between(left: str, right: str) -> str:
    if width_of(left) + width_of(right) + 1 > PAGE_COLUMNS:
        return "\n".join([*wrapped(left, PAGE_COLUMNS), *wrapped(right, PAGE_COLUMNS)])
    return (padded(left, PAGE_COLUMNS - width_of(right)) + right).rstrip()


def _paginated(groups: list[Group], height: int) -> list[list[str]]:
    """Fill pages with whole groups; only a group taller than a page is cut."""
    pages: list[list[str]] = [[]]
    for group in groups:
        lines = [line for part in group for line in part.split("\n")]
        if pages[-1] and len(pages[-1]) + len(lines) > height:
            pages.append([])
        if not pages[-1]:
            lines = lines[1:] if lines[:1] == [""] else lines
        while len(lines) > height:
            pages[-1], lines = lines[:height], lines[height:]
            pages.append([])
        pages[-1] += lines
    return pages
