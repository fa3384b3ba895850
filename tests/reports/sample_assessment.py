"""An assessment as operations would hand it over, with something in every part of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from regulation.assessment import (
    ArticleLine,
    Assessment,
    Counted,
    DoorMonth,
    FigureMonth,
    LateReport,
    OpenBreach,
    PersonLine,
    TeamLine,
)
from regulation.marking import N_

PRINTED_AT = datetime(2026, 12, 4, 2, tzinfo=UTC)
DIGEST = "5f" * 32


@dataclass(frozen=True)
class Sent:
    """A sending."""

    version: int = 1
    digest: str = DIGEST


def an_assessment(name: str = "陈静", team: str = "甲班", **changes: object) -> Assessment:
    """November, as it was sent, or as ``changes`` say."""
    fields: dict[str, object] = {
        "centre": "城东客服中心",
        "time_zone": "Asia/Shanghai",
        "month": date(2026, 11, 1),
        "months": ("2026-09", "2026-10"),
        "found": Counted(7, (4, 6)),
        "articles": (
            ArticleLine(14, Counted(1, (2, 2)), (("left_without_permit", 1),)),
            ArticleLine(21, Counted(6, (2, 4)), (("relief_late", 4), ("duty_late", 2)), 3),
        ),
        "teams": (
            TeamLine("甲", team, Counted(5, (3, 4)), "43/2", "21", "42/43", ("1", ""), True),
            TeamLine("", "", Counted(2, (1, 2))),
        ),
        "people": (PersonLine("1017", name, "甲", Counted(5, (3, 4)), ((14, 1), (21, 4)), "42/43"),),
        "late": (
            LateReport(
                8,
                "figures_late",
                datetime(2026, 11, 20, 1, tzinfo=UTC),
                f"{name}(1017)",
                (("date", "2026-11-19"), ("shift", "夜班")),
            ),
        ),
        "breaches": (OpenBreach("4", datetime(2026, 11, 3, 2, tzinfo=UTC), None, N_("open"), "第16条"),),
        "door": DoorMonth(211, 5, 214, (("refused.unknown_badge", 3), ("refused.no_escort", 1)), 1, 4, 1),
        "figures": (
            FigureMonth("answered within 20 s", "", "%", "", "≥ 80.0", 90, 4, "86.31"),
            FigureMonth("complaints", "", "cases", "", "", 90, 0, "1.2"),
        ),
        "limits": "1a2b3c4d",
        "version": 1,
        "sent_by": "周敏(2001)",
        "sent_at": PRINTED_AT,
    }
    return Assessment(**(fields | changes))  # type: ignore[arg-type]
