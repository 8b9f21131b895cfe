r"""Continuous difficulties and types with directed rounding; see the module that refines brackets.

U(p) = R(p) − w p from below, also by U(p) ≥ p U(1); C(t) = M(τ) − τ (1 − F(τ)), τ = w + t, from
above; Pr(x ≥ y) = 1 − G(y) from either side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np

from persuasion_lp.arrays import Floats, ReadOnly
from persuasion_lp.core.exact import enclosed
from persuasion_lp.families.menus.problem import OPTIMISM_TOLERANCE, ManagerProblem
from persuasion_lp.families.menus.programmes.data import MenuData
from persuasion_lp.families.menus.programmes.written import WrittenTypes, common
from persuasion_lp.families.menus.proof.payment import Point
from persuasion_lp.primitives.distributions import StateDistribution

__all__ = ["TrueFrontier", "TrueTypes", "rounded_up"]

EPS = float(np.finfo(np.float64).eps)

ERROR = 64 * EPS
"""What the functions of a distribution are taken to be right to, relative to their largest."""

_ZERO = Fraction(0)
_ONE = Fraction(1)


@dataclass(frozen=True, eq=False)
class TrueFrontier(ReadOnly):
    """The frontier of a continuous difficulty.

    Attributes
    ----------
    difficulty, payment
        F and w.
    final
        U(1) = E[θ] − w.
    """

    difficulty: StateDistribution
    payment: Fraction
    final: Fraction

    @classmethod
    def of(
        cls, difficulty: StateDistribution, payment: Fraction, types: WrittenTypes | None
    ) -> TrueFrontier:
        """E[θ] as it prints; w, or x w, where it is that up to rounding."""
        mean = Fraction(repr(difficulty.mean))
        final = mean - payment
        blur = Fraction(OPTIMISM_TOLERANCE) * mean
        if abs(final) <= blur:
            final = _ZERO
        elif types is not None and final > 0:
            j = types.first(final - blur)
            if j < types.size and abs(types.slack_of(j) - final) <= blur:
                final = types.slack_of(j)
        return cls(difficulty, payment, final)

    @property
    def required(self) -> Fraction:
        """D = max(0, E[θ] − w)."""
        return max(_ZERO, self.final)

    @property
    def error(self) -> Fraction:
        """Of R and C."""
        return Fraction(self.difficulty.error + ERROR * self.difficulty.high)

    def at(self, p: Fraction) -> Fraction:
        """U(p), rounded down."""
        if p >= 1:
            return self.final
        top = Fraction(float(self.difficulty.top_mean(float(p))))
        return max(top - self.payment * p - self.error, p * self.final)

    def reach(self, base: Point, step: Point) -> Fraction:
        """Largest λ at which base + λ step is feasible, rounded down; 0 if there is none."""
        from scipy.optimize import brentq

        (p, u), (along, up) = base, step
        w = float(self.payment)
        start, end, rise = float(p), float(along), float(up)

        def room(factor: float) -> float:
            share = start + factor * end
            top = float(self.difficulty.top_mean(share))
            return top - w * share - float(u) - factor * rise

        most = (_ONE - p) / along
        if u + most * up <= self.final:
            return most
        least, last = 0.0, float(most)
        found = most
        if room(last) < 0:
            if room(0.0) <= 0:
                least = next((last / 2.0**k for k in range(1, 60) if room(last / 2.0**k) > 0), 0.0)
                if not least:
                    return _ZERO
            found = Fraction(float(brentq(room, least, last, xtol=1e-15 * last, rtol=1e-15)))
        for k in count():
            factor = found * (1 - Fraction(1, 2**50) * (4**k - 1) / 3)
            if factor <= 0:
                return _ZERO
            if u + factor * up <= self.at(p + factor * along):
                return factor
        raise AssertionError

    def call(self, t: Fraction) -> Fraction:
        """C(t), rounded up."""
        level = self.payment + t
        if level <= Fraction(self.difficulty.low):
            return max(self.final - t, _ZERO)
        if level >= Fraction(self.difficulty.high):
            return _ZERO
        above = np.array(enclosed(level)[0])
        share = 1.0 - float(self.difficulty.cdf(above))
        moment = float(self.difficulty.tail_moment(above)) - float(above) * share
        return Fraction(max(moment, 0.0)) + self.error

    def marginal_at(self, p: Fraction) -> float:
        """Surplus of the marginal state of a threshold test."""
        return float(self.difficulty.quantile(np.array(1.0 - float(p)))) - float(self.payment)


@dataclass(frozen=True, eq=False)
class TrueTypes(ReadOnly):
    """A continuous distribution of capabilities."""

    distribution: Any
    payment: Fraction

    def share(self, slope: Fraction) -> Fraction:
        """Pr((x − 1) w ≥ slope), rounded down."""
        least = enclosed(1 + slope / self.payment)[1]
        low, high = (float(end) for end in self.distribution.support())
        if least <= low:
            return _ONE
        if least >= high:
            return _ZERO
        return Fraction(max(0.0, 1.0 - float(self.distribution.cdf(least)) - ERROR))


def rounded_up(
    problem: ManagerProblem, data: MenuData, ends: Floats
) -> tuple[MenuData, WrittenTypes]:
    """Types at the upper ends of cells, shares rounded up: in floats, and the same exactly."""
    below = np.asarray(problem.type_distribution.cdf(ends[:-1]), dtype=np.float64)
    tail = np.minimum(1.0 - below + ERROR, 1.0)
    tail[0] = 1.0
    tail = np.maximum.accumulate(tail[::-1])[::-1]
    raised = data.slack + 8 * EPS * np.abs(data.slack)
    slack, unit = common([Fraction(a) for a in raised.tolist()])
    shares, _ = common([Fraction(g) for g in tail.tolist()])
    written = WrittenTypes(tuple(slack), unit, (), tuple(shares))
    return replace(data, slack=raised, tail=tail), written
