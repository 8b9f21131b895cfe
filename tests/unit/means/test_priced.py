"""The check of priced results can fail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import ManagerProblem, PosteriorMeanGame, StateGrid, solve
from tests.unit.means.test_means import assert_priced

PLAN = ManagerProblem(
    StateGrid.from_distribution(stats.uniform(), 40), 0.5, [1.2, 1.6], [0.02, 0.98]
)


def test_priced_results_pass_and_broken_ones_fail() -> None:
    good = solve(PosteriorMeanGame(PLAN.difficulty, lambda m: np.abs(m - 0.4)), "simultaneous")
    assert_priced(good)
    broken: list[Any] = [
        replace(good, certificate=replace(good.certificate, spread_residual=1.0)),
        replace(good, probabilities=good.probabilities * 1.01),
    ]
    for result in broken:
        with pytest.raises(AssertionError):
            assert_priced(result)
