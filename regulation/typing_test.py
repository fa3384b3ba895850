"""The typing test (Art. 10): how fast and how exactly somebody types a Chinese text.

Speed counts the signs that are right, for one minute; accuracy is their share of everything typed or passed over.
Both are whole numbers, rounded down: a test that is nearly passed is not passed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from regulation.limits import Limits
from regulation.typing_passages import Passage

SHORTEST_SECONDS = 30
"""A test that took less says nothing about a minute."""
LONGEST_SECONDS = 1800
SIGNS_AHEAD = 20
"""How far behind what was typed a sign of the passage can still be the one that was meant."""


@dataclass(frozen=True, slots=True)
class TypingResult:
    """``speed`` in right signs a minute, ``accuracy`` in percent; ``errors`` are signs wrong, left out or added."""

    speed: int
    accuracy: int
    right: int
    errors: int
    seconds: int


def signs_of(text: str) -> str:
    """Return the signs that count: no spaces and line ends, and full-width ones like their half-width twins."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if not sign.isspace())


def typing_result(passage: str, typed: str, seconds: int) -> TypingResult:
    """Compare what was typed in ``seconds`` with the passage; what lies behind the last right sign was not reached.

    Raises :class:`ValueError` for a time that is no test.
    """
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise ValueError(seconds)
    wanted, given = signs_of(passage), signs_of(typed)
    # Without an end in sight a sign that is typed at random would be found again far ahead, and all between be missing.
    wanted = wanted[: len(given) + SIGNS_AHEAD]
    blocks = [
        block
        for block in SequenceMatcher(None, wanted, given, autojunk=False).get_matching_blocks()
        if block.size
    ]
    right = sum(block.size for block in blocks)
    reached = max((block.a + block.size for block in blocks), default=0)
    errors = max(len(given), reached) - right
    accuracy = right * 100 // (right + errors) if right else 0
    return TypingResult(right * 60 // seconds, accuracy, right, errors, seconds)


def typing_is_passed(speed: int, accuracy: int, limits: Limits) -> bool:
    """Whether a test shows the speed and the accuracy that the centre asks for."""
    # Art. 10: skills are kept up, typing among them; the numbers are the house's.
    return speed >= limits["typing_signs_a_minute"] and accuracy >= limits["typing_accuracy_percent"]


def passage_for(passages: Sequence[Passage], taken: Sequence[str]) -> Passage:
    """Return the passage to type next: the one typed least often so far, the first of those (``taken`` are keys)."""
    return min(passages, key=lambda passage: taken.count(passage.key))
