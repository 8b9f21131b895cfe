r"""What is known of a posterior-mean game before anything is solved.

    max { v(E[θ]), ∫ v dF }  ≤  optimum  ≤  max { v(s) : s between the lowest and highest state },

the left side rounded down, the right side rounded up; infinite where nothing bounds v.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from persuasion_lp.core.limits import Bracket
from persuasion_lp.families.means.payoffs import PayoffBounds
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.proof.measure import Measure
from persuasion_lp.families.means.proof.repair import paid_by, paid_by_revealing
from persuasion_lp.families.means.rounds import positive
from persuasion_lp.primitives.states import Cells, StateGrid

__all__ = ["CELLS", "known_bracket"]

CELLS = 64
"""Cells of a continuous prior unless the user says otherwise: brackets narrow with their square."""


def known_bracket(game: PosteriorMeanGame) -> Bracket:
    """Bracket on the optimum without solving."""
    prior: Any = game.prior
    if isinstance(prior, StateGrid):
        grid = positive(prior)
        measure = Measure.of_states(StateGrid(grid.states, grid.masses / math.fsum(grid.masses)))
    else:
        cells = Cells.of(prior, CELLS)
        grid = positive(cells.grid("means"))
        measure = Measure.of_cell_means(grid, prior, cells)
    payoff = PayoffBounds.of(game)
    nothing = np.array([float(measure.masses @ measure.states)])
    lower = max(
        paid_by(measure, payoff, nothing, np.ones(1)).lower, paid_by_revealing(measure, payoff)
    )
    low, high = measure.low[0], measure.high[-1]
    if payoff.pieces is not None:
        return lower, float(payoff.most(np.array([low]), np.array([high]))[0])
    above = payoff.above(low, high, np.empty(0))
    return lower, math.inf if above is None else float(above[1].max())
