"""The cheapest lines of one person against given prices: exact, best first.

``completions`` computes backwards, for each day, base and packed core level, the least price of the days to come. ``cheapest``
then searches forwards along the most promising paths, keeping the side tallies, and drops a path that another one
dominates. With ``distinct`` nothing is dropped, so that *every* line within the threshold comes out, cheapest first.
The functions are compiled by numba, release the interpreter's lock and keep their machine code beside this file.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numba
import numpy as np

from operations.solver.automaton import Automaton, Floats, Tallies

Function = TypeVar("Function")

NEVER = 1e18
"""The price of what cannot be."""
ANY_PRICE = NEVER / 2
"""Above every real price and below that."""
SAME = 1e-9
"""Prices closer than this are equal."""


class Ahead(NamedTuple):
    """What the days to come cost at least: ``completions`` with their slopes, and ``_lowest`` of each side tally."""

    bound: Floats
    slopes: Floats
    lowest: Floats


class Labels(NamedTuple):
    """Paths over the first days, one index each: what they cost, and with the cheapest end (``promise``).

    ``choice`` is the last day's and ``parent`` the path before it.
    """

    price: Floats
    promise: Floats
    day: Any
    base: Any
    level: Any
    parent: Any
    choice: Any
    side: Any


def inlined(function: Function) -> Function:
    """Part of the kernel that calls it: a call would count references on every array of the tables, and cost more."""
    made: Any = numba.njit(nogil=True, inline="always")
    return made(function)  # type: ignore[no-any-return]


def kernel(function: Function) -> Function:
    """Machine code for ``function``, run without the interpreter's lock, and kept on disk where there is a place for it."""
    kept: Any = numba.njit(cache=True, nogil=True)
    made: Any = numba.njit(nogil=True)
    try:
        return kept(function)  # type: ignore[no-any-return]
    except (
        RuntimeError
    ):  # neither this folder nor the user's cache can be written: compiled anew in each process
        return made(function)  # type: ignore[no-any-return]


