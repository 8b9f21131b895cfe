r"""Arbitrary payoff functions of a belief, and what is known about them between the grid's beliefs.

A function evaluated on a grid is known there and nowhere else: the grid value bounds the optimum
from below, but from above only under an assumption about the cells [a, b] between grid beliefs.

==================  ======================================================================
``shape="convex"``  convex between kinks: f ≤ its chord, so the grid value is exact
``shape="concave"`` concave between kinks: f ≤ the neighbouring chords, prolonged
``lipschitz=L``     |f(μ) − f(ν)| ≤ L ‖μ − ν‖ with ‖·‖ = half the sum of absolute
                    differences (|x − y| on [0, 1]), on each side of every kink
``cell_bound=``     a function (a, b) → number ≥ sup f over the cell [a, b]
==================  ======================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, ReadOnly, frozen_floats, real_numbers
from persuasion_lp.beliefs.piecewise import PiecewiseLinear
from persuasion_lp.errors import PayoffError, PersuasionError
from persuasion_lp.inputs import answers_for_arguments, called, did_you_mean, is_a, near_names
from persuasion_lp.shown import raised, shown

__all__ = ["REFUTATION", "BeliefFunction", "evaluated", "finite_values"]

REFUTATION = 1e-9
"""Grid values contradict an assumption when they break it by more than this share of their size:
well above the rounding of a function's values, well below what would matter."""

VALUE_ROUNDING = 2 * float(np.finfo(np.float64).eps)
"""A function's values are taken to be right to this share of the largest of them; bounds between
beliefs are higher by as much."""


