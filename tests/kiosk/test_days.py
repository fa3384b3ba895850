"""Random days at the door: people, visitors, escorts, a cut-off centre, a full disk, clocks, kicks and restarts.

What must hold whatever happens: no release without a durable event and an article behind it; no exit held up; no
visitor inside without somebody who answers for them or an open finding; the records alone say who is inside.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kiosk.actions import Action, Record, Unlock
from kiosk.inputs import ContactChanged, EntryRead, ExitPressed, ExitRead, Input, Key, Tick, ToggleRead
from kiosk.machine import view_of
from kiosk.phases import AwaitEscort
from kiosk.toggling import leads_out
from kiosk.views import ViewKind
from regulation.access import DOOR_CODES
from regulation.doorlog import DoorEventRecord
from regulation.escorting import escort_of, visitors_led_by
from regulation.records import (
    BadgeRecord,
    BadgeState,
    OccupancyReset,
    PermitRecord,
    VisitState,
)
from tests.kiosk.paper_door import PaperDoor
from tests.kiosk.scene import BADGES, EMPLOYEE, SNAPSHOT, seconds

THIRD_VISITOR = "9003"
STAFF = (17, 21, 22, 117)
badges = st.sampled_from(BADGES)
# Small limits, so that a short day meets them.
LIMITS = {
    **SNAPSHOT.limits,
    "visitors_per_escort": 2,
    "most_visitors_inside": 3,
    "most_people_inside": 6,
    "refusals_before_lockout": 3,
}
START = replace(
    SNAPSHOT,
    limits=LIMITS,
    visits=(
        *SNAPSHOT.visits,
        replace(SNAPSHOT.visits[0], id=3, badge=THIRD_VISITOR, badge_label="V-03", sponsor_id=21),
        replace(SNAPSHOT.visits[0], id=4, badge=EMPLOYEE, badge_label="", sponsor_id=None),
    ),
)


class WatchedDoor(PaperDoor):
    """A door that checks every answer of the machine before it acts on it, and what it knew is durable after."""

    def feed(self, event: Input) -> tuple[Action, ...]:
        leaves = isinstance(event, ExitRead | ExitPressed) or (
            isinstance(event, ToggleRead) and leads_out(self.state.toggled, event, self.context(), self.now)
        )
        inside = isinstance(event, ToggleRead) and self.knowledge.is_inside(self.occupancy, event.badge)
        repeated = inside and not leaves and not self.answers_a_visitor(event)
        durable, unlocked, works = len(self.events) + len(self.owed), self.unlocks, self.journal_works
        actions = super().feed(event)
        self.check_record(actions)
        if leaves:
            assert self.unlocks == unlocked + 1, "never a blocked exit"
        if self.unlocks > unlocked:
            self.check_release(self.events[durable:] if works else [], event, leaves=leaves)
        if repeated:
            assert self.unlocks == unlocked, "one swipe at a reader for both ways opens once"
        return actions

    def answers_a_visitor(self, event: Input) -> bool:
        """Whether somebody badges again, this time for a visitor who has asked since (Art. 20): no repeat."""
        if not (isinstance(event, ToggleRead) and isinstance(self.state.phase, AwaitEscort)):
            return False
        before = self.recent.get((event.reader, event.badge))
        return before is None or before < self.state.phase.since

    @staticmethod
    def check_record(actions: tuple[Action, ...]) -> None:
        """One transaction a step, and before everything else that matters."""
        kinds = [type(act) for act in actions]
        assert kinds.count(Record) <= 1
        assert kinds.count(Unlock) <= 1
        if Unlock in kinds:
            assert kinds.index(Record) < kinds.index(Unlock)

    def check_release(self, fresh: list[DoorEventRecord], event: Input, *, leaves: bool) -> None:
        """What opened the door is on record with its article; only an exit may open it before that."""
        opening = [recorded for recorded in fresh if DOOR_CODES[recorded.code].outcome.opens]
        if not opening:
            assert leaves, f"{event} opened the door without a durable event"
            assert not self.journal_works
            return
        for recorded in opening:
            assert recorded.article in (14, 15, 20, 21, 24, 33)
            if recorded.direction == "in":
                self.check_entry(recorded)

    def check_entry(self, recorded: DoorEventRecord) -> None:
        """Visitors enter beside an escort on duty, everyone else is of the centre; nobody on a withdrawn badge."""
        known = self.knowledge.badges[recorded.badge]
        assert known.state is BadgeState.ACTIVE
        if recorded.visit_id is None:
            assert self.knowledge.people[recorded.person_id or 0].is_centre_personnel
            return
        assert self.knowledge.visits_by_id[recorded.visit_id].state in (
            VisitState.APPROVED,
            VisitState.INSIDE,
        )
        assert self.knowledge.may_escort(recorded.escort_id or 0, recorded.at)
        assert len(visitors_led_by(self.knowledge, self.occupancy, recorded.escort_id or 0)) <= 2


class RandomDays(RuleBasedStateMachine):
    """Everything that happens at a door, in any order."""

    @initialize(dress=st.sampled_from(("off", "confirm")), can_ask=st.booleans(), relock=st.booleans())
    def a_door(self, dress: str, can_ask: bool, relock: bool) -> None:
        self.door = WatchedDoor(START, dress, can_ask, relock)  # type: ignore[arg-type]
        self.resets = 0
        self.door.feed(ContactChanged(is_open=False))

    def change(self, **changes: object) -> None:
        """The centre's news, heard at once."""
        door = self.door
        version = door.snapshot.version + 1
        self.door.hear(replace(door.snapshot, taken_at=door.now, version=version, **changes))  # type: ignore[arg-type]

    # --- at the door ---------------------------------------------------------------------------------------

    @rule(badge=badges, pause=st.sampled_from((0.4, 3.0, 5.0)))
    def someone_badges_outside(self, badge: str, pause: float) -> None:
        self.door.after(pause, EntryRead("in", badge))

    @rule(badge=badges, pause=st.sampled_from((0.4, 3.0)))
    def someone_badges_inside(self, badge: str, pause: float) -> None:
        self.door.after(pause, ExitRead("out", badge))

    @rule(badge=badges, pause=st.sampled_from((0.4, 3.0)))
    def someone_badges_at_the_reader_for_both_ways(self, badge: str, pause: float) -> None:
        self.door.after(pause, ToggleRead("both", badge))

    @rule(
        visitor=st.sampled_from(("9001", "9002", THIRD_VISITOR, EMPLOYEE)),
        escort=st.sampled_from(("1017", "1021")),
    )
    def a_visitor_comes_with_an_escort(self, visitor: str, escort: str) -> None:
        self.door.after(4, EntryRead("in", visitor))
        self.door.after(4, EntryRead("in", escort))

    @rule(name=st.sampled_from(("1", "2", "4", "escape")))
    def a_key_is_pressed(self, name: str) -> None:
        self.door.after(1, Key(name))

    @rule(is_open=st.booleans())
    def the_leaf_moves(self, is_open: bool) -> None:
        self.door.after(0.5, ContactChanged(is_open))

    @rule()
    def the_button_is_pressed(self) -> None:
        self.door.after(0.5, ExitPressed())

    # --- time ----------------------------------------------------------------------------------------------

    @rule(pause=st.sampled_from((0.1, 9.0, 29.9, 31.0, 120.0, 3600.0)))
    def time_passes(self, pause: float) -> None:
        self.door.after(pause, Tick())

    @rule(jump=st.sampled_from((-7200.0, -60.0, 60.0, 7200.0)))
    def the_clock_is_set(self, jump: float) -> None:
        self.door.now += seconds(jump)

    # --- the centre ----------------------------------------------------------------------------------------

    @rule(age=st.sampled_from((0, 3, 11, 13, 169)))
    def the_centre_was_heard_hours_ago(self, age: int) -> None:
        door = self.door
        door.hear(replace(door.snapshot, taken_at=door.now - timedelta(hours=age)))

    @rule(person_id=st.sampled_from(STAFF), shift=st.sampled_from((-9, -4, 0, 1)), on_leave=st.booleans())
    def a_duty_is_changed(self, person_id: int, shift: int, on_leave: bool) -> None:
        starts_at = self.door.now + timedelta(hours=shift)
        own = replace(
            SNAPSHOT.duties[0], id=person_id, person_id=person_id, starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=8), on_leave=on_leave,
        )  # fmt: skip
        others = tuple(duty for duty in self.door.snapshot.duties if duty.person_id != person_id)
        self.change(duties=(*others, own))

    @rule(person_id=st.sampled_from(STAFF))
    def a_permit_is_given(self, person_id: int) -> None:
        now = self.door.now
        permit = PermitRecord(person_id, person_id, person_id, now, now + timedelta(minutes=15))
        self.change(permits=(*(p for p in self.door.snapshot.permits if p.id != person_id), permit))

    @rule(visit_id=st.integers(1, 4), hours=st.integers(1, 8))
    def a_visit_is_approved_anew(self, visit_id: int, hours: int) -> None:
        ends_at = self.door.now + timedelta(hours=hours)
        self.change(
            visits=tuple(
                replace(v, starts_at=self.door.now, ends_at=ends_at) if v.id == visit_id else v
                for v in self.door.snapshot.visits
            )
        )

    @rule(visit_id=st.integers(1, 4), escort_id=st.sampled_from((17, 21)))
    def the_handover_moves_an_escort_duty(self, visit_id: int, escort_id: int) -> None:
        if visit_id not in self.door.occupancy.visits or escort_id not in self.door.occupancy.people:
            return
        self.change(
            visits=tuple(
                replace(v, state=VisitState.INSIDE, escort_id=escort_id) if v.id == visit_id else v
                for v in self.door.snapshot.visits
            )
        )

    @rule(badge=badges, state=st.sampled_from(BadgeState))
    def a_badge_is_lost_or_found(self, badge: str, state: BadgeState) -> None:
        def changed(known: BadgeRecord) -> BadgeRecord:
            return replace(known, state=state) if known.badge == badge else known

        self.change(badges=tuple(changed(known) for known in self.door.snapshot.badges))

    @rule(person_id=st.sampled_from((None, *STAFF)), visit_id=st.sampled_from((None, 1, 2, 3, 4)))
    def a_leader_says_who_is_not_inside(self, person_id: int | None, visit_id: int | None) -> None:
        self.resets += 1
        reset = OccupancyReset(self.resets, self.door.now, person_id, visit_id)
        self.change(resets=(*self.door.snapshot.resets, reset))

    # --- what fails ----------------------------------------------------------------------------------------

    @rule(works=st.booleans())
    def the_disk_fills_or_has_room_again(self, works: bool) -> None:
        self.door.journal_works = works

    @rule()
    def the_kiosk_restarts(self) -> None:
        if self.door.owed:  # what was never recorded is lost with a kill; a stop in order waits for the disk
            self.door.record(())
        self.door.restart()
        self.door.feed(ContactChanged(is_open=False))

    # --- what must hold ------------------------------------------------------------------------------------

    @invariant()
    def a_visitor_inside_has_an_escort_on_record_or_an_open_finding(self) -> None:
        door = self.door
        door.feed(Tick())  # a moment later: the door looks after its visitors four times a second
        for visit_id in door.occupancy.visits:
            escort = escort_of(door.knowledge, door.occupancy, visit_id)
            if escort is None:
                assert self.is_reported(visit_id)
            else:
                assert not door.occupancy.is_away(escort), "whoever left answers for nobody"

    def is_reported(self, visit_id: int) -> bool:
        """Whether the last word on this visitor's escort is that there is none."""
        owed = [(verdict.code, verdict.visit_id) for _read, verdict in self.door.owed]
        said = [(event.code, event.visit_id) for event in self.door.events]
        about = [code for code, about in (*said, *owed) if about == visit_id]
        last = [code for code in about if code in ("alarm.no_escort", "note.escort", "granted.visitor")]
        return bool(last) and last[-1] == "alarm.no_escort"

    @invariant()
    def the_records_alone_say_who_is_inside(self) -> None:
        if not self.door.owed:
            assert self.door.folded() == self.door.occupancy

    @invariant()
    def nobody_who_opened_nothing_is_inside(self) -> None:
        entered = {
            event.person_id for event in self.door.events if event.direction == "in" and event.visit_id is None
            and DOOR_CODES[event.code].outcome.opens
        }  # fmt: skip
        assert set(self.door.occupancy.people) <= entered

    @invariant()
    def an_overstay_is_told_once_for_each_stay(self) -> None:
        stays: dict[int, int] = {}
        for event in self.door.events:
            if event.visit_id is None:
                continue
            if event.code == "granted.visitor":
                stays[event.visit_id] = 0
            elif event.code == "alarm.overstayed":
                stays[event.visit_id] = stays.get(event.visit_id, 0) + 1
                assert stays[event.visit_id] == 1

    @invariant()
    def the_screen_never_stays_with_anything_for_ever(self) -> None:
        view = view_of(self.door.state)
        assert view.until is not None or view.kind is ViewKind.IDLE or view.code == "alarm.held"


ORDINARY = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
SOAK = settings(ORDINARY, max_examples=5_000, stateful_step_count=120)


def test_art20_random_days_at_the_door() -> None:
    run_state_machine_as_test(RandomDays, settings=ORDINARY)


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("ZHIBAN_SOAK"), reason="the long form runs under `make soak`")
@pytest.mark.timeout(7200)
def test_art20_many_random_days_at_the_door() -> None:
    run_state_machine_as_test(RandomDays, settings=SOAK)
