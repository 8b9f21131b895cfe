"""Brackets of posterior-mean games hold for the numbers as written."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

import persuasion_lp as plp
from persuasion_lp import errors
from persuasion_lp.families.means.programme import MeansFormulation, PriceFunction
from persuasion_lp.families.means.proof import bracket as brackets
from persuasion_lp.families.means.proof.bracket import attained, price_bound

F = Fraction
FORMULATIONS: list[MeansFormulation] = ["majorization", "transport"]


def game(states: Any, masses: Any, breakpoints: Any, pieces: Any) -> plp.PosteriorMeanGame:
    return plp.PosteriorMeanGame(
        plp.StateGrid(states, masses), plp.PiecewiseLinear(breakpoints, pieces)
    )


def close_states(distance: Fraction) -> plp.PosteriorMeanGame:
    """States 1/2 and a little above, equally likely; pays 1 from the upper one on: worth 1/2."""
    above = F(1, 2) + distance
    return game([F(1, 2), above], None, [0, above, 1], [[0, 0], [1, 1]])


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("digits", [3, 6, 9, 10, 12, 14, 20])
def test_states_that_are_close_are_different(digits: int, formulation: MeansFormulation) -> None:
    result = plp.solve(close_states(F(1, 10**digits)), "simultaneous", formulation=formulation)
    assert result.upper is not None
    assert result.lower <= F(1, 2) <= result.upper
    assert result.upper - result.lower <= 1e-9
    assert result.certificate.ok


def test_rational_arithmetic_takes_over_where_floats_leave_too_much_open() -> None:
    assert plp.solve(close_states(F(1, 10)), "simultaneous").certificate.route == "float"
    assert plp.solve(close_states(F(1, 10**12)), "simultaneous").certificate.route == "exact"


def random_game(rng: np.random.Generator) -> plp.PosteriorMeanGame:
    """Close states, rare states, jumps at and beside states, payoffs of all sizes."""
    states = {F(int(x), 100) for x in rng.integers(1, 100, rng.integers(2, 6))} | {F(1, 3)}
    for x in list(states)[: rng.integers(0, 3)]:
        states.add(x + F(1, 10 ** int(rng.integers(3, 15))))
    weights = [F(int(rng.integers(1, 9)), 10 ** int(rng.choice([0, 0, 3, 9, 13]))) for _ in states]
    ordered = sorted(states)
    jumps = {ordered[rng.integers(len(ordered))] + F(int(rng.integers(-1, 2)), 10**12)}
    jumps |= {F(int(x), 100) for x in rng.integers(1, 100, 2)}
    breakpoints = [F(0), *sorted(jumps), F(1)]
    unit = F(10) ** int(rng.choice([0, -9, 9]))
    pieces = [[unit * int(a), unit * int(b)] for a, b in rng.integers(-3, 4, (len(jumps) + 1, 2))]
    return game(ordered, [w / sum(weights) for w in weights], breakpoints, pieces)


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("seed", range(60))
def test_the_bracket_contains_the_exact_value(seed: int, formulation: MeansFormulation) -> None:
    problem = random_game(np.random.default_rng(seed))
    exact = plp.solve(problem, "simultaneous", exact=True).value
    result = plp.solve(problem, "simultaneous", formulation=formulation)
    assert result.upper is not None
    assert result.lower <= exact <= result.upper
    assert result.lower <= result.value <= result.upper
    assert result.certificate.width is not None
    assert result.certificate.width <= 1e-9 * result.certificate.scale
    np.testing.assert_allclose(result.experiment.sum(axis=1), 1, atol=1e-15)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_means_and_prices_are_given_the_bracket_holds(seed: int) -> None:
    """Probabilities that no experiment has, and price functions that are none."""
    rng = np.random.default_rng(seed)
    problem = random_game(rng)
    numbers = problem.rational_numbers
    exact = plp.solve(problem, "simultaneous", exact=True).value
    means = rng.uniform(0, 1, 4)
    found = attained(numbers, means, rng.dirichlet(np.ones(4)))
    mass = [sum((s.get(k, F(0)) for s in found.signals), F(0)) for k in range(len(numbers.masses))]
    assert mass == list(numbers.masses)
    assert found.payoff <= exact
    knots = numbers.states.astype(np.float64)
    price = PriceFunction(knots, rng.normal(size=knots.size) * float(abs(exact) + 1))
    assert price_bound(numbers, price) >= exact


@pytest.mark.parametrize("power", [-30, -12, 12, 30])
def test_the_unit_of_payoffs_does_not_matter(power: int) -> None:
    unit = F(10) ** power
    plain = game(["1/5", "2/5", "9/10"], None, [0, "1/2", 1], [[0, 0], [1, 2]])
    scaled = game(["1/5", "2/5", "9/10"], None, [0, "1/2", 1], [[0, 0], [unit, 2 * unit]])
    one, other = (plp.solve(p, "simultaneous") for p in (plain, scaled))
    assert other.value / float(unit) == pytest.approx(one.value, rel=1e-12)
    assert one.certificate.ok
    assert other.certificate.ok


def test_a_bracket_too_wide_and_too_large_for_fractions_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses(*_: Any) -> Any:
        raise errors.ExactSizeError("programme", counted="entries", limit=1, entries=2)

    monkeypatch.setattr(brackets, "optimum", refuses)
    with pytest.raises(errors.CertificateError, match=r"lies in \[0.5, 1.0"):
        plp.solve(close_states(F(1, 10**12)), "simultaneous")


HIDDEN_JUMP = 0.71234567


def jump(means: Any) -> Any:
    return 1.0 * (np.asarray(means) >= HIDDEN_JUMP)


@pytest.mark.parametrize("prior", [plp.StateGrid([0.2, 0.9]), stats.uniform()])
def test_a_function_of_which_nothing_is_known_has_no_bound(prior: Any) -> None:
    result = plp.solve(plp.PosteriorMeanGame(prior, jump), "simultaneous")
    assert result.upper is None
    assert "unknown" in repr(result)


@pytest.mark.parametrize("prior", [plp.StateGrid([0.2, 0.9]), stats.uniform()])
def test_what_is_assumed_of_a_function_bounds_it(prior: Any) -> None:
    """Pooling from 2 · jump − 1 on is worth its probability under a uniform prior."""
    payoff = plp.BeliefFunction(jump, lipschitz=0.0, kinks=[HIDDEN_JUMP])
    result = plp.solve(plp.PosteriorMeanGame(prior, payoff), "simultaneous")
    low, high = 0.2, 0.9
    right = 2 - 2 * HIDDEN_JUMP
    if isinstance(prior, plp.StateGrid):
        right = 0.5 + 0.5 * (high - HIDDEN_JUMP) / (HIDDEN_JUMP - low)
    assert result.upper is not None
    assert result.lower - 1e-12 <= right <= result.upper + 1e-12
