"""Running HiGHS: every status is read, and only certified optima are returned."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, PiecewiseLinear, Receiver, SolverOptions, errors, solve
from persuasion_lp.families.games.certificate import OBEDIENCE_TOLERANCE
from persuasion_lp.families.games.procedures import simultaneous
from persuasion_lp.families.games.programme import build_programme
from persuasion_lp.lp import LinearProgram, LPBuilder, refutation, solve_lp
from persuasion_lp.lp.engine import scaled
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


TINY: list[tuple[str, Any, list[tuple[list[float], list[int]]]]] = [
    (
        "sequential",
        [[0, 3.3333333211111115e-10], [3.3333333211111116e-09, 0.9999999963333334]],
        [([1e-9, 0.5], [0, 1, -3]), ([1e-10, 1e-9, 0.9999999999], [-1, 0, 3, 0])],
    ),
    (
        "intermediate",
        [[0, 0.9999999966599998], [3.3333333221999998e-09, 6.666666644399999e-12]],
        [([1e-9, 0.5], [-2, 1, 0]), ([1e-11, 1e-10], [-1, -2, 0])],
    ),
    (
        "first_best",
        [[9.99999998898e-10, 9.99999998898e-11], [1.999999997796e-12, 0.999999998898]],
        [([1e-10, 1e-9, 0.5], [-3, -1, -2, -1]), ([0.999999999], [-1, 2])],
    ),
    (
        "sequential",
        [[0.999999999, 0], [0, 1e-9]],
        [([0.9999999999], [0, 1]), ([0.9999999999], [0, 1])],
    ),
    (
        "simultaneous",
        [[9.999999999000001e-10, 0.9999999989], [1e-19, 9.999999990000001e-11]],
        [([1e-10], [0, 1]), ([1e-11], [0, 1])],
    ),
]
"""Feasible games with tiny probabilities and cutoffs. HiGHS called the first three infeasible
twice; the others are only proved with columns scaled to their bounds. Probabilities are
obedient to the certificate's tolerance; with it go the payoffs."""


@pytest.mark.parametrize(("procedure", "prior", "players"), TINY)
def test_tiny_probabilities_are_solved(
    procedure: Any, prior: Any, players: list[tuple[list[float], list[int]]]
) -> None:
    game = PersuasionGame(prior, [Receiver(cuts, payoffs) for cuts, payoffs in players])
    result = solve(game, procedure)
    assert result.certificate.ok
    written = [[Fraction(str(p)) for p in row] for row in prior]
    total = sum(map(sum, written))
    sums_to_one = PersuasionGame([[p / total for p in row] for row in written], game.receivers)
    optimum = solve(sums_to_one, procedure, exact=True).value
    assert abs(result.value - optimum) <= OBEDIENCE_TOLERANCE * game.payoff_scale
    assert result.full_information - 1e-9 <= optimum
    assert (
        optimum
        <= sum(
            float(PiecewiseLinear.steps(cuts, payoffs).envelope()(game.own_prior(i)[1]))
            for i, (cuts, payoffs) in enumerate(players)
        )
        + 1e-9
    )


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("excess", [1e-6, 1.0])
def test_infeasible_is_proved_at_every_scale(size: float, excess: float) -> None:
    with pytest.raises(errors.InfeasibleError):
        solve_lp(programme(low=("<=", size), high=(">=", size * (1 + excess))))


def test_infeasible_random_programs_are_proved() -> None:
    """A x ≤ b has no x ≥ 0 if positive weights y give yA ≥ 0 and y·b < 0."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        a = rng.normal(size=(5, 7))
        a[4] = rng.uniform(0, 1, 7) - a[:4].sum(axis=0)
        b = rng.normal(size=5)
        b[4] = -0.01 - b[:4].sum()
        builder = LPBuilder()
        x = builder.columns("x", (7,), objective=rng.normal(size=7), upper=100.0)
        builder.entries(builder.rows("cap", (5,), "<=", b)[:, None], x, a)
        with pytest.raises(errors.InfeasibleError):
            solve_lp(builder.build())


@pytest.mark.parametrize("claim", ["Infeasible", "Unbounded", "UnboundedOrInfeasible"])
def test_a_false_claim_of_the_solver_is_never_passed_on(
    claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever HiGHS calls a feasible and bounded program, it is not called so here."""
    lp = programme(cap=("<=", 1))
    run = scaled.Scaled.run

    def lying(*arguments: Any) -> Any:
        return replace(run(*arguments), status=getattr(scaled.Status, f"k{claim}"))

    monkeypatch.setattr(scaled.Scaled, "run", lying)
    with pytest.raises(errors.SolverFailureError, match="could not be proved"):
        solve_lp(lp)


