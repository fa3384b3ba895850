"""Which Chinese font the paper is set in, and which characters it can draw.

The typesetter draws an empty box for a character the font lacks. A name must never print as a box, so the
font's own character map (OpenType ``cmap``, formats 4 and 12) is asked first.
"""

from __future__ import annotations

import bisect
import functools
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locales import _
from settings import ZhibanError

if TYPE_CHECKING:
    import typst

# A missing character's stand-in in Chinese typesetting since lead type: the geta mark.
GETA = "〓"

# In order of preference; the first is the one that comes with the extra ``paper``.
FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
    "SimSun",
    "Microsoft YaHei",
    "PingFang SC",
    # Rare characters of names only (CJK extensions B and later).
    "Plangothic P1",
    "Plangothic P2",
    "HanaMinB",
    "SimSun-ExtB",
    "MingLiU-ExtB",
)
_COLLECTION = b"ttcf"
_ZERO_WIDTH = range(0x200B, 0x2010)
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file. ``index`` counts the faces of a collection."""

    family: str
    path: Path
    index: int = 0


@dataclass(frozen=True)
class Typefaces:
    """What the typesetter is given: its loaded fonts and the faces to set in, the main one first."""

    fonts: typst.Fonts
    faces: tuple[Face, ...]

    def missing(self, text: str) -> list[str]:
        """Return the characters of ``text`` that no face can draw, in order of code point.

        A private-use character is always missing: what it looks like is anybody's guess.
        """
        visible = {character for character in text if not _is_invisible(character)}
        private = {ord(character) for character in visible if unicodedata.category(character) == "Co"}
        wanted = {ord(character) for character in visible} - private
        for face in self.faces:
            wanted -= _covered(face, wanted)
        return [chr(point) for point in sorted(wanted | private)]


@functools.cache
def typefaces(*, with_system: bool = False) -> Typefaces:
    """Return the bundled Chinese font; ``with_system`` (or without the bundle) the machine's own fonts as well.

    Raises :class:`ZhibanError` when the typesetter is not installed or no Chinese font is found.
    """
    fonts_of = _typesetter()
    folder = _bundled_folder()
    folders: list[Any] = [str(folder)] if folder else []  # typst types this list with a free variable
    fonts = fonts_of(
        include_system_fonts=with_system or folder is None,
        include_embedded_fonts=False,
        font_paths=folders,
    )
    upright = [f for f in fonts.fonts() if f.path and f.style == "normal"]
    found: dict[str, Face] = {}
    for info in sorted(upright, key=lambda f: (abs(f.weight - 400), f.path)):
        found.setdefault(info.family, Face(info.family, Path(info.path or ""), info.index))
    faces = [found[family] for family in FAMILIES if family in found]
    if not faces:
        raise _no_paper(_("No Chinese font was found on this machine."))
    return Typefaces(fonts, tuple(faces))


def _typesetter() -> type[typst.Fonts]:
    try:
        import typst
    except ImportError as error:
        raise _no_paper(_("The typesetter for PDF is not installed.")) from error
    return typst.Fonts


def _bundled_folder() -> Path | None:
    try:
        from noto_cjk_sans_otc import FONT_PATH
    except ImportError:
        return None
    return Path(str(FONT_PATH)).parent


def _no_paper(message: str) -> ZhibanError:
    return ZhibanError(
        message, next_step=_("Install it with: {command}").format(command="pip install 'zhiban[paper]'")
    )


def _is_invisible(character: str) -> bool:
    point = ord(character)
    return (
        character in "\n "
        or point in _ZERO_WIDTH
        or any(point in selectors for selectors in _VARIATION_SELECTORS)
    )


def _covered(face: Face, wanted: Iterable[int]) -> set[int]:
    ranges = _character_map(face)
    starts = [first for first, _last in ranges]
    return {point for point in wanted if _in_ranges(point, ranges, starts)}


def _in_ranges(point: int, ranges: Sequence[tuple[int, int]], starts: Sequence[int]) -> bool:
    place = bisect.bisect_right(starts, point) - 1
    return place >= 0 and point <= ranges[place][1]


@functools.cache
def _character_map(face: Face) -> tuple[tuple[int, int], ...]:
    """Return the ranges of code points ``face`` maps to a glyph, sorted; nothing for a map we cannot read."""
    with face.path.open("rb") as file:
        head = file.read(12)
        start = 0
        if head[:4] == _COLLECTION:
            file.seek(12 + 4 * face.index)
            (start,) = struct.unpack(">I", file.read(4))
        file.seek(start)
        (tables,) = struct.unpack(">4xH6x", file.read(12))
        directory = file.read(16 * tables)
        for tag, offset, length in struct.iter_unpack(">4s4xII", directory):
            if tag == b"cmap":
                file.seek(offset)
                return tuple(sorted(_ranges(file.read(length))))
    return ()


def _ranges(cmap: bytes) -> Iterator[tuple[int, int]]:
    (subtables,) = struct.unpack_from(">2xH", cmap)
    by_format = {}
    for _platform, _encoding, offset in struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * subtables]):
        (form,) = struct.unpack_from(">H", cmap, offset)
        by_format[form] = offset
    if 12 in by_format:
        yield from _format_12(cmap, by_format[12])
    elif 4 in by_format:
        yield from _format_4(cmap, by_format[4])


def _format_12(cmap: bytes, at: int) -> Iterator[tuple[int, int]]:
    # OpenType 1.9, cmap format 12: 16 bytes of header, then groups of first, last, glyph.
    (groups,) = struct.unpack_from(">I", cmap, at + 12)
    for first, last, _glyph in struct.iter_unpack(">III", cmap[at + 16 : at + 16 + 12 * groups]):
        yield first, last


def _format_4(cmap: bytes, at: int) -> Iterator[tuple[int, int]]:
    # OpenType 1.9, cmap format 4: the last codes, two bytes of padding, the first codes; 0xFFFF ends it.
    (twice,) = struct.unpack_from(">H", cmap, at + 6)
    lasts = struct.unpack_from(f">{twice // 2}H", cmap, at + 14)
    firsts = struct.unpack_from(f">{twice // 2}H", cmap, at + 16 + twice)
    yield from ((first, last) for first, last in zip(firsts, lasts, strict=True) if last != 0xFFFF)
