r"""Fractional knapsacks: the closed forms of one obedience constraint.

    max { Σ_j y_j :  0 ≤ y_j ≤ w_j,  Σ_j y_j g_j ≥ 0 }

takes every j that gives (g_j ≥ 0) in full, then those that cost, the cheapest first, until what was
given is spent.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

__all__ = ["most_acting"]


def most_acting(pieces: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """The optimum for pairs (w_j, g_j).

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> most_acting([(F(1, 2), F(1)), (F(1, 2), F(-4))])
    Fraction(5, 8)
    """
    listed = sorted(pieces, key=lambda pair: -pair[1])
    total, left = Fraction(0), Fraction(0)
    for weight, gain in listed:
        if gain >= 0:
            total, left = total + weight, left + weight * gain
        else:
            taken = min(weight, left / -gain)
            total, left = total + taken, left + taken * gain
    return total
