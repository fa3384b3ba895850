"""The demo: a centre with weeks of history, then a day played through the real parts until now.

History is made in this process through the public operations. The day is played through a real kiosk process whose
devices are virtual and whose clock is staged (``kiosk.clock``); the desk's part goes through the operations, each
signature with its own PIN.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from kiosk.clock import DEMO_MARK
from kiosk.demo.devices import KIOSK_NAME
from kiosk.demo.door import DemoError, DemoKiosk
from kiosk.demo.facts import DoorFacts, HandoverFacts, door_facts, handover_facts
from kiosk.demo.papers import DemoPapers, print_papers
from kiosk.demo.past import PastDoor, write_journal
from kiosk.demo.story import Story, begins_at, story
from kiosk.journal_file import WriterLock
from locales import N_, _
from operations import store
from operations.backup import BackupMade, make_backup
from operations.boundary import SYSTEM
from operations.centre import centre_info
from operations.demo_centre import DEMO_PIN, HISTORY_DAYS, DemoCentre, Member, build_demo_centre
from operations.demo_history import history, play, play_past
from operations.demo_planning import PLANNER, RosterFacts, plan_ahead, state_demand
from operations.demo_registers import RegisterFacts, past_registers, todays_registers
from operations.demo_roster import ZONE
from operations.demo_shift import Beat
from operations.findings import findings_by_article
from operations.people import people
from operations.today import today_board
from operations.verify import verify
from regulation.ledger import Head
from regulation.roles import ROLE_NAMES, Role
from settings import Home, home_folder, open_home

DEMO_FOLDER: Final = "demo"
SEED: Final = 7

STEP_HISTORY: Final = N_("Five weeks of history")
STEP_DAY: Final = N_("The day, through a real kiosk")
STEP_ROSTER: Final = N_("The roster to come")
STEP_REGISTERS: Final = N_("The registers")
STEP_PAPER: Final = N_("Paper and verification")

Progress = Callable[[str, int, int], None]
"""Told what happens, how much of it is done, and how much there is."""

_MARK_TEXT: Final = "This home was made by zhiban demo. It is removed when the demo starts again.\n"


@dataclass(frozen=True, slots=True)
class SignInHint:
    """Someone who may sign in at the demo's desk. ``role`` is a message; ``duty`` says why one would."""

    work_number: str
    name: str
    role: str
    pin: str
    duty: str


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What the demo left behind, read from its records."""

    home: Path
    centre: str
    time_zone: str
    played_from: datetime
    played_until: datetime
    seconds: float
    people: int
    teams: tuple[str, ...]
    sealed_shifts: int
    door: DoorFacts
    handover: HandoverFacts
    roster: RosterFacts
    registers: RegisterFacts
    backup: BackupMade
    waiting_visits: int
    open_items: int
    findings_by_article: tuple[tuple[int, int], ...]
    findings_before: int
    holds: bool
    heads: tuple[Head, ...]
    breaks: tuple[str, ...]
    papers: DemoPapers
    sign_in: tuple[SignInHint, ...]


def demo_home(given: Path | None = None) -> Path:
    """Return the demo's home: the one given, else ``demo`` in the platform's data folder."""
    return home_folder(given) if given is not None else home_folder() / DEMO_FOLDER


def play_demo(
    home_folder: Path,
    *,
    seed: int = SEED,
    on_progress: Progress | None = None,
    now: datetime,
    history_days: int = HISTORY_DAYS,
) -> DemoSummary:
    """Make the demo home anew and play its day until ``now``; stop its door; return what is there.

    Raises :class:`ZhibanError` for a folder that is not a demo home, and when a part of the demo does not work.
    """
    with _played(home_folder, seed, on_progress, now, history_days) as (summary, _kiosk):
        return summary


@contextmanager
def demo_day(
    home_folder: Path,
    *,
    seed: int = SEED,
    on_progress: Progress | None = None,
    now: datetime,
    history_days: int = HISTORY_DAYS,
) -> Iterator[DemoSummary]:
    """Play the demo like :func:`play_demo`; its door runs on, in the real time, until the block is left."""
    with _played(home_folder, seed, on_progress, now, history_days) as (summary, kiosk):
        kiosk.go_live()
        yield summary


@contextmanager
def _played(
    home_folder: Path, seed: int, on_progress: Progress | None, now: datetime, history_days: int
) -> Iterator[tuple[DemoSummary, DemoKiosk]]:
    """Play the day until ``now``; its door stands still at that moment until the block is left."""
    began, now = time.monotonic(), now.replace(microsecond=0)
    tell = on_progress or (lambda _what, _done, _of: None)
    home = _fresh_home(home_folder)
    store.open_database(home.database_url, key_file=home.key_file)
    with DemoKiosk(home) as kiosk:
        with store.connected():
            centre = build_demo_centre(now, history_days)
            state_demand(centre.members[PLANNER], centre.first.starts_at, centre.first.day)
            past_registers(centre, centre.first.starts_at)
            unfinished, door = _make_history(centre, seed, tell)
            write_journal(home.kiosk_folder, door.events)
            day = story(centre, kiosk, seed, unfinished, now)
            kiosk.start(day.begins_at, len(door.events))
            _play_day(day, kiosk, tell)
            kiosk.reported(now)
            tell(_(STEP_ROSTER), 0, 1)
            roster = plan_ahead(centre, now)
            tell(_(STEP_REGISTERS), 0, 1)
            kept = todays_registers(centre, centre.crew(day.now), now)
            backup = make_backup(SYSTEM, now, home, tell=lambda what, done, of: tell(_(what), done, of))
            summary = _summary(home, centre, day, kiosk, (roster, kept, backup), began, tell)
        yield summary, kiosk


def _fresh_home(folder: Path) -> Home:
    """Remove an earlier demo and make its home anew. Raises :class:`DemoError` rather than touch any other home."""
    mark = folder / DEMO_MARK
    try:
        if folder.exists() and any(folder.iterdir()) and not mark.is_file():
            raise DemoError(
                _("{folder} is not a demo home; the demo does not touch it.").format(folder=folder),
                next_step=_("Give an empty folder with --home, or none for the usual place."),
            )
        if mark.is_file():
            if (folder / "kiosk").is_dir():
                WriterLock(folder / "kiosk").release()  # a demo whose door still runs must be closed first
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark.write_text(_MARK_TEXT, encoding="utf-8")
        return open_home(folder)
    except OSError as error:
        raise DemoError(
            _("The demo home {folder} cannot be made: {why}.").format(folder=folder, why=error.strerror),
            next_step=_("Give an empty folder with --home, or none for the usual place."),
        ) from error


def _make_history(centre: DemoCentre, seed: int, tell: Progress) -> tuple[Sequence[Beat], PastDoor]:
    beats = history(centre, seed, centre.anchor.after(-2))
    ends_at = begins_at(centre)
    past = [beat for beat in beats if beat.at < ends_at]
    door = PastDoor(KIOSK_NAME)
    done = 0

    def played(_beat: Beat) -> None:
        nonlocal done
        done += 1
        tell(_(STEP_HISTORY), done, len(past))

    play_past(past, door, played)
    door.settle(ends_at)
    return beats[len(past) :], door


def _play_day(day: Story, kiosk: DemoKiosk, tell: Progress) -> None:
    done, said = 0, _(STEP_DAY)

    def played(beat: Beat) -> None:
        nonlocal done, said
        done += 1
        if beat.note:  # stays until there is something else to tell
            said = f"{beat.at.astimezone(ZONE):%H:%M} {beat.note}"
        tell(said, done, len(day.beats))

    play(day.beats, kiosk, played)


def _summary(
    home: Home,
    centre: DemoCentre,
    day: Story,
    kiosk: DemoKiosk,
    made: tuple[RosterFacts, RegisterFacts, BackupMade],
    began: float,
    tell: Progress,
) -> DemoSummary:
    now, (roster, kept, backup) = day.until, made
    tell(_(STEP_PAPER), 0, 2)
    papers = print_papers(home, centre.leader(day.now).actor, day.before.day, now)
    tell(_(STEP_PAPER), 1, 2)
    report = verify(SYSTEM, now, None)
    tell(_(STEP_PAPER), 2, 2)
    info, board = centre_info(SYSTEM, now), today_board(SYSTEM, now)
    found = findings_by_article(SYSTEM, now, day.begins_at, now)
    before = findings_by_article(SYSTEM, now, centre.first.starts_at, day.begins_at)
    return DemoSummary(
        home=home.folder,
        centre=info.name,
        time_zone=info.time_zone,
        played_from=day.begins_at,
        played_until=now,
        seconds=time.monotonic() - began,
        people=len(people(SYSTEM, now)),
        teams=tuple(team.name for team in info.teams),
        sealed_shifts=report.sealed_logs,
        door=door_facts(kiosk, day.begins_at, now),
        roster=roster,
        registers=kept,
        backup=backup,
        handover=handover_facts(centre.log_ids[day.before], now),
        waiting_visits=len(board.waiting),
        open_items=len(board.items),
        findings_by_article=tuple(sorted(found.items())),
        findings_before=sum(before.values()),
        holds=report.holds,
        heads=report.heads,
        breaks=tuple(f"{b.chain} {b.sequence}: {_(b.why)}" for b in report.breaks),
        papers=papers,
        sign_in=_hints(centre, day),
    )


def _hints(centre: DemoCentre, day: Story) -> tuple[SignInHint, ...]:
    running, following = centre.leader(day.now), centre.leader(day.now.after())
    people_and_why = (
        (running, N_("leads the shift that runs now")),
        (following, N_("leads the next shift, and takes over")),
        *((m, N_("rosters and approves")) for m in _with_role(centre, Role.SENIOR_SHIFT_LEADER)),
        *((m, N_("approves finally")) for m in _with_role(centre, Role.DEPUTY_MANAGER)),
        *((m, N_("keeps people and badges")) for m in _with_role(centre, Role.ADMIN)),
    )
    return tuple(
        SignInHint(member.number, member.name, ROLE_NAMES[member.actor.role], DEMO_PIN, why)
        for member, why in people_and_why
    )


def _with_role(centre: DemoCentre, role: Role) -> list[Member]:
    return [member for member in centre.members.values() if member.actor.role is role]
