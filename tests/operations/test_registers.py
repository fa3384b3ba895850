"""Registers: opened, moved on, corrected, read by those who may; on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import models
from operations import permits, register_keeping, register_views, registers, store
from operations.boundary import SYSTEM, Actor, Session
from operations.errors import Conflict, Invalid, NotFound, NotPermitted
from operations.register_file import read_definition, register_from
from operations.register_import import import_records
from operations.register_records import RecordRefused, facts_of
from operations.register_toml import definition_text
from operations.register_views import RecordFilter, readable
from operations.register_words import field_words, state_words
from operations.seat_leave_register import seat_leave_book, seat_leave_count, seat_leave_records
from regulation.register_table import REGISTERS
from regulation.registers import may_read
from regulation.roles import CENTRE_ROLES, Role
from tests.centre import NOW, TODAY, Built
from tests.operations.acts import LEADER, MANAGER, OPERATOR, RELIEF_LEADER, row_counts

COLLEAGUE, SENIOR = "1021", "1000"
DAY = timedelta(days=1)
BREACH = {"kind": "order", "happened_on": "2026-11-22", "what": "有人在座席吃夜宵", "person": COLLEAGUE}
TRAINING = {"topic": "新套餐", "kind": "business", "held_on": "2026-11-20", "trainer": "王老师"}
OWN = """
key = "lent"
title = "借用登记"
articles = [19]
adders = ["shift_leader", "operator"]
readers = ["shift_leader"]
keepers = ["shift_leader"]
columns = ["thing", "person"]
about = "person"
about_reads = true
[[field]]
key = "thing"
label = "物品"
required = true
[[field]]
key = "person"
label = "借用人"
kind = "person"
[[state]]
key = "out"
label = "借出"
due_days = 2
[[state]]
key = "back"
label = "归还"
ends = true
[[step]]
key = "return"
label = "归还"
from = ["out"]
to = "back"
roles = ["shift_leader"]
"""


def opened(built: Built, by: str, register: str, **texts: str) -> int:
    """Open a record."""
    return registers.open_record(built.actors[by], NOW, register, texts)


def numbers(built: Built, by: str, register: str, **wanted: Any) -> list[int]:
    """The numbers of the records that somebody finds."""
    page = register_views.records(built.actors[by], NOW, register, RecordFilter(**wanted))
    return [row.number for row in page.rows]


def test_art04_a_report_goes_to_the_inbox_and_is_followed_to_its_closure(centre: Built) -> None:
    record = opened(centre, OPERATOR, "breach", **BREACH)
    assert numbers(centre, MANAGER, "breach", waiting=True) == [1]
    manager = centre.actors[MANAGER]
    registers.take_step(manager, NOW, record, "take_up")
    registers.take_step(manager, NOW + DAY, record, "close", {"answer": "属实", "measure": "批评"}, "已谈话")
    story = register_views.record_story(centre.actors[OPERATOR], NOW, record)
    assert (story.record.state, story.record.closed_at, story.record.due_at) == ("closed", NOW + DAY, None)
    assert [(s.step, s.by, s.note) for s in story.steps] == [
        ("opened", OPERATOR, ""),
        ("take_up", MANAGER, ""),
        ("close", MANAGER, "已谈话"),
    ]
    assert story.steps[2].values == {"answer": "属实", "measure": "批评"}


def test_art04_an_anonymous_report_keeps_no_trace_of_who_wrote_it(centre: Built) -> None:
    actor = centre.actors[OPERATOR]
    record = registers.open_record(actor, NOW, "breach", BREACH, anonymous=True)
    row = store.read(lambda: models.RegisterRecord.get_by_id(record))
    audit = store.read(
        lambda: models.AuditRecord.select().order_by(models.AuditRecord.sequence.desc()).first()
    )
    assert row.reporter_id is None
    assert (audit.action, audit.actor, OPERATOR in str(audit.detail)) == ("open_record", "anonymous", False)
    story = register_views.record_story(centre.actors[MANAGER], NOW, record)
    assert (story.record.reporter, story.steps[0].by) == ("", "")
    with pytest.raises(NotFound):
        register_views.record_story(actor, NOW, record)


def test_art04_whoever_is_reported_neither_reads_nor_closes_nor_corrects_the_report(centre: Built) -> None:
    record = opened(centre, OPERATOR, "breach", **BREACH | {"person": MANAGER})
    manager = centre.actors[MANAGER]
    assert numbers(centre, MANAGER, "breach") == []
    before = row_counts()
    for attempt in (
        lambda: register_views.record_story(manager, NOW, record),
        lambda: registers.take_step(manager, NOW, record, "close", {"answer": "x", "measure": "y"}),
        lambda: registers.amend_record(manager, NOW, record, {"what": "没有的事"}, "写错了", 1),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert row_counts() == before
    registers.take_step(_senior(centre), NOW, record, "take_up")


def test_art13_nobody_decides_their_own_reward(centre: Built) -> None:
    record = opened(centre, LEADER, "reward", person=MANAGER, kind="bonus", given_for="年度先进")
    with pytest.raises(NotPermitted, match="about themselves"):
        registers.take_step(centre.actors[MANAGER], NOW, record, "approve")


def test_a_step_needs_its_fields_and_leaves_everything_as_it_was_without_them(centre: Built) -> None:
    record = opened(centre, OPERATOR, "breach", **BREACH)
    before = row_counts()
    with pytest.raises(RecordRefused, match="what was found out") as refused:
        registers.take_step(centre.actors[MANAGER], NOW, record, "close", {"measure": "批评"})
    assert [p.key for p in refused.value.problems] == ["answer"]
    with pytest.raises(RecordRefused, match="does not change"):
        registers.take_step(centre.actors[MANAGER], NOW, record, "take_up", {"what": "改写"})
    assert row_counts() == before


def test_a_step_that_somebody_else_took_first_is_refused(centre: Built) -> None:
    record = opened(centre, OPERATOR, "breach", **BREACH)
    registers.take_step(centre.actors[MANAGER], NOW, record, "take_up")
    with pytest.raises(Conflict, match="being looked into"):
        registers.take_step(_senior(centre), NOW, record, "take_up")


def test_what_cannot_be_meant_is_refused_with_the_field_it_is_about(centre: Built) -> None:
    with pytest.raises(RecordRefused) as refused:
        opened(centre, OPERATOR, "breach", kind="x", happened_on="yesterday", what="y", person="9999")
    assert {p.key for p in refused.value.problems} == {"kind", "happened_on", "person"}
    with pytest.raises(RecordRefused, match="9999"):
        opened(centre, OPERATOR, "breach", **BREACH | {"person": "9999"})


def test_a_role_adds_only_where_the_register_says_so(centre: Built) -> None:
    with pytest.raises(NotPermitted, match="may not add"):
        opened(centre, OPERATOR, "training", person=OPERATOR, **TRAINING)
    with pytest.raises(NotFound, match="no register"):
        opened(centre, LEADER, "nothing")


def test_art12_one_training_is_entered_for_many_people_and_each_has_their_own_result(centre: Built) -> None:
    leader = centre.actors[LEADER]
    ids = registers.open_records(leader, NOW, "training", TRAINING, [OPERATOR, COLLEAGUE, OPERATOR])
    assert len(ids) == 2
    registers.take_step(leader, NOW, ids[0], "pass", {"score": "92"})
    registers.take_step(leader, NOW, ids[1], "miss", note="病假")
    assert numbers(centre, OPERATOR, "training") == [1]
    (row,) = register_views.records(centre.actors[OPERATOR], NOW, "training").rows
    assert (row.state, row.values["score"], row.day) == ("passed", "92", date(2026, 11, 20))


def test_many_records_are_written_together_or_not_at_all(centre: Built) -> None:
    before = row_counts()
    with pytest.raises(RecordRefused):
        registers.open_records(centre.actors[LEADER], NOW, "training", TRAINING, [OPERATOR, "9999"])
    assert row_counts() == before


def test_art26_a_new_undertaking_replaces_the_one_before(centre: Built) -> None:
    leader, actor = centre.actors[LEADER], centre.actors[OPERATOR]
    (old,) = registers.open_records(leader, NOW, "undertaking", {"wording": "2026 年"}, [OPERATOR])
    registers.take_step(actor, NOW, old, "sign")
    (new,) = registers.open_records(leader, NOW + DAY, "undertaking", {"wording": "2027 年"}, [OPERATOR])
    assert register_views.record_story(actor, NOW, old).record.state == "in_force"
    assert numbers(centre, LEADER, "undertaking", waiting=True) == [2]
    registers.take_step(actor, NOW + DAY, new, "sign")
    page = register_views.records(actor, NOW + DAY, "undertaking")
    assert [(r.number, r.state, r.values.get("signed_on")) for r in page.rows] == [
        (2, "in_force", "2026-11-24"),
        (1, "replaced", "2026-11-23"),
    ]


def test_art18_a_running_permit_is_on_the_clock_and_overdue_once_it_is_over(centre: Built) -> None:
    record = opened(
        centre, OPERATOR, "line_lock", person=OPERATOR, line="01", reason="更换耳机", until="2026-11-23 23:00"
    )
    registers.take_step(centre.actors[LEADER], NOW, record, "permit")
    until = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    (clock,) = register_views.running(SYSTEM, NOW)
    assert (clock.register, clock.about_name, clock.due_at) == ("line_lock", "陈静", until)
    assert register_views.overdue(SYSTEM, until, "line_lock") == ()
    assert [c.id for c in register_views.overdue(SYSTEM, until + timedelta(seconds=1), "line_lock")] == [
        record
    ]
    registers.take_step(centre.actors[OPERATOR], until, record, "release")
    assert register_views.running(SYSTEM, until) == ()


def test_art18_a_permit_for_a_time_that_is_past_is_refused(centre: Built) -> None:
    record = opened(
        centre, OPERATOR, "line_lock", person=OPERATOR, line="01", reason="x", until="2026-11-23 22:30"
    )
    with pytest.raises(RecordRefused, match="past"):
        registers.take_step(centre.actors[LEADER], NOW, record, "permit")


def test_a_correction_keeps_what_was_written_before(centre: Built) -> None:
    record = opened(centre, OPERATOR, "breach", **BREACH)
    actor = centre.actors[OPERATOR]
    registers.amend_record(actor, NOW, record, {"person": "", "kind": "talk"}, "认错人了", 1)
    story = register_views.record_story(centre.actors[MANAGER], NOW, record)
    assert (story.record.about, story.record.article, story.record.version) == ("", 29, 2)
    assert [(s.step, s.values.get("person")) for s in story.steps] == [("opened", COLLEAGUE), ("amended", "")]
    with pytest.raises(Conflict, match="meanwhile"):
        registers.amend_record(actor, NOW, record, {"kind": "other"}, "再改", 1)
    with pytest.raises(RecordRefused):
        registers.amend_record(actor, NOW, record, {"what": ""}, "再改", 2)


def test_records_are_narrowed_by_state_person_article_days_and_words(centre: Built) -> None:
    opened(centre, OPERATOR, "breach", **BREACH)
    opened(
        centre, OPERATOR, "breach", **BREACH | {"kind": "talk", "person": "1022", "what": "车上谈论工单 100%"}
    )
    third = opened(centre, OPERATOR, "breach", **BREACH | {"person": "", "happened_on": "2026-11-01"})
    registers.take_step(centre.actors[MANAGER], NOW, third, "take_up")

    def found(**wanted: Any) -> list[int]:
        return numbers(centre, MANAGER, "breach", **wanted)

    assert found() == [2, 1, 3]
    assert found(states=("in_hand",)) == [3]
    assert found(person_id=centre.ids["1022"]) == [2]
    assert found(article=29) == [2]
    assert found(first=TODAY - DAY, last=TODAY) == [2, 1]
    assert found(last=date(2026, 11, 1)) == [3]
    assert found(text="夜宵 座席") == [1, 3]
    assert found(text="100%") == [2]
    assert found(text="何芳") == [2]
    assert found(text="_") == []


def test_pages_hold_every_record_once(centre: Built) -> None:
    for day in (20, 20, 21, 22, 22):
        opened(centre, OPERATOR, "breach", **BREACH | {"happened_on": f"2026-11-{day}"})
    seen: list[int] = []
    after = None
    while True:
        page = register_views.records(centre.actors[MANAGER], NOW, "breach", after=after, limit=2)
        seen += [row.number for row in page.rows]
        if (after := page.after) is None:
            break
    assert seen == [5, 4, 3, 2, 1]


def test_the_shelf_counts_what_waits_as_far_as_the_reader_may_know(centre: Built) -> None:
    opened(centre, OPERATOR, "breach", **BREACH)
    opened(centre, OPERATOR, "breach", **BREACH | {"person": MANAGER})

    def breach(by: str, at: datetime) -> tuple[int, int]:
        books = register_views.register_books(centre.actors[by], at)
        (book,) = (book for book in books if book.register.key == "breach")
        return book.waiting, book.overdue

    assert breach(MANAGER, NOW) == (1, 0)
    assert breach(MANAGER, NOW + 4 * DAY) == (1, 1)
    assert breach(OPERATOR, NOW) == (2, 0)
    assert breach(RELIEF_LEADER, NOW) == (0, 0)


def test_art31_the_command_line_reads_no_report_that_only_the_inbox_may_know(centre: Built) -> None:
    opened(centre, OPERATOR, "breach", **BREACH)
    opened(centre, OPERATOR, "damage", found_on="2026-11-23", asset="耳机 12", what="无声")
    assert register_views.records(SYSTEM, NOW, "breach").rows == ()
    assert len(register_views.records(SYSTEM, NOW, "damage").rows) == 1


def test_the_database_shows_exactly_what_the_rule_lets_somebody_read(sqlite_centre: Built) -> None:
    built = sqlite_centre
    for person in (OPERATOR, COLLEAGUE, ""):
        opened(built, OPERATOR, "breach", **BREACH | {"person": person})
        opened(built, OPERATOR, "damage", found_on="2026-11-23", asset="耳机", what="x", person=person)
    registers.open_records(built.actors[LEADER], NOW, "training", TRAINING, [OPERATOR, COLLEAGUE])
    registers.open_record(built.actors[COLLEAGUE], NOW, "breach", BREACH, anonymous=True)

    def compare() -> None:
        for role in CENTRE_ROLES:
            for number in (OPERATOR, COLLEAGUE, "1022"):
                session = Session(Actor(built.ids[number], number, "", role), NOW)
                for register in REGISTERS.values():
                    row = models.RegisterRecord
                    shown = {r.id for r in row.select().where(readable(session, register))}
                    everything = row.select().where(row.register == register.key)
                    ruled = {
                        r.id for r in everything if may_read(register, role, built.ids[number], facts_of(r))
                    }
                    assert shown == ruled, (role, number, register.key)

    store.read(compare)


def test_a_centres_own_register_is_kept_like_a_ready_made_one(centre: Built) -> None:
    body = read_definition(OWN.encode())
    with pytest.raises(NotPermitted):
        register_keeping.define_register(centre.actors[LEADER], NOW, body)
    assert register_keeping.define_register(centre.actors[MANAGER], NOW, body) == 1
    assert register_keeping.define_register(centre.actors[MANAGER], NOW, body) == 1
    record = opened(centre, LEADER, "lent", thing="备用耳机", person=OPERATOR)
    assert [
        row.values["thing"] for row in register_views.records(centre.actors[OPERATOR], NOW, "lent").rows
    ] == ["备用耳机"]
    assert [c.id for c in register_views.overdue(SYSTEM, NOW + 3 * DAY)] == [record]


def test_a_changed_definition_leaves_old_records_as_they_were_made(centre: Built) -> None:
    manager, leader = centre.actors[MANAGER], centre.actors[LEADER]
    body = read_definition(OWN.encode())
    register_keeping.define_register(manager, NOW, body)
    record = opened(centre, LEADER, "lent", thing="备用耳机", person=OPERATOR)
    newer = read_definition(OWN.replace('"thing"', '"item"').replace('"return"', '"bring"').encode())
    assert register_keeping.define_register(manager, NOW, newer) == 2
    story = register_views.record_story(leader, NOW, record)
    assert [f.key for f in story.register.fields] == ["thing", "person"]
    assert [s.key for s in story.may_take] == ["return"]
    opened(centre, LEADER, "lent", item="钥匙")
    assert numbers(centre, LEADER, "lent", waiting=True) == [2, 1]
    with pytest.raises(Conflict, match="still wait"):
        register_keeping.retire_register(manager, NOW, "lent")


def test_an_answer_and_a_state_that_a_later_definition_dropped_still_read_in_words(centre: Built) -> None:
    manager, leader = centre.actors[MANAGER], centre.actors[LEADER]
    things = [{"key": "set", "label": "耳机"}, {"key": "key", "label": "钥匙"}]

    def define(answers: list[dict[str, str]], toml: str) -> None:
        body = read_definition(toml.encode())
        body["field"][0] |= {"kind": "choice", "choice": answers}
        register_keeping.define_register(manager, NOW, body)

    define(things, OWN)
    opened(centre, LEADER, "lent", thing="set")
    define([{"key": "bag", "label": "背包"}, things[1]], OWN.replace('"out"', '"lent_out"'))
    (book,) = (b for b in register_views.register_books(leader, NOW) if b.register.key == "lent")
    (row,) = register_views.records(leader, NOW, "lent").rows
    assert field_words(book.register, row, "thing", {}, UTC) == "耳机"
    assert state_words(book.register, row.state) == "借出"
    with pytest.raises(RecordRefused, match="one of the answers"):
        opened(centre, LEADER, "lent", thing="set")


def test_a_field_that_records_hold_keeps_its_kind_in_every_later_definition(centre: Built) -> None:
    manager = centre.actors[MANAGER]
    register_keeping.define_register(manager, NOW, read_definition(OWN.encode()))
    other = read_definition(OWN.replace('key = "thing"', 'key = "thing"\nkind = "date"', 1).encode())
    assert register_keeping.define_register(manager, NOW, other) == 2
    assert register_keeping.define_register(manager, NOW, read_definition(OWN.encode())) == 3
    opened(centre, LEADER, "lent", thing="备用耳机")
    with pytest.raises(Conflict, match="物品"):
        register_keeping.define_register(manager, NOW, other)


def test_whoever_changes_a_register_that_was_changed_meanwhile_is_told_so(centre: Built) -> None:
    manager, body = centre.actors[MANAGER], read_definition(OWN.encode())
    assert register_keeping.define_register(manager, NOW, body, seen=0) == 1
    changed = {**body, "title": "借用"}
    with pytest.raises(Conflict, match="of this key already"):
        register_keeping.define_register(manager, NOW, changed, seen=0)
    assert register_keeping.define_register(manager, NOW, changed, seen=1) == 2
    with pytest.raises(Conflict, match="meanwhile"):
        register_keeping.define_register(manager, NOW, body, seen=1)


@given(st.text(max_size=60).filter(str.strip), st.text(max_size=16))
@example('"""\\\x7f', "\n")
def test_a_definition_written_as_a_file_is_read_as_the_same_definition(title: str, unit: str) -> None:
    body = {**read_definition(OWN.encode()), "title": title}
    body["field"] = [{**known, "unit": unit} for known in body["field"]]
    assert read_definition(definition_text(body).encode()) == body


