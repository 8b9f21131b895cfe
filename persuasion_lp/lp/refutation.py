r"""Proofs that a program has no feasible point, or no finite optimum, from its arrays alone.

*No feasible point.* The elastic program

    maximize    −Σ_i (s⁺_i + s⁻_i)
    subject to  A x + r_i (s⁺_i − s⁻_i)  (≤, =, ≥)  b       s⁻ on ≤ rows, s⁺ on ≥ rows, both on =
                l ≤ x ≤ u,  s ≥ 0,                          r_i the largest coefficient of row i

is feasible, with m to 2m columns more, and its optimum is negative exactly if the program has no
feasible point. Its row duals y are then a Farkas vector: every feasible x of the program would give
0 a safe bound below 0. That bound holds for any y, so nothing about the solver is trusted.

*No finite optimum.* A feasible point and a ray, that is an optimum d with c·d > 0 of

    maximize    c·d
    subject to  A d  (≤, =, ≥)  0
                −1 ≤ d_j ≤ 1, and ≤ 0 or ≥ 0 where x_j has an upper or lower bound,

where a bound may also be one that the rows imply.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from persuasion_lp.arrays import Floats, FrozenMapping, frozen, summed
from persuasion_lp.lp.blocks import Block
from persuasion_lp.lp.certificate import EPS, implied_upper, safe_bound
from persuasion_lp.lp.model import LinearProgram

__all__ = ["elastic", "feasibility", "proves_infeasible", "proves_ray", "rays"]


def feasibility(lp: LinearProgram) -> LinearProgram:
    """The program with objective 0: its value is 0 if it has a feasible point."""
    return replace(lp, objective=frozen(np.zeros(lp.objective.size)), offset=0.0)


def elastic(lp: LinearProgram) -> LinearProgram:
    """The elastic program; its rows are those of ``lp``, and its first columns too."""
    m, n = lp.shape
    short, over = np.flatnonzero(lp.senses >= 0), np.flatnonzero(lp.senses <= 0)
    rows = np.concatenate([short, over])
    sign = np.repeat([1.0, -1.0], [short.size, over.size])
    count = rows.size
    slacks = sparse.csc_array(
        (sign * lp.row_scale[rows], (rows, np.arange(count))), shape=(m, count)
    )
    return LinearProgram(
        objective=frozen(np.repeat([0.0, -1.0], [n, count])),
        matrix=sparse.csc_array(sparse.hstack([lp.matrix, slacks], format="csc")),
        senses=lp.senses,
        rhs=lp.rhs,
        lower=frozen(np.concatenate([lp.lower, np.zeros(count)])),
        upper=frozen(np.concatenate([lp.upper, np.full(count, np.inf)])),
        offset=0.0,
        columns=FrozenMapping({**lp.columns, "elastic": Block("elastic", (count,), n)}),
        rows=lp.rows,
    )


def proves_infeasible(lp: LinearProgram, y: Floats) -> bool:
    """Tell whether ``y``, shape ``(m,)``, proves that no point is feasible (Farkas' lemma)."""
    return safe_bound(feasibility(lp), y, extended=True) < 0


def rays(lp: LinearProgram) -> LinearProgram:
    """The program of rays, bounded and feasible; its columns and rows are those of ``lp``."""
    return replace(
        lp,
        rhs=frozen(np.zeros(lp.rhs.size)),
        lower=frozen(np.where(np.isfinite(lp.lower), 0.0, -1.0)),
        upper=frozen(np.where(np.isfinite(implied_upper(lp)), 0.0, 1.0)),
        offset=0.0,
    )


def proves_ray(lp: LinearProgram, d: Floats) -> bool:
    """Tell whether ``d``, shape ``(n,)``, is a ray of increasing value, up to rounding.

    Rounding is that of evaluating A d and c·d: no tolerance of a solver is granted.
    """
    cone = rays(lp)
    d = np.clip(d, cone.lower, cone.upper)
    rows, columns = lp.matrix.indices, lp.entry_columns
    terms = lp.matrix.data * d[columns]
    moved = summed(rows, terms, lp.rhs.size)
    size = summed(rows, np.abs(terms), lp.rhs.size)
    rounding = (np.bincount(rows, minlength=lp.rhs.size) + 2) * EPS * size
    violation = np.where(lp.senses == 0, np.abs(moved), -lp.senses * moved)
    earned = lp.objective * d
    gained = float(earned.sum()) - (d.size + 2) * EPS * float(np.abs(earned).sum())
    return bool(np.all(violation <= rounding)) and gained > 0
