r"""What is proved of a programme: a rational point that is feasible, and a bound.

The columns that a float optimum uses are a small programme of their own. Its rational optimum is
feasible in the whole one for certain, and pays what the float optimum seems to: that is one end of
the bracket, exactly. The other end are the prices of the float optimum, or those of the small
programme, as they bound the whole one (:meth:`Programme.bound`). Where the two do not meet, the
whole programme is solved in fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, ReadOnly
from persuasion_lp.errors import (
    CertificateError,
    ExactnessError,
    ExactSizeError,
    InfeasibleError,
    SizeError,
    SolverFailureError,
)
from persuasion_lp.families.bayesian.programmes.base import Programme
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.faces.edited import solved, without_idle_rows
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.rational import RationalSolution

__all__ = ["Proved", "exact_optimum", "prove"]

NOISE = 1e-12
"""Of the most that a column can be: less is rounding, not part of the recommendation."""


@dataclass(frozen=True, eq=False)
class Proved(ReadOnly):
    """An answer to a programme, with its bracket.

    Attributes
    ----------
    kept
        Columns of the block ``x`` that may not be zero.
    x
        Their values in fractions.
    value
        What they pay.
    upper
        What nothing pays more than.
    y
        Row duals in floats.
    route
        Whether the bound is exact too.
    lp
        Certificate of the float solution, if there is one.
    algorithm, solver, iterations
        How the float solution was found.
    """

    kept: Integers
    x: NDArray[Any]
    value: Fraction
    upper: float | Fraction
    y: Floats
    route: Literal["float", "exact"]
    lp: LPCertificate | None
    algorithm: str
    solver: str
    iterations: int


def prove(
    programme: Programme, lp: LinearProgram, options: SolverOptions | None, scale: float
) -> Proved:
    """Solve a programme and prove the answer.

    Parameters
    ----------
    programme, lp
        The programme, and as it is laid out in floats.
    options
        Of the solver.
    scale
        Of the payoffs, to which the width of the bracket is relative.

    Raises
    ------
    InfeasibleError
        If nothing is feasible in floats, and fractions find nothing either: rounding alone may make
        a programme infeasible.
    LimitError
        See :func:`~persuasion_lp.lp.highs.solve_lp`.
    CertificateError
        If nothing is proved.
    """
    failed: Exception | None = None
    best: Proved | None = None
    try:
        solution = solve_lp(lp, options)
    except (CertificateError, InfeasibleError, SolverFailureError) as error:
        failed = error
    else:
        found = _attained(programme, solution.values("x"))
        if found is not None:
            kept, small, y = found
            bound = programme.bound(lp, solution.y)
            if not _narrow(bound, small.value, scale):
                bound = min(bound, programme.bound(lp, y))
            best = Proved(
                kept,
                small.values("x"),
                small.value,
                bound if bound > small.value else small.value,
                solution.y,
                "float",
                solution.certificate,
                solution.algorithm,
                solution.solver,
                solution.iterations,
            )
            if _narrow(bound, small.value, scale):
                return best
    try:
        exact = exact_optimum(programme, lp)
    except (ExactSizeError, ExactnessError, SizeError) as refused:
        if isinstance(failed, InfeasibleError):
            raise failed from refused
        raise _unproved(programme, best, failed, refused) from refused
    x = exact.values("x")
    kept = np.flatnonzero(x)
    y = np.array([float(price) for price in exact.y])
    how = ("simplex", "rational arithmetic", 0)
    return Proved(kept, x[kept], exact.value, exact.value, y, "exact", None, *how)


def exact_optimum(programme: Programme, lp: LinearProgram) -> RationalSolution:
    """The whole programme in fractions, from the basis of its twin.

    Raises
    ------
    ExactSizeError, ExactnessError, SizeError
        See :func:`~persuasion_lp.lp.exact.solve_exactly`.
    """
    return solve_exactly(programme.build_rational(), lp)


def _attained(programme: Programme, x: Floats) -> tuple[Integers, RationalSolution, Floats] | None:
    """Columns that are used, the rational optimum over them, and prices of all rows."""
    kept = np.flatnonzero(x > NOISE * programme.most())
    whole = programme.build_rational(kept)
    try:
        program, rows = without_idle_rows(whole)
        found = solved(program)
    except (ExactSizeError, ExactnessError):
        return None
    y = np.zeros(len(whole.rhs))
    y[list(rows)] = [float(price) for price in found.y]
    return kept, found, y


def _narrow(bound: float, value: Fraction, scale: float) -> bool:
    return bound - float(value) <= GAP_TOLERANCE * scale


def _unproved(
    programme: Programme, best: Proved | None, failed: Exception | None, refused: Exception
) -> CertificateError:
    """What is known if nothing is proved."""
    low, high = programme.game.payoff_ends
    prior = programme.game.prior.ravel()
    ends = float(prior @ low), float(prior @ high)
    if best is not None:
        known = sorted((programme.sign * float(best.value), programme.sign * float(best.upper)))
        ends = max(ends[0], known[0]), min(ends[1], known[1])
    because = "; ".join(str(reason) for reason in (failed, refused) if reason is not None)
    return CertificateError(
        "floating point proves no narrow bracket; the value lies in "
        f"[{ends[0]!r}, {ends[1]!r}]; {because}; fewer actions, types or states may do"
    )
