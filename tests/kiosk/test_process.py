"""A kiosk as a process: starting, being refused in words, stopping, and its lines on stdout."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.virtual import VirtualReader, VirtualRelay
from kiosk.process import Kiosk, run_kiosk
from kiosk.snapshot import NOTHING_KNOWN, load_snapshot, same_but_for_time, save_snapshot
from settings import ZhibanError, open_home
from tests.kiosk.rig import Clock, running_rig, write_settings
from tests.kiosk.scene import NOW, SNAPSHOT, seconds
from tests.kiosk.test_kill import KIOSK, ROOT


def test_a_second_kiosk_on_the_same_home_says_so_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_rig(tmp_path) as rig:
        assert run_kiosk(rig.home, headless=True) == 1
    message, next_step = capsys.readouterr().err.splitlines()
    assert "already running" in message
    assert next_step


def test_a_second_kiosk_on_the_same_reader_says_so_and_leaves_the_first_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other home"
    other.mkdir()
    with running_rig(tmp_path) as rig:
        (other / "settings.toml").write_text((tmp_path / "settings.toml").read_text())
        assert run_kiosk(open_home(other), headless=True) == 1
        assert "Another program is using" in capsys.readouterr().err
        rig.entry.swipe("5555")
        rig.wait_for_codes("refused.unknown_badge")


def test_a_kiosk_without_a_reader_says_what_to_write_where(tmp_path: Path) -> None:
    with pytest.raises(ZhibanError, match="no reader") as caught:
        Kiosk(open_home(tmp_path), can_ask=False, clock=Clock())
    assert "settings.toml" in caught.value.next_step


def test_an_unknown_reader_format_is_refused_and_the_home_can_be_used_again(tmp_path: Path) -> None:
    write_settings(tmp_path, "morse")
    for _time in range(2):
        with pytest.raises(ZhibanError, match="morse"):
            Kiosk(open_home(tmp_path), can_ask=False, clock=Clock())


def test_headless_writes_a_json_line_for_each_event_without_badge_or_name_and_stops_on_sigterm(
    tmp_path: Path,
) -> None:
    write_settings(tmp_path)
    save_snapshot(open_home(tmp_path).kiosk_folder, SNAPSHOT)
    with (
        VirtualReader("line", tmp_path / "in") as entry,
        VirtualReader("line", tmp_path / "out"),
        VirtualRelay(tmp_path / "relay") as relay,
    ):
        kiosk = subprocess.Popen(
            [sys.executable, "-c", KIOSK, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert kiosk.stdout is not None
        assert json.loads(kiosk.stdout.readline())["event"] == "ready"
        entry.swipe("1017")
        line = kiosk.stdout.readline()
        kiosk.terminate()
        rest = kiosk.communicate(timeout=10)[0]
        assert kiosk.returncode == 0
        assert not relay.is_on(), "the strike is locked when the kiosk has stopped"
    event = json.loads(line)
    assert event["event"] == "door"
    assert event["sequence"] == 1
    assert "1017" not in line + rest
    assert "陈静" not in line + rest


def test_a_snapshot_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    save_snapshot(tmp_path, SNAPSHOT)
    assert load_snapshot(tmp_path) == SNAPSHOT
    assert (tmp_path / "snapshot.json").stat().st_mode & 0o077 == 0, "it holds names: private to its owner"


@pytest.mark.parametrize("content", [b"", b"{", b'{"centre": 5}', b"\xff\xfe"])
def test_a_damaged_snapshot_counts_as_nothing_known(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "snapshot.json").write_bytes(content)
    assert load_snapshot(tmp_path) == NOTHING_KNOWN


def test_a_limit_younger_than_the_snapshot_has_its_first_value(tmp_path: Path) -> None:
    old = {name: value for name, value in SNAPSHOT.limits.items() if name != "visitors_per_escort"}
    save_snapshot(tmp_path, replace(SNAPSHOT, limits=old))
    assert load_snapshot(tmp_path).limits == SNAPSHOT.limits


def test_snapshots_that_differ_only_in_their_time_are_the_same() -> None:
    later = replace(SNAPSHOT, taken_at=NOW + seconds(60), version=9)
    assert same_but_for_time(SNAPSHOT, later)
    assert not same_but_for_time(SNAPSHOT, replace(later, badges=SNAPSHOT.badges[1:]))
