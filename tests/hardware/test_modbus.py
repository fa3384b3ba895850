"""The relay board that times its own pulse: published frames, its echo, and a board that stops answering."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware import modbus_relay
from hardware.modbus_relay import ModbusRelayStrike, coils_question, crc16, flash_order, frame, off_order
from hardware.strike import StrikeError
from hardware.virtual import VirtualPort, VirtualRelay
from hardware.virtual_modbus import ModbusQuestions, VirtualModbusRelay
from tests.hardware.heard import DEADLINE_SECONDS, wait_until


@pytest.fixture(autouse=True)
def asked_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """An idle board is asked so often here that a test need not wait two seconds for it."""
    monkeypatch.setattr(modbus_relay, "QUESTION_SECONDS", 0.3)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[VirtualModbusRelay]:
    with VirtualModbusRelay(tmp_path / "relay") as device:
        yield device


@pytest.fixture
def strike(board: VirtualModbusRelay) -> Iterator[ModbusRelayStrike]:
    device = ModbusRelayStrike(board.path)
    assert wait_until(lambda: device.health.state == "online")
    yield device
    device.close()


def states(board: VirtualRelay) -> list[bool]:
    return [switch.on for switch in board.switches]


def test_the_orders_are_the_makers_published_ones() -> None:
    # Waveshare, "Modbus RTU Relay", development protocol V2: flash on, control a single relay, read the relays.
    assert flash_order(1, 1, 0.7) == bytes.fromhex("01 05 02 00 00 07 8D B0")
    assert flash_order(1, 2, 0.8) == bytes.fromhex("01 05 02 01 00 08 9C 74")
    assert off_order(1, 1) == bytes.fromhex("01 05 00 00 00 00 CD CA")
    assert coils_question(1, 1) == bytes.fromhex("01 01 00 00 00 08 3D CC")
    assert frame(bytes.fromhex("01 01 01 00")) == bytes.fromhex("01 01 01 00 51 88")


def test_the_check_is_the_one_of_the_modbus_standard() -> None:
    assert crc16(b"123456789") == 0x4B37  # the catalogue's check value of CRC-16/MODBUS


@pytest.mark.parametrize(
    ("seconds", "units"), [(0.05, 1), (0.1, 1), (0.11, 2), (5.0, 50), (0.3, 3), (100_000.0, 0x7FFF)]
)
def test_a_pulse_is_rounded_up_to_the_boards_unit_and_never_overflows(seconds: float, units: int) -> None:
    assert int.from_bytes(flash_order(1, 1, seconds)[4:6], "big") == units


def test_the_first_thing_a_strike_does_is_lock(board: VirtualModbusRelay, strike: ModbusRelayStrike) -> None:
    assert states(board) == [False]


def test_a_pulse_ends_by_the_boards_timer_and_is_confirmed_by_an_order(
    board: VirtualModbusRelay, strike: ModbusRelayStrike
) -> None:
    strike.pulse(0.2)
    assert board.wait_for(lambda b: states(b)[:2] == [False, True], DEADLINE_SECONDS)
    assert board.wait_for(lambda b: not b.is_on(), DEADLINE_SECONDS)
    assert wait_until(lambda: not strike.health.unlocked)
    assert strike.health.state == "online"


def test_a_pulse_ends_although_nobody_is_left_to_end_it(board: VirtualModbusRelay) -> None:
    """The port stays open and silent, as a stopped program leaves it."""
    terminal = os.open(board.path, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(terminal, flash_order(1, 1, 0.2))
        assert board.wait_for(lambda b: states(b) == [True, False], DEADLINE_SECONDS)
        on, off = board.switches
        assert off.at_monotonic - on.at_monotonic >= 0.2
    finally:
        os.close(terminal)


def test_locking_ends_the_boards_own_timer(board: VirtualModbusRelay, strike: ModbusRelayStrike) -> None:
    strike.pulse(60)
    strike.lock()
    assert board.wait_for(lambda b: states(b) == [False, True, False], DEADLINE_SECONDS)
    assert wait_until(lambda: not strike.health.unlocked)


def test_of_overlapping_pulses_the_one_that_ends_last_counts(
    board: VirtualModbusRelay, strike: ModbusRelayStrike
) -> None:
    strike.pulse(60)
    strike.pulse(0.1)
    assert board.wait_for(lambda b: states(b) == [False, True, True], DEADLINE_SECONDS)
    assert not wait_until(lambda: not board.is_on(), 0.4), "the short pulse must not cut the long one"


def test_a_board_that_goes_deaf_is_noticed_while_the_door_is_idle(
    board: VirtualModbusRelay, strike: ModbusRelayStrike
) -> None:
    board.deaf = True
    assert wait_until(lambda: strike.health.state == "waiting")
    assert strike.health.last_error == "missing"
    board.deaf = False
    assert wait_until(lambda: strike.health.state == "online")


def test_a_pulse_without_an_echo_is_tried_once_more_and_then_shows_in_the_health(
    board: VirtualModbusRelay, strike: ModbusRelayStrike
) -> None:
    board.mute = True
    strike.pulse(60)
    assert wait_until(lambda: strike.health.state == "waiting")
    assert states(board)[:3] == [False, True, True]


def test_a_pulse_on_a_board_known_to_be_silent_fails_and_the_next_after_its_return_works(
    board: VirtualModbusRelay, strike: ModbusRelayStrike
) -> None:
    board.deaf = True
    assert wait_until(lambda: strike.health.state == "waiting")
    with pytest.raises(StrikeError) as caught:
        strike.pulse(1)
    assert caught.value.kind == "missing"
    board.deaf = False
    strike.pulse(60)
    assert board.wait_for(lambda b: b.is_on(), DEADLINE_SECONDS)
    assert strike.health.state == "online"


def test_a_lost_board_counts_as_locked_once_its_own_timer_has_run_out(
    board: VirtualModbusRelay, strike: ModbusRelayStrike
) -> None:
    strike.pulse(0.5)
    assert board.wait_for(lambda b: b.is_on(), DEADLINE_SECONDS)
    board.unplug()
    assert wait_until(lambda: strike.health.state == "waiting")
    assert wait_until(lambda: not strike.health.unlocked)


def test_unplugged_and_plugged_in_again_the_board_is_locked_first(
    board: VirtualModbusRelay, strike: ModbusRelayStrike
) -> None:
    board.unplug()
    assert wait_until(lambda: strike.health.state == "waiting")
    board.replug()
    assert board.wait_for(lambda b: states(b) == [False, False], DEADLINE_SECONDS)
    assert wait_until(lambda: strike.health.state == "online")
    strike.pulse(60)
    assert board.wait_for(lambda b: b.is_on(), DEADLINE_SECONDS)


def test_a_relay_that_somebody_else_switched_on_is_locked(
    board: VirtualModbusRelay, strike: ModbusRelayStrike
) -> None:
    terminal = os.open(board.path, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(terminal, frame(bytes.fromhex("01 05 00 00 FF 00")))
        assert board.wait_for(lambda b: states(b) == [False, True, False], DEADLINE_SECONDS)
    finally:
        os.close(terminal)


def test_a_board_with_another_address_does_not_answer(board: VirtualModbusRelay) -> None:
    strike = ModbusRelayStrike(board.path, address=7)
    assert wait_until(lambda: strike.health.last_error == "missing")
    assert states(board) == []
    strike.close()


def test_a_board_that_refuses_is_said_to_be_out_of_order(tmp_path: Path) -> None:
    with VirtualPort(tmp_path / "port") as port:
        strike = ModbusRelayStrike(port.path)
        port.send(frame(bytes.fromhex("01 85 02")) * 3)
        assert wait_until(lambda: strike.health.state == "waiting")
        strike.close()


def test_noise_before_the_echo_does_not_hide_it(tmp_path: Path) -> None:
    with VirtualPort(tmp_path / "port") as port:
        strike = ModbusRelayStrike(port.path)
        os.set_blocking(port.master, True)
        order = os.read(port.master, 8)
        port.send(b"\x00\x01\x05\xff" + order)
        assert wait_until(lambda: strike.health.state == "online")
        strike.close()


def test_the_board_finds_orders_between_garbage_byte_by_byte() -> None:
    questions = ModbusQuestions()
    stream = b"\x01\x05\x02" + flash_order(1, 1, 1) + b"\xff" + off_order(1, 1)
    found = [question for byte in stream for question in questions.feed(bytes([byte]))]
    assert found == [flash_order(1, 1, 1), off_order(1, 1)]
