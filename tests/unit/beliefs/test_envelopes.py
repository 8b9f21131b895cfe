"""Concave envelopes: by hull and by program, splittings, prices, refusals."""

import numpy as np
import pytest

from persuasion_lp import IntervalGrid, PiecewiseLinear, SimplexGrid, concavify
from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.batched import batched_envelopes
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.beliefs.simplex import ColumnEnvelope, SimplexEnvelope
from persuasion_lp.beliefs.splitting import Envelope
from persuasion_lp.errors import GridError, OptionError, PayoffError


def assert_supports(
    envelope: Envelope, prior: Floats, beliefs: Floats, payoffs: Floats, tol: float = 1e-9
) -> None:
    """The splitting averages to the prior and pays the envelope; the prices bound every payoff."""
    split = envelope.split(prior)
    points, at = (beliefs, prior) if beliefs.ndim > 1 else _lifted(beliefs, prior)
    np.testing.assert_allclose(split.weights @ points[split.positions], at, atol=tol)
    np.testing.assert_allclose(split.weights.sum(), 1, atol=tol)
    assert split.weights.min() > 0
    np.testing.assert_allclose(split.payoffs, payoffs[split.positions], atol=tol)
    np.testing.assert_allclose(split.value, envelope(prior), atol=tol)
    prices = envelope.prices(prior)
    np.testing.assert_allclose(prices @ at, envelope(prior), atol=tol)
    assert (points @ prices >= payoffs - tol).all()


def _lifted(x: Floats, prior: Floats) -> tuple[Floats, Floats]:
    return np.column_stack([1 - x, x]), np.array([1 - prior, prior]).ravel()


class _Wrong:
    """An envelope with one part replaced."""

    def __init__(self, right: Envelope, part: str) -> None:
        self.right, self.part = right, part

    def __call__(self, beliefs: Floats) -> Floats:
        return self.right(beliefs) + (0.1 if self.part == "value" else 0.0)

    def split(self, prior: Floats) -> object:
        return self.right.split(np.asarray(prior) * (0.9 if self.part == "split" else 1.0))

    def prices(self, prior: Floats) -> Floats:
        return self.right.prices(prior) * (-1.0 if self.part == "prices" else 1.0)


X = np.linspace(0, 1, 41)
F = np.where(X >= 0.6, 1.0, 0.0) + 0.3 * np.sin(9 * X)


@pytest.mark.parametrize("part", ["value", "split", "prices"])
def test_the_check_of_supports_can_fail(part: str) -> None:
    right = concavify(X, F)
    assert_supports(right, np.array(0.33), X, F)
    with pytest.raises(AssertionError):
        assert_supports(_Wrong(right, part), np.array(0.33), X, F)  # type: ignore[arg-type]


@pytest.mark.parametrize("prior", [0.0, 0.1, 0.33, 0.6, 1.0])
def test_interval_supports(prior: float) -> None:
    assert_supports(concavify(X, F), np.array(prior), X, F)


@pytest.mark.parametrize("states", [2, 3, 4])
def test_hull_and_program_agree_on_simplices(states: int) -> None:
    grid = SimplexGrid(states, 9)
    rng = np.random.default_rng(states)
    payoffs = rng.random(grid.size)
    hull, program = concavify(grid, payoffs), concavify(grid, payoffs, method="lp")
    assert isinstance(hull, SimplexEnvelope)
    assert isinstance(program, ColumnEnvelope)
    priors = rng.dirichlet(np.ones(states), size=5)
    np.testing.assert_allclose(hull(priors), program(priors), atol=1e-12)
    for prior in priors:
        assert_supports(hull, prior, grid.nodes, payoffs)
        assert_supports(program, prior, grid.nodes, payoffs)
    np.testing.assert_allclose(hull.at_beliefs(), hull(grid.nodes), atol=1e-12)


@pytest.mark.parametrize("states", [2, 3, 4])
def test_flat_payoffs_have_an_envelope(states: int) -> None:
    grid = SimplexGrid(states, 5)
    linear = np.arange(1.0, states + 1)
    for payoffs in (np.full(grid.size, 2.0), grid.nodes @ linear):
        envelope = concavify(grid, payoffs)
        np.testing.assert_allclose(envelope(grid.nodes), payoffs, atol=1e-12)
        assert_supports(envelope, np.full(states, 1 / states), grid.nodes, payoffs)


