r"""The best fixed order exactly, or in integers rounded up.

The search is that of :mod:`~persuasion_lp.families.beliefs.order_search`. For each group of
receivers who act last its undominated value functions are kept, and one is dropped if, with what
the others earn by themselves, it does not exceed the best order known:

    H(prior) + Σ_{i not in S} cav f_i(prior)  ≤  value of that order.

All comparisons are exact. The value of an order may be rounded up, never down, so that the highest
of all is a bound on every order.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from persuasion_lp.errors import ExactSizeError
from persuasion_lp.families.beliefs.proof.majorant import ExactNodes, Numbers

__all__ = ["EXACT_STEPS", "exact_best_order"]

EXACT_STEPS = 2_000_000
"""Nodes of all envelopes together that exact arithmetic takes on: some seconds."""

_Front = list[tuple[Numbers, tuple[int, ...]]]
"""Undominated value functions of a group, and the orders that attain them."""


def exact_best_order(
    nodes: ExactNodes, check: Callable[[], None], first: tuple[int, ...] | None = None
) -> tuple[tuple[int, ...], Fraction]:
    """A best order, and a bound on the value of every order.

    Parameters
    ----------
    nodes
        The nodes, exact or rounded up.
    check
        Called before every envelope.
    first
        An order to begin with; if left out one is made of the receivers' own envelopes.

    Raises
    ------
    ExactSizeError
        If too many envelopes are needed.
    """
    n, prior = len(nodes.payoffs), nodes.prior
    own = [nodes.envelope(row)[0][prior] for row in nodes.payoffs]
    best = first if first is not None else _likely(nodes)
    value = _value(nodes, best)
    fronts: dict[int, _Front] = {0: [(nodes.nothing(), ())]}
    steps = 0
    for _ in range(n):
        found: dict[int, _Front] = {}
        for group, front in fronts.items():
            for i in range(n):
                if group >> i & 1:
                    continue
                target = group | 1 << i
                elsewhere = sum(own[j] for j in range(n) if not target >> j & 1)
                for later, order in front:
                    steps += len(later)
                    if steps > EXACT_STEPS:
                        raise ExactSizeError(
                            "search for an order", counted="steps", limit=EXACT_STEPS, steps=steps
                        )
                    check()
                    table = nodes.envelope(nodes.plus((i,), later))[0]
                    if table[prior] + elsewhere > value:
                        _enter(found.setdefault(target, []), table, (i, *order))
        fronts = found
    for table, order in fronts.get((1 << n) - 1, []):
        if table[prior] > value:
            best, value = order, table[prior]
    return best, Fraction(value * nodes.unit)


def _enter(front: _Front, table: Numbers, order: tuple[int, ...]) -> None:
    """Add a value function unless another is nowhere below it; drop those it is nowhere below."""
    for other, _ in front:
        if all(one >= two for one, two in zip(other, table, strict=True)):
            return
    front[:] = [
        kept for kept in front if any(one > two for one, two in zip(kept[0], table, strict=True))
    ]
    front.append((table, order))


def _likely(nodes: ExactNodes) -> tuple[int, ...]:
    """Receivers by how far right the prior is split (KKS Proposition 1), or the reverse."""

    def right(row: Numbers) -> int:
        return next(k for k in nodes.envelope(row)[1] if k >= nodes.prior)

    order = tuple(sorted(range(len(nodes.payoffs)), key=lambda i: right(nodes.payoffs[i])))
    return max(order, order[::-1], key=lambda one: _value(nodes, one))


def _value(nodes: ExactNodes, order: tuple[int, ...]) -> int:
    later = nodes.nothing()
    for i in reversed(order):
        later = nodes.envelope(nodes.plus((i,), later))[0]
    value: int = later[nodes.prior]
    return value
