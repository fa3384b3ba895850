"""The demo's day, played once for real: a kiosk process on virtual readers, a staged clock, a desk that signs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.clock import DEMO_MARK, STAGE_FILE
from kiosk.demo import DemoSummary, play_demo
from kiosk.demo.devices import KIOSK_NAME
from kiosk.demo.scenes import STRANGERS_BADGE
from kiosk.demo.summary import summary_lines
from kiosk.journal_file import JOURNAL_FOLDER, JournalError, JournalReader, WriterLock
from operations import store
from operations.alarms import alarms_waiting
from operations.boundary import SYSTEM
from operations.daily_log import daily_log
from operations.demo_centre import DEMO_PIN
from operations.demo_roster import Slot
from operations.door import DoorFilter, DoorRow, door_events, kiosks
from operations.findings import findings
from operations.occupancy import inside_now
from operations.today import TodayBoard, today_board
from operations.verify import verify
from operations.visits import visits_on
from regulation.doorlog import hashed_badge
from regulation.ledger import Head, check_chain
from regulation.responsibility import Verdict
from settings import ZhibanError

# Three hours into an early shift: the story's breaches, and three more in the shift that runs.
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
BEFORE = Slot.at(NOW).after(-1)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    told: list[tuple[str, int, int]] = []
    summary = play_demo(
        tmp_path_factory.mktemp("demo") / "home",
        on_progress=lambda *step: told.append(step),
        now=NOW,
        history_days=1,
    )
    assert told[-1][1] == told[-1][2]
    return summary


@pytest.fixture
def centre_of_the_day(played: DemoSummary) -> DemoSummary:
    """The day that was played, with its database open."""
    store.open_database(f"sqlite:///{played.home / 'centre.db'}")
    return played


@pytest.fixture
def rows(centre_of_the_day: DemoSummary) -> list[DoorRow]:
    played = centre_of_the_day
    page = door_events(SYSTEM, NOW, DoorFilter(since=played.played_from), 0, 1000)
    return list(reversed(page.rows))


@pytest.fixture
def board(centre_of_the_day: DemoSummary) -> TodayBoard:
    return today_board(SYSTEM, NOW)


def test_the_days_findings_are_those_of_the_story(played: DemoSummary) -> None:
    assert dict(played.findings_by_article) == {11: 1, 14: 3, 20: 12, 21: 4, 23: 1, 24: 1}


def test_every_scene_of_the_story_went_through_the_door(rows: list[DoorRow]) -> None:
    codes = Counter(row.code for row in rows)
    assert codes["refused.unknown_badge"] == 2
    assert codes["refused.no_escort"] == 1
    assert codes["granted.visitor"] == codes["granted.escort"] == 6
    assert codes["released.no_permit"] == 2
    assert codes["granted.permit_overrun"] == 1
    assert codes["released.not_relieved"] == 1
    assert codes["granted.relief_late"] == 4
    assert codes["alarm.forced"] == codes["alarm.overstayed"] == codes["released.overstayed"] == 1
    assert codes["alarm.held"] == 2
    assert codes["note.closed"] == 3
    assert codes["released.visitor_left_behind"] == codes["released.button"] == codes["note.reset"] == 1
    assert codes["refused.badge_lost"] == 3


def test_the_staged_clock_puts_each_event_at_its_time_to_the_second(rows: list[DoorRow]) -> None:
    late = [row.at for row in rows if row.code == "granted.relief_late"]
    assert late[0] == BEFORE.starts_at - timedelta(minutes=4)
    assert late[1] == BEFORE.starts_at + timedelta(minutes=4)
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    no_escort = next(row for row in rows if row.code == "refused.no_escort")
    waited = next(row for row in rows if row.code == "pending.escort" and row.who == no_escort.who)
    assert no_escort.at - waited.at == timedelta(seconds=31)


def test_art24_the_leader_left_between_the_two_signatures(played: DemoSummary, rows: list[DoorRow]) -> None:
    left = next(row for row in rows if row.code == "released.not_relieved")
    log = daily_log(SYSTEM, NOW, BEFORE.day)
    section = next(shift for shift in log.shifts if shift.starts_at == BEFORE.starts_at)
    signed_out, signed_in = section.signatures
    assert signed_out.at < left.at < signed_in.at < BEFORE.ends_at
    assert signed_out.person.work_number == left.work_number != signed_in.person.work_number
    assert [dispute.reported_to for dispute in section.disputes] == ["副经理 林慧敏"]
    assert section.items, "what was carried is on the paper"


def test_the_paper_of_the_handover_is_there(played: DemoSummary) -> None:
    assert played.papers.log is not None, played.papers.fault
    for paper in (played.papers.log, played.papers.muster, played.papers.register):
        assert paper is not None
        assert paper.parent == played.home / "paper"
        assert paper.read_bytes().startswith(b"%PDF")
    text = played.papers.text.read_text("utf-8")
    assert "李秀英" in text
    assert "资料柜备用钥匙少一把" in text.replace("\n", "")


def test_all_records_hold_and_the_kiosks_own_journal_agrees(played: DemoSummary, rows: list[DoorRow]) -> None:
    assert rows
    report = verify(SYSTEM, NOW, None)
    assert played.holds
    assert report.holds
    centres = next(head for head in report.heads if head.chain == f"door:{KIOSK_NAME}")
    reader = JournalReader(played.home / "kiosk" / JOURNAL_FOLDER)
    end = check_chain(f"door:{KIOSK_NAME}", reader.links())
    reader.close()
    assert isinstance(end, Head)
    assert (end.sequence, end.hash) == (centres.sequence, centres.hash)
    assert played.door.events == end.sequence


def test_the_desk_has_something_to_decide_and_open_items_to_read(board: TodayBoard) -> None:
    assert [visit.visitor for visit in board.waiting] == ["何文斌"]
    assert timedelta() < NOW - board.waiting[0].requested_at < timedelta(minutes=2)
    assert {item.title.split()[0] for item in board.items} >= {"大客户专线", "计费争议"}
    assert board.shift is not None
    assert board.shift.leader == "王建国(1003)"
    assert board.counts.present >= 7


def test_the_reader_that_was_pulled_is_well_again(board: TodayBoard) -> None:
    assert board.kiosks == kiosks(SYSTEM, NOW)
    assert set(board.kiosks[0].parts.values()) == {"ok"}
    assert {"reader card-in", "reader card-out", "strike", "contact", "exit button"} <= set(
        board.kiosks[0].parts
    )
    assert board.kiosks[0].pending == 0


def test_art20_a_lost_badge_is_refused_while_the_centre_is_away_and_when_it_is_back(
    rows: list[DoorRow],
) -> None:
    first, second, again = [row for row in rows if row.code == "refused.badge_lost"]
    approved = next(row for row in rows if row.code == "note.approved")
    assert first.at < approved.at < second.at < again.at
    assert first.work_number == again.work_number != second.work_number


def test_art20_a_visitor_was_approved_at_the_door_while_the_centre_was_away(
    played: DemoSummary, rows: list[DoorRow]
) -> None:
    visit = next(visit for visit in visits_on(SYSTEM, NOW, NOW.date()) if visit.visitor == "孙立")
    approved = next(row for row in rows if row.code == "note.approved")
    passed = [row.code for row in rows if row.visit_id == visit.id and row.sequence != approved.sequence]
    assert approved.visit_id == visit.id
    assert visit.requested_from == f"kiosk:{KIOSK_NAME}"
    assert (visit.unit, visit.carried, visit.reference) == ("传输线路抢修队", "熔接机", "抢修单 0312")
    assert passed == ["pending.escort", "granted.visitor", "released"]
    # tried badge, leader out, approval, visitor, escort and visitor in: six events the centre heard of later
    assert played.door.kept_while_cut == 6


def test_art20_the_visitor_of_an_escort_who_left_went_to_someone_else(rows: list[DoorRow]) -> None:
    left = next(row for row in rows if row.code == "released.visitor_left_behind")
    assert left.who == "赵鹏"
    assert left.escort == "李秀英"
    assert left.findings == ("visitor_left_behind",)


def test_art20_alarms_were_seen_to_with_a_word_and_two_still_wait(centre_of_the_day: DemoSummary) -> None:
    played = centre_of_the_day
    waiting = alarms_waiting(SYSTEM, NOW)
    assert sorted(alarm.code for alarm in waiting) == ["alarm.held", "badge_uncollected"]
    assert played.door.alarms_waiting == len(waiting)
    assert dict(played.door.alarms) == {"alarm.held": 2, "alarm.forced": 1, "alarm.overstayed": 1}


def test_art20_who_left_by_the_button_is_not_inside_by_the_leaders_word(
    board: TodayBoard, rows: list[DoorRow]
) -> None:
    reset = next(row for row in rows if row.code == "note.reset")
    button = next(row for row in rows if row.code == "released.button")
    assert button.at < reset.at
    assert button.who == ""
    assert reset.who == "韩冰"
    assert board.shift is not None
    assert reset.work_number not in {row.work_number for row in inside_now(SYSTEM, NOW)}


def test_the_handover_of_the_day_kept_everything_on_record(played: DemoSummary) -> None:
    facts = played.handover
    assert (facts.counted, facts.edited, facts.withheld) == (9, 2, 1)
    assert (facts.disputes, facts.holds, facts.by_badge, facts.addenda) == (1, 1, 1, 1)
    assert facts.carried >= 2
    assert facts.lines > 4
    ((problem, answer),) = facts.answers
    assert "光路" in problem
    assert answer is Verdict.INCOMING


def test_readers_of_four_makes_read_badges(played: DemoSummary, rows: list[DoorRow]) -> None:
    assert played.door.readers == ("rdm6300", "line", "wiegand26", "osdp")
    assert {row.reader for row in rows} >= {"in", "out", "card-in", "card-out", "contact", "button", "room"}


def test_the_killed_door_went_on_where_it_was(played: DemoSummary, rows: list[DoorRow]) -> None:
    assert [row.sequence for row in rows] == list(range(rows[0].sequence, played.door.events + 1))
    assert played.door.pulses >= sum(row.outcome in ("granted", "notice", "released") for row in rows) // 2


def test_the_summary_says_what_the_door_did(played: DemoSummary) -> None:
    said = "\n".join(summary_lines(played))
    for paper in (played.papers.log, played.papers.muster, played.papers.register):
        assert str(paper) in said
    assert "T-01" in said
    assert DEMO_PIN in said


def test_a_strangers_badge_is_kept_hashed_only(played: DemoSummary) -> None:
    stored = b"".join(file.read_bytes() for file in (played.home / "kiosk" / JOURNAL_FOLDER).iterdir())
    assert hashed_badge(STRANGERS_BADGE).encode() in stored
    assert STRANGERS_BADGE.encode() not in stored


def test_sign_in_hints_begin_with_the_leader_of_now(played: DemoSummary) -> None:
    first, second = played.sign_in[:2]
    assert (first.work_number, first.pin) == ("1003", "2580")
    assert second.work_number == "1303"


def test_after_the_play_no_staged_time_is_left(played: DemoSummary) -> None:
    assert (played.home / DEMO_MARK).is_file()
    assert not (played.home / "run" / STAGE_FILE).exists()


def test_art11_and_art21_findings_name_their_people(played: DemoSummary, rows: list[DoorRow]) -> None:
    found = findings(SYSTEM, NOW, played.played_from, NOW)
    named = {(finding.article, finding.person) for finding in found}
    assert {
        (11, "李秀英"),
        (21, "蒋文博"),
        (21, "韩冰"),
        (24, "李秀英"),
        (14, "郑凯"),
        (14, "冯丽娟"),
    } <= named


def test_a_demo_whose_door_still_runs_is_not_removed(played: DemoSummary) -> None:
    lock = WriterLock(played.home / "kiosk")
    try:
        with pytest.raises(JournalError):
            play_demo(played.home, now=NOW, history_days=1)
    finally:
        lock.release()
    assert (played.home / "centre.db").exists()


def test_a_home_that_is_no_demo_is_never_touched(tmp_path: Path) -> None:
    precious = tmp_path / "centre.db"
    precious.write_bytes(b"years of work")
    with pytest.raises(ZhibanError) as refused:
        play_demo(tmp_path, now=NOW, history_days=1)
    assert refused.value.next_step
    assert precious.read_bytes() == b"years of work"
    assert list(tmp_path.iterdir()) == [precious]
