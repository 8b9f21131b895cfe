"""What must hold of every envelope, grid, function and game on one belief."""

from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import persuasion_lp as plp
from persuasion_lp import BeliefGame, PiecewiseLinear, SimplexGrid, concavify
from persuasion_lp.beliefs.grids import IntervalGrid
from persuasion_lp.families.games.pacman import Pacman
from tests.strategies import belief_functions, belief_games, payoffs

fixed = settings(derandomize=True, deadline=None, max_examples=40)
few = settings(derandomize=True, deadline=None, max_examples=15)

unit = st.floats(0, 1, allow_nan=False)


@fixed
@given(belief_functions(), belief_functions(), st.lists(unit, min_size=1, max_size=5))
def test_sums_and_maxima_are_pointwise(
    f: PiecewiseLinear, g: PiecewiseLinear, points: list[float]
) -> None:
    x = np.union1d(points, np.union1d(f.breakpoints, g.breakpoints))
    np.testing.assert_allclose((f + g)(x), f(x) + g(x), atol=1e-12)
    np.testing.assert_allclose(f.maximum(g)(x), np.maximum(f(x), g(x)), atol=1e-9)


@fixed
@given(belief_functions())
def test_functions_are_upper_semicontinuous(f: PiecewiseLinear) -> None:
    at, left, right = f.sides(f.breakpoints)
    assert (at >= np.maximum(left, right)).all()
    for one_sided in (f.breakpoints[1:-1] - 1e-9, f.breakpoints[1:-1] + 1e-9):
        assert (f(one_sided) <= f(f.breakpoints[1:-1]) + 1e-6).all()


@fixed
@given(belief_functions(), st.lists(unit, min_size=1, max_size=5))
def test_envelopes_are_least_concave_majorants(f: PiecewiseLinear, points: list[float]) -> None:
    envelope = f.envelope()
    x = np.union1d(points, f.breakpoints)
    assert (envelope(x) >= f(x) - 1e-12).all()
    again = concavify(envelope.vertices, envelope.values)
    np.testing.assert_allclose(again(x), envelope(x), atol=1e-12)
    at = f(envelope.vertices)
    np.testing.assert_allclose(at, envelope.values, atol=1e-12)
    middle = (x[:-1] + x[1:]) / 2
    assert (envelope(middle) >= (envelope(x[:-1]) + envelope(x[1:])) / 2 - 1e-12).all()


@few
@given(belief_games())
def test_procedures_are_ordered(game: BeliefGame) -> None:
    values = {
        p: plp.solve(game, p).value
        for p in ("simultaneous", "sequential", "intermediate", "flexible", "first_best")
    }
    ordered = list(values.values())
    assert all(low <= high + 1e-9 for low, high in pairwise(ordered))
    assert abs(values["flexible"] - values["first_best"]) <= 1e-9  # Theorem 2
    if values["first_best"] > values["simultaneous"] + 1e-7:  # Theorem 1
        assert values["sequential"] > values["simultaneous"]


@few
@given(belief_games(), st.permutations(range(3)), payoffs, st.floats(0.1, 5))
def test_relabelling_shifting_and_scaling(
    game: BeliefGame, names: list[int], shift: float, scale: float
) -> None:
    assume(game.n == 3)
    constant = PiecewiseLinear([0, 1], [shift, shift])
    moved = BeliefGame(
        game.prior, [scale * f + constant for f in (game.piecewise[i] for i in names) if f]
    )
    for procedure in ("simultaneous", "sequential", "intermediate"):
        one, two = plp.solve(game, procedure).value, plp.solve(moved, procedure).value
        assert abs(scale * one + 3 * shift - two) <= 1e-8 * max(1.0, abs(two))


@few
@given(belief_games())
def test_reflecting_the_state_changes_nothing(game: BeliefGame) -> None:
    mirrored = BeliefGame(
        game.prior[::-1], [f.reflected() for f in game.piecewise if f is not None]
    )
    for procedure in ("sequential", "flexible"):
        one, two = plp.solve(game, procedure), plp.solve(mirrored, procedure)
        assert abs(one.value - two.value) <= 1e-9


@few
@given(belief_games(most=2), unit)
def test_prices_bound_the_value_at_every_prior(game: BeliefGame, other: float) -> None:
    for procedure in ("simultaneous", "flexible", "first_best"):
        prices = plp.solve(game, procedure).prices
        elsewhere = BeliefGame(other, game.payoffs)
        bound = float(prices @ elsewhere.prior)
        assert plp.solve(elsewhere, procedure).value <= bound + 1e-8


@fixed
@given(st.integers(1, 30), st.lists(unit, max_size=3), st.integers(2, 4))
def test_interval_grids_nest(denominator: int, extra: list[float], factor: int) -> None:
    grid = IntervalGrid(denominator, np.array(extra))
    fine = grid.refine(factor)
    assert set(grid.extra.tolist()) <= set(fine.nodes.tolist())
    nearest = np.abs(grid.nodes[:, None] - fine.nodes[None, :]).min(axis=1)
    assert nearest.max() <= 1e-12


@few
@given(st.integers(2, 4), st.integers(1, 6), st.integers(0, 10**6))
def test_values_rise_along_nested_simplex_grids(states: int, steps: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    direction, level = rng.normal(size=states), rng.random()
    prior = rng.dirichlet(np.ones(states))
    values = [
        float(concavify(g, np.where(g.nodes @ direction >= level, 1.0, 0.0))(prior))
        for g in (SimplexGrid(states, steps), SimplexGrid(states, 2 * steps))
    ]
    assert values[0] <= values[1] + 1e-9


@few
@given(st.integers(1, 3), st.integers(0, 10**6))
def test_pacman_is_a_fair_game(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = plp.PersuasionGame(
        rng.dirichlet(np.full(2**n, 0.5)).reshape((2,) * n),
        [plp.Receiver(np.sort(rng.random(2)), rng.random(3)) for _ in range(n)],
    )
    tree = Pacman(game).tree(residual=1e-3)
    ends = tree.about < 0
    np.testing.assert_allclose(tree.probability[ends].sum(), 1.0, atol=1e-12)
    np.testing.assert_allclose(tree.probability[ends] @ tree.joint[ends], tree.joint[0], atol=1e-12)
