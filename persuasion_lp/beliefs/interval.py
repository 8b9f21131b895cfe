"""Concave envelopes on an interval: the upper hull of a sequence, in linear time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Integers, ReadOnly
from persuasion_lp.beliefs.hull import hull_vertices
from persuasion_lp.beliefs.splitting import Splitting
from persuasion_lp.errors import GridError

__all__ = ["IntervalEnvelope"]


@dataclass(frozen=True, eq=False, repr=False)
class IntervalEnvelope(ReadOnly):
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
