"""Every enforced article, end to end: it is broken once, and what came of it is read at the desk and on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from operations import (
    assessment,
    attendance_months,
    directory,
    handover,
    leave,
    leave_decisions,
    readings,
    registers,
    responsibility,
    shiftlog,
    swaps,
    typing_tests,
    watch,
)
from operations import attendance_corrections as corrections
from operations.attendance_corrections import CorrectionAsked
from operations.boundary import SYSTEM
from operations.errors import NotPermitted
from operations.swaps import LegAsked
from regulation.access import DoorVerdict
from regulation.articles import ARTICLES, Keeping
from regulation.findings import Finding
from regulation.handover import CheckValue
from regulation.leave import LeaveSpan
from regulation.leave_kinds import LeaveKind
from regulation.typing_passages import PASSAGES
from reports.assessment_pdf import render_assessment
from settings import ZhibanError, open_home
from tests.centre import NOW, PIN, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built, build_centre
from tests.operations.acts import (
    HANDOVER_AT,
    LEADER,
    MANAGER,
    MINUTE,
    OPERATOR,
    Door,
    checked,
    entry,
    own_badge,
    started_handover,
)
from tests.operations.attending import duty_of
from tests.reports.reading import bare, pages_of
from tests.tui.desk import Clock, Desk
from tui.app import DeskApp
from tui.widgets.line_table import LineTable

DAY = timedelta(days=1)
COLLEAGUE = "1021"
# Long enough for everything that falls due by itself.
AFTER = NOW + 2 * DAY
NOVEMBER = date(2026, 11, 1)

Break = Callable[[Built], object]


class Room:
    """One kiosk for everything that is seen at the door; what it saw is handed over at the end."""

    def __init__(self) -> None:
        self.door = Door("main")

    def nights_arrivals(self, built: Built) -> None:
        """Art. 15, 20, 21, 14: without the dress confirmed, a stranger, one who comes late, one who walks out."""
        unconfirmed = Finding("dress_unconfirmed", SHIFT_STARTS - 20 * MINUTE, built.ids[LEADER])
        self.door.reads(own_badge(LEADER), SHIFT_STARTS - 21 * MINUTE)
        self.door.notes(
            DoorVerdict("granted", built.ids[LEADER], findings=(unconfirmed,)),
            SHIFT_STARTS - 20 * MINUTE,
            own_badge(LEADER),
        )
        self.door.reads("deadbeef", SHIFT_STARTS - MINUTE)
        self.door.reads(own_badge(COLLEAGUE), SHIFT_STARTS + 4 * MINUTE)
        self.door.leaves(own_badge(COLLEAGUE), NOW)
        self.door.reads(own_badge(COLLEAGUE), NOW + 5 * MINUTE)

    def leaves_unrelieved(self, _built: Built) -> None:
        """Art. 24: gone after the shift, before anybody took over."""
        self.door.leaves(own_badge(COLLEAGUE), SHIFT_ENDS + MINUTE)
        self.door.sends(SHIFT_ENDS + 2 * MINUTE)


def beyond_the_role(built: Built) -> None:
    shiftlog.write_entry(built.actors[OPERATOR], NOW, shiftlog.EntryDraft("notice", "x", NOW))


def unsatisfied_complaint(built: Built) -> None:
    leader = built.actors[LEADER]
    entry(built, "宽带掉线", kind="complaint")
    view = handover.handover_view(leader, NOW)
    assert view is not None
    item = next(item for item in view.items if item.complaint)
    shiftlog.resolve_item(leader, NOW, item.id, "换了光猫")


def told_nobody(built: Built) -> None:
    entry(built, "3 号配线架告警", kind="abnormal")


def left_open(built: Built) -> None:
    handover_id = started_handover(built)
    checked(built)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, handover_id)


def disputed(built: Built) -> None:
    leader = built.actors[LEADER]
    view = handover.handover_view(leader, HANDOVER_AT)
    assert view is not None
    assert view.handover_id is not None
    for item in view.items:
        shiftlog.carry_item(leader, HANDOVER_AT, item.id, "等备件", "明早催")
    line = view.lines[0]
    handover.check_line(leader, HANDOVER_AT, line.id, CheckValue.DISPUTED)
    handover.sign_out(LEADER, PIN, HANDOVER_AT, view.handover_id)


def asked_before_anything_was_signed(built: Built) -> None:
    leader = built.actors[LEADER]
    view = handover.handover_view(leader, HANDOVER_AT)
    assert view is not None
    responsibility.ask_responsibility(leader, HANDOVER_AT, view.log.id, "少一把钥匙")


def own_correction(built: Built) -> None:
    asked = CorrectionAsked(
        duty_of(OPERATOR), "监控显示早退", ("camera 3",), left_at=SHIFT_ENDS - 60 * MINUTE
    )
    number = corrections.ask_correction(built.actors[LEADER], AFTER, asked)
    corrections.approve_correction(built.actors[LEADER], AFTER, number)


def month_that_runs(_built: Built) -> None:
    attendance_months.submit_month(LEADER, PIN, AFTER, NOVEMBER, "甲")


def leave_for_tonight(built: Built) -> None:
    leave.ask_leave(built.actors[OPERATOR], NOW, wish(TODAY, TODAY))


def long_leave_by_the_leader_alone(built: Built) -> None:
    number = leave.ask_leave(built.actors[OPERATOR], NOW, wish(TODAY + DAY, TODAY + 2 * DAY))
    for _step in range(2):
        leave_decisions.approve_leave(built.actors[LEADER], NOW, number)


def sick_without_a_note(built: Built) -> None:
    asked = wish(TODAY + DAY, TODAY + 2 * DAY, LeaveKind.SICK)
    number = leave.ask_leave(built.actors[COLLEAGUE], NOW, asked)
    leave_decisions.approve_leave(built.actors[LEADER], NOW, number)


def swap_of_a_duty_that_has_begun(built: Built) -> None:
    swaps.ask_swap(built.actors[OPERATOR], NOW, [LegAsked(duty_of(OPERATOR), "1121")], "x")


def wish(first: date, last: date, kind: LeaveKind = LeaveKind.PERSONAL) -> leave.LeaveWish:
    return leave.LeaveWish(kind, LeaveSpan(first, last), "x")


def examines_a_colleague(built: Built) -> None:
    typing_tests.keep_typing_test(built.actors[OPERATOR], NOW, COLLEAGUE, PASSAGES[0].key, "x", 60)


def line_locked_for_too_long(built: Built) -> None:
    operator = built.actors[OPERATOR]
    texts = {"person": OPERATOR, "line": "1 号座席", "reason": "更换耳麦", "until": "2026-11-23 23:00"}
    number = registers.open_record(operator, NOW, "line_lock", texts)
    registers.take_step(built.actors[LEADER], NOW, number, "permit")


def asks_for_a_number(built: Built) -> None:
    number = directory.add_number(
        built.actors[MANAGER], NOW, directory.NewNumber("动力中心", "0571-8812-0033")
    )
    with pytest.raises(NotPermitted):
        directory.reveal_number(built.actors[OPERATOR], NOW, number, "x")


def asks_to_read(built: Built) -> None:
    key = entry(built, "密件", confidential=True)
    with pytest.raises(NotPermitted):
        readings.read_confidential(built.actors[OPERATOR], NOW, "entry", key)


def writes_with_a_key_that_others_can_read(built: Built) -> None:
    key = Path(built.url.removeprefix("sqlite:///")).with_name("secret.key")
    key.chmod(0o640)
    try:
        entry(built, "密件二", confidential=True)
    finally:
        key.chmod(0o600)


def by_itself(_built: Built) -> None:
    """Art. 7, 8, 11 and what else falls due: nobody does anything, and the watch finds it."""


# In the order in which they happen. A refusal is kept by the audit, a finding among the findings.
BREAKS: dict[int, Break] = {
    2: beyond_the_role,
    10: examines_a_colleague,
    18: line_locked_for_too_long,
    28: asks_for_a_number,
    31: asks_to_read,
    32: writes_with_a_key_that_others_can_read,
    35: leave_for_tonight,
    36: long_leave_by_the_leader_alone,
    37: sick_without_a_note,
    38: swap_of_a_duty_that_has_begun,
    9: unsatisfied_complaint,
    11: told_nobody,
    22: left_open,
    23: disputed,
    34: month_that_runs,
    25: asked_before_anything_was_signed,
    33: own_correction,
    7: by_itself,
    8: by_itself,
    14: by_itself,
    15: by_itself,
    20: by_itself,
    21: by_itself,
    24: by_itself,
}
REFUSE = {2, 9, 10, 22, 23, 25, 32, 33, 34, 35, 36, 37, 38}
ENFORCED = {number for number, entry in ARTICLES.items() if Keeping.ENFORCED in entry.classes}


def test_every_enforced_article_is_broken_here() -> None:
    assert set(BREAKS) == ENFORCED


def everything_broken(home: Path) -> Built:
    """Build a centre and break every article in it once."""
    built, room = build_centre(home), Room()
    room.nights_arrivals(built)
    room.door.sends(NOW + 6 * MINUTE)
    for article, breaks in BREAKS.items():
        if article in REFUSE:
            with pytest.raises(ZhibanError) as refused:
                breaks(built)
            assert refused.value.article == article, (article, str(refused.value))
        else:
            breaks(built)
    room.leaves_unrelieved(built)
    watch.keep_watch(SYSTEM, AFTER)
    return built


async def test_whoever_breaks_an_article_reads_it_at_the_desk_and_on_paper(tmp_path: Path) -> None:
    built = everything_broken(tmp_path)
    clock = Clock(AFTER + MINUTE)
    view = assessment.assessment(built.actors[MANAGER], clock(), NOVEMBER)
    pdf = render_assessment(view.assessment, printed_at=clock(), printed_by="周敏(2001)", language="en")
    paper = bare("".join(pages_of(pdf)))
    app = DeskApp(open_home(tmp_path), clock=clock)
    async with app.run_test(size=(160, 48)) as pilot:
        desk = Desk(app, pilot, clock, built)
        await desk.until(lambda: app.feed is not None)
        await desk.sign_in()
        await desk.press("8")
        for article in BREAKS:
            app.screen.query_one("#articles", LineTable).cursor = article - 1
            await pilot.pause()
            told = "Refused by it this month: " if article in REFUSE else "Findings this month: "
            assert f"Art. {article} " in desk.text(), article
            assert told in desk.text(), article
            assert bare(ARTICLES[article].label_en) in paper, article
