r"""What one receiver is worth alone, in closed form, and at which beliefs he is best made to act.

Binary own state. f is linear between the beliefs c_k at which he changes his action and takes the
higher value at each, so

    cav f(x) = max  f(l) + (f(r) − f(l)) (x − l)/(r − l)    over l ≤ x ≤ r in {0, c_1, …, c_m, 1, x}

and the concavification points x^L ≤ x ≤ x^R are the attaining l and r closest to x (KKS, proof of
Theorem 1 and footnote 10); x^L = x = x^R if f(x) = cav f(x).

K-valued own state and one linear acceptance condition d·μ ≥ 0. The measure m on which he accepts,
0 ≤ m ≤ prior and d·m ≥ 0, is a knapsack: take every state with d_s ≥ 0, and spend d·m on the others
in falling order of gain per unit, w_s/|d_s|, w_s the gain from his acceptance in state s.

Both are computed in fractions, from the numbers as they were written: whether a point lies on the
envelope, and whether two states cost the same, is decided without a tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import SupportsFloat

import numpy as np

from persuasion_lp.arrays import Numbers, Rationals, written
from persuasion_lp.errors import PriorError, ReceiverError
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.primitives.step_functions import exact_payoff, rational_step_function

__all__ = [
    "Concavification",
    "acceptance_is_unique",
    "accepted_measure",
    "concavification",
    "worth_alone",
]


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

    value: Fraction
    left: Fraction
    right: Fraction
    unique: bool


def concavification(receiver: Receiver, x: SupportsFloat) -> Concavification:
    """Concavify the payoff of a receiver about a binary state at the belief ``x``.

    A belief outside [0, 1] by the rounding of a sum is taken for the end.

    Raises
    ------
    ReceiverError
        For a receiver about more than two states.
    """
    if receiver.state_count != 2:
        raise ReceiverError("receiver", "must be about a binary state", value=receiver)
    (given,) = written("x", [x], PriorError).rationals()
    at = min(max(given, Fraction(0)), Fraction(1))
    own = np.arange(2)
    kinks = rational_step_function(receiver, own).breakpoints.tolist()
    worth = {p: exact_payoff(receiver, own, (1 - p, p)) for p in sorted({*kinks, at})}
    here = Concavification(worth[at], at, at, unique=True)
    if at in (0, 1):
        return here
    value, low, high = max(
        (left + (right - left) * (at - low) / (high - low), low, high)
        for (low, left), (high, right) in product(worth.items(), repeat=2)
        if low < at < high
    )
    if worth[at] >= value:
        return here
    slope = (worth[high] - worth[low]) / (high - low)
    touching = [p for p, paid in worth.items() if value + slope * (p - at) == paid]
    return Concavification(
        value,
        max(p for p in touching if p < at),
        min(p for p in touching if p > at),
        unique=len(touching) == 2,
    )


def accepted_measure(receiver: Receiver, prior: Numbers) -> Rationals:
    """Largest worth of acceptance by a receiver with one linear condition: the measure, ``(K,)``.

    Raises
    ------
    ReceiverError
        For a receiver who is not stated by one acceptance condition.
    """
    return _knapsack(*_condition(receiver), _prior(prior))


def acceptance_is_unique(receiver: Receiver, prior: Numbers) -> bool:
    """Whether no other measure is worth as much as :func:`accepted_measure`.

    There is one exactly if states of equal cost are accepted in part; then it matters which of them
    comes first.
    """
    surplus, gain = _condition(receiver)
    backwards = _knapsack(surplus[::-1], gain[::-1], _prior(prior)[::-1])[::-1]
    return bool((backwards == accepted_measure(receiver, prior)).all())


def worth_alone(receiver: Receiver, prior: Numbers) -> Fraction:
    """Cav f at the prior: what the sender gets from this receiver when nobody else listens.

    Parameters
    ----------
    receiver
        About a binary state, or with one linear acceptance condition.
    prior
        Over his own states, shape ``(K,)``.
    """
    shares = _prior(prior)
    if receiver.state_count == 2:
        return concavification(receiver, shares[1] / shares.sum()).value * shares.sum()
    rejected = receiver.rational_payoffs()[0] @ shares
    return Fraction(rejected + _condition(receiver)[1] @ accepted_measure(receiver, shares))


def _prior(prior: Numbers) -> Rationals:
    return written("prior", prior, PriorError).rationals()


def _condition(receiver: Receiver) -> tuple[Rationals, Rationals]:
    """Surplus from acceptance and the sender's gain from it, shapes ``(K,)``."""
    if receiver.convex or len(receiver.cones[1]) != 1:
        raise ReceiverError("receiver", "must accept on one linear condition", value=receiver)
    rejected, accepted = receiver.rational_payoffs()
    return receiver.rational_cones()[1][0], accepted - rejected


def _knapsack(surplus: Rationals, gain: Rationals, prior: Rationals) -> Rationals:
    """The measure accepted; of states that cost the same, the first is accepted first."""
    accepted: Rationals = np.where(surplus >= 0, prior, 0 * prior)
    budget = surplus @ accepted
    costly = np.flatnonzero(surplus < 0).tolist()
    for s in sorted(costly, key=lambda s: gain[s] / surplus[s]):
        mass = min(prior[s], budget / -surplus[s])
        accepted[s] = mass
        budget += surplus[s] * mass
    return accepted
