"""Noise, truncation, interleaving and flipped bits: what each decoder makes of them, beside a second reading of its format.

The second reading is a regular expression over the whole stream: it knows no chunks, no buffers and no states. The decoder
must read exactly what it reads. Badges in it that nobody swiped are the format's own collisions, and must stay
below the format's measured rate (``benchmarks/false_accept.py``).
"""

from __future__ import annotations

import os
import pickle
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor

import pytest

from hardware.decoders import ENCODERS, FORMATS, Decoder
from hardware.events import NOISE_BYTES, BadgeRead, DecoderEvent, Noise

FRAMES = 25_000
SOAK_FRAMES = 10_000_000
BATCH = 2_000
CHUNK_BYTES = (1, 7, 16, 61, 509, 4096)
DECODER_BYTES = 400
"""All that a decoder holds, pickled: 64 bytes of frame and 64 of noise at most, and the names of its attributes."""

HEX = "0123456789ABCDEF"
LINE_TEXT = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ-"


@dataclass(frozen=True)
class Fuzzed:
    """How a format's badges look, a second reading of its stream, and how many damaged frames in one may collide."""

    badge: Callable[[random.Random], str]
    read: Callable[[bytes], Iterator[str]]
    one_collision_in: int
    line_format: bool


def hex_badge(digits: int) -> Callable[[random.Random], str]:
    return lambda rng: f"{rng.getrandbits(4 * digits):0{digits}X}"


def line_badge(rng: random.Random) -> str:
    return "".join(rng.choices(LINE_TEXT, k=rng.randrange(8, 25)))


def read_em4100(cr_lf: bytes) -> Callable[[bytes], Iterator[str]]:
    frame = re.compile(rb"\x02([0-9A-F]{10})([0-9A-F]{2})" + cr_lf + rb"\x03")

    def read(stream: bytes) -> Iterator[str]:
        for match in frame.finditer(stream):
            if reduce(xor, bytes.fromhex(match[1].decode())) == int(match[2], 16):
                yield match[1].decode()

    return read


def lines(stream: bytes) -> Iterator[bytes]:
    """Yield the text of each ended line that is not too long."""
    for line in re.split(rb"[\r\n]", stream)[:-1]:
        if len(line) <= 64:
            yield line.strip(b" \t")


def read_lines(stream: bytes) -> Iterator[str]:
    for line in lines(stream):
        if line and all(0x20 <= byte < 0x7F for byte in line):
            yield line.decode()


