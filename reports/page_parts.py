"""The parts of a page that terminal, spreadsheet and paper all show: sections of cells under columns, and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.columns import padded, width_of

BAR_COLUMNS = 30
"""The longest bar of a chart in a terminal."""


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell as text, and as a number of a spreadsheet where it is one."""

    text: str
    number: float | None = None
    percent: bool = False


@dataclass(frozen=True, slots=True)
class PageColumn:
    """A column; ``width`` is its share of the line."""

    label: str
    width: int
    right: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its name, its length against the longest (0 to 1), and its number as text."""

    label: str
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class PageSection:
    """A part of the assessment: rows under columns, ``empty`` where there are none, a chart beside them."""

    heading: str
    columns: tuple[PageColumn, ...]
    rows: tuple[tuple[PageCell, ...], ...]
    empty: str
    bars: tuple[Bar, ...] = ()


def bar_lines(bars: Sequence[Bar]) -> list[str]:
    """Return a chart in block characters, a line for each bar, exact to an eighth of a column."""
    names = max((width_of(bar.label) for bar in bars), default=0)
    lines = []
    for bar in bars:
        whole, eighths = divmod(round(bar.share * BAR_COLUMNS * 8), 8)
        drawn = "█" * whole + (" ▏▎▍▌▋▊▉"[eighths] if eighths else "")
        lines.append(f"  {padded(bar.label, names)} {drawn} {bar.text}")
    return lines
