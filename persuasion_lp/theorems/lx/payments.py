r"""LX, Proposition 1: the payment that the manager chooses.

The manager always proposes, and pays w* maximizing (E[θ] − w) Pr(x ≥ E[θ]/w): with the type x as
the least one to accept, w = E[θ]/x, and

    value  =  E[θ] · max_x  (1 − 1/x) Pr(type ≥ x).

The paper restricts the manager to one test, but neither a menu nor commitment pays more at any
payment w. A public proposal at expected difficulty s is accepted by the types x ≥ y = s/w and pays
(s − w) Pr(type ≥ y) = s (1 − 1/y) Pr(type ≥ y), at most s · value/E[θ], and Σ Pr(s) s ≤ E[θ]. In a
menu, the types from y on take a test with Δp and Δr more than those below, where Δr ≤ y w Δp lest y
prefer the other one, and Δr ≥ 0. So the manager gains Pr(type ≥ y)(Δr − w Δp), at most
Pr(type ≥ y)(1 − 1/y) Δr ≤ Δr · value/E[θ], and Σ Δr ≤ E[θ].
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats
from persuasion_lp.core.closed_form import ClosedForm, grant
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.primitives.states import as_difficulty
from persuasion_lp.theorems.lx.products import best_of_product
from persuasion_lp.theorems.lx.threshold_tests import PAPER

__all__ = ["ChosenPayment", "proposition_1"]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ChosenPayment(ClosedForm):
    """The payment chosen by the manager, who then always proposes.

    ``value`` is (E[θ] − w*) Pr(x ≥ E[θ]/w*), the most that the manager gets at any payment.

    Attributes
    ----------
    payment
        w*.
    capability
        The least capable type that accepts, E[θ]/w*.
    accepted
        Probability that the worker accepts.
    """

    payment: float
    capability: float
    accepted: float


def proposition_1(
    difficulty: Any,
    types: Any,
    type_probs: ArrayLike | None = None,
    *,
    assume: Collection[str] = (),
) -> ChosenPayment:
    """The payment that the manager chooses when she can.

    Parameters
    ----------
    difficulty
        As in :class:`ManagerProblem`; only its mean matters.
    types, type_probs
        As in :class:`ManagerProblem`: finitely many, or a ``scipy.stats`` distribution.
    assume
        Hypotheses to take for granted; see :func:`persuasion_lp.core.closed_form.grant`.

    Raises
    ------
    HypothesisError
        If a type is below 1.
    PriorError, WorkerTypeError
        As :class:`ManagerProblem` says.
    LimitError
        If the best of a continuum of capabilities cannot be told from others to 1e-9.
    """
    mean = as_difficulty(difficulty).mean
    problem = ManagerProblem(difficulty, 0.5, types, type_probs, unrestricted=True)
    lowest = problem.type_distribution.support()[0] if problem.types is None else problem.types
    hypotheses = {"capabilities at least 1": bool(np.min(lowest) >= 1.0)}
    grant("LX Proposition 1", hypotheses, assume)

    def payoff(x: float) -> float:
        return (mean - mean / x) * problem.share_at_least(x)

    if problem.types is None:
        x = _best_capability(mean, problem.type_distribution)
    else:
        x = max(problem.types.tolist(), key=payoff)
    return ChosenPayment(
        name="LX Proposition 1",
        value=payoff(x),
        claims={"single_test": "<=", "menu": "<=", "commitment": "<="},
        conditions=hypotheses,
        source=f"{PAPER}, Proposition 1",
        payment=_least_accepted(difficulty, x, mean),
        capability=x,
        accepted=problem.share_at_least(x),
    )


def _least_accepted(difficulty: Any, x: float, mean: float) -> float:
    """E[θ]/x, rounded so that type x is optimistic by the numbers as they print."""
    payment = mean / x
    while 0.0 < payment < 1.0:
        if ManagerProblem(difficulty, payment, [x], unrestricted=True).optimistic[0]:
            break
        payment = math.nextafter(payment, 1.0)
    return payment


def _best_capability(mean: float, types: Any) -> float:
    """The x with the greatest E[θ] u Pr(type ≥ x), where u = 1 − 1/x."""

    def capability(u: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(1.0 / (1.0 - u))

    low, high = (1.0 - 1.0 / float(end) for end in types.support())
    u = best_of_product(
        lambda u: mean * u, lambda u: np.asarray(1.0 - types.cdf(capability(u))), low, high
    )
    return float(capability(np.array(u)))
