"""Publish the draft: who gets which other days, what stands against it, what is warned of, and Enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from locales import N_, _
from regulation.limits import LABOUR_LAW
from tui.cells import joined, plain
from tui.rows import article_name
from tui.screens.dialog import DeskDialog
from tui.widgets.line_table import Column, LineTable
from tui.widgets.month_lines import shift_mark

if TYPE_CHECKING:
    from operations.drafts import CellChange
    from operations.publishing import Obstacle, PublishPreview
    from operations.signin import Actor

MOST_OBSTACLES = 4
FREE = "·"


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: so many days of so many people."""

    days: int
    people: int


@dataclass(frozen=True, slots=True)
class PersonDiff:
    """One person's days that publishing changes, in order."""

    person_id: int
    name: str
    changes: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the dialog shows; the warnings are those of the people concerned, the law's and the house's apart."""

    what: PublishPreview
    people: tuple[PersonDiff, ...]
    signs: Mapping[str, str]
    lawful: int
    house: int


def load_preview(
    actor: Actor, now: datetime, first: date, last: date, person_ids: Sequence[int] | None
) -> Preview:
    """Ask the centre what publishing would do (in a worker thread)."""
    from operations.centre import centre_info
    from operations.people import people
    from operations.publishing import publish_preview
    from operations.rest_warnings import roster_warnings

    what = publish_preview(actor, now, first, last, person_ids)
    concerned = list(dict.fromkeys(change.person_id for change in what.changes))
    found = [w for p in roster_warnings(actor, now, first, last, concerned).people for w in p.warnings]
    names = {row.id: f"{row.name}({row.work_number})" for row in people(actor, now)}
    diffs = tuple(
        PersonDiff(person, names[person], tuple(c for c in what.changes if c.person_id == person))
        for person in concerned
    )
    lawful = sum(warning.limit.source == LABOUR_LAW for warning in found)
    signs = {kind.code: shift_mark(kind) for kind in centre_info(actor, now).shift_types}
    return Preview(what, diffs, signs, lawful, len(found) - lawful)


def leave_out(actor: Actor, now: datetime, obstacles: Sequence[Obstacle]) -> int:
    """Take the days that cannot be published out of the draft; returns how many."""
    from operations.drafts import discard_draft

    days = {(found.person_id, found.day) for found in obstacles}
    for person_id, day in sorted(days):
        discard_draft(actor, now, day, day, [person_id])
    return len(days)


class PublishDialog(DeskDialog[Published]):
    """Shows the difference by person; Enter publishes it, in one transaction or not at all."""

    TITLE = N_("Publish the draft")
    CSS_PATH = "publish_roster.tcss"
    AUTO_FOCUS = "#diff"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "publish", N_("publish"), priority=True),
        Binding("x", "leave_out", N_("leave these days out")),
    ]

    def __init__(self, first: date, last: date, person_ids: Sequence[int] | None) -> None:
        super().__init__()
        self._first, self._last = first, last
        self._person_ids = person_ids
        self._preview: Preview | None = None

    def compose_fields(self) -> ComposeResult:
        """A line of sums, the difference by person, what stands against it, what is warned of."""
        yield Static(id="sums")
        table: LineTable[PersonDiff] = LineTable(
            (Column(N_("Who"), 16), Column(N_("Days"), 24, flex=1)),
            self._cells,
            key=lambda row: row.person_id,
            empty=N_("The draft is what is published already."),
            id="diff",
        )
        yield table
        yield Static(id="against")
        yield Static(id="warned")

    def on_mount(self) -> None:
        """Ask the centre."""
        self._load()

    def _load(self) -> None:
        args = (self.desk.signed_in, self.desk.clock(), self._first, self._last, self._person_ids)
        self.run_operation(load_preview, *args, then=self._show)

    def _show(self, preview: Preview) -> None:
        self._preview = preview
        what, ends = preview.what, (f"{self._first:%m-%d}", f"{self._last:%m-%d}")
        sums = _("{first} to {last}: {count} days of {people} people change; {told} are told.")
        words = sums.format(
            first=ends[0], last=ends[1], count=len(what.changes), people=len(preview.people), told=what.told
        )
        self.query_one("#sums", Static).update(plain(words))
        table: LineTable[PersonDiff] = self.query_one("#diff", LineTable)
        table.set_rows(preview.people)
        self._show_against(what.obstacles)
        warned = _("! rest warnings among them: labour law {lawful}, house rules {house}")
        count = preview.lawful + preview.house
        text = plain(warned.format(lawful=preview.lawful, house=preview.house), "$attention")
        self.query_one("#warned", Static).update(text if count else Content(""))
        self.query_one("#warned").display = bool(count)
        self.refresh_bindings()

    def _show_against(self, obstacles: Sequence[Obstacle]) -> None:
        lines = [
            joined(
                [
                    Content.assemble(("✗ ", "$breach bold"), plain(f"{found.day:%m-%d} {found.text}")),
                    Content.styled(article_name(found.article), "$faint") if found.article else Content(""),
                ]
            )
            for found in obstacles[:MOST_OBSTACLES]
        ]
        if len(obstacles) > MOST_OBSTACLES:
            lines.append(
                plain(_("… and {count} more").format(count=len(obstacles) - MOST_OBSTACLES), "$faint")
            )
        against = self.query_one("#against", Static)
        against.update(Content("\n").join(lines))
        against.display = bool(lines)

    def _cells(self, row: PersonDiff) -> list[Content]:
        signs = self._preview.signs if self._preview else {}
        days = [
            Content.assemble(
                (f"{c.day:%m-%d} ", "$faint"),
                plain(f"{signs.get(c.before or '', FREE)}→{signs.get(c.after or '', FREE)}"),
            )
            for c in row.changes
        ]
        return [plain(row.name), joined(days)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Publishing is offered when something is to be published and nothing stands against it."""
        what = self._preview.what if self._preview else None
        if action == "publish":
            return bool(what and what.changes and not what.obstacles)
        if action == "leave_out":
            return bool(what and what.obstacles)
        return super().check_action(action, parameters)

    def action_publish(self) -> None:
        """Publish what is shown."""
        from operations.publishing import publish_draft

        args = (self.desk.signed_in, self.desk.clock(), self._first, self._last, self._person_ids)
        self.run_operation(publish_draft, *args, then=self._done)

    def _done(self, changes: Sequence[CellChange]) -> None:
        self.dismiss(Published(len(changes), len({change.person_id for change in changes})))

    def action_leave_out(self) -> None:
        """Take the days that something stands against out of the draft, and look again."""
        if self._preview is not None:
            args = (self.desk.signed_in, self.desk.clock(), self._preview.what.obstacles)
            self.run_operation(leave_out, *args, then=lambda _count: self._load())
