r"""Concave envelopes of many functions on the same few beliefs at once.

Searching over orders needs the envelopes of 10⁴ to 10⁶ functions on some tens of breakpoints, where
a call for each would cost far more than its work. The envelope's slopes are a decreasing regression
of the function's slopes, and scaling or shifting these changes nothing: scaled to [0, 1] and
shifted below those of the function before, the slopes of many functions are one decreasing
regression, in which functions never merge.

The shift costs digits, so the result is checked: a chain of vertices that some value exceeds, or
that is further below the concave function with its slopes raised to the highest that follows than
rounding explains, is computed again by itself, and without rounding if that does not help.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.beliefs.hull import hull_vertices

__all__ = ["batched_envelopes"]

TOGETHER = 256
"""Functions in one regression: few enough for the shift to cost less than three digits."""

REGRESSION_ROUNDING = 1e-13
"""Share of a function's size by which its envelope may fail before it is computed again."""


def batched_envelopes(x: Floats, tables: Floats) -> Floats:
    """Concave envelopes of functions given at common beliefs, at these beliefs.

    Parameters
    ----------
    x
        Increasing beliefs, shape ``(P,)``, P ≥ 2.
    tables
        Values of the functions, shape ``(B, P)``.

    Returns
    -------
    Floats
        Values of their envelopes, shape ``(B, P)``.
    """
    if x.size == 2 or not len(tables):
        return tables.copy()
    parts = [_together(x, tables[k : k + TOGETHER]) for k in range(0, len(tables), TOGETHER)]
    return np.concatenate(parts)


def _together(x: Floats, tables: Floats) -> Floats:
    from scipy.optimize import isotonic_regression

    count, points = tables.shape
    steps = np.diff(x)
    falls = (tables[:, :-1] - tables[:, 1:]) / steps
    least = falls.min(axis=1, keepdims=True)
    spread = falls.max(axis=1, keepdims=True) - least
    scaled = (falls - least) / np.where(spread > 0, spread, 1.0)
    scaled += 2.0 * np.arange(count)[:, None]
    blocks = isotonic_regression(scaled.ravel(), weights=np.tile(steps, count)).blocks
    vertex = np.zeros((count, points), dtype=bool)
    row, column = np.divmod(blocks[:-1], points - 1)
    vertex[row, column] = True
    vertex[:, -1] = True

    place = np.flatnonzero(vertex)
    before = np.cumsum(vertex.ravel()).reshape(count, points) - 1
    left = place[before]
    right = place[np.minimum(before + ~vertex, place.size - 1)]
    flat, where = tables.ravel(), np.tile(x, count)
    run = where[right] - where[left]
    share = (x - where[left]) / np.where(run > 0, run, 1.0)
    found = flat[left] + (flat[right] - flat[left]) * share
    np.copyto(found, tables, where=vertex)

    slopes = np.diff(found) / steps
    raised = np.maximum.accumulate(slopes[:, ::-1], axis=1)[:, ::-1]
    bend = ((raised - slopes) * steps).sum(axis=1)
    below = (tables - found).max(axis=1)
    noise = REGRESSION_ROUNDING * np.maximum(np.ptp(tables, axis=1), np.abs(tables).max(axis=1))
    for k in np.flatnonzero((bend > noise) | (below > noise)):
        found[k] = _by_itself(x, tables[k], float(noise[k]))
    return np.maximum(found, tables)


def _by_itself(x: Floats, table: Floats, noise: float) -> Floats:
    """The envelope of one function by its hull, without rounding where that is not concave."""
    kept = hull_vertices(x, table)
    steps = np.diff(x[kept])
    slopes = np.diff(table[kept]) / steps
    raised = np.maximum.accumulate(slopes[::-1])[::-1]
    if float(((raised - slopes) * steps).sum()) > noise:
        kept = _exact_vertices(x, table)
    return np.asarray(np.interp(x, x[kept], table[kept]))


def _exact_vertices(x: Floats, table: Floats) -> Integers:
    """Positions of the vertices of the upper hull, by comparison of fractions."""
    at = [Fraction(position) for position in x.tolist()]
    values = [Fraction(value) for value in table.tolist()]
    kept: list[int] = []
    for k, value in enumerate(values):
        while len(kept) > 1:
            low, middle = kept[-2:]
            rise, run = values[middle] - values[low], at[middle] - at[low]
            if rise * (at[k] - at[low]) > (value - values[low]) * run:
                break
            kept.pop()
        kept.append(k)
    return np.array(kept)
