"""The simulators themselves, and swiping at one from another program."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.decoders import FORMATS
from hardware.events import BadgeFormatError
from hardware.port import PortThread, open_port
from hardware.strike import relay_command
from hardware.swipe import SwipeError, send_order, send_swipe, serve
from hardware.virtual import VirtualDeviceError, VirtualReader, VirtualRelay
from settings import ZhibanError
from tests.hardware.heard import DEADLINE_SECONDS, Heard


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[VirtualReader]:
    with VirtualReader("line", tmp_path / "reader") as device:
        yield device


@pytest.fixture
def heard(reader: VirtualReader) -> Iterator[Heard]:
    ear = Heard()
    thread = PortThread("door-in", reader.path, FORMATS["line"], ear)
    thread.start()
    assert ear.wait_for(lambda h: h.opened() == 1)
    yield ear
    thread.stop()


@pytest.fixture
def control(reader: VirtualReader, tmp_path: Path) -> Iterator[Path]:
    with serve(reader, tmp_path / "control"):
        yield tmp_path / "control"


def test_the_path_stays_the_same_through_unplug_and_replug(reader: VirtualReader) -> None:
    path, terminal = reader.path, Path(reader.path).resolve()
    assert terminal.is_char_device()
    reader.unplug()
    assert not os.path.lexists(path)
    reader.replug()
    assert reader.path == path
    assert Path(path).resolve().is_char_device()


def test_a_reader_without_a_link_has_the_terminals_own_path() -> None:
    with VirtualReader("line") as device:
        assert Path(device.path).is_char_device()


def test_a_closed_reader_leaves_nothing_behind(tmp_path: Path) -> None:
    VirtualReader("line", tmp_path / "reader").close()
    assert list(tmp_path.iterdir()) == []


def test_a_stale_link_of_a_killed_simulator_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "reader"
    link.symlink_to("/dev/pts/99999")
    with VirtualReader("line", link):
        open_port(str(link)).close()


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ZhibanError, match="swipe9000"):
        VirtualReader("swipe9000")


def test_swiping_an_unplugged_reader_says_so(reader: VirtualReader) -> None:
    reader.unplug()
    with pytest.raises(VirtualDeviceError):
        reader.swipe("1017")


def test_swiping_a_badge_the_format_cannot_carry_says_so(reader: VirtualReader) -> None:
    with pytest.raises(BadgeFormatError):
        reader.swipe("\x01")


def test_a_line_nobody_reads_fills_up_and_says_so(reader: VirtualReader) -> None:
    with pytest.raises(VirtualDeviceError, match="reader"):
        reader.send(b"x" * 1_000_000)


def test_another_program_can_swipe(control: Path, heard: Heard) -> None:
    send_swipe(control, "1017")
    assert heard.wait_for(lambda h: h.badges() == ["1017"])


def test_another_process_can_swipe_raw_bytes_and_badges(control: Path, heard: Heard) -> None:
    code = "import sys, pathlib; from hardware.swipe import send_order as s; [s(pathlib.Path(sys.argv[1]), o) for o in sys.argv[2:]]"
    subprocess.run(
        [sys.executable, "-c", code, str(control), "raw 31 30 31", "raw 370D", "swipe 1021"],
        check=True,
        timeout=30,
    )
    assert heard.wait_for(lambda h: h.badges() == ["1017", "1021"])


def test_unplugging_and_replugging_from_another_program(control: Path, heard: Heard) -> None:
    send_order(control, "unplug")
    assert heard.wait_for(lambda h: h.lost() == ["missing"])
    with pytest.raises(SwipeError):
        send_swipe(control, "1017")
    send_order(control, "replug")
    assert heard.wait_for(lambda h: h.opened() == 2)
    send_swipe(control, "1017")
    assert heard.wait_for(lambda h: h.badges() == ["1017"])


@pytest.mark.parametrize("order", ["swipe", "swipe \x01", "raw 0", "raw zz", "open", "", "\n"])
def test_a_wrong_order_gets_its_reason_back_and_the_reader_goes_on(
    control: Path, heard: Heard, order: str
) -> None:
    with pytest.raises(SwipeError) as caught:
        send_order(control, order)
    assert caught.value.message
    assert caught.value.next_step
    send_swipe(control, "1017")
    assert heard.wait_for(lambda h: h.badges() == ["1017"])


def test_the_control_socket_is_the_owners_alone(control: Path) -> None:
    assert stat.S_IMODE(control.stat().st_mode) == 0o600


def test_a_client_that_hangs_up_or_says_nothing_does_not_stop_the_server(control: Path, heard: Heard) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(control))
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(control))
        client.sendall(b"swipe " + b"9" * 100_000)
    send_swipe(control, "1017")
    assert heard.wait_for(lambda h: h.badges() == ["1017"])


def test_a_second_server_at_the_same_place_is_refused(control: Path, reader: VirtualReader) -> None:
    with pytest.raises(SwipeError, match="control"):
        serve(reader, control)
    send_order(control, "replug")


def test_the_socket_of_a_killed_server_is_taken_over(reader: VirtualReader, tmp_path: Path) -> None:
    path = tmp_path / "control"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with serve(reader, path):
        send_order(path, "replug")


def test_a_closed_server_leaves_no_socket_and_clients_hear_that_nobody_listens(
    reader: VirtualReader, tmp_path: Path
) -> None:
    path = tmp_path / "control"
    serve(reader, path).close()
    assert not path.exists()
    with pytest.raises(SwipeError, match="control") as caught:
        send_swipe(path, "1017")
    assert caught.value.next_step


def test_a_folder_that_is_not_there_is_named(reader: VirtualReader, tmp_path: Path) -> None:
    with pytest.raises(SwipeError, match="nowhere"):
        serve(reader, tmp_path / "nowhere" / "control")


def test_a_deep_folder_is_no_obstacle(reader: VirtualReader, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-folder-name"] * 8)
    deep.mkdir(parents=True)
    with serve(reader, deep / "control"):
        send_order(deep / "control", "replug")


def test_the_relay_writes_one_line_for_each_order_before_it_counts(tmp_path: Path) -> None:
    log = tmp_path / "relay.log"
    with VirtualRelay(tmp_path / "relay", log) as relay, open_port(relay.path) as port:
        port.write(relay_command(1, on=True) + relay_command(2, on=True) + relay_command(1, on=False))
        assert relay.wait_for(lambda r: len(r.switches) == 3, DEADLINE_SECONDS)
        lines = log.read_text("ascii").splitlines()
        assert [line.split()[1:] for line in lines] == [["on", "1"], ["on", "2"], ["off", "1"]]
        assert [float(line.split()[0]) for line in lines] == pytest.approx(
            [switch.at_monotonic for switch in relay.switches], abs=1e-5
        )
        assert (relay.is_on(1), relay.is_on(2)) == (False, True)
        relay.unplug()
        assert not relay.is_on(2), "a board without power holds no relay"


def test_the_relay_keeps_orders_of_a_program_that_died_after_writing(tmp_path: Path) -> None:
    code = "import os, sys; f = os.open(sys.argv[1], os.O_RDWR); os.write(f, bytes.fromhex('A00101A2')); os._exit(9)"
    with VirtualRelay(tmp_path / "relay") as relay:
        subprocess.run([sys.executable, "-c", code, relay.path], check=False, timeout=30)
        assert relay.wait_for(lambda r: r.is_on(), DEADLINE_SECONDS)
