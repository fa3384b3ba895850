"""Signing in: the pair must be right, guessing costs time, and nothing says which half was wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

import models
from operations import door, people, signin, store
from operations.boundary import SYSTEM, kiosk_actor
from operations.errors import Invalid, NotPermitted, SignInRefused
from regulation.records import CredentialRecord, PersonStatus
from regulation.roles import Role
from tests.centre import NOW, PIN, PIN_HASH, Built
from tests.operations.acts import LEADER, SECOND, audit_actions, current_log

WRONG = "0000"
NEW_PIN = "7391"


def refusal(work_number: str, pin: str, now: datetime = NOW) -> str:
    with pytest.raises(SignInRefused) as refused:
        signin.sign_in(work_number, pin, now)
    return refused.value.message


def fail(times: int, now: datetime = NOW) -> None:
    for _attempt in range(times):
        assert "do not match" in refusal(LEADER, WRONG, now)


def test_the_right_pair_signs_in_and_is_recorded(centre: Built) -> None:
    actor = signin.sign_in(f" {LEADER} ", PIN, NOW)
    assert (actor.work_number, actor.role, actor.team) == (LEADER, Role.SHIFT_LEADER, "甲")
    assert not actor.must_change_pin
    assert audit_actions()[-1] == "sign_in"


def test_a_wrong_pin_an_unknown_number_and_a_suspended_person_hear_the_same(centre: Built) -> None:
    people.set_person_status(SYSTEM, NOW, "1017", PersonStatus.SUSPENDED)
    answers = {refusal(LEADER, WRONG), refusal("9999", PIN), refusal("", ""), refusal("1017", PIN)}
    assert answers == {"Work number and PIN do not match."}


def test_someone_who_left_cannot_sign_in(centre: Built) -> None:
    people.set_person_status(SYSTEM, NOW, "1017", PersonStatus.LEFT)
    assert "do not match" in refusal("1017", PIN)


def test_a_person_without_a_pin_cannot_sign_in(centre: Built) -> None:
    people.add_person(SYSTEM, NOW, people.NewPerson("1050", "钱伟", Role.OPERATOR))
    assert "do not match" in refusal("1050", "")


def test_after_four_failures_the_right_pin_still_opens(centre: Built) -> None:
    fail(4)
    signin.sign_in(LEADER, PIN, NOW)


def test_after_five_failures_the_account_rests_for_30_seconds_even_for_the_right_pin(centre: Built) -> None:
    fail(5)
    assert "wait 0 min 30 s" in refusal(LEADER, PIN, NOW + SECOND)
    assert "wait" in refusal(LEADER, PIN, NOW + 30 * SECOND - timedelta(microseconds=1))
    signin.sign_in(LEADER, PIN, NOW + 30 * SECOND)


def test_the_rest_doubles_with_every_further_failure_up_to_half_an_hour(sqlite_centre: Built) -> None:
    fail(4)
    now = NOW
    for seconds in (30, 60, 120, 240, 480, 960, 1800, 1800):
        fail(1, now)
        rest = timedelta(seconds=seconds)
        assert "wait" in refusal(LEADER, PIN, now + rest - SECOND)
        now += rest
    signin.sign_in(LEADER, PIN, now)


def test_attempts_while_the_account_rests_do_not_prolong_it(sqlite_centre: Built) -> None:
    fail(5)
    for _attempt in range(3):
        refusal(LEADER, WRONG, NOW + SECOND)
    signin.sign_in(LEADER, PIN, NOW + 30 * SECOND)


def test_success_forgets_the_failures(sqlite_centre: Built) -> None:
    fail(4)
    signin.sign_in(LEADER, PIN, NOW)
    fail(4)
    signin.sign_in(LEADER, PIN, NOW)


def test_every_failure_leaves_an_audit_record(centre: Built) -> None:
    fail(2)
    assert audit_actions()[-2:] == ["sign_in_refused", "sign_in_refused"]


def test_asking_for_the_pin_again_is_limited_like_signing_in(sqlite_centre: Built) -> None:
    person_id = sqlite_centre.ids[LEADER]
    assert signin.verify_pin(person_id, PIN, NOW).work_number == LEADER
    for _attempt in range(5):
        with pytest.raises(SignInRefused):
            signin.verify_pin(person_id, WRONG, NOW)
    assert "wait" in refusal(LEADER, PIN)


# --- the first change ---------------------------------------------------------------------------------------


@pytest.fixture
def newcomer(sqlite_centre: Built) -> str:
    """Someone whose PIN an administrator has set."""
    people.add_people(SYSTEM, NOW, [(people.NewPerson("1060", "冯涛", Role.OPERATOR, "甲"), PIN_HASH)])
    return "1060"


def test_a_pin_someone_else_has_set_must_be_changed_once(newcomer: str) -> None:
    actor = signin.sign_in(newcomer, PIN, NOW)
    assert actor.must_change_pin
    assert not signin.change_pin(actor, NOW, PIN, NEW_PIN).must_change_pin
    assert not signin.sign_in(newcomer, NEW_PIN, NOW).must_change_pin
    assert "do not match" in refusal(newcomer, PIN)
    assert audit_actions()[-4:] == ["sign_in", "change_pin", "sign_in", "sign_in_refused"]


def test_the_old_pin_is_asked_for(newcomer: str) -> None:
    actor = signin.sign_in(newcomer, PIN, NOW)
    with pytest.raises(SignInRefused):
        signin.change_pin(actor, NOW, WRONG, NEW_PIN)
    assert signin.sign_in(newcomer, PIN, NOW).must_change_pin


@pytest.mark.parametrize("plain", ["123", "1234", "9876", "7777", "1060", PIN, "x" * 65])
def test_a_short_plain_or_unchanged_pin_is_refused(newcomer: str, plain: str) -> None:
    with pytest.raises(Invalid):
        signin.check_new_pin(newcomer, PIN, plain)


@pytest.mark.parametrize("good", [NEW_PIN, "晚安班长", "x y z", "73917391" * 8])
def test_four_to_sixty_four_characters_of_any_kind_will_do(good: str) -> None:
    signin.check_new_pin("1060", PIN, good)


def test_no_pin_is_kept_in_clear(newcomer: str) -> None:
    signin.change_pin(signin.sign_in(newcomer, PIN, NOW), NOW, PIN, NEW_PIN)
    stored = store.read(lambda: [row.pin_hash for row in models.Credential.select()])
    assert stored
    assert all(pin.startswith("$argon2id$") for pin in stored)


# --- the PIN for a threat -----------------------------------------------------------------------------------


def door_credentials(built: Built) -> dict[int, CredentialRecord]:
    return {c.person_id: c for c in door.door_snapshot(kiosk_actor("door"), NOW).credentials}


def test_art20_the_pin_for_a_threat_reaches_the_door_and_opens_no_desk(centre: Built) -> None:
    leader = centre.actors[LEADER]
    signin.set_duress_pin(leader, NOW, PIN, NEW_PIN)
    kept = door_credentials(centre)[leader.person_id]
    assert PasswordHasher().verify(kept.pin_hash, PIN)
    assert PasswordHasher().verify(kept.duress_hash, NEW_PIN)
    assert "do not match" in refusal(LEADER, NEW_PIN)
    assert audit_actions()[-2:] == ["set_duress_pin", "sign_in_refused"]


def test_art20_an_empty_one_takes_it_away(centre: Built) -> None:
    leader = centre.actors[LEADER]
    signin.set_duress_pin(leader, NOW, PIN, NEW_PIN)
    signin.set_duress_pin(leader, NOW, PIN, "")
    assert door_credentials(centre)[leader.person_id].duress_hash == ""


@pytest.mark.parametrize("plain", [PIN, "123", "7777", LEADER])
def test_art20_it_differs_from_the_pin_and_is_as_hard_to_guess(sqlite_centre: Built, plain: str) -> None:
    with pytest.raises(Invalid):
        signin.set_duress_pin(sqlite_centre.actors[LEADER], NOW, PIN, plain)
    assert door_credentials(sqlite_centre)[sqlite_centre.ids[LEADER]].duress_hash == ""


def test_art20_the_pin_is_asked_for(sqlite_centre: Built) -> None:
    with pytest.raises(SignInRefused):
        signin.set_duress_pin(sqlite_centre.actors[LEADER], NOW, WRONG, NEW_PIN)


def test_art20_the_ordinary_pin_never_becomes_the_one_for_a_threat(sqlite_centre: Built) -> None:
    leader = sqlite_centre.actors[LEADER]
    signin.set_duress_pin(leader, NOW, PIN, NEW_PIN)
    with pytest.raises(Invalid, match="for a threat"):
        signin.change_pin(leader, NOW, PIN, NEW_PIN)
    signin.change_pin(leader, NOW, PIN, "6204")


def test_art20_a_pin_someone_else_has_set_has_no_twin(newcomer: str) -> None:
    with pytest.raises(Invalid, match="own PIN first"):
        signin.set_duress_pin(signin.sign_in(newcomer, PIN, NOW), NOW, PIN, NEW_PIN)


def test_art20_the_door_knows_the_pins_of_leaders_and_of_who_keeps_it_and_of_nobody_else(
    centre: Built,
) -> None:
    numbers = {number for number, key in centre.ids.items() if key in door_credentials(centre)}
    assert numbers == {"1000", LEADER, "1103", "2001", "3001"}
    people.set_person_status(SYSTEM, NOW, LEADER, PersonStatus.SUSPENDED)
    assert centre.ids[LEADER] not in door_credentials(centre)


def test_art20_a_leaders_first_pin_is_not_trusted_at_the_door(centre: Built) -> None:
    new = people.NewPerson("1060", "冯涛", Role.SHIFT_LEADER, "甲")
    people.add_people(SYSTEM, NOW, [(new, PIN_HASH)])
    actor = signin.sign_in("1060", PIN, NOW)
    assert actor.person_id not in door_credentials(centre)
    signin.change_pin(actor, NOW, PIN, NEW_PIN)
    assert actor.person_id in door_credentials(centre)


def test_art32_nobody_but_a_door_gets_the_pins_hashes(sqlite_centre: Built) -> None:
    for actor in (sqlite_centre.actors[LEADER], sqlite_centre.actors["3001"], SYSTEM):
        assert door.door_snapshot(actor, NOW).credentials == ()


# --- an actor who changed meanwhile -------------------------------------------------------------------------


def test_art02_someone_suspended_while_signed_in_may_do_nothing_more(centre: Built) -> None:
    people.set_person_status(SYSTEM, NOW, LEADER, PersonStatus.SUSPENDED)
    with pytest.raises(NotPermitted, match="no longer entitled"):
        current_log(centre.actors[LEADER], NOW)


def test_art02_someone_taken_back_may_go_on(centre: Built) -> None:
    people.set_person_status(SYSTEM, NOW, LEADER, PersonStatus.SUSPENDED)
    people.set_person_status(SYSTEM, NOW, LEADER, PersonStatus.ACTIVE)
    assert current_log(centre.actors[LEADER], NOW) is not None
