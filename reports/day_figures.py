"""The day's figures and spot checks on paper (Art. 5, 7, 8)."""

from __future__ import annotations

from collections.abc import Sequence

from locales import N_
from regulation.daily_log import FigureLine, SpotCheckLine
from reports.sheet import Column, Table
from reports.speech import Speech

MOST_BESIDE = 4
_NAME_WIDTH, _TARGET_WIDTH, _LINE = 30, 12, 80


def figures_table(figures: Sequence[FigureLine], speech: Speech) -> Table:
    """Return the figures with a column for each shift; ``!`` marks one that misses its target or is
    overdue, ``*`` one that was corrected.
    """
    say = speech.say
    shifts = list(dict.fromkeys(_shift(line, speech) for line in figures))
    if len(shifts) > MOST_BESIDE:
        return _long_table(figures, speech)
    width = (_LINE - _NAME_WIDTH - _TARGET_WIDTH - 2 * (len(shifts) + 1)) // len(shifts)
    columns = (
        Column(say(N_("Figure")), _NAME_WIDTH),
        Column(say(N_("Target")), _TARGET_WIDTH, right=True),
        *(Column(shift, width, right=True) for shift in shifts),
    )
    # A target that changes between two shifts of one day makes two lines.
    by_name: dict[tuple[str, str], dict[str, str]] = {}
    for line in figures:
        by_name.setdefault((_name(line, speech), line.target), {})[_shift(line, speech)] = _value(
            line, speech
        )
    rows = tuple(
        (name, target or "—", *(values.get(shift, "—") for shift in shifts))
        for (name, target), values in by_name.items()
    )
    return Table(_heading(speech), columns, rows)


def spot_checks_table(checks: Sequence[SpotCheckLine], speech: Speech) -> Table:
    """Return the checks of the day; a link nobody checked says so with its article."""
    say = speech.say
    columns = (
        Column(say(N_("Link")), 14),
        Column(say(N_("Time")), 5),
        Column(say(N_("By")), 13),
        Column(say(N_("Check result")), 18),
        Column(say(N_("Found")), 13),
        Column(say(N_("Told")), 12),
    )
    return Table(say(N_("Spot checks (Art. 7)")), columns, tuple(_check_row(c, speech) for c in checks))


def _long_table(figures: Sequence[FigureLine], speech: Speech) -> Table:
    say = speech.say
    columns = (
        Column(say(N_("Figure")), 32),
        Column(say(N_("Shift")), 12),
        Column(say(N_("Value")), 15, right=True),
        Column(say(N_("Target")), 15, right=True),
    )
    rows = tuple((_name(f, speech), _shift(f, speech), _value(f, speech), f.target or "—") for f in figures)
    return Table(_heading(speech), columns, rows)


def _heading(speech: Speech) -> str:
    return speech.say(N_("Daily figures (Art. 8): ! misses its target or is not in, * corrected"))


def _own(own: str, english: str, speech: Speech) -> str:
    return english if speech.is_english and english else speech.say(own)


def _shift(line: FigureLine, speech: Speech) -> str:
    return _own(line.shift, line.shift_en, speech)


def _name(line: FigureLine, speech: Speech) -> str:
    name, unit = _own(line.name, line.name_en, speech), _own(line.unit, line.unit_en, speech)
    return speech.say(N_("{name} ({unit})"), name=name, unit=unit) if unit else name


def _value(line: FigureLine, speech: Speech) -> str:
    if not line.value:
        return speech.say(N_("not in")) + " !" if line.overdue else "—"
    return line.value + (" *" if line.corrected else "") + (" !" if line.missed else "")


def _check_row(line: SpotCheckLine, speech: Speech) -> tuple[str, ...]:
    say, link = speech.say, _own(line.link, line.link_en, speech)
    if line.checked_at is None:
        return (link, "—", "—", say(N_("unchecked (Art. 7)")), "", "")
    informed = f"{line.informed} {speech.clock(line.informed_at)}" if line.informed else ""
    found = "\n".join(part for part in (line.person, line.found) if part)
    return (link, speech.clock(line.checked_at), line.checked_by, say(line.result), found, informed)
