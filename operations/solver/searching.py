"""The engine's course: a first plan, the bound, a dive from it, then rounds of improvement until time or proof."""

from __future__ import annotations

import math
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from operations.solver.columns import Column, Lines
from operations.solver.cost import evaluate
from operations.solver.diving import Dive, likeliest
from operations.solver.generation import Generated, Limit, Stopped, generate
from operations.solver.improving import Neighbourhood, Outcome, Pool, reoptimised
from operations.solver.master import Master
from operations.solver.polishing import first_plan, polished
from operations.solver.problem import Problem, Progress, Solution

REPORT_SECONDS = 0.2
"""Progress is told this often while nothing changes."""
RESERVED_SECONDS, RESERVED_SHARE = 1.5, 0.08
"""Time kept for rounding what bounding and diving have reached."""
WHOLE = 1e-6
"""How far from a whole number a bound may be and still count as one."""


class Search:
    """One run of the engine over one problem."""

    def __init__(
        self,
        problem: Problem,
        *,
        started: float,
        seconds: float,
        seed: int,
        workers: int,
        rounds: int | None,
        on_progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self.problem = problem
        self.lines = Lines(problem)
        self.plan: list[Column] = []
        self.cost = 0
        self.bound: float | None = None
        self.history: list[tuple[float, int]] = []
        self._started, self._seconds = started, seconds
        self._chance = random.Random(seed)  # noqa: S311  a plan must be the same again, not a secret
        self._workers = max(1, workers)
        self._rounds, self._done = rounds, 0
        self._report, self._cancelled = on_progress, cancelled
        self._reported = -REPORT_SECONDS
        self._phase = "first"

    def run(self) -> Solution:
        """Search until the plan is proved best, the rounds are done, or time is over."""
        self._take(first_plan(self.lines))
        self._phase = "polish"
        self._take(polished(self.lines, self.plan, self._over))
        ended = "time"
        with ThreadPoolExecutor(self._workers) as threads:
            try:
                pool = self._bounded(threads)
                ended = self._improved(threads, pool)
            except Stopped:
                if self._cancelled is not None and self._cancelled():
                    ended = "cancelled"
        return self._solution(ended)

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _left(self) -> float:
        """Seconds left; none once cancelled."""
        if self._cancelled is not None and self._cancelled():
            return 0.0
        return self._seconds - self._elapsed()

    def _over(self) -> bool:
        return self._left_and_told() <= 0

    def _left_and_told(self) -> float:
        """The same, telling how far the search is: for the thread that called ``solve`` alone."""
        self._tell()
        return self._left()

    def _tell(self, *, now: bool = False) -> None:
        elapsed = self._elapsed()
        if self._report is not None and (now or elapsed - self._reported >= REPORT_SECONDS):
            self._reported = elapsed
            self._report(Progress(self._phase, elapsed, self.cost if self.plan else None, self.bound))

    def _take(self, plan: Sequence[Column]) -> None:
        """Let this be the plan, if it is the best so far."""
        cost = self.lines.cost(plan)
        if not self.plan or cost < self.cost:
            self.plan, self.cost = list(plan), cost
            self.history.append((self._elapsed(), cost))
            self._tell(now=True)

    def _proved(self) -> bool:
        return self.bound is not None and self.cost <= self.bound + WHOLE

    def _bounded(self, threads: ThreadPoolExecutor) -> Pool:
        """Solve the relaxation of the whole problem, round it, and dive from it.

        Time kept in reserve rounds what there is when the rest is over.
        """
        self._phase = "bound"
        master = Master(self.lines, range(self.lines.people), self.lines.required)
        master.add(self.plan)
        reserve = min(RESERVED_SECONDS, RESERVED_SHARE * self._seconds)
        limit = Limit(lambda: self._left_and_told() - reserve, self.cost)
        try:
            reached = generate(self.lines, master, limit, search=threads.map)
        except Stopped:
            self._round(likeliest(master, master.solve()))
            raise
        self.bound = float(math.ceil(reached.bound - WHOLE))
        pool = Pool(reached.duals)
        pool.add(master.columns)
        self._round(likeliest(master, reached.relaxed))
        if not self._proved():
            self._dive(master, reached, replace(limit, cutoff=self.cost), threads)
        return pool

    def _dive(self, master: Master, reached: Generated, limit: Limit, threads: ThreadPoolExecutor) -> None:
        """From the relaxation down to a plan."""
        self._phase = "dive"
        dive = Dive(self.lines, limit, search=threads.map)
        try:
            better = dive.run(master, reached)
        except Stopped:
            self._round(dive.likeliest())
            raise
        if better is not None:
            self._take(better)

    def _round(self, plan: Sequence[Column]) -> None:
        """Polish a plan, and take it when it is better."""
        self._take(polished(self.lines, plan, self._over))

    def _improved(self, threads: ThreadPoolExecutor, pool: Pool) -> str:
        """Rounds, as many at a time as there are workers; how it ended."""
        self._phase = "improve"
        near = Neighbourhood.of(self.lines, self._chance)
        running: deque[Future[Outcome | None]] = deque()
        while not self._proved():
            if self._rounds is not None and self._done >= self._rounds:
                return "rounds"
            while len(running) < self._workers:
                running.append(self._begun(threads, near, pool))
            outcome = running.popleft().result()
            if outcome is None or self._over():
                raise Stopped
            self._done += 1
            self._learn(outcome, near, pool)
        return "optimal"

    def _begun(self, threads: ThreadPoolExecutor, near: Neighbourhood, pool: Pool) -> Future[Outcome | None]:
        people = near.draw(self.plan)
        known = [column for person in people for column in pool.best(person)]
        seed = self._chance.getrandbits(32)
        return threads.submit(reoptimised, self.lines, tuple(self.plan), people, known, self._left, seed)

    def _learn(self, outcome: Outcome, near: Neighbourhood, pool: Pool) -> None:
        """Take a round's outcome: the plan may have changed since it began, so its gain is counted again."""
        near.learn(outcome)
        pool.add(outcome.met)
        if outcome.hopeless and len(outcome.people) == self.lines.people:
            self.bound = float(self.cost)
        if outcome.better is not None:
            plan = list(self.plan)
            for column in outcome.better:
                plan[column.person] = column
            self._take(plan)

    def _solution(self, ended: str) -> Solution:
        plan = self.lines.plan(self.plan)
        judged = evaluate(self.problem, plan)
        return Solution(
            plan=plan,
            objective=judged.objective,
            parts=judged.parts,
            violations=judged.violations,
            shortages=judged.shortages,
            bound=self.bound,
            ended=ended,
            first_feasible_seconds=self.history[0][0],
            seconds=self._elapsed(),
            rounds=self._done,
            history=tuple(self.history),
        )
