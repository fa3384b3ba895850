"""Laws every format keeps, whatever its frames look like."""

from __future__ import annotations

import string
import tracemalloc
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.decoders import ENCODERS, FORMATS, Decoder, decoder_factory, encoder
from hardware.events import NOISE_BYTES, BadgeRead, DecoderEvent, Noise
from settings import ZhibanError

EM4100 = ["62E3086CED", "0000000001", "FFFFFFFFFF"]
BADGES = {
    "line": ["62E3086CED", "0001", "A b-7"],
    "rdm6300": EM4100,
    "id12": EM4100,
    "wiegand26": ["D41B81", "000000", "FFFFFF"],
    "wiegand34": ["89D41B81", "00000000", "FFFFFFFF"],
}
DIGITS = {"rdm6300": 10, "id12": 10, "wiegand26": 6, "wiegand34": 8}
LINE_FORMATS = {"line", "wiegand26", "wiegand34"}  # a frame begins after a line end
formats = pytest.mark.parametrize("name", sorted(FORMATS))


def read_all(decoder: Decoder, chunks: Sequence[bytes]) -> list[DecoderEvent]:
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.close()


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[a:b] for a, b in pairwise(edges)]


def badge_strategy(name: str) -> st.SearchStrategy[str]:
    if name in DIGITS:
        return st.text("0123456789ABCDEF", min_size=DIGITS[name], max_size=DIGITS[name])
    printable = string.ascii_letters + string.digits + string.punctuation
    return st.text(printable, min_size=1, max_size=64)


def badges_of(events: Sequence[DecoderEvent]) -> list[str]:
    return [event.badge for event in events if isinstance(event, BadgeRead)]


def test_every_format_has_a_decoder_and_an_encoder() -> None:
    assert set(FORMATS) == set(ENCODERS) == set(BADGES)


@formats
def test_a_whole_frame_is_read_as_it_was_encoded(name: str) -> None:
    for badge in BADGES[name]:
        events = FORMATS[name]().feed(ENCODERS[name](badge))
        assert badges_of(events) == [badge]
        assert len(events) == 1


@formats
def test_a_frame_is_read_byte_by_byte(name: str) -> None:
    for badge in BADGES[name]:
        frame = ENCODERS[name](badge)
        assert badges_of(read_all(FORMATS[name](), [bytes([byte]) for byte in frame])) == [badge]


@formats
def test_trailing_bytes_wait_for_their_frame(name: str) -> None:
    first, second = ENCODERS[name](BADGES[name][0]), ENCODERS[name](BADGES[name][1])
    decoder = FORMATS[name]()
    assert badges_of(decoder.feed(first + second[:4])) == BADGES[name][:1]
    assert badges_of(decoder.feed(second[4:])) == BADGES[name][1:2]


@formats
def test_an_unfinished_frame_at_the_end_is_truncated_noise(name: str) -> None:
    frame = ENCODERS[name](BADGES[name][0])[:6]
    assert read_all(FORMATS[name](), [frame]) == [Noise(frame, "truncated")]


@formats
def test_a_closed_decoder_starts_anew(name: str) -> None:
    decoder = FORMATS[name]()
    decoder.feed(ENCODERS[name](BADGES[name][0])[:6])
    decoder.close()
    assert badges_of(decoder.feed(ENCODERS[name](BADGES[name][1]))) == BADGES[name][1:2]
    assert decoder.close() == []


@formats
@given(data=st.data())
def test_events_do_not_depend_on_how_the_bytes_are_cut(name: str, data: st.DataObject) -> None:
    pieces = st.one_of(st.binary(max_size=40), badge_strategy(name).map(ENCODERS[name]))
    stream = b"".join(data.draw(st.lists(pieces, max_size=8)))
    places = data.draw(st.lists(st.integers(0, 1000), max_size=12))
    assert read_all(FORMATS[name](), cut(stream, places)) == read_all(FORMATS[name](), [stream])


@formats
@given(data=st.data())
def test_after_any_noise_the_next_whole_frame_is_read(name: str, data: st.DataObject) -> None:
    badge = data.draw(badge_strategy(name))
    garbage = data.draw(st.binary(max_size=200))
    frame_end = b"\r\n" if name in LINE_FORMATS else b""
    events = read_all(FORMATS[name](), [garbage + frame_end + ENCODERS[name](badge)])
    assert badges_of(events[-1:]) == [badge]


@formats
@given(garbage=st.binary(max_size=300))
def test_noise_is_never_longer_than_its_bound_and_says_why(name: str, garbage: bytes) -> None:
    for event in read_all(FORMATS[name](), [garbage]):
        if isinstance(event, Noise):
            assert 0 < len(event.data) <= NOISE_BYTES
            assert event.why in {"checksum", "parity", "framing", "charset", "overlong", "truncated"}


@formats
@pytest.mark.parametrize("byte", [b"\x00", b"A", b"\x02", b"\xff"])
def test_an_endless_run_of_one_byte_keeps_the_memory_small(name: str, byte: bytes) -> None:
    decoder = FORMATS[name]()
    decoder.feed(byte * 4096)
    tracemalloc.start()
    for _ in range(20):
        decoder.feed(byte * 4096)
    _now, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert _now < 32 * 1024
    assert sum(len(event.data) for event in decoder.close() if isinstance(event, Noise)) <= NOISE_BYTES


def test_an_unknown_format_is_refused_with_the_names_there_are() -> None:
    for ask in (decoder_factory, encoder):
        with pytest.raises(ZhibanError) as caught:
            ask("wigand")
        assert "line" in caught.value.next_step
        assert "rdm6300" in caught.value.next_step
