"""What the Roster screen says in words: the cell under the cursor, the line above the grid, the keys of the shifts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from string import ascii_lowercase
from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style

from locales import N_, _
from tui.cells import clock_time, elapsed, joined, plain
from tui.month_plan import MonthPlan, View
from tui.widgets.cell_signs import MORE_SIGN, PIN_SIGN
from tui.widgets.month_lines import WEEKDAYS, language_name, shift_mark, shift_name

if TYPE_CHECKING:
    from operations.centre import ShiftTypeRow
    from operations.roster import RosterCell, RosterRow

# Letters that mean something else on this screen or on every screen.
RESERVED_KEYS = frozenset("dfgkptuvwxy")

ORIGINS: dict[str, str] = {
    "manual": N_("set by hand"),
    "pattern": N_("from the rotation"),
    "swap": N_("swapped"),
    "stand_in": N_("stand-in"),
    "solver": N_("from the planner"),
    "import": N_("from a file"),
}
VIEWS: dict[View, str] = {
    View.DRAFT: N_("draft"),
    View.PUBLISHED: N_("as published"),
    View.COMPARE: N_("compare"),
}


@dataclass(frozen=True, slots=True)
class CellWords:
    """Says everything about one person's one day; ``teams`` are names by code."""

    plan: MonthPlan
    teams: Mapping[str, str]
    zone: tzinfo

    def explain(self, person: RosterRow, day: date) -> Content:
        """Who, when exactly, from where, what is planned otherwise, and what is wrong with it."""
        parts = [
            plain(f"{person.name}({person.work_number})", "$accent bold"),
            plain(self.teams.get(person.team, "")),
            plain(_("{date} {weekday}").format(date=f"{day:%m-%d}", weekday=_(WEEKDAYS[day.weekday()]))),
            self._day_name(day),
            *self._shift(person, day),
            self._pin(person, day),
            *self._warnings(person, day),
            *self._where_from(person, day),
            *(self._part(part, day) for part in self.plan.further(person.person_id, day)),
        ]
        return joined(parts)

    def _day_name(self, day: date) -> Content:
        from regulation.calendar_days import KIND_NAMES, DayKind

        found = self.plan.month.calendar[self.plan.columns[day]]
        name = language_name(found.name, found.name_en)
        if not name and found.kind in (DayKind.WORKING, DayKind.REST):
            return Content("")
        return plain(name or _(KIND_NAMES[found.kind]), "$info")

    def _shift(self, person: RosterRow, day: date) -> list[Content]:
        code = self.plan.shown(person.person_id, day)
        if code is None:
            return [Content.styled(_("free day"), "$faint"), self._difference(person, day)]
        published = self._published(person, day)
        times = published or self.plan.month.rest.duties[code, day]
        return [
            plain(self._name(code), "bold"),
            self._times(times.starts_at, times.ends_at, day),
            self._difference(person, day),
            Content.styled(_("on leave"), "$info") if published and published.leave else Content(""),
            Content.styled(_("begun: no longer changed here"), "$past")
            if published and published.past
            else Content(""),
            Content(_("leads the shift")) if published and published.post == "leader" else Content(""),
        ]

    def _part(self, part: RosterCell, day: date) -> Content:
        """A further duty of a day that has several."""
        words = [
            plain(f"{MORE_SIGN} {self._name(part.shift_code)}", "bold"),
            self._times(part.starts_at, part.ends_at, day),
            Content.styled(_("on leave"), "$info") if part.leave else Content(""),
            Content(_("leads the shift")) if part.post == "leader" else Content(""),
            plain(_("seat {seat}").format(seat=part.seat) if part.seat else ""),
            plain(_(ORIGINS.get(part.origin, part.origin)), "$faint"),
        ]
        return Content(" ").join(word for word in words if word)

    def _pin(self, person: RosterRow, day: date) -> Content:
        pinned = self.plan.is_pinned(person.person_id, day)
        return plain(f"{PIN_SIGN} " + _("pinned"), "$info") if pinned else Content("")

    def _published(self, person: RosterRow, day: date) -> RosterCell | None:
        """The published duty, where it is the one that is shown."""
        cell, code = self.plan.duty(person.person_id, day), self.plan.shown(person.person_id, day)
        return cell if cell is not None and cell.shift_code == code else None

    def _where_from(self, person: RosterRow, day: date) -> list[Content]:
        """The seat, and by which way and whom the day was planned."""
        published, drafted = self._published(person, day), self.plan.drafted(person.person_id, day)
        if published is not None:
            seat = _("seat {seat}").format(seat=published.seat) if published.seat else ""
            return [plain(seat), plain(_(ORIGINS.get(published.origin, published.origin)), "$faint")]
        if drafted is None or self.plan.is_pending(person.person_id, day):
            return []
        return [
            plain(_(ORIGINS.get(drafted.origin, drafted.origin)), "$faint"),
            plain(_("planned by {number}").format(number=drafted.planned_by), "$faint"),
        ]

    def _times(self, starts_at: datetime, ends_at: datetime, day: date) -> Content:
        until = clock_time(ends_at, self.zone)
        if ends_at.astimezone(self.zone).date() > day:
            until = _("{time} next day").format(time=until)
        return plain(f"{clock_time(starts_at, self.zone)}–{until} ({elapsed(ends_at - starts_at)})")

    def _difference(self, person: RosterRow, day: date) -> Content:
        """What the other roster has on this day, where the two differ."""
        who = person.person_id
        if not self.plan.is_changed(who, day):
            return Content("")
        other = self.plan.view is View.PUBLISHED
        code = self.plan.planned(who, day) if other else self.plan.published(who, day)
        words = _("draft: {shift}") if other else _("published: {shift}")
        return plain("◦ " + words.format(shift=self._name(code)), "$attention")

    def _name(self, code: str | None) -> str:
        kind = next((kind for kind in self.plan.month.shift_types if kind.code == code), None)
        return shift_name(kind) if kind else _("free day")

    def _warnings(self, person: RosterRow, day: date) -> list[Content]:
        from operations.centre import limit_source
        from operations.rest_warnings import warning_text

        return [
            Content.assemble(
                ("! ", "$attention bold"),
                Content(warning_text(warning)),
                (" " + _("({source})").format(source=limit_source(warning.limit)), "$faint"),
            )
            for warning in self.plan.warnings(person.person_id, day)
        ]


