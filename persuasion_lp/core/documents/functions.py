"""A piecewise-linear function in a document."""

from __future__ import annotations

from typing import cast

import numpy as np

from persuasion_lp.arrays import Rationals, Written, written
from persuasion_lp.beliefs import PiecewiseLinear
from persuasion_lp.beliefs.piecewise import Pieces
from persuasion_lp.core.documents.base import Table
from persuasion_lp.core.documents.numbers import Array
from persuasion_lp.core.documents.refusals import below
from persuasion_lp.errors import InstanceError, PayoffError

__all__ = ["FunctionTable"]

WAY_OUT = "must be written down for a file: PiecewiseLinear(breakpoints, values)"


class FunctionTable(Table, kw_only=True):
    """A function on [0, 1], linear between its breakpoints.

    Values at the breakpoints, or pairs of values at the two ends of each piece; ``at`` where values
    at breakpoints are above those of both pieces.
    """

    breakpoints: Array
    values: Array
    at: Array | None = None

    @classmethod
    def of(cls, function: PiecewiseLinear, field: str) -> FunctionTable:
        """What a file says of a function at ``field``.

        One that was computed in floats is written as the fractions that they are.
        """
        if function._made is not None and function._made[0] == Pieces.from_values:
            breakpoints, values = cast("tuple[Written, Written]", function._made[1])
            return cls(
                breakpoints=Array.of(f"{field}.breakpoints", breakpoints),
                values=Array.of(f"{field}.values", _at_breakpoints(values)),
            )
        pieces = function.numbers
        if not (np.diff(pieces.breakpoints) > 0).all():
            raise InstanceError(field, WAY_OUT)
        left, right = pieces.right[:-1], pieces.left[1:]
        ends = _written(np.stack([left, right], axis=1))
        limits = np.maximum(np.append(left, right[-1]), np.append(left[0], right))
        above = (pieces.at > limits).any()
        return cls(
            breakpoints=Array.of(f"{field}.breakpoints", _written(pieces.breakpoints)),
            values=Array.of(f"{field}.values", _at_breakpoints(ends)),
            at=Array.of(f"{field}.at", _written(pieces.at)) if above else None,
        )

    def function(self) -> PiecewiseLinear:
        """The function."""
        function = PiecewiseLinear(self.breakpoints.numbers, self.values.numbers)
        if self.at is None:
            return function
        with below(""):
            at = written("at", self.at.numbers, PayoffError)
            if at.floats.shape != function.at.shape:
                rule = f"must have one value for each of the {function.at.size} breakpoints"
                raise PayoffError("at", rule, value=at.floats.shape)
            return function._then(Pieces.lifted, at)


def _at_breakpoints(values: Written) -> Written:
    """Ends of pieces as values at breakpoints, if the pieces meet."""
    exactly = values.rationals()
    if exactly.ndim == 1 or (exactly[1:, 0] != exactly[:-1, 1]).any():
        return values
    pieces = len(exactly)
    left, last = np.append(np.arange(pieces), pieces - 1), np.append(np.zeros(pieces, int), 1)
    return values.placed((left, last))


def _written(numbers: Rationals) -> Written:
    return Written(numbers.astype(np.float64), numbers)
