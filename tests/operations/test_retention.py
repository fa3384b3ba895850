"""Visitors' details go when their term is over (Art. 20), and no chain breaks (Art. 33)."""

from __future__ import annotations

from datetime import timedelta

import models
from operations import retention, store, visits
from operations.boundary import SYSTEM, kiosk_actor
from operations.verify import verify
from tests.centre import NOW, Built

REQUEST = visits.VisitRequest(
    "key-1",
    "李伟",
    "华信公司",
    "cleaning",
    minutes=60,
    phone="13800000000",
    job_title="工程师",
    carried="工具箱",
)
ENDS = NOW + timedelta(minutes=REQUEST.minutes)
# The civil day after the one it ended on, and 180 days more.
TERM = timedelta(days=181)


def the_visit() -> tuple[str, ...]:
    def look() -> tuple[str, ...]:
        visit = models.Visit.get()
        return (visit.visitor, visit.unit, visit.phone, visit.job_title, visit.carried, visit.reason)

    return store.read(look)


def test_art20_details_stay_to_the_last_day_of_their_term_and_go_the_day_after(centre: Built) -> None:
    visits.request_visit(kiosk_actor("door"), NOW, REQUEST)
    before = the_visit()
    last_day = ENDS.replace(hour=15, minute=59) + timedelta(days=180)
    assert retention.details_past_term(SYSTEM, last_day).visits == 0
    assert retention.forget_visitors(SYSTEM, last_day).visits == 0
    assert the_visit() == before
    day_after = last_day + timedelta(minutes=1)
    assert retention.details_past_term(SYSTEM, day_after).visits == 1
    assert the_visit() == before, "looking changes nothing"
    assert retention.forget_visitors(SYSTEM, day_after).visits == 1
    assert the_visit() == ("—", "", "", "", "", "cleaning"), "that somebody came, and why, stays"
    assert retention.details_past_term(SYSTEM, day_after).visits == 0
    assert verify(SYSTEM, day_after).holds


def test_news_that_names_a_visitor_goes_with_the_visit_and_the_audit_says_how_many(centre: Built) -> None:
    visits.request_visit(kiosk_actor("door"), NOW, REQUEST)
    found = retention.forget_visitors(SYSTEM, NOW + TERM)
    assert found.notices > 0

    def look() -> tuple[list[dict[str, str]], dict[str, object]]:
        record = models.AuditRecord
        last = record.select().order_by(record.sequence.desc()).first()
        told = models.Notification.select().where(models.Notification.subject.startswith("visit:"))
        return [row.details for row in told], last.detail

    details, said = store.read(look)
    assert "李伟" not in str(details)
    assert said["visits"] == 1
    assert "李伟" not in str(said)


def test_a_visitor_who_is_still_inside_keeps_the_name(sqlite_centre: Built) -> None:
    visits.request_visit(kiosk_actor("door"), NOW, REQUEST)
    store.write(lambda: models.Visit.update(state="inside", entered_at=NOW).execute())
    assert retention.forget_visitors(SYSTEM, NOW + 2 * TERM).visits == 0
    assert the_visit()[0] == "李伟"
