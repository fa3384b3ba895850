"""Parts that fail under a running door: its state stays true, the part is named, everything else goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardware import modbus_relay
from hardware.virtual import VirtualReader
from hardware.virtual_modbus import VirtualModbusRelay
from hardware.virtual_modem import VirtualModem
from kiosk.process import Kiosk, run_kiosk
from kiosk.snapshot import save_snapshot
from regulation.doorlog import DoorEventRecord
from settings import open_home
from tests.kiosk.rig import Clock, until
from tests.kiosk.scene import OFF_DUTY, ON_DUTY, SNAPSHOT

SETTINGS = """
[kiosk]
name = "main"
{readers}
[kiosk.strike]
kind = "modbus"
port = "{folder}/relay"
open_seconds = 30.0

[kiosk.contact]
kind = "cts"
port = "{modem}"
active = "low"

[kiosk.exit_button]
kind = "dsr"
port = "{modem}"
"""
READERS = {"in": "in", "side": "in", "out": "out"}
READER = """
[[kiosk.readers]]
name = "{name}"
port = "{folder}/{name}"
direction = "{direction}"
"""


@dataclass
class Doorway:
    """A running kiosk with three readers, a board with a timer, contact and button."""

    readers: dict[str, VirtualReader]
    board: VirtualModbusRelay
    modem: VirtualModem
    kiosk: Kiosk
    clock: Clock
    events: list[DoorEventRecord]

    def until_well(self) -> None:
        until(lambda: set(self.kiosk.wiring.parts().values()) == {"ok"}, f"{self.kiosk.parts()}")

    def until_released(self) -> None:
        until(self.board.is_on, "the release")
        self.kiosk.strike.lock()
        until(lambda: not self.board.is_on(), "the lock")

    def swipe(self, reader: str, badge: str) -> DoorEventRecord:
        """Swipe past the repeat window and return the event."""
        self.clock.advance(30)
        before = len(self.events)
        self.readers[reader].swipe(badge)
        until(lambda: len(self.events) > before, f"an event at {reader}")
        return self.events[before]


def settings(folder: Path, modem: VirtualModem) -> str:
    readers = "".join(READER.format(name=name, folder=folder, direction=way) for name, way in READERS.items())
    return SETTINGS.format(folder=folder, readers=readers, modem=modem.url)


@contextmanager
def doorway(folder: Path) -> Iterator[Doorway]:
    with VirtualModem() as modem, VirtualModbusRelay(folder / "relay") as board:
        (folder / "settings.toml").write_text(settings(folder, modem))
        modem.set(cts=True)  # the reed is closed: so is the door
        home, clock = open_home(folder), Clock()
        save_snapshot(home.kiosk_folder, SNAPSHOT)
        readers = {name: VirtualReader("line", folder / name) for name in READERS}
        kiosk = Kiosk(home, can_ask=False, clock=clock)
        on = Doorway(readers, board, modem, kiosk, clock, [])
        kiosk.journal.on_recorded(on.events.extend)
        with kiosk:
            on.until_well()
            yield on
        for reader in readers.values():
            reader.close()


def test_a_board_that_stops_answering_is_named_and_the_next_swipe_says_so_until_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modbus_relay, "QUESTION_SECONDS", 0.3)
    with doorway(tmp_path) as door:
        assert door.swipe("in", ON_DUTY).code == "granted.relief_late"
        door.until_released()
        door.board.deaf = True
        until(lambda: door.kiosk.parts()["strike"] == "missing", "the health")
        door.swipe("out", ON_DUTY)
        until(lambda: "does not answer" in door.kiosk.parts()["strike"], "the words")
        assert not door.kiosk.strike.health.unlocked
        assert door.kiosk.parts()["reader in"] == "ok"
        door.board.deaf = False
        until(lambda: door.kiosk.parts()["strike"] == "ok", "the recovery")
        door.swipe("out", OFF_DUTY)
        door.until_released()


@pytest.mark.parametrize("name", READERS)
def test_any_reader_can_be_unplugged_and_plugged_in_again(tmp_path: Path, name: str) -> None:
    with doorway(tmp_path) as door:
        door.readers[name].unplug()
        until(lambda: door.kiosk.parts()[f"reader {name}"] == "missing", "the loss")
        other = next(reader for reader in READERS if reader != name)
        door.swipe(other, ON_DUTY)
        door.readers[name].replug()
        door.until_well()
        assert door.swipe(name, OFF_DUTY).reader == name


def test_contact_and_button_are_lost_together_and_come_back_together(tmp_path: Path) -> None:
    with doorway(tmp_path) as door:
        before = len(door.events)
        door.modem.unplug()
        until(lambda: door.kiosk.parts()["contact"] == "missing", "the loss")
        assert door.kiosk.parts()["exit button"] == "missing"
        assert len(door.events) == before, "a cut cable is no opened door"
        door.swipe("out", ON_DUTY)
        door.until_released()
        door.modem.replug()
        door.until_well()
        door.modem.set(dsr=True)
        door.until_released()


def test_a_reader_that_floods_harms_nobody_else(tmp_path: Path) -> None:
    with doorway(tmp_path) as door:
        for _piece in range(200):
            door.readers["side"].send(b"\x01" * 500)
        door.readers["side"].send(b"\r\n")
        door.swipe("out", ON_DUTY)
        door.until_released()
        door.swipe("side", OFF_DUTY)
        assert {event.badge for event in door.events} <= {ON_DUTY, OFF_DUTY}


def test_a_second_program_on_the_inputs_port_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A network serial server takes one client: the second one hears nothing and must not take that for a door."""
    with doorway(tmp_path) as door:
        other = tmp_path / "other"
        other.mkdir()
        (other / "settings.toml").write_text((tmp_path / "settings.toml").read_text())
        assert run_kiosk(open_home(other), headless=True) == 1
        assert "Another program is using" in capsys.readouterr().err
        door.swipe("out", ON_DUTY)
        door.until_released()
