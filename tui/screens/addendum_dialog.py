"""A late addition to a sealed log (Art. 25, 33): signed and chained beside the sealed text, which never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from locales import _
from tui.screens.acting_form import ActingForm, credential_lines
from tui.screens.form_dialog import Field

if TYPE_CHECKING:
    from operations.handover_view import HandoverView

LONGEST_TEXT = 2000


def addendum_form(view: HandoverView, number: str, clock: Callable[[], datetime]) -> ActingForm:
    """Return the form that adds to the sealed log of ``view``; ``number`` is whoever sits at the desk."""
    from operations.addenda import add_addendum

    def act(values: Mapping[str, str]) -> Callable[[], object]:
        return partial(add_addendum, values["number"], values["pin"], clock(), view.log.id, values["text"])

    story = _(
        "The sealed text does not change. What you add stands beside it, marked as added later, with your name "
        "and the time, chained to digest {digest}."
    )
    return ActingForm(
        _("Add to the sealed log (Art. 25)"),
        Content(story.format(digest=view.digest[:8].upper())),
        [
            Field("text", _("What is added"), _("Write what is to be added."), longest=LONGEST_TEXT),
            *credential_lines(number),
        ],
        act,
    )
