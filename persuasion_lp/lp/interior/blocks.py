r"""Programs in blocks: columns x[b, s] of block b and state s, coupled by the states' masses.

    maximize    Σ_{b,s} c[b, s] x[b, s]
    subject to  Σ_b x[b, s] = p[s]                           every state s: the only coupling
                Σ_s R[r, s] x[b, s] ≥ 0                      every row r that block b is told of
                x ≥ 0

In public persuasion a block is a profile of recommendations and its rows are obedience; R has one
row for each receiver, action and condition, however many profiles there are. Dual:

    minimize  Σ_s p[s] λ[s]   subject to   λ[s] ≥ c[b, s] + Σ_r ν[b, r] R[r, s],   ν ≥ 0.

Method. Mehrotra's predictor and corrector, with Gondzio's further correctors since a factorization
costs more than a solve. With θ = x/z and g, the slack of a row, the rows of each block are
eliminated by themselves, and a dense Schur complement over states is left:

    M_b  =  R_b Θ_b R_bᵀ + diag(g_b/ν_b)                                  k × k, k rows in a block
    S    =  diag(Σ_b θ_b) − Σ_b (R_b Θ_b)ᵀ M_b⁻¹ (R_b Θ_b)                 states × states

For n receivers with two actions that is n·8^n/2 multiplications for S and 8^n/6 for its factor, at
the speed of matrix products, and some ten arrays of 4^n numbers; nothing else grows. The iterates
are dual feasible up to rounding, so p·λ bounds the value all along.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers

__all__ = ["BlockProgram", "InteriorPoint", "block_memory"]

OVERHEAD = 26 * 2**20
"""Bytes that are taken whatever the size: by libraries, threads, and the program of a vertex."""

ARRAYS = 14
"""Arrays of the size of x that are held at once, temporaries included."""


@dataclass(frozen=True, eq=False)
class BlockProgram:
    """A program in blocks.

    Attributes
    ----------
    mass
        p, all positive, shape ``(S,)``.
    objective
        c, shape ``(B, S)``.
    rows
        R, shape ``(Q, S)``.
    told
        Numbers of the rows of each block, ascending, filled up with Q, shape ``(B, k)``.
    """

    mass: Floats
    objective: Floats
    rows: Floats
    told: Integers

    @property
    def memory(self) -> int:
        """Bytes that the method takes."""
        blocks, states = self.objective.shape
        return block_memory(blocks, states, self.told.shape[1])

    @cached_property
    def active(self) -> NDArray[np.bool_]:
        """Where ``told`` names a row, shape ``(B, k)``."""
        return np.asarray(self.told < len(self.rows))

    @cached_property
    def range(self) -> float:
        """Of the objective, 1 if it is constant."""
        return float(np.ptp(self.objective)) or 1.0

    def spread(self, nu: Floats) -> Floats:
        """Prices by block and row of R, shape ``(B, Q)``."""
        every = np.zeros((len(nu), len(self.rows) + 1))
        np.put_along_axis(every, self.told, nu, axis=1)
        return every[:, :-1]


def block_memory(blocks: int, states: int, rows: int) -> int:
    """Bytes for a program in blocks, its Schur complement and everything in between."""
    return OVERHEAD + 8 * (ARRAYS * blocks * states + 2 * states**2 + 3 * blocks * rows**2)


@dataclass(frozen=True, eq=False)
class InteriorPoint:
    """Where the method ended.

    Attributes
    ----------
    x
        Point, positive everywhere, shape ``(B, S)``.
    z
        Slack of the prices, positive everywhere, shape ``(B, S)``.
    prices
        λ, shape ``(S,)``.
    slack, multipliers
        g and ν, in the places of ``told``.
    gap
        Σ x z + Σ g ν, relative to the range of the objective and the whole mass.
    iterations
        Number of factorizations.
    ended
        ``"optimal"``, ``"time"``, or ``"stalled"``.
    """

    x: Floats
    z: Floats
    prices: Floats
    slack: Floats
    multipliers: Floats
    gap: float
    iterations: int
    ended: str