@inlined
def entered(a: Automaton, day: int, base: int, shift: int) -> int:
    """The base after choosing ``shift`` on ``day``, or -1 when runs, rests or successions forbid it."""
    first_free = a.kinds * a.most_run
    if base >= first_free:
        if shift == a.shifts:
            return min(base + 1, first_free + a.least_free - 1)
        return int(a.kind_of[shift]) * a.most_run if base == first_free + a.least_free - 1 else -1
    run = base % a.most_run + 1
    if shift == a.shifts:
        return first_free if run >= a.least_run or (a.opened and run == day) else -1
    if run == a.most_run or a.forbidden[base // a.most_run, shift]:
        return -1
    return int(a.kind_of[shift]) * a.most_run + run


@inlined
def packed(core: Tallies, day: int, shift: int, after_work: bool, level: int) -> tuple[int, float]:
    """The packed level after working ``shift``, or -1 above a most; and what the step costs."""
    price = 0.0
    after = level
    for tally in range(core.most.shape[0]):
        amount = core.amounts[tally, day, shift]
        if amount == 0 or (after_work and core.joined[tally, day]):
            continue
        now = (level // core.stride[tally]) % (core.most[tally] + 1)
        if now + amount > core.most[tally]:
            return -1, 0.0
        after += amount * core.stride[tally]
        price += core.prices[tally, now + amount] - core.prices[tally, now]
    return after, price


@inlined
def completions(a: Automaton, prices: Floats, slopes: Floats) -> Floats:
    """The least price of the days from ``day`` on, by day, base and packed level; side tallies cost their slopes."""
    bases = a.kinds * a.most_run + a.least_free
    bound = np.full((a.days + 1, bases, a.levels), NEVER)
    for level in range(a.levels):
        reached = True
        for tally in range(a.core.most.shape[0]):
            if (level // a.core.stride[tally]) % (a.core.most[tally] + 1) < a.core.least[tally]:
                reached = False
        if reached:
            bound[a.days, :, level] = 0.0
    after = np.empty((2, a.levels), np.int64)
    step = np.empty((2, a.levels))
    for day in range(a.days - 1, -1, -1):
        for shift in range(a.shifts + 1):
            if not a.choices[day, shift]:
                continue
            _steps(a, day, shift, prices[day, shift], slopes, after, step)
            for base in range(bases):
                to = entered(a, day, base, shift)
                if to >= 0:
                    worked = 1 if base < a.kinds * a.most_run else 0
                    _improve(bound[day, base], bound[day + 1, to], after[worked], step[worked])
    return bound


@inlined
def _improve(here: Any, there: Any, after: Any, step: Any) -> None:
    """Take the way from one base to another where it is cheaper than those known."""
    for level in range(here.shape[0]):
        then = after[level]
        if then >= 0 and step[level] + there[then] < here[level]:
            here[level] = step[level] + there[then]


@inlined
def _steps(a: Automaton, day: int, shift: int, price: float, slopes: Floats, after: Any, step: Any) -> None:
    """Where each packed level leads and at what price, after a free day (0) and after a worked one (1)."""
    for worked in range(2):
        leaning = price
        if shift < a.shifts:
            for tally in range(slopes.shape[0]):
                if not (worked == 1 and a.side.joined[tally, day]):
                    leaning += slopes[tally] * a.side.amounts[tally, day, shift]
        for level in range(a.levels):
            then, extra = level, 0.0
            if shift < a.shifts:
                then, extra = packed(a.core, day, shift, worked == 1, level)
            after[worked, level] = then
            step[worked, level] = leaning + extra


@inlined
def sided(side: Tallies, day: int, shift: int, after_work: bool, old: Any, new: Any) -> float:
    """Fill ``new`` with the side tallies after the day; what the step costs, or ``NEVER`` when one cannot be kept.

    ``shift`` is -1 on a free day. A tally that has counted its last day falls back to 0, so that it parts no paths.
    """
    price = 0.0
    for tally in range(side.most.shape[0]):
        level = old[tally]
        if shift >= 0 and not (after_work and side.joined[tally, day]):
            more = level + side.amounts[tally, day, shift]
            if more > side.most[tally]:
                return NEVER
            price += side.prices[tally, more] - side.prices[tally, level]
            level = more
        if day <= side.last[tally] and level + side.ahead[tally, day + 1] < side.least[tally]:
            return NEVER
        new[tally] = 0 if day >= side.last[tally] else level
    return price


@inlined
def _lowest(side: Tallies, slopes: Floats) -> Floats:
    """How far each tally's prices lie at least above a line through 0 with its slope."""
    lowest = np.zeros(slopes.shape[0])
    for tally in range(slopes.shape[0]):
        for level in range(1, side.most[tally] + 1):
            lowest[tally] = min(
                lowest[tally], side.prices[tally, level] - side.prices[tally, 0] - slopes[tally] * level
            )
    return lowest


@inlined
def _lean(side: Tallies, slopes: Floats, lowest: Floats, day: int, levels: Any) -> float:
    """What the slopes have charged too much for the sums so far: added to completions, it keeps them below the truth."""
    lean = 0.0
    for tally in range(slopes.shape[0]):
        if day <= side.last[tally]:
            above = side.prices[tally, levels[tally]] - side.prices[tally, 0] - slopes[tally] * levels[tally]
            lean += lowest[tally] - above
    return lean


@inlined
def _before(labels: Labels, one: int, other: int) -> bool:
    """Whether a label comes first: the better promise, then the further it has come, then the older."""
    if labels.promise[one] != labels.promise[other]:
        return bool(labels.promise[one] < labels.promise[other])
    if labels.day[one] != labels.day[other]:
        return bool(labels.day[one] > labels.day[other])
    return one < other


@inlined
def _push(labels: Labels, heap: Any, size: int, label: int) -> None:
    place = size
    heap[place] = label
    while place > 0:
        parent = (place - 1) // 2
        if not _before(labels, heap[place], heap[parent]):
            break
        heap[place], heap[parent] = heap[parent], heap[place]
        place = parent


@inlined
def _pop(labels: Labels, heap: Any, size: int) -> int:
    """Take the first of ``size`` labels; one fewer remains."""
    top = heap[0]
    size -= 1
    heap[0] = heap[size]
    place = 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and _before(labels, heap[child + 1], heap[child]):
            child += 1
        if not _before(labels, heap[child], heap[place]):
            break
        heap[place], heap[child] = heap[child], heap[place]
        place = child
    return int(top)


@inlined
def _dominated(side: Tallies, labels: Labels, following: Any, first: int, label: int) -> bool:
    """Whether an earlier label of the same day, base and packed level can do all that ``label`` can, as cheaply."""
    other = first
    while other >= 0:
        if labels.price[other] <= labels.price[label] + SAME:
            better = True
            for tally in range(side.most.shape[0]):
                mine, theirs = labels.side[label, tally], labels.side[other, tally]
                if theirs > mine or (theirs < mine and theirs < side.least[tally]):
                    better = False
                    break
            if better:
                return True
        other = following[other]
    return False


@inlined
def _extend(
    a: Automaton, prices: Floats, ahead: Ahead, labels: Labels, label: int, shift: int, new: int
) -> bool:
    """Write label ``new``: ``label`` and then ``shift``; False when a rule forbids it."""
    day, base = labels.day[label], labels.base[label]
    to = entered(a, day, base, shift) if a.choices[day, shift] else -1
    if to < 0:
        return False
    worked = base < a.kinds * a.most_run
    level, price = labels.level[label], labels.price[label] + prices[day, shift]
    if shift < a.shifts:
        level, extra = packed(a.core, day, shift, worked, level)
        if level < 0:
            return False
        price += extra
    given = shift if shift < a.shifts else -1
    price += sided(a.side, day, given, worked, labels.side[label], labels.side[new])
    if price > ANY_PRICE:
        return False  # the side tallies of ``new`` are not filled in
    labels.price[new] = price
    lean = _lean(a.side, ahead.slopes, ahead.lowest, day + 1, labels.side[new])
    labels.promise[new] = max(price + ahead.bound[day + 1, to, level] + lean, labels.promise[label])
    labels.day[new], labels.base[new], labels.level[new] = day + 1, to, level
    labels.parent[new], labels.choice[new] = label, shift
    return True


@inlined
def _trace(labels: Labels, label: int, line: Any) -> None:
    """Write the choices that led to ``label``."""
    for day in range(line.shape[0] - 1, -1, -1):
        line[day] = labels.choice[label]
        label = labels.parent[label]


@inlined
def _blank(a: Automaton, most: int) -> Labels:
    labels = Labels(
        np.empty(most),
        np.empty(most),
        np.empty(most, np.int16),
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.empty(most, np.int8),
        np.empty((most, a.side.most.shape[0]), np.int32),
    )
    labels.price[0], labels.day[0], labels.base[0], labels.level[0] = 0.0, 0, a.start, 0
    labels.side[0] = 0
    return labels


@kernel
def cheapest(
    a: Automaton,
    prices: Floats,
    slopes: Floats,
    threshold: float,
    distinct: bool,
    lines: Any,
    values: Floats,
    most_labels: int,
) -> tuple[int, float]:
    """Fill ``lines`` and ``values`` with the cheapest lines up to ``threshold``; how many, and the least any line costs.

    ``slopes`` (for each side tally, any that are not negative) only make the search shorter, the nearer they are to what one more
    of a tally costs in the lines that are sought. The second is proved also when the search was given up at ``most_labels``; it is ``threshold`` or more when nothing was found
    up to there, and ``NEVER`` when no line exists.
    """
    ahead = Ahead(completions(a, prices, slopes), slopes, _lowest(a.side, slopes))
    labels = _blank(a, most_labels)
    lean = _lean(a.side, slopes, ahead.lowest, 0, labels.side[0])
    labels.promise[0] = ahead.bound[0, a.start, 0] + lean
    if labels.promise[0] > threshold:
        return 0, labels.promise[0]
    heap = np.empty(most_labels, np.int32)
    heap[0] = 0
    following = np.empty(most_labels, np.int32)
    bases = a.kinds * a.most_run + a.least_free
    first = np.full(1 if distinct else a.days * bases * a.levels, -1, np.int32)
    size, made, found = 1, 1, 0
    while size > 0 and found < lines.shape[0]:
        label = _pop(labels, heap, size)
        size -= 1
        if labels.day[label] == a.days:
            _trace(labels, label, lines[found])
            values[found] = labels.price[label]
            found += 1
            continue
        if not distinct:
            key = (labels.day[label] * bases + labels.base[label]) * a.levels + labels.level[label]
            if _dominated(a.side, labels, following, first[key], label):
                continue
            following[label] = first[key]
            first[key] = label
        if made + a.shifts + 1 > most_labels:
            return found, values[0] if found else labels.promise[label]
        for shift in range(a.shifts + 1):
            if _extend(a, prices, ahead, labels, label, shift, made) and labels.promise[made] <= threshold:
                _push(labels, heap, size, made)
                size += 1
                made += 1
    return found, values[0] if found else threshold
