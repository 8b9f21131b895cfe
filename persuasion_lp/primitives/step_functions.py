r"""A receiver as a payoff function of the common belief.

Receiver i's own state s_i(ω) is a function of the common state ω, so his obedience rows D_a read
Σ_ω D_a[·, s_i(ω)] μ(ω) ≥ 0 in terms of the common belief μ. The sender gets the best of the actions
he is willing to take,

    f_i(μ) = max { Σ_ω μ(ω) payoffs[a, s_i(ω)] : a willing at μ },

with ties for the sender. With two common states this is an upper-semicontinuous piecewise-linear
function, its breakpoints the ends of the intervals on which the actions are taken; with more it is
linear on the cells of an arrangement of hyperplanes, whose vertices are all that an envelope needs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.beliefs.grids import SAME_BELIEF, snapped
from persuasion_lp.beliefs.piecewise import Pieces, PiecewiseLinear
from persuasion_lp.primitives.receiver import TIE_TOLERANCE, Receiver

__all__ = [
    "common_cones",
    "exact_payoff",
    "favoured_action",
    "rational_step_function",
    "receiver_payoffs",
    "step_function",
    "tie_beliefs",
]

_NOWHERE = (2, -1)

MOST_VERTICES = 50_000
"""Up to here all candidate vertices of an arrangement are tried; beyond, only those on edges."""


def common_cones(receiver: Receiver, own: Integers) -> list[Floats]:
    """Obedience rows of each action in terms of the common belief, shapes ``(rows, K)``."""
    return [cone[:, own] for cone in receiver.cones]


def receiver_payoffs(receiver: Receiver, own: Integers, beliefs: Floats) -> Floats:
    """Sender's payoff from a receiver at common beliefs, in floats.

    A row that is missed by rounding, relative to what is at stake in it, counts as a tie.

    Parameters
    ----------
    receiver
        The receiver.
    own
        His own state in each common state, shape ``(K,)``.
    beliefs
        Shape ``(N, K)``.
    """
    best = np.full(len(beliefs), -np.inf)
    for cone, payoffs in zip(common_cones(receiver, own), receiver.payoffs[:, own], strict=True):
        slack = TIE_TOLERANCE * (beliefs @ np.abs(cone).T)
        willing = (beliefs @ cone.T >= -slack).all(axis=1)
        np.maximum(best, np.where(willing, beliefs @ payoffs, -np.inf), out=best)
    return best


def exact_payoff(receiver: Receiver, own: Integers, belief: Sequence[Fraction]) -> Fraction:
    """The same at one belief in exact rationals, from the numbers as they were written."""
    table = receiver.rational_payoffs()[:, own].tolist()
    worth = []
    for cone, payoffs in zip(receiver.rational_cones(), table, strict=True):
        rows = cone[:, own].tolist()
        if all(sum(d * p for d, p in zip(row, belief, strict=True)) >= 0 for row in rows):
            worth.append(sum(f * p for f, p in zip(payoffs, belief, strict=True)))
    return Fraction(max(worth))


def favoured_action(receiver: Receiver, belief: float) -> int:
    """The action the sender likes best among those a receiver is willing to take.

    Parameters
    ----------
    receiver
        About a binary state.
    belief
        His belief that it is H.
    """
    mu = np.array([1 - belief, belief])
    worth = np.where(receiver.obeys(mu), receiver.payoffs @ mu, -np.inf)
    return int(np.argmax(worth))


def step_function(receiver: Receiver, own: Integers) -> PiecewiseLinear:
    """Sender's payoff from a receiver as a function of the probability of the second state.

    Parameters
    ----------
    receiver
        The receiver.
    own
        His own state in the two common states, shape ``(2,)``.
    """
    c = receiver.cutoffs
    if c is not None and own[0] != own[1] and ((c > 0) & (c < 1)).all():
        steps = PiecewiseLinear.steps(c, receiver.payoffs)
        return steps if own[0] == 0 else steps.reflected()
    pieces = rational_step_function(receiver, own)
    b = pieces.breakpoints.astype(np.float64)
    first, last = np.append(True, np.diff(b) > 0), np.append(np.diff(b) > 0, True)
    at = np.maximum.reduceat(pieces.at, np.flatnonzero(first))
    return PiecewiseLinear.from_sides(b[first], at, pieces.left[first], pieces.right[last])


def rational_step_function(receiver: Receiver, own: Integers) -> Pieces:
    """The same function in exact rationals, from the receiver's numbers as they were written."""
    cones = [cone[:, own] for cone in receiver.rational_cones()]
    return _pieces(cones, receiver.rational_payoffs()[:, own])


