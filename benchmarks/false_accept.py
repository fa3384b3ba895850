"""How often an altered frame is accepted as another badge, per format and kind of damage, with one read and with two.

One altered bit and one altered byte are tried in every place with every value; the rest is drawn from a fixed seed.
"Two reads" is the chance that two frames of one badge are altered independently, are both accepted, and name the same
wrong badge: what ``hardware/confirm.py`` lets through.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from hardware.decoders import ENCODERS, FORMATS
from hardware.events import BadgeRead
from hardware.wiegand import bits_of_badge

CARDS = 8
SAMPLES = 25_000
"""Damaged frames of each card, where not every one is tried."""

NOISE_BYTES = 2_000_000
NOISE_CHUNK = 4096
SEED = 20261123

# Ten characters for the line, so that its frames are as long as an EM4100 reader's.
DIGITS = {"line": 10, "rdm6300": 10, "id12": 10, "wiegand26": 6, "wiegand34": 8}
HEX = b"0123456789ABCDEF"
BINARY = b"01"


@dataclass(frozen=True)
class Form:
    """A format in one of the forms its frames may have."""

    name: str
    format_name: str
    encode: Callable[[str], bytes]
    digits: bytes = HEX

    def draw(self, rng: random.Random) -> tuple[str, bytes]:
        """Return a badge and its frame."""
        digits = DIGITS[self.format_name]
        badge = f"{rng.getrandbits(4 * digits):0{digits}X}"
        return badge, self.encode(badge)


def binary_line(badge: str) -> bytes:
    """Return the Wiegand-26 line of one character a bit."""
    return f"{bits_of_badge('wiegand26', badge):026b}\r\n".encode()


FORMS = [
    *(Form(name, name, encode) for name, encode in ENCODERS.items()),
    Form("wiegand26 as 0 and 1", "wiegand26", binary_line, BINARY),
]

Damage = Callable[[random.Random, Form, bytes], Iterator[tuple[bytes, str]]]
"""Damaged frames of one card, each with the other badge that was swiped in it, if one was."""


@dataclass
class Accepted:
    """What became of damaged frames: how many there were, and which wrong badges each card was taken for."""

    tried: int = 0
    wrong: int = 0
    pairs: float = 0.0
    same: float = 0.0
    exhaustive: bool = field(default=False)

    def add(self, taken_for: Counter[str], tried: int) -> None:
        """Add one card's frames."""
        self.tried += tried
        self.wrong += taken_for.total()
        if self.exhaustive:
            self.pairs += tried * tried
            self.same += sum(count * count for count in taken_for.values())
        else:  # a frame drawn twice is not two frames
            self.pairs += tried * (tried - 1)
            self.same += sum(count * (count - 1) for count in taken_for.values())


def one_bit(_rng: random.Random, _form: Form, frame: bytes) -> Iterator[tuple[bytes, str]]:
    """Every bit of the frame, flipped alone."""
    for place in range(len(frame)):
        for bit in range(8):
            yield frame[:place] + bytes([frame[place] ^ 1 << bit]) + frame[place + 1 :], ""


def one_byte(_rng: random.Random, _form: Form, frame: bytes) -> Iterator[tuple[bytes, str]]:
    """Every byte of the frame, replaced by every other value."""
    for place in range(len(frame)):
        for change in range(1, 256):
            yield frame[:place] + bytes([frame[place] ^ change]) + frame[place + 1 :], ""


def two_bytes(rng: random.Random, _form: Form, frame: bytes) -> Iterator[tuple[bytes, str]]:
    """Two bytes replaced by other values."""
    while True:
        data = bytearray(frame)
        for place in rng.sample(range(len(frame)), 2):
            data[place] ^= rng.randrange(1, 256)
        yield bytes(data), ""


def two_digits(rng: random.Random, form: Form, frame: bytes) -> Iterator[tuple[bytes, str]]:
    """Two digits replaced by other digits: damage that keeps the frame's shape."""
    places = [place for place, byte in enumerate(frame) if byte in form.digits]
    while True:
        data = bytearray(frame)
        for place in rng.sample(places, 2):
            data[place] = rng.choice([digit for digit in form.digits if digit != frame[place]])
        yield bytes(data), ""


def all_digits(rng: random.Random, form: Form, frame: bytes) -> Iterator[tuple[bytes, str]]:
    """Every digit drawn at random: the worst a frame of the right shape can be."""
    while True:
        yield bytes(rng.choice(form.digits) if byte in form.digits else byte for byte in frame), ""


def lost_middle(rng: random.Random, form: Form, frame: bytes) -> Iterator[tuple[bytes, str]]:
    """The head of this badge's frame and the tail of the next one's, as if the bytes between were lost."""
    while True:
        place, (other, tail) = rng.randrange(1, len(frame)), form.draw(rng)
        yield frame[:place] + tail[place:], other


DAMAGES: dict[str, tuple[Damage, bool]] = {
    "one bit": (one_bit, True),
    "one byte": (one_byte, True),
    "two bytes": (two_bytes, False),
    "two digits": (two_digits, False),
    "all digits": (all_digits, False),
    "middle lost": (lost_middle, False),
}


def accepted(form: Form, damage: Damage, *, exhaustive: bool) -> Accepted:
    """Damage frames of some cards and count those that name another badge."""
    rng, decoder, result = random.Random(SEED), FORMATS[form.format_name](), Accepted(exhaustive=exhaustive)
    for _card in range(CARDS):
        badge, frame = form.draw(rng)
        damaged: Iterable[tuple[bytes, str]] = damage(rng, form, frame)
        taken_for: Counter[str] = Counter()
        tried = 0
        for data, other in damaged if exhaustive else islice(damaged, SAMPLES):
            tried += 1
            for event in decoder.feed(data) + decoder.close():
                # Bytes lost so that nothing but the next badge remains are that badge, and no error.
                if isinstance(event, BadgeRead) and event.badge not in (badge, other):
                    taken_for[event.badge] += 1
        result.add(taken_for, tried)
    return result


def badges_in_noise(format_name: str) -> float:
    """Return how many badges a decoder finds in a million random bytes."""
    rng, decoder, found = random.Random(SEED), FORMATS[format_name](), 0
    for _chunk in range(NOISE_BYTES // NOISE_CHUNK):
        found += sum(isinstance(event, BadgeRead) for event in decoder.feed(rng.randbytes(NOISE_CHUNK)))
    return found / (NOISE_BYTES // NOISE_CHUNK * NOISE_CHUNK) * 1e6


def main() -> None:
    """Measure and print a table."""
    print(f"{'altered frames accepted as another badge':<46}{'tried':>9}{'one read':>14}{'two reads':>19}")
    for form in FORMS:
        for kind, (damage, exhaustive) in DAMAGES.items():
            row = accepted(form, damage, exhaustive=exhaustive)
            rates = f"{_in(row.wrong, row.tried):>14}{_in(row.same, row.pairs):>19}"
            print(f"{form.name + ', ' + kind:<46}{row.tried:>9,}{rates}")
    for name in FORMATS:
        print(f"{name + ', badges in a million random bytes':<55}{badges_in_noise(name):>14,.1f}")


def _in(count: float, of: float) -> str:
    """Return a rate as a person compares it: one in so many."""
    if not count:
        return "none"
    return f"1 in {of / count:,.1f}" if of < 10 * count else f"1 in {of / count:,.0f}"


if __name__ == "__main__":
    main()
