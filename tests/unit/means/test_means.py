"""Posterior-mean persuasion: programmes, price functions, segments, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import (
    BeliefFunction,
    ManagerProblem,
    PiecewiseLinear,
    PosteriorMeanGame,
    StateGrid,
    errors,
    solve,
)
from persuasion_lp.families.means import programme as programmes
from persuasion_lp.families.means import solve as means_module
from persuasion_lp.families.means.programme import (
    MeansFormulation,
    PriceFunction,
    build_majorization,
    build_transport,
    spread_integral,
)
from persuasion_lp.families.means.result import PriceCheck
from persuasion_lp.lp.highs import solve_lp
from tests.support import any_solve, assert_close, assert_priced

GRID = StateGrid([0.0, 0.5, 1.0], [0.25, 0.5, 0.25])


def smooth(m: Any) -> Any:
    """Convex below 1/2, concave above."""
    return 3 * m**2 - 2 * m**3


def test_spread_integrals() -> None:
    c = np.array([-0.5, 0.0, 0.25, 0.5, 0.75, 1.0])
    expected = [(GRID.masses * np.maximum(GRID.states - at, 0)).sum() for at in c]
    np.testing.assert_allclose(spread_integral(GRID.states, GRID.masses, c), expected, atol=1e-16)


def test_programmes_by_hand() -> None:
    means = np.array([0.25, 1.0])
    majorization = build_majorization(GRID, means, np.array([1.0, 2.0]))
    assert majorization.matrix.toarray().tolist() == [[1, 1], [0.25, 1], [0, 0.5]]
    assert majorization.rhs.tolist() == [1, 0.5, 0.125]
    transport = build_transport(GRID, means, np.array([1.0, 2.0]))
    assert transport.shape == (5, 6)
    dense = transport.matrix.toarray()
    assert dense[3].tolist() == [-0.25, 0, 0.25, 0, 0.75, 0]


@pytest.mark.parametrize("formulation", get_args(MeansFormulation))
def test_convex_payoffs_reveal_and_concave_ones_pool(formulation: MeansFormulation) -> None:
    convex = solve(PosteriorMeanGame(GRID, lambda m: m**2), "simultaneous", formulation=formulation)
    assert_priced(convex)
    assert convex.value == pytest.approx(0.375, abs=1e-12)
    assert convex.segments == ()
    concave = solve(PosteriorMeanGame(GRID, np.sqrt), "simultaneous", formulation=formulation)
    assert_priced(concave)
    assert concave.value == pytest.approx(np.sqrt(0.5), abs=1e-9)
    (segment,) = concave.segments
    assert (segment.low, segment.high, segment.kind) == (0.0, 1.0, "pooling")


def test_bi_pooling_is_recognized() -> None:
    plan = ManagerProblem(
        StateGrid.from_distribution(stats.uniform(), 40), 0.5, [1.2, 1.6], [0.02, 0.98]
    )
    result = solve(plan, "commitment")
    assert_priced(result)
    assert result.procedure == "commitment"
    assert result.value == pytest.approx(0.12275, abs=1e-12)
    assert [s.kind for s in result.segments] == ["pooling", "bi-pooling"]
    np.testing.assert_allclose(result.segments[1].means, (0.6, 0.8), atol=1e-9)


def test_continuous_priors_are_bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    game = PosteriorMeanGame(stats.uniform(), BeliefFunction(smooth, lipschitz=1.5))
    wide = solve(game, "simultaneous", cells=16)
    narrow = solve(game, "simultaneous", cells=16, tol=4e-5)
    for result in (wide, narrow):
        assert result.upper is not None
        assert result.lower <= 539 / 1024 <= result.upper
    assert narrow.upper is not None
    assert wide.upper is not None
    assert narrow.upper - narrow.lower <= 4e-5 < wide.upper - wide.lower
    monkeypatch.setattr(means_module, "MOST_CELLS", 32)
    with pytest.raises(errors.LimitError, match="refinement"):
        solve(
            PosteriorMeanGame(stats.beta(2, 2), BeliefFunction(np.square, shape="convex")),
            "simultaneous",
            cells=16,
            tol=1e-15,
        )
    with pytest.raises(errors.PayoffError, match="tol cannot be reached: nothing bounds"):
        solve(PosteriorMeanGame(stats.beta(2, 2), np.square), "simultaneous", tol=1e-3)


def test_piecewise_linear_payoffs_are_exact() -> None:
    game = PosteriorMeanGame(GRID, PiecewiseLinear.steps([0.4, 0.7], [0, 1, 3]))
    result = solve(game, "simultaneous")
    assert_priced(result)
    assert result.upper is not None
    assert result.lower <= 2.03125 <= result.upper
    assert result.upper - result.lower <= 1e-14
    # 3/8 of the middle state joins the high one at .7, the rest of it lifts 1/32 of the low to .4
    assert result.value == pytest.approx(3 * 5 / 8 + 5 / 32)
    assert "4 breakpoints" in repr(game)


def test_payoffs_of_single_numbers() -> None:
    def step(m: float) -> float:
        return 1.0 if m >= 0.75 else 0.0

    game = PosteriorMeanGame(GRID, step)
    np.testing.assert_array_equal(game.values(np.array([0.5, 0.75])), [0, 1])
    assert "function" in repr(game)


BAD: list[tuple[Callable[[], object], type[errors.InputError], str]] = [
    (lambda: PosteriorMeanGame(GRID, 3), errors.PayoffError, "function"),  # type: ignore[arg-type]
    (lambda: PosteriorMeanGame([0.5], smooth), errors.PriorError, "StateGrid"),
    (lambda: PosteriorMeanGame(GRID, lambda m: 0 * m + np.inf), errors.PayoffError, "finite"),
    (
        lambda: any_solve(PosteriorMeanGame(GRID, smooth), "x"),
        errors.ProcedureError,
        "simultaneous",
    ),
    (
        lambda: any_solve(PosteriorMeanGame(GRID, smooth), "simultaneous", formulation="x"),
        errors.OptionError,
        "majorization, transport",
    ),
    (
        lambda: solve(PosteriorMeanGame(GRID, smooth), "simultaneous", cells=0),
        errors.OptionError,
        "cells",
    ),
]


@pytest.mark.parametrize(("make", "error", "message"), BAD, ids=[str(k) for k in range(len(BAD))])
def test_bad_input_is_named(
    make: Callable[[], object], error: type[errors.InputError], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


def test_each_condition_of_a_price_function_can_fail() -> None:
    good = PriceCheck(0.0, 0.0, 0.0, 0.0)
    assert good.ok
    for field in ("convexity", "excess", "touching", "integral"):
        changed: dict[str, Any] = {field: 1e-3}
        assert not replace(good, **changed).ok


def test_a_wrong_price_function_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    read = programmes.read_means

    def tilted(*given: Any) -> Any:
        probabilities, price = read(*given)
        return probabilities, PriceFunction(price.knots, price.values - 0.1 * price.knots)

    monkeypatch.setattr("persuasion_lp.families.means.rounds.read_means", tilted)
    plan = ManagerProblem(GRID, 0.4, [1.2, 1.6])
    result = solve(plan, "commitment")
    assert result.certificate.route == "exact"
    assert result.upper is not None
    assert result.lower <= solve(plan, "commitment", exact=True).value <= result.upper
    continuous = ManagerProblem(stats.uniform(), 0.4, [1.2, 1.6])
    wrong = solve(continuous, "commitment")
    assert wrong.upper is not None
    monkeypatch.undo()
    right = solve(continuous, "commitment")
    assert right.upper is not None
    assert right.lower <= wrong.upper
    assert wrong.lower <= right.upper


@pytest.mark.parametrize(
    ("states", "payment", "types"),
    [([0.14, 0.9], 0.1, [1.4]), ([0.14], 0.1, [1.4]), ([0.3, 0.33, 1], 0.3, [1.1, 1.9, 1.1])],
)
@pytest.mark.parametrize("procedure", ["commitment", "menu", "single_test"])
def test_a_state_at_the_cutoff_of_a_type_is_accepted(
    states: list[float], payment: float, types: list[float], procedure: Any
) -> None:
    """In floats 1.4 · 0.1 is below 0.14."""
    plan = ManagerProblem(StateGrid(states), payment, types)
    result = solve(plan, procedure)
    exact = float(solve(plan, procedure, exact=True).value)
    assert exact > 0 or procedure != "commitment"
    assert_close(result.value, exact, tolerance=1e-9)
    assert_close(result.upper, exact, tolerance=1e-9)


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e6, 1e12])
@pytest.mark.parametrize("formulation", ["majorization", "transport"])
def test_the_unit_of_payoffs_does_not_matter(scale: float, formulation: Any) -> None:
    steps = PiecewiseLinear.steps([0.5, 0.8], [0, 1, 1.7])
    payoffs: list[Callable[..., Any]] = [lambda m: np.sin(5 * m), lambda m: steps(m)]
    for payoff in payoffs:
        plain = solve(PosteriorMeanGame(GRID, payoff), "simultaneous", formulation=formulation)
        scaled = solve(
            PosteriorMeanGame(GRID, lambda m, payoff=payoff: scale * payoff(m)),
            "simultaneous",
            formulation=formulation,
        )
        assert_close(scaled.value / scale, plain.value)
        assert scaled.upper is None
        assert_close(scaled.certificate.upper / scale, plain.certificate.upper, tolerance=1e-7)


def test_a_wrong_price_function_of_small_payoffs_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    read = programmes.read_means

    def tilted(*given: Any) -> Any:
        probabilities, price = read(*given)
        return probabilities, PriceFunction(price.knots, price.values - 1e-14 * price.knots)

    monkeypatch.setattr("persuasion_lp.families.means.rounds.read_means", tilted)
    small = PiecewiseLinear.steps([0.5, 0.8], [0, 1e-12, 1.7e-12])
    result = solve(PosteriorMeanGame(GRID, small), "simultaneous")
    assert result.certificate.route == "exact"
    written = solve(PosteriorMeanGame(GRID, small), "simultaneous", exact=True).value
    assert result.upper is not None
    assert result.lower <= written <= result.upper
    wrong = solve(PosteriorMeanGame(stats.uniform(), small), "simultaneous")
    monkeypatch.undo()
    right = solve(PosteriorMeanGame(stats.uniform(), small), "simultaneous")
    assert wrong.upper is not None
    assert right.lower <= wrong.upper


def test_a_distribution_that_is_no_contraction_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    read = programmes.read_means

    def spread(grid: StateGrid, means: Any, *given: Any) -> Any:
        probabilities, price = read(grid, means, *given)
        wrong = np.zeros_like(probabilities)
        wrong[[0, -1]] = 0.5
        return wrong, price

    monkeypatch.setattr("persuasion_lp.families.means.rounds.read_means", spread)
    with pytest.raises(errors.CertificateError, match=r"the bracket \[0\.31.*wide"):
        solve(PosteriorMeanGame(GRID, lambda m: m**2), "simultaneous")


def test_results_are_read_in_many_ways() -> None:
    result = solve(PosteriorMeanGame(GRID, smooth), "simultaneous")
    assert json.loads(json.dumps(result.to_dict()))["value"] == result.value
    assert list(result.to_frame().columns) == ["mean", "probability", "payoff", "price"]
    assert len(repr(result).splitlines()) <= 6
    model = result.lp.to_cvxpy()
    model.problem.solve(solver="CLARABEL")
    assert_close(float(model.problem.value), solve_lp(result.lp).value, tolerance=1e-7)


def test_commitment_is_a_table_too() -> None:
    plan = ManagerProblem(StateGrid([0.2, 0.5, 0.8]), 0.3, types=[1.5, 2.0])
    result = solve(plan, "commitment")
    frame = result.to_frame()
    assert frame["probability"] @ frame["payoff"] == pytest.approx(result.value)
