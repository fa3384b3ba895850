"""The strike: exact bytes, locking again by itself, and a device that goes away."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from hardware.port import open_port
from hardware.strike import (
    ModemLineStrike,
    NoStrike,
    RelayBoardStrike,
    SerialStrike,
    StrikeError,
    relay_command,
)
from hardware.strike_kinds import strike_from_settings
from hardware.virtual import RelayCommandDecoder, VirtualPort, VirtualRelay
from hardware.virtual_modem import VirtualModem
from settings import Strike as StrikeSettings
from settings import ZhibanError
from tests.hardware.heard import DEADLINE_SECONDS, wait_until

ON = bytes.fromhex("A0 01 01 A2")
OFF = bytes.fromhex("A0 01 00 A1")


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[VirtualRelay]:
    with VirtualRelay(tmp_path / "relay") as board:
        yield board


@pytest.fixture
def strike(relay: VirtualRelay) -> Iterator[RelayBoardStrike]:
    device = RelayBoardStrike(relay.path)
    assert relay.wait_for(lambda r: len(r.switches) == 1, DEADLINE_SECONDS)
    yield device
    device.close()


def states(relay: VirtualRelay) -> list[bool]:
    return [switch.on for switch in relay.switches]


def test_the_boards_commands_are_the_published_ones() -> None:
    assert relay_command(1, on=True) == ON
    assert relay_command(1, on=False) == OFF
    assert relay_command(2, on=True) == bytes.fromhex("A0 02 01 A3")
    assert relay_command(255, on=True) == bytes.fromhex("A0 FF 01 A0")


def read_exactly(fd: int, count: int) -> bytes:
    data = b""
    os.set_blocking(fd, True)
    while len(data) < count:
        data += os.read(fd, count - len(data))
    return data


def test_a_pulse_writes_lock_unlock_lock_and_not_a_byte_more(tmp_path: Path) -> None:
    with VirtualPort(tmp_path / "port") as port:
        strike = RelayBoardStrike(port.path)
        assert read_exactly(port.master, 4) == OFF, "the first thing a strike does is lock"
        strike.pulse(0.05)
        assert read_exactly(port.master, 8) == ON + OFF
        strike.close()
        assert read_exactly(port.master, 4) == OFF
        os.set_blocking(port.master, False)
        with pytest.raises(BlockingIOError):
            os.read(port.master, 1)


def test_the_door_locks_again_after_the_pulse_and_not_before(
    relay: VirtualRelay, strike: RelayBoardStrike
) -> None:
    strike.pulse(0.2)
    assert relay.wait_for(lambda r: states(r) == [False, True, False], DEADLINE_SECONDS)
    _lock, unlocked, locked = relay.switches
    assert locked.at_monotonic - unlocked.at_monotonic >= 0.19
    assert not strike.health.unlocked


def test_a_pulse_returns_while_the_door_is_still_unlocked(
    relay: VirtualRelay, strike: RelayBoardStrike
) -> None:
    strike.pulse(60)
    assert relay.wait_for(lambda r: r.is_on(), DEADLINE_SECONDS)
    assert strike.health.unlocked


def test_of_overlapping_pulses_the_one_that_ends_last_counts(
    relay: VirtualRelay, strike: RelayBoardStrike
) -> None:
    strike.pulse(0.3)
    strike.pulse(0.01)
    assert relay.wait_for(lambda r: states(r) == [False, True, True, False], DEADLINE_SECONDS)
    assert relay.switches[-1].at_monotonic - relay.switches[1].at_monotonic >= 0.29
    assert strike.health.pulses == 2


def test_a_later_pulse_extends_an_earlier_one(relay: VirtualRelay, strike: RelayBoardStrike) -> None:
    strike.pulse(0.05)
    strike.pulse(0.3)
    assert relay.wait_for(lambda r: states(r)[-1] is False and len(r.switches) > 2, DEADLINE_SECONDS)
    assert states(relay) == [False, True, True, False]
    assert relay.switches[-1].at_monotonic - relay.switches[2].at_monotonic >= 0.29


def test_closing_locks_at_once(relay: VirtualRelay, strike: RelayBoardStrike) -> None:
    strike.pulse(60)
    strike.close()
    assert relay.wait_for(lambda r: states(r) == [False, True, False], DEADLINE_SECONDS)
    assert strike.health.state == "closed"
    with pytest.raises(StrikeError) as caught:
        strike.pulse(1)
    assert caught.value.kind == "closed"
    strike.close()


def test_a_door_left_unlocked_by_a_killed_program_is_locked_at_the_next_start(relay: VirtualRelay) -> None:
    with open_port(relay.path) as left_behind:
        left_behind.write(ON)
    assert relay.wait_for(lambda r: r.is_on(), DEADLINE_SECONDS)
    strike = RelayBoardStrike(relay.path)
    assert relay.wait_for(lambda r: not r.is_on(), DEADLINE_SECONDS)
    strike.close()


def test_a_pulse_right_after_construction_waits_for_the_port(relay: VirtualRelay) -> None:
    strike = RelayBoardStrike(relay.path)
    strike.pulse(60)
    assert relay.wait_for(lambda r: states(r) == [False, True], DEADLINE_SECONDS)
    strike.close()


def test_a_pulse_on_an_unplugged_relay_fails_and_the_next_after_replugging_works(
    relay: VirtualRelay, strike: RelayBoardStrike
) -> None:
    relay.unplug()
    with pytest.raises(StrikeError) as caught:
        strike.pulse(1)
    assert caught.value.kind == "missing"
    assert relay.path in caught.value.message
    assert (strike.health.state, strike.health.last_error) == ("waiting", "missing")
    relay.replug()
    strike.pulse(60)
    assert relay.wait_for(lambda r: r.is_on(), DEADLINE_SECONDS)
    assert strike.health.state == "online"


def test_a_pulse_survives_an_unplug_and_replug_nobody_noticed(
    relay: VirtualRelay, strike: RelayBoardStrike
) -> None:
    relay.unplug()
    relay.replug()
    strike.pulse(60)
    assert relay.wait_for(lambda r: r.is_on(), DEADLINE_SECONDS)


def test_an_idle_strike_notices_that_its_relay_is_gone_and_finds_it_again(
    relay: VirtualRelay, strike: RelayBoardStrike
) -> None:
    relay.unplug()
    assert wait_until(lambda: strike.health.state == "waiting")
    assert strike.health.last_error == "missing"
    relay.replug()
    assert relay.wait_for(lambda r: states(r) == [False, False], DEADLINE_SECONDS)
    assert wait_until(lambda: strike.health.state == "online")


def test_a_relay_unplugged_in_mid_pulse_counts_as_unlocked_until_it_is_told_to_lock(
    relay: VirtualRelay, strike: RelayBoardStrike
) -> None:
    strike.pulse(0.05)
    relay.unplug()
    assert wait_until(lambda: strike.health.state == "waiting")
    assert strike.health.unlocked
    relay.replug()
    assert wait_until(lambda: not strike.health.unlocked)
    assert states(relay)[-1] is False


def test_a_relay_another_program_holds_is_busy(relay: VirtualRelay, strike: RelayBoardStrike) -> None:
    rival = RelayBoardStrike(relay.path)
    with pytest.raises(StrikeError) as caught:
        rival.pulse(1)
    assert caught.value.kind == "busy"
    rival.close()
    assert True not in states(relay)


def test_a_relay_that_takes_no_bytes_fails_the_pulse_instead_of_hanging(tmp_path: Path) -> None:
    with VirtualPort(tmp_path / "port") as port:
        strike = RelayBoardStrike(port.path)
        failed: list[StrikeError] = []

        def press_until_stuck() -> None:
            try:
                while True:
                    strike.pulse(60)
            except StrikeError as error:
                failed.append(error)

        thread = threading.Thread(target=press_until_stuck, daemon=True)
        thread.start()
        thread.join(DEADLINE_SECONDS)
        assert failed, "nobody reads the board's side, so its buffer fills up and the pulse must give up"
        strike.close()


@pytest.mark.parametrize("line", ["rts", "dtr"])
def test_a_modem_line_is_raised_for_the_pulse_and_low_otherwise(line: Literal["rts", "dtr"]) -> None:
    other = "dtr" if line == "rts" else "rts"
    with VirtualModem() as modem:
        strike = strike_from_settings(StrikeSettings(kind=line, port=modem.url))
        assert wait_until(lambda: strike.health.state == "online")
        assert not modem.is_on(line)
        strike.pulse(0.3)
        assert modem.wait_for(lambda m: m.is_on(line), DEADLINE_SECONDS)
        assert not modem.is_on(other)
        assert modem.wait_for(lambda m: not m.is_on(line), DEADLINE_SECONDS)
        strike.pulse(60)
        assert modem.wait_for(lambda m: m.is_on(line), DEADLINE_SECONDS)
        strike.close()
        assert modem.wait_for(lambda m: not m.is_on(line), DEADLINE_SECONDS)


def test_a_port_without_modem_lines_is_reported_not_pretended(tmp_path: Path) -> None:
    with VirtualPort(tmp_path / "port") as port:
        strike = ModemLineStrike(port.path)
        with pytest.raises(StrikeError) as caught:
            strike.pulse(1)
        assert caught.value.kind == "io"
        assert strike.health.state == "waiting"
        strike.close()


def test_the_settings_kinds_give_their_strikes(relay: VirtualRelay) -> None:
    board = strike_from_settings(StrikeSettings(kind="relay", port=relay.path, channel=3))
    board.pulse(60)
    assert relay.wait_for(lambda r: r.is_on(3), DEADLINE_SECONDS)
    board.close()
    nothing = strike_from_settings(StrikeSettings(kind="none"))
    nothing.pulse(5)
    nothing.lock()
    nothing.close()
    assert isinstance(nothing, NoStrike)
    assert nothing.health.state == "none"
    with pytest.raises(ZhibanError, match="cellar"):
        strike_from_settings(StrikeSettings(kind="osdp", reader="cellar"))


def test_a_strike_is_locked_before_its_time_when_the_door_was_opened(
    relay: VirtualRelay, strike: RelayBoardStrike
) -> None:
    strike.pulse(60)
    strike.lock()
    assert relay.wait_for(lambda r: states(r) == [False, True, False], DEADLINE_SECONDS)
    assert wait_until(lambda: not strike.health.unlocked)


def test_locking_a_locked_strike_sends_nothing_and_the_next_pulse_works(
    relay: VirtualRelay, strike: RelayBoardStrike
) -> None:
    strike.lock()
    strike.pulse(60)
    assert relay.wait_for(lambda r: states(r) == [False, True], DEADLINE_SECONDS)


def test_every_strike_kind_names_itself_in_its_health(relay: VirtualRelay, strike: SerialStrike) -> None:
    assert strike.health.kind == "relay"


def test_the_boards_decoder_finds_orders_between_garbage_byte_by_byte() -> None:
    decoder = RelayCommandDecoder()
    stream = b"\xa0\x01" + ON + b"\xa0\x01\x01\xff" + OFF + b"\x00"
    orders = [order for byte in stream for order in decoder.feed(bytes([byte]))]
    assert orders == [(1, True), (1, False)]
