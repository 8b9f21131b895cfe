r"""Games on one common belief in exact rationals.

With two states and piecewise-linear payoffs the recursion of concave envelopes is exact on the
breakpoints (:mod:`~persuasion_lp.families.beliefs.discretization`), so the optimum of its linear
program (:mod:`~persuasion_lp.families.beliefs.programme`) is that of the game. A best order is
proved against all orders (:mod:`~persuasion_lp.families.games.exact`); a beginning is relaxed to
the programme in which signals decide the order of everybody else, which pays them first best.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.beliefs.piecewise import Pieces
from persuasion_lp.core.exact import ExactResult, exact_result
from persuasion_lp.core.exact_orders import prove_best_order
from persuasion_lp.families.beliefs.discretization import rational_nodes
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.programme import rational_belief_programme
from persuasion_lp.families.beliefs.recursion import Agenda, Group, agendas
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.rational import RationalProgram
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["exact_beliefs"]


def exact_beliefs(
    game: BeliefGame,
    procedure: Procedure,
    order: tuple[int, ...] | None,
    *,
    searched: bool,
    memory_limit: int = MEMORY_LIMIT,
) -> ExactResult:
    """Solve a game on one common belief in rationals.

    Parameters
    ----------
    game
        The game.
    procedure
        The procedure.
    order
        Of a sequential procedure.
    searched
        Whether that order is to be proved the best of all.
    memory_limit
        Bytes that a program may take.

    Raises
    ------
    PriorError, PayoffError
        See :attr:`BeliefGame.rational_numbers`.
    SizeError
        If a program needs more than the memory limit, or a program, or all orders together, have
        too many rows for exact arithmetic.
    ExactnessError
        If a program could not be solved to a proved optimum.
    """
    nodes = rational_nodes(game)

    def programme(plan: tuple[Agenda, ...]) -> tuple[RationalProgram, LinearProgram]:
        return rational_belief_programme(plan, nodes, memory_limit=memory_limit)

    if order is None or not searched:
        return exact_result(game, procedure, order, *programme(agendas(procedure, game.n, order)))
    _, pieces = game.rational_numbers
    return prove_best_order(
        game,
        procedure,
        _twins(pieces),
        order,
        lambda beginning: programme((_relaxed(game.n, beginning),)),
    )


def _relaxed(n: int, beginning: Group) -> Agenda:
    """The receivers of a beginning in their order, then the others as signals decide."""
    rest = tuple(sorted(set(range(n)) - set(beginning)))
    moves: dict[Group, tuple[Group, ...]] = {
        left: tuple((i,) for i in left)
        for size in range(1, len(rest) + 1)
        for left in combinations(rest, size)
    }
    for k in reversed(range(len(beginning))):
        moves[tuple(sorted((*rest, *beginning[k:])))] = ((beginning[k],),)
    return Agenda(tuple(range(n)), moves, signal_decides=True)


def _twins(pieces: tuple[Pieces, ...]) -> tuple[set[int], ...]:
    """For each receiver the earlier ones who pay the same at every belief."""

    def same(i: int, j: int) -> bool:
        one, other = pieces[i], pieces[j]
        parts = ("breakpoints", "at", "left", "right")
        return all(np.array_equal(getattr(one, p), getattr(other, p)) for p in parts)

    return tuple({j for j in range(i) if same(i, j)} for i in range(len(pieces)))
