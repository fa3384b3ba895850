"""3 Handover 交接班: write, cut off, check together, sign twice, print (Art. 7 to 11, 21 to 25)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, OptionList, Static

from locales import N_, _
from regulation.handover import CheckValue
from regulation.handover_ways import WayKind
from tui.handover_keys import ACTIONS, fits, permits
from tui.handover_text import Moment, blocker_text, relief_lines, signature_line
from tui.screens.joint_check import JointCheckScreen
from tui.screens.log_keeping import KEEPING_KEYS
from tui.widgets.fitted import FittedLines
from tui.widgets.handover_bands import HandoverBands
from tui.widgets.handover_lists import BlockerList, LogList
from tui.widgets.handover_steps import HandoverSteps, StepsState

if TYPE_CHECKING:
    from operations.acceptance import AcceptanceView
    from operations.handover import HandoverView
    from operations.shiftlog import EntryDraft
    from tui.screens.open_item_dialog import NewItem
    from tui.way_forms import WayChoice

# Which log is shown: by its id, or by its handover's; neither is the one to be handed over now.
Place = tuple[int | None, int | None]
HERE: Place = (None, None)
STEP_NUMBERS = {"write": 0, "check": 2, "sign_out": 3, "sign_in": 3, "sealed": 4}


class HandoverScreen(JointCheckScreen):
    """Steps at the left, the log in the middle, what still blocks at the right."""

    MODE = "handover"
    AUTO_FOCUS = "#log"
    CSS_PATH = "handover.tcss"
    HELP = N_(
        "Write entries and open items during the shift. F5 starts the handover: the log's content is frozen, and "
        "what is written later belongs to the next shift. Then both leaders go through the lines together: y in "
        "order, 0 none, d dispute, a the undisputed rest. Every open item is resolved (r) or carried with a reason "
        "and a next step (c). e changes an entry and keeps what it said, i adds whom it was told, m says who sees to "
        "an item, v shows the whole story, / searches every shift. When nothing blocks any more, g opens the two signatures under everything the next "
        "shift takes over. Tab goes to what still blocks; Enter on a line there goes to what it is about. When "
        "someone did not come, or a fault keeps everyone, w lists the other ways, each recorded. t hands seats to "
        "people. After sealing, + adds and signs what was forgotten; q asks who answers for a problem found later."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "check('in_order')", N_("in order")),
        Binding("0,minus", "check('none')", N_("none")),
        Binding("d", "dispute", N_("dispute")),
        Binding("x", "damage", N_("damage")),
        Binding("a", "check_all", N_("all the rest in order")),
        Binding("g", "sign", N_("sign")),
        Binding("r", "resolve", N_("resolve")),
        Binding("c", "carry", N_("carry")),
        Binding("b", "reopen", N_("reopen")),
        Binding("f5", "start_handover", N_("start handover"), key_display="F5"),
        Binding("w", "ways", N_("other ways")),
        Binding("n", "write_entry", N_("new entry")),
        Binding("o", "open_item", N_("open item")),
        Binding("plus", "add_addendum", N_("add to the sealed log")),
        *KEEPING_KEYS,
        Binding("p", "print", N_("print")),
        Binding("t", "reliefs", N_("seats")),
        Binding("u", "older", N_("unfinished shift")),
        Binding("q", "responsibility", N_("who answers")),
        Binding("escape", "to_current", N_("to the running shift")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._place: Place = HERE

    def compose_body(self) -> ComposeResult:
        """Three parts; the style sheet puts them side by side or one above the other."""
        yield HandoverBands()
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

    def load(self, now: datetime) -> AcceptanceView | None:
        """Ask for the handover to be made now, or for the one gone to until it is put aside."""
        from operations.acceptance import acceptance

        return acceptance(self.actor, now, *self._place)

    def show(self, result: AcceptanceView | None) -> None:
        """Draw everything; cursors stay on what they were on."""
        moment = self._moment
        self.query_one(LogList).show_view(result, moment)
        blocking = self.query_one(BlockerList).show_view(result)
        self.query_one(HandoverSteps).show_state(steps_state(result, moment))
        self.query_one("#blockers-title", Static).update(blockers_title(result, blocking))
        self.query_one("#signatures", Static).update(signature_lines(result, moment))
        self.query_one(HandoverBands).show_view(result, moment, elsewhere=self._elsewhere)
        self._show_sign_button(result)
        rows = result.relief_rows if result is not None else ()
        self.query_one("#reliefs", FittedLines).show_lines(lambda width: relief_lines(rows, width, moment))
        self._show_story()
        self.refresh_bindings()

    def _show_sign_button(self, view: AcceptanceView | None) -> None:
        alone = signs_alone(view) if view is not None else None
        ready = alone is not None or (view is not None and view.step.value in ("sign_out", "sign_in"))
        button = self.query_one("#sign", Button)
        button.disabled = not ready or (view is not None and view.held is not None)
        labels = {WayKind.CLOSE_ALONE: N_("Close alone · g"), WayKind.COUNTER_SIGN: N_("Counter-sign · g")}
        button.label = Content(_(labels[alone] if alone else N_("Sign · g")))

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
    def _elsewhere(self) -> bool:
        return self._place != HERE

    # What may be done now ------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that do something here are there, and shown."""
        if action == "to_current":
            return self._elsewhere
        if action == "older":
            return bool(self._places_elsewhere())
        if action in ACTIONS:
            return permits(self.desk.actor, action) and fits(self.result, self._thing, action)
        return super().check_action(action, parameters)

    # Writing -------------------------------------------------------------------------------------------

    def action_write_entry(self) -> None:
        """Write an entry into the log that is open now."""
        from tui.screens.entry_dialog import EntryDialog

        self.app.push_screen(EntryDialog(), self._write_entry)

    def _write_entry(self, draft: EntryDraft | None) -> None:
        from operations.shiftlog import write_entry

        if draft is not None:
            self.run_at_desk(write_entry, draft, success=self._written())

    def action_open_item(self) -> None:
        """Open an item in the log that is open now."""
        from tui.screens.open_item_dialog import OpenItemDialog

        self.app.push_screen(OpenItemDialog(self.desk.clock(), self.desk.zone), self._open_item)

    def _open_item(self, new: NewItem | None) -> None:
        from operations.shiftlog import open_item

        if new is not None:
            self.run_at_desk(open_item, new.title, new.vip, new.due_at, success=self._written())

    def _written(self) -> str:
        frozen = self.result is not None and self.result.handover_id is not None
        return _("Written into the next shift's log: this one is frozen.") if frozen else _("Written.")

    # Signing and printing ------------------------------------------------------------------------------

    @on(Button.Pressed, "#sign")
    def action_sign(self) -> None:
        """Open the two signatures; while something blocks, go there instead and say what."""
        from tui.screens.signature_dialog import SignatureDialog

        view: AcceptanceView = self.result
        if view.blockers:
            self._say_what_blocks(view)
        elif view.held is not None:
            self.notify(_("The handover is held: w lifts the hold."), severity="warning")
        elif (alone := signs_alone(view)) is not None:
            self._open_way(alone)
        else:
            # The shift that was signed, not the one that is shown by the time the dialog closes.
            signed = partial(self._signed, view.handover_id)
            self.app.push_screen(SignatureDialog(view, self.actor.work_number), signed)

    def _say_what_blocks(self, view: AcceptanceView) -> None:
        first = view.blockers[0]
        text = _("Not yet: {what} (Art. {article}). {count} in all.").format(
            what=blocker_text(first), article=first.article, count=len(view.blockers)
        )
        self.notify(text, severity="warning", markup=False)
        self.query_one(BlockerList).focus()

    def _signed(self, handover_id: int | None, digest: str | None) -> None:
        if digest:
            self._go((None, handover_id))

    def action_add_addendum(self) -> None:
        """Add to the sealed log, signed."""
        from tui.screens.acting_form import Acted
        from tui.screens.addendum_dialog import addendum_form

        def added(acted: object) -> None:
            if isinstance(acted, Acted):
                self.notify(_("Added and signed; the sealed text is as it was."))

        self.app.push_screen(addendum_form(self.result, self.actor.work_number, self.desk.clock), added)

    def action_print(self) -> None:
        """Preview the daily log of this shift's day and print it."""
        from tui.screens.print_log import PrintDialog

        self.app.push_screen(PrintDialog(self.result.log.date))

    # Other ways, seats, responsibility -----------------------------------------------------------------

    def action_ways(self) -> None:
        """List every recorded way through, open or with what it waits for."""
        from tui.screens.ways_dialog import WaysDialog
        from tui.way_forms import way_choices

        gone = partial(self._way_gone, self.result.handover_id)
        self.app.push_screen(WaysDialog(way_choices(self.result, self.actor)), gone)

    def _open_way(self, kind: WayKind) -> None:
        from tui.screens.acting_form import Acted
        from tui.screens.ways_dialog import way_form
        from tui.way_forms import way_choices

        choice = next(c for c in way_choices(self.result, self.actor) if c.kind is kind and c.open)

        def job(of: WayChoice, values: Mapping[str, str]) -> Callable[[], object]:
            assert of.act is not None
            return partial(of.act, self.actor, self.desk.clock(), values)

        handover_id = self.result.handover_id

        def gone(acted: object) -> None:
            self._way_gone(handover_id, choice if isinstance(acted, Acted) else None)

        self.app.push_screen(way_form(choice, job), gone)

    def _way_gone(self, handover_id: int | None, choice: WayChoice | None) -> None:
        if choice is None:
            return
        self.notify(choice.done)
        if choice.kind is WayKind.CLOSE_ALONE:
            self._go((None, handover_id))
        elif choice.kind is WayKind.COUNTER_SIGN:
            self._go(HERE)

    def action_reliefs(self) -> None:
        """Hand seats to people, or let them badge in at the desk."""
        from tui.screens.reliefs_dialog import ReliefsDialog

        self.app.push_screen(ReliefsDialog(self.result))

    def action_responsibility(self) -> None:
        """Ask the sealed record who answers for a problem found later."""
        from tui.screens.responsibility_dialog import ResponsibilityDialog

        self.app.push_screen(ResponsibilityDialog())

    # Which shift ---------------------------------------------------------------------------------------

    def action_to_current(self) -> None:
        """Put what is shown aside and show the shift that runs now."""
        self._go(HERE)

    def action_older(self) -> None:
        """Go to a shift that nobody sealed, or that waits for its counter-signature."""
        self._go(next(iter(self._places_elsewhere()), HERE))

    def _go(self, place: Place) -> None:
        self._place = place
        self.reload()

    def _places_elsewhere(self) -> list[Place]:
        view: AcceptanceView | None = self.result
        if view is None:
            return []
        places: list[Place] = [(s.log_id, None) for s in view.pending if s.log_id != view.log.id]
        if view.counter_sign is not None and view.counter_sign.handover_id != view.handover_id:
            places.append((None, view.counter_sign.handover_id))
        return places

    @on(HandoverBands.Pressed)
    def _band_pressed(self, event: HandoverBands.Pressed) -> None:
        if event.held:
            self.action_ways()
        elif self._places_elsewhere():
            self.action_older()
        else:
            self.action_to_current()


def signs_alone(view: HandoverView) -> WayKind | None:
    """Return the way on which one leader signs for this log, if it is that one's turn."""
    open_ways = {way.kind for way in view.ways if way.open}
    if view.step.value == "sealed" and WayKind.COUNTER_SIGN in open_ways:
        return WayKind.COUNTER_SIGN
    waits = view.step.value in ("sign_out", "sign_in")
    return WayKind.CLOSE_ALONE if waits and WayKind.CLOSE_ALONE in open_ways else None


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
    if view.held is not None:
        return Content.styled("! " + _("Held: nobody signs until the hold is lifted (w)."), "$attention bold")
    alone = signs_alone(view)
    if alone is not None:
        words = {
            WayKind.CLOSE_ALONE: _("No shift follows: g closes it with one signature."),
            WayKind.COUNTER_SIGN: _("Closed alone: g counter-signs for the shift that begins."),
        }
        return Content.styled(f"! {words[alone]}", "$attention bold")
    texts = {
        "write": _("Nothing open. F5 starts the handover."),
        "sealed": _("Sealed. p prints, + adds, Esc goes to the running shift."),
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
