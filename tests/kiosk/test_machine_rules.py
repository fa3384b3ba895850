"""Random days at the door against what must always hold, whoever badges in whatever order."""

from __future__ import annotations

from datetime import datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kiosk.actions import Action, Record, Unlock
from kiosk.inputs import (
    EntryRead,
    ExitRead,
    FormSubmitted,
    Input,
    Key,
    NotRecorded,
    Tick,
    VisitAnswered,
    VisitForm,
)
from kiosk.machine import step, view_of
from kiosk.phases import AwaitEscort
from kiosk.states import State
from kiosk.views import ViewKind
from regulation.access import DoorVerdict
from regulation.doorlog import Read, passage_of, record_event
from regulation.ledger import GENESIS
from regulation.occupancy import Occupancy
from regulation.records import Direction, VisitState
from tests.kiosk.scene import BADGES, NOW, codes, context, seconds

FORM = VisitForm("李伟", "华信公司", "138", "cleaning", "", "1017")
badges = st.sampled_from(BADGES)


class RandomDay(RuleBasedStateMachine):
    """The machine fed by a small engine that remembers reads and lets events become passages."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State()
        self.now: datetime = NOW
        self.recent: dict[tuple[str, str], datetime] = {}
        self.occupancy = Occupancy()
        self.sequence = 0
        self.alone: set[int | None] = set()

    def feed(self, event: Input, *, journal_works: bool = True) -> tuple[Action, ...]:
        known = context(occupancy=self.occupancy, recent=self.recent)
        before = self.state
        self.state, actions = step(self.state, event, known, self.now)
        if isinstance(event, EntryRead | ExitRead):
            self.recent[event.reader, event.badge] = self.now
        self.check(before, event, actions)
        entries = [entry for act in actions if isinstance(act, Record) for entry in act.entries]
        if entries and not journal_works and isinstance(event, EntryRead):
            self.feed(NotRecorded(tuple(read for read, _verdict in entries)))
        else:
            self.become_events(entries)
        return actions

    def become_events(self, entries: list[tuple[Read, DoorVerdict]]) -> None:
        for read, verdict in entries:
            self.sequence += 1
            if verdict.code == "alarm.no_escort":
                self.alone.add(verdict.visit_id)
            passage = passage_of(record_event(read, verdict, self.sequence, GENESIS, 7))
            if passage is not None:
                self.occupancy.apply(passage)

    def check(self, before: State, event: Input, actions: tuple[Action, ...]) -> None:
        kinds = [type(act) for act in actions]
        entries = [entry for act in actions if isinstance(act, Record) for entry in act.entries]
        opening = [(read, verdict) for read, verdict in entries if verdict.outcome.opens]
        if Unlock in kinds:
            assert kinds[0] is Record, "no unlock without a record before it"
            assert opening, "no unlock without a verdict that opens"
        if isinstance(event, ExitRead):
            assert Unlock in kinds, "exit is never blocked"
        for read, verdict in opening:
            if read.direction is Direction.OUT:
                continue
            assert verdict.article, "no entry without an article"
            knowledge = context().knowledge
            if verdict.visit_id is not None:
                assert isinstance(before.phase, AwaitEscort)
                assert isinstance(event, EntryRead)
                escort = knowledge.person_on_duty(event.badge, self.now)
                assert escort is not None, "only centre staff on duty escort"
                assert verdict.escort_id == escort.id
                assert codes(actions).count("granted.escort") == 1
            else:
                person = knowledge.people[verdict.person_id or 0]
                assert person.is_centre_personnel, "nobody from outside enters alone"

    @rule(badge=badges, journal_works=st.booleans())
    def someone_badges_outside(self, badge: str, journal_works: bool) -> None:
        self.feed(EntryRead("in", badge), journal_works=journal_works)

    @rule(badge=badges)
    def someone_badges_inside(self, badge: str) -> None:
        self.feed(ExitRead("out", badge))

    @rule(pause=st.sampled_from((0.1, 1.0, 2.9, 3.0, 5.0, 29.9, 31.0, 100.0, 601.0)))
    def time_passes(self, pause: float) -> None:
        self.now += seconds(pause)
        self.feed(Tick())

    @rule(pause=st.sampled_from((0.5, 31.0)))
    def time_passes_before_anyone_notices(self, pause: float) -> None:
        self.now += seconds(pause)

    @rule(name=st.sampled_from(("1", "2", "4", "9", "escape", "typing")))
    def a_key_is_pressed(self, name: str) -> None:
        self.feed(Key(name))

    @rule(key=st.sampled_from(("a", "b")))
    def the_form_is_sent(self, key: str) -> None:
        self.feed(FormSubmitted(key, FORM))

    @rule(key=st.sampled_from(("a", "b")), answer=st.sampled_from(list(VisitState)))
    def the_desk_answers(self, key: str, answer: VisitState) -> None:
        self.feed(VisitAnswered(key, answer, "V-03"))

    @invariant()
    def everyone_inside_has_someone_who_answers_for_them_or_was_reported(self) -> None:
        for visit_id, inside in self.occupancy.visits.items():
            assert inside.escort_id in (17, 21) or visit_id in self.alone

    @invariant()
    def the_screen_never_stays_with_a_verdict_for_ever(self) -> None:
        view = view_of(self.state)
        assert view.until is not None or view.kind is ViewKind.IDLE


RandomDay.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestRandomDay = RandomDay.TestCase
