"""Routes that use the structure = the whole program = fractions."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, solve
from persuasion_lp.errors import InputError, PersuasionWarning
from tests.near_degenerate import Case, case, compared
from tests.support import any_solve, assert_certified

ROUTES = {"blocks": "simultaneous", "columns": "first_best"}
SEEDS = 500


def drawn_receiver(rng: np.random.Generator) -> Receiver:
    """A cutoff, maybe next to certainty, or a utility with two or three actions."""
    if rng.random() < 0.7:
        close = 1 - 10.0 ** -rng.integers(2, 9)
        cutoff = float(rng.choice([rng.uniform(0.05, 0.95), 0.5, close]))
        return Receiver.threshold(cutoff, (0.0, float(rng.choice([1.0, 2.0, 0.5]))))
    utility = rng.integers(-4, 5, (int(rng.integers(2, 4)), 2)).astype(float)
    return Receiver.from_utility(utility, np.sort(rng.normal(size=len(utility))))


def drawn_game(rng: np.random.Generator, *, private: bool) -> PersuasionGame:
    """Up to six receivers: correlated, with states of probability 0 or next to it, with ties."""
    n = int(rng.integers(1, 7))
    prior = rng.dirichlet(np.full(2**n, rng.choice([0.1, 0.5, 2.0])))
    match int(rng.integers(4)):
        case 0:
            prior[rng.random(2**n) < 0.4] = 0.0
        case 1:
            prior *= 10.0 ** -rng.integers(0, 13, 2**n)
        case 2:
            prior = np.round(12 * prior) + (np.arange(2**n) == 0)
    prior[0] += not prior.any()
    receivers = [drawn_receiver(rng) for _ in range(n)]
    counts = tuple(receiver.action_count for receiver in receivers)
    payoff = None
    if private or rng.random() < 0.4:
        kind = int(rng.integers(3))
        total = np.indices(counts).sum(axis=0)
        by_state = rng.normal(size=(*counts, *(2,) * n))
        payoff = (1.0 * (total > n / 2), rng.normal(size=counts), by_state)[kind]
    shape = (2,) * n
    return PersuasionGame((prior / prior.sum()).reshape(shape), receivers, payoff)


def assert_routes_agree(seeds: range) -> None:
    """The value of each route is that of the whole program, relative to what is at stake."""
    used: Counter[str] = Counter()
    for seed in seeds:
        for route, procedure in ROUTES.items():
            rng = np.random.default_rng([seed, len(route)])
            try:
                game = drawn_game(rng, private=route == "columns")
            except InputError:
                continue
            found = any_solve(game, procedure, formulation=route)
            whole = any_solve(game, procedure, formulation="nested")
            assert_certified(found)
            assert abs(found.value - whole.value) <= 1e-9 * game.at_stake, (route, seed)
            used[route] += found.formulation == route
    for route in ROUTES:
        assert used[route] > 0.7 * len(seeds) * (0.9 if route == "blocks" else 1.0), used


@pytest.mark.filterwarnings(f"ignore::{PersuasionWarning.__module__}.PersuasionWarning")
def test_random_games() -> None:
    assert_routes_agree(range(40))


@pytest.mark.nightly
@pytest.mark.filterwarnings(f"ignore::{PersuasionWarning.__module__}.PersuasionWarning")
def test_many_random_games() -> None:
    assert_routes_agree(range(SEEDS))


def assert_proved_next_to_degenerate(seeds: range) -> None:
    """Brackets hold the optimum in fractions, forced to a route, where floats are at their end."""
    for seed in seeds:
        problem = case("games", seed).problem
        for route, procedure in ROUTES.items():
            if route == "columns" and problem.additive:
                continue
            outcome, why = compared(Case(problem, procedure, {"formulation": route}))
            assert outcome in ("held", "too large"), (seed, route, why)


@pytest.mark.filterwarnings("ignore")
def test_near_degenerate_games() -> None:
    assert_proved_next_to_degenerate(range(25))


@pytest.mark.nightly
@pytest.mark.filterwarnings("ignore")
def test_many_near_degenerate_games() -> None:
    assert_proved_next_to_degenerate(range(25, SEEDS))


def threshold_game(n: int, seed: int, payoff: np.ndarray | None = None) -> PersuasionGame:
    """The benchmark's game: a prior from Dirichlet(½), cutoffs uniform between ½ and .9."""
    rng = np.random.default_rng(seed)
    prior = rng.dirichlet(np.full(2**n, 0.5)).reshape((2,) * n)
    return PersuasionGame(
        prior, [Receiver.threshold(cutoff) for cutoff in rng.uniform(0.5, 0.9, n)], payoff
    )


@pytest.mark.parametrize("n", [5, 6, 7])
def test_public_signals_to_many(n: int) -> None:
    game = threshold_game(n, n)
    found = solve(game, "simultaneous", formulation="blocks")
    assert found.formulation == "blocks"
    assert found.certificate.route == "float"
    whole = solve(game, "simultaneous", formulation="nested")
    assert abs(found.value - whole.value) <= 1e-12 * n
    size = found.size
    assert (size.columns, size.rows) == (4**n, 2**n + n * 2 ** (n - 1))
    assert found.laid_out.columns < size.columns / 4
    assert found.lp.shape == (size.rows, size.columns)


@pytest.mark.parametrize("n", [5, 7])
def test_private_messages_of_majorities(n: int) -> None:
    majority = 1.0 * (np.indices((2,) * n).sum(axis=0) > n / 2)
    game = threshold_game(n, n, majority)
    found = solve(game, "first_best", formulation="columns")
    whole = solve(game, "first_best", formulation="nested")
    assert found.formulation == "columns"
    assert abs(found.value - whole.value) <= 1e-12


def test_two_judges_by_hand() -> None:
    """KKS, Example 1: the public optimum is 1, whatever it is solved by."""
    judges = PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2)
    found = solve(judges, "simultaneous", formulation="blocks")
    assert found.formulation == "blocks"
    assert abs(found.value - 1) <= 1e-12


@pytest.mark.parametrize("tol", [0.5, 1e-2, 1e-5])
def test_a_bracket_that_is_wide_enough_holds_the_optimum(tol: float) -> None:
    game = threshold_game(6, 1)
    optimum = solve(game, "simultaneous", formulation="nested").value
    found = solve(game, "simultaneous", formulation="blocks", tol=tol)
    assert found.formulation == "blocks"
    assert found.lower <= optimum <= found.upper
    assert found.upper - found.lower <= tol
    optimal = solve(game, "simultaneous", formulation="blocks")
    assert tol < 0.1 or found.iterations < optimal.iterations


@pytest.mark.parametrize("tol", [0.2, 1e-3])
def test_columns_end_when_the_bracket_is_narrow_enough(tol: float) -> None:
    rng = np.random.default_rng(3)
    game = threshold_game(5, 3, rng.normal(size=(2,) * 5))
    optimum = solve(game, "first_best", formulation="nested").value
    found = solve(game, "first_best", formulation="columns", tol=tol)
    assert found.lower <= optimum <= found.upper
    assert found.upper - found.lower <= tol
