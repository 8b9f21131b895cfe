r"""Grids refined where the bracket is wide.

Let p be a line that supports the value function on the nodes at a belief g that is reached, and F
the bound on the payoff to come between the nodes. Wherever F ≤ p + tol / n, the bound exceeds the
value at g by no more than that; so only cells where F exceeds the line are cut, into the more parts
the more it does.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.beliefs.grids import IntervalGrid, SimplexGrid
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.families.beliefs.discretization import Nodes, discretized_above
from persuasion_lp.families.beliefs.order_search import search_orders
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.proof.answers import Found
from persuasion_lp.families.beliefs.recursion import (
    Group,
    Recursion,
    agendas,
    recursion,
    without,
)

__all__ = ["finer_grid"]

MOST_PARTS = 4
"""Parts into which a cell is cut at once."""

_Key = tuple[Group, Group]


def finer_grid(
    game: BeliefGame,
    procedure: Procedure,
    grid: IntervalGrid | SimplexGrid,
    nodes: Nodes,
    found: Found,
    tol: float | None,
    *,
    searched: bool,
) -> IntervalGrid | SimplexGrid | None:
    """A finer grid; ``None`` where no cell that matters can be cut any further.

    On a simplex, and where nothing bounds the payoffs yet, everywhere.

    Parameters
    ----------
    game, procedure
        What is solved.
    grid, nodes, found
        The grid, its nodes, and the answer on them.
    tol
        Width that the bracket is to have; ``None`` where there is no bracket.
    searched
        Whether the bracket is on the best order: then also the order with the highest bound counts.
    """
    if isinstance(grid, SimplexGrid) or tol is None:
        return grid.refine()
    above = cast(Nodes, discretized_above(game, grid)[0])
    orders = {found.order}
    if searched:
        orders.add(search_orders(above).order)
    plan = [agenda for order in orders for agenda in agendas(procedure, game.n, order)]
    below = tuple(recursion(one, nodes) for one in plan)
    return _cut(grid, below, tuple(recursion(one, above) for one in plan), tol)


def _cut(
    grid: IntervalGrid,
    below: tuple[Recursion, ...],
    above: tuple[Recursion, ...],
    tol: float,
) -> IntervalGrid | None:
    """Cut the cells where the bound exceeds a supporting line.

    Parameters
    ----------
    grid
        The grid.
    below, above
        The agendas of the procedure on the nodes, and on the bounds between them.
    tol
        Width that the bracket is to have.
    """
    nodes = grid.nodes
    excess = np.zeros(nodes.size - 1)
    stages = len({i for one in below for i in one.agenda.start})
    for low, high in zip(below, above, strict=True):
        x = high.nodes.beliefs[:, 1]
        right = np.searchsorted(nodes, x)
        inner = right > 0
        on = (nodes[right] == x) & (right < excess.size)
        for key, beliefs in _reached(low, high).items():
            bound = _bound(high, key)
            lines = [_line(low, key, at) for at in sorted(beliefs)]
            over = np.max([bound - (p[0] * (1 - x) + p[1] * x) for p in lines], axis=0)
            np.maximum.at(excess, right[inner] - 1, over[inner])
            np.maximum.at(excess, right[on], over[on])
    with np.errstate(over="ignore"):
        share = 2 * stages * excess / tol
    parts = np.where(share > 1, np.clip(np.ceil(share), 2, MOST_PARTS), 1).astype(np.int64)
    if (parts == 1).all():
        parts[:] = 2
    cuts = [
        nodes[:-1][parts > k] + np.diff(nodes)[parts > k] * (k / parts[parts > k])
        for k in range(1, MOST_PARTS)
    ]
    new = np.setdiff1d(np.concatenate(cuts), nodes)
    if not new.size:
        return None
    return IntervalGrid(grid.denominator, np.concatenate([grid.extra, new]), grid.memory_limit)


def _reached(*solved: Recursion) -> dict[_Key, set[float]]:
    """Beliefs at which a signal is sent, by the envelope that it is read from."""
    found: dict[_Key, set[float]] = {}
    for one in solved:
        waiting = {(one.agenda.start, one.nodes.prior)}
        while waiting:
            group, node = waiting.pop()
            key = one.best_move(group, node)
            found.setdefault(key, set()).add(float(one.nodes.beliefs[node, 1]))
            for target, _ in one.split(key, node):
                rest = without(group, one.next_to_act(key, target))
                if rest:
                    waiting.add((rest, target))
    return found


def _bound(high: Recursion, key: _Key) -> Floats:
    """Bound on the payoff to come, at the nodes of the bounds."""
    left, group = key
    moves = high.agenda.moves[left] if high.agenda.signal_decides else (group,)
    best: Floats = np.max([high.sums[left, move] for move in moves], axis=0)
    return best


def _line(low: Recursion, key: _Key, at: float) -> Floats:
    """Heights at beliefs 0 and 1 of a line that supports an envelope."""
    return cast(IntervalEnvelope, low.envelopes[key]).prices(at)
