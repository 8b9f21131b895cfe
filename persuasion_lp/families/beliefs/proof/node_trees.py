r"""Trees of posteriors by nodes, and what such a tree pays in the numbers as written.

A recursion, or a program, says where a signal sent at node g leads, and with which weights. On an
interval its weights are then made exact: they are fractions with

    Σ_h w_h = 1,     Σ_h w_h x_h = x_g,

those of a signal that leads to two nodes because nothing else is Bayes plausible, all others by
mixing them with the lowest (highest) node they lead to until the mean is x_g. What the tree pays is
then a sum of fractions, and no posterior is on the wrong side of a jump.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.beliefs.posterior_tree import PosteriorStage, PosteriorTree
from persuasion_lp.core.exact import enclosed, nearest
from persuasion_lp.errors import CertificateError
from persuasion_lp.families.beliefs.recursion import Agenda, Group, without

__all__ = ["Attained", "NodeStage", "NodeTree", "Walk", "attained", "in_floats", "node_tree"]

_ZERO, _ONE = Fraction(0), Fraction(1)


class Walk(Protocol):
    """A recursion, read forwards."""

    @property
    def agenda(self) -> Agenda:
        """Its agenda."""

    def best_move(self, left: Group, node: int) -> tuple[Group, Group]:
        """Key of the envelope that attains V(S) at a node."""

    def split(self, key: tuple[Group, Group], node: int) -> list[tuple[int, float]]:
        """The nodes to which a signal sent at a node leads, with their weights."""

    def next_to_act(self, key: tuple[Group, Group], node: int) -> Group:
        """Who acts on a signal that leads to a node."""


@dataclass(frozen=True, eq=False)
class NodeStage:
    """One public signal.

    Attributes
    ----------
    nodes
        The posterior after each message.
    acting
        The receivers who act on each message.
    sources
        For each message the messages before it, with its weight after each.
    """

    nodes: list[int]
    acting: list[Group]
    sources: list[dict[int, float]]

    def kernel(self, before: int) -> Floats:
        """Weights as a matrix, rows summing to one."""
        kernel = np.zeros((before, len(self.nodes)))
        for column, entries in enumerate(self.sources):
            for source, weight in entries.items():
                kernel[source, column] = weight
        total = kernel.sum(axis=1, keepdims=True)
        if not (total > 0).all():
            raise CertificateError("a belief is reached from which no signal leads on")
        return kernel / total


@dataclass(frozen=True, eq=False)
class NodeTree:
    """Posteriors stage by stage, by nodes.

    Attributes
    ----------
    procedure
        With ``"first_best"`` every stage is a private message, sent at the prior.
    prior
        Node of the prior.
    stages
        The signals in order.
    """

    procedure: Procedure
    prior: int
    stages: tuple[NodeStage, ...]

    @property
    def private(self) -> bool:
        """Whether every stage is a private message."""
        return self.procedure == "first_best"

    def before(self, k: int) -> list[int]:
        """Nodes at which the signal of a stage is sent."""
        return [self.prior] if k == 0 or self.private else self.stages[k - 1].nodes

    @property
    def nodes(self) -> set[int]:
        """All nodes that occur."""
        return {self.prior}.union(*(stage.nodes for stage in self.stages))


@dataclass(frozen=True, eq=False)
class Attained:
    """A tree that is Bayes plausible, and what it pays.

    Attributes
    ----------
    tree
        The tree, rounded to floats.
    payoff
        What it pays.
    error
        How far off the values of functions that are only known in floats may be, in all.
    size
        Σ |payoff × probability|; with more than two states and receivers, at least the expectation
        of the largest payoff in absolute value.
    """

    tree: PosteriorTree
    payoff: Fraction
    error: Fraction
    size: Fraction

    @property
    def value(self) -> float:
        """What it pays, rounded."""
        return nearest(self.payoff)

    @property
    def lower(self) -> float:
        """What it pays at least, rounded down."""
        return enclosed(self.payoff - self.error)[0]


def node_tree(procedure: Procedure, walks: Sequence[Walk], prior: int) -> NodeTree:
    """Posteriors stage by stage: at every belief reached, split as the recursion says."""
    stages: list[NodeStage] = []
    for walk in walks:
        left: list[tuple[Group, int]] = [(walk.agenda.start, prior)]
        while left[0][0]:
            messages: dict[tuple[Group, int, Group], dict[int, float]] = {}
            for source, (group, node) in enumerate(left):
                key = walk.best_move(group, node)
                for target, weight in walk.split(key, node):
                    into = messages.setdefault((group, target, walk.next_to_act(key, target)), {})
                    into[source] = into.get(source, 0.0) + weight
            stages.append(
                NodeStage(
                    [target for _, target, _ in messages],
                    [acting for _, _, acting in messages],
                    list(messages.values()),
                )
            )
            left = [(without(group, acting), target) for group, target, acting in messages]
    return NodeTree(procedure, prior, tuple(stages))


def in_floats(tree: NodeTree, beliefs: Floats) -> PosteriorTree:
    """The tree with beliefs of shape ``(N, K)`` at the nodes, and its weights as they are."""
    stages = tuple(
        PosteriorStage(beliefs[stage.nodes], stage.kernel(len(tree.before(k))), tuple(stage.acting))
        for k, stage in enumerate(tree.stages)
    )
    return PosteriorTree(tree.procedure, frozen(beliefs[tree.prior].copy()), stages)


def attained(
    tree: NodeTree,
    x: Mapping[int, Fraction],
    payoffs: Sequence[Mapping[int, tuple[Fraction, Fraction]]],
) -> Attained:
    """Make a tree on an interval Bayes plausible, and evaluate it.

    Parameters
    ----------
    tree
        The tree; weights are right up to whatever error they have.
    x
        Belief in the second state at each of its nodes.
    payoffs
        For each receiver, by node, the payoff and a bound on its error.

    Raises
    ------
    CertificateError
        If a signal leads to nodes on one side of where it is sent only.
    """
    rounded_beliefs: dict[int, tuple[float, float]] = {}

    def in_two(node: int) -> tuple[float, float]:
        if node not in rounded_beliefs:
            rounded_beliefs[node] = nearest(1 - x[node]), nearest(x[node])
        return rounded_beliefs[node]

    total = error = size = _ZERO
    stages, chances = [], [_ONE]
    for k, stage in enumerate(tree.stages):
        before = tree.before(k)
        rows: list[dict[int, float]] = [{} for _ in before]
        for column, entries in enumerate(stage.sources):
            for source, weight in entries.items():
                rows[source][column] = weight
        exact = [
            _plausible(x[node], [(c, x[stage.nodes[c]], w) for c, w in row.items()])
            for node, row in zip(before, rows, strict=True)
        ]
        now = [_ZERO] * len(stage.nodes)
        kernel = np.zeros((len(before), len(now)))
        for source, weights in enumerate(exact):
            for column, share in weights.items():
                now[column] += chances[source] * share
                kernel[source, column] = nearest(share)
        for column, (node, acting) in enumerate(zip(stage.nodes, stage.acting, strict=True)):
            for i in acting:
                paid, doubt = payoffs[i][node]
                worth = now[column] * paid
                total += worth
                size += abs(worth)
                if doubt:
                    error += now[column] * doubt
        beliefs = np.array([in_two(node) for node in stage.nodes])
        stages.append(PosteriorStage(beliefs, kernel, tuple(stage.acting)))
        chances = [_ONE] if tree.private else now
    prior = frozen(np.array(in_two(tree.prior)))
    rounded = PosteriorTree(tree.procedure, prior, tuple(stages))
    return Attained(rounded, total, error, size)


def _plausible(at: Fraction, targets: list[tuple[int, Fraction, float]]) -> dict[int, Fraction]:
    """Weights of messages, by column, that sum to one and have the mean wanted."""
    if len(targets) == 2:
        (one, x, _), (other, y, _) = targets
        if x != y and min(x, y) <= at <= max(x, y):
            share = (at - x) / (y - x)
            return {c: w for c, w in ((one, 1 - share), (other, share)) if w}
    weights = {column: Fraction(weight) for column, _, weight in targets if weight > 0}
    if not weights:
        raise CertificateError("a belief is reached from which no signal leads on")
    total = sum(weights.values(), _ZERO)
    places = {column: x for column, x, _ in targets}
    mean = sum((w * places[c] for c, w in weights.items()), _ZERO) / total
    if mean == at:
        return {column: weight / total for column, weight in weights.items()}
    key: Any = places.__getitem__
    end = max(places, key=key) if mean < at else min(places, key=key)
    if not (places[end] > at if mean < at else places[end] < at):
        raise CertificateError("a signal moves the belief to one side only")
    mixed = (at - mean) / (places[end] - mean)
    found = {column: (1 - mixed) * weight / total for column, weight in weights.items()}
    found[end] = found.get(end, _ZERO) + mixed
    return found
