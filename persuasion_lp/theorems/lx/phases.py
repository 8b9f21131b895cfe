r"""LX, Corollaries 1 and 2: how the optimal test changes with the worker, and with the task.

Difficulty θ ~ F, payment w, a worker of known capability x.

* **Corollary 1**, E[θ] ≥ w. As x rises: *pessimistic* below E[θ]/w, nobody gets anything; then
  *constrained*, the threshold rises from 0 to w, the manager's payoff from E[θ] − w, the worker at
  0; from E[θ | θ ≥ w]/w on *first best*, the threshold and the manager's payoff constant, the
  worker's rising.
* **Corollary 2**, F(θ) = θ^a and x > 1. As a rises: first best up to a_1, where
  E[θ | θ ≥ w] = x w, the worker's payoff positive and single-peaked; constrained up to
  a_2 = x w/(1 − x w), where E[θ] = x w, the threshold falling from w to 0, the worker at 0; then
  pessimistic. The manager's payoff rises up to a_2, where it is (x − 1) w. As a → 0, E[θ | θ ≥ w]
  → (1 − w)/(−ln w): unless x w is more, there is no first phase.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from persuasion_lp.arrays import Numbers
from persuasion_lp.core.closed_form import ClosedForm, Relation, grant
from persuasion_lp.errors import WorkerTypeError
from persuasion_lp.families.menus.problem import OPTIMISM_TOLERANCE, ManagerProblem
from persuasion_lp.families.menus.statics import Phase
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.theorems.lx.threshold_tests import PAPER, ROOT_TOLERANCE, theorem_1

__all__ = ["Phases", "corollary_1", "corollary_2"]

LEAST_PROPENSITY = 1e-100
"""Least propensity a at which a first phase is looked for: E[θ | θ ≥ w] is at its limit there."""

AT_MOST: dict[str, Relation] = {"menu": "<=", "single_test": "<="}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Phases(ClosedForm):
    """Where the phases of a comparative static change.

    ``value`` is the most that the manager gets at any parameter.

    Attributes
    ----------
    names
        The phases in the order of the parameter.
    changes
        Parameter at which each phase ends; one fewer than the phases.
    """

    names: tuple[Phase, ...]
    changes: tuple[float, ...]

    def phase(self, parameter: float) -> Phase:
        """The phase at a parameter; where it changes, the one that pays the manager more."""
        side: Literal["left", "right"] = "right" if self.names[0] == "pessimistic" else "left"
        return self.names[int(np.searchsorted(self.changes, parameter, side))]


def corollary_1(difficulty: Any, payment: Numbers, *, assume: Collection[str] = ()) -> Phases:
    """Phases in the worker's capability x ≥ 1.

    Parameters
    ----------
    difficulty, payment
        As in :class:`ManagerProblem`.
    assume
        Hypotheses to take for granted; see :func:`persuasion_lp.core.closed_form.grant`.

    Raises
    ------
    HypothesisError
        If E[θ] < w, when there is no pessimistic phase.
    PriorError, PaymentError
        For a problem outside the model.
    """
    problem = ManagerProblem(difficulty, payment, [1.0])
    source, w = problem.difficulty, problem.payment
    hypotheses = {"E[θ] ≥ w": problem.mean >= w * (1 - OPTIMISM_TOLERANCE)}
    grant("LX Corollary 1", hypotheses, assume)
    accepts_anything = ManagerProblem(source, w, [2.0 / w], unrestricted=True)
    return Phases(
        name="LX Corollary 1",
        value=theorem_1(accepts_anything).value,
        claims=AT_MOST,
        conditions=hypotheses,
        source=f"{PAPER}, Corollary 1",
        names=("pessimistic", "constrained", "first best"),
        changes=(problem.mean / w, source.mean_above(w) / w),
    )


def corollary_2(payment: Numbers, capability: Numbers, *, assume: Collection[str] = ()) -> Phases:
    """Phases in the propensity a > 0 of a task whose difficulty is θ ~ θ^a.

    Parameters
    ----------
    payment, capability
        w and x.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        If x = 1, when the manager never gets anything.
    PaymentError, WorkerTypeError
        For a payment outside (0, 1), or a capability outside the model.
    """
    problem = ManagerProblem(StateDistribution.uniform(), payment, capability)
    if problem.types is None or problem.types.size > 1:
        raise WorkerTypeError("capability", "must be a number", value=capability)
    w, x = problem.payment, float(problem.types[0])
    hypotheses = {"capability above 1": x > 1.0}
    grant("LX Corollary 2", hypotheses, assume)
    accepted = x * w
    last = accepted / (1.0 - accepted)

    def excess(log_a: float) -> float:
        """E[θ | θ ≥ w] − x w = a/(a + 1) · (1 − w^(a+1))/(1 − w^a) − x w."""
        a = math.exp(log_a)
        tails = math.expm1((a + 1.0) * math.log(w)) / math.expm1(a * math.log(w))
        return a / (a + 1.0) * tails - accepted

    names: tuple[Phase, ...] = ("first best", "constrained", "pessimistic")
    changes: tuple[float, ...] = (last,)
    least = math.log(LEAST_PROPENSITY)
    first = excess(least) < 0
    if first:
        from scipy.optimize import brentq

        changes = (math.exp(brentq(excess, least, math.log(last), xtol=ROOT_TOLERANCE)), last)
    return Phases(
        name="LX Corollary 2",
        value=accepted - w,
        claims=AT_MOST,
        conditions={**hypotheses, "there is a first phase": first},
        source=f"{PAPER}, Corollary 2",
        names=names if first else names[1:],
        changes=changes,
    )
