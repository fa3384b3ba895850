"""Art. 9, 25: where it goes what happens between shifts, over a closed day, or with nothing rostered at all."""

from __future__ import annotations

from datetime import datetime, timedelta

import models
from operations import handover, shiftlog, store
from tests.centre import SHIFT_STARTS, TODAY, Built, publish_days
from tests.operations.acts import LEADER, current_log, entry


def entry_log(built: Built, text: str, at: datetime) -> int:
    """Write an entry, and say in which log it went: one and no other."""
    entry_id = entry(built, text, at)
    return int(store.read(lambda: models.LogEntry.get_by_id(entry_id).log_id))


def live(built: Built, at: datetime) -> shiftlog.LogView:
    log = current_log(built.actors[LEADER], at)
    assert log is not None
    return log


def test_art25_between_shifts_the_next_rostered_shift_takes_what_happens(centre: Built) -> None:
    between = SHIFT_STARTS - timedelta(hours=2)
    text = shiftlog.log_view(centre.actors[LEADER], between, entry_log(centre, "设备巡检", between))
    assert (text.shift.code, text.shift.starts_at) == ("night", SHIFT_STARTS)
    assert live(centre, between).id == text.id


def test_art09_with_nothing_rostered_ahead_a_log_is_made_to_write_in_and_it_is_one(centre: Built) -> None:
    nowhere = SHIFT_STARTS + timedelta(days=20)
    assert current_log(centre.actors[LEADER], nowhere) is None
    first = entry_log(centre, "停电", nowhere)
    again = entry_log(centre, "来电", nowhere + timedelta(hours=30))
    assert first == again
    log = live(centre, nowhere + timedelta(hours=30))
    assert (log.id, log.shift.code, log.shift.team, log.shift.leader) == (first, "night", "", "")


def test_art09_once_a_shift_is_rostered_ahead_it_takes_what_happens_and_the_unrostered_log_waits(
    centre: Built,
) -> None:
    nowhere = SHIFT_STARTS + timedelta(days=20)
    unrostered = entry_log(centre, "停电", nowhere)
    day = TODAY + timedelta(days=22)
    publish_days(nowhere, (centre.ids[LEADER], day, "early"))
    later = nowhere + timedelta(hours=20)
    assert entry_log(centre, "来电", later) != unrostered
    view = handover.handover_view(centre.actors[LEADER], later)
    assert view is not None
    assert unrostered in [shift.log_id for shift in view.pending]
