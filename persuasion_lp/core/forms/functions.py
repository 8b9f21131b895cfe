"""Piecewise-linear functions in rationals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.beliefs import PiecewiseLinear
from persuasion_lp.beliefs.piecewise import Pieces
from persuasion_lp.core.forms.numbers import (
    DENOMINATORS,
    Row,
    digits,
    each_rounded,
    entry,
    numbers,
    object_array,
    rational,
    rounded,
    texts,
)
from persuasion_lp.errors import InstanceError, PayoffError

__all__ = ["RationalFunction"]


@dataclass(frozen=True)
class RationalFunction:
    """A :class:`PiecewiseLinear` function in rationals.

    Attributes
    ----------
    breakpoints
        b_0 = 0 < … < b_m = 1.
    pieces
        Values at the left and right end of each piece, shape ``(m, 2)``.
    at
        Values at the breakpoints, where one of them is above both limits; otherwise ``None``.
    """

    breakpoints: Row
    pieces: tuple[Row, ...]
    at: Row | None = None

    @classmethod
    def of(cls, function: PiecewiseLinear) -> RationalFunction:
        """Read a function; computed ones, and values above both limits, from floats."""
        with suppress(PayoffError):
            exactly = cls._of(function.rational_pieces)
            if exactly.at is None:
                return exactly
        return cls._of(function)

    @classmethod
    def _of(cls, function: PiecewiseLinear | Pieces) -> RationalFunction:
        parts = (function.breakpoints, function.at, function.left, function.right)
        breakpoints, at, left, right = map(rational, parts)
        new = cls(breakpoints, tuple(zip(right[:-1], left[1:], strict=True)))
        return new if new.limits == at else replace(new, at=at)

    def build(self) -> PiecewiseLinear:
        """The function."""
        function = PiecewiseLinear(object_array(self.breakpoints), object_array(self.pieces))
        if self.at is None:
            return function
        at = np.array(self.at, dtype=np.float64)
        left, right = np.append(at[0], function.left[1:]), np.append(function.right[:-1], at[-1])
        return PiecewiseLinear.from_sides(function.breakpoints, at, left, right)

    @property
    def limits(self) -> Row:
        """The higher of the one-sided limits at each breakpoint."""
        left = [self.pieces[0][0], *(piece[1] for piece in self.pieces)]
        right = [*(piece[0] for piece in self.pieces), self.pieces[-1][1]]
        return tuple(map(max, left, right))

    @property
    def size(self) -> tuple[int, int]:
        """Pieces, digits."""
        return len(self.pieces), digits(self.breakpoints, self.pieces, self.at or ())

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types, ready for JSON; numbers are strings."""
        return {
            "breakpoints": texts(self.breakpoints),
            "pieces": texts(self.pieces),
            "at": None if self.at is None else texts(self.at),
        }

    @classmethod
    def from_dict(cls, data: Any, field: str) -> RationalFunction:
        """Read what :meth:`to_dict` wrote."""
        if not isinstance(data, dict):
            raise InstanceError(field, "must be a function, with breakpoints and pieces")
        path = {key: f"{field}.{key}" for key in ("breakpoints", "pieces", "at")}
        given = {key: entry(data, key, path[key]) for key in path}
        breakpoints = numbers(path["breakpoints"], given["breakpoints"], 1)
        pieces = numbers(path["pieces"], given["pieces"], 2)
        if len(pieces) != len(breakpoints) - 1 or len(pieces[0]) != 2:
            raise InstanceError(
                path["pieces"],
                f"must have shape {(len(breakpoints) - 1, 2)}",
                value=(len(pieces), len(pieces[0])),
            )
        at = None if given["at"] is None else numbers(path["at"], given["at"], 1)
        if at is not None and len(at) != len(breakpoints):
            raise InstanceError(
                path["at"], f"must be as many as breakpoints, {len(breakpoints)}", value=len(at)
            )
        return cls(breakpoints, pieces, at)

    def simpler(self) -> Iterator[RationalFunction]:
        """A breakpoint less, pieces that are constant, rounded numbers."""
        for k in range(1, len(self.pieces)):
            joined = (self.pieces[k - 1][0], self.pieces[k][1])
            yield RationalFunction(
                self.breakpoints[:k] + self.breakpoints[k + 1 :],
                (*self.pieces[: k - 1], joined, *self.pieces[k + 1 :]),
            )
        if self.at is not None:
            yield replace(self, at=None)
        for n in DENOMINATORS:
            at = None if self.at is None else rounded(self.at, n)
            yield replace(self, pieces=rounded(self.pieces, n), at=at)
        for k, piece in enumerate(self.pieces):
            mean = sum(piece, Fraction(0)) / 2
            for values in ((Fraction(0),) * 2, (mean,) * 2, *each_rounded(piece)):
                yield replace(self, pieces=(*self.pieces[:k], values, *self.pieces[k + 1 :]))
        for breakpoints in each_rounded(self.breakpoints):
            yield replace(self, breakpoints=breakpoints)
