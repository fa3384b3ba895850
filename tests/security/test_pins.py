"""A PIN cannot be guessed by trying: not from many desks at once, not after a restart, and no answer tells who exists."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

import models
from operations import signin, store
from operations.errors import Invalid, SignInRefused
from tests.centre import NOW, PIN, Built
from tests.conftest import forget_database
from tests.operations.acts import LEADER, SECOND

WRONG, NOBODY = "0000", "9999"
DAY = timedelta(days=1)


def answer(number: str, pin: str, now: datetime = NOW) -> str:
    """What the desk says."""
    try:
        signin.sign_in(number, pin, now)
    except SignInRefused as refused:
        return f"{refused.message} {refused.next_step}"
    return "in"


def test_twenty_desks_at_once_have_no_more_tries_than_one(centre: Built) -> None:
    def guess(number: int) -> str:
        try:
            return answer(LEADER, f"{number:04}")
        finally:
            store.close_database()

    with ThreadPoolExecutor(8) as desks:
        answers = list(desks.map(guess, range(20)))
    looked_at = [said for said in answers if "do not match" in said]
    assert len(looked_at) == signin.FREE_ATTEMPTS
    assert answer(LEADER, PIN, NOW + SECOND).startswith("Too many")


def test_a_restart_forgets_no_failure(centre: Built) -> None:
    for _attempt in range(signin.FREE_ATTEMPTS):
        answer(LEADER, WRONG)
    forget_database()
    store.open_database(centre.url)
    assert answer(LEADER, PIN, NOW + SECOND).startswith("Too many")
    assert answer(LEADER, PIN, NOW + 31 * SECOND) == "in"


def test_a_number_that_nobody_has_answers_and_rests_exactly_as_one_that_somebody_has(centre: Built) -> None:
    now = NOW
    heard: dict[str, list[str]] = {LEADER: [], NOBODY: []}
    for step in (0, 0, 0, 0, 0, 1, 30, 1, 60, 1, 2 * 86400, 0, 0):
        now += step * SECOND
        for number, said in heard.items():
            said.append(answer(number, WRONG, now))
    assert heard[LEADER] == heard[NOBODY]
    assert any(said.startswith("Too many") for said in heard[NOBODY])


def test_an_answer_takes_as_long_for_a_number_that_nobody_has(
    sqlite_centre: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def took(number: str) -> float:
        spans = []
        for attempt in range(3):
            began = time.perf_counter()
            answer(number, WRONG, NOW + attempt * DAY)
            spans.append(time.perf_counter() - began)
        return statistics.median(spans)

    # The centre of the tests has cheap hashes; a real one has those of hash_pin, as a stranger's has.
    real = signin.hash_pin(PIN)
    store.write(lambda: models.Credential.update(pin_hash=real).execute())
    known, stranger = took(LEADER), took(NOBODY)
    assert 0.5 < known / stranger < 2


def test_what_was_typed_as_a_number_is_kept_nowhere(centre: Built) -> None:
    typed_by_mistake = "7391-my-pin"
    answer(typed_by_mistake, WRONG)

    def rows() -> str:
        tries = [row.__data__ for row in models.StrangerTry.select()]
        return str(tries) + str([row.__data__ for row in models.AuditRecord.select()])

    assert typed_by_mistake not in store.read(rows)


def test_tries_for_strangers_do_not_pile_up(sqlite_centre: Built) -> None:
    signin._nobodys_hash()
    for number in range(6):
        answer(f"x{number}", WRONG)
    answer("later", WRONG, NOW + 2 * DAY)
    assert store.read(lambda: models.StrangerTry.select().count()) == 1


def test_a_day_of_guessing_at_one_number_is_some_sixty_tries(sqlite_centre: Built) -> None:
    looked_at, now = 0, NOW
    while now < NOW + DAY:
        said = answer(LEADER, WRONG, now)
        looked_at += "do not match" in said
        credential = store.read(lambda: models.Credential.get_by_id(sqlite_centre.ids[LEADER]))
        now = max(now + SECOND, credential.locked_until)
    assert looked_at <= 60


@pytest.mark.parametrize("plain", ["1212", "123123", "3001", "5555", "6789", "9876"])
def test_a_pin_that_is_guessed_first_is_refused(plain: str) -> None:
    with pytest.raises(Invalid, match="easy to guess"):
        signin.check_new_pin("1003", PIN, plain)


def test_none_of_the_last_three_pins_comes_back(centre: Built) -> None:
    actor, pins = centre.actors[LEADER], [PIN, "7391", "6204", "5813", "9046"]
    for old, new in pairwise(pins):
        signin.change_pin(actor, NOW, old, new)
    for earlier in pins[1:-1]:
        with pytest.raises(Invalid, match="one of your last PINs"):
            signin.change_pin(actor, NOW, pins[-1], earlier)
    signin.change_pin(actor, NOW, pins[-1], PIN)
    assert answer(LEADER, PIN) == "in"
    assert store.read(lambda: models.EarlierPin.select().count()) == signin.EARLIER_PINS
