"""The best of n! orders, by branch and bound over their beginnings."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol, TypeVar

__all__ = ["TIE_DIGITS", "best_order", "sort_key"]

TIE_DIGITS = 10
"""Orders whose bounds agree to this many digits of the payoff scale count as tied; the one that
comes first lexicographically is returned."""


class Bounded(Protocol):
    """A solved beginning of an order."""

    @property
    def upper(self) -> float:
        """Bound on the value of every order that begins so."""


BoundedT = TypeVar("BoundedT", bound=Bounded)


def best_order(
    twins: Sequence[AbstractSet[int]],
    scale: float,
    solve: Callable[[tuple[int, ...], bool], BoundedT],
) -> tuple[BoundedT, float]:
    """Find the best fixed order and a bound on every order.

    The bound of a beginning never rises as the beginning grows, and is exact when one receiver is
    left. Beginnings are taken best bound first, so the first complete one taken is optimal and the
    bounds left prove it. Of interchangeable receivers the first goes first.

    Parameters
    ----------
    twins
        For each of the n receivers the earlier ones with whom he is interchangeable.
    scale
        Of the payoffs, for ties.
    solve
        From an order, or its beginning, and whether it is complete, to a solution with its bound.

    Returns
    -------
    tuple
        The solution of the best order, and the bound.
    """
    n = len(twins)
    queue: list[tuple[float, tuple[int, ...], float, BoundedT | None]] = []
    beginning: tuple[int, ...] = ()
    while True:
        for i in range(n):
            if i in beginning or not twins[i] <= set(beginning):
                continue
            longer = (*beginning, i)
            rest = tuple(j for j in range(n) if j not in longer)
            complete = len(rest) <= 1
            if complete:
                longer += rest
            found = solve(longer, complete)
            item = (sort_key(found.upper, scale), longer, found.upper, found if complete else None)
            heapq.heappush(queue, item)
        _, beginning, upper, best = heapq.heappop(queue)
        if best is not None:
            return best, max([upper, *(bound for _, _, bound, _ in queue)])


def sort_key(upper: float, scale: float) -> float:
    """Key that sorts the largest bound first and ties together."""
    return -round(upper / scale, TIE_DIGITS)
