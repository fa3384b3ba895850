"""Spot checks (Art. 7): every link of the service is looked at every day, and whoever is concerned is told.

The starting links (环节) stand until the centre changes them; each change counts from a civil day on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from regulation.marking import N_


class CheckResult(StrEnum):
    """What a spot check found. A link with nothing to look at that day says so: silence is no result."""

    IN_ORDER = "in_order"
    PROBLEM = "problem"
    NOT_APPLICABLE = "not_applicable"


RESULT_NAMES: dict[CheckResult, str] = {
    CheckResult.IN_ORDER: N_("good"),
    CheckResult.PROBLEM: N_("problem"),
    CheckResult.NOT_APPLICABLE: N_("not applicable"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link to be checked. ``label`` is a message, or the centre's own words with ``label_en`` beside them."""

    code: str
    label: str
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A centre's own link, or its word that one is no longer checked, from the start of a civil day."""

    link: Link
    effective_from: date
    retired: bool = False


STARTING_LINKS: tuple[Link, ...] = (
    Link("answering", N_("answering calls")),
    Link("speech", N_("standard speech")),
    Link("work_orders", N_("work-order entry")),
    Link("complaints", N_("complaint follow-up")),
    Link("billing", N_("billing queries")),
    Link("material", N_("information material")),
    Link("equipment", N_("equipment and lines")),
    Link("discipline", N_("discipline at the seats")),
)


def links_in_force(changes: Iterable[LinkChange], on: date) -> tuple[Link, ...]:
    """Return the links of civil day ``on``: the starting ones in their order, then the centre's own as they came."""
    links: dict[str, Link | None] = {link.code: link for link in STARTING_LINKS}
    for change in sorted(changes, key=lambda c: c.effective_from):
        if change.effective_from <= on:
            links[change.link.code] = None if change.retired else change.link
    return tuple(link for link in links.values() if link is not None)


def unchecked_links(plan: Iterable[Link], checked: Iterable[str]) -> tuple[Link, ...]:
    """Return the links of a day's plan that nobody checked (Art. 7: no omission)."""
    done = set(checked)
    return tuple(link for link in plan if link.code not in done)


def plan_is_overrun(day_ends_at: datetime, now: datetime) -> bool:
    """Whether a day's plan can no longer be kept (Art. 7: no overrun); its last instant is before the day's end."""
    return now >= day_ends_at


def problem_is_told(result: CheckResult, found: str, informed: str) -> bool:
    """Whether a problem says what was found and names whom it was told (Art. 7: inform those concerned)."""
    return result is not CheckResult.PROBLEM or bool(found.strip() and informed.strip())