def legend(keys: Mapping[str, ShiftTypeRow], *, wide: bool) -> list[Content]:
    """Which key sets which shift; a click on it is the key."""
    shown = []
    for key, shift in keys.items():
        if not key.isascii():
            continue
        press = Style.from_meta({"@click": f"app.simulate_key('{key}')"})
        name = shift_name(shift) if wide else shift_mark(shift)
        shown.append(Content.assemble((key, "$accent bold"), " ", plain(name)).stylize(press))
    return shown


def sign_legend(plan: MonthPlan) -> list[Content]:
    """What the signs beside the shifts mean that nothing else on the screen explains, as far as they are there."""
    signs = [(plan.has_pins, f"{PIN_SIGN} " + _("pinned")), (plan.has_parts, more_words())]
    return [plain(words, "$faint") for is_there, words in signs if is_there]


def more_words() -> str:
    """What the sign behind a cell's own means, in a legend."""
    return f"{MORE_SIGN} " + _("several duties that day")


def shift_keys(shifts: Iterable[ShiftTypeRow]) -> dict[str, ShiftTypeRow]:
    """Which key sets which shift: the first free letter of its code, and its sign when that is not a letter."""
    keys: dict[str, ShiftTypeRow] = {}
    for shift in shifts:
        letters = [*shift.code.lower(), *ascii_lowercase]
        taken = RESERVED_KEYS | set(keys)
        key = next((sign for sign in letters if sign in ascii_lowercase and sign not in taken), "")
        if key:
            keys[key] = shift
        if shift.short and not shift.short.isascii():
            keys[shift.short] = shift
    return keys
