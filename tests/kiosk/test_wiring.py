"""From settings to hardware: what is refused at the start, what reaches the door, and which part ails when one goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardware.osdp_device import VirtualOsdpBus
from hardware.osdp_keys import load_keys, make_key
from hardware.port import PortError
from hardware.strike import RelayBoardStrike
from hardware.virtual import VirtualReader, VirtualRelay
from hardware.virtual_modem import VirtualModem
from kiosk.inputs import ContactChanged, EntryRead, ExitPressed, ExitRead, Input, ToggleRead
from kiosk.readers import Swipes
from kiosk.wiring import Wiring
from settings import Reader, SettingsError, ZhibanError, open_home
from tests.hardware.heard import wait_until

READER = '[[kiosk.readers]]\nname = "{name}"\nport = "{port}"\n'


def toml(*blocks: str) -> str:
    return "\n".join(blocks)


def line_reader(name: str = "in", port: str = "/dev/in", **more: str) -> str:
    return READER.format(name=name, port=port) + "".join(f"{key} = {value}\n" for key, value in more.items())


def osdp_reader(name: str, address: int, port: str = "/dev/bus", **more: str) -> str:
    return line_reader(name, port, format='"osdp"', address=str(address), **more)


def table(name: str, **keys: object) -> str:
    values = {key: f'"{value}"' if isinstance(value, str) else value for key, value in keys.items()}
    return f"[kiosk.{name}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


MUDDLES = {
    "two readers with one name": (
        toml(line_reader("in", "/dev/a"), line_reader("in", "/dev/b")),
        "kiosk.readers[1].name",
    ),
    "two readers on one port": (
        toml(line_reader("in", "/dev/a"), line_reader("out", "/dev/a")),
        "kiosk.readers[1].port",
    ),
    "a line reader on a bus": (
        toml(osdp_reader("in", 0, "/dev/a"), line_reader("out", "/dev/a")),
        "kiosk.readers[1].port",
    ),
    "one address twice on a bus": (
        toml(osdp_reader("in", 1), osdp_reader("out", 1)),
        "kiosk.readers[1].address",
    ),
    "two speeds on one bus": (
        toml(osdp_reader("in", 0), osdp_reader("out", 1, baudrate="38400")),
        "kiosk.readers[1].baudrate",
    ),
    "a strike on a reader's port": (
        toml(line_reader(), table("strike", kind="relay", port="/dev/in")),
        "kiosk.strike.port",
    ),
    "a strike without a port": (toml(line_reader(), table("strike", kind="rts")), "kiosk.strike.port"),
    "a strike at an unknown reader": (
        toml(osdp_reader("in", 0), table("strike", kind="osdp", reader="cellar", channel=0)),
        "kiosk.strike.reader",
    ),
    "a strike at a reader without outputs": (
        toml(line_reader(), table("strike", kind="osdp", reader="in", channel=0)),
        "kiosk.strike.reader",
    ),
    "a relay that no board has": (
        toml(line_reader(), table("strike", kind="relay", port="/dev/r", channel=0)),
        "kiosk.strike.channel",
    ),
    "a Modbus address that does not exist": (
        toml(line_reader(), table("strike", kind="modbus", port="/dev/r", address=248)),
        "kiosk.strike.address",
    ),
    "a door that never opens": (
        toml(line_reader(), table("strike", kind="relay", port="/dev/r", open_seconds=0.0)),
        "kiosk.strike.open_seconds",
    ),
    "a pulse that no OSDP reader can time": (
        toml(
            osdp_reader("in", 0),
            table("strike", kind="osdp", reader="in", channel=0, open_seconds=26.0),
        ),
        "kiosk.strike.open_seconds",
    ),
    "a contact on a bus that is not there": (
        toml(line_reader(), table("contact", kind="osdp", reader="in")),
        "kiosk.contact.reader",
    ),
    "a contact without a port": (toml(line_reader(), table("contact", kind="cts")), "kiosk.contact.port"),
    "a contact on a reader's port": (
        toml(line_reader(), table("contact", kind="cts", port="/dev/in")),
        "kiosk.contact.port",
    ),
    "contact and button on one line": (
        toml(
            line_reader(),
            table("contact", kind="cts", port="/dev/x"),
            table("exit_button", kind="cts", port="/dev/x"),
        ),
        "kiosk.exit_button.kind",
    ),
    "contact and button on one input": (
        toml(
            osdp_reader("in", 0),
            table("contact", kind="osdp", reader="in"),
            table("exit_button", kind="osdp", reader="in"),
        ),
        "kiosk.exit_button.number",
    ),
}


@pytest.mark.parametrize("muddle", MUDDLES)
def test_a_muddle_in_the_settings_is_refused_naming_file_and_key(tmp_path: Path, muddle: str) -> None:
    text, key = MUDDLES[muddle]
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        Wiring(open_home(tmp_path))
    assert str(tmp_path / "settings.toml") in caught.value.message
    assert key in caught.value.message
    assert caught.value.next_step


def test_two_names_of_one_device_are_one_port(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/dev/null")
    (tmp_path / "b").symlink_to("/dev/null")
    text = toml(line_reader("in", f"{tmp_path}/a"), line_reader("out", f"{tmp_path}/b"))
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"readers\[1\]\.port"):
        Wiring(open_home(tmp_path))


def test_an_osdp_reader_without_a_key_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(osdp_reader("in", 0))
    with pytest.raises(ZhibanError) as caught:
        Wiring(open_home(tmp_path))
    assert caught.value.next_step


# --- swipes -------------------------------------------------------------------------------------------------


def reads(reader: Reader, *times: tuple[str, float]) -> list[Input]:
    put: list[Input] = []
    swipes = Swipes(reader, put.append)
    for badge, at in times:
        swipes.read(badge, at)
    return put


def rdm(direction: str = "in", confirm: str = "auto") -> Reader:
    return Reader("r", "/dev/r", "rdm6300", direction, confirm=confirm)  # type: ignore[arg-type]  # both are checked


def test_a_repeating_reader_that_leads_in_is_believed_at_the_second_read() -> None:
    assert reads(rdm(), ("A", 1.0)) == []
    assert reads(rdm(), ("A", 1.0), ("A", 1.1)) == [EntryRead("r", "A")]


def test_a_badge_that_stays_on_the_reader_is_one_swipe() -> None:
    held = [("A", 1.0 + number / 10) for number in range(30)]
    assert reads(rdm(), *held) == [EntryRead("r", "A")]
    assert reads(rdm("both"), *held) == [ToggleRead("r", "A")]
    assert reads(rdm(confirm="off"), *held) == [EntryRead("r", "A")]


def test_a_badge_taken_away_and_held_again_is_two_swipes() -> None:
    assert len(reads(rdm(), ("A", 1.0), ("A", 1.1), ("A", 3.0), ("A", 3.1))) == 2


def test_an_altered_read_between_two_good_ones_counts_for_nobody() -> None:
    put = reads(rdm(), ("A", 1.0), ("B", 1.1), ("A", 1.2), ("A", 1.3))
    assert put == [EntryRead("r", "A")]


def test_leaving_waits_for_no_second_read_and_a_badge_held_there_releases_again_and_again() -> None:
    put = reads(rdm("out", "on"), *[("A", 1.0 + number / 10) for number in range(8)])
    assert len(put) == 3
    assert set(put) == {ExitRead("r", "A")}


# --- real bytes ---------------------------------------------------------------------------------------------


class Inbox:
    """Where the door's inputs go in these tests."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []

    def wait(self, *inputs: Input) -> None:
        assert wait_until(lambda: self.inputs == list(inputs)), self.inputs


