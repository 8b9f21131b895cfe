"""What a catalogue entry is: a problem, where it was published, and what its values are."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args

from persuasion_lp.errors import InstanceError
from persuasion_lp.inputs import check_choice
from persuasion_lp.shown import shown

__all__ = ["AGREEMENT_TOLERANCE", "Claim", "Instance", "Provenance"]

Provenance = Literal["printed in the paper", "proved here", "computed elsewhere"]
"""Where a value comes from: read in the paper's text; derived in :attr:`Instance.derivation`; or
taken from somebody else's computation."""

AGREEMENT_TOLERANCE = 1e-9
"""Largest difference from an exact value, relative to the value (or to 1, if smaller)."""


@dataclass(frozen=True)
class Claim:
    """The value of an instance under one procedure.

    Parameters
    ----------
    procedure
        Procedure of :func:`persuasion_lp.solve`.
    value
        The exact value; the closed form as a float where it is irrational.
    provenance
        Where the value comes from.
    printed
        The number as printed, if it was printed rounded; its digits are its precision.
    settings
        Further settings of ``solve``, such as the order.
    """

    procedure: str
    value: Fraction | float
    provenance: Provenance
    printed: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_choice("provenance", self.provenance, get_args(Provenance), InstanceError)
        if self.printed is not None and not self._rounds_to_printed(float(self.value)):
            rule = f"must be a rounding of the value; {shown(self.value)} does not round to it"
            raise InstanceError("printed", rule, value=self.printed)

    def agrees(self, computed: float) -> bool:
        """Whether a computed value is the published one: exactly, and in print."""
        exact = float(self.value)
        near = abs(computed - exact) <= AGREEMENT_TOLERANCE * max(1.0, abs(exact))
        return near and (self.printed is None or self._rounds_to_printed(computed))

    def _rounds_to_printed(self, value: float) -> bool:
        printed = Decimal(self.printed or "0")
        exponent = printed.as_tuple().exponent
        unit = 10.0 ** int(exponent) if isinstance(exponent, int) else 0.0
        return abs(value - float(printed)) <= unit / 2 + AGREEMENT_TOLERANCE


@dataclass(frozen=True)
class Instance:
    """A problem of the literature, stated in exact rationals wherever it is finite.

    Parameters
    ----------
    slug
        Name by which it is found.
    title
        What it is about.
    citation
        Paper.
    where
        Example, table or theorem in it.
    problem
        Builds the problem; its documentation is the derivation of the values.
    claims
        Its values.
    """

    slug: str
    title: str
    citation: str
    where: str
    problem: Callable[[], Any]
    claims: tuple[Claim, ...]

    @property
    def derivation(self) -> str:
        """How the values proved here follow."""
        return inspect.getdoc(self.problem) or ""