def test_a_register_that_is_no_longer_kept_can_be_taken_up_again(centre: Built) -> None:
    manager = centre.actors[MANAGER]
    body = read_definition(OWN.encode())
    register_keeping.define_register(manager, NOW, body)
    register_keeping.retire_register(manager, NOW, "lent")
    with pytest.raises(NotPermitted):
        opened(centre, LEADER, "lent", thing="x")
    assert "lent" not in {book.register.key for book in register_views.register_books(manager, NOW)}
    assert register_keeping.define_register(manager, NOW, body) == 3
    with pytest.raises(Conflict, match="always kept"):
        register_keeping.retire_register(manager, NOW, "breach")


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('key = "lent"', 'key = "breach"', "key"),
        ("articles = [19]", "articles = [45]", "articles"),
        ('"operator"]', '"admin"]', "adders"),
        ('columns = ["thing", "person"]', 'columns = ["colour"]', "columns"),
        ('about = "person"', 'about = "thing"', "about"),
        ('kind = "person"', 'kind = "choice"', "field.person.choice"),
        ('to = "back"', 'to = "gone"', "step.return.to"),
        ('from = ["out"]', 'from = ["in"]', "step.return.from"),
        ("due_days = 2", "due_days = -1", "due_days"),
        ("due_days = 2", "dew_days = 2", "dew_days"),
        ('key = "back"', 'key = "out"', "state.key"),
        ('key = "lent"', 'key = "借"', "key"),
    ],
)
def test_a_wrong_definition_is_refused_with_the_key_that_is_wrong(before: str, after: str, key: str) -> None:
    assert before in OWN
    with pytest.raises(Invalid) as refused:
        read_definition(OWN.replace(before, after).encode())
    assert key in refused.value.message
    with pytest.raises(Invalid):
        read_definition(b"\xff not toml")


