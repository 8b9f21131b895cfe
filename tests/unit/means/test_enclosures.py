"""What is proved in floats holds: of cells of a continuous prior, of functions, of any answer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

import persuasion_lp as plp
from persuasion_lp.families.means.payoffs import PayoffBounds
from persuasion_lp.families.means.programme import MeansFormulation, PriceFunction
from persuasion_lp.families.means.proof.measure import Measure
from persuasion_lp.families.means.proof.prices import price_bound_in_floats
from persuasion_lp.families.means.proof.repair import paid_by, paid_by_revealing
from persuasion_lp.primitives.states import Cells
from tests.unit.means.test_bracket import random_game

F = Fraction
FORMULATIONS: list[MeansFormulation] = ["majorization", "transport"]
NONE = np.empty(0)


class Stairs:
    """A function that says where it jumps, and nothing else."""

    def __init__(self, places: list[float], payoffs: list[float]) -> None:
        self.breakpoints = np.array([0.0, *places, 1.0])
        self.payoffs = np.array(payoffs)

    def __call__(self, means: Any) -> Any:
        """The higher of the two stairs that meet."""
        sides = (np.searchsorted(self.breakpoints, means, side=side) - 1 for side in SIDES)
        found = [self.payoffs[np.clip(k, 0, self.payoffs.size - 1)] for k in sides]
        return np.maximum(*found)


SIDES: tuple[Any, Any] = ("left", "right")


def pooled_from(jump: float, low: float = 0.0, high: float = 1.0) -> float:
    """Probability of the states above 2 jump − high under a uniform prior."""
    return min(2 * (high - jump) / (high - low), 1.0)


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("jump", [0.5, 0.5000000001, 0.51, 0.71234567, 0.99, 0.999999])
@pytest.mark.parametrize("written", [True, False])
def test_uniform_states_and_one_jump(
    jump: float, written: bool, formulation: MeansFormulation
) -> None:
    payoff: Any = plp.PiecewiseLinear.steps([jump], [0, 1]) if written else Stairs([jump], [0, 1])
    for prior, low, high in (
        (stats.uniform(), 0.0, 1.0),
        (plp.StateDistribution.power(1), 0.0, 1.0),
        (stats.rv_histogram((np.ones(7), np.linspace(0, 1, 8)), density=False), 0.0, 1.0),
    ):
        game = plp.PosteriorMeanGame(prior, payoff)
        result = plp.solve(game, "simultaneous", formulation=formulation, cells=16)
        assert result.upper is not None
        assert result.lower <= pooled_from(jump, low, high) <= result.upper
        assert result.lower >= 0.9 * pooled_from(jump, low, high) - 0.02
        assert result.upper <= pooled_from(jump, low, high) + 0.05


def test_a_quantile_at_a_cell_is_exact_up_to_the_functions() -> None:
    """The pool begins at an end of a cell: only rounding is between the two ends."""
    result = plp.solve(
        plp.PosteriorMeanGame(stats.uniform(), plp.PiecewiseLinear.steps([0.75], [0, 1])),
        "simultaneous",
        cells=8,
    )
    assert result.upper is not None
    assert result.lower <= 0.5 <= result.upper
    assert result.upper - result.lower <= 1e-11


@pytest.mark.parametrize("error", [1e-4, 1e-8])
def test_the_error_of_the_distributions_functions_is_added(error: float) -> None:
    """All that F and M may be off by, they may be off by in either direction."""
    jump = 0.75
    payoff = plp.PiecewiseLinear.steps([jump], [0, 1])
    prior = plp.StateDistribution.uniform()
    prior.cdf_error, prior.error = error, error
    result = plp.solve(plp.PosteriorMeanGame(prior, payoff), "simultaneous", cells=8)
    assert result.upper is not None
    assert result.lower <= 0.5 - error
    assert result.upper >= 0.5 + error
    assert result.upper - result.lower <= 200 * error
    for shift in (-error / 4, error / 4):
        moved = pooled_from(jump, max(shift, 0.0), 1 + min(shift, 0.0))
        assert result.lower <= moved <= result.upper


def written_game(rng: np.random.Generator) -> plp.PosteriorMeanGame | None:
    game = random_game(rng)
    states = game.rational_numbers.states.astype(np.float64)
    return game if (np.diff(states) > 0).all() else None


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_given_floats_prove_only_what_holds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = written_game(rng)
    if game is None:
        game = plp.PosteriorMeanGame(plp.StateGrid([0.2, 0.9]), plp.PiecewiseLinear([0, 1], [0, 1]))
    grid = game.prior
    assert isinstance(grid, plp.StateGrid)
    exact = plp.solve(game, "simultaneous", exact=True).value
    measure, payoff = Measure.of_states(grid), PayoffBounds.of(game)
    for means, h in (
        (rng.uniform(0, 1, 4), rng.dirichlet(np.ones(4))),
        (grid.states, grid.masses),
        (np.array([grid.mean]), np.ones(1)),
    ):
        paid = paid_by(measure, payoff, means, h)
        assert F(paid.lower) <= exact
        assert F(paid_by_revealing(measure, payoff)) <= exact
        np.testing.assert_allclose(paid.kernel.sum(axis=1), 1, atol=1e-15)
    size = float(abs(exact)) or 1.0
    for values in (rng.normal(size=grid.size) * size, np.sort(rng.normal(size=grid.size)) * size):
        price = PriceFunction(grid.states, values)
        assert F(price_bound_in_floats(measure, payoff, price, NONE, NONE)) >= exact


@pytest.mark.parametrize("seed", range(20))
def test_cells_prove_only_what_holds(seed: int) -> None:
    """Of a power distribution with one jump: all above a cut-off are pooled."""
    rng = np.random.default_rng(seed)
    prior = plp.StateDistribution.power(float(rng.integers(1, 4)))
    jump = float(rng.uniform(prior.mean, 0.99))
    game = plp.PosteriorMeanGame(prior, plp.PiecewiseLinear.steps([jump], [0, 1]))
    low, high = 0.0, 1.0
    for _ in range(200):
        cut = (low + high) / 2
        low, high = (cut, high) if prior.mean_above(cut) < jump else (low, cut)
    truth = 1 - float(prior.cdf(high))
    cells = Cells.of(prior, int(rng.integers(2, 40)))
    payoff = PayoffBounds.of(game)
    inner, outer = cells.grid("means"), cells.grid("endpoints")
    below, above = (
        Measure.of_cell_means(inner, prior, cells),
        Measure.of_cell_ends(outer, prior, cells),
    )
    for means, h in (
        (rng.uniform(0, 1, 3), rng.dirichlet(np.ones(3))),
        (inner.states, inner.masses),
        (np.array([jump, jump / 2]), np.array([truth, 1 - truth])),
    ):
        assert paid_by(below, payoff, means, h).lower <= truth
    for values in (rng.normal(size=outer.size), np.maximum(0, (outer.states - cut) / (jump - cut))):
        price = PriceFunction(outer.states, values)
        assert price_bound_in_floats(above, payoff, price, NONE, NONE) >= truth


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("masses", [[1 / 3] * 3, [0.1] * 3 + [0.7]])
def test_masses_that_do_not_sum_to_one_as_written(
    masses: list[float], formulation: MeansFormulation
) -> None:
    """They are divided by their sum: the bracket is that of thirds."""
    states = np.linspace(0.1, 0.9, len(masses)).round(2)
    payoff = plp.PiecewiseLinear.steps([0.55, 0.8], [0, 1, 3])
    game = plp.PosteriorMeanGame(plp.StateGrid(states, masses), payoff)
    total = sum(F(repr(m)) for m in masses)
    right = plp.PosteriorMeanGame(
        plp.StateGrid(states, [F(repr(m)) / total for m in masses]), payoff
    )
    exact = plp.solve(right, "simultaneous", exact=True).value
    result = plp.solve(game, "simultaneous", formulation=formulation)
    assert result.upper is not None
    assert F(result.lower) <= exact <= F(result.upper)
    assert result.upper - result.lower <= 1e-12


@pytest.mark.parametrize("formulation", FORMULATIONS)
def test_a_hidden_jump_is_reached_for_certain(formulation: MeansFormulation) -> None:
    """What is reported is paid even if every mean is off by its rounding."""
    jump = 0.71234567

    def hidden(s: Any) -> Any:
        return 1.0 * (np.asarray(s) >= jump)

    for prior, truth in (
        (plp.StateGrid([0.2, 0.9]), 0.5 + 0.5 * (0.9 - jump) / (jump - 0.2)),
        (stats.uniform(), pooled_from(jump)),
    ):
        game = plp.PosteriorMeanGame(prior, hidden)
        result = plp.solve(game, "simultaneous", formulation=formulation)
        assert result.upper is None
        assert truth - 1e-3 <= result.lower <= truth
        assert result.certificate.ok


def test_the_experiment_is_decoded_when_it_is_solved() -> None:
    result = plp.solve(
        plp.PosteriorMeanGame(stats.uniform(), plp.PiecewiseLinear.steps([0.7], [0, 1])),
        "simultaneous",
    )
    kernel = result.experiment
    assert kernel is result.experiment
    assert kernel.shape == (result.grid.size, result.means.size)
    joint = kernel * result.grid.masses[:, None]
    np.testing.assert_allclose(joint.sum(axis=0), result.probabilities, atol=1e-14)
    means = (joint * result.grid.states[:, None]).sum(axis=0) / joint.sum(axis=0)
    np.testing.assert_allclose(means, result.means, atol=1e-14)
    with pytest.raises(ValueError, match="read-only"):
        kernel[0, 0] = 1
