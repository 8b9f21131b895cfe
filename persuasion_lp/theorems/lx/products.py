r"""The maximum of a rising times a falling function on an interval, proved to a gap.

A payment or a threshold that is better for the manager is accepted by fewer types, so what she
maximizes is g(u) S(u) with g ≥ 0 rising and S ≥ 0 falling. On a cell [u, u'] the product is at most
g(u') S(u); cells on which that does not exceed the best value found are settled, the others cut.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.errors import LimitError

__all__ = ["GAP", "best_of_product"]

FIRST_CELLS, SPLIT, MOST_CELLS = 256, 8, 1 << 18
"""How many cells there are at first, into how many each is cut, and how many there may be: less
than a second."""

GAP = 1e-9
"""Accuracy to which no other point is better, relative to the largest factors: a tenth of the
tolerance with which closed forms are compared."""


def best_of_product(
    rising: Callable[[Floats], Floats], falling: Callable[[Floats], Floats], low: float, high: float
) -> float:
    """The u in [low, high] with the greatest rising(u) · falling(u).

    Parameters
    ----------
    rising, falling
        Not negative, vectorized.
    low, high
        Ends of the interval.

    Raises
    ------
    LimitError
        If the product is so flat that too many cells would have to be told apart.
    """
    if low >= high:
        return low
    from scipy.optimize import minimize_scalar

    def loss(u: float) -> float:
        point = np.array([u])
        return -float((rising(point) * falling(point))[0])

    grid = np.linspace(low, high, FIRST_CELLS + 1)
    best = int(np.argmax(rising(grid) * falling(grid)))
    around = grid[max(best - 1, 0)], grid[min(best + 1, FIRST_CELLS)]
    found = minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-12})
    u = min((float(found.x), float(grid[best])), key=loss)
    left, right = grid[:-1], grid[1:]
    gap = GAP * float((rising(grid[-1:]) * falling(grid[:1]))[0])
    while True:
        accepted = falling(left)
        bound = rising(right) * accepted
        unsettled = bound > -loss(u) + gap
        if not unsettled.any():
            return u
        if int(unsettled.sum()) > MOST_CELLS:
            raise LimitError("refinement", best_bound=float(bound.max()), best_value=-loss(u))
        cuts = np.linspace(left[unsettled], right[unsettled], SPLIT + 1)
        left, right = cuts[:-1].ravel(), cuts[1:].ravel()
        u = min((u, float(left[np.argmax(rising(left) * falling(left))])), key=loss)
