"""Art. 15: work clothes and work shoes, as a reminder or a question; the entry goes on in any case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.dress import SAME_SWIPE_SECONDS
from kiosk.inputs import EntryRead, ExitRead, Input, Key, NotRecorded, Tick, VisitAnswered
from kiosk.passing import DRESS_SECONDS
from kiosk.phases import AwaitApproval, ConfirmDress, Idle
from kiosk.views import ViewKind
from regulation.doorlog import DRESS_CONFIRMED
from regulation.records import BadgeState, VisitState
from tests.kiosk.paper_door import PaperDoor
from tests.kiosk.scene import (
    ALSO_ON_DUTY,
    NOW,
    OFF_DUTY,
    ON_DUTY,
    SNAPSHOT,
    UNKNOWN,
    VISITOR,
    seconds,
)

REMINDER = "Work clothes and work shoes, please"
IN = EntryRead("in", ON_DUTY)


def asking(**changes: object) -> PaperDoor:
    """A door that has just asked someone who comes for their duty."""
    door = PaperDoor(dress="confirm", **changes)  # type: ignore[arg-type]
    door.feed(IN)
    return door


# --- a reminder ---------------------------------------------------------------------------------------------


def test_art15_staff_who_enter_are_reminded_and_nobody_is_where_it_is_off() -> None:
    for dress, line in (("reminder", REMINDER), ("off", "")):
        door = PaperDoor(dress=dress)  # type: ignore[arg-type]
        assert door.after(0, IN) == ["granted.relief_late"]
        assert door.view.last_line == line
        assert door.view.last_article == (15 if line else None)


def test_art15_whoever_leaves_is_refused_or_visits_is_not_reminded() -> None:
    door = PaperDoor(dress="reminder")
    for badge in (UNKNOWN, VISITOR):
        door.after(5, EntryRead("in", badge))
        assert door.view.last_line == ""
    door.after(5, ExitRead("out", ON_DUTY))
    assert door.view.last_line == ""


def test_art15_where_nobody_can_be_asked_a_question_becomes_a_reminder() -> None:
    door = PaperDoor(dress="confirm", can_ask=False)
    assert door.after(0, IN) == ["granted.relief_late"]
    assert door.view.last_line == REMINDER
    assert "dress_unconfirmed" not in door.finding_codes()


# --- a question ---------------------------------------------------------------------------------------------


def test_art15_whoever_comes_for_a_duty_is_asked_and_the_door_waits() -> None:
    door = asking()
    assert (door.last.code, door.last.article, door.last.findings) == ("pending.dress", 15, ())
    assert (door.view.kind, door.view.article) == (ViewKind.DRESS, 15)
    assert door.unlocks == 0


@pytest.mark.parametrize("yes", [Key("1"), IN], ids=["key", "badge again"])
def test_art15_a_yes_is_marked_on_the_entry_and_no_finding(yes: Input) -> None:
    door = asking()
    assert door.after(2, yes) == ["granted.relief_late"]
    assert door.last.marks == (DRESS_CONFIRMED,)
    assert door.finding_codes() == ["duty_late"]
    assert (door.unlocks, door.view.last_line, door.state.phase) == (1, "", Idle())


@pytest.mark.parametrize(
    ("pause", "answer"), [(2, Key("2")), (2, Key("escape")), (DRESS_SECONDS + 0.1, Tick())]
)
def test_art15_a_no_or_silence_is_a_finding_and_never_a_refusal(pause: float, answer: Input) -> None:
    door = asking()
    assert door.after(pause, answer) == ["granted.relief_late"]
    assert door.finding_codes() == ["duty_late", "dress_unconfirmed"]
    assert door.last.findings[-1]["article"] == 15
    assert door.last.marks == ()
    assert (door.unlocks, door.view.last_line) == (1, REMINDER)


@pytest.mark.parametrize(
    ("pause", "codes"), [(DRESS_SECONDS, []), (DRESS_SECONDS + 0.000001, ["granted.relief_late"])]
)
def test_art15_the_question_stands_for_its_time_and_not_longer(pause: float, codes: list[str]) -> None:
    assert asking().after(pause, Tick()) == codes


@pytest.mark.parametrize(("pause", "confirmed"), [(DRESS_SECONDS, True), (DRESS_SECONDS + 0.000001, False)])
def test_art15_a_yes_counts_up_to_the_last_moment(pause: float, confirmed: bool) -> None:
    door = asking()
    door.after(pause, Key("1"))
    assert (door.last.marks == (DRESS_CONFIRMED,)) is confirmed


@pytest.mark.parametrize(
    ("pause", "code"), [(SAME_SWIPE_SECONDS - 0.01, "repeat"), (SAME_SWIPE_SECONDS, "granted.relief_late")]
)
def test_art15_a_badge_that_lies_on_the_reader_is_no_answer(pause: float, code: str) -> None:
    assert asking().after(pause, IN) == [code]


def test_art21_whoever_badged_early_enough_is_early_however_long_the_question_takes() -> None:
    begins = NOW + timedelta(minutes=10)
    duties = tuple(replace(duty, starts_at=begins) for duty in SNAPSHOT.duties)
    door = asking(snapshot=replace(SNAPSHOT, duties=duties))
    assert door.after(9, Key("1")) == ["granted"]
    assert (door.last.at, door.last.findings) == (NOW, ())
    assert door.occupancy.people[17].since == NOW


def test_art15_only_an_entry_to_a_duty_is_asked_about() -> None:
    on_leave = tuple(replace(duty, on_leave=True) for duty in SNAPSHOT.duties)
    for badge, snapshot, code in (
        (OFF_DUTY, SNAPSHOT, "pending.reason"),
        (ON_DUTY, replace(SNAPSHOT, duties=on_leave), "granted.on_leave"),
        (VISITOR, SNAPSHOT, "pending.escort"),
        (UNKNOWN, SNAPSHOT, "refused.unknown_badge"),
    ):
        assert PaperDoor(snapshot, dress="confirm").after(0, EntryRead("in", badge)) == [code]


def test_art15_an_escort_with_a_visitor_is_reminded_and_not_asked() -> None:
    door = PaperDoor(dress="confirm")
    door.feed(EntryRead("in", VISITOR))
    assert door.after(5, IN) == ["granted.escort", "granted.visitor"]


# --- meanwhile ----------------------------------------------------------------------------------------------


def test_art15_the_next_badge_ends_the_question_and_both_are_dealt_with_at_once() -> None:
    door = asking()
    assert door.after(3, EntryRead("in", ALSO_ON_DUTY)) == ["granted.relief_late", "pending.dress"]
    assert door.unlocks == 1
    assert isinstance(door.state.phase, ConfirmDress)
    assert door.after(3, EntryRead("in", UNKNOWN)) == ["granted.relief_late", "refused.unknown_badge"]
    assert door.unlocks == 2
    assert set(door.occupancy.people) == {17, 21}


def test_art20_a_badge_withdrawn_during_the_question_does_not_enter() -> None:
    door = asking()
    badges = tuple(replace(b, state=BadgeState.REVOKED) if b.badge == ON_DUTY else b for b in SNAPSHOT.badges)
    door.hear(replace(SNAPSHOT, badges=badges))
    assert door.after(2, Key("1")) == ["refused.badge_revoked"]
    assert door.unlocks == 0


def test_art20_a_duty_taken_away_during_the_question_is_no_reason_any_more() -> None:
    door = asking()
    door.hear(replace(SNAPSHOT, duties=()))
    assert door.after(2, Key("1")) == ["refused.reason_missing"]


def test_art14_exits_are_free_during_the_question_which_stays() -> None:
    door = asking()
    assert door.after(1, ExitRead("out", ALSO_ON_DUTY)) == ["released.no_permit"]
    assert isinstance(door.state.phase, ConfirmDress)


def test_art20_a_question_that_could_not_be_recorded_is_dropped() -> None:
    door = asking(journal_works=False)
    assert door.state.phase == Idle()
    assert door.view.code == "refused.cannot_be_recorded"


def test_art20_news_for_a_visitor_behind_the_question_is_not_lost() -> None:
    door = PaperDoor(dress="confirm")
    door.state = replace(door.state, phase=AwaitApproval("k1", NOW + seconds(600)))
    door.feed(IN)
    door.after(1, VisitAnswered("k1", VisitState.APPROVED, "V-02"))
    assert isinstance(door.state.phase, ConfirmDress)
    door.after(1, Key("1"))
    door.after(6, Tick())
    assert (door.view.kind, door.view.label) == (ViewKind.TAKE_BADGE, "V-02")


def test_keys_that_are_no_answer_change_nothing() -> None:
    door = asking()
    phase = door.state.phase
    assert door.after(1, Key("7")) == []
    assert door.after(1, NotRecorded(())) == []
    assert door.state.phase == phase
