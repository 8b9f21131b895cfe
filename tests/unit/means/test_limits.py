"""Limits of posterior-mean games: what an error says of the value holds for the whole call."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from scipy import stats

import persuasion_lp as plp
from persuasion_lp import errors
from persuasion_lp.families.means import rounds, solve
from persuasion_lp.families.means.programme import MeansFormulation
from persuasion_lp.families.means.proof import bracket
from persuasion_lp.lp.highs import solve_lp

FORMULATIONS: list[MeansFormulation] = ["majorization", "transport"]
STEPS = plp.PiecewiseLinear.steps(["1/2", "4/5"], [0, 1, 3])
GRID = plp.StateGrid(np.linspace(0, 1, 11))
SMOOTH = plp.BeliefFunction(lambda m: 3 * m**2 - 2 * m**3, lipschitz=1.5)


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("prior", [GRID, stats.uniform(), stats.beta(2, 3)])
@pytest.mark.parametrize("payoff", [STEPS, SMOOTH])
def test_a_limit_leaves_what_is_known_without_solving(
    prior: Any, payoff: Any, formulation: MeansFormulation
) -> None:
    game = plp.PosteriorMeanGame(prior, payoff)
    solved = plp.solve(game, "simultaneous", formulation=formulation)
    none = plp.SolverOptions(iteration_limit=0, presolve=False)
    with pytest.raises(errors.LimitError) as caught:
        plp.solve(game, "simultaneous", formulation=formulation, options=none)
    low, high = caught.value.best_value, caught.value.best_bound
    assert solved.upper is not None
    assert low <= solved.upper
    assert solved.lower <= high <= float(np.max(payoff(np.linspace(0, 1, 1001)))) + 1e-4
    assert low >= solved.no_information - 1e-9
    # on cells the state is not revealed in full
    assert low >= solved.full_information - (0.06 if game.prior is not GRID else 1e-9)


def test_of_a_function_of_which_nothing_is_known_there_is_no_bound() -> None:
    none = plp.SolverOptions(iteration_limit=0, presolve=False)
    with pytest.raises(errors.LimitError) as caught:
        plp.solve(plp.PosteriorMeanGame(GRID, np.sqrt), "simultaneous", options=none)
    assert caught.value.best_bound == np.inf
    assert caught.value.best_value == pytest.approx(np.sqrt(0.5))


def test_what_coarser_cells_proved_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    game = plp.PosteriorMeanGame(stats.uniform(), SMOOTH)
    coarse = plp.solve(game, "simultaneous", cells=16)
    monkeypatch.setattr(solve, "MOST_CELLS", 16)
    with pytest.raises(errors.LimitError, match="refinement") as caught:
        plp.solve(game, "simultaneous", cells=16, tol=1e-12)
    assert (caught.value.best_value, caught.value.best_bound) == (coarse.lower, coarse.upper)


@pytest.mark.parametrize("formulation", FORMULATIONS)
def test_the_time_limit_is_of_the_whole_call(
    formulation: MeansFormulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each program takes a little; refinement would go on for long."""
    real = solve_lp

    def slow(*given: Any) -> Any:
        time.sleep(0.2)
        return real(*given)

    monkeypatch.setattr(rounds, "solve_lp", slow)
    game = plp.PosteriorMeanGame(stats.uniform(), SMOOTH)
    started = time.perf_counter()
    with pytest.raises(errors.LimitError, match="time") as caught:
        plp.solve(
            game,
            "simultaneous",
            cells=4,
            tol=1e-12,
            formulation=formulation,
            options=plp.SolverOptions(time_limit=0.5),
        )
    assert time.perf_counter() - started < 5
    assert caught.value.best_value <= 539 / 1024 <= caught.value.best_bound


def test_no_rational_optimum_is_begun_when_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any) -> Any:
        time.sleep(0.3)
        raise errors.SolverFailureError("HiGHS ended with status 'Unknown'")

    monkeypatch.setattr(rounds, "solve_lp", late)
    game = plp.PosteriorMeanGame(GRID, STEPS)
    with pytest.raises(errors.LimitError, match="time"):
        plp.solve(game, "simultaneous", options=plp.SolverOptions(time_limit=0.2))


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("prior", [GRID, stats.uniform()])
@pytest.mark.parametrize("payoff", [STEPS, SMOOTH])
def test_where_the_solver_fails_rational_arithmetic_answers(
    prior: Any, payoff: Any, formulation: MeansFormulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    game = plp.PosteriorMeanGame(prior, payoff)
    right = plp.solve(game, "simultaneous", formulation=formulation, cells=8)

    def fails(*_: Any) -> Any:
        raise errors.SolverFailureError("HiGHS ended with status 'Unknown'")

    monkeypatch.setattr(rounds, "solve_lp", fails)
    result = plp.solve(game, "simultaneous", formulation=formulation, cells=8)
    assert result.certificate.route == "exact" or not isinstance(game.prior, plp.StateGrid)
    assert result.algorithm == "rational arithmetic"
    assert result.upper is not None
    assert right.upper is not None
    assert result.lower <= right.upper
    assert right.lower <= result.upper


@pytest.mark.parametrize("payoff", [STEPS, SMOOTH])
@pytest.mark.parametrize("prior", [GRID, stats.uniform()])
def test_where_both_fail_the_bracket_is_in_the_error(
    prior: Any, payoff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise errors.SolverFailureError("the solver gave up")

    def refuses(*_: Any) -> Any:
        raise errors.ExactnessError("no rational optimum was proved")

    monkeypatch.setattr(rounds, "solve_lp", fails)
    monkeypatch.setattr(rounds, "optimum", refuses)
    monkeypatch.setattr(bracket, "optimum", refuses)
    with pytest.raises(errors.CertificateError, match=r"lies in \[.*exact=True"):
        plp.solve(plp.PosteriorMeanGame(prior, payoff), "simultaneous", cells=8)


@pytest.mark.parametrize("formulation", FORMULATIONS)
def test_exact_answers_respect_the_memory_limit(formulation: MeansFormulation) -> None:
    plan = plp.ManagerProblem(GRID, "1/2", ["6/5", "8/5"])
    game = plp.PosteriorMeanGame(GRID, STEPS)

    def of_game(limit: int) -> Any:
        return plp.solve(
            game, "simultaneous", exact=True, formulation=formulation, memory_limit=limit
        )

    def of_plan(limit: int) -> Any:
        return plp.solve(
            plan, "commitment", exact=True, formulation=formulation, memory_limit=limit
        )

    for solved in (of_game, of_plan):
        assert solved(10**9).value > 0
        with pytest.raises(errors.SizeError, match="rational program"):
            solved(10_000)
