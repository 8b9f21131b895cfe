r"""LX §5.2: several workers who must all accept.

Worker i accepts iff the expected difficulty is at most x_i w_i. The *pivotal* worker, the one with
the lowest normalized capability y_i = x_i w_i / Σ_l w_l, is the least likely to: with him all
accept. So the problem is that of one worker with payment w = Σ_l w_l and capability y = min_i y_i,
private if theirs are, and Theorems 1 to 3 hold for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import frozen_floats
from persuasion_lp.core.closed_form import ClosedForm
from persuasion_lp.errors import PaymentError, WorkerTypeError
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.theorems.lx.threshold_tests import PAPER, ThresholdTest, theorem_2

__all__ = ["PivotalWorker", "pivotal_worker"]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class PivotalWorker(ClosedForm):
    """The worker who is least likely to accept; ``value`` is that of the best single test.

    Attributes
    ----------
    problem
        The problem of the pivotal worker.
    worker
        Who he is, workers numbered from 0; ``None`` if capabilities are private.
    single_test
        The best test for him; its ``capability`` is his normalized one, the least that is meant to
        accept if capabilities are private.
    """

    problem: ManagerProblem
    worker: int | None
    single_test: ThresholdTest


def pivotal_worker(
    difficulty: Any,
    payments: Sequence[float],
    types: Sequence[Any],
    type_probs: Sequence[ArrayLike] | None = None,
) -> PivotalWorker:
    """The best single test for several workers who must all accept.

    Parameters
    ----------
    difficulty, payments, types, type_probs
        As in :meth:`ManagerProblem.for_workers`: for each worker his payment and his capability, or
        his possible capabilities or their distribution, privately known and independent of the
        others'.

    Raises
    ------
    PaymentError, WorkerTypeError
        As :meth:`ManagerProblem.for_workers` says.
    LimitError
        As :func:`theorem_2` says.
    """
    problem = ManagerProblem.for_workers(difficulty, payments, types, type_probs)
    best = theorem_2(problem)
    known = problem.types is not None and all(np.size(own) == 1 for own in types)
    worker = None
    if known:
        capabilities = [frozen_floats("types", np.ravel(x), WorkerTypeError)[0] for x in types]
        paid = frozen_floats("payments", payments, PaymentError)
        worker = int(np.argmin(np.array(capabilities) * paid))
    return PivotalWorker(
        name="LX pivotal worker",
        value=best.value,
        claims={
            "single_test": "==",
            "menu": "==" if known else best.claims["menu"],
            "commitment": ">=",
        },
        conditions={**best.conditions, "known types": known},
        source=f"{PAPER}, §5.2",
        problem=problem,
        worker=worker,
        single_test=best,
    )
