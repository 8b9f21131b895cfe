r"""The certificate of a linear program's solution, from (program, x, y) alone.

For max c·x + offset with A x (≤, =, ≥) b, l ≤ x ≤ u, any row vector y whose sign fits the senses
(y ≥ 0 on ≤ rows, y ≤ 0 on ≥ rows) proves

    value  ≤  offset + b·y + Σ_j  max { d_j x_j : l_j ≤ x_j ≤ u_j },     d = c − Aᵀy,

because A x fits b. The *safe bound* evaluates the right-hand side so that it stays a bound in
floating point: y is first projected on the admissible signs, d_j is widened by the rounding error
of its own evaluation, infinite u_j are replaced by bounds implied by the rows, and the sum is
exact. It is valid for every y, however imprecise the solver was; a bad y only makes it loose. Where
that is not tight enough, d_j is evaluated once more in extended precision. Where the rows imply no
bound on a column that has none, no y can be priced out safely: the safe bound is infinite, and the
gap is taken from the dual objective at the dual tolerance instead.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, ReadOnly, summed
from persuasion_lp.checks import Checked
from persuasion_lp.limits.deadline import check_time
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import Method
from persuasion_lp.seal import SealedAnswer

__all__ = [
    "COMPLEMENTARITY_TOLERANCE",
    "DUAL_TOLERANCE",
    "GAP_TOLERANCE",
    "PRIMAL_TOLERANCE",
    "LPCertificate",
    "LPPoint",
    "LPSolution",
    "certify",
    "implied_upper",
    "safe_bound",
]

PRIMAL_TOLERANCE = 1e-8
"""Largest violation of a row (divided by its largest coefficient) or bound, relative to ‖x‖∞: ten
times the tolerance HiGHS is run with, since it works on a scaled and presolved program."""

DUAL_TOLERANCE = 1e-8
"""Largest wrong-signed reduced cost or dual, relative to ‖c‖∞; same reason."""

COMPLEMENTARITY_TOLERANCE = 1e-8
"""Largest product of a slack and its dual, relative to ‖c‖∞‖x‖∞; same reason."""

GAP_TOLERANCE = 1e-9
"""Distance between safe bound and value, relative to the scale of the objective."""

EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class LPCertificate(Checked):
    """What has been recomputed about a primal-dual pair (x, y) of a linear program.

    Attributes
    ----------
    value
        c·x + offset.
    bound
        Safe upper bound on the optimal value: holds whatever x and y are; may be infinite.
    gap
        ``bound - value``, or dual objective minus ``value`` when the safe bound is infinite.
    primal_residual, dual_residual, complementarity
        Largest violations, each relative to the scales named at its tolerance.
    scale
        Size of the objective against which ``gap`` is judged: the largest of ‖c‖∞‖x‖∞, Σ|c_j x_j|
        and |value|.
    """

    value: float
    bound: float
    gap: float
    primal_residual: float
    dual_residual: float
    complementarity: float
    scale: float

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words; empty when the certificate holds."""
        checks = (
            ("primal residual", self.primal_residual, PRIMAL_TOLERANCE),
            ("dual residual", self.dual_residual, DUAL_TOLERANCE),
            ("complementarity", self.complementarity, COMPLEMENTARITY_TOLERANCE),
            ("gap", abs(self.gap) / self.scale, GAP_TOLERANCE),
        )
        return tuple(
            f"{name} {size:.3g} exceeds {tolerance:.0e}"
            for name, size, tolerance in checks
            if not size <= tolerance
        )


@dataclass(frozen=True, eq=False)
class LPPoint(ReadOnly):
    """A point of a linear program, and prices of its rows.

    Attributes
    ----------
    lp
        The program.
    x, y
        Column values, shape ``(n,)``, and row duals, shape ``(m,)``.
    """

    lp: LinearProgram
    x: Floats
    y: Floats

    def values(self, name: str) -> Floats:
        """Values of a column block, in the block's shape."""
        return self.lp.column_values(name, self.x)

    def duals(self, name: str) -> Floats:
        """Duals of a row block, d(value)/d(right-hand side), in the block's shape."""
        return self.lp.row_values(name, self.y)


@dataclass(frozen=True, eq=False)
class LPSolution(LPPoint, SealedAnswer):
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

    value: float
    certificate: LPCertificate
    algorithm: Method
    iterations: int
    times: Mapping[str, float]
    solver: str
    status: str = "optimal"


def certify(lp: LinearProgram, x: Floats, y: Floats) -> LPCertificate:
    """Recompute residuals, complementarity, gap and the safe bound of a primal-dual pair.

    Parameters
    ----------
    lp
        The program.
    x
        Column values, shape ``(n,)``.
    y
        Row duals, shape ``(m,)``, with the sign of d(value)/d(right-hand side).
    """
    x_scale = _scale(np.concatenate([x, lp.rhs]))
    c_scale = _scale(lp.objective)
    earned = lp.objective * x
    earned = earned[earned != 0]
    value = math.fsum(earned) + lp.offset
    rows, columns = lp.matrix.indices, lp.entry_columns
    slack = summed(rows, lp.matrix.data * x[columns], lp.rhs.size) - lp.rhs
    reduced_cost = lp.objective - summed(columns, lp.matrix.data * y[rows], x.size)

    check_time()
    row_violation = np.where(lp.senses == 0, np.abs(slack), -lp.senses * slack)
    column_violation = np.maximum(lp.lower - x, x - lp.upper)
    primal = max(_largest(row_violation / lp.row_scale), _largest(column_violation)) / x_scale

    wrong_sign = np.where(lp.senses == 0, 0.0, lp.senses * y) * lp.row_scale
    unbounded = np.where(reduced_cost > 0, np.isinf(lp.upper), np.isinf(lp.lower))
    dual = max(_largest(wrong_sign), _largest(np.abs(reduced_cost) * unbounded)) / c_scale

    with np.errstate(invalid="ignore"):
        room = np.where(reduced_cost > 0, lp.upper - x, x - lp.lower)
    column_product = np.abs(reduced_cost) * np.where(unbounded, np.abs(x), np.abs(room))
    row_product = np.abs(y * slack)
    product = max(_largest(column_product), _largest(row_product)) / (c_scale * x_scale)

    check_time()
    bound = safe_bound(lp, y)
    scale = max(c_scale * x_scale, math.fsum(np.abs(earned)), abs(value))
    if math.isfinite(bound) and bound - value > GAP_TOLERANCE * scale:
        bound = min(bound, safe_bound(lp, y, extended=True))
    dual_value = bound if math.isfinite(bound) else _dual_value(lp, y, reduced_cost)
    return LPCertificate(
        value=value,
        bound=bound,
        gap=dual_value - value,
        primal_residual=primal,
        dual_residual=dual,
        complementarity=product,
        scale=scale,
    )