@answers_for_arguments
@dataclass(frozen=True, eq=False)
class BeliefFunction(ReadOnly):
    """A payoff function of the belief with an assumption that bounds it between grid beliefs.

    Parameters
    ----------
    function
        Vectorized: beliefs of shape ``(N,)`` on [0, 1], or ``(N, K)`` on a simplex, to values of
        shape ``(N,)``. Where it jumps it must return the higher side.
    shape
        ``"convex"`` or ``"concave"`` between consecutive kinks.
    lipschitz
        Lipschitz constant between consecutive kinks; the only assumption that applies on a simplex.
    cell_bound
        Vectorized function of the ends of cells, shapes ``(N,)``, that is at least the supremum of
        the function on each cell.
    kinks
        Points of [0, 1] where the function jumps or its slope does; grids contain them. A function
        with a Lipschitz constant may jump up at a kink, not away from it.

    Raises
    ------
    PayoffError
        For something that cannot be called, a shape of another name, a negative constant, more
        than one assumption, or kinks outside [0, 1].
    """

    function: Callable[[Floats], ArrayLike]
    shape: Literal["convex", "concave"] | None = None
    lipschitz: float | None = None
    cell_bound: Callable[[Floats, Floats], ArrayLike] | None = None
    kinks: ArrayLike = ()

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise PayoffError("function", "must be callable", value=self.function)
        named = self.shape is None or is_a(self.shape, str)
        if not named or self.shape not in (None, "convex", "concave"):
            meant = did_you_mean(near_names(("convex", "concave"), self.shape))
            raise PayoffError("shape", f"must be 'convex' or 'concave'{meant}", value=self.shape)
        if self.lipschitz is not None:
            constant = frozen_floats("lipschitz", self.lipschitz, PayoffError)
            if constant.ndim or constant < 0:
                raise PayoffError(
                    "lipschitz", "must be a finite constant ≥ 0", value=self.lipschitz
                )
            object.__setattr__(self, "lipschitz", float(constant))
        if self.cell_bound is not None and not callable(self.cell_bound):
            raise PayoffError("cell_bound", "must be callable", value=self.cell_bound)
        given = [a for a in (self.shape, self.lipschitz, self.cell_bound) if a is not None]
        if len(given) > 1:
            raise PayoffError("shape, lipschitz, cell_bound", "must not be given together")
        kinks = np.unique(frozen_floats("kinks", self.kinks, PayoffError))
        outside = np.flatnonzero((kinks < 0) | (kinks > 1))
        if outside.size:
            index = int(outside[0])
            raise PayoffError("kinks", "must lie in [0, 1]", index=index, value=float(kinks[index]))
        kinks.setflags(write=False)
        object.__setattr__(self, "kinks", kinks)

    def __call__(self, beliefs: ArrayLike) -> Floats:
        """Values at beliefs, checked to be finite and of the right shape."""
        points = real_numbers(beliefs, field="beliefs", error=PayoffError)
        return evaluated(self.function, points, "function")

    def __repr__(self) -> str:
        stated = [f"{name}={getattr(self, name)!r}" for name in ("shape", "lipschitz")]
        given = [text for text in stated if not text.endswith("=None")]
        if self.cell_bound is not None:
            given.append(f"cell_bound={shown(self.cell_bound)}")
        if len(np.atleast_1d(self.kinks)):
            given.append(f"kinks={np.asarray(self.kinks).tolist()}")
        return f"BeliefFunction({', '.join([shown(self.function), *given])})"

    @property
    def assumption(self) -> str | None:
        """The assumption in words, or ``None``."""
        if self.shape is not None:
            return f"{self.shape} between kinks"
        if self.lipschitz is not None:
            return f"Lipschitz constant {self.lipschitz:g} between kinks"
        return None if self.cell_bound is None else "the given bound on each cell"

    def above(self, nodes: Floats) -> PiecewiseLinear | None:
        """A piecewise-linear function nowhere below this one, or ``None`` without an assumption.

        Parameters
        ----------
        nodes
            Increasing beliefs from 0 to 1 that contain the kinks.
        """
        values = self(nodes)
        self._refuse_refuted(nodes, values)
        noise = VALUE_ROUNDING * (float(np.abs(values).max()) + (self.lipschitz or 0.0))
        if self.shape == "convex":
            return PiecewiseLinear(nodes, values + noise)
        if self.shape == "concave":
            return self._prolonged_chords(nodes, values)
        if self.lipschitz is not None:
            return self._tents(nodes, values + noise)
        if self.cell_bound is not None:
            ends = (nodes[:-1], nodes[1:])
            at = "the ends of all cells"
            given = called(self.cell_bound, *ends, field="cell_bound", error=PayoffError, at=at)
            bound = finite_values(given, nodes[:-1], "cell_bound")
            pieces = np.maximum(bound, np.maximum(values[:-1], values[1:])) + noise
            return PiecewiseLinear(nodes, np.repeat(pieces[:, None], 2, axis=1))
        return None

    def _prolonged_chords(self, nodes: Floats, values: Floats) -> PiecewiseLinear | None:
        """On each cell the lower of the two neighbouring chords, prolonged.

        A chord that touches a kink is not used: the function may jump there.
        """
        width = np.diff(nodes)
        slope = np.diff(values) / width
        smooth = ~np.isin(nodes, np.asarray(self.kinks))
        usable = smooth[:-1] & smooth[1:]
        up = np.concatenate([[False], usable[:-1]])
        down = np.concatenate([usable[1:], [False]])
        if not (up | down).all():
            return None
        rising = np.concatenate([[0.0], slope[:-1]])
        falling = np.concatenate([slope[1:], [0.0]])
        low = np.where(up, values[:-1], values[1:] - falling * width)
        high = np.where(down, values[1:], values[:-1] + rising * width)
        wider = np.ones_like(width)
        wider[1:] = np.maximum(wider[1:], width[1:] / width[:-1])
        wider[:-1] = np.maximum(wider[:-1], width[:-1] / width[1:])
        noise = 2 * VALUE_ROUNDING * float(np.abs(values).max()) * (1 + wider)
        low, high = low + noise, high + noise
        tent = up & down & (slope > falling) & (slope < rising)
        share = (slope - falling)[tent] / (rising - falling)[tent]
        reach = share * width[tent]
        return _with_peaks(
            nodes,
            values,
            np.concatenate([values[:1], high]),
            np.concatenate([low, values[-1:]]),
            nodes[:-1][tent] + reach,
            values[:-1][tent] + rising[tent] * reach + noise[tent],
        )

    def _tents(self, nodes: Floats, values: Floats) -> PiecewiseLinear:
        """On each cell the lower of the cones of slope L over its two ends.

        The function may be higher at a kink than next to it, so a cone over a kink is a bound too.
        """
        slope, width = float(self.lipschitz or 0.0), np.diff(nodes)
        rise = np.diff(values)
        tent = slope * width > np.abs(rise)
        reach = (width[tent] + rise[tent] / slope) / 2 if slope else np.empty(0)
        back = width[tent] - reach
        return _with_peaks(
            nodes,
            values,
            values,
            values,
            nodes[:-1][tent] + reach,
            np.maximum(values[:-1][tent] + slope * reach, values[1:][tent] + slope * back),
        )

    def _refuse_refuted(self, nodes: Floats, values: Floats) -> None:
        """Raise if the values on the grid contradict the assumption."""
        smooth = ~np.isin(nodes, np.asarray(self.kinks))
        slope = np.diff(values) / np.diff(nodes)
        noise = REFUTATION * max(float(np.ptp(values)), float(np.abs(values).max()))
        if self.lipschitz is not None:
            excess = (np.abs(slope) - self.lipschitz) * np.diff(nodes)
            wrong = np.flatnonzero((excess > noise) & smooth[:-1] & smooth[1:])
        elif self.shape is not None:
            bend = np.diff(slope) * (1 if self.shape == "concave" else -1)
            inner = smooth[:-2] & smooth[1:-1] & smooth[2:]
            wrong = np.flatnonzero((bend * np.minimum(*_both_widths(nodes)) > noise) & inner)
        else:
            return
        if wrong.size:
            where = float(nodes[wrong[0] + (self.shape is not None)])
            raise PayoffError(
                "function", f"contradicts the assumption “{self.assumption}” next to", value=where
            )


