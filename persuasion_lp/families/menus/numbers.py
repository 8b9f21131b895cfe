"""A manager's problem in exact rationals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from persuasion_lp.arrays import Rationals, ReadOnly

__all__ = ["ManagerNumbers"]


@dataclass(frozen=True, eq=False)
class ManagerNumbers(ReadOnly):
    """The numbers of a manager's problem in exact rationals, states and types increasing.

    Attributes
    ----------
    states, masses
        θ_k and f_k, shape ``(K,)``.
    payment
        w.
    types, type_probs
        x_j and g_j, shape ``(J,)``.
    """

    states: Rationals
    masses: Rationals
    payment: Fraction
    types: Rationals
    type_probs: Rationals
