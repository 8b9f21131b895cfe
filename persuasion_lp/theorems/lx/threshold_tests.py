r"""LX, Theorems 1 and 2: the optimal single test, a threshold test.

Difficulty θ ~ F with top-p mean function R, payment w, capability x.

* **Theorem 1**, type known. Optimistic, E[θ] ≤ x w: propose iff θ ≥ t*, with
  t* = min{ w, t : E[θ | θ ≥ t] = x w }. Pessimistic: the plan is never launched. Commitment adds
  nothing for an optimistic worker. Takes x ≥ 1: a less capable worker accepts nothing that the
  manager gains from, optimistic or not.
* **Theorem 2**, types private, one test. With the type x as the least one to accept, the best
  threshold is that of Theorem 1 for x, so

      value = max_x  Pr(type ≥ x) · (manager's payoff from the optimal test for x).

  Over a continuum of types: a threshold nearer to w pays more when it is accepted, and is accepted
  by fewer, those with x w ≥ E[θ | θ ≥ t]; so the maximum is that of a rising times a falling
  function of it (:mod:`~persuasion_lp.theorems.lx.products`).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.core.closed_form import ClosedForm, Relation, grant, must_be
from persuasion_lp.errors import WorkerTypeError
from persuasion_lp.families.menus.problem import OPTIMISM_TOLERANCE, ManagerProblem
from persuasion_lp.families.menus.screening import ScreeningTest, screening_test
from persuasion_lp.families.menus.statics import Phase
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid
from persuasion_lp.theorems.lx.products import best_of_product

__all__ = [
    "PAPER",
    "ROOT_TOLERANCE",
    "Phase",
    "ThresholdTest",
    "share_from",
    "theorem_1",
    "theorem_2",
]

PAPER = "Li and Xu, Information Acquisition Towards Unanimous Consent"

ROOT_TOLERANCE = 1e-15
"""Accuracy of roots, relative to the largest state."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ThresholdTest(ClosedForm):
    """The optimal single test; ``value`` is the manager's payoff.

    Attributes
    ----------
    capability
        The least capable type that is meant to accept.
    phase
        ``"pessimistic"`` (never launched), ``"constrained"`` (that type is held to 0) or
        ``"first best"``.
    threshold
        Propose iff θ ≥ threshold; ``None`` if the plan is never launched.
    test
        The test; ``None`` if it never proposes.
    worker_payoff
        Expected payoff of the least capable type that is meant to accept.
    """

    capability: float
    phase: Phase
    threshold: float | None = None
    test: ScreeningTest | None = None
    worker_payoff: float = 0.0


def theorem_1(problem: ManagerProblem, *, assume: Collection[str] = ()) -> ThresholdTest:
    """The optimal test for a worker of known capability (the most capable type, if assumed).

    Parameters
    ----------
    problem
        With one type.
    assume
        Hypotheses to take for granted; see :func:`persuasion_lp.core.closed_form.grant`.

    Raises
    ------
    HypothesisError
        If there are several types, or one below 1.
    WorkerTypeError
        For a continuous distribution of types.
    """
    must_be("problem", problem, ManagerProblem)
    types = _listed(problem)
    hypotheses = {"known type": len(types) == 1, "capability at least 1": max(types) >= 1.0}
    grant("LX Theorem 1", hypotheses, assume)
    found = _best_for(problem, max(types))
    optimistic = found.phase != "pessimistic"
    claims: dict[str, Relation] = {"menu": "==", "single_test": "=="}
    claims["commitment"] = "==" if optimistic else ">="
    return replace(
        found,
        name="LX Theorem 1",
        claims=claims,
        conditions={**hypotheses, "ex-ante optimistic": optimistic},
        source=f"{PAPER}, Theorem 1",
    )