def test_beyond_four_states_by_program() -> None:
    grid = SimplexGrid(5, 10)
    envelope = concavify(grid, lambda mu: (mu[:, 0] >= 0.4).astype(float))
    assert isinstance(envelope, ColumnEnvelope)
    assert float(envelope(np.full(5, 0.2))) == pytest.approx(0.5, abs=1e-12)


def test_few_beliefs_enter_the_program() -> None:
    grid = SimplexGrid(3, 40)
    envelope = ColumnEnvelope.of(grid.nodes, np.random.default_rng(0).random(grid.size))
    _, entered = envelope._solve(np.array([0.5, 0.3, 0.2]))
    assert entered.size < grid.size / 3
    assert np.unique(entered).size == entered.size


def test_grids_and_callables_are_accepted() -> None:
    envelope = concavify(IntervalGrid(10), lambda x: (x >= 0.8).astype(float))
    assert isinstance(envelope, IntervalEnvelope)
    assert float(envelope(0.5)) == 0.625


def test_breakpoints_of_piecewise_linear_functions_are_not_missed() -> None:
    envelope = concavify([0.0, 0.5, 1.0], PiecewiseLinear.steps([0.8], [0, 1]))
    assert float(envelope(0.5)) == 0.625


def test_many_envelopes_at_once_equal_one_by_one() -> None:
    rng = np.random.default_rng(3)
    x = np.sort(np.concatenate([[0, 1], rng.random(20), 0.5 + 1e-9 * rng.random(5)]))
    tables = np.concatenate([rng.random((700, x.size)), np.cumsum(rng.random((300, x.size)), 1)])
    alone = np.array([IntervalEnvelope.of(x, table)(x) for table in tables])
    np.testing.assert_allclose(batched_envelopes(x, tables), alone, rtol=0, atol=1e-13)
    linear = np.outer(np.arange(3), x)
    np.testing.assert_allclose(batched_envelopes(x, linear), linear, atol=1e-15)


@pytest.mark.parametrize(
    ("x", "f", "error", "message"),
    [
        ([0, 0.5, 0.4], [0, 0, 0], GridError, r"x\[2\] must increase"),
        ([0, np.nan, 1], [0, 0, 0], GridError, r"x\[1\] must increase"),
        ([0, 0.5, 1], [0, np.nan, 0], PayoffError, r"f\[1\] must be finite; first at belief 0\.5"),
        ([0, 0.5, 1], [0, np.inf, 0], PayoffError, r"f\[1\] must be finite"),
        ([0, 0.5, 1], [0, 1], PayoffError, "one value for each of 3 beliefs"),
        ([0], [0], GridError, "at least two beliefs"),
        ([[1, 0], [0.5, 0.6]], [0, 0], GridError, r"x\[1\] must be a point of the simplex"),
        ([[1, 0], [0.5, 0.5]], [0, 0], GridError, "that of state 1 is missing"),
    ],
)
def test_bad_input_is_named(x: object, f: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        concavify(x, f)  # type: ignore[arg-type]


def test_functions_of_one_belief_are_explained() -> None:
    with pytest.raises(PayoffError, match=r"must be vectorized.*it raised ValueError"):
        concavify([0, 0.5, 1], lambda x: 1.0 if x > 0.5 else 0.0)
    with pytest.raises(PayoffError, match="one value for each of 3 beliefs"):
        concavify([0, 0.5, 1], lambda x: 1.0)


def test_methods_are_checked() -> None:
    with pytest.raises(OptionError, match="method must be"):
        concavify([0, 1], [0, 1], method="magic")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="must be 'hull' on an interval"):
        concavify([0, 1], [0, 1], method="lp")
    with pytest.raises(OptionError, match="more than 4 states"):
        concavify(SimplexGrid(5, 2), np.zeros(15), method="hull")


def test_beliefs_outside_an_interval_are_refused() -> None:
    with pytest.raises(GridError, match=r"must lie in \[0, 1\]; got 1\.2"):
        concavify([0, 1], [0, 1])(1.2)
