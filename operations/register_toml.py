"""A centre's own register written as the TOML file that defines it: read again, it is the same definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w

# As one writes it: what it is called before what it does. Databases keep no order.
_ORDER = (
    "key", "title", "label", "articles", "kind", "adders", "readers", "keepers", "columns", "about", "day", "from", "to",
    "roles", "required", "field", "choice", "state", "step", "start",
)  # fmt: skip


def definition_text(body: Mapping[str, Any]) -> str:
    """Return a definition as it is stored as TOML."""
    return tomli_w.dumps(_as_one_writes_it(body))


def _as_one_writes_it(part: Mapping[str, Any]) -> dict[str, Any]:
    names = sorted(part, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    return {name: _inside(part[name]) for name in names}


def _inside(value: Any) -> Any:
    if isinstance(value, list):
        return [_inside(one) for one in value]
    return _as_one_writes_it(value) if isinstance(value, Mapping) else value
