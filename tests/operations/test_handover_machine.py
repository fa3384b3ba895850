"""Art. 20 to 25 over random shifts, swaps, no-shows, holds, late events and crashes.

Whatever happened: every event is in exactly one log, nobody has signed both sides, what was sealed is bit for bit
what is printed later, and from every state some recorded way leads to a sealed log.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
import peewee
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import models
from locales import using_language
from operations import (
    drafts,
    handover,
    people,
    publishing,
    shiftlog,
    signin,
    signing,
    standing,
    store,
    verify,
)
from operations.boundary import SYSTEM, Actor
from operations.daily_log import daily_log
from operations.handover import HandoverView, Step
from regulation.daily_log import ShiftSection, content_digest
from regulation.handover import ItemState, LogState, Side
from regulation.roles import Role
from settings import ZhibanError
from tests.centre import NOW, PIN, PIN_HASH, TODAY, Built, build_centre
from tests.conftest import forget_database
from tests.operations.ways_out import moves

SPARE = "1104"
MANAGER = "2001"
LEADERS = ("1003", "1103", SPARE, MANAGER)
SHIFTS = ("early", "middle", "night")
A_WHILE = timedelta(minutes=20)
# A handover takes a dozen moves, and a stand-in or an override a few more.
MOVES = 40

leader = st.sampled_from(LEADERS)


@cache
def template() -> Built:
    """The centre with a spare leader, built once for all examples."""
    with using_language("en"):
        built = build_centre(Path(tempfile.mkdtemp()))
        spare = people.NewPerson(SPARE, "郑强", Role.SHIFT_LEADER, must_change_pin=False)
        people.add_people(SYSTEM, NOW, [(spare, PIN_HASH)])
        actors = {**built.actors, SPARE: signin.sign_in(SPARE, PIN, NOW)}
    forget_database()
    return Built(built.url, actors, {**built.ids, SPARE: actors[SPARE].person_id})


class Handovers(RuleBasedStateMachine):
    """Everyone does anything at any time; what is refused must leave no trace."""

    def __init__(self) -> None:
        super().__init__()
        built = template()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(built.url.removeprefix("sqlite:///"), self.folder / "centre.db")
        store.open_database(f"sqlite:///{self.folder / 'centre.db'}")
        self.actors: dict[str, Actor] = built.actors
        self.ids = built.ids
        self.now = NOW
        self.texts: list[str] = []
        self.sealed: dict[int, bytes] = {}

    def teardown(self) -> None:
        try:
            if models.database.obj is not None:
                self.something_leads_to_a_sealed_log()
                self.what_is_sealed_stays_sealed()
                self.everything_still_holds()
        finally:
            forget_database()
            shutil.rmtree(self.folder)

    # What people do ------------------------------------------------------------------------------------

    @initialize(off=st.sets(st.tuples(st.integers(0, 2), st.sampled_from(["1003", "1103"]))))
    def some_shifts_are_off(self, off: set[tuple[int, str]]) -> None:
        for offset, number in sorted(off):
            day = TODAY + timedelta(days=offset)
            self.publish(number, day, None)

    @rule(wait=st.sampled_from([1, 10, 30, 120, 480]))
    def time_goes_by(self, wait: int) -> None:
        self.now += timedelta(minutes=wait)

    @rule(who=leader)
    def something_is_written(self, who: str) -> None:
        text = f"event {len(self.texts)}"
        draft = shiftlog.EntryDraft("notice", text, self.now)
        if self.tries(lambda: shiftlog.write_entry(self.actors[who], self.now, draft)):
            self.texts.append(text)

    @rule(who=leader)
    def something_stays_open(self, who: str) -> None:
        self.tries(lambda: shiftlog.open_item(self.actors[who], self.now, f"item at {self.now}"))

    @rule(who=leader, carried=st.booleans())
    def an_item_is_settled(self, who: str, carried: bool) -> None:
        view = self.view()
        for item in [i for i in (view.items if view else ()) if i.state is ItemState.OPEN][:1]:
            self.settle(who, item.id, carried=carried)

    @rule(day=st.integers(0, 3), shift=st.sampled_from(SHIFTS), who=leader)
    def a_shift_is_rostered(self, day: int, shift: str, who: str) -> None:
        on = TODAY + timedelta(days=day)
        self.publish(who, on, shift)

    @rule(day=st.integers(0, 3), who=leader)
    def a_duty_is_cleared(self, day: int, who: str) -> None:
        self.publish(who, TODAY + timedelta(days=day), None)

    @rule(who=leader, instead=leader)
    def a_duty_is_swapped(self, who: str, instead: str) -> None:
        """An approved swap re-targets the duty (Art. 38)."""
        duty = models.Duty

        def swap() -> None:
            taken = duty.select(duty.date).where(duty.person == self.ids[instead], duty.state == "due")
            mine = duty.select().where(
                duty.person == self.ids[who],
                duty.ends_at > self.now,
                duty.date.not_in(taken),
                duty.state == "due",
            )
            for row in mine.limit(1):
                duty.update(person=self.ids[instead]).where(duty.id == row.id).execute()

        store.write(swap)

    @rule(who=leader)
    def a_handover_is_started(self, who: str) -> None:
        view = self.view()
        if view is not None:
            self.tries(lambda: handover.start_handover(self.actors[who], self.now, view.log.id))

    @rule(who=leader)
    def the_lines_are_checked(self, who: str) -> None:
        view = self.view()
        if view is not None and view.handover_id is not None:
            self.check(who, view.handover_id)

    @rule(who=leader)
    def someone_signs_out(self, who: str) -> None:
        self.signs(who, signing.sign_out)

    @rule(who=leader)
    def someone_takes_over(self, who: str) -> None:
        self.signs(who, signing.sign_in_take_over)

    @rule(who=leader)
    def someone_closes_alone(self, who: str) -> None:
        self.signs(who, lambda number, pin, now, of: signing.close_alone(number, pin, now, of, "没有下一班"))

    @rule(who=leader)
    def someone_counter_signs(self, who: str) -> None:
        view = self.view()
        if view is not None and view.counter_sign is not None:
            of = view.counter_sign.handover_id
            self.tries(lambda: signing.counter_sign(who, PIN, self.now, of))

    @rule(who=leader)
    def a_signature_is_withdrawn(self, who: str) -> None:
        view = self.view()
        if view is not None and view.handover_id is not None:
            of = view.handover_id
            self.tries(lambda: signing.withdraw_sign_out(self.actors[who], self.now, of))

    @rule(who=leader, person=leader, side=st.sampled_from(Side))
    def someone_stands_in(self, who: str, person: str, side: Side) -> None:
        self.stand_in(who, person, side)

    @rule(who=leader, side=st.sampled_from(Side))
    def someone_has_not_come(self, who: str, side: Side) -> None:
        view = self.view()
        if view is not None:
            of = view.log.id
            self.tries(lambda: standing.record_no_show(self.actors[who], self.now, of, side, "未到"))

    @rule(who=leader, lifted=st.booleans())
    def the_handover_is_held_or_goes_on(self, who: str, lifted: bool) -> None:
        view = self.view()
        if view is None:
            return
        of = view.log.id
        if lifted:
            self.tries(lambda: standing.lift_hold(self.actors[who], self.now, of))
        else:
            self.tries(lambda: standing.hold_handover(self.actors[who], self.now, of, "大面积断线"))

    @rule(side=st.sampled_from(Side))
    def a_higher_leader_takes_a_side(self, side: Side) -> None:
        self.take_side(side)

    @rule(steps=st.integers(1, 12))
    def people_go_on_with_the_handover(self, steps: int) -> None:
        view = self.view()
        if view is not None and self.now >= view.log.shift.starts_at:
            for _step in range(steps):
                self.moves_on(view.log.id)

    @rule(who=leader, at=st.sampled_from(["audit_record", "relief", "open_item", "shift_log"]))
    def the_power_goes_in_the_middle_of_a_signature(self, who: str, at: str) -> None:
        """What a signature changes is there as a whole, or not at all."""
        verb = "UPDATE" if at == "shift_log" else "INSERT"
        store.write(
            lambda: models.database.execute_sql(
                f"CREATE TRIGGER cut BEFORE {verb} ON {at} BEGIN SELECT RAISE(ABORT, 'power'); END"
            )
        )
        try:
            for sign in (signing.sign_out, signing.sign_in_take_over):
                before = self.everything_stored()
                try:
                    self.signs(who, sign)
                except peewee.IntegrityError:
                    assert self.everything_stored() == before
        finally:
            store.write(lambda: models.database.execute_sql("DROP TRIGGER cut"))

    # What always holds ---------------------------------------------------------------------------------

    @invariant()
    def nobody_signs_both_sides(self) -> None:
        row = models.Handover
        assert not store.read(lambda: row.select().where(row.signed_out_by == row.signed_in_by).exists())

    @invariant()
    def what_is_sealed_stays_sealed(self) -> None:
        log = models.ShiftLog
        for row in store.read(lambda: list(log.select().where(log.state == LogState.SEALED))):
            stored = row.sealed_content.encode()
            assert self.sealed.setdefault(row.id, stored) == stored

    def everything_still_holds(self) -> None:
        sections = [section for day in self.days() for section in self.printed(day).values()]
        counted = Counter(entry.text for section in sections for entry in section.entries)
        assert counted == Counter(self.texts)
        for day in self.days():
            for log_id, section in self.printed(day).items():
                if log_id in self.sealed:
                    bare = replace(section, digest="", addenda=(), counter_signatures=())
                    assert msgspec.json.encode(bare) == self.sealed[log_id]
                    assert content_digest(section) == section.digest
        assert verify.verify(self.actors[MANAGER], self.now).holds
        self.carried_items_arrived_once()

    def carried_items_arrived_once(self) -> None:
        def arrived() -> None:
            item, log = models.OpenItem, models.ShiftLog
            unfinished = (
                item.select().join(log).where(log.state == LogState.SEALED, item.state != ItemState.RESOLVED)
            )
            for row in unfinished:
                signed = models.Handover.get(models.Handover.outgoing == row.log_id).signed_in_by_id
                count = item.select().where(item.carried_from == row.id).count()
                assert count == (1 if signed is not None else 0)

        store.read(arrived)

    def something_leads_to_a_sealed_log(self) -> None:
        """Try the recorded ways, one after the other, until the log at hand is sealed."""
        view = self.view()
        if view is None:
            return
        log_id = view.log.id
        self.now = max(self.now, view.log.shift.starts_at)
        for _move in range(MOVES):
            if self.seen(log_id).step is Step.SEALED:
                return
            if not self.moves_on(log_id):
                self.now += A_WHILE
        view = self.seen(log_id)
        raise AssertionError(f"no way leads on from {view.step}: {[w.kind for w in view.ways if w.open]}")

    def moves_on(self, log_id: int) -> bool:
        """Make the first move that is accepted; whether there was one."""
        view = self.seen(log_id)
        return any(self.tries(move) for move in moves(self.actors[MANAGER], LEADERS, self.now, view))

    def seen(self, log_id: int) -> HandoverView:
        view = handover.handover_view(self.actors[MANAGER], self.now, log_id)
        assert view is not None
        return view

    # The hands of it -----------------------------------------------------------------------------------

    def tries(self, act: Callable[[], object]) -> bool:
        """Do something; whether it was accepted. What is refused leaves nothing behind."""
        before = store.read(store.change_version)
        try:
            act()
        except ZhibanError:
            assert store.read(store.change_version) == before
            return False
        return True

    def view(self) -> HandoverView | None:
        return handover.handover_view(self.actors[MANAGER], self.now)

    def signs(self, who: str, sign: Callable[[str, str, datetime, int], object]) -> None:
        view = self.view()
        if view is not None and view.handover_id is not None:
            of = view.handover_id
            self.tries(lambda: sign(who, PIN, self.now, of))

    def settle(self, who: str, item_id: int, *, carried: bool) -> None:
        actor = self.actors[who]
        if carried:
            self.tries(lambda: shiftlog.carry_item(actor, self.now, item_id, "未完", "继续"))
        else:
            self.tries(lambda: shiftlog.resolve_item(actor, self.now, item_id, "已处理"))

    def check(self, who: str, of: int) -> None:
        self.tries(lambda: handover.check_all_in_order(self.actors[who], self.now, of))

    def stand_in(self, who: str, person: str, side: Side) -> None:
        view = self.view()
        if view is None:
            return
        log = view.log.shift if side is Side.OUTGOING else view.next_shift
        if log is not None:
            self.tries(
                lambda: standing.record_stand_in(self.actors[who], self.now, log.log_id, person, "病假")
            )

    def take_side(self, side: Side) -> None:
        view = self.view()
        if view is not None and view.handover_id is not None:
            of = view.handover_id
            self.tries(
                lambda: standing.override(
                    self.actors[MANAGER], self.now, of, "not_rostered", f"side:{side}", "班长未到"
                )
            )

    def publish(self, who: str, day: date, shift: str | None) -> None:
        """Plan one day and publish it; what cannot be published leaves no draft either."""
        manager, cells = self.actors[MANAGER], [drafts.Paint(self.ids[who], day, shift)]
        if not self.tries(lambda: drafts.paint_draft(manager, self.now, cells)):
            return
        if not self.tries(lambda: publishing.publish_draft(manager, self.now, day, day)):
            drafts.discard_draft(manager, self.now, day, day)

    def days(self) -> list[date]:
        log = models.ShiftLog
        return sorted({row.date for row in store.read(lambda: list(log.select(log.date)))})

    def printed(self, day: date) -> dict[int, ShiftSection]:
        """The sections of a day as they are printed, by their log."""
        log = models.ShiftLog
        ids = store.read(
            lambda: [row.id for row in log.select(log.id).where(log.date == day).order_by(log.starts_at)]
        )
        return dict(zip(ids, daily_log(self.actors[MANAGER], self.now, day).shifts, strict=True))

    def everything_stored(self) -> list[list[tuple[object, ...]]]:
        return store.read(lambda: [list(table.select().tuples()) for table in models.TABLES])


SHORT = settings(
    max_examples=12,
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.mark.timeout(600)
def test_art25_every_event_is_in_one_log_and_every_state_has_a_way_to_a_sealed_one() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Handovers, settings=SHORT)


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("ZHIBAN_SOAK"), reason="the long form runs under `make soak`")
@pytest.mark.timeout(7200)
def test_art25_the_same_over_thousands_of_shifts() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Handovers, settings=settings(SHORT, max_examples=1500, stateful_step_count=60))
