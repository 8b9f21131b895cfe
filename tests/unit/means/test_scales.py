"""Checks of posterior means are relative: what is wrong by 1e-6 is refused in every unit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.families.means import programme, rounds
from persuasion_lp.families.means.certificate import price_check
from persuasion_lp.families.means.exact import InFloats
from persuasion_lp.families.means.payoffs import PayoffBounds
from persuasion_lp.families.means.pooling import pooling_segments, spread_room
from persuasion_lp.families.means.programme import (
    MeansFormulation,
    PriceFunction,
    candidate_means,
)
from persuasion_lp.families.means.proof.measure import Measure
from persuasion_lp.families.means.proof.repair import paid_by
from persuasion_lp.families.means.rounds import solved_on

F = Fraction
FORMULATIONS: list[MeansFormulation] = ["majorization", "transport"]
POWERS = [-12, -9, -5, 0]
STATES = [F(1, 10), F(3, 10), F(1, 2), F(9, 10)]
MASSES = ["1/5", "3/10", "2/5", "1/10"]
JUMP, HIGHER = F(2, 5), F(7, 10)


def scaled(states: int, payoffs: int) -> plp.PosteriorMeanGame:
    """Two jumps on four states, in units of 10 to the powers given."""
    unit, paid = F(10) ** states, F(10) ** payoffs
    places = [F(0), JUMP * unit, HIGHER * unit, F(1)]
    pieces: list[list[F]] = [[F(0)] * 2, [paid] * 2, [2 * paid] * 2]
    return plp.PosteriorMeanGame(
        plp.StateGrid([s * unit for s in STATES], MASSES), plp.PiecewiseLinear(places, pieces)
    )


VALUE = plp.solve(scaled(0, 0), "simultaneous", exact=True).value


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("payoffs", [-12, -6, 0, 6, 12])
@pytest.mark.parametrize("states", POWERS)
def test_units_change_nothing(states: int, payoffs: int, formulation: MeansFormulation) -> None:
    result = plp.solve(scaled(states, payoffs), "simultaneous", formulation=formulation)
    truth = VALUE * F(10) ** payoffs
    assert result.certificate.route == "float"
    assert result.certificate.price.ok
    assert result.upper is not None
    assert F(result.lower) <= truth <= F(result.upper)
    assert result.upper - result.lower <= 1e-9 * float(truth)


def tampered(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    real = programme.read_means

    def read(grid: Any, solution: Any, formulation: Any) -> Any:
        h, price = real(grid, solution, formulation)
        return (h, price) if isinstance(solution, InFloats) else change(h, price)

    monkeypatch.setattr(rounds, "read_means", read)


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("payoffs", [-12, 0, 12])
@pytest.mark.parametrize("states", POWERS)
@pytest.mark.parametrize("what", ["price", "means"])
def test_what_is_wrong_by_a_millionth_does_not_prove_anything(
    what: str, states: int, payoffs: int, formulation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = scaled(states, payoffs)
    grid: Any = game.prior
    breakpoints: Any = game.breakpoints

    def change(h: Any, price: PriceFunction) -> Any:
        if what == "price":
            bent = price.values.copy()
            bent[-1] *= 1 + 1e-6
            return h, PriceFunction(price.knots, bent)
        revealed = np.zeros(h.size)
        means = candidate_means(grid.states, breakpoints)
        revealed[np.searchsorted(means, grid.states)] = grid.masses
        return (1 - 1e-6) * h + 1e-6 * revealed, price

    tampered(monkeypatch, change)
    result = plp.solve(game, "simultaneous", formulation=formulation)
    assert result.certificate.route == "exact"
    assert result.upper is not None
    assert F(result.lower) <= VALUE * F(10) ** payoffs <= F(result.upper)


@pytest.mark.parametrize("payoffs", [-12, 0, 12])
@pytest.mark.parametrize("states", POWERS)
@pytest.mark.parametrize("condition", ["convexity", "excess", "touching", "integral"])
def test_each_condition_on_a_price_is_relative(condition: str, states: int, payoffs: int) -> None:
    game = scaled(states, payoffs)
    grid = game.prior
    assert isinstance(grid, plp.StateGrid)
    solved = solved_on(game, grid, "majorization", plp.SolverOptions(), 10**9)
    measure = Measure.of_states(grid)
    paid = paid_by(measure, PayoffBounds.of(game), solved.means, solved.probabilities)
    right = price_check(game, solved.price, solved, paid)
    assert right.ok
    values, millionth = solved.price.values.copy(), 1e-6
    wrong, own, high = paid, solved.price, solved
    if condition == "convexity":
        values[1:-1] *= 1 + 10 * millionth
        high = replace(solved, price=PriceFunction(solved.price.knots, values))
    elif condition == "excess":
        high = replace(solved, price=PriceFunction(own.knots, values * (1 - millionth)))
    elif condition == "touching":
        wrong = replace(paid, payoffs=paid.payoffs * (1 - millionth))
    else:
        high = replace(solved, value=solved.value * (1 + millionth))
    assert getattr(price_check(game, own, high, wrong), condition) > 1e-7
    assert getattr(right, condition) < 1e-9


@pytest.mark.parametrize("states", POWERS)
def test_a_spread_is_relative_to_what_is_at_stake(states: int) -> None:
    unit = 10.0**states
    grid = plp.StateGrid(np.array([0.1, 0.3, 0.5, 0.9]) * unit, [0.2, 0.3, 0.4, 0.1])
    room, most = spread_room(grid, grid.states, grid.masses)
    assert np.abs(room).max() <= 1e-15 * most.max()
    spread = grid.states.copy()
    spread[[1, 2]] += np.array([-4e-6, 3e-6]) * 0.2 * unit
    room, most = spread_room(grid, spread, grid.masses)
    assert (room[1:-1] / most[1:-1]).min() < -1e-7
    pooled = spread.copy()
    pooled[[1, 2]] = grid.states[[1, 2]] + np.array([4e-6, -3e-6]) * unit
    assert len(pooling_segments(grid, pooled, grid.masses)) == 1
    assert pooling_segments(grid, grid.states, grid.masses) == ()


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("digits", range(9, 16))
def test_the_upper_of_two_close_states_is_worth_half(
    digits: int, formulation: MeansFormulation
) -> None:
    above = F(1, 2) + F(1, 10**digits)
    game = plp.PosteriorMeanGame(
        plp.StateGrid([F(1, 2), above]), plp.PiecewiseLinear([0, above, 1], [[0, 0], [1, 1]])
    )
    result = plp.solve(game, "simultaneous", formulation=formulation)
    assert result.upper is not None
    assert result.lower <= 0.5 <= result.upper
    assert result.upper - result.lower <= 5e-10


def test_small_payoffs_beside_large_ones_are_judged_by_themselves() -> None:
    """Where v is a thousandth of the largest, a price that is short by 1e-9 of that is short."""
    steps = plp.PiecewiseLinear([0, "1/2", 1], ["1/1000", "1/1000", 1])
    game = plp.PosteriorMeanGame(plp.StateGrid([0, "1/2", 1]), steps)
    assert isinstance(game.prior, plp.StateGrid)
    solved = solved_on(game, game.prior, "majorization", plp.SolverOptions(), 10**9)
    measure = Measure.of_states(game.prior)
    paid = paid_by(measure, PayoffBounds.of(game), solved.means, solved.probabilities)
    assert price_check(game, solved.price, solved, paid).ok
    short = PriceFunction(solved.price.knots, solved.price.values - 1e-9)
    wrong = price_check(game, solved.price, replace(solved, price=short), paid)
    assert wrong.excess > 1e-7
    assert not wrong.ok


def test_an_empty_or_a_wide_bracket_is_no_certificate() -> None:
    result = plp.solve(scaled(0, 0), "simultaneous")
    above = replace(result.certificate, seal=None, upper=result.value - 1e-9)
    assert above.failures[0].endswith("is empty")
    wide = replace(result.certificate, seal=None, width=1e-6 * result.certificate.scale)
    assert "wide" in wide.failures[0]
