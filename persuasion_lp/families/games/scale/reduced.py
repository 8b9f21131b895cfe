r"""A programme of which only some columns are laid out, those that may be used at an optimum.

Public signals and private messages have one split: a column π(a, s) for each profile a and state s,
2^n · 2^n of them with n receivers and binary states, of which an optimal vertex uses no more than
there are rows. A route that finds out which ones (:mod:`.public`, :mod:`.private`) lays out these
columns with all rows. A solution of the reduced program is one of the whole; that nothing better is
left out is proved by prices, which are read as always: the price of a state is the best over *all*
profiles (:mod:`persuasion_lp.families.games.decoding`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, ReadOnly, frozen, summed
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.programme import (
    ObedienceRows,
    Programme,
    all_obedience_rows,
    build_programme,
    game_baseline,
    node_payoff,
    programme_size,
)
from persuasion_lp.families.games.tree import Node, Split, branch
from persuasion_lp.lp.certificate import LPPoint
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.rational import RationalProgram, RationalSolution
from persuasion_lp.lp.size import MEMORY_LIMIT, ProgramSize

__all__ = ["Laid", "ReducedProgramme", "only_node", "reduce_programme"]


@dataclass(frozen=True, eq=False)
class ReducedProgramme(ReadOnly):
    """Some columns of a programme with one split, and what is needed to read a solution.

    Attributes
    ----------
    game, splits, obedience, baseline
        As of :class:`~persuasion_lp.families.games.programme.Programme`.
    columns
        Positions of the columns in the whole programme, ascending, shape ``(N,)``.
    laid_out
        The program of these columns, with all rows of the whole one.
    memory_limit
        Bytes that the whole program may take.
    """

    game: PersuasionGame
    splits: tuple[Split, ...]
    obedience: tuple[ObedienceRows, ...]
    baseline: Floats
    columns: Integers
    laid_out: LinearProgram
    memory_limit: int = MEMORY_LIMIT

    @property
    def node(self) -> Node:
        """The only node of the tree."""
        return only_node(self.splits)

    @cached_property
    def size(self) -> ProgramSize:
        """Of the whole program, which has not been laid out."""
        return programme_size(self.game, self.splits)

    @property
    def laid_out_size(self) -> ProgramSize:
        """Of what was laid out."""
        return ProgramSize.of(self.laid_out)

    @cached_property
    def whole(self) -> Programme:
        """The programme with all columns.

        Raises
        ------
        SizeError
            If it would need more memory than the limit.
        """
        return build_programme(self.game, self.splits, memory_limit=self.memory_limit)

    @property
    def lp(self) -> LinearProgram:
        """The whole program, laid out when it is asked for."""
        return self.whole.lp

    def rational(self) -> RationalProgram:
        """The whole program in exact rationals."""
        return self.whole.rational()

    def as_written(self) -> RationalProgram:
        """The same, whether or not the prior sums to 1 exactly."""
        return self.whole.as_written()

    def flow(self, solution: LPPoint | RationalSolution, node: Node) -> NDArray[Any]:
        """π at the node, in its shape: profiles and possible states; 0 where not laid out."""
        shape = (*node.shape(self.game), node.split.classes.possible.size)
        flat = np.zeros(math.prod(shape))
        flat[self.columns] = solution.values(f"pi[{node.label}]")
        return flat.reshape(shape)


Laid: TypeAlias = Programme | ReducedProgramme
"""What a solution is read from."""


def only_node(splits: tuple[Split, ...]) -> Node:
    """The node of a tree that has one."""
    ((node,),) = branch(splits)
    return node


def reduce_programme(
    game: PersuasionGame,
    splits: tuple[Split, ...],
    columns: Integers,
    *,
    memory_limit: int = MEMORY_LIMIT,
) -> ReducedProgramme:
    """Lay out some columns of a programme with one split.

    Parameters
    ----------
    game, splits
        As of :func:`~persuasion_lp.families.games.programme.build_programme`.
    columns
        Positions in the whole programme, ascending: profile times number of possible states plus
        state.
    memory_limit
        Bytes that the whole program may take, if it is asked for.
    """
    node = only_node(splits)
    classes = node.split.classes
    possible, numbers = classes.possible, game.numbers
    shape = node.shape(game)
    profile, state = np.divmod(columns, possible.size)
    told = np.unravel_index(profile, shape)
    payoff = np.broadcast_to(node_payoff(game, node, numbers), (*shape, classes.count))
    builder = LPBuilder()
    pi = builder.columns(
        f"pi[{node.label}]", columns.shape, objective=payoff[*told, possible[state]]
    )
    mass = summed(classes.labels, numbers.prior, classes.count)[possible]
    builder.entries(builder.rows(node.split_label, possible.shape, "==", mass)[state], pi, 1)
    obedience = all_obedience_rows(game, numbers)
    for axis, i in enumerate(node.measure.acting):
        rows = obedience[i]
        if not rows.action.size:
            continue
        name, seen = node.informations[axis]
        sizes = tuple(rows.action.size if k == axis else shape[k] for k in seen)
        sets = builder.rows(name, sizes, ">=")
        own = game.own_states[i][classes.representative[possible[state]]]
        for q, action in enumerate(rows.action):
            asked = np.flatnonzero(told[axis] == action)
            place = tuple(q if k == axis else told[k][asked] for k in seen)
            builder.entries(sets[place], pi[asked], rows.cone[q, own[asked]])
    baseline = game_baseline(game, numbers)
    lp = builder.build(offset=math.fsum(numbers.prior * baseline))
    return ReducedProgramme(
        game, splits, obedience, frozen(baseline), frozen(columns), lp, memory_limit
    )
