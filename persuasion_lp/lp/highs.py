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
from functools import cache
from types import MappingProxyType
from typing import Any

import highspy
import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping, frozen
from persuasion_lp.errors import (
    CertificateError,
    InfeasibleError,
    LimitError,
    OptionError,
    SolverFailureError,
    UnboundedError,
)
from persuasion_lp.lp.certificate import LPCertificate, certify, safe_bound
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import TIGHTEST_TOLERANCE, Algorithm, SolverOptions, choose_algorithm

__all__ = ["LPSolution", "final_basis", "solve_lp"]

_Status = highspy.HighsModelStatus
_COLUMNWISE, _MINIMIZE = 1, 1
_LIMITS = MappingProxyType({_Status.kTimeLimit: "time", _Status.kIterationLimit: "iterations"})
_FEASIBLE_POINT = 2


@dataclass(frozen=True, eq=False)
class LPSolution:
    """A certified optimum of a linear program.

    Attributes
    ----------
    lp
        The program solved.
    x, y
        Column values, shape ``(n,)``, and row duals, shape ``(m,)``.
    value
        Optimal value, c·x + offset.
    certificate
        Residuals, gap and safe bound, recomputed from (lp, x, y).
    algorithm
        The algorithm that gave the optimum.
    iterations
        Its iterations.
    times
        Seconds for ``"pass"``, ``"run"``, ``"extract"`` and ``"certify"``.
    solver
        Name and version of the solver.
    """

    lp: LinearProgram
    x: Floats
    y: Floats
    value: float
    certificate: LPCertificate
    algorithm: Algorithm
    iterations: int
    times: Mapping[str, float]
    solver: str
    status: str = "optimal"

    def values(self, name: str) -> Floats:
        """Values of a column block, in the block's shape."""
        return self.lp.column_values(name, self.x)

    def duals(self, name: str) -> Floats:
        """Duals of a row block, d(value)/d(right-hand side), in the block's shape."""
        return self.lp.row_values(name, self.y)


