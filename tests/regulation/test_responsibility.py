"""Art. 25: what was handed over but missed, what was known but not handed over, and neither."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.responsibility import VERDICT_NAMES, Answer, Evidence, Verdict, who_answers
from tests.regulation.room import INSTANT, MINUTE, NOON


def verdict(*evidence: Evidence) -> Verdict:
    return who_answers(evidence, NOON).verdict


@pytest.mark.parametrize(
    ("at", "expected"), [(NOON, Verdict.INCOMING), (NOON + INSTANT, Verdict.UNDETERMINED)]
)
def test_art25_what_the_freeze_closed_over_was_handed_over(at: datetime, expected: Verdict) -> None:
    assert verdict(Evidence("sealed:entry-1", at, listed=True)) is expected


@pytest.mark.parametrize(
    ("at", "expected"), [(NOON - INSTANT, Verdict.OUTGOING), (NOON, Verdict.UNDETERMINED)]
)
def test_art25_what_is_known_before_the_cut_off_and_not_listed_was_kept_back(
    at: datetime, expected: Verdict
) -> None:
    assert verdict(Evidence("entry:1", at)) is expected


def test_art25_what_is_on_the_list_counts_before_what_else_was_known() -> None:
    known, listed = Evidence("entry:1", NOON - MINUTE), Evidence("sealed:item-1", NOON - MINUTE, listed=True)
    assert who_answers([known, listed], NOON) == Answer(Verdict.INCOMING, (listed,))


def test_art25_with_nothing_on_the_record_nobody_is_blamed() -> None:
    assert who_answers([], NOON) == Answer(Verdict.UNDETERMINED)
    assert set(VERDICT_NAMES) == set(Verdict)


@given(
    st.lists(
        st.builds(
            Evidence,
            id=st.text("abc", min_size=1),
            known_at=st.integers(-3, 3).map(lambda minutes: NOON + minutes * MINUTE),
            listed=st.booleans(),
        )
    )
)
def test_art25_the_answer_rests_on_evidence_that_carries_it_in_order_of_time(
    evidence: list[Evidence],
) -> None:
    answer = who_answers(evidence, NOON)
    assert list(answer.evidence) == sorted(answer.evidence, key=lambda e: (e.known_at, e.id))
    assert set(answer.evidence) <= set(evidence)
    if answer.verdict is Verdict.INCOMING:
        assert all(e.listed for e in answer.evidence)
    elif answer.verdict is Verdict.OUTGOING:
        assert all(not e.listed and e.known_at < NOON for e in answer.evidence)
        assert not any(e.listed and e.known_at <= NOON for e in evidence)
