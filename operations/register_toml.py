"""A centre's own register written as the TOML file that defines it: read again, it is the same definition."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

# As one writes it: what it is called before what it does. Databases keep no order.
_ORDER = (
    "key", "title", "label", "articles", "kind", "adders", "readers", "keepers", "columns", "about", "day", "from", "to",
    "roles", "required", "field", "choice", "state", "step", "start",
)  # fmt: skip


def definition_text(body: Mapping[str, Any]) -> str:
    """Return a definition as it is stored as TOML; what is not a table stands first, as the format asks."""
    return "\n".join(_lines(body, "")).lstrip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    ordered = sorted(
        table.items(), key=lambda item: _ORDER.index(item[0]) if item[0] in _ORDER else len(_ORDER)
    )
    for key, value in ordered:
        if not _is_tables(value):
            yield f"{key} = {_value(value)}"
    for key, value in ordered:
        if _is_tables(value):
            for one in value:
                yield f"\n[[{path}{key}]]"
                yield from _lines(one, f"{path}{key}.")


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    # Strings of JSON are strings of TOML, but for one sign that JSON lets stand.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
