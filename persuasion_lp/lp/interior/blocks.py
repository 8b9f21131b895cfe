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
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.blas import dsyrk
from threadpoolctl import threadpool_limits

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.errors import SolverFailureError
from persuasion_lp.limits.deadline import seconds_left

__all__ = ["BlockProgram", "InteriorPoint", "block_memory", "interior_point", "one_thread"]

MOST_ITERATIONS = 150
"""More than is ever needed where floats suffice; most programs take 20 to 40."""

CORRECTORS = 3
"""Further corrections of a direction, each for one more solve with the same factor."""

TO_THE_BOUNDARY = 0.99
"""Share of the step to the boundary that is taken."""

DUAL_RESIDUAL = 1e-9
"""Of prices, relative to the range of the objective, at which a point counts as dual feasible."""

CELLS_AT_ONCE = 400_000
"""Entries of the rows of blocks that are eliminated together: they stay in the cache."""

PAIRS = 1
"""Products of pairs of rows, for each state, up to which they are formed for all blocks at once."""

STALLED = 8
"""Iterations that shorten the gap by less than a tenth in all: rounding has the upper hand."""

ARRAYS = 14
"""Arrays of the size of x that are held at once, temporaries included."""


def one_thread() -> threadpool_limits:
    """Products of small matrices are several times slower when they are shared among threads."""
    return threadpool_limits(1, user_api="blas")


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

    def given(self, x: Floats) -> Floats:
        """R_b x_b for the rows of each block, shape ``(B, k)``."""
        every = np.zeros((len(x), len(self.rows) + 1))
        every[:, :-1] = x @ self.rows.T
        return np.take_along_axis(every, self.told, axis=1)

    def charged(self, nu: Floats) -> Floats:
        """R_bᵀ ν_b for each block, shape ``(B, S)``; prices of no row must be 0."""
        return self.spread(nu) @ self.rows

    def spread(self, nu: Floats) -> Floats:
        """Prices by block and row of R, shape ``(B, Q)``."""
        every = np.zeros((len(nu), len(self.rows) + 1))
        np.put_along_axis(every, self.told, nu, axis=1)
        return every[:, :-1]


def block_memory(blocks: int, states: int, rows: int) -> int:
    """Bytes for a program in blocks, its Schur complement and everything in between."""
    return 8 * (ARRAYS * blocks * states + 2 * states**2 + 3 * blocks * rows**2)


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


def interior_point(program: BlockProgram, gap: float) -> InteriorPoint:
    """Solve a program in blocks up to a gap.

    Parameters
    ----------
    program
        The program; a block without mass must be feasible, as it is where right-hand sides are 0.
    gap
        At which to end, relative to the range of the objective and the whole mass.

    Raises
    ------
    SolverFailureError
        If the numbers leave the range of floats.
    """
    with one_thread(), np.errstate(all="ignore"):
        return _Iterates(program).run(gap)


