"""The words of a picture in both languages, as far as they fit the screen: what it says, what to do next, the keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from kiosk.form import reason_words
from kiosk.lettering import big_words, block_letters
from kiosk.views import View, ViewKind
from locales import LANGUAGES, N_, translate
from regulation.door_reports import KINDS, kind_label
from regulation.visiting import OFF_DUTY_REASONS

LARGE_COLUMNS: Final = 120
LARGE_ROWS: Final = 36
BIG_ROWS: Final = 14

NO_ENTRY: Final = N_("No entry: {why}")
KEY_REGISTER: Final = N_("1: visitor registration")
KEY_REPORT: Final = N_("4: report a breach")
KEY_MUSTER: Final = N_("9: emergency muster")
KEY_CANCEL: Final = N_("Esc: cancel")
KEY_BACK: Final = N_("Esc: back")
ARTICLE: Final = N_("Art. {article}")
OTHER_LANGUAGE_KEY: Final = {"zh_CN": "English: *", "en": "中文: *"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Words on a screen of ``columns`` by ``rows``, the language ``first`` before the other."""

    first: str
    columns: int
    rows: int

    @property
    def languages(self) -> list[str]:
        """Both languages, the chosen one first."""
        return [self.first, *(code for code in LANGUAGES if code != self.first)]

    @property
    def is_large(self) -> bool:
        """Whether there is room for block letters."""
        return self.columns >= LARGE_COLUMNS and self.rows >= LARGE_ROWS

    def both(self, message: str) -> str:
        """Both languages in one line, the chosen one first."""
        return " · ".join(dict.fromkeys(translate(message, code) for code in self.languages))

    def sentence(self, view: View, language: str) -> str:
        """Return what the picture says, in one language."""
        words = translate(view.text, language).format(label=view.label)
        if view.bars_entry:
            words = translate(NO_ENTRY, language).format(why=words)
        cited = translate(ARTICLE, language).format(article=view.article) if view.article else ""
        return "  ".join(part for part in (words, view.who, cited) if part)

    def next_step(self, view: View) -> str:
        """Return what to do next: a list to choose from, or a sentence."""
        if view.kind is ViewKind.REASON:
            listed = enumerate(OFF_DUTY_REASONS, start=1)
            return "\n".join(f"{number}  {self.both(reason.label)}" for number, reason in listed)
        if view.kind is ViewKind.REPORT:
            kinds = enumerate(KINDS, start=1)
            return "\n".join(f"{number}  {self.both(kind_label(kind))}" for number, kind in kinds)
        if view.kind is ViewKind.PIN and view.reason is not None:
            why = dict.fromkeys(reason_words(view.reason, code) for code in self.languages)
            return f"{view.subject}\n{' · '.join(why)}"
        return self._lines(view.next_step) if view.next_step else ""

    def last_line(self, view: View) -> str:
        """Return what is said at the end of the picture."""
        if not view.last_line:
            return ""
        cited = translate(ARTICLE, self.first).format(article=view.last_article) if view.last_article else ""
        return f"{self.both(view.last_line)}  {cited}".strip()

    def keys(self, view: View) -> str:
        """Return the keys that do something now."""
        if view.kind not in (ViewKind.IDLE, ViewKind.VERDICT):
            return self.both(KEY_BACK if view.kind in (ViewKind.MUSTER, ViewKind.PIN) else KEY_CANCEL)
        keys = (KEY_REGISTER, KEY_REPORT, KEY_MUSTER)
        other = OTHER_LANGUAGE_KEY[self.first]
        both = "    ".join([*(self.both(key) for key in keys), other])
        if cell_len(both) <= self.columns - 4:
            return both
        return "    ".join([*(translate(key, self.first) for key in keys), other])

    def big(self, view: View) -> str:
        """The words in block letters, where the terminal is large."""
        words = big_words(view)
        if not words or not self.is_large:
            return ""
        return block_letters(translate(words, self.first), self.columns - 8, BIG_ROWS)

    def spaced(self, text: str) -> str:
        """Space the words out as far as the screen is wide: they read better from afar."""
        room = self.columns - 8
        for gap in (3, 2, 1) if self.columns >= LARGE_COLUMNS else (1,):
            spaced = _wide_apart(text, gap)
            if cell_len(spaced) <= room:
                return spaced
        return text

    def _lines(self, message: str) -> str:
        """Both languages, in one line where there is room."""
        both = self.both(message)
        if cell_len(both) <= self.columns - 6:
            return both
        return "\n".join(dict.fromkeys(translate(message, code) for code in self.languages))


def _wide_apart(text: str, gap: int) -> str:
    """Put ``gap`` columns between Chinese characters; what is not Chinese stays together."""
    pairs = zip(text, text[1:] + " ", strict=True)
    return "".join(one + " " * gap if cell_len(one) == cell_len(two) == 2 else one for one, two in pairs)
