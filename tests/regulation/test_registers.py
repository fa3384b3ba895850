"""Registers (Art. 4, 10, 12, 13, 15-19, 26, 39-43): who may, what is due when, and what a text means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulation.article_table import ROWS
from regulation.findings import HOUSE_RULE, OWN_REGISTER_WAITS
from regulation.follow_up import Lapse, lapse_of
from regulation.limits import BY_NAME, DEFAULT_LIMITS
from regulation.register_table import BREACH, LINE_LOCK, PATROL, REGISTERS
from regulation.register_training import REWARD, TRAINING, UNDERTAKING
from regulation.register_values import NotAValue, read_value, read_values, write_value
from regulation.registers import (
    Choice,
    FieldKind,
    RecordFacts,
    Register,
    RegisterField,
    article_of,
    day_of,
    due_at,
    first_state,
    is_overdue,
    may_amend,
    may_read,
    missing_fields,
    open_steps,
    step_refusal,
)
from regulation.roles import CENTRE_ROLES, Role

HERE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ME, OTHER = 7, 8


def refusal(
    register: Register,
    step: str,
    state: str,
    role: Role,
    about: int | None = OTHER,
    reporter: int | None = OTHER,
) -> str:
    """Why ``ME`` may not take a step, in one word; empty when I may."""
    known = register.step_named(step)
    assert known is not None
    found = step_refusal(register, known, RecordFacts(state, about, reporter), role, ME)
    return found.code if found else ""


# --- the ready-made registers are sound -------------------------------------------------------------------


@pytest.mark.parametrize("register", REGISTERS.values(), ids=REGISTERS)
def test_a_ready_made_register_names_only_what_it_has(register: Register) -> None:
    fields = {known.key: known for known in register.fields}
    states = {state.key for state in register.states}
    articles = {row.number for row in ROWS}
    assert len(fields) == len(register.fields)
    assert set(register.articles) | {c.article for f in register.fields for c in f.choices} <= articles | {0}
    assert set(register.columns) <= set(fields)
    assert register.adders | register.readers | register.keepers <= CENTRE_ROLES
    for step in register.steps:
        assert {*step.sources, step.target, step.replaces} <= states | {""}
        assert {*step.needs, *step.asks, step.stamps} <= {*fields, ""}
        assert step.roles or step.about_may
    for state in register.states:
        assert not state.due_limit or state.due_limit in BY_NAME
        assert not (state.ends and (state.due_limit or state.runs_until))
        assert not state.runs_until or fields[state.runs_until].kind is FieldKind.INSTANT
        assert not state.due_from or fields[state.due_from].kind is FieldKind.DATE
    for start in register.starts:
        assert start.field in fields
        assert start.state in states
    assert not register.about or fields[register.about].kind is FieldKind.PERSON
    assert not register.day or fields[register.day].kind is FieldKind.DATE


@pytest.mark.parametrize("register", REGISTERS.values(), ids=REGISTERS)
def test_every_state_that_waits_has_a_way_on_and_a_day_it_falls_due(register: Register) -> None:
    for state in register.states:
        if not state.ends:
            assert any(state.key in step.sources for step in register.steps), state.key
            assert state.due_limit or state.runs_until, state.key


# --- who --------------------------------------------------------------------------------------------------


def test_art04_whoever_is_reported_neither_reads_the_report_nor_closes_it() -> None:
    about_me, about_other = RecordFacts("in_hand", ME, OTHER), RecordFacts("in_hand", OTHER, OTHER)
    assert not may_read(BREACH, Role.DEPUTY_MANAGER, ME, about_me)
    assert may_read(BREACH, Role.DEPUTY_MANAGER, ME, about_other)
    assert refusal(BREACH, "close", "in_hand", Role.DEPUTY_MANAGER, about=ME) == "about"
    assert refusal(BREACH, "close", "in_hand", Role.DEPUTY_MANAGER, about=OTHER) == ""


def test_art04_a_report_is_read_by_the_inbox_and_by_its_reporter_alone() -> None:
    facts = RecordFacts("new", OTHER, ME)
    assert may_read(BREACH, Role.OPERATOR, ME, facts)
    assert not may_read(BREACH, Role.OPERATOR, 9, facts)
    assert not may_read(BREACH, Role.SHIFT_LEADER, 9, facts)
    assert may_read(BREACH, Role.SENIOR_SHIFT_LEADER, 9, facts)


def test_art04_an_anonymous_report_belongs_to_no_reader_by_chance() -> None:
    nobody = RecordFacts("new", None, None)
    assert not any(may_read(BREACH, role, ME, nobody) for role in CENTRE_ROLES - BREACH.readers)


def test_art12_everyone_reads_their_own_training_and_not_another_ones() -> None:
    assert may_read(TRAINING, Role.OPERATOR, ME, RecordFacts("passed", ME, OTHER))
    assert not may_read(TRAINING, Role.OPERATOR, ME, RecordFacts("passed", OTHER, OTHER))


def test_art13_a_penalty_is_approved_by_the_deputy_manager_and_not_by_the_leader_who_proposed_it() -> None:
    assert refusal(REWARD, "approve", "proposed", Role.DEPUTY_MANAGER) == ""
    assert refusal(REWARD, "approve", "proposed", Role.SENIOR_SHIFT_LEADER) == "role"


def test_art18_nobody_permits_their_own_line_lock_and_whoever_has_one_may_end_it() -> None:
    assert refusal(LINE_LOCK, "permit", "asked", Role.SHIFT_LEADER, about=ME) == "about"
    assert refusal(LINE_LOCK, "permit", "asked", Role.SHIFT_LEADER) == ""
    assert refusal(LINE_LOCK, "release", "running", Role.OPERATOR, about=ME) == ""
    assert refusal(LINE_LOCK, "release", "running", Role.OPERATOR) == "role"


def test_art26_only_the_person_signs_an_undertaking() -> None:
    assert refusal(UNDERTAKING, "sign", "asked", Role.OPERATOR, about=ME) == ""
    assert refusal(UNDERTAKING, "sign", "asked", Role.DEPUTY_MANAGER) == "role"


def test_a_step_is_not_open_to_a_record_that_stands_elsewhere() -> None:
    assert refusal(BREACH, "close", "closed", Role.DEPUTY_MANAGER) == "state"
    facts = RecordFacts("closed", OTHER, OTHER)
    assert [s.key for s in open_steps(BREACH, facts, Role.DEPUTY_MANAGER, ME)] == ["reopen"]
    assert open_steps(BREACH, facts, Role.SENIOR_SHIFT_LEADER, ME) == ()


def test_a_record_is_corrected_by_its_keepers_and_by_its_writer_until_somebody_goes_on_with_it() -> None:
    assert may_amend(BREACH, Role.OPERATOR, ME, RecordFacts("new", OTHER, ME))
    assert not may_amend(BREACH, Role.OPERATOR, ME, RecordFacts("in_hand", OTHER, ME))
    assert may_amend(BREACH, Role.DEPUTY_MANAGER, ME, RecordFacts("in_hand", OTHER, OTHER))
    assert not may_amend(BREACH, Role.DEPUTY_MANAGER, ME, RecordFacts("in_hand", ME, OTHER))


# --- when -------------------------------------------------------------------------------------------------


def test_art26_an_undertaking_holds_through_the_whole_of_its_last_day() -> None:
    state = UNDERTAKING.state_named("in_force")
    ends = due_at(state, {"signed_on": "2026-01-01"}, NOW, DEFAULT_LIMITS, HERE)
    assert ends == datetime(2027, 1, 1, 16, tzinfo=UTC)  # midnight in Shanghai after 365 days
    assert not is_overdue(ends, ends)
    assert is_overdue(ends, ends + SECOND)


def test_art18_a_line_lock_ends_when_it_says_so() -> None:
    state = LINE_LOCK.state_named("running")
    until = NOW + timedelta(minutes=20)
    assert due_at(state, {"until": until.isoformat()}, NOW, DEFAULT_LIMITS, HERE) == until
    assert not is_overdue(until, until)
    assert is_overdue(until, until + SECOND)


def test_art42_a_passed_call_is_answered_within_its_hours() -> None:
    state = REGISTERS["escalation"].state_named("passed")
    assert due_at(state, {}, NOW, DEFAULT_LIMITS, HERE) == NOW + timedelta(hours=24)


def test_art04_a_report_is_looked_at_by_the_end_of_the_third_day() -> None:
    due = due_at(BREACH.state_named("new"), {}, NOW, DEFAULT_LIMITS, HERE)
    assert due == datetime(2026, 11, 26, 16, tzinfo=UTC)


def test_what_has_ended_falls_due_never() -> None:
    assert due_at(BREACH.state_named("closed"), {}, NOW, DEFAULT_LIMITS, HERE) is None
    assert not is_overdue(None, NOW)


# --- what -------------------------------------------------------------------------------------------------


def test_art16_a_patrol_without_a_finding_is_in_order_at_once_and_one_with_a_finding_is_open() -> None:
    assert first_state(PATROL, {"kind": "in_order"}).key == "in_order"
    assert first_state(PATROL, {"kind": "eating"}).key == "open"


@pytest.mark.parametrize(
    ("kind", "article"), [("dress", 15), ("eating", 16), ("private_call", 17), ("in_order", 16)]
)
def test_a_record_is_about_the_article_of_what_was_seen(kind: str, article: int) -> None:
    assert article_of(PATROL, {"kind": kind}) == article


def test_a_record_belongs_to_the_day_it_names_and_otherwise_to_the_day_it_was_written() -> None:
    assert day_of(PATROL, {"patrolled_on": "2026-11-20"}, date(2026, 11, 23)) == date(2026, 11, 20)
    assert day_of(REWARD, {}, date(2026, 11, 23)) == date(2026, 11, 23)


def test_what_is_required_or_needed_and_not_filled_is_named() -> None:
    values = {"kind": "other", "happened_on": "2026-11-23"}
    assert [p.key for p in missing_fields(BREACH, values, ("answer",))] == ["what", "answer"]
    assert missing_fields(BREACH, {**values, "what": "x", "answer": "y"}, ("answer",)) == ()


FIELD = RegisterField("x", "x")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldKind.LINE, "  two\n words ", "two words"),
        (FieldKind.LINE, "zero\u200bwidth\x00", "zerowidth"),
        (FieldKind.TEXT, "two\nlines", "two\nlines"),
        (FieldKind.NUMBER, "0098.50", "98.5"),
        (FieldKind.NUMBER, "98%", "98"),
        (FieldKind.NUMBER, "1,200", "1200"),
        (FieldKind.YES_NO, "是", True),
        (FieldKind.YES_NO, "no", False),
        (FieldKind.DATE, "2026/3/5", "2026-03-05"),
        (FieldKind.DATE, "2026-03-05 00:00:00", "2026-03-05"),
        (FieldKind.INSTANT, "2026-11-23 22:30", "2026-11-23T14:30:00+00:00"),
        (FieldKind.INSTANT, "2026-11-23T14:30:00+00:00", "2026-11-23T14:30:00+00:00"),
        (FieldKind.PERSON, " 1017 ", "1017"),
        (FieldKind.LINE, "   ", None),
    ],
)
def test_a_text_means_its_value(kind: FieldKind, text: str, value: object) -> None:
    assert read_value(replace(FIELD, kind=kind), text, HERE) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldKind.LINE, "x" * 201),
        (FieldKind.TEXT, "x" * 4001),
        (FieldKind.NUMBER, "ten"),
        (FieldKind.NUMBER, "NaN"),
        (FieldKind.NUMBER, "1e9999999"),
        (FieldKind.NUMBER, "-1"),
        (FieldKind.YES_NO, "perhaps"),
        (FieldKind.DATE, "2026-02-30"),
        (FieldKind.DATE, "tomorrow"),
        (FieldKind.INSTANT, "22:30"),
    ],
)
def test_a_text_that_means_nothing_is_a_problem(kind: FieldKind, text: str) -> None:
    with pytest.raises(NotAValue):
        read_value(replace(FIELD, kind=kind), text, HERE)


def test_a_score_reaches_its_most_and_no_further() -> None:
    score = RegisterField("x", "x", FieldKind.NUMBER, most=10)
    assert read_value(score, "10", HERE) == "10"
    with pytest.raises(NotAValue):
        read_value(score, "10.0001", HERE)


def test_a_choice_is_known_by_key_and_by_word() -> None:
    choice = RegisterField("x", "x", FieldKind.CHOICE, choices=(Choice("wear", "磨损"),))
    assert read_value(choice, "磨损", HERE) == read_value(choice, "WEAR", HERE) == "wear"
    with pytest.raises(NotAValue):
        read_value(choice, "x", HERE)


def test_a_field_that_the_register_does_not_have_is_a_problem() -> None:
    values, problems = read_values(PATROL, {"colour": "red", "seat": "01"}, HERE)
    assert (values, [p.key for p in problems]) == ({"seat": "01"}, ["colour"])


@given(st.sampled_from(list(FieldKind)), st.text(max_size=40))
def test_what_was_read_is_written_and_read_as_the_same(kind: FieldKind, text: str) -> None:
    known = replace(FIELD, kind=kind, choices=(Choice("a", "一"), Choice("b", "二")))
    try:
        value = read_value(known, text, HERE)
    except NotAValue:
        return
    if value is not None:
        assert read_value(known, write_value(known, value, HERE), HERE) == value


@given(
    st.sampled_from(list(REGISTERS.values())),
    st.sampled_from(sorted(CENTRE_ROLES)),
    st.sampled_from([ME, OTHER, None]),
    st.data(),
)
def test_nobody_but_the_named_moves_a_record_about_themselves(
    register: Register, role: Role, reporter: int | None, data: st.DataObject
) -> None:
    state = data.draw(st.sampled_from([s.key for s in register.states]))
    open_now = open_steps(register, RecordFacts(state, ME, reporter), role, ME)
    assert all(step.about_may for step in open_now)


# --- what waited too long ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("articles", "cited"), [((19, 4), 19), ((), HOUSE_RULE)])
def test_a_record_of_a_centres_own_register_lapses_a_moment_after_it_fell_due_by_the_article_it_names(
    articles: tuple[int, ...], cited: int
) -> None:
    own = replace(PATROL, key="lent", articles=articles, version=3)
    assert lapse_of(own, NOW, NOW) is None
    assert lapse_of(own, None, NOW) is None
    assert lapse_of(own, NOW, NOW + SECOND) == Lapse(OWN_REGISTER_WAITS, cited)


@pytest.mark.parametrize(
    ("register", "lapse"), [(PATROL, Lapse("patrol_waits", 16)), (LINE_LOCK, None), (UNDERTAKING, None)]
)
def test_a_ready_made_register_lapses_by_the_article_that_asks_for_its_follow_up(
    register: Register, lapse: Lapse | None
) -> None:
    assert lapse_of(register, NOW, NOW + SECOND) == lapse
