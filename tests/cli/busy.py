"""A centre in the middle of its night: staff and a visitor inside, a refusal, an alarm, a temporary badge that is out.

Its clock stands at ``AT``: the command runs in this process and is handed that clock.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

import cli
import locales
from operations import badges, door, shiftlog, store, visits
from regulation.access import DoorVerdict
from regulation.findings import Finding
from tests.centre import NOW, PIN, SHIFT_STARTS, build_centre
from tests.cli.command import Answer
from tests.operations.acts import LEADER, MINUTE, OPERATOR, Door, approved_visit, own_badge, visitor_badge
from tui.commands import answers, lookups

AT = NOW + 20 * MINUTE
TEMPORARY_LABEL = "T-01"
HOSTILE_NAME = '=HYPERLINK("http://x.example","李")'


@dataclass(frozen=True)
class Busy:
    """Where the centre is, and its visitor."""

    home: Path
    visit_id: int


def live_busily(home: Path) -> Busy:
    """Build the centre below ``home``."""
    home.mkdir(mode=0o700)
    built = build_centre(home)
    kiosk = Door("main")
    kiosk.reads(own_badge(LEADER), SHIFT_STARTS - 12 * MINUTE)
    kiosk.reads(own_badge(OPERATOR), SHIFT_STARTS - 10 * MINUTE)
    kiosk.reads("deadbeef", SHIFT_STARTS)
    row = approved_visit(
        built, visitor=HOSTILE_NAME, job_title="工程师", phone="13800001234", carried="笔记本电脑 1 台"
    )
    kiosk.admits(visitor_badge(row.badge_label), own_badge(OPERATOR), NOW + MINUTE)
    kiosk.leaves(own_badge(LEADER), NOW + 2 * MINUTE)
    forced = Finding("door_forced", NOW + 3 * MINUTE, limits_version="x")
    kiosk.notes(DoorVerdict("alarm.forced", findings=(forced,), limits_version="x"), NOW + 3 * MINUTE, "")
    kiosk.sends(NOW + 4 * MINUTE)
    door.report_kiosk(kiosk.actor, AT, "main", {"reader in": "ok"}, 0, 1)
    badges.lend_temporary_badge(built.actors[LEADER], NOW, "1022", TEMPORARY_LABEL, "忘在家里")
    draft = shiftlog.EntryDraft("abnormal", "3 号配线架告警", NOW, told_whom="维护 张工", open_item=True)
    shiftlog.write_entry(built.actors[LEADER], NOW, draft)
    store.close_database()
    assert isinstance(row, visits.VisitRow)
    return Busy(home, row.id)


@dataclass(frozen=True)
class Typed:
    """Runs commands in this process, in one home, at one time."""

    home: Path
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, language: str = "en", pin: str = PIN) -> Answer:
        before, hook = locales.language(), sys.excepthook
        self.monkeypatch.setenv("ZHIBAN_PIN", pin)
        self.monkeypatch.setenv("COLUMNS", "140")
        out, error = Output(), io.StringIO()
        try:
            with redirect_stdout(out), redirect_stderr(error):
                code = cli.main(["--home", str(self.home), "--lang", language, *arguments])
        finally:
            locales.set_language(before)
            sys.excepthook = hook
            store.close_database()
        return Answer(code, out.getvalue(), error.getvalue())


class Output(io.StringIO):
    """Keeps line ends as they are written."""

    def __init__(self) -> None:
        super().__init__(newline="")


def stop_the_clock(monkeypatch: pytest.MonkeyPatch, at: datetime = AT) -> Callable[[], datetime]:
    """Hand every command the same moment."""

    def clock() -> datetime:
        return at

    for module in (answers, cli, lookups):
        monkeypatch.setattr(module, "clock", clock)
    return clock
