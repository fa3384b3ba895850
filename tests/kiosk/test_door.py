"""The engine: durable before unlocked before shown; exits free and entries refused whatever the disk does."""

from __future__ import annotations

import time
from pathlib import Path

from kiosk.arrivals import DRAINED_SECONDS
from kiosk.inputs import Key
from kiosk.journal_file import JournalReader
from kiosk.recording import ENTRY_PATIENCE_SECONDS, EXIT_PATIENCE_SECONDS
from regulation.ledger import Head, check_chain
from tests.kiosk.rig import Rig, running_rig, until
from tests.kiosk.scene import ALSO_ON_DUTY, EMPLOYEE, OFF_DUTY, ON_DUTY, UNKNOWN, VISITOR
from tests.kiosk.test_journal import disk_full, hanging_disk


def stored_codes(rig: Rig) -> list[str]:
    return [event.code for event in JournalReader(rig.kiosk.journal.folder).since(0, 1000)]


def test_a_badge_is_recorded_opens_the_strike_and_is_shown(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.entry.swipe(ON_DUTY)
        rig.wait_for_codes("granted.relief_late")
        rig.wait_for_pulses(1)
        rig.wait_for_view("granted.relief_late")
        assert rig.relay.wait_for(lambda relay: not relay.is_on(), 5), "the strike locks by itself"
        assert stored_codes(rig) == ["granted.relief_late"]


def test_a_refused_badge_does_not_open(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.entry.swipe(UNKNOWN)
        rig.wait_for_codes("refused.unknown_badge")
        rig.exit.swipe(ON_DUTY)
        rig.wait_for_pulses(1)
        assert rig.pulses == 1


def test_art20_visitor_and_escort_come_in_as_two_events_and_one_release(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.entry.swipe(VISITOR)
        rig.wait_for_codes("pending.escort")
        rig.entry.swipe(ON_DUTY)
        rig.wait_for_codes("granted.escort", "granted.visitor")
        rig.wait_for_pulses(1)
        rig.exit.swipe(ON_DUTY)
        rig.wait(lambda r: any(event.direction == "out" for event in r.events))
        (left,) = (event for event in rig.events if event.direction == "out")
        findings = [finding["code"] for finding in left.findings]
        assert "visitor_left_behind" in findings, "the escort's duty is known to the exit"


def test_art20_the_escort_window_ends_by_itself(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.entry.swipe(VISITOR)
        rig.wait_for_codes("pending.escort")
        rig.clock.advance(29.9)
        rig.wait_for_codes("refused.no_escort")
        assert rig.pulses == 0


def test_a_key_answers_the_question_of_someone_off_duty(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.entry.swipe(OFF_DUTY)
        rig.wait_for_codes("pending.reason")
        rig.kiosk.door.put(Key("1"))
        rig.wait_for_codes("granted.off_duty")
        rig.wait_for_pulses(1)


def test_who_is_inside_and_who_leads_whom_survives_a_restart(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.entry.swipe(VISITOR)
        rig.wait_for_codes("pending.escort")
        rig.entry.swipe(ON_DUTY)
        rig.wait_for_codes("granted.escort", "granted.visitor")
    with running_rig(tmp_path, None) as rig:
        rig.entry.swipe(VISITOR)
        rig.wait_for_codes("refused.visitor_inside")
        rig.exit.swipe(VISITOR)
        rig.wait_for_codes("released")


def test_an_exit_is_released_within_its_bound_while_nothing_can_be_recorded(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.exit.swipe(ON_DUTY)
        rig.wait_for_pulses(1)
        with hanging_disk():
            before = time.monotonic()
            rig.exit.swipe(OFF_DUTY)
            rig.wait_for_pulses(2)
            waited = rig.relay.switches[-1].at_monotonic - before
            assert waited < EXIT_PATIENCE_SECONDS + 2.0
            assert len(stored_codes(rig)) == 1, "it was released before it was recorded"
        until(lambda: len(stored_codes(rig)) == 2, "the record that was owed")
        assert stored_codes(rig)[-1].startswith("released")


def test_an_entry_that_cannot_be_recorded_is_refused_in_words_and_leaves_nobody_inside(
    tmp_path: Path,
) -> None:
    with running_rig(tmp_path) as rig:
        rig.exit.swipe(OFF_DUTY)
        rig.wait_for_pulses(1)
        with hanging_disk():
            rig.entry.swipe(ON_DUTY)
            rig.wait_for_view("refused.cannot_be_recorded")
        assert rig.pulses == 1
        assert ENTRY_PATIENCE_SECONDS > EXIT_PATIENCE_SECONDS
    with running_rig(tmp_path, None) as rig:
        rig.entry.swipe(ON_DUTY)
        rig.wait_for_codes("granted.relief_late")


def test_exits_do_not_wait_behind_an_entry_that_waits_for_the_disk(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.exit.swipe(OFF_DUTY)
        rig.wait_for_pulses(1)
        with hanging_disk():
            rig.entry.swipe(ON_DUTY)
            rig.exit.swipe(OFF_DUTY)
            rig.wait_for_pulses(2)
            assert "refused.cannot_be_recorded" not in [view.code for view in rig.views]


def test_a_badge_that_was_read_while_the_disk_hung_opens_nothing_later(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        with hanging_disk():
            rig.entry.swipe(ON_DUTY)
            rig.wait_for_view("refused.cannot_be_recorded")
            rig.entry.swipe(
                ALSO_ON_DUTY
            )  # waits in the port: the thread that would read it waits for the disk
            rig.entry.swipe(OFF_DUTY)
        rig.wait_for_codes("granted.relief_late", "refused.cannot_be_recorded")
        until(lambda: rig.kiosk.journal.sequence == 2)
        rig.exit.swipe(UNKNOWN)
        rig.wait_for_pulses(1)
        assert stored_codes(rig)[2:] == ["released.unknown_badge"]
        drained = time.monotonic() + 2 * DRAINED_SECONDS
        until(lambda: time.monotonic() > drained)
        rig.entry.swipe(ALSO_ON_DUTY)
        rig.wait_for_pulses(2)


def test_many_exits_leave_while_an_entry_and_the_disk_hang(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        with hanging_disk():
            rig.entry.swipe(ON_DUTY)
            for number in range(1, 6):
                rig.exit.swipe((OFF_DUTY, EMPLOYEE)[number % 2])
                rig.wait_for_pulses(number)
            assert stored_codes(rig) == []
        until(lambda: sum(code.startswith("released") for code in stored_codes(rig)) == 5)
        assert isinstance(check_chain("main", JournalReader(rig.kiosk.journal.folder).links()), Head)


def test_a_full_disk_refuses_entry_frees_exit_and_recovers_by_itself(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.entry.swipe(UNKNOWN)
        rig.wait_for_codes("refused.unknown_badge")
        with disk_full():
            rig.entry.swipe(ON_DUTY)
            rig.wait_for_view("refused.cannot_be_recorded")
            assert rig.pulses == 0
            rig.exit.swipe(OFF_DUTY)
            rig.wait_for_pulses(1)
            assert rig.kiosk.lights()[1] != "ok"
        rig.clock.advance(5)
        rig.entry.swipe(ON_DUTY)
        rig.wait_for_codes("granted.relief_late")
        until(lambda: rig.kiosk.lights()[1] == "ok")
        assert isinstance(check_chain("main", JournalReader(rig.kiosk.journal.folder).links()), Head)


def test_a_strike_that_does_not_answer_is_shown_and_the_next_reader_still_decides(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.relay.unplug()
        rig.entry.swipe(ON_DUTY)
        rig.wait(lambda r: any(v.text == "The door does not open by itself" for v in r.views))
        assert rig.kiosk.parts()["strike"] != "ok"
        rig.relay.replug()
        rig.clock.advance(5)
        until(lambda: rig.kiosk.strike.health.state == "online")
        rig.entry.swipe(ON_DUTY)
        rig.wait_for_pulses(1)
        until(lambda: rig.kiosk.parts()["strike"] == "ok")


def test_a_reader_that_is_unplugged_is_named_and_works_again_when_it_is_back(tmp_path: Path) -> None:
    with running_rig(tmp_path) as rig:
        rig.entry.unplug()
        until(lambda: rig.kiosk.parts()["reader in"] == "missing")
        assert rig.kiosk.lights()[0] == "fault"
        rig.exit.swipe(ON_DUTY)
        rig.wait_for_pulses(1)
        rig.entry.replug()
        until(lambda: rig.kiosk.parts()["reader in"] == "ok")
        rig.entry.swipe(ON_DUTY)
        rig.wait_for_pulses(2)


def test_a_badge_that_rests_on_a_repeating_reader_is_one_swipe(tmp_path: Path) -> None:
    badge = "62E3086CED"
    with running_rig(tmp_path, format_name="rdm6300") as rig:
        for _time in range(5):
            rig.entry.swipe(badge)
        rig.wait_for_codes("refused.unknown_badge")
        rig.exit.swipe(badge)
        rig.wait_for_codes("refused.unknown_badge", "released.unknown_badge")
