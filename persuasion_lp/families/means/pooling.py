"""Where a payoff exceeds a price function, which means to try next, and where signals pool."""

from __future__ import annotations

from typing import Literal

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.programme import PriceFunction, spread_integral
from persuasion_lp.families.means.result import Segment
from persuasion_lp.primitives.states import StateGrid

__all__ = ["LEAST_PROBABILITY", "excess_between", "pooling_segments", "spread_room", "together"]

PROBES = 8
"""Points between neighbouring candidates at which a payoff is compared with the price function."""

LEAST_PROBABILITY = 1e-10
"""Means with less probability are the solver's rounding; the bracket says whether they mattered."""

NO_POOLING = 1e-9
"""Where the two spread integrals differ by no more than this share of what they would differ by if
everything were pooled, nothing is pooled across; means closer than this share of an interval to
its ends are there."""


def excess_between(
    game: PosteriorMeanGame, price: PriceFunction, means: Floats
) -> tuple[Floats, Floats]:
    """Best point between every two neighbouring candidates, and the excess of v over P there."""
    if means.size < 2:
        return np.empty(0), np.empty(0)
    left, width = means[:-1, None], np.diff(means)[:, None]
    inside = left + width * np.linspace(0.0, 1.0, PROBES + 2)
    for _ in range(2):
        excess = game.values(inside) - price(inside)
        rows = np.arange(len(inside))
        best = np.clip(excess.argmax(axis=1), 1, inside.shape[1] - 2)
        ends = inside[rows, best - 1], inside[rows, best + 1]
        inside = ends[0][:, None] + (ends[1] - ends[0])[:, None] * np.linspace(0, 1, PROBES + 2)
    excess = game.values(inside) - price(inside)
    best = excess.argmax(axis=1)
    return inside[np.arange(len(inside)), best], excess.max(axis=1)


def together(means: Floats, probabilities: Floats) -> Floats:
    """Mean of every two neighbouring candidates that both carry mass."""
    h = np.where(probabilities > LEAST_PROBABILITY, probabilities, 0.0)
    pairs = np.flatnonzero((h[:-1] > 0) & (h[1:] > 0))
    total = h[pairs] + h[pairs + 1]
    return np.asarray((h[pairs] * means[pairs] + h[pairs + 1] * means[pairs + 1]) / total)


def spread_room(grid: StateGrid, means: Floats, h: Floats) -> tuple[Floats, Floats]:
    """By how much the prior is more spread out than the means, at each state, and at most.

    Both integrals are taken over the side of the state on which less is at stake: over (θ − c)⁺, or
    over (c − θ)⁺, from which it differs by the distance of c from the common mean.

    Returns
    -------
    room, most
        Shape ``(K,)``; what the integral of the prior is by itself is the most room there can be.
    """
    states, masses = grid.states, grid.masses
    above = spread_integral(states, masses, states)
    below = spread_integral(-states[::-1], masses[::-1], -states)
    room = np.where(
        above <= below,
        above - spread_integral(means, h, states),
        below - spread_integral(-means[::-1], h[::-1], -states),
    )
    return room, np.minimum(above, below)


def pooling_segments(
    grid: StateGrid, means: Floats, h: Floats, room: tuple[Floats, Floats] | None = None
) -> tuple[Segment, ...]:
    """Maximal intervals across which signals pool, by where the spread integrals touch.

    ``room`` is :func:`spread_room`, if it is known.
    """
    states = grid.states
    slack, most = spread_room(grid, means, h) if room is None else room
    touching = states[slack <= NO_POOLING * most]
    touching = np.union1d(touching, states[[0, -1]])
    found = []
    for low, high in zip(touching[:-1].tolist(), touching[1:].tolist(), strict=True):
        apart = NO_POOLING * (high - low)
        inside = (means - low > apart) & (high - means > apart)
        if not inside.any():
            continue
        kinds: dict[int, Literal["pooling", "bi-pooling"]] = {1: "pooling", 2: "bi-pooling"}
        found.append(
            Segment(
                low,
                high,
                kinds.get(int(inside.sum()), "general"),
                tuple(means[inside].tolist()),
                tuple(h[inside].tolist()),
            )
        )
    return tuple(found)
