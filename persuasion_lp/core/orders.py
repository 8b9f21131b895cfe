"""Orders of receivers: read from the caller, and the best of n! found by branch and bound."""

from __future__ import annotations

import heapq
import math
import operator
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Literal, Protocol, TypeVar

from persuasion_lp.errors import LimitError, OrderError
from persuasion_lp.inputs import is_a, is_whole

__all__ = [
    "BOUND_DIGITS",
    "Fixed",
    "Order",
    "best_order",
    "checked_order",
    "earlier_twins",
    "fixed_order",
    "refuse_order",
]

Order = Sequence[int] | Literal["best"] | None
"""An order as a caller states it."""

Fixed = tuple[int, ...] | None
"""The part of an order that is fixed ex ante; ``None`` if the best one is searched for."""

BOUND_DIGITS = 10
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
    *,
    first_only: bool = False,
) -> tuple[BoundedT, float]:
    """Find the best fixed order, or the best receiver to begin with, and a bound on all of them.

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
    first_only
        Whether only the first receiver is chosen.

    Returns
    -------
    tuple
        The solution of the best order, and the bound.

    Raises
    ------
    LimitError
        If a solution was cut short; its bound is on all orders, its value what was known of this
        solution.
    """
    n = len(twins)
    queue: list[tuple[float, tuple[int, ...], float, BoundedT | None]] = []
    beginning: tuple[int, ...] = ()
    upper, best = math.inf, None
    while best is None:
        next_ones = [i for i in range(n) if i not in beginning and twins[i] <= set(beginning)]
        for i in next_ones:
            longer = (*beginning, i)
            rest = tuple(j for j in range(n) if j not in longer)
            complete = first_only or len(rest) <= 1
            if not first_only and complete:
                longer += rest
            try:
                found = solve(longer, complete)
            except LimitError as limit:
                left = upper if i != next_ones[-1] else min(upper, limit.best_bound)
                bound = max([left, *(bound for _, _, bound, _ in queue)])
                raise LimitError(
                    limit.limit, best_bound=bound, best_value=limit.best_value
                ) from limit
            item = (_sort_key(found.upper, scale), longer, found.upper, found if complete else None)
            heapq.heappush(queue, item)
        _, beginning, upper, best = heapq.heappop(queue)
    return best, max([upper, *(bound for _, _, bound, _ in queue)])


def _sort_key(upper: float, scale: float) -> float:
    """Key that sorts the largest bound first and ties together."""
    return -round(upper / scale, BOUND_DIGITS)


def earlier_twins(n: int, same: Callable[[int, int], bool]) -> tuple[set[int], ...]:
    """For each of n the earlier ones that are the same as he is."""
    return tuple({j for j in range(i) if same(j, i)} for i in range(n))


def refuse_order(order: Order, procedure: str) -> None:
    """Raise :class:`OrderError` if an order is given for a procedure without one."""
    if order is not None:
        raise OrderError("order", f"does not apply to the {procedure} procedure", value=order)


def fixed_order(order: Order, procedure: str, n: int) -> Fixed:
    """The order that a caller fixes: one of all receivers if sequential, none otherwise."""
    if procedure == "sequential":
        return checked_order(order, n)
    refuse_order(order, procedure)
    return None


def checked_order(order: Order, n: int) -> Fixed:
    """Read an order as a permutation of the receivers, or raise :class:`OrderError`.

    ``None`` if the best of all orders is asked for.
    """
    if order is None or (is_a(order, str) and order == "best"):
        return None
    rule = f"must be 'best' or a permutation of the receivers 0 to {n - 1}"
    try:
        listed: list[Any] = list(order)
        fixed = tuple(operator.index(i) for i in listed)
    except Exception:
        raise OrderError("order", rule, value=order) from None
    for position, i in enumerate(listed):
        if not is_whole(i):
            raise OrderError("order", rule, index=position, value=i)
    for position, i in enumerate(fixed):
        if not 0 <= i < n or i in fixed[:position]:
            raise OrderError("order", rule, index=position, value=i)
    if len(fixed) != n:
        raise OrderError("order", rule, value=fixed)
    return fixed
