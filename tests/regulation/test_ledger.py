"""Art. 33: nothing in a chain can be changed, removed, added or cut without showing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.ledger import (
    GENESIS,
    Break,
    Head,
    Link,
    canonical,
    chain_hash,
    check_chain,
    instant_text,
)
from tests.regulation.room import INSTANT, NOON

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
    st.lists(st.text(max_size=5), max_size=3),
)
records = st.dictionaries(st.text(min_size=1, max_size=8), values, min_size=1, max_size=5)
RECORD: dict[str, Any] = {"at": NOON, "who": "王建国", "count": 3, "note": None, "evidence": ["door:main-1"]}


def chain(*contents: dict[str, Any]) -> list[Link]:
    """Records chained as a writer chains them."""
    links: list[Link] = []
    for sequence, fields in enumerate(contents, 1):
        previous = links[-1].hash if links else GENESIS
        links.append(Link("main", sequence, previous, chain_hash(previous, fields), fields))
    return links


def whole() -> list[Link]:
    return chain(*({**RECORD, "count": n} for n in range(1, 6)))


def place(links: list[Link], expected: Head | None = None) -> int:
    """The sequence at which the chain breaks; 0 when it holds."""
    result = check_chain("main", links, expected)
    return result.sequence if isinstance(result, Break) else 0


def test_art33_an_untouched_chain_holds_and_names_its_head() -> None:
    links = whole()
    assert check_chain("main", links) == Head("main", 5, links[-1].hash)


def test_art33_an_empty_chain_holds() -> None:
    assert check_chain("main", []) == Head("main", 0, GENESIS)
    assert place([], Head("main", 0, GENESIS)) == 0


@pytest.mark.parametrize("name", RECORD)
@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_art33_any_changed_field_breaks_the_chain_at_its_record(name: str, sequence: int) -> None:
    links = whole()
    link = links[sequence - 1]
    changed = {**link.fields, name: NOON + INSTANT if name == "at" else "other"}
    links[sequence - 1] = replace(link, fields=changed)
    assert place(links) == sequence


@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_art33_a_record_rehashed_after_a_change_breaks_the_one_after_it(sequence: int) -> None:
    links = whole()
    link = links[sequence - 1]
    fields = {**link.fields, "who": "李秀英"}
    links[sequence - 1] = replace(link, fields=fields, hash=chain_hash(link.previous, fields))
    assert place(links) == (sequence + 1 if sequence < 5 else 0)
    printed = Head("main", 5, whole()[-1].hash)
    assert place(links, printed) == (sequence + 1 if sequence < 5 else 5)


@pytest.mark.parametrize("sequence", [1, 3])
def test_art33_a_removed_record_is_missed_at_its_place(sequence: int) -> None:
    links = whole()
    del links[sequence - 1]
    assert place(links) == sequence


def test_art33_a_removed_record_is_missed_even_when_the_rest_is_numbered_anew() -> None:
    links = whole()
    del links[2]
    renumbered = [replace(link, sequence=n) for n, link in enumerate(links, 1)]
    assert place(renumbered) == 3


@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_art33_an_inserted_record_is_found_at_its_place(sequence: int) -> None:
    links = whole()
    links.insert(sequence - 1, links[sequence - 1])
    assert place(links) == sequence + 1


def test_art33_exchanged_records_break_the_chain() -> None:
    links = whole()
    links[1], links[2] = links[2], links[1]
    assert place(links) == 2


def test_art33_a_cut_tail_shows_only_against_a_printed_head() -> None:
    links = whole()
    printed = Head("main", 5, links[-1].hash)
    assert place(links[:4]) == 0
    assert place(links[:4], printed) == 5
    assert place(links, printed) == 0


def test_art33_a_chain_that_grew_after_printing_still_holds_against_the_printed_head() -> None:
    links = whole()
    assert place(links, Head("main", 3, links[2].hash)) == 0
    assert place(links, Head("main", 3, "0" * 64)) == 3


def test_art33_a_number_no_record_can_hold_is_a_changed_record_and_not_an_accident() -> None:
    links = whole()
    links[1] = replace(links[1], fields={**links[1].fields, "count": float("inf")})
    assert place(links) == 2


@given(records, st.data())
def test_art33_any_changed_byte_of_a_record_changes_its_hash(
    record: dict[str, Any], data: st.DataObject
) -> None:
    own = canonical(record)
    at = data.draw(st.integers(0, len(own) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != own[at]))
    touched = own[:at] + bytes([byte]) + own[at + 1 :]
    try:
        read_back = json.loads(touched)
        now = canonical(read_back)
    except ValueError:
        return  # it can no longer be read, or no longer be hashed, which shows by itself
    # The same record again is only another spelling: a letter's case in the escape of a control character.
    same_spelling = touched.lower() == own.lower() and b"\\u00" in own
    assert now != own or same_spelling
    assert (chain_hash(GENESIS, read_back) == chain_hash(GENESIS, record)) == (now == own)


@given(records)
def test_art33_the_order_of_fields_does_not_matter_and_reading_back_gives_the_same_bytes(
    record: dict[str, Any],
) -> None:
    own = canonical(record)
    assert canonical(dict(reversed(record.items()))) == own
    assert canonical(json.loads(own)) == own


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  hypothesis wants naive bounds
def test_an_instant_is_written_the_same_in_whatever_zone_it_is_given(at: datetime) -> None:
    shanghai = at.astimezone(timezone(timedelta(hours=8)))
    assert instant_text(at) == instant_text(shanghai)
    assert datetime.fromisoformat(instant_text(at)) == at


def test_what_has_no_one_form_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"at": object()})
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical({"count": float("nan")})
    assert canonical({"day": date(2026, 11, 23)}) == b'{"day":"2026-11-23"}'
