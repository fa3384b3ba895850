"""What the desk rings and toasts for by itself: visitors at the door, alarms, and news for whoever is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from locales import _
from settings import ZhibanError

if TYPE_CHECKING:
    from operations.notices import Notice
    from operations.signin import Actor
    from operations.today import TodayBoard
    from tui.app import DeskApp


class Announcer:
    """Compares each board with the one before it. A locked desk rings, and says only that there is something."""

    def __init__(self, desk: DeskApp) -> None:
        self._desk = desk
        self._rung = 0
        self._asked = False

    def announce(self, board: TodayBoard) -> None:
        """Say what is new on ``board``, before it becomes the desk's.

        For whoever has just signed in it rings once: what waited before is on the screen already, not news.
        """
        before = self._desk.board
        if before is not None:
            self._visitors(board, before)
            self._alarms(board, before)
        elif board.waiting or board.alarms:
            self._desk.bell()
        self._news(board)

    def unlocked(self) -> None:
        """What was only rung for is told now."""
        self._rung = 0

    def show_news(self, news: tuple[Notice, ...]) -> None:
        """Show the news that was taken."""
        from tui.day_rows import news_words

        self._asked = False
        if news:
            self._desk.bell()
        for notice in news:
            self._desk.notify(news_words(notice, self._desk.clock()), severity="warning", timeout=20)

    def _visitors(self, board: TodayBoard, before: TodayBoard) -> None:
        known = {visit.id for visit in before.waiting}
        for visit in board.waiting:
            if visit.id not in known and not self._desk.locked:
                self._desk.bell()
                text = _("{visitor} waits at the door: 1 Today, then a or r.")
                self._desk.notify(text.format(visitor=visit.visitor), severity="warning", markup=False)

    def _alarms(self, board: TodayBoard, before: TodayBoard) -> None:
        """Ring for a new alarm, on a locked desk too: there it says only that there is one."""
        from tui import rows

        locked = self._desk.locked
        known = {alarm.subject for alarm in before.alarms}
        for alarm in board.alarms:
            if alarm.subject in known:
                continue
            self._desk.bell()
            text = _("Alarm at a door: unlock the desk.")
            if not locked:
                what = rows.alarm_words(alarm).rstrip(".。")
                text = _("Alarm: {what}. k: see to it.").format(what=what)
                if alarm.door:
                    text = _("Alarm at door {door}: {what}. k: see to it.").format(door=alarm.door, what=what)
            self._desk.notify(text, severity="error", timeout=15, says_nothing=locked)

    def _news(self, board: TodayBoard) -> None:
        """Take what is new for this person and show it; a locked desk only rings, and keeps it for whoever unlocks."""
        desk = self._desk
        if desk.locked:
            if board.unread_news > self._rung:
                desk.bell()
                desk.notify(_("There is news for you: unlock the desk."), says_nothing=True)
            self._rung = board.unread_news
        elif board.unread_news and desk.actor is not None and not self._asked:
            self._asked = True
            self._take_news(desk.actor, desk.clock())

    def _take_news(self, actor: Actor, now: datetime) -> None:
        def run() -> None:
            from operations.notices import take_news

            try:
                news = take_news(actor, now)
            except ZhibanError as error:
                news = ()
                self._desk.post_message(self._desk.CentreUnavailable(error))
            self._desk.post_message(self._desk.NewsTaken(news))

        self._desk.run_worker(run, thread=True, group="news", exit_on_error=False)
