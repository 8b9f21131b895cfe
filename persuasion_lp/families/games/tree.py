r"""Who acts when, and what he has seen: the tree that a procedure unfolds.

A procedure is a sequence of *splits*. A split takes a measure over states (the prior, or the
measure left after a history of recommendations) and divides it among *measures*, one for each set
of receivers that may act now and each recommendation they may get. What a receiver has seen when he
acts is the one thing in which the procedures differ:

=========  =====================================================================================
``see``    the information set of a receiver acting in the measure: the history before it, and …
=========  =====================================================================================
public     every recommendation made in the measure
staged     the recommendations made in the measure up to his own, in the order of ``acting``
announced  as staged, and who acts next
private    his own recommendation only
=========  =====================================================================================

What follows a history depends on it only through who is left, so splits are shared: a tree with n!
branches is stored as one split for each set of receivers left, and its size is known before it is
unfolded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from persuasion_lp.arrays import Integers, ReadOnly
from persuasion_lp.families.games.problem import PersuasionGame

__all__ = ["Measure", "Node", "Shape", "Sight", "Split", "StateClasses", "Tree", "branch", "unfold"]

Sight = Literal["public", "staged", "announced", "private"]


@dataclass(frozen=True, eq=False)
class Shape(ReadOnly):
    """All of a game that its trees depend on: shapes that say the same are equal.

    Attributes
    ----------
    n, states
        Numbers of receivers and of states.
    action_counts, state_counts
        Of each receiver.
    own_states
        Own state of each receiver in every state, shape ``(states,)`` each.
    support
        Flat positions of the states with positive probability.
    additive, state_dependent
        Of the sender's payoff.
    """

    n: int
    states: int
    action_counts: tuple[int, ...]
    state_counts: tuple[int, ...]
    own_states: tuple[Integers, ...]
    support: Integers
    additive: bool
    state_dependent: bool

    @classmethod
    def of(cls, game: PersuasionGame) -> Shape:
        """The shape of a game."""
        return cls(
            game.n,
            game.prior.size,
            game.action_counts,
            tuple(receiver.state_count for receiver in game.receivers),
            game.own_states,
            game.support,
            game.additive,
            game.state_dependent,
        )

    @cached_property
    def _key(self) -> tuple[Any, ...]:
        own = tuple(states.tobytes() for states in self.own_states)
        counts = (self.states, self.action_counts, self.state_counts)
        return *counts, own, self.support.tobytes(), self.additive, self.state_dependent

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@dataclass(frozen=True, eq=False)
class StateClasses(ReadOnly):
    """States that look alike to everybody who has yet to act, lumped together.

    Attributes
    ----------
    labels
        Class of each state, shape ``(states,)``.
    representative
        One state of each class, shape ``(C,)``.
    possible
        Classes with positive probability, shape ``(S,)``: only these become columns.
    """

    labels: Integers
    representative: Integers
    possible: Integers

    @classmethod
    def of(cls, game: PersuasionGame | Shape, receivers: Iterable[int]) -> StateClasses:
        """Lump states in which each of ``receivers`` has the same own state.

        When a payoff over profiles depends on the state, every state is its own class.
        """
        shape = game if isinstance(game, Shape) else Shape.of(game)
        codes = np.zeros(shape.states, dtype=np.int64)
        if shape.state_dependent:
            codes = np.arange(shape.states)
        else:
            for i in sorted(receivers):
                _, codes = np.unique(
                    codes * shape.state_counts[i] + shape.own_states[i], return_inverse=True
                )
        _, representative, labels = np.unique(codes, return_index=True, return_inverse=True)
        return cls(labels, representative, np.unique(labels[shape.support]))

    @property
    def count(self) -> int:
        """Number of classes, impossible ones included."""
        return self.representative.size


@dataclass(frozen=True, eq=False)
class Measure:
    """One alternative of a split: these receivers act now, each on a recommendation.

    Attributes
    ----------
    acting
        The receivers, in the order of their action axes.
    then
        The splits that follow; empty at the end. Several splits run side by side, each on the
        whole measure: nobody in one learns what is recommended in another.
    see
        What an acting receiver has seen.
    following
        The receiver who is announced to act next, if the procedure announces him.
    """

    acting: tuple[int, ...]
    then: tuple[Split, ...] = ()
    see: Sight = "public"
    following: int | None = None


@dataclass(frozen=True, eq=False)
class Split:
    """A measure over state classes, divided among measures."""

    classes: StateClasses
    measures: tuple[Measure, ...]


class Tree(tuple[Split, ...]):
    """The splits with which a procedure begins; what they unfold to is found once."""

    @cached_property
    def branches(self) -> tuple[tuple[Node, ...], ...]:
        """The nodes of each split."""
        return _branched(self, None)

    def __reduce__(self) -> tuple[Any, ...]:
        return Tree, (tuple(self),)


@dataclass(frozen=True, eq=False)
class Node:
    """A measure at one place of the unfolded tree.

    Attributes
    ----------
    measure, split
        The measure, and the split it is part of.
    history
        Receivers who acted before, in their order: the leading action axes.
    split_label
        Name of the split at this place.
    label
        Name of the node: the receivers in the order in which they have acted.
    parent
        Node whose measure is split, ``None`` at the root.
    """

    measure: Measure
    split: Split
    history: tuple[int, ...]
    split_label: str
    label: str
    parent: Node | None

    @cached_property
    def receivers(self) -> tuple[int, ...]:
        """Receiver of every action axis."""
        return self.history + self.measure.acting

    @cached_property
    def branches(self) -> tuple[tuple[Node, ...], ...]:
        """The nodes of each split that follows."""
        return _branched(self.measure.then, self)

    @cached_property
    def informations(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """For each receiver who acts, the name of his information sets, and the axes seen.

        The axes include his own. Nodes that give the same name give the same information sets.
        """
        return tuple(self._information(place) for place in range(len(self.measure.acting)))

    def shape(self, game: PersuasionGame) -> tuple[int, ...]:
        """Sizes of the action axes."""
        return tuple(game.action_counts[i] for i in self.receivers)

    def _information(self, position: int) -> tuple[str, tuple[int, ...]]:
        first = len(self.history)
        own = first + position
        i = self.measure.acting[position]
        match self.measure.see:
            case "public":
                return f"obedience[{i}|{self.label}]", tuple(range(len(self.receivers)))
            case "private":
                seen = (*range(first), own)
            case "staged" | "announced":
                seen = tuple(range(own + 1))
        name = _joined(self.receivers[axis] for axis in seen)
        if self.measure.see == "announced" and own + 1 < len(self.receivers):
            name += f">{self.receivers[own + 1]}"
        return f"obedience[{i}|{name}]", seen


def _branched(splits: Sequence[Split], parent: Node | None) -> tuple[tuple[Node, ...], ...]:
    """Nodes of each of the splits that follow ``parent`` (or begin the tree)."""
    history = parent.receivers if parent else ()
    branches = []
    for k, split in enumerate(splits):
        which = "" if len(splits) == 1 else f"#{k}"
        split_label = f"balance[{parent.label}]{which}" if parent else f"prior{which}"
        nodes = []
        for measure in split.measures:
            label = _joined(history + measure.acting)
            if measure.following is not None:
                label += f">{measure.following}"
            nodes.append(Node(measure, split, history, split_label, label, parent))
        branches.append(tuple(nodes))
    return tuple(branches)


def unfold(splits: Sequence[Split]) -> Iterator[Node]:
    """Walk the tree depth first; each node comes after its parent."""
    waiting = [node for nodes in reversed(branch(splits)) for node in reversed(nodes)]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [below for nodes in reversed(node.branches) for below in reversed(nodes)]


def branch(splits: Sequence[Split]) -> tuple[tuple[Node, ...], ...]:
    """The nodes of each of the splits that begin a tree."""
    return splits.branches if isinstance(splits, Tree) else _branched(splits, None)


def _joined(receivers: Iterable[int]) -> str:
    return ",".join(map(str, receivers))
