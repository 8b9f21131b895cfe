r"""Upper-semicontinuous piecewise-linear functions on [0, 1], exactly, by breakpoints.

Between consecutive breakpoints 0 = b_0 < b_1 < … < b_m = 1 the function is linear; at a breakpoint
it may jump, and takes a value at least as high as both one-sided limits:

    f(b_k)  ≥  max( lim_{x↑b_k} f ,  lim_{x↓b_k} f ).

This is the sender's payoff from a receiver with finitely many actions when ties go to the sender
(KKS §2, footnote 8). The class is closed under sums, positive multiples, maxima, and concave
envelopes; because of semicontinuity an envelope needs the values at the breakpoints only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, frozen_floats
from persuasion_lp.beliefs.grids import snapped
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.errors import InputError, PayoffError

__all__ = ["PiecewiseLinear"]


@dataclass(frozen=True, eq=False, init=False, repr=False)
class PiecewiseLinear:
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
    """

    breakpoints: Floats
    at: Floats
    left: Floats
    right: Floats

    def __init__(self, breakpoints: ArrayLike, values: ArrayLike) -> None:
        b = frozen_floats("breakpoints", breakpoints, PayoffError)
        v = frozen_floats("values", values, PayoffError)
        if b.ndim != 1 or b.size < 2:
            raise PayoffError("breakpoints", "must be a sequence from 0 to 1", value=b.shape)
        for index, end in ((0, 0.0), (b.size - 1, 1.0)):
            if b[index] != end:
                raise PayoffError(
                    "breakpoints", f"must be {end:.0f} here", index=index, value=float(b[index])
                )
        _check_increasing(b)
        if v.shape == b.shape:
            self._set(b, v, v, v)
        elif v.shape == (b.size - 1, 2):
            left = np.concatenate([v[:1, 0], v[:, 1]])
            right = np.concatenate([v[:, 0], v[-1:, 1]])
            self._set(b, np.maximum(left, right), left, right)
        else:
            raise PayoffError(
                "values", f"must have shape {b.shape} or {(b.size - 1, 2)}", value=v.shape
            )

    @classmethod
    def steps(cls, cutoffs: ArrayLike, payoffs: ArrayLike) -> PiecewiseLinear:
        """Payoff from a receiver who takes action k at beliefs in [c_k, c_{k+1}].

        Parameters
        ----------
        cutoffs
            0 < c_1 < … < c_m < 1.
        payoffs
            Sender's payoff from each action, shape ``(m+1,)``, or from each action in each state L
            and H, shape ``(m+1, 2)``; then a piece is the expectation over the state.
        """
        c = frozen_floats("cutoffs", cutoffs, PayoffError)
        table = frozen_floats("payoffs", payoffs, PayoffError)
        if table.shape not in ((c.size + 1,), (c.size + 1, 2)):
            raise PayoffError(
                "payoffs",
                f"must have shape {(c.size + 1,)} or {(c.size + 1, 2)}",
                value=table.shape,
            )
        b = np.concatenate([[0.0], c, [1.0]])
        _check_increasing(b)
        if table.ndim == 1:
            return cls(b, np.repeat(table[:, None], 2, axis=1))
        ends = np.stack([b[:-1], b[1:]], axis=1)
        return cls(b, table[:, :1] * (1 - ends) + table[:, 1:] * ends)

    @classmethod
    def from_sides(
        cls, breakpoints: Floats, at: Floats, left: Floats, right: Floats
    ) -> PiecewiseLinear:
        """Build from values and one-sided limits; the value is raised to the limits if below."""
        new = cls.__new__(cls)
        new._set(breakpoints, np.maximum(at, np.maximum(left, right)), left, right)
        return new

    def __call__(self, x: ArrayLike) -> Floats:
        """Values at points of [0, 1], any shape."""
        value: Floats = self.sides(x)[0]
        return value

    def sides(self, x: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Value, limit from the left and limit from the right at points of [0, 1].

        Raises
        ------
        InputError
            For a point outside [0, 1].
        """
        points = np.asarray(x, dtype=np.float64)
        outside = ~((points >= 0) & (points <= 1))
        if outside.any():
            place = tuple(int(k) for k in np.argwhere(outside)[0])
            raise InputError(
                "x", "must lie in [0, 1]", index=place or None, value=float(points[place])
            )
        b = self.breakpoints
        k = np.clip(np.searchsorted(b, points, side="right") - 1, 0, b.size - 2)
        share = (points - b[k]) / (b[k + 1] - b[k])
        inside = self.right[k] + (self.left[k + 1] - self.right[k]) * share
        k = np.where(points == b[k + 1], k + 1, k)
        here = points == b[k]
        return (
            np.where(here, self.at[k], inside)[()],
            np.where(here, self.left[k], inside)[()],
            np.where(here, self.right[k], inside)[()],
        )

    def __add__(self, other: PiecewiseLinear) -> PiecewiseLinear:
        b = np.union1d(self.breakpoints, other.breakpoints)
        both = zip(self.sides(b), other.sides(b), strict=True)
        return PiecewiseLinear.from_sides(b, *(one + two for one, two in both))

    def __mul__(self, factor: float) -> PiecewiseLinear:
        """Multiple by a non-negative number; a negative one would turn the jumps over."""
        if not factor >= 0:
            raise PayoffError("factor", "must not be negative", value=factor)
        scaled = (factor * part for part in (self.at, self.left, self.right))
        return PiecewiseLinear.from_sides(self.breakpoints, *scaled)

    __rmul__ = __mul__

    def maximum(self, other: PiecewiseLinear) -> PiecewiseLinear:
        """Pointwise maximum; where two pieces cross there is a new breakpoint."""
        b = np.union1d(self.breakpoints, other.breakpoints)
        (_, left, right), (_, left2, right2) = self.sides(b), other.sides(b)
        first, last = (right - right2)[:-1], (left - left2)[1:]
        crossing = np.flatnonzero(first * last < 0)
        share = first[crossing] / (first[crossing] - last[crossing])
        b = np.union1d(b, b[crossing] + share * (b[crossing + 1] - b[crossing]))
        both = zip(self.sides(b), other.sides(b), strict=True)
        return PiecewiseLinear.from_sides(b, *(np.maximum(one, two) for one, two in both))

    def reflected(self) -> PiecewiseLinear:
        """The function of 1 − x: for a state that is H exactly when the common one is L."""
        b = np.array([snapped(1.0 - float(x)) for x in self.breakpoints[::-1]])
        return PiecewiseLinear.from_sides(b, self.at[::-1], self.right[::-1], self.left[::-1])

    def envelope(self) -> IntervalEnvelope:
        """Concave envelope: the upper hull of the values at the breakpoints."""
        return IntervalEnvelope.of(self.breakpoints, self.at)

    def _set(self, b: Floats, at: Floats, left: Floats, right: Floats) -> None:
        for name, part in (("breakpoints", b), ("at", at), ("left", left), ("right", right)):
            kept = np.array(part, dtype=np.float64)
            kept.setflags(write=False)
            object.__setattr__(self, name, kept)

    def __repr__(self) -> str:
        jumps = int(((self.at != self.left) | (self.at != self.right)).sum())
        return f"PiecewiseLinear({self.breakpoints.size - 1} pieces, {jumps} jumps)"


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