@pytest.mark.parametrize("claim", ["Infeasible", "Unbounded", "UnboundedOrInfeasible"])
def test_after_a_false_claim_the_other_attempts_are_made(
    claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, runs = scaled.Scaled.run, [0]

    def lying_at_first(*arguments: Any) -> Any:
        runs[0] += 1
        found = run(*arguments)
        status = getattr(scaled.Status, f"k{claim}")
        return replace(found, status=status) if runs[0] <= 5 else found

    monkeypatch.setattr(scaled.Scaled, "run", lying_at_first)
    assert solve_lp(programme(cap=("<=", 1))).value == pytest.approx(1)


def test_what_proves_infeasibility_and_what_does_not() -> None:
    impossible = programme(low=("<=", 1), high=(">=", 2))
    assert refutation.proves_infeasible(impossible, np.array([1.0, -1.0]))
    assert not refutation.proves_infeasible(impossible, np.array([1.0, -0.4]))
    assert not refutation.proves_infeasible(impossible, np.array([-1.0, 1.0]))
    possible = programme(low=("<=", 2), high=(">=", 1))
    for y in np.random.default_rng(0).normal(size=(200, 2)):
        assert not refutation.proves_infeasible(possible, y)
    np.testing.assert_array_equal(refutation.rays(possible).upper, 0)
    optimum = solve_lp(refutation.elastic(impossible))
    assert optimum.value == pytest.approx(-1)
    assert solve_lp(refutation.elastic(possible)).value == pytest.approx(0)


def test_what_is_a_ray_and_what_is_not() -> None:
    open_above = programme(high=(">=", 2))
    assert refutation.proves_ray(open_above, np.array([1.0, 0.0]))
    assert not refutation.proves_ray(open_above, np.array([0.0, 0.0]))
    assert not refutation.proves_ray(open_above, np.array([-1.0, 0.0]))
    assert not refutation.proves_ray(programme(cap=("<=", 2)), np.array([1.0, 1.0]))
    builder = LPBuilder()
    x = builder.columns("x", (2,), objective=[1.0, 0.0])
    builder.entries(builder.rows("equal", (1,), "==", 0), x, [1.0, -1.0])
    line = builder.build()
    assert refutation.proves_ray(line, np.array([1.0, 1.0]))
    assert not refutation.proves_ray(line, np.array([1.0, 1.0 - 1e-9]))


def test_a_program_with_rays_and_no_point_is_infeasible() -> None:
    """Max z with z free upwards, and x ≤ 1, x ≥ 2."""
    builder = LPBuilder()
    x = builder.columns("x", (1,))
    builder.columns("z", (1,), objective=1.0)
    builder.entries(builder.rows("low", (1,), "<=", 1), x, 1.0)
    builder.entries(builder.rows("high", (1,), ">=", 2), x, 1.0)
    with pytest.raises(errors.InfeasibleError):
        solve_lp(builder.build())


@pytest.mark.parametrize(
    ("options", "limit"),
    [
        (SolverOptions(iteration_limit=3), "iterations"),
        (SolverOptions(algorithm="ipm", iteration_limit=2), "iterations"),
        (SolverOptions(algorithm="dual-simplex", time_limit=1e-4), "time"),
    ],
    ids=["iterations", "iterations of ipm", "time"],
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


NAN = float("nan")
REFUSED: dict[str, list[Any]] = {
    "algorithm": ["simplex", None, 1, ["ipm"]],
    "presolve": ["yes", 1, 0.0, [True]],
    "crossover": [None, "on", 1],
    "time_limit": [
        0.0,
        -1,
        "a",
        NAN,
        np.float64(NAN),
        True,
        [1],
        1j,
        np.datetime64("NaT"),
        np.timedelta64(5, "ns"),
    ],
    "iteration_limit": [-1, "a", 1.5, NAN, True, np.bool_(True), np.float64(2), 2**31],
    "tolerance": [1e-12, None, "a", NAN, math.inf, True, [1e-9]],
    "highs": [None, [1], "presolve", {1: 2}, {"threads": None}, {"threads": [1]}, {"x": NAN}],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in REFUSED.items() for value in values]
)
def test_options_are_checked_at_once(field: str, value: Any) -> None:
    with pytest.raises(errors.OptionError, match="must") as caught:
        SolverOptions(**{field: value})
    assert caught.value.field == field
    assert repr(caught.value.value) in repr(value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("presolve", np.bool_(True)),
        ("crossover", np.bool_(False)),
        ("time_limit", np.float32(5)),
        ("time_limit", np.int64(5)),
        ("time_limit", math.inf),
        ("iteration_limit", np.int64(100)),
        ("iteration_limit", 2**31 - 1),
        ("tolerance", np.float64(1e-8)),
        ("tolerance", Fraction(1, 10**8)),
        ("highs", {"time_limit": np.float32(5), "threads": np.int64(1)}),
    ],
)
@pytest.mark.parametrize("algorithm", ["auto", "ipm"])
def test_numbers_of_other_libraries_are_options(
    field: str, value: Any, algorithm: Algorithm
) -> None:
    options = SolverOptions(**{"algorithm": algorithm, field: value})
    assert solve_lp(programme(cap=("<=", 1)), options).value == pytest.approx(1)


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


def test_cycling_ends_and_something_else_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """An end to iterations that nobody asked for is a failed attempt, not a limit."""
    lp, run, runs = public(3), scaled.Scaled.run, [0]

    def cycling_at_first(program: Any, options: Any) -> Any:
        runs[0] += 1
        return run(program, {**options, "simplex_iteration_limit": 1} if runs[0] <= 2 else options)

    value = solve_lp(lp).value
    monkeypatch.setattr(scaled.Scaled, "run", cycling_at_first)
    assert solve_lp(lp, SolverOptions(algorithm="dual-simplex")).value == pytest.approx(value)
    assert runs[0] > 2
    runs[0] = 2
    with pytest.raises(errors.LimitError):
        solve_lp(lp, SolverOptions(algorithm="dual-simplex", highs={"simplex_iteration_limit": 1}))
