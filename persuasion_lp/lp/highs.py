"""Run HiGHS on a :class:`LinearProgram`, read every status, and return only certified optima.

Duals are d(value)/d(right-hand side): the project's one sign convention.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping
from persuasion_lp.errors import (
    CertificateError,
    InfeasibleError,
    LimitError,
    SolveError,
    SolverFailureError,
    UnboundedError,
)
from persuasion_lp.limits.deadline import unlimited, within
from persuasion_lp.lp.certificate import LPPoint, LPSolution, certify
from persuasion_lp.lp.engine.scaled import Run, Scaled, Status
from persuasion_lp.lp.engine.tape import Infeasible, Optimum, Question, Sparse, asked, untaped
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import (
    TIGHTEST_TOLERANCE,
    Algorithm,
    Method,
    SolverOptions,
    choose_algorithm,
)
from persuasion_lp.lp.process import SOLVER
from persuasion_lp.lp.refutation import elastic, feasibility, proves_infeasible, proves_ray, rays

__all__ = [
    "CutShort",
    "LPPoint",
    "LPSolution",
    "ProgramLimitError",
    "optimize_lp",
    "readable",
    "solve_lp",
]

_LIMITS = MappingProxyType({Status.kTimeLimit: "time", Status.kIterationLimit: "iterations"})
_CLAIMS = MappingProxyType(
    {
        Status.kInfeasible: "infeasible",
        Status.kUnbounded: "unbounded",
        Status.kUnboundedOrInfeasible: "unbounded or infeasible",
    }
)

SCALED_FALLBACKS: tuple[Algorithm, ...] = ("dual-simplex", "primal-simplex")
"""What is run at last, with columns scaled to their bounds."""

NO_POINT = "the linear program has no feasible point"

READ_LATE = 200_000
"""Nonzeros of programs whose point and prices are read, and proved, in a moment: tenths of a
second."""


@dataclass(frozen=True, eq=False)
class CutShort(LPPoint):
    """What a run left that a limit ended.

    Attributes
    ----------
    lp, x, y
        The program, the last point and the last prices, zeros where there were none.
    limit
        Which limit it was: ``"time"`` or ``"iterations"``.
    feasible
        Whether ``x`` is feasible, up to the solver's tolerances.
    """

    limit: str
    feasible: bool

    @property
    def readable(self) -> bool:
        """Whether there is time to read it: not after a deadline, unless it is small."""
        return readable(self.lp, self.limit)


def readable(lp: LinearProgram, limit: str) -> bool:
    """Whether there is time to read points and prices of a program when a limit was reached."""
    return limit != "time" or lp.nonzeros <= READ_LATE


class ProgramLimitError(LimitError):
    """A limit ended the run of one program; the bracket is on this program's optimum."""


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
    found = optimize_lp(lp, options)
    if isinstance(found, LPSolution):
        return found
    if not found.readable:
        raise ProgramLimitError(found.limit, best_bound=math.inf, best_value=-math.inf)
    with unlimited():
        known = certify(lp, found.x, found.y)
    raise ProgramLimitError(
        found.limit,
        best_bound=known.bound,
        best_value=known.value if found.feasible else -math.inf,
    )


def optimize_lp(lp: LinearProgram, options: SolverOptions | None = None) -> LPSolution | CutShort:
    """The same, but what is known when a limit was reached is returned.

    Raises
    ------
    InfeasibleError, UnboundedError, OptionError, CertificateError, SolverFailureError
        See :func:`solve_lp`.
    """
    options = options or SolverOptions()
    question = asked(lp.shape)
    with untaped(), within(options.seconds):
        return _played(lp, question) or _optimized(lp, options, question)


def _played(lp: LinearProgram, question: Question) -> LPSolution | None:
    """What a tape says of the program, if it is proved."""
    refutation = question.played(Infeasible)
    if refutation is not None and _proved_infeasible(lp, refutation.y.spread(lp.rhs.size)):
        question.keep(refutation)
        raise InfeasibleError(NO_POINT)
    found = question.played(Optimum)
    if found is not None:
        m, n = lp.shape
        run = Run(
            Status.kOptimal,
            x=found.x.spread(n),
            y=found.y.spread(m),
            feasible=True,
            iterations=found.iterations,
            times={"pass": 0.0, "run": 0.0, "extract": 0.0},
        )
        with np.errstate(all="ignore"):
            solution = _solution(lp, run, found.algorithm, found.solver)
        if solution.certificate.ok:
            question.keep(found)
            return solution
    question.left_to_solver()
    return None


