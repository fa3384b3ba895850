"""The demand (人力需求): how many people each shift needs, dated; senior leaders change it, every leader reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from operations.demand import days_in_words, people_in_words
from regulation.demand import (
    DAY_SET_NAMES,
    DAY_SETS,
    OPERATOR,
    SKILL_PREFIX,
    WHO_NAMES,
    DemandGroup,
    Need,
    grouped,
)
from tui.cells import plain
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field, FormDialog
from tui.widgets.line_table import Column, LineTable
from tui.widgets.month_lines import shift_name

if TYPE_CHECKING:
    from operations.skills import SkillRow

CHANGING = frozenset({"write", "change", "retire"})


@dataclass(frozen=True, slots=True)
class DemandGiven:
    """A line of demand as it was written down, and the civil day from which it counts."""

    shift: str
    who: str
    days: str
    need: Need
    effective_from: date


class DemandForm(FormDialog[DemandGiven]):
    """One line; the same shift, people and days get new numbers. Words and codes are both understood."""

    def __init__(
        self, known: DemandGroup | None, shifts: Mapping[str, str], skills: Sequence[SkillRow], today: date
    ) -> None:
        skilled = {skill.code: skill.words for skill in skills}
        codes = [*WHO_NAMES, *(f"{SKILL_PREFIX}{code}" for code in skilled)]
        self._who = {people_in_words(code, skilled): code for code in codes}
        self._days = {_(name): word for word, name in DAY_SET_NAMES.items()}
        self._shifts = {name: code for code, name in shifts.items()}
        offered = [_(DAY_SET_NAMES[word]) for word in (*DAY_SETS, "mon", "holiday")]
        need = known.need if known else None
        super().__init__(
            _("How many people a shift needs"),
            Content(_("A date counts before a holiday, a holiday before its weekday.")),
            [
                Field(
                    "shift",
                    _("Shift ({shifts})").format(shifts=_(", ").join(self._shifts)),
                    missing=_("Which shift?"),
                    value=shifts.get(known.shift, known.shift) if known else "",
                ),
                Field(
                    "who",
                    _("Who ({whom})").format(whom=_(", ").join(self._who)),
                    missing=_("Which people?"),
                    value=people_in_words(known.who if known else OPERATOR, skilled),
                ),
                Field(
                    "days",
                    _("Days ({days})").format(days=_(", ").join([*offered, "2026-10-01"])),
                    missing=_("Which days?"),
                    value=days_in_words(known.days if known else DAY_SETS["every"]),
                ),
                Field(
                    "least",
                    _("Never fewer than"),
                    missing=_("How many?"),
                    value=str(need.least) if need else "",
                    longest=3,
                ),
                Field(
                    "wanted",
                    _("Wanted (empty: the same)"),
                    value=str(need.wanted) if need else "",
                    longest=3,
                ),
                Field("from", _("From (YYYY-MM-DD)"), value=today.isoformat(), missing=_("From which day?")),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> DemandGiven:
        """Return the line; raises :class:`ValueError` for a day or a number that is none."""
        least, wanted = values["least"], values["wanted"] or values["least"]
        if not (least.isdecimal() and wanted.isdecimal()):
            raise ValueError(_("People are counted in whole numbers."))
        try:
            day = date.fromisoformat(values["from"])
        except ValueError:
            raise ValueError(_("A day is written like 2026-11-30.")) from None
        words = [word.strip() for word in re.split("[,，、;；]", values["days"])]
        return DemandGiven(
            self._shifts.get(values["shift"], values["shift"]),
            self._who.get(values["who"], values["who"]),
            ",".join(self._days.get(word, word) for word in words),
            Need(int(least), int(wanted)),
            day,
        )


class DemandDialog(DeskDialog[None]):
    """What counts today; n writes a line, Enter changes one, d says nothing more of it from today on."""

    TITLE = N_("How many people each shift needs")
    CSS_PATH = "demand_dialog.tcss"
    AUTO_FOCUS = "#demand"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "write", N_("a new one")),
        Binding("enter", "change", N_("change"), priority=True),
        Binding("d", "retire", N_("no longer needed")),
        Binding("s", "skills", N_("skills")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._skills: tuple[SkillRow, ...] = ()

    def compose_fields(self) -> ComposeResult:
        """The lines, put together where they say the same of several days."""
        yield LineTable(
            (
                Column(N_("Shift"), 12, flex=2),
                Column(N_("Who"), 12, flex=2),
                Column(N_("Days"), 24, flex=4),
                Column(N_("Least"), 6, align="right"),
                Column(N_("Wanted"), 6, align="right"),
            ),
            self._cells,
            key=lambda group: (group.shift, group.who, group.days),
            empty=N_("Nothing says how many people are needed; n writes the first line."),
            id="demand",
        )
        yield Static(
            _("Below the month stands what is planned against this, red where it is short."),
            classes="dialog--text hint",
        )

    def _cells(self, group: DemandGroup) -> list[Content]:
        names = {skill.code: skill.words for skill in self._skills}
        return [
            plain(self._shifts().get(group.shift, group.shift), "bold"),
            plain(people_in_words(group.who, names)),
            plain(days_in_words(group.days), "$faint"),
            plain(str(group.need.least)),
            plain(str(group.need.wanted)),
        ]

    def _shifts(self) -> dict[str, str]:
        centre = self.desk.centre
        return {shift.code: shift_name(shift) for shift in centre.shift_types} if centre else {}

    def on_mount(self) -> None:
        """Read the lines."""
        self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Who may not say how many are needed may read it."""
        if action in CHANGING:
            from operations.boundary import may
            from operations.permissions import Action

            return may(self.desk.signed_in, Action.KEEP_DEMAND)
        return super().check_action(action, parameters)

    def _read(self, _result: object = None) -> None:
        from operations.demand import demand_lines
        from operations.skills import skills

        actor, now = self.desk.signed_in, self.desk.clock()
        self.run_operation(lambda: (demand_lines(actor, now), skills(actor, now)), then=self._show)

    def _show(self, read: tuple[Any, Any]) -> None:
        lines, self._skills = read
        self._table().set_rows(grouped(lines))

    def _table(self) -> LineTable[Any]:
        return self.query_one("#demand", LineTable)

    def _today(self) -> date:
        return self.desk.clock().astimezone(self.desk.zone).date()

    def action_write(self) -> None:
        """Write a new line."""
        self._open_form(None)

    def action_change(self) -> None:
        """Change the line under the cursor."""
        if self._table().current is not None:
            self._open_form(self._table().current)

    def _open_form(self, known: DemandGroup | None) -> None:
        form = DemandForm(known, self._shifts(), self._skills, self._today())
        self.app.push_screen(form, self._given)

    def _given(self, given: DemandGiven | None) -> None:
        from operations.demand import set_demand

        if given is not None:
            self._change(set_demand, given.shift, given.who, given.days, given.need, given.effective_from)

    def action_retire(self) -> None:
        """Say nothing more of the line under the cursor, from today on."""
        from operations.demand import retire_demand

        group: DemandGroup | None = self._table().current
        if group is not None:
            self._change(retire_demand, group.shift, group.who, group.words, self._today())

    def action_skills(self) -> None:
        """Open the skills that a shift may need."""
        from tui.screens.skills_dialog import SkillsDialog

        self.app.push_screen(SkillsDialog(), self._read)

    def _change(self, operation: Callable[..., object], *args: object) -> None:
        self.set_problem("")
        self.run_operation(operation, self.desk.signed_in, self.desk.clock(), *args, then=self._read)
