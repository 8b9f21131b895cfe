r"""Concave envelopes without error, or rounded up: nested stage by stage, in integers.

With nodes x_k = X_k / D and values g_k the upper hull needs comparisons only,

    (g_k − g_l) (X_r − X_l)  ≤  (g_r − g_l) (X_k − X_l)     k is no vertex between l and r,

and between neighbouring vertices l < k < r the envelope is

    cav g(x_k)  =  ( g_l (X_r − X_k) + g_r (X_k − X_l) ) / (X_r − X_l).

With values in fractions all of that is exact. With values in units of U, integers rounded up here
and nowhere else, what comes out is nowhere below the envelope; as cav is monotone, so is whatever
is made of it by further stages. Either way no number is further off than it says, however close to
each other the nodes are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from persuasion_lp.families.beliefs.recursion import Agenda, Group, without
from persuasion_lp.families.beliefs.written import WrittenNodes

__all__ = ["ExactNodes", "ExactRecursion", "exact_nodes", "exact_recursion", "rounded_up"]

UNITS = 256
"""Binary digits of the unit below what the written payoffs need to be integers."""

Numbers = list[Any]


def _nothing() -> None:
    return None


@dataclass(frozen=True, eq=False)
class ExactNodes:
    """Payoffs at nodes, to be computed with exactly or rounded up.

    Attributes
    ----------
    positions
        X, increasing integers.
    payoffs
        For each receiver his payoff at each node, in units: all fractions or all integers.
    unit
        What one unit is.
    prior
        Which node is the prior.
    divide
        Division of a payoff by an integer, exact or rounded up.
    """

    positions: list[int]
    payoffs: list[Numbers]
    unit: Fraction
    prior: int
    divide: Callable[[Any, int], Any]

    def envelope(self, values: Numbers) -> tuple[Numbers, list[int]]:
        """Concave envelope of values at the nodes, at the nodes, and its vertices."""
        x = self.positions
        kept = [0]
        for k in range(1, len(x)):
            here, value = x[k], values[k]
            while len(kept) > 1:
                low, middle = kept[-2], kept[-1]
                start, base = x[low], values[low]
                if (values[middle] - base) * (here - start) > (value - base) * (x[middle] - start):
                    break
                kept.pop()
            kept.append(k)
        found = list(values)
        for low, high in pairwise(kept):
            if high == low + 1:
                continue
            left, right, run = x[low], x[high], x[high] - x[low]
            at_left, at_right = values[low], values[high]
            for k in range(low + 1, high):
                found[k] = self.divide(at_left * (right - x[k]) + at_right * (x[k] - left), run)
        return found, kept

    def plus(self, group: Group, later: Numbers) -> Numbers:
        """Payoffs from a group plus a value function."""
        for i in group:
            later = [one + more for one, more in zip(self.payoffs[i], later, strict=True)]
        return later

    def nothing(self) -> Numbers:
        """The value function zero."""
        return [0 * value for value in self.payoffs[0]]


def exact_nodes(nodes: WrittenNodes) -> ExactNodes:
    """Nodes to be computed with exactly."""
    return ExactNodes(
        _positions(nodes),
        [list(row) for row in nodes.payoffs],
        Fraction(1),
        nodes.prior,
        Fraction.__truediv__,
    )


def rounded_up(nodes: WrittenNodes) -> ExactNodes:
    """Nodes to be computed with in integers, rounded up."""
    scale = math.lcm(*(value.denominator for row in nodes.payoffs for value in row)) << UNITS
    payoffs: list[Numbers] = [
        [value.numerator * (scale // value.denominator) for value in row] for row in nodes.payoffs
    ]
    return ExactNodes(_positions(nodes), payoffs, Fraction(1, scale), nodes.prior, _up)


def _up(number: int, by: int) -> int:
    return -(-number // by)


def _positions(nodes: WrittenNodes) -> list[int]:
    common = math.lcm(*(at.denominator for at in nodes.x))
    return [at.numerator * (common // at.denominator) for at in nodes.x]


@dataclass(frozen=True, eq=False)
class ExactRecursion:
    """An agenda carried out on nodes, exactly or rounded up.

    Attributes
    ----------
    agenda, nodes
        What was carried out, on what.
    values
        V(S) at the nodes for each group S still to act.
    sums
        g at the nodes for each pair (S, next group).
    envelopes
        For each S and each next group cav(g) at the nodes, and its vertices; where the signal
        decides, one under the key ``(S, S)``.
    """

    agenda: Agenda
    nodes: ExactNodes
    values: dict[Group, Numbers]
    sums: dict[tuple[Group, Group], Numbers]
    envelopes: dict[tuple[Group, Group], tuple[Numbers, list[int]]]

    @property
    def value(self) -> Fraction:
        """Value at the prior."""
        return Fraction(self.values[self.agenda.start][self.nodes.prior] * self.nodes.unit)

    def best_move(self, left: Group, node: int) -> tuple[Group, Group]:
        """Key of the envelope that attains V(S) at a node."""
        if self.agenda.signal_decides:
            return left, left
        moves = self.agenda.moves[left]
        return left, max(moves, key=lambda group: self.envelopes[left, group][0][node])

    def next_to_act(self, key: tuple[Group, Group], node: int) -> Group:
        """Who acts on a signal that leads to a node."""
        left, group = key
        if not self.agenda.signal_decides:
            return group
        return max(self.agenda.moves[left], key=lambda move: self.sums[left, move][node])

    def split(self, key: tuple[Group, Group], node: int) -> list[tuple[int, float]]:
        """The nodes to which a signal sent at a node leads, with their weights."""
        x, (_, vertices) = self.nodes.positions, self.envelopes[key]
        low, high = self._around(vertices, node)
        if node in (low, high):
            return [(node, 1.0)]
        share = (x[node] - x[low]) / (x[high] - x[low])
        return [(low, 1.0 - share), (high, share)]

    def prices(self) -> tuple[Fraction, Fraction]:
        """Heights at beliefs 0 and 1 of a line that supports the value function at the prior."""
        key = self.best_move(self.agenda.start, self.nodes.prior)
        values, vertices = self.envelopes[key]
        low, high = self._around(vertices, self.nodes.prior)
        x, unit = self.nodes.positions, self.nodes.unit
        slope = Fraction(values[high] - values[low]) / (x[high] - x[low])
        ends = (values[low] + slope * (x[end] - x[low]) for end in (0, -1))
        at_0, at_1 = (Fraction(height * unit) for height in ends)
        return at_0, at_1

    @staticmethod
    def _around(vertices: list[int], node: int) -> tuple[int, int]:
        for low, high in pairwise(vertices):
            if node <= high:
                return low, high
        raise AssertionError("the last node is a vertex")


def exact_recursion(
    agenda: Agenda, nodes: ExactNodes, check: Callable[[], None] = _nothing
) -> ExactRecursion:
    """Carry out an agenda backwards; ``check`` is called before every envelope."""
    values: dict[Group, Numbers] = {(): nodes.nothing()}
    sums: dict[tuple[Group, Group], Numbers] = {}
    envelopes: dict[tuple[Group, Group], tuple[Numbers, list[int]]] = {}
    for left, moves in agenda.moves.items():
        for group in moves:
            sums[left, group] = nodes.plus(group, values[without(left, group)])
        check()
        if agenda.signal_decides:
            best = [max(column) for column in zip(*(sums[left, g] for g in moves), strict=True)]
            envelopes[left, left] = nodes.envelope(best)
            values[left] = envelopes[left, left][0]
            continue
        for group in moves:
            check()
            envelopes[left, group] = nodes.envelope(sums[left, group])
        reached = [envelopes[left, group][0] for group in moves]
        values[left] = [max(column) for column in zip(*reached, strict=True)]
    return ExactRecursion(agenda, nodes, values, sums, envelopes)
