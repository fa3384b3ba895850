"""The digest of the daily log: it changes with the record, and with nothing else."""

from __future__ import annotations

from dataclasses import replace

from regulation.daily_log import content_digest
from regulation.ledger import Head
from tests.reports.sample_day import empty_day, night, sample_day


def test_the_digest_is_64_hexadecimal_digits_and_the_same_every_time() -> None:
    digest = content_digest(sample_day())
    assert len(digest) == 64
    assert int(digest, 16) >= 0
    assert digest == content_digest(sample_day())


def test_any_changed_word_changes_the_digest_of_shift_and_day() -> None:
    shift = night()
    entry = replace(shift.entries[1], outcome=shift.entries[1].outcome + ".")
    changed = replace(shift, entries=(shift.entries[0], entry, *shift.entries[2:]))
    assert content_digest(changed) != content_digest(shift)
    day = sample_day()
    assert content_digest(replace(day, shifts=(changed, *day.shifts[1:]))) != content_digest(day)


def test_the_order_of_entries_is_part_of_the_record() -> None:
    shift = night()
    assert content_digest(replace(shift, entries=shift.entries[::-1])) != content_digest(shift)


def test_digests_and_chain_heads_are_no_part_of_what_they_prove() -> None:
    day = sample_day()
    assert content_digest(replace(day, digest="", heads=(Head("audit", 1, "00"),))) == content_digest(day)
    assert content_digest(replace(night(), digest="x")) == content_digest(night())


def test_a_day_is_a_draft_until_it_has_a_digest() -> None:
    assert empty_day().draft
    assert not sample_day().draft