def solve_lp(lp: LinearProgram, options: SolverOptions | None = None) -> LPSolution:
    """Solve a program to a certified optimum.

    When HiGHS ends without an answer, or with one whose certificate fails, its tightest tolerances
    and then other algorithms are tried before giving up.

    Raises
    ------
    InfeasibleError, UnboundedError
        If the program has no feasible point, or no finite optimum.
    LimitError
        If a time or iteration limit was reached; it carries the best bound known.
    OptionError
        If HiGHS rejects an option.
    CertificateError
        If no algorithm gives an answer whose certificate holds.
    SolverFailureError
        If HiGHS fails.
    """
    options = options or SolverOptions()
    scaled = _Scaled(lp)
    deadline = math.inf if options.time_limit is None else time.perf_counter() + options.time_limit
    failed: CertificateError | SolverFailureError | None = None
    verdict: _Status | None = None
    for algorithm, presolve, tolerance in _attempts(lp, options):
        left = deadline - time.perf_counter()
        if left <= 0:
            raise LimitError(
                "time", best_bound=safe_bound(lp, np.zeros(lp.rhs.size)), best_value=-math.inf
            )
        limited = replace(
            options, tolerance=tolerance, time_limit=left if math.isfinite(left) else None
        )
        try:
            run = scaled.run(limited.as_highs(algorithm, presolve))
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
                    algorithm=algorithm,
                    iterations=run.iterations,
                    times=FrozenMapping({**run.times, "certify": certified}),
                    solver=_solver_name(),
                )
            failed = CertificateError(
                "the solver's optimum is not proved: " + "; ".join(certificate.failures),
                certificate,
            )
        elif run.status in _LIMITS:
            raise LimitError(
                _LIMITS[run.status],
                best_bound=safe_bound(lp, run.y),
                best_value=certify(lp, run.x, run.y).value if run.feasible else -math.inf,
            )
        elif run.status in (_Status.kInfeasible, _Status.kUnbounded) and run.status == verdict:
            break
        elif run.status in (_Status.kInfeasible, _Status.kUnbounded):
            verdict = run.status
        else:
            failed = SolverFailureError(f"HiGHS ended with status {run.status.name[1:]!r}")
    if verdict == _Status.kInfeasible:
        raise InfeasibleError("the linear program has no feasible point")
    if verdict == _Status.kUnbounded:
        raise UnboundedError("the linear program has no finite optimum")
    raise failed or SolverFailureError("no algorithm was tried")


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
    solver = highspy.Highs()
    n = lp.shape[1]
    options = SolverOptions(algorithm=algorithm).as_highs(algorithm, presolve)
    try:
        _Scaled(lp).run(options, solver)
    except SolverFailureError:
        return None
    basis = solver.getBasis()
    if not basis.valid:
        return None
    named = enumerate([*basis.col_status, *basis.row_status])
    basic = [j for j, status in named if status == highspy.HighsBasisStatus.kBasic]
    upper = highspy.HighsBasisStatus.kUpper
    return basic, {j for j, status in enumerate(basis.col_status[:n]) if status == upper}


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
    """A program scaled by powers of two, ready to be handed to HiGHS."""

    def __init__(self, lp: LinearProgram) -> None:
        started = time.perf_counter()
        self.lp = lp
        levels = np.concatenate([lp.rhs, lp.lower, lp.upper])
        levels = np.abs(levels[np.isfinite(levels) & (levels != 0)])
        self.mass = _power_of_two(1.0 / float(levels.mean())) if levels.size else 1.0
        largest = float(np.max(np.abs(lp.objective), initial=0.0))
        self.reward = _power_of_two(1.0 / largest) if largest else 1.0
        exponent = np.round(np.log2(lp.row_scale))
        self.row = np.exp2(-exponent)
        data = (
            lp.matrix.data if not exponent.any() else lp.matrix.data * self.row[lp.matrix.indices]
        )
        b = lp.rhs * self.row * self.mass
        self.arrays = (
            -self.reward * lp.objective,
            lp.lower * self.mass,
            lp.upper * self.mass,
            np.where(lp.senses < 0, -math.inf, b),
            np.where(lp.senses > 0, math.inf, b),
            lp.matrix.indptr.astype(np.int32, copy=False),
            lp.matrix.indices.astype(np.int32, copy=False),
            data,
            np.zeros(lp.objective.size, np.int32),
        )
        self.seconds = time.perf_counter() - started

    def run(
        self,
        options: Mapping[str, bool | int | float | str],
        solver: highspy.Highs | None = None,
    ) -> _Run:
        """Hand the arrays to HiGHS (an instance of the caller's, if it wants more) and run it."""
        started = time.perf_counter()
        solver = solver or highspy.Highs()
        for name, value in options.items():
            if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise OptionError("highs", "is rejected by HiGHS", index=name, value=value)
        m, n = self.lp.shape
        passed = solver.passModel(n, m, self.lp.nonzeros, _COLUMNWISE, _MINIMIZE, 0.0, *self.arrays)
        if passed == highspy.HighsStatus.kError:
            raise SolverFailureError("HiGHS rejected the arrays of the program")
        ready = time.perf_counter()
        ended = solver.run()
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
            x=frozen(x / self.mass),
            y=frozen(-y * self.row / self.reward),
            feasible=info.primal_solution_status == _FEASIBLE_POINT,
            iterations=_iterations(info),
            times={
                "pass": self.seconds + ready - started,
                "run": done - ready,
                "extract": time.perf_counter() - done,
            },
        )


def _attempts(
    lp: LinearProgram, options: SolverOptions
) -> Iterator[tuple[Algorithm, bool | None, float]]:
    """Algorithm, presolve and tolerance: as chosen, then tighter, then what is most different."""
    first = choose_algorithm(lp.rhs.size, options)
    yield *first, options.tolerance
    fallbacks: tuple[tuple[Algorithm, bool | None], ...] = (
        first,
        ("dual-simplex", False),
        ("primal-simplex", False),
        ("ipm", True),
    )
    for algorithm, presolve in dict.fromkeys(fallbacks):
        yield algorithm, presolve, TIGHTEST_TOLERANCE


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


@cache
def _solver_name() -> str:
    return f"HiGHS {highspy.Highs().version()}"
