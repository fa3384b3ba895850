"""3 Handover 交接班: write, cut off, check together, sign twice, print (Art. 7 to 11, 21 to 25)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, OptionList, Static

from locales import N_, _
from regulation.handover import CheckValue, ItemState
from tui.handover_text import Moment, blocker_text, relief_lines, signature_line
from tui.screens.desk import DeskScreen
from tui.widgets.fitted import FittedLines
from tui.widgets.handover_lists import BlockerList, Listed, LogList
from tui.widgets.handover_steps import HandoverSteps, StepsState
from tui.widgets.month_lines import language_name

if TYPE_CHECKING:
    from operations.handover import HandoverView
    from operations.shiftlog import EntryDraft
    from tui.screens.carry_dialog import Carry
    from tui.screens.dispute_dialog import Dispute
    from tui.screens.open_item_dialog import NewItem

UNSIGNED = frozenset({"write", "check", "sign_out"})
CHECKING = frozenset({"check", "sign_out"})
# Where an action makes sense; what is not listed works in every step.
STEPS_OF_ACTIONS: dict[str, frozenset[str]] = {
    "start_handover": frozenset({"write"}),
    "check": CHECKING,
    "dispute": CHECKING,
    "resolve": UNSIGNED,
    "carry": UNSIGNED,
    "reopen": UNSIGNED,
    "sign": frozenset({"check", "sign_out", "sign_in"}),
    "to_current": frozenset({"sealed"}),
    "responsibility": frozenset({"sealed"}),
}
PERMISSIONS_OF_ACTIONS = {
    "write_entry": "write_log",
    "open_item": "write_log",
    "resolve": "write_log",
    "carry": "write_log",
    "reopen": "write_log",
    "start_handover": "hand_over",
    "check": "hand_over",
    "dispute": "hand_over",
    "sign": "hand_over",
    "print": "print_log",
    "responsibility": "ask_responsibility",
}
ITEM_ACTIONS = frozenset({"resolve", "carry", "reopen"})
LINE_ACTIONS = frozenset({"check", "dispute"})
STEP_NUMBERS = {"write": 0, "check": 2, "sign_out": 3, "sign_in": 3, "sealed": 4}


class HandoverScreen(DeskScreen):
    """Steps at the left, the log in the middle, what still blocks at the right."""

    MODE = "handover"
    AUTO_FOCUS = "#log"
    CSS_PATH = "handover.tcss"
    HELP = N_(
        "Write entries and open items during the shift. F5 starts the handover: the log's content is frozen, and "
        "what is written later belongs to the next shift. Then both leaders go through the lines together: y in "
        "order, 0 none, d dispute. Every open item is resolved (r) or carried with a reason and a next step (c). "
        "When nothing blocks any more, g opens the two signatures. Tab goes to what still blocks; Enter on a line "
        "there goes to what it is about."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "check('in_order')", N_("in order")),
        Binding("0,minus", "check('none')", N_("none")),
        Binding("d", "dispute", N_("dispute")),
        Binding("r", "resolve", N_("resolve")),
        Binding("c", "carry", N_("carry")),
        Binding("b", "reopen", N_("reopen")),
        Binding("f5", "start_handover", N_("start handover"), key_display="F5"),
        Binding("g", "sign", N_("sign")),
        Binding("n", "write_entry", N_("new entry")),
        Binding("o", "open_item", N_("open item")),
        Binding("p", "print", N_("print")),
        Binding("a", "responsibility", N_("who answers")),
        Binding("escape", "to_current", N_("to the running shift")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._sealed_id: int | None = None

    def compose_body(self) -> ComposeResult:
        """Three parts; the style sheet puts them side by side or one above the other."""
        with Horizontal(id="handover"):
            yield HandoverSteps()
            with Vertical(id="middle"):
                yield LogList(id="log")
                with VerticalScroll(id="story-scroll", can_focus=False):
                    yield Static(id="story")
            with Vertical(id="right"):
                yield Static(id="blockers-title")
                yield BlockerList(id="blockers")
                yield Static(id="signatures")
                yield Button(Content(_("Sign · g")), compact=True, variant="primary", id="sign")
                with VerticalScroll(id="reliefs-scroll", can_focus=False):
                    yield FittedLines(id="reliefs")

    # Loading and showing -------------------------------------------------------------------------------

    def load(self, now: datetime) -> HandoverView | None:
        """Ask for the handover to be made now, or for the one just sealed until it is put aside."""
        from operations.handover import handover_view, sealed_handover

        if self._sealed_id is not None:
            return sealed_handover(self.actor, now, self._sealed_id)
        return handover_view(self.actor, now)

    def show(self, result: HandoverView | None) -> None:
        """Draw everything; cursors stay on what they were on."""
        moment = self._moment
        self.query_one(LogList).show_view(result, moment)
        blocking = self.query_one(BlockerList).show_view(result)
        self.query_one(HandoverSteps).show_state(steps_state(result, moment))
        self.query_one("#blockers-title", Static).update(blockers_title(result, blocking))
        self.query_one("#signatures", Static).update(signature_lines(result, moment))
        ready = result is not None and result.step.value in ("sign_out", "sign_in")
        self.query_one("#sign", Button).disabled = not ready
        rows = result.relief_rows if result is not None else ()
        self.query_one("#reliefs", FittedLines).show_lines(lambda width: relief_lines(rows, width, moment))
        self._show_story()
        self.refresh_bindings()

    @on(OptionList.OptionHighlighted, "#log")
    def _cursor_moved(self) -> None:
        self._show_story()
        self.refresh_bindings()

    def _show_story(self) -> None:
        thing = self._thing
        if thing is not None:
            story = thing.story
        elif self.result is None:
            text = _(
                "No shift is running, so there is no log to write. Put duties on the roster first: key 2."
            )
            story = Content(text)
        else:
            story = Content.styled(_("Nothing written yet: n writes an entry, o an open item."), "$faint")
        self.query_one("#story", Static).update(story)

    @on(OptionList.OptionSelected, "#blockers")
    def _go_to_subject(self, event: OptionList.OptionSelected) -> None:
        self.query_one(LogList).go_to(event.option_id or "")

    @property
    def _moment(self) -> Moment:
        return Moment(self.desk.clock(), self.desk.zone)

    @property
    def _thing(self) -> Listed | None:
        return self.query_one(LogList).thing

    # What may be done now ------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that do something here are there, and shown."""
        if action in PERMISSIONS_OF_ACTIONS or action in STEPS_OF_ACTIONS:
            return self._permits(action) and self._fits(action)
        return super().check_action(action, parameters)

    def _permits(self, action: str) -> bool:
        needed = PERMISSIONS_OF_ACTIONS.get(action)
        if needed is None:
            return True
        if self.desk.actor is None:
            return False
        from operations.boundary import may
        from operations.permissions import Action

        return may(self.actor, Action(needed))

    def _fits(self, action: str) -> bool:
        view = self.result
        if view is None or view.step.value not in STEPS_OF_ACTIONS.get(action, {view.step.value}):
            return False
        thing = self._thing
        if action in LINE_ACTIONS:
            return thing is not None and thing.check is not None
        if action in ITEM_ACTIONS:
            settled = thing is not None and thing.item is not None and thing.item.state is not ItemState.OPEN
            return thing is not None and thing.item is not None and (settled or action != "reopen")
        return True

    # Writing -------------------------------------------------------------------------------------------

    def action_write_entry(self) -> None:
        """Write an entry into the log that is open now."""
        from tui.screens.entry_dialog import EntryDialog

        self.app.push_screen(EntryDialog(), self._write_entry)

    def _write_entry(self, draft: EntryDraft | None) -> None:
        from operations.shiftlog import write_entry

        if draft is not None:
            self._run(write_entry, draft, success=self._written())

    def action_open_item(self) -> None:
        """Open an item in the log that is open now."""
        from tui.screens.open_item_dialog import OpenItemDialog

        self.app.push_screen(OpenItemDialog(self.desk.clock(), self.desk.zone), self._open_item)

    def _open_item(self, new: NewItem | None) -> None:
        from operations.shiftlog import open_item

        if new is not None:
            self._run(open_item, new.title, new.vip, new.due_at, success=self._written())

    def _written(self) -> str:
        frozen = self.result is not None and self.result.handover_id is not None
        return _("Written into the next shift's log: this one is frozen.") if frozen else _("Written.")

    # Settling open items -------------------------------------------------------------------------------

    def action_resolve(self) -> None:
        """Settle the item under the cursor."""
        from operations.shiftlog import resolve_item
        from tui.screens.resolve_dialog import ResolveDialog

        thing = self._thing
        if thing is None or thing.item is None:
            return
        item = thing.item

        def resolve(outcome: str | None) -> None:
            if outcome:
                self._run(resolve_item, item.id, outcome)

        self.app.push_screen(ResolveDialog(thing.story), resolve)

    def action_carry(self) -> None:
        """Carry the item under the cursor to the next shift."""
        from operations.shiftlog import carry_item
        from tui.screens.carry_dialog import Carry, CarryDialog

        thing = self._thing
        if thing is None or thing.item is None:
            return
        item = thing.item

        def carry(answer: Carry | None) -> None:
            if answer is not None:
                self._run(carry_item, item.id, answer.reason, answer.next_step)

        self.app.push_screen(CarryDialog(thing.story, Carry(item.reason, item.next_step)), carry)

    def action_reopen(self) -> None:
        """Take back that the item under the cursor was settled."""
        from operations.shiftlog import reopen_item

        thing = self._thing
        if thing is not None and thing.item is not None:
            self._run(reopen_item, thing.item.id)

    # The joint check -----------------------------------------------------------------------------------

    def action_start_handover(self) -> None:
        """Ask, say what it does, and freeze the log's content."""
        from operations.handover import start_handover
        from tui.screens.confirm import ConfirmDialog

        view: HandoverView = self.result
        shift = language_name(view.log.shift.name, view.log.shift.name_en)
        title = _("Start the handover of {date} {shift}?").format(date=f"{view.log.date:%m-%d}", shift=shift)
        text = "\n".join(
            (
                _("From this moment the log's content is frozen; it cannot be taken back."),
                _("Whatever is written later belongs to the next shift."),
                _("Open items can still be resolved or carried, then both leaders check and sign."),
            )
        )

        def start(agreed: bool | None) -> None:
            if agreed:
                self._run(start_handover, view.log.id)

        self.app.push_screen(ConfirmDialog(title, text), start)

    def action_check(self, value: str) -> None:
        """Set what both found for the line under the cursor, and go on to the next one."""
        from operations.handover import check_line

        thing = self._thing
        if thing is not None and thing.check is not None:
            self._run(check_line, thing.check.id, CheckValue(value), "", thing.check.version)
            self.query_one(LogList).go_to_next_unchecked()

    def action_dispute(self) -> None:
        """Record that the two do not agree on the line under the cursor (Art. 23)."""
        from operations.handover import check_line, report_dispute
        from tui.screens.dispute_dialog import Dispute, DisputeDialog

        thing = self._thing
        if thing is None or thing.check is None:
            return
        line = thing.check

        def dispute(answer: Dispute | None) -> None:
            if answer is None:
                return
            if answer.reported_to:
                self._run(report_dispute, line.id, answer.note, answer.reported_to, line.version)
            else:
                self._run(check_line, line.id, CheckValue.DISPUTED, answer.note, line.version)

        self.app.push_screen(DisputeDialog(thing.story, Dispute(line.note, line.reported_to)), dispute)

    # Signing and printing ------------------------------------------------------------------------------

    @on(Button.Pressed, "#sign")
    def action_sign(self) -> None:
        """Open the two signatures; while something blocks, go there instead and say what."""
        from tui.screens.signature_dialog import SignatureDialog

        view: HandoverView = self.result
        if view.blockers:
            first = view.blockers[0]
            text = _("Not yet: {what} (Art. {article}). {count} in all.").format(
                what=blocker_text(first), article=first.article, count=len(view.blockers)
            )
            self.notify(text, severity="warning", markup=False)
            self.query_one(BlockerList).focus()
            return

        def signed(digest: str | None) -> None:
            if digest:
                self._sealed_id = view.handover_id
                self.reload()

        self.app.push_screen(SignatureDialog(view, self.actor.work_number), signed)

    def action_to_current(self) -> None:
        """Put the sealed log aside and show the shift that runs now."""
        self._sealed_id = None
        self.reload()

    def action_responsibility(self) -> None:
        """Ask who answers for a problem that this sealed shift should have handed over (Art. 25)."""
        from tui.screens.responsibility_dialog import ResponsibilityDialog

        log = self.result.log
        shift = language_name(log.shift.name, log.shift.name_en)
        self.app.push_screen(ResponsibilityDialog(log.id, f"{log.date.isoformat()} {shift}"))

    def action_print(self) -> None:
        """Preview the daily log of this shift's day and print it."""
        from tui.screens.print_log import PrintDialog

        self.app.push_screen(PrintDialog(self.result.log.date))

    def _run(self, operation: Callable[..., object], *args: object, success: str = "") -> None:
        self.run_operation(operation, self.actor, self.desk.clock(), *args, success=success)


