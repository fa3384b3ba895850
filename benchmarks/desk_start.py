"""From the command to the desk's first full screen, beside a minimal Textual application in the same run.

The limit is 2.0 times the minimal application; both start a new interpreter on a terminal of 120 × 40.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.minimal_app import READY
from benchmarks.terminal import seconds_to_text

LIMIT_RATIO = 2.0
RUNS = 9


def main() -> None:
    """Run both in turn and print medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "en_US.UTF-8", "ZHIBAN_HOME": folder}
        environment.pop("LANGUAGE", None)
        _set_up(Path(folder))
        minimal = [sys.executable, "-m", "benchmarks.minimal_app"]
        desk = [sys.executable, "-m", "cli", "desk"]
        pairs = []
        for run in range(RUNS + 1):
            pair = (
                seconds_to_text(minimal, READY, environment=environment),
                seconds_to_text(desk, "Work number", environment=environment),
            )
            if run:  # the first pair warms the disk
                pairs.append(pair)
    base = statistics.median(pair[0] for pair in pairs)
    ours = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    print("desk start to first full screen")
    print(f"  minimal Textual app  {base:6.3f} s   (median of {RUNS})")
    print(f"  zhiban desk          {ours:6.3f} s")
    print(f"  ratio                {ratio:6.2f}     limit {LIMIT_RATIO}")


def _set_up(home: Path) -> None:
    from tests.centre import build_centre

    build_centre(home)


if __name__ == "__main__":
    main()
