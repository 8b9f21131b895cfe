r"""Concave envelopes: cav f is the least concave function nowhere below f.

For a payoff f known at beliefs x_1 … x_N,

    cav f(μ) = max { Σ_g λ_g f(x_g) : Σ_g λ_g x_g = μ, Σ_g λ_g = 1, λ ≥ 0 },

the value of persuading one receiver at the prior μ (Kamenica and Gentzkow 2011). The maximizer is a
*splitting* of μ; the dual is a hyperplane above f that touches it at the splitting, the *price* of
each state: p·x_g ≥ f(x_g) for all g and p·μ = cav f(μ).

On an interval the envelope is the upper hull of a sequence, found in linear time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.beliefs.functions import evaluated, finite_values
from persuasion_lp.beliefs.grids import IntervalGrid, SimplexGrid
from persuasion_lp.beliefs.hull import hull_vertices
from persuasion_lp.beliefs.piecewise import PiecewiseLinear
from persuasion_lp.errors import GridError, OptionError

__all__ = ["Envelope", "IntervalEnvelope", "Splitting", "concavify"]

Method = Literal["auto", "hull", "lp"]


@dataclass(frozen=True, eq=False)
class Splitting:
    """A prior split into posteriors.

    Attributes
    ----------
    posteriors
        Shape ``(m,)`` on an interval, ``(m, K)`` on a simplex.
    weights
        Their probabilities, shape ``(m,)``, positive, sum 1.
    payoffs
        The payoff at each posterior, shape ``(m,)``.
    positions
        Which of the beliefs the envelope was made from each posterior is, shape ``(m,)``.
    """

    posteriors: Floats
    weights: Floats
    payoffs: Floats
    positions: Integers

    @property
    def value(self) -> float:
        """Expected payoff, which is the envelope at the prior."""
        return float(self.weights @ self.payoffs)


class Envelope(Protocol):
    """What every concave envelope offers, on an interval or on a simplex."""

    def __call__(self, beliefs: ArrayLike) -> Floats:
        """Values of the envelope at beliefs."""
        ...

    def split(self, prior: ArrayLike) -> Splitting:
        """An optimal splitting of a prior."""
        ...

    def prices(self, prior: ArrayLike) -> Floats:
        """Price of each state: a supporting hyperplane of the envelope at a prior."""
        ...


@dataclass(frozen=True, eq=False, repr=False)
class IntervalEnvelope:
    """Concave envelope on an interval.

    Attributes
    ----------
    vertices
        Beliefs at which the envelope touches the payoff and bends, increasing, shape ``(V,)``.
    values
        The payoff there, shape ``(V,)``.
    positions
        Which of the beliefs the envelope was made from they are, shape ``(V,)``.
    """

    vertices: Floats
    values: Floats
    positions: Integers

    @classmethod
    def of(cls, x: Floats, f: Floats) -> IntervalEnvelope:
        """Envelope of the values ``f`` at the increasing beliefs ``x``.

        Raises
        ------
        GridError
            If the beliefs do not increase, or are not finite.
        """
        rising = x[1:] > x[:-1]
        if not rising.all() or not np.isfinite(x[[0, -1]]).all():
            falling = np.flatnonzero(~rising)
            index = int(falling[0]) + 1 if falling.size else 0
            raise GridError("x", "must increase and be finite", index=index, value=float(x[index]))
        kept = hull_vertices(x, f)
        vertices, values = x[kept], f[kept]
        vertices.setflags(write=False)
        values.setflags(write=False)
        return cls(vertices, values, kept)

    def __call__(self, beliefs: ArrayLike) -> Floats:
        """Values of the envelope at beliefs, any shape."""
        inside = self._inside(beliefs)
        return np.asarray(np.interp(inside, self.vertices, self.values))[()]

    def split(self, prior: ArrayLike) -> Splitting:
        """An optimal splitting of a prior into at most two posteriors."""
        x = float(self._inside(prior))
        k = self._piece(x)
        low, high = float(self.vertices[k]), float(self.vertices[k + 1])
        share = (x - low) / (high - low)
        ends = [end for end, weight in ((k, 1 - share), (k + 1, share)) if weight > 0]
        weights = np.array([weight for weight in (1 - share, share) if weight > 0])
        return Splitting(self.vertices[ends], weights, self.values[ends], self.positions[ends])

    def prices(self, prior: ArrayLike) -> Floats:
        """Price of L and of H: the values at beliefs 0 and 1 of a line that supports the envelope.

        Where the envelope bends, the line of the piece on the left.
        """
        k = self._piece(float(self._inside(prior)))
        low, high = self.vertices[k], self.vertices[k + 1]
        slope = (self.values[k + 1] - self.values[k]) / (high - low)
        return np.array([self.values[k] - slope * low, self.values[k] + slope * (1 - low)])

    def _inside(self, beliefs: ArrayLike) -> Floats:
        x = np.asarray(beliefs, dtype=np.float64)
        low, high = float(self.vertices[0]), float(self.vertices[-1])
        outside = ~((x >= low) & (x <= high))
        if outside.any():
            place = tuple(int(k) for k in np.argwhere(outside)[0])
            raise GridError(
                "beliefs",
                f"must lie in [{low:g}, {high:g}]",
                index=place or None,
                value=float(x[place]),
            )
        return x

    def _piece(self, x: float) -> int:
        return int(np.clip(np.searchsorted(self.vertices, x) - 1, 0, self.vertices.size - 2))

    def __repr__(self) -> str:
        return (
            f"IntervalEnvelope({self.vertices.size} vertices on "
            f"[{self.vertices[0]:g}, {self.vertices[-1]:g}])"
        )


def concavify(
    x: ArrayLike | IntervalGrid | SimplexGrid,
    f: ArrayLike | Callable[[Floats], ArrayLike],
    *,
    method: Method = "auto",
) -> Envelope:
    """Concave envelope of a payoff known at beliefs.

    Parameters
    ----------
    x
        Beliefs: increasing numbers, shape ``(N,)``; points of a simplex that include its vertices,
        shape ``(N, K)``; or a grid.
    f
        Payoffs there, shape ``(N,)``, or a vectorized function of the beliefs. The breakpoints of a
        :class:`PiecewiseLinear` function are added to the beliefs, so that none is missed.
    method
        ``"hull"``: the whole envelope by its upper hull, on an interval or a simplex of 2 to 4
        states. ``"lp"``: each value by a linear program with column generation, for any number of
        states. ``"auto"``: the hull where it exists.

    Returns
    -------
    Envelope
        Callable at any beliefs; ``split(prior)`` gives posteriors and weights, ``prices(prior)``
        the supporting hyperplane.

    Raises
    ------
    GridError
        For beliefs that do not increase, are no points of a simplex, or lack its vertices.
    PayoffError
        For payoffs that are not finite or of the wrong shape, and functions that are not
        vectorized; the first belief concerned is named.

    Examples
    --------
    A judge who convicts at beliefs of at least 0.8 (Kamenica and Gentzkow 2011):

    >>> envelope = concavify([0, 0.8, 1], [0, 1, 1])
    >>> float(envelope(0.5)), envelope.split(0.5).posteriors, envelope.prices(0.5)
    (0.625, array([0. , 0.8]), array([0.  , 1.25]))
    """
    if method not in ("auto", "hull", "lp"):
        raise OptionError("method", "must be 'auto', 'hull' or 'lp'", value=method)
    beliefs = np.asarray(
        x.nodes if isinstance(x, (IntervalGrid, SimplexGrid)) else x, dtype=np.float64
    )
    if beliefs.ndim not in (1, 2) or len(beliefs) < 2:
        raise GridError(
            "x", "must hold at least two beliefs, shape (N,) or (N, K)", value=beliefs.shape
        )
    if isinstance(f, PiecewiseLinear) and beliefs.ndim == 1:
        between = (f.breakpoints > beliefs[0]) & (f.breakpoints < beliefs[-1])
        beliefs = np.union1d(beliefs, f.breakpoints[between])
    values = evaluated(f, beliefs, "f") if callable(f) else finite_values(f, beliefs, "f")
    if beliefs.ndim == 1:
        if method == "lp":
            raise OptionError("method", "must be 'hull' on an interval", value=method)
        return IntervalEnvelope.of(beliefs, values)
    from persuasion_lp.beliefs.simplex import LARGEST_HULL, ColumnEnvelope, SimplexEnvelope

    states = beliefs.shape[1]
    if method == "hull" and states > LARGEST_HULL:
        raise OptionError(
            "method", f"must be 'lp' for more than {LARGEST_HULL} states", value=method
        )
    if method == "lp" or states > LARGEST_HULL:
        return ColumnEnvelope.of(beliefs, values)
    return SimplexEnvelope.of(beliefs, values)
