r"""A prior in floats, and how far from the truth they may be.

The masses f_k and states θ_k that a programme is given stand for others:

- of states that were written they are the next floats: off by half a unit in the last place each;
- of the cells of a continuous prior they are what its own F and M give. With the errors c_k of the
  mass and C_k of the moment of all cells up to the k-th, a signal that takes the share σ_k of
  cell k has (summation by parts)

      |mass − Σ σ_k f_k|  ≤  Σ_k |σ_k − σ_{k+1}| c_k,      and likewise its moment with C_k,

  which for an interval of cells are the errors at its two ends, however many cells it has;
- a price function P(θ) = a + b θ + Σ_k y_k (θ − e_k)⁺, y_k ≥ 0, on the ends e_k of cells is worth

      ∫ P dF  ≤  a + b E[θ] + Σ_k y_k T(e_k),      T(e) = ∫_e^1 (1 − F) = M(e) − e (1 − F(e)),

  of which E[θ] and T are known up to their errors.

The errors of F and M are an assumption; see
:mod:`~persuasion_lp.primitives.distributions`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.families.means.programme import spread_integral
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import Cells, StateGrid

__all__ = ["ULP", "Measure"]

ULP = 2.0**-52
"""Two roundings to the next float."""


@dataclass(frozen=True, eq=False)
class Measure:
    """Atoms with their possible errors.

    Attributes
    ----------
    states, masses
        As the programme has them, increasing, shape ``(K,)``.
    atoms
        Whether they are states: the mean of one that is revealed is known, to the last place.
    mass_errors, moment_errors
        Of the states up to the k-th together, beyond rounding, shape ``(K,)``.
    low, high
        Between which the mean of a signal with mass in an atom lies, shape ``(K,)``.
    mean_error, spread_errors
        Of E[θ], and of T at the states, beyond rounding, the latter of shape ``(K,)``.
    """

    states: Floats
    masses: Floats
    atoms: bool
    mass_errors: Floats
    moment_errors: Floats
    low: Floats
    high: Floats
    mean_error: float
    spread_errors: Floats

    @classmethod
    def of_states(cls, grid: StateGrid) -> Measure:
        """Of finitely many states."""
        none = np.zeros(grid.size)
        return cls(grid.states, grid.masses, True, none, none, grid.states, grid.states, 0.0, none)

    @classmethod
    def of_cell_means(cls, grid: StateGrid, source: StateDistribution, cells: Cells) -> Measure:
        """Of the means of the cells with mass; a cell without is sent where the next one is."""
        kept = np.flatnonzero(cells.masses > 0)
        below = np.append(cells.below[kept[:-1] + 1], 1.0)
        upto = np.append(cells.tails[0] - cells.tails[kept[:-1] + 1], cells.tails[0])
        masses = np.abs(np.cumsum(grid.masses) - below) + source.cdf_error
        masses[-1] = 0.0
        moments = np.abs(np.cumsum(grid.masses * grid.states) - upto) + 2 * source.moment_error
        low = np.append(cells.ends[0], cells.ends[kept[:-1] + 1])
        high = cells.ends[np.append(kept[:-1], cells.masses.size - 1) + 1]
        mean_error = float(moments[-1])
        return cls(grid.states, grid.masses, False, masses, moments, low, high, mean_error, moments)

    @classmethod
    def of_cell_ends(cls, grid: StateGrid, source: StateDistribution, cells: Cells) -> Measure:
        """Of the ends of the cells, a spread of the prior."""
        kept = np.searchsorted(cells.ends, grid.states)
        rest = cells.tails[kept] - grid.states * (1.0 - cells.below[kept])
        own = spread_integral(grid.states, grid.masses, grid.states)
        # F and M are rounded to the last place of what they are, and so is a sum of K masses
        rounding = (grid.size + 4) * ULP * grid.states[-1]
        spread = np.abs(own - rest) + source.moment_error + grid.states * source.cdf_error
        mean_error = abs(float(grid.masses @ grid.states) - source.mean) + source.moment_error
        none, ends = np.zeros(grid.size), cells.ends
        return cls(
            grid.states,
            grid.masses,
            False,
            none,
            none,
            np.full(grid.size, ends[0]),
            np.full(grid.size, ends[-1]),
            mean_error + rounding,
            spread + rounding,
        )
