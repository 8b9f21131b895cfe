"""Random plans, posterior-mean games and belief games in fractions, for searches.

Every function takes a ``numpy.random.Generator`` and returns a problem that remembers its
fractions, so that a counterexample can be solved exactly. More of the games are in
:mod:`persuasion_lp.laboratory.draws`.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.random import Generator

from persuasion_lp.beliefs import PiecewiseLinear
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.primitives.states import StateGrid

__all__ = ["belief_game", "plan", "plan_near_three_tests", "posterior_mean_game"]


def plan(rng: Generator) -> ManagerProblem:
    """A manager and a worker of one to five types; up to twelve states, in twentieths."""
    count = int(rng.integers(1, 6))
    payment = int(rng.integers(4, 14))
    most = -(-400 // payment) - 1
    types = _fractions(rng.integers(20, most + 1, count), 20)
    return ManagerProblem(_grid(rng), Fraction(payment, 20), types, _shares(rng, count))


def plan_near_three_tests(rng: Generator) -> ManagerProblem:
    """Three types, the highest one nearly certain, as in the example of LX, §B.1.

    Uniform difficulty on eight to sixteen cell means; w near .43 and types near 1.5, 1.7 and 1.9,
    the lower two with probability of a few thousandths. More than a quarter of them need three
    distinct tests.
    """
    cells = int(rng.integers(8, 17))
    grid = StateGrid(_fractions(2 * np.arange(cells) + 1, 2 * cells))
    payment = Fraction(int(rng.integers(420, 445)), 1000)
    types = [Fraction(int(x + rng.integers(-40, 41)), 1000) for x in (1496, 1706, 1904)]
    low, middle = _fractions(rng.integers(20, 41, 2), 10_000)
    return ManagerProblem(grid, payment, types, [low, middle, 1 - low - middle])


def posterior_mean_game(rng: Generator) -> PosteriorMeanGame:
    """Up to twelve states, and a payoff of up to four pieces that jumps between them."""
    return PosteriorMeanGame(_grid(rng), _function(rng))


def belief_game(rng: Generator) -> BeliefGame:
    """Two or three receivers and functions of one binary belief."""
    x = Fraction(int(rng.integers(1, 20)), 20)
    payoffs: list[Receiver | PiecewiseLinear] = [
        _function(rng) if rng.random() < 0.5 else Receiver.threshold(int(rng.integers(1, 20)) / 20)
        for _ in range(int(rng.integers(2, 4)))
    ]
    return BeliefGame(np.array([1 - x, x], dtype=object), payoffs)


def _grid(rng: Generator) -> StateGrid:
    count = int(rng.integers(2, 13))
    states = rng.choice(np.arange(21), count, replace=False)
    return StateGrid(_fractions(states, 20), _shares(rng, count))


def _function(rng: Generator) -> PiecewiseLinear:
    pieces = int(rng.integers(1, 5))
    kinks = np.sort(rng.choice(np.arange(1, 20), pieces - 1, replace=False))
    return PiecewiseLinear([0, *kinks / 20, 1], rng.integers(-4, 9, (pieces, 2)) / 4)


def _shares(rng: Generator, count: int) -> list[Fraction]:
    weights = rng.integers(1, 9, count)
    return _fractions(weights, int(weights.sum()))


def _fractions(numerators: np.ndarray, denominator: int) -> list[Fraction]:
    return [Fraction(int(k), denominator) for k in numerators]
