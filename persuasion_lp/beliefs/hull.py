r"""Vertices of the upper hull of a sequence, in a few passes over memory.

The slopes of the hull are the decreasing regression of the slopes of the sequence, weighted by the
steps; its blocks end at the vertices. A long sequence is thinned out first: the hull of every
:data:`STRIDE`-th point is linear on each block of points and nowhere above the hull of all, so
points strictly below it are no vertices. What is left is often a small part; and where nothing can
be left out because the sequence is concave, its slopes fall already and there is nothing to do.
"""

from __future__ import annotations

import numpy as np

from persuasion_lp.arrays import Floats, Integers

__all__ = ["hull_vertices"]

STRIDE = 64
"""Points per block: the hull of the coarse sequence costs 1/64, the comparison does not grow."""

LONG = 4096
"""Length from which thinning out pays."""

AT_ONCE = 512
"""Blocks compared at once: 256 KB, which stays in the cache."""

SLOPE_ROUNDING = 8 * float(np.finfo(np.float64).eps)
"""A point is left out when it is below by more than the rounding of the comparison."""


def hull_vertices(x: Floats, f: Floats) -> Integers:
    """Positions of the vertices of the upper hull.

    Parameters
    ----------
    x
        Increasing, shape ``(N,)``, N ≥ 2.
    f
        Values, shape ``(N,)``.
    """
    if x.size < LONG:
        return _vertices(x, f)
    coarse = np.append(np.arange(0, x.size - 1, STRIDE), x.size - 1)
    ends, heights = x[coarse], f[coarse]
    corners = _vertices(ends, heights)
    if 2 * corners.size > coarse.size:
        return _vertices(x, f)
    kept = _not_below(x, f, ends, np.interp(ends, ends[corners], heights[corners]))
    return kept[_vertices(x[kept], f[kept])]


def _vertices(x: Floats, f: Floats) -> Integers:
    from scipy.optimize import isotonic_regression

    steps = np.subtract(x[1:], x[:-1])
    falls = np.subtract(f[:-1], f[1:])
    falls /= steps
    if (falls[1:] > falls[:-1]).all():
        return np.arange(x.size)
    blocks: Integers = isotonic_regression(falls, weights=steps).blocks
    return blocks


def _not_below(x: Floats, f: Floats, ends: Floats, hull: Floats) -> Integers:
    """Positions of the points that are not strictly below a function linear on each block."""
    blocks = (x.size - 1) // STRIDE
    whole = blocks * STRIDE
    slope = (np.diff(hull) / np.diff(ends))[:blocks]
    reach = max(abs(float(x[0])), abs(float(x[-1])))
    rounding = SLOPE_ROUNDING * (np.abs(slope) * reach + np.abs(hull).max())
    base = hull[:blocks] - slope * ends[:blocks] - rounding

    kept = np.ones(x.size, dtype=bool)
    at, values = x[:whole].reshape(blocks, STRIDE), f[:whole].reshape(blocks, STRIDE)
    keep = kept[:whole].reshape(blocks, STRIDE)
    line = np.empty((min(AT_ONCE, blocks), STRIDE))
    for start in range(0, blocks, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        here = line[: len(slope[part])]
        np.multiply(at[part], slope[part, None], out=here)
        here += base[part, None]
        np.less_equal(here, values[part], out=keep[part])
    return np.flatnonzero(kept)
