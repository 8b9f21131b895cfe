r"""Closed forms of Li and Xu, *Information Acquisition Towards Unanimous Consent*.

Difficulty θ ~ F with top-p mean function R, payment w, capability x with x ≥ 1 and x w < 1.

* **Theorem 1**, type known. Optimistic, E[θ] ≤ x w: propose iff θ ≥ t*, with
  t* = min{ w, t : E[θ | θ ≥ t] = x w }. Pessimistic: the plan is never launched.
* **Corollary 1**, E[θ] ≥ w. As x rises: pessimistic below E[θ]/w; then *constrained*, t* rising
  from 0 to w and the worker at 0; from E[θ | θ ≥ w]/w on *first best*, t* = w.
* **Corollary 2**, F(θ) = θ^a. As a rises: first best up to a_1, where E[θ | θ ≥ w] = x w;
  constrained up to a_2 = x w/(1 − x w), where E[θ] = x w; then pessimistic.
* **Proposition 1**, one test and the payment chosen by the manager: always propose, and pay w*
  maximizing (E[θ] − w) Pr(x ≥ E[θ]/w).
* **§5.2**, several workers of known types: the *pivotal* worker is the one with the lowest
  normalized capability x_i w_i / Σ_l w_l, and Theorem 1 holds for him with payment Σ_l w_l.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import frozen_floats
from persuasion_lp.errors import PaymentError, WorkerTypeError
from persuasion_lp.problems.difficulty import StateDistribution
from persuasion_lp.problems.manager import ManagerProblem
from persuasion_lp.problems.states import StateGrid, as_difficulty

__all__ = [
    "ChosenPayment",
    "KnownType",
    "Phases",
    "capability_phases",
    "chosen_payment",
    "difficulty_phases",
    "known_type",
    "pivotal_worker",
]

ROOT_TOLERANCE = 1e-15
"""Absolute accuracy of roots in probabilities and states, which are of order one."""

LEAST_PROPENSITY = 1e-6
"""Least propensity a at which a first phase is looked for: nearly all tasks are trivial there."""


@dataclass(frozen=True)
class KnownType:
    """Optimal test for a worker of known capability.

    Attributes
    ----------
    launched
        Whether the plan is ever launched.
    threshold
        t*; propose iff θ ≥ t*. ``None`` if the plan is never launched.
    p, q
        Probability of a proposal, and expected difficulty when there is one.
    manager, worker
        Expected payoffs.
    phase
        ``"pessimistic"``, ``"constrained"`` (the worker is held to 0) or ``"first best"``.
    source
        Where it is proved.
    """

    launched: bool
    threshold: float | None
    p: float
    q: float
    manager: float
    worker: float
    phase: str
    source: str = "LX, Theorem 1"


@dataclass(frozen=True)
class Phases:
    """Where the phases of a comparative static change.

    Attributes
    ----------
    names
        The phases in order.
    changes
        Parameter at which each phase ends; one fewer than the phases.
    source
        Where it is proved.
    """

    names: tuple[str, ...]
    changes: tuple[float, ...]
    source: str


@dataclass(frozen=True)
class ChosenPayment:
    """Payment chosen by the manager, who then always proposes.

    Attributes
    ----------
    payment
        w*.
    accepted
        Probability that the worker accepts.
    value
        (E[θ] − w*) Pr(x ≥ E[θ]/w*).
    source
        Where it is proved.
    """

    payment: float
    accepted: float
    value: float
    source: str = "LX, Proposition 1"


def known_type(difficulty: Any, payment: float, capability: float) -> KnownType:
    """Theorem 1: the optimal test for a worker of known capability.

    Raises
    ------
    PriorError, PaymentError, WorkerTypeError
        For a problem outside the model, as :class:`ManagerProblem` says.
    """
    problem = ManagerProblem(difficulty, payment, [capability])
    source, w = problem.difficulty, problem.payment
    if not bool(problem.optimistic[0]):
        return KnownType(False, None, 0.0, math.nan, 0.0, 0.0, "pessimistic")
    at_w, mean = _share_from(source, w), capability * w
    accepted = _share_with_mean(source, mean)
    p = max(at_w, accepted)
    constrained = accepted > at_w
    threshold = _state_at(source, p) if constrained else w
    if p == 0.0:
        return KnownType(True, threshold, 0.0, math.nan, 0.0, 0.0, "first best")
    r = float(source.top_mean(p))
    return KnownType(
        launched=True,
        threshold=threshold,
        p=p,
        q=r / p,
        manager=r - w * p,
        worker=w * p - r / capability,
        phase="constrained" if constrained else "first best",
    )


def capability_phases(difficulty: Any, payment: float) -> Phases:
    """Corollary 1: where the phases change as capability rises from 1.

    Raises
    ------
    PaymentError
        If E[θ] < w, when there is no pessimistic phase and the corollary does not apply, or for a
        payment outside (0, 1).
    """
    problem = ManagerProblem(difficulty, payment, [1.0])
    w = problem.payment
    if problem.mean < w:
        raise PaymentError(
            "payment", f"must be at most E[θ] = {problem.mean:.9g} for LX, Corollary 1", value=w
        )
    return Phases(
        ("pessimistic", "constrained", "first best"),
        (problem.mean / w, problem.difficulty.mean_above(w) / w),
        "LX, Corollary 1",
    )


def difficulty_phases(payment: float, capability: float) -> Phases:
    """Corollary 2: where the phases change as a rises in F(θ) = θ^a.

    Raises
    ------
    PaymentError, WorkerTypeError
        For a payment outside (0, 1), or a capability outside the model.
    """
    problem = ManagerProblem(StateDistribution.uniform(), payment, [capability])
    w, accepted = problem.payment, capability * problem.payment
    last = accepted / (1.0 - accepted)

    def excess(log_a: float) -> float:
        return StateDistribution.power(math.exp(log_a)).mean_above(w) - accepted

    names: tuple[str, ...] = ("first best", "constrained", "pessimistic")
    least = math.log(LEAST_PROPENSITY)
    if excess(least) >= 0:
        return Phases(names[1:], (last,), "LX, Corollary 2")
    from scipy.optimize import brentq

    first = math.exp(brentq(excess, least, math.log(last), xtol=ROOT_TOLERANCE))
    return Phases(names, (first, last), "LX, Corollary 2")


def chosen_payment(
    difficulty: Any, types: Any, type_probs: ArrayLike | None = None
) -> ChosenPayment:
    """Proposition 1: the payment that the manager chooses for a single test.

    Parameters
    ----------
    difficulty
        As in :class:`ManagerProblem`; only its mean matters.
    types, type_probs
        As in :class:`ManagerProblem`: finitely many, or a ``scipy.stats`` distribution.
    """
    mean = as_difficulty(difficulty).mean
    problem = ManagerProblem(difficulty, 0.5, types, type_probs, unrestricted=True)
    if problem.types is not None:
        if (problem.types < 1.0).any():
            index = int(np.argmax(problem.types < 1.0))
            raise WorkerTypeError(
                "types", "must be at least 1", index=index, value=float(problem.types[index])
            )
        offers = mean / problem.types
        shares = np.array([problem.share_at_least(x) for x in problem.types.tolist()])
        best = int(np.argmax((mean - offers) * shares))
        return ChosenPayment(
            float(offers[best]), float(shares[best]), float((mean - offers[best]) * shares[best])
        )
    from scipy.optimize import minimize_scalar

    low, high = (float(end) for end in problem.type_distribution.support())
    if low < 1.0:
        raise WorkerTypeError("types", "must have their support above 1; it begins at", value=low)

    def loss(x: float) -> float:
        return -(mean - mean / x) * problem.share_at_least(x)

    high = min(high, float(problem.type_distribution.ppf(1.0 - 1e-12)))
    grid = np.linspace(low, high, 257)
    best = int(np.argmin([loss(x) for x in grid.tolist()]))
    around = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    found = minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-12})
    x = min((float(found.x), float(grid[best])), key=loss)
    return ChosenPayment(mean / x, problem.share_at_least(x), -loss(x))


def pivotal_worker(payments: Sequence[float], capabilities: Sequence[float]) -> tuple[int, float]:
    """§5.2: the worker who is least likely to accept, and his normalized capability.

    Raises
    ------
    PaymentError, WorkerTypeError
        For payments or capabilities that are not positive numbers, one per worker.
    """
    w = frozen_floats("payments", payments, PaymentError)
    x = frozen_floats("capabilities", capabilities, WorkerTypeError)
    if w.ndim != 1 or w.size == 0 or (w <= 0).any():
        raise PaymentError("payments", "must be positive, one per worker", value=payments)
    if x.shape != w.shape or (x <= 0).any():
        raise WorkerTypeError("capabilities", "must be positive, one per worker", value=x.shape)
    normalized = x * w / math.fsum(w)
    pivotal = int(np.argmin(normalized))
    return pivotal, float(normalized[pivotal])


def _share_from(difficulty: StateGrid | StateDistribution, t: float) -> float:
    """Pr(θ ≥ t)."""
    if isinstance(difficulty, StateGrid):
        return math.fsum(difficulty.masses[difficulty.states >= t])
    return 1.0 - float(difficulty.cdf(t))


def _share_with_mean(difficulty: StateGrid | StateDistribution, mean: float) -> float:
    """Least p with R(p) ≤ mean · p: the top p of the states has this mean, or a lower one."""
    if isinstance(difficulty, StateGrid):
        upto, moments = difficulty.top_masses, difficulty.top_means
        room = moments - mean * upto
        above = np.flatnonzero(room[1:] > 0)
        if not above.size:
            return 0.0
        k = int(above[-1]) + 1
        if k == upto.size - 1:
            return 1.0
        return float(upto[k] + (upto[k + 1] - upto[k]) * room[k] / (room[k] - room[k + 1]))

    def excess(t: float) -> float:
        return difficulty.mean_above(t) - mean

    if excess(difficulty.low) >= 0:
        return 1.0
    if excess(difficulty.high) <= 0:
        return 0.0
    from scipy.optimize import brentq

    t = brentq(excess, difficulty.low, difficulty.high, xtol=ROOT_TOLERANCE)
    return 1.0 - float(difficulty.cdf(t))


def _state_at(difficulty: StateGrid | StateDistribution, p: float) -> float:
    """Lowest state among the top p."""
    if isinstance(difficulty, StateGrid):
        last = int(np.searchsorted(difficulty.top_masses, p)) - 1
        return float(difficulty.states[::-1][max(last, 0)])
    return float(difficulty.quantile(1.0 - p))
