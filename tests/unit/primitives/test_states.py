"""State grids and distributions: exact functions, cells, quadrature."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import StateDistribution, StateGrid
from persuasion_lp.primitives.states import CellRule
from tests.support import assert_close

UNIFORM = StateDistribution.uniform()
GRID = StateGrid([0.2, 0.6, 1.0], masses=[0.5, 0.25, 0.25])


def test_grid_is_sorted_and_frozen() -> None:
    states = np.array([0.9, 0.1])
    grid = StateGrid(states, [0.25, 0.75])
    states[:] = 0.5
    assert grid.states.tolist() == [0.1, 0.9]
    assert grid.masses.tolist() == [0.75, 0.25]
    with pytest.raises(ValueError, match="read-only"):
        grid.states[0] = 0.3


def test_top_mean_of_a_grid() -> None:
    assert [GRID.top_mean(p) for p in (0.0, 0.25, 0.5, 1.0)] == [0.0, 0.25, 0.4, 0.5]
    assert GRID.mean_above(0.6) == pytest.approx(0.8)
    assert GRID.mean_above(1.5) == 1.0
    assert GRID.quantile_interval(0.125, 0.5).tolist() == [0.125, 0.25, 0.125]


@pytest.mark.parametrize(
    ("frozen", "named"),
    [
        (stats.uniform(0.2, 0.5), StateDistribution.uniform(0.2, 0.7)),
        (stats.powerlaw(2.5), StateDistribution.power(2.5)),
        (stats.beta(2, b=3), StateDistribution.beta(2, 3)),
    ],
)
def test_named_distributions_are_recognized(frozen: Any, named: StateDistribution) -> None:
    found = StateDistribution.from_scipy(frozen)
    assert found.error == 0.0
    for p in (0.0, 0.2, 0.7, 1.0):
        expected = frozen.expect(lambda t: t, lb=frozen.ppf(1 - p))
        assert_close(float(found.top_mean(p)), expected, tolerance=1e-9)
        assert_close(float(found.top_mean(p)), float(named.top_mean(p)), tolerance=1e-14)


def test_uniform_top_mean_is_exact() -> None:
    p = np.linspace(0, 1, 11)
    np.testing.assert_allclose(UNIFORM.top_mean(p), p - p**2 / 2, atol=1e-16)
    assert UNIFORM.mean_above(0.4) == pytest.approx(0.7, abs=1e-15)
    assert UNIFORM.mean_above(1.0) == 1.0


def test_quadrature_carries_its_error() -> None:
    found = StateDistribution.from_density(lambda t: 6 * t * (1 - t))
    exact = StateDistribution.beta(2, 2)
    for p in (0.1, 0.6):
        difference = abs(float(found.top_mean(p)) - float(exact.top_mean(p)))
        assert difference <= 1e-12 + found.error
    assert 0 < found.error < 1e-9
    assert "quadrature" in repr(found)


@pytest.mark.parametrize("cells", [1, 7, [0.0, 0.1, 0.5, 1.0]])
def test_cell_rules_keep_the_mean_and_order_the_spread(cells: Any) -> None:
    difficulty = StateDistribution.beta(2, 5)
    grids = {
        rule: StateGrid.from_distribution(difficulty, cells, rule) for rule in get_args(CellRule)
    }
    for p in np.linspace(0, 1, 9).tolist():
        exact = float(difficulty.top_mean(p))
        assert grids["means"].top_mean(p) <= exact + 1e-15 <= grids["endpoints"].top_mean(p) + 1e-14
    for rule in ("means", "endpoints"):
        assert grids[rule].mean == pytest.approx(difficulty.mean, abs=1e-15)
