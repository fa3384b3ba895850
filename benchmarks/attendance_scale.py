"""Judging a month and a year of attendance of 1,000 people, from ten years of stored door events.

One SQLite file with ten million events: everyone comes and goes by a rotation of three shifts, some late, and goes out
and in again without a permit most days: the dearest case, for each of these turns is a finding. A month is the whole
reading that the desk shows: every duty with its verdict and minutes, the sums of each person and each team, and what
blocks submission. The sheets are what is printed and submitted: the same with findings and evidence ids. Beside them,
in the same run, a bare SQL aggregation of the same store: each person's first entry and last exit by day of the same
month, which judges nothing. The same month is read again from a store that holds only its last year: the cost grows
with the month, not with the history.

``python -m benchmarks.attendance_scale [--events N] [--people N]``
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import models
from operations import attendance, attendance_judging, attendance_months, people, store
from operations.boundary import SYSTEM, Actor
from regulation.attendance_month import totals
from regulation.roles import Role
from tests.centre import build_centre
from tui.pauses import keep_pauses_short

EVENTS, PEOPLE, YEARS = 10_000_000, 1_000, 10
# Four teams take turns: early, middle, night, free; Asia/Shanghai is eight hours ahead of UTC.
SHIFTS = ((1, 22), (2, 6), (3, 14))
FIRST = date(2017, 1, 1)
LAST = date(2026, 11, 30)
MONTH = (date(2026, 10, 1), date(2026, 10, 31))
YEAR = (date(2025, 11, 1), date(2026, 10, 31))
NOW = datetime(2026, 12, 2, tzinfo=UTC)
DAY = timedelta(days=1)
LIMIT_SECONDS = 1.0
BATCH = 20_000


def main(events: int = EVENTS, staff: int = PEOPLE) -> None:
    """Fill the store, read a month and a year, print them beside the bare aggregation."""
    keep_pauses_short()  # as a desk runs
    with tempfile.TemporaryDirectory() as folder:
        build_centre(Path(folder))
        file = Path(folder) / "centre.db"
        started = time.perf_counter()
        stored = _fill(file, events, staff)
        print(f"{stored:,} door events of {staff:,} people in {time.perf_counter() - started:.0f} s")
        bare = sqlite3.connect(file)
        leader = _leader()
        month = _timed("one month", lambda: _month(leader))
        _timed("one month, with evidence", lambda: _sheets(leader))
        peer = _timed("the same month, bare SQL", lambda: _bare(bare, *MONTH))
        year = _timed("one year", _year, repeats=1)
        with bare:
            bare.execute("DELETE FROM door_event WHERE at < ?", (_text(datetime(2025, 11, 1, tzinfo=UTC)),))
        younger = _timed("one month, one year stored", lambda: _month(leader))
        bare.close()
        store.close_database()
        print(f"  month ÷ bare SQL {month / peer:.1f}   year ÷ month {year / month:.1f}", end="   ")
        print(f"ten years ÷ one year stored {month / younger:.2f}")
        print(f"  month {'within' if month < LIMIT_SECONDS else 'OVER'} its limit of {LIMIT_SECONDS:.0f} s")


def _leader() -> Actor:
    rows = people.people(SYSTEM, NOW)
    row = next(row for row in rows if row.role is Role.SENIOR_SHIFT_LEADER)
    return Actor(row.id, row.work_number, row.name, row.role, row.team)


def _month(leader: Actor) -> int:
    """What the desk asks for."""
    month = attendance.attendance_month(leader, NOW, MONTH[0])
    return sum(len(day) for row in month.rows for day in row.days)


def _sheets(leader: Actor) -> int:
    sheets = attendance_months.attendance_sheets(leader, NOW, MONTH[0])
    return sum(len(person.duties) for sheet in sheets for person in sheet.people)


def _year() -> int:
    """Every verdict of a year, and their sums."""

    def run() -> int:
        judged = attendance_judging.judged_between(*YEAR, NOW)
        return len(judged) if totals(one.counted for one in judged).rostered else 0

    return store.read(run)


def _bare(connection: sqlite3.Connection, first: date, last: date) -> int:
    sql = """
        SELECT person_id, substr(at, 1, 10), min(CASE direction WHEN 'in' THEN at END),
               max(CASE direction WHEN 'out' THEN at END)
        FROM door_event WHERE at >= ? AND at < ? AND person_id IS NOT NULL GROUP BY 1, 2
    """
    rows = connection.execute(sql, (first.isoformat(), (last + DAY).isoformat())).fetchall()
    return len(rows)


def _timed(name: str, run: Callable[[], int], repeats: int = 3) -> float:
    best = float("inf")
    for _again in range(repeats):
        started = time.perf_counter()
        rows = run()
        best = min(best, time.perf_counter() - started)
    print(f"  {name:<28}{best:8.3f} s{rows:>12,} rows")
    return best


# --- ten years of a centre ------------------------------------------------------------------------------------


def _fill(file: Path, events: int, people: int) -> int:
    ids = _newcomers(people)
    database = sqlite3.connect(file)
    database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000")
    shifts = dict(database.execute("SELECT code, id FROM shift_type"))
    kinds = (shifts["early"], shifts["middle"], shifts["night"])
    indexes = [row[0] for row in database.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'door_event' AND type = 'index' AND sql NOT NULL"
    )]  # fmt: skip
    for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE tbl_name = 'door_event' AND type = 'index' AND sql NOT NULL"
    ).fetchall():
        database.execute(f"DROP INDEX {name}")
    database.executemany(
        "INSERT INTO duty (person_id, shift_type_id, team_id, date, starts_at, ends_at, post, origin,"
        " roster_version, state, leave_kind, relieved_at) VALUES (?,?,?,?,?,?,'operator','pattern',0,'due','',?)",
        _duties(ids, kinds),
    )
    database.executemany(
        "INSERT OR IGNORE INTO shift_log (date, shift_type_id, starts_at, ends_at, state, sealed_content,"
        " digest) VALUES (?,?,?,?,'sealed','','')",
        _logs(kinds),
    )
    database.executemany(
        "INSERT INTO door_event (kiosk, sequence, at, reader, direction, badge, person_id, code, outcome,"
        " article, reason, findings, evidence, limits_version, snapshot_version, previous, hash, marks,"
        " uptime_ms) VALUES ('main',?,?,'in',?,'',?,?,?,20,'','[]','[]','',1,'','','[]',0)",
        _events(ids, events),
    )
    for sql in indexes:
        database.execute(sql)
    database.execute(
        "INSERT INTO kiosk_state (kiosk, seen_at, sequence, hash, snapshot_version, parts)"
        " VALUES ('main', ?, 0, '', 1, '{}')",
        (_text(NOW),),
    )
    database.execute("ANALYZE")
    database.commit()
    (count,) = database.execute("SELECT count(*) FROM door_event").fetchone()
    database.close()
    return int(count)


def _newcomers(count: int) -> list[tuple[int, int]]:
    """Everyone's id and team: 0 to 3."""

    def write() -> list[tuple[int, int]]:
        teams = [models.Team.create(code=f"T{n}", name=f"T{n}", position=10 + n).id for n in range(4)]
        person = models.Person
        rows = [
            {"work_number": f"9{n:05}", "name": f"p{n}", "role": "operator", "team": teams[n % 4]}
            for n in range(count)
        ]
        for place in range(0, count, 500):
            person.insert_many(rows[place : place + 500]).execute()
        made = person.select(person.id, person.team).where(person.work_number.startswith("9"))
        return [(row.id, row.team_id) for row in made]

    return store.write(write)


