"""The door as a service: what the service manager hears, what it is configured with, and what the journal reads."""

from __future__ import annotations

import configparser
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.watchdog import JournaldFormatter, ServiceManager, Watchdog, log_to_journal
from tests.kiosk.manager import NotifySocket
from tests.kiosk.rig import running_rig, until

ROOT = Path(__file__).parents[2]
DEPLOYMENT = ROOT / "docs" / "deployment"
UNITS = ("zhiban-kiosk.service", "zhiban-kiosk-screen.service")
LIMIT_SECONDS = 0.3


def manager(path: Path, seconds: float = LIMIT_SECONDS, **more: str) -> ServiceManager:
    usec = str(int(seconds * 1_000_000))
    return ServiceManager({"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": usec, **more})


def at_once(answer: Callable[[], None]) -> None:
    answer()


def ok() -> dict[str, str]:
    return {"strike": "ok"}


# --- the protocol -------------------------------------------------------------------------------------------


def test_the_manager_hears_ready_then_signs_of_life_then_stopping(tmp_path: Path) -> None:
    with NotifySocket(tmp_path / "notify") as heard:
        watchdog = Watchdog(manager(heard.path), [at_once, at_once], ok)
        watchdog.start()
        assert heard.wait_for("WATCHDOG=1")
        seen = len(heard.lines)
        assert heard.wait_for("WATCHDOG=1", after=seen), "it goes on"
        watchdog.stop()
        assert heard.wait_for("STOPPING=1")
    assert heard.lines[0] == "READY=1"
    assert "STATUS=" in heard.lines[1]


def test_no_sign_of_life_while_one_part_does_not_answer_and_again_when_it_does(tmp_path: Path) -> None:
    owed: list[Callable[[], None]] = []
    with NotifySocket(tmp_path / "notify") as heard:
        watchdog = Watchdog(manager(heard.path), [at_once, owed.append], ok)
        watchdog.start()
        until(lambda: len(owed) == 1, "the question")
        assert not heard.wait_for("WATCHDOG=1", LIMIT_SECONDS * 2)
        owed[0]()
        assert heard.wait_for("WATCHDOG=1")
        watchdog.stop()


def test_the_status_names_the_parts_that_ail(tmp_path: Path) -> None:
    with NotifySocket(tmp_path / "notify") as heard:
        watchdog = Watchdog(manager(heard.path), [at_once], lambda: {"strike": "missing", "reader in": "ok"})
        watchdog.start()
        assert heard.wait_for("STATUS=strike: missing")
        watchdog.stop()


def test_without_a_manager_nothing_is_said_and_nothing_runs() -> None:
    watchdog = Watchdog(ServiceManager({}), [at_once], ok)
    before = threading.active_count()
    watchdog.start()
    assert threading.active_count() == before
    watchdog.stop()


def test_a_limit_meant_for_another_process_is_not_ours(tmp_path: Path) -> None:
    assert manager(tmp_path, WATCHDOG_PID="1").limit_seconds == 0
    assert manager(tmp_path, WATCHDOG_PID=str(os.getpid())).limit_seconds == LIMIT_SECONDS
    assert ServiceManager({"WATCHDOG_USEC": "soon"}).limit_seconds == 0


def test_a_manager_that_went_away_is_not_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    manager(tmp_path / "nobody").say("READY=1")
    assert "not reached" in caplog.text


def test_an_abstract_socket_is_spoken_to(tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0zhiban-{os.getpid()}")
        ServiceManager({"NOTIFY_SOCKET": f"@zhiban-{os.getpid()}"}).say("READY=1")
        assert listener.recv(100) == b"READY=1"


@pytest.mark.parametrize("can_ask", [False, True], ids=["headless", "screen"])
def test_a_running_kiosk_tells_the_manager_that_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_ask: bool
) -> None:
    with NotifySocket(tmp_path / "notify") as heard:
        monkeypatch.setenv("NOTIFY_SOCKET", str(heard.path))
        monkeypatch.setenv("WATCHDOG_USEC", "300000")
        with running_rig(tmp_path, can_ask=can_ask) as rig:
            assert heard.wait_for("READY=1")
            if can_ask:
                assert not heard.wait_for("WATCHDOG=1", 0.5), "a screen that stands still is no door"
            rig.kiosk.tend()
            assert heard.wait_for("WATCHDOG=1")
        assert heard.wait_for("STOPPING=1")


# --- the journal --------------------------------------------------------------------------------------------


def test_every_line_of_a_message_carries_its_level() -> None:
    record = logging.LogRecord("door", logging.WARNING, "", 0, "one\ntwo", None, None)
    assert JournaldFormatter("%(name)s: %(message)s").format(record) == "<4>door: one\n<4>two"


