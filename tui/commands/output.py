"""What the commands print: people's words are read there and never act on the terminal, or on what a file is opened with.

Every command writes through this, so that no command can forget it. JSON escapes such characters before they come
here: a program gets exactly what was written.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

_REPLACED = "\N{REPLACEMENT CHARACTER}"


def inert(text: str) -> str:
    """Return ``text`` without what would act: controls become a mark, direction and invisible characters go.

    Line ends (``\\n``, ``\\r\\n``) and tabs stay.
    """
    if all(line.isprintable() for line in text.split("\n")):
        return text
    kept = text.replace("\r\n", "\n")
    ends = "\r\n" if len(kept) < len(text) else "\n"
    return "".join(_inert(sign) for sign in kept).replace("\n", ends)


def _inert(sign: str) -> str:
    if sign in "\n\t" or sign.isprintable():
        return sign
    return {"Cf": "", "Zs": sign}.get(unicodedata.category(sign), _REPLACED)


class InertOutput:
    """A text stream that writes only what is inert. It has no ``buffer``: there is no way around it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write ``text``, made inert."""
        self._stream.write(inert(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write every line."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self._stream, name)


@contextmanager
def inert_output() -> Iterator[None]:
    """Let standard output write only what is inert, until the command is done."""
    out = sys.stdout
    ours = sys.stdout = cast(TextIO, InertOutput(out))
    try:
        yield
    finally:
        # The toolkit puts a silent stream in its place when whoever read is gone; that one stays.
        if sys.stdout is ours:
            sys.stdout = out
