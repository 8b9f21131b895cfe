r"""Vertices of the upper hull of a sequence, in a few passes over memory.

The slopes of the hull are the decreasing regression of the slopes of the sequence, weighted by the
steps; its blocks end at the vertices. A long sequence is gone through once, chunk by chunk in the
cache:

1. The hull of every :data:`STRIDE`-th point is linear on each block of points and nowhere above the
   hull of all, so points strictly below it are no vertices and are left out.
2. Where the slopes of what is left fall, the regression changes nothing. It is carried out in
   windows around the places where they do not; a window whose answer would go beyond its ends is
   widened. Slopes that fall across all ends make it the regression of the whole sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers

__all__ = ["hull_vertices"]

STRIDE = 64
"""Points per block: the hull of the coarse sequence costs 1/64, the comparison does not grow."""

LONG = 4096
"""Length from which thinning out pays."""

AT_ONCE = 256
"""Blocks per chunk: a few hundred KB with all that is computed of them, which stay in the cache."""

BENT, BENT_SHORT = 0.9, 0.5
"""Share of the coarse points that are corners of their hull from which nothing is left out, and
that of sequences shorter than :data:`MANY`."""

MANY = 50_000
"""Length from which windows pay."""

FEW = 20_000
"""Slopes whose regression is cheaper than looking for windows."""

WINDOW = 16
"""Slopes on each side of a place where they do not fall."""

WIDER = 8
"""How much wider a window gets."""

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
    chords = None
    if corners.size <= (BENT if x.size >= MANY else BENT_SHORT) * coarse.size:
        chords = _Chords.of(ends, np.interp(ends, ends[corners], heights[corners]))
    if x.size >= MANY:
        return _thinned(x, f, chords)
    if chords is None:
        return _vertices(x, f)
    kept = np.flatnonzero(chords.reached(x, f, 0))
    return kept[_vertices(x[kept], f[kept])]


def _vertices(x: Floats, f: Floats) -> Integers:
    steps = np.subtract(x[1:], x[:-1])
    falls = np.subtract(f[:-1], f[1:])
    falls /= steps
    if (falls[1:] > falls[:-1]).all():
        return np.arange(x.size)
    return _regression(falls, steps)


def _regression(falls: Floats, steps: Floats) -> Integers:
    """Ends of the blocks of the increasing regression, from 0 to the number of slopes."""
    from scipy.optimize import isotonic_regression

    blocks: Integers = isotonic_regression(falls, weights=steps).blocks
    return blocks


@dataclass(frozen=True)
class _Chords:
    """A function linear on each block, lowered by the rounding of a comparison with it."""

    slope: Floats
    base: Floats

    @classmethod
    def of(cls, ends: Floats, hull: Floats) -> _Chords:
        slope = np.diff(hull) / np.diff(ends)
        reach = max(abs(float(ends[0])), abs(float(ends[-1])))
        rounding = SLOPE_ROUNDING * (np.abs(slope) * reach + np.abs(hull).max())
        return cls(slope, hull[:-1] - slope * ends[:-1] - rounding)

    def reached(self, x: Floats, f: Floats, first: int) -> NDArray[np.bool_]:
        """Which points are not below, from block ``first`` on; those of no whole block are kept."""
        blocks = x.size // STRIDE
        whole = blocks * STRIDE
        part = slice(first, first + blocks)
        line = x[:whole].reshape(blocks, STRIDE) * self.slope[part, None]
        line += self.base[part, None]
        reached = np.ones(x.size, dtype=bool)
        keep = reached[:whole].reshape(blocks, STRIDE)
        np.less_equal(line, f[:whole].reshape(blocks, STRIDE), out=keep)
        return reached


def _thinned(x: Floats, f: Floats, chords: _Chords | None) -> Integers:
    """Vertices among the points that chords do not exclude."""
    kept = np.empty(x.size, dtype=np.int64)
    falls = np.empty(x.size)
    bent: list[Integers] = []
    count = 0
    for start in range(0, x.size, AT_ONCE * STRIDE):
        stop = min(start + AT_ONCE * STRIDE, x.size)
        at, values = x[start:stop], f[start:stop]
        found = slice(count, count + stop - start)
        if chords is not None:
            reached = chords.reached(at, values, start // STRIDE)
            inside = np.flatnonzero(reached)
            if inside.size < stop - start:
                at, values = at[inside], values[inside]
            found = slice(count, count + inside.size)
            np.add(inside, start, out=kept[found])
        else:
            kept[found] = np.arange(start, stop)
        if not at.size:
            continue
        _fill(falls, count, x, f, kept, at, values)
        first = max(count - 2, 0)
        here = falls[first : found.stop - 1]
        bent.append(first + np.flatnonzero(here[1:] <= here[:-1]))
        count = found.stop
    return _repaired(x, kept[:count], falls[: count - 1], np.concatenate(bent))


def _fill(
    falls: Floats, count: int, x: Floats, f: Floats, kept: Integers, at: Floats, values: Floats
) -> None:
    """Negated slopes between kept points, that from the last one before included."""
    here = falls[count : count + at.size - 1]
    np.subtract(values[:-1], values[1:], out=here)
    here /= at[1:] - at[:-1]
    if count:
        last = kept[count - 1]
        falls[count - 1 : count] = (f[last] - values[0]) / (at[0] - x[last])


def _repaired(x: Floats, kept: Integers, falls: Floats, bent: Integers) -> Integers:
    """Vertices among kept points, given where their slopes do not fall: ``bent``, increasing."""
    low, high = bent - WINDOW + 1, bent + 1 + WINDOW
    while low.size:
        low, high = _apart(np.maximum(low, 0), np.minimum(high, falls.size))
        sizes = high - low
        if falls.size <= FEW or 2 * int(sizes.sum()) > falls.size:
            return kept[_regression(falls, np.diff(x[kept]))]
        starts = np.cumsum(sizes) - sizes
        inside = np.arange(int(sizes.sum())) + np.repeat(low - starts, sizes)
        steps = x[kept[inside + 1]] - x[kept[inside]]
        blocks = _regression(falls[inside], steps)
        begins = np.zeros(inside.size + 1, dtype=bool)
        begins[blocks] = True
        means = np.add.reduceat(falls[inside] * steps, blocks[:-1])
        means /= np.add.reduceat(steps, blocks[:-1])
        first = means[np.searchsorted(blocks, starts, side="right") - 1]
        last = means[np.searchsorted(blocks, starts + sizes - 1, side="right") - 1]
        narrow = ~(begins[starts] & begins[starts + sizes])
        narrow |= (low > 0) & ~(first > falls[low - 1])
        narrow |= (high < falls.size) & ~(last < falls[np.minimum(high, falls.size - 1)])
        if not narrow.any():
            vertices = np.ones(kept.size, dtype=bool)
            vertices[inside[~begins[:-1]]] = False
            return kept[vertices]
        low = np.where(narrow, low - WIDER * sizes, low)
        high = np.where(narrow, high + WIDER * sizes, high)
    return kept


def _apart(low: Integers, high: Integers) -> tuple[Integers, Integers]:
    """Union of ranges that begin in order, as ranges with gaps between them."""
    reach = np.maximum.accumulate(high)
    begins = np.append(True, low[1:] > reach[:-1])
    return low[begins], reach[np.append(np.flatnonzero(begins)[1:] - 1, low.size - 1)]
