"""What a day of the demo asks for besides its shifts: the figures after each of them, and a look at every link."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime

from operations import figures, spot_checks
from operations.demo_centre import DemoCentre, Member
from operations.demo_roster import Slot
from operations.demo_shift import Beat, DemoDoor, minutes
from operations.figures import FigureGiven
from operations.spot_checks import CheckDraft
from regulation.spot_checks import STARTING_LINKS, CheckResult

# What was found at a link, in the words of whoever looked.
_PROBLEMS: Mapping[str, str] = {
    "answering": "第三声铃响后才应答",
    "speech": "未报工号，结束语不完整",
    "work_orders": "工单故障现象填写过简",
    "complaints": "回访时间未填",
    "billing": "资费口径与新资料不一致",
    "material": "旧版资费单未撤",
    "equipment": "05 席耳机有杂音",
    "discipline": "台面有水杯",
}


def figures_of(leader: Member, slot: Slot, log_id: int, rng: random.Random) -> Beat:
    """The leader enters the shift's figures within the hour after it."""
    quiet = slot.code == "night"
    calls = rng.randint(180, 320) if quiet else rng.randint(980, 1420)
    answered = round(calls * rng.uniform(0.93, 0.985))
    values = {
        "calls_in": calls,
        "calls_answered": answered,
        "answered_20s": f"{rng.uniform(79.2, 93.5):.1f}",
        "abandoned": calls - answered,
        "handling_seconds": rng.randint(148, 186),
        "complaints": rng.randint(0, 3 if quiet else 9),
        "orders_passed": rng.randint(4, 12) if quiet else rng.randint(22, 55),
        "orders_overdue": int(rng.random() < 0.12),
        "satisfaction": f"{rng.uniform(94.6, 98.9):.1f}",
    }

    def enter(_door: DemoDoor, now: datetime) -> None:
        given = [FigureGiven(code, str(value)) for code, value in values.items()]
        figures.enter_figures(leader.actor, now, log_id, given)

    return Beat(slot.ends_at + minutes(rng.uniform(8, 50)), enter)


def checks_of(
    leader: Member, checked: Member, slot: Slot, rng: random.Random, at: Callable[[], datetime]
) -> list[Beat]:
    """The early shift looks at the first half of the links, the middle shift at the second; now and then one is forgotten."""
    half = len(STARTING_LINKS) // 2
    links = {"early": STARTING_LINKS[:half], "middle": STARTING_LINKS[half:]}.get(slot.code, ())
    beats = []
    for link in links:
        if rng.random() < 0.02:
            continue
        draft = CheckDraft(link.code, CheckResult.IN_ORDER)
        if rng.random() < 0.07:
            who = checked.number
            draft = CheckDraft(link.code, CheckResult.PROBLEM, _PROBLEMS[link.code], who, who)
        beats.append(Beat(at(), _recorded(leader, draft)))
    return beats


def _recorded(leader: Member, draft: CheckDraft) -> Callable[[DemoDoor, datetime], None]:
    def record(_door: DemoDoor, now: datetime) -> None:
        spot_checks.record_spot_check(leader.actor, now, draft)

    return record


def day_tasks(
    centre: DemoCentre, slot: Slot, seed: str, at: Callable[[random.Random], datetime]
) -> list[Beat]:
    """Return what a shift of the past did for its day; its own dice leave the rest of the story as it is."""
    rng = random.Random(f"{seed} day")  # noqa: S311  a story
    leader, *operators = centre.crew(slot)
    checks = checks_of(leader, rng.choice(operators), slot, rng, lambda: at(rng))
    return [*checks, figures_of(leader, slot, centre.log_ids[slot], rng)]
