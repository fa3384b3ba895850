"""A real kiosk process killed at random moments while people swipe: no release without its event, none lost, none twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from hardware.virtual import VirtualDeviceError, VirtualReader
from kiosk.journal_file import JOURNAL_FOLDER, JournalReader
from regulation.access import Outcome
from regulation.ledger import Head, check_chain
from tests.centre import PEOPLE, build_centre
from tests.kiosk.rig import until, write_settings

ROOT = Path(__file__).parents[2]
KILLS = 200
SOAK_KILLS = 1000
STAFF = [badge for _name, _role, team, _seat, badge in PEOPLE.values() if team]

KIOSK = """
import sys
from pathlib import Path
from kiosk.process import run_kiosk
from settings import open_home
sys.exit(run_kiosk(open_home(Path(sys.argv[1])), headless=True, json_lines=True))
"""


@contextmanager
def relay_board(folder: Path) -> Iterator[None]:
    arguments = [folder / "relay", folder / "kiosk" / JOURNAL_FOLDER, folder / "pulses"]
    command = [sys.executable, "-m", "tests.kiosk.board", *map(str, arguments)]
    board = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert board.stdout is not None
    assert board.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        board.kill()
        board.wait()
        board.stdout.close()


def start_kiosk(folder: Path) -> subprocess.Popen[str]:
    kiosk = subprocess.Popen(
        [sys.executable, "-c", KIOSK, str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert kiosk.stdout is not None
    line = kiosk.stdout.readline()
    assert line, "the kiosk did not start"
    return kiosk


class Crowd:
    """People who swipe at both readers all the time, whether or not anyone reads."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._readers = (VirtualReader("line", folder / "in"), VirtualReader("line", folder / "out"))
        self._random = random.Random(seed)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._swipe, daemon=True)

    def __enter__(self) -> Crowd:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join()
        for reader in self._readers:
            reader.close()

    def _swipe(self) -> None:
        while not self._stopping.wait(self._random.uniform(0.001, 0.02)):
            try:
                self._random.choice(self._readers).swipe(self._random.choice([*STAFF, "5555"]))
            except VirtualDeviceError:
                continue  # nobody reads: the kiosk is just being started again


def kill_at_random_moments(folder: Path, kills: int, pause: random.Random) -> None:
    for _number in range(kills):
        kiosk = start_kiosk(folder)
        time.sleep(pause.uniform(0.0, 0.12))  # the moment of the kill is the test, not a wait for anything
        os.kill(kiosk.pid, signal.SIGKILL)
        kiosk.communicate()


def check_nothing_lost_nothing_twice(folder: Path, events: int) -> None:
    with closing(sqlite3.connect(f"file:{folder}/centre.db?mode=ro", uri=True)) as database:
        arrived = database.execute("SELECT sequence, hash FROM door_event ORDER BY sequence").fetchall()
    reader = JournalReader(folder / "kiosk" / JOURNAL_FOLDER)
    written = [(event.sequence, event.hash) for event in reader.since(0, events + 10)]
    reader.close()
    assert arrived == written, "the centre has every event of the journal once, and no other"


def kill_many_times(folder: Path, kills: int) -> None:
    build_centre(folder)
    write_settings(folder, open_seconds=0.05)
    pause = random.Random(20_261_123)
    with relay_board(folder), Crowd(folder, seed=7):
        kill_at_random_moments(folder, kills, pause)
    reader = JournalReader(folder / "kiosk" / JOURNAL_FOLDER)
    head = check_chain("main", reader.links())
    assert isinstance(head, Head), head
    opened = [e for e in reader.since(0, head.sequence) if Outcome(e.outcome).opens]
    reader.close()
    pulses = [int(line) for line in (folder / "pulses").read_text().split()]
    assert len(pulses) > kills / 4, "the door was busy"
    assert len(pulses) <= len(opened)
    for number, durable in enumerate(pulses, start=1):
        assert durable >= number, f"release {number} came when only {durable} opening events were durable"

    with VirtualReader("line", folder / "in"), VirtualReader("line", folder / "out"), relay_board(folder):
        kiosk = start_kiosk(folder)
        until(lambda: _arrived(folder) == head.sequence, "the last event at the centre")
        kiosk.terminate()
        assert kiosk.wait(10) == 0
        kiosk.communicate()
    check_nothing_lost_nothing_twice(folder, head.sequence)


def _arrived(folder: Path) -> int:
    with closing(sqlite3.connect(f"file:{folder}/centre.db?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT coalesce(max(sequence), 0) FROM door_event").fetchone()[0])


@pytest.mark.timeout(600)
def test_a_kiosk_killed_200_times_opens_nothing_unrecorded_and_loses_nothing(tmp_path: Path) -> None:
    kill_many_times(tmp_path, KILLS)


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("ZHIBAN_SOAK"), reason="the long form runs under `make soak`")
@pytest.mark.timeout(3600)
def test_a_kiosk_killed_1000_times_opens_nothing_unrecorded_and_loses_nothing(tmp_path: Path) -> None:
    kill_many_times(tmp_path, SOAK_KILLS)
