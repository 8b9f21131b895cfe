r"""Specs: the engine alone, on programmes with many columns that HiGHS finds easy.

What an engine adds to HiGHS shows most where HiGHS has little to do. Two programmes, given to every
contender as sparse arrays: maximize c·x subject to E x = e, G x ≥ 0, x ≥ 0.

concavification
    The greatest value of a concave envelope at one prior belief: a distribution of posterior
    beliefs on a grid, with the prior as its mean. Two rows, size by number of grid points.
grades
    A school gives one of ten grades to students of quality s; grade a pays v_a·u_s and is believed
    only if the mean quality of those who get it is at least c_a. Size by number of qualities.

:func:`highs_alone` and what is asked of the engine serve the specs of other modules too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

import persuasion_lp as plp
from benchmarks.registry import Ask, Contender, Outcome, Spec, WorkNotDoneError
from persuasion_lp.lp import LinearProgram, LPBuilder, solve_lp
from persuasion_lp.lp.options import choose_algorithm

__all__ = ["ASKS", "FEASIBILITY_TOLERANCE", "SPECS", "highs_alone", "share", "value_of"]

FEASIBILITY_TOLERANCE = 1e-6
"""In probability: sums of what solvers leave at their default tolerance of 1e-7."""

LARGE = 100_000
"""Nonzeros from which the overhead of the engine is asked to be small."""

GRADES = 10

Floats = NDArray[np.float64]


def highs_alone(
    lp_of: Callable[[Any], LinearProgram], columns: Callable[[int], int] | None = None
) -> Contender:
    """HiGHS on the arrays that this library builds, with its algorithm: no scaling, no proof."""

    def prepare(instance: Any) -> Any:
        lp = lp_of(instance)
        m, n = lp.shape
        arrays = (
            *(n, m, lp.nonzeros, 1, 1, 0.0),  # by columns, minimize
            *(-lp.objective, lp.lower, lp.upper),
            np.where(lp.senses < 0, -math.inf, lp.rhs),
            np.where(lp.senses > 0, math.inf, lp.rhs),
            *(lp.matrix.indptr.astype(np.int32), lp.matrix.indices.astype(np.int32)),
            *(lp.matrix.data, np.zeros(n, np.int32)),
        )
        options = plp.SolverOptions()
        return lp, arrays, options.as_highs(*choose_algorithm(m, options))

    def build(given: Any) -> Any:
        lp, arrays, options = given
        solver = highspy.Highs()
        for name, value in options.items():
            solver.setOptionValue(name, value)
        solver.passModel(*arrays)
        return lp, solver

    def solve(model: Any) -> Any:
        model[1].run()
        return model

    def decode(model: Any) -> Outcome:
        lp, solver = model
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise WorkNotDoneError(f"HiGHS ended with {solver.getModelStatus()}")
        solution = solver.getSolution()
        x, y = np.array(solution.col_value), np.array(solution.row_dual)

        def recompute() -> float:
            if y.size != lp.rhs.size:
                raise WorkNotDoneError(f"{y.size} duals of {lp.rhs.size} rows")
            return value_of(lp, x)

        value = lp.offset - float(solver.getInfo().objective_function_value)
        return Outcome(value, recompute, columns=x.size, nonzeros=lp.nonzeros)

    return Contender("HiGHS alone", build, solve, decode, prepare=prepare, columns=columns)


def value_of(lp: plp.LinearProgram, x: Any) -> float:
    """What a point of a program is worth.

    Raises
    ------
    WorkNotDoneError
        If it misses a row or a bound of 0.
    """
    slack = lp.matrix @ x - lp.rhs
    violation = np.where(lp.senses == 0, np.abs(slack), -lp.senses * slack).max()
    if not max(float(violation), float(-x.min())) <= FEASIBILITY_TOLERANCE:
        raise WorkNotDoneError(f"a row is missed by {violation:.3g}")
    return float(lp.objective @ x) + lp.offset


def share(of: tuple[str, ...], per: str, times: Mapping[str, float]) -> float:
    """Sum of the times named ``of``, in percent of that named ``per``."""
    return 100 * sum(times[name] for name in of) / times[per]


def _around_run(times: Mapping[str, float]) -> float:
    return 100 * (times["build"] + times["solve"] - times["run"]) / times["run"]


ASKS = (
    Ask(
        "build + pass + extract, of HiGHS's run",
        "persuasion_lp",
        partial(share, ("build", "pass", "extract"), "run"),
        "%",
        at_most=10.0,
        nonzeros=LARGE,
    ),
    Ask("all around HiGHS's run, of it", "cvxpy, vectorized", _around_run, "%"),
)


@dataclass(frozen=True, eq=False)
class _Arrays:
    """Maximize c·x subject to E x = e, G x ≥ 0, x ≥ 0."""

    c: Floats
    equal: sparse.csr_array
    rhs: Floats
    at_least: sparse.csr_array

    def outcome(self, value: float, x: Floats, **details: float) -> Outcome:
        """Answer with a solution x."""

        def recompute() -> float:
            off = float(np.abs(self.equal @ x - self.rhs).max())
            short = float(np.max(-(self.at_least @ x), initial=0.0))
            if not max(off, short, float(-x.min())) <= FEASIBILITY_TOLERANCE:
                raise WorkNotDoneError(f"rows are missed by {off:.3g} and {short:.3g}")
            return math.fsum(self.c * x)

        return Outcome(value, recompute, x.size, self.equal.nnz + self.at_least.nnz, details)


def _concavification(points: int) -> _Arrays:
    x = np.linspace(0.0, 1.0, points)
    steps = np.array([0.12, 0.31, 0.47, 0.63, 0.78, 0.93])
    payoff = np.searchsorted(steps, x, side="right") + 0.5 * np.sin(9 * x) + 0.3 * x**2
    rows = sparse.csr_array(np.stack([np.ones(points), x]))
    return _Arrays(payoff, rows, np.array([1.0, 0.4]), sparse.csr_array((0, points)))


def _grades(qualities: int) -> _Arrays:
    rng = np.random.default_rng([qualities, 1])
    quality, weight = rng.uniform(0.0, 1.0, qualities), rng.uniform(0.5, 1.5, qualities)
    cutoff = np.linspace(0.0, 0.9, GRADES)
    one = np.ones((1, GRADES))
    excess = (quality[:, None] - cutoff).ravel()
    place = np.arange(excess.size)
    return _Arrays(
        np.outer(weight, cutoff**2).ravel(),
        sparse.csr_array(sparse.kron(sparse.eye_array(qualities), one)),
        rng.dirichlet(np.full(qualities, 2.0)),
        sparse.csr_array((excess, (place % GRADES, place)), shape=(GRADES, excess.size)),
    )


def _lp(arrays: _Arrays) -> LinearProgram:
    builder = LPBuilder()
    x = builder.columns("x", arrays.c.shape, objective=arrays.c)
    equal = builder.rows("equal", arrays.rhs.shape, "==", arrays.rhs)
    at_least = builder.rows("at_least", (arrays.at_least.shape[0],), ">=")
    for rows, matrix in ((equal, arrays.equal), (at_least, arrays.at_least)):
        entries = matrix.tocoo()
        builder.entries(rows[entries.row], x[entries.col], entries.data)
    return builder.build()


def _library() -> Contender:
    return Contender(
        "persuasion_lp",
        lambda arrays: (arrays, _lp(arrays)),
        lambda model: (model[0], solve_lp(model[1])),
        lambda solved: solved[0].outcome(solved[1].value, solved[1].values("x"), **solved[1].times),
    )


def _cvxpy(largest: int) -> Contender:
    def build(arrays: _Arrays) -> Any:
        import cvxpy as cp

        x = cp.Variable(arrays.c.size, nonneg=True)
        constraints = [arrays.equal @ x == arrays.rhs]
        if arrays.at_least.shape[0]:
            constraints.append(arrays.at_least @ x >= 0)
        return arrays, x, cp.Problem(cp.Maximize(arrays.c @ x), constraints)

    def solve(model: Any) -> Any:
        import cvxpy as cp

        model[-1].solve(solver=cp.HIGHS)
        return model

    def decode(model: Any) -> Outcome:
        arrays, x, problem = model
        run = float(problem.solver_stats.solve_time)
        return arrays.outcome(float(problem.value), np.asarray(x.value), run=run)

    return Contender("cvxpy, vectorized", build, solve, decode, largest=largest)


def _linprog(largest: int) -> Contender:
    def build(arrays: _Arrays) -> Any:
        at_most = -arrays.at_least
        given = (-arrays.c, at_most, np.zeros(at_most.shape[0]), arrays.equal, arrays.rhs)
        return arrays, given

    def solve(model: Any) -> Any:
        run: Any = optimize.linprog  # its stubs know no sparse matrices
        return model[0], run(*model[1], method="highs")

    def decode(solved: Any) -> Outcome:
        arrays, found = solved
        return arrays.outcome(-float(found.fun), found.x)

    return Contender("scipy linprog", build, solve, decode, largest=largest)


def _spec(
    name: str,
    measured_in: str,
    instance: Callable[[int], _Arrays],
    columns: int,
    sizes: tuple[int, ...],
    largest: tuple[int, int],
) -> Spec:
    """One programme, so many columns per unit of size; ``largest`` is for cvxpy and linprog."""
    contenders = (_library(), highs_alone(_lp), _cvxpy(largest[0]), _linprog(largest[1]))
    return Spec(
        f"engine/{name}",
        measured_in,
        sizes,
        instance,
        tuple(replace(one, columns=lambda size: columns * size) for one in contenders),
        asks=(*ASKS, _CERTIFICATE),
    )


_CERTIFICATE = Ask(
    "certificate, of HiGHS's run", "persuasion_lp", partial(share, ("certify",), "run"), "%"
)

SPECS = (
    _spec(
        "concavification",
        "points",
        _concavification,
        1,
        (100, 1000, 10_000, 100_000),
        (10_000, 10_000),
    ),
    _spec("grades", "qualities", _grades, GRADES, (50, 500, 5000), (500, 5000)),
)
