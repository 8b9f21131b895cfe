r"""A manager's problem in the numbers that were written, as integers over common denominators.

The arrays of :mod:`~persuasion_lp.families.menus.programmes.data` without any rounding: with common
denominators the cumulated sums are sums of integers, which is faster than adding fractions, and a
comparison of a type's slack with a slope is a comparison of integers. Every tie is decided here,
once for all procedures: who is optimistic, who accepts, which test can be run.

Masses and probabilities that sum to 1 only up to rounding are divided by their sum.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.errors import PriorError
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.programmes.data import MenuData
from persuasion_lp.primitives.states import StateGrid

__all__ = [
    "WrittenFrontier",
    "WrittenTypes",
    "common",
    "menu_data",
    "written_frontier",
    "written_types",
]

_ZERO = Fraction(0)
_ONE = Fraction(1)


@dataclass(frozen=True, eq=False)
class WrittenTypes:
    """Finitely many types, by increasing capability.

    Attributes
    ----------
    slack, unit
        a_j = (x_j − 1) w is ``slack[j] / unit``.
    probs, tail
        g_j and G_j = Σ_{l ≥ j} g_l, in units of ``tail[0]``.
    """

    slack: tuple[int, ...]
    unit: int
    probs: tuple[int, ...]
    tail: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of types."""
        return len(self.slack)

    def slack_of(self, j: int) -> Fraction:
        """a_j."""
        return Fraction(self.slack[j], self.unit)

    def first(self, slope: Fraction) -> int:
        """The lowest type with a_j ≥ slope: who is indifferent joins."""
        return bisect_left(self.slack, -(-slope.numerator * self.unit // slope.denominator))

    def share_from(self, j: int) -> Fraction:
        """G_j, 0 beyond the last type."""
        return Fraction(self.tail[j], self.tail[0]) if j < self.size else _ZERO

    def share(self, slope: Fraction) -> Fraction:
        """Pr(a ≥ slope)."""
        return self.share_from(self.first(slope))


@dataclass(frozen=True, eq=False)
class WrittenFrontier:
    """The frontier U of finitely many states, from high to low, those without mass left out.

    Attributes
    ----------
    surplus, unit
        θ_k − w is ``surplus[k] / unit``.
    masses, shares
        f_k, and the breakpoints of U, in units of ``shares[-1]``.
    heights
        U at its breakpoints, in units of 1 / (``unit`` · ``shares[-1]``).
    """

    surplus: tuple[int, ...]
    unit: int
    masses: tuple[int, ...]
    shares: tuple[int, ...]
    heights: tuple[int, ...]

    @property
    def height_unit(self) -> int:
        """Of ``heights``."""
        return self.unit * self.shares[-1]

    @cached_property
    def required(self) -> Fraction:
        """D = max(0, E[θ] − w)."""
        return Fraction(max(0, self.heights[-1]), self.height_unit)

    @cached_property
    def size(self) -> float:
        """E |θ − w|: what payoffs are relative to."""
        total = sum(f * abs(s) for f, s in zip(self.masses, self.surplus, strict=True))
        return total / self.height_unit

    @cached_property
    def _falling(self) -> tuple[int, ...]:
        return tuple(-s for s in self.surplus)

    def _point(self, i: int) -> tuple[Fraction, Fraction]:
        return (
            Fraction(self.shares[i], self.shares[-1]),
            Fraction(self.heights[i], self.height_unit),
        )

    def at(self, p: Fraction) -> Fraction:
        """U(p), for p in [0, 1]."""
        scaled = p * self.shares[-1]
        i = max(bisect_left(self.shares, math.ceil(scaled)), 1)
        rest = self.shares[i] - scaled
        return (self.heights[i] - rest * self.surplus[i - 1]) / self.height_unit

    def reach(self, base: tuple[Fraction, Fraction], step: tuple[Fraction, Fraction]) -> Fraction:
        """Largest λ at which base + λ step is feasible: not above U, and p ≤ 1.

        ``base`` is feasible, and both coordinates of ``step`` are at least 0, the first positive.
        """
        (p, u), (along, up) = base, step
        low = bisect_left(self.shares, math.floor(p * self.shares[-1]) + 1)
        high = len(self.shares) - 1
        if low > high:
            return _ZERO
        end, height = self._point(high)
        if (height - u) * along >= up * (end - p):
            return (_ONE - p) / along
        while low < high:
            middle = (low + high) // 2
            at, height = self._point(middle)
            if (height - u) * along >= up * (at - p):
                low = middle + 1
            else:
                high = middle
        at, height = self._point(low)
        slope = Fraction(self.surplus[low - 1], self.unit)
        level = height - slope * (at - p)
        return (level - u) / (up - slope * along)

    def marginal(self, t: float) -> Fraction:
        """The surplus of a state of which t is the float, t itself if there is none."""
        exact = Fraction(t)
        near = bisect_left(self._falling, math.ceil(-exact * self.unit))
        for surplus in self.surplus[max(near - 1, 0) : near + 1]:
            if surplus / self.unit == t:
                return Fraction(surplus, self.unit)
        return exact

    def proposal(self, p: Fraction, u: Fraction) -> Floats:
        """Probability of a proposal in each state, from high to low, of the test that has (p, u).

        It proposes on the quantiles from 1 − c − p to 1 − c with U(c + p) − U(c) = u. The left-hand
        side falls in c and is linear where neither end passes a breakpoint: between those, a
        bisection finds c exactly.
        """
        whole = self.shares[-1]
        c = _ZERO
        if u < self.at(p):
            unit, length = whole * p.denominator, p.numerator * whole
            ends = [share * p.denominator for share in self.shares]
            shifted = [end - length for end in ends]
            kinks = sorted(k for k in {*ends, *shifted} if 0 <= k <= unit - length)
            low, high = 0, len(kinks) - 1
            while high - low > 1:
                middle = (low + high) // 2
                if self._between(Fraction(kinks[middle], unit), p) >= u:
                    low = middle
                else:
                    high = middle
            left, right = (Fraction(kinks[k], unit) for k in (low, high))
            most, least = self._between(left, p), self._between(right, p)
            share = (most - u) / (most - least) if most > least else _ZERO
            c = left + min(share, _ONE) * (right - left)
        start, end = c * whole, (c + p) * whole
        first = bisect_right(self.shares, math.floor(start)) - 1
        last = bisect_left(self.shares, math.ceil(end))
        sigma = np.zeros(len(self.masses))
        sigma[first:last] = 1.0
        for k in {first, last - 1}:
            upto, beyond = Fraction(self.shares[k]), Fraction(self.shares[k + 1])
            sigma[k] = (min(end, beyond) - max(start, upto)) / self.masses[k]
        return sigma

    def _between(self, c: Fraction, p: Fraction) -> Fraction:
        return self.at(c + p) - self.at(c)

    def call(self, t: Fraction) -> Fraction:
        """C(t) = Σ_k f_k (θ_k − w − t)⁺."""
        taken = bisect_left(self._falling, math.ceil(-t * self.unit))
        share, height = self._point(taken)
        return height - t * share


def written_types(problem: ManagerProblem) -> WrittenTypes:
    """The types of a problem with finitely many, sorted."""
    types, unit, weights = problem.type_integers
    order = problem.order.tolist()
    w = problem.written_payment
    slack = tuple((types[j] - unit) * w.numerator for j in order)
    probs = tuple(weights[j] for j in order)
    tail = tuple(accumulate(reversed(probs)))[::-1]
    return WrittenTypes(slack, unit * w.denominator, probs, tail)


def written_frontier(problem: ManagerProblem) -> WrittenFrontier:
    """The frontier of a problem with finitely many states."""
    grid = problem.difficulty
    if not isinstance(grid, StateGrid):
        raise PriorError("difficulty", "must be finitely many states here")
    states, unit, masses = grid.integers
    order = sorted(range(len(states)), key=states.__getitem__)[::-1]
    w = problem.written_payment
    common = math.lcm(unit, w.denominator)
    factor, subtracted = common // unit, w.numerator * (common // w.denominator)
    kept = [k for k in order if masses[k]]
    surplus = [states[k] * factor - subtracted for k in kept]
    weights = [masses[k] for k in kept]
    heights = accumulate([f * s for f, s in zip(weights, surplus, strict=True)])
    return WrittenFrontier(
        tuple(surplus), common, tuple(weights), (0, *accumulate(weights)), (0, *heights)
    )


def menu_data(
    problem: ManagerProblem,
    types: WrittenTypes | None = None,
    frontier: WrittenFrontier | None = None,
) -> MenuData:
    """The arrays in floats, each entry the one nearest to what was written.

    Parameters
    ----------
    problem
        A problem with finitely many states and types.
    types, frontier
        Its numbers, where they are at hand.
    """
    types = types or written_types(problem)
    frontier = frontier or written_frontier(problem)
    required = frontier.required
    first = types.first(required) if required else bisect_left(types.slack, 1)
    last = types.size if required else min(first + 1, types.size)
    total, whole = types.tail[0], frontier.shares[-1]
    return MenuData(
        problem=problem,
        slack=_floats(types.slack, types.unit),
        probs=_floats(types.probs, total),
        tail=_floats(types.tail, total),
        slopes=_floats(frontier.surplus, frontier.unit),
        masses=_floats(frontier.masses, whole),
        shares=_floats(frontier.shares, whole),
        frontier=_floats(frontier.heights, frontier.height_unit),
        required=float(required),
        servable=np.arange(first, last),
    )


def _floats(numbers: tuple[int, ...], unit: int) -> Floats:
    return np.array([number / unit for number in numbers])


def common(numbers: list[Fraction]) -> tuple[list[int], int]:
    """Numerators over the least common denominator."""
    unit = math.lcm(*{number.denominator for number in numbers})
    return [number.numerator * (unit // number.denominator) for number in numbers], unit
