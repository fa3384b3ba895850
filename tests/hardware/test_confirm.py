"""A badge counts when it was read twice: which readers ask for it, and what two reads are."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.confirm import (
    REPEAT_SECONDS,
    TWICE_SECONDS,
    Confirm,
    ConfirmTwice,
    ReaderDirection,
    confirmation,
    needs_confirmation,
)
from hardware.decoders import FORMATS
from hardware.virtual import REPEATED_FRAMES, VirtualReader

GAP = 0.065
SETTINGS: tuple[Confirm, ...] = get_args(Confirm)
DIRECTIONS: tuple[ReaderDirection, ...] = get_args(ReaderDirection)


def test_auto_confirms_only_where_the_reader_repeats() -> None:
    assert {name for name in FORMATS if needs_confirmation(name, "auto", "in")} == {"rdm6300"}


def test_on_confirms_every_format_on_the_way_in_and_off_none() -> None:
    assert all(needs_confirmation(name, "on", "in") for name in FORMATS)
    assert not any(needs_confirmation(name, "off", "in") for name in FORMATS)


def test_the_way_out_never_waits_for_a_second_read() -> None:
    for name, setting in itertools.product(FORMATS, SETTINGS):
        assert not needs_confirmation(name, setting, "out")
        assert confirmation(name, setting, "out") is None


def test_a_reader_for_both_ways_never_asks_anyone_to_badge_twice() -> None:
    for setting in SETTINGS:
        asked = {name for name in FORMATS if needs_confirmation(name, setting, "both")}
        assert asked == (set() if setting == "off" else {"rdm6300"})


def test_the_second_identical_read_counts_and_the_first_does_not() -> None:
    confirm = ConfirmTwice().confirm
    assert [confirm("62E3086CED", at * GAP) for at in range(4)] == [False, True, True, True]


def test_another_badge_between_begins_anew() -> None:
    confirm = ConfirmTwice().confirm
    reads = ["A", "B", "A", "B", "B"]
    assert [confirm(badge, at * GAP) for at, badge in enumerate(reads)] == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("apart", "counts"), [(0.0, True), (REPEAT_SECONDS, True), (REPEAT_SECONDS + 0.001, False)]
)
def test_two_reads_count_up_to_the_limit_and_not_after_it(apart: float, counts: bool) -> None:
    twice = ConfirmTwice()
    twice.confirm("A", 0.0)
    assert twice.confirm("A", apart) is counts


def test_times_that_run_backwards_confirm_nothing() -> None:
    twice = ConfirmTwice()
    twice.confirm("A", 10.0)
    assert not twice.confirm("A", 9.9)


def test_the_first_read_never_counts_whatever_its_badge_and_time() -> None:
    assert not ConfirmTwice().confirm("", 0.0)
    assert not ConfirmTwice().confirm("A", -1e9)


def test_a_reader_that_sends_a_badge_once_leaves_time_to_hold_it_there_again() -> None:
    by_hand, by_itself = confirmation("line", "on", "in"), confirmation("rdm6300", "auto", "in")
    assert by_hand is not None
    assert by_itself is not None
    for twice, seconds in ((by_hand, TWICE_SECONDS), (by_itself, REPEAT_SECONDS)):
        twice.confirm("A", 0.0)
        assert twice.confirm("A", seconds)
        assert not twice.confirm("A", 2 * seconds + 0.001)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.floats(0, 1)), max_size=30))
def test_a_badge_counts_exactly_when_the_read_before_it_was_the_same_and_near(
    reads: list[tuple[str, float]],
) -> None:
    twice, now, last = ConfirmTwice(), 0.0, ("", 0.0)
    for badge, later in reads:
        now += later
        assert twice.confirm(badge, now) == (badge == last[0] and now - last[1] <= REPEAT_SECONDS)
        last = (badge, now)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_virtual_reader_repeats_its_frame_where_the_real_one_does(name: str) -> None:
    badge = {"wiegand26": "D41B81", "wiegand34": "89D41B81"}.get(name, "62E3086CED")
    sent: list[bytes] = []

    class Ear(VirtualReader):
        def send(self, data: bytes) -> None:
            sent.append(data)

    with Ear(name) as reader:
        reader.swipe(badge)
    frames = FORMATS[name]().feed(b"".join(sent))
    assert len(frames) == (REPEATED_FRAMES if name == "rdm6300" else 1)
    twice = confirmation(name, "auto", "in")
    assert (
        twice is None or [twice.confirm(badge, 0.0) for _frame in frames].count(True) == REPEATED_FRAMES - 1
    )
