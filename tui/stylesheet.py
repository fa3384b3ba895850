"""The desk's style sheet: each part of it is parsed once for a palette, however many screens are opened after it."""

from __future__ import annotations

from typing import Any

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

# More than there are kinds of widgets and screens.
PARTS = 1024


class KeptStylesheet(Stylesheet):
    """What the toolkit's own parses anew for every screen that is opened first, this one remembers."""

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parse_cache: LRUCache[tuple[Any, ...], Any] = LRUCache(PARTS)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Forget what was parsed, if the palette is another one."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what is new."""
        self.parse()