def _proved_infeasible(lp: LinearProgram, y: Floats) -> bool:
    with np.errstate(all="ignore"):
        return proves_infeasible(lp, y)


def _optimized(
    lp: LinearProgram, options: SolverOptions, question: Question
) -> LPSolution | CutShort:
    failed: CertificateError | SolverFailureError | None = None
    claims: dict[Status, SolverFailureError] = {}
    scaled = Scaled(lp)
    for attempt in _attempts(lp, options):
        if attempt.by_columns and not scaled.by_columns:
            scaled = Scaled(lp, by_columns=True)
        chosen = replace(options, tolerance=attempt.tolerance)
        try:
            run = scaled.run(chosen.as_highs(attempt.algorithm, attempt.presolve))
        except SolverFailureError as failure:
            failed = failure
            continue
        except LimitError as limit:
            nothing = scaled.nothing()
            return CutShort(lp, nothing.x, nothing.y, limit.limit, feasible=False)
        if run.status == Status.kOptimal:
            solution = _solution(lp, run, attempt.algorithm)
            if solution.certificate.ok:
                question.keep_optimum(run.x, run.y, attempt.algorithm, SOLVER, run.iterations)
                return solution
            failed = CertificateError(
                "the solver's optimum is not proved: " + "; ".join(solution.certificate.failures),
                solution.certificate,
            )
        elif run.status == Status.kIterationLimit and not options.limits_iterations:
            failed = SolverFailureError(f"no optimum in {run.iterations} iterations of HiGHS")
        elif run.status in _LIMITS:
            return CutShort(lp, run.x, run.y, _LIMITS[run.status], run.feasible)
        elif run.status in _CLAIMS:
            if run.status not in claims:
                _raise_if_proved(lp, options, run.status, question)
            claims[run.status] = SolverFailureError(
                f"HiGHS calls the program {_CLAIMS[run.status]}, which could not be proved"
            )
        else:
            failed = SolverFailureError(f"HiGHS ended with status {run.status.name[1:]!r}")
    raise next(iter(claims.values()), failed) or SolverFailureError("no algorithm was tried")


def _solution(lp: LinearProgram, run: Run, algorithm: Method, solver: str = SOLVER) -> LPSolution:
    """An optimum that a solver claims, with its certificate."""
    started = time.perf_counter()
    certificate = certify(lp, run.x, run.y)
    return LPSolution(
        lp=lp,
        x=run.x,
        y=run.y,
        value=certificate.value,
        certificate=certificate,
        algorithm=algorithm,
        iterations=run.iterations,
        times=FrozenMapping({**run.times, "certify": time.perf_counter() - started}),
        solver=solver,
    )


def _raise_if_proved(
    lp: LinearProgram, options: SolverOptions, claim: Status, question: Question
) -> None:
    """Raise what HiGHS claims of a program if our own computation proves it."""
    if claim != Status.kUnbounded:
        y = _refutation(lp, options)
        if y is not None:
            question.keep(Infeasible(lp.shape, Sparse.of(y)))
            raise InfeasibleError(NO_POINT)
    if claim != Status.kInfeasible and _is_unbounded(lp, options):
        raise UnboundedError("the linear program has no finite optimum")


def _refutation(lp: LinearProgram, options: SolverOptions) -> Floats | None:
    """Duals of the elastic program, if they prove that no point is feasible."""
    scaled = Scaled(elastic(lp))
    for tolerance in dict.fromkeys((options.tolerance, TIGHTEST_TOLERANCE)):
        chosen = replace(options, tolerance=tolerance)
        try:
            run = scaled.run(chosen.as_highs("dual-simplex", None))
        except (SolverFailureError, LimitError):
            continue
        if proves_infeasible(lp, run.y):
            return run.y
    return None


def _is_unbounded(lp: LinearProgram, options: SolverOptions) -> bool:
    """Tell whether there are a ray of increasing value and a certified feasible point."""
    try:
        run = Scaled(rays(lp)).run(options.as_highs("dual-simplex", None))
        if not proves_ray(lp, run.x):
            return False
        solve_lp(feasibility(lp), options)
    except SolveError:
        return False
    return True


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