def test_art14_permits_to_leave_a_seat_read_as_a_register_and_are_kept_where_they_are_given(
    centre: Built,
) -> None:
    leader, operator = centre.actors[LEADER], centre.actors[OPERATOR]
    permits.permit_seat_leave(leader, NOW, OPERATOR, "取药 100%", 15)
    permit = permits.permit_seat_leave(leader, NOW + timedelta(seconds=1), COLLEAGUE, "接水", 5)
    permits.close_permit(leader, NOW + timedelta(minutes=3), permit)
    late = NOW + timedelta(minutes=16)
    assert (seat_leave_book(leader, NOW).waiting, seat_leave_book(leader, NOW).overdue) == (1, 0)
    assert seat_leave_book(leader, late).overdue == 1
    assert [row.about_name for row in seat_leave_records(leader, NOW).rows] == ["刘洋", "陈静"]
    assert [row.about for row in seat_leave_records(operator, NOW).rows] == [OPERATOR]
    for wanted in (
        RecordFilter(waiting=True),
        RecordFilter(text="100%"),
        RecordFilter(person_id=operator.person_id),
    ):
        assert [row.about for row in seat_leave_records(leader, NOW, wanted).rows] == [OPERATOR]
        assert seat_leave_count(leader, NOW, wanted) == 1
    assert seat_leave_count(leader, NOW, RecordFilter(first=TODAY + DAY)) == 0


