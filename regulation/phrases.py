"""The five phrases of the appendix, in the corrected wording, with an English line for each.

They are a centre's own data: a centre may replace them in its settings, so the search takes the phrases to look in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """What to say in one situation. ``number`` is the appendix's own."""

    number: int
    situation_zh: str
    situation_en: str
    text_zh: str
    text_en: str


PHRASES: tuple[Phrase, ...] = (
    Phrase(1, "接听 1000 热线", "Answering line 1000", "您好！中国电信。", "Hello, China Telecom."),
    Phrase(
        2,
        "用户没有说话或听不到用户声音",
        "Caller silent or unheard",
        "您好，这里是中国电信客服中心，请讲。",
        "Hello, this is the China Telecom service centre. Please go ahead.",
    ),
    Phrase(
        3,
        "用户声音太小",
        "Caller too quiet",
        "对不起，请您重复一遍好吗？",
        "I am sorry, could you say that once more, please?",
    ),
    Phrase(
        4,
        "用户抱怨等待太久",
        "Caller complains of waiting",
        "对不起，电话较忙，让您久等了。",
        "I am sorry, the lines are busy. Thank you for waiting.",
    ),
    Phrase(
        5,
        "用户提出建议或表示感谢",
        "Caller suggests or thanks",
        "感谢您对中国电信的支持，欢迎您继续关注，再见。",
        "Thank you for supporting China Telecom. We hope to hear from you again. Goodbye.",
    ),
)


def find_phrases(query: str, phrases: Iterable[Phrase] = PHRASES) -> list[Phrase]:
    """Return the phrases whose situation or text, in either language, contains ``query``; all for a blank one.

    Case and the width of punctuation do not matter: an input method may type either form.
    """
    wanted = _folded(query.strip())
    return [phrase for phrase in phrases if any(wanted in field for field in _searched(phrase))]


def _searched(phrase: Phrase) -> tuple[str, ...]:
    fields = (phrase.situation_zh, phrase.situation_en, phrase.text_zh, phrase.text_en)
    return tuple(_folded(field) for field in fields)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
