r"""Upper bounds on what any menu, or any single test, can pay, for the numbers as written.

With C(t) = E (θ − w − t)⁺ and B_s(t) = max_{j ≥ s} G_j a_j / (a_j − t), every t ≤ 0 proves of the
menus whose lowest served type is s

    V_s  ≤  D_s(t)  =  G_s d + B_s(t) [ C(t) − d (1 − t/a_s) ]

(:mod:`~persuasion_lp.families.menus.programmes.rays`), and with G_j a_j / (a_j − t) instead of
B_j(t) of the single tests that the types from j on accept. In floats a bound is raised by
:data:`FLOAT_ERROR` times the sum of the absolute values of its terms: every datum is the float next
to what was written, and no term but the difference of two in C(t) and in brackets cancels. Where
that leaves a bound above what the menu found pays, it is evaluated in fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Protocol

import numpy as np

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.core.exact import enclosed, nearest
from persuasion_lp.families.menus.programmes.data import MenuData
from persuasion_lp.families.menus.programmes.written import WrittenTypes

__all__ = ["Calls", "menu_bound", "single_bound"]

_ZERO = Fraction(0)

EPS = float(np.finfo(np.float64).eps)

FLOAT_ERROR = 32 * EPS
"""Relative rounding of a bound's terms, of which each is a handful of operations."""

SAME_RATE = 1e-12
"""Rates G_j a_j / (a_j − t) further below the largest float than this are not the largest."""

MOST_EXACT = 64
"""Bounds evaluated in fractions; of others not below the value the float one counts."""


class Calls(Protocol):
    """C(t) and d of a frontier, rounded up."""

    @property
    def required(self) -> Fraction:
        """D."""

    def call(self, t: Fraction) -> Fraction:
        """C(t)."""


def menu_bound(
    data: MenuData,
    written: WrittenTypes,
    frontier: Calls,
    lower: Fraction,
    marginals: Iterable[Fraction],
) -> Fraction:
    """Bound on every menu: over each type that can be the lowest one served.

    Parameters
    ----------
    data, written
        Arrays of the problem; the types as written.
    frontier
        C(t) and d.
    lower
        What some menu pays.
    marginals
        Surpluses t of states at which the bounds are tried; those above 0 are left out, as a menu
        whose best prices have such a t is worse than one for a lower type
        (:mod:`~persuasion_lp.families.menus.programmes.lines`).
    """
    types = data.servable
    if not types.size:
        return lower
    tried = sorted({_ZERO, *(t for t in marginals if t < 0)})
    first = int(types[0])
    a, tail = data.slack[first:], data.tail[first:]
    table = np.empty((len(tried), types.size))
    for k, t in enumerate(tried):
        rate = tail * a / (a - nearest(t))
        height = np.maximum.accumulate(rate[::-1])[::-1][types - first]
        table[k] = _raised(data, frontier, types, height, np.full(types.size, nearest(t)), [t])
    least = table.min(axis=0)

    def exactly(place: int) -> Fraction:
        close = np.flatnonzero(table[:, place] <= least[place] * (1.0 + SAME_RATE))
        return min(
            _exact_menus(data, written, frontier, int(types[place]), tried[k]) for k in close
        )

    return _proved(lower, least, exactly)


def single_bound(
    data: MenuData,
    written: WrittenTypes,
    frontier: Calls,
    lower: Fraction,
    marginals: Sequence[Sequence[Fraction]],
) -> Fraction:
    """Bound on every single test: over each acceptance cut-off from the first servable type on.

    Parameters
    ----------
    data, written, frontier, lower
        See :func:`menu_bound`.
    marginals
        Some choices of a t ≤ 0 for each cut-off.
    """
    if not data.servable.size:
        return lower
    types = np.arange(int(data.servable[0]), data.slack.size)
    a, weight = data.slack[types], data.tail[types]
    table = np.empty((len(marginals), types.size))
    for k, chosen in enumerate(marginals):
        at = np.array([nearest(t) for t in chosen])
        table[k] = _raised(data, frontier, types, weight * a / (a - at), at, chosen)
    best, least = table.argmin(axis=0), table.min(axis=0)

    def exactly(place: int) -> Fraction:
        j, t = int(types[place]), marginals[int(best[place])][place]
        return _exactly(written, frontier, j, t, _rate(written, j, t))

    return _proved(lower, least, exactly)


def _raised(
    data: MenuData,
    frontier: Calls,
    types: Integers,
    height: Floats,
    at: Floats,
    marginals: Sequence[Fraction],
) -> Floats:
    """G_s d + ν [C(t) − d (1 − t/a_s)] in floats, rounded up, for each type."""
    known = {t: enclosed(frontier.call(t))[1] for t in set(marginals)}
    call = np.array([known[t] for t in marginals])
    weight, d = data.tail[types], enclosed(frontier.required)[1]
    trusted = d * (1.0 - at / data.slack[types])
    size = weight * d + height * (call + trusted)
    return np.asarray(weight * d + height * (call - trusted) + FLOAT_ERROR * size)


def _rate(written: WrittenTypes, j: int, t: Fraction) -> Fraction:
    """G_j a_j / (a_j − t)."""
    own = written.slack_of(j)
    return written.share_from(j) * own / (own - t)


def _exactly(
    written: WrittenTypes, frontier: Calls, s: int, t: Fraction, height: Fraction
) -> Fraction:
    d = frontier.required
    room = frontier.call(t) - d * (1 - t / written.slack_of(s))
    return written.share_from(s) * d + height * room


def _exact_menus(
    data: MenuData, written: WrittenTypes, frontier: Calls, s: int, t: Fraction
) -> Fraction:
    """D_s(t); only rates that floats do not tell from the largest are compared in fractions."""
    a = data.slack[s:]
    rate = data.tail[s:] * a / (a - nearest(t))
    largest = s + np.flatnonzero(rate >= rate.max() * (1.0 - SAME_RATE))
    height = max(_rate(written, int(j), t) for j in largest)
    return _exactly(written, frontier, s, t, height)


def _proved(lower: Fraction, least: Floats, exactly: Callable[[int], Fraction]) -> Fraction:
    """The largest of the bounds, and at least ``lower``; in fractions where that may matter."""
    above = np.flatnonzero(least > enclosed(lower)[0])
    ranked = above[np.argsort(-least[above], kind="stable")].tolist()
    upper = max([lower, *(exactly(place) for place in ranked[:MOST_EXACT])])
    return max([upper, *(Fraction(float(least[place])) for place in ranked[MOST_EXACT:])])