@contextmanager
def wired(folder: Path, text: str) -> Iterator[tuple[Wiring, Inbox]]:
    (folder / "settings.toml").write_text(text)
    wiring, inbox = Wiring(open_home(folder)), Inbox()
    try:
        wiring.connect(inbox.inputs.append)
        wiring.start(2.0)
        yield wiring, inbox
    finally:
        wiring.close()


def part_becomes(wiring: Wiring, name: str, word: str) -> bool:
    return wait_until(lambda: wiring.parts()[name] == word)


def test_three_readers_lead_in_out_and_both_ways(tmp_path: Path) -> None:
    directions: dict[str, Callable[[str, str], Input]] = {
        "in": EntryRead,
        "out": ExitRead,
        "both": ToggleRead,
    }
    devices = {name: VirtualReader("line", tmp_path / name) for name in directions}
    text = toml(*(line_reader(name, f"{tmp_path}/{name}", direction=f'"{name}"') for name in directions))
    with wired(tmp_path, text) as (wiring, inbox):
        expected: list[Input] = []
        for name, make in directions.items():
            devices[name].swipe("1017")
            expected.append(make(name, "1017"))
            inbox.wait(*expected)
        assert wiring.parts() == {"reader in": "ok", "reader out": "ok", "reader both": "ok", "strike": "ok"}
    for device in devices.values():
        device.close()


def test_one_reader_unplugged_leaves_the_others_working_and_is_named(tmp_path: Path) -> None:
    text = toml(line_reader("in", f"{tmp_path}/in"), line_reader("side", f"{tmp_path}/side"))
    with (
        VirtualReader("line", tmp_path / "in") as one,
        VirtualReader("line", tmp_path / "side") as other,
        wired(tmp_path, text) as (wiring, inbox),
    ):
        one.unplug()
        assert part_becomes(wiring, "reader in", "missing")
        assert wiring.parts()["reader side"] == "ok"
        other.swipe("1017")
        inbox.wait(EntryRead("side", "1017"))
        one.replug()
        assert part_becomes(wiring, "reader in", "ok")
        one.swipe("1021")
        inbox.wait(EntryRead("side", "1017"), EntryRead("in", "1021"))


