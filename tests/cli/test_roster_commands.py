"""``zhiban roster show`` and ``zhiban roster publish``, as they are typed."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from operations import drafts, people, store
from operations.boundary import SYSTEM
from operations.drafts import Paint
from regulation.records import PersonStatus
from tests.centre import NOW, TODAY
from tests.cli.busy import Typed
from tests.cli.test_json_keys import documented, keys_of

AS = ("--as", "1003")
DAY = date(2026, 11, 28)


def open_centre(typed: Typed) -> None:
    """Open the command's centre for this test's own acts."""
    store.open_database(f"sqlite:///{typed.home / 'centre.db'}")


@pytest.fixture
def planned(typed: Typed) -> Typed:
    """A draft of three days: one new, one off, and an early shift right after a night."""
    open_centre(typed)
    ids = {row.work_number: row.id for row in people.people(SYSTEM, NOW)}
    tomorrow = TODAY + timedelta(days=1)
    cells = [
        Paint(ids["1017"], DAY, "early"),
        Paint(ids["1021"], tomorrow, None),
        Paint(ids["1022"], TODAY + timedelta(days=3), "early"),
    ]
    drafts.paint_draft(SYSTEM, NOW, cells)
    return typed


def test_a_month_is_shown_as_published_or_as_planned(planned: Typed) -> None:
    published, draft = (
        planned("roster", "show", "2026-11").out,
        planned("roster", "show", "2026-11", "--draft").out,
    )
    assert "◦" not in published
    assert draft.count("◦早") == 2
    assert draft.count("◦·") == 1
    assert planned("roster", "show", "2026-11", "--draft", "--team", "乙").out.count("◦") == 0
    month = json.loads(planned("roster", "show", "2026-11", "--json").out)
    (row,) = [row for row in month["rows"] if row["work_number"] == "1017"]
    assert [(cell["date"], cell["shift_code"]) for cell in row["draft"]] == [("2026-11-28", "early")]
    assert row["cells"][27] is None


def test_a_dry_run_shows_the_difference_and_the_warnings_and_changes_nothing(planned: Typed) -> None:
    shown = planned("roster", "publish", "2026-11", "--dry-run")
    assert shown.code == 0
    assert "early shift" in next(line for line in shown.out.splitlines() if "2026-11-28" in line)
    assert "rest warnings by house rule, as in EU 2003/88/EC Art. 3: 1" in shown.out
    assert "3 people are told." in shown.out
    assert planned("roster", "publish", "2026-11", "--dry-run").out == shown.out


def test_publishing_needs_a_leader_and_makes_the_draft_the_roster(planned: Typed) -> None:
    assert planned("roster", "publish", "2026-11", "--as", "1017").refused("may not", "Art. 2")
    done = json.loads(planned("roster", "publish", "2026-11", *AS, "--json").out)
    assert (done["published"], done["told"], len(done["changes"]), done["obstacles"]) == (True, 3, 3, [])
    assert set(keys_of(done)) | {f"obstacles[].{key}" for key in ("person_id", "day", "text", "article")} >= (
        documented("roster publish")
    )
    assert "◦" not in planned("roster", "show", "2026-11", "--draft").out
    assert planned("roster", "publish", "2026-11", *AS).refused("The draft is what is published already")


def test_what_stands_against_publishing_is_named_with_its_article(planned: Typed) -> None:
    open_centre(planned)
    people.set_person_status(SYSTEM, NOW, "1017", PersonStatus.SUSPENDED)
    assert (
        "✗ 2026-11-28 陈静 cannot be rostered. Art. 2"
        in planned("roster", "publish", "2026-11", "--dry-run").out
    )
    assert planned("roster", "publish", "2026-11", *AS).refused("cannot be rostered", "Art. 2")
    found = json.loads(planned("roster", "publish", "2026-11", "--dry-run", "--json").out)
    assert set(keys_of(found)) - {"changes", "obstacles"} == documented("roster publish")
