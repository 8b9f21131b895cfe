r"""Upper-semicontinuous piecewise-linear functions on [0, 1], exactly, by breakpoints.

Between consecutive breakpoints 0 = b_0 < b_1 < … < b_m = 1 the function is linear; at a breakpoint
it may jump, and takes a value at least as high as both one-sided limits:

    f(b_k)  ≥  max( lim_{x↑b_k} f ,  lim_{x↓b_k} f ).

This is the sender's payoff from a receiver with finitely many actions when ties go to the sender
(KKS §2, footnote 8). The class is closed under sums, positive multiples, maxima, and concave
envelopes; because of semicontinuity an envelope needs the values at the breakpoints only.

A function is what was written down and what has been done to it, so that it can be evaluated in
floats, and in exact rationals by the same lines (:class:`Pieces`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from persuasion_lp.arrays import Floats, Numbers, ReadOnly, Written, real_numbers, written
from persuasion_lp.beliefs.grids import snapped
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.errors import InputError, PayoffError
from persuasion_lp.inputs import answers_for_arguments

__all__ = ["Pieces", "PiecewiseLinear"]

_PARTS = ("breakpoints", "at", "left", "right")


@dataclass(frozen=True, eq=False)
class Pieces(ReadOnly):
    """A piecewise-linear function by its breakpoints, all floats or all exact rationals.

    Attributes
    ----------
    breakpoints, at, left, right
        Increasing breakpoints, values there, and limits from the left and from the right (at both
        ends the value itself), each of shape ``(m+1,)``.
    """

    breakpoints: NDArray[Any]
    at: NDArray[Any]
    left: NDArray[Any]
    right: NDArray[Any]

    @classmethod
    def from_values(cls, breakpoints: NDArray[Any], values: NDArray[Any]) -> Pieces:
        """Continuous, from values at the breakpoints, or from both ends of each piece."""
        if values.ndim == 1:
            return cls(breakpoints, values, values, values)
        left = np.concatenate([values[:1, 0], values[:, 1]])
        right = np.concatenate([values[:, 0], values[-1:, 1]])
        return cls(breakpoints, np.maximum(left, right), left, right)

    @classmethod
    def from_steps(cls, cutoffs: NDArray[Any], payoffs: NDArray[Any]) -> Pieces:
        """From a receiver's cutoffs and the payoffs from his actions (and states)."""
        zero = 0 * payoffs.ravel()[:1]
        b = np.concatenate([zero, cutoffs, zero + 1])
        if payoffs.ndim == 1:
            return cls.from_values(b, np.repeat(payoffs[:, None], 2, axis=1))
        ends = np.stack([b[:-1], b[1:]], axis=1)
        return cls.from_values(b, payoffs[:, :1] * (1 - ends) + payoffs[:, 1:] * ends)

    @classmethod
    def raised(
        cls, breakpoints: NDArray[Any], at: NDArray[Any], left: NDArray[Any], right: NDArray[Any]
    ) -> Pieces:
        """From values and one-sided limits; the value is raised to the limits if below."""
        return cls(breakpoints, np.maximum(at, np.maximum(left, right)), left, right)

    def sides(self, points: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Value, limit from the left and limit from the right at points of [0, 1]."""
        b = self.breakpoints
        k = np.clip(np.searchsorted(b, points, side="right") - 1, 0, b.size - 2)
        share = (points - b[k]) / (b[k + 1] - b[k])
        inside = self.right[k] + (self.left[k + 1] - self.right[k]) * share
        k = np.where(points == b[k + 1], k + 1, k)
        here = points == b[k]
        return (
            np.where(here, self.at[k], inside),
            np.where(here, self.left[k], inside),
            np.where(here, self.right[k], inside),
        )

    def plus(self, other: Pieces) -> Pieces:
        """Sum."""
        b = np.union1d(self.breakpoints, other.breakpoints)
        both = zip(self.sides(b), other.sides(b), strict=True)
        return Pieces.raised(b, *(one + two for one, two in both))

    def times(self, factor: NDArray[Any]) -> Pieces:
        """Multiple by a non-negative number."""
        scaled = (factor * part for part in (self.at, self.left, self.right))
        return Pieces.raised(self.breakpoints, *scaled)

    def highest(self, other: Pieces) -> Pieces:
        """Pointwise maximum; where two pieces cross there is a new breakpoint."""
        b = np.union1d(self.breakpoints, other.breakpoints)
        (_, left, right), (_, left2, right2) = self.sides(b), other.sides(b)
        first, last = (right - right2)[:-1], (left - left2)[1:]
        crossing = np.flatnonzero(first * last < 0)
        share = first[crossing] / (first[crossing] - last[crossing])
        b = np.union1d(b, b[crossing] + share * (b[crossing + 1] - b[crossing]))
        both = zip(self.sides(b), other.sides(b), strict=True)
        return Pieces.raised(b, *(np.maximum(one, two) for one, two in both))

    def lifted(self, at: NDArray[Any]) -> Pieces:
        """The function with these values at its breakpoints, where they are above both limits."""
        return Pieces.raised(self.breakpoints, at, self.left, self.right)

    def reflected(self) -> Pieces:
        """The function of 1 − x; floats are snapped to the decimals they round."""
        b = 1 - self.breakpoints[::-1]
        if b.dtype != object:
            b = np.array([snapped(x) for x in b.tolist()])
        return Pieces.raised(b, self.at[::-1], self.right[::-1], self.left[::-1])


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class PiecewiseLinear(ReadOnly):
    """An upper-semicontinuous piecewise-linear function on [0, 1].

    Parameters
    ----------
    breakpoints
        b_0 = 0 < … < b_m = 1, shape ``(m+1,)``.
    values
        Values at the breakpoints, shape ``(m+1,)``, for a continuous function; or values at the
        left and right end of each piece, shape ``(m, 2)``: where two pieces meet at different
        values the function jumps and takes the higher one.

    Attributes
    ----------
    breakpoints, at, left, right
        Breakpoints, values there, and limits from the left and from the right (at 0 and 1 the
        value itself), each of shape ``(m+1,)``.

    Raises
    ------
    PayoffError
        For breakpoints that do not start at 0, end at 1 and increase, or values that are not
        finite or of neither shape.

    Examples
    --------
    >>> f = PiecewiseLinear([0, 0.5, 1], [[0, 0], [1, 1]])
    >>> f([0.4, 0.5, 0.6])
    array([0., 1., 1.])
    >>> float((f + f.reflected())(0.5))
    2.0
    >>> PiecewiseLinear([0, "1/3", 1], [0, 0.1, 1]).rational_pieces.at.tolist()
    [Fraction(0, 1), Fraction(1, 10), Fraction(1, 1)]
    """

    breakpoints: Floats
    at: Floats
    left: Floats
    right: Floats
    _made: tuple[Callable[..., Pieces], tuple[PiecewiseLinear | Written, ...]] | None

    def __init__(self, breakpoints: Numbers, values: Numbers) -> None:
        given = written("breakpoints", breakpoints, PayoffError)
        given_values = written("values", values, PayoffError)
        b, v = given.floats, given_values.floats
        if b.ndim != 1 or b.size < 2:
            raise PayoffError("breakpoints", "must be a sequence from 0 to 1", value=b.shape)
        for index, end in ((0, 0.0), (b.size - 1, 1.0)):
            if b[index] != end:
                raise PayoffError(
                    "breakpoints", f"must be {end:.0f} here", index=index, value=float(b[index])
                )
        _check_increasing(b)
        if v.shape not in (b.shape, (b.size - 1, 2)):
            raise PayoffError(
                "values", f"must have shape {b.shape} or {(b.size - 1, 2)}", value=v.shape
            )
        self._make(Pieces.from_values, given, given_values)

    @classmethod
    def steps(cls, cutoffs: Numbers, payoffs: Numbers) -> PiecewiseLinear:
        """Payoff from a receiver who takes action k at beliefs in [c_k, c_{k+1}].

        Parameters
        ----------
        cutoffs
            0 < c_1 < … < c_m < 1.
        payoffs
            Sender's payoff from each action, shape ``(m+1,)``, or from each action in each state L
            and H, shape ``(m+1, 2)``; then a piece is the expectation over the state.
        """
        given = written("cutoffs", cutoffs, PayoffError)
        given_payoffs = written("payoffs", payoffs, PayoffError)
        c, shape = given.floats, given_payoffs.floats.shape
        if c.ndim != 1:
            raise PayoffError("cutoffs", "must be a sequence", value=c.shape)
        if shape not in ((c.size + 1,), (c.size + 1, 2)):
            raise PayoffError(
                "payoffs", f"must have shape {(c.size + 1,)} or {(c.size + 1, 2)}", value=shape
            )
        _check_increasing(np.concatenate([[0.0], c, [1.0]]))
        new = cls.__new__(cls)
        new._make(Pieces.from_steps, given, given_payoffs)
        return new

    @classmethod
    def from_sides(
        cls, breakpoints: Floats, at: Floats, left: Floats, right: Floats
    ) -> PiecewiseLinear:
        """Build from values and one-sided limits; the value is raised to the limits if below.

        These are computed numbers: the function has no exact rational counterpart.

        Parameters
        ----------
        breakpoints
            Increasing from 0 to 1, shape ``(B,)``.
        at, left, right
            Value, limit from the left and limit from the right there, shape ``(B,)``.

        Raises
        ------
        PayoffError
            For what are no finite numbers of these shapes, or breakpoints that fall.
        """
        named = {"breakpoints": breakpoints, "at": at, "left": left, "right": right}
        read = {
            name: real_numbers(values, field=name, error=PayoffError)
            for name, values in named.items()
        }
        shape = read["breakpoints"].shape
        for name, values in read.items():
            if values.ndim != 1 or values.size < 2 or values.shape != shape:
                rule = "must have one entry for each breakpoint"
                raise PayoffError(name, rule, value=values.shape)
            if not np.isfinite(values).all():
                raise PayoffError(name, "must be finite", index=int(np.argmin(np.isfinite(values))))
        falling = np.flatnonzero(np.diff(read["breakpoints"]) < 0)
        if falling.size:
            raise PayoffError("breakpoints", "must not fall", index=int(falling[0]) + 1)
        new = cls.__new__(cls)
        new._set(Pieces.raised(*read.values()), None)
        return new

    def __call__(self, x: ArrayLike) -> Floats:
        """Values at points of [0, 1], any shape."""
        value: Floats = self.sides(x)[0]
        return value

    def sides(self, x: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Value, limit from the left and limit from the right at points of [0, 1].

        Parameters
        ----------
        x
            Points, any shape; each of the three answers has it.

        Raises
        ------
        InputError
            For a point outside [0, 1].
        """
        points = real_numbers(x, field="x", error=InputError)
        outside = ~((points >= 0) & (points <= 1))
        if outside.any():
            place = tuple(int(k) for k in np.argwhere(outside)[0])
            raise InputError(
                "x", "must lie in [0, 1]", index=place or None, value=float(points[place])
            )
        value, left, right = self._floats.sides(points)
        return value[()], left[()], right[()]

    @cached_property
    def rational_pieces(self) -> Pieces:
        """The function in exact rationals, its numbers taken as they were written.

        Sums, multiples, maxima and reflections are those of the exact functions.

        Raises
        ------
        PayoffError
            If it was computed in floating point (:meth:`from_sides`), or if its breakpoints, so
            read, do not start at 0 and end at 1.
        """
        if self._made is None:
            raise PayoffError(
                "payoff", "must be written down for an exact answer; this one was computed"
            )
        pieces = self._composed(lambda operand: operand.rational_pieces)
        for index, end in ((0, 0), (pieces.breakpoints.size - 1, 1)):
            if pieces.breakpoints[index] != end:
                raise PayoffError("breakpoints", f"must be {end} exactly", index=index)
        return pieces

    @cached_property
    def numbers(self) -> Pieces:
        """The function in exact rationals: as it was written, or as it was computed in floats.

        The same as :attr:`rational_pieces` where there is that; what was computed
        (:meth:`from_sides`) is taken as the floats it is.
        """
        if self._made is None:
            return Pieces(*(_exactly(getattr(self, name)) for name in _PARTS))
        pieces = self._composed(lambda operand: operand.numbers)
        b = pieces.breakpoints.copy()
        b[0], b[-1] = Fraction(0), Fraction(1)
        return Pieces(b, pieces.at, pieces.left, pieces.right)

    def _composed(self, of: Callable[[PiecewiseLinear], Pieces]) -> Pieces:
        """Do what was done to the operands in exact rationals."""
        make, operands = cast(Any, self._made)
        pieces: Pieces = make(
            *(o.rationals() if isinstance(o, Written) else of(o) for o in operands)
        )
        return pieces

    def __add__(self, other: PiecewiseLinear) -> PiecewiseLinear:
        if not isinstance(other, PiecewiseLinear):
            return NotImplemented
        return self._then(Pieces.plus, other)

    def __mul__(self, factor: Numbers) -> PiecewiseLinear:
        """Multiple by a non-negative number; a negative one would turn the jumps over."""
        given = written("factor", factor, PayoffError)
        if given.floats.ndim or not given.floats >= 0:
            raise PayoffError("factor", "must not be negative", value=factor)
        return self._then(Pieces.times, given)

    __rmul__ = __mul__

    def maximum(self, other: PiecewiseLinear) -> PiecewiseLinear:
        """Pointwise maximum; where two pieces cross there is a new breakpoint."""
        if not isinstance(other, PiecewiseLinear):
            raise PayoffError("other", "must be a PiecewiseLinear function", value=other)
        return self._then(Pieces.highest, other)

    def reflected(self) -> PiecewiseLinear:
        """The function of 1 − x: for a state that is H exactly when the common one is L."""
        return self._then(Pieces.reflected)

    def envelope(self) -> IntervalEnvelope:
        """Concave envelope: the upper hull of the values at the breakpoints."""
        return IntervalEnvelope.of(self.breakpoints, self.at)

    @property
    def _floats(self) -> Pieces:
        return Pieces(self.breakpoints, self.at, self.left, self.right)

    def _then(
        self, make: Callable[..., Pieces], *others: PiecewiseLinear | Written
    ) -> PiecewiseLinear:
        new = PiecewiseLinear.__new__(PiecewiseLinear)
        new._make(make, self, *others)
        return new

    def _make(self, make: Callable[..., Pieces], *operands: PiecewiseLinear | Written) -> None:
        """Compute in floats, and remember how: rationals are computed when they are asked for."""
        pieces = make(*(o.floats if isinstance(o, Written) else o._floats for o in operands))
        self._set(pieces, (make, operands))

    def _set(self, pieces: Pieces, made: Any) -> None:
        for name in _PARTS:
            kept = np.array(getattr(pieces, name), dtype=np.float64)
            kept.setflags(write=False)
            object.__setattr__(self, name, kept)
        object.__setattr__(self, "_made", made)

    def __repr__(self) -> str:
        jumps = int(((self.at != self.left) | (self.at != self.right)).sum())
        return f"PiecewiseLinear({self.breakpoints.size - 1} pieces, {jumps} jumps)"


def _exactly(values: Floats) -> NDArray[Any]:
    return np.array([Fraction(value) for value in values.tolist()], dtype=object)


def _check_increasing(b: Floats) -> None:
    falling = np.flatnonzero(~(np.diff(b) > 0))
    if falling.size:
        index = int(falling[0]) + 1
        raise PayoffError(
            "breakpoints",
            f"must increase from 0 to 1; the one before is {float(b[index - 1])!r}",
            index=index,
            value=float(b[index]),
        )
