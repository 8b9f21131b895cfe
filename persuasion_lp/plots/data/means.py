"""Posterior means: payoff and price function (Dworczak and Martini 2019), and how much is revealed.

A distribution of means G can be induced iff the prior F is a mean-preserving spread of it:

    ∫₀ᶜ G  ≤  ∫₀ᶜ F   for every c,   with equality at 1,

so that ∫G lies between the same integral of no information, max(c − E[θ], 0), and that of the
prior; they meet where nothing is pooled across c.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.extras import load
from persuasion_lp.families.means.result import MeansResult
from persuasion_lp.inputs import is_a
from persuasion_lp.plots.fitting import check_fits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["means", "price_function"]

SAMPLES = 400
"""Means at which a payoff is drawn, beside its breakpoints."""

BESIDE = 1e-9
"""How far beside a breakpoint the payoff is evaluated for its one-sided limit."""


def price_function(of: Any) -> pd.DataFrame:
    """Payoff, price function, the means where they touch, and the pooled intervals.

    Parameters
    ----------
    of
        A :class:`PosteriorMeanGame`, of which there is the payoff only, or its answer.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``piece``, ``mean``, ``value``, ``weight``. Parts: ``payoff`` (``piece``
        numbers its connected stretches), ``attained`` (the payoff where it jumps), ``price``
        (knots of the price function), ``contact`` (posterior means with their probabilities),
        ``pooled`` (both ends of each pooled interval, numbered by ``piece``).

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("price_function", of)
    result = of if is_a(of, MeansResult) else None
    game = of if result is None else result.game
    rows: list[dict[str, Any]] = list(_payoff(game))
    if result is not None:
        price = result.price
        for knot, value in zip(price.knots.tolist(), price.values.tolist(), strict=True):
            rows.append({"part": "price", "mean": knot, "value": value})
        touched = zip(
            result.means.tolist(),
            game.values(result.means).tolist(),
            result.probabilities.tolist(),
            strict=True,
        )
        for mean, value, weight in touched:
            rows.append({"part": "contact", "mean": mean, "value": value, "weight": weight})
        for piece, segment in enumerate(result.segments):
            ends = (segment.low, segment.high)
            rows += [{"part": "pooled", "piece": piece, "mean": end} for end in ends]
    return pd.DataFrame(rows, columns=["part", "piece", "mean", "value", "weight"])


def means(of: Any) -> pd.DataFrame:
    """How much is revealed: integrals of the distributions of means.

    Parameters
    ----------
    of
        The answer to a :class:`PosteriorMeanGame`.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``mean``, ``cdf``, ``integral``: for each part, at increasing points c,
        the probability of a mean of at most c, and ∫₀ᶜ of it. Parts: ``prior`` (everything
        revealed), ``means`` (the answer), ``nothing`` (no information).

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("means", of)
    grid = of.grid
    centre = float(grid.masses @ grid.states)
    parts = {
        "prior": (grid.states, grid.masses),
        "means": (of.means, of.probabilities),
        "nothing": (np.array([centre]), np.ones(1)),
    }
    ends = np.array([min(0.0, float(grid.states.min())), max(1.0, float(grid.states.max()))])
    frames = []
    for part, (points, weights) in parts.items():
        c = np.unique(np.concatenate([ends, np.concatenate([one for one, _ in parts.values()])]))
        below = (points[None, :] <= c[:, None]) @ weights
        integral = np.clip(c[:, None] - points[None, :], 0.0, None) @ weights
        frames.append(pd.DataFrame({"part": part, "mean": c, "cdf": below, "integral": integral}))
    return pd.concat(frames, ignore_index=True)


def _payoff(game: Any) -> list[dict[str, Any]]:
    """Connected stretches of the payoff, and its values where it jumps."""
    kinks = np.zeros(0) if game.breakpoints is None else game.breakpoints
    edges = np.unique(np.concatenate([[0.0, 1.0], kinks]))
    rows: list[dict[str, Any]] = []
    for piece, (low, high) in enumerate(itertools.pairwise(edges)):
        beside = min(BESIDE, (high - low) / 4)
        many = 2 if game.breakpoints is not None else SAMPLES
        x = np.linspace(low + beside, high - beside, many)
        drawn = np.concatenate([[low], x[1:-1], [high]]) if many > 2 else np.array([low, high])
        for mean, value in zip(drawn.tolist(), game.values(x).tolist(), strict=True):
            rows.append({"part": "payoff", "piece": piece, "mean": mean, "value": value})
    return rows + _attained(game, edges, rows)


def _attained(game: Any, edges: Floats, drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    values = game.values(edges).tolist()
    size = max(1.0, *(abs(value) for value in values)) if values else 1.0
    beside: dict[float, list[float]] = {}
    for row in drawn:
        beside.setdefault(row["mean"], []).append(row["value"])
    return [
        {"part": "attained", "mean": float(edge), "value": value}
        for edge, value in zip(edges, values, strict=True)
        if any(abs(value - near) > 1e-6 * size for near in beside.get(float(edge), []))
    ]
