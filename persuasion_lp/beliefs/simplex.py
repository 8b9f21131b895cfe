r"""Concave envelopes on the simplex of beliefs over K states.

Two routes. For 2 to 4 states the upper hull of the points (μ_g, f(μ_g)): each of its facets is a
hyperplane p·μ, and cav f(μ) = min over facets of p·μ. For any K, one prior at a time, the
belief-grid program

    max  Σ_g λ_g f(μ_g)      columns  λ_g ≥ 0 for each of N beliefs
    s.t. Σ_g λ_g μ_g = prior     rows     one for each of K states

by column generation: a few beliefs are priced by the program, the others by the matrix product
f − μ·p, and those that gain enter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Integers, ReadOnly
from persuasion_lp.beliefs.grids import SAME_BELIEF
from persuasion_lp.beliefs.splitting import Splitting
from persuasion_lp.errors import GridError
from persuasion_lp.lp.highs import LPSolution, solve_lp
from persuasion_lp.lp.model import LPBuilder
from persuasion_lp.lp.options import SolverOptions

__all__ = ["LARGEST_HULL", "ColumnEnvelope", "SimplexEnvelope", "check_simplex"]

LARGEST_HULL = 4
"""Number of states up to which the hull is worth computing; facets explode beyond."""

UPWARD = 1e-12
"""A facet is on the upper hull when its unit normal points up by more than this."""

TOUCHING_PLANES = 1e-12
"""Planes within this share of the size of the payoffs of the lowest one count as touching."""

ENTERING = 1e-12
"""A belief enters the program when it gains more than this share of the size of the payoffs."""

BATCH = 4_000_000
"""Products of beliefs and planes evaluated at once (32 MB)."""

ENTER_AT_ONCE = 64
"""Beliefs that enter the program in one round."""


@dataclass(frozen=True, eq=False, repr=False)
class SimplexEnvelope(ReadOnly):
    """Concave envelope on a simplex of 2 to 4 states, as the minimum of hyperplanes.

    Attributes
    ----------
    beliefs
        The beliefs at which the payoff is known, shape ``(N, K)``.
    payoffs
        The payoff there, shape ``(N,)``.
    planes
        Prices p of the hyperplanes, shape ``(P, K)``; the envelope at μ is the least p·μ.
    facets
        Positions of the corners of the facets of the hull, shape ``(F, K)``.
    facet_planes
        Hyperplane of each facet, shape ``(F,)``.
    """

    beliefs: Floats
    payoffs: Floats
    planes: Floats
    facets: Integers
    facet_planes: Integers

    @classmethod
    def of(cls, beliefs: Floats, payoffs: Floats) -> SimplexEnvelope:
        """Envelope of payoffs at beliefs, shapes ``(N, K)`` and ``(N,)``.

        The hull is taken of the payoffs scaled to [0, 1], with one point far below added: flat
        payoffs have no hull of full dimension without it.
        """
        from scipy.spatial import ConvexHull

        check_simplex(beliefs)
        low, spread = float(payoffs.min()), float(np.ptp(payoffs)) or 1.0
        points = np.column_stack([beliefs[:, :-1], (payoffs - low) / spread])
        apex = np.append(points[:, :-1].mean(axis=0), -2.0)
        hull = ConvexHull(np.vstack([points, apex]))
        equations = hull.equations
        upper = equations[:, -2] > UPWARD
        equations, facets = equations[upper], hull.simplices[upper].astype(np.int64)
        gradient = -equations[:, :-2] / equations[:, -2:-1]
        constant = -equations[:, -1:] / equations[:, -2:-1]
        prices = low + spread * np.hstack([gradient + constant, constant])
        _, first, planes = np.unique(equations, axis=0, return_index=True, return_inverse=True)
        return cls(beliefs, payoffs, prices[first], facets, planes.ravel())

    def __call__(self, beliefs: ArrayLike) -> Floats:
        """Values at beliefs, shape ``(…, K)``."""
        mu = np.asarray(beliefs, dtype=np.float64)
        flat = mu.reshape(-1, mu.shape[-1])
        values = np.empty(len(flat))
        step = max(1, BATCH // len(self.planes))
        for start in range(0, len(flat), step):
            part = slice(start, start + step)
            values[part] = (flat[part] @ self.planes.T).min(axis=1)
        return values.reshape(mu.shape[:-1])[()]

    def at_beliefs(self) -> Floats:
        """Values at the beliefs the envelope was made from, shape ``(N,)``.

        At the corners of the hull these are the payoffs themselves.
        """
        values = self.payoffs.copy()
        corner = np.zeros(len(values), dtype=bool)
        corner[self.facets.ravel()] = True
        values[~corner] = np.maximum(self(self.beliefs[~corner]), values[~corner])
        return values

    def split(self, prior: ArrayLike) -> Splitting:
        """An optimal splitting of a prior into at most K posteriors.

        The corners of the facet over the prior; facets whose planes differ by rounding are tried
        together, and where none of them is well shaped the program decides.
        """
        mu = np.asarray(prior, dtype=np.float64)
        heights = self.planes @ mu
        size = float(np.abs(self.payoffs).max()) or 1.0
        active = heights <= heights.min() + TOUCHING_PLANES * size
        corners = self.facets[active[self.facet_planes]]
        matrices = np.swapaxes(self.beliefs[corners], 1, 2)
        sound = np.abs(np.linalg.det(matrices)) > np.finfo(np.float64).tiny
        corners, matrices = corners[sound], matrices[sound]
        right = np.broadcast_to(mu[:, None], (*matrices.shape[:2], 1))
        weights = np.linalg.solve(matrices, right)[..., 0]
        missed = np.abs((matrices @ weights[..., None])[..., 0] - mu).max(axis=1, initial=0.0)
        quality = np.where(missed <= SAME_BELIEF, weights.min(axis=1), -np.inf)
        best = int(np.argmax(quality)) if quality.size else -1
        if best < 0 or quality[best] < -SAME_BELIEF:
            return ColumnEnvelope(self.beliefs, self.payoffs).split(mu)
        kept = weights[best] > SAME_BELIEF
        share = weights[best][kept]
        ends = corners[best][kept]
        return Splitting(self.beliefs[ends], share / share.sum(), self.payoffs[ends], ends)

    def prices(self, prior: ArrayLike) -> Floats:
        """Price of each state at a prior, shape ``(K,)``."""
        mu = np.asarray(prior, dtype=np.float64)
        price: Floats = self.planes[int(np.argmin(self.planes @ mu))]
        return price

    def __repr__(self) -> str:
        n, k = self.beliefs.shape
        return f"SimplexEnvelope({len(self.planes)} planes over {n} beliefs, {k} states)"


@dataclass(frozen=True, eq=False, repr=False)
class ColumnEnvelope(ReadOnly):
    """Concave envelope on a simplex of any dimension, one linear program for each prior.

    Attributes
    ----------
    beliefs
        Shape ``(N, K)``.
    payoffs
        Shape ``(N,)``.
    """

    beliefs: Floats
    payoffs: Floats

    @classmethod
    def of(cls, beliefs: Floats, payoffs: Floats) -> ColumnEnvelope:
        """Envelope of payoffs at beliefs, shapes ``(N, K)`` and ``(N,)``."""
        check_simplex(beliefs)
        return cls(beliefs, payoffs)

    def __call__(self, beliefs: ArrayLike) -> Floats:
        """Values at beliefs, shape ``(…, K)``."""
        mu = np.asarray(beliefs, dtype=np.float64)
        flat = mu.reshape(-1, mu.shape[-1])
        values = np.array([self._solve(one)[0].value for one in flat])
        return values.reshape(mu.shape[:-1])[()]

    def split(self, prior: ArrayLike) -> Splitting:
        """An optimal splitting of a prior into at most K posteriors."""
        solution, columns = self._solve(np.asarray(prior, dtype=np.float64))
        weights = solution.values("posterior")
        kept = weights > 0
        ends = columns[kept]
        share = weights[kept] / weights[kept].sum()
        return Splitting(self.beliefs[ends], share, self.payoffs[ends], ends)

    def prices(self, prior: ArrayLike) -> Floats:
        """Price of each state at a prior, shape ``(K,)``."""
        solution, _ = self._solve(np.asarray(prior, dtype=np.float64))
        return solution.duals("plausibility")

    def _solve(self, prior: Floats) -> tuple[LPSolution, Integers]:
        """Solve the program at one prior; returns it with the beliefs that entered."""
        size = float(np.abs(self.payoffs).max()) or 1.0
        entered = np.unique(np.argmax(self.beliefs, axis=0))
        options = SolverOptions(algorithm="primal-simplex", presolve=False)
        while True:
            builder = LPBuilder()
            columns = builder.columns("posterior", entered.shape, objective=self.payoffs[entered])
            rows = builder.rows("plausibility", prior.shape, "==", prior)
            builder.entries(rows[:, None], columns[None, :], self.beliefs[entered].T)
            solution = solve_lp(builder.build(), options)
            gain = self.payoffs - self.beliefs @ solution.duals("plausibility")
            gain[entered] = 0.0
            if not gain.max() > ENTERING * size:
                return solution, entered
            best = np.argsort(-gain, kind="stable")[:ENTER_AT_ONCE]
            entered = np.concatenate([entered, best[gain[best] > ENTERING * size]])

    def __repr__(self) -> str:
        n, k = self.beliefs.shape
        return f"ColumnEnvelope({n} beliefs, {k} states)"


def check_simplex(beliefs: Floats) -> None:
    """Raise :class:`GridError` unless the beliefs are on the simplex and include its vertices."""
    total = beliefs.sum(axis=1)
    off = np.flatnonzero(~((beliefs >= 0).all(axis=1) & (np.abs(total - 1) <= SAME_BELIEF)))
    if off.size:
        index = int(off[0])
        raise GridError(
            "x", "must be a point of the simplex", index=index, value=beliefs[index].tolist()
        )
    missing = np.flatnonzero(beliefs.max(axis=0) < 1)
    if missing.size:
        raise GridError(
            "x", f"must include the vertices of the simplex; that of state {missing[0]} is missing"
        )
