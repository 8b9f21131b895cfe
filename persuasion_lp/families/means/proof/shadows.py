r"""Signals with given means: each takes its shadow in what is left of the prior.

The *shadow* of mass h at s in a measure is the part of it between two quantiles u and u + h whose
mean is s (Beiglböck and Juillet 2016). The mean rises with u, and the moment

    M(u)  =  ∫_u^{u+h} q(t) dt,        q the quantile function, a step function,

is piecewise linear in u with kinks where u or u + h is a cumulated mass, so that M(u) = h s is
solved between two kinks. If the prior is a mean-preserving spread of the means, taking the shadows
of all of them in turn, in any order, uses it up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from persuasion_lp.arrays import Floats, Rationals
from persuasion_lp.families.means.problem import MeansNumbers

__all__ = ["Signal", "exact_shadows", "shadows"]

_ZERO = Fraction(0)

Signal = dict[int, Any]
"""Mass of each state in a signal, as a rational."""


def shadows(states: Floats, masses: Floats, means: Floats, probabilities: Floats) -> Floats:
    """Mass of each state in each signal, shape ``(K, S)``, up to rounding."""
    left = masses.copy()
    plan = np.zeros((states.size, means.size))
    for i in np.argsort(-probabilities, kind="stable"):
        mass = min(float(probabilities[i]), float(left.sum()))
        if mass <= 0:
            continue
        ends = np.concatenate([[0.0], np.cumsum(left)])
        moments = np.concatenate([[0.0], np.cumsum(left * states)])
        starts = np.unique(np.concatenate([ends, ends - mass]))
        starts = starts[(starts >= 0) & (starts <= ends[-1] - mass)]
        if not starts.size:
            starts = np.zeros(1)
        inside = np.interp(starts + mass, ends, moments) - np.interp(starts, ends, moments)
        start = float(np.interp(mass * float(means[i]), np.maximum.accumulate(inside), starts))
        cuts = np.clip(ends, start, start + mass)
        taken = np.minimum(np.diff(cuts), left)
        plan[:, i] = taken
        left = left - taken
    return plan


def exact_shadows(numbers: MeansNumbers, means: Rationals, weights: Rationals) -> list[Signal]:
    """The same in fractions, without error: each signal has the mean and the mass it should."""
    states, left = numbers.states.tolist(), numbers.masses.tolist()
    signals: list[Signal] = []
    for mean, mass in zip(means.tolist(), weights.tolist(), strict=True):
        ends = [_ZERO, *accumulate(left)]
        moments = [_ZERO, *accumulate(f * t for f, t in zip(left, states, strict=True))]

        def moment(
            u: Fraction, ends: list[Fraction] = ends, moments: list[Fraction] = moments
        ) -> Fraction:
            """∫ of the states up to the quantile u."""
            k = min(max(bisect_right(ends, u) - 1, 0), len(states) - 1)
            return moments[k] + (u - ends[k]) * states[k]

        last = ends[-1] - mass
        starts = sorted({u for e in ends for u in (e, e - mass) if 0 <= u <= last})
        wanted = mass * mean
        inside = [moment(u + mass) - moment(u) for u in starts]
        k = min(max(bisect_left(inside, wanted), 1), len(starts) - 1) if len(starts) > 1 else 0
        start = starts[k]
        if k and inside[k] > inside[k - 1]:
            share = (wanted - inside[k - 1]) / (inside[k] - inside[k - 1])
            start = starts[k - 1] + share * (starts[k] - starts[k - 1])
        signal: Signal = {}
        for state, (low, high) in enumerate(pairwise(ends)):
            part = min(high, start + mass) - max(low, start)
            if part > 0:
                signal[state] = part
                left[state] -= part
        signals.append(signal)
    return signals
