"""``zhiban verify`` and ``zhiban print`` on a centre whose night shift was handed over."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from operations import store
from operations.signin import kiosk_actor
from tests.cli.command import Zhiban
from tests.cli.lived import DOOR, Lived

DAY = "2026-11-23"


def change(home: Path, *statements: str) -> None:
    """Change the database behind the program's back, as someone with the file could."""
    with sqlite3.connect(home / "centre.db") as database:
        for trigger in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger[0]}"')
        for statement in statements:
            assert database.execute(statement).rowcount == 1
    database.close()


def test_untouched_records_hold_and_the_signed_digest_is_found(zhiban: Zhiban, lived: Lived) -> None:
    printed = " ".join(lived.digest[at : at + 4] for at in range(0, 16, 4))
    answer = zhiban("verify", "--digest", printed)
    assert (answer.code, answer.error) == (0, "")
    assert f"✓ The printed digest stands at day:{DAY}" in answer.out or f"log:{DAY} night" in answer.out
    report = json.loads(zhiban("verify", "--json").out)
    assert report["holds"]
    assert [head["chain"] for head in report["heads"]] == ["centre", f"door:{DOOR}"]


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        (
            "UPDATE door_event SET code = 'granted' WHERE sequence = 4",
            f"door:{DOOR} 4: the record was changed",
        ),
        ("DELETE FROM door_event WHERE sequence = 2", f"door:{DOOR} 2: a record is missing"),
        ("DELETE FROM door_event WHERE sequence = 6", f"door:{DOOR} 6: a record is missing"),
    ],
)
def test_a_changed_a_removed_and_a_cut_record_are_named(
    zhiban: Zhiban, lived: Lived, statement: str, place: str
) -> None:
    change(lived.home, statement)
    answer = zhiban("verify")
    assert answer.refused("do not hold", "Art. 33", "backup")
    assert f"✗ {place}" in answer.out


def test_a_digest_that_is_nowhere_fails(zhiban: Zhiban, lived: Lived) -> None:
    answer = zhiban("verify", "--digest", "00000000deadbeef", "--json")
    assert answer.code == 1
    assert not json.loads(answer.out)["holds"]


def test_the_doors_own_journal_must_tell_what_the_centre_holds(zhiban: Zhiban, lived: Lived) -> None:
    journal = lived.home / "kiosk" / "journal"
    journal.parent.mkdir()
    _journal_from_the_centre(lived.home, journal, 6)
    report = json.loads(zhiban("verify", "--json").out)
    assert report["holds"]
    assert {"chain": f"journal:{DOOR}", "sequence": 6} in [
        {key: head[key] for key in ("chain", "sequence")} for head in report["heads"]
    ]
    shutil.rmtree(journal)
    _journal_from_the_centre(lived.home, journal, 5)
    assert f"✗ journal:{DOOR} 6: " in zhiban("verify").out


def _journal_from_the_centre(home: Path, journal: Path, upto: int) -> None:
    """Write the centre's door events into a journal, as the kiosk would have kept them."""
    import models
    from kiosk.journal_file import Marks, write_log
    from regulation.doorlog import hashed_form
    from regulation.ledger import canonical

    store.open_database(f"sqlite:///{home / 'centre.db'}")
    event = models.DoorEvent
    names = [name for name in event._meta.sorted_field_names if name not in ("previous", "hash")]
    with store.connected():
        rows = list(event.select().where(event.sequence <= upto).order_by(event.sequence))
    bodies = [canonical(hashed_form({name: getattr(row, name) for name in names})) for row in rows]
    stored = [(row.sequence, row.previous, row.hash, body) for row, body in zip(rows, bodies, strict=True)]
    write_log(journal, stored, Marks())
    assert kiosk_actor(DOOR)


def test_the_log_of_a_day_prints_as_text_and_again_as_a_reprint(zhiban: Zhiban, lived: Lived) -> None:
    answer = zhiban("print", DAY, "--text")
    assert (answer.code, answer.error) == (0, "")
    assert "城东客服中心" in answer.out
    assert "3 号配线架告警" in answer.out
    assert "the command line" in answer.out
    chinese = zhiban("print", DAY, "--text", "--lang", "zh").out
    assert "值班日志" in chinese


def test_a_sealed_day_is_marked_when_it_is_printed_again(zhiban: Zhiban, lived: Lived) -> None:
    seal_the_early_shift_away(lived.home)
    first, second = zhiban("print", DAY, "--text").out, zhiban("print", DAY, "--text").out
    assert "[DRAFT]" not in first
    assert "REPRINT" not in first.upper()
    assert "REPRINT" in second.upper()


def seal_the_early_shift_away(home: Path) -> None:
    """Leave the day with its sealed night shift only: a day counts as sealed when all of its shifts are."""
    with sqlite3.connect(home / "centre.db") as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("DELETE FROM shift_log WHERE date = ? AND state = 'open'", (DAY,))
    database.close()


def test_a_pdf_goes_to_the_paper_folder_or_where_it_is_told(
    zhiban: Zhiban, lived: Lived, tmp_path: Path
) -> None:
    assert zhiban("print", DAY).code == 0
    assert (lived.home / "paper" / f"zhiban-{DAY}.pdf").read_bytes().startswith(b"%PDF")
    assert zhiban("print", DAY, "--pdf", str(tmp_path / "x.pdf")).code == 0
    assert (tmp_path / "x.pdf").stat().st_mode & 0o077 == 0


def test_a_pdf_that_cannot_be_written_is_no_printing(zhiban: Zhiban, lived: Lived) -> None:
    assert zhiban("print", DAY, "--pdf", "/nonexistent/x.pdf").refused("/nonexistent/x.pdf", "folder")
    database = sqlite3.connect(lived.home / "centre.db")
    assert database.execute("SELECT count(*) FROM printing").fetchone() == (0,)
    database.close()
