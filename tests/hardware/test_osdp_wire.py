"""What is read off an OSDP line beside libosdp, and when a reader's word counts."""

from __future__ import annotations

import random

import pytest

from hardware.osdp_wire import ACK, FRAME_LONGEST, NAK, POLL, Frame, FrameReader, Talks, crc16

# Frames of libosdp's own unit tests: a poll and its answers with CRC, an answer with a check sum.
POLL_65 = bytes.fromhex("53 65 08 00 04 60 60 90")
ID_65 = bytes.fromhex("53 65 09 00 04 61 00 d9 7a")
ACK_65 = bytes.fromhex("53 e5 08 00 06 40 b0 f0")
NAK_65 = bytes.fromhex("53 e5 09 00 05 41 01 0e 8f")
ACK_65_SUM = bytes.fromhex("53 e5 07 00 01 40 80")
PAUSE = 2.0


@pytest.mark.parametrize(
    ("data", "frame"),
    [
        (POLL_65, Frame(0x65, POLL, is_reply=False)),
        (ID_65, Frame(0x65, 0x61, is_reply=False)),
        (ACK_65, Frame(0x65, ACK, is_reply=True)),
        (NAK_65, Frame(0x65, NAK, is_reply=True)),
        (ACK_65_SUM, Frame(0x65, ACK, is_reply=True)),
    ],
)
def test_a_frame_is_read_whole_byte_by_byte_and_after_noise(data: bytes, frame: Frame) -> None:
    assert FrameReader().feed(data) == [frame]
    reader = FrameReader()
    assert [each for byte in data for each in reader.feed(bytes([byte]))] == [frame]
    assert FrameReader().feed(b"\x00\xff\x53\x01" + data + data) == [frame, frame]


def test_a_security_block_is_stepped_over_to_the_code() -> None:
    body = bytes([0x53, 0xE5, 14, 0, 0x0D, 2, 0x16, ACK, 1, 2, 3, 4])
    assert FrameReader().feed(body + crc16(body).to_bytes(2, "little")) == [Frame(0x65, ACK, is_reply=True)]


def test_no_altered_byte_passes_the_crc() -> None:
    for place in range(len(ACK_65)):
        for flip in range(1, 256):
            if place == 4 and flip & 0x04:
                continue  # without this bit the frame says of itself that it has the weaker check sum
            altered = bytearray(ACK_65)
            altered[place] ^= flip
            assert FrameReader().feed(bytes(altered)) == []


def test_any_noise_holds_the_buffer_bounded() -> None:
    noise, reader = random.Random(5), FrameReader()
    for _round in range(300):
        reader.feed(noise.randbytes(200))
        assert len(reader._buffer) <= FRAME_LONGEST


@pytest.fixture
def talks() -> Talks:
    it = Talks([0x65], PAUSE)
    exchange(it, ID_65, NAK_65, 0.0)
    return it


def exchange(talks: Talks, question: bytes, answer: bytes, at: float) -> None:
    talks.sent(question, at)
    if answer:
        talks.received(answer, at + 0.03)


def test_a_readers_word_counts_once_it_had_nothing_to_report(talks: Talks) -> None:
    assert talks[0x65].stale
    exchange(talks, ID_65, ACK_65, 0.1)
    assert talks[0x65].stale  # an answer to something else says nothing of what it has kept
    exchange(talks, POLL_65, NAK_65, 0.2)
    assert talks[0x65].stale
    exchange(talks, POLL_65, ACK_65, 0.3)
    assert not talks[0x65].stale


@pytest.mark.parametrize(
    "answer", [b"", ACK_65[:-1], ACK_65[:-1] + b"\x00"], ids=["none", "cut off", "damaged"]
)
def test_a_question_without_a_whole_answer_breaks_the_talk(talks: Talks, answer: bytes) -> None:
    exchange(talks, POLL_65, ACK_65, 0.1)
    exchange(talks, POLL_65, answer, 0.2)
    assert not talks[0x65].stale
    talks.sent(POLL_65, 1.2)
    assert talks[0x65].stale
    talks.received(NAK_65, 1.23)
    assert talks[0x65].stale
    exchange(talks, POLL_65, ACK_65, 1.3)
    assert not talks[0x65].stale


@pytest.mark.parametrize(("pause", "stale"), [(PAUSE - 0.01, False), (PAUSE + 0.01, True)])
def test_an_answer_after_a_pause_of_our_own_does_not_count(talks: Talks, pause: float, stale: bool) -> None:
    exchange(talks, POLL_65, ACK_65, 0.1)
    talks.sent(POLL_65, 0.2)
    talks.received(NAK_65, 0.13 + pause)
    assert talks[0x65].stale is stale


def test_another_readers_answer_and_an_answer_to_no_question_count_for_nobody(talks: Talks) -> None:
    body = bytes([0x53, 0x81, 8, 0, 4, ACK])
    talks.sent(POLL_65, 0.1)
    talks.received(body + crc16(body).to_bytes(2, "little"), 0.12)
    assert talks.awaits
    talks.received(ACK_65, 0.13)
    assert not talks.awaits
    talks.connected(0x65)
    talks.received(ACK_65, 0.14)
    assert talks[0x65].stale
