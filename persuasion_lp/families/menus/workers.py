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
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Rationals, ReadOnly, Written, written
from persuasion_lp.errors import PaymentError, WorkerTypeError
from persuasion_lp.families.menus.capabilities import (
    check_continuous,
    checked_types,
    is_distribution,
)
from persuasion_lp.inputs import in_order
from persuasion_lp.primitives.scipy_functions import ScipyDistribution

__all__ = ["PivotalDistribution", "Workers", "pivotal_types", "read_workers"]


@dataclass(frozen=True, eq=False)
class Workers(ReadOnly):
    """Several workers, as they were stated.

    Attributes
    ----------
    given_payments
        w_i.
    types
        For each worker his capabilities and their probabilities; ``None`` if distributions.
    distributions
        Those, or ``None``.
    """

    given_payments: Written
    types: tuple[tuple[Written, Written], ...] | None
    distributions: tuple[Any, ...] | None

    @property
    def payments(self) -> Rationals:
        """w_i in fractions."""
        return self.given_payments.rationals()

    @property
    def listed(self) -> tuple[tuple[Rationals, Rationals], ...]:
        """Capabilities and probabilities in fractions, in the caller's order."""
        return tuple((x.rationals(), g.rationals()) for x, g in self.types or ())

    @property
    def sums_exactly(self) -> bool:
        """Whether every worker's probabilities, as written, sum to 1 exactly."""
        return all(sum(g) == 1 for _, g in self.listed)

    def pivotal(self) -> tuple[Any, Rationals | None]:
        """Types of the pivotal worker and their probabilities, or their distribution."""
        if self.types is None:
            return PivotalDistribution(self.given_payments.floats, self.distributions or ()), None
        levels, weights = pivotal_types(self.payments, self.listed)
        return levels, weights / weights.sum()


def read_workers(payments: Any, types: Any, type_probs: Any) -> Workers:
    """Read what is said of several workers; see :meth:`ManagerProblem.for_workers`.

    Raises
    ------
    PaymentError, WorkerTypeError
        Named by field, rule and index.
    """
    given_payments = written("payments", payments, PaymentError)
    w = given_payments.floats
    if w.ndim != 1 or w.size == 0 or (w <= 0).any():
        raise PaymentError("payments", "must be positive, one per worker", value=payments)
    rule = f"must be given for each of the {w.size} workers"
    stated = in_order("types", types, WorkerTypeError, rule)
    probs: Sequence[Any] = [None] * w.size
    if type_probs is not None:
        probs = in_order("type_probs", type_probs, WorkerTypeError, rule)
    for field, listed in (("types", stated), ("type_probs", probs)):
        if len(listed) != w.size:
            raise WorkerTypeError(field, rule)
    continuous = [is_distribution(own) for own in stated]
    if not any(continuous):
        pairs = tuple(checked_types(own, g) for own, g in zip(stated, probs, strict=True))
        return Workers(given_payments, pairs, None)
    if not all(continuous):
        raise WorkerTypeError("types", "must be all finitely many, or all distributions")
    if type_probs is not None:
        raise WorkerTypeError("type_probs", "must be left out with distributions of types")
    workers = tuple(
        ScipyDistribution(own, f"types[{index}]", WorkerTypeError)
        for index, own in enumerate(stated)
    )
    for index, own in enumerate(workers):
        check_continuous(own, index)
    return Workers(given_payments, None, workers)


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
