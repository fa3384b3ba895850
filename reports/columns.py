"""Text in columns: wide characters count two, lines break where Chinese and English allow it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.cells import cell_len

PAGE_COLUMNS = 80

# A closing mark never begins a line and an opening one never ends it (GB/T 15834).
_CLOSING = (
    r"\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u3015\u300b\u300d\u300f\u3011\u2026%\u2030)\],.;:!?"
)
_OPENING = r"\uff08\u3014\u300a\u300c\u300e\u3010(\["
_PIECES = re.compile(
    rf"[{_OPENING}]*(?:[\u1100-\U0003ffff]|[^\s\u1100-\U0003ffff]+?(?=[\s\u1100-\U0003ffff{_OPENING}]|$)|[{_OPENING}])"
    rf"[{_CLOSING}]*|\s+"
)


def width_of(text: str) -> int:
    """Return how many columns of a terminal or a line printer ``text`` takes."""
    return cell_len(text)


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return ``text`` filled with spaces to ``width`` columns; longer text is returned as it is."""
    space = " " * max(0, width - width_of(text))
    return space + text if right else text + space


def wrapped(text: str, width: int) -> list[str]:
    """Break ``text`` into lines of at most ``width`` columns; its own line breaks are kept. Never empty."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_broken(paragraph, max(width, 2)))
    return lines


def side_by_side(cells: Sequence[str], widths: Sequence[int], gap: int = 2) -> list[str]:
    """Lay ``cells`` beside each other, each wrapped to its width, ``gap`` columns apart."""
    columns = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max((len(column) for column in columns), default=0)
    filled = [column + [""] * (height - len(column)) for column in columns]
    spacer = " " * gap
    return [
        spacer.join(padded(part, width) for part, width in zip(row, widths, strict=True)).rstrip()
        for row in zip(*filled, strict=True)
    ]


def indented(lines: Iterable[str], by: int) -> list[str]:
    """Return ``lines`` moved ``by`` columns to the right."""
    return [(" " * by + line).rstrip() for line in lines]


def _broken(paragraph: str, width: int) -> list[str]:
    lines, line = [], ""
    for match in _PIECES.finditer(paragraph):
        piece = match.group()
        if line and width_of(line) + width_of(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        if not line:
            piece = piece.lstrip() if lines else piece
        line += piece
        while width_of(line.rstrip()) > width:
            head = _head(line, width)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _head(text: str, width: int) -> str:
    """The longest beginning of ``text`` that fits, at least one character: an unbreakable word must go on."""
    taken = 0
    for place, character in enumerate(text):
        taken += width_of(character)
        if taken > width:
            return text[: max(place, 1)]
    return text
