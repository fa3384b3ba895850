"""The port thread on real pseudo-terminals: reading, losing the port, finding it again, sharing it with nobody."""

from __future__ import annotations

import errno
import socket
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from hardware.decoders import FORMATS
from hardware.events import BadgeRead, Noise
from hardware.port import FrameDecoded, PortError, PortErrorKind, PortThread, open_port, port_error_kind
from hardware.virtual import VirtualReader
from tests.hardware.heard import DEADLINE_SECONDS, Heard, wait_until


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[VirtualReader]:
    with VirtualReader("rdm6300", tmp_path / "reader", frames=1) as device:
        yield device


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def port(reader: VirtualReader, heard: Heard) -> Iterator[PortThread]:
    thread = PortThread("door-in", reader.path, FORMATS["rdm6300"], heard)
    thread.start()
    assert heard.wait_for(lambda h: h.opened() == 1)
    yield thread
    thread.stop()


def test_a_swipe_arrives_as_a_badge_with_the_time_it_was_received(
    reader: VirtualReader, port: PortThread, heard: Heard
) -> None:
    before = time.monotonic()
    reader.swipe("62E3086CED")
    assert heard.wait_for(lambda h: h.badges() == ["62E3086CED"])
    frame = heard.events[-1]
    assert isinstance(frame, FrameDecoded)
    assert frame.name == "door-in"
    assert before <= frame.received_monotonic <= time.monotonic()


def test_a_frame_sent_byte_by_byte_arrives_whole(
    reader: VirtualReader, port: PortThread, heard: Heard
) -> None:
    for byte in bytes.fromhex("02 36 32 45 33 30 38 36 43 45 44 30 38 03"):
        reader.send(bytes([byte]))
    assert heard.wait_for(lambda h: h.badges() == ["62E3086CED"])


def test_health_counts_badges_and_noise_by_kind(
    reader: VirtualReader, port: PortThread, heard: Heard
) -> None:
    reader.send(bytes.fromhex("02 36 32 45 33 30 38 36 43 45 44 30 39 03"))
    reader.swipe("0000000001")
    assert heard.wait_for(lambda h: h.badges() == ["0000000001"])
    health = port.health
    assert (health.name, health.state, health.frames) == ("door-in", "online", 1)
    assert dict(health.noise) == {"checksum": 1}
    assert health.bytes_read == 28
    assert health.last_error is None
    assert health.last_frame_monotonic is not None


def test_noise_is_reported_with_its_bytes(reader: VirtualReader, port: PortThread, heard: Heard) -> None:
    reader.send(b"\x0262E3\x03")
    assert heard.wait_for(lambda h: len(h.events) == 2)
    frame = heard.events[1]
    assert isinstance(frame, FrameDecoded)
    assert frame.event == Noise(b"\x0262E3\x03", "framing")


def test_an_unplugged_reader_is_reported_once_and_found_again(
    reader: VirtualReader, port: PortThread, heard: Heard
) -> None:
    reader.unplug()
    assert heard.wait_for(lambda h: h.lost() == ["missing"])
    assert (port.health.state, port.health.last_error) == ("waiting", "missing")
    reader.replug()
    assert heard.wait_for(lambda h: h.opened() == 2)
    assert heard.lost() == ["missing"]
    assert port.health.state == "online"
    reader.swipe("62E3086CED")
    assert heard.wait_for(lambda h: h.badges() == ["62E3086CED"])


def test_half_a_frame_before_the_cut_is_not_completed_after_it(
    reader: VirtualReader, port: PortThread, heard: Heard
) -> None:
    frame = bytes.fromhex("02 36 32 45 33 30 38 36 43 45 44 30 38 03")
    reader.send(frame[:9])
    assert wait_until(lambda: port.health.bytes_read == 9)
    reader.unplug()
    assert heard.wait_for(lambda h: h.lost() == ["missing"])
    reader.replug()
    assert heard.wait_for(lambda h: h.opened() == 2)
    reader.send(frame[9:])
    reader.swipe("0000000001")
    assert heard.wait_for(lambda h: "0000000001" in h.badges())
    assert heard.badges() == ["0000000001"]


def test_a_swipe_while_nobody_listened_is_not_delivered_later(reader: VirtualReader, heard: Heard) -> None:
    reader.swipe("62E3086CED")
    thread = PortThread("door-in", reader.path, FORMATS["rdm6300"], heard)
    thread.start()
    assert heard.wait_for(lambda h: h.opened() == 1)
    reader.swipe("0000000001")
    assert heard.wait_for(lambda h: "0000000001" in h.badges())
    thread.stop()
    assert heard.badges() == ["0000000001"]


def test_a_reader_plugged_in_late_is_found(tmp_path: Path, heard: Heard) -> None:
    link = tmp_path / "reader"
    thread = PortThread("door-in", str(link), FORMATS["line"], heard)
    thread.start()
    assert heard.wait_for(lambda h: h.lost() == ["missing"])
    with VirtualReader("line", link) as device:
        assert heard.wait_for(lambda h: h.opened() == 1)
        device.swipe("1017")
        assert heard.wait_for(lambda h: h.badges() == ["1017"])
        thread.stop()