def _pieces(cones: Sequence[NDArray[Any]], payoffs: NDArray[Any]) -> Pieces:
    """Best payoff, shape ``(A, 2)``, among the actions whose rows hold, in the numbers given."""
    low, high = np.array([_interval(cone) for cone in cones], dtype=payoffs.dtype).T
    zero = 0 * payoffs[0, 0]
    b = np.unique(np.array([zero, zero + 1, *low, *high], dtype=payoffs.dtype))
    b = b[(b >= 0) & (b <= 1)]

    def best(points: NDArray[Any], willing: NDArray[np.bool_]) -> NDArray[Any]:
        worth = payoffs[:, :1] * (1 - points) + payoffs[:, 1:] * points
        return np.asarray(np.where(willing, worth, -np.inf).max(axis=0))

    at = best(b, (low[:, None] <= b) & (b <= high[:, None]))
    over = (low[:, None] <= b[:-1]) & (b[1:] <= high[:, None])
    right = np.append(best(b[:-1], over), at[-1])
    left = np.insert(best(b[1:], over), 0, at[0])
    return Pieces.raised(b, at, left, right)


def tie_beliefs(receivers: Sequence[tuple[Receiver, Integers]], states: int) -> tuple[Floats, bool]:
    """Beliefs at which ties between actions are decided.

    Parameters
    ----------
    receivers
        Receivers with their own state in each common state.
    states
        Number K of common states.

    Returns
    -------
    beliefs
        Vertices of the arrangement of the receivers' hyperplanes in the simplex, shape ``(E, K)``.
    complete
        Whether these are all vertices; when there are too many candidates, those on the edges of
        the simplex alone are returned.
    """
    rows = [row for one, own in receivers for cone in common_cones(one, own) for row in cone]
    planes = _distinct([row / np.abs(row).max() for row in rows if np.abs(row).max() > 0])
    planes = [plane for plane in planes if plane.min() < 0 < plane.max()]
    complete = math.comb(len(planes) + states, states - 1) <= MOST_VERTICES
    found = list(np.eye(states))
    if complete:
        walls = [*planes, *np.eye(states)]
        choices = combinations(range(len(walls)), states - 1)
        kept = [c for c in choices if any(k < len(planes) for k in c)]
        if kept:
            system = np.array([[*(walls[k] for k in c), np.ones(states)] for c in kept])
            sound = np.abs(np.linalg.det(system)) > SAME_BELIEF
            right = np.zeros((int(sound.sum()), states, 1))
            right[:, -1] = 1.0
            found.extend(np.linalg.solve(system[sound], right)[..., 0])
    else:
        for plane in planes:
            for j, k in combinations(range(states), 2):
                if plane[j] * plane[k] < 0:
                    belief = np.zeros(states)
                    belief[j], belief[k] = -plane[k], plane[j]
                    found.append(belief / belief.sum())
    inside = [belief for belief in found if belief.min() >= -SAME_BELIEF]
    exact = [[snapped(max(float(p), 0.0)) for p in belief] for belief in inside]
    beliefs = np.array(_distinct([np.array(belief) for belief in exact]))
    return beliefs / beliefs.sum(axis=1, keepdims=True), complete


def _interval(cone: NDArray[Any]) -> tuple[Any, Any]:
    """Beliefs x in [0, 1] with cone[:, 0] (1 − x) + cone[:, 1] x ≥ 0, as an interval."""
    low: Any = 0
    high: Any = 1
    for at_0, at_1 in cone.tolist():
        if at_0 < 0 and at_1 < 0:
            return _NOWHERE
        if at_0 < 0 or at_1 < 0:
            end = at_0 / (at_0 - at_1)
            low, high = (max(low, end), high) if at_0 < 0 else (low, min(high, end))
    return (low, high) if low <= high else _NOWHERE


def _distinct(vectors: list[Floats]) -> list[Floats]:
    """The vectors without those that differ from an earlier one, or its negative, by rounding."""
    seen: dict[tuple[float, ...], Floats] = {}
    for vector in vectors:
        key = np.round(vector / SAME_BELIEF / 10)
        if tuple(key) not in seen and tuple(-key) not in seen:
            seen[tuple(key)] = vector
    return list(seen.values())
