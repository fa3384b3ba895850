"""Art. 28, 31, 32: who needs to know, what is shown of a confidential number, and where keys may lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.confidentiality import Readers, file_is_private, masked_number, may_read, reveal_ends_at
from regulation.limits import DEFAULT_LIMITS
from regulation.roles import LEADER_ROLES, Role

AT = datetime(2026, 11, 23, 14, tzinfo=UTC)
NOBODY_NAMED = Readers()


@pytest.mark.parametrize("role", Role)
def test_art31_without_a_name_the_leaders_need_to_know_and_nobody_else(role: Role) -> None:
    assert may_read(NOBODY_NAMED, 1, 2, role) == (role in LEADER_ROLES)


def test_art31_a_role_that_is_named_reads_and_one_that_is_not_does_not() -> None:
    named = Readers(roles=frozenset({Role.QA_INSPECTOR}))
    assert may_read(named, 1, 2, Role.QA_INSPECTOR)
    assert not may_read(named, 1, 2, Role.SHIFT_LEADER)


def test_art31_a_person_who_is_named_reads_and_their_neighbour_does_not() -> None:
    named = Readers(people=frozenset({7}))
    assert may_read(named, 1, 7, Role.OPERATOR)
    assert not may_read(named, 1, 8, Role.DEPUTY_MANAGER)


def test_art31_whoever_wrote_it_reads_it_whoever_is_named() -> None:
    named = Readers(people=frozenset({7}))
    assert may_read(named, 1, 1, Role.OPERATOR)
    assert not may_read(NOBODY_NAMED, None, 1, Role.OPERATOR)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("0571-8812-4412", "0571-****-**12"),
        ("13805711234", "1380*****34"),
        ("1234567890", "1234****90"),
        ("123456789", "*********"),  # one digit fewer, and none of them shows
        ("8801", "****"),
        ("", ""),
    ],
)
def test_art28_a_number_shows_its_place_and_its_last_two_digits(number: str, masked: str) -> None:
    assert masked_number(number) == masked


@given(st.text(st.sampled_from("0123456789-+ ()x"), max_size=30))
def test_art28_never_more_than_six_digits_show_and_every_sign_stays(number: str) -> None:
    masked = masked_number(number)
    assert len(masked) == len(number)
    assert sum(letter.isalnum() for letter in masked) <= 6
    assert all(m in ("*", n) for m, n in zip(masked, number, strict=True))
    assert not any(letter.isalnum() for letter in masked) or masked.count("*") >= 4


def test_art28_a_revealed_number_shows_until_its_time_is_over() -> None:
    shown = timedelta(seconds=DEFAULT_LIMITS["reveal_seconds"])
    assert reveal_ends_at(AT, DEFAULT_LIMITS) == AT + shown


def test_art32_a_file_of_secrets_is_its_owners_alone() -> None:
    assert file_is_private(0o600)
    assert file_is_private(0o100400)
    assert not file_is_private(0o640)
    assert not file_is_private(0o602)
