"""The door while its centre's database is up, refused, silent, black-holed and reset, all in one run of one kiosk.

The database is a PostgreSQL server of the benchmark's own behind a TCP proxy; the kiosk is a process of its own. The
rounds alternate, so that what the machine does meanwhile falls on all of them. Wanted: a p99 of at most 1.1 times
the one with the database up.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.door_latency import BenchDoor, running_kiosk, snapshot_of
from tests.centre import build_centre
from tests.kiosk.proxy import Mode, Proxy
from tests.postgres import OWNER, binaries, running_server

ROUNDS = 10
SWIPES = 100
BADGES = 1000
DATABASE = "centre"
RESET_SECONDS = 0.05
STATES: tuple[Mode | str, ...] = ("up", "refused", "silent", "black hole", "reset")


def main() -> None:
    """Measure and print a small table."""
    folder = binaries()
    if folder is None:
        sys.exit("no PostgreSQL server binaries are installed")
    times: dict[str, list[float]] = defaultdict(list)
    with (
        running_server(folder) as server,
        Proxy(server.folder / ".s.PGSQL.5432") as proxy,
        tempfile.TemporaryDirectory() as name,
    ):
        build_centre(Path(name), server.create(DATABASE), datetime.now(UTC))
        url = f"postgresql://{OWNER}@127.0.0.1:{proxy.port}/{DATABASE}?sslmode=disable&gssencmode=disable"
        with running_kiosk(Path(name), "line", snapshot_of(BADGES), url) as door:
            for _round, state in itertools.product(range(ROUNDS), STATES):
                with network(proxy, state):
                    times[state] += exits(door)
    print_table(times)


@contextmanager
def network(proxy: Proxy, state: str) -> Iterator[None]:
    """Let the network be so for a while; ``reset`` cuts every connection again and again, whatever it is doing."""
    if state != "reset":
        proxy.become(state)  # type: ignore[arg-type]
        yield
        proxy.become("up")
        return
    stopping = threading.Event()
    cutter = threading.Thread(target=_cut, args=(proxy.reset_all, stopping), daemon=True)
    cutter.start()
    yield
    stopping.set()
    cutter.join()


def _cut(reset: Callable[[], None], stopping: threading.Event) -> None:
    while not stopping.wait(RESET_SECONDS):
        reset()


def exits(door: BenchDoor) -> list[float]:
    """Swipe out: whatever the centre says of badges, an exit is released and recorded."""
    return door.swipes("out", SWIPES)[0]


def print_table(times: dict[str, list[float]]) -> None:
    """Print p50 and p99 of each state, and its p99 beside the one with the database up."""
    up = statistics.quantiles(times["up"], n=100)[98]
    print(f"{'door while the database is …':<34}{'swipes':>8}{'p50 ms':>9}{'p99 ms':>9}{'p99 / up':>10}")
    for state, seconds in times.items():
        p99 = statistics.quantiles(seconds, n=100)[98]
        median = statistics.median(seconds)
        print(f"{state:<34}{len(seconds):>8}{median * 1000:>9.3f}{p99 * 1000:>9.3f}{p99 / up:>9.2f}×")


if __name__ == "__main__":
    main()
