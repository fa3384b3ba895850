"""A long table on landscape A4: the machine-room entry register, the door log."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reports.sheet import Column, Digest, changed, printable
from reports.typesetting import MILLIMETRE, fit, fit_row, typeset

_BODY_POINTS: Final = 8.5
_LINE_EM: Final = 271 * MILLIMETRE / _BODY_POINTS  # the text's width across A4
_CELL_MARGINS_EM: Final = 6 / _BODY_POINTS


@dataclass(frozen=True, slots=True)
class LongTable:
    """One document. A column's ``width`` is its share of the line; ``row_millimetres`` is a row's least height.

    ``warnings`` stand above the table, ``total`` under it, ``closing`` beneath with room for ink after each.
    ``page`` holds ``{page}`` and ``{pages}``; ``digests`` stand in the footer.
    """

    title: str
    owner: str
    subject: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    total: str
    digests: tuple[Digest, ...]
    printed: str
    page: str
    row_millimetres: float = 6.0
    warnings: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


def render_long_table(table: LongTable, printed_at: datetime, language: str) -> bytes:
    """Return ``table`` as PDF. Raises :class:`ZhibanError` as the typesetter does."""
    shown = changed(table, printable)
    shares = [column.width for column in shown.columns]
    page = _LINE_EM - _CELL_MARGINS_EM * len(shares)
    fitted = changed(shown, lambda text: fit(text, _LINE_EM / 2))
    rows = tuple(fit_row(row, shares, page) for row in shown.rows)
    return typeset(
        "landscape.typ", dataclasses.asdict(dataclasses.replace(fitted, rows=rows)), printed_at, language
    )
