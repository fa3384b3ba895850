"""Recognising a reader's format from its bytes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.decoders import ENCODERS, FORMATS
from hardware.events import BadgeRead, Noise
from hardware.port import PortError
from hardware.rdm6300 import encode_rdm6300
from hardware.sniff import Recogniser, Sniffed, SniffedChunk, SniffedEvent, SniffedVerdict, sniff
from hardware.sniffed import sniffed_line
from hardware.virtual import VirtualReader
from hardware.wiegand import badge_of_card
from settings import ZhibanError
from tests.hardware.heard import DEADLINE_SECONDS

BADGE = "62E3086CED"


@pytest.mark.parametrize("name", ["line", "rdm6300", "id12"])
def test_one_frame_is_probably_its_format_and_three_are_certain(name: str) -> None:
    recogniser = Recogniser()
    recogniser.feed(ENCODERS[name](BADGE))
    assert recogniser.verdict() == name
    assert "Probably" in recogniser.confidence()
    recogniser.feed(ENCODERS[name](BADGE) * 2)
    assert recogniser.verdict() == name
    assert "certain" in recogniser.confidence()


def test_frames_of_both_lengths_are_an_rdm6300s_not_an_id12s() -> None:
    recogniser = Recogniser()
    recogniser.feed(encode_rdm6300(BADGE, id12=True) + encode_rdm6300(BADGE))
    assert recogniser.verdict() == "rdm6300"


@pytest.mark.parametrize("name", ["wiegand26", "wiegand34"])
def test_one_wiegand_card_again_and_again_may_be_a_plain_line_and_both_are_named(name: str) -> None:
    recogniser = Recogniser()
    recogniser.feed(ENCODERS[name](badge_of_card(name, 118, 1603)) * 20)
    assert recogniser.verdict() is None
    assert sorted(recogniser.fitting()) == ["line", name]
    assert "line" in recogniser.confidence()
    assert name in recogniser.confidence()
    assert "certain" not in recogniser.confidence()


@pytest.mark.parametrize("name", ["wiegand26", "wiegand34"])
def test_five_different_cards_with_the_right_parity_are_wiegand_and_four_are_not(name: str) -> None:
    recogniser = Recogniser()
    for card in range(1, 5):
        recogniser.feed(ENCODERS[name](badge_of_card(name, 118, card)))
    assert recogniser.verdict() is None
    recogniser.feed(ENCODERS[name](badge_of_card(name, 118, 5)))
    assert recogniser.verdict() == name
    assert "certain" in recogniser.confidence()


def test_wiegand_with_a_spoilt_line_among_good_ones_is_wiegand_with_noise() -> None:
    recogniser = Recogniser()
    for card in range(1, 7):
        recogniser.feed(ENCODERS["wiegand26"](badge_of_card("wiegand26", 118, card)))
    recogniser.feed(b"02EC0C87\r\n")
    assert recogniser.verdict() == "wiegand26"
    assert "noise" in recogniser.confidence()


def test_eight_digit_numbers_are_lines_though_some_have_wiegands_parity_by_chance() -> None:
    recogniser = Recogniser()
    for number in range(1, 41):
        recogniser.feed(b"%08d\r\n" % number)
    assert recogniser.verdict() == "line"
    assert "certain" in recogniser.confidence()


def test_frames_with_noise_between_are_recognised_and_the_noise_is_said() -> None:
    recogniser = Recogniser()
    recogniser.feed((b"\xff\xfe" + encode_rdm6300(BADGE)) * 3)
    assert recogniser.verdict() == "rdm6300"
    assert "noise" in recogniser.confidence()


def test_silence_a_little_and_much_of_nothing_known_have_different_words() -> None:
    recogniser = Recogniser()
    words = [recogniser.confidence()]
    for data in (b"\xff", b"\xff" * 100):
        recogniser.feed(data)
        assert recogniser.verdict() is None
        words.append(recogniser.confidence())
    assert len(set(words)) == 3


@given(chunks=st.lists(st.binary(max_size=40), max_size=10))
def test_no_bytes_whatever_upset_the_recogniser(chunks: list[bytes]) -> None:
    recogniser = Recogniser()
    for chunk in chunks:
        recogniser.feed(chunk)
    recogniser.close()
    assert recogniser.confidence()
    assert recogniser.verdict() in {None, *FORMATS}


def sniffed(reader: VirtualReader, format_name: str, frames: list[bytes], badges: int) -> list[Sniffed]:
    """Send ``frames`` and return what the sniffer shows until it has shown ``badges`` badges."""
    stop, opened = threading.Event(), threading.Event()
    shown: list[Sniffed] = []

    def listen() -> None:
        events = sniff(reader.path, format_name, stop=stop)
        opened.set()
        for item in events:
            shown.append(item)
            reads = [e for e in shown if isinstance(e, SniffedEvent) and isinstance(e.event, BadgeRead)]
            if len(reads) >= badges:
                stop.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    while thread.is_alive() and not stop.is_set():
        for frame in frames:
            reader.send(frame)
        thread.join(0.3)  # bytes sent before the port is open are dropped, as on a real line
    thread.join(DEADLINE_SECONDS)
    assert not thread.is_alive()
    return shown


def test_auto_shows_raw_bytes_badges_and_the_format(tmp_path: Path) -> None:
    with VirtualReader("rdm6300", tmp_path / "reader") as reader:
        shown = sniffed(reader, "auto", [encode_rdm6300(BADGE)], badges=3)
    raw = b"".join(item.data for item in shown if isinstance(item, SniffedChunk))
    assert raw.startswith(encode_rdm6300(BADGE))
    events = [item for item in shown if isinstance(item, SniffedEvent)]
    assert {(item.format_name, item.event) for item in events} == {("rdm6300", BadgeRead(BADGE))}
    assert isinstance(shown[-1], SniffedVerdict)
    assert shown[-1].format_name == "rdm6300"
    assert "certain" in shown[-1].words
    assert [item.seconds for item in shown] == sorted(item.seconds for item in shown)


def test_one_named_format_shows_its_noise_too(tmp_path: Path) -> None:
    with VirtualReader("line", tmp_path / "reader") as reader:
        shown = sniffed(reader, "line", [b"\xff\r\n1017\r\n"], badges=1)
    events = [item.event for item in shown if isinstance(item, SniffedEvent)]
    assert events[:2] == [Noise(b"\xff", "charset"), BadgeRead("1017")]
    assert not [item for item in shown if isinstance(item, SniffedVerdict)]


def test_sniffing_a_port_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(PortError) as caught:
        next(sniff(str(tmp_path / "none")))
    assert caught.value.kind == "missing"


def test_sniffing_an_unknown_format_says_so(tmp_path: Path) -> None:
    with VirtualReader("line", tmp_path / "reader") as reader, pytest.raises(ZhibanError, match="wigand"):
        next(sniff(reader.path, "wigand"))


def test_unplugging_ends_the_sniffing_with_a_reason(tmp_path: Path) -> None:
    with VirtualReader("line", tmp_path / "reader") as reader:
        ended: list[PortError] = []
        stop = threading.Event()

        def listen() -> None:
            try:
                for _item in sniff(reader.path, "line", stop=stop):
                    reader.unplug()
            except PortError as error:
                ended.append(error)

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        while thread.is_alive() and reader.plugged:
            reader.send(b"1017\r\n")
            thread.join(0.1)
        thread.join(DEADLINE_SECONDS)
        assert [error.kind for error in ended] == ["missing"]


def test_a_wiegand_card_is_shown_as_it_is_printed() -> None:
    heard = SniffedEvent(1.5, "wiegand26", BadgeRead("760643", facility=118, card=1603))
    assert sniffed_line(heard).endswith("wiegand26: 760643 (118,1603)")
    assert sniffed_line(SniffedEvent(1.5, "line", BadgeRead("1017"))).endswith("line: 1017")
