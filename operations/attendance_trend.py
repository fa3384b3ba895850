"""How the months of a team compare (Art. 34): rate, lateness and leave by kind, of what was submitted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import models
from operations.boundary import Session, reads
from operations.permissions import Action

MONTHS = 12


@dataclass(frozen=True, slots=True)
class TrendMonth:
    """One submitted month of a team; ``leave`` are duties by kind. Exact numbers."""

    month: str
    due: Fraction
    attended: Fraction
    minutes_late: int
    late: Fraction
    absent: Fraction
    leave: dict[str, Fraction]

    @property
    def rate(self) -> Fraction | None:
        """Attended ÷ due; ``None`` when nothing was due."""
        return self.attended / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class TeamTrend:
    """A team's months, oldest first; a month that was not submitted is missing."""

    team: str
    name: str
    months: tuple[TrendMonth, ...]


@reads(Action.SEE_ATTENDANCE)
def attendance_trend(_session: Session, last: date) -> tuple[TeamTrend, ...]:
    """Return the twelve months up to that of ``last``, as each team last submitted them."""
    names, month = [], last.replace(day=1)
    for _step in range(MONTHS):
        names.append(f"{month:%Y-%m}")
        month = (month - timedelta(days=1)).replace(day=1)
    return submitted_months(names)


def submitted_months(names: Sequence[str]) -> tuple[TeamTrend, ...]:
    """Return those of the months (``YYYY-MM``) that each team submitted, as it last did (inside a transaction)."""
    row = models.AttendanceMonth
    kept: dict[int, dict[str, models.AttendanceMonth]] = defaultdict(dict)
    columns = (row.team, row.month, row.version, row.summary)
    for one in row.select(*columns).where(row.month.in_(names)).order_by(row.version):
        kept[one.team_id][one.month] = one
    return tuple(
        TeamTrend(team.code, team.name, tuple(_month(found) for _m, found in sorted(kept[team.id].items())))
        for team in models.Team.select().order_by(models.Team.position)
        if team.id in kept
    )


def _month(row: models.AttendanceMonth) -> TrendMonth:
    summary = row.summary
    numbers = {name: Fraction(text) for name, text in summary["by_category"].items()}
    verdicts = {
        "present",
        "late",
        "late_for_relief",
        "left_early",
        "absent",
        "unknown",
        "swapped_out",
        "on_leave",
    }
    return TrendMonth(
        row.month,
        Fraction(summary["due"]),
        Fraction(summary["attended"]),
        int(summary["minutes_late"]),
        numbers.get("late", Fraction(0)) + numbers.get("late_for_relief", Fraction(0)),
        numbers.get("absent", Fraction(0)),
        {name: number for name, number in numbers.items() if name not in verdicts},
    )
