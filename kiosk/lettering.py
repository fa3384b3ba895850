"""Block letters for a large screen: the two or three words that can be read from two metres away.

A glyph's pixel is half a terminal cell high and a whole one wide, which is about square. The letters come with the
extra ``kiosk``; without it, or where they do not fit, the screen shows its plain words alone.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kiosk.views import View, ViewKind
from locales import N_
from regulation.access import DOOR_CODES, Outcome

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SIMPLIFIED_CHINESE: Final = 2
"""The face of the bundled collection."""

SIZES: Final = (28, 24, 20, 16)
"""Heights in pixels that still draw 陪 so that it can be told from 部; the largest that fits is taken."""

INK: Final = 96
"""From this grey (of 255) on a pixel is set: hairlines stay, curves do not swell."""

HALVES: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}

PLEASE_BADGE: Final = N_("Please badge")
NO_ENTRY: Final = N_("No entry")
PLEASE_ENTER: Final = N_("Please enter")
GOODBYE: Final = N_("Goodbye")
ESCORT_BADGES: Final = N_("Escort: badge")
BIG_WORDS: Final = (PLEASE_BADGE, NO_ENTRY, PLEASE_ENTER, GOODBYE, ESCORT_BADGES)


def big_words(view: View) -> str:
    """Return the message that the picture says in block letters, or an empty string."""
    if view.kind is ViewKind.IDLE:
        return PLEASE_BADGE
    if view.kind is ViewKind.ESCORT:
        return ESCORT_BADGES
    if view.bars_entry:
        return NO_ENTRY
    kind = DOOR_CODES.get(view.code)
    if view.kind is not ViewKind.VERDICT or kind is None or not kind.outcome.opens:
        return ""
    return GOODBYE if kind.outcome is Outcome.RELEASED else PLEASE_ENTER


@functools.lru_cache(maxsize=64)
def block_letters(text: str, columns: int, rows: int) -> str:
    """Return ``text`` drawn in at most ``columns`` × ``rows`` cells; empty where that cannot be done."""
    for size in SIZES:
        pixels = _pixels(text, size)
        if pixels and len(pixels[0]) <= columns and len(pixels) <= 2 * rows:
            return _cells(pixels)
    return ""


def draw_ahead(texts: Iterable[str], columns: int, rows: int) -> None:
    """Draw ``texts`` in a thread of its own, so that nobody waits for a letter the first time it is shown."""

    def draw(wanted: tuple[str, ...] = tuple(texts)) -> None:
        for text in wanted:
            block_letters(text, columns, rows)

    threading.Thread(target=draw, name="lettering", daemon=True).start()


def _pixels(text: str, size: int) -> list[list[bool]]:
    """Return the set pixels of ``text``, an even number of rows, without empty margins; nothing without a font."""
    font = _font(size)
    if font is None:
        return []
    from PIL import Image, ImageDraw

    left, top, right, bottom = (round(edge) for edge in font.getbbox(text))
    picture = Image.new("L", (max(1, right - left), (bottom - top + 1) // 2 * 2))
    ImageDraw.Draw(picture).text((-left, -top), text, font=font, fill=255)
    ink, width = picture.tobytes(), picture.width
    return [[grey >= INK for grey in ink[at : at + width]] for at in range(0, len(ink), width)]


def _cells(pixels: list[list[bool]]) -> str:
    pairs = zip(pixels[::2], pixels[1::2], strict=True)
    return "\n".join("".join(HALVES[pair] for pair in zip(*rows, strict=True)) for rows in pairs)


@functools.cache
def _font(size: int) -> FreeTypeFont | None:
    try:
        from noto_cjk_sans_otc import FONT_PATH
        from PIL import ImageFont

        return ImageFont.truetype(str(FONT_PATH), size, index=SIMPLIFIED_CHINESE)
    except (ImportError, OSError):
        return None
