"""Managers' problems: distributions of types, and workers that are counted."""

from typing import Any

import pytest
import scipy.stats

import persuasion_lp as plp
from persuasion_lp.errors import WorkerTypeError

GRID = plp.StateGrid([0.2, 0.6, 1.0])
UNIFORM = plp.StateDistribution.uniform()


@pytest.mark.parametrize(
    ("types", "message"),
    [
        (scipy.stats.randint(1, 2), "must be a continuous distribution"),
        (scipy.stats.uniform(1.2, 0), "must have an interval as support"),
    ],
)
def test_distributions_of_types_are_continuous(types: Any, message: str) -> None:
    with pytest.raises(WorkerTypeError, match=f"types {message}"):
        plp.ManagerProblem(UNIFORM, 0.5, types)
    workers = [scipy.stats.uniform(1, 0.5), types]
    with pytest.raises(WorkerTypeError, match=rf"types\[1\] {message}"):
        plp.ManagerProblem.for_workers(UNIFORM, [0.2, 0.3], workers)


@pytest.mark.parametrize(
    ("types", "probs", "field"),
    [(1.2, None, "types"), ([1.2], None, "types"), ([1.2, 1.3], 3, "type_probs")],
)
def test_workers_are_counted(types: Any, probs: Any, field: str) -> None:
    with pytest.raises(WorkerTypeError, match=f"{field} must be given for each of the 2 workers"):
        plp.ManagerProblem.for_workers(GRID, [0.2, 0.3], types, probs)
