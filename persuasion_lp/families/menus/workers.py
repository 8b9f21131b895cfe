r"""Several workers who must all accept: the distribution of the pivotal worker's type (LX, §5.2).

Worker i accepts iff the expected difficulty is at most x_i w_i = y_i w, with w = Σ w_i and the
normalized capability y_i = x_i w_i / w. All accept iff it is at most min_i y_i · w, and for
independent types

    Pr(min_i y_i ≤ y)  =  1 − Π_i (1 − G_i(y w / w_i)).

Finitely many capabilities are combined in rationals, so that types that are equal are one type.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Rationals

__all__ = ["PivotalDistribution", "pivotal_types"]


class PivotalDistribution:
    """Distribution of min_i y_i for independent, continuously distributed capabilities.

    It has the methods of a frozen ``scipy.stats`` distribution that :class:`ManagerProblem` uses.

    Parameters
    ----------
    payments
        w_i, shape ``(n,)``.
    capabilities
        G_i, frozen ``scipy.stats`` distributions.
    """

    def __init__(self, payments: Floats, capabilities: Sequence[Any]) -> None:
        self.shares = payments / math.fsum(payments)
        self.capabilities = tuple(capabilities)

    def cdf(self, y: ArrayLike) -> Floats:
        """Pr(min_i y_i ≤ y), any shape."""
        points = np.asarray(y, dtype=np.float64)
        above = np.ones(points.shape)
        for share, own in zip(self.shares.tolist(), self.capabilities, strict=True):
            above = above * (1.0 - np.asarray(own.cdf(points / share)))
        return np.asarray(1.0 - above)

    def ppf(self, u: float) -> float:
        """Quantile."""
        from scipy.optimize import brentq

        low, high = self.support()
        if u <= 0.0 or u >= 1.0:
            return low if u <= 0.0 else high
        return float(brentq(lambda y: float(self.cdf(y)) - u, low, high))

    def support(self) -> tuple[float, float]:
        """Ends of the support."""
        ends = np.array([own.support() for own in self.capabilities]) * self.shares[:, None]
        return float(ends[:, 0].min()), float(ends[:, 1].min())


def pivotal_types(
    payments: Rationals, types: Sequence[tuple[Rationals, Rationals]]
) -> tuple[Rationals, Rationals]:
    """Values and probabilities of min_i y_i, for finitely many independent capabilities.

    Parameters
    ----------
    payments
        w_i, shape ``(n,)``.
    types
        For each worker his capabilities and their probabilities.

    Returns
    -------
    tuple
        Increasing values, and their probabilities, Pr(min ≥ y_k) − Pr(min ≥ y_{k+1}).
    """
    own = [(x * w / payments.sum(), g) for w, (x, g) in zip(payments, types, strict=True)]
    levels = np.unique(np.concatenate([y for y, _ in own]))
    at_least = np.full(levels.size + 1, Fraction(1), dtype=object)
    for y, g in own:
        order = np.argsort(y, kind="stable")
        tail = np.array([*np.cumsum(g[order][::-1])[::-1], Fraction(0)], dtype=object)
        at_least[:-1] *= tail[np.searchsorted(y[order], levels)]
    at_least[-1] = Fraction(0)
    probs = at_least[:-1] - at_least[1:]
    return levels[probs > 0], probs[probs > 0]
