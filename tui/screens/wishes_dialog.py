"""Wishes of the days in view (排班意愿): one's own for everyone, all of them and who cannot work for who rosters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from locales import N_, _
from tui.cells import plain
from tui.screens.dialog import DeskDialog
from tui.screens.form_dialog import Field, FormDialog, Tick
from tui.widgets.line_table import Column, LineTable
from tui.widgets.month_lines import WEEKDAYS, shift_name

if TYPE_CHECKING:
    from operations.availability import UnavailableRow
    from operations.people import PersonRow
    from operations.wishes import WishRow

FREE_DAY = "free"


def day_given(text: str) -> date:
    """Return the day ``text`` names; raises :class:`ValueError` with words for one that is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("A day is written like 2026-11-30.")) from None


@dataclass(frozen=True, slots=True)
class WishGiven:
    """A wish as it was written down; without a shift for a free day."""

    day: date
    shift: str | None
    weight: int
    wanted: bool


class WishForm(FormDialog[WishGiven]):
    """One wish of one's own."""

    def __init__(self, day: date, shifts: Sequence[str]) -> None:
        free = _("a free day")
        super().__init__(
            _("A wish of mine"),
            Content(
                _("It can be taken back until the day is published. The planner weighs it; nobody promises.")
            ),
            [
                Field("day", _("Day (YYYY-MM-DD)"), missing=_("Which day?"), value=day.isoformat()),
                Field(
                    "shift",
                    _("What ({shifts})").format(shifts=_(", ").join([free, *shifts])),
                    missing=_("Which shift?"),
                    value=free,
                ),
                Field("weight", _("How much it matters, 1 to 3"), value="2", longest=1),
                Tick("avoid", _("rather not that")),
            ],
        )

    def answer(self, values: Mapping[str, str], ticks: Mapping[str, bool], /) -> WishGiven:
        """Return the wish; raises :class:`ValueError` for a day or a weight that is none."""
        if values["weight"] not in ("1", "2", "3"):
            raise ValueError(_("A wish weighs from 1 to 3."))
        shift = None if values["shift"] in (FREE_DAY, _("a free day")) else values["shift"]
        return WishGiven(day_given(values["day"]), shift, int(values["weight"]), not ticks["avoid"])


@dataclass(frozen=True, slots=True)
class CannotGiven:
    """When someone cannot work, as it was written down."""

    work_number: str
    first: date
    last: date | None
    weekdays: str
    shift: str | None
    reason: str


