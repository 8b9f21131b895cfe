r"""What one receiver is worth alone, in closed form, and at which beliefs he is best made to act.

Binary own state. f is linear between the beliefs c_k at which he changes his action and takes the
higher value at each, so

    cav f(x) = max  f(l) + (f(r) − f(l)) (x − l)/(r − l)    over l ≤ x ≤ r in {0, c_1, …, c_m, 1, x}

and the concavification points x^L ≤ x ≤ x^R are the attaining l and r closest to x (KKS, proof of
Theorem 1 and footnote 10); x^L = x = x^R if f(x) = cav f(x).

K-valued own state and one linear acceptance condition d·μ ≥ 0. The measure m on which he accepts,
0 ≤ m ≤ prior and d·m ≥ 0, is a knapsack: take every state with d_s ≥ 0, and spend d·m on the others
in falling order of gain per unit, w_s/|d_s|, w_s the gain from his acceptance in state s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.errors import ReceiverError
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.primitives.step_functions import step_function

__all__ = [
    "Concavification",
    "acceptance_is_unique",
    "accepted_measure",
    "concavification",
    "worth_alone",
]

TOUCH_TOLERANCE = 1e-10
"""Share of the payoffs' size within which a point lies on the envelope: rounding of one division;
distinct envelopes of payoffs and cutoffs with few digits are further apart."""

WORTH_DIGITS = 12
"""Costs of states that agree to this many digits are equal: rounding of one division."""


@dataclass(frozen=True)
class Concavification:
    """The concave envelope of one receiver's payoff at his prior.

    Attributes
    ----------
    value
        Cav f(x).
    left, right
        The concavification points x^L ≤ x ≤ x^R closest to x.
    unique
        Whether the line through them touches f at no other point where f can kink or jump.
    """

    value: float
    left: float
    right: float
    unique: bool


def concavification(receiver: Receiver, x: float) -> Concavification:
    """Concavify the payoff of a receiver about a binary state at the belief ``x``.

    A belief outside [0, 1] by the rounding of a sum is taken for the end.

    Raises
    ------
    ReceiverError
        For a receiver about more than two states.
    """
    x = min(max(x, 0.0), 1.0)
    points = sorted({*_kinks(receiver), x})
    worth = {p: _payoff_at(receiver, p) for p in points}
    scale = float(np.abs(receiver.payoffs).max()) or 1.0
    if x in (0.0, 1.0):
        return Concavification(worth[x], x, x, unique=True)
    pairs = [
        (left + (right - left) * (x - low) / (high - low), low, high)
        for (low, left), (high, right) in product(worth.items(), repeat=2)
        if low < x < high
    ]
    value, low, high = max(pairs)
    if worth[x] >= value - TOUCH_TOLERANCE * scale:
        return Concavification(worth[x], x, x, unique=True)
    slope = (worth[high] - worth[low]) / (high - low)
    touching = [
        p for p in points if abs(value + slope * (p - x) - worth[p]) <= TOUCH_TOLERANCE * scale
    ]
    return Concavification(
        value,
        max(p for p in touching if p < x),
        min(p for p in touching if p > x),
        unique=len(touching) == 2,
    )


def accepted_measure(receiver: Receiver, prior: Floats) -> Floats:
    """Largest worth of acceptance by a receiver with one linear condition: the measure, ``(K,)``.

    Raises
    ------
    ReceiverError
        For a receiver who is not stated by one acceptance condition.
    """
    if receiver.convex or len(receiver.cones[1]) != 1:
        raise ReceiverError("receiver", "must accept on one linear condition", value=receiver)
    return _knapsack(receiver.cones[1][0], receiver.payoffs[1] - receiver.payoffs[0], prior)


def acceptance_is_unique(receiver: Receiver, prior: Floats) -> bool:
    """Whether no other measure is worth as much as :func:`accepted_measure`.

    There is one exactly if states of equal cost are accepted in part; then it matters which of them
    comes first.
    """
    surplus, gain = receiver.cones[1][0], receiver.payoffs[1] - receiver.payoffs[0]
    backwards = _knapsack(surplus[::-1], gain[::-1], prior[::-1])[::-1]
    return bool(np.abs(backwards - accepted_measure(receiver, prior)).max() <= TOUCH_TOLERANCE)


def worth_alone(receiver: Receiver, prior: Floats) -> float:
    """Cav f at the prior: what the sender gets from this receiver when nobody else listens.

    Parameters
    ----------
    receiver
        About a binary state, or with one linear acceptance condition.
    prior
        Over his own states, shape ``(K,)``.
    """
    if receiver.state_count == 2:
        return concavification(receiver, float(prior[1])).value
    accepted = accepted_measure(receiver, prior)
    return math.fsum(receiver.payoffs[0] * prior) + math.fsum(
        (receiver.payoffs[1] - receiver.payoffs[0]) * accepted
    )


def _kinks(receiver: Receiver) -> list[float]:
    """0, 1 and the beliefs between them at which a receiver changes his action."""
    if receiver.cutoffs is not None:
        return [0.0, *map(float, receiver.cutoffs), 1.0]
    if receiver.state_count != 2:
        raise ReceiverError("receiver", "must be about a binary state", value=receiver)
    return [float(b) for b in step_function(receiver, np.arange(2)).breakpoints]


def _knapsack(surplus: Floats, gain: Floats, prior: Floats) -> Floats:
    """The measure accepted; surplus and gain matter up to scale, so ties do not depend on it."""
    surplus = surplus / (np.abs(surplus).max() or 1.0)
    gain = gain / (np.abs(gain).max() or 1.0)
    accepted = np.where(surplus >= 0, prior, 0.0)
    budget = float(surplus @ accepted)
    costly = np.flatnonzero(surplus < 0)
    worth = np.round(gain[costly] / surplus[costly], WORTH_DIGITS)
    for s in costly[np.argsort(worth, kind="stable")]:
        mass = min(float(prior[s]), budget / float(-surplus[s]))
        accepted[s] = mass
        budget = max(budget + float(surplus[s]) * mass, 0.0)
    return accepted


def _payoff_at(receiver: Receiver, belief: float) -> float:
    mu = np.array([1 - belief, belief])
    return float((receiver.payoffs @ mu)[receiver.obeys(mu)].max())