def test_a_file_of_one_day_is_taken_over_whole_and_known_the_second_time(centre: Built) -> None:
    table = [["who", "topic", "kind", "date"]]
    table += [
        [number, f"新套餐{n}", "business", "2026-11-20"] for n in range(30) for number in (OPERATOR, "刘洋")
    ]
    leader = centre.actors[LEADER]
    first = import_records(leader, NOW, "training", [*table, table[-1]], "t.csv")
    assert (len(first.records), first.unchanged) == (60, 1)
    again = import_records(leader, NOW, "training", table, "t.csv")
    assert (len(again.records), again.unchanged) == (0, 60)
    with pytest.raises(NotPermitted):
        import_records(centre.actors[OPERATOR], NOW, "training", table, "t.csv")


def test_the_example_in_the_documentation_is_a_register() -> None:
    text = (Path(__file__).parents[2] / "docs" / "registers.md").read_text(encoding="utf-8")
    example = text.split("```toml\n", 1)[1].split("```", 1)[0]
    register = register_from(read_definition(example.encode()))
    assert (register.key, register.day, register.about) == ("lent", "lent_on", "person")


def _senior(built: Built) -> Actor:
    person = store.read(lambda: models.Person.get(models.Person.work_number == SENIOR))
    return Actor(person.id, SENIOR, person.name, Role.SENIOR_SHIFT_LEADER)
