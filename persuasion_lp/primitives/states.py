r"""State grids: finitely many states of a one-dimensional state, and grids of continuous ones.

Atoms θ_1 ≤ … ≤ θ_K with masses f_k. The *top-p mean function* R(p), the integral of θ over the top
p of the states, is concave and piecewise linear: slope θ_k over a stretch of length f_k, highest
states first.

A continuous distribution becomes a grid cell by cell, by one of three rules:

=========  ====================================================================================
means      each cell's mass at its conditional mean: a mean-preserving *contraction*. R on the
           grid is the chord of R between the cells' ends, so values are bounds from *below*:
           every test on the grid can be run on the continuous state.
endpoints  each cell's mass at its two ends, split so that its mean is kept: a mean-preserving
           *spread*. R on the grid is the lower envelope of tangents of R, so values are bounds
           from *above*.
nodes      each cell's mass at its midpoint: neither.
=========  ====================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, assert_never, cast, get_args

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import (
    SMALLEST,
    Floats,
    Numbers,
    Rationals,
    ReadOnly,
    Written,
    equal_shares,
    frozen,
    frozen_floats,
    written,
)
from persuasion_lp.errors import OptionError, PriorError
from persuasion_lp.inputs import answers_for_arguments, check_choice, is_a, is_whole
from persuasion_lp.primitives.distributions import StateDistribution, distribution_of
from persuasion_lp.primitives.labels import Names, checked_names
from persuasion_lp.primitives.priors import check_exact_sum, written_prior
from persuasion_lp.primitives.priors.tables import check_sum

__all__ = ["CellRule", "Cells", "StateGrid", "as_difficulty"]

MOST_CELLS = 10**7
"""Largest number of cells that a distribution is cut into."""

CellRule = Literal["means", "endpoints", "nodes"]


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class StateGrid(ReadOnly):
    """Finitely many states in [0, 1] with their masses.

    Parameters
    ----------
    states
        θ_k in [0, 1], in any order.
    masses
        f_k ≥ 0, summing to 1; equal masses when left out.
    normalize
        Divide the masses by their sum: for counts, or weights.
    labels
        Names of the states, in the order in which they are given.

    Attributes
    ----------
    states, masses
        Sorted by state, read-only, shape ``(K,)``.
    labels
        Sorted with them, or ``None``.

    Raises
    ------
    PriorError
        For states outside [0, 1], negative masses, or masses that do not sum to 1.

    Examples
    --------
    >>> grid = StateGrid([0.2, 0.6, 1.0], masses=[0.5, 0.25, 0.25])
    >>> grid.mean, grid.top_mean(0.5)
    (0.5, 0.4)
    """

    states: Floats
    masses: Floats
    labels: Names | None
    _written_states: Written
    _written_masses: Written

    def __init__(
        self,
        states: Numbers,
        masses: Numbers | None = None,
        *,
        normalize: bool = False,
        labels: Sequence[str] | None = None,
    ) -> None:
        given_states = written("states", states, PriorError)
        theta = given_states.floats
        if theta.ndim != 1 or theta.size == 0:
            raise PriorError("states", "must be a sequence of states", value=theta.shape)
        outside = np.flatnonzero((theta < 0) | (theta > 1))
        if outside.size:
            index = int(outside[0])
            raise PriorError("states", "must lie in [0, 1]", index=index, value=float(theta[index]))
        given_masses = equal_shares(theta.size)
        if masses is not None:
            given_masses = written_prior("masses", masses, normalize=normalize)
        f = given_masses.floats
        if f.shape != theta.shape:
            raise PriorError("masses", f"must have the states' shape {theta.shape}", value=f.shape)
        negative = np.flatnonzero(f < 0)
        if negative.size:
            index = int(negative[0])
            raise PriorError("masses", "must not be negative", index=index, value=float(f[index]))
        check_sum(math.fsum(f), f, "masses", PriorError)
        exactly = given_states.entries
        order = np.argsort(theta if exactly is None else exactly, kind="stable")
        if exactly is not None:
            _check_gaps(exactly[order], theta[order])
        names = checked_names("labels", labels, theta.size, "states", PriorError)
        names = None if names is None else tuple(names[k] for k in order)
        object.__setattr__(self, "labels", names)
        for name, array in (("states", theta[order]), ("masses", f[order])):
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        object.__setattr__(self, "_written_states", given_states)
        object.__setattr__(self, "_written_masses", given_masses)

    @classmethod
    def from_distribution(
        cls, distribution: Any, cells: int | ArrayLike = 64, rule: CellRule = "means"
    ) -> StateGrid:
        """Cut a continuous distribution into cells.

        Parameters
        ----------
        distribution
            A :class:`StateDistribution` or a frozen ``scipy.stats`` distribution on [0, 1].
        cells
            Number of cells of equal width over the support, or the cells' ends, increasing.
        rule
            ``"means"`` (values from below), ``"endpoints"`` (values from above) or ``"nodes"``.

        Raises
        ------
        PriorError
            If the distribution is not continuous on [0, 1], or the ends do not cover its support.
        OptionError
            For an unknown rule or no cells.
        """
        check_choice("rule", rule, get_args(CellRule))
        source = as_difficulty(distribution, "distribution")
        if isinstance(source, StateGrid):
            raise PriorError("distribution", "must be continuous", value=source)
        return Cells.of(source, cells).grid(rule)

    @property
    def size(self) -> int:
        """Number K of states."""
        return self.states.size

    @cached_property
    def rational_numbers(self) -> tuple[Rationals, Rationals]:
        """States and masses as exact rationals, taken as they were written, sorted by state.

        Raises
        ------
        PriorError
            If, so read, a state is outside [0, 1], a mass is negative, or the masses do not sum to
            1 exactly.
        """
        states, masses = self._written_states.rationals(), self._written_masses.rationals()
        outside = (states < 0) | (states > 1)
        if outside.any():
            raise PriorError("states", "must lie in [0, 1] exactly", index=int(np.argmax(outside)))
        check_exact_sum(masses, "masses")
        order = np.argsort(states, kind="stable")
        return states[order], masses[order]

    @property
    def integers(self) -> tuple[tuple[int, ...], int, tuple[int, ...]]:
        """States as written, over a common denominator, the denominator, and masses over another.

        In the caller's order. The masses, as written, may sum to 1 up to rounding only.
        """
        states, unit = self._written_states.integers()
        return tuple(states), unit, tuple(self._written_masses.integers()[0])

    @cached_property
    def settled_numbers(self) -> tuple[Rationals, Rationals]:
        """The same where, so read, they are no prior by rounding.

        States beyond 0 or 1 are there, and masses are divided by their sum.
        """
        states, masses = self._written_states.rationals(), self._written_masses.rationals()
        order = np.argsort(states, kind="stable")
        inside = [min(max(state, Fraction(0)), Fraction(1)) for state in states[order].tolist()]
        total = sum(masses)
        shares: Rationals = masses if total == 1 else np.asarray(masses / total, dtype=object)
        return np.array(inside, dtype=object), shares[order]

    @cached_property
    def mean(self) -> float:
        """E[θ]."""
        return float(self.top_means[-1])

    @cached_property
    def top_masses(self) -> Floats:
        """Mass of the i highest states, i = 0 … K: the breakpoints of R; shape ``(K+1,)``."""
        total = np.concatenate([[0.0], np.cumsum(self.masses[::-1])])
        total[-1] = 1.0
        return frozen(np.minimum(total, 1.0))

    @cached_property
    def top_means(self) -> Floats:
        """R at its breakpoints, shape ``(K+1,)``."""
        steps = np.diff(self.top_masses) * self.states[::-1]
        return frozen(np.concatenate([[0.0], np.cumsum(steps)]))

    def top_mean(self, p: float) -> float:
        """R(p): p times the mean of the top p of the states."""
        return float(np.interp(p, self.top_masses, self.top_means))

    def quantile_interval(self, above: float, p: float) -> Floats:
        """Masses of the states that an interval of quantiles takes.

        Parameters
        ----------
        above
            Mass of the states above the interval.
        p
            Mass of the interval.

        Returns
        -------
        Floats
            Mass taken of each state, shape ``(K,)``; only boundary states are split.
        """
        upto = self.top_masses
        taken = np.minimum(upto[1:], above + p) - np.maximum(upto[:-1], above)
        return np.clip(taken[::-1], 0.0, self.masses)

    def mean_above(self, t: float) -> float:
        """E[θ | θ ≥ t]; the highest state where there is no mass from t on."""
        from_t = self.states >= t
        mass = math.fsum(self.masses[from_t])
        if mass == 0:
            return float(self.states[-1])
        return math.fsum((self.masses * self.states)[from_t]) / mass

    def __repr__(self) -> str:
        return (
            f"StateGrid({self.size} states in [{self.states[0]:g}, {self.states[-1]:g}], "
            f"mean {self.mean:.6g})"
        )


@dataclass(frozen=True, eq=False)
class Cells:
    """A continuous distribution cut into cells, by its own functions.

    Attributes
    ----------
    ends
        Of the cells, increasing, shape ``(N+1,)``.
    below, tails
        F and M at the ends, the first and the last as they must be.
    masses, means
        Of the cells, shape ``(N,)``; the mean of a cell without mass is its middle.
    """

    ends: Floats
    below: Floats
    tails: Floats
    masses: Floats
    means: Floats

    @classmethod
    def of(cls, source: StateDistribution, cells: int | ArrayLike) -> Cells:
        """Cut; ``cells`` as in :meth:`StateGrid.from_distribution`."""
        ends = _cell_ends(source, cells)
        above = 1.0 - source.cdf(ends)
        above[0], above[-1] = 1.0, 0.0
        masses = above[:-1] - above[1:]
        tails = np.array(source.tail_moment(ends))
        tails[0], tails[-1] = source.mean, 0.0
        left, right = ends[:-1], ends[1:]
        middle = (left + right) / 2
        means = np.divide(tails[:-1] - tails[1:], masses, out=middle.copy(), where=masses > 0)
        return cls(ends, 1.0 - above, tails, masses, np.clip(means, left, right))

    def grid(self, rule: CellRule) -> StateGrid:
        """States for the cells by one of the three rules."""
        left, right = self.ends[:-1], self.ends[1:]
        match rule:
            case "means":
                return _normalized(self.means, self.masses)
            case "nodes":
                return _normalized((left + right) / 2, self.masses)
            case "endpoints":
                to_right = self.masses * (self.means - left) / (right - left)
                at_ends = np.zeros(self.ends.size)
                at_ends[1:] += to_right
                at_ends[:-1] += self.masses - to_right
                return _normalized(self.ends, at_ends)
            case _:
                assert_never(rule)


def _normalized(states: Floats, masses: Floats) -> StateGrid:
    masses = np.maximum(masses, 0.0)
    return StateGrid(states, masses / math.fsum(masses))


def as_difficulty(given: Any, field: str = "difficulty") -> StateGrid | StateDistribution:
    """Accept a grid, a distribution, or a frozen ``scipy.stats`` distribution."""
    if is_a(given, (StateGrid, StateDistribution)):
        return cast("StateGrid | StateDistribution", given)
    return distribution_of(given, field)


def _cell_ends(source: StateDistribution, cells: Any) -> Floats:
    if is_a(cells, (bool, int, np.integer)):
        if not is_whole(cells) or not 1 <= cells <= MOST_CELLS:
            raise OptionError("cells", f"must be at least 1 and at most {MOST_CELLS}", value=cells)
        return np.linspace(source.low, source.high, int(cells) + 1)
    ends = np.array(frozen_floats("cells", cells, PriorError))
    if ends.ndim != 1 or ends.size < 2 or (np.diff(ends) <= 0).any():
        raise PriorError("cells", "must be increasing ends of cells")
    if ends[0] > source.low or ends[-1] < source.high or ends[0] < 0 or ends[-1] > 1:
        raise PriorError(
            "cells",
            f"must lie in [0, 1] and cover the support [{source.low:g}, {source.high:g}]",
            value=(float(ends[0]), float(ends[-1])),
        )
    return ends


def _check_gaps(exactly: Rationals, theta: Floats) -> None:
    """Refuse increasing states that differ, but by less than a float holds."""
    for index in (np.flatnonzero(np.diff(theta) == 0) + 1).tolist():
        if 0 < exactly[index] - exactly[index - 1] < Fraction(SMALLEST):
            raise PriorError(
                "states",
                f"must be equal, or differ by at least {SMALLEST:g}; two differ by less",
                value=float(theta[index]),
            )
