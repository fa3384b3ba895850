"""Wiegand-26 and -34: parity, the split into facility and card, the lines a bridge may send, and the raw badge id."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.decoders import ENCODERS, FORMATS
from hardware.events import BadgeFormatError, BadgeRead, Noise
from hardware.wiegand import (
    badge_from_bits,
    badge_of_card,
    bits_of_badge,
)

# Facility 118, card 1603; 26 bits with parity 2EC0C86.
CARD = BadgeRead("760643", facility=118, card=1603)
LENGTHS = {"wiegand26": 26, "wiegand34": 34}
wiegands = pytest.mark.parametrize("name", sorted(LENGTHS))


def card_strategy(name: str) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, 255 if name == "wiegand26" else 65535), st.integers(0, 65535))


@pytest.mark.parametrize(
    "line",
    [
        b"2EC0C86\r\n",
        b"02EC0C86\r\n",
        b"2ec0c86\n",
        b"02ec0c86\r",
        b"10111011000000110010000110\r\n",
        b" 02EC0C86 \r\n",
    ],
)
def test_each_form_of_the_line_is_the_same_card(line: bytes) -> None:
    assert FORMATS["wiegand26"]().feed(line) == [CARD]


@pytest.mark.parametrize("line", [b"313A83703", b"0313A83703", b"1100010011101010000011011100000011"])
def test_each_form_of_a_34_bit_line_is_the_same_card(line: bytes) -> None:
    assert FORMATS["wiegand34"]().feed(line + b"\r\n") == [BadgeRead("89D41B81", facility=35284, card=7041)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"2EC0C87", "parity"),
        (b"0EC0C86", "parity"),
        (b"10111011000000110010000111", "parity"),
        (b"12EC0C86", "framing"),  # a bit beyond the 26
        (b"BB0321800", "framing"),  # nine digits are Wiegand-34
        (b"EC0C86", "framing"),  # leading zeros dropped, or the line's first bytes lost
        (b"2eC0C86", "charset"),  # no bridge mixes capitals and small letters
        (b"2EC0C8G", "charset"),
        (b"1011101100000011001000011", "framing"),
        (b"118,01603", "charset"),
    ],
)
def test_a_line_that_is_no_card_is_noise_with_its_reason(line: bytes, why: str) -> None:
    assert FORMATS["wiegand26"]().feed(line + b"\r\n02EC0C86\r\n") == [Noise(line, why), CARD]


def test_one_formats_lines_are_noise_to_the_other() -> None:
    assert FORMATS["wiegand34"]().feed(b"02EC0C86\r\n") == [Noise(b"02EC0C86", "framing")]
    assert FORMATS["wiegand26"]().feed(b"0313A83703\r\n") == [Noise(b"0313A83703", "framing")]


@wiegands
@given(data=st.data())
def test_any_single_wrong_bit_is_refused(name: str, data: st.DataObject) -> None:
    bits = bits_of_badge(name, badge_of_card(name, *data.draw(card_strategy(name))))
    place = data.draw(st.integers(0, LENGTHS[name] - 1))
    event = badge_from_bits(bits ^ 1 << place, LENGTHS[name])
    assert isinstance(event, Noise)
    assert event.why == "parity"


@wiegands
@given(data=st.data())
def test_swapped_data_wires_are_refused_for_every_card(name: str, data: st.DataObject) -> None:
    bits = bits_of_badge(name, badge_of_card(name, *data.draw(card_strategy(name))))
    assert isinstance(badge_from_bits(bits ^ (1 << LENGTHS[name]) - 1, LENGTHS[name]), Noise)


@wiegands
@given(data=st.data())
def test_card_badge_bits_and_line_lead_back_to_each_other(name: str, data: st.DataObject) -> None:
    facility, card = data.draw(card_strategy(name))
    badge = badge_of_card(name, facility, card)
    read = BadgeRead(badge, facility=facility, card=card)
    assert badge_from_bits(bits_of_badge(name, badge), LENGTHS[name]) == read
    assert FORMATS[name]().feed(ENCODERS[name](badge)) == [read]


def test_the_badge_is_fixed_width_with_its_leading_zeros() -> None:
    assert badge_of_card("wiegand26", 0, 7) == "000007"
    assert badge_of_card("wiegand34", 0, 7) == "00000007"
    assert FORMATS["wiegand26"]().feed(ENCODERS["wiegand26"]("000007"))[0] == BadgeRead("000007", 0, 7)


def test_the_limits_of_facility_and_card_are_in_and_one_more_is_out() -> None:
    assert badge_of_card("wiegand26", 255, 65535) == "FFFFFF"
    assert badge_of_card("wiegand34", 65535, 65535) == "FFFFFFFF"
    for name, facility, card in [
        ("wiegand26", 256, 0),
        ("wiegand26", 0, 65536),
        ("wiegand34", 65536, 0),
        ("wiegand34", 0, 65536),
        ("wiegand26", -1, 0),
        ("wiegand26", 0, -1),
    ]:
        with pytest.raises(BadgeFormatError):
            badge_of_card(name, facility, card)


def test_a_format_without_facilities_is_refused_with_those_that_have_them() -> None:
    with pytest.raises(BadgeFormatError) as caught:
        badge_of_card("rdm6300", 1, 2)
    assert "wiegand26, wiegand34" in caught.value.next_step


@wiegands
@pytest.mark.parametrize("badge", ["", "76064", "7606433", "76064G", "760643\n", "1234567", "123456789"])
def test_a_badge_of_another_shape_cannot_be_encoded(name: str, badge: str) -> None:
    with pytest.raises(BadgeFormatError):
        ENCODERS[name](badge)


def test_other_lengths_are_raw_hex_without_a_split() -> None:
    assert badge_from_bits(0x1708A2623D, 37) == BadgeRead("1708A2623D")
    assert badge_from_bits(1, 32) == BadgeRead("00000001")
    assert badge_from_bits(1, 35) == BadgeRead("000000001")


@pytest.mark.parametrize(("bits", "length"), [(0, 0), (1, -1), (-1, 26), (1 << 26, 26), (0, 257)])
def test_bits_that_cannot_be_are_noise_and_no_error(bits: int, length: int) -> None:
    assert badge_from_bits(bits, length) == Noise(b"", "framing")


def test_facility_and_card_stay_out_of_repr() -> None:
    assert "118" not in repr(CARD)
    assert "1603" not in repr(CARD)
