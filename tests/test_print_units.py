"""The timer that prints without a desk: systemd takes it, it is locked in, and it runs a command that exists."""

from __future__ import annotations

import configparser
import subprocess
from pathlib import Path

from tests.cli.command import ROOT, Zhiban

DEPLOYMENT = ROOT / "docs" / "deployment"
PROGRAM = "/opt/zhiban/.venv/bin/zhiban"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOYMENT / name)
    return parser


def test_the_service_ends_by_itself_and_may_write_its_home_alone() -> None:
    service = unit("zhiban-print.service")["Service"]
    assert service["Type"] == "oneshot"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/var/lib/zhiban"
    assert service["NoNewPrivileges"] == "true"
    assert unit("zhiban-print.timer")["Timer"]["OnUnitInactiveSec"] == "5min"


def test_the_service_runs_a_command_that_exists(tmp_path: Path) -> None:
    program, _home, _folder, *words = unit("zhiban-print.service")["Service"]["ExecStart"].split()
    assert program == PROGRAM
    answer = Zhiban(tmp_path / "home")(*words)
    assert answer.refused("has not been set up")


def test_systemd_takes_service_and_timer(tmp_path: Path, systemd: None) -> None:
    names = ("zhiban-print.service", "zhiban-print.timer")
    for name in names:
        (tmp_path / name).write_text((DEPLOYMENT / name).read_text().replace(PROGRAM, "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "zhiban-print" in line] == []
