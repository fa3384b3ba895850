"""Setting a page: archival PDF (PDF/A-2u), its Chinese font embedded, the same bytes for the same record.

Everything people wrote travels to the typesetter as JSON, never as its markup, so nothing written can act there.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from locales import N_, _, translate
from reports.font import GETA, typefaces
from reports.private_file import write_private
from reports.sheet import changed
from settings import ZhibanError

_PDF_STANDARD: Final = "a-2u"
# The note stands in the foot of every page: one line of it.
_NAMED_AT_MOST: Final = 6
_RUN = re.compile(r"[!-~\u00a1-\u2dff]{5,}")
_ZERO_WIDTH_SPACE = "\u200b"
MILLIMETRE: Final = 72 / 25.4
"""In points."""


def typeset(template: str, sheet: Mapping[str, Any], printed_at: datetime, language: str) -> bytes:
    """Return ``sheet`` as PDF, set by the ``template`` of that name beside this file.

    ``sheet`` is plain data; a character no font has is replaced by a mark and owned up to in its ``note``. Raises
    :class:`ZhibanError` when the extra ``paper`` is missing or the page cannot be set.
    """
    letters = "".join(_letters(sheet))
    faces = typefaces()
    if faces.missing(letters):
        faces = typefaces(with_system=True)
    data = _drawable(sheet, faces.missing(letters), language)
    import typst

    try:
        pdf = typst.compile(
            _template(template),
            font_paths=faces.fonts,
            ignore_system_fonts=True,
            sys_inputs={"sheet": json.dumps(data | {"families": [face.family for face in faces.faces]})},
            format="pdf",
            pdf_standards=_PDF_STANDARD,
            # The typesetter takes whole seconds only.
            timestamp=printed_at.astimezone(UTC).replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise ZhibanError(
            _("The page cannot be set: {why}.").format(why=error.message),
            next_step=_("Print it as text, and report this sentence to whoever keeps the system."),
        ) from error
    return bytes(pdf)


def save_pdf(path: Path, pdf: bytes) -> None:
    """Write ``pdf`` to ``path``, private to its owner, whole or not at all.

    Raises :class:`ZhibanError` when ``path`` cannot be written; what was there before is then untouched.
    """
    try:
        write_private(path, (pdf,))
    except OSError as error:
        raise ZhibanError(
            _("The PDF cannot be written to {path}: {why}.").format(path=path, why=error.strerror),
            next_step=_("Choose a folder that exists and is yours; nothing was changed."),
        ) from error


def fit(text: str, room: float) -> str:
    """Let every unbroken run wider than ``room`` em break anywhere: it would run into the next column."""

    def breakable(run: re.Match[str]) -> str:
        wide = sum(_em(character) for character in run.group()) > room
        return _ZERO_WIDTH_SPACE.join(run.group()) if wide else run.group()

    return _RUN.sub(breakable, text)


def fit_row(row: Sequence[str], shares: Sequence[int], page_em: float) -> tuple[str, ...]:
    """Fit the cells of ``row`` into columns that share ``page_em``."""
    whole = sum(shares)
    return tuple(fit(cell, page_em * share / whole) for cell, share in zip(row, shares, strict=True))


def _letters(sheet: Mapping[str, Any]) -> list[str]:
    found: list[str] = []

    def remember(text: str) -> str:
        found.append(text)
        return text

    changed(dict(sheet), remember)
    return found


def _drawable(sheet: Mapping[str, Any], missing: list[str], language: str) -> dict[str, Any]:
    """The sheet with missing characters replaced, and the note that owns up to it."""
    stand_ins = {ord(character): GETA for character in missing}
    data = changed(dict(sheet), lambda text: text.translate(stand_ins))
    note = ""
    if missing:
        words = translate(N_("{mark} stands for characters this printer's font lacks: {points}"), language)
        points = [f"U+{ord(character):04X}" for character in missing[:_NAMED_AT_MOST]]
        note = words.format(mark=GETA, points=", ".join([*points, *["…"] * (len(missing) > _NAMED_AT_MOST)]))
    return {**data, "lang": language.partition("_")[0], "note": note}


def _em(character: str) -> float:
    """A generous guess of a Latin character's width; a run that is broken too early still reads."""
    if character in "MW@%mw—":
        return 0.95
    return 0.68 if character.isupper() else 0.57


@functools.cache
def _template(name: str) -> bytes:
    return files("reports").joinpath(name).read_bytes()
