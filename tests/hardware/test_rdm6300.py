"""RDM6300 and ID-12: the data sheet's example, the checksum, and finding the next frame after a broken one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.events import NOISE_BYTES, BadgeFormatError, BadgeRead, Noise
from hardware.rdm6300 import Rdm6300Decoder, encode_rdm6300

# The module's data sheet: card 62E3086CED, checksum 62 ^ E3 ^ 08 ^ 6C ^ ED = 08.
PUBLISHED = bytes.fromhex("02 36 32 45 33 30 38 36 43 45 44 30 38 03")
ID12 = PUBLISHED[:-1] + b"\r\n\x03"
GOOD = BadgeRead("62E3086CED")
BADGE = st.text("0123456789ABCDEF", min_size=10, max_size=10)


def test_the_published_frame_gives_the_published_card() -> None:
    assert Rdm6300Decoder().feed(PUBLISHED) == [GOOD]


def test_the_id12_variant_with_cr_lf_gives_the_same_card() -> None:
    assert Rdm6300Decoder().feed(ID12 + ID12) == [GOOD, GOOD]


def test_cr_lf_between_frames_is_no_noise() -> None:
    decoder = Rdm6300Decoder()
    assert decoder.feed(b"\r\n" + PUBLISHED + b"\r\n" + ID12 + b"\r\n") == [GOOD, GOOD]
    assert decoder.close() == []


def test_encoding_gives_the_published_frames() -> None:
    assert encode_rdm6300("62E3086CED") == PUBLISHED
    assert encode_rdm6300("62e3086ced", id12=True) == ID12


@pytest.mark.parametrize(
    "badge", ["", "62E3086CE", "62E3086CED0", "62E3086CEG", "62E3086CE\n", "工号工号工号工号工号"]
)
def test_a_badge_of_another_shape_cannot_be_encoded(badge: str) -> None:
    with pytest.raises(BadgeFormatError):
        encode_rdm6300(badge)


def test_leading_zeros_are_kept() -> None:
    assert Rdm6300Decoder().feed(encode_rdm6300("0000000007")) == [BadgeRead("0000000007")]


def test_a_wrong_checksum_is_noise_with_the_whole_frame() -> None:
    wrong = PUBLISHED[:-2] + b"9\x03"
    assert Rdm6300Decoder().feed(wrong + PUBLISHED) == [Noise(wrong, "checksum"), GOOD]


@pytest.mark.parametrize("lf", [b"\r", b"\n", b"\n\r", b"\r\n\r\n"])
def test_anything_but_cr_lf_before_etx_breaks_the_frame(lf: bytes) -> None:
    broken = PUBLISHED[:-1] + lf + b"\x03"
    assert Rdm6300Decoder().feed(broken + PUBLISHED) == [Noise(broken, "framing"), GOOD]


def test_a_short_frame_is_framing_noise_at_its_etx() -> None:
    assert Rdm6300Decoder().feed(b"\x0262E3\x03") == [Noise(b"\x0262E3\x03", "framing")]


def test_a_long_frame_is_framing_noise() -> None:
    long = PUBLISHED[:-1] + b"08\x03"
    assert Rdm6300Decoder().feed(long + PUBLISHED) == [Noise(long, "framing"), GOOD]


def test_an_stx_inside_a_broken_frame_starts_the_next() -> None:
    assert Rdm6300Decoder().feed(PUBLISHED[:7] + PUBLISHED) == [Noise(PUBLISHED[:7], "framing"), GOOD]


def test_a_byte_that_is_no_hex_digit_is_charset_noise_up_to_the_etx() -> None:
    broken = PUBLISHED[:4] + b"\xfe" + PUBLISHED[5:]
    assert Rdm6300Decoder().feed(broken) == [Noise(broken, "charset")]


def test_lower_case_digits_are_not_a_frame() -> None:
    broken = PUBLISHED.lower()
    assert Rdm6300Decoder().feed(broken + PUBLISHED) == [Noise(broken, "charset"), GOOD]


def test_garbage_before_a_frame_is_one_noise() -> None:
    assert Rdm6300Decoder().feed(b"\xff\x00ab\r\ncd" + PUBLISHED) == [
        Noise(b"\xff\x00ab\r\ncd", "framing"),
        GOOD,
    ]


def test_long_garbage_is_reported_in_bounded_pieces_and_whole() -> None:
    garbage = bytes(range(0x20, 0x7F)) * 3
    events = Rdm6300Decoder().feed(garbage + PUBLISHED)
    pieces = [event.data for event in events[:-1] if isinstance(event, Noise)]
    assert b"".join(pieces) == garbage
    assert max(map(len, pieces)) == NOISE_BYTES
    assert events[-1] == GOOD


@given(badge=BADGE, place=st.integers(1, 12), bit=st.integers(0, 7), id12=st.booleans())
def test_a_single_flipped_bit_in_data_or_checksum_is_never_a_badge(
    badge: str, place: int, bit: int, id12: bool
) -> None:
    frame = bytearray(encode_rdm6300(badge, id12=id12))
    frame[place] ^= 1 << bit
    decoder = Rdm6300Decoder()
    events = decoder.feed(bytes(frame)) + decoder.close()
    assert events
    assert not [event for event in events if isinstance(event, BadgeRead)]


@given(badge=BADGE, place=st.integers(0, 13), bit=st.integers(0, 7))
def test_a_single_flipped_bit_anywhere_never_yields_another_badge(badge: str, place: int, bit: int) -> None:
    frame = bytearray(encode_rdm6300(badge))
    frame[place] ^= 1 << bit
    decoder = Rdm6300Decoder()
    assert BadgeRead not in {type(event) for event in decoder.feed(bytes(frame)) + decoder.close()}


@given(badges=st.lists(BADGE, max_size=5), noise=st.lists(st.binary(max_size=30), min_size=6, max_size=6))
def test_badges_between_noise_without_start_marks_all_arrive_and_no_others(
    badges: list[str], noise: list[bytes]
) -> None:
    quiet = [piece.replace(b"\x02", b"\x01") for piece in noise]
    stream = b"".join(q + encode_rdm6300(b) for q, b in zip(quiet, badges, strict=False)) + quiet[-1]
    events = Rdm6300Decoder().feed(stream)
    assert [event.badge for event in events if isinstance(event, BadgeRead)] == badges