@pytest.mark.parametrize(("level", "number"), [(50, 3), (40, 3), (30, 4), (20, 6), (10, 7)])
def test_levels_are_syslogs(level: int, number: int) -> None:
    record = logging.LogRecord("door", level, "", 0, "x", None, None)
    assert JournaldFormatter().format(record) == f"<{number}>x"


def test_levels_are_marked_where_stderr_is_the_journal_and_nowhere_else(tmp_path: Path) -> None:
    code = (
        "import logging, os; s = os.fstat(2); os.environ['JOURNAL_STREAM'] = {stream};"
        "from kiosk.watchdog import log_to_journal; log_to_journal(); logging.getLogger('door').warning('it')"
    )
    said = {}
    for name, stream in (("journal", "f'{s.st_dev}:{s.st_ino}'"), ("elsewhere", "'1:2'")):
        command = [sys.executable, "-c", code.format(stream=stream)]
        said[name] = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        ).stderr
    assert said["journal"] == "<4>door: it\n"
    assert said["elsewhere"] == "it\n"


def test_without_a_journal_logging_stays_as_it_is() -> None:
    before = logging.getLogger().handlers[:]
    log_to_journal({})
    assert logging.getLogger().handlers == before


# --- the files ----------------------------------------------------------------------------------------------


def unit(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, comment_prefixes=("#",), delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys are case-sensitive here
    parser.read(DEPLOYMENT / name)
    return parser


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_asks_for_watchdog_restart_and_hardening(name: str) -> None:
    service = unit(name)["Service"]
    assert service["Type"] == "notify"
    assert service["Restart"] == "always"
    assert int(service["WatchdogSec"].rstrip("s")) >= 10
    assert service["NoNewPrivileges"] == "true"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/var/lib/zhiban"
    assert "dialout" in service["SupplementaryGroups"].split()
    assert ("--headless" in service["ExecStart"]) == (name == "zhiban-kiosk.service")


@pytest.mark.parametrize("name", [*UNITS, "zhiban-watch.service", "zhiban-watch.timer"])
def test_systemd_takes_the_unit(tmp_path: Path, systemd: None, name: str) -> None:
    text = (DEPLOYMENT / name).read_text().replace("/opt/zhiban/.venv/bin/zhiban", "/bin/true")
    (tmp_path / name).write_text(text)
    if name.endswith(".timer"):
        service = (DEPLOYMENT / "zhiban-watch.service").read_text()
        (tmp_path / "zhiban-watch.service").write_text(
            service.replace("/opt/zhiban/.venv/bin/zhiban", "/bin/true")
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / name], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if name in line]
    assert done.returncode == 0 or not ours, done.stderr


RULE = re.compile(
    r'(?:[A-Z_]+(?:\{[\w-]+\})?(?:==|!=|\+=|:=|=)"[^"]*")(?:, *(?:[A-Z_]+(?:\{[\w-]+\})?(?:==|!=|\+=|:=|=)"[^"]*"))*'
)
RULE_KEYS = {
    "ACTION",
    "SUBSYSTEM",
    "SUBSYSTEMS",
    "ATTRS",
    "ENV",
    "GROUP",
    "MODE",
    "IMPORT",
    "SYMLINK",
    "LABEL",
    "GOTO",
}


def rules() -> list[str]:
    lines = (DEPLOYMENT / "70-zhiban.rules").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_udev_rules_are_well_formed() -> None:
    for line in rules():
        assert RULE.fullmatch(line), line
        assert set(re.findall(r"(?:^|, *)([A-Z_]+)", line)) <= RULE_KEYS, line
    text = "\n".join(rules())
    labels, jumps = re.findall(r'LABEL="(\w+)"', text), re.findall(r'GOTO="(\w+)"', text)
    assert set(jumps) == set(labels)


@pytest.mark.skipif(shutil.which("udevadm") is None, reason="udev is not installed")
def test_udev_takes_the_rules() -> None:
    verify = subprocess.run(["udevadm", "verify", "--help"], capture_output=True, check=False)
    if verify.returncode:
        pytest.skip("this udev has no verify")
    done = subprocess.run(
        ["udevadm", "verify", "--no-style", DEPLOYMENT / "70-zhiban.rules"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_udev_rules_name_the_three_makers_adapters_and_give_ch340_no_serial_name() -> None:
    text = "\n".join(rules())
    for vendor in ("1a86", "0403", "10c4"):
        assert f'ATTRS{{idVendor}}=="{vendor}"' in text
    serial = next(line for line in rules() if "serial-$env" in line)
    assert 'ENV{ZHIBAN_ADAPTER}!="ch340"' in serial
