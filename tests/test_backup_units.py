"""The timers that back up and that forget visitors: systemd takes them, they are locked in, and run commands that exist."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.command import Zhiban
from tests.test_print_units import DEPLOYMENT, PROGRAM, unit

NAMES = ("zhiban-backup", "zhiban-retention")


@pytest.mark.parametrize("name", NAMES)
def test_the_service_may_write_its_home_alone_and_runs_a_command_that_exists(
    name: str, tmp_path: Path
) -> None:
    service = unit(f"{name}.service")["Service"]
    assert (service["Type"], service["ProtectSystem"]) == ("oneshot", "strict")
    assert service["ReadWritePaths"] == "/var/lib/zhiban"
    assert service["UMask"] == "0077"
    program, _home, _folder, *words = service["ExecStart"].split()
    assert program == PROGRAM
    assert Zhiban(tmp_path / "home")(*words).refused("has not been set up")
    assert unit(f"{name}.timer")["Timer"]["Persistent"] == "true", "a machine that was off catches up"


def test_systemd_takes_services_and_timers(tmp_path: Path, systemd: None) -> None:
    files = [f"{name}.{kind}" for name in NAMES for kind in ("service", "timer")]
    for name in files:
        (tmp_path / name).write_text((DEPLOYMENT / name).read_text().replace(PROGRAM, "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name in files)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if line.startswith(NAMES)] == []
