"""What routes for programmes with one split have in common: states, masses, rows of obedience."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from persuasion_lp.arrays import Floats, Integers, summed
from persuasion_lp.errors import SizeError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.programme import (
    all_obedience_rows,
    node_payoff,
    programme_size,
)
from persuasion_lp.families.games.scale.reduced import only_node
from persuasion_lp.families.games.tree import Node, Split, StateClasses
from persuasion_lp.lp.options import SolverOptions

__all__ = ["OneSplit", "OwnRows", "too_large"]

RARE = 1e-11
"""Probability of the least likely states together that are left to be revealed: the value changes
by less than what is proved of it, and floats are spared to weigh them against the others."""


class OwnRows(NamedTuple):
    """Obedience rows of a receiver: row q is asked of who is told ``action[q]``.

    ``coefficients`` over possible classes of states, shape ``(Q, S)``; ``largest`` of each row.
    """

    receiver: int
    action: Integers
    coefficients: Floats
    largest: Floats


@dataclass(frozen=True, eq=False)
class OneSplit:
    """A programme with a column for each profile and possible class of states.

    Attributes
    ----------
    game, splits
        The game, and its tree of one split.
    options
        Limits of the whole, tolerances.
    memory_limit
        Bytes that may be taken.
    tol
        Width of the bracket that is wide enough, ``None`` for a proved optimum.
    """

    game: PersuasionGame
    splits: tuple[Split, ...]
    options: SolverOptions
    memory_limit: int
    tol: float | None = None

    @cached_property
    def node(self) -> Node:
        """The only node of the tree."""
        return only_node(self.splits)

    @property
    def classes(self) -> StateClasses:
        """Of states that look alike to everybody."""
        return self.node.split.classes

    @cached_property
    def profiles(self) -> int:
        """Number of action profiles."""
        return math.prod(self.game.action_counts)

    @cached_property
    def states(self) -> Integers:
        """A state of each possible class."""
        return self.classes.representative[self.classes.possible]

    @cached_property
    def mass(self) -> Floats:
        """Probability of each possible class."""
        prior = summed(self.classes.labels, self.game.numbers.prior, self.classes.count)
        return prior[self.classes.possible]

    @cached_property
    def unit(self) -> float:
        """One over the mean mass."""
        return 1.0 / float(self.mass.mean())

    @cached_property
    def rare(self) -> Integers:
        """Positions of the least likely classes, which are to be revealed."""
        order = np.argsort(self.mass, kind="stable")
        few = np.cumsum(self.mass[order]) <= RARE * self.mass.sum()
        return np.sort(order[few])

    @cached_property
    def common(self) -> Integers:
        """Positions of the others."""
        return np.setdiff1d(np.arange(self.mass.size), self.rare)

    @cached_property
    def revealed(self) -> Integers:
        """Profile that is recommended when a class is revealed."""
        told, _ = self.game.revealed
        at = np.searchsorted(self.game.support, self.states)
        return np.asarray(np.ravel_multi_index(tuple(told[at].T), self.game.action_counts))

    @cached_property
    def obedience(self) -> tuple[OwnRows, ...]:
        """Each receiver's rows."""
        found = []
        for i, kept in enumerate(all_obedience_rows(self.game, self.game.numbers)):
            rows = kept.cone[:, self.game.own_states[i][self.states]]
            largest = np.abs(rows[:, self.common]).max(axis=1, initial=0.0)
            found.append(OwnRows(i, kept.action, rows, np.where(largest > 0, largest, 1.0)))
        return tuple(found)

    @cached_property
    def payoffs(self) -> Floats:
        """Sender's payoff above the worst, by possible class (or one row for all) and profile."""
        every = node_payoff(self.game, self.node, self.game.numbers)
        same = self.game.payoff is not None and not self.game.state_dependent
        chosen = every[..., :1] if same else every[..., self.classes.possible]
        shape = (*self.game.action_counts, chosen.shape[-1])
        by_profile = np.broadcast_to(chosen, shape).reshape(self.profiles, -1)
        return np.ascontiguousarray(by_profile.T)


def too_large(what: str, route: OneSplit, needed: int) -> SizeError:
    """The error of a route that needs more memory than the limit."""
    size = programme_size(route.game, route.splits)
    return SizeError(
        what,
        needed=needed,
        limit=route.memory_limit,
        columns=size.columns,
        rows=size.rows,
        nonzeros=size.nonzeros,
    )
