r"""What the programmes of Bayesian games share: a distribution over columns in every group.

The designer chooses x ≥ 0 with Σ x = weight in every *group* of columns (the recommendations in one
cell, or one state), subject to rows that ask that no deviation gains:

    maximize    Σ_j c_j x_j
    subject to  Σ_{j in group g} x_j = weight_g          every g
                Σ_j D_rj x_j + (auxiliary columns) ≥ 0    every deviation r

With multipliers λ ≥ 0 of the deviations every such x pays at most

    Σ_g weight_g max_{j in g} (c_j + Σ_r λ_r D_rj)  +  Σ_z M_z |Σ_r λ_r D_rz|

with M_z the bound of an auxiliary column z: a bound that holds for any λ, evaluated with the
rounding of every coefficient, as a difference of utilities may be smaller than the rounding of
either.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, ReadOnly
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.lp.certificate import EPS
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.rational import RationalProgram
from persuasion_lp.lp.size import ProgramSize

__all__ = ["COEFFICIENT_ULPS", "GroupedProgramme", "Kind", "Programme", "Reading", "Sense", "shift"]

Sense = Literal["max", "min"]

COEFFICIENT_ULPS = 8
"""Rounding of a product of a probability and a difference of utilities, and of what was written."""


Kind = Literal["floats", "fractions", "sizes"]
"""Of numbers: as floats, in fractions, or the sizes of the terms of a difference."""


@dataclass(frozen=True)
class Reading:
    """The numbers of a game: as floats, in fractions, or the sizes of the terms of a difference.

    Attributes
    ----------
    game
        The game.
    kind
        ``"floats"``, ``"fractions"`` or ``"sizes"``.
    """

    game: BayesianGame
    kind: Kind

    @property
    def exact(self) -> bool:
        """Whether numbers are fractions."""
        return self.kind == "fractions"

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the arrays."""
        return np.dtype(object if self.exact else np.float64)

    def prior(self, cell: Any) -> NDArray[Any]:
        """ψ at cells."""
        flat = self.game.written_prior if self.exact else self.game.prior.ravel()
        return np.asarray(flat[cell])

    def objective(self, profile: Any, cell: Any) -> NDArray[Any]:
        """V at profiles and cells."""
        if self.kind == "sizes":
            parts = self.game.aim.parts
            return np.asarray(sum(np.abs(q.at(profile, cell, exact=False)) for q in parts))
        return self.game.aim.at(profile, cell, exact=self.exact)

    def utility(self, player: int, profile: Any, cell: Any) -> NDArray[Any]:
        """u_i at profiles and cells."""
        found = self.game.payoffs[player].at(profile, cell, exact=self.exact)
        return np.abs(found) if self.kind == "sizes" else found

    def less(self, one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        """A difference; of sizes the sum."""
        return np.asarray(one + other if self.kind == "sizes" else one - other)

    def loss(self, player: int, profile: Any, other: Any, cell: Any) -> NDArray[Any]:
        """u_i at profiles less u_i at others."""
        return self.less(self.utility(player, profile, cell), self.utility(player, other, cell))


@dataclass(frozen=True, eq=False)
class Programme(ReadOnly, ABC):
    """A programme of a game, not laid out. Its columns are a block ``x``, then auxiliary ones.

    Attributes
    ----------
    game
        The game.
    sense
        Whether the objective is maximized or minimized: then its negative is maximized.
    """

    game: Any
    sense: Sense

    balance: ClassVar[str]
    """Name of the rows that say that probabilities add up."""

    @property
    @abstractmethod
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros, before anything is allocated."""

    @property
    @abstractmethod
    def columns(self) -> int:
        """Number of columns of the block ``x``."""

    @abstractmethod
    def most(self) -> Floats:
        """The most that each column of the block can be."""

    @abstractmethod
    def paid(self, reading: Any, kept: Integers) -> NDArray[Any]:
        """What the columns that are kept pay the designer."""

    @abstractmethod
    def lay_out(self, reading: Any, kept: Integers) -> LPBuilder:
        """Lay out the columns that are kept, and all rows."""

    @abstractmethod
    def bound(self, lp: LinearProgram, y: Floats) -> float:
        """Upper bound on the programme's value that holds for any duals ``y`` of its rows."""

    @abstractmethod
    def decode(self, kept: Integers, x: NDArray[Any]) -> Any:
        """What a solution recommends; ``x`` in floats or fractions, of the columns kept."""

    @abstractmethod
    def prices(self, told: Any, multipliers: Mapping[str, Floats]) -> Floats:
        """Marginal value of each cell's probability, of the programme that is maximized, flat."""

    def reading(self, kind: Kind) -> Any:
        """The game's numbers."""
        return Reading(self.game, kind)

    @property
    def sign(self) -> int:
        """1 if the objective is maximized, −1 if minimized."""
        return 1 if self.sense == "max" else -1

    @cached_property
    def every(self) -> Integers:
        """All columns."""
        return np.arange(self.columns)

    def build(self) -> LinearProgram:
        """The program in floats."""
        return self.lay_out(self.reading("floats"), self.every).build()

    def build_rational(self, kept: Integers | None = None) -> RationalProgram:
        """The program in fractions, of all columns or those that are kept."""
        reading = self.reading("fractions")
        builder = self.lay_out(reading, self.every if kept is None else kept)
        return builder.build_rational(offset=Fraction(0))

    def multipliers(self, lp: LinearProgram, y: Floats) -> Mapping[str, Floats]:
        """By block of deviations what they cost, never negative."""
        return {
            name: np.maximum(-lp.row_values(name, y), 0.0)
            for name in lp.rows
            if name != self.balance
        }


@dataclass(frozen=True, eq=False)
class GroupedProgramme(Programme):
    """A programme whose columns are distributions, one in each group."""

    @abstractmethod
    def group(self, column: Integers) -> Integers:
        """The group of each column."""

    @abstractmethod
    def weights(self, reading: Any) -> NDArray[Any]:
        """Weight of each group."""

    def most(self) -> Floats:
        """The weight of each column's group."""
        return np.asarray(self.weights(self.reading("floats"))[self.group(self.every)])

    def bound(self, lp: LinearProgram, y: Floats) -> float:
        """The bound of the module's docstring, rounded upwards."""
        sizes = self.lay_out(self.reading("sizes"), self.every).build()
        asked = np.where(lp.senses == 1, np.maximum(-y, 0.0), 0.0)
        gain = lp.objective + lp.matrix.T @ asked
        size = np.abs(sizes.objective) + sizes.matrix.T @ asked
        terms = np.diff(sizes.matrix.indptr) + self.game.payoff_terms + COEFFICIENT_ULPS
        above = gain + terms * EPS * size
        count = self.columns
        weights = self.weights(self.reading("floats"))
        best = np.full(weights.size, -np.inf)
        np.maximum.at(best, self.group(self.every), above[:count])
        rounding = terms[count:] * EPS * size[count:]
        auxiliary = lp.upper[count:] * (np.abs(gain[count:]) + rounding)
        parts = [*(weights * best), *auxiliary]
        return math.fsum([*parts, 4 * EPS * math.fsum(map(abs, parts))])


def shift(own: Any, slot: Any) -> Any:
    """The alternative in a slot: all but one's own, in order."""
    return slot + (slot >= own)
