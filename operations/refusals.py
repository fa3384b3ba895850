"""What a rule refuses, as the error an operation raises: in words, with the centre's own clock (inside a transaction)."""

from __future__ import annotations

from locales import _
from operations.centre import zone
from operations.errors import Conflict
from regulation.findings import Refusal


def unless(refusal: Refusal | None) -> None:
    """Raise :class:`Conflict` with the article and what to do instead, if something stands against it."""
    if refusal is None:
        return
    text, next_step = refusal_words(refusal)
    raise Conflict(text, article=refusal.article, next_step=next_step)


def refusal_words(refusal: Refusal) -> tuple[str, str]:
    """Return a refusal and what to do instead, in the current language; details that are messages are translated."""
    here = zone()
    fields = {name: _(value) if value else "" for name, value in refusal.details.items()}
    fields |= {name: f"{at.astimezone(here):%m-%d %H:%M}" for name, at in refusal.instants.items()}
    return _(refusal.text).format(**fields), _(refusal.next_step).format(**fields)
