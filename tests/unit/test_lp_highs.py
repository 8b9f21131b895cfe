"""Running HiGHS: every status is read, and only certified optima are returned."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, SolverOptions, errors
from persuasion_lp.formulations.procedures import simultaneous
from persuasion_lp.formulations.programme import build_programme
from persuasion_lp.lp import LinearProgram, LPBuilder, solve_lp
from persuasion_lp.lp.options import MANY_ROWS, Algorithm, choose_algorithm


def programme(columns: int = 2, **blocks: Any) -> LinearProgram:
    """Max Σ x subject to the given blocks (sense, right-hand side) on Σ x."""
    builder = LPBuilder()
    x = builder.columns("x", (columns,), objective=1.0)
    for name, (sense, rhs) in blocks.items():
        builder.entries(builder.rows(name, (1,), sense, rhs), x, 1.0)
    return builder.build()


def public(n: int) -> LinearProgram:
    """The simultaneous programme of a game with n receivers."""
    rng = np.random.default_rng(n)
    prior = rng.dirichlet(np.ones(2**n)).reshape((2,) * n)
    players = [Receiver.threshold(c) for c in rng.uniform(0.5, 0.9, n)]
    game = PersuasionGame(prior, players)
    return build_programme(game, simultaneous(game)).lp


def test_value_duals_and_bookkeeping() -> None:
    """Max x + 2y s.t. x + y = 3, y <= 1: value 4, prices 1 and 1."""
    builder = LPBuilder()
    z = builder.columns("z", (2,), objective=[1, 2])
    builder.entries(builder.rows("total", (1,), "==", 3), z, 1.0)
    builder.entries(builder.rows("cap", (1,), "<=", 1), z[1:], 1.0)
    solution = solve_lp(builder.build(offset=10))
    assert solution.value == pytest.approx(14)
    np.testing.assert_allclose(solution.values("z"), [2, 1])
    np.testing.assert_allclose(solution.duals("total"), [1])
    np.testing.assert_allclose(solution.duals("cap"), [1])
    assert solution.status == "optimal"
    assert solution.solver.startswith("HiGHS ")
    assert set(solution.times) == {"pass", "run", "extract", "certify"}


def test_duals_are_derivatives_of_the_value() -> None:
    """Perturb each right-hand side of a program with rows of every sense."""

    def build(eps: tuple[float, float, float]) -> LinearProgram:
        builder = LPBuilder()
        z = builder.columns("z", (2,), objective=[1, -3])
        builder.entries(builder.rows("a", (1,), "<=", 4 + eps[0]), z, [1.0, 1.0])
        builder.entries(builder.rows("b", (1,), ">=", 1 + eps[1]), z[1:], 1.0)
        builder.entries(builder.rows("c", (1,), "==", 0 + eps[2]), z, [1.0, -2.0])
        return builder.build()

    base = solve_lp(build((0, 0, 0)))
    for k in range(3):
        step = tuple(1e-4 * (j == k) for j in range(3))
        moved = solve_lp(build(step))  # type: ignore[arg-type]
        assert (moved.value - base.value) / 1e-4 == pytest.approx(base.y[k], abs=1e-6)


@pytest.mark.parametrize("algorithm", ["dual-simplex", "primal-simplex", "ipm", "pdlp", "auto"])
def test_every_algorithm_finds_the_same_value(algorithm: Algorithm) -> None:
    lp = public(3)
    expected = solve_lp(lp, SolverOptions(algorithm="dual-simplex")).value
    assert solve_lp(lp, SolverOptions(algorithm=algorithm)).value == pytest.approx(
        expected, abs=1e-9
    )


def test_algorithm_follows_the_shape() -> None:
    options = SolverOptions()
    assert choose_algorithm(2, options) == ("primal-simplex", False)
    assert choose_algorithm(MANY_ROWS - 1, options) == ("dual-simplex", None)
    assert choose_algorithm(MANY_ROWS, options) == ("ipm", None)
    assert choose_algorithm(2, SolverOptions(algorithm="ipm")) == ("ipm", None)


def test_infeasible_raises() -> None:
    with pytest.raises(errors.InfeasibleError):
        solve_lp(programme(low=("<=", 1), high=(">=", 2)))


def test_unbounded_raises() -> None:
    with pytest.raises(errors.UnboundedError):
        solve_lp(programme(high=(">=", 2)))


@pytest.mark.parametrize(
    ("options", "limit"),
    [
        (SolverOptions(iteration_limit=3), "iterations"),
        (SolverOptions(algorithm="ipm", iteration_limit=2), "iterations"),
        (SolverOptions(algorithm="dual-simplex", time_limit=1e-4), "time"),
    ],
)
def test_a_limit_raises_with_a_proved_bracket(options: SolverOptions, limit: str) -> None:
    lp = public(5)
    value = solve_lp(lp).value
    with pytest.raises(errors.LimitError) as caught:
        solve_lp(lp, options)
    assert caught.value.limit == limit
    assert caught.value.best_value <= value + 1e-9
    assert value - 1e-9 <= caught.value.best_bound < math.inf


@pytest.mark.parametrize(
    ("highs", "index"),
    [
        ({"no_such_option": 1}, "no_such_option"),
        ({"presolve": 3}, "presolve"),
        ({"solver": "hipo!"}, "solver"),
    ],
)
def test_an_option_that_highs_rejects_raises(highs: dict[str, Any], index: str) -> None:
    with pytest.raises(errors.OptionError) as caught:
        solve_lp(programme(cap=("<=", 1)), SolverOptions(highs=highs))
    assert caught.value.index == index


@pytest.mark.parametrize(
    ("field", "value"),
    [("algorithm", "simplex"), ("time_limit", 0.0), ("iteration_limit", -1), ("tolerance", 1e-12)],
)
def test_options_are_checked_at_once(field: str, value: Any) -> None:
    with pytest.raises(errors.OptionError) as caught:
        SolverOptions(**{field: value})
    assert caught.value.field == field


@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_scale_of_payoffs_and_masses_does_not_matter(size: float) -> None:
    lp = public(3)
    expected = solve_lp(lp).value
    builder = LPBuilder()
    x = builder.columns("x", (lp.shape[1],), objective=size * lp.objective)
    for code, sense in ((-1, "<="), (0, "=="), (1, ">=")):
        mine = np.flatnonzero(lp.senses == code)
        if mine.size:
            rows = builder.rows(sense, (mine.size,), sense, size * lp.rhs[mine])  # type: ignore[arg-type]
            part = lp.matrix.tocsr()[mine].tocoo()
            builder.entries(rows[part.coords[0]], x[part.coords[1]], part.data)
    solution = solve_lp(builder.build())
    assert solution.value == pytest.approx(size**2 * expected, rel=1e-9)
    assert solution.certificate.ok