def evaluated(function: Callable[[Floats], ArrayLike], beliefs: Floats, field: str) -> Floats:
    """Values of a vectorized function at beliefs.

    Raises
    ------
    PayoffError
        If the call fails or the result is not one finite number for each belief; the first belief
        concerned is named.
    """
    try:
        values = function(beliefs)
    except PersuasionError:
        raise
    except Exception as failure:
        raise PayoffError(
            field,
            "must be vectorized: it is called once with all beliefs, an array of shape "
            f"{beliefs.shape} (np.vectorize makes a function of one belief so); "
            f"it raised {raised(failure)}",
        ) from failure
    return finite_values(values, beliefs, field)


def finite_values(values: Any, beliefs: Floats, field: str) -> Floats:
    """One finite number for each belief, or an error that names the first belief without.

    Parameters
    ----------
    values
        What a function returned, or what was passed as values.
    beliefs
        Shape ``(N,)`` or ``(N, K)``.
    field
        Name of the argument for errors.
    """
    count = beliefs.shape[:1]
    found = real_numbers(values, field=field, error=PayoffError, rule="must give numbers")
    if found.shape != count:
        raise PayoffError(
            field,
            f"must give one value for each of {count[0]} beliefs, shape {count}",
            value=found.shape,
        )
    if not np.isfinite(found.sum()):
        bad = np.flatnonzero(~np.isfinite(found))
        if bad.size:
            first = int(bad[0])
            raise PayoffError(
                field,
                f"must be finite; first at belief {beliefs[first].tolist()}",
                index=first,
                value=float(found[first]),
            )
    return found


def _both_widths(nodes: Floats) -> tuple[Floats, Floats]:
    width = np.diff(nodes)
    return width[:-1], width[1:]


def _with_peaks(
    nodes: Floats, at: Floats, left: Floats, right: Floats, peaks: Floats, heights: Floats
) -> PiecewiseLinear:
    where = np.searchsorted(nodes, peaks)
    return PiecewiseLinear.from_sides(
        np.insert(nodes, where, peaks),
        np.insert(at, where, heights),
        np.insert(left, where, heights),
        np.insert(right, where, heights),
    )
