r"""A game on one common belief, on finitely many beliefs: exactly, from below, or from above.

Everything a recursion of concave envelopes does is to add a receiver's payoff to a value function
and to concavify the sum. Three discretizations offer these two steps:

=============  =============================================================================
exact          on [0, 1] with piecewise-linear payoffs. The nodes are all breakpoints; sums and
               envelopes of functions linear between nodes are decided at the nodes, and a
               maximum of them is convex between nodes, so an envelope does not see it there
from below     payoffs known at the nodes of a grid: posteriors are restricted to the grid
from above     every payoff replaced by a function nowhere below it. On [0, 1] that function is
               piecewise linear, and everything is exact again. On a simplex the lattice is cut
               into cells; on a cell c with corners v a sum of a payoff and a concave value
               function V lies below the interpolation of

                   max_{actions possible on c} payoff(v)  +  V(v)  +  δ_c ,

               δ_c ≥ V − (interpolation of V) on c, from supporting hyperplanes at the corners
=============  =============================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations, permutations
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.beliefs.grids import IntervalGrid, SimplexGrid
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.beliefs.piecewise import PiecewiseLinear
from persuasion_lp.beliefs.simplex import LARGEST_HULL, SimplexEnvelope
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.written import WrittenNodes
from persuasion_lp.primitives.receiver import TIE_TOLERANCE, Receiver
from persuasion_lp.primitives.step_functions import common_cones

__all__ = [
    "CellNodes",
    "Discretization",
    "NodeEnvelope",
    "Nodes",
    "ValueFunction",
    "discretized_above",
    "discretized_below",
    "rational_nodes",
    "rounded_nodes",
]

NodeEnvelope = IntervalEnvelope | SimplexEnvelope

_KNOWN = "the actions possible in each cell of the grid"
"""What the bound on a receiver's payoff over a cell rests on."""


@dataclass(frozen=True, eq=False)
class ValueFunction:
    """Value of what is still to come, as a function of the belief.

    Attributes
    ----------
    values
        Values at the nodes, shape ``(N,)``.
    bulge
        By how much the function may exceed its interpolation on each cell, shape ``(C,)``; empty
        where that is nothing.
    """

    values: Floats
    bulge: Floats


class Discretization(Protocol):
    """Beliefs, and the two steps of every recursion on them."""

    @property
    def beliefs(self) -> Floats:
        """The nodes, shape ``(N, K)``."""
        ...

    @property
    def prior(self) -> int:
        """Which node is the prior."""
        ...

    def nothing(self) -> ValueFunction:
        """The value function zero."""
        ...

    def add(self, receivers: tuple[int, ...], later: ValueFunction) -> Floats:
        """Payoffs from receivers plus a value function, at the nodes, shape ``(N,)``."""
        ...

    def envelope(self, values: Floats) -> NodeEnvelope:
        """Concave envelope of values at the nodes."""
        ...

    def value_function(self, envelope: NodeEnvelope) -> ValueFunction:
        """An envelope as a value function."""
        ...

    def highest(self, functions: Sequence[ValueFunction]) -> ValueFunction:
        """Pointwise maximum of value functions."""
        ...


@dataclass(frozen=True, eq=False)
class Nodes:
    """Payoffs at finitely many beliefs; nothing happens between them that an envelope would see.

    Attributes
    ----------
    beliefs
        Shape ``(N, K)``; with two states in increasing order of the second.
    payoffs
        Payoff from each receiver at each belief, shape ``(n, N)``. In floats, or from
        :func:`rational_nodes` in exact rationals.
    prior
        Which belief is the prior.
    """

    beliefs: NDArray[Any]
    payoffs: NDArray[Any]
    prior: int

    @cached_property
    def x(self) -> Floats:
        """With two states, the probability of the second, increasing."""
        return np.ascontiguousarray(self.beliefs[:, 1])

    @property
    def on_interval(self) -> bool:
        """Whether there are two states."""
        return self.beliefs.shape[1] == 2

    def nothing(self) -> ValueFunction:
        """The value function zero."""
        return ValueFunction(np.zeros(len(self.beliefs)), np.empty(0))

    def add(self, receivers: tuple[int, ...], later: ValueFunction) -> Floats:
        """Payoffs from receivers plus a value function, at the nodes."""
        total: Floats = self.payoffs[list(receivers)].sum(axis=0) + later.values
        return total

    def envelope(self, values: Floats) -> NodeEnvelope:
        """Concave envelope by the upper hull, for 2 to 4 states."""
        if self.on_interval:
            return IntervalEnvelope.of(self.x, values)
        return SimplexEnvelope.of(self.beliefs, values)

    def value_function(self, envelope: NodeEnvelope) -> ValueFunction:
        """Values of an envelope at the nodes."""
        if isinstance(envelope, IntervalEnvelope):
            return ValueFunction(envelope(self.x), np.empty(0))
        return ValueFunction(envelope.at_beliefs(), np.empty(0))

    def highest(self, functions: Sequence[ValueFunction]) -> ValueFunction:
        """Pointwise maximum of value functions."""
        return ValueFunction(reduce(np.maximum, (f.values for f in functions)), np.empty(0))


