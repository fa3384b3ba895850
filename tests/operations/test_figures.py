"""Art. 5 and 8: a shift's figures, entered together, corrected by additions, judged by their deadline."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from operations import figure_kinds, figures, findings
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.figures import FigureForm, FigureGiven, FigureRow
from regulation.figures import STARTING_KINDS, Bound, FigureKind, FormState
from settings import ZhibanError
from tests.centre import NOW, SHIFT_ENDS, SHIFT_STARTS, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, OPERATOR, SECOND, audit_actions, row_counts

HOUR = timedelta(hours=1)
TOMORROW = TODAY + timedelta(days=1)
WHOLE = {
    "calls_in": "1,204",
    "calls_answered": "1150",
    "answered_20s": "83.5%",
    "abandoned": "54",
    "handling_seconds": "172",
    "complaints": "3",
    "orders_passed": "41",
    "orders_overdue": "0",
    "satisfaction": "96.2",
}


def night(built: Built, at: datetime = NOW) -> FigureForm:
    return figures.figure_forms(built.actors[OPERATOR], at, TODAY)[-1]


def row(form: FigureForm, code: str) -> FigureRow:
    return next(row for row in form.rows if row.kind.code == code)


def enter(
    built: Built, values: dict[str, str], at: datetime = NOW, reason: str = "", who: str = LEADER
) -> int:
    form = night(built, at)
    given = [FigureGiven(code, text, row(form, code).version) for code, text in values.items()]
    return figures.enter_figures(built.actors[who], at, form.log_id, given, reason)


def found(built: Built) -> list[tuple[str, datetime, str]]:
    rows = findings.findings(built.actors[LEADER], NOW, SHIFT_STARTS, SHIFT_ENDS + 48 * HOUR, 8)
    return [(f.code, f.at, f.work_number) for f in reversed(rows)]


def test_art08_a_days_forms_are_its_shifts_in_order_and_empty_at_first(centre: Built) -> None:
    forms = figures.figure_forms(centre.actors[OPERATOR], NOW, TODAY)
    assert [(f.shift, f.team, f.given, f.due_at - f.ends_at) for f in forms] == [
        ("early", "乙", 0, HOUR),
        ("night", "甲", 0, HOUR),
    ]
    assert [r.kind for r in forms[0].rows] == list(STARTING_KINDS)
    assert (forms[0].state, forms[1].state) == (FormState.LATE, FormState.OPEN)


def test_art05_figures_are_kept_as_exact_numbers_beside_their_targets(centre: Built) -> None:
    assert enter(centre, WHOLE) == len(WHOLE)
    form = night(centre)
    assert [r.value for r in form.rows] == ["1204", "1150", "83.5", "54", "172", "3", "41", "0", "96.2"]
    assert [r.kind.code for r in form.rows if r.missed] == []
    assert (form.complete_at, form.state) == (NOW, FormState.ON_TIME)
    assert figures.value_text(form.rows[0]) == "1,204"
    assert audit_actions()[-1] == "enter_figures"


def test_art05_a_missed_target_shows(centre: Built) -> None:
    enter(centre, {"answered_20s": "79.9", "orders_overdue": "1", "satisfaction": "95"})
    assert [r.kind.code for r in night(centre).rows if r.missed] == ["answered_20s", "orders_overdue"]


def test_art08_a_form_filled_in_piece_by_piece_is_complete_with_its_last_figure(centre: Built) -> None:
    first = dict(list(WHOLE.items())[:4])
    enter(centre, first)
    assert (night(centre).given, night(centre).complete_at) == (4, None)
    enter(centre, WHOLE, NOW + HOUR)
    assert night(centre, NOW + HOUR).complete_at == NOW + HOUR


def test_art08_a_form_exactly_at_its_deadline_is_no_finding(centre: Built) -> None:
    enter(centre, WHOLE, SHIFT_ENDS + HOUR)
    assert found(centre) == []


def test_art08_a_form_a_second_after_its_deadline_is_a_finding_of_the_shifts_leader(centre: Built) -> None:
    enter(centre, WHOLE, SHIFT_ENDS + HOUR + SECOND, who=MANAGER)
    assert found(centre) == [("figures_late", SHIFT_ENDS + HOUR, LEADER)]
    enter(centre, {"calls_in": "1300"}, SHIFT_ENDS + 2 * HOUR, reason="复核")
    assert len(found(centre)) == 1, "a correction is no second form"


def test_art08_a_form_that_comes_after_a_day_was_late_and_missing(centre: Built) -> None:
    enter(centre, WHOLE, SHIFT_ENDS + 24 * HOUR + SECOND)
    assert [code for code, _at, _who in found(centre)] == ["figures_late", "figures_missing"]


def test_a_correction_keeps_the_old_value_with_who_when_and_why(centre: Built) -> None:
    enter(centre, WHOLE)
    with pytest.raises(Invalid, match="calls in was 1204; another value needs a reason"):
        enter(centre, {"calls_in": "1240"}, NOW + HOUR)
    enter(centre, {"calls_in": "1240"}, NOW + HOUR, reason="平台补录", who=MANAGER)
    now = row(night(centre), "calls_in")
    assert (now.value, now.version, now.reason, now.entered_by) == ("1240", 2, "平台补录", f"周敏({MANAGER})")
    (old,) = now.earlier
    assert (old.value, old.entered_at, old.entered_by, old.reason) == ("1204", NOW, f"王建国({LEADER})", "")


def test_the_same_value_again_is_nothing_new(centre: Built) -> None:
    enter(centre, WHOLE)
    assert enter(centre, {"calls_in": "1204", "answered_20s": "83.50"}) == 0
    assert row(night(centre), "calls_in").version == 1


def test_two_desks_at_once_the_second_is_told_and_nothing_is_overwritten(centre: Built) -> None:
    seen_by_both = night(centre)
    given = [FigureGiven("calls_in", "1204", 0)]
    figures.enter_figures(centre.actors[LEADER], NOW, seen_by_both.log_id, given)
    before = row_counts()
    with pytest.raises(Conflict, match=r"was entered by 王建国\(1003\) meanwhile: 1204") as told:
        figures.enter_figures(
            centre.actors[MANAGER], NOW, seen_by_both.log_id, [FigureGiven("calls_in", "1300", 0)], "mine"
        )
    assert told.value.article == 8
    assert row_counts() == before


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        ({"calls_in": "12", "complaints": "viele"}, Invalid, "complaints: “viele” is not a number"),
        ({"calls_in": "=1+1"}, Invalid, "calls in: “=1\\+1” is not a number"),
        ({"satisfaction": "101"}, Invalid, "more than 100"),
        ({"complaints": "1.5"}, Invalid, "more than 0 digits"),
    ],
)
def test_a_wrong_figure_is_named_and_leaves_nothing_of_the_form_behind(
    centre: Built, values: dict[str, str], error: type[ZhibanError], words: str
) -> None:
    before = row_counts()
    with pytest.raises(error, match=words):
        enter(centre, values)
    assert row_counts() == before


def test_an_unknown_kind_shift_or_a_shift_to_come_takes_no_figures(centre: Built) -> None:
    leader, given = centre.actors[LEADER], [FigureGiven("calls_in", "1")]
    with pytest.raises(NotFound):
        figures.enter_figures(leader, NOW, 999_999, given)
    with pytest.raises(NotFound, match="no figure nonsense"):
        figures.enter_figures(leader, NOW, night(centre).log_id, [FigureGiven("nonsense", "1")])
    tomorrow = figures.figure_forms(leader, NOW, TOMORROW)[-1]
    with pytest.raises(Conflict, match="has not begun"):
        figures.enter_figures(leader, NOW, tomorrow.log_id, given)


def test_the_desk_offers_the_shifts_that_have_begun_and_no_older_ones(centre: Built) -> None:
    offered = figures.figure_forms_offered(centre.actors[LEADER], NOW)
    assert [(f.date.day, f.shift) for f in offered] == [
        (22, "early"),
        (22, "night"),
        (23, "early"),
        (23, "night"),
    ]


def test_art02_figures_are_entered_by_leaders_and_the_statistician_alone(centre: Built) -> None:
    with pytest.raises(NotPermitted):
        enter(centre, WHOLE, who=OPERATOR)


# --- the list of kinds --------------------------------------------------------------------------------------


def set_kind(built: Built, kind: FigureKind, target: str = "", start: object = TOMORROW) -> None:
    figure_kinds.set_figure_kind(built.actors[MANAGER], NOW, kind, target, start)  # type: ignore[arg-type]


def test_art08_a_new_kind_is_asked_for_from_its_day_on(centre: Built) -> None:
    set_kind(
        centre, FigureKind("night_calls", "夜间呼入", "次", 0, Bound.AT_MOST, label_en="night calls"), "40"
    )
    today, tomorrow = (
        figures.figure_forms(centre.actors[LEADER], NOW, day)[-1].rows for day in (TODAY, TOMORROW)
    )
    assert [r.kind.code for r in today] == [k.code for k in STARTING_KINDS]
    assert tomorrow[-1].kind == FigureKind(
        "night_calls", "夜间呼入", "次", 0, Bound.AT_MOST, Decimal(40), "night calls"
    )


def test_art05_a_stricter_target_leaves_yesterdays_figures_as_they_were_judged(centre: Built) -> None:
    enter(centre, {"answered_20s": "85"})
    stricter = FigureKind("answered_20s", "answered within 20 s", "%", 1, Bound.AT_LEAST)
    set_kind(centre, stricter, "90")
    assert not row(night(centre), "answered_20s").missed
    set_kind(centre, stricter, "90", TODAY)
    assert row(night(centre), "answered_20s").missed


@pytest.mark.parametrize(
    ("kind", "target", "words"),
    [
        (FigureKind("Bad Code", "x"), "", "cannot be a code"),
        (FigureKind("good", " "), "", "A name is needed"),
        (FigureKind("good", "x" * 81), "", "A name is needed"),
        (FigureKind("good", "x", decimals=5), "", "0 to 4 digits"),
        (FigureKind("good", "x", bound=Bound.AT_LEAST), "much", "“much” is not a number"),
    ],
)
def test_a_kind_that_makes_no_sense_is_refused(
    centre: Built, kind: FigureKind, target: str, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        set_kind(centre, kind, target)


def test_the_past_keeps_its_list_and_the_last_kind_stays(centre: Built) -> None:
    manager = centre.actors[MANAGER]
    with pytest.raises(Invalid, match="stays as it was"):
        figure_kinds.retire_figure_kind(manager, NOW, "calls_in", TODAY - timedelta(days=1))
    for kind in STARTING_KINDS[:-1]:
        figure_kinds.retire_figure_kind(manager, NOW, kind.code, TOMORROW)
    with pytest.raises(Conflict, match="last figure"):
        figure_kinds.retire_figure_kind(manager, NOW, STARTING_KINDS[-1].code, TOMORROW)
    with pytest.raises(NotFound):
        figure_kinds.retire_figure_kind(manager, NOW, "calls_in", TOMORROW)
    assert figure_kinds.figure_kinds(manager, NOW) == STARTING_KINDS
    assert len(figure_kinds.figure_kinds(manager, NOW, TOMORROW)) == 1
