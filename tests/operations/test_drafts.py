"""The draft of the roster and its publication: a patch that nobody is due by until it is published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import models
from operations import drafts, publishing, roster, store
from operations.drafts import CellChange, Paint
from operations.errors import Conflict, Invalid
from operations.notices import ROSTER_PUBLISHED
from regulation.handover import LogState
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, OPERATOR

DAY = date(2026, 12, 10)
NEXT = DAY + timedelta(days=1)


def paint(built: Built, *cells: Paint, actor: str = LEADER) -> drafts.Painted:
    return drafts.paint_draft(built.actors[actor], NOW, cells)


def planned(
    built: Built, first: date = DAY, last: date = NEXT
) -> list[tuple[int, date, str | None, str | None]]:
    cells = drafts.draft_cells(built.actors[LEADER], NOW, first, last)
    return [(cell.person_id, cell.day, cell.published, cell.planned) for cell in cells]


def published(built: Built, day: date, number: str = OPERATOR) -> str | None:
    month = roster.roster_month(built.actors[LEADER], NOW, day)
    (row,) = [row for row in month.rows if row.work_number == number]
    cell = row.cells[month.days.index(day)]
    return cell.shift_code if cell else None


def publish(built: Built, first: date = DAY, last: date = NEXT) -> tuple[CellChange, ...]:
    return publishing.publish_draft(built.actors[LEADER], NOW, first, last)


def test_a_draft_is_no_duty_until_it_is_published(centre: Built) -> None:
    who = centre.ids[OPERATOR]
    painted = paint(centre, Paint(who, DAY, "early"))
    assert painted.changes == (CellChange(who, DAY, None, "early"),)
    assert published(centre, DAY) is None
    assert planned(centre) == [(who, DAY, None, "early")]
    assert publish(centre) == (CellChange(who, DAY, None, "early"),)
    assert published(centre, DAY) == "early"
    assert planned(centre) == []


def test_painting_what_is_published_takes_the_day_out_of_the_draft(centre: Built) -> None:
    who = centre.ids[OPERATOR]
    (change,) = paint(centre, Paint(who, DAY, "early")).changes
    assert paint(centre, Paint(who, DAY, change.before)).changes == (CellChange(who, DAY, "early", None),)
    assert planned(centre) == []


def test_a_free_day_is_planned_over_a_published_duty_and_counts_when_published(centre: Built) -> None:
    who = centre.ids[OPERATOR]
    paint(centre, Paint(who, DAY, "early"))
    publish(centre)
    paint(centre, Paint(who, DAY, None))
    assert planned(centre) == [(who, DAY, "early", None)]
    assert published(centre, DAY) == "early"
    publish(centre)
    assert published(centre, DAY) is None


def test_two_planners_of_different_days_do_not_hinder_each_other_and_of_one_day_do(centre: Built) -> None:
    who = centre.ids[OPERATOR]
    paint(centre, Paint(who, DAY, "early", seen=None))
    paint(centre, Paint(who, NEXT, "middle", seen=None), actor=MANAGER)
    with pytest.raises(Conflict):
        paint(centre, Paint(who, DAY, "night", seen=None), actor=MANAGER)
    assert planned(centre) == [(who, DAY, None, "early"), (who, NEXT, None, "middle")]


def test_all_cells_are_painted_or_none(centre: Built) -> None:
    who = centre.ids[OPERATOR]
    with pytest.raises(Invalid):
        paint(centre, Paint(who, DAY, "early"), Paint(centre.ids["4001"], DAY, "early"))
    assert planned(centre) == []


def test_a_duty_that_has_begun_is_not_planned_over_and_not_published_over(centre: Built) -> None:
    who = centre.ids[OPERATOR]
    with pytest.raises(Conflict) as refused:
        paint(centre, Paint(who, TODAY, None))
    assert refused.value.article == 33
    tomorrow = TODAY + timedelta(days=1)
    paint(centre, Paint(who, tomorrow, None))
    later = NOW + timedelta(days=2)
    preview = publishing.publish_preview(centre.actors[LEADER], later, tomorrow, tomorrow)
    assert [(found.person_id, found.article) for found in preview.obstacles] == [(who, 33)]
    with pytest.raises(Conflict):
        publishing.publish_draft(centre.actors[LEADER], later, tomorrow, tomorrow)


def test_a_shift_that_is_being_handed_over_takes_no_publication(centre: Built) -> None:
    who, tomorrow = centre.ids[OPERATOR], TODAY + timedelta(days=1)
    paint(centre, Paint(who, tomorrow, None))
    store.write(
        lambda: (
            models.ShiftLog.update(state=LogState.FROZEN).where(models.ShiftLog.date == tomorrow).execute()
        )
    )
    with pytest.raises(Conflict) as refused:
        publish(centre, tomorrow, tomorrow)
    assert refused.value.article == 21


def test_publishing_tells_each_person_concerned_once_and_keeps_what_changed(centre: Built) -> None:
    who = centre.ids[OPERATOR]
    paint(centre, Paint(who, DAY, "early"), Paint(who, NEXT, "early"))
    preview = publishing.publish_preview(centre.actors[LEADER], NOW, DAY, NEXT)
    assert (len(preview.changes), preview.obstacles, preview.told) == (2, (), 1)
    publish(centre)
    news = store.read(
        lambda: [
            (n.person_id, n.details)
            for n in models.Notification.select().where(models.Notification.kind == ROSTER_PUBLISHED)
        ]
    )
    assert news == [(who, {"count": "2", "first": "2026-12-10", "last": "2026-12-11"})]
    published = models.RosterPublishing
    kept = store.read(lambda: published.select().order_by(published.id.desc()).get())
    assert kept.changes == [[OPERATOR, "2026-12-10", None, "early"], [OPERATOR, "2026-12-11", None, "early"]]


def test_overlapping_duties_are_refused_already_in_the_draft(centre: Built) -> None:
    who = centre.ids[OPERATOR]
    store.write(
        lambda: models.ShiftType.create(
            code="long",
            name="长班",
            name_en="long shift",
            short="长",
            start_minute=20 * 60,
            duration_minutes=12 * 60,
        )
    )
    paint(centre, Paint(who, NEXT, "early"))
    with pytest.raises(Conflict):
        paint(centre, Paint(who, DAY, "long"))
    paint(centre, Paint(who, NEXT, None), Paint(who, DAY, "long"))


def test_a_discarded_draft_leaves_what_is_published(centre: Built) -> None:
    who, tomorrow = centre.ids[OPERATOR], TODAY + timedelta(days=1)
    paint(centre, Paint(who, tomorrow, None))
    back = drafts.discard_draft(centre.actors[LEADER], NOW, tomorrow, tomorrow)
    assert back.changes == (CellChange(who, tomorrow, None, "night"),)
    assert published(centre, tomorrow) == "night"
    with pytest.raises(Conflict):
        publish(centre, tomorrow, tomorrow)
