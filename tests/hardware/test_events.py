"""The documented JSON shape, and badge ids kept out of logs."""

from __future__ import annotations

from hardware.events import BadgeRead, Noise, event_json


def test_a_badge_without_wiegand_parts_has_two_keys() -> None:
    assert event_json(BadgeRead("62E3086CED")) == {"event": "badge_read", "badge": "62E3086CED"}


def test_facility_and_card_appear_when_the_format_has_them_even_when_zero() -> None:
    assert event_json(BadgeRead("0000FA", facility=0, card=250)) == {
        "event": "badge_read",
        "badge": "0000FA",
        "facility": 0,
        "card": 250,
    }


def test_noise_shows_its_bytes_in_hex_and_why() -> None:
    assert event_json(Noise(b"\x02\xab", "framing")) == {"event": "noise", "bytes": "02AB", "why": "framing"}


def test_a_badge_id_stays_out_of_repr() -> None:
    assert "62E3086CED" not in repr(BadgeRead("62E3086CED"))
    assert "62E3" not in repr(Noise(b"62E3", "truncated"))
