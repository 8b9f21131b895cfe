r"""What a tree pays and what bounds it, exactly: the second engine beside floating point.

On an interval the recursion of concave envelopes is carried out in fractions on the nodes
(:mod:`~persuasion_lp.families.beliefs.proof.majorant`); its tree attains its value, which is then
both ends of the bracket. A best order is searched for in integers rounded up, and in fractions only
where 256 digits more than the payoffs have leave something open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import enclosed, nearest
from persuasion_lp.errors import CertificateError, ExactSizeError
from persuasion_lp.families.beliefs.certificate import Route
from persuasion_lp.families.beliefs.discretization import Nodes
from persuasion_lp.families.beliefs.limits import payoff_bound, payoff_reached
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.proof.exact_search import EXACT_STEPS, exact_best_order
from persuasion_lp.families.beliefs.proof.majorant import (
    ExactNodes,
    exact_nodes,
    exact_recursion,
    rounded_up,
)
from persuasion_lp.families.beliefs.proof.measures import attained_measures
from persuasion_lp.families.beliefs.proof.node_trees import (
    Attained,
    NodeTree,
    attained,
    in_floats,
    node_tree,
)
from persuasion_lp.families.beliefs.recursion import Agenda, Group, Recursion, agendas
from persuasion_lp.families.beliefs.written import WrittenNodes
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate
from persuasion_lp.lp.model import LinearProgram

__all__ = ["Found", "OnGrid", "after_floats", "as_written", "evaluated", "recursion_bound"]

LARGEST_EXACT_GRID = 20_000
"""Beliefs of a grid that are read as fractions."""


@dataclass(frozen=True, eq=False)
class Found:
    """A tree on nodes, and a bound on what any tree on them pays."""

    order: tuple[int, ...] | None
    attained: Attained
    prices: Floats
    proved: float
    solved: tuple[Recursion, ...] = ()
    lp: LinearProgram | None = None
    lp_certificate: LPCertificate | None = None
    route: Route = "float"

    @property
    def narrow(self) -> bool:
        """Whether the bracket on the nodes is as narrow as promised."""
        return abs(self.proved - self.attained.lower) <= self.slack

    @property
    def rounded(self) -> Found:
        """The same, with the bound not below the value by rounding."""
        if self.narrow and self.proved < self.attained.value:
            return replace(self, proved=self.attained.value)
        return self

    @property
    def slack(self) -> float:
        """The width promised."""
        size, error = float(self.attained.size), float(self.attained.error)
        return GAP_TOLERANCE * size + error + 2 * math.ulp(self.attained.value)


@dataclass(frozen=True, eq=False)
class OnGrid:
    """The game solved on one grid."""

    nodes: Nodes
    found: Found
    lower: float
    upper: float | None
    bound: str
    refinable: bool


def as_written(game: BeliefGame, nodes: Nodes) -> WrittenNodes:
    """Nodes in floats as what they stand for, with the payoffs as written where they are.

    Raises
    ------
    ExactSizeError
        If there are too many.
    """
    count = len(nodes.x)
    if count > LARGEST_EXACT_GRID:
        raise ExactSizeError("grid", counted="beliefs", limit=LARGEST_EXACT_GRID, beliefs=count)
    x = tuple(game.written.exactly(nodes.x))
    payoffs = tuple(
        tuple(map(Fraction, row.tolist())) if f is None else tuple(map(f, x))
        for f, row in zip(game.written.payoffs, nodes.payoffs, strict=True)
    )
    return WrittenNodes(x, payoffs, nodes.prior)


def evaluated(
    game: BeliefGame, tree: NodeTree, nodes: Nodes, written: WrittenNodes | None
) -> Attained:
    """What a tree on nodes pays for the numbers as written.

    Parameters
    ----------
    game
        The game.
    tree
        The tree.
    nodes
        Its nodes in floats.
    written
        The same in fractions, if there is no grid.
    """
    if not game.on_interval:
        return attained_measures(game, in_floats(tree, nodes.beliefs))
    used = sorted(tree.nodes)
    if written is not None:
        x = {k: written.x[k] for k in used}
        return attained(
            tree, x, [{k: (row[k], Fraction(0)) for k in used} for row in written.payoffs]
        )
    x = dict(zip(used, game.written.exactly(nodes.x[used]), strict=True))
    paid = [
        {k: game.payoff_and_error(i, (1 - at, at)) for k, at in x.items()} for i in range(game.n)
    ]
    return attained(tree, x, paid)


def recursion_bound(plan: Sequence[Agenda], up: ExactNodes, check: Callable[[], None]) -> float:
    """Bound on what trees on the nodes pay under a plan, rounded up."""
    total = sum((exact_recursion(agenda, up, check).value for agenda in plan), Fraction(0))
    return enclosed(total)[1]


def after_floats(
    game: BeliefGame,
    procedure: Procedure,
    order: Group | None,
    written: WrittenNodes | None,
    nodes: Nodes,
    found: Found | None,
    failed: Exception | None,
    check: Callable[[], None],
) -> Found:
    """The game on its nodes without rounding, after floats proved too little.

    Raises
    ------
    CertificateError
        If it is too large; the message has the bracket that is known.
    """
    try:
        nodes_as_written = written or as_written(game, nodes)
        return _in_rationals(game, procedure, order, nodes_as_written, nodes, found, check)
    except ExactSizeError as refusal:
        if found is not None:
            lower, upper = found.attained.lower, found.proved
        else:
            lower, upper = payoff_reached(game), payoff_bound(game)
        why = "" if failed is None else f" ({failed})"
        raise CertificateError(
            f"the value on the nodes lies in [{lower!r}, {upper!r}]; floating point proves no "
            f"more{why}, and exact arithmetic refuses: {refusal}; state the game with fewer "
            "receivers or breakpoints"
        ) from refusal


def _in_rationals(
    game: BeliefGame,
    procedure: Procedure,
    order: Group | None,
    written: WrittenNodes,
    nodes: Nodes,
    found: Found | None,
    check: Callable[[], None],
) -> Found:
    """The game on its nodes, exactly.

    Parameters
    ----------
    game, procedure, order
        What is solved; no order if one is searched for.
    written, nodes
        The nodes in fractions, and in floats.
    found
        What floats found, if they found anything.
    check
        Called before every envelope.

    Raises
    ------
    ExactSizeError
        If there are too many nodes, or too many envelopes.
    """
    exact = exact_nodes(written)
    searched = procedure == "sequential" and order is None
    bound = None
    if searched:
        first = None if found is None else found.order
        order, bound = exact_best_order(rounded_up(written), check, first)
    on_grid = written if not game.needs_grid else None

    def solved(order: Group | None) -> tuple[Attained, Fraction, Floats]:
        plan = agendas(procedure, game.n, order)
        steps = len(written.x) * sum(len(m) for one in plan for m in one.moves.values())
        if steps > EXACT_STEPS:
            raise ExactSizeError("recursion", counted="steps", limit=EXACT_STEPS, steps=steps)
        done = [exact_recursion(agenda, exact, check) for agenda in plan]
        pays = evaluated(game, node_tree(procedure, done, exact.prior), nodes, on_grid)
        ends = zip(*(one.prices() for one in done), strict=True)
        prices = np.array([nearest(sum(end, Fraction(0))) for end in ends])
        return pays, sum((one.value for one in done), Fraction(0)), prices

    pays, value, prices = solved(order)
    if bound is not None and bound - value > Fraction(GAP_TOLERANCE) * pays.size:
        order, bound = exact_best_order(exact, check, order)
        pays, value, prices = solved(order)
    proved = enclosed(value if bound is None else max(value, bound))[1]
    lp = None if found is None else found.lp
    certificate = None if found is None else found.lp_certificate
    return Found(order, pays, prices, proved, (), lp, certificate, "exact")
