"""Homes for the command line: an empty one for each test, and a centre that has lived for a shift."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.busy import Busy, Typed, live_busily, stop_the_clock
from tests.cli.command import Zhiban
from tests.cli.lived import Lived, live_a_shift


@pytest.fixture
def zhiban(tmp_path: Path) -> Iterator[Zhiban]:
    """The command in a home that does not exist yet."""
    runner = Zhiban(tmp_path / "home")
    yield runner
    runner.end_all()


@pytest.fixture(scope="session")
def once_lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A centre after its night shift was handed over; only to be read or copied."""
    home = tmp_path_factory.mktemp("lived") / "home"
    home.mkdir(mode=0o700)
    return live_a_shift(home)


@pytest.fixture
def lived(once_lived: Lived, zhiban: Zhiban) -> Lived:
    """A copy of it in this test's home."""
    shutil.copytree(once_lived.home, zhiban.home)
    return Lived(zhiban.home, once_lived.digest)


@pytest.fixture(scope="session")
def once_busy(tmp_path_factory: pytest.TempPathFactory) -> Busy:
    """A centre in the middle of its night; only to be read or copied."""
    return live_busily(tmp_path_factory.mktemp("busy") / "home")


@pytest.fixture
def busy(once_busy: Busy, tmp_path: Path) -> Busy:
    """A copy of it."""
    shutil.copytree(once_busy.home, tmp_path / "busy")
    return Busy(tmp_path / "busy", once_busy.visit_id)


@pytest.fixture
def typed(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Commands typed at that centre, at its time."""
    stop_the_clock(monkeypatch)
    return Typed(busy.home, monkeypatch)
