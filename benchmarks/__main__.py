"""Run every benchmark: ``python -m benchmarks``."""

from __future__ import annotations

from benchmarks import desk_start, door_latency, growing_table


def main() -> None:
    """Run them one after the other, so that none disturbs another."""
    for benchmark in (door_latency, growing_table, desk_start):
        benchmark.main()
        print()


if __name__ == "__main__":
    main()
