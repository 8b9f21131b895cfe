"""Random games and assertion helpers shared by the tests; the helpers are tested themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from persuasion_lp import GameResult, PersuasionGame, Receiver
from persuasion_lp.arrays import Floats

PROCEDURES = ("simultaneous", "sequential", "intermediate", "flexible", "first_best")


def assert_close(
    actual: float, expected: float, scale: float = 1.0, tolerance: float = 1e-8
) -> None:
    """Fail unless two values agree up to ``tolerance`` times the larger of 1 and ``scale``."""
    assert abs(actual - expected) <= tolerance * max(1.0, abs(scale)), (
        f"{actual!r} is not {expected!r}: they differ by {actual - expected:.3e}"
    )


def assert_at_most(low: float, high: float, scale: float = 1.0, tolerance: float = 1e-8) -> None:
    """Fail unless ``low ≤ high`` up to ``tolerance`` times the larger of 1 and ``scale``."""
    assert low <= high + tolerance * max(1.0, abs(scale)), f"{low!r} exceeds {high!r}"


def assert_certified(result: GameResult) -> None:
    """Fail unless both certificates hold and the prices price the prior."""
    assert result.certificate.ok, result.certificate.failures
    priced = float((result.prices * result.problem.prior).sum())
    assert_close(priced, result.value, result.certificate.lp.scale)


@st.composite
def priors(draw: st.DrawFn, shape: tuple[int, ...]) -> Floats:
    """Priors with zeros, as small integer weights."""
    size = int(np.prod(shape))
    weights = draw(st.lists(st.integers(0, 8), min_size=size, max_size=size).filter(any))
    return np.array(weights, dtype=float).reshape(shape) / sum(weights)


@st.composite
def receivers(draw: st.DrawFn, *, state_dependent: bool = True) -> Receiver:
    """Receivers with one to three cutoffs and payoffs of any sign."""
    cutoffs = sorted(draw(st.sets(st.integers(1, 19), min_size=1, max_size=3)))
    width = 2 if state_dependent and draw(st.booleans()) else 1
    cells = (len(cutoffs) + 1) * width
    flat = draw(st.lists(st.integers(-8, 8), min_size=cells, max_size=cells))
    payoffs = np.array(flat, dtype=float).reshape(len(cutoffs) + 1, width) / 4
    return Receiver([c / 20 for c in cutoffs], payoffs if width == 2 else payoffs[:, 0])


@st.composite
def games(
    draw: st.DrawFn, *, n: st.SearchStrategy[int] | None = None, additive: bool | None = None
) -> PersuasionGame:
    """Games with one to three receivers about their own binary states."""
    count = draw(n if n is not None else st.integers(1, 3))
    players = [draw(receivers()) for _ in range(count)]
    prior = draw(priors((2,) * count))
    if additive is None:
        additive = draw(st.booleans())
    payoff = None
    if not additive:
        shape = tuple(r.action_count for r in players)
        if draw(st.booleans()):
            shape += prior.shape
        seed = draw(st.integers(0, 2**32 - 1))
        payoff = np.random.default_rng(seed).integers(-8, 9, shape) / 4
    return PersuasionGame(prior, players, payoff)


def random_game(rng: np.random.Generator) -> PersuasionGame:
    """One game as in :func:`games`, with harsher numbers.

    Payoffs over six orders of magnitude; priors with zeros, nearly degenerate, or nearly perfectly
    correlated.
    """
    n = int(rng.integers(1, 4))
    players = []
    for _ in range(n):
        m = int(rng.integers(1, 4))
        cutoffs = np.sort(rng.choice(np.arange(1, 40), m, replace=False)) / 40
        payoffs: Any = [
            rng.normal(size=m + 1),
            rng.normal(size=(m + 1, 2)),
            np.arange(m + 1.0),
            np.cumsum(rng.exponential(size=m + 1)) * 10.0 ** rng.integers(-3, 4),
        ][int(rng.integers(4))]
        players.append(Receiver(cutoffs, payoffs))
    size = 2**n
    kind = int(rng.integers(4))
    prior = rng.dirichlet(np.full(size, 0.1 if kind == 1 else 1.0))
    if kind == 2:
        zero = rng.random(size) < 0.5
        zero[int(rng.integers(size))] = False
        prior[zero] = 0.0
    elif kind == 3:
        x = rng.random()
        prior = np.full(size, 10.0 ** -rng.integers(3, 12))
        prior[0] += 1 - x
        prior[-1] += x
    prior = (prior / prior.sum()).reshape((2,) * n)
    shape = tuple(player.action_count for player in players)
    payoff = [None, None, None, rng.normal(size=shape), rng.normal(size=shape + prior.shape)]
    return PersuasionGame(prior, players, payoff[int(rng.integers(5))])
