"""Right values of inputs on which answers once were wrong, refused or without a bracket."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import (
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    SolverOptions,
    StateGrid,
    errors,
    priors,
    solve,
)
from tests.unit.lp.test_highs import TINY

F = Fraction


@pytest.mark.parametrize(("procedure", "prior", "players"), TINY)
def test_tiny_probabilities_are_bracketed(
    procedure: Any, prior: Any, players: list[tuple[list[float], list[int]]]
) -> None:
    """Lower, value and upper once were three times the solver's objective, above the optimum."""
    written = [[F(str(p)) for p in row] for row in prior]
    total = sum(map(sum, written))
    game = PersuasionGame(
        [[p / total for p in row] for row in written],
        [Receiver(cuts, payoffs) for cuts, payoffs in players],
    )
    result = solve(game, procedure)
    assert F(result.lower) <= solve(game, procedure, exact=True).value <= F(result.upper)


def test_a_flexible_procedure_with_cutoffs_next_to_one() -> None:
    table = {"LL": F("9e-9"), "LH": F("2e-6"), "HL": F("8e-10")}
    table["HH"] = 1 - sum(table.values(), F(0))
    game = PersuasionGame(
        priors.from_table(table),
        [Receiver.threshold("0.999", [1, 0]), Receiver.threshold("0.99999999", [1, 0])],
    )
    result = solve(game, "flexible")
    assert F(result.lower) <= F("0.982009") <= F(result.upper)
    assert result.exact().value == F("0.982009")


JUMP = 0.71234567


@pytest.mark.parametrize(
    ("prior", "right"), [(StateGrid([0, 1]), 0.5 / JUMP), (stats.uniform(), 2 - 2 * JUMP)]
)
def test_a_hidden_jump_is_worth_at_least_what_was_found(prior: Any, right: float) -> None:
    result = solve(PosteriorMeanGame(prior, lambda s: 1.0 * (s >= JUMP)), "simultaneous")
    assert result.upper is None
    assert right - 1e-3 <= result.lower <= right + 1e-12


def test_seven_receivers_cut_short_pay_no_more_than_seven() -> None:
    game = PersuasionGame(np.full((2,) * 7, 1 / 128), [Receiver.threshold(0.6)] * 7)
    with pytest.raises(errors.LimitError) as caught:
        solve(game, "simultaneous", options=SolverOptions(time_limit=1e-9))
    assert 0 <= caught.value.best_value <= caught.value.best_bound <= 7 * (1 + 1e-14)


@pytest.mark.parametrize(
    ("mean", "deviation"), [(0.46, 0.29), (0.29, 0.46), (0.51, 0.13), (0.03, 0.4)]
)
def test_the_usual_truncated_normal_is_solved(mean: float, deviation: float) -> None:
    normal = stats.truncnorm(-mean / deviation, (1 - mean) / deviation, mean, deviation)
    step = PiecewiseLinear([0, "1/2", 1], [[0, 0], [1, 1]])
    means = solve(PosteriorMeanGame(normal, step), "simultaneous", cells=20)
    assert means.upper is not None
    assert means.lower <= means.upper
    menu = solve(ManagerProblem(normal, 0.3, [1.5, 2.0]), "menu")
    assert 0 < menu.lower <= menu.upper


@pytest.mark.parametrize("formulation", ["majorization", "transport"])
def test_difficulty_in_small_units_is_worth_the_same(formulation: Any) -> None:
    def exactly(unit: Fraction) -> tuple[Fraction, bool]:
        states = [unit * F(k, 10) for k in (2, 6, 9)]
        plan = ManagerProblem(StateGrid(states), unit / 2, ["6/5", "13/10", "3/2"])
        result = solve(plan, "commitment", formulation=formulation)
        assert result.upper is not None
        value = result.exact().value
        return value / unit, F(result.lower) <= value <= F(result.upper)

    value, held = exactly(F(1))
    assert held
    assert exactly(F(1, 10**8)) == (value, True)