@dataclass(frozen=True, eq=False)
class CellNodes:
    """A lattice on the simplex with bounds on every payoff over every cell.

    Attributes
    ----------
    beliefs
        Shape ``(N, K)``.
    corners
        Positions of the corners of the cells, shape ``(C, K)``.
    above
        For each receiver the bound at each corner of each cell; on the cell the payoff lies below
        their interpolation. Shape ``(n, C, K)``.
    prior
        Which belief is the prior.
    """

    beliefs: Floats
    corners: Integers
    above: Floats
    prior: int

    def nothing(self) -> ValueFunction:
        """The value function zero."""
        return ValueFunction(np.zeros(len(self.beliefs)), np.zeros(len(self.corners)))

    def add(self, receivers: tuple[int, ...], later: ValueFunction) -> Floats:
        """At each node the highest bound among the cells around it."""
        bound = self.above[list(receivers)].sum(axis=0) + later.bulge[:, None]
        highest = np.full(len(self.beliefs), -np.inf)
        np.maximum.at(highest, self.corners.ravel(), bound.ravel())
        highest += later.values
        return np.where(np.isfinite(highest), highest, highest[np.isfinite(highest)].min())

    def envelope(self, values: Floats) -> NodeEnvelope:
        """Concave envelope of the bounds."""
        return SimplexEnvelope.of(self.beliefs, values)

    def value_function(self, envelope: NodeEnvelope) -> ValueFunction:
        """An envelope with its bulge over each cell.

        At a corner v_j of a cell the envelope has a supporting hyperplane p_j, so on the cell it
        lies below each p_j, hence below their mean, whose excess over the interpolation is at most
        its largest excess at a corner.
        """
        envelope = cast(SimplexEnvelope, envelope)
        values = envelope(self.beliefs)
        support = envelope.planes[self._active(envelope)]
        planes = support[self.corners].mean(axis=1)
        at_corners = np.einsum("ck,cjk->cj", planes, self.beliefs[self.corners])
        return ValueFunction(values, (at_corners - values[self.corners]).max(axis=1).clip(min=0.0))

    def highest(self, functions: Sequence[ValueFunction]) -> ValueFunction:
        """Pointwise maximum: the highest values and the largest bulges."""
        return ValueFunction(
            reduce(np.maximum, (f.values for f in functions)),
            reduce(np.maximum, (f.bulge for f in functions)),
        )

    def _active(self, envelope: SimplexEnvelope) -> Integers:
        step = max(1, 4_000_000 // len(envelope.planes))
        parts = [
            np.argmin(self.beliefs[start : start + step] @ envelope.planes.T, axis=1)
            for start in range(0, len(self.beliefs), step)
        ]
        return np.concatenate(parts)


def discretized_below(game: BeliefGame, grid: IntervalGrid | SimplexGrid | None) -> Nodes:
    """Payoffs at the beliefs of a grid, or at the breakpoints when all are piecewise linear.

    Parameters
    ----------
    game
        The game.
    grid
        The game's grid or a refinement of it; not used when no grid is needed.
    """
    if game.on_interval:
        functions = game.piecewise
        x = game.ties[0][:, 1] if grid is None or not game.needs_grid else grid.nodes
        payoffs = [
            game.payoff_at(i, np.column_stack([1 - x, x])) if f is None else f(x)
            for i, f in enumerate(functions)
        ]
        return _interval_nodes(x, np.array(payoffs), float(game.prior[1]))
    lattice = cast(SimplexGrid, grid)
    payoffs = [game.payoff_at(i, lattice.nodes) for i in range(game.n)]
    return Nodes(lattice.nodes, np.array(payoffs), int(lattice.index(game.prior)))


def rounded_nodes(written: WrittenNodes) -> Nodes:
    """Nodes in floats, node by node; different ones may be the same float."""
    return Nodes(written.beliefs, written.in_floats, written.prior)


def rational_nodes(game: BeliefGame) -> Nodes:
    """Payoffs at all breakpoints in exact rationals; what they hold between them is linear.

    Raises
    ------
    PriorError, PayoffError
        See :attr:`BeliefGame.rational_numbers`.
    """
    prior, pieces = game.rational_numbers
    x = reduce(np.union1d, (f.breakpoints for f in pieces), prior[1:])
    payoffs = np.array([f.sides(x)[0] for f in pieces])
    return _interval_nodes(x, payoffs, prior[1])


def discretized_above(
    game: BeliefGame, grid: IntervalGrid | SimplexGrid | None
) -> tuple[Discretization | None, str]:
    """Bounds on the payoffs between the beliefs of a grid.

    Returns
    -------
    discretization
        ``None`` when some payoff has no bound.
    assumption
        What the bounds rest on, or why there are none.
    """
    reasons = {
        payoff.assumption if isinstance(payoff, BeliefFunction) else _KNOWN
        for payoff in game.payoffs
    } - {None, _KNOWN if game.on_interval else None}
    named = "; ".join(sorted(str(reason) for reason in reasons))
    if game.on_interval:
        nodes = cast(IntervalGrid, grid).nodes
        bounds: list[PiecewiseLinear] = []
        for i, (payoff, function) in enumerate(zip(game.payoffs, game.piecewise, strict=True)):
            bound = payoff.above(nodes) if isinstance(payoff, BeliefFunction) else function
            if bound is None:
                return None, _no_bound(i, payoff)
            bounds.append(bound)
        x = np.unique(np.concatenate([nodes, *(b.breakpoints for b in bounds)]))
        return _interval_nodes(x, np.array([b(x) for b in bounds]), float(game.prior[1])), named
    grid = cast(SimplexGrid, grid)
    if game.states > LARGEST_HULL:
        return None, f"no bound off the grid is computed for more than {LARGEST_HULL} states"
    corners = _lattice_cells(grid)
    above = []
    for i, payoff in enumerate(game.payoffs):
        if isinstance(payoff, Receiver):
            above.append(_receiver_above(game, i, grid, corners))
        elif isinstance(payoff, BeliefFunction) and payoff.lipschitz is not None:
            above.append(payoff(grid.nodes)[corners] + payoff.lipschitz * _width(grid, corners))
        else:
            return None, _no_bound(i, payoff)
    prior = int(grid.index(game.prior))
    return CellNodes(grid.nodes, corners, np.array(above), prior), named


def _no_bound(i: int, payoff: object) -> str:
    concave = isinstance(payoff, BeliefFunction) and payoff.shape == "concave"
    if concave:
        return f"the grid is too coarse to bound the concave payoff of receiver {i} on every cell"
    return (
        f"no assumption bounds the payoff of receiver {i} between the grid's beliefs "
        "(state one with BeliefFunction)"
    )


def _interval_nodes(x: NDArray[Any], payoffs: NDArray[Any], prior: Any) -> Nodes:
    beliefs = np.column_stack([1 - x, x])
    return Nodes(beliefs, payoffs, int(np.searchsorted(x, prior)))


def _receiver_above(game: BeliefGame, i: int, grid: SimplexGrid, corners: Integers) -> Floats:
    """Bound at each corner of each cell: the best of the actions he may take somewhere in it.

    An action may be taken in a cell only if each of its rows holds at some corner; the best of
    several linear payoffs is convex, so it lies below the interpolation of its corner values.
    """
    receiver, own = cast(Receiver, game.payoffs[i]), game.own_states(i)
    bound = np.full(corners.shape, -np.inf)
    for cone, payoffs in zip(common_cones(receiver, own), receiver.payoffs[:, own], strict=True):
        terms: Floats = grid.nodes @ cone.T + TIE_TOLERANCE * (grid.nodes @ np.abs(cone).T)
        holds = terms >= 0
        possible = np.all(np.any(holds[corners], axis=1), axis=1)
        at_corners = (grid.nodes @ payoffs)[corners]
        np.maximum(bound, np.where(possible[:, None], at_corners, -np.inf), out=bound)
    return bound


def _width(grid: SimplexGrid, corners: Integers) -> float:
    """Largest distance between two corners of a cell, half the sum of absolute differences.

    A belief in the cell is an average of the corners, so its mean distance from them is no larger.
    """
    pairs = combinations(np.moveaxis(grid.nodes[corners], 1, 0), 2)
    return max(float(np.abs(one - other).sum(axis=1).max()) / 2 for one, other in pairs)


def _lattice_cells(grid: SimplexGrid) -> Integers:
    """Cells of the lattice: positions of their K corners, shape ``(D^(K−1), K)``.

    In cumulative numerators 0 ≤ y_1 ≤ … ≤ y_{K−1} ≤ D the cells are those of Kuhn's triangulation:
    from a base one coordinate after the other is raised by one, in every order that stays inside.
    """
    base = np.cumsum(grid.numerators[:, :-1], axis=1)
    cells = []
    for order in permutations(range(grid.states - 1)):
        path = [base]
        for axis in order:
            step = path[-1].copy()
            step[:, axis] += 1
            path.append(step)
        corners = np.stack(path, axis=1)
        ends = np.zeros((*corners.shape[:2], 1), dtype=np.int64)
        numerators = np.diff(np.concatenate([ends, corners, ends + grid.denominator], axis=2))
        inside = (numerators >= 0).all(axis=(1, 2))
        cells.append(grid.rank(numerators[inside]))
    return np.concatenate(cells)
