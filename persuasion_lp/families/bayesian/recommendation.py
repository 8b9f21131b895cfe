"""What the designer does: the distribution of actions, states and types, and its making."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping, Integers, ReadOnly, frozen
from persuasion_lp.families.bayesian.payoffs import Axes

__all__ = ["Recommendation"]


@dataclass(frozen=True, eq=False)
class Recommendation(ReadOnly):
    """The joint distribution of actions, states and types, and what brings it about.

    Attributes
    ----------
    axes
        What the axes are.
    joint
        Probability of every profile of actions, state and profile of types, shape
        ``(A_1, …, A_n, *prior.shape)``.
    kernel
        Where types are reported: probability of every profile given state and reports, the same
        shape; NaN after reports that no single misreport leads to. Otherwise ``None``.
    maps
        Where they are not: for each recommendation that occurs what every type of every player is
        to do, shape ``(M, T_1 + … + T_n)``. Otherwise ``None``.
    map_chances
        Their probabilities in each state, shape ``(M, S)``.
    sequences
        Of the worst equilibrium: the players who act, in the order in which they are made to, of
        each sequence that occurs. Otherwise ``None``.
    sequence_chances
        Joint probability of sequence and state, shape ``(number of sequences, S)``.
    """

    axes: Axes
    joint: Floats
    kernel: Floats | None = None
    maps: Integers | None = None
    map_chances: Floats | None = None
    sequences: tuple[tuple[int, ...], ...] | None = None
    sequence_chances: Floats | None = None

    @property
    def flat(self) -> Floats:
        """``joint`` by profile and cell, shape ``(profiles, cells)``."""
        return self.joint.reshape(self.axes.profiles, self.axes.cells)

    @cached_property
    def profiles(self) -> Mapping[tuple[int, ...], float]:
        """Probability of every profile of actions that occurs, most likely first."""
        chances = self.flat.sum(axis=1)
        order = np.argsort(-chances, kind="stable")
        return FrozenMapping(
            {
                tuple(self.axes.chosen[p].tolist()): float(chances[p])
                for p in order.tolist()
                if chances[p] > 0
            }
        )

    def belief(self, player: int, action: int, kind: int = 0) -> Floats:
        """What a player believes who is told an action.

        Parameters
        ----------
        player, action, kind
            Who, what he is told, and his type.

        Returns
        -------
        Floats
            Probability of the others' actions, the state and all types, in the shape of ``joint``:
            zero where his own action or type is another. NaN if he is never told.
        """
        axes = self.axes
        heard = (axes.chosen[:, player] == action)[:, None] & (axes.kinds[:, player] == kind)
        mass = np.where(heard, self.flat, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return frozen((mass / mass.sum()).reshape(self.joint.shape))
