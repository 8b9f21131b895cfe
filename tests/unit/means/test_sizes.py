"""Posterior-mean programmes too large are refused before anything is allocated."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import SizeError

PLAN = plp.ManagerProblem(plp.StateDistribution.uniform(), 0.5, [1.2, 1.6])

MEANS = plp.PosteriorMeanGame(
    plp.StateDistribution.uniform(), plp.PiecewiseLinear.steps([0.7], [0, 1])
)


@pytest.mark.parametrize("formulation", ["majorization", "transport"])
@pytest.mark.parametrize(
    "solve",
    [
        lambda **settings: plp.solve(MEANS, "simultaneous", cells=10**9, **settings),
        lambda **settings: plp.solve(PLAN, "commitment", cells=10**9, **settings),
    ],
)
def test_posterior_means_on_too_many_cells_are_refused_before_anything_is_allocated(
    solve: Callable[..., Any], formulation: str
) -> None:
    with pytest.raises(SizeError, match="linear program needs"):
        solve(formulation=formulation)


def test_posterior_means_respect_the_memory_limit_on_a_grid() -> None:
    grid = plp.StateGrid(np.linspace(0, 1, 50))
    game = plp.PosteriorMeanGame(grid, plp.PiecewiseLinear.steps([0.7], [0, 1]))
    for formulation in ("majorization", "transport"):
        with pytest.raises(SizeError) as caught:
            plp.solve(game, "simultaneous", formulation=formulation, memory_limit=1000)
        solved = plp.solve(game, "simultaneous", formulation=formulation)
        rows, columns = solved.lp.shape
        assert caught.value.sizes["columns"] == columns
        assert caught.value.sizes["rows"] == rows
        assert caught.value.sizes["nonzeros"] >= solved.lp.nonzeros
