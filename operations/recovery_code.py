"""A key on paper: four lines that can be typed in again, each with its own check letters (Art. 32).

The letters are those of Crockford's base 32, which has no I, L, O and U: what is easily misread is read as it was
meant. Each line holds thirteen letters of the key and three that follow from them, so a slip is found on its line.
"""

from __future__ import annotations

import hashlib

from locales import _
from operations.cipher import KEY_BYTES, Key
from operations.errors import Invalid

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("ILO", "110")
LINES, KEY_LETTERS, CHECK_LETTERS = 4, 13, 3
_BITS = 5
_SPARE = LINES * KEY_LETTERS * _BITS - KEY_BYTES * 8


def recovery_lines(key: Key) -> tuple[str, ...]:
    """Return a key as four lines of four groups of four letters."""
    number = int.from_bytes(key.secret) << _SPARE
    letters = "".join(
        LETTERS[(number >> shift) & 31] for shift in range((LINES * KEY_LETTERS - 1) * _BITS, -1, -_BITS)
    )
    parts = [letters[at : at + KEY_LETTERS] for at in range(0, len(letters), KEY_LETTERS)]
    whole = [part + _check(place, part) for place, part in enumerate(parts, 1)]
    return tuple(" ".join(line[at : at + 4] for at in range(0, len(line), 4)) for line in whole)


def key_of_recovery(text: str) -> Key:
    """Read the four lines back, however they are parted. Raises :class:`Invalid` naming the line with the slip."""
    letters = "".join(c for c in text.upper() if not c.isspace() and c != "-").translate(_MEANT)
    length = KEY_LETTERS + CHECK_LETTERS
    if len(letters) != LINES * length or any(c not in LETTERS for c in letters):
        raise Invalid(
            _("A recovery code has {count} letters and digits.").format(count=LINES * length),
            article=32,
            next_step=_("Type it as it stands on the paper, all four lines."),
        )
    lines = [letters[at : at + length] for at in range(0, len(letters), length)]
    for place, line in enumerate(lines, 1):
        if _check(place, line[:KEY_LETTERS]) != line[KEY_LETTERS:]:
            raise Invalid(
                _("There is a slip in line {line} of the recovery code.").format(line=place),
                article=32,
                next_step=_("Compare that line with the paper, letter by letter."),
            )
    number = 0
    for letter in "".join(line[:KEY_LETTERS] for line in lines):
        number = number << _BITS | LETTERS.index(letter)
    return Key.of((number >> _SPARE).to_bytes(KEY_BYTES))


def _check(place: int, letters: str) -> str:
    digest = int.from_bytes(hashlib.sha256(f"{place}{letters}".encode()).digest()[:4])
    return "".join(LETTERS[(digest >> shift) & 31] for shift in (10, 5, 0))