def test_strike_contact_and_button_share_one_port(tmp_path: Path) -> None:
    with VirtualModem() as modem, VirtualReader("line", tmp_path / "in"):
        text = toml(
            line_reader("in", f"{tmp_path}/in"),
            table("strike", kind="rts", port=modem.url),
            table("contact", kind="cts", port=modem.url),
            table("exit_button", kind="dsr", port=modem.url),
        )
        with wired(tmp_path, text) as (wiring, inbox):
            inbox.wait(ContactChanged(False))
            modem.set(dsr=True)
            inbox.wait(ContactChanged(False), ExitPressed())
            modem.set(dsr=False, cts=True)
            inbox.wait(ContactChanged(False), ExitPressed(), ContactChanged(True))
            wiring.strike.pulse(60)
            assert modem.wait_for(lambda m: m.is_on("rts"), 5)
            assert wiring.parts() == {"reader in": "ok", "strike": "ok", "contact": "ok", "exit button": "ok"}


def test_a_lost_contact_is_named_and_never_told_as_closed(tmp_path: Path) -> None:
    with VirtualModem() as modem, VirtualReader("line", tmp_path / "in"):
        modem.set(cts=True)
        text = toml(line_reader("in", f"{tmp_path}/in"), table("contact", kind="cts", port=modem.url))
        with wired(tmp_path, text) as (wiring, inbox):
            inbox.wait(ContactChanged(True))
            modem.unplug()
            assert part_becomes(wiring, "contact", "missing")
            assert wiring.parts()["strike"] == "ok"
            modem.replug()
            assert part_becomes(wiring, "contact", "ok")
            modem.set(cts=False)
            inbox.wait(ContactChanged(True), ContactChanged(False))


def test_a_button_that_is_found_pressed_presses_nothing(tmp_path: Path) -> None:
    """Stuck, or a cut wire that reads as pressed: the door must not open at every start for it."""
    with VirtualModem() as modem, VirtualReader("line", tmp_path / "in"):
        text = toml(
            line_reader("in", f"{tmp_path}/in"),
            table("exit_button", kind="dsr", port=modem.url, active="low"),
            table("contact", kind="cts", port=modem.url),
        )
        with wired(tmp_path, text) as (_wiring, inbox):
            inbox.wait(ContactChanged(False))
            modem.set(dsr=True)
            modem.set(cts=True)
            inbox.wait(ContactChanged(False), ContactChanged(True))
            modem.set(dsr=False)
            inbox.wait(ContactChanged(False), ContactChanged(True), ExitPressed())


def test_a_relay_in_use_elsewhere_stops_the_start_in_words(tmp_path: Path) -> None:
    with VirtualRelay(tmp_path / "relay") as relay, VirtualReader("line", tmp_path / "in"):
        rival = RelayBoardStrike(relay.path)
        assert wait_until(lambda: rival.health.state == "online")
        text = toml(line_reader("in", f"{tmp_path}/in"), table("strike", kind="relay", port=relay.path))
        with pytest.raises(PortError) as caught, wired(tmp_path, text):
            pass
        assert caught.value.kind == "busy"
        rival.close()


def test_two_readers_on_a_bus_with_strike_contact_and_button_there(tmp_path: Path) -> None:
    home = open_home(tmp_path)
    for name in ("in", "out"):
        make_key(home.osdp_key_file, name)
    keys = load_keys(home.osdp_key_file, ("in", "out"))
    with VirtualOsdpBus(tmp_path / "bus") as bus:
        one, other = bus.add(0, keys["in"]), bus.add(1, keys["out"])
        text = toml(
            osdp_reader("in", 0, f"{tmp_path}/bus"),
            osdp_reader("out", 1, f"{tmp_path}/bus", direction='"out"'),
            table("strike", kind="osdp", reader="in", channel=0),
            table("contact", kind="osdp", reader="out", number=0),
            table("exit_button", kind="osdp", reader="out", number=1),
        )
        with wired(tmp_path, text) as (wiring, inbox):
            assert part_becomes(wiring, "reader in", "ok")
            assert part_becomes(wiring, "reader out", "ok")
            inbox.wait(ContactChanged(False))
            one.swipe("0001020304")
            assert wait_until(lambda: len(inbox.inputs) == 2)
            assert isinstance(inbox.inputs[1], EntryRead)
            wiring.strike.pulse(20)
            assert one.wait_for(lambda reader: reader.is_on(0), 5)
            wiring.signal("yes")
            other.set_input(1, active=True)
            assert wait_until(lambda: ExitPressed() in inbox.inputs)
            other.set_input(0, active=True)
            assert wait_until(lambda: ContactChanged(True) in inbox.inputs)
            assert wait_until(lambda: any(kind == "led" for kind, _order in one.signals)), one.signals
            assert set(wiring.parts().values()) == {"ok"}
            other.kill()
            assert wait_until(lambda: wiring.parts()["contact"] != "ok")
            assert wiring.parts()["exit button"] != "ok"
            assert wiring.parts()["strike"] == "ok"
