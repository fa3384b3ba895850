"""``zhiban reader``, ``scan`` and ``sniff`` on a real pseudo-terminal."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import PATIENCE_SECONDS, Zhiban, first_line


def next_object(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def swipe_until_heard(zhiban: Zhiban, sniffer: subprocess.Popen[str], badge: str) -> dict[str, Any]:
    """Swipe until the sniffer, which may still be opening the port and dropping old bytes, hears of it."""
    import select

    assert sniffer.stdout is not None
    for _attempt in range(20):
        assert zhiban("scan", badge).code == 0
        if select.select([sniffer.stdout], [], [], 1.0)[0]:
            return next_object(sniffer)
    raise AssertionError("the swipe was never heard")


def test_a_swipe_at_a_virtual_reader_is_sniffed_and_its_format_named(zhiban: Zhiban) -> None:
    reader = zhiban.start("reader", "--format", "rdm6300")
    sniffer = zhiban.start("sniff", "--port", first_line(reader), "--json")
    heard = swipe_until_heard(zhiban, sniffer, "62E3086CED")
    assert heard["event"] == "bytes"
    assert "0236324533303836434544" in heard["bytes"]
    badge = next_object(sniffer)
    assert {key: badge[key] for key in ("event", "badge", "format")} == {
        "event": "badge_read",
        "badge": "62E3086CED",
        "format": "rdm6300",
    }
    said = badge
    while said["event"] != "verdict":  # an RDM6300 repeats its frame
        said = next_object(sniffer)
    assert said["format"] == "rdm6300"


def test_a_stopped_reader_leaves_neither_socket_nor_link(zhiban: Zhiban, tmp_path: Path) -> None:
    link = tmp_path / "badge-reader"
    reader = zhiban.start("reader", "--name", "side", "--link", str(link))
    assert first_line(reader) == str(link)
    assert link.is_symlink()
    reader.send_signal(signal.SIGINT)
    out, error = reader.communicate(timeout=PATIENCE_SECONDS)
    assert (reader.returncode, out) == (0, "")
    assert "Traceback" not in error
    assert not link.is_symlink()
    assert not list((zhiban.home / "run").iterdir())
    assert zhiban("scan", "1").refused("No virtual reader is running", "zhiban reader")


def test_a_badge_the_format_cannot_carry_is_refused_at_the_scan(zhiban: Zhiban) -> None:
    first_line(zhiban.start("reader", "--format", "rdm6300"))
    assert zhiban("scan", "not hex").refused("cannot send this badge", "10 hex digits")


def test_with_two_readers_the_scan_asks_which(zhiban: Zhiban) -> None:
    for name in ("in", "out"):
        first_line(zhiban.start("reader", "--name", name))
    assert zhiban("scan", "1").refused("in, out", "--reader")


def test_a_file_is_never_replaced_by_a_link(zhiban: Zhiban, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("data")
    assert zhiban("reader", "--link", str(file)).refused(str(file))
    assert file.read_text() == "data"


def test_a_port_that_is_not_there_is_named(zhiban: Zhiban) -> None:
    assert zhiban("sniff", "--port", "/dev/no-such-port").refused("/dev/no-such-port", "cable")


def test_sniffing_ends_after_its_seconds(zhiban: Zhiban) -> None:
    port = first_line(zhiban.start("reader"))
    answer = zhiban("sniff", "--port", port, "--seconds", "0.3")
    assert answer.code == 0
    assert "Nothing received yet" in answer.out


@pytest.mark.parametrize(
    ("format_name", "badge", "facility", "card"),
    [
        ("wiegand26", "9A04D2", 154, 1234),
        ("wiegand34", "00BC614E", 188, 24910),
        ("id12", "62E3086CED", None, None),
    ],
)
def test_every_format_can_be_swiped_and_sniffed_by_its_name(
    zhiban: Zhiban, format_name: str, badge: str, facility: int | None, card: int | None
) -> None:
    reader = zhiban.start("reader", "--format", format_name)
    sniffer = zhiban.start("sniff", "--port", first_line(reader), "--format", format_name, "--json")
    said = swipe_until_heard(zhiban, sniffer, badge)
    while said["event"] != "badge_read":
        said = next_object(sniffer)
    assert (said["badge"], said["format"]) == (badge, format_name)
    assert (said.get("facility"), said.get("card")) == (facility, card)


def test_the_help_names_every_format(zhiban: Zhiban) -> None:
    words = " ".join(zhiban("reader", "--help").out.split())
    assert all(name in words for name in ("line", "rdm6300", "wiegand26", "wiegand34", "osdp"))
    assert "auto" in zhiban("sniff", "--help").out


# --- OSDP ---------------------------------------------------------------------------------------------------


def osdp_settings(zhiban: Zhiban, port: str) -> None:
    zhiban.home.mkdir(mode=0o700, exist_ok=True)
    (zhiban.home / "settings.toml").write_text(
        f'[[kiosk.readers]]\nname = "front"\nport = "{port}"\nformat = "osdp"\naddress = 5\n',
        encoding="utf-8",
    )


def test_a_reader_in_install_mode_is_given_a_key_and_keeps_it(zhiban: Zhiban, tmp_path: Path) -> None:
    port = str(tmp_path / "bus")
    osdp_settings(zhiban, port)
    reader = zhiban.start("reader", "--format", "osdp", "--name", "front", "--address", "5", "--link", port)
    assert first_line(reader) == port
    given = zhiban("osdp-key", "front")
    assert (given.code, given.out.splitlines()[0]) == (0, "Reader front has a key of its own now.")
    file = zhiban.home / "kiosk" / "osdp.keys"
    assert str(file) in given.out
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_text()
    assert zhiban("osdp-key", "front").code == 0  # the reader proves the first key and takes another
    assert file.read_text() != before
    assert not any(key in given.out + given.error for key in json.loads(before)["front"].values())


def test_a_reader_that_is_not_there_is_named_with_what_to_check(zhiban: Zhiban, tmp_path: Path) -> None:
    port = str(tmp_path / "bus")
    osdp_settings(zhiban, port)
    assert zhiban("osdp-key", "front").refused(port)
    first_line(zhiban.start("reader", "--format", "osdp", "--address", "9", "--link", port))
    assert zhiban("osdp-key", "front").refused("front", "does not answer", "address")


def test_a_key_for_a_reader_the_settings_do_not_know_is_refused(zhiban: Zhiban) -> None:
    osdp_settings(zhiban, "/dev/none")
    assert zhiban("osdp-key", "back").refused("back", "front", "settings.toml")
