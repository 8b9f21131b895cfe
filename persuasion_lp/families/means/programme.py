r"""Posterior-mean persuasion on finitely many states: transport and majorization programmes.

States θ_1 < … < θ_K with masses f_k, candidate means s_1, …, s_S.

**Transport**: π(k, i), the mass of state k that is sent to mean s_i.

    maximize    Σ_i v(s_i) Σ_k π(k, i)
    subject to
    prior       Σ_i π(k, i) = f_k                            every k
    mean        Σ_k π(k, i) (θ_k − s_i) = 0                  every i
                π ≥ 0

K S columns. **Majorization**: only the distribution h of the means. F is a mean-preserving spread
of h iff the two have the same mean and Σ_i h_i (s_i − c)⁺ ≤ Σ_k f_k (θ_k − c)⁺ for all c. Both
sides are piecewise linear in c, the left-hand side convex, so it is enough to ask at the kinks of
the right-hand side: at the states.

    maximize    Σ_i v(s_i) h_i
    subject to
    mass        Σ_i h_i = 1
    mean        Σ_i h_i s_i = E[θ]
    spread      Σ_i h_i (s_i − θ_k)⁺ ≤ Σ_l f_l (θ_l − θ_k)⁺  1 < k < K
                h ≥ 0

S columns. Its dual is the *price function* of Dworczak and Martini (2019), whose coefficients are
the multipliers:

    P(s)  =  y_mass + y_mean s + Σ_k y_k (s − θ_k)⁺,     y_k ≥ 0:  convex, with kinks at states,
    P(s_i) ≥ v(s_i) for every i,     ∫ P dF = value,     P = v on the support of h.

Of the transport programme, P is the lower convex envelope of the prior's multipliers at the states.

**Exactness.** If v is linear between breakpoints (higher where pieces meet), states and breakpoints
are enough candidates: P − v is then piecewise linear with P − v ≥ 0 at every kink, hence everywhere
on [θ_1, θ_K], so that P bounds the problem with all means allowed. Where all numbers are rational,
both programmes are laid out in fractions, row by row and column by column as in floats, and a
rational optimum of theirs is that of the problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from persuasion_lp.arrays import Floats, Rationals, ReadOnly, frozen
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.rational import RationalProgram
from persuasion_lp.lp.size import ProgramSize
from persuasion_lp.primitives.states import StateGrid

__all__ = [
    "MeansFormulation",
    "PriceFunction",
    "build_majorization",
    "build_means",
    "build_rational_means",
    "build_transport",
    "candidate_means",
    "means_size",
    "read_means",
    "spread_integral",
]

MeansFormulation = Literal["majorization", "transport"]


class Solved(Protocol):
    """A solved programme, by blocks."""

    def values(self, name: str) -> Floats:
        """Values of a block of columns."""

    def duals(self, name: str) -> Floats:
        """Duals of a block of rows."""


@dataclass(frozen=True, eq=False)
class PriceFunction(ReadOnly):
    """A convex piecewise linear function by its values at knots.

    Attributes
    ----------
    knots, values
        States in increasing order and P there, shape ``(K,)``.
    """

    knots: Floats
    values: Floats

    def __call__(self, s: ArrayLike) -> Floats:
        """P at points between the first and the last knot, any shape."""
        return np.asarray(np.interp(np.asarray(s, dtype=np.float64), self.knots, self.values))

    @property
    def slopes(self) -> Floats:
        """Slopes between knots, shape ``(K-1,)``."""
        return frozen(np.asarray(np.diff(self.values) / np.diff(self.knots)))

    def integral(self, grid: StateGrid) -> float:
        """∫ P dF."""
        return float(grid.masses @ self(grid.states))


def candidate_means(states: NDArray[Any], extra: NDArray[Any]) -> NDArray[Any]:
    """The states and what lies strictly between them of ``extra``, increasing, each once."""
    low, high = states.min(), states.max()
    return np.unique(np.concatenate([states, extra[(extra > low) & (extra < high)]]))


def means_size(states: int, means: int, formulation: MeansFormulation) -> ProgramSize:
    """Size of the chosen programme with K states and S candidate means."""
    if formulation == "transport":
        return ProgramSize(states * means, states + means, 2 * states * means)
    return ProgramSize(means, states, states * means)


def build_means(
    grid: StateGrid, means: Floats, payoffs: Floats, formulation: MeansFormulation
) -> LinearProgram:
    """The chosen programme for candidate means and the payoffs there, shape ``(S,)``."""
    build = build_majorization if formulation == "majorization" else build_transport
    return build(grid, means, payoffs)


def build_rational_means(
    states: Rationals,
    masses: Rationals,
    means: Rationals,
    payoffs: Rationals,
    formulation: MeansFormulation,
) -> tuple[RationalProgram, LinearProgram]:
    """The chosen programme for candidate means in exact rationals, and its float twin."""
    lay_out = _majorization if formulation == "majorization" else _transport
    exact, twin = (
        lay_out(np.dtype(kind), states, masses, means, payoffs) for kind in (object, np.float64)
    )
    return exact.build_rational(offset=Fraction(0)), twin.build()


def build_transport(
    grid: StateGrid, means: Floats, payoffs: Floats, probabilities: Floats | None = None
) -> LinearProgram:
    """The transport programme; with the probabilities of the means given, what signals give them.

    The rows ``given`` then say Σ_k π(k, i) = h_i.
    """
    kind = np.dtype(np.float64)
    return _transport(kind, grid.states, grid.masses, means, payoffs, probabilities).build()


def build_majorization(grid: StateGrid, means: Floats, payoffs: Floats) -> LinearProgram:
    """The majorization programme."""
    return _majorization(np.dtype(np.float64), grid.states, grid.masses, means, payoffs).build()


def _transport(
    dtype: np.dtype[Any],
    states: NDArray[Any],
    masses: NDArray[Any],
    means: NDArray[Any],
    payoffs: NDArray[Any],
    probabilities: NDArray[Any] | None = None,
) -> LPBuilder:
    builder = LPBuilder(dtype)
    pi = builder.columns("pi", (states.size, means.size), objective=payoffs)
    prior = builder.rows("prior", states.shape, "==", masses)
    mean = builder.rows("mean", means.shape, "==")
    builder.entries(prior[:, None], pi, 1)
    builder.entries(mean[None, :], pi, states[:, None] - means[None, :])
    if probabilities is not None:
        given = builder.rows("given", means.shape, "==", probabilities)
        builder.entries(given[None, :], pi, 1)
    return builder


def _majorization(
    dtype: np.dtype[Any],
    states: NDArray[Any],
    masses: NDArray[Any],
    means: NDArray[Any],
    payoffs: NDArray[Any],
) -> LPBuilder:
    builder = LPBuilder(dtype)
    h = builder.columns("h", means.shape, objective=payoffs)
    mass = builder.rows("mass", (1,), "==", 1)
    mean = builder.rows("mean", (1,), "==", masses @ states)
    builder.entries(mass, h, 1)
    builder.entries(mean, h, means)
    inner = np.unique(states)[1:-1]
    spread = builder.rows("spread", inner.shape, "<=", spread_integral(states, masses, inner))
    builder.entries(spread[:, None], h, np.maximum(means[None, :] - inner[:, None], 0))
    return builder


def read_means(
    grid: StateGrid, solution: Solved, formulation: MeansFormulation
) -> tuple[Floats, PriceFunction]:
    """Probability of each candidate mean, shape ``(S,)``, and the price function."""
    knots = np.unique(grid.states)
    if formulation == "transport":
        probabilities = np.maximum(solution.values("pi"), 0.0).sum(axis=0)
        paid = np.full(knots.size, np.inf)
        np.minimum.at(paid, np.searchsorted(knots, grid.states), solution.duals("prior"))
        return probabilities, _price(knots, _convex_envelope(knots, paid))
    constant, slope = float(solution.duals("mass")[0]), float(solution.duals("mean")[0])
    bends = np.maximum(solution.duals("spread"), 0.0)
    slopes = slope + np.concatenate([[0.0], np.cumsum(bends)])
    start = constant + slope * knots[0]
    values = start + np.concatenate([[0.0], np.cumsum(slopes[: knots.size - 1] * np.diff(knots))])
    return np.maximum(solution.values("h"), 0.0), _price(knots, values)


def spread_integral(points: NDArray[Any], weights: NDArray[Any], c: NDArray[Any]) -> NDArray[Any]:
    """Σ_i weights_i (points_i − c)⁺ for every c, in the numbers given, shape of ``c``."""
    order = np.argsort(points)
    sorted_points, sorted_weights = points[order], weights[order]
    mass = np.append(np.cumsum(sorted_weights[::-1])[::-1], 0)
    moment = np.append(np.cumsum((sorted_weights * sorted_points)[::-1])[::-1], 0)
    first = np.searchsorted(sorted_points, c, side="right")
    return np.asarray(moment[first] - c * mass[first])


def _price(knots: Floats, values: Floats) -> PriceFunction:
    return PriceFunction(frozen(knots), frozen(values))


def _convex_envelope(x: Floats, y: Floats) -> Floats:
    """Lower convex envelope of points with increasing x, at the same x."""
    kept: list[int] = []
    for k in range(x.size):
        while len(kept) > 1:
            i, j = kept[-2:]
            if (y[j] - y[i]) * (x[k] - x[i]) < (y[k] - y[i]) * (x[j] - x[i]):
                break
            kept.pop()
        kept.append(k)
    return np.asarray(np.interp(x, x[kept], y[kept]))