def test_a_second_opener_hears_that_the_port_is_busy(
    reader: VirtualReader, port: PortThread, heard: Heard
) -> None:
    second = Heard()
    rival = PortThread("rival", reader.path, FORMATS["rdm6300"], second)
    rival.start()
    assert second.wait_for(lambda h: h.lost() == ["busy"])
    assert rival.health.last_error == "busy"
    reader.swipe("62E3086CED")
    assert heard.wait_for(lambda h: h.badges() == ["62E3086CED"])
    port.stop()
    assert second.wait_for(lambda h: h.opened() == 1), "the waiting program takes the port when it is free"
    rival.stop()


def test_opening_a_busy_port_says_so_in_words(reader: VirtualReader, port: PortThread) -> None:
    with pytest.raises(PortError) as caught:
        open_port(reader.path)
    assert caught.value.kind == "busy"
    assert reader.path in caught.value.message
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/dev/there-is-no-such-port", "missing"),
        ("nonsense://x", "address"),
        ("socket://nobody.invalid:1", "missing"),
        ("/dev/null", "io"),
    ],
)
def test_a_port_that_cannot_be_opened_says_why(url: str, kind: str) -> None:
    with pytest.raises(PortError) as caught:
        open_port(url)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.EACCES, "denied"), "permission"),
        (OSError(errno.EBUSY, "busy"), "busy"),
        (serial.SerialException(errno.EAGAIN, "locked"), "busy"),
        (termios.error(errno.EIO, "gone"), "missing"),
        (serial.SerialException("no number here"), "io"),
    ],
)
def test_the_cause_of_a_port_error_is_found(error: Exception, kind: PortErrorKind) -> None:
    assert port_error_kind(error) == kind
    assert PortError(port_error_kind(error), "/dev/ttyUSB0").next_step


def test_stop_returns_while_the_line_is_silent(reader: VirtualReader, heard: Heard) -> None:
    thread = PortThread("door-in", reader.path, FORMATS["rdm6300"], heard)
    thread.start()
    assert heard.wait_for(lambda h: h.opened() == 1)
    thread.stop(join_seconds=DEADLINE_SECONDS)
    assert thread.health.state == "stopped"
    open_port(reader.path).close()
    thread.stop()


def test_stop_returns_while_waiting_for_a_missing_port(tmp_path: Path, heard: Heard) -> None:
    thread = PortThread("door-in", str(tmp_path / "none"), FORMATS["line"], heard)
    thread.start()
    assert heard.wait_for(lambda h: h.lost() == ["missing"])
    thread.stop(join_seconds=DEADLINE_SECONDS)
    assert thread.health.state == "stopped"


def test_a_thread_killed_by_its_listener_shows_as_stopped(reader: VirtualReader) -> None:
    seen = threading.Event()
    before = threading.excepthook

    def fail(event: object) -> None:
        raise LookupError(event)

    threading.excepthook = lambda _arguments: seen.set()
    try:
        thread = PortThread("door-in", reader.path, FORMATS["line"], fail)
        thread.start()
        assert seen.wait(DEADLINE_SECONDS)
        thread.stop()
    finally:
        threading.excepthook = before
    assert thread.health.state == "stopped"
    open_port(reader.path).close()


def test_a_badge_after_a_flood_of_noise_is_read_and_the_flood_is_not_reported_one_by_one(
    reader: VirtualReader, port: PortThread, heard: Heard
) -> None:
    flood = b"\x02" + b"garbage " * 4096
    reader.send(flood)
    reader.swipe("62E3086CED")
    assert heard.wait_for(lambda h: h.badges() == ["62E3086CED"])
    health = port.health
    assert health.noise["framing"] + health.noise["charset"] > 400
    assert len(heard.events) < 200
    assert health.bytes_read == len(flood) + 14


def test_a_network_port_is_read_lost_and_found_again(heard: Heard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(DEADLINE_SECONDS)
        thread = PortThread("far", f"socket://127.0.0.1:{server.getsockname()[1]}", FORMATS["line"], heard)
        thread.start()
        for count in (1, 2):
            client, _address = server.accept()
            with client:
                assert heard.wait_for(lambda h, count=count: h.opened() == count)  # type: ignore[misc]
                client.sendall(b"1017\r\n")
                assert heard.wait_for(lambda h, count=count: len(h.badges()) == count)  # type: ignore[misc]
            assert heard.wait_for(lambda h, count=count: len(h.lost()) == count)  # type: ignore[misc]
        thread.stop()
    assert thread.health.state == "stopped"


def test_no_event_or_health_prints_a_badge(reader: VirtualReader, port: PortThread, heard: Heard) -> None:
    reader.swipe("62E3086CED")
    assert heard.wait_for(lambda h: h.badges() == ["62E3086CED"])
    assert isinstance(heard.events[-1], FrameDecoded)
    assert heard.events[-1].event == BadgeRead("62E3086CED")
    assert "62E3086CED" not in repr(heard.events) + repr(port.health)
