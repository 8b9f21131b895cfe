"""Programmes in rationals: solved from any basis, after repair, or refused."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import BeliefGame, PiecewiseLinear, errors, solve
from persuasion_lp.lp import LPBuilder, exact
from persuasion_lp.lp.engine import scaled
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.rational import RationalProgram, optimality_failures

F = Fraction
OBJECT = np.dtype(object)


def twins(seed: int = 0) -> tuple[RationalProgram, LinearProgram]:
    """A program with rows of every sense and bounded columns, in rationals and in floats."""
    rng = np.random.default_rng(seed)
    c = rng.integers(-5, 6, 6)
    a = rng.integers(-4, 5, (3, 6))
    inside = rng.integers(0, 3, 6)
    out = []
    for dtype in (OBJECT, np.dtype(float)):
        builder = LPBuilder(dtype)
        x = builder.columns("x", (6,), objective=[F(int(k), 3) for k in c], upper=[F(7, 2)] * 6)
        for k, sense in enumerate(("<=", "==", ">=")):
            rows = builder.rows(sense, (1,), sense, F(int(a[k] @ inside)))  # type: ignore[arg-type]
            builder.entries(rows, x, [int(entry) for entry in a[k]])
        out.append(builder)
    return out[0].build_rational(offset=F(1, 7)), out[1].build(offset=1 / 7)


@pytest.mark.parametrize("seed", range(10))
def test_a_program_with_every_sense_is_solved_exactly(seed: int) -> None:
    program, lp = twins(seed)
    solution = exact.solve_exactly(program, lp)
    assert optimality_failures(program, solution.x, solution.y, solution.value) == []
    assert float(solution.value) == pytest.approx(_float_value(lp), abs=1e-9)


def _float_value(lp: LinearProgram) -> float:
    from persuasion_lp.lp import solve_lp

    return solve_lp(lp).value


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("perturbed", ["objective", "rhs", "objective rhs"])
def test_a_basis_that_is_not_optimal_is_repaired(seed: int, perturbed: str) -> None:
    """The basis comes from another objective (primal feasible), other right-hand sides, or both."""
    program, lp = twins(seed)
    honest = exact.solve_exactly(program, lp)
    other = lp
    for name in perturbed.split():
        numbers = getattr(lp, name)
        moved = numbers + np.random.default_rng(seed).uniform(-0.4, 0.4, numbers.shape)
        other = dataclasses.replace(other, **{name: moved})
    assert exact.solve_exactly(program, other).value == honest.value


@pytest.mark.parametrize("seed", range(10))
def test_any_basis_can_be_repaired(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of all slacks, which is all there is when the solver has none: neither feasible."""
    program, lp = twins(seed)
    honest = exact.solve_exactly(program, lp)
    monkeypatch.setattr(exact, "final_basis", lambda *_, **__: None)
    assert exact.solve_exactly(program, lp).value == honest.value


@pytest.mark.parametrize("power", [9, 12, 18, 30])
def test_a_program_feasible_by_less_than_tolerances_is_solved(power: int) -> None:
    """One point, x = 1 + ε; then none, because x ≥ 1 + 2ε."""
    for excess in (F(0), F(1, 10**power)):
        out = []
        for dtype in (OBJECT, np.dtype(float)):
            builder = LPBuilder(dtype)
            x = builder.columns("x", (2,), objective=[F(1, 3), F(-1)])
            least = F(1) + F(1, 10**power)
            builder.entries(builder.rows("least", (1,), ">=", least + excess), x[:1], 1)
            builder.entries(builder.rows("most", (1,), "<=", least), x, 1)
            out.append(builder)
        pair = out[0].build_rational(offset=F(0)), out[1].build()
        if excess:
            with pytest.raises(errors.ExactnessError, match="infeasible"):
                exact.solve_exactly(*pair)
        else:
            assert exact.solve_exactly(*pair).value == least / 3


