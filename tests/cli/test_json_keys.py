"""The keys promised in ``docs/json.md`` are exactly the ones the listings carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from locales import using_language
from operations import door_listings, listings, roster_listings, store
from operations.door import DoorFilter
from operations.listings import Office
from operations.verify import VerifyReport
from regulation.ledger import Break, Head
from regulation.limits import DEFAULT_LIMITS
from reports.listing import plain
from tests.centre import NOW, ZONE
from tests.cli.busy import Typed
from tests.cli.command import ROOT
from tests.cli.lived import Lived

_ROW = re.compile(r"^\| `([^`]+)` \|")
FREE = frozenset(
    {
        "teams[].by_category",
        "[].details",
        "[].detail",
        "kiosks[].parts",
        "doors[].parts",
        "coverage",
        "parts",
        "uncovered[].reasons",
    }
)
ELSEWHERE = frozenset({"findings[]", "door[]", "alarms[]", "papers[]", "swaps[]", "leave[]", "[].items[]"})


def documented(command: str) -> set[str]:
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    section = text.split(f"\n## zhiban {command}\n", 1)[1].split("\n## ", 1)[0]
    return {found.group(1) for line in section.splitlines() if (found := _ROW.match(line))}


def keys_of(value: Any, path: str = "") -> Iterator[str]:
    """Every key of an answer, written as the documentation writes it."""
    if path.removesuffix("[]") in FREE | {"[].details", "[].detail"} or path in ELSEWHERE:
        return
    if isinstance(value, Mapping):
        for key, held in value.items():
            here = f"{path}.{key}" if path else key
            yield here
            yield from keys_of(held, here)
    elif isinstance(value, list):
        for held in value:
            yield from keys_of(held, f"{path}[]")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with using_language("en"):
        yield


@pytest.fixture
def office(once_lived: Lived) -> Iterator[Office]:
    store.open_database(f"sqlite:///{once_lived.home / 'centre.db'}")
    yield Office(NOW, ZoneInfo(ZONE))
    store.close_database()


def answers(office: Office) -> dict[str, Any]:
    board, _seats = listings.today_in_words(office)
    report = VerifyReport((Head("centre", 1, "0" * 64),), (Break("door:x", 2, "a record is missing"),), 0, "")
    return {
        "people list": listings.people_listing(office).records,
        "today": board,
        "roster show": roster_listings.roster_listing(office, "2026-11", None, 31)[0].records,
        "door log": door_listings.door_listing(office, DoorFilter(), 50).records,
        "door inside": door_listings.inside_listing(office).records,
        "findings": listings.findings_listing(office, "2026-11", None).records,
        "regulation": listings.regulation_listing({20: 1}).records,
        "limits": listings.limits_listing(DEFAULT_LIMITS).records,
        "verify": listings.verify_record(report),
    }


def test_every_key_is_documented_and_every_documented_key_exists(office: Office) -> None:
    for command, answer in answers(office).items():
        found = set(keys_of(plain(answer)))
        wanted = {key.removesuffix("[]") for key in documented(command)}
        # A list or an object that holds keys of its own need not stand in the table a second time.
        holders = {key for key in found if any(other.startswith((f"{key}.", f"{key}[]")) for other in wanted)}
        assert found - holders <= wanted, command
        assert wanted <= found | {"next_shift", "shift"}, command


TYPED = {
    ("door", "log"): "door log",
    ("door", "inside"): "door inside",
    ("door", "muster"): "door muster",
    ("door", "register", "2026-11-23", "--staff"): "door register",
    ("door", "alarms"): "door alarms",
    ("log", "show", "2026-11-23"): "log show",
    ("log", "search", "告警"): "log search",
    ("badges", "list"): "badges list",
    ("reasons", "list"): "reasons list",
    ("assets", "list", "--all"): "assets list",
    ("attendance", "2026-11"): "attendance",
    ("audit",): "audit",
}


@pytest.mark.parametrize(("arguments", "command"), TYPED.items(), ids=TYPED.values())
def test_what_a_command_prints_has_exactly_the_documented_keys(
    typed: Typed, arguments: tuple[str, ...], command: str
) -> None:
    answer = json.loads(typed(*arguments, "--json").out)
    found = set(keys_of(answer))
    holders = {key for key in found if any(other.startswith(f"{key}[]") for other in found)}
    assert found - holders == documented(command)


def test_instants_are_utc_and_sentences_are_filled_in(office: Office) -> None:
    first = plain(listings.findings_listing(office, "2026-11", 20).records)[0]
    assert first["at"] == "2026-11-23T14:00:00.000000Z"
    assert first["text"] == "Entry refused: Unknown badge"
    page = plain(door_listings.door_listing(office, DoorFilter(text="陈静"), 50).records)
    assert (page["total"], page["rows"][0]["who"]) == (1, "陈静")


def test_clock_times_are_the_centres_and_other_days_are_named(office: Office) -> None:
    inside = door_listings.inside_listing(office)
    assert inside.rows[0][0] == "21:48"
    assert office.clock(office.now.replace(day=20)) == "11-20 22:30"
    assert office.day("yesterday").isoformat() == "2026-11-22"


def test_the_regulation_lists_all_44_articles_with_their_keepers(office: Office) -> None:
    rows = listings.regulation_listing(None).rows
    assert [row[0] for row in rows] == list(range(1, 45))
    assert {row[3] for row in rows} <= {"kept", "partly", "not yet kept"}
    assert {row[4] for row in rows} == {"—"}