def theorem_2(problem: ManagerProblem) -> ThresholdTest:
    """The optimal single test; a menu and commitment can only do better.

    Types below 1, which an unrestricted problem may have, are never meant to accept.

    Raises
    ------
    LimitError
        If the best of a continuum of types cannot be told from others to 1e-9.
    """
    must_be("problem", problem, ManagerProblem)
    if problem.types is None:
        tried = [_least_to_accept(problem)]
        most_capable = float(problem.type_distribution.support()[1])
        optimistic = problem.share_at_least(problem.mean / problem.payment) > 0
    else:
        tried = problem.types.tolist()
        most_capable = max(tried)
        optimistic = bool(problem.optimistic.any())
    tests = [_best_for(problem, x) for x in tried if x >= 1.0]
    values = [problem.share_at_least(test.capability) * test.value for test in tests]
    if tests and optimistic:
        best = int(np.argmax(values))
        found, value = tests[best], values[best]
    else:
        found, value = _never_launched(most_capable), 0.0
    return replace(
        found,
        name="LX Theorem 2",
        value=value,
        claims={"single_test": "==", "menu": ">=" if optimistic else "==", "commitment": ">="},
        conditions={"some type is ex-ante optimistic": optimistic},
        source=f"{PAPER}, Theorem 2",
    )


def _least_to_accept(problem: ManagerProblem) -> float:
    """The least type of a continuum that is meant to accept the best threshold test."""
    source, w, types = problem.difficulty, problem.payment, problem.type_distribution
    least, most = (float(end) for end in types.support())
    at_w = share_from(source, w)
    if at_w <= 0.0:
        return most

    def top(u: Floats) -> tuple[Floats, Floats]:
        """P and R(p) of the states above a threshold, by the share below it or by the threshold."""
        if isinstance(source, StateGrid):
            return 1.0 - u, np.interp(1.0 - u, source.top_masses, source.top_means)
        return 1.0 - source.cdf(u), source.tail_moment(u)

    def gain(u: Floats) -> Floats:
        p, r = top(u)
        return np.maximum(r - w * p, 0.0)

    def accepting(u: Floats) -> Floats:
        p, r = top(u)
        return np.asarray(1.0 - types.cdf(r / (p * w)))

    ends = (0.0, 1.0 - at_w)
    if not isinstance(source, StateGrid):
        ends = (source.low, max(source.low, w))
    p, r = top(np.array([best_of_product(gain, accepting, *ends)]))
    return max(float(r[0] / (p[0] * w)), least)


def _best_for(problem: ManagerProblem, x: float) -> ThresholdTest:
    """The threshold test of Theorem 1 for a type, and what it pays."""
    source, w = problem.difficulty, problem.payment
    if not _optimistic(problem, x):
        return _never_launched(x)
    at_w, accepted = share_from(source, w), _share_with_mean(source, x * w)
    p, constrained = max(at_w, accepted), accepted > at_w
    r = float(source.top_mean(p))
    return replace(
        _never_launched(x),
        value=r - w * p,
        phase="constrained" if constrained else "first best",
        threshold=_state_at(source, p) if constrained else w,
        test=screening_test(source, p, r) if p > 0 else None,
        worker_payoff=w * p - r / x,
    )


def _optimistic(problem: ManagerProblem, x: float) -> bool:
    """E[θ] ≤ x w, by the numbers as written where x is one of them."""
    if problem.types is None:
        return x * problem.payment >= problem.mean * (1 - OPTIMISM_TOLERANCE)
    return bool(problem.optimistic[problem.types == x].any())


def _never_launched(x: float) -> ThresholdTest:
    return ThresholdTest(
        name="LX Theorem 1",
        value=0.0,
        claims={},
        conditions={},
        source=PAPER,
        capability=x,
        phase="pessimistic",
    )


def _listed(problem: ManagerProblem) -> list[float]:
    if problem.types is None:
        raise WorkerTypeError("types", "must be listed: the closed form is for finitely many")
    return [float(x) for x in problem.types]


def share_from(difficulty: StateGrid | StateDistribution, t: float) -> float:
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

    t = brentq(excess, difficulty.low, difficulty.high, xtol=ROOT_TOLERANCE * difficulty.high)
    return 1.0 - float(difficulty.cdf(t))


def _state_at(difficulty: StateGrid | StateDistribution, p: float) -> float:
    """Lowest state among the top p."""
    if isinstance(difficulty, StateGrid):
        last = int(np.searchsorted(difficulty.top_masses, p)) - 1
        return float(difficulty.states[::-1][max(last, 0)])
    return float(difficulty.quantile(1.0 - p))
