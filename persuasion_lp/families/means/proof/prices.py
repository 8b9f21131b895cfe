r"""What a price function proves, in floats.

Of a price function the slopes between the states, sorted, and the value at the first one are taken
as the floats they are; that makes a convex P, linear between states. With

    ε  =  max over nodes of  v − P,

the nodes being states and breakpoints, between which v and P are linear, P + ε is nowhere below v,
and ∫ P dF + ε bounds the value, whatever P was. Each term is rounded outwards: P by the rounding of
the states times its slopes, ∫ P dF by what
:class:`~persuasion_lp.families.means.proof.measure.Measure` says of F.
"""

from __future__ import annotations

import math

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.families.means.payoffs import PayoffBounds
from persuasion_lp.families.means.programme import PriceFunction
from persuasion_lp.families.means.proof.measure import ULP, Measure

__all__ = ["price_bound_in_floats"]


def price_bound_in_floats(
    measure: Measure, payoff: PayoffBounds, price: PriceFunction, nodes: Floats, paid: Floats
) -> float:
    """Upper bound on the value; infinite if two states are the same float.

    Parameters
    ----------
    measure, payoff
        The game.
    price
        P, by its values at the states of the measure.
    nodes, paid
        Further points, and upper bounds on v there: with those of a piecewise linear function that
        is nowhere below v the bound holds over all means, otherwise at states and nodes only.
    """
    states = measure.states
    if price.knots.size != states.size:
        return math.inf
    curve = _Curve(states, price)
    at_states = payoff.at_states(measure)[1]
    ends = measure.low[0], measure.high[-1]
    kinks, at_kinks = payoff.at_breakpoints(*ends)
    outside = np.array([end for end in ends if not states[0] <= end <= states[-1]])
    points = np.concatenate([kinks, nodes, outside])
    values = np.concatenate([at_kinks, paid, payoff.most(outside, outside)])
    over = np.append(at_states - curve.lower(states), values - curve.lower(points))
    excess = float(over.max())
    excess += ULP * abs(excess)
    terms = measure.masses * curve.values
    rounding = math.fsum(measure.masses * curve.errors) + 4 * ULP * math.fsum(np.abs(terms))
    unsure = abs(curve.slopes[0]) * measure.mean_error if curve.slopes.size else 0.0
    unsure += float(np.diff(curve.slopes) @ measure.spread_errors[1:-1])
    total = math.fsum([*terms, excess, (rounding + unsure) * (1 + 8 * ULP)])
    return math.nextafter(total, math.inf)


class _Curve:
    """P, with bounds on the rounding of its values."""

    def __init__(self, states: Floats, price: PriceFunction) -> None:
        self.states = states
        self.slopes = np.maximum.accumulate(price.slopes) if states.size > 1 else np.zeros(0)
        steps = self.slopes * np.diff(states).astype(np.longdouble)
        self.values = np.concatenate([price.values[:1], price.values[0] + np.cumsum(steps)])
        self.values = self.values.astype(np.float64)
        off = np.abs(self.slopes) * (2 * ULP * states[1:])
        self.errors = np.concatenate([[0.0], np.cumsum(off)]) * (1 + states.size * ULP)
        largest = np.maximum.accumulate(np.abs(self.values))
        self.errors += (2 * ULP + states.size * float(np.finfo(np.longdouble).eps)) * largest

    def lower(self, points: Floats) -> Floats:
        """Lower bound on P at points, those beyond the states on the first or the last line."""
        if not self.slopes.size:
            return np.full(points.size, self.values[0] - self.errors[0])
        k = np.clip(np.searchsorted(self.states, points, side="right") - 1, 0, self.slopes.size - 1)
        slope, apart = self.slopes[k], points - self.states[k]
        off = np.abs(slope) * (2 * ULP * np.maximum(points, self.states[k]) + ULP * np.abs(apart))
        value = self.values[k] + slope * apart
        return np.asarray(value - (off + self.errors[k] + 2 * ULP * np.abs(value)) * (1 + 8 * ULP))
