r"""Concave envelopes: cav f is the least concave function nowhere below f.

For a payoff f known at beliefs x_1 … x_N,

    cav f(μ) = max { Σ_g λ_g f(x_g) : Σ_g λ_g x_g = μ, Σ_g λ_g = 1, λ ≥ 0 },

the value of persuading one receiver at the prior μ (Kamenica and Gentzkow 2011). The maximizer is a
*splitting* of μ; the dual is a hyperplane above f that touches it at the splitting, the *price* of
each state: p·x_g ≥ f(x_g) for all g and p·μ = cav f(μ).

On an interval the envelope is the upper hull of a sequence, found in linear time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, real_numbers
from persuasion_lp.beliefs.functions import evaluated, finite_values
from persuasion_lp.beliefs.grids import IntervalGrid, SimplexGrid
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.beliefs.piecewise import PiecewiseLinear
from persuasion_lp.beliefs.splitting import Envelope
from persuasion_lp.errors import GridError, OptionError
from persuasion_lp.inputs import check_choice, is_a

__all__ = ["concavify"]

Method = Literal["auto", "hull", "lp"]


def concavify(
    x: ArrayLike | IntervalGrid | SimplexGrid,
    f: ArrayLike | Callable[[Floats], ArrayLike],
    *,
    method: Method = "auto",
) -> Envelope:
    """Concave envelope of a payoff known at beliefs.

    Parameters
    ----------
    x
        Beliefs: increasing numbers, shape ``(N,)``; points of a simplex that include its vertices,
        shape ``(N, K)``; or a grid.
    f
        Payoffs there, shape ``(N,)``, or a vectorized function of the beliefs. The breakpoints of a
        :class:`PiecewiseLinear` function are added to the beliefs, so that none is missed.
    method
        ``"hull"``: the whole envelope by its upper hull, on an interval or a simplex of 2 to 4
        states. ``"lp"``: each value by a linear program with column generation, for any number of
        states. ``"auto"``: the hull where it exists.

    Returns
    -------
    Envelope
        Callable at any beliefs; ``split(prior)`` gives posteriors and weights, ``prices(prior)``
        the supporting hyperplane.

    Raises
    ------
    GridError
        For beliefs that do not increase, are no points of a simplex, or lack its vertices.
    PayoffError
        For payoffs that are not finite or of the wrong shape, and functions that are not
        vectorized; the first belief concerned is named.

    Examples
    --------
    A judge who convicts at beliefs of at least 0.8 (Kamenica and Gentzkow 2011):

    >>> envelope = concavify([0, 0.8, 1], [0, 1, 1])
    >>> float(envelope(0.5)), envelope.split(0.5).posteriors, envelope.prices(0.5)
    (0.625, array([0. , 0.8]), array([0.  , 1.25]))
    """
    check_choice("method", method, ("auto", "hull", "lp"))
    stated: Any = x
    given = stated.nodes if is_a(x, (IntervalGrid, SimplexGrid)) else x
    beliefs = real_numbers(given, field="x", error=GridError)
    if beliefs.ndim not in (1, 2) or len(beliefs) < 2:
        raise GridError(
            "x", "must hold at least two beliefs, shape (N,) or (N, K)", value=beliefs.shape
        )
    if is_a(f, PiecewiseLinear) and beliefs.ndim == 1:
        points = cast("PiecewiseLinear", f).breakpoints
        between = (points > beliefs[0]) & (points < beliefs[-1])
        beliefs = np.union1d(beliefs, points[between])
    values = evaluated(f, beliefs, "f") if callable(f) else finite_values(f, beliefs, "f")
    if beliefs.ndim == 1:
        if method == "lp":
            raise OptionError("method", "must be 'hull' on an interval", value=method)
        return IntervalEnvelope.of(beliefs, values)
    from persuasion_lp.beliefs.simplex import LARGEST_HULL, ColumnEnvelope, SimplexEnvelope

    states = beliefs.shape[1]
    if method == "hull" and states > LARGEST_HULL:
        raise OptionError(
            "method", f"must be 'lp' for more than {LARGEST_HULL} states", value=method
        )
    if method == "lp" or states > LARGEST_HULL:
        return ColumnEnvelope.of(beliefs, values)
    return SimplexEnvelope.of(beliefs, values)