class _Iterates:
    """The iterates: blocks are sorted by their number of rows, so that those alike go together."""

    def __init__(self, program: BlockProgram) -> None:
        count = program.active.sum(axis=1)
        self.order = np.argsort(-count, kind="stable")
        self.program = BlockProgram(
            program.mass, program.objective[self.order], program.rows, program.told[self.order]
        )
        self.chunks = _chunks(count[self.order], program.mass.size)
        p, c, active = program.mass, self.program.objective, self.program.active
        blocks = len(c)
        self.active = active.astype(float)
        self.idle = 1.0 - self.active
        self.x = np.repeat(p[None] / blocks, blocks, axis=0)
        least = float(p.mean()) / blocks
        given = self.program.given(self.x)
        self.g = np.where(active, np.maximum(np.abs(given), least), 1.0)
        tenth = 0.1 * program.range
        self.nu = tenth * self.active
        worth = c + self.program.charged(self.nu)
        self.prices = worth.max(axis=0) + tenth
        self.z = self.prices - worth
        self.spare = np.empty_like(self.x)
        q = len(program.rows)
        self.pairs = np.empty((0, p.size))
        if q * q <= PAIRS * p.size:
            self.pairs = (program.rows[:, None] * program.rows).reshape(q * q, p.size)
        self.size = c.size + int(active.sum())
        self.iterations = 0

    def run(self, gap: float) -> InteriorPoint:
        program = self.program
        scale = program.range * float(program.mass.sum())
        gaps: list[float] = []
        ended = "stalled"
        while True:
            self._residuals()
            product = self._product()
            gaps.append(product / scale)
            if not np.isfinite(gaps[-1]):
                raise SolverFailureError("the interior point method left the range of floats")
            residual = float(np.abs(self.dual).max()) / program.range
            if gaps[-1] <= gap and residual <= DUAL_RESIDUAL:
                ended = "optimal"
                break
            if not seconds_left():
                ended = "time"
                break
            late = len(gaps) > STALLED and gaps[-1] > 0.9 * gaps[-1 - STALLED]
            if self.iterations >= MOST_ITERATIONS or (late and gaps[-1] < 1e-6):
                break
            try:
                self._factor()
                self._step(product / self.size)
            except (np.linalg.LinAlgError, ValueError):
                break
            self.iterations += 1
        back = np.argsort(self.order)
        return InteriorPoint(
            x=self.x[back],
            z=self.z[back],
            prices=self.prices,
            slack=self.g[back],
            multipliers=self.nu[back],
            gap=gaps[-1],
            iterations=self.iterations,
            ended=ended,
        )

    def _residuals(self) -> None:
        """What the point lacks: of the states' masses, of the rows, of the prices."""
        program = self.program
        self.missing = program.mass - self.x.sum(axis=0)
        self.short = (self.g - program.given(self.x)) * self.active
        dual = program.charged(self.nu)
        dual += program.objective
        np.subtract(self.prices, dual, out=dual)
        dual -= self.z
        self.dual = dual

    def _product(self) -> float:
        return float(np.vdot(self.x, self.z) + np.vdot(self.g * self.active, self.nu))

    def _factor(self) -> None:
        """Eliminate the rows of each block, and factor the Schur complement over states."""
        program = self.program
        states = program.mass.size
        self.per_x, self.per_z = 1.0 / self.x, 1.0 / self.z
        self.theta = self.x * self.per_z
        self.nu_or_one = self.nu + self.idle
        damping = self.g / self.nu_or_one
        schur = np.zeros((states, states), order="F")
        q, k = len(program.rows), program.told.shape[1]
        paired = None if q * q > PAIRS * states else self.theta @ self.pairs.T
        self.inverse = np.zeros((len(self.x), k, k))
        for start, stop, width in self.chunks:
            if not width:
                continue
            told = program.told[start:stop, :width]
            own = program.rows[told]
            weighted = own * self.theta[start:stop, None, :]
            if paired is None:
                inner = weighted @ own.transpose(0, 2, 1)
            else:
                pair = (told[:, :, None] * q + told[:, None, :]).reshape(stop - start, -1)
                inner = np.take_along_axis(paired[start:stop], pair, axis=1)
                inner = inner.reshape(stop - start, width, width)
            diagonal = np.arange(width)
            inner[:, diagonal, diagonal] += damping[start:stop, :width]
            inverse = np.linalg.inv(np.linalg.cholesky(inner))
            self.inverse[start:stop, :width, :width] = inverse
            eliminated = np.matmul(inverse, weighted, out=own).reshape(-1, states)
            dsyrk(-1.0, eliminated.T, beta=1.0, c=schur, overwrite_c=1, lower=1)
        diagonal = np.arange(states)
        schur[diagonal, diagonal] += self.theta.sum(axis=0)
        schur[diagonal, diagonal] *= 1 + 1e-14
        self.transposed = np.ascontiguousarray(np.swapaxes(self.inverse, 1, 2))
        self.factor = cho_factor(schur, lower=True, overwrite_a=True, check_finite=False)

    def _eliminated(self, h: Floats) -> Floats:
        """M_b⁻¹ h_b for each block."""
        return (self.transposed @ (self.inverse @ h[:, :, None]))[:, :, 0] * self.active

    def _direction(
        self, product: Floats, product_rows: Floats, *, residuals: bool
    ) -> tuple[Floats, ...]:
        """Newton's direction (dx, dz, dλ, dν, dg) to products x z and g ν changed by so much."""
        program = self.program
        product *= self.per_z
        e = product - self.theta * self.dual if residuals else product
        h = product_rows / self.nu_or_one - program.given(e)
        rhs = e.sum(axis=0)
        if residuals:
            h += self.short
            rhs -= self.missing
        h *= self.active
        inner = program.charged(self._eliminated(h))
        inner *= self.theta
        rhs += inner.sum(axis=0)
        d_prices = cho_solve(self.factor, rhs, check_finite=False)
        np.multiply(self.theta, d_prices, out=inner)
        d_nu = self._eliminated(program.given(inner) + h)
        d_z = program.charged(d_nu)
        np.subtract(d_prices, d_z, out=d_z)
        if residuals:
            d_z += self.dual
        np.multiply(self.theta, d_z, out=inner)
        d_x = np.subtract(product, inner, out=inner)
        d_g = (product_rows - self.g * d_nu) / self.nu_or_one * self.active
        return d_x, d_z, d_prices, d_nu, d_g

    def _lengths(self, direction: tuple[Floats, ...]) -> tuple[float, float]:
        """Steps to the boundary, in the point and in the prices, at most 1."""
        d_x, d_z, _, d_nu, d_g = direction
        ratio = np.multiply(d_x, self.per_x, out=self.spare)
        primal = max(-float(ratio.min()), -float((d_g / self.g).min()))
        ratio = np.multiply(d_z, self.per_z, out=self.spare)
        dual = max(-float(ratio.min()), -float((d_nu / self.nu_or_one).min()))
        return 1.0 / max(primal, 1.0), 1.0 / max(dual, 1.0)

    def _step(self, mu: float) -> None:
        x, z, g, nu = self.x, self.z, self.g, self.nu
        first = self._direction(-x * z, -g * nu * self.active, residuals=True)
        primal, dual = self._lengths(first)
        d_x, d_z, _, d_nu, d_g = first
        left = float(
            np.vdot(x + primal * d_x, z + dual * d_z)
            + np.vdot((g + primal * d_g) * self.active, nu + dual * d_nu)
        )
        target = (left / self.size / mu) ** 3 * mu
        d_x *= d_z
        d_x += x * z
        chosen = self._direction(
            np.subtract(target, d_x, out=d_x),
            (target - g * nu - d_g * d_nu) * self.active,
            residuals=True,
        )
        primal, dual = self._lengths(chosen)
        for _ in range(CORRECTORS):
            if min(primal, dual) > 0.9:
                break
            further = self._corrected(chosen, primal, dual, target)
            longer_primal, longer_dual = self._lengths(further)
            if longer_primal + longer_dual < primal + dual + 0.03:
                break
            if min(longer_primal - primal, longer_dual - dual) < -0.01:
                break
            chosen, primal, dual = further, longer_primal, longer_dual
        d_x, d_z, d_prices, d_nu, d_g = chosen
        primal = min(1.0, TO_THE_BOUNDARY * primal)
        dual = min(1.0, TO_THE_BOUNDARY * dual)
        x += np.multiply(primal, d_x, out=d_x)
        z += np.multiply(dual, d_z, out=d_z)
        g += primal * d_g
        nu += dual * d_nu
        self.prices = self.prices + dual * d_prices

    def _corrected(
        self, direction: tuple[Floats, ...], primal: float, dual: float, target: float
    ) -> tuple[Floats, ...]:
        """Gondzio's correction: products that a longer step would spoil are drawn to the target."""
        d_x, d_z, _, d_nu, d_g = direction
        primal, dual = min(1.0, primal + 0.3), min(1.0, dual + 0.3)
        product = self.x + primal * d_x
        product *= self.z + dual * d_z
        rows = (self.g + primal * d_g) * (self.nu + dual * d_nu)
        correction = self._direction(
            _drawn(product, target), _drawn(rows, target) * self.active, residuals=False
        )
        return tuple(a + b for a, b in zip(direction, correction, strict=True))


def _drawn(product: Floats, target: float) -> Floats:
    """By how much products are to change to lie within a factor of ten of the target."""
    change = np.clip(product, 0.1 * target, 10 * target)
    change -= product
    return np.maximum(change, -10 * target, out=change)


def _chunks(count: Integers, states: int) -> list[tuple[int, int, int]]:
    """Blocks from, to, and the number of rows of each; ``count`` falls."""
    chunks, start = [], 0
    while start < count.size:
        width = int(count[start])
        alike = int(np.searchsorted(-count, -width, side="right"))
        stop = min(alike, start + max(1, CELLS_AT_ONCE // (max(1, width) * states)))
        chunks.append((start, stop, width))
        start = stop
    return chunks
