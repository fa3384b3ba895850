"""The desk: a table of modes, bindings and themes, and what all screens share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from textual import events, on, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.reactive import reactive

import locales
from locales import N_, _
from settings import Home, ZhibanError
from tui.cells import harmless
from tui.modes import DESK_MODES, LOCK, SCREENS, SIGN_IN, Mode
from tui.stylesheet import KeptStylesheet
from tui.themes import NIGHT, PALETTES, THEMES, theme_variables

if TYPE_CHECKING:
    from operations.centre import CentreInfo
    from operations.feed import ChangeFeed
    from operations.notices import Notice
    from operations.signin import Actor
    from operations.today import TodayBoard
    from tui.spooler import SpoolerThread

BOARD_REFRESH_SECONDS = 20
WATCH_SECONDS = 30
DEFECT_LOG = "desk.log"


def utc_now() -> datetime:
    """The one clock of the desk, where no other is given."""
    return datetime.now(UTC)


class DeskApp(App[None]):
    """The shift leader's desk on one terminal."""

    TITLE = "zhiban"
    CSS_PATH = "app.tcss"
    MODES = SCREENS
    DEFAULT_MODE = SIGN_IN
    ENABLE_COMMAND_PALETTE = False  # the toolkit's own palette speaks English only; ours is bound below
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(f"{mode.number},f{mode.number}", f"show_mode('{mode.name}')", mode.label, show=False)
            for mode in DESK_MODES
        ),
        Binding("ctrl+p", "command_palette", N_("commands")),
        Binding("question_mark", "screen_help", N_("help")),
        Binding("ctrl+l", "lock", N_("lock the desk"), show=False, priority=True),
        Binding("ctrl+q", "quit", N_("quit"), show=False, priority=True),
        # With priority: what is typed right after Tab must already go to the next field, however fast it comes.
        Binding("tab", "focus_next", show=False, priority=True),
        Binding("shift+tab", "focus_previous", show=False, priority=True),
    ]

    # Whoever shows these watches them: that they changed is no reason to paint the whole screen.
    now: reactive[datetime] = reactive(utc_now, repaint=False)
    data_version: reactive[int] = reactive(0, repaint=False)
    language: reactive[str] = reactive(locales.language, init=False)
    actor: reactive[Actor | None] = reactive(None)
    board: reactive[TodayBoard | None] = reactive(None)
    board_trouble: reactive[str] = reactive("")
    database_trouble: reactive[str] = reactive("")
    centre: reactive[CentreInfo | None] = reactive(None)

    class CentreChanged(Message):
        """Someone, in any process, committed to the centre's data."""

        def can_replace(self, message: Message) -> bool:
            """Many commits before the desk looks up are one piece of news."""
            return isinstance(message, DeskApp.CentreChanged)

    class CentreOpened(Message):
        """The database is open; ``info`` is ``None`` while no centre was set up in it."""

        def __init__(self, info: CentreInfo | None) -> None:
            super().__init__()
            self.info = info

    class CentreUnavailable(Message):
        """The database could not be opened or asked."""

        def __init__(self, error: ZhibanError) -> None:
            super().__init__()
            self.error = error

    class BoardLoaded(Message):
        """The state of the shift has arrived, or why it could not be had."""

        def __init__(self, board: TodayBoard | None, error: ZhibanError | None = None) -> None:
            super().__init__()
            self.board = board
            self.error = error

    class NewsTaken(Message):
        """News for whoever is signed in was taken, to be shown now."""

        def __init__(self, news: tuple[Notice, ...]) -> None:
            super().__init__()
            self.news = news

    class PaperNotOrdered(Message):
        """Automatic printing could not even begin."""

        def __init__(self, error: ZhibanError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, home: Home, *, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__()
        self.stylesheet = KeptStylesheet(variables=self.get_css_variables())
        self.home = home
        self.clock = clock
        self.zone: tzinfo = UTC
        self.locked = False
        self.demo_wanted = False
        self.feed: ChangeFeed | None = None
        self.spooler: SpoolerThread | None = None
        self._mode_before_lock = SIGN_IN
        # What was to be toasted while the desk was locked.
        self._held_toasts: list[Callable[[], None]] = []
        self._last_input_at = self._entered_at = clock()
        self._board_loading = False
        self._board_asked_at = clock()
        self._board_version = 0
        self._watched_at = clock()
        self._news_rung = 0
        self._news_asked = False
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = home.settings.desk.theme
        self.set_reactive(DeskApp.now, clock())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our style names exist under any theme."""
        return theme_variables(PALETTES[NIGHT])

    # Start and end: the first paint comes before the first query.

    def on_mount(self) -> None:
        """Paint first, then open the centre and start the clock."""
        self.set_interval(1.0, self.tick)
        self.call_after_refresh(self.open_centre)

    async def on_unmount(self) -> None:
        """Stop listening for news and sending paper."""
        if self.spooler is not None:
            await asyncio.to_thread(self.spooler.stop)
        if self.feed is not None:
            await asyncio.to_thread(self.feed.stop)

    @work(thread=True, exclusive=True, group="centre", exit_on_error=False)
    def open_centre(self) -> None:
        """Open and migrate the database, and learn whose centre it holds."""
        from operations import store
        from operations.centre import centre_info
        from operations.signin import SYSTEM
        from tui import spooler  # noqa: F401  loaded here, so that the screen does not wait for it

        try:
            store.open_database(self.home.database_url, key_file=self.home.key_file)
            store.migrate()
            info = centre_info(SYSTEM, self.clock()) if store.is_set_up() else None
        except ZhibanError as error:
            self.post_message(self.CentreUnavailable(error))
        else:
            self.post_message(self.CentreOpened(info))

    @on(CentreOpened)
    def _centre_opened(self, event: CentreOpened) -> None:
        self.database_trouble = ""
        if event.info is not None:
            self.zone = ZoneInfo(event.info.time_zone)
            self.centre = event.info
            self._start_spooler()
        if self.feed is None:
            from operations.feed import ChangeFeed

            self.feed = ChangeFeed(self._tell_of_change)
            self.feed.start()
        self.data_version += 1

    def _start_spooler(self) -> None:
        if self.spooler is None:
            from tui.spooler import SpoolerThread

            self.spooler = SpoolerThread(self.home, self.clock, locales.language(), self._tell_of_paper)
            self.spooler.start()

    def _tell_of_paper(self, error: ZhibanError) -> None:
        # Called on the spooler's thread.
        self.post_message(self.PaperNotOrdered(error))

    @on(PaperNotOrdered)
    def _paper_not_ordered(self, event: PaperNotOrdered) -> None:
        if self.actor is not None and not self.locked:
            self.report(event.error)

    def _tell_of_change(self) -> None:
        # Called on the feed's thread: posting neither waits nor touches a widget.
        self.post_message(self.CentreChanged())

    @on(CentreUnavailable)
    def _centre_unavailable(self, event: CentreUnavailable) -> None:
        from tui.screens.desk import sentence

        self.database_trouble = sentence(event.error)

    @on(CentreChanged)
    def _centre_changed(self) -> None:
        if self.feed is not None:
            self.database_trouble = "" if self.feed.healthy else _("The centre's database cannot be reached.")
        self.data_version += 1

    # Time.

    def tick(self) -> None:
        """One second passed: move the clock, look for idleness, refresh what changes by itself."""
        if not self.screen_stack:  # the last second of a desk that closes
            return
        self.now = self.clock()
        self._mind_the_session()
        if self.now - self._board_asked_at >= timedelta(seconds=BOARD_REFRESH_SECONDS):
            self.refresh_board()
        if self.actor is not None and self.now - self._watched_at >= timedelta(seconds=WATCH_SECONDS):
            self._watched_at = self.now
            self._keep_watch(self.now)

    def _mind_the_session(self) -> None:
        """Lock a desk that nobody touches; sign out whoever has been signed in for longer than any shift."""
        if self.actor is None:
            return
        desk = self.home.settings.desk
        idle, longest = timedelta(minutes=desk.idle_lock_minutes), timedelta(hours=desk.sign_out_hours)
        if longest and self.now - self._entered_at >= longest:
            self.leave()
            self.notify(_("Signed out: nobody stays signed in for longer than a long shift."))
        elif idle and not self.locked and self.now - self._last_input_at >= idle:
            self.action_lock()

    @work(thread=True, group="watch", exit_on_error=False)
    def _keep_watch(self, now: datetime) -> None:
        """Look for what has fallen due, on a locked desk too; what is kept comes back as news of a change."""
        from operations.signin import SYSTEM
        from operations.watch import keep_watch

        try:
            keep_watch(SYSTEM, now)
        except ZhibanError as error:
            self.post_message(self.CentreUnavailable(error))

    async def on_event(self, event: events.Event) -> None:
        """Note that someone is there before anything handles the event."""
        if isinstance(
            event,
            events.Key | events.MouseDown | events.Paste | events.MouseScrollDown | events.MouseScrollUp,
        ):
            self._last_input_at = self.clock()
        await super().on_event(event)

    # Who sits at the desk.

    @property
    def signed_in(self) -> Actor:
        """The actor; asking without one is a mistake of ours."""
        if self.actor is None:
            raise RuntimeError("nobody is signed in")
        return self.actor

    @property
    def centre_name(self) -> str:
        """The centre's name, or the product's while none is known."""
        return self.centre.name if self.centre else "zhiban"

    def may_open(self, mode: Mode) -> bool:
        """Whether whoever is signed in may open ``mode``."""
        if self.actor is None:
            return False
        from operations.boundary import may
        from operations.permissions import Action

        return may(self.actor, Action(mode.needs))

    def enter(self, actor: Actor) -> None:
        """Open the desk for ``actor``."""
        self.locked = False
        self.actor = actor
        self._last_input_at = self._entered_at = self.clock()
        self.data_version += 1
        first = next(mode.name for mode in DESK_MODES if self.may_open(mode))
        self.switch_mode(first)

    def leave(self) -> None:
        """Close the desk for whoever is signed in: the next person starts with fresh screens."""
        self.actor, self.board, self.locked = None, None, False
        self._held_toasts.clear()
        self.switch_mode(SIGN_IN)
        for mode in (*(mode.name for mode in DESK_MODES), LOCK):
            self.remove_mode(mode)
            self.add_mode(mode, SCREENS[mode])

    def action_lock(self) -> None:
        """Hide everything until the PIN is given again."""
        if self.actor is None or self.locked:
            return
        self.locked = True
        self._mode_before_lock = self.current_mode
        self.clear_notifications()
        self.switch_mode(LOCK)

    def unlock(self) -> None:
        """Show the desk again as it was left, open dialogs included."""
        self.locked = False
        self._last_input_at = self.clock()
        self._news_rung = 0
        self.refresh_board()
        self.switch_mode(self._mode_before_lock)
        held, self._held_toasts = self._held_toasts, []
        for toast in held:
            toast()
        self.remove_mode(LOCK)
        self.add_mode(LOCK, SCREENS[LOCK])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A locked or empty desk has no modes, no commands and nothing to lock."""
        if action in ("show_mode", "command_palette", "lock"):
            return self.actor is not None and not self.locked
        return super().check_action(action, parameters)

    # What every screen shows.

    def watch_data_version(self) -> None:
        """News from the centre: the frame shows the shift on every screen, and there may be paper to send."""
        if self.spooler is not None:
            self.spooler.wake()
        self.refresh_board()

    def refresh_board(self) -> None:
        """Ask for the state of the shift, once at a time."""
        if self.actor is None or self._board_loading:
            return
        from operations.boundary import may
        from operations.permissions import Action

        if may(self.actor, Action.READ_DESK):
            self._board_loading = True
            self._board_asked_at = self.clock()
            self._load_board(self.actor, self._board_asked_at, self.data_version)

    @work(thread=True, group="board", exit_on_error=False)
    def _load_board(self, actor: Actor, now: datetime, version: int) -> None:
        from operations.today import today_board

        try:
            board = today_board(actor, now)
        except ZhibanError as error:
            self.post_message(self.BoardLoaded(None, error))
        else:
            self.post_message(self.BoardLoaded(board))
        self._board_version = version

    @on(BoardLoaded)
    def _board_loaded(self, event: BoardLoaded) -> None:
        from tui.screens.desk import sentence

        self._board_loading = False
        if self.actor is None:
            return
        self.board_trouble = sentence(event.error) if event.error else ""
        if event.board is not None:
            self._announce_visitors(event.board)
            self._announce_alarms(event.board)
            self._announce_news(event.board)
            self.board = event.board
        if self._board_version != self.data_version:
            self.refresh_board()

    def _announce_visitors(self, board: TodayBoard) -> None:
        known = {visit.id for visit in self.board.waiting} if self.board else set()
        for visit in board.waiting:
            if visit.id not in known and not self.locked:
                self.bell()
                text = _("{visitor} waits at the door: 1 Today, then a or r.")
                self.notify(text.format(visitor=visit.visitor), severity="warning", markup=False)

    def _announce_alarms(self, board: TodayBoard) -> None:
        """Ring for a new alarm, on a locked desk too: there it says only that there is one."""
        from tui import rows

        known = {alarm.subject for alarm in self.board.alarms} if self.board else set()
        for alarm in board.alarms:
            if alarm.subject in known:
                continue
            self.bell()
            text = _("Alarm at a door: unlock the desk.")
            if not self.locked:
                what = rows.alarm_words(alarm).rstrip(".。")
                text = _("Alarm: {what}. k: see to it.").format(what=what)
                if alarm.door:
                    text = _("Alarm at door {door}: {what}. k: see to it.").format(door=alarm.door, what=what)
            self.notify(text, severity="error", timeout=15, says_nothing=self.locked)

    def _announce_news(self, board: TodayBoard) -> None:
        """Take what is new for this person and show it; a locked desk only rings, and keeps it for whoever unlocks."""
        if self.locked:
            if board.unread_news > self._news_rung:
                self.bell()
                self.notify(_("There is news for you: unlock the desk."), says_nothing=True)
            self._news_rung = board.unread_news
        elif board.unread_news and self.actor is not None and not self._news_asked:
            self._news_asked = True
            self._take_news(self.actor, self.clock())

    @work(thread=True, group="news", exit_on_error=False)
    def _take_news(self, actor: Actor, now: datetime) -> None:
        from operations.notices import take_news

        try:
            news = take_news(actor, now)
        except ZhibanError as error:
            news = ()
            self.post_message(self.CentreUnavailable(error))
        self.post_message(self.NewsTaken(news))

    @on(NewsTaken)
    def _news_taken(self, event: NewsTaken) -> None:
        from tui.day_rows import news_words

        self._news_asked = False
        if event.news:
            self.bell()
        for notice in event.news:
            self.notify(news_words(notice, self.clock()), severity="warning", timeout=20)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002  a toast quotes people's words: never markup
        says_nothing: bool = False,
    ) -> None:
        """Toast ``message`` exactly as it reads; a locked desk keeps it until it is unlocked, unless it says nothing."""
        toast = partial(
            super().notify, harmless(message), title=title, severity=severity, timeout=timeout, markup=False
        )
        if self.locked and not says_nothing:
            self._held_toasts.append(toast)
        else:
            toast()

    def report(self, error: ZhibanError) -> None:
        """Say in a toast what was refused, with its article and the next step."""
        from tui.screens.desk import sentence

        self.notify(sentence(error), severity="error", timeout=8, markup=False)

    def note_defect(self, error: BaseException) -> str:
        """Keep the details of a defect in the home folder and return one calm sentence about it."""
        import traceback

        log = self.home.folder / DEFECT_LOG
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{self.clock().isoformat()}\n{''.join(traceback.format_exception(error))}\n")
        text = _("Something inside failed ({kind}); the record is as it was. Details: {file}.")
        return text.format(kind=type(error).__name__, file=log)

    # Actions.

    def action_show_mode(self, name: str) -> None:
        """Open a mode this person may see."""
        mode = next(mode for mode in DESK_MODES if mode.name == name)
        if self.may_open(mode):
            self.switch_mode(name)

    def action_command_palette(self) -> None:
        """Open the commands."""
        from tui.screens.palette import CommandsDialog, commands_of

        def chosen(run: Callable[[], object] | None) -> None:
            if run is not None:
                self.call_later(run)

        self.push_screen(CommandsDialog(commands_of(self)), chosen)

    def action_screen_help(self) -> None:
        """Explain the screen in front."""
        from tui.screens.help import HelpDialog, keys_of

        explain = getattr(self.screen, "on_screen_help", None)
        text = explain() if explain else N_("Number keys switch the modes, ctrl+p opens the commands.")
        self.push_screen(HelpDialog(text, keys_of(self.screen)))

    def action_duress_pin(self) -> None:
        """Set one's own PIN under threat."""
        from tui.screens.duress_pin import DuressPinDialog

        def kept(done: bool | None) -> None:
            if done:
                self.notify(_("Kept. The door hears of it at once."))

        self.push_screen(DuressPinDialog(), kept)

    def action_search_log(self) -> None:
        """Search every shift's log."""
        from tui.screens.search_log import SearchDialog

        self.push_screen(SearchDialog())

    def action_templates(self) -> None:
        """Keep the templates for entries."""
        from tui.screens.templates import TemplatesDialog

        self.push_screen(TemplatesDialog())

    def action_reasons(self) -> None:
        """Keep the list of reasons to enter."""
        from tui.screens.reasons import ReasonsDialog

        self.push_screen(ReasonsDialog())

    def action_print_jobs(self) -> None:
        """Show what is on its way to a printer, over today's log."""
        from tui.screens.print_log import PrintDialog

        self.push_screen(PrintDialog(self.clock().astimezone(self.zone).date()))

    def action_typing_test(self) -> None:
        """Take a typing test (Art. 10)."""
        from tui.screens.typing_test import TypingTestDialog

        self.push_screen(TypingTestDialog())

    def action_qa_plan(self) -> None:
        """Show whom to inspect this month, and how that developed (Art. 40)."""
        from tui.screens.qa_plan import QaPlanDialog

        self.push_screen(QaPlanDialog(self.clock().astimezone(self.zone).date()))

    def action_undertakings(self) -> None:
        """Show whose confidentiality undertaking is to be signed (Art. 26)."""
        from tui.screens.undertakings import UndertakingsDialog

        self.push_screen(UndertakingsDialog())

    def action_assessment(self) -> None:
        """Show the month's assessment."""
        from tui.screens.assessment import AssessmentDialog

        self.push_screen(AssessmentDialog(self.clock().astimezone(self.zone).date()))

    def action_audit(self, subject: str = "") -> None:
        """Show who did what; with ``subject``, what was done to it and who read it."""
        from tui.screens.audit import AuditDialog

        self.push_screen(AuditDialog(subject))

    def action_set_theme(self, name: str) -> None:
        """Change the look."""
        self.theme = name

    def action_set_language(self, code: str) -> None:
        """Change the language while running; every screen is composed again."""
        locales.set_language(code)
        self.language = code