def test_nearly_equal_columns_do_not_stall_the_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Breakpoints 10^-15 apart: hundreds of columns the float basis cannot tell from each other."""
    pivots: list[None] = []
    exchange = exact._Simplex._exchange

    def counted(self: Any, *arguments: Any) -> None:
        pivots.append(None)
        assert len(pivots) < exact.MAX_PIVOTS
        exchange(self, *arguments)

    monkeypatch.setattr(exact._Simplex, "_exchange", counted)
    e = F(1, 10**15)
    functions: list[tuple[Any, Any]] = [
        ([0, "1/4", "5/6", 1], [-200, -3, 4]),
        ([0, "1/6", "2/3", 1], [1000, -1, -1000]),
        ([0, "1/12", F(1, 12) + 10**6 * e, F(2, 3) + e, "5/6", 1], [1000, -200, -4000, -1000, -4]),
        ([0, "1/3", "3/4", 1], [[-2000, 400], [3, -400], [3000, -400]]),
    ]
    payoffs = [
        PiecewiseLinear(b, [[v, v] if isinstance(v, int) else v for v in values])
        for b, values in functions
    ]
    game = BeliefGame("1/3", payoffs)
    first_best, flexible = (
        solve(game, procedure, exact=True).value for procedure in ("first_best", "flexible")
    )
    assert flexible == first_best


def test_the_most_violated_goes_first_until_bland_takes_over() -> None:
    amounts = {1: F(0), 3: F(1, 9), 4: F(-2), 6: F(1)}
    assert exact._chosen(amounts, first=False) == 4
    assert exact._chosen(amounts, first=True) == 3
    assert exact._chosen({1: F(0)}, first=False) is None


def test_a_failure_of_the_solver_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    program, lp = twins()
    honest = exact.solve_exactly(program, lp)

    def failing(*_: Any) -> None:
        raise errors.SolverFailureError("HiGHS failed")

    monkeypatch.setattr(scaled.Scaled, "run", failing)
    assert exact.solve_exactly(program, lp).value == honest.value


def test_repairs_do_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least one of the wrong bases above needs both kinds of pivot."""
    used: set[str] = set()
    for name in ("_primal_pivot", "_dual_pivot"):
        honest = getattr(exact._Simplex, name)

        def counted(self: Any, *arguments: Any, _name: str = name, _honest: Any = honest) -> None:
            used.add(_name)
            _honest(self, *arguments)

        monkeypatch.setattr(exact._Simplex, name, counted)
    for seed in range(10):
        for perturbed in ("objective", "rhs", "objective rhs"):
            test_a_basis_that_is_not_optimal_is_repaired(seed, perturbed)
    assert used == {"_primal_pivot", "_dual_pivot"}


def test_too_many_rows_are_refused_before_anything_is_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact, "EXACT_ROWS", 2)
    with pytest.raises(errors.ExactSizeError) as caught:
        exact.solve_exactly(*twins())
    assert str(caught.value) == (
        "exact takes on at most 2 rows, but this linear program has 3 rows, 6 columns"
    )
    assert isinstance(caught.value, errors.TooLargeError)
    assert (caught.value.needed, caught.value.limit) == (3, 2)
    assert caught.value.sizes == {"rows": 3, "columns": 6}


def test_when_no_basis_can_be_repaired_it_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "final_basis", lambda *_, **__: None)
    monkeypatch.setattr(exact, "MAX_PIVOTS", 1)
    monkeypatch.setattr(exact, "PIVOTED_ROWS", 1)
    with pytest.raises(errors.ExactnessError, match="1 exact pivots did not reach an optimum"):
        exact.solve_exactly(*twins())


def test_a_float_cannot_slip_into_a_rational_program() -> None:
    builder = LPBuilder(OBJECT)
    builder.columns("x", (1,), objective=0.1)
    with pytest.raises(TypeError, match="no exact number"):
        builder.build_rational(offset=F(0))