def _days() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += DAY


def _works(day: date, team: int) -> int | None:
    """Which shift a team works on a day: 0 early, 1 middle, 2 night, or none."""
    turn = (day.toordinal() + team) % 4
    return turn if turn < len(SHIFTS) else None


def _span(day: date, shift: int) -> tuple[datetime, datetime]:
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    hour = SHIFTS[shift][1]
    starts_at = begin + timedelta(hours=hour - 24 if hour > 20 else hour)
    return starts_at, starts_at + timedelta(hours=8)


def _duties(people: list[tuple[int, int]], kinds: tuple[int, ...]) -> Iterator[tuple[object, ...]]:
    for day in _days():
        for person, team in people:
            if (shift := _works(day, team)) is not None:
                begin, end = _span(day, shift)
                yield person, kinds[shift], team, day.isoformat(), _text(begin), _text(end), _text(end)


def _logs(kinds: tuple[int, ...]) -> Iterator[tuple[object, ...]]:
    for day in _days():
        for shift, kind in enumerate(kinds):
            begin, end = _span(day, shift)
            yield day.isoformat(), kind, _text(begin), _text(end)


def _events(people: list[tuple[int, int]], wanted: int) -> Iterator[tuple[object, ...]]:
    """Come and go for each duty; further turns out and in until there are as many events as wanted."""
    chance, sequence = random.Random(33), 0
    duties = sum(
        1 for day in _days() for team in {team for _p, team in people} if _works(day, team) is not None
    )
    duties *= len(people) // 4
    share = min(1.0, wanted / (2 * duties))
    more = max(0.0, (wanted - 2 * duties) / (2 * duties))
    for day in _days():
        passes: list[tuple[str, str, int]] = []
        for person, team in people:
            shift = _works(day, team)
            if shift is None or chance.random() > share:
                continue
            begin, end = _span(day, shift)
            passes.append((_text(begin + timedelta(seconds=chance.gauss(-1500, 500))), "in", person))
            passes.append((_text(end + timedelta(seconds=chance.uniform(30, 1500))), "out", person))
            for _turn in range(int(more) + (chance.random() < more % 1)):
                away = begin + timedelta(seconds=chance.uniform(3600, 25_000))
                passes.append((_text(away), "out", person))
                passes.append((_text(away + timedelta(seconds=300)), "in", person))
        for at, way, person in sorted(passes):
            sequence += 1
            code, outcome = ("granted", "granted") if way == "in" else ("released", "released")
            yield sequence, at, way, person, code, outcome


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--people", type=int, default=PEOPLE)
    chosen = parser.parse_args()
    main(chosen.events, chosen.people)
