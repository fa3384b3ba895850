"""Turn a screen of a Textual application into a PNG in which Chinese stands where it stands on a terminal."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from textual.app import App

from locales import _
from settings import ZhibanError

_TEXT = re.compile(
    r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+"([^>]*)>([^<]*)</text>'
)
_NARROW_RUN = re.compile(r"[!-~]+|\S")
_COLUMN_PIXELS = 12.2  # what the toolkit's own template gives a column
_FONTS = "'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Noto Sans CJK SC', monospace"


def svg_of(app: App[Any], title: str = "") -> str:
    """Return the screen as SVG with every wide character in its own two columns.

    The toolkit counts characters, so a line with Chinese in it would drift away from its columns.
    """
    svg = _TEXT.sub(_placed, app.export_screenshot(title=title))
    return re.sub(r"font-family: ?Fira Code[^;]*;", f"font-family: {_FONTS};", svg)


def save_png(svg: str, file: Path) -> None:
    """Write ``svg`` as PNG with rsvg-convert. Raises :class:`ZhibanError` when it is not installed."""
    program = shutil.which("rsvg-convert")
    if program is None:
        raise ZhibanError(
            _("rsvg-convert is missing."),
            next_step="apt install librsvg2-bin fonts-noto-cjk fonts-dejavu-core",
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    command = [program, "--format", "png", "--width", "1400", "--keep-aspect-ratio", "--output", str(file)]
    subprocess.run(command, input=svg.encode(), check=True)


def _placed(match: re.Match[str]) -> str:
    style, left, top, rest, content = match.groups()
    return "".join(
        f'<text class="{style}" x="{float(left) + column * _COLUMN_PIXELS:.1f}" y="{top}" '
        f'textLength="{cell_len(run) * _COLUMN_PIXELS:.1f}"{rest}>{escape(run)}</text>'
        for column, run in _runs(unescape(content))
    )


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the visible runs of ``text`` with the column each begins in: ASCII together, anything else alone."""
    for run in _NARROW_RUN.finditer(text.replace("\xa0", " ")):
        yield cell_len(text[: run.start()].replace("\xa0", " ")), run.group()
