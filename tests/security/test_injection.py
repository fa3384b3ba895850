"""What people write is read and never acts: on screens, on paper, in spreadsheets, in tables, in a terminal (Art. 32)."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import models
from operations import people, shiftlog, store, visits
from operations.boundary import SYSTEM
from regulation.roles import Role
from settings import ZhibanError, open_home
from tests.centre import NOW, TODAY, Built
from tests.cli.busy import Typed, stop_the_clock
from tests.operations.acts import LEADER, REQUEST
from tests.reports.reading import bare, pages_of
from tests.security.hostile import ATTACKS, SEEN, free_text, harmless, hostile_centre
from tests.tui.desk import Clock, Desk, open_desk
from tui.app import DeskApp

DAY = TODAY.isoformat()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hostile centre that every test here only reads."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile_centre(folder)
    store.close_database()
    models.database.obj = None
    return folder


@pytest.fixture
def said(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Typed]:
    """Commands at the hostile centre."""
    stop_the_clock(monkeypatch)
    yield Typed(home, monkeypatch)
    store.close_database()


def test_there_is_something_to_attack() -> None:
    names = {f"{table.__name__}.{field.name}" for table, field in free_text()}
    assert {"LogEntry.text", "Person.name", "Visit.visitor", "Team.name", "OpenItem.title"} <= names
    assert len(names) > 50


async def test_screens_show_it_as_it_was_written(home: Path) -> None:
    app = DeskApp(open_home(home), clock=Clock())
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        desk = Desk(app, pilot, Clock(), None)
        await desk.until(lambda: app.feed is not None)
        await desk.sign_in()
        seen = {}
        for mode in ("1", "2", "3", "4", "5", "6", "8"):
            await desk.press(mode)
            seen[mode] = desk.text()
            assert not app.screen.query("#trouble").first().display, desk.text()
        await desk.press("1", "ctrl+p")
        seen["palette"] = desk.text()
    assert all(harmless(text) for text in seen.values())
    for mode in ("1", "2", "3", "4", "6"):
        assert "[red]" in seen[mode], seen[mode]


PAPERS = {
    "the daily log": ("print", DAY, "--pdf", "{file}"),
    "the attendance": ("attendance", "2026-11", "--pdf", "{file}"),
    "the roster": ("roster", "export", "2026-11", "--pdf", "{file}"),
    "the door log": ("door", "log", "--pdf", "{file}"),
    "the entry register": ("door", "register", DAY, "--pdf", "{file}"),
    "the muster list": ("door", "muster", "--pdf", "{file}"),
    "the assessment": ("assessment", "2026-11", "--pdf", "{file}"),
}


@pytest.mark.parametrize("arguments", PAPERS.values(), ids=PAPERS)
def test_paper_prints_it_as_it_was_written(said: Typed, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    file = tmp_path / "paper.pdf"
    answer = said(*(part.format(file=file) for part in arguments))
    assert answer.code == 0, answer.error
    text = bare("".join(pages_of(file.read_bytes())))
    assert bare(SEEN) in text
    assert "\x1b" not in text
    assert "\u202e" not in text


BOOKS = {
    "the attendance": ("attendance", "2026-11", "--xlsx", "{file}"),
    "the roster": ("roster", "export", "2026-11", "--xlsx", "{file}"),
    "the assessment": ("assessment", "2026-11", "--xlsx", "{file}"),
}


@pytest.mark.parametrize("arguments", BOOKS.values(), ids=BOOKS)
def test_a_spreadsheet_holds_it_as_text_and_no_formula(
    said: Typed, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    file = tmp_path / "book.xlsx"
    answer = said(*(part.format(file=file) for part in arguments))
    assert answer.code == 0, answer.error
    cells = [cell for sheet in openpyxl.load_workbook(file) for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any(SEEN in str(cell.value) for cell in cells)


TABLES = {
    "the door log": ("door", "log", "--csv", "-"),
    "the entry register": ("door", "register", DAY, "--csv", "-"),
    "the roster": ("roster", "export", "2026-11", "--wide-csv", "-"),
}


@pytest.mark.parametrize("arguments", TABLES.values(), ids=TABLES)
def test_no_cell_of_a_csv_begins_as_a_formula(said: Typed, arguments: tuple[str, ...]) -> None:
    answer = said(*arguments)
    assert answer.code == 0, answer.error
    cells = [cell for row in csv.reader(io.StringIO(answer.out)) for cell in row]
    assert any(SEEN in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r") or cell.startswith("-2")]


LISTS = [
    ("people", "list"),
    ("today",),
    ("log", "show", DAY),
    ("log", "search", "red"),
    ("door", "log"),
    ("door", "inside"),
    ("leave", "list"),
    ("reasons", "list"),
    ("assessment", "2026-11"),
    ("audit",),
    ("print", DAY, "--text"),
]


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_a_terminal_gets_nothing_that_acts_on_it(said: Typed, arguments: tuple[str, ...]) -> None:
    answer = said(*arguments)
    assert answer.code == 0, answer.error
    assert harmless(answer.out), [sign for sign in answer.out if not harmless(sign)]


def test_a_program_gets_exactly_what_was_written(said: Typed) -> None:
    names = {row["name"] for row in json.loads(said("people", "list", "--json").out)}
    assert all(any(name.startswith(attack) for attack in ATTACKS) for name in names)


# --- what no field can hold -----------------------------------------------------------------------------------

ROUGH = [
    "\x00nul",
    "lone \ud800 surrogate",
    "long" * 50_000,
    "\u202e" * 300,
    "' OR 1=1; DROP TABLE person; --",
]


@pytest.mark.parametrize("rough", ROUGH, ids=["nul", "surrogate", "long", "marks", "sql"])
def test_a_field_takes_it_whole_or_refuses_it_in_words(centre: Built, rough: str) -> None:
    leader = centre.actors[LEADER]
    draft = shiftlog.EntryDraft("notice", rough, NOW, seat=rough, asset=rough, department=rough)
    visit = visits.VisitRequest(**{**_fields(REQUEST), "visitor": rough, "unit": rough, "reference": rough})
    person = people.NewPerson("1099", rough, Role.OPERATOR)
    for attempt in (
        lambda: shiftlog.write_entry(leader, NOW, draft),
        lambda: shiftlog.write_entry(leader, NOW, shiftlog.EntryDraft("notice", rough, NOW)),
        lambda: visits.request_visit(leader, NOW, visit),
        lambda: people.add_person(SYSTEM, NOW, person),
        lambda: people.people(centre.actors["3001"], NOW),
    ):
        _kept_or_refused(attempt)
    assert store.read(lambda: models.Person.select().count()) >= 11


def _kept_or_refused(attempt: Any) -> None:
    with contextlib.suppress(ZhibanError):
        attempt()


def _fields(request: visits.VisitRequest) -> dict[str, Any]:
    return {name: getattr(request, name) for name in request.__slots__}


async def test_a_hostile_name_in_a_form_is_taken_as_it_is(tmp_path: Path) -> None:
    async with open_desk(tmp_path, size=(80, 24)) as desk:
        await desk.sign_in()
        await desk.press("n")
        await desk.type(ATTACKS[0].replace("\x1b", "").replace("\u202e", "").replace("\u200b", ""))
        assert "[red]{x}[/]" in desk.text()
