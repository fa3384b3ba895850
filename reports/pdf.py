"""The daily log as an A4 PDF: archival (PDF/A-2u), its Chinese font embedded, the same bytes for the same record.

Everything people wrote travels to the typesetter as JSON, never as its markup, so nothing written can act there.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import re
import tempfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from locales import DEFAULT_LANGUAGE, N_, _, translate
from regulation.daily_log import DailyLog
from reports.daily_log import daily_log_sheet
from reports.font import GETA, typefaces
from reports.sheet import Flow, Sheet, Table, changed
from settings import ZhibanError

_PDF_STANDARD: Final = "a-2u"
_RUN = re.compile(r"[!-~\u00a1-\u2dff]{5,}")
_ZERO_WIDTH_SPACE = "\u200b"
_PAGE_WIDTH_EM = 176 / 25.4 * 72 / 9  # the text's width on A4, in units of the body's size
_GUTTER_EM = 7 / 9
_HALF_PAGE_EM = 20.0


def render_pdf(
    log: DailyLog,
    *,
    printed_at: datetime,
    printed_by: str,
    reprint: bool = False,
    language: str = DEFAULT_LANGUAGE,
) -> bytes:
    """Return the daily log as PDF.

    Raises :class:`ZhibanError` when the extra ``paper`` is missing or the page cannot be set.
    """
    sheet = daily_log_sheet(
        log, printed_at=printed_at, printed_by=printed_by, reprint=reprint, language=language
    )
    return _set(sheet, printed_at, language)


def write_pdf(
    path: Path,
    log: DailyLog,
    *,
    printed_at: datetime,
    printed_by: str,
    reprint: bool = False,
    language: str = DEFAULT_LANGUAGE,
) -> None:
    """Write the daily log to ``path``, private to its owner, whole or not at all.

    Raises :class:`ZhibanError` as :func:`render_pdf` does, and when ``path`` cannot be written; what was there
    before is then untouched.
    """
    pdf = render_pdf(log, printed_at=printed_at, printed_by=printed_by, reprint=reprint, language=language)
    try:
        _replace(path.expanduser().resolve(), pdf)
    except OSError as error:
        raise ZhibanError(
            _("The PDF cannot be written to {path}: {why}.").format(path=path, why=error.strerror),
            next_step=_("Choose a folder that exists and is yours; nothing was changed."),
        ) from error


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(content)  # a pipe or a device is written to, never replaced
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _set(sheet: Sheet, printed_at: datetime, language: str) -> bytes:
    faces = typefaces()
    letters = "".join(_letters(sheet))
    if faces.missing(letters):
        faces = typefaces(with_system=True)
    data = _drawable(sheet, faces.missing(letters), language)
    import typst

    try:
        pdf = typst.compile(
            _template(),
            font_paths=faces.fonts,
            ignore_system_fonts=True,
            sys_inputs={"sheet": json.dumps(data | {"families": [f.family for f in faces.faces]})},
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


def _letters(sheet: Sheet) -> list[str]:
    found: list[str] = []

    def remember(text: str) -> str:
        found.append(text)
        return text

    changed(sheet, remember)
    return found


def _drawable(sheet: Sheet, missing: list[str], language: str) -> dict[str, object]:
    """The sheet as plain data: missing characters replaced and owned up to, long runs made breakable."""
    stand_ins = {ord(character): GETA for character in missing}
    sections = tuple(
        dataclasses.replace(section, blocks=tuple(_fitted(block) for block in section.blocks))
        for section in sheet.sections
    )
    fitted = changed(dataclasses.replace(sheet, sections=sections), lambda text: _fit(text, _HALF_PAGE_EM))
    data = changed(dataclasses.asdict(fitted), lambda text: text.translate(stand_ins))
    note = ""
    if missing:
        words = translate(N_("{mark} stands for characters this printer's font lacks: {points}"), language)
        note = words.format(mark=GETA, points=", ".join(f"U+{ord(character):04X}" for character in missing))
    return {**data, "lang": language.partition("_")[0], "note": note}


def _fitted(block: Table | Flow) -> Table | Flow:
    if isinstance(block, Flow):
        room = _PAGE_WIDTH_EM / block.across - 2
        return dataclasses.replace(block, facts=tuple(_fit(fact, room) for fact in block.facts))
    shares = sum(column.width for column in block.columns)
    page = _PAGE_WIDTH_EM - _GUTTER_EM * (len(block.columns) - 1)
    rooms = [page * column.width / shares for column in block.columns]
    rows = tuple(tuple(_fit(cell, room) for cell, room in zip(row, rooms, strict=True)) for row in block.rows)
    return dataclasses.replace(block, rows=rows)


def _fit(text: str, room: float) -> str:
    """Let every unbroken run wider than ``room`` em break anywhere: it would run into the next column."""

    def breakable(run: re.Match[str]) -> str:
        wide = sum(_em(character) for character in run.group()) > room
        return _ZERO_WIDTH_SPACE.join(run.group()) if wide else run.group()

    return _RUN.sub(breakable, text)


def _em(character: str) -> float:
    """A generous guess of a Latin character's width; a run that is broken too early still reads."""
    if character in "MW@%mw—":
        return 0.95
    return 0.68 if character.isupper() else 0.57


@functools.cache
def _template() -> bytes:
    return files("reports").joinpath("daily_log.typ").read_bytes()
