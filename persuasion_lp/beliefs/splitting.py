"""A prior split into posteriors, and what every concave envelope offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Integers, ReadOnly

__all__ = ["Envelope", "Splitting"]


@dataclass(frozen=True, eq=False)
class Splitting(ReadOnly):
    """A prior split into posteriors.

    Attributes
    ----------
    posteriors
        Shape ``(m,)`` on an interval, ``(m, K)`` on a simplex.
    weights
        Their probabilities, shape ``(m,)``, positive, sum 1.
    payoffs
        The payoff at each posterior, shape ``(m,)``.
    positions
        Which of the beliefs the envelope was made from each posterior is, shape ``(m,)``.
    """

    posteriors: Floats
    weights: Floats
    payoffs: Floats
    positions: Integers

    @property
    def value(self) -> float:
        """Expected payoff, which is the envelope at the prior."""
        return float(self.weights @ self.payoffs)


class Envelope(Protocol):
    """What every concave envelope offers, on an interval or on a simplex."""

    def __call__(self, beliefs: ArrayLike) -> Floats:
        """Values of the envelope at beliefs."""
        ...

    def split(self, prior: ArrayLike) -> Splitting:
        """An optimal splitting of a prior."""
        ...

    def prices(self, prior: ArrayLike) -> Floats:
        """Price of each state: a supporting hyperplane of the envelope at a prior."""
        ...
