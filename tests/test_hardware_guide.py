"""The hardware guide is true: every block of settings starts on simulators and lets a badge through."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest
from _pytest.mark import ParameterSet

from hardware.osdp_device import VirtualOsdpBus, VirtualOsdpReader
from hardware.osdp_keys import load_keys, make_key
from hardware.virtual import VirtualReader, VirtualRelay
from hardware.virtual_modbus import VirtualModbusRelay
from hardware.virtual_modem import VirtualModem
from kiosk.process import Kiosk
from kiosk.snapshot import save_snapshot
from regulation.doorlog import DoorEventRecord
from regulation.records import BadgeRecord
from settings import DoorInput, Home, Reader, Settings, open_home
from tests.hardware.heard import wait_until
from tests.kiosk.rig import Clock, until
from tests.kiosk.scene import SNAPSHOT

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "hardware.md"
FENCE = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
CITED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")

BADGES = {"line": "1017", "rdm6300": "0000001017", "id12": "0000001017"}
BADGES |= {"wiegand26": "001017", "wiegand34": "00001017", "osdp": "001017"}


def blocks() -> list[str]:
    return FENCE.findall(GUIDE.read_text(encoding="utf-8"))


def settings_of(block: str) -> Settings:
    return msgspec.convert(tomllib.loads(block), Settings)


@dataclass
class Simulators:
    """Virtual devices for one block, by the port that the block names."""

    folder: Path
    stack: ExitStack
    home: Home
    ports: dict[str, str] = field(default_factory=dict)
    swipes: dict[str, Callable[[str], None]] = field(default_factory=dict)
    modems: dict[str, VirtualModem] = field(default_factory=dict)
    buses: dict[str, VirtualOsdpBus] = field(default_factory=dict)
    on_bus: dict[str, VirtualOsdpReader] = field(default_factory=dict)
    is_unlocked: Callable[[], bool] = lambda: False

    def link(self, port: str) -> Path:
        path = self.folder / f"port{len(self.ports)}"
        self.ports[port] = str(path)
        return path

    def add_reader(self, reader: Reader) -> None:
        if reader.format != "osdp":
            device = self.stack.enter_context(VirtualReader(reader.format, self.link(reader.port)))
            self.swipes[reader.name] = device.swipe
            return
        if reader.port not in self.buses:
            bus = self.stack.enter_context(VirtualOsdpBus(self.link(reader.port)))
            self.buses[reader.port] = bus
        make_key(self.home.osdp_key_file, reader.name)
        key = load_keys(self.home.osdp_key_file, [reader.name])[reader.name]
        self.on_bus[reader.name] = self.buses[reader.port].add(reader.address, key)
        self.swipes[reader.name] = self.on_bus[reader.name].swipe

    def modem(self, port: str) -> VirtualModem:
        if port not in self.modems:
            self.modems[port] = self.stack.enter_context(VirtualModem())
            self.ports[port] = self.modems[port].url
        return self.modems[port]

    def add_strike(self, settings: Settings) -> None:
        strike = settings.kiosk.strike
        if strike.kind == "osdp":
            self.is_unlocked = lambda: self.on_bus[strike.reader].is_on(strike.channel)
        elif strike.kind in ("rts", "dtr"):
            modem = self.modem(strike.port)
            self.is_unlocked = lambda: modem.is_on(strike.kind)
        else:
            link = self.link(strike.port)
            board = (
                VirtualModbusRelay(link, address=strike.address)
                if strike.kind == "modbus"
                else VirtualRelay(link)
            )
            self.stack.enter_context(board)
            self.is_unlocked = lambda: board.is_on(strike.channel)

    def flip(self, given: DoorInput, *, active: bool) -> None:
        """Open the door, or press the button, as ``given`` is wired."""
        level = active is (given.active == "high")
        if given.kind == "osdp":
            self.on_bus[given.reader].set_input(given.number, active=level)
        elif given.kind != "none":
            self.modem(given.port).set(**{given.kind: level})


@dataclass
class Bench:
    """A kiosk that runs on simulators by one block."""

    settings: Settings
    simulators: Simulators
    kiosk: Kiosk
    events: list[DoorEventRecord]


@contextmanager
def bench(folder: Path, block: str) -> Iterator[Bench]:
    settings = settings_of(block)
    with ExitStack() as stack:
        simulators = Simulators(folder, stack, open_home(folder))
        for reader in settings.kiosk.readers:
            simulators.add_reader(reader)
        simulators.add_strike(settings)
        for given in (settings.kiosk.contact, settings.kiosk.exit_button):
            simulators.flip(given, active=False)
        for port in sorted(simulators.ports, key=len, reverse=True):
            block = block.replace(f'"{port}"', f'"{simulators.ports[port]}"')
        (folder / "settings.toml").write_text(block)
        home = open_home(folder)
        known = tuple(BadgeRecord(badge, 17) for badge in sorted(set(BADGES.values())))
        save_snapshot(home.kiosk_folder, replace(SNAPSHOT, badges=known))
        kiosk = Kiosk(home, can_ask=False, clock=Clock())
        events: list[DoorEventRecord] = []
        kiosk.journal.on_recorded(events.extend)
        with kiosk:
            until(lambda: set(kiosk.wiring.parts().values()) == {"ok"}, f"health: {kiosk.wiring.parts()}")
            yield Bench(settings, simulators, kiosk, events)


def swipe_until_decided(on: Bench, reader: Reader) -> None:
    """Hold the badge there again, as people do: where two reads are asked for, or where a bus has just come up."""
    before = len(on.events)
    deadline = time.monotonic() + 10
    while len(on.events) == before:
        assert time.monotonic() < deadline, f"no verdict for {reader.name}"
        on.simulators.swipes[reader.name](BADGES[reader.format])
        wait_until(lambda: len(on.events) > before, 1.0)


def numbered() -> list[ParameterSet]:
    named = []
    for number, block in enumerate(blocks()):
        kiosk = settings_of(block).kiosk
        words = [*(reader.format for reader in kiosk.readers), kiosk.strike.kind, kiosk.contact.kind]
        named.append(pytest.param(block, id=f"{number}-{'-'.join(words)}"))
    return named


@pytest.mark.parametrize("block", numbered())
def test_a_block_of_the_guide_starts_and_lets_a_badge_through(tmp_path: Path, block: str) -> None:
    with bench(tmp_path, block) as on:
        for reader in on.settings.kiosk.readers:
            swipe_until_decided(on, reader)
            until(on.simulators.is_unlocked, f"the release for {reader.name}")
            assert not on.events[-1].code.startswith("refused"), on.events[-1].code
            on.kiosk.strike.lock()
            until(lambda: not on.simulators.is_unlocked(), "the lock")


WITH_BUTTON = [block for block in blocks() if "exit_button" in block]


@pytest.mark.parametrize("block", WITH_BUTTON)
def test_a_button_of_the_guide_opens_and_the_contact_is_followed(tmp_path: Path, block: str) -> None:
    with bench(tmp_path, block) as on:
        kiosk = on.settings.kiosk
        on.simulators.flip(kiosk.exit_button, active=True)
        until(on.simulators.is_unlocked, "the release")
        on.simulators.flip(kiosk.contact, active=True)
        until(lambda: not on.simulators.is_unlocked(), "the lock after opening")


def test_the_guide_has_settings_for_every_kind_of_reader_strike_and_input() -> None:
    shown = [settings_of(block).kiosk for block in blocks()]
    readers = [reader for kiosk in shown for reader in kiosk.readers]
    assert {reader.format for reader in readers} == set(BADGES)
    assert {reader.direction for reader in readers} == {"in", "out", "both"}
    assert {kiosk.strike.kind for kiosk in shown} >= {"relay", "modbus", "rts", "dtr", "osdp"}
    assert {kiosk.contact.kind for kiosk in shown} >= {"cts", "osdp"}
    assert {kiosk.exit_button.kind for kiosk in shown} >= {"dsr", "osdp"}


def test_every_test_the_guide_names_exists() -> None:
    cited = CITED.findall(GUIDE.read_text(encoding="utf-8"))
    assert len(cited) >= 10
    for file, name in cited:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE), f"{file}::{name}"


def test_every_line_of_the_standards_table_names_a_test() -> None:
    table = GUIDE.read_text(encoding="utf-8").partition("## What the standards ask")[2]
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    assert len(lines) >= 8
    for line in lines:
        assert CITED.search(line), line


def test_every_file_the_guide_points_to_exists() -> None:
    for name in re.findall(r"`(deployment/[\w.-]+)`", GUIDE.read_text(encoding="utf-8")):
        assert (GUIDE.parent / name).exists(), name
