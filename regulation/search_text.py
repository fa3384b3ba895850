"""How the log is searched (Art. 9): a word is found wherever it stands in a text, Chinese or Latin or a number.

Chinese has no blanks between words, so a text is cut into its characters and its pairs of neighbours. A text can
only hold a word if it holds all of the word's pairs; the index answers that, and a look at the folded text itself
then decides. What is found is therefore exactly what a plain reading would find, in every database alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

MOST_WORDS = 8
LONGEST_WORD = 60
SNIPPET_BEFORE = 12
SNIPPET_LENGTH = 72

Span = tuple[int, int]


def folded(text: str) -> str:
    """Return ``text`` with small letters, half-width forms and plain blanks, character for character as long."""
    return "".join(_folded(sign) for sign in text)


def words_of(query: str) -> tuple[str, ...]:
    """Return the words of what someone typed; all of them must be found. The longest come first."""
    words = dict.fromkeys(word[:LONGEST_WORD] for word in folded(query).split())
    return tuple(sorted(words, key=lambda word: (-len(word), word)))[:MOST_WORDS]


def grams(text: str) -> set[str]:
    """Return every character and every pair of neighbours of a folded text, blanks left out."""
    found: set[str] = set()
    for run in text.split():
        found.update(run)
        found.update(run[place : place + 2] for place in range(len(run) - 1))
    return found


def grams_of_word(word: str) -> set[str]:
    """Return what a text must hold to hold ``word``: its pairs, or the character when it is only one."""
    return {word[place : place + 2] for place in range(len(word) - 1)} or {word}


def token(gram: str) -> str:
    """Return a character or a pair as a token that no tokenizer takes apart: five hexadecimal digits each."""
    return "".join(f"{ord(sign):05x}" for sign in gram)


def holds(text: str, words: Sequence[str]) -> bool:
    """Whether a folded text holds every one of the folded words."""
    return all(word in text for word in words)


def snippet(text: str, words: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    """Return the part of ``text`` around the first word found, and where in that part the words stand.

    Where a beginning is left out, a sign says so in the place of the part's first character.
    """
    plain = folded(text)
    places = [place for word in words if (place := plain.find(word)) >= 0]
    first = min(places, default=0)
    start = first - SNIPPET_BEFORE if first > SNIPPET_BEFORE else 0
    part = text[start : start + SNIPPET_LENGTH]
    if start:
        part = "…" + part[1:]
    return part, _merged(_spans(plain[start : start + SNIPPET_LENGTH], words))


def _folded(sign: str) -> str:
    if sign.isspace():
        return " "
    wide = unicodedata.normalize("NFKC", sign)
    small = (wide if len(wide) == 1 else sign).lower()
    # A few letters grow when they change; then the letter stands for itself, so that places stay places.
    return small if len(small) == 1 and not small.isspace() else sign


def _spans(plain: str, words: Sequence[str]) -> list[Span]:
    found = []
    for word in words:
        place = plain.find(word)
        while place >= 0:
            found.append((place, place + len(word)))
            place = plain.find(word, place + 1)
    return sorted(found)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
