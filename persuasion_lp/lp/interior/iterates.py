"""The interior point method for programs in blocks: its iterates.

The method is described at :mod:`persuasion_lp.lp.interior.blocks`, in the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.blas import dsyrk
from threadpoolctl import threadpool_limits

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.errors import SolverFailureError
from persuasion_lp.limits.deadline import seconds_left
from persuasion_lp.lp.interior.blocks import BlockProgram, InteriorPoint

__all__ = ["interior_point", "one_thread"]

MOST_ITERATIONS = 150
"""More than is ever needed where floats suffice; most programs take 20 to 40."""

CORRECTORS = 3
"""Further corrections of a direction, each for one more solve with the same factor."""

TO_THE_BOUNDARY = 0.99
"""Share of the step to the boundary that is taken."""

CELLS_AT_ONCE = 1 << 15
"""Entries of x that are taken together: what is in between stays in the cache."""

PAIRS = 1
"""Products of pairs of rows, for each state, up to which they are formed for all blocks at once."""

STALLED = 8
"""Iterations that shorten the gap by less than a tenth in all: rounding has the upper hand."""


def one_thread() -> threadpool_limits:
    """Products of small matrices are several times slower when they are shared among threads."""
    return threadpool_limits(1, user_api="blas")


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


class _Chunk(NamedTuple):
    """Blocks from, to, and the number of rows of each of them."""

    start: int
    stop: int
    width: int

    @property
    def blocks(self) -> slice:
        """Places of its blocks."""
        return slice(self.start, self.stop)

    @property
    def rows(self) -> tuple[slice, slice]:
        """Places of their rows."""
        return slice(self.start, self.stop), slice(self.width)


@dataclass(eq=False)
class _Direction:
    """A direction, the longest steps in it, at most 1, and how products change along it."""

    x: Floats
    z: Floats
    prices: Floats
    nu: Floats
    g: Floats
    primal: float = 1.0
    dual: float = 1.0
    products: tuple[float, float, float] = (0.0, 0.0, 0.0)


Products = Callable[[slice], Floats]
"""By how much the products x z of some blocks are to change, divided by z."""


class _Iterates:
    """The iterates: blocks are sorted by their number of rows, so that those alike go together.

    Everything of the size of x is computed chunk by chunk, so that what is in between stays in the
    cache. Prices are feasible from the start, and stay so: λ − worth = z up to rounding.
    """

    def __init__(self, program: BlockProgram) -> None:
        count = program.active.sum(axis=1)
        self.order = np.argsort(-count, kind="stable")
        self.mass, self.rows = program.mass, program.rows
        self.told = program.told[self.order]
        self.range = program.range
        objective = program.objective[self.order]
        blocks, states = objective.shape
        self.chunks = _chunks(count[self.order], states)
        self.active = (self.told < len(self.rows)).astype(float)
        self.idle = 1.0 - self.active
        q = len(self.rows)
        self.pairs = None
        if q * q <= PAIRS * states:
            self.pairs = (self.rows[:, None] * self.rows).reshape(q * q, states).T.copy()
        self.x = np.repeat(self.mass[None] / blocks, blocks, axis=0)
        least = float(self.mass.mean()) / blocks
        self.g = np.ones_like(self.active)
        for chunk in self.chunks:
            given = np.abs(self._given(chunk, self.x[chunk.blocks]))
            self.g[chunk.rows] = np.maximum(given, least)
        tenth = 0.1 * self.range
        self.nu = tenth * self.active
        worth = objective
        for chunk in self.chunks:
            worth[chunk.blocks] += self._charged(chunk, self.nu[chunk.rows])
        self.prices = worth.max(axis=0) + tenth
        self.z = np.subtract(self.prices, worth, out=worth)
        self.size = self.x.size + int(self.active.sum())
        self.iterations = 0

    def run(self, gap: float) -> InteriorPoint:
        scale = self.range * float(self.mass.sum())
        gaps: list[float] = []
        ended = "stalled"
        while True:
            product = float(np.vdot(self.x, self.z) + np.vdot(self.g * self.active, self.nu))
            gaps.append(product / scale)
            if not np.isfinite(gaps[-1]):
                raise SolverFailureError("the interior point method left the range of floats")
            if gaps[-1] <= gap:
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
                self._step(product)
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

    def _given(self, chunk: _Chunk, x: Floats) -> Floats:
        """R_b x_b for the rows of the chunk's blocks."""
        return np.take_along_axis(x @ self.rows.T, self.told[chunk.rows], axis=1)

    def _charged(self, chunk: _Chunk, nu: Floats) -> Floats:
        """R_bᵀ ν_b for the chunk's blocks."""
        every = np.zeros((len(nu), len(self.rows)))
        np.put_along_axis(every, self.told[chunk.rows], nu, axis=1)
        return every @ self.rows

    def _eliminated(self, chunk: _Chunk, h: Floats) -> Floats:
        """M_b⁻¹ h_b for the chunk's blocks."""
        inverse = self.inverse[chunk.start : chunk.stop, : chunk.width, : chunk.width]
        inner = inverse @ h[:, :, None]
        return (inverse.transpose(0, 2, 1) @ inner)[:, :, 0]

    def _factor(self) -> None:
        """Eliminate the rows of each block, and factor the Schur complement over states."""
        states, q = self.mass.size, len(self.rows)
        self.nu_or_one = self.nu + self.idle
        damping = self.g / self.nu_or_one
        self.missing = self.mass.copy()
        self.short = np.zeros_like(self.g)
        schur = np.zeros((states, states), order="F")
        total = np.zeros(states)
        self.inverse = np.zeros((*self.told.shape, self.told.shape[1]))
        for chunk in self.chunks:
            x = self.x[chunk.blocks]
            theta = x / self.z[chunk.blocks]
            total += theta.sum(axis=0)
            self.missing -= x.sum(axis=0)
            if not chunk.width:
                continue
            self.short[chunk.rows] = self.g[chunk.rows] - self._given(chunk, x)
            told, width = self.told[chunk.rows], chunk.width
            own = self.rows[told]
            weighted = own * theta[:, None, :]
            if self.pairs is None:
                inner = weighted @ own.transpose(0, 2, 1)
            else:
                pair = (told[:, :, None] * q + told[:, None, :]).reshape(len(told), -1)
                inner = np.take_along_axis(theta @ self.pairs, pair, axis=1)
                inner = inner.reshape(len(told), width, width)
            diagonal = np.arange(width)
            inner[:, diagonal, diagonal] += damping[chunk.rows]
            inverse = np.linalg.inv(np.linalg.cholesky(inner))
            self.inverse[chunk.start : chunk.stop, :width, :width] = inverse
            eliminated = np.matmul(inverse, weighted, out=own).reshape(-1, states)
            dsyrk(-1.0, eliminated.T, beta=1.0, c=schur, overwrite_c=1, lower=1)
        diagonal = np.arange(states)
        schur[diagonal, diagonal] += total
        schur[diagonal, diagonal] *= 1 + 1e-14
        self.factor = cho_factor(schur, lower=True, overwrite_a=True, check_finite=False)

    def _direction(
        self, products: Products, product_rows: Floats, onto: _Direction | None = None
    ) -> _Direction:
        """Newton's direction to products x z and g ν changed by so much.

        It makes up for what masses and rows lack, unless it is a correction of another direction:
        then it is the sum of both.
        """
        d_x, d_z = np.empty_like(self.x), np.empty_like(self.x)
        h = np.zeros_like(self.g)
        rhs = np.zeros_like(self.mass) if onto else -self.missing
        divided = product_rows / self.nu_or_one
        for chunk in self.chunks:
            e = d_x[chunk.blocks] = products(chunk.blocks)
            rhs += e.sum(axis=0)
            if not chunk.width:
                continue
            lacking = divided[chunk.rows] - self._given(chunk, e)
            if onto is None:
                lacking += self.short[chunk.rows]
            h[chunk.rows] = lacking
            inner = self._charged(chunk, self._eliminated(chunk, lacking))
            inner *= self.x[chunk.blocks]
            inner /= self.z[chunk.blocks]
            rhs += inner.sum(axis=0)
        d_prices = cho_solve(self.factor, rhs, check_finite=False)
        d_nu = np.zeros_like(self.nu)
        primal = dual = 1.0
        x_dz = z_dx = dx_dz = 0.0
        for chunk in self.chunks:
            x, z = self.x[chunk.blocks], self.z[chunk.blocks]
            theta = x / z
            moved = np.broadcast_to(d_prices, theta.shape)
            if chunk.width:
                given = self._given(chunk, theta * d_prices)
                nu = d_nu[chunk.rows] = self._eliminated(chunk, given + h[chunk.rows])
                moved = d_prices - self._charged(chunk, nu)
            here = d_x[chunk.blocks]
            here -= np.multiply(theta, moved, out=theta)
            if onto is not None:
                here += onto.x[chunk.blocks]
                moved = moved + onto.z[chunk.blocks]
            d_z[chunk.blocks] = moved
            primal = max(primal, -float(np.divide(here, x, out=theta).min()))
            dual = max(dual, -float(np.divide(moved, z, out=theta).min()))
            x_dz += float(np.vdot(x, moved))
            z_dx += float(np.vdot(here, z))
            dx_dz += float(np.vdot(here, moved))
        d_g = (product_rows - self.g * d_nu) / self.nu_or_one * self.active
        if onto is not None:
            d_prices, d_nu, d_g = d_prices + onto.prices, d_nu + onto.nu, d_g + onto.g
        primal = max(primal, -float((d_g / self.g).min()))
        dual = max(dual, -float((d_nu / self.nu_or_one).min()))
        return _Direction(
            d_x, d_z, d_prices, d_nu, d_g, 1.0 / primal, 1.0 / dual, (x_dz, z_dx, dx_dz)
        )

    def _step(self, product: float) -> None:
        x, z, g, nu = self.x, self.z, self.g, self.nu
        mu = product / self.size
        first = self._direction(lambda at: -x[at], -g * nu * self.active)
        x_dz, z_dx, dx_dz = first.products
        left = float(np.vdot(x, z)) + first.dual * x_dz + first.primal * (z_dx + first.dual * dx_dz)
        left += float(
            np.vdot((g + first.primal * first.g) * self.active, nu + first.dual * first.nu)
        )
        target = (left / product) ** 3 * mu

        def corrected(at: slice) -> Floats:
            change = first.x[at] * first.z[at]
            np.subtract(target, change, out=change)
            change /= z[at]
            change -= x[at]
            return change

        rows = (target - g * nu - first.g * first.nu) * self.active
        chosen = self._direction(corrected, rows)
        for _ in range(CORRECTORS):
            if min(chosen.primal, chosen.dual) > 0.9:
                break
            further = self._corrected(chosen, target)
            if further.primal + further.dual < chosen.primal + chosen.dual + 0.03:
                break
            if min(further.primal - chosen.primal, further.dual - chosen.dual) < -0.01:
                break
            chosen = further
        primal = min(1.0, TO_THE_BOUNDARY * chosen.primal)
        dual = min(1.0, TO_THE_BOUNDARY * chosen.dual)
        for chunk in self.chunks:
            at = chunk.blocks
            x[at] += primal * chosen.x[at]
            z[at] += dual * chosen.z[at]
        g += primal * chosen.g
        nu += dual * chosen.nu
        self.prices = self.prices + dual * chosen.prices

    def _corrected(self, chosen: _Direction, target: float) -> _Direction:
        """Gondzio's correction: products that a longer step would spoil are drawn to the target."""
        primal, dual = min(1.0, chosen.primal + 0.3), min(1.0, chosen.dual + 0.3)

        def drawn(at: slice) -> Floats:
            product = self.x[at] + primal * chosen.x[at]
            product *= self.z[at] + dual * chosen.z[at]
            change = _drawn(product, target)
            change /= self.z[at]
            return change

        rows = (self.g + primal * chosen.g) * (self.nu + dual * chosen.nu)
        return self._direction(drawn, _drawn(rows, target) * self.active, chosen)


def _drawn(product: Floats, target: float) -> Floats:
    """By how much products are to change to lie within a factor of ten of the target."""
    change = np.clip(product, 0.1 * target, 10 * target)
    change -= product
    return np.maximum(change, -10 * target, out=change)


def _chunks(count: Integers, states: int) -> list[_Chunk]:
    """Blocks with as many rows each; ``count`` falls."""
    chunks, start = [], 0
    while start < count.size:
        width = int(count[start])
        alike = int(np.searchsorted(-count, -width, side="right"))
        stop = min(alike, start + max(1, CELLS_AT_ONCE // states))
        chunks.append(_Chunk(start, stop, width))
        start = stop
    return chunks
