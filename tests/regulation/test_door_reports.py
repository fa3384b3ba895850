"""Art. 4: what is reported at the door travels as it was typed, and every kind is one of the register's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.door_reports import (
    KINDS,
    LONGEST_NOTE,
    DoorReport,
    kind_label,
    report_evidence,
    report_of,
    takes_no_more,
)
from regulation.limits import DEFAULT_LIMITS
from regulation.register_table import BREACH


def test_art04_the_door_offers_nine_kinds_that_the_register_knows() -> None:
    known = BREACH.field_named("kind")
    assert known is not None
    assert len(KINDS) == 9
    assert set(KINDS) <= {choice.key for choice in known.choices}
    assert all(kind_label(kind) != kind for kind in KINDS)


@given(st.sampled_from(KINDS), st.text(max_size=30), st.text(max_size=200))
def test_art04_a_report_that_has_travelled_says_the_same(kind: str, number: str, note: str) -> None:
    sent = DoorReport(kind, number, note)
    arrived = report_of(kind, report_evidence(sent))
    assert arrived == report_of(kind, report_evidence(arrived))
    assert len(arrived.note) <= LONGEST_NOTE
    assert arrived.note.replace(" ", "") in "".join(sign for sign in note if sign.isprintable()).replace(
        " ", ""
    )


def test_art04_a_report_shows_nothing_of_itself_in_a_trace() -> None:
    assert "1022" not in repr(DoorReport("order", "1022", "座席"))


NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
MOST = DEFAULT_LIMITS["unnamed_reports_an_hour"]


@pytest.mark.parametrize(
    ("earlier", "full"),
    [
        ([NOW] * (MOST - 1), False),
        ([NOW] * MOST, True),
        ([NOW - HOUR + MOMENT] * MOST, True),
        ([NOW - HOUR, *[NOW] * (MOST - 1)], False),
        ([NOW + MOMENT] * MOST, False),
    ],
)
def test_art04_a_door_takes_so_many_reports_without_a_name_within_an_hour(
    earlier: list[datetime], full: bool
) -> None:
    assert takes_no_more(earlier, NOW, DEFAULT_LIMITS) is full