class CannotForm(FormDialog[CannotGiven]):
    """When someone cannot work."""

    def __init__(self, work_number: str, day: date, shifts: Sequence[str]) -> None:
        super().__init__(
            _("Who cannot work, and when"),
            Content(_("The planner keeps to it; duties that stand already stay.")),
            [
                Field("who", _("Work number"), missing=_("Who?"), value=work_number),
                Field("first", _("First day (YYYY-MM-DD)"), missing=_("Which day?"), value=day.isoformat()),
                Field("last", _("Last day (empty: open end)"), value=day.isoformat()),
                Field("weekdays", _("Weekdays, 1 Monday to 7 Sunday (empty: every day)"), longest=7),
                Field("shift", _("One shift alone ({shifts})").format(shifts=_(", ").join(shifts))),
                Field("reason", _("Reason"), longest=80),
            ],
        )

    def answer(self, values: Mapping[str, str], _ticks: Mapping[str, bool], /) -> CannotGiven:
        """Return the entry; raises :class:`ValueError` for a day that is none."""
        last = day_given(values["last"]) if values["last"] else None
        return CannotGiven(
            values["who"],
            day_given(values["first"]),
            last,
            values["weekdays"],
            values["shift"] or None,
            values["reason"],
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """What the dialog shows."""

    wishes: tuple[WishRow, ...]
    cannot: tuple[UnavailableRow, ...] = ()
    people: tuple[PersonRow, ...] = ()


class WishesDialog(DeskDialog[None]):
    """n writes a wish of one's own, d takes one back; who rosters records with u who cannot work."""

    CSS_PATH = "wishes_dialog.tcss"
    AUTO_FOCUS = "#wishes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "wish", N_("wish")),
        Binding("u", "cannot", N_("who cannot work")),
        Binding("d", "withdraw", N_("take back")),
        Binding("tab", "app.focus_next", N_("other list"), show=False),
    ]

    def __init__(self, first: date, last: date, day: date, work_number: str) -> None:
        super().__init__()
        self._days = first, last
        self._day = day
        self._number = work_number
        self._people: tuple[PersonRow, ...] = ()

    def title_text(self) -> Content:
        """Whose wishes, for which days."""
        title = _("Wishes, and who cannot work") if self._rosters else _("My wishes")
        return Content.assemble(
            title, "  ", plain(f"{self._days[0].isoformat()} – {self._days[1].isoformat()}", "$accent")
        )

    def compose_fields(self) -> ComposeResult:
        """The wishes; for who rosters, who cannot work."""
        who = (Column(N_("Who"), 14, flex=2),) if self._rosters else ()
        yield LineTable(
            (
                Column(N_("Day"), 11),
                *who,
                Column(N_("Wish"), 18, flex=3),
                Column(N_("Weight"), 6),
                Column(N_("Granted"), 7),
            ),
            self._wish_cells,
            key=lambda row: row.id,
            empty=N_("No wishes for these days; n writes one."),
            id="wishes",
        )
        if self._rosters:
            yield LineTable(
                (
                    Column(N_("Who"), 14, flex=2),
                    Column(N_("Days"), 23),
                    Column(N_("Weekdays"), 8),
                    Column(N_("Shift"), 8, flex=1),
                    Column(N_("Reason"), 8, flex=2),
                ),
                self._cannot_cells,
                key=lambda row: row.id,
                title=N_("Cannot work"),
                empty=N_("Nobody; u records someone."),
                id="cannot",
            )

    @property
    def _rosters(self) -> bool:
        from operations.boundary import may
        from operations.permissions import Action

        return may(self.desk.signed_in, Action.EDIT_ROSTER)

    def _wish_cells(self, row: WishRow) -> list[Content]:
        what = (
            _("a free day") if row.shift_code is None else self._shifts().get(row.shift_code, row.shift_code)
        )
        wish = plain(what) if row.wanted else plain(_("rather not: {what}").format(what=what), "$attention")
        kept = {None: ("—", "$faint"), True: (_("✓ yes"), "$ok"), False: (_("✗ no"), "$breach")}[row.is_kept]
        weekday = _(WEEKDAYS[row.date.weekday()])
        who = [plain(f"{row.name}({row.work_number})", "bold")] if self._rosters else []
        return [
            plain(f"{row.date:%m-%d} {weekday}", "" if row.is_open else "$past"),
            *who,
            wish,
            plain("●" * row.weight, "$info"),
            plain(*kept),
        ]

    def _cannot_cells(self, row: UnavailableRow) -> list[Content]:
        last = row.last_day.isoformat() if row.last_day else "…"
        weekdays = " ".join(_(WEEKDAYS[int(digit) - 1]) for digit in row.weekdays)
        shift = self._shifts().get(row.shift_code, row.shift_code) if row.shift_code else _("any shift")
        return [
            plain(f"{row.name}({row.work_number})", "bold"),
            plain(f"{row.first_day.isoformat()} – {last}"),
            plain(weekdays or _("every day"), "$faint"),
            plain(shift),
            plain(row.reason, "$faint"),
        ]

    def _shifts(self) -> dict[str, str]:
        centre = self.desk.centre
        return {shift.code: shift_name(shift) for shift in centre.shift_types} if centre else {}

    def on_mount(self) -> None:
        """Read the lists."""
        self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only who rosters records who cannot work."""
        if action == "cannot":
            return self._rosters
        return super().check_action(action, parameters)

    def _read(self, _result: object = None) -> None:
        from operations.availability import unavailabilities
        from operations.people import people
        from operations.wishes import own_wishes, wishes

        actor, now = self.desk.signed_in, self.desk.clock()

        def read() -> _Read:
            if not self._rosters:
                return _Read(own_wishes(actor, now, *self._days))
            return _Read(
                wishes(actor, now, *self._days),
                unavailabilities(actor, now, *self._days),
                people(actor, now),
            )

        self.run_operation(read, then=self._show)

    def _show(self, read: _Read) -> None:
        self._people = read.people
        self._table("wishes").set_rows(read.wishes)
        if self._rosters:
            self._table("cannot").set_rows(read.cannot)

    def _table(self, name: str) -> LineTable[Any]:
        return self.query_one(f"#{name}", LineTable)

    def action_wish(self) -> None:
        """Write a wish of one's own."""
        self.app.push_screen(WishForm(self._day, tuple(self._shifts().values())), self._wished)

    def _wished(self, given: WishGiven | None) -> None:
        from operations.wishes import ask_wish

        if given is not None:
            self._change(
                lambda actor, now: ask_wish(
                    actor, now, given.day, given.shift, given.weight, wanted=given.wanted
                )
            )

    def action_cannot(self) -> None:
        """Record when someone cannot work."""
        self.app.push_screen(
            CannotForm(self._number, self._day, tuple(self._shifts().values())), self._cannot_given
        )

    def _cannot_given(self, given: CannotGiven | None) -> None:
        from operations.availability import record_unavailability

        if given is None:
            return
        who = next((row.id for row in self._people if row.work_number == given.work_number), None)
        if who is None:
            self.set_problem(_("Nobody has the work number {number}.").format(number=given.work_number))
            return
        rest = given.first, given.last, given.weekdays, given.shift, given.reason
        self._change(record_unavailability, who, *rest)

    def action_withdraw(self) -> None:
        """Take the line under the cursor back: a wish of one's own, or who cannot work."""
        from operations.availability import withdraw_unavailability
        from operations.wishes import withdraw_wish

        cannot = self.focused is not None and self.focused.id == "cannot"
        row = self._table("cannot" if cannot else "wishes").current
        if row is not None:
            self._change(withdraw_unavailability if cannot else withdraw_wish, row.id)

    def _change(self, operation: Callable[..., object], *args: object) -> None:
        self.set_problem("")
        self.run_operation(operation, self.desk.signed_in, self.desk.clock(), *args, then=self._read)
