"""``zhiban reader``, ``scan`` and ``sniff`` on a real pseudo-terminal."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

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
    verdict = next_object(sniffer)
    assert (verdict["event"], verdict["format"]) == ("verdict", "rdm6300")


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
