"""Run every benchmark: ``python -m benchmarks``."""

from __future__ import annotations

from benchmarks import (
    attendance_scale,
    daily_log_pdf,
    desk_start,
    door_latency,
    door_offline,
    false_accept,
    growing_table,
    log_search,
    month_grid,
    osdp_latency,
    registers,
    roster_month,
)


def main() -> None:
    """Run them one after the other, so that none disturbs another."""
    for benchmark in (
        door_latency,
        door_offline,
        osdp_latency,
        growing_table,
        registers,
        month_grid,
        desk_start,
        false_accept,
        log_search,
        daily_log_pdf,
        attendance_scale,
        false_accept,
        roster_month,
    ):
        benchmark.main()
        print()


if __name__ == "__main__":
    main()
