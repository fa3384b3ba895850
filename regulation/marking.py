"""Mark text for the message catalogues without depending on them."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802  gettext's own name for it
    """Return ``message`` unchanged; the layers above translate it when they show it."""
    return message
