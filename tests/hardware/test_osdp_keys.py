"""The key file, and the setting up of readers' keys."""

from __future__ import annotations

import importlib
import json
import os
import stat
from pathlib import Path

import pytest

from hardware import osdp
from hardware.osdp_bus import OsdpBus
from hardware.osdp_device import VirtualOsdpBus, VirtualOsdpReader, virtual_osdp_reader
from hardware.osdp_keys import (
    KeyFileError,
    KeySetupError,
    install_key,
    known_key,
    load_keys,
    make_key,
    set_up_key,
)
from hardware.osdp_post import OsdpReaderSettings
from hardware.swipe import send_swipe, serve
from settings import ZhibanError
from tests.hardware.heard import wait_until
from tests.hardware.osdp_rig import BADGE, KEY_IN, KEY_OUT, Rig

IN = OsdpReaderSettings("in", 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "osdp.keys"


def test_made_keys_differ_are_read_back_and_are_private(file: Path) -> None:
    made = {"进门": make_key(file, "进门"), "out": make_key(file, "out")}
    assert load_keys(file, made) == made
    assert len(set(made.values())) == 2
    assert all(len(key) == osdp.KEY_BYTES for key in made.values())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == [file.name]


def test_the_umask_cannot_open_the_file(file: Path) -> None:
    before = os.umask(0)
    try:
        make_key(file, "in")
        make_key(file, "in")
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644])
def test_a_file_open_to_others_is_refused_for_reading_and_for_writing(file: Path, mode: int) -> None:
    make_key(file, "in")
    file.chmod(mode)
    for act in (lambda: load_keys(file, ["in"]), lambda: make_key(file, "in"), lambda: known_key(file, "in")):
        with pytest.raises(KeyFileError, match="open to others") as raised:
            act()
        assert "chmod 600" in raised.value.next_step


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"in": 5}', '{"in": {"key": "00"}}', '{"in": {"key": "zz"}}', '{"in": {}}', "\xff"],
)
def test_a_damaged_file_is_refused_without_showing_a_key(file: Path, text: str) -> None:
    file.write_bytes(text.encode("latin-1"))
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match="damaged"):
        load_keys(file, ["in"])


def test_a_missing_file_and_a_missing_reader_are_told_apart(file: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot be read"):
        load_keys(file, ["in"])
    make_key(file, "in")
    with pytest.raises(KeyFileError, match="out has no OSDP key"):
        load_keys(file, ["in", "out"])
    assert known_key(file, "out") is None


def test_a_key_shows_in_no_repr() -> None:
    assert KEY_IN.hex() not in repr(osdp.PanelReader("in", 1, KEY_IN))
    assert repr(KEY_IN) not in repr(osdp.PanelReader("in", 1, KEY_IN))


def runs_with(line: VirtualOsdpBus, reader: VirtualOsdpReader, key: bytes) -> bool:
    it = Rig(line, [reader], {"in": key})
    it.bus.start()
    try:
        return it.comes_online("in") and it.fresh("in", reader, BADGE)
    finally:
        it.bus.stop()


def test_a_reader_in_install_mode_gets_its_key_and_runs_with_it(tmp_path: Path, file: Path) -> None:
    with VirtualOsdpBus(tmp_path / "bus") as line:
        reader = line.add(1, None)
        set_up_key(file, line.path, IN)
        key = load_keys(file, ["in"])["in"]
        assert reader.key == key
        assert key != osdp.INSTALL_KEY
        assert json.loads(file.read_text()) == {"in": {"key": key.hex()}}
        assert runs_with(line, reader, key)


def test_a_reader_with_our_key_gets_another_and_the_old_one_is_refused(tmp_path: Path, file: Path) -> None:
    with VirtualOsdpBus(tmp_path / "bus") as line:
        reader = line.add(1, None)
        set_up_key(file, line.path, IN)
        old = load_keys(file, ["in"])["in"]
        set_up_key(file, line.path, IN)
        new = load_keys(file, ["in"])["in"]
        assert reader.key == new != old
        bus = OsdpBus(line.path, [IN], {"in": old}, lambda _event: None)
        bus.start()
        assert wait_until(lambda: bus.health("in").last_error == "key")
        bus.stop()


@pytest.mark.parametrize("taken", [False, True], ids=["before the reader took it", "after"])
def test_a_set_up_that_was_cut_off_is_finished_by_running_it_again(
    tmp_path: Path, file: Path, taken: bool
) -> None:
    with VirtualOsdpBus(tmp_path / "bus") as line:
        old = make_key(file, "in")
        reader = line.add(1, old)
        pending = make_key(file, "in")  # written, and then the power went
        if taken:
            install_key(line.path, IN, pending, known=[old])
        set_up_key(file, line.path, IN)
        assert load_keys(file, ["in"])["in"] == reader.key == pending
        assert "before" not in json.loads(file.read_text())["in"]


def test_a_reader_with_a_strangers_key_is_not_taken_over(tmp_path: Path, file: Path) -> None:
    with VirtualOsdpBus(tmp_path / "bus") as line:
        reader = line.add(1, KEY_OUT)
        with pytest.raises(KeySetupError, match="has not taken a new key"):
            set_up_key(file, line.path, IN)
        assert reader.key == KEY_OUT


def test_a_reader_that_does_not_answer_leaves_the_key_file_as_it_was(tmp_path: Path, file: Path) -> None:
    old = make_key(file, "in")
    with VirtualOsdpBus(tmp_path / "bus") as line:
        line.add(1, old)
        line.cut()
        with pytest.raises(KeySetupError, match="does not answer"):
            set_up_key(file, line.path, IN)
    assert load_keys(file, ["in"])["in"] == old


def test_a_swipe_over_the_control_socket_reaches_the_bus(tmp_path: Path) -> None:
    control = tmp_path / "control"
    with virtual_osdp_reader(tmp_path / "port", 3, KEY_IN) as reader, serve(reader, control):
        it = Rig(reader.bus, [reader], {"in": KEY_IN})
        it.bus.start()
        assert it.comes_online("in")
        assert it.fresh("in", reader, BADGE)
        before = len(it.heard.badges())
        send_swipe(control, "0123456789")
        assert it.heard.wait_for(lambda h: len(h.badges()) > before)
        assert it.heard.badges()[-1] == "0123456789"
        with pytest.raises(ZhibanError, match="OSDP reader cannot send"):
            send_swipe(control, "no hex")
        it.bus.stop()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ZhibanError) as raised:
        OsdpBus("/dev/null", [IN], {"in": KEY_IN}, lambda _event: None)
    assert "zhiban[osdp]" in raised.value.next_step
