"""A sheet of paper before it is set: everything on it is text, in order, in the reader's language.

Text and PDF are both made from the same sheet, so what is printed on one is printed on the other.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``width`` is its share of a line of 80.

    A ``long`` column holds sentences: paper gives it a column, plain text a paragraph of its own.
    """

    label: str
    width: int
    long: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a heading. A cell may hold several lines. ``empty`` is shown when there is no row."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """Many short facts under one heading, set in ``across`` columns."""

    heading: str
    facts: tuple[str, ...]
    across: int = 2


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest with its label, in groups of four, or the words that say why there is none."""

    label: str
    groups: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the sheet: a heading (may be empty), a line of facts and a digest beneath it, and its tables."""

    heading: str
    fact: str = ""
    digest: Digest | None = None
    blocks: tuple[Table | Flow, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """Room for one signature in ink; ``given`` is what was signed with a credential, line by line."""

    role: str
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """Boxes that belong together, such as both sides of one handover. ``label`` names the handover."""

    label: str
    boxes: tuple[SignatureBox, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document. ``page`` holds ``{page}`` and ``{pages}``; ``draft`` and ``reprint`` are marks or empty."""

    title: str
    owner: str
    subject: str
    sections: tuple[Section, ...]
    signatures_heading: str
    signatures: tuple[SignatureRow, ...]
    sign_here: str
    date_here: str
    digest: Digest
    printed: str
    page: str
    draft: str = ""
    reprint: str = ""


def changed(value: T, change: Callable[[str], str]) -> T:
    """Return ``value`` with ``change`` applied to every string inside its records, tuples, lists and mappings."""
    held: Any = value
    if isinstance(held, str):
        held = change(held)
    elif isinstance(held, tuple | list):
        held = type(held)(changed(part, change) for part in held)
    elif isinstance(held, dict):
        held = {key: changed(part, change) for key, part in held.items()}
    elif dataclasses.is_dataclass(held) and not isinstance(held, type):
        parts = {f.name: changed(getattr(held, f.name), change) for f in dataclasses.fields(held)}
        held = dataclasses.replace(held, **parts)
    return held  # type: ignore[no-any-return]


def printable(text: str) -> str:
    """Return ``text`` without what would move the print head or reorder the line.

    Control and unpaired characters become U+FFFD, a tab becomes a space, invisible direction marks go: the paper
    shows what was written, and nothing written can act on the printer or the terminal that shows it.
    """
    return "".join(_shown(character) for character in text.replace("\r\n", "\n").replace("\t", " "))


def grouped(digest: str, in_line: int = 16) -> str:
    """Return a digest in groups of four, as people read it aloud, ``in_line`` groups to a line."""
    groups = [digest[at : at + 4] for at in range(0, len(digest), 4)]
    return "\n".join(" ".join(groups[at : at + in_line]) for at in range(0, len(groups), in_line))


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if character == "\n" or kind not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    return {"Cf": "", "Zl": "\n", "Zp": "\n"}.get(kind, "\N{REPLACEMENT CHARACTER}")
