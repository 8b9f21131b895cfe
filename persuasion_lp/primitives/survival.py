r"""∫_t^b (1 − F) by quadrature, for many t at once.

[a, b] is cut into panels, each with the Gauss–Legendre rule of 16 points, in halves where that rule
and the same on both halves differ by more than rounding: at kinks of F, and at ends where it is
steep. What is left of the difference is the error. From a point inside a panel the rule is applied
to the rest of the panel; F is called with arrays, a few times in all.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats

__all__ = ["SurvivalIntegral"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)

FIRST_PANELS, MOST_PANELS, MOST_HALVINGS = 16, 1 << 12, 48
"""At first, and to be cut at once; and how often one is cut. Where that does not do the rest is
error."""

ACCURACY = 2e-15
"""Of a panel, relative to its width: the rounding of F."""


class SurvivalIntegral:
    """The integral as a function of its lower end.

    Parameters
    ----------
    cdf
        F, of arrays.
    low, high
        a and b.

    Attributes
    ----------
    error
        Estimate of its error.
    """

    def __init__(self, cdf: Callable[[Floats], Floats], low: float, high: float) -> None:
        self._cdf = cdf
        left = np.linspace(low, high, FIRST_PANELS + 1)
        left, right = left[:-1], left[1:]
        whole = self._rule(left, right)
        ends, parts = [np.array([high])], [np.array([0.0])]
        self.error = 0.0
        for halving in range(MOST_HALVINGS):
            middle = (left + right) / 2
            halves = np.stack([self._rule(left, middle), self._rule(middle, right)])
            missed = np.abs(halves.sum(axis=0) - whole)
            good = missed <= ACCURACY * (right - left)
            if halving == MOST_HALVINGS - 1 or left.size > MOST_PANELS:
                good[:] = True
            ends += [left[good], middle[good]]
            parts += [*halves[:, good]]
            self.error += float(missed[good].sum())
            left, right = (
                np.concatenate(pair)
                for pair in ((left[~good], middle[~good]), (middle[~good], right[~good]))
            )
            whole = halves[:, ~good].ravel()
            if not left.size:
                break
        order = np.argsort(np.concatenate(ends))
        self._ends = np.concatenate(ends)[order]
        self._beyond = np.cumsum(np.concatenate(parts)[order][::-1])[::-1]

    def __call__(self, t: ArrayLike) -> Floats:
        """∫_t^b (1 − F), any shape."""
        points = np.asarray(t, dtype=np.float64)
        after = np.searchsorted(self._ends, points.ravel(), side="left")
        rest = self._rule(points.ravel(), self._ends[after])
        return np.asarray((rest + self._beyond[after]).reshape(points.shape))

    def _rule(self, left: Floats, right: Floats) -> Floats:
        """The rule on each panel, shape ``(N,)``."""
        half = (right - left) / 2
        points = (left + half)[:, None] + half[:, None] * _NODES
        above = 1.0 - np.asarray(self._cdf(points), dtype=np.float64)
        return np.asarray(half * (above @ _WEIGHTS))