def steps_state(view: HandoverView | None, moment: Moment) -> StepsState:
    """Which of the five steps is being done, with a few words under each."""
    if view is None:
        return StepsState()
    done = sum(line.value is not CheckValue.UNCHECKED for line in view.lines)
    signed = sum(side.signed_at is not None for side in (view.outgoing, view.incoming))
    words = (
        _("{count} entries").format(count=len(view.log.entries)),
        moment.text(view.cutoff_at) or "F5",
        f"{done}/{len(view.lines)}" if view.lines else "",
        f"{signed}/2",
        view.digest[:8].upper(),
    )
    return StepsState(STEP_NUMBERS[view.step.value], words)


def blockers_title(view: HandoverView | None, blocking: int) -> Content:
    """How much still blocks the signatures, or what to do now that nothing does."""
    if view is None:
        return Content("")
    if blocking:
        text = _("Still blocks the signatures: {count}").format(count=blocking)
        return Content.assemble(("✗ ", "$breach bold"), (text, "bold"))
    texts = {
        "write": _("Nothing open. F5 starts the handover."),
        "sealed": _("Sealed. p prints, Esc goes to the running shift."),
        "sign_in": _("The outgoing side has signed: g, then the relief signs."),
    }
    text = texts.get(view.step.value, _("Nothing blocks any more: g signs."))
    return Content.styled(f"✓ {text}", "$ok bold")


def signature_lines(view: HandoverView | None, moment: Moment) -> Content:
    """Both sides: signed by whom and when, or who is rostered to sign."""
    if view is None:
        return Content("")
    out = signature_line(_("Handing over"), view.outgoing, moment)
    take = signature_line(_("Taking over"), view.incoming, moment)
    return Content("\n").join([out, take])
