"""The change feed: whoever commits, in whatever process, everyone hears of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import models
from operations import store, visits
from operations.errors import NotFound
from operations.feed import ChangeFeed
from operations.today import today_board
from tests.centre import NOW, Built
from tests.operations.acts import LEADER, REQUEST
from tests.operations.processes import finished, started

DEADLINE_SECONDS = 10
INTERVAL_SECONDS = 0.02
QUIET_SECONDS = 0.3


class Ear:
    """Hears of changes; ``within`` waits until it does."""

    def __init__(self) -> None:
        self._heard = threading.Event()
        self.feed = ChangeFeed(self._heard.set, INTERVAL_SECONDS)

    def within(self, seconds: float = DEADLINE_SECONDS) -> bool:
        heard = self._heard.wait(seconds)
        self._heard.clear()
        return heard


@pytest.fixture
def ear(centre: Built) -> Iterator[Ear]:
    """A feed that is known to listen: it has heard a first change of our own."""
    ear = Ear()
    ear.feed.start()
    for attempt in range(200):
        visits.request_visit(centre.actors[LEADER], NOW, replace(REQUEST, key=f"hello {attempt}"))
        if ear.within(0.1):
            break
    else:
        pytest.fail("the feed never began to listen")
    while ear.within(QUIET_SECONDS):
        """The greetings' last echoes."""
    yield ear
    ear.feed.stop()


def test_another_processes_commit_is_announced(centre: Built, ear: Ear) -> None:
    other = started("request", centre.url)
    assert ear.within(60)
    finished(other)
    assert ear.feed.healthy
    assert [w.requested_from for w in today_board(centre.actors[LEADER], NOW).waiting][-1] == "kiosk:other"


def test_a_commit_of_our_own_takes_the_same_path(centre: Built, ear: Ear) -> None:
    visits.request_visit(centre.actors[LEADER], NOW, REQUEST)
    assert ear.within()


def test_what_is_rolled_back_is_not_announced(centre: Built, ear: Ear) -> None:
    def change() -> None:
        models.Notification.delete().execute()
        raise NotFound("rolled back")

    with pytest.raises(NotFound):
        store.write(change)
    assert not ear.within(QUIET_SECONDS)


def test_the_feed_stops_when_told(ear: Ear) -> None:
    ear.feed.stop()
    assert not any(thread.name == "change-feed" for thread in threading.enumerate())


def test_a_feed_hears_when_no_other_connection_is_open(sqlite_centre: Built) -> None:
    ear = Ear()
    ear.feed.start()
    finished(started("request", sqlite_centre.url))
    assert ear.within()
    ear.feed.stop()
    assert ear.feed.healthy


def test_a_database_that_is_away_is_said_and_its_return_is_announced(sqlite_centre: Built) -> None:
    file = Path(sqlite_centre.url.removeprefix("sqlite:///"))
    away = file.with_name("away.db")
    file.rename(away)
    ear = Ear()
    ear.feed.start()
    assert ear.within()
    assert not ear.feed.healthy
    assert ear.feed.last_error
    assert not file.exists(), "watching made an empty database"
    away.rename(file)
    assert ear.within()
    assert (ear.feed.healthy, ear.feed.last_error) == (True, "")
    ear.feed.stop()


@pytest.mark.parametrize("folder", ["100% zhiban", "a?b", "a#b", "城东 客服"])
def test_a_home_may_have_any_name(tmp_path: Path, sqlite_centre: Built, folder: str) -> None:
    home = tmp_path / folder
    home.mkdir()
    file = home / "centre.db"
    Path(sqlite_centre.url.removeprefix("sqlite:///")).rename(file)
    store.open_database(f"sqlite:///{file}")
    ear = Ear()
    ear.feed.start()
    for attempt in range(50):
        visits.request_visit(sqlite_centre.actors[LEADER], NOW, replace(REQUEST, key=str(attempt)))
        if ear.within(0.1):
            break
    assert (ear.feed.healthy, ear.feed.last_error) == (True, "")
    ear.feed.stop()
    assert attempt < 49
