"""Run HiGHS on a :class:`LinearProgram`, read every status, and return only certified optima.

The program is handed over in scaled form, with powers of two so that scaling is exact: rows by
their largest coefficient, right-hand sides and bounds (the prior mass) to a mean of one, the
objective to a largest coefficient of one. HiGHS's tolerances are absolute; without this they are
as large as the probabilities themselves when there are many states. HiGHS always minimizes −c·x.

Duals are d(value)/d(right-hand side): the project's one sign convention.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

import highspy
import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping, frozen
from persuasion_lp.errors import (
    CertificateError,
    InfeasibleError,
    LimitError,
    SolveError,
    SolverFailureError,
    UnboundedError,
)
from persuasion_lp.lp.certificate import LPSolution, certify, implied_upper, safe_bound
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import (
    TIGHTEST_TOLERANCE,
    Algorithm,
    SolverOptions,
    choose_algorithm,
    ending,
)
from persuasion_lp.lp.process import SOLVER, new_solver, run_solver
from persuasion_lp.lp.refutation import elastic, feasibility, proves_infeasible, proves_ray, rays

__all__ = ["LPSolution", "final_basis", "solve_lp"]

_Status = highspy.HighsModelStatus
_COLUMNWISE, _MINIMIZE = 1, 1
_LIMITS = MappingProxyType({_Status.kTimeLimit: "time", _Status.kIterationLimit: "iterations"})
_CLAIMS = MappingProxyType(
    {
        _Status.kInfeasible: "infeasible",
        _Status.kUnbounded: "unbounded",
        _Status.kUnboundedOrInfeasible: "unbounded or infeasible",
    }
)
_FEASIBLE_POINT = 2

SMALLEST_EXPONENT = -512
"""Columns are scaled down to no less than two to this power, so that rows can be scaled back up."""

REWARD_RANGE = 2.0**40
"""With columns scaled to their bounds the smallest reward becomes one, as HiGHS's dual tolerance is
absolute; rewards smaller than the largest by more than this do not count."""

SCALED_FALLBACKS: tuple[Algorithm, ...] = ("dual-simplex", "primal-simplex")
"""What is run at last, with columns scaled to their bounds."""


def solve_lp(lp: LinearProgram, options: SolverOptions | None = None) -> LPSolution:
    """Solve a program to a certified optimum.

    When HiGHS ends without an answer, or with one that is not proved, its tightest tolerances, then
    other algorithms, and at last columns scaled to their bounds are tried before giving up.

    Raises
    ------
    InfeasibleError, UnboundedError
        If the program is proved to have no feasible point, or no finite optimum.
    LimitError
        If a time or iteration limit was reached; it carries the best bound known.
    OptionError
        If HiGHS rejects an option.
    CertificateError
        If no algorithm gives an answer whose certificate holds.
    SolverFailureError
        If HiGHS fails, or calls the program infeasible or unbounded and this cannot be proved.
    """
    options = options or SolverOptions()
    deadline = math.inf if options.time_limit is None else time.perf_counter() + options.time_limit
    failed: CertificateError | SolverFailureError | None = None
    claims: dict[_Status, SolverFailureError] = {}
    scaled = _Scaled(lp)
    for attempt in _attempts(lp, options):
        if attempt.by_columns and not scaled.by_columns:
            scaled = _Scaled(lp, by_columns=True)
        limited = _limited(options, deadline, attempt.tolerance)
        if limited is None:
            raise LimitError(
                "time", best_bound=safe_bound(lp, np.zeros(lp.rhs.size)), best_value=-math.inf
            )
        try:
            run = scaled.run(limited.as_highs(attempt.algorithm, attempt.presolve))
        except SolverFailureError as failure:
            failed = failure
            continue
        if run.status == _Status.kOptimal:
            started = time.perf_counter()
            certificate = certify(lp, run.x, run.y)
            if certificate.ok:
                certified = time.perf_counter() - started
                return LPSolution(
                    lp=lp,
                    x=run.x,
                    y=run.y,
                    value=certificate.value,
                    certificate=certificate,
                    algorithm=attempt.algorithm,
                    iterations=run.iterations,
                    times=FrozenMapping({**run.times, "certify": certified}),
                    solver=SOLVER,
                )
            failed = CertificateError(
                "the solver's optimum is not proved: " + "; ".join(certificate.failures),
                certificate,
            )
        elif run.status == _Status.kIterationLimit and not options.limits_iterations:
            failed = SolverFailureError(f"no optimum in {run.iterations} iterations of HiGHS")
        elif run.status in _LIMITS:
            raise LimitError(
                _LIMITS[run.status],
                best_bound=safe_bound(lp, run.y),
                best_value=certify(lp, run.x, run.y).value if run.feasible else -math.inf,
            )
        elif run.status in _CLAIMS:
            if run.status not in claims:
                _raise_if_proved(lp, options, deadline, run.status)
            claims[run.status] = SolverFailureError(
                f"HiGHS calls the program {_CLAIMS[run.status]}, which could not be proved"
            )
        else:
            failed = SolverFailureError(f"HiGHS ended with status {run.status.name[1:]!r}")
    raise next(iter(claims.values()), failed) or SolverFailureError("no algorithm was tried")


def _raise_if_proved(
    lp: LinearProgram, options: SolverOptions, deadline: float, claim: _Status
) -> None:
    """Raise what HiGHS claims of a program if our own computation proves it."""
    if claim != _Status.kUnbounded and _is_infeasible(lp, options, deadline):
        raise InfeasibleError("the linear program has no feasible point")
    if claim != _Status.kInfeasible and _is_unbounded(lp, options, deadline):
        raise UnboundedError("the linear program has no finite optimum")


def _is_infeasible(lp: LinearProgram, options: SolverOptions, deadline: float) -> bool:
    """Tell whether the duals of the elastic program prove that no point is feasible."""
    scaled = _Scaled(elastic(lp))
    for tolerance in dict.fromkeys((options.tolerance, TIGHTEST_TOLERANCE)):
        limited = _limited(options, deadline, tolerance)
        if limited is None:
            return False
        try:
            run = scaled.run(limited.as_highs("dual-simplex", None))
        except SolverFailureError:
            continue
        if proves_infeasible(lp, run.y):
            return True
    return False


def _is_unbounded(lp: LinearProgram, options: SolverOptions, deadline: float) -> bool:
    """Tell whether there are a ray of increasing value and a certified feasible point."""
    limited = _limited(options, deadline, options.tolerance)
    if limited is None:
        return False
    try:
        run = _Scaled(rays(lp)).run(limited.as_highs("dual-simplex", None))
        if not proves_ray(lp, run.x):
            return False
        solve_lp(feasibility(lp), _limited(options, deadline, options.tolerance))
    except SolveError:
        return False
    return True


def _limited(options: SolverOptions, deadline: float, tolerance: float) -> SolverOptions | None:
    """The options with the time that is left and a tolerance; ``None`` if no time is left."""
    left = deadline - time.perf_counter()
    if left <= 0:
        return None
    return replace(options, tolerance=tolerance, time_limit=left if math.isfinite(left) else None)


def final_basis(
    lp: LinearProgram, algorithm: Algorithm, *, presolve: bool
) -> tuple[list[int], set[int]] | None:
    """Basis at which a simplex algorithm ends, ``None`` if it ends without one.

    A program that is feasible by less than the solver's tolerances may end as an infeasible one:
    its basis is still one to start from in exact arithmetic.

    Returns
    -------
    tuple
        The basic variables, row i's slack being variable n + i, and the columns resting at their
        upper bound.
    """
    options = SolverOptions(algorithm=algorithm, tolerance=TIGHTEST_TOLERANCE)
    solver = new_solver(ending(options.as_highs(algorithm, presolve), lp.shape))
    try:
        _Scaled(lp).run_with(solver)
    except SolverFailureError:
        return None
    basis = solver.getBasis()
    if not basis.valid:
        return None
    named = enumerate([*basis.col_status, *basis.row_status])
    basic = [j for j, status in named if status == highspy.HighsBasisStatus.kBasic]
    upper = highspy.HighsBasisStatus.kUpper
    return basic, {j for j, status in enumerate(basis.col_status[: lp.shape[1]]) if status == upper}


@dataclass(frozen=True, eq=False)
class _Run:
    """What one run of HiGHS left behind, in the units of the unscaled program."""

    status: _Status
    x: Floats
    y: Floats
    feasible: bool
    iterations: int
    times: dict[str, float]


class _Scaled:
    """A program scaled by powers of two, ready to be handed to HiGHS.

    ``by_columns``, each column is first divided by the bound that is given or implied for it, so
    that events of tiny probability are as large as the others.
    """

    def __init__(self, lp: LinearProgram, *, by_columns: bool = False) -> None:
        started = time.perf_counter()
        self.lp = lp
        self.by_columns = by_columns
        levels = np.concatenate([lp.rhs, lp.lower, lp.upper])
        levels = np.abs(levels[np.isfinite(levels) & (levels != 0)])
        self.mass = _power_of_two(1.0 / float(levels.mean())) if levels.size else 1.0
        self.column = np.ones(lp.objective.size)
        data, row_scale = lp.matrix.data, lp.row_scale
        if by_columns:
            largest = implied_upper(lp) * self.mass
            bounded = (largest > 0) & np.isfinite(largest)
            exponent = np.round(np.log2(largest, out=np.zeros_like(largest), where=bounded))
            self.column = np.exp2(np.maximum(exponent, SMALLEST_EXPONENT))
            data = data * self.column[lp.entry_columns]
            row_scale = np.zeros(lp.rhs.size)
            np.maximum.at(row_scale, lp.matrix.indices, np.abs(data))
            row_scale[row_scale == 0] = 1.0
        objective = lp.objective * self.column
        rewards = np.abs(objective[objective != 0])
        if by_columns and rewards.size:
            rewards = np.maximum(rewards, rewards.max() / REWARD_RANGE)
        reward = float((rewards.min() if by_columns else rewards.max()) if rewards.size else 1.0)
        self.reward = _power_of_two(1.0 / reward)
        exponent = np.round(np.log2(row_scale))
        self.row = np.exp2(-exponent)
        if exponent.any():
            data = data * self.row[lp.matrix.indices]
        b = lp.rhs * self.row * self.mass
        self.arrays = (
            -self.reward * objective,
            lp.lower * self.mass / self.column,
            lp.upper * self.mass / self.column,
            np.where(lp.senses < 0, -math.inf, b),
            np.where(lp.senses > 0, math.inf, b),
            lp.matrix.indptr.astype(np.int32, copy=False),
            lp.matrix.indices.astype(np.int32, copy=False),
            data,
            np.zeros(lp.objective.size, np.int32),
        )
        self.seconds = time.perf_counter() - started

    def run(self, options: Mapping[str, bool | int | float | str]) -> _Run:
        """Hand the arrays to HiGHS and run it."""
        return self.run_with(new_solver(ending(options, self.lp.shape)))

    def run_with(self, solver: highspy.Highs) -> _Run:
        """The same, with an instance of which the caller wants more."""
        started = time.perf_counter()
        m, n = self.lp.shape
        passed = solver.passModel(n, m, self.lp.nonzeros, _COLUMNWISE, _MINIMIZE, 0.0, *self.arrays)
        if passed == highspy.HighsStatus.kError:
            raise SolverFailureError("HiGHS rejected the arrays of the program")
        ready = time.perf_counter()
        ended = run_solver(solver)
        done = time.perf_counter()
        status = solver.getModelStatus()
        if ended == highspy.HighsStatus.kError:
            raise SolverFailureError(f"HiGHS failed with status {status.name[1:]!r}")
        solution = solver.getSolution()
        info = solver.getInfo()
        x = np.array(solution.col_value) if solution.value_valid else np.zeros(n)
        y = np.array(solution.row_dual) if solution.dual_valid else np.zeros(m)
        return _Run(
            status=status,
            x=frozen(x * self.column / self.mass),
            y=frozen(-y * self.row / self.reward),
            feasible=info.primal_solution_status == _FEASIBLE_POINT,
            iterations=_iterations(info),
            times={
                "pass": self.seconds + ready - started,
                "run": done - ready,
                "extract": time.perf_counter() - done,
            },
        )


class _Attempt(NamedTuple):
    """One way of running HiGHS."""

    algorithm: Algorithm
    presolve: bool | None
    tolerance: float
    by_columns: bool = False


def _attempts(lp: LinearProgram, options: SolverOptions) -> Iterator[_Attempt]:
    """As chosen, then tighter, then what is most different, then in another scaling."""
    first = choose_algorithm(lp.rhs.size, options)
    yield _Attempt(*first, options.tolerance)
    fallbacks: tuple[tuple[Algorithm, bool | None], ...] = (
        first,
        ("dual-simplex", False),
        ("primal-simplex", False),
        ("ipm", True),
    )
    for algorithm, presolve in dict.fromkeys(fallbacks):
        yield _Attempt(algorithm, presolve, TIGHTEST_TOLERANCE)
    for algorithm in SCALED_FALLBACKS:
        yield _Attempt(algorithm, False, TIGHTEST_TOLERANCE, by_columns=True)


def _iterations(info: Any) -> int:
    """Sum of the iteration counts that HiGHS reports as run (it writes -1 for the others)."""
    counts = (
        info.simplex_iteration_count,
        info.ipm_iteration_count,
        info.crossover_iteration_count,
        info.pdlp_iteration_count,
    )
    return sum(count for count in counts if count > 0)


def _power_of_two(x: float) -> float:
    return 2.0 ** round(math.log2(x))
