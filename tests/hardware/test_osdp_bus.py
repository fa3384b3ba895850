"""The OSDP bus against libosdp's own peripheral over pseudo-terminals."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from hardware import osdp
from hardware.osdp_bus import OsdpBus
from hardware.osdp_device import VirtualOsdpBus, VirtualOsdpReader
from hardware.osdp_post import OsdpReaderSettings, Signal
from hardware.osdp_strike import OsdpStrike
from hardware.osdp_wire import crc16
from hardware.port import PortError
from hardware.strike import StrikeError
from hardware.wiegand import bits_of_badge
from settings import ZhibanError
from tests.hardware.heard import wait_until
from tests.hardware.osdp_rig import BADGE, KEY_IN, KEY_OUT, LATE_BADGE, OTHER_BADGE, Rig, rig

RECOVERY_SECONDS = 10.0


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as it:
        assert it.comes_online("in")
        assert it.comes_online("out")
        yield it


def silent_for(seconds: float) -> None:
    threading.Event().wait(seconds)  # the length of a cut is the case itself, not patience


# Secure Channel


def test_two_readers_on_one_bus_come_online_securely_and_report_their_own_cards(two: Rig) -> None:
    assert all(reader.is_secure for reader in two.readers)
    assert two.fresh("in", two.readers[0], BADGE)
    assert two.fresh("out", two.readers[1], OTHER_BADGE)
    assert set(two.heard.badges_of("in")) == {BADGE}
    assert set(two.heard.badges_of("out")) == {OTHER_BADGE}
    assert two.bus.health("in").frames == len(two.heard.badges_of("in"))


def test_a_swipe_right_after_the_reader_is_told_online_is_reported(tmp_path: Path) -> None:
    with rig(tmp_path) as it:
        it.readers[0].swipe(LATE_BADGE)  # nobody listens yet
        assert it.comes_online("in")
        it.readers[0].swipe(BADGE)
        assert it.heard.wait_for(lambda h: len(h.badges()) > 0)
        assert it.heard.badges() == [BADGE]


def test_a_wrong_key_is_refused_and_nothing_of_that_reader_is_believed(tmp_path: Path) -> None:
    with rig(tmp_path, keys={"in": KEY_OUT, "out": KEY_OUT}) as it:
        assert wait_until(lambda: it.bus.health("in").last_error == "key")
        assert it.comes_online("out")
        it.readers[0].swipe(BADGE)
        assert it.fresh("out", it.readers[1], OTHER_BADGE)
        assert it.bus.health("in").state == "waiting"
        assert not it.readers[0].is_secure
        assert it.heard.badges_of("in") == []
        with pytest.raises(PortError) as raised:
            it.bus.pulse_output("in", 0, 1.0)
        assert raised.value.kind == "key"
        assert it.readers[0].switches == ()


def test_a_reader_that_speaks_plain_text_only_is_refused(tmp_path: Path) -> None:
    with rig(tmp_path, keys={"in": KEY_IN}, make=lambda line: [line.add(1, KEY_IN, secure=False)]) as it:
        assert wait_until(lambda: it.bus.health("in").last_error == "key")
        it.readers[0].swipe(BADGE)
        assert not it.comes_online("in", 1.0)
        assert it.heard.badges() == []


@pytest.mark.parametrize("key", [KEY_IN, osdp.INSTALL_KEY], ids=["own key", "the install key itself"])
def test_a_reader_in_install_mode_is_not_accepted_in_normal_running(tmp_path: Path, key: bytes) -> None:
    with rig(tmp_path, keys={"in": key}, make=lambda line: [line.add(1, None)]) as it:
        assert wait_until(lambda: it.bus.health("in").last_error == "key")
        assert not it.comes_online("in", 1.0)
        assert it.readers[0].key is None


def test_a_key_that_is_put_right_brings_the_reader_back_by_itself(tmp_path: Path) -> None:
    with rig(tmp_path, keys={"in": KEY_IN}, make=lambda line: [line.add(1, KEY_OUT)]) as it:
        assert wait_until(lambda: it.bus.health("in").last_error == "key")
        it.readers[0].kill()
        it.readers[0].key = KEY_IN
        it.readers[0].revive()
        assert it.comes_online("in", RECOVERY_SECONDS)


def forged_card(address: int, sequence: int) -> bytes:
    """A plain-text report of the badge 00D00F with a right check, as anybody on the line could send it."""
    head = bytes([0x53, address | 0x80, 16, 0, 0x04 | sequence, 0x50, 0, 1, 26, 0])
    frame = head + (bits_of_badge("wiegand26", LATE_BADGE) << 6).to_bytes(4, "big")
    return frame + crc16(frame).to_bytes(2, "little")


def test_a_plain_text_card_slipped_into_a_secure_line_is_refused(two: Rig) -> None:
    slipped: list[bytes] = []

    def alter(said: bytes) -> bytes:
        if len(slipped) >= 20 or said.lstrip(b"\xff")[1:2] != b"\x81":
            return said
        slipped.append(forged_card(1, said.lstrip(b"\xff")[4] & 3))
        return slipped[-1]

    assert two.fresh("in", two.readers[0], BADGE)
    two.line.alter = alter
    assert wait_until(lambda: not two.is_online("in"))
    two.line.alter = bytes
    assert slipped
    assert two.comes_online("in", RECOVERY_SECONDS)
    assert two.fresh("in", two.readers[0], BADGE)
    assert set(two.heard.badges()) == {BADGE}


# Cuts


def recovers_without_the_late_card(it: Rig, cut_seconds: float) -> None:
    reader = it.readers[0]
    assert it.comes_online("in")
    assert it.comes_online("out")
    assert it.fresh("in", reader, BADGE)
    it.line.cut()
    silent_for(cut_seconds / 2)
    reader.swipe(LATE_BADGE)
    silent_for(cut_seconds / 2)
    it.line.mend()
    deadline = time.monotonic() + RECOVERY_SECONDS
    for name in ("in", "out"):
        assert it.comes_online(name, deadline - time.monotonic())
    assert it.fresh("in", reader, OTHER_BADGE)
    assert time.monotonic() < deadline
    assert LATE_BADGE not in it.heard.badges()
    assert it.bus.health("in").noise["stale"] >= 1


def test_cut_buses_recover_and_a_card_swiped_meanwhile_is_never_reported(tmp_path: Path) -> None:
    cuts = (0.4, 3.0, 9.0)  # a reader's session ends after 8 s; libosdp alone would then give it up for 300 s
    with ExitStack() as stack, ThreadPoolExecutor(len(cuts)) as pool:
        rigs = []
        for cut_seconds in cuts:
            folder = tmp_path / str(cut_seconds)
            folder.mkdir()
            rigs.append(stack.enter_context(rig(folder)))
        list(pool.map(recovers_without_the_late_card, rigs, cuts))


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("ZHIBAN_SOAK"), reason="the long form runs under `make soak`")
def test_a_cut_of_20_seconds_recovers_within_ten(two: Rig) -> None:
    recovers_without_the_late_card(two, 20.0)


def test_a_cut_is_told_while_libosdp_still_calls_the_reader_online(two: Rig) -> None:
    two.line.cut()
    assert two.heard.wait_for(lambda h: h.lost() == ["missing", "missing"], 5.0)
    assert two.bus.health("in").state == "waiting"
    assert two.bus.health("in").last_error == "missing"


def test_a_dead_reader_leaves_the_other_working_and_is_locked_when_it_returns(two: Rig) -> None:
    reader = two.readers[0]
    OsdpStrike(two.bus, "in", 0)
    reader.kill()
    assert wait_until(lambda: two.bus.health("in").last_error == "missing")
    assert two.fresh("out", two.readers[1], OTHER_BADGE)
    assert two.bus.health("out").state == "online"
    before = len(reader.switches)
    reader.revive()
    assert two.comes_online("in", RECOVERY_SECONDS)
    assert reader.wait_for(lambda r: len(r.switches) > before, 5.0)
    assert not reader.switches[-1].on
    assert two.fresh("in", reader, BADGE)


def test_a_pulled_adapter_is_missed_and_found_again(two: Rig) -> None:
    two.line.unplug()
    assert two.heard.wait_for(lambda h: len(h.lost()) == 2)
    two.readers[0].swipe(LATE_BADGE)
    two.line.replug()
    assert two.comes_online("in", RECOVERY_SECONDS)
    assert two.fresh("in", two.readers[0], BADGE)
    assert LATE_BADGE not in two.heard.badges()


def test_a_port_that_another_program_has_is_told_as_busy(two: Rig) -> None:
    settings = [OsdpReaderSettings("in", 1)]
    second = OsdpBus(two.line.path, settings, {"in": KEY_IN}, lambda _event: None)
    second.start()
    assert wait_until(lambda: second.health("in").last_error == "busy")
    second.stop()
    assert two.is_online("in")


@contextmanager
def served_by_tcp(port: str) -> Iterator[str]:
    """A serial server such as a Moxa box: the port behind a TCP address, until the box is switched off."""
    listener = socket.create_server(("127.0.0.1", 0))
    inside = os.open(port, os.O_RDWR | os.O_NOCTTY)
    outside: list[socket.socket] = []
    off = threading.Event()

    def serve() -> None:
        outside.append(listener.accept()[0])
        while not off.is_set():
            ready = select.select([inside, outside[0].fileno()], [], [], 0.05)[0]
            if inside in ready:
                outside[0].sendall(os.read(inside, 4096))
            if outside[0].fileno() in ready:
                os.write(inside, outside[0].recv(4096))
        outside[0].close()

    box = threading.Thread(target=serve, daemon=True)
    box.start()
    try:
        yield f"socket://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        off.set()
        box.join()
        os.close(inside)
        listener.close()


def test_a_bus_behind_a_network_port_works_and_its_end_is_told(tmp_path: Path) -> None:
    with VirtualOsdpBus(tmp_path / "bus") as line:
        reader = line.add(1, KEY_IN)
        with served_by_tcp(line.path) as url:
            it = Rig(line, [reader], {"in": KEY_IN}, url)
            it.bus.start()
            assert it.comes_online("in")
            reader.swipe(BADGE)
            assert it.heard.wait_for(lambda h: h.badges() == [BADGE])
            it.bus.pulse_output("in", 0, 0.3)
            assert reader.is_on(0)
        assert wait_until(lambda: it.bus.health("in").last_error == "missing")
        it.bus.stop()


# Outputs


def test_a_pulse_is_ended_by_the_readers_own_timer_when_we_are_gone(two: Rig) -> None:
    reader = two.readers[0]
    two.bus.pulse_output("in", 0, 0.5)
    assert reader.is_on(0)
    two.line.cut()
    assert reader.wait_for(lambda r: not r.is_on(0), 5.0)
    last = reader.switches[-1]
    assert last.by_timer
    assert not last.on


def test_a_strike_locks_on_opening_unlocks_for_its_time_and_locks_when_told(two: Rig) -> None:
    strike, reader = OsdpStrike(two.bus, "in", 1), two.readers[0]
    strike.pulse(20.0)
    assert reader.is_on(1)
    assert strike.health.unlocked
    assert strike.health.pulses == 1
    strike.pulse(0.1)  # a shorter one must not cut it
    assert reader.is_on(1)
    strike.lock()
    assert reader.wait_for(lambda r: not r.is_on(1), 5.0)
    assert not reader.switches[-1].by_timer
    assert not strike.health.unlocked
    strike.close()
    assert strike.health.state == "closed"
    with pytest.raises(StrikeError):
        strike.pulse(1.0)


def test_a_pulse_into_a_cut_fails_in_about_a_second_and_never_happens_later(two: Rig) -> None:
    reader = two.readers[0]
    assert reader.wait_for(
        partial(shows_more_than, 1), 5.0
    )  # no light stands before the pulse: libosdp takes it
    assert two.fresh("in", reader, BADGE)
    two.line.cut()
    before = time.monotonic()
    with pytest.raises(PortError) as raised:
        two.bus.pulse_output("in", 0, 5.0)
    assert raised.value.kind == "missing"
    assert time.monotonic() - before < 3.0
    two.line.mend()
    assert two.comes_online("in", RECOVERY_SECONDS)
    assert two.fresh("in", reader, BADGE)
    assert not any(switch.on for switch in reader.switches)


def test_an_output_that_the_reader_has_not_is_refused_and_the_reader_stays(two: Rig) -> None:
    with pytest.raises(PortError):
        two.bus.pulse_output("in", 7, 1.0)
    assert two.fresh("in", two.readers[0], BADGE)
    assert two.heard.opened() == 2


def test_a_longer_pulse_than_the_timer_holds_is_cut_and_does_not_wrap_around(two: Rig) -> None:
    assert osdp.output_on(0, 30.0)["timer_count"] == 255
    assert osdp.output_on(0, 0.0)["timer_count"] == 1
    two.bus.pulse_output("in", 0, 30.0)
    assert two.readers[0].is_on(0)


def test_stopping_hands_out_the_order_to_lock(two: Rig) -> None:
    strike, reader = OsdpStrike(two.bus, "in", 0), two.readers[0]
    strike.pulse(20.0)
    strike.close()
    two.bus.stop()
    assert not reader.is_on(0)
    assert two.bus.health("in").state == "stopped"


# Lights and inputs


def shows_more_than(seen: int, reader: VirtualOsdpReader) -> bool:
    return len(reader.signals) > seen


def test_signals_show_on_the_reader_and_never_wait(two: Rig) -> None:
    reader = two.readers[0]
    kinds: tuple[Signal, ...] = ("idle", "wait", "yes", "no")
    for kind in kinds:
        seen = len(reader.signals)
        two.bus.signal("in", kind)
        assert reader.wait_for(partial(shows_more_than, seen), 5.0)
    assert reader.wait_for(lambda r: r.signals[-1][0] == "buzzer", 5.0)
    two.line.cut()
    two.bus.signal("in", "yes")


def test_inputs_arrive_with_their_first_state_and_their_changes(two: Rig) -> None:
    def told() -> list[tuple[str, int, bool, bool]]:
        return [(i.name, i.number, i.active, i.first) for i in list(two.heard.inputs)]

    assert wait_until(lambda: ("in", 0, False, True) in told() and ("in", 1, False, True) in told())
    two.readers[0].set_input(1, active=True)
    assert wait_until(lambda: ("in", 1, True, False) in told())
    two.readers[0].set_input(1, active=False)
    assert wait_until(lambda: told()[-1] == ("in", 1, False, False))
    assert ("in", 0, True, False) not in told()


def test_a_button_pressed_and_let_go_during_a_cut_is_not_told_and_a_door_that_stayed_open_is(
    two: Rig,
) -> None:
    assert wait_until(lambda: sum(i.name == "in" for i in two.heard.inputs) == 2)
    two.line.cut()
    assert wait_until(lambda: not two.is_online("in"))
    before = len(two.heard.inputs)
    two.readers[0].set_input(0, active=True)
    two.readers[0].set_input(0, active=False)
    two.readers[0].set_input(1, active=True)
    two.line.mend()
    assert wait_until(
        lambda: any(i.name == "in" and i.number == 1 and i.active for i in two.heard.inputs[before:])
    )
    told = [i for i in two.heard.inputs[before:] if i.name == "in"]
    assert all(i.first for i in told)
    assert not any(i.number == 0 and i.active for i in told)


def test_a_reader_that_declines_to_tell_its_inputs_is_asked_only_once(tmp_path: Path) -> None:
    with VirtualOsdpBus(tmp_path / "bus") as line:
        reader = line.add(1, KEY_IN)
        reader.reports_inputs = False
        it = Rig(line, [reader], {"in": KEY_IN})
        it.bus.start()
        assert it.heard.wait_for(lambda h: h.opened() == 2)  # libosdp drops a reader that declines
        assert it.fresh("in", reader, BADGE)
        assert not it.heard.wait_for(lambda h: h.opened() == 3, 1.5)
        it.bus.stop()


# Truth


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_health_tells_that_the_thread_died_whatever_libosdp_believes(tmp_path: Path) -> None:
    with VirtualOsdpBus(tmp_path / "bus") as line:
        reader = line.add(1, KEY_IN)

        def breaks(_event: object) -> None:
            raise SystemExit  # ends the thread in silence

        bus = OsdpBus(line.path, [OsdpReaderSettings("in", 1)], {"in": KEY_IN}, breaks)
        bus.start()
        assert wait_until(lambda: bus.health("in").state == "stopped")
        with pytest.raises(PortError):
            bus.pulse_output("in", 0, 1.0)
        assert not reader.is_on(0)


def test_what_cannot_work_is_said_at_the_start() -> None:
    def bus(readers: list[OsdpReaderSettings], keys: dict[str, bytes]) -> OsdpBus:
        return OsdpBus("/dev/null", readers, keys, lambda _event: None)

    with pytest.raises(ZhibanError, match="no OSDP key"):
        bus([OsdpReaderSettings("in", 1)], {})
    with pytest.raises(ZhibanError, match="address 1"):
        bus([OsdpReaderSettings("a", 1), OsdpReaderSettings("b", 1)], {"a": KEY_IN, "b": KEY_IN})
    with pytest.raises(ZhibanError, match="address 127"):
        bus([OsdpReaderSettings("in", 127)], {"in": KEY_IN})
