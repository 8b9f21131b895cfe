r"""From a point inside the optimal face of a program in blocks to a vertex of it.

An interior point method ends inside the face of optimal points, which may have many more columns
than a vertex: 3^n of 4^n where every receiver would rather accept. On the face every point is
optimal, so any objective chooses among them; with r = ρ/x, ρ random between 1 and 2,

    minimize  Σ r x    over the columns of the face, rows with a price held with equality,

the point at hand is well centred from the start (x z = ρ), a few iterations lead far enough towards
a vertex for its columns to stand out, and the solver that is asked for the vertex itself has little
more than these to look at. Blocks have few columns by now, so the Schur complement is put together
from m_b × m_b squares for the m_b columns of a block: 5^n operations instead of n·8^n.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.blas import dsyrk

from persuasion_lp.arrays import Floats, Integers, summed
from persuasion_lp.limits.deadline import seconds_left
from persuasion_lp.lp.interior.blocks import BlockProgram, InteriorPoint
from persuasion_lp.lp.interior.iterates import one_thread

__all__ = ["likely_columns"]

FEW = 3
"""Columns for each row up to which the solver finds a vertex of the face by itself in a moment."""

SEPARATED = 1e-9
"""Gap, relative to where it begins, at which the columns of a vertex stand out."""

ROWS_AT_ONCE = 256
"""Rows of wide blocks that are multiplied together."""

PRODUCTS_FOR_AN_ENTRY = 2000
"""Multiplications, by matrices, in the time that one entry takes that is reached by its place."""

MOST_ITERATIONS = 60
TO_THE_BOUNDARY = 0.99

RIDGES = (1e-13, 1e-10, 1e-7, 1e-4)
"""Shares by which the diagonal is raised until a factor exists: directions are corrected by what
masses and rows still lack."""

LEFT_IN = 1e-4
"""Ratio of x to z, both relative to where they began, from which a column is left in."""


def likely_columns(program: BlockProgram, point: InteriorPoint) -> NDArray[np.bool_]:
    """Columns among which there is an optimal vertex, little more than its own.

    Parameters
    ----------
    program
        The program.
    point
        An optimal point of it.

    Returns
    -------
    NDArray
        Shape ``(B, S)``.
    """
    share = point.x / program.mass
    face = share * program.range > point.z
    used = int(face.any(axis=1).sum())
    rows = program.mass.size + int(program.active[face.any(axis=1)].sum())
    if not used or np.count_nonzero(face) <= FEW * rows:
        return face
    with one_thread(), np.errstate(all="ignore"):
        kept = _Face.of(program, point, face).columns()
    blocks, states = np.nonzero(face)
    chosen = np.zeros_like(face)
    chosen[blocks[kept], states[kept]] = True
    return chosen


@dataclass(eq=False)
class _Face:
    """Columns of the face, block by block, and the iterates on them."""

    mass: Floats
    states: Integers
    starts: Integers
    coefficients: Floats
    block: Integers
    count: Integers
    held: NDArray[np.bool_]
    x: Floats
    z: Floats
    g: Floats
    nu: Floats

    @classmethod
    def of(cls, program: BlockProgram, point: InteriorPoint, face: NDArray[np.bool_]) -> _Face:
        blocks, states = np.nonzero(face)
        used, starts, block = np.unique(blocks, return_index=True, return_inverse=True)
        rows = np.vstack([program.rows, np.zeros(program.mass.size)])
        x = point.x[blocks, states]
        random = np.random.default_rng(0).uniform(1.0, 2.0, x.size)
        active = program.active[used]
        slack, multipliers = point.slack[used], point.multipliers[used]
        unit = float(program.mass.mean())
        held = ~active | (multipliers * unit > slack * program.range)
        return cls(
            mass=program.mass,
            states=states,
            starts=starts,
            coefficients=rows[program.told[blocks], states[:, None]],
            block=block,
            count=active.sum(axis=1),
            held=held,
            x=x,
            z=random / x,
            g=np.where(held, 0.0, slack),
            nu=np.where(held, 0.0, 1.0 / np.where(held, 1.0, slack)),
        )

    def columns(self) -> NDArray[np.bool_]:
        """Those that are left in when a vertex is near."""
        began = self.x.copy(), self.z.copy()
        free = ~self.held
        size = self.x.size + int(free.sum())
        first = None
        for _ in range(MOST_ITERATIONS):
            mu = (float(self.x @ self.z) + float((self.g * self.nu)[free].sum())) / size
            first = first or mu
            if mu <= SEPARATED * first or not seconds_left():
                break
            before = self.x.copy(), self.z.copy()
            try:
                self._step(mu, size)
            except (np.linalg.LinAlgError, ValueError):
                self.x, self.z = before
                break
        return np.asarray((self.x / began[0]) * (began[1] / self.z) > LEFT_IN)

    def _given(self, x: Floats) -> Floats:
        return np.add.reduceat(self.coefficients * x[:, None], self.starts, axis=0)

    def _charged(self, nu: Floats) -> Floats:
        return np.einsum("jk,jk->j", self.coefficients, nu[self.block])

    def _by_state(self, values: Floats) -> Floats:
        return summed(self.states, values, self.mass.size)

    def _factor(self) -> None:
        k = self.coefficients.shape[1]
        theta = self.theta = self.x / self.z
        states = self.mass.size
        schur = np.asfortranarray(np.diag(self._by_state(theta)))
        damping = np.where(self.held, 0.0, self.g / np.where(self.held, 1.0, self.nu))
        self.inverse = np.zeros((self.starts.size, k, k))
        spread, filled = np.zeros((ROWS_AT_ONCE + k, states)), 0
        ends = np.append(self.starts[1:], theta.size)
        for b, (start, end) in enumerate(zip(self.starts, ends, strict=True)):
            width = self.count[b]
            if not width:
                continue
            own = self.coefficients[start:end, :width]
            weighted = own.T * theta[start:end]
            inner = weighted @ own
            inner.flat[:: width + 1] = (inner.diagonal() + damping[b, :width]) * (1 + 1e-12)
            inverse = np.linalg.inv(np.linalg.cholesky(inner))
            self.inverse[b, :width, :width] = inverse
            eliminated = inverse @ weighted
            at = self.states[start:end]
            if at.size**2 < width * states**2 / PRODUCTS_FOR_AN_ENTRY:
                schur[at[:, None], at] -= eliminated.T @ eliminated
                continue
            spread[filled : filled + width, at] = eliminated
            filled += width
            if filled >= ROWS_AT_ONCE:
                schur = _less_squares(schur, spread[:filled])
                filled = 0
        if filled:
            schur = _less_squares(schur, spread[:filled])
        self.factor = _factored(schur)

    def _eliminated(self, h: Floats) -> Floats:
        inner = np.einsum("bij,bj->bi", self.inverse, h)
        return np.einsum("bji,bj->bi", self.inverse, inner)

    def _direction(
        self, product: Floats, product_rows: Floats, missing: Floats, short: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        e = product / self.z
        divided = np.where(self.held, 0.0, product_rows / np.where(self.held, 1.0, self.nu))
        h = short + divided - self._given(e)
        rhs = self._by_state(e + self.theta * self._charged(self._eliminated(h))) - missing
        d_prices = cho_solve(self.factor, rhs, check_finite=False)
        moved = self.theta * d_prices[self.states]
        d_nu = self._eliminated(self._given(moved) + h)
        d_z = d_prices[self.states] - self._charged(d_nu)
        d_x = e - self.theta * d_z
        ratio = np.where(self.held, 0.0, self.g / np.where(self.held, 1.0, self.nu))
        return d_x, d_z, d_nu, np.where(self.held, 0.0, divided - ratio * d_nu)

    def _lengths(self, direction: tuple[Floats, Floats, Floats, Floats]) -> tuple[float, float]:
        d_x, d_z, d_nu, d_g = direction
        free = ~self.held
        g, nu = self.g[free], self.nu[free]
        primal = max(-float((d_x / self.x).min()), float((-d_g[free] / g).max(initial=0.0)))
        dual = max(-float((d_z / self.z).min()), float((-d_nu[free] / nu).max(initial=0.0)))
        return 1.0 / max(primal, 1.0), 1.0 / max(dual, 1.0)

    def _step(self, mu: float, size: int) -> None:
        free = ~self.held
        self._factor()
        missing = self.mass - self._by_state(self.x)
        short = self.g - self._given(self.x)
        rows = np.where(free, self.g * self.nu, 0.0)
        first = self._direction(-self.x * self.z, -rows, missing, short)
        primal, dual = self._lengths(first)
        d_x, d_z, d_nu, d_g = first
        left = float((self.x + primal * d_x) @ (self.z + dual * d_z))
        left += float(((self.g + primal * d_g) * (self.nu + dual * d_nu))[free].sum())
        target = (left / size / mu) ** 3 * mu
        chosen = self._direction(
            target - self.x * self.z - d_x * d_z,
            np.where(free, target - rows - d_g * d_nu, 0.0),
            missing,
            short,
        )
        primal, dual = (TO_THE_BOUNDARY * length for length in self._lengths(chosen))
        d_x, d_z, d_nu, d_g = chosen
        self.x = self.x + primal * d_x
        self.z = self.z + dual * d_z
        self.g = self.g + primal * d_g
        self.nu = np.where(free, self.nu + dual * d_nu, 0.0)


def _factored(schur: Floats) -> tuple[Floats, bool]:
    """Cholesky's factor; where rounding has made it indefinite, with a heavier diagonal."""
    diagonal = np.arange(len(schur)), np.arange(len(schur))
    entries = schur[diagonal].copy()
    for ridge in RIDGES:
        schur[diagonal] = entries * (1 + ridge)
        try:
            return cho_factor(schur, lower=True, check_finite=False)
        except np.linalg.LinAlgError:
            continue
    raise np.linalg.LinAlgError("the Schur complement is not positive")


def _less_squares(schur: Floats, rows: Floats) -> Floats:
    """The lower half less the products of rows, which are emptied."""
    less = dsyrk(-1.0, rows.T, beta=1.0, c=schur, overwrite_c=1, lower=1)
    rows[:] = 0.0
    return np.asarray(less)
