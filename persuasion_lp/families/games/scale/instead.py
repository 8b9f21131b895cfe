"""What to write instead of a formulation that is beyond the memory limit."""

from __future__ import annotations

import math

import numpy as np

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.scale.choice import Formulation
from persuasion_lp.families.games.symmetry import interchangeable_receivers
from persuasion_lp.lp.interior.blocks import block_memory
from persuasion_lp.shown import gibibytes

__all__ = ["nearest"]


def nearest(
    procedure: Procedure, game: PersuasionGame, formulation: Formulation, limit: int
) -> str:
    """The nearest formulation of the same problem that fits, or that there is none.

    Parameters
    ----------
    procedure, game, formulation
        What was refused.
    limit
        Bytes allowed.
    """
    groups = _groups(game)
    if procedure == "simultaneous" and groups:
        alike = f"in groups of {' and '.join(map(str, groups))}" if len(groups) > 1 else "all"
        counts = math.prod(size + 1 for size in groups)
        return (
            f"its receivers are {alike} alike: solve(ExchangeableGame.of(game), 'simultaneous') "
            f"counts them, {counts**2} columns"
        )
    if procedure == "simultaneous" and formulation != "blocks":
        profiles, states = math.prod(game.action_counts), game.support.size
        own = sum(max(map(len, receiver.cones)) for receiver in game.receivers)
        needed = block_memory(profiles, states, own)
        if needed <= limit:
            return f"formulation='blocks' needs about {gibibytes(needed)}"
    if formulation == "paths" and procedure != "simultaneous":
        return "formulation='nested' is smaller"
    if procedure == "first_best" and formulation == "nested" and not game.additive:
        return "formulation='columns' generates the columns that matter"
    return "no formulation of this problem is smaller: allow it more, or state fewer receivers"


def _groups(game: PersuasionGame) -> list[int]:
    """Sizes of groups of alike receivers with a binary state each, if there are any."""
    if game.prior.shape != (2,) * game.n or any(
        not np.array_equal(own, np.indices(game.prior.shape)[i].ravel())
        for i, own in enumerate(game.own_states)
    ):
        return []
    first = [
        min({*twins, i}) for i, twins in enumerate(interchangeable_receivers(game, game.numbers))
    ]
    sizes = [first.count(g) for g in sorted(set(first))]
    return sizes if len(sizes) < game.n else []
