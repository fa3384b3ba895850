"""Skills that a shift may need (技能): who has them, from when until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from tui.cells import plain
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field, FormDialog
from tui.screens.wishes_dialog import day_given
from tui.widgets.line_table import Column, LineTable

if TYPE_CHECKING:
    from operations.people import PersonRow
    from operations.skills import HeldSkill, SkillRow


@dataclass(frozen=True, slots=True)
class SkillGiven:
    """A skill of the list as it was written down."""

    code: str
    label: str
    label_en: str


class SkillForm(FormDialog[SkillGiven]):
    """One skill; a known code gets new words."""

    def __init__(self) -> None:
        super().__init__(
            _("A skill"),
            Content(_("Demand can ask for it as skill:CODE.")),
            [
                Field("code", _("Code (letters)"), missing=_("A skill needs a code.")),
                Field("label", _("Chinese words"), missing=_("A skill needs words.")),
                Field("label_en", _("English words")),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> SkillGiven:
        """Return the skill."""
        return SkillGiven(values["code"], values["label"], values["label_en"])


@dataclass(frozen=True, slots=True)
class GrantGiven:
    """That someone has a skill, as it was written down."""

    work_number: str
    code: str
    valid_from: date
    valid_until: date | None


class GrantForm(FormDialog[GrantGiven]):
    """Who has a skill."""

    def __init__(self, codes: str, today: date) -> None:
        super().__init__(
            _("Who has a skill"),
            Content(_("It counts on the days from the first to the last.")),
            [
                Field("who", _("Work number"), missing=_("Who?")),
                Field("code", _("Skill ({codes})").format(codes=codes), missing=_("Which skill?")),
                Field("from", _("From (YYYY-MM-DD)"), missing=_("From which day?"), value=today.isoformat()),
                Field("until", _("Last day (empty: open end)")),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> GrantGiven:
        """Return the entry; raises :class:`ValueError` for a day that is none."""
        until = day_given(values["until"]) if values["until"] else None
        return GrantGiven(values["who"], values["code"], day_given(values["from"]), until)


class SkillsDialog(DeskDialog[None]):
    """n puts a skill on the list, a gives one to someone, d ends the entry under the cursor with yesterday."""

    TITLE = N_("Skills")
    CSS_PATH = "skills_dialog.tcss"
    AUTO_FOCUS = "#holders"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "grant", N_("who has it")),
        Binding("n", "write", N_("a new skill")),
        Binding("d", "end", N_("end it")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._skills: tuple[SkillRow, ...] = ()
        self._people: tuple[PersonRow, ...] = ()

    def compose_fields(self) -> ComposeResult:
        """Who has what."""
        yield LineTable(
            (
                Column(N_("Skill"), 14, flex=2),
                Column(N_("Who"), 14, flex=2),
                Column(N_("From"), 10),
                Column(N_("Last day"), 10),
            ),
            self._cells,
            key=lambda held: (held.skill, held.person_id, held.valid_from),
            empty=N_("Nobody has a skill of the list yet."),
            id="holders",
        )

    def _cells(self, held: HeldSkill) -> list[Content]:
        names = {skill.code: skill.words for skill in self._skills}
        return [
            plain(names.get(held.skill, held.skill), "bold"),
            plain(f"{held.name}({held.work_number})"),
            plain(held.valid_from.isoformat(), "$faint"),
            plain(held.valid_until.isoformat() if held.valid_until else "…", "$faint"),
        ]

    def on_mount(self) -> None:
        """Read the list."""
        self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each key for whoever may use it."""
        from operations.boundary import may
        from operations.permissions import Action

        needed = {"write": Action.KEEP_DEMAND, "grant": Action.EDIT_ROSTER, "end": Action.EDIT_ROSTER}
        if action in needed:
            return may(self.desk.signed_in, needed[action])
        return super().check_action(action, parameters)

    def _read(self, _result: object = None) -> None:
        from operations.people import people
        from operations.skills import skill_holders, skills

        actor, now = self.desk.signed_in, self.desk.clock()
        self.run_operation(
            lambda: (skills(actor, now), skill_holders(actor, now), people(actor, now)), then=self._show
        )

    def _show(self, read: tuple[Any, Any, Any]) -> None:
        self._skills, holders, self._people = read
        self._table().set_rows(holders)
        codes = ", ".join(f"{skill.code} {skill.words}" for skill in self._skills)
        self.set_title(Content.assemble(_(self.TITLE), "  ", plain(codes, "$faint")))

    def _table(self) -> LineTable[Any]:
        return self.query_one("#holders", LineTable)

    def _today(self) -> date:
        return self.desk.clock().astimezone(self.desk.zone).date()

    def action_write(self) -> None:
        """Put a skill on the list."""
        self.app.push_screen(SkillForm(), self._skill_given)

    def _skill_given(self, given: SkillGiven | None) -> None:
        from operations.skills import set_skill

        if given is not None:
            self._change(set_skill, given.code, given.label, given.label_en)

    def action_grant(self) -> None:
        """Say who has a skill."""
        codes = ", ".join(skill.code for skill in self._skills)
        self.app.push_screen(GrantForm(codes, self._today()), self._grant_given)

    def _grant_given(self, given: GrantGiven | None) -> None:
        from operations.skills import grant_skill

        if given is None:
            return
        who = next((row.id for row in self._people if row.work_number == given.work_number), None)
        if who is None:
            self.set_problem(_("Nobody has the work number {number}.").format(number=given.work_number))
            return
        self._change(grant_skill, who, given.code, given.valid_from, given.valid_until)

    def action_end(self) -> None:
        """End the entry under the cursor: yesterday was its last day."""
        from operations.skills import end_skill

        held: HeldSkill | None = self._table().current
        if held is not None:
            self._change(end_skill, held.person_id, held.skill, self._today() - timedelta(days=1))

    def _change(self, operation: Callable[..., object], *args: object) -> None:
        self.set_problem("")
        self.run_operation(operation, self.desk.signed_in, self.desk.clock(), *args, then=self._read)
