"""Art. 38 over random requests, agreements, consents, withdrawals and hands on the roster, while time passes.

Whatever happened: nobody has two duties at once, no hour of a duty has two holders or none, and a swap that was
consented to and withdrawn has left the roster exactly as it was.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import models
from locales import using_language
from operations import store, swap_views, swaps, watch
from operations.boundary import SYSTEM
from operations.swaps import LegAsked
from regulation.swaps import OPEN_STATES, SwapState
from settings import ZhibanError
from tests.centre import NOW, TODAY, Built, build_centre, publish_days
from tests.conftest import forget_database

PEOPLE = ("1003", "1017", "1021", "1103", "1117", "1000")
DECIDERS = ("1000", "2001", "1003", "1103")
MOVES = 12

person = st.sampled_from(PEOPLE)
Standing = frozenset[tuple[int, int, datetime, datetime]]


@cache
def template() -> Built:
    """The centre, built once for all examples."""
    with using_language("en"):
        built = build_centre(Path(tempfile.mkdtemp()))
    forget_database()
    return built


class Swapping(RuleBasedStateMachine):
    """People ask and leaders decide; the roster must stay a roster."""

    def __init__(self) -> None:
        super().__init__()
        self.language = using_language("en")
        self.now = NOW
        self.before: dict[int, Standing] = {}

    @initialize()
    def open_a_centre(self) -> None:
        self.language.__enter__()
        self.built = template()
        self.folder = Path(tempfile.mkdtemp())
        file = self.folder / "centre.db"
        shutil.copy(self.built.url.removeprefix("sqlite:///"), file)
        store.open_database(f"sqlite:///{file}")
        self.whole = {(row[0], row[2], row[3]) for row in _standing()}

    def teardown(self) -> None:
        forget_database()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.language.__exit__(None, None, None)

    @rule(
        giver=person, taker=person, back=st.booleans(), part=st.sampled_from([0, 0, 29, 240]), data=st.data()
    )
    def asks(self, giver: str, taker: str, back: bool, part: int, data: st.DataObject) -> None:
        mine, theirs = self._coming(giver), self._coming(taker)
        if not mine or (back and not theirs):
            return
        duty = data.draw(st.sampled_from(mine))
        cut = duty.starts_at + timedelta(minutes=part) if part else None
        legs = [LegAsked(duty.id, taker, cut)]
        if back:
            legs.append(LegAsked(data.draw(st.sampled_from(theirs)).id, giver))
        self._try(swaps.ask_swap, self.built.actors[giver], self.now, legs)

    @rule(data=st.data(), who=person)
    def agrees(self, data: st.DataObject, who: str) -> None:
        swap = self._some(data, lambda row: row.state in OPEN_STATES)
        if swap is not None:
            self._try(swaps.agree_swap, self.built.actors[who], self.now, swap.id)

    @rule(data=st.data(), who=st.sampled_from(DECIDERS))
    def consents(self, data: st.DataObject, who: str) -> None:
        swap = self._some(data, lambda row: row.state in OPEN_STATES)
        if swap is None:
            return
        for party in (*PEOPLE, "2001"):
            self._try(swaps.agree_swap, self.built.actors[party], self.now, swap.id)
        before = _standing()
        if self._try(swaps.consent_swap, self.built.actors[who], self.now, swap.id):
            assert _standing() != before
            self.before = {swap.id: before}  # what was consented to before it can no longer be compared

    @rule(data=st.data(), who=st.sampled_from((*PEOPLE, "2001")))
    def withdraws(self, data: st.DataObject, who: str) -> None:
        swap = self._some(data, lambda row: row.state in OPEN_STATES | {SwapState.CONSENTED})
        if swap is None:
            return
        consented = swap.state is SwapState.CONSENTED
        done = self._try(swaps.withdraw_swap, self.built.actors[who], self.now, swap.id, "x")
        if done and consented and swap.id in self.before:
            assert _standing() == self.before.pop(swap.id)

    @rule(who=person)
    def is_rostered_by_hand(self, who: str) -> None:
        day = self.built.ids[who], TODAY + timedelta(days=2), "middle"
        if self._try(publish_days, self.now, day):
            self.before.clear()
            self.whole = {(row[0], row[2], row[3]) for row in _originals()}

    @rule(hours=st.sampled_from([1, 9, 30]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        watch.keep_what_is_due(SYSTEM, self.now)
        open_now = [row for row in swap_views.swap_rows(SYSTEM, self.now) if row.state in OPEN_STATES]
        assert all(row.begins_at > self.now for row in open_now)

    @invariant()
    def nobody_has_two_duties_at_once(self) -> None:
        held = defaultdict(list)
        for _duty, person_id, begin, end in _standing():
            held[person_id].append((begin, end))
        for spans in held.values():
            assert all(a[1] <= b[0] for a, b in pairwise(sorted(spans)))

    @invariant()
    def every_hour_of_every_duty_has_one_holder(self) -> None:
        """The pieces that stand for a duty are the duty, end to end; it stands itself or they do, never both."""
        covered = defaultdict(list)
        for duty, _person, begin, end in _standing():
            covered[duty].append((begin, end))
        ends = {(duty, min(spans)[0], max(spans)[1]) for duty, spans in covered.items()}
        assert ends == self.whole
        for spans in covered.values():
            assert all(a[1] == b[0] for a, b in pairwise(sorted(spans)))

    def _coming(self, number: str) -> tuple[swap_views.ComingDuty, ...]:
        return swap_views.coming_duties(SYSTEM, self.now, self.built.ids[number])

    def _some(
        self, data: st.DataObject, wanted: Callable[[swap_views.SwapRow], bool]
    ) -> swap_views.SwapRow | None:
        rows = [row for row in swap_views.swap_rows(SYSTEM, self.now) if wanted(row)]
        return data.draw(st.sampled_from(rows)) if rows else None

    def _try(self, operation: Callable[..., object], *args: object) -> bool:
        try:
            operation(*args)
        except ZhibanError:
            return False
        return True


def _standing() -> Standing:
    """Every duty that stands: the duty of the roster it comes from, its holder and its hours."""

    def query() -> Standing:
        duty = models.Duty
        rows = {row.id: row for row in duty.select()}

        def root(row: models.Duty) -> int:
            while row.replaces_id is not None:
                row = rows[row.replaces_id]
            return int(row.id)

        return frozenset(
            (root(row), row.person_id, row.starts_at, row.ends_at)
            for row in rows.values()
            if row.state == "due"
        )

    return store.read(query)


def _originals() -> Standing:
    """The duties that stand as the roster gave them, and those that pieces stand for."""

    def query() -> Standing:
        duty = models.Duty
        rows = duty.select().where(duty.replaces.is_null(), duty.state.in_(("due", "swapped")))
        return frozenset((row.id, row.person_id, row.starts_at, row.ends_at) for row in rows)

    return store.read(query)


TestSwapping = Swapping.TestCase
TestSwapping.settings = settings(
    max_examples=12,
    stateful_step_count=MOVES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
