r"""The best fixed order on one common belief, proved without trying n! of them.

For a group S of receivers who act last, in some order, let H be their value function. The operator
H ↦ cav(f_i + H) is monotone, so of two value functions of the same group only the pointwise higher
one can lead to the optimum: the search goes through the groups by size and keeps, for each, its
undominated value functions. Since cav(f + H) ≤ cav f + H for concave H, whatever the others do
before S,

    value ≤ H(prior) + U(N∖S),

with U(R) any bound on what the receivers R can earn by themselves. U(R) is the least, over all
partitions of R into blocks of at most three, of the sum of the blocks' own optima. A value function
whose bound does not exceed the best order known is dropped.

The bound on every order is the highest of: the best order known, the bounds of what was dropped,
and the bounds of what was left when the search was stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.beliefs.batched import REGRESSION_ROUNDING, batched_envelopes
from persuasion_lp.errors import LimitError, SizeError
from persuasion_lp.families.beliefs.discretization import Nodes
from persuasion_lp.families.beliefs.problem import EPS
from persuasion_lp.limits.deadline import check_time, unlimited
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = [
    "OrderSearch",
    "block_bounds",
    "check_groups",
    "search_orders",
    "search_rounding",
    "undominated",
    "values_of_orders",
]

BLOCK = 3
"""Receivers in one block of the bound: blocks of three leave a gap of 0.5 to 1 %, single receivers
(first best) one of 4 %; blocks of four cost more than they save."""

TOGETHER = 20_000
"""Functions computed at once, so that they stay within some megabytes."""

DOMINANCE_TOLERANCE = 1e-13
"""A value function that exceeds another nowhere by more than this share of the size of the payoffs
is dropped; each receiver adds at most one such error to the bound."""


@dataclass(frozen=True)
class OrderSearch:
    """What a search over orders found and proved.

    Attributes
    ----------
    order
        The best order found.
    value
        Its value.
    upper
        Proved upper bound on the value of every order.
    envelopes
        Number of envelopes computed.
    kept
        Number of undominated value functions kept.
    """

    order: tuple[int, ...]
    value: float
    upper: float
    envelopes: int
    kept: int


@dataclass(frozen=True, eq=False)
class _Front:
    """Undominated value functions of a group: values, who acts first, and what follows him."""

    tables: Floats
    first: Integers
    rest: Integers


_Steps = dict[int, tuple[Integers, Integers]]
"""Who acts first, and what follows him, for every value function kept of every group."""


def search_orders(
    nodes: Nodes,
    *,
    tolerance: float = 0.0,
    memory_limit: int = MEMORY_LIMIT,
) -> OrderSearch:
    """Search for the best order.

    Parameters
    ----------
    nodes
        Beliefs and payoffs.
    tolerance
        The search may stop as soon as the bound is within this distance of the best order.
    memory_limit
        Bytes that the bounds on the 2^n groups may take.

    Raises
    ------
    SizeError
        If there are too many groups.
    LimitError
        If the time is over before there is a bound on all orders; later, that is returned.
    """
    cav = _operator(nodes)
    n = len(nodes.payoffs)
    check_groups(n, memory_limit)
    slack = _slack(nodes)
    order, value = _good_order(nodes, cav)
    bounds = block_bounds(nodes, cav)
    everybody = (1 << n) - 1
    upper = float(bounds[everybody])
    envelopes, kept = 0, 0
    fronts = {0: _Front(np.zeros((1, nodes.payoffs.shape[1])), np.array([-1]), np.array([-1]))}
    history: list[_Steps] = []
    for _ in range(n):
        if upper <= value + tolerance:
            break
        try:
            fronts, tried = _next_level(nodes, cav, fronts, bounds, value, slack)
        except LimitError:
            break
        envelopes += tried
        kept += sum(len(front.first) for front in fronts.values())
        history.append({group: (front.first, front.rest) for group, front in fronts.items()})
        reach = value
        for group, front in fronts.items():
            here = float(front.tables[:, nodes.prior].max()) + float(bounds[everybody ^ group])
            reach = max(reach, here)
        upper = min(upper, reach + n * slack)
        if not fronts:
            break
    last = fronts.get(everybody)
    if last is not None:
        order = _read_order(history, everybody, int(np.argmax(last.tables[:, nodes.prior])))
        value = float(last.tables[:, nodes.prior].max())
    with unlimited():
        exact = float(values_of_orders(nodes, np.array([order]), cav)[0])
    return OrderSearch(order, exact, max(upper, exact), envelopes, kept)


def check_groups(n: int, memory_limit: int) -> None:
    """Raise :class:`SizeError` if bounds on all groups of n receivers take too much memory."""
    if 8 << n > memory_limit:
        raise SizeError("search for an order", needed=8 << n, limit=memory_limit, groups=1 << n)


def search_rounding(nodes: Nodes, moved: bool = False) -> float:
    """What rounding may hide of the bound of a search.

    Parameters
    ----------
    nodes
        The nodes.
    moved
        Whether the nodes are numbers as written, rounded: neighbours then are as far apart as they
        seem up to half a unit.
    """
    n = len(nodes.payoffs)
    size = float(np.abs(nodes.payoffs).sum(axis=0).max())
    share = DOMINANCE_TOLERANCE + 2 * REGRESSION_ROUNDING + 16 * EPS
    if moved:
        share += 4 * EPS / float(np.diff(nodes.x).min())
    return n * share * size


def values_of_orders(
    nodes: Nodes, orders: Integers, cav: Callable[[Floats], Floats] | None = None
) -> Floats:
    """Values of orders, shape ``(B, n)``, by the recursion from the last receiver."""
    cav = cav or _operator(nodes)
    tables = np.zeros((len(orders), nodes.payoffs.shape[1]))
    for k in reversed(range(orders.shape[1])):
        tables = cav(nodes.payoffs[orders[:, k]] + tables)
    return np.asarray(tables[:, nodes.prior])


def block_bounds(nodes: Nodes, cav: Callable[[Floats], Floats] | None = None) -> Floats:
    """Bound U(R) on what every group R can earn by itself, shape ``(2^n,)`` by bit mask."""
    cav = cav or _operator(nodes)
    n = len(nodes.payoffs)
    bounds = np.full(1 << n, np.inf)
    bounds[0] = 0.0
    blocks: list[tuple[tuple[int, ...], float]] = []
    for size in range(1, min(BLOCK, n) + 1):
        groups = list(combinations(range(n), size))
        orders = np.array([order for group in groups for order in permutations(group)])
        values = values_of_orders(nodes, orders, cav).reshape(len(groups), -1).max(axis=1)
        blocks.extend(zip(groups, values.tolist(), strict=True))
    for low in reversed(range(n)):
        later = np.arange(1 << (n - low - 1)) << (low + 1)
        for group, value in blocks:
            if group[0] != low:
                continue
            mask = sum(1 << i for i in group)
            rest = later[(later & mask) == 0]
            bounds[rest | mask] = np.minimum(bounds[rest | mask], value + bounds[rest])
    return bounds


def undominated(tables: Floats, slack: float) -> Integers:
    """Positions of functions, shape ``(m, P)``, that no other exceeds everywhere (up to slack)."""
    left = np.argsort(-tables.sum(axis=1), kind="stable")
    kept = []
    while left.size:
        best = int(left[0])
        kept.append(best)
        higher = (tables[left] > tables[best] + slack).any(axis=1)
        left = left[higher]
    return np.array(kept, dtype=np.int64)


def _operator(nodes: Nodes) -> Callable[[Floats], Floats]:
    """Concave envelopes of many functions on the nodes; looks at the time."""

    def of(table: Floats) -> Floats:
        check_time()
        return nodes.value_function(nodes.envelope(table)).values

    def together(tables: Floats) -> Floats:
        check_time()
        return batched_envelopes(nodes.x, tables)

    if nodes.on_interval:
        return together
    return lambda tables: np.array([of(table) for table in tables])


def _next_level(
    nodes: Nodes,
    cav: Callable[[Floats], Floats],
    fronts: dict[int, _Front],
    bounds: Floats,
    value: float,
    slack: float,
) -> tuple[dict[int, _Front], int]:
    """Put every receiver in front of every group that does not hold him."""
    n = len(nodes.payoffs)
    everybody = (1 << n) - 1
    sources: dict[int, list[tuple[int, int]]] = {}
    for group in fronts:
        for i in range(n):
            if not group >> i & 1:
                sources.setdefault(group | 1 << i, []).append((group, i))
    found: dict[int, _Front] = {}
    tried = 0
    for chunk in _chunks(list(sources), sources, fronts):
        tables = cav(
            np.concatenate(
                [
                    nodes.payoffs[i] + fronts[g].tables
                    for target in chunk
                    for g, i in sources[target]
                ]
            )
        )
        tried += len(tables)
        start = 0
        for target in chunk:
            sizes = [len(fronts[g].first) for g, _ in sources[target]]
            part = tables[start : start + sum(sizes)]
            start += sum(sizes)
            promising = np.flatnonzero(
                part[:, nodes.prior] + bounds[everybody ^ target] > value + slack
            )
            if not promising.size:
                continue
            kept = promising[undominated(part[promising], slack)]
            first = np.repeat([i for _, i in sources[target]], sizes)[kept]
            rest = np.concatenate([np.arange(size) for size in sizes])[kept]
            found[target] = _Front(part[kept], first, rest)
    return found, tried


def _chunks(
    targets: list[int],
    sources: dict[int, list[tuple[int, int]]],
    fronts: dict[int, _Front],
) -> list[list[int]]:
    """Groups of targets whose functions are computed together."""
    chunks: list[list[int]] = [[]]
    filled = 0
    for target in targets:
        count = sum(len(fronts[g].first) for g, _ in sources[target])
        if filled and filled + count > TOGETHER:
            chunks.append([])
            filled = 0
        chunks[-1].append(target)
        filled += count
    return [chunk for chunk in chunks if chunk]


def _slack(nodes: Nodes) -> float:
    """Difference of values that counts as rounding: relative to the largest payoff there may be."""
    return DOMINANCE_TOLERANCE * max(1e-300, float(np.abs(nodes.payoffs).sum(axis=0).max()))


def _read_order(history: list[_Steps], group: int, k: int) -> tuple[int, ...]:
    order = []
    for steps in reversed(history):
        first, rest = steps[group]
        i = int(first[k])
        order.append(i)
        group, k = group ^ 1 << i, int(rest[k])
    return tuple(order)


def _good_order(nodes: Nodes, cav: Callable[[Floats], Floats]) -> tuple[tuple[int, ...], float]:
    """A good order: exchange two receivers as long as that helps, from several starts.

    The starts order the receivers by the distance of the prior from the right and from the left end
    of their splittings (KKS Proposition 1), and by these backwards.
    """
    n = len(nodes.payoffs)
    gain = cav(nodes.payoffs)
    touching = gain <= nodes.payoffs
    position = np.arange(gain.shape[1])
    right = np.where(touching & (position >= nodes.prior), position, gain.shape[1]).min(axis=1)
    left = np.where(touching & (position <= nodes.prior), position, -1).max(axis=1)
    starts = [np.argsort(key, kind="stable") for key in (right, -left, -right, left)]
    swaps = [(0, 0), *combinations(range(n), 2)]
    exchanged = np.tile(np.arange(n), (len(swaps), 1))
    for row, (a, b) in enumerate(swaps):
        exchanged[row, [a, b]] = exchanged[row, [b, a]]
    current = np.unique(starts, axis=0)
    slack = _slack(nodes)
    while True:
        neighbours = current[:, exchanged]
        values = values_of_orders(nodes, neighbours.reshape(-1, n), cav)
        values = values.reshape(len(current), len(swaps))
        top = np.argmax(values, axis=1)
        top[values.max(axis=1) <= values[:, 0] + slack] = 0
        if not top.any():
            best = int(np.argmax(values[:, 0]))
            return tuple(int(i) for i in current[best]), float(values[best, 0])
        current = np.unique(neighbours[np.arange(len(current)), top], axis=0)
