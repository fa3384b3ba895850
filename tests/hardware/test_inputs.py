"""Contact and button on modem lines, over a real RFC 2217 link: debounce, sharing with the strike, and cut cables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hardware import kept_port
from hardware.inputs import DEBOUNCE_SECONDS, LineInputs, LineSwitch
from hardware.kept_port import POLL_SECONDS
from hardware.strike import ModemLineStrike
from hardware.virtual import VirtualPort
from hardware.virtual_modem import VirtualModem
from tests.hardware.heard import DEADLINE_SECONDS, wait_until


class Told:
    """What a switch told, in order."""

    def __init__(self) -> None:
        self.changes: list[tuple[bool, bool]] = []
        self.times: list[float] = []

    def __call__(self, active: bool, at: float, first: bool) -> None:
        self.changes.append((active, first))
        self.times.append(at)


class Lines:
    """A port whose CTS line is what the test says."""

    def __init__(self, cts: bool = False) -> None:
        self.cts = cts


@pytest.fixture
def modem() -> Iterator[VirtualModem]:
    with VirtualModem() as port:
        yield port


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def inputs(modem: VirtualModem, told: Told) -> Iterator[LineInputs]:
    kept = LineInputs(modem.url, [LineSwitch("cts", "high", told)])
    assert wait_until(lambda: told.changes == [(False, True)])
    yield kept
    kept.close()


def test_lines_are_looked_at_at_least_fifty_times_a_second() -> None:
    assert POLL_SECONDS <= 0.02
    assert DEBOUNCE_SECONDS >= 0.01


def test_a_line_counts_when_it_was_still_for_the_debounce_time_and_not_before(told: Told) -> None:
    lines, switch = Lines(), LineSwitch("cts", "high", told)
    switch.look(lines, 0.0)
    switch.look(lines, DEBOUNCE_SECONDS - 0.001)
    switch.tell()
    assert told.changes == []
    assert switch.active is None
    switch.look(lines, DEBOUNCE_SECONDS)
    switch.tell()
    assert told.changes == [(False, True)]
    assert told.times == [0.0]


def test_a_contact_that_bounces_is_told_once(told: Told) -> None:
    lines, switch = Lines(), LineSwitch("cts", "high", told)
    now = 10.0
    for level in [False] * 5 + [True, False, True, False, False, True] + [True] * 5:
        lines.cts = level
        switch.look(lines, now)
        now += 0.015
    switch.tell()
    assert told.changes == [(False, True), (True, False)]


def test_a_spike_is_not_told(told: Told) -> None:
    lines, switch = Lines(), LineSwitch("cts", "high", told)
    for number, level in enumerate([False] * 4 + [True] + [False] * 4):
        lines.cts = level
        switch.look(lines, 10.0 + number * 0.015)
    switch.tell()
    assert told.changes == [(False, True)]


def test_active_low_turns_the_line_around(told: Told) -> None:
    lines, switch = Lines(cts=False), LineSwitch("cts", "low", told)
    switch.look(lines, 1.0)
    switch.look(lines, 1.1)
    switch.tell()
    assert told.changes == [(True, True)]


def test_a_switch_is_told_over_the_network(modem: VirtualModem, inputs: LineInputs, told: Told) -> None:
    modem.set(cts=True)
    assert wait_until(lambda: told.changes == [(False, True), (True, False)])
    modem.set(cts=False)
    assert wait_until(lambda: told.changes[2:] == [(False, False)])
    assert inputs.port_word == "ok"


def test_an_inputs_port_never_drives_rts_or_dtr(modem: VirtualModem, inputs: LineInputs) -> None:
    assert not any(change.on for change in modem.driven)


def test_a_cut_cable_says_neither_open_nor_closed_and_is_told_anew_when_mended(
    modem: VirtualModem, told: Told
) -> None:
    switch = LineSwitch("cts", "high", told)
    inputs = LineInputs(modem.url, [switch])
    assert wait_until(lambda: switch.active is False)
    modem.unplug()
    assert wait_until(lambda: inputs.port_word == "missing")
    assert switch.active is None
    assert told.changes == [(False, True)], "a loss is no change of the door"
    modem.set(cts=True)
    modem.replug()
    assert wait_until(lambda: told.changes == [(False, True), (True, True)])
    assert inputs.port_word == "ok"
    inputs.close()


def test_a_link_that_falls_silent_without_closing_is_noticed(
    modem: VirtualModem, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_port, "LIVENESS_SECONDS", 0.2)
    inputs = LineInputs(modem.url + "?timeout=0.5", [LineSwitch("cts", "high", told)])
    assert wait_until(lambda: told.changes == [(False, True)])
    modem.silent = True
    assert wait_until(lambda: inputs.port_word == "missing")
    inputs.close()


def test_strike_and_switches_share_one_opening(modem: VirtualModem, told: Told) -> None:
    button = Told()
    switches = [LineSwitch("cts", "high", told), LineSwitch("dsr", "low", button)]
    strike = ModemLineStrike(modem.url, "rts", switches)
    assert wait_until(lambda: told.changes == [(False, True)] and button.changes == [(True, True)])
    strike.pulse(60)
    assert modem.wait_for(lambda m: m.is_on("rts"), DEADLINE_SECONDS)
    modem.set(cts=True)
    assert wait_until(lambda: told.changes[1:] == [(True, False)])
    strike.lock()
    assert modem.wait_for(lambda m: not m.is_on("rts"), DEADLINE_SECONDS)
    modem.set(dsr=True)
    assert wait_until(lambda: button.changes[1:] == [(False, False)])
    strike.close()


def test_a_port_without_modem_lines_is_reported_not_pretended(told: Told, tmp_path: Any) -> None:
    with VirtualPort(tmp_path / "port") as port:
        inputs = LineInputs(port.path, [LineSwitch("cts", "high", told)])
        assert wait_until(lambda: inputs.port_word == "io")
        assert told.changes == []
        inputs.close()
