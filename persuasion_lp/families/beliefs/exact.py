r"""Games on one common belief in exact rationals.

With two states and piecewise-linear payoffs the recursion of concave envelopes is exact on the
breakpoints (:mod:`~persuasion_lp.families.beliefs.discretization`), so the optimum of its linear
program (:mod:`~persuasion_lp.families.beliefs.programme`) is that of the game. A best order is
proved against all orders (:mod:`~persuasion_lp.core.searched`); a beginning is relaxed to
the programme in which signals decide the order of everybody else, which pays them first best.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.beliefs.piecewise import Pieces
from persuasion_lp.core.orders import earlier_twins
from persuasion_lp.core.searched import Orders
from persuasion_lp.families.beliefs.discretization import rational_nodes
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.programme import rational_belief_programme
from persuasion_lp.families.beliefs.recursion import Agenda, Group, agendas
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.rational import RationalProgram
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["RationalBeliefProgramme", "belief_orders"]


@dataclass(frozen=True, eq=False)
class RationalBeliefProgramme:
    """The program on nodes in rationals, and its twin in floats."""

    program: RationalProgram
    lp: LinearProgram

    def rational(self) -> RationalProgram:
        """The program in rationals."""
        return self.program


def belief_orders(
    game: BeliefGame,
    procedure: Procedure,
    *,
    memory_limit: int = MEMORY_LIMIT,
    check: Callable[[], None] = lambda: None,
) -> Orders[RationalBeliefProgramme]:
    """The programmes in rationals of a game on one common belief under one procedure.

    Parameters
    ----------
    game, procedure
        What is solved.
    memory_limit
        Bytes that a program may take.
    check
        Called before a program is laid out; it raises where a limit ends the call.

    Raises
    ------
    PriorError, PayoffError
        See :attr:`BeliefGame.rational_numbers`.
    """
    nodes = rational_nodes(game)

    def programme(plan: tuple[Agenda, ...]) -> RationalBeliefProgramme:
        check()
        pair = rational_belief_programme(plan, nodes, memory_limit=memory_limit)
        return RationalBeliefProgramme(*pair)

    return Orders(
        problem=game,
        procedure=procedure,
        chosen="order" if procedure == "sequential" else "nothing",
        build=lambda order: programme(agendas(procedure, game.n, order)),
        relax=lambda beginning: programme((_relaxed(game.n, beginning),)),
        exact_symmetry=lambda: _twins(game.rational_numbers[1]),
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

    return earlier_twins(len(pieces), same)