def safe_bound(lp: LinearProgram, y: Floats, *, extended: bool = False) -> float:
    """Upper bound on the optimal value that holds in floating point for every ``y``.

    Infinite when a column is unbounded in a direction that ``y`` does not price out.

    Parameters
    ----------
    lp
        The program.
    y
        Row duals, shape ``(m,)``.
    extended
        Compute reduced costs in the machine's extended precision, so that they are widened less:
        slower, and tighter where duals or bounds are large.
    """
    y = np.where(lp.senses * y > 0, 0.0, y)
    kind: Any = np.longdouble if extended else np.float64
    priced: NDArray[Any] = lp.matrix.data.astype(kind, copy=False) * y[lp.matrix.indices]
    reduced_cost = lp.objective - _by_column(lp, priced)
    size = np.abs(lp.objective) + _by_column(lp, np.abs(priced))
    rounding = (np.diff(lp.matrix.indptr) + 2) * np.finfo(kind).eps * size
    upper = implied_upper(lp)
    check_time()
    with np.errstate(invalid="ignore"):
        corners = np.stack(
            [
                (reduced_cost + sign * rounding) * end
                for sign in (-1.0, 1.0)
                for end in (lp.lower, upper)
            ]
        )
    best = np.nanmax(corners, axis=0, initial=-math.inf).astype(np.float64)
    if not np.all(best < math.inf):
        return math.inf
    terms = np.concatenate([[lp.offset], y * lp.rhs, best])
    terms = terms[terms != 0]
    return math.fsum([*terms, EPS * math.fsum(np.abs(terms))])


def _by_column(lp: LinearProgram, values: NDArray[Any]) -> NDArray[Any]:
    """Sums of values at the coefficients over each column, in the precision of the values."""
    if values.dtype == np.float64:
        return np.asarray(summed(lp.entry_columns, values, lp.objective.size))
    total = np.zeros(lp.objective.size, dtype=values.dtype)
    filled = np.flatnonzero(np.diff(lp.matrix.indptr))
    if filled.size:
        total[filled] = np.add.reduceat(values, lp.matrix.indptr[filled])
    return total


def _dual_value(lp: LinearProgram, y: Floats, reduced_cost: Floats) -> float:
    """Dual objective, without the columns whose reduced cost points to an infinite bound."""
    end = np.where(reduced_cost > 0, lp.upper, lp.lower)
    finite = np.isfinite(end)
    return math.fsum([lp.offset, *(y * lp.rhs), *(reduced_cost[finite] * end[finite])])


def implied_upper(lp: LinearProgram) -> Floats:
    """Upper bounds of the columns that follow from the rows, rounded outwards.

    A row Σ_k α_k x_k ≤ β bounds a column with α_j > 0 by (β − Σ_{k≠j} min α_k x_k)/α_j. Equalities
    and ≥ rows count as such rows in either or the other direction. Passes are repeated as long as
    they bound further columns, so chains of blocks, each bounded by the one before, are followed.
    """
    upper = lp.upper.copy()
    rows = lp.matrix.indices
    columns = lp.entry_columns
    per_row = np.bincount(rows, minlength=lp.rhs.size)
    unbounded = int(np.isinf(upper).sum())
    while unbounded:
        for sign in (1.0, -1.0):
            check_time()
            if not np.isinf(upper).any():
                break
            usable = lp.senses[rows] * sign <= 0
            alpha = sign * lp.matrix.data
            with np.errstate(invalid="ignore"):
                least = np.where(alpha > 0, alpha * lp.lower[columns], alpha * upper[columns])
            hopeless = np.bincount(rows, weights=~np.isfinite(least), minlength=lp.rhs.size) > 0
            least[~np.isfinite(least)] = 0.0
            total = np.bincount(rows, weights=least, minlength=lp.rhs.size)
            size = np.bincount(rows, weights=np.abs(least), minlength=lp.rhs.size)
            beta = sign * lp.rhs
            inexact = (per_row + 4) * EPS * (np.abs(beta) + size)
            kept = usable & (alpha > 0) & ~hopeless[rows]
            room = (beta - total + inexact)[rows[kept]] + least[kept]
            np.minimum.at(upper, columns[kept], room / alpha[kept] * (1 + 4 * EPS))
        still = int(np.isinf(upper).sum())
        if still == unbounded:
            break
        unbounded = still
    return np.maximum(upper, lp.lower)


def _largest(values: Floats) -> float:
    """Largest entry, 0 if all are negative or there are none; NaN is passed on."""
    return float(np.max(values, initial=0.0))


def _scale(values: Floats) -> float:
    return float(np.max(np.abs(values), initial=0.0)) or 1.0
