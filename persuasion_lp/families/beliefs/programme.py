r"""The recursion of concave envelopes as one linear program over finitely many beliefs.

For every group S of receivers still to act and every group i that may act next (the agenda), let
z_{S,i}[g, h] ≥ 0 be the probability that belief g is reached with S left to act, i is next, and the
signal moves the belief to h, where i acts. Beliefs are the nodes μ_1 … μ_N; the recursion starts at
the prior alone.

    max   Σ_{S,i,g,h} z_{S,i}[g, h] f_i(μ_h)
    s.t.  Σ_{i,h} z_{S,i}[g, h] = Σ_{(S',j): S'∖j = S} Σ_{g'} z_{S',j}[g', g]      mass[S], N rows
              (1 at the prior when S is everybody)
          Σ_h z_{S,i}[g, h] (μ_h − μ_g) = 0                       plausibility[S|i], N·(K−1) rows

In a flexible procedure the signal decides who is next, and the last rows are summed over i. With a
single stage the program has N columns and K rows: the belief-grid program of one receiver.
Size: N² columns for every pair (S, i) after the first stage.

The dual of the mass rows and of the plausibility rows at the prior gives the price of each state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, ReadOnly
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.errors import ExactSizeError
from persuasion_lp.families.beliefs.discretization import Nodes
from persuasion_lp.families.beliefs.order_search import OrderSearch
from persuasion_lp.families.beliefs.proof.node_trees import NodeStage, NodeTree
from persuasion_lp.families.beliefs.recursion import Agenda, Group, agendas, without
from persuasion_lp.lp.exact import EXACT_ROWS
from persuasion_lp.lp.highs import LPSolution, solve_lp
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.rational import RationalProgram
from persuasion_lp.lp.size import ProgramSize

__all__ = [
    "BeliefProgramme",
    "belief_programme",
    "best_by_programs",
    "rational_belief_programme",
]

NO_FLOW = 1e-11
"""A smaller share of the largest flow out of a belief is a rounding residue of the solver."""


@dataclass(frozen=True, eq=False)
class BeliefProgramme(ReadOnly):
    """The program of a procedure and how to read it.

    Attributes
    ----------
    procedure
        The procedure.
    agendas
        Its agendas: several for private messages, laid out side by side.
    nodes
        The beliefs and payoffs.
    lp
        The program.
    """

    procedure: Procedure
    agendas: tuple[Agenda, ...]
    nodes: Nodes
    lp: LinearProgram

    def prices(self, solution: LPSolution) -> Floats:
        """Supporting hyperplane of the value function at the prior, shape ``(K,)``.

        Multipliers m of the mass at the prior and q of its plausibility bound every payoff that may
        follow: m + q·(μ − prior) ≥ payoff at μ.
        """
        prior = self.nodes.beliefs[self.nodes.prior]
        total = np.zeros(prior.size)
        for agenda in self.agendas:
            mass = float(solution.duals(_mass(agenda.start))[0])
            names = [_plausibility(agenda, agenda.start, i) for i in agenda.moves[agenda.start]]
            slopes = np.append(0.0, solution.duals(names[0])[0])
            if len(names) > 1 and names[0] != names[1]:
                supports = [np.append(0.0, solution.duals(name)[0]) for name in names]
                slopes = supports[self._first_mover(solution, agenda)]
            total += mass + slopes - slopes @ prior
        return total

    def tree(self, solution: LPSolution) -> NodeTree:
        """Posteriors stage by stage, with the flows as weights."""
        stages: list[NodeStage] = []
        for agenda in self.agendas:
            left: list[tuple[Group, int]] = [(agenda.start, self.nodes.prior)]
            while left and left[0][0]:
                stage, left = self._stage(solution, agenda, left)
                stages.append(stage)
        return NodeTree(self.procedure, self.nodes.prior, tuple(stages))

    def _stage(
        self, solution: LPSolution, agenda: Agenda, left: list[tuple[Group, int]]
    ) -> tuple[NodeStage, list[tuple[Group, int]]]:
        messages: dict[tuple[Group, int, Group], dict[int, float]] = {}
        for source, (group, node) in enumerate(left):
            row = 0 if group == agenda.start else node
            moves = agenda.moves[group]
            flows = np.stack([solution.values(_moves(group, acting))[row] for acting in moves])
            for k, target in np.argwhere(flows > NO_FLOW * max(float(flows.max()), 0.0)):
                into = messages.setdefault((group, int(target), moves[k]), {})
                into[source] = float(flows[k, target])
        stage = NodeStage(
            [target for _, target, _ in messages],
            [acting for _, _, acting in messages],
            list(messages.values()),
        )
        return stage, [(without(group, acting), target) for group, target, acting in messages]

    def _first_mover(self, solution: LPSolution, agenda: Agenda) -> int:
        moves = agenda.moves[agenda.start]
        shares = [float(solution.values(_moves(agenda.start, i)).sum()) for i in moves]
        return int(np.argmax(shares))


def belief_programme(
    procedure: Procedure, agendas: tuple[Agenda, ...], nodes: Nodes, *, memory_limit: int
) -> BeliefProgramme:
    """Lay out the program of a procedure.

    Raises
    ------
    SizeError
        If it would need more than ``memory_limit`` bytes.
    """
    _check_size(agendas, nodes, memory_limit)
    builder = LPBuilder()
    for agenda in agendas:
        _lay_out(builder, agenda, nodes)
    return BeliefProgramme(procedure, agendas, nodes, builder.build())


def best_by_programs(nodes: Nodes, memory_limit: int, options: SolverOptions | None) -> OrderSearch:
    """The best fixed order by one program for each, where there is no hull.

    Parameters
    ----------
    nodes
        Beliefs and payoffs.
    memory_limit
        Bytes that a program may take.
    options
        Of every program.
    """
    n = len(nodes.payoffs)
    values, bounds = {}, []
    for order in permutations(range(n)):
        plan = agendas("sequential", n, order)
        programme = belief_programme("sequential", plan, nodes, memory_limit=memory_limit)
        solution = solve_lp(programme.lp, options)
        values[order] = solution.value
        bounds.append(solution.certificate.bound)
    best = max(values, key=lambda order: values[order])
    return OrderSearch(best, values[best], max(bounds), 0, 0)


def rational_belief_programme(
    agendas: tuple[Agenda, ...], nodes: Nodes, *, memory_limit: int
) -> tuple[RationalProgram, LinearProgram]:
    """The program on nodes in exact rationals, and its twin in floats.

    Raises
    ------
    SizeError
        If it would need more than ``memory_limit`` bytes.
    ExactSizeError
        If it would have more rows than exact arithmetic takes on; nothing has been laid out.
    """
    size = _check_size(agendas, nodes, memory_limit)
    if size.rows > EXACT_ROWS:
        raise ExactSizeError(
            "linear program", counted="rows", limit=EXACT_ROWS, rows=size.rows, columns=size.columns
        )
    rounded = replace(
        nodes, beliefs=nodes.beliefs.astype(np.float64), payoffs=nodes.payoffs.astype(np.float64)
    )
    exact, twin = (LPBuilder(one.payoffs.dtype) for one in (nodes, rounded))
    for agenda in agendas:
        _lay_out(exact, agenda, nodes)
        _lay_out(twin, agenda, rounded)
    return exact.build_rational(offset=Fraction(0)), twin.build()


def _lay_out(builder: LPBuilder, agenda: Agenda, nodes: Nodes) -> None:
    count, states = nodes.beliefs.shape
    flows: dict[tuple[Group, Group], NDArray[np.int32]] = {}
    for left in reversed(tuple(agenda.moves)):
        at_prior = left == agenda.start
        origins = nodes.beliefs[[nodes.prior]] if at_prior else nodes.beliefs
        mass = builder.rows(_mass(left), (len(origins),), "==", 1.0 if at_prior else 0.0)
        moved = (nodes.beliefs[None, :, 1:] - origins[:, None, 1:]).transpose(0, 2, 1)
        for group in agenda.moves[left]:
            flow = flows[left, group] = builder.columns(
                _moves(left, group),
                (len(origins), count),
                objective=nodes.payoffs[list(group)].sum(axis=0),
            )
            builder.entries(mass[:, None], flow, 1.0)
            name = _plausibility(agenda, left, group)
            if not builder.has_rows(name):
                builder.rows(name, (len(origins), states - 1), "==")
            plausible = builder.row_positions(name)
            builder.entries(plausible[:, :, None], flow[:, None, :], moved)
    for (left, group), flow in flows.items():
        rest = without(left, group)
        if rest:
            builder.entries(builder.row_positions(_mass(rest))[None, :], flow, -1.0)


def _check_size(agendas: tuple[Agenda, ...], nodes: Nodes, memory_limit: int) -> ProgramSize:
    count, states = nodes.beliefs.shape
    columns = rows = 0
    for agenda in agendas:
        for left, moves in agenda.moves.items():
            origins = 1 if left == agenda.start else count
            columns += len(moves) * origins * count
            signals = 1 if agenda.signal_decides else len(moves)
            rows += origins * (1 + signals * (states - 1))
    size = ProgramSize(columns, rows, columns * (states + 1))
    size.check(memory_limit)
    return size


def _mass(left: Group) -> str:
    return f"mass[{_named(left)}]"


def _moves(left: Group, group: Group) -> str:
    return f"moves[{_named(left)}|{_named(group)}]"


def _plausibility(agenda: Agenda, left: Group, group: Group) -> str:
    if agenda.signal_decides:
        return f"plausibility[{_named(left)}]"
    return f"plausibility[{_named(left)}|{_named(group)}]"


def _named(group: Group) -> str:
    return ",".join(map(str, group))
