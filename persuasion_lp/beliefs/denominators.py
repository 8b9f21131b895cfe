"""Numbers read as fractions with small denominators, and lattices that contain them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

import numpy as np

__all__ = ["LARGEST_DENOMINATOR", "common_denominator", "snapped"]

LARGEST_DENOMINATOR = 10_000
"""Numbers are read as fractions up to this denominator. Two such fractions are at least 1e-8 apart,
so a float that equals one up to rounding can mean no other."""

_SNAP_ROUNDING = 4 * float(np.finfo(np.float64).eps)


def snapped(x: float) -> float:
    """The fraction with a small denominator that ``x`` equals up to rounding, else ``x``.

    Examples
    --------
    >>> 1 - 0.8, snapped(1 - 0.8)
    (0.19999999999999996, 0.2)
    """
    simple = _as_fraction(x)
    return x if simple is None else float(simple)


def common_denominator(points: Iterable[float], at_least: int = 1) -> int:
    """Denominator of a lattice that contains the points, and has at least ``at_least`` steps.

    Points that are no fraction with a small denominator, or that would push the common one beyond
    ``max(at_least, LARGEST_DENOMINATOR)``, are left to be added one by one.

    Examples
    --------
    >>> common_denominator([0.8, 2 / 3], at_least=20)
    30
    """
    largest = max(at_least, LARGEST_DENOMINATOR)
    common = 1
    for point in points:
        simple = _as_fraction(float(point))
        if simple is not None and math.lcm(common, simple.denominator) <= largest:
            common = math.lcm(common, simple.denominator)
    return common * max(1, math.ceil(at_least / common))


def _as_fraction(x: float) -> Fraction | None:
    simple = Fraction(x).limit_denominator(LARGEST_DENOMINATOR)
    return simple if abs(float(simple) - x) <= _SNAP_ROUNDING * max(1.0, abs(x)) else None
