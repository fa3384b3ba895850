"""Frames and cards published by others decode to the values published with them. Nothing here is made up.

Each row names its public source. Where a source prints a card and its check apart, the frame is put together in the
order that the same source gives.
"""

from __future__ import annotations

import pytest

from hardware.decoders import ENCODERS, FORMATS
from hardware.events import BadgeRead, Noise
from hardware.wiegand import badge_from_bits, badge_of_card

STX, ETX = b"\x02", b"\x03"

# (source, frame, badge)
RDM6300 = [
    (
        "Seeed Studio 113020002 data sheet, 125 kHz RFID module UART: card 62E3086CED, checksum 08",
        STX + bytes.fromhex("36 32 45 33 30 38 36 43 45 44") + b"08" + ETX,
        "62E3086CED",
    ),
    (
        "stackoverflow.com/questions/11848921: a module's 14 bytes for the tag printed 0013530444",
        bytes([2, 51, 67, 48, 48, 67, 69, 55, 53, 52, 67, 67, 66, 3]),
        "3C00CE754C",
    ),
    (
        "b4x.com/android/forum/threads/158852: card data of an RDM6300, checksum 8F",
        STX + b"000029CE688F" + ETX,
        "000029CE68",
    ),
    (
        "b4x.com/android/forum/threads/158852: card data of an RDM6300, checksum EA",
        STX + b"00004A9939EA" + ETX,
        "00004A9939",
    ),
    (
        "forum.arduino.cc/t/1221511: UART output for the dongle printed 0001217496",
        STX + b"01001293D858" + ETX,
        "01001293D8",
    ),
    (
        "forum.arduino.cc/t/1221511: UART output for the dongle printed 0014594826",
        STX + b"2900DEB30A4E" + ETX,
        "2900DEB30A",
    ),
]
ID12 = [
    (
        "ID-Innovations ID-2LA/12LA/20LA data sheet of 2013-04-11, section 4: output 0C000621A58E, checksum 8E",
        STX + b"0C000621A58E\r\n" + ETX,
        "0C000621A5",
    ),
]

# (source, bits as sent, facility, card)
WIEGAND26 = [
    (
        "Civintec CN56X0B-X user manual 6.4.2: data D4 1B 81",
        "1" + "11010100" + "00011011" + "10000001" + "0",
        0xD4,
        0x1B81,
    ),
    (
        "github.com/jonathansm/wiegand-26bit-calculator README: 227, 57600 is 1C7C200",
        "01110001111100001000000000",
        227,
        57600,
    ),
    ("reddit.com/r/accesscontrol 1kd822i: 11, 44125 is 021758BA", "10000101110101100010111010", 11, 44125),
    (
        "github.com/linklayer/BLEKey issue 10: a Wiegand-26 card, facility 2, number 26040",
        "10000001001100101101110001",
        2,
        26040,
    ),
]
WIEGAND34 = [
    (
        "Civintec CN56X0B-X user manual 6.4.5: data 89 D4 1B 81",
        "1" + "10001001" + "11010100" + "00011011" + "10000001" + "1",
        0x89D4,
        0x1B81,
    ),
    (
        "Hikvision DS-2CD7A26G0/P-IZHSWG Wiegand manual: card number 1234567890",
        "1" + "0100" + "1001" + "1001" + "0110" + "0000" + "0010" + "1101" + "0010" + "0",
        1234567890 >> 16,
        1234567890 & 0xFFFF,
    ),
]

# (source, line, badge)
LINE = [
    (
        "S4A Wiegand-Ethernet converter manual 3.2: Wiegand data 1E256 hex as ten decimal digits",
        bytes.fromhex("30 30 30 30 31 32 33 34 37 38 0D 0A"),
        "0000123478",
    ),
    (
        "Advanced ID Asia ST110 user manual: EPC number and carriage return",
        b"350646766781206510000011\r",
        "350646766781206510000011",
    ),
]


def published(rows: list[tuple[str, bytes, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("frame", "badge"), [row[1:] for row in rows], ids=[row[0] for row in rows]
    )


def published_bits(rows: list[tuple[str, str, int, int]]) -> pytest.MarkDecorator:
    values = [row[1:] for row in rows]
    return pytest.mark.parametrize(("bits", "facility", "card"), values, ids=[row[0] for row in rows])


@published(RDM6300)
def test_a_published_rdm6300_frame_is_its_published_card(frame: bytes, badge: str) -> None:
    assert FORMATS["rdm6300"]().feed(frame) == [BadgeRead(badge)]
    assert ENCODERS["rdm6300"](badge) == frame


@published(ID12)
def test_a_published_id12_frame_is_its_published_card_to_both_names(frame: bytes, badge: str) -> None:
    assert FORMATS["id12"]().feed(frame) == [BadgeRead(badge)]
    assert FORMATS["rdm6300"]().feed(frame) == [BadgeRead(badge)]
    assert ENCODERS["id12"](badge) == frame


@published_bits(WIEGAND26)
def test_a_published_26_bit_card_has_its_published_facility_and_number(
    bits: str, facility: int, card: int
) -> None:
    badge = badge_of_card("wiegand26", facility, card)
    expected = BadgeRead(badge, facility=facility, card=card)
    assert badge_from_bits(int(bits, 2), 26) == expected
    assert FORMATS["wiegand26"]().feed(bits.encode() + b"\r\n%08X\r\n" % int(bits, 2)) == [expected, expected]


@published_bits(WIEGAND34)
def test_a_published_34_bit_card_has_its_published_facility_and_number(
    bits: str, facility: int, card: int
) -> None:
    badge = badge_of_card("wiegand34", facility, card)
    expected = BadgeRead(badge, facility=facility, card=card)
    assert badge_from_bits(int(bits, 2), 34) == expected
    assert FORMATS["wiegand34"]().feed(bits.encode() + b"\r\n%010X\r\n" % int(bits, 2)) == [
        expected,
        expected,
    ]


@published(LINE)
def test_a_published_line_is_its_published_text(frame: bytes, badge: str) -> None:
    assert FORMATS["line"]().feed(frame) == [BadgeRead(badge)]


def test_published_captures_with_swapped_wires_are_refused_and_give_the_printed_number_when_swapped_back() -> (
    None
):
    # forum.arduino.cc/t/1221511: "W26 new" of two dongles whose printed numbers and UART frames stand beside them.
    for capture, printed in [
        ("11110110101101100001001110", 1217496),
        ("00010000101001100111101010", 14594826),
    ]:
        bits = int(capture, 2)
        event = badge_from_bits(bits, 26)
        assert isinstance(event, Noise)
        assert event.why == "parity"
        turned = badge_from_bits(bits ^ (1 << 26) - 1, 26)
        assert isinstance(turned, BadgeRead)
        assert int(turned.badge, 16) == printed
