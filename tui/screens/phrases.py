"""The phrases of the appendix, found by situation or by word, in both languages."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from locales import N_, _, language
from regulation.phrases import Phrase, find_phrases
from tui.screens.dialog import DeskDialog


def phrase_content(phrase: Phrase) -> Content:
    """Return a phrase with its situation; the reader's language first."""
    chinese = language() == "zh_CN"
    situation = phrase.situation_zh if chinese else phrase.situation_en
    first, second = (phrase.text_zh, phrase.text_en) if chinese else (phrase.text_en, phrase.text_zh)
    return Content.assemble(
        (f"{phrase.number}  {situation}\n", "$faint"), (f"   {first}\n", "bold"), (f"   {second}", "$faint")
    )


def phrases_found(query: str) -> Content:
    """Return every phrase that matches, or what to do when none does."""
    found = find_phrases(query)
    if not found:
        return Content.styled(_("No phrase speaks of that. Try another word."), "$faint")
    return Content("\n\n").join([phrase_content(phrase) for phrase in found])


class PhrasesDialog(DeskDialog[None]):
    """Type to search; Esc goes back."""

    TITLE = N_("Phrases")
    AUTO_FOCUS = "Input"

    def compose_fields(self) -> ComposeResult:
        """A search line over the phrases."""
        yield Input(placeholder=_("Find by situation or word…"))
        with VerticalScroll(classes="dialog--scroll"):
            yield Static(phrases_found(""), id="found")

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        self.query_one("#found", Static).update(phrases_found(event.value))
