"""Art. 33: a clock that jumped is noticed, its events are marked, and it is trusted again by a stated rule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.clockwatch import AGREES_SECONDS, ClockNote, ClockWatch, Kept, Trust, compared, first_look, looked
from kiosk.process import Kiosk
from regulation.doorlog import CLOCK_SUSPECT
from tests.kiosk.rig import running_rig, until
from tests.kiosk.scene import UNKNOWN

RIGHT = Trust(1000.0, 1000.0)
STEP = AGREES_SECONDS


@pytest.mark.parametrize(
    ("step", "suspect"), [(STEP, False), (-STEP, False), (STEP + 0.01, True), (-STEP - 0.01, True)]
)
def test_a_step_of_two_seconds_is_none_and_a_little_more_is_one(step: float, suspect: bool) -> None:
    trust, jump = looked(RIGHT, 1050.0 + step, 50.0)
    assert trust.suspect is suspect
    assert jump == pytest.approx(step if suspect else 0.0)


def test_a_clock_that_is_drawn_slowly_stays_trusted_however_far_it_goes() -> None:
    trust = RIGHT
    for look in range(1000):
        trust, jump = looked(trust, 1000.0 + look + look * 0.5, float(look))
        assert jump == 0.0
    assert not trust.suspect


@pytest.mark.parametrize(("back_to", "suspect"), [(0.0, False), (STEP, False), (STEP + 0.01, True)])
def test_a_clock_that_is_set_back_is_trusted_again(back_to: float, suspect: bool) -> None:
    jumped, _jump = looked(RIGHT, 1050.0 + 3600, 50.0)
    again, jump = looked(jumped, 1060.0 + back_to, 60.0)
    assert again.suspect is suspect
    assert jump


@pytest.mark.parametrize(
    ("ahead", "suspect"), [(STEP, False), (-STEP, False), (STEP + 0.01, True), (-60.0, True)]
)
def test_the_centres_clock_decides(ahead: float, suspect: bool) -> None:
    assert compared(RIGHT, ahead).suspect is suspect
    assert compared(Trust(4600.0, 1000.0, suspect=True), ahead).suspect is suspect


def test_after_a_jump_that_the_centre_confirms_the_new_time_is_the_trusted_one() -> None:
    jumped, _jump = looked(RIGHT, 4650.0, 50.0)
    confirmed = compared(jumped, 0.3)
    assert confirmed == Trust(4600.0, 4600.0)
    assert looked(confirmed, 1060.0, 60.0)[0].suspect, "going back is a jump now"


KEPT = Kept("boot a", wall=1_000_000.0, offset=999_000.0, trusted=999_000.0, suspect=False)


@pytest.mark.parametrize(
    ("boot", "wall", "up", "last_event", "suspect"),
    [
        ("boot a", 1_000_100.0, 1100.0, 0.0, False),  # both clocks went on
        ("boot a", 1_003_700.0, 1100.0, 0.0, True),  # an hour too much in the same boot
        ("boot a", 996_500.0, 1100.0, 0.0, True),
        ("boot b", 2_000_000.0, 10.0, 0.0, False),  # off for long: nobody can tell
        ("boot b", 1_000_000.0 - STEP, 10.0, 0.0, False),
        ("boot b", 1_000_000.0 - STEP - 0.01, 10.0, 0.0, True),  # before what was seen
        ("boot b", 1_000_100.0, 10.0, 1_000_200.0, True),  # before the journal's last event
        ("boot b", 1_000_100.0, 10.0, 1_000_100.0, False),
    ],
)
def test_a_start_compares_with_what_was_seen_last(
    boot: str, wall: float, up: float, last_event: float, suspect: bool
) -> None:
    trust, jump = first_look(KEPT, boot, wall, up, last_event)
    assert trust.suspect is suspect
    assert bool(jump) is suspect


def test_suspicion_survives_a_restart_within_one_boot() -> None:
    suspect = Kept("boot a", 1_003_600.0, 1_002_600.0, 999_000.0, suspect=True)
    assert first_look(suspect, "boot a", 1_003_700.0, 1100.0, 0.0)[0].suspect
    assert not first_look(suspect, "boot b", 1_003_700.0, 10.0, 0.0)[0].suspect


def test_without_anything_kept_the_journals_last_event_is_what_was_seen() -> None:
    assert first_look(None, "boot a", 100.0, 10.0, 103.0)[0].suspect
    assert not first_look(None, "boot a", 100.0, 10.0, 0.0)[0].suspect


@dataclass
class Clocks:
    """A machine's clocks, set by the test."""

    wall: float = 1_000_000.0
    up: float = 500.0
    boot: str = "boot a"
    kept_right: bool = False

    def watch(self, folder: Path) -> ClockWatch:
        return ClockWatch(
            folder, wall=lambda: self.wall, up=lambda: self.up, boot=lambda: self.boot,
            kept_right=lambda: self.kept_right,
        )  # fmt: skip

    def pass_seconds(self, seconds: float) -> None:
        self.wall += seconds
        self.up += seconds