def read_wiegand(length: int) -> Callable[[bytes], Iterator[str]]:
    half, digits = length // 2, (length - 2) // 4
    widths = {7: {7, 8}, 9: {9, 10}}[-(-length // 4)]
    one_case = re.compile(rb"[0-9A-F]+|[0-9a-f]+")

    def read(stream: bytes) -> Iterator[str]:
        for line in lines(stream):
            if len(line) == length and not line.strip(b"01"):
                bits = line.decode()
            elif len(line) in widths and one_case.fullmatch(line):
                bits = f"{int(line, 16):0{length}b}"
            else:
                continue
            if len(bits) == length and bits[:half].count("1") % 2 == 0 and bits[half:].count("1") % 2 == 1:
                yield f"{int(bits[1:-1], 2):0{digits}X}"

    return read


FUZZED = {
    "line": Fuzzed(line_badge, read_lines, 1, line_format=True),
    "rdm6300": Fuzzed(hex_badge(10), read_em4100(rb"(?:\r\n)?"), 300, line_format=False),
    "id12": Fuzzed(hex_badge(10), read_em4100(rb"\r\n"), 300, line_format=False),
    "wiegand26": Fuzzed(hex_badge(6), read_wiegand(26), 8, line_format=True),
    "wiegand34": Fuzzed(hex_badge(8), read_wiegand(34), 8, line_format=True),
}
formats = pytest.mark.parametrize("name", sorted(FUZZED))


def flipped(rng: random.Random, frame: bytes) -> bytes:
    at = rng.randrange(len(frame))
    return frame[:at] + bytes([frame[at] ^ 1 << rng.randrange(8)]) + frame[at + 1 :]


def replaced(rng: random.Random, frame: bytes) -> bytes:
    at = rng.randrange(len(frame))
    return frame[:at] + rng.randbytes(1) + frame[at + 1 :]


def digits_replaced(rng: random.Random, frame: bytes) -> bytes:
    """Return ``frame`` with some bytes replaced by hex digits: damage that keeps the shape."""
    data = bytearray(frame)
    for _count in range(rng.randrange(1, 5)):
        data[rng.randrange(len(data))] = ord(rng.choice(HEX))
    return bytes(data)


def truncated(rng: random.Random, frame: bytes) -> bytes:
    at = rng.randrange(len(frame))
    return frame[:at] if rng.random() < 0.5 else frame[at:]


def with_insertion(rng: random.Random, frame: bytes) -> bytes:
    at = rng.randrange(len(frame))
    return frame[:at] + rng.randbytes(rng.randrange(1, 4)) + frame[at:]


def interleaved(rng: random.Random, first: bytes, second: bytes) -> bytes:
    """Return both frames cut into pieces and mixed, each in its own order."""
    pieces = [(rng.random(), first[: len(first) // 2]), (rng.random(), second[: len(second) // 2])]
    tail = (first[len(first) // 2 :], second[len(second) // 2 :])
    return b"".join(piece for _at, piece in sorted(pieces)) + b"".join(rng.sample(tail, 2))


def spliced(rng: random.Random, first: bytes, second: bytes) -> bytes:
    """Return the head of one frame and the rest of another: the bytes between were lost."""
    at = rng.randrange(len(first))
    return first[:at] + second[min(at, len(second)) :]


DAMAGES = (flipped, replaced, digits_replaced, truncated, with_insertion)
MIXTURES = (interleaved, spliced)


@dataclass
class Tally:
    frames: int = 0
    damaged: int = 0
    badges: int = 0
    collisions: int = 0
    noise: int = 0
    bytes: int = 0


@dataclass
class Batch:
    """``BATCH`` frames: ``whole`` badges must be read, those ``shown`` may be (damage may leave a badge readable)."""

    stream: bytes
    whole: list[str]
    shown: set[str]
    damaged: int


def batch(rng: random.Random, name: str) -> Batch:
    fuzzed, encode = FUZZED[name], ENCODERS[name]
    pieces: list[bytes] = []
    swiped: list[str] = []
    shown: set[str] = set()
    damaged = 0
    for _number in range(BATCH):
        badge, kind = fuzzed.badge(rng), rng.random()
        frame = encode(badge)
        if kind < 0.9:
            shown.add(badge)
        if kind < 0.4:
            if fuzzed.line_format and pieces and pieces[-1][-1:] not in b"\r\n":
                pieces.append(
                    b"\r\n"
                )  # a line format has no start mark: the next frame begins after a line end
            swiped.append(badge)
        elif kind < 0.7:
            damaged += 1
            frame = rng.choice(DAMAGES)(rng, frame)
        elif kind < 0.9:
            damaged += 1
            shown.add(other := fuzzed.badge(rng))
            frame = rng.choice(MIXTURES)(rng, frame, encode(other))
        else:
            damaged += 1
            frame = rng.randbytes(rng.randrange(1, 40))
        if frame:
            pieces.append(frame)
    # The batch ends between frames, so that each can be looked at alone.
    return Batch(b"".join(pieces) + b"\r\n\x03", swiped, shown, damaged)


def fed(decoder: Decoder, stream: bytes, size: int) -> list[DecoderEvent]:
    return [event for at in range(0, len(stream), size) for event in decoder.feed(stream[at : at + size])]


def badges_in(events: list[DecoderEvent]) -> list[str]:
    return [event.badge for event in events if isinstance(event, BadgeRead)]


def check_batch(rng: random.Random, name: str, decoder: Decoder, tally: Tally) -> None:
    sent = batch(rng, name)
    stream = sent.stream
    events = fed(decoder, stream, rng.choice(CHUNK_BYTES))
    read = badges_in(events)
    assert read == list(FUZZED[name].read(stream)), "the second reading of the format differs"
    remaining = iter(read)
    missed = [badge for badge in sent.whole if badge not in remaining]
    assert not missed, "a whole frame was not read"
    assert len(pickle.dumps(decoder)) < DECODER_BYTES
    noise = [event for event in events if isinstance(event, Noise)]
    assert all(0 < len(event.data) <= NOISE_BYTES for event in noise)
    assert sum(len(event.data) for event in noise) <= len(stream)
    tally.frames += BATCH
    tally.damaged += sent.damaged
    tally.badges += len(read)
    tally.collisions += sum(badge not in sent.shown for badge in read)
    tally.noise += len(noise)
    tally.bytes += len(stream)
    if tally.frames % (50 * BATCH) == 0:  # twice the work: not for every batch of millions
        assert fed(FORMATS[name](), stream, len(stream)) == fed(FORMATS[name](), stream, 13)
    decoder.feed(b"\n\x03")
    decoder.close()


def fuzz(name: str, frames: int, seed: int) -> Tally:
    rng, decoder, tally = random.Random(seed), FORMATS[name](), Tally()
    while tally.frames < frames:
        check_batch(rng, name, decoder, tally)
    return tally


@formats
def test_whatever_comes_a_decoder_reads_what_a_second_reading_reads_and_no_more(name: str) -> None:
    tally = fuzz(name, FRAMES, seed=20261123)
    assert tally.damaged > FRAMES // 2
    assert tally.noise > 0
    assert tally.collisions * FUZZED[name].one_collision_in <= tally.damaged


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("ZHIBAN_SOAK"), reason="the long form runs under `make soak`")
@pytest.mark.timeout(7200)
@formats
def test_ten_million_frames_crash_no_decoder_and_open_for_nobody_else(name: str) -> None:
    tally = fuzz(name, SOAK_FRAMES, seed=random.SystemRandom().getrandbits(32))
    print(f"{name}: {tally}")  # noqa: T201  the figures are what the long form is run for
    assert tally.collisions * FUZZED[name].one_collision_in <= tally.damaged


@formats
def test_events_do_not_depend_on_the_chunks_even_in_the_middle_of_noise(name: str) -> None:
    rng = random.Random(4)
    stream = b"".join(batch(rng, name).stream for _number in range(2))
    whole = fed(FORMATS[name](), stream, len(stream))
    for size in CHUNK_BYTES:
        assert fed(FORMATS[name](), stream, size) == whole


@formats
def test_a_frame_is_read_after_every_length_of_every_kind_of_noise(name: str) -> None:
    rng, fuzzed = random.Random(7), FUZZED[name]
    start = b"\n" if fuzzed.line_format else b""
    for length in range(150):
        for noise in (
            rng.randbytes(length),
            b"\x02" * length,
            b"0" * length,
            b"\xff" * length,
            b"\r\n" * length,
        ):
            decoder, badge = FORMATS[name](), fuzzed.badge(rng)
            decoder.feed(noise + start)
            assert badges_in(decoder.feed(ENCODERS[name](badge))) == [badge]
            assert len(pickle.dumps(decoder)) < DECODER_BYTES


def test_the_fuzzers_own_reading_finds_the_published_frames() -> None:
    assert list(FUZZED["rdm6300"].read(b"\xff\x0262E3086CED08\x03\x0262E3086CED09\x03")) == ["62E3086CED"]
    assert list(FUZZED["id12"].read(b"\x020C000621A58E\r\n\x03\x020C000621A58E\x03")) == ["0C000621A5"]
    assert list(FUZZED["wiegand26"].read(b"1C7C200\r\n1C7C201\r\n")) == ["E3E100"]
    assert list(FUZZED["wiegand34"].read(b"0313A83703\n")) == ["89D41B81"]
    assert list(FUZZED["line"].read(b"1017\r\n\xff\r\nrest")) == ["1017"]
