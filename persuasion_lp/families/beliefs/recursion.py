r"""The five procedures on one common belief as one recursion over the receivers still to act.

With V(∅) = 0, and g_i = f_i + V(S∖i) for a receiver i who may be next when S are left,

    sequential, intermediate    V(S) = max_i cav(g_i)       who is next is known before the signal
    flexible                    V(S) = cav(max_i g_i)       the signal decides

and sequential allows only one i for each S. A simultaneous procedure lets everybody be next at
once; first best is one such procedure for each receiver alone. What a procedure is, is therefore
the *agenda*: which groups may act next when S are left, and whether the signal comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import assert_never, cast

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.families.beliefs.discretization import (
    Discretization,
    NodeEnvelope,
    ValueFunction,
)

__all__ = ["Agenda", "Group", "Recursion", "agendas", "recursion", "without"]

Group = tuple[int, ...]


@dataclass(frozen=True)
class Agenda:
    """Who may act next, for each group of receivers still to act.

    Attributes
    ----------
    start
        The receivers to begin with.
    moves
        For each group still to act, smaller groups first, the groups that may act next.
    signal_decides
        Whether the next signal decides who acts on it.
    """

    start: Group
    moves: Mapping[Group, tuple[Group, ...]]
    signal_decides: bool = False


def agendas(procedure: Procedure, n: int, order: Group | None = None) -> tuple[Agenda, ...]:
    """Agendas of a procedure: one, except for first best, which has one for each receiver.

    Parameters
    ----------
    procedure
        The procedure.
    n
        Number of receivers.
    order
        For a sequential procedure, the receivers in the order in which they act.
    """
    everybody = tuple(range(n))
    match procedure:
        case "simultaneous":
            return (Agenda(everybody, {everybody: (everybody,)}),)
        case "first_best":
            return tuple(Agenda((i,), {(i,): ((i,),)}) for i in everybody)
        case "sequential":
            order = cast(Group, order)
            moves: dict[Group, tuple[Group, ...]] = {
                tuple(sorted(order[k:])): ((order[k],),) for k in reversed(range(n))
            }
            return (Agenda(everybody, moves),)
        case "intermediate" | "flexible":
            moves = {
                left: tuple((i,) for i in left)
                for size in range(1, n + 1)
                for left in combinations(everybody, size)
            }
            return (Agenda(everybody, moves, procedure == "flexible"),)
        case _:
            assert_never(procedure)


@dataclass(frozen=True, eq=False)
class Recursion:
    """An agenda carried out on a discretization.

    Attributes
    ----------
    agenda
        The agenda.
    nodes
        The discretization.
    values
        V(S) for each group S still to act, the empty one included.
    sums
        g at the nodes for each pair (S, next group).
    envelopes
        For each S and each next group, cav(g); where the signal decides, one under the key
        ``(S, S)``.
    """

    agenda: Agenda
    nodes: Discretization
    values: Mapping[Group, ValueFunction]
    sums: Mapping[tuple[Group, Group], Floats]
    envelopes: Mapping[tuple[Group, Group], NodeEnvelope]

    @property
    def value(self) -> float:
        """Value at the prior."""
        return float(self.values[self.agenda.start].values[self.nodes.prior])

    def value_at(self, belief: Floats) -> float:
        """Value at a belief over three or more states, which need not be a node."""
        start = self.agenda.start
        moves = (start,) if self.agenda.signal_decides else self.agenda.moves[start]
        return max(float(self.envelopes[start, group](belief)) for group in moves)

    def prices(self) -> Floats:
        """Supporting hyperplane of the value function at the prior, shape ``(K,)``."""
        prior = self.nodes.beliefs[self.nodes.prior]
        return self.envelopes[self.best_move(self.agenda.start, self.nodes.prior)].prices(
            prior if prior.size > 2 else prior[1]
        )

    def best_move(self, left: Group, node: int) -> tuple[Group, Group]:
        """Key of the envelope that attains V(S) at a node."""
        if self.agenda.signal_decides:
            return left, left
        belief = self.nodes.beliefs[node]
        at = belief if belief.size > 2 else belief[1]
        moves = self.agenda.moves[left]
        reached = [float(self.envelopes[left, group](at)) for group in moves]
        return left, moves[int(np.argmax(reached))]

    def split(self, key: tuple[Group, Group], node: int) -> list[tuple[int, float]]:
        """The nodes to which a signal sent at a node leads, with their weights."""
        at = self.nodes.beliefs[node]
        split = self.envelopes[key].split(at if at.size > 2 else at[1])
        return list(zip(split.positions.tolist(), split.weights.tolist(), strict=True))

    def next_to_act(self, key: tuple[Group, Group], node: int) -> Group:
        """Who acts on a signal that leads to a node."""
        left, group = key
        if not self.agenda.signal_decides:
            return group
        moves = self.agenda.moves[left]
        return moves[int(np.argmax([self.sums[left, move][node] for move in moves]))]


def recursion(
    agenda: Agenda, nodes: Discretization, check: Callable[[], None] = lambda: None
) -> Recursion:
    """Carry out an agenda backwards; ``check`` is called before every group."""
    values: dict[Group, ValueFunction] = {(): nodes.nothing()}
    sums: dict[tuple[Group, Group], Floats] = {}
    envelopes: dict[tuple[Group, Group], NodeEnvelope] = {}
    for left, moves in agenda.moves.items():
        check()
        for group in moves:
            sums[left, group] = nodes.add(group, values[without(left, group)])
        if agenda.signal_decides:
            best = np.max([sums[left, group] for group in moves], axis=0)
            envelopes[left, left] = nodes.envelope(best)
            values[left] = nodes.value_function(envelopes[left, left])
            continue
        for group in moves:
            envelopes[left, group] = nodes.envelope(sums[left, group])
        values[left] = nodes.highest(
            [nodes.value_function(envelopes[left, group]) for group in moves]
        )
    return Recursion(agenda, nodes, values, sums, envelopes)


def without(left: Group, group: Group) -> Group:
    """The receivers of ``left`` that are not in ``group``."""
    return tuple(i for i in left if i not in group)