def test_a_thread_that_lost_its_turn_between_the_two_clocks_has_seen_no_jump(tmp_path: Path) -> None:
    clocks = Clocks()
    turns: list[float] = []  # seconds that pass before the wall clock is read

    def wall() -> float:
        clocks.pass_seconds(turns.pop() if turns else 0.0)
        return clocks.wall

    watch = ClockWatch(tmp_path, wall=wall, up=lambda: clocks.up, boot=lambda: "boot a", kept_right=bool)
    watch.start()
    turns.append(3.0)
    assert watch.stamp()[1] == ()
    assert watch.notes() == []


def test_events_carry_the_uptime_and_a_mark_from_the_jump_until_ntp_keeps_the_time(tmp_path: Path) -> None:
    clocks = Clocks()
    watch = clocks.watch(tmp_path)
    watch.start()
    assert watch.stamp() == (500_000, ())
    clocks.wall += 7200
    assert watch.stamp() == (500_000, (CLOCK_SUSPECT,))
    assert watch.notes() == [ClockNote("note.clock_jumped", 7200)]
    assert watch.notes() == [], "said once"
    assert "7200" in watch.word
    watch.tend()
    assert watch.stamp()[1] == (CLOCK_SUSPECT,)
    clocks.kept_right = True
    watch.tend()
    assert watch.stamp()[1] == ()
    assert [note.code for note in watch.notes()] == ["note.clock_right"]
    assert watch.word == "ok"


def test_ntp_is_not_believed_against_the_centre(tmp_path: Path) -> None:
    clocks = Clocks(kept_right=True)
    watch = clocks.watch(tmp_path)
    watch.start()
    watch.compare(90.0)
    watch.tend()
    assert watch.stamp()[1] == (CLOCK_SUSPECT,)
    assert "-90" in watch.word
    clocks.wall += 90
    assert watch.stamp()[1] == (), "set to the centre's time"
    assert watch.word == "ok"


def test_the_next_start_in_the_same_boot_sees_a_jump_that_happened_while_the_door_was_down(
    tmp_path: Path,
) -> None:
    clocks = Clocks()
    first = clocks.watch(tmp_path)
    first.start()
    first.tend()
    clocks.pass_seconds(60)
    clocks.wall -= 600
    again = clocks.watch(tmp_path)
    again.start()
    assert again.notes() == [ClockNote("note.clock_jumped", -600)]
    again.tend()
    third = clocks.watch(tmp_path)
    third.start()
    assert third.notes() == []
    assert third.stamp()[1] == (CLOCK_SUSPECT,), "a restart by the watchdog clears nothing"
    clocks.boot, clocks.up = "boot b", 3.0
    clocks.wall += 700
    fourth = clocks.watch(tmp_path)
    fourth.start()
    assert fourth.stamp()[1] == ()


def test_a_door_whose_clock_jumps_records_it_and_marks_its_events_until_it_is_right(tmp_path: Path) -> None:
    clocks = Clocks()

    def prepare(kiosk: Kiosk) -> None:
        watch = clocks.watch(tmp_path)
        watch.start()
        kiosk.door.watch_clock(watch)

    with running_rig(tmp_path, prepare=prepare) as rig:
        rig.entry.swipe(UNKNOWN)
        rig.wait_for_codes("refused.unknown_badge")
        clocks.wall -= 3600
        rig.wait_for_codes("note.clock_jumped")
        rig.exit.swipe(UNKNOWN)
        rig.wait_for_codes("released.unknown_badge")
        clocks.wall += 3600
        rig.wait_for_codes("note.clock_right")
        rig.exit.swipe("7777")
        until(lambda: len(rig.events) == 5)
        marked = [(event.code, CLOCK_SUSPECT in event.marks) for event in rig.events]
        assert marked == [
            ("refused.unknown_badge", False),
            ("note.clock_jumped", True),
            ("released.unknown_badge", True),
            ("note.clock_right", False),
            ("released.unknown_badge", False),
        ]
        assert all(event.uptime_ms == 500_000 for event in rig.events)
        assert rig.events[1].reason == "-3600 s"
        assert rig.events[1].article == 33
