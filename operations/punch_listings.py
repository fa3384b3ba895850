"""Files of punches and their mappings in words, and as programs read them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from locales import N_, _
from operations.boundary import SYSTEM
from operations.figures_file import Problem
from operations.listings import Listing, Office
from operations.punch_import import PunchImportPlan
from operations.punch_mappings import punch_mappings

MOST_LINES = 50
_ISO_8601 = "ISO 8601"


def problem_line(problem: Problem) -> str:
    """One mistake with its line and its column: ``✗ line 7, at: …``."""
    if not problem.line:
        return f"✗ {problem.text}"
    if not problem.column:
        return _("✗ line {line}: {text}").format(line=problem.line, text=problem.text)
    return _("✗ line {line}, {column}: {text}").format(
        line=problem.line, column=problem.column, text=problem.text
    )


def punch_count(plan: PunchImportPlan) -> str:
    """How much a file brings, in a sentence."""
    words = _("{new} punches of {people} people are new, {unchanged} as before, {problems} mistakes")
    return words.format(
        new=len(plan.punches),
        people=len({punch.person_id for punch in plan.punches}),
        unchanged=plan.unchanged,
        problems=len(plan.problems),
    )


def punch_lines(plan: PunchImportPlan, zone: ZoneInfo) -> list[str]:
    """What is wrong with a file, as far as anyone reads; then how much it brings, and of when."""
    lines = [problem_line(problem) for problem in plan.problems[:MOST_LINES]]
    if len(plan.problems) > MOST_LINES:
        lines.append(_("… and {count} more (--json lists all)").format(count=len(plan.problems) - MOST_LINES))
    lines.append(punch_count(plan))
    if plan.first is not None and plan.last is not None:
        first, last = (at.astimezone(zone) for at in (plan.first, plan.last))
        lines.append(
            _("read as {source}, from {first} to {last}").format(
                source=plan.source, first=f"{first:%Y-%m-%d %H:%M}", last=f"{last:%Y-%m-%d %H:%M}"
            )
        )
    if plan.undirected:
        words = _("without in or out: {count}; they make nobody absent, and nobody present")
        lines.append(words.format(count=plan.undirected))
    return lines


def punch_record(plan: PunchImportPlan, *, imported: bool) -> dict[str, object]:
    """Return an import of punches as JSON of the command line has it."""
    return {
        "source": plan.source,
        "first": plan.first,
        "last": plan.last,
        "punches": [
            {
                "line": punch.line,
                "work_number": punch.work_number,
                "name": punch.name,
                "at": punch.at,
                "direction": punch.direction,
            }
            for punch in plan.punches
        ],
        "undirected": plan.undirected,
        "unchanged": plan.unchanged,
        "problems": plan.problems,
        "imported": imported,
    }


def mappings_listing(at: Office) -> Listing:
    """The mappings by which punches are read."""
    rows = punch_mappings(SYSTEM, at.now)
    return Listing(
        [
            {
                "name": row.name,
                "own": row.own,
                **{name: getattr(row.form, name) for name in row.form.__slots__},
            }
            for row in rows
        ],
        (N_("mapping"), N_("work number"), N_("time"), N_("direction"), N_("written like"), N_("zone")),
        [
            (
                row.name,
                row.form.number,
                " ".join(filter(None, (row.form.at, row.form.time))),
                row.form.direction or row.form.otherwise or "—",
                row.form.at_format or _ISO_8601,
                row.form.zone or _("the centre's"),
            )
            for row in rows
        ],
    )
