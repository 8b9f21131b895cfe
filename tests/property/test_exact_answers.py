"""Exact posterior-mean answers and single tests: properties that hold to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from persuasion_lp import ManagerProblem, PiecewiseLinear, PosteriorMeanGame, StateGrid, solve
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.families.means.problem import MeansNumbers
from persuasion_lp.families.means.programme import MeansFormulation
from tests.strategies import fraction_functions, fraction_plans, means_games

F = Fraction


def expected(numbers: MeansNumbers, points: Any, probabilities: Any) -> Fraction:
    """Σ_i h_i v(s_i)."""
    return (numbers.payoff.sides(points)[0] * probabilities).sum()


def price(numbers: MeansNumbers, answer: ExactResult) -> Callable[[Fraction], Fraction]:
    """P from the duals of the majorization programme, as in Dworczak and Martini."""
    inner = np.unique(numbers.states)[1:-1]
    constant, slope = answer.duals("mass").item(), answer.duals("mean").item()
    bends = answer.duals("spread")
    assert all(bend >= 0 for bend in bends)

    def p(s: Fraction) -> Fraction:
        kinks = sum((y * max(s - k, F(0)) for k, y in zip(inner, bends, strict=True)), F(0))
        return constant + slope * s + kinks

    return p


def assert_proved_over_all_means(numbers: MeansNumbers, answer: ExactResult) -> None:
    """Fail unless a convex P ≥ v has ∫ P dF = value, and means that F spreads pay the value.

    P and v are linear between states and breakpoints, so both one-sided limits of v there decide.
    """
    p = price(numbers, answer)
    points = np.array([F(s) for s in answer.certificate.about["means"]])
    low, high = numbers.states.min(), numbers.states.max()
    everywhere = np.union1d(points, numbers.payoff.breakpoints)
    for s, *limits in zip(everywhere, *numbers.payoff.sides(everywhere), strict=True):
        if low < s < high:
            assert p(s) >= max(limits)
        elif s in (low, high):
            assert p(s) >= limits[0]
    assert sum(f * p(s) for s, f in zip(numbers.states, numbers.masses, strict=True)) == (
        answer.value
    )
    h = answer.values("h")
    assert h.sum() == 1
    assert h @ points == numbers.states @ numbers.masses
    assert all(weight >= 0 for weight in h)
    for c in everywhere:
        below = (h * np.maximum(points - c, 0)).sum()
        assert below <= (numbers.masses * np.maximum(numbers.states - c, 0)).sum()
    assert expected(numbers, points, h) == answer.value


@given(means_games())
def test_the_value_is_proved_over_all_means(game: PosteriorMeanGame) -> None:
    answer = solve(game, "simultaneous", exact=True)
    assert answer.certificate.verify().ok
    assert_proved_over_all_means(game.rational_numbers, answer)


def test_a_price_function_below_the_payoff_is_noticed() -> None:
    """The helper above on the answer to a game that pays less."""
    grid = StateGrid([0, 1])
    cheap, dear = (PosteriorMeanGame(grid, PiecewiseLinear.steps(["3/4"], [0, k])) for k in (1, 2))
    answer = solve(cheap, "simultaneous", exact=True)
    assert_proved_over_all_means(cheap.rational_numbers, answer)
    with pytest.raises(AssertionError):
        assert_proved_over_all_means(dear.rational_numbers, answer)


@given(means_games())
def test_floats_agree_and_formulations_are_equal(game: PosteriorMeanGame) -> None:
    floats = solve(game, "simultaneous")
    values = {
        solve(game, "simultaneous", exact=True, formulation=name).value
        for name in get_args(MeansFormulation)
    }
    (value,) = values
    assert abs(floats.value - float(value)) <= 1e-12
    assert floats.exact().value == value


@given(means_games(), st.integers(1, 5), st.integers(-3, 3))
def test_values_move_with_payoffs(game: PosteriorMeanGame, factor: int, shift: int) -> None:
    f: Any = game.payoff
    more = PiecewiseLinear([0, 1], [F(shift, 7)] * 2)
    other = PosteriorMeanGame(game.prior, f * F(factor, 3) + more)
    value = solve(game, "simultaneous", exact=True).value
    assert solve(other, "simultaneous", exact=True).value == value * F(factor, 3) + F(shift, 7)


@given(means_games())
def test_reflected_states_and_payoffs_have_the_same_value(game: PosteriorMeanGame) -> None:
    f: Any = game.payoff
    states, masses = game.prior.rational_numbers  # type: ignore[union-attr]
    other = PosteriorMeanGame(StateGrid(list(1 - states), list(masses)), f.reflected())
    assert (
        solve(other, "simultaneous", exact=True).value
        == solve(game, "simultaneous", exact=True).value
    )


@given(means_games(), st.integers(0, 12))
def test_less_spread_is_worth_less(game: PosteriorMeanGame, first: int) -> None:
    """Two states pooled into their mean: what can be done then could be done before."""
    states, masses = game.rational_numbers.states, game.rational_numbers.masses
    assume(states.size >= 2)
    k = first % (states.size - 1)
    mass = masses[k] + masses[k + 1]
    mean = (masses[k : k + 2] @ states[k : k + 2]) / mass
    pooled = StateGrid([*states[:k], mean, *states[k + 2 :]], [*masses[:k], mass, *masses[k + 2 :]])
    other = PosteriorMeanGame(pooled, game.payoff)
    assert (
        solve(other, "simultaneous", exact=True).value
        <= solve(game, "simultaneous", exact=True).value
    )


@given(
    fraction_functions(),
    fraction_functions(),
    st.lists(st.fractions(0, 1, max_denominator=60), max_size=8),
)
def test_arithmetic_of_functions_is_exact(
    f: PiecewiseLinear, g: PiecewiseLinear, inside: list[Fraction]
) -> None:
    points = np.array([F(0), F(1), *inside])

    def at(function: PiecewiseLinear, x: Any = points) -> Any:
        values = function.rational_pieces.sides(x)[0]
        assert all(isinstance(value, (Fraction, int)) for value in values)
        np.testing.assert_allclose(function(x.astype(float)), values.astype(float), atol=1e-12)
        return values

    b = f.maximum(g).rational_pieces.breakpoints
    assert (at(f.maximum(g)) >= np.maximum(at(f), at(g))).all()
    smooth = np.array([(low + high) / 2 for low, high in pairwise(b)])
    between = [function.rational_pieces.sides(smooth)[0] for function in (f, g, f.maximum(g))]
    assert (between[2] == np.maximum(between[0], between[1])).all()
    off = ~np.isin(points, b)
    assert (at(f + g)[off] == (at(f) + at(g))[off]).all()
    assert (at(F(2, 3) * f) == F(2, 3) * at(f)).all()
    assert (at(f.reflected()) == at(f, 1 - points)).all()


@given(fraction_plans())
def test_a_single_test_is_worth_no_more_than_commitment_or_a_menu(plan: ManagerProblem) -> None:
    single, menu, commitment = (
        solve(plan, name, exact=True) for name in ("single_test", "menu", "commitment")
    )
    assert 0 <= single.value <= menu.value
    assert single.value <= commitment.value
    for name, answer in (("single_test", single), ("commitment", commitment)):
        assert answer.certificate.verify().ok
        floats: Any = solve(plan, name)  # type: ignore[call-overload]
        assert abs(floats.value - float(answer.value)) <= 1e-12


def theorem_1(plan: ManagerProblem) -> Fraction:
    """LX, Theorem 1: propose from the top while θ ≥ w, and on while the mean exceeds x w."""
    numbers = plan.rational_numbers
    (x,), w = numbers.types, numbers.payment
    if numbers.states @ numbers.masses > x * w:
        return F(0)
    p = r = F(0)
    for state, mass in zip(numbers.states[::-1], numbers.masses[::-1], strict=True):
        taken = mass
        if state < w:
            taken = min(mass, max(r - x * w * p, F(0)) / (x * w - state))
        p, r = p + taken, r + taken * state
    return r - w * p


@given(fraction_plans(types=1))
def test_theorem_1_in_fractions(plan: ManagerProblem) -> None:
    numbers = plan.rational_numbers
    assume(numbers.types[0] >= 1)
    value = theorem_1(plan)
    assert solve(plan, "single_test", exact=True).value == value
    assert solve(plan, "menu", exact=True).value == value
    if numbers.states @ numbers.masses <= numbers.types[0] * numbers.payment:
        assert solve(plan, "commitment", exact=True).value == value


@given(st.integers(1, 29), st.integers(1, 29))
def test_a_judge(prior: int, cutoff: int) -> None:
    """Kamenica and Gentzkow: prior over cutoff, at most 1."""
    mu, c = F(prior, 30), F(cutoff, 30)
    judge = PosteriorMeanGame(StateGrid([0, 1], [1 - mu, mu]), PiecewiseLinear.steps([c], [0, 1]))
    assert solve(judge, "simultaneous", exact=True).value == min(mu / c, F(1))
